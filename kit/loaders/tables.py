"""Rows of any table a person can save: delimited text, XLSX, Parquet, SQLite, flat JSON.

`header(source, options)` gives the names of the columns, `rows(source, options, names)`
the records with one cell for each of `names`, whatever the kind of file.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from kit.errors import InputError, printable
from kit.loaders import sqlite
from kit.loaders.files import Head, Source, delimited, jsons
from kit.loaders.files.delimited import Fault, Row

_ROWS_AT_ONCE = 8_192
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
#: what reading a damaged archive raises
DAMAGED: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
_LOOKED_AT = 200  # JSON objects whose keys count as the columns


def kind(source: Source) -> str:
    """`delimited`, `json`, `xlsx`, `parquet` or `sqlite`; raises for what is none of them."""
    head = source.head()
    if head.kind in ("parquet", "sqlite"):
        return head.kind
    if head.kind == "zip":
        return "xlsx"
    if head.shape in ("lines", "array", "document"):
        return "json"
    if head.shape == "table":
        return "delimited"
    raise InputError(f"this is no table but {head.shape or head.kind}", where=source.where())


def header(source: Source, options: Mapping[str, Any]) -> list[str]:
    """Names of the columns, in the file's order."""
    found = kind(source)
    if found == "delimited":
        return delimited.header(source, _line(options))
    if found == "json":
        # a copy, so that what looks odd in the first records is not counted twice
        first = itertools.islice(jsons.objects(dataclasses.replace(source, warnings=Counter())), _LOOKED_AT)
        return list(dict.fromkeys(key for item in first if not isinstance(item, Fault) for key in item.value))
    if found == "parquet":
        with _parquet(source) as table:
            return list(table.schema_arrow.names)
    if found == "sqlite":
        return sqlite.header(source, options)
    with _sheet(source, options) as sheet:
        names = next(sheet.iter_rows(max_row=_line(options), min_row=_line(options)), ())
        return [str(cell.value).strip() if cell.value is not None else "" for cell in names]


def rows(source: Source, options: Mapping[str, Any], names: list[str]) -> Iterator[Row | Fault]:
    """Each record, its cells in the order of `names`."""
    found = kind(source)
    if found == "delimited":
        place = _places(header(source, options), names)
        for row in delimited.rows(source, _line(options)):
            yield row if isinstance(row, Fault) else row._replace(cells=[row.cells[i] for i in place])
    elif found == "json":
        for item in jsons.objects(source):
            yield (
                item
                if isinstance(item, Fault)
                else Row(item.number, item.line, [item.value.get(name) for name in names], item.raw)
            )
    elif found == "parquet":
        yield from _parquet_rows(source, names)
    elif found == "sqlite":
        yield from sqlite.rows(source, options, names)
    else:
        yield from _sheet_rows(source, options, names)


def types(source: Source) -> dict[str, Any]:
    """The type of each column of a Parquet file; empty for other kinds, whose columns have none."""
    if kind(source) != "parquet":
        return {}
    with _parquet(source) as table:
        return {field.name: field.type for field in table.schema_arrow}


def _places(header: list[str], names: list[str]) -> list[int]:
    return [header.index(name) for name in names]


def _line(options: Mapping[str, Any]) -> int:
    line = options.get("header_line") or 1
    if type(line) is not int or line < 1:
        raise InputError("`header_line` must be a line number from 1 on", found=line)
    return line


@contextmanager
def _parquet(source: Source) -> Iterator[Any]:
    import pyarrow
    import pyarrow.parquet

    with source.seekable() as file:
        try:
            # without the check one damaged byte is read as a wrong value
            yield pyarrow.parquet.ParquetFile(file, page_checksum_verification=True)
        except (pyarrow.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
            hint = "fetch the file again; nothing was read from it"
            what = f"the Parquet file is damaged ({printable(error, 80)})"
            raise InputError(what, where=source.where(), hint=hint) from None


def _parquet_rows(source: Source, names: list[str]) -> Iterator[Row]:
    number = 0
    with _parquet(source) as table:
        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
            columns = [_values(batch.column(batch.schema.names.index(name))) for name in names]
            for cells in zip(*columns, strict=True):
                number += 1
                yield Row(number, None, list(cells), _as_bytes(names, cells))


def _values(column: Any) -> list[Any]:
    """Values of a column; one that Python cannot hold, such as a time in the year 60000, as text."""
    try:
        return column.to_pylist()
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return str(scalar.cast("int64").as_py())


@contextmanager
def _sheet(source: Source, options: Mapping[str, Any], *, stored: bool = False) -> Iterator[Any]:
    """The sheet that the options name, or the only one; `stored` gives results of formulas, not formulas."""
    with workbook(source, stored=stored) as book:
        yield book[_sheet_name(source, options.get("sheet"), book.sheetnames)]


@contextmanager
def workbook(source: Source, *, stored: bool = False) -> Iterator[Any]:
    """An Excel workbook, to be read inside this context; damage raises `InputError` wherever it shows."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    broken: tuple[type[Exception], ...] = (
        InvalidFileException,
        *DAMAGED,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
    )
    with source.seekable() as file:
        _check_size(source, file)
        book = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions that hold no data
                book = openpyxl.load_workbook(file, read_only=True, data_only=stored)
            # openpyxl reads while it is asked for rows, so damage shows only there
            yield book
        except broken as error:
            what = f"no Excel workbook, or a damaged one ({printable(error, 80)})"
            raise InputError(what, where=source.where()) from None
        finally:
            if book is not None:
                book.close()


def _sheet_name(source: Source, wanted: Any, names: list[str]) -> str:
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    shown = ", ".join(f"'{printable(name)}'" for name in names[:8])
    what = "the workbook has several sheets" if wanted is None else f"no sheet '{printable(wanted)}'"
    raise InputError(what, where=source.where(), hint=f"write `sheet:` with one of {shown}")


def _check_size(source: Source, file: Any) -> None:
    """Refuse a workbook that unpacks to far more than it is."""
    try:
        with zipfile.ZipFile(file) as archive:
            packed = sum(info.compress_size for info in archive.infolist())
            source.limits.check(source.name, packed, sum(info.file_size for info in archive.infolist()))
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"no Excel workbook, or a damaged one ({error})", where=source.where()) from None
    file.seek(0)


def _sheet_rows(source: Source, options: Mapping[str, Any], names: list[str]) -> Iterator[Row | Fault]:
    place = _places(header(source, options), names)
    first = _line(options) + 1
    number = 0
    results: Iterator[Any] | None = None
    with _sheet(source, options) as sheet:
        for at, row in enumerate(sheet.iter_rows(min_row=first), first):
            cells = [row[i] if i < len(row) else None for i in place]
            found = [cell.value if cell is not None else None for cell in cells]
            if all(cell.value is None for cell in row):
                continue
            number += 1
            if any(cell is not None and cell.data_type == "f" for cell in cells):
                results = results or _results(source, options)
                stored = next((values for line, values in results if line == at), ())
                given, found = found, [stored[i] if i < len(stored) else None for i in place]
                empty = [i for i, value in enumerate(found) if value is None and given[i] is not None]
                if empty:
                    reason = "a formula without a stored result"
                    shown = printable(given[empty[0]])
                    yield Fault(number, at, names[empty[0]], reason, shown, _as_bytes(names, given))
                    continue
            wrong = [i for i, value in enumerate(found) if isinstance(value, str) and value in _ERRORS]
            if wrong:
                shown = printable(found[wrong[0]])
                yield Fault(
                    number, at, names[wrong[0]], "an error in the cell", shown, _as_bytes(names, found)
                )
                continue
            yield Row(number, at, found, _as_bytes(names, found))


def _results(source: Source, options: Mapping[str, Any]) -> Iterator[tuple[int, tuple]]:
    """Line and stored values of each row: what formulas gave when the workbook was saved."""
    with _sheet(source, options, stored=True) as sheet:
        first = _line(options) + 1
        yield from enumerate(sheet.iter_rows(min_row=first, values_only=True), first)


def _as_bytes(names: Any, cells: Any) -> bytes:
    """A record of a binary table as JSON, to be set aside where its own bytes mean nothing."""

    def plain(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    pairs = {str(name): cell for name, cell in zip(names, cells, strict=False)}
    return json.dumps(pairs, ensure_ascii=False, default=plain).encode("utf-8", "surrogatepass")


def in_workbook(head: Head, names: Iterable[str]) -> bool:
    """Whether the names of the columns stand in the workbook, as far as its first bytes can be unpacked."""
    data, at = head.data, 0
    while (at := data.find(b"PK\x03\x04", at)) >= 0:
        name_length = int.from_bytes(data[at + 26 : at + 28], "little")
        extra = int.from_bytes(data[at + 28 : at + 30], "little")
        member = data[at + 30 : at + 30 + name_length]
        start = at + 30 + name_length + extra
        at += 4
        if not (member.startswith(b"xl/worksheets/sheet") or member == b"xl/sharedStrings.xml"):
            continue
        body = data[start : start + Head.SIZE]
        if int.from_bytes(data[at + 4 : at + 6], "little") == 8:
            try:
                body = zlib.decompressobj(-15).decompress(body, Head.SIZE)
            except zlib.error:
                continue
        if all(name.encode() in body for name in names):
            return True
    return False
