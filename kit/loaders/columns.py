"""Read whole columns of cells as the functions for one cell read each of them.

Few of the cells of a column are different or out of the ordinary. So a column is read
by its distinct cells, or its plain cells all at once and the rest by their distinct
cells; what one cell becomes is always decided by the same function, or by a shortcut
that a test holds to it. A cell that the function refuses marks its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kit.ids import times_of
from kit.loaders.values import BadValue

DIGITS = "[0-9]+"
#: an identifier that neither white space nor a spreadsheet touched: digits, or a hash (any letter but e)
IDENTIFIER = r"(?:[0-9]+|[A-Za-z0-9+/=_-]*[A-DF-Za-df-z][A-Za-z0-9+/=_-]*)"
_DAY = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_LEAP_DAY = r"(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_MINUTE = rf"(?:[0-9]{{4}}-{_DAY}|{_LEAP_DAY})" + r" (?:[01][0-9]|2[0-3]):[0-5][0-9]"
#: a word in scripts whose letters are folded one by one as they are put in lower case, and no sign of lists
WORD = (
    r"[0-9A-Za-z_\x{C0}-\x{DE}\x{E0}-\x{12F}\x{14A}-\x{17E}\x{391}-\x{3A9}\x{3B1}-\x{3C1}\x{3C3}-\x{3C9}"
    r"\x{400}-\x{52F}\x{590}-\x{109F}\x{1EA0}-\x{1EFF}\x{3040}-\x{9FFF}\x{AC00}-\x{D7A3}\x{1F300}-\x{1FAFF}]+"
)
#: an address without a blank or a quote, so that items of a list can be told apart
ADDRESS = r"""[a-zA-Z][a-zA-Z0-9+.-]*://[^ '"\\]*"""


class Columns:
    """The columns made of a table of cells, and the rows in which a cell was refused."""

    def __init__(self, cells: pa.Table) -> None:
        self.cells = cells
        self.made: dict[str, pa.Array] = {}
        self.refused = np.zeros(cells.num_rows, bool)
        self.odd: dict[str, np.ndarray] = {}  # words of a warning, and the rows it counts for

    def cell(self, name: str) -> pa.Array:
        """One column of cells."""
        column = self.cells.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def constant(self, value: str) -> pa.Array:
        """A column with one value."""
        return pa.repeat(pa.scalar(value), self.cells.num_rows)

    def by_value(self, name: str, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
        """A column read by its distinct cells."""
        made, refused = _by_value(self.cell(name), read, type_)
        self.refused |= refused
        return made

    def mostly(self, name: str, plain: str, read: Callable[[str], Any]) -> pa.Array:
        """Text: cells that match `plain` stay as they are, empty ones are missing, `read` reads the rest."""
        cells = self.cell(name)
        made = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
        rest = ~(mask(pc.equal(cells, "")) | matches(cells, plain))
        if rest.any():
            rows = pa.array(rest)
            read_, refused = _by_value(cells.filter(rows), read, pa.string())
            self.refused[rest] |= refused
            made = pc.replace_with_mask(made, rows, read_)
        return made

    def lists(
        self,
        name: str,
        item: str,
        read: Callable[[str], list[Any]],
        shortcut: Callable[[pa.Array], pa.Array] | None = None,
    ) -> pa.ListArray:
        """Lists of text: `[a, b]` and `['a', 'b']` of items that match `item`, `read` reads the rest.

        `shortcut` makes of text with such items what `read` makes of each item.
        """
        bare, quoted = rf"\[{item}(?:, {item})*\]", rf"\['{item}'(?:, '{item}')*\]"
        coded = self.cell(name).dictionary_encode()
        cells, codes = coded.dictionary, coded.indices
        empty = mask(pc.or_(pc.equal(cells, "[]"), pc.equal(cells, "")))
        kinds = np.select([empty, matches(cells, bare), matches(cells, quoted)], [0, 1, 2], 3)
        parts = [pa.array([[]], pa.list_(pa.string()))]
        for kind, edge, between in ((1, 1, ", "), (2, 2, "', '")):
            if (rows := np.flatnonzero(kinds == kind)).size:
                inner = pc.utf8_slice_codeunits(cells.take(pa.array(rows)), edge, -edge)
                parts.append(pc.split_pattern(shortcut(inner) if shortcut else inner, between))
        if (rows := np.flatnonzero(kinds == 3)).size:
            made, refused = _by_value(cells.take(pa.array(rows)), read, pa.list_(pa.string()))
            parts.append(made)
            self.refused |= np.isin(codes.to_numpy(), rows[refused])
        place = np.zeros(len(cells), np.int64)
        order = np.argsort(kinds, kind="stable")
        order = order[np.count_nonzero(kinds == 0) :]
        place[order] = np.arange(1, len(order) + 1)
        return pa.concat_arrays(parts).take(pa.array(place[codes.to_numpy()]))


def _by_value(cells: pa.Array, read: Callable[[str], Any], type_: pa.DataType) -> tuple[pa.Array, np.ndarray]:
    coded = cells.dictionary_encode()
    made, refused = [], []
    for cell in coded.dictionary.to_pylist():
        try:
            made.append(read(cell))
            refused.append(False)
        except BadValue:
            made.append(None)
            refused.append(True)
    codes = coded.indices
    return pa.array(made, type_).take(codes), np.array(refused, bool)[codes.to_numpy()]


def mask(array: pa.Array) -> np.ndarray:
    """A boolean column as numpy has it; missing is false."""
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False)


def matches(cells: pa.Array, pattern: str) -> np.ndarray:
    """Which cells match a pattern as a whole."""
    if pattern == DIGITS:
        return mask(pc.ascii_is_decimal(cells))
    return mask(pc.match_substring_regex(cells, f"^(?:{pattern})$"))


def numbers(identifiers: pa.Array) -> np.ndarray:
    """Identifiers of digits as numbers; 0 for missing ones and for any of 20 digits or more."""
    short = pc.if_else(pc.less(pc.binary_length(identifiers), 20), identifiers, "0")
    return pc.cast(pc.fill_null(short, "0"), pa.uint64()).to_numpy(zero_copy_only=False)


def times(kind: str, identifiers: pa.Array) -> np.ndarray:
    """The times in a column of identifiers of digits, NaT where there is none."""
    return times_of(kind, numbers(identifiers))


def moments(array: np.ndarray) -> pa.Array:
    """A column of times from numpy's."""
    return pa.array(array, pa.timestamp("us"), mask=np.isnat(array))


def stated(cells: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times written as `2020-01-31 12:30` or with seconds, and which cells are the one and the other."""
    coded = cells.dictionary_encode()
    cells, codes = coded.dictionary, coded.indices.to_numpy()
    minutes = matches(cells, _MINUTE)
    seconds = np.zeros(len(cells), bool) if minutes.all() else matches(cells, _MINUTE + ":[0-5][0-9]")
    found = np.full(len(cells), np.datetime64("NaT", "us"))
    if (written := minutes | seconds).any():
        some = cells if written.all() else cells.filter(pa.array(written))
        found[written] = pc.cast(some, pa.timestamp("us")).to_numpy(zero_copy_only=False)
    return found[codes], minutes[codes], seconds[codes]


def unescaped(cells: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """A column of text with words replaced, one after the other; all begin with `&`."""
    rows = _holding(cells, b"&")
    if not len(rows):
        return cells
    some = cells.take(pa.array(rows))
    for word, by in words.items():
        some = pc.replace_substring(some, word, by)
    where = np.zeros(len(cells), bool)
    where[rows] = True
    return pc.replace_with_mask(cells, pa.array(where), some)


def _holding(cells: pa.Array, sign: bytes) -> np.ndarray:
    """The rows whose cell holds an ASCII sign: one look at all bytes of the column at once."""
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset + 1 : cells.offset + len(cells) + 1]
    if data is None or not len(ends):
        return np.empty(0, np.int64)
    start = int(np.frombuffer(offsets, np.int32)[cells.offset])
    found = np.flatnonzero(np.frombuffer(data, np.uint8)[start : ends[-1]] == sign[0]) + start
    return np.unique(np.searchsorted(ends, found, side="right"))


def endings(cells: pa.StringArray) -> np.ndarray:
    """The last eight bytes of each cell as a number: different cells seldom share it."""
    _, offsets, data = cells.buffers()
    offset = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    places = offset[1:, np.newaxis] - np.arange(1, 9)
    signs = np.frombuffer(data or b"\0", np.uint8)[places.clip(min=0)]
    return np.where(places >= offset[:-1, np.newaxis], signs, np.uint8(0)).view("<u8")[:, 0]


def chosen(options: list[str | None], codes: np.ndarray) -> pa.Array:
    """A column of words by their place in `options`."""
    return pa.array(options, pa.string()).take(pa.array(codes))


def structs(lists: pa.ListArray, name: str, others: list[str]) -> pa.ListArray:
    """Lists of text as lists of things that have it under `name`, and nothing else."""
    missing = pa.nulls(len(lists.values), pa.string())
    thing = pa.StructArray.from_arrays([lists.values, *[missing] * len(others)], names=[name, *others])
    return pa.ListArray.from_arrays(lists.offsets, thing)
