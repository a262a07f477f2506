"""Read delimited text record by record: nothing lost, nothing shifted, nothing guessed.

Every record of the file becomes exactly one `Row` or one `Fault`. Python's `csv`
splits (strictly); this module feeds it lines, keeps their bytes, checks each record
against the header, and finds its way back after a quote that was never closed.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kit.errors import InputError, printable
from kit.loaders.files.lines import lines_of, whole_lines
from kit.locale import N_

if TYPE_CHECKING:
    from kit.loaders.files import Source

FIELD_LIMIT = 16 * 1024 * 1024  # characters in one field
COLUMN_LIMIT = 2_000

#: how é or a typographic quote look in UTF-8 that was taken for Windows-1252 and encoded again
_TWICE = (b"\xc3\x83\xc2", b"\xc3\xa2\xe2\x82\xac")
_PAIRS = (0xC283, 0xE2A2)  # two bytes of each, the first in the lower half: rare in text that is in order
LOOKS_TWICE = "text that looks encoded twice (Ã©, â€œ); kept as it is"

csv.field_size_limit(FIELD_LIMIT)  # Python's own is 131 072, less than one long post with its quotes


class Row(NamedTuple):
    """One whole record: its number from 1 (header not counted), first line, cells, bytes."""

    number: int
    line: int | None
    cells: list
    raw: bytes


@dataclass(frozen=True)
class Fault:
    """One record that cannot be split into its fields."""

    number: int
    line: int | None
    field: str
    reason: str
    found: str
    raw: bytes


class Place(NamedTuple):
    """Where a record starts: records before it, its line, and its byte behind any byte order mark."""

    records: int
    line: int
    offset: int


class _Lines:
    """Lines of a text that can be handed out again, with their bytes and their place in the file."""

    def __init__(self, blocks: Iterator[list[bytes]], encoding: str, warnings: Counter[str]) -> None:
        self.encoding = encoding
        self.raws: list[bytes] = []
        self.texts: list[str] = []
        self.first = 1  # line of the file that texts[0] is
        self.offset = 0  # byte of the file at which it starts
        self.start = 0  # index of the first line of the record being read
        self.next = 0  # index of the line to hand out next
        self.held = False  # keep lines before `start` while looking ahead
        self.damaged: set[int] = set()  # lines of the file that do not decode
        self.nul = False  # a NUL was seen somewhere
        self.suspect = False  # one of the two, so that whole files are read without looking closer
        self._warnings = warnings
        self._blocks = blocks

    def feed(self) -> Iterator[str]:
        """Lines from `next` on, as long as they are asked for."""
        texts = self.texts  # the same list for the whole file
        while True:
            index = self.next
            if index == len(texts):
                if not self._more():
                    return
                index = self.next
            self.next = index + 1
            yield texts[index]

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        if self.start and not self.held:
            self.offset += sum(map(len, self.raws[: self.start]))
            del self.raws[: self.start], self.texts[: self.start]
            self.first += self.start
            self.next -= self.start
            self.start = 0
        try:
            texts = [raw.decode() for raw in block]
        except UnicodeDecodeError:
            texts = []
            for raw in block:
                try:
                    texts.append(raw.decode())
                except UnicodeDecodeError:
                    self.damaged.add(self.first + len(self.raws) + len(texts))
                    texts.append(raw.decode(errors="surrogateescape"))
        self.nul = self.nul or any(b"\0" in raw for raw in block)
        if twice := looks_twice(block):
            self._warnings[LOOKS_TWICE] += twice
        self.suspect = self.nul or bool(self.damaged)
        self.raws += block
        self.texts += texts
        return True

    def raw(self, start: int, end: int) -> bytes:
        """The bytes of the file that lines `start` to `end` are."""
        raw = self.raws[start] if end == start + 1 else b"".join(self.raws[start:end])
        return raw if self.encoding == "utf-8" else _back(raw, self.encoding)

    def undecodable(self, start: int, end: int) -> int | None:
        """Index of the first line in a range that does not decode."""
        return next((i for i in range(start, end) if self.first + i in self.damaged), None)

    def begins(self) -> int:
        """Byte of the file at which the record being read starts."""
        return self.offset + sum(map(len, self.raws[: self.start]))

    def byte_of(self, index: int) -> int:
        """Byte of the file at which the first undecodable byte of a line stands."""
        try:
            self.raws[index].decode()
            inside = 0
        except UnicodeDecodeError as error:
            inside = error.start
        return self.offset + sum(map(len, self.raws[:index])) + inside


def looks_twice(lines: list[bytes]) -> int:
    """How many lines look as if they were encoded twice."""
    return sum(_TWICE[0] in line or _TWICE[1] in line for line in lines)


def may_look_twice(data: bytes) -> bool:
    """Whether any line of `data` looks as if it was encoded twice."""
    signs = np.frombuffer(data, np.uint8)
    for start in (0, 1):
        pairs = signs[start : start + (len(signs) - start) // 2 * 2].view("<u2")
        if any((pairs == pair).any() for pair in _PAIRS):  # several times quicker than to look for the marks
            return bool(looks_twice([data]))
    return False


def _back(raw: bytes, encoding: str) -> bytes:
    text = raw.decode(errors="surrogatepass")
    if encoding == "utf-16":  # the mark at the start of the file belongs to no record
        return text.encode("utf-16-le", "surrogatepass")
    return text.encode(encoding, "surrogateescape")


def header(source: Source, header_line: int = 1) -> list[str]:
    """Names of the columns, white space around them removed. Raises for what cannot be a header."""
    head = source.text_head()
    with source.open() as stream:
        # what looks odd is counted when the records are read
        lines = _Lines(whole_lines(stream, head.encoding, source.name), head.encoding, Counter())
        names = [name.strip() for name in _header(lines, source, head.delimiter, header_line)]
    where = source.where(lines.first + lines.start)
    if len(names) > COLUMN_LIMIT:
        hint = "save a copy with the columns that are needed"
        raise InputError(
            f"more than {COLUMN_LIMIT:,} columns", where=where, found=f"{len(names):,}", hint=hint
        )
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            hint = "rename one of them in a copy of the file"
            raise InputError("two columns have the same name", where=where, found=name, hint=hint)
        seen.add(name)
    return names


def rows(source: Source, header_line: int = 1) -> Iterator[Row | Fault]:
    """Each record behind the header of `source`; blank lines are no records.

    `header_line` is the line of the header where a file has lines of title before it.
    """
    head = source.text_head()
    with source.open() as stream:
        lines = _Lines(whole_lines(stream, head.encoding, source.name), head.encoding, source.warnings)
        names = _header(lines, source, head.delimiter, header_line)
        lines.start = lines.next
        yield from _records(lines, source, head.delimiter, names)


def begin(source: Source) -> tuple[list[str], Place]:
    """The header as it stands, and the place behind it."""
    head = source.text_head()
    with source.open() as stream:
        lines = _Lines(whole_lines(stream, head.encoding, source.name), head.encoding, Counter())
        names = _header(lines, source, head.delimiter, 1)
        lines.start = lines.next
        return names, Place(0, lines.first + lines.start, lines.begins())


def rows_from(
    source: Source, names: list[str], place: Place, blocks: Iterable[bytes]
) -> Iterator[tuple[Row | Fault, Callable[[], int]]]:
    """Each record of the bytes that stand in `source` (UTF-8) from `place` on, and a way to ask for its first byte."""
    lines = _Lines(lines_of(blocks, source.name, place.line), "utf-8", source.warnings)
    lines.first, lines.offset = place.line, place.offset
    for item in _records(lines, source, source.text_head().delimiter, names, place.records):
        yield item, lines.begins


def _header(lines: _Lines, source: Source, delimiter: str, header_line: int) -> list[str]:
    """The first record on or behind `header_line`, as it stands."""
    feed = lines.feed()
    for _ in range(header_line - 1):
        next(feed, None)
    lines.start = lines.next
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    try:
        for names in reader:
            if any(name.strip() for name in names):
                return names
            lines.start = lines.next
    except csv.Error as error:
        where = source.where(lines.first + lines.start)
        raise InputError(f"the header cannot be read: {_why(error)}", where=where) from None
    raise InputError("no header", where=source.where(header_line), hint="is the file whole?")


def _records(
    lines: _Lines, source: Source, delimiter: str, names: list[str], number: int = 0
) -> Iterator[Row | Fault]:
    width, row, first_name = len(names), Row._make, names[0]
    raws, as_it_stands = lines.raws, lines.encoding == "utf-8"
    while True:
        reader = csv.reader(lines.feed(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                start, end = lines.start, lines.next
                if len(cells) == width and end - start < 3 and cells[0] != first_name and not lines.suspect:
                    number += 1
                    raw = raws[start] if as_it_stands and end - start == 1 else lines.raw(start, end)
                    yield row((number, lines.first + start, cells, raw))
                elif (not cells or len(cells) < 2 <= width) and not lines.texts[start].strip(" \t\r\n"):
                    pass  # a blank line
                elif (trouble := _trouble(cells, names, lines, delimiter, source)) is None:
                    number += 1
                    yield Row(number, lines.first + start, cells, lines.raw(start, end))
                else:
                    break
                lines.start = end
            else:
                return
            again = end
            look = len(cells) != width and end - start > 1
        except csv.Error as error:
            start, end = lines.start, lines.next
            trouble = (_open_field(lines.texts[start], names, delimiter), _why(error), lines.texts[start])
            again = max(start + 1, end - 1)
            look = end - start > 1
        if look:
            again = _resume(lines, end, again, width, delimiter)
        if again == len(lines.texts) and not lines.texts[-1].endswith(("\n", "\r")):
            field, reason, found = trouble
            reason += "; the file may be cut"
            trouble = (field, reason, found)
            source.warnings["the last record is damaged: the file may be cut"] += 1
        number += 1
        yield _fault(number, lines, again, *trouble)
        lines.start = lines.next = again


def _fault(number: int, lines: _Lines, end: int, field: str, reason: str, found: str) -> Fault:
    start = lines.start
    if end - start > 1:
        reason += f"; {end - start} lines, up to line {lines.first + end - 1}, set aside as one record"
    return Fault(number, lines.first + start, field, reason, printable(found), lines.raw(start, end))


def _trouble(
    cells: list[str], names: list[str], lines: _Lines, delimiter: str, source: Source
) -> tuple[str, str, str] | None:
    """Field, reason and finding for a record that split but is not whole; None where it is."""
    start, end = lines.start, lines.next
    if (bad := lines.undecodable(start, end)) is not None:
        line = lines.first + bad
        reason = f"bytes that are not {lines.encoding} text (line {line})"
        if lines.encoding == "utf-8":
            reason = f"bytes that are not {lines.encoding} text (line {line}, byte {lines.byte_of(bad):,})"
        index = next((i for i, cell in enumerate(cells) if any("\ud800" <= c <= "\udfff" for c in cell)), 0)
        return names[min(index, len(names) - 1)], reason, cells[index]
    if lines.nul and any("\0" in cell for cell in cells):
        index = next(i for i, cell in enumerate(cells) if "\0" in cell)
        return names[min(index, len(names) - 1)], N_("a NUL character"), cells[index]
    if len(cells) != len(names):
        field = names[len(cells)] if len(cells) < len(names) else ""
        reason = f"{len(cells)} fields where the header has {len(names)}"
        return field.strip(), reason, lines.texts[start].strip()
    if cells == names:
        return names[0], N_("the header again"), cells[0]
    inside = lines.texts[start + 1 : end - 1]
    if len(inside) > 1 and len(names) > 2 and all(line.count(delimiter) >= len(names) - 1 for line in inside):
        source.warnings["a quoted field holds lines that look like records: are quotes left open?"] += 1
    return None


def _resume(lines: _Lines, end: int, otherwise: int, width: int, delimiter: str) -> int:
    """The first line inside a damaged record, behind its first, at which a whole record begins."""
    lines.held = True
    found = otherwise
    for index in range(lines.start + 1, end):
        lines.next = index
        try:
            cells = next(csv.reader(lines.feed(), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        if len(cells) == width:
            found = index
            break
    lines.held = False
    return found


def _why(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return N_("a quote is opened and never closed")
    if "expected after" in text:
        return N_(
            "text behind a closing quote: a quote inside the field is not doubled, or one before is not closed"
        )
    if "field larger" in text:
        reason = f"a field longer than {FIELD_LIMIT:,} characters, or a quote that is never closed"
        return reason
    return text


def _open_field(text: str, names: list[str], delimiter: str) -> str:
    """The column in whose cell a quote is left open, or followed by text, in the first line of a damaged record."""
    at = index = 0
    while at < len(text):
        if text[at] == '"':
            end = text.find('"', at + 1)
            while 0 <= end < len(text) - 1 and text[end + 1] == '"':
                end = text.find('"', end + 2)
            if end < 0 or text[end + 1 : end + 2] not in (delimiter, "\r", "\n", ""):
                break
            at = end
        at = text.find(delimiter, at)
        if at < 0:
            break
        at, index = at + 1, index + 1
    return names[min(index, len(names) - 1)].strip()
