"""A folder of results is whole or absent: built beside its final name, then swapped in."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.errors import OutputError

MANIFEST = "manifest.json"


def fresh(final: Path) -> Path:
    """A new empty folder beside `final` to build in; leftovers of broken runs are removed.

    A run killed in the middle of `swap_in` left the previous result under its other
    name: it is put back first.
    """
    temp, old = _names(final)
    try:
        if old.exists():
            if final.exists():
                shutil.rmtree(old)
            else:
                os.rename(old, final)
        if temp.exists():
            shutil.rmtree(temp)
        temp.mkdir(parents=True)
    except OSError as error:
        raise _cannot(final, error) from error
    return temp


def swap_in(temp: Path, final: Path, *, extra: Mapping[str, Any] | None = None) -> Path:
    """Write the manifest of `temp` (with `extra`), flush everything, and put it in the place of `final`."""
    _temp, old = _names(final)
    try:
        manifest = {**(extra or {}), "files": listing(temp)}
        (temp / MANIFEST).write_bytes(json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n")
        for path in sorted(p for p in temp.rglob("*") if p.is_file()):
            _flush(path)
        _flush(temp)
        if final.exists():
            os.rename(final, old)
        os.rename(temp, final)
        _flush(final.parent)
        if old.exists():
            shutil.rmtree(old)
    except OSError as error:
        raise _cannot(final, error) from error
    return final


def listing(folder: Path) -> dict[str, dict[str, int | str]]:
    """SHA-256 and size of every file of `folder` but the manifest, by its path inside."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / MANIFEST)
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    }


def check(folder: Path) -> list[str]:
    """What is wrong with a built folder, one line each; nothing where it is as it was built."""
    try:
        wanted = dict(json.loads((folder / MANIFEST).read_bytes())["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{MANIFEST}: missing or unreadable, the build did not finish"]
    found = listing(folder)
    lines = [f"{name}: missing" for name in wanted if name not in found]
    lines += [f"{name}: not in the manifest" for name in found if name not in wanted]
    lines += [f"{name}: changed" for name in found if name in wanted and found[name] != wanted[name]]
    return sorted(lines)


def _names(final: Path) -> tuple[Path, Path]:
    return final.with_name(f".{final.name}.new"), final.with_name(f".{final.name}.old")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot(final: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(f"cannot be written: {reason}", where=str(final), hint="Check space and permissions.")
