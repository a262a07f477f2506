"""What a shown table or picture is made of."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kit import redact, words
from kit.locale import _
from kit.words import recorded

ROWS = 20  # rows printed in a notebook; the CSV holds all

__all__ = ["ROWS", "cells", "exact", "picture", "plain", "table_object", "table_text"]


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


def table_object(
    table: pd.DataFrame, name: str, title: str, note: str | None, *, no_control: bool = False
) -> dict[str, Any]:
    """The kit's own object of a table: columns with labels and kinds, and its rows."""
    notes = [note] if note else []
    if no_control:
        notes.append(_("No control was available."))
    if told := recorded.note(table):
        notes.append(told)
    elif table.empty:
        notes.append(_("Nothing of this kind was found."))
    unit, metric = str(table.attrs.get("unit", "")), str(table.attrs.get("name", ""))
    head = table.head(200)
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
        "rows": [[plain(v) for v in row] for row in head.itertuples(index=False, name=None)],
        "rows_total": len(table),
        "note": " ".join(notes) or None,
    } | _unknown(head)


def _unknown(table: pd.DataFrame) -> dict[str, list[list[int]]]:
    """The places of cells that are not recorded, by row and column; nothing where all are."""
    places = np.argwhere(recorded.cells(table).to_numpy(bool)).tolist()
    return {recorded.ATTRIBUTE: places} if places else {}


def cells(content: dict[str, Any], most: int = ROWS) -> list[list[str]]:
    """The first rows of a table's object as a reader sees them."""
    unknown = {tuple(place) for place in content.get(recorded.ATTRIBUTE, ())}
    return [
        [
            _(recorded.NOT_RECORDED) if (i, j) in unknown else words.written(value, column["kind"])
            for j, (value, column) in enumerate(zip(row, content["columns"], strict=True))
        ]
        for i, row in enumerate(content["rows"][:most])
    ]


def table_text(content: dict[str, Any]) -> str:
    """The first rows of a table as text: what nbval compares."""
    rows = cells(content)
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
