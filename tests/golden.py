"""Golden folders: in tests/formats/FORMAT/ stand exports as data, and beside each what reading it must give.

`tests/formats/x_v1/lines.jsonl` is an export (a folder is one too, where files belong together) and
`lines.expected.jsonl` what is expected of it. Its first line says what the export shows, with which options it is
read and whether it is a sample (a good file on which damage is tried, at least one for each format), all by
hand, and then the format that takes it and the warnings that are counted; each record and each rejection has a
line. Values that are not known are left out. `python -m tests.formats` writes such files for review.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kit import loaders
from kit.loaders import Record, Rejection

FOLDER = Path(__file__).resolve().parent / "formats"
ENDING = ".expected.jsonl"
_SHOWN = 160  # characters of a rejected record that are kept
_BY_HAND = ("shows", "options", "sample")


@dataclass(frozen=True)
class Golden:
    """An export with what is expected of it."""

    name: str
    export: Path

    @property
    def expected(self) -> Path:
        """The file of expectations beside the export."""
        return self.export.parent / (_stem(self.export) + ENDING)

    @property
    def file(self) -> Path:
        """The export itself; in a folder that holds nothing else, the file whose name matters."""
        inside = [path for path in sorted(self.export.rglob("*")) if path.is_file()]
        return inside[0] if len(inside) == 1 else self.export

    def lines(self) -> list[dict[str, Any]]:
        """What is expected, line by line."""
        assert self.expected.exists(), f"write and review it: python -m tests.formats {self.name}"
        return [json.loads(line) for line in self.expected.read_text(encoding="utf-8").splitlines()]

    def head(self) -> dict[str, Any]:
        """What the first line says; nothing where no expectations were written yet."""
        return self.lines()[0] if self.expected.exists() else {}

    @property
    def options(self) -> dict[str, Any]:
        """What a researcher declares about this export."""
        return self.head().get("options", {})


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]


@cache
def goldens() -> tuple[Golden, ...]:
    """Every export of every golden folder."""
    found = []
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"):
        exports = (path for path in sorted(folder.iterdir()) if not path.name.endswith(ENDING))
        found += [Golden(f"{folder.name}/{_stem(path)}", path) for path in exports]
    return tuple(found)


def golden(name: str) -> Golden:
    """The export of this name, such as `x_v1/lines`."""
    (found,) = (one for one in goldens() if one.name == name)
    return found


def data(name: str) -> bytes:
    """The bytes of an export."""
    return golden(name).file.read_bytes()


def text(name: str) -> str:
    """An export as text."""
    return data(name).decode("utf-8-sig", "surrogatepass")


def objects(name: str) -> list[Any]:
    """The objects of an export in JSON: of each line, or the whole document alone."""
    try:
        return [json.loads(text(name))]
    except ValueError:
        return [json.loads(line) for line in text(name).splitlines() if line.strip()]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of an export that is a table."""
    whole = text(name)
    delimiter = max(",;\t", key=whole.partition("\n")[0].count)
    return list(csv.DictReader(io.StringIO(whole, newline=""), delimiter=delimiter))


def read(one: Golden) -> list[dict[str, Any]]:
    """What reading an export gives, in the shape of a file of expectations."""
    by_hand = {key: value for key, value in one.head().items() if key in _BY_HAND}
    several = one.file.is_dir() or one.file.suffix == ".zip"
    found: list[dict[str, Any]] = []
    for source, format_, items in loaders.open_exports(one.file, one.options):
        told = [plain(item) for item in items]
        about = {"source": source.name} if several else {}
        found.append(
            by_hand | about | {"format": format_.name, "warnings": dict(sorted(source.warnings.items()))}
        )
        found += told
        by_hand = {}
    return found


def plain(item: Record | Rejection) -> dict[str, Any]:
    """A record or a rejection as it stands in a file of expectations."""
    where = {"record": item.number} | ({} if item.line is None else {"line": item.line})
    if isinstance(item, Rejection):
        raw = item.raw.decode("utf-8", "backslashreplace")
        shown = raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}… ({len(item.raw)} bytes)"
        return {
            "rejected": item.table,
            **where,
            "field": item.field,
            "reason": item.reason,
            "found": item.found,
            "raw": shown,
        }
    known = {item.table: _known(item.values)}
    author = {} if item.author is None else {"author": _known(item.author)}
    return ({"context": True} if item.context else {}) | where | known | author


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


def written(lines: list[dict[str, Any]]) -> str:
    """Lines of expectations as they are stored: what cannot be seen is escaped."""

    def escaped(found: re.Match[str]) -> str:
        return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]

    stored = (json.dumps(line, ensure_ascii=False) for line in lines)
    return "".join(re.sub(r"[^\x20-\x7e]", escaped, line) + "\n" for line in stored)


@cache
def samples() -> dict[str, tuple[str, str, bytes]]:
    """Good files on which damage and junk are tried: for each its name, the name of its format, its bytes."""
    found = {}
    for one in goldens():
        if one.head().get("sample"):
            found[one.name] = (one.file.name, one.head()["format"], one.file.read_bytes())
    return found


@cache
def options() -> dict[str, dict[str, Any]]:
    """For each format whose samples need them, the options with which they are read."""
    return {samples()[one.name][1]: one.options for one in goldens() if one.name in samples() and one.options}
