"""Read a delimited file in batches, and record by record wherever a batch is not proven.

A block of whole records (`files.blocks`) becomes a table of cells only if Arrow finds
in it as many rows as the quotes say, each with the header's number of fields, all of
it UTF-8. Rows with a refused cell, and blocks that are not proven, go the way of single
records, so that each damaged record is named; nothing is decided differently here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from kit.loaders.columns import Columns, mask
from kit.loaders.contract import Batch, Record, Rejection, key_of, one, rounded, say_rounded
from kit.loaders.files import Source, blocks, delimited
from kit.loaders.files.blocks import Block, Piece
from kit.loaders.values import BadValue

_KEPT = 50_000  # profiles remembered
_BETWEEN = "\0"  # stands in no proven block


@dataclass(frozen=True)
class Plan:
    """How a format reads its file: one record, a whole column, and the profile beside a post."""

    table: str
    build: Callable[[delimited.Row], Record]
    columns: Callable[[Columns], None]
    profile: tuple[str, ...] = ()
    author: Callable[[tuple[str, ...]], dict[str, Any]] | None = None


class _Read(NamedTuple):
    columns: Columns
    profiles: pa.DictionaryArray | None


@dataclass
class _Profiles:
    """Profiles met so far: what each says (None where it is refused), and whether a batch carried it."""

    plan: Plan
    known: dict[str, list[Any]] = field(default_factory=dict)

    def of(self, joined: str) -> list[Any]:
        found = self.known.get(joined)
        if found is None:
            if len(self.known) >= _KEPT:
                self.known.clear()
            assert self.plan.author is not None
            try:
                found = [self.plan.author(tuple(joined.split(_BETWEEN))), False]
            except BadValue:
                found = [None, True]
            self.known[joined] = found
        return found


def read(source: Source, plan: Plan) -> Iterator[Record | Rejection | Batch]:
    """All records of a file for which `blocks.fit` holds, in order."""
    header = delimited.begin(source)[0]
    names = [name.strip() for name in header]
    delimiter, key = source.text_head().delimiter, key_of(plan.table)
    profiles = _Profiles(plan)
    kept = looks_rounded = 0

    def work(block: Block, fields: int) -> _Read | None:
        cells = _cells(block, names, delimiter)
        if cells is None or cells.num_rows != len(block.ends):  # the proof
            return None
        if mask(pc.equal(cells.column(0), header[0])).any():  # the header again?
            return None
        columns = Columns(cells)
        plan.columns(columns)
        return _Read(columns, _joined(columns, plan.profile) if plan.profile else None)

    for piece in blocks.pieces(source, work):
        found = (
            _of_piece(piece, plan, profiles, source, delimiter)
            if isinstance(piece, Piece)
            else [one(plan.table, piece, plan.build)]
        )
        for item in found:
            if isinstance(item, Batch):
                kept += item.rows.num_rows
                looks_rounded += _rounded(item.rows.column(key))
            elif isinstance(item, Record):
                kept += 1
                looks_rounded += rounded(item.values[key])
            yield item
    say_rounded(source, kept, looks_rounded)


def _cells(block: Block, names: list[str], delimiter: str) -> pa.Table | None:
    """The block as text cells; None where Arrow finds a record of another width or bytes that are no UTF-8."""
    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(block.data),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block.data) + 1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        return None


def _joined(columns: Columns, names: tuple[str, ...]) -> pa.DictionaryArray:
    return pc.binary_join_element_wise(*(columns.cell(name) for name in names), _BETWEEN).dictionary_encode()


def _of_piece(
    piece: Piece, plan: Plan, profiles: _Profiles, source: Source, delimiter: str
) -> Iterator[Record | Rejection | Batch]:
    """Batches of the rows that are in order, and each other row by itself, where it stands."""
    place, block, (columns, coded) = piece
    count = len(block.ends)
    refused, carried = columns.refused, None
    if coded is not None:
        found = [profiles.of(joined) for joined in coded.dictionary.to_pylist()]
        codes = coded.indices.to_numpy()
        refused = refused | np.array([entry[0] is None for entry in found], bool)[codes]
        ids = [entry[0] and entry[0]["account_id"] for entry in found]
        columns.made["account_id"] = pa.array(ids, pa.string()).take(coded.indices)
        carried = found, codes
    columns.made["source_record"] = pa.array(np.arange(1, count + 1) + place.records)
    columns.made["source_line"] = pa.array(block.lines + place.line)
    for words, rows in columns.odd.items():
        if number := int(np.count_nonzero(rows & ~refused)):
            source.doubts[words] += number
    table = pa.table(columns.made)
    start = 0
    for index in [*np.flatnonzero(refused).tolist(), count]:
        if index > start:
            yield Batch(plan.table, table.slice(start, index - start), _authors(carried, table, start, index))
        if index < count:
            yield one(plan.table, block.row(index, place, _split(block, index, delimiter)), plan.build)
        start = index + 1


def _split(block: Block, index: int, delimiter: str) -> list[str]:
    start = int(block.ends[index - 1]) if index else 0
    lines = block.data[start : int(block.ends[index])].splitlines(keepends=True)
    return next(csv.reader([line.decode() for line in lines], delimiter=delimiter, strict=True))


def _authors(
    carried: tuple[list[list[Any]], np.ndarray] | None, table: pa.Table, start: int, end: int
) -> tuple[tuple[int, int, dict[str, Any]], ...]:
    """Profiles of the rows that no batch carried yet, with the first row each stands on."""
    if carried is None:
        return ()
    found, codes = carried
    distinct, first = np.unique(codes[start:end], return_index=True)
    new = sorted(
        (row + start, code)
        for row, code in zip(first.tolist(), distinct.tolist(), strict=True)
        if not found[code][1]
    )
    numbers, lines = table.column("source_record"), table.column("source_line")
    authors = []
    for row, code in new:
        found[code][1] = True
        authors.append((numbers[row].as_py(), lines[row].as_py(), found[code][0]))
    return tuple(authors)


def _rounded(identifiers: pa.ChunkedArray) -> int:
    ending = identifiers.filter(pc.ends_with(identifiers, "000"))
    return sum(map(rounded, ending.to_pylist()))
