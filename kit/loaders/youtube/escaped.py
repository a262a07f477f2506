"""Lines of the tables that YouTube Data Tools writes, in which a cell may end in two places.

The tool is written in PHP, whose tables double a quote inside a cell unless a backslash stands
before it. A backslash before the last quote may then belong to the text or not. The tool takes
line breaks out of every text, so that a line is a record: of all readings of a line, the one
with as many cells as the header is right; where two had, the line would be set aside. The
newest tables are ordinary; the oldest have tabs and no quotes at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kit.errors import InputError, printable
from kit.loaders.files import Source, delimited
from kit.loaders.files.delimited import Fault, Row

_NEWEST = {"threadId", "videoUrl", "channelUrl"}  # columns of tables that the tool no longer writes with PHP
_MOST = 40  # places in a line at which a cell may end or not; more are an attack or damage
_LONGEST = 1_000_000  # characters in a line with quotes; no title, text or description is near it
_WIDEST = 200  # columns; the tool writes less than forty


def rows(source: Source, header_line: int = 1) -> Iterator[Row | Fault]:
    """Each line behind the header, as a row or with the reason why it is none; blank lines are no records."""
    names = delimited.header(source, header_line)
    if len(names) > _WIDEST:
        raise InputError("more columns than the tool writes", where=source.where(), found=len(names))
    lines = _lines(source, len(names), header_line, php=not _NEWEST & set(names))
    next(lines, None)
    for number, item in enumerate(lines, 1):
        if isinstance(item, Row) and [cell.strip() for cell in item.cells] == names:
            item = Fault(number, item.line, names[0], "the header again", names[0], item.raw)
        yield item._replace(number=number) if isinstance(item, Row) else replace(item, number=number)


def facts(source: Source) -> Iterator[Row | Fault]:
    """Each line of a table without a header that has a name and a value in each row."""
    return _lines(source, 2, 1, php=True)


def _lines(source: Source, width: int, first: int, php: bool) -> Iterator[Row | Fault]:
    head = source.text_head()
    line = 0
    with source.open() as stream:
        for block in delimited.whole_lines(stream, head.encoding, source.name):
            for raw in block:
                line += 1
                if line < first or raw.isspace():
                    continue
                try:
                    yield Row(line, line, _cells(raw, head.delimiter, width, php), raw)
                except _Unread as unread:
                    yield Fault(line, line, "", unread.reason, printable(unread.found), raw)


class _Unread(ValueError):
    def __init__(self, reason: str, found: str) -> None:
        super().__init__(reason)
        self.reason, self.found = reason, found


def _cells(raw: bytes, delimiter: str, width: int, php: bool) -> list[str]:
    try:
        line = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        shown = raw[max(error.start - 10, 0) : error.start + 10].decode(errors="backslashreplace")
        raise _Unread("bytes that are not UTF-8 text", shown) from None
    if "\0" in line:
        raise _Unread("a NUL character", line)
    if '"' not in line or (delimiter == "\t" and _is_bare(line)):
        cells = line.split(delimiter)
        if len(cells) != width:
            raise _Unread(f"{len(cells)} fields where the header has {width}", line)
        return cells
    return _one_reading(line, delimiter, width, php and '\\"' in line)


def _is_bare(line: str) -> bool:
    """Whether quotes are text: a table with quotes puts every cell with a space into them."""
    return any(" " in cell and cell[0] != '"' for cell in line.split("\t"))


def _one_reading(line: str, delimiter: str, width: int, php: bool) -> list[str]:
    if line.count('\\"' + delimiter) > _MOST or len(line) > _LONGEST:
        raise _Unread("too many quotes behind backslashes to tell where its cells end", line)
    found: list[list[str]] = []
    for dialect in (False, True) if php else (False,):
        for reading in _readings(line, 0, delimiter, width, dialect, set()):
            if reading not in found:
                found.append(reading)
            if len(found) > 1:
                raise _Unread("a quote behind a backslash that can be read in two ways", line)
    if not found:
        raise _Unread(f"no reading of the line gives the {width} fields of the header", line)
    return found[0]


def _readings(
    line: str, at: int, delimiter: str, left: int, php: bool, dead: set[tuple[int, int]]
) -> Iterator[list[str]]:
    """Every way to read `left` cells from `at` to the end of the line."""
    if (at, left) in dead:
        return
    any_ = False
    for cell, end in _ends(line, at, delimiter, php):
        if left == 1:
            if end == len(line):
                any_ = True
                yield [cell]
        elif end < len(line):
            for rest in _readings(line, end + 1, delimiter, left - 1, php, dead):
                any_ = True
                yield [cell, *rest]
    if not any_:
        dead.add((at, left))


def _ends(line: str, at: int, delimiter: str, php: bool) -> Iterator[tuple[str, int]]:
    """The cell that begins at a place and where it ends, for every end that it may have."""
    if line[at : at + 1] != '"':
        end = line.find(delimiter, at)
        end = len(line) if end < 0 else end
        if '"' not in line[at:end]:
            yield line[at:end], end
        return
    cell: list[str] = []
    start = place = at + 1
    while (quote := line.find('"', place)) >= 0:
        cell.append(line[place:quote])
        after = line[quote + 1 : quote + 2]
        bare = php and quote > start and line[quote - 1] == "\\"  # a quote behind a backslash was not doubled
        if after in (delimiter, ""):
            yield "".join(cell), quote + 1
        if bare:
            cell.append('"')
            place = quote + 1
        elif after == '"':
            cell.append('"')
            place = quote + 2
        else:
            return
