"""ExportComments' XLSX and CSV of comments under a Facebook post.

Some lines stand above the header. Two columns without a name (in CSV: Id and SubId) number
comments and answers, and only they say what is answered. The address of a profile or of
the comment may stand in the cell's link and not in its value. Dates are written in the
language and zone of whoever exported, so the report file must say how they are read.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kit.errors import InputError, printable
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection, each
from kit.loaders.files import Head, Source, delimited
from kit.loaders.files.delimited import Fault, Row
from kit.loaders.meta import addresses
from kit.loaders.objects import as_bytes, by_handle, field_time, hashtags_in, kind_flags, refusing
from kit.loaders.tables import DAMAGED, in_workbook, workbook
from kit.loaders.values import BadValue

_HEADER_WITHIN = 20  # lines in which the header stands
_NAME, _DATE, _TEXT = "Name (click to view profile)", "Date", "Comment"
_LINK = ("(view source)", "Link")
_NUMBER = re.compile(r"\d{5,}", re.ASCII)
_FORMULA = re.compile(r'=HYPERLINK\("([^"]+)"', re.IGNORECASE)
_LINKS_AT_MOST = 32 * 1024 * 1024  # bytes of a sheet's list of links; a sheet holds 65,530
_LINKED = re.compile(rb"<hyperlink\b([^>]*)>")
_RELATED = re.compile(rb"<Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


class _Cell(NamedTuple):
    value: Any
    link: str | None = None


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments and answers with their authors."""
    declared = options.get("time") or {}
    names, url, rows = _opened(source)
    place = {name: at for at, name in enumerate(names) if name}
    for name in (_NAME, _DATE, _TEXT):
        if name not in place:
            raise InputError(f"the column '{name}' is missing", where=source.where())
    numbering = [place[name] for name in ("Id", "SubId") if name in place]
    if len(numbering) < 2:
        numbering = [at for at, name in enumerate(names) if not name and at < place[_NAME]][:2]
    when = refusing(source, times.reader(declared, "facebook", source.warnings, source.where()))
    if not declared.get("format") and source.head().kind != "zip":
        hint = "write `time: {format: '%d.%m.%y %H:%M:%S', zone: …}` or the like in the export's entry"
        raise InputError("how dates are written is not stated", where=source.where(), hint=hint)
    post = addresses.read(url)
    threads: dict[str, str] = {}
    last = [""]

    def cell(row: Row, *wanted: str) -> _Cell:
        return next((row.cells[place[name]] for name in wanted if name in place), _Cell(None))

    def build(row: Row) -> Record:
        link = cell(row, *_LINK)
        address = addresses.read(link.link or _written(link.value))
        own = (address.reply or address.comment) if address else None
        if own is None or address is None:
            raise BadValue(
                _LINK[0], "nothing in the row identifies the comment: no link to it", _written(link.value)
            )
        root = address.post or (post.post if post else None)
        comment_id = f"{root}_{own}" if root and root.isdigit() and own.isdigit() else own
        handle, account_id = _profile(cell(row, _NAME), cell(row, "Profile ID"))
        first, second = (
            (_written(row.cells[at].value) for at in [*numbering, *numbering][:2]) if numbering else ("", "")
        )
        answer = second not in ("", "0")
        value = {
            "platform": "facebook",
            "post_id": comment_id,
            "account_id": account_id,
            **field_time(when(_DATE, cell(row, _DATE).value)),
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": root,
            "root_id": root,
            "text": values.text(_TEXT, _text(cell(row, _TEXT).value)),
            "likes": values.count("Likes", _empty(cell(row, "Likes").value)),
        }
        value["hashtags"] = hashtags_in(value["text"])
        if answer:
            value["reply_to_id"] = threads.get(first or last[0])
            if value["reply_to_id"] is None:
                source.warnings["answers to a comment that is not above them in the file"] += 1
        elif first:
            threads[first] = comment_id
            last[0] = first
        author = {
            "platform": "facebook",
            "account_id": account_id,
            "handle": handle,
            "display_name": values.text(_NAME, _text(cell(row, _NAME).value)),
        }
        return Record("posts", row.number, row.line, value, author)

    return each(source, "posts", rows, build)


def _written(value: Any) -> str:
    """A cell as text; a whole number that a spreadsheet keeps with decimals is written without them."""
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else _written(value)


def _empty(value: Any) -> Any:
    return None if value == "" else value


def _profile(name: _Cell, number: _Cell) -> tuple[str | None, str | None]:
    """Handle and identifier of the author, out of the number, its link, or that of the name."""
    for cell in (number, name):
        address = addresses.read(cell.link or (_written(cell.value) if cell is number else None))
        if address and (address.account or address.handle):
            return address.handle, address.account or str(by_handle(address.handle))
    if found := _NUMBER.search(_written(number.value)):
        if isinstance(number.value, int | float) and abs(number.value) >= 10**15:
            raise BadValue("Profile ID", "a number cell that lost its last digits", number.value)
        return None, found[0]
    return None, None


# --- the two kinds of file


def _opened(source: Source) -> tuple[list[str], str | None, Iterator[Row | Fault]]:
    """Names of the columns, the address of the post, and the rows, each cell with its link."""
    if source.head().kind == "zip":
        return _workbook(source)
    line = _header_line(source.head())
    above = " ".join(source.head().text.splitlines()[: line - 1])

    def rows() -> Iterator[Row | Fault]:
        for row in delimited.rows(source, line):
            if isinstance(row, Fault):
                yield row
            else:
                yield row._replace(cells=[_Cell(cell) for cell in row.cells])

    return delimited.header(source, line), _address_in(above), rows()


def _address_in(above: str) -> str | None:
    found = re.search(r"https?://[^\s,;\"]+", above)
    return found[0] if found else None


def _header_line(head: Head) -> int:
    for line, written in enumerate(head.text.lstrip("\ufeff").splitlines()[:_HEADER_WITHIN], 1):
        for delimiter in ",;\t":
            try:
                cells = [
                    cell.strip() for cell in next(csv.reader(io.StringIO(written), delimiter=delimiter), [])
                ]
            except csv.Error:
                continue
            if _NAME in cells and _TEXT in cells:
                return line
    return 0


def _workbook(source: Source) -> tuple[list[str], str | None, Iterator[Row | Fault]]:
    links = _links(source)
    sheet = _sheet_rows(source)
    above: list[str] = []
    for line, cells in sheet:
        names = [_written(cell) for cell in cells]
        if _NAME in names and _TEXT in names:
            return names, _address_in(" ".join(above)), _rows(names, sheet, links)
        above += names
        if line >= _HEADER_WITHIN:
            break
    raise InputError(f"no header with '{_NAME}' in the first {_HEADER_WITHIN} lines", where=source.where())


def _rows(
    names: list[str], sheet: Iterator[tuple[int, tuple[Any, ...]]], links: dict[tuple[int, int], str]
) -> Iterator[Row | Fault]:
    number = 0
    for line, cells in sheet:
        if all(cell is None for cell in cells):
            continue
        number += 1
        padded = [*cells, *([None] * (len(names) - len(cells)))][: len(names)]
        made = []
        for at, value in enumerate(padded):
            formula = _FORMULA.match(value) if isinstance(value, str) else None
            made.append(_Cell(value, formula[1] if formula else links.get((line, at))))
        raw = as_bytes(
            {
                name or str(at): _written(value)
                for at, (name, value) in enumerate(zip(names, padded, strict=True))
            }
        )
        yield Row(number, line, made, raw)


def _sheet_rows(source: Source) -> Iterator[tuple[int, tuple[Any, ...]]]:
    with workbook(source) as book:
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), 1)


def _links(source: Source) -> dict[tuple[int, int], str]:
    """Links of the first sheet by line and column: openpyxl gives them only with the whole sheet in memory."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
    from openpyxl.utils.exceptions import CellCoordinatesException

    found: dict[tuple[int, int], str] = {}
    with source.seekable() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                sizes = [(info.compress_size, info.file_size) for info in archive.infolist()]
                source.limits.check(source.name, sum(s[0] for s in sizes), sum(s[1] for s in sizes))
                sheets = sorted(n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n))
                if not sheets:
                    return found
                if len(sheets) > 1:
                    source.warnings["sheets beyond the first, not read"] += len(sheets) - 1
                related = sheets[0].replace("worksheets/", "worksheets/_rels/") + ".rels"
                if related not in archive.namelist():
                    return found
                targets = {}
                for one in _RELATED.finditer(archive.read(related)[:_LINKS_AT_MOST]):
                    given = _attributes(one[1])
                    targets[given.get("Id", "")] = given.get("Target", "")
                for given in _linked(archive, sheets[0]):
                    try:
                        column, line = coordinate_from_string(given.get("ref", "").split(":")[0])
                    except CellCoordinatesException:
                        continue
                    if target := targets.get(given.get("r:id", "")):
                        found[line, column_index_from_string(column) - 1] = target
        except DAMAGED as error:
            what = f"no Excel workbook, or a damaged one ({printable(error, 80)})"
            raise InputError(what, where=source.where()) from None
    return found


def _linked(archive: zipfile.ZipFile, sheet: str) -> Iterator[dict[str, str]]:
    """Attributes of each `hyperlink` of a sheet; they stand behind its rows."""
    tail, held = b"", bytearray()
    with archive.open(sheet) as stream:
        while block := stream.read(1 << 20):
            if held or (at := (tail + block).find(b"<hyperlinks")) < 0:
                if held:
                    held += block
                tail = block[-20:]
            else:
                held += (tail + block)[at:]
            if len(held) > _LINKS_AT_MOST:
                break
    for one in _LINKED.finditer(bytes(held)):
        yield _attributes(one[1])


def _attributes(written: bytes) -> dict[str, str]:
    return {
        key.decode("utf-8", "replace"): html.unescape(value.decode("utf-8", "replace"))
        for key, value in _ATTRIBUTE.findall(written)
    }


# --- recognition


def _is_export(head: Head) -> bool:
    if head.kind == "zip":
        return in_workbook(head, (_NAME,))
    return head.shape == "table" and _header_line(head) > 0


FORMATS = (
    Format(
        "facebook_exportcomments",
        "ExportComments, Facebook comments",
        platform="facebook",
        table="posts",
        tool="ExportComments",
        sniff=_is_export,
        read=read,
        carries="comments, what they answer, names and addresses of authors, likes",
        lacks="the zone and order of dates, which must be declared; comments without a link to them are set aside",
        caveats=("the numbering of answers differs between versions of the tool",),
    ),
)
