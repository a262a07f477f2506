"""What a metric needs, and what becomes of its numbers where the exports could not tell it.

`needs` of `@metric` names columns of the exports (`posts.reply_to_id`), tables (`mentions`), or what the report
gives (`report.roster`). Where the exports of a group could not tell one of them, the numbers of that group are
missing: a 0 would say that there was nothing. The table keeps in its attribute `not_recorded` which rows and columns are
meant, and why (`kit.words.recorded` reads it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from kit.schema import GROUPS
from kit.words import column as column_row
from kit.words.recorded import ATTRIBUTE, Gap, mask

#: roles of columns that hold what was counted or measured
_NUMBERS = ("count", "size", "share", "estimate", "low", "high", "measure", "p", "date")
_FACT = ("value", "label", "n")


class Need(NamedTuple):
    """Names that are needed for some rows or columns of a table only, or under some settings."""

    names: tuple[str, ...]
    setting: tuple[str, Any] | None = None
    row: tuple[str, Any] | None = None
    columns: tuple[str, ...] = ()


Needs = Iterable[str | Need]


def with_setting(setting: str, by_value: Mapping[Any, Iterable[str]]) -> tuple[Need, ...]:
    """What is needed beside where a setting has one of these values."""
    return tuple(Need(tuple(names), setting=(setting, value)) for value, names in by_value.items())


def in_rows(column: str, by_value: Mapping[Any, Iterable[str]]) -> tuple[Need, ...]:
    """What is needed of the rows that have one of these values in `column`."""
    return tuple(Need(tuple(names), row=(column, value)) for value, names in by_value.items())


def in_columns(columns: Iterable[str], names: Iterable[str]) -> tuple[Need, ...]:
    """What is needed for some columns of numbers, and not for the others."""
    return (Need(tuple(names), columns=tuple(columns)),)


def names_of(needs: Needs) -> list[str]:
    """Every name that is needed for something."""
    every = [need if isinstance(need, str) else need.names for need in needs]
    return list(dict.fromkeys(name for one in every for name in ([one] if isinstance(one, str) else one)))


def blanked(
    case: Any, table: pd.DataFrame, needs: Needs, settings: Mapping[str, Any], metric: str
) -> pd.DataFrame:
    """The table without the numbers that its exports could not tell, and with what is missing in its attributes."""
    gaps = [gap for need in _asked(needs, settings) for gap in _gaps(case, table, need)]
    table = _without_nothing(table)
    if not gaps:
        return table
    table = _with_rows(table, gaps)
    gaps = [gap for gap in gaps if "group" in table or not gap["where"] or mask(table, gap).any()]
    for gap in gaps:
        names = [c for c in table.columns if c not in gap["where"] and _is_number(table, str(c), metric)]
        if "id" in table and "value" in table:
            names = [c for c in _FACT if c in table]
        gap["columns"] = [c for c in names if not gap["columns"] or c in gap["columns"]]
    table.attrs[ATTRIBUTE] = gaps
    return _cleared(table, gaps)


def _asked(needs: Needs, settings: Mapping[str, Any]) -> list[Need]:
    """The needs that hold under these settings; plain names together are one."""
    plain = tuple(need for need in needs if isinstance(need, str))
    others = [need for need in needs if isinstance(need, Need)]
    held = [n for n in others if n.setting is None or settings.get(n.setting[0]) == n.setting[1]]
    return [*([Need(plain)] if plain else []), *held]


def _gaps(case: Any, table: pd.DataFrame, need: Need) -> list[Gap]:
    """Which rows of the table a need leaves without numbers."""
    gaps = []
    for place in _places(case, table):
        missing = [name for name in need.names if not case.knows(name, **place)]
        if missing:
            where = dict([need.row]) if need.row else {}
            columns = list(need.columns)
            gaps.append(Gap(where=place | where, columns=columns, because=missing, whole=not columns))
    return gaps


def _places(case: Any, table: pd.DataFrame) -> list[dict[str, str]]:
    """The groups of a table, or groups and platforms; a table without either stands for all that is compared."""
    if "group" not in table:
        return [{}]
    if "platform" not in table or table.empty or table["platform"].isna().any():
        return [{"group": group} for group in case.groups]
    found = table[["group", "platform"]].drop_duplicates().itertuples(index=False)
    pairs = [{"group": str(g), "platform": str(p)} for g, p in found if g in GROUPS]
    lacking = [g for g in case.groups if g not in set(table["group"])]
    return pairs + [{"group": group} for group in lacking]


def _is_number(table: pd.DataFrame, name: str, metric: str) -> bool:
    row = column_row(name, metric)
    if row is not None:
        return row.role in (*_NUMBERS, "verdict", "text") and name != "sentence"
    return pd.api.types.is_numeric_dtype(table[name])


def _without_nothing(table: pd.DataFrame) -> pd.DataFrame:
    """The table without estimates of nothing: where `n` is 0 there is none, and no interval."""
    ends = [c for c in ("estimate", "low", "high") if c in table]
    if "n" not in table or "estimate" not in ends or not len(table):
        return table
    nothing = pd.to_numeric(table["n"], errors="coerce").eq(0)
    if nothing.any():
        table = table.copy()
        for name in ends:
            table[name] = pd.to_numeric(table[name]).astype(float).mask(nothing)
    return table


def _with_rows(table: pd.DataFrame, gaps: list[Gap]) -> pd.DataFrame:
    """The table with a row for each group that lacks its one row, or its fact."""
    facts = "id" in table and "value" in table and "unit" in table
    single = "group" in table and "n" in table and not table["group"].duplicated().any() and len(table)
    rows: list[dict[str, Any]] = []
    for gap in gaps:
        place = gap["where"]
        if set(place) == {"group", "id"} and facts:
            rows.append({"unit": _unit(table, place["id"])} | place)
        elif set(place) == {"group"} and single and not facts:
            rows.append(dict(place))
    rows = [r for r in rows if r["group"] != "context" or "context" in set(table["group"])]
    new = [r for r in rows if not mask_of(table, r).any()]
    if not new:
        return table
    more = [
        {name: row.get(name) for name in table.columns} for row in {tuple(r.items()): r for r in new}.values()
    ]
    whole = pd.DataFrame(table.astype(object).to_dict("records") + more, columns=table.columns, dtype=object)
    for name, column in table.items():
        if column.dtype != object:
            whole[name] = whole[name].astype(_with_gaps(column.dtype))
    whole.attrs = table.attrs
    return whole


def _with_gaps(dtype: Any) -> Any:
    """The kind of a column that can miss values: whole numbers stay whole."""
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean"
    return "Int64" if pd.api.types.is_integer_dtype(dtype) else dtype


def _unit(table: pd.DataFrame, id_: str) -> str:
    """The unit of a fact, where another group has it."""
    units = table.loc[table["id"] == id_, "unit"]
    return str(units.iloc[0]) if len(units) else ""


def mask_of(table: pd.DataFrame, values: Mapping[str, Any]) -> pd.Series:
    """Which rows have these values, of group and of what tells them apart."""
    found = pd.Series(True, index=table.index)
    for name in set(values) & {"group", "platform", "id"}:
        found &= table[name] == values[name]
    return found


def _cleared(table: pd.DataFrame, gaps: list[Gap]) -> pd.DataFrame:
    """The table with nothing in the cells that are not recorded; its verdicts say that it cannot be told."""
    table, attrs = table.copy(), table.attrs
    for gap in gaps:
        rows = mask(table, gap)
        for name in gap["columns"]:
            table[name] = _missing(table[name], rows)
        if "verdict" in gap["columns"]:
            table["verdict"] = table["verdict"].astype(object).mask(rows, "inconclusive")
        if "sentence" in table and not gap["where"].keys() - {"group", "platform"}:
            table["sentence"] = table["sentence"].astype(object).mask(rows, "not_recorded")
    table.attrs = attrs
    return table


def _missing(column: pd.Series, rows: pd.Series) -> pd.Series:
    if column.dtype == object:
        return column.where(~rows, None)
    return column.astype(_with_gaps(column.dtype)).mask(rows)
