"""What a shown table or picture is made of."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kit import redact, words
from kit.locale import _, ngettext
from kit.words import recorded

ROWS = 20  # rows printed in a notebook; the CSV holds all

__all__ = ["ROWS", "exact", "picture", "plain", "table_object", "table_text"]


def plain(value: Any) -> Any:
    """`value` as plain data, floats to six significant digits so that machines agree."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return None if not np.isfinite(value) else float(f"{value:.6g}")
    if isinstance(value, (pd.Timestamp, dt.datetime, dt.date)):
        return str(value)[:10] if str(value)[11:] in ("", "00:00:00") else str(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return redact.safe_text(str(value))


def exact(value: Any) -> Any:
    """`value` as plain data with all its digits, for a sentence; None where there is no number."""
    if isinstance(value, (float, np.floating)) and not isinstance(value, bool):
        return None if np.isnan(value) else float(value)
    return plain(value)


def with_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """The table for a file: beside a column of which some numbers stand in words, what is shown of each.

    Where something is not recorded, a last column says of each row because of what.
    """
    said, reasons = table.attrs.get("shown", {}), recorded.reasons(table)
    columns = {}
    for name in table.columns:
        columns[name] = table[name]
        if held := said.get(str(name)):
            columns[f"{name}_shown"] = pd.Series(
                [_code(held[row]) if row in held else None for row in range(len(table))],
                table.index,
                dtype=object,
            )
    if any(reasons):
        columns[recorded.ATTRIBUTE] = pd.Series(reasons, table.index, dtype=object)
    return pd.DataFrame(columns, index=table.index)


def _code(shown: list[Any]) -> str:
    """What is shown of a number, for a program: `small`, `under 0.05`."""
    return " ".join(str(plain(part)) for part in shown)


def _whole(value: Any) -> Any:
    """A whole number as one: a column with gaps holds floats."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    """The first rows as plain data; what is not shown as a number in words."""
    said = table.attrs.get("shown", {})
    names = [str(c) for c in table.columns]
    return [
        [
            words.instead(said.get(name, {}).get(place)) or _whole(plain(value))
            for name, value in zip(names, row, strict=True)
        ]
        for place, row in enumerate(table.head(200).itertuples(index=False, name=None))
    ]


def table_object(table: pd.DataFrame, name: str, title: str, *, no_control: bool = False) -> dict[str, Any]:
    """The kit's own object of a table: columns with labels and kinds, and its rows."""
    notes = []
    if no_control:
        notes.append(_("No control was available."))
    if left := table.attrs.get("left_out"):
        said = ngettext(
            "The posts of {n} export, which does not record this, are left out.",
            "The posts of {n} exports, which do not record this, are left out.",
            left,
        )
        notes.append(said.format(n=left))
    if told := recorded.note(table):
        notes.append(told)
    elif table.empty:
        notes.append(_("Nothing of this kind was found."))
    unit, metric = str(table.attrs.get("unit", "")), str(table.attrs.get("name", ""))
    return {
        "name": name,
        "title": title or name,
        "csv": f"{name}.csv",
        "columns": [
            {
                "name": str(c),
                "label": words.label(str(c), metric, unit),
                "kind": words.kind(str(c), table[c], metric, unit),
            }
            for c in table.columns
        ],
        "rows": _rows(table),
        "rows_total": len(table),
        "note": " ".join(notes) or None,
    }


def table_text(content: dict[str, Any]) -> str:
    """The first rows of a table as text: what nbval compares."""
    rows = [
        [words.written(v, c["kind"]) for v, c in zip(row, content["columns"], strict=True)]
        for row in content["rows"][:ROWS]
    ]
    head = [c["label"] for c in content["columns"]]
    widths = [max(len(r[i]) for r in [head, *rows]) for i in range(len(head))]
    left = [c["kind"] not in ("count", "number", "share", "p") for c in content["columns"]]
    lines = [
        "  ".join(
            v.ljust(w) if is_left else v.rjust(w) for v, w, is_left in zip(r, widths, left, strict=True)
        ).rstrip()
        for r in [head, *rows]
    ]
    more = content["rows_total"] - len(rows)
    if more > 0:
        lines.append(_("… {n} more rows in {csv}").format(n=more, csv=content["csv"]))
    if content["note"]:
        lines.append(content["note"])
    return "\n".join([content["title"], *lines])


def picture(ax: Axes, alt: str, name: str) -> tuple[bytes, dict[str, Any]]:
    """PNG bytes of the figure of `ax`, the same for the same rows, and its metadata with alt text."""
    buffer = io.BytesIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue(), {"image/png": {"alt": redact.safe_text(alt), "name": name}}
