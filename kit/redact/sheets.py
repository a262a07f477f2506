"""Tables as CSV that no spreadsheet can run; same table, same bytes, and back again."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from kit.redact.text import unmark, visible

# A cell is live in a spreadsheet when it starts with one of these; where another
# separator than the comma is in force, also what follows that separator.
_LIVE = "(?=[=+\\-@\t＝＋－＠]|\\[U\\+000D\\])"
_FIRST = frozenset("'[=+-@\t＝＋－＠")
_SEPARATOR = re.compile(r"[;|\t\n]")
_GUARD = re.compile(r"(^|[;|\t\n][ \"]*)('*)" + _LIVE)
_GUARDED = re.compile(r"(^|[;|\t\n][ \"]*)'('*)" + _LIVE)


def guarded(text: str) -> str:
    """`text` for a CSV cell: controls visible, an apostrophe before what a spreadsheet would run."""
    shown = visible(text, keep="\n\t", exact=True)
    calm = shown[:1] not in _FIRST and not _SEPARATOR.search(shown)  # most cells
    return shown if calm else _GUARD.sub(r"\1\2'", shown)


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return unmark(_GUARDED.sub(r"\1\2", text))


def _number(value: float) -> str:
    """Whole numbers in full, others to 6 significant digits."""
    if math.isfinite(value) and float(value).is_integer() and abs(value) < 2**53:
        return str(int(value))
    return format(float(value), ".6g")


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return '"' + guarded(value).replace('"', '""') + '"'
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else _number(float(value))
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return '"' + guarded(str(value)).replace('"', '""') + '"'


def _cells(column: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column):
        known = column.dropna()
        if (known == known.dt.normalize()).all():  # days, not moments
            column = column.dt.date
    return [_cell(value) for value in column.tolist()]


def csv_text(table: pd.DataFrame) -> str:
    """`table` as CSV: text always quoted, numbers bare, missing empty; the index is not written."""
    head = ",".join(_cell(str(name)) for name in table.columns)
    cells = [_cells(table.iloc[:, i]) for i in range(table.shape[1])]
    lines = (",".join(row) for row in zip(*cells, strict=True))
    return "\n".join([head, *lines]) + "\n"


def safe_csv(table: pd.DataFrame, path_or_buffer: str | Path | TextIO) -> None:
    """Write `table` as a CSV that no spreadsheet can run; same table, same bytes.

    UTF-8, `\\n` line ends. Text (identifiers too) is quoted, made visible as in
    `visible`, and gets an apostrophe before a leading = + - @, tab, carriage return
    or their full-width forms. Numbers are never prefixed: whole ones are written in
    full, others to 6 significant digits. `read_csv_back` gives the values again.
    """
    text = csv_text(table)
    if isinstance(path_or_buffer, str | Path):
        Path(path_or_buffer).write_bytes(text.encode("utf-8"))
    else:
        path_or_buffer.write(text)


_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^,\n]*)')


def _records(text: str) -> Iterator[list[Any]]:
    """The records of a text written by `csv_text`."""
    record: list[Any] = []
    at = 0
    while at < len(text):
        field = _FIELD.match(text, at)
        assert field is not None  # the pattern matches the empty text too
        record.append(_value(field[2]) if field[1] is None else unguarded(field[1].replace('""', '"')))
        at = field.end() + 1
        if text[at - 1 : at] != ",":
            yield record
            record = []


def _value(bare: str) -> Any:
    if bare == "":
        return None
    if bare in ("true", "false"):
        return bare == "true"
    if re.fullmatch(r"-?\d+", bare):
        return int(bare)
    if re.match(r"\d{4}-\d\d-\d\d", bare):
        return dt.datetime.fromisoformat(bare) if "T" in bare else dt.date.fromisoformat(bare)
    return float(bare)


def read_csv_back(path_or_buffer: str | Path | TextIO) -> pd.DataFrame:
    """The table that `safe_csv` wrote: texts with their original characters, numbers, None."""
    if isinstance(path_or_buffer, str | Path):
        text = Path(path_or_buffer).read_bytes().decode("utf-8")
    else:
        text = path_or_buffer.read()
    head, *rows = _records(text)
    return pd.DataFrame(rows, columns=pd.Index(head, dtype=object), dtype=object)
