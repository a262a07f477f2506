"""Loaders: one module per platform, each knows its formats and nothing else.

The contract every loader keeps:

- a *format* is a `Format`: how to recognise a file by its content, and a `read`
  function that streams `Record`s and `Rejection`s, one for each record of the
  file, and never raises for a record;
- what cannot be read at all (not text, wrong columns, damaged archive) raises
  `InputError` naming file, line or member, field, what was found, what to do;
  whatever was read from that file before the error is void;
- a loader fills only columns that `kit.schema` marks as loaded, leaves out what
  the file does not say, and never invents a value;
- a post whose author the file does not name is a record with `account_id` None:
  the case keeps it and counts it; an account without an identifier is a rejection;
- what was kept but looks odd is counted in `source.warnings`, in words to show.

Times are `datetime` in UTC without a zone mark, identifiers text, counts int.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.loaders.files import Source
from kit.loaders.files.delimited import Fault, Row
from kit.loaders.values import BadValue

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT = 15  # digits that a number with decimals keeps
_ROUNDED = 0.05  # share of identifiers ending in 000 from which on they look rounded


@dataclass(slots=True)
class Record:
    """One record of an export, read whole. Not to be changed once made.

    `table` is where the record itself goes (`posts` or `accounts`), `values` its
    columns as in `kit.schema`. A post may carry lists: `hashtags` (text), `urls`
    (dicts url, expanded_url), `mentions` (dicts account_id, handle) and `media`
    (dicts media_id, kind, url, alt_text). `author` is the profile that stands
    beside the post, as `accounts` columns, or None; records may share one.
    """

    table: str
    number: int
    line: int | None
    values: dict[str, Any]
    author: dict[str, Any] | None = None
    context: bool = False  # seen beside what was collected (a quoted post); never counted as collected


@dataclass(frozen=True)
class Rejection:
    """One record that could not be kept: where, which field, why, and its bytes."""

    table: str
    number: int
    line: int | None
    field: str
    reason: str
    found: str
    raw: bytes


@dataclass(frozen=True)
class Batch:
    """Many records of an export that stand one behind the other, each read whole.

    `rows` holds their columns, with `source_record` and `source_line`, as their `Record`s
    would; `authors` the profiles beside them, each once: record, line, columns.
    """

    table: str
    rows: pa.Table
    authors: tuple[tuple[int, int, dict[str, Any]], ...] = ()


@dataclass(frozen=True)
class Format:
    """A kind of export: how to recognise it and how to read it.

    `sniff(head)` looks at a `files.Head` (first bytes, decoded start, header or
    first objects) and says whether this is the format. `read(source, options)`
    streams records; `options` is the export's entry of the report file.
    `bulk`, where a format has it, reads the same in batches where that is proven to lose nothing.
    `carries` and `lacks` say in words what the format holds and does not hold,
    `caveats` what to keep in mind, `columns` the header names it cannot do without.
    """

    name: str
    title: str
    platform: str
    table: str
    tool: str
    sniff: Callable[[Any], bool]
    read: Callable[[Source, Mapping[str, Any]], Iterator[Record | Rejection]]
    carries: str = ""
    lacks: str = ""
    caveats: tuple[str, ...] = field(default=())
    columns: tuple[str, ...] = field(default=())
    bulk: Callable[[Source, Mapping[str, Any]], Iterator[Record | Rejection | Batch]] | None = None


def each(
    source: Source, table: str, rows: Iterable[Row | Fault], build: Callable[[Row], Record]
) -> Iterator[Record | Rejection]:
    """A `Record` for each row that `build` can make one of, a `Rejection` for every other."""
    kept = looks_rounded = 0
    key = key_of(table)
    for row in rows:
        made = one(table, row, build)
        if isinstance(made, Record):
            kept += 1
            looks_rounded += rounded(made.values[key])
        yield made
    say_rounded(source, kept, looks_rounded)


def one(table: str, row: Row | Fault, build: Callable[[Row], Record]) -> Record | Rejection:
    """What one row becomes."""
    if isinstance(row, Fault):
        return Rejection(table, row.number, row.line, row.field, row.reason, row.found, row.raw)
    try:
        return build(row)
    except BadValue as bad:
        return Rejection(table, row.number, row.line, bad.field, bad.reason, bad.found, row.raw)


def key_of(table: str) -> str:
    """The column that identifies a record of a table."""
    return "post_id" if table == "posts" else "account_id"


def rounded(identifier: str) -> bool:
    """Whether an identifier ends as if a spreadsheet had rounded it."""
    return identifier.endswith("000") and len(identifier) > _EXACT and identifier.isdigit()


def say_rounded(source: Source, kept: int, looks_rounded: int) -> None:
    """Count rounded identifiers as a warning where they are too many: one in a thousand ends in 000 by chance."""
    if looks_rounded > 1 and looks_rounded > kept * _ROUNDED:
        source.warnings["identifiers look rounded: they end in 000, as after a spreadsheet"] += looks_rounded
