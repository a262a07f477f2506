"""Cut delimited text into blocks of whole records, and prove of each block what it holds.

`pieces` hands each proven block to a function that may read it in bulk; whatever
cannot be proven is read record by record instead, from the first record of the
block on and up to the first record behind it. The proof, for a block that starts
where a record starts: every quote opens a field or closes one (so the parity of
quotes says what is inside a field), there is no NUL and no lone carriage return
outside quotes, no line is blank, and the records are the line ends outside quotes. Such a block
holds for any strict reader what it holds for `delimited.rows`; the number of
fields and UTF-8 are left to the function, which must count its rows.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np

from kit.loaders.files import Source, delimited
from kit.loaders.files.delimited import Fault, Place, Row
from kit.loaders.files.lines import as_utf8

SIZE = 8 << 20  # bytes of a block; below FIELD_LIMIT, so that no field of a block can be too long
_WORKERS = 2
_AHEAD = 4  # blocks read ahead of the one handed out
_READ = 1 << 18
_LF, _CR, _QUOTE = 10, 13, 34
_ONE, _LAST = np.uint64(1), np.uint64(63)
_TALL = 4  # lines from which on a record is looked at for lines that look like records

T = TypeVar("T")


class Block(NamedTuple):
    """Whole records: their bytes, where each ends, and the line on which each starts, counted from 0."""

    data: bytes
    ends: np.ndarray
    lines: np.ndarray
    line_count: int

    def row(self, index: int, place: Place, cells: list[str]) -> Row:
        """One record as the reader of single records gives it; `place` is where the block starts."""
        start = int(self.ends[index - 1]) if index else 0
        raw = self.data[start : int(self.ends[index])]
        return Row(place.records + index + 1, place.line + int(self.lines[index]), cells, raw)


class Piece(NamedTuple):
    """A proven block, where it starts, and what the function made of it."""

    place: Place
    block: Block
    made: Any


def fit(source: Source) -> bool:
    """Whether a source can be cut into blocks: UTF-8 text with a delimiter of one byte."""
    head = source.head()
    return (
        head.kind == "text"
        and head.shape == "table"
        and head.encoding == "utf-8"
        and head.delimiter.isascii()
    )


def pieces(source: Source, work: Callable[[Block, int], T | None]) -> Iterator[Piece | Row | Fault]:
    """Everything behind the header of `source`, in order: proven blocks, and single records elsewhere.

    `work(block, fields)` runs in a thread; None sends the block to the reader of single records.
    """
    names, place = delimited.begin(source)
    delimiter = source.text_head().delimiter
    with source.open() as stream, ThreadPoolExecutor(_WORKERS) as pool:
        tape = _Tape(as_utf8(stream, "utf-8", source.name))
        _count(_twice(tape.take(place.offset)), source)
        waiting: deque[tuple[bytes, Future[tuple[Block, T, int] | None]]] = deque()
        while True:
            while len(waiting) <= _AHEAD and (data := tape.take(SIZE)):
                whole = len(data) if tape.ended() else _whole(data)
                if whole:
                    tape.back(data[whole:])
                    data = data[:whole]
                waiting.append((data, pool.submit(_try, data, bool(whole), delimiter, len(names), work)))
            if not waiting:
                return
            data, future = waiting.popleft()
            if (done := future.result()) is not None:
                block, made, twice = done
                _count(twice, source)
                yield Piece(place, block, made)
                place = _behind(place, block)
                continue
            while waiting:  # they were cut in the belief that this one is whole
                later, future = waiting.pop()
                future.cancel()
                tape.back(later)
            tape.back(data)
            place = yield from _one_by_one(source, names, tape, place, data)


def _behind(place: Place, block: Block) -> Place:
    return Place(
        place.records + len(block.ends), place.line + block.line_count, place.offset + len(block.data)
    )


class _Tape:
    """The bytes of a file in order; what was taken can be put back."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._held = blocks, b""

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        parts, length = [self._held], len(self._held)
        while length < size and (part := next(self._blocks, b"")):
            parts.append(part)
            length += len(part)
        self._held = b""
        if length > size:  # the last part is cut, not all of them once they are joined
            parts[-1], self._held = parts[-1][: size - length], parts[-1][size - length :]
        return b"".join(parts)

    def back(self, data: bytes) -> None:
        """Put `data` in front of what comes next."""
        self._held = data + self._held

    def ended(self) -> bool:
        """Whether nothing comes next."""
        self._held = self._held or next(self._blocks, b"")
        return not self._held


def _whole(data: bytes) -> int:
    """How many bytes of `data` are whole records by the parity of quotes; 0 where none are."""
    end = data.rfind(b"\n")
    quotes = int(np.count_nonzero(np.frombuffer(data, np.uint8)[: max(end, 0)] == _QUOTE))
    while end >= 0 and quotes % 2:
        before = data.rfind(b"\n", 0, end)
        quotes -= data.count(b'"', max(before, 0), end)
        end = before
    return end + 1


def _try(
    data: bytes, whole: bool, delimiter: str, fields: int, work: Callable[[Block, int], T | None]
) -> tuple[Block, T, int] | None:
    block = prove(data, delimiter, fields) if whole else None
    made = work(block, fields) if block else None
    return (block, made, _twice(data)) if block and made is not None else None


def prove(data: bytes, delimiter: str, fields: int) -> Block | None:
    """`data` as whole records, None where that is not certain. It must begin where a record begins."""
    if b"\0" in data:
        return None
    signs = np.frombuffer(data, np.uint8)
    returns = np.flatnonzero(signs == _CR) if b"\r" in data else np.empty(0, np.int64)
    inside = _inside(signs, delimiter, bool(len(returns)))
    if inside is None:
        return None
    line_ends = np.flatnonzero(signs == _LF) + 1
    ends = line_ends[~_at(inside, line_ends - 1)]
    if len(returns):
        lone = returns[np.append(signs, _LF)[returns + 1] != _LF]
        if data.endswith(b"\r") or not _at(inside, lone).all():
            return None
        line_ends = np.sort(np.append(line_ends, lone + 1))
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))  # the last line of a file need not be closed
    starts = np.append(0, ends[:-1])
    if np.isin(signs[starts], (_LF, _CR)).any():  # a blank line is no record
        return None
    lines = np.searchsorted(line_ends, starts, side="right")
    block = Block(data, ends, lines, len(line_ends))
    return None if _like_records(block, line_ends, delimiter, fields) else block


def _inside(signs: np.ndarray, delimiter: str, returns: bool) -> np.ndarray | None:
    """Which signs are inside quotes, one bit for each; None unless each quote opens a field, closes one, or is one of two.

    64 signs at a time: quotes are as many as all cells of a block twice, too many to list where they are.
    """
    quotes, line_ends, between = (_bits(signs, sign) for sign in (_QUOTE, _LF, ord(delimiter)))
    inside = quotes.copy()
    for step in (1, 2, 4, 8, 16, 32):  # then each bit says whether the quotes up to it are odd in number
        inside ^= inside << np.uint64(step)
    odd = np.bitwise_xor.accumulate(inside >> _LAST)
    inside[1:] ^= np.uint64(0) - odd[:-1]
    if odd[-1]:
        return None
    edges = quotes | line_ends | between
    before = edges << _ONE  # for each sign, whether the one before it is an edge
    before[1:] |= edges[:-1] >> _LAST
    before[0] |= _ONE
    if returns:
        edges |= _bits(signs, _CR)
    after = edges >> _ONE
    after[:-1] |= edges[1:] << _LAST
    after[(len(signs) - 1) >> 6] |= _ONE << np.uint64((len(signs) - 1) & 63)
    wrong = quotes & (inside & ~before | ~inside & ~after)
    return None if wrong.any() else inside


def _bits(signs: np.ndarray, sign: int) -> np.ndarray:
    """Where `sign` stands, 64 signs in one number, the first in its lowest bit."""
    packed = np.packbits(signs == sign, bitorder="little")
    return np.append(packed, np.zeros(-len(packed) % 8, np.uint8)).view("<u8")


def _at(bits: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The bits at some places."""
    return (bits[places >> 6] >> (places & 63).astype(np.uint64) & _ONE).astype(bool)


def _like_records(block: Block, line_ends: np.ndarray, delimiter: str, fields: int) -> bool:
    """Whether a field may hold lines that look like records; whoever reads single records says so."""
    open_line = not len(line_ends) or line_ends[-1] != len(block.data)
    last = np.append(block.lines[1:], block.line_count + open_line)
    tall = np.flatnonzero(last - block.lines >= _TALL)
    sign = delimiter.encode()
    for first, behind in zip(block.lines[tall].tolist(), last[tall].tolist(), strict=True):
        inside = block.data.count(sign, int(line_ends[first]), int(line_ends[behind - 2]))
        if inside >= (fields - 1) * (behind - first - 2):
            return True
    return False


def _one_by_one(
    source: Source, names: list[str], tape: _Tape, place: Place, data: bytes
) -> Generator[Row | Fault, None, Place]:
    """Single records from `place` on, up to the first that starts behind `data`; returns where that is."""
    behind = place.line + max(1, len(data.splitlines()))
    taken: list[bytes] = []

    def blocks() -> Iterator[bytes]:
        while block := tape.take(_READ):
            taken.append(block)
            yield block

    # what looks odd counts once a record is handed out: the last one read here is read again
    beside = dataclasses.replace(source, warnings=Counter())
    records, end = place.records, None
    for item, begins in delimited.rows_from(beside, names, place, blocks()):
        if item.line is not None and item.line >= behind:
            end = begins() - place.offset
            behind = item.line
            break
        beside.warnings.pop(delimited.LOOKS_TWICE, None)
        source.warnings.update(beside.warnings)
        beside.warnings.clear()
        records = item.number
        yield item
    read = b"".join(taken)
    end = len(read) if end is None else end
    tape.back(read[end:])
    _count(_twice(read[:end]), source)
    return Place(records, behind, place.offset + end)


def _twice(data: bytes) -> int:
    """How many lines look as if they were encoded twice."""
    return delimited.looks_twice(data.splitlines()) if delimited.may_look_twice(data) else 0


def _count(twice: int, source: Source) -> None:
    if twice:
        source.warnings[delimited.LOOKS_TWICE] += twice
