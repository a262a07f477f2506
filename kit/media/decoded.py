"""What each file showed, kept beside the case: what is decoded once is not decoded again when the case is rebuilt.

What was seen depends on nothing but the file's bytes, the programs that decode, the issuers of credentials and this
room's code. One that was cut short, by a limit of time for instance, is not kept: the next run may see more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from kit.media import examine
from kit.media.placements import File


def decoded(files: dict[str, File], trust: str | None, kept: Path | None) -> list[dict[str, Any]]:
    """What each file holds, in the order of `files`, looked at by as many children as there are processors.

    `files` are items with their files, `kept` is the folder of what was decoded before, made where it is missing.
    """
    tools = examine.tools()
    if kept:
        _only(kept)
    look = partial(_look, tools=tools, trust=trust, kept=kept)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(look, files.items()))


def _only(kept: Path) -> None:
    """Make the folder, and remove those of other code beside it; without room for one nothing is kept."""
    with contextlib.suppress(OSError):
        kept.mkdir(parents=True, exist_ok=True)
        for other in kept.parent.iterdir():
            if other != kept:
                shutil.rmtree(other, ignore_errors=True)


def _look(
    held: tuple[str, File], tools: dict[str, str | None], trust: str | None, kept: Path | None
) -> dict[str, Any]:
    item, file = held
    if kept is None or not item.startswith("sha256:"):
        return examine.examine(file[0], tools, trust=trust)
    depends = [item, trust, sorted((name, _made(where)) for name, where in tools.items())]
    path = kept / f"{hashlib.sha256(repr(depends).encode()).hexdigest()[:32]}.json"
    try:
        sign, _line, text = path.read_bytes().partition(b"\n")
        if sign == _sign(text):
            return json.loads(text)
    except OSError:
        pass  # not there; another sign: not whole
    found = examine.examine(file[0], tools, trust=trust)
    if _whole(found):
        new = path.with_suffix(f".{os.getpid()}.new")
        try:
            text = json.dumps(found).encode()
            new.write_bytes(_sign(text) + b"\n" + text)
            os.replace(new, path)
        except OSError:  # a full disk stops whoever has to write, not this
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
    return found


def _sign(text: bytes) -> bytes:
    """What stands above a text to tell that it is whole."""
    return hashlib.sha256(text).hexdigest().encode()


def _made(program: str | None) -> tuple[Any, ...] | None:
    """Which program it is: another version has another size or time."""
    if program is None:
        return None
    about = os.stat(program)
    return program, about.st_size, about.st_mtime_ns


def _whole(found: dict[str, Any]) -> bool:
    """Whether all there is was seen."""
    silent = bool(found.get("has_sound")) and not found.get("sound")
    return found["status"] == "kept" and not found.get("truncated") and not silent
