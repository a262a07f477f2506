"""The catalogue of bad inputs: made by the shared generator, read the way a case reads its exports.

`Catalogue` holds the files and hostile strings of one session. `staged` reads one file as an export and
proves on the way that every record is accounted for and that what was rejected gives its bytes back.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from shared import once

from kit import case as cases
from kit.case.stage import stage
from kit.errors import InputError
from kit.report import Export

COLUMNS = {
    "post_id": "post_id",
    "account_id": "account_id",
    "author.handle": "handle",
    "created_at": "created_at",
    "text": "text",
    "urls": "url",
}
#: what the rows around a bad one hold, but for their number
GOOD = {
    "account_id": "900000000000000001",
    "text": "hello",
    "created_at": "2024-03-01 12:00:00",
    "urls": [{"url": "https://a.invalid/x", "expanded_url": None}],
}
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Catalogue:
    """The bad inputs of this session."""

    folder: Path
    index: list[dict[str, Any]]
    strings: dict[str, str]

    def path(self, id_: str) -> Path:
        """The file of one case."""
        (entry,) = [e for e in self.index if e["id"] == id_]
        return self.folder / entry["file"]


def make(generator: Path, factory: pytest.TempPathFactory) -> Catalogue:
    """Run the generator, once in a session."""
    folder, _nothing = once(factory, "bad", lambda folder: _generate(generator, folder))
    index = json.loads((folder / "index.json").read_text("utf-8"))
    return Catalogue(folder, index, json.loads((folder / "strings.json").read_text("utf-8")))


def _generate(generator: Path, folder: Path) -> None:
    memory = Path("/dev/shm")  # its SQLite file is committed row by row, which a slow disk does not like
    place = str(memory if os.access(memory, os.W_OK) else tempfile.gettempdir())
    command = [sys.executable, str(generator), str(folder)]
    done = subprocess.run(command, env=os.environ | {"TMPDIR": place}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    index = json.loads((folder / "index.json").read_text("utf-8"))
    assert not [entry["id"] for entry in index if "skipped" in entry], done.stderr


@dataclass(frozen=True)
class Read:
    """What became of one file: counts, warnings in words, rows by staged table."""

    entry: dict[str, Any]
    warnings: list[str]
    posts: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    rejected: list[dict[str, Any]]

    @property
    def ids(self) -> list[str]:
        """Identifiers of the posts kept, in order."""
        return [row["post_id"] for row in self.posts]

    @property
    def one(self) -> dict[str, Any]:
        """The one rejected record."""
        (row,) = self.rejected
        return row


def staged(path: Path, folder: Path, **options: Any) -> Read:
    """Read `path` as an export of posts; `options` are those of its entry in a report file."""
    given = {"platform": "x", "columns": dict(COLUMNS), "lists": {"urls": " "}} | options
    given = {key: value for key, value in given.items() if value is not None}
    place = Path(tempfile.mkdtemp(dir=folder))
    done = stage((Export(path, path.name, "context", given),), place)
    tables = {
        name: pq.read_table(place / f"{name}.parquet").to_pylist()
        for name in ("posts", "authors", "rejected", "accounts")
    }
    entries = done.inputs
    read = sum(e["read"] for e in entries)
    kept, rejected = len(tables["posts"]) + len(tables["accounts"]), tables["rejected"]
    assert read == kept + len(rejected) == kept + sum(e["rejected"] for e in entries)
    numbers = [r["source_record"] for r in (*tables["posts"], *tables["accounts"])]
    assert sorted(numbers + [r["record"] for r in rejected]) == list(range(1, read + 1)) or len(entries) > 1
    whole = path.read_bytes()
    for row in rejected:
        assert row["source_file"] == entries[0]["name"]
        assert row["reason"]
        assert len(row["found"]) <= 40
        assert not _ESCAPED.search(row["found"] + row["reason"] + row["field"])
        assert row["raw"] in whole or path.suffix in (".xlsx", ".parquet", ".sqlite", ".zip", ".zst", ".gz")
    warnings = [warning.partition(": ")[2] for warning in done.warnings]
    return Read(entries[0], warnings, tables["posts"], tables["authors"], rejected)


def case_of(path: Path, home: Path, **options: Any) -> cases.Case:
    """The case of a report whose one export, context, is `path`; open `worlds.desk` first."""
    folder = home / "reports" / path.stem.lower()
    folder.mkdir(parents=True, exist_ok=True)
    entry = {"path": str(path), "group": "context", "platform": "x", "columns": dict(COLUMNS)}
    entry |= {"lists": {"urls": " "}} | options
    content = {"title": "a", "exports": [entry], "notebooks": ["00_intake"], "synthetic": True}
    (folder / "report.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    case = cases.open(path.stem.lower(), edition="internal")
    counts = case.sql("SELECT * FROM accounting").iloc[0]
    assert counts["read"] == counts[["kept", "observations", "duplicates", "rejected"]].sum()
    return case


def refused(path: Path, folder: Path, **options: Any) -> str:
    """The one line with which a whole file is refused: nothing of it was kept."""
    with pytest.raises(InputError) as caught:
        staged(path, folder, **options)
    line = str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.hint or "declare " in line or "write `" in line, "what to do must be said"
    assert not _ESCAPED.search(line)
    assert line.startswith(path.name), line
    assert str(path.parent) not in line
    return line


def good(row: dict[str, Any], **changed: Any) -> None:
    """A neighbour is exactly as it was given."""
    for name, value in (GOOD | changed).items():
        found = row[name]
        assert (str(found) if name == "created_at" else found) == value, (name, row)
