"""The two tables, and what their rows say of a column or a term."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from numbers import Real
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kit.locale import _
from kit.schema import GROUPS

_PLACE = Path(__file__).parent
DECLARED = "*"  # what the metric says itself


class Column(NamedTuple):
    """A row of `columns.csv`."""

    name: str
    label: str
    unit: str
    counts: str
    role: str
    of: str
    id: str


class Term(NamedTuple):
    """A row of `terms.csv`."""

    name: str
    label: str
    role: str
    unit: str
    counts: str


def read(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables, each with its English label."""
    with (_PLACE / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row | {"label": row["label"] or _spaced(row["name"].rpartition(".")[2])} for row in rows]


def _spaced(name: str) -> str:
    return name.replace("_", " ")


COLUMNS = {row["name"]: Column(**row) for row in read("columns.csv")}
TERMS = [Term(**row) for row in read("terms.csv")]
#: facts by id
FACTS = {row.name: row.label for row in TERMS if row.role == "fact"}
_LABELS = {row.name: row.label for row in TERMS if row.role != "fact"}
_UNITS = {row.name: row for row in TERMS if row.role == "unit"}
_COUNTED = {row.name for row in TERMS if row.role == "counted"}
_SETTINGS = {row.name: row.unit for row in TERMS if row.role == "setting"}
_IN_TABLES = {row.name for row in TERMS if row.role in ("word", "group", "verdict", "unit")}
#: units whose values are words of some sort, and so written in one way whatever they are
_SAID = ("word", "sentence", "group", "platform", "language", "date")


def column(name: str, metric: str = "") -> Column | None:
    """What is known of a column of a metric's table; None where it is somebody's own."""
    return COLUMNS.get(f"{metric}.{name}") or COLUMNS.get(name)


def label(name: str, metric: str = "", unit: str = "") -> str:
    """The column's name for readers; an estimate that could be read as a bare number says its `unit`."""
    known = column(name, metric)
    shown = _(known.label) if known else _spaced(name)
    return f"{shown} ({term(unit)})" if name == "estimate" and unit == "minutes" else shown


def term(word: str) -> str:
    """A word of the kit for readers: of a table, a setting, a unit, a thing counted; another word as it stands."""
    return _(_LABELS.get(word) or _spaced(word))


def is_term(word: object) -> bool:
    """Whether a value of a table is a word of the kit."""
    return isinstance(word, str) and word in _IN_TABLES


def capital(text: str) -> str:
    """`text` as it begins a line; single letters such as n and p stay small."""
    return text[:1].upper() + text[1:] if len(text) > 1 else text


def group(name: str) -> str:
    """A group's name for readers, as it begins a line; another word as it stands."""
    return capital(term(name)) if name in (*GROUPS, "repliers") else name


def measured(declared: str) -> str:
    """How a number in this unit is written: share, count, ratio, days …; a stranger's unit may say share."""
    if declared in _UNITS:
        return _UNITS[declared].unit
    return "share" if declared.startswith("share") else ""


def unit(name: str, metric: str = "", declared: str = "") -> str:
    """How the values of a column are measured; `declared` is the unit that the metric says. Empty if not known."""
    known = column(name, metric)
    if known is None:
        return ""
    return measured(declared) if known.unit == DECLARED else known.unit


def counts(name: str, metric: str = "", unit: str = "", n_unit: str = "") -> str:
    """What a column counts (accounts, people, posts …), in the words of `terms.csv`; empty where nothing.

    `unit` and `n_unit` are what the metric says of its estimate and of `n`.
    """
    known = column(name, metric)
    if known is None:
        return ""
    if known.counts != DECLARED:
        return known.counts
    said = n_unit if known.role == "size" else unit
    return _UNITS[said].counts if said in _UNITS else ""


def unit_counts(declared: str) -> str:
    """What a unit counts: of `share of posts` posts; a thing counted stands for itself; else nothing."""
    if declared in _UNITS:
        return _UNITS[declared].counts
    return declared if declared in _COUNTED else ""


def ranges(names: Iterable[str], metric: str = "") -> dict[str, tuple[str, str]]:
    """Pairs of columns between which a count lies, by the name they share: `unique` of `unique_low`, `unique_high`."""
    known = [found for name in names if (found := column(name, metric)) and found.unit == "count"]
    low = {c.name.removesuffix("_low") for c in known if c.role == "low"}
    high = {c.name.removesuffix("_high") for c in known if c.role == "high"}
    return {stem: (f"{stem}_low", f"{stem}_high") for stem in sorted(low & high)}


def kind(name: str, values: Any, metric: str = "", declared: str = "") -> str:
    """How the values of a column (a list or Series) are written; where the column is somebody's own, they tell.

    `declared` is the unit that the metric says of its estimate.
    """
    known = unit(name, metric, declared)
    if known in _SAID:
        return known
    given = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    if not _numeric(given, known):
        return "date" if pd.api.types.is_datetime64_any_dtype(given) and known != "time" else "text"
    if known in ("share", "p"):
        return known
    if not known and (name == "year" or name.endswith("_year")):
        return "year"
    whole = pd.api.types.infer_dtype(given, skipna=True) == "integer"
    return "count" if known == "count" or whole else "number"


def _numeric(given: pd.Series, known: str) -> bool:
    """Whether all values are numbers; of a column without any its unit tells."""
    if known in ("text", "time", "yes or no") or pd.api.types.is_bool_dtype(given):
        return False
    if pd.api.types.is_numeric_dtype(given):
        return True
    filled = [value for value in given.dropna() if not isinstance(value, Real) or isinstance(value, bool)]
    return not filled and (given.notna().any() or known not in ("", "id"))


def setting_kind(name: str, value: Any) -> str:
    """How the value of a setting is written."""
    known = _SETTINGS.get(name, "")
    if isinstance(value, str):
        return known if known in _SAID else "text"
    return known or "number"
