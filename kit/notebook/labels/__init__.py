"""Names of columns for readers, and how their values are written."""

from __future__ import annotations

import re

import pandas as pd

from kit.locale import _
from kit.notebook.labels.columns import LABELS
from kit.notebook.labels.terms import CLOSED, REASONS, SETTINGS, TERMS

__all__ = ["CLOSED", "LABELS", "REASONS", "SETTINGS", "TERMS", "kind", "label", "term"]


def term(word: str) -> str:
    """A word of the kit in the reader's language; another word as it stands."""
    return _(SETTINGS.get(word) or TERMS.get(word) or word.replace("_", " "))


def label(column: str) -> str:
    """The column's name in the reader's language; its own name where none is known."""
    return _(LABELS[column]) if column in LABELS else column.replace("_", " ")


def kind(name: str, values: pd.Series, unit: str = "") -> str:
    """How the values of a column are written: text, count, number, share, p or date."""
    if pd.api.types.is_bool_dtype(values):
        return "text"
    if pd.api.types.is_integer_dtype(values):
        return "count"
    if pd.api.types.is_numeric_dtype(values):
        if (
            name in ("share", "share_from", "share_to")
            or name.endswith("_share")
            or re.match(r"(false_alarm|right)_(low|high)$", name)
            or (name in ("estimate", "low", "high") and unit.startswith("share"))
        ):
            return "share"
        return "p" if name in ("p", "p_prevalence", "p_overlap") else "number"
    named = name in ("day", "period_start") or re.search(r"_day(_low|_high)?$", name)
    if named or pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "text"
