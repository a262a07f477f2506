"""Whether a stored table is the one that was written: its size and hash stand beside it.

A file of up to `WHOLE` bytes is read whole at each look. A larger one costs the same however large it is: its
size, and `BLOCKS` blocks spread over it with its beginning and end (where Parquet keeps its columns and rows), are
compared with those of the day it was written. So a file that was cut, replaced or emptied is always found, and a flipped
bit in any file of ordinary size; in a larger one only where it falls into a block.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kit.case.stage import write_json

WHOLE = 256 * 2**20
BLOCKS, BLOCK = 64, 2**20

Seal = dict[str, Any]


def of(path: Path) -> Seal:
    """Size and hash of a file, and the hash of its blocks where it is larger than they are."""
    size = path.stat().st_size
    with path.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest()
    found: Seal = {"bytes": size, "sha256": whole}
    return found | ({"blocks": _blocks(path, size)} if size > BLOCKS * BLOCK else {})


def _blocks(path: Path, size: int) -> str:
    """SHA-256 of blocks spread evenly from the first byte to the last."""
    read = hashlib.sha256()
    with path.open("rb") as file:
        for number in range(BLOCKS):
            file.seek(number * max(0, size - BLOCK) // (BLOCKS - 1))
            read.update(file.read(BLOCK))
    return read.hexdigest()


def holds(path: Path, seal: Any, *, whole: bool = True) -> bool:
    """Whether a file is as it was sealed; with `whole` each byte is looked at, unless it is larger than `WHOLE`."""
    if not isinstance(seal, dict) or not isinstance(seal.get("bytes"), int):
        return False
    try:
        size = path.stat().st_size
        if size != seal["bytes"]:
            return False
        if "blocks" in seal and (not whole or size > WHOLE):
            return _blocks(path, size) == seal["blocks"]
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == seal.get("sha256")
    except OSError:
        return False


def all_hold(folder: Path, seals: dict[str, Seal]) -> bool:
    """Whether all these files are as they were sealed: the small ones whole, as far as `WHOLE` bytes go, then by blocks."""
    left = WHOLE
    for name, seal in sorted(seals.items(), key=lambda item: (item[1]["bytes"], item[0])):
        left -= seal["bytes"]
        if not holds(folder / name, seal, whole=left >= 0):
            return False
    return True


def beside(path: Path) -> Path:
    """Where the seal of a table of its own is kept."""
    return path.with_suffix(".seal")


def put(new: Path, path: Path) -> None:
    """Put a table that was written as `new` at `path`, sealed: a reader finds the old one, none, or this."""
    write_json(beside(path), of(new))  # first: a table under another's seal counts as none
    new.replace(path)


def kept(path: Path) -> bool:
    """Whether the table at `path` is there and as it was put."""
    try:
        seal = json.loads(beside(path).read_bytes())
    except (OSError, ValueError):
        return False
    return holds(path, seal)
