"""Stage the exports: loaders stream in, Parquet comes out, every record counted.

Nothing is decided here: each record becomes one staged row (or one rejection),
in the order it was read, with its file and number beside it. `build.py` turns
the staged rows into the tables of the case with SQL.
"""

from __future__ import annotations

import glob
import hashlib
import itertools
import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kit import loaders
from kit.errors import ChangedError, InputError, NotAnExport, printable
from kit.loaders.carried import carried
from kit.loaders.contract import Batch, Record, Rejection
from kit.report import Export
from kit.schema import TABLES

BATCH = 20_000  # rows held before they are written
HELD = 64 << 20  # bytes of text held before they are: rejected records can be megabytes each
NO_AUTHOR = "posts whose author the export does not name"
_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "BLOB": pa.binary(),
}
_LISTS = {
    "hashtags": pa.list_(pa.string()),
    "urls": pa.list_(pa.struct([("url", pa.string()), ("expanded_url", pa.string())])),
    "mentions": pa.list_(pa.struct([("account_id", pa.string()), ("handle", pa.string())])),
    "media": pa.list_(
        pa.struct([(n, pa.string()) for n in ("media_id", "kind", "url", "alt_text")]),
    ),
}
# staged columns that repeat few values; for all others a dictionary costs time and saves nothing
_FEW_VALUES = frozenset(
    "source source_file export_group platform account_id time_source time_precision kind language client "
    "target_account_id reposted_account_id place table field reason status created_precision profile_language".split()
)


def _fields(table: str) -> list[tuple[str, pa.DataType]]:
    return [(c.name, _ARROW[c.type]) for c in TABLES[table] if c.loaded]


PLACE = [("source", pa.int64()), ("source_file", pa.string()), ("export_group", pa.string())]
SCHEMAS = {
    "posts": pa.schema(PLACE + _fields("posts") + list(_LISTS.items())),
    "accounts": pa.schema(PLACE + _fields("accounts")),
    "authors": pa.schema(PLACE + _fields("accounts")),
    "indicators": pa.schema(PLACE + _fields("indicators")),
    "seen": pa.schema(  # posts seen beside the collected ones: only who wrote them and when
        [(n, pa.string()) for n in ("platform", "post_id", "account_id")]
        + [("created_at", pa.timestamp("us"))]
    ),
    "rejected": pa.schema([("source", pa.int64()), *((c.name, _ARROW[c.type]) for c in TABLES["rejected"])]),
}


@dataclass
class Staged:
    """What staging saw: inputs with their hashes and counts, files that are no exports, warnings in words."""

    inputs: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@contextmanager
def parquet(path: Path, schema: pa.Schema, **options: Any) -> Iterator[pq.ParquetWriter]:
    """A Parquet file to write to; where anything fails (a full disk, Ctrl-C) it is given up in silence."""
    writer = pq.ParquetWriter(path, schema, **({"compression": "zstd"} | options))
    try:
        yield writer
        writer.close()
    except BaseException:
        writer.is_open = False  # or it would try to end the file once more when it is thrown away, and print
        raise


class _Writer:
    """Appends rows of one staged table to a Parquet file, a batch at a time."""

    def __init__(self, file: pq.ParquetWriter, schema: pa.Schema) -> None:
        self.schema = schema
        self.rows: list[dict[str, Any]] = []
        self.held = 0
        self.tables: list[pa.Table] = []
        self.file = file

    def add(self, row: dict[str, Any]) -> None:
        if self.tables:
            self.flush()
        self.rows.append(row)
        self.held += len(row.get("raw") or row.get("text") or "")
        if len(self.rows) >= BATCH or self.held >= HELD:
            self.flush()

    def add_table(self, table: pa.Table) -> None:
        """Append rows that are columns already; those that are missing stay empty."""
        if self.rows:
            self.flush()
        count = table.num_rows
        columns = [
            table.column(f.name).cast(f.type) if f.name in table.column_names else pa.nulls(count, f.type)
            for f in self.schema
        ]
        self.tables.append(pa.table(columns, self.schema))
        self.held += self.tables[-1].nbytes
        if self.held >= HELD:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            self.file.write_table(pa.Table.from_pylist(self.rows, self.schema))
        if self.tables:
            self.file.write_table(pa.concat_tables(self.tables))
        self.rows, self.tables, self.held = [], [], 0


@contextmanager
def _writer(folder: Path, name: str) -> Iterator[_Writer]:
    # read by the build and thrown away: quick to write matters more than small
    few = [column for column in SCHEMAS[name].names if column in _FEW_VALUES]
    found_by = [column for column in ("source", "source_record") if column in SCHEMAS[name].names]
    quick = {"compression": "none", "use_dictionary": few, "write_statistics": found_by or False}
    with parquet(folder / f"{name}.parquet", SCHEMAS[name], **quick) as file:
        writer = _Writer(file, SCHEMAS[name])
        yield writer
        writer.flush()


class _Seen:
    """Profiles already staged beside posts, so that a profile repeated on every post is written once."""

    LIMIT = 500_000  # bounded: past it some profiles are staged again, which changes nothing

    def __init__(self) -> None:
        self.hashes: set[int] = set()

    def new(self, author: dict[str, Any]) -> bool:
        profile = hash(tuple(sorted((k, repr(v)) for k, v in author.items() if not k.startswith("source_"))))
        if profile in self.hashes:
            return False
        if len(self.hashes) >= self.LIMIT:
            self.hashes.clear()
        self.hashes.add(profile)
        return True


def sources(export: Export, set_aside: list[dict[str, str]]) -> Iterator[Any]:
    """Every (source, format, items) of one export; files that are no exports are added to `set_aside`.

    An export that holds no file to read is an error.
    """
    found = False
    beside: list[NotAnExport] = []

    def aside(source: Any, error: NotAnExport) -> None:
        beside.append(error)
        set_aside.append({"source_file": source.name, "kind": error.kind, "reason": error.what})

    for triple in loaders.open_exports(export.path, export.options, aside=aside, bulk=True):
        found = True
        yield triple
    if not found and len(beside) == 1:
        raise beside[0]
    if not found:
        hint = str(beside[0]) if beside else "Check the path in report.yml."
        what = f"holds no file to read; {len(beside)} are no exports" if beside else "holds no file to read"
        raise InputError(what, where=printable(export.name, 120), hint=hint)


def stage(exports: tuple[Export, ...], folder: Path) -> Staged:
    """Read every export into `folder`; returns inputs, counts and warnings."""
    staged = Staged()
    seen = _Seen()
    names: set[str] = set()
    shown: set[str] = set()
    with ExitStack() as stack:
        writers = {name: stack.enter_context(_writer(folder, name)) for name in SCHEMAS}
        for export in exports:
            for source, format_, items in sources(export, staged.set_aside):
                number = len(staged.inputs)
                entry = _stage_source(number, export, source, format_, items, writers, seen, names)
                entry["shown_as"] = _shown_as(number, export, shown)
                staged.inputs.append(entry)
                staged.warnings += [f"{entry['name']}: {warning}" for warning in entry.pop("warnings")]
    return staged


def _unused(name: str, export: Export, names: set[str]) -> str:
    """The file's own name, with its folder's or a number where two exports share it."""
    return _first_free([name, f"{export.path.parent.name}/{name}"], names)


def _shown_as(number: int, export: Export, shown: set[str]) -> str:
    """What the public edition calls a file: a file's own name can hold a person's, so it is told only on request."""
    return _first_free([str(export.options.get("shown_as") or "") or f"export {number + 1:02d}"], shown)


def _first_free(options: list[str], taken: set[str]) -> str:
    """The first of the names that is not taken, else the first with a number; it is taken from now on."""
    numbered = (f"{options[0]} ({i})" for i in itertools.count(2))
    chosen = next(name for name in itertools.chain(options, numbered) if name not in taken)
    taken.add(chosen)
    return chosen


@contextmanager
def _hashed(source: Any) -> Iterator[Future[str]]:
    """The hash of a file, worked out while the file is read; given up where reading fails."""
    given_up = Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(source.sha256, given_up)
        except BaseException:
            given_up.set()
            raise


def _stage_source(
    number: int,
    export: Export,
    source: Any,
    format_: Any,
    items: Any,
    writers: dict[str, _Writer],
    seen: _Seen,
    names: set[str],
) -> dict[str, Any]:
    name = _unused(source.name, export, names)
    place = {"source": number, "source_file": name, "export_group": export.group}
    read = rejected = context = 0
    platform = export.options.get("platform") or format_.platform
    with _hashed(source) as hashed:
        for item in items:
            if isinstance(item, Rejection):
                read, rejected = read + 1, rejected + 1
                writers["rejected"].add(_rejection(item, number, name))
                continue
            if isinstance(item, Batch):
                read += item.rows.num_rows
                _stage_batch(item, place, writers, seen)
                continue
            assert isinstance(item, Record)
            values = {"platform": platform} | item.values
            author = {"platform": values["platform"]} | item.author if item.author else {}
            if item.table != "indicators":
                values["account_id"] = values.get("account_id") or author.get("account_id") or None
            where = {"source_record": item.number, "source_line": item.line}
            if item.context:
                context += 1
                writers["seen"].add({n: values.get(n) for n in SCHEMAS["seen"].names})
                continue
            read += 1
            if item.table == "posts" and values["account_id"] is None:
                source.warnings[NO_AUTHOR] += 1
            writers[item.table].add(place | where | values)
            if author.get("account_id") and seen.new(author):
                writers["authors"].add(place | where | author)
    if not read:
        source.warnings["no records: the file holds nothing but its header or frame"] += 1
    return {
        "name": name,
        "group": export.group,
        "format": format_.name,
        "title": format_.title,
        "table": export.options.get("table") or format_.table,
        "sha256": hashed.result(),
        "bytes": source.path.stat().st_size,
        "read": read,
        "context": context,
        "rejected": rejected,
        "carries": carried(format_, export.options),
        "mapped": bool(export.options.get("columns")),
        "warnings": [f"{n} × {what}" for what, n in sorted(source.warnings.items())],
    }


def _stage_batch(batch: Batch, place: dict[str, Any], writers: dict[str, _Writer], seen: _Seen) -> None:
    writer = writers[batch.table]
    rows = batch.rows
    for name, value in place.items():
        rows = rows.append_column(
            name, pa.repeat(pa.scalar(value, writer.schema.field(name).type), len(rows))
        )
    writer.add_table(rows)
    for record, line, author in batch.authors:
        if seen.new(author):
            writers["authors"].add(place | {"source_record": record, "source_line": line} | author)


def _rejection(item: Rejection, number: int, name: str) -> dict[str, Any]:
    return {
        "source": number,
        "source_file": name,
        "table": item.table,
        "record": item.number,
        "line": item.line,
        "field": printable(item.field),
        "reason": item.reason,
        "found": printable(item.found),
        "raw": item.raw,
    }


def stamp(exports: tuple[Export, ...]) -> list[list[Any]]:
    """Files behind the exports with size and time of change: cheap, to see that nothing changed."""
    rows = []
    for export in exports:
        matches = [export.path] if export.path.exists() else sorted(map(Path, glob.glob(str(export.path))))
        if not matches:
            raise InputError(
                f"export '{export.name}' does not exist",
                hint="Check the path in report.yml; $DAYLIGHT_DATA must point to the folder that holds the data.",
            )
        files = [sorted(p for p in m.rglob("*") if p.is_file()) if m.is_dir() else [m] for m in matches]
        for path in (path for found in files for path in found):
            state = path.stat()
            rows.append([export.name, path.name, state.st_size, state.st_mtime_ns])
    return rows


def unchanged(before: list[list[Any]], exports: tuple[Export, ...]) -> None:
    """An export that changed while it was read is an error: two versions must not mix."""
    if stamp(exports) != before:
        changed = [a[0] for a, b in zip(before, stamp(exports), strict=False) if a != b]
        name = changed[0] if changed else before[0][0]
        raise ChangedError(
            f"export '{name}' changed while it was read", hint="Run again once it is complete."
        )


def digest(value: Any) -> str:
    """SHA-256 of a value made of plain data."""
    return hashlib.sha256(repr(value).encode()).hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
