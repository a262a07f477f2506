"""Read a delimited file in batches, and record by record wherever a batch is not proven.

A block of whole records (`files.blocks`) becomes a table of cells only if Arrow finds
in it as many rows as the quotes say, each with the header's number of fields, all of
it UTF-8. Rows with a refused cell, and blocks that are not proven, go the way of single
records, so that each damaged record is named; nothing is decided differently here.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from kit.loaders.columns import Columns, endings, mask
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
    cells: tuple[str, ...]  # the columns of the file that are read, those of the profile too
    profile: tuple[str, ...] = ()  # the cell that tells the account first
    author: Callable[[tuple[str, ...]], dict[str, Any]] | None = None


class _Read(NamedTuple):
    columns: Columns
    profiles: pa.StringArray | None  # the cells of each row's profile, joined
    keys: np.ndarray | None  # a number that stands for each row's account


class _Profiles:
    """Profiles met so far: what each says (None where it is refused), and whether a batch carried it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._forget()

    def _forget(self) -> None:
        self._texts, self.ids = pa.array([], pa.string()), pa.array([], pa.string())
        self._keys, self._by_key = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        self.said: list[dict[str, Any] | None] = []
        self.refused, self.carried = np.zeros(0, bool), np.zeros(0, bool)

    def of(self, joined: pa.StringArray, keys: np.ndarray) -> np.ndarray:
        """For each row the place of its profile among those met; new ones are read."""
        places = self._likely(joined, keys)
        if (rest := np.flatnonzero(places < 0)).size:
            some = joined.take(pa.array(rest))
            new = some.filter(pc.is_null(pc.index_in(some, value_set=self._texts))).unique()
            if len(new) and len(self.said) >= _KEPT:
                self._forget()
                return self.of(joined, keys)
            self._meet(new)
            places[rest] = pc.index_in(some, value_set=self._texts).to_numpy()
        return places

    def _likely(self, joined: pa.StringArray, keys: np.ndarray) -> np.ndarray:
        """The place of the first profile met under each row's key where it is the row's own, else -1.

        Most accounts have one profile; to look all texts up takes several times as long.
        """
        if not len(self._keys):
            return np.full(len(keys), -1)
        found = self._by_key[np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)]
        return np.where(mask(pc.equal(joined, self._texts.take(pa.array(found)))), found, -1)

    def _meet(self, new: pa.StringArray) -> None:
        assert self._plan.author is not None
        said: list[dict[str, Any] | None] = []
        cells = [tuple(text.split(_BETWEEN)) for text in new.to_pylist()]
        for profile in cells:
            try:
                said.append(self._plan.author(profile))
            except BadValue:
                said.append(None)
        keys = endings(pa.array([profile[0] for profile in cells], pa.string()))
        keys, places = (
            np.append(self._keys, keys),
            np.append(self._by_key, np.arange(len(new)) + len(self.said)),
        )
        order = np.lexsort((places, keys))
        self._keys, self._by_key = keys[order], places[order]
        self.said += said
        refused = np.array([one is None for one in said], bool)
        ids = pa.array([one and one["account_id"] for one in said], pa.string())
        self._texts, self.ids = pa.concat_arrays([self._texts, new]), pa.concat_arrays([self.ids, ids])
        self.refused = np.append(self.refused, refused)
        self.carried = np.append(self.carried, refused)  # there is nothing to carry


def read(source: Source, plan: Plan) -> Iterator[Record | Rejection | Batch]:
    """All records of a file for which `blocks.fit` holds, in order."""
    header = delimited.begin(source)[0]
    names = [name.strip() for name in header]
    delimiter, key = source.text_head().delimiter, key_of(plan.table)
    profiles = _Profiles(plan)
    kept = looks_rounded = 0

    def work(block: Block, fields: int) -> _Read | None:
        cells = _cells(block, names, {names[0], *plan.cells}, delimiter)
        if cells is None or cells.num_rows != len(block.ends):  # the proof
            return None
        if mask(pc.equal(cells.column(names[0]), header[0])).any():  # the header again?
            return None
        columns = Columns(cells)
        plan.columns(columns)
        if not plan.profile:
            return _Read(columns, None, None)
        return _Read(columns, _joined(columns, plan.profile), endings(columns.cell(plan.profile[0])))

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


def _cells(block: Block, names: list[str], wanted: set[str], delimiter: str) -> pa.Table | None:
    """The `wanted` columns of a block as text cells; None where Arrow finds a record of another width or bytes that are no UTF-8."""
    if bytes(block.data[:3]) == codecs.BOM_UTF8:
        return None  # inside a file it is part of a cell; Arrow would take it away without a word
    whole = pa.py_buffer(np.array([0, len(block.data)], np.int32)), pa.py_buffer(block.data)
    try:
        pa.StringArray.from_buffers(1, *whole).validate(full=True)  # UTF-8: once, and not cell by cell
        return pyarrow.csv.read_csv(
            pa.BufferReader(block.data),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block.data) + 1),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=False, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=[name for name in names if name in wanted],
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _joined(columns: Columns, names: tuple[str, ...]) -> pa.StringArray:
    return pc.binary_join_element_wise(*(columns.cell(name) for name in names), _BETWEEN)


def _of_piece(
    piece: Piece, plan: Plan, profiles: _Profiles, source: Source, delimiter: str
) -> Iterator[Record | Rejection | Batch]:
    """Batches of the rows that are in order, and each other row by itself, where it stands."""
    place, block, (columns, joined, keys) = piece
    count = len(block.ends)
    refused, codes = columns.refused, None
    if joined is not None:
        codes = profiles.of(joined, keys)
        refused = refused | profiles.refused[codes]
        columns.made["account_id"] = profiles.ids.take(pa.array(codes))
    columns.made["source_record"] = pa.array(np.arange(1, count + 1) + place.records)
    columns.made["source_line"] = pa.array(block.lines + place.line)
    for words, rows in columns.odd.items():
        if number := int(np.count_nonzero(rows & ~refused)):
            source.warnings[words] += number
    table = pa.table(columns.made)
    start = 0
    for index in [*np.flatnonzero(refused).tolist(), count]:
        if index > start:
            authors = () if codes is None else tuple(_authors(profiles, codes, table, start, index))
            yield Batch(plan.table, table.slice(start, index - start), authors)
        if index < count:
            yield one(plan.table, block.row(index, place, _split(block, index, delimiter)), plan.build)
        start = index + 1


def _split(block: Block, index: int, delimiter: str) -> list[str]:
    start = int(block.ends[index - 1]) if index else 0
    lines = block.data[start : int(block.ends[index])].splitlines(keepends=True)
    return next(csv.reader([line.decode() for line in lines], delimiter=delimiter, strict=True))


def _authors(
    profiles: _Profiles, codes: np.ndarray, table: pa.Table, start: int, end: int
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Profiles of the rows that no batch carried yet, with the first row each stands on."""
    distinct, first = np.unique(codes[start:end], return_index=True)
    new = ~profiles.carried[distinct]
    profiles.carried[distinct] = True
    numbers, lines = table.column("source_record"), table.column("source_line")
    for row, code in sorted(zip((first[new] + start).tolist(), distinct[new].tolist(), strict=True)):
        said = profiles.said[code]
        assert said is not None  # a row with a refused profile is in no batch
        yield numbers[row].as_py(), lines[row].as_py(), said


def _rounded(identifiers: pa.ChunkedArray) -> int:
    ending = identifiers.filter(pc.ends_with(identifiers, "000"))
    return sum(map(rounded, ending.to_pylist()))
