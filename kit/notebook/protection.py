"""What the edition in use may show of tables, facts and findings: in public every number by the rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit import disclosure
from kit.disclosure import Bounds, Quantity, rows
from kit.disclosure.personal import redacted
from kit.locale import listening, within
from kit.locale.later import Text
from kit.schema.behind import unmeasured
from kit.words import recorded


def bounds(case: Any) -> Bounds:
    """The most posts and placements of one account of each group, and the groups that anybody can count."""
    posts = case.sql("""SELECT "group", max(n) AS n FROM (
        SELECT "group", account_key, count(*) AS n FROM all_posts WHERE account_key IS NOT NULL GROUP BY 1, 2) GROUP BY 1""")
    placed = case.sql("""SELECT "group", max(n) AS n FROM (
        SELECT p."group", p.account_key, count(*) AS n FROM placements JOIN all_posts p USING (post_key)
        WHERE p.account_key IS NOT NULL GROUP BY 1, 2) GROUP BY 1""")
    # other repliers who stand as the control of a finding are called what they are
    beside = {"control": getattr(case, "against", "control")}
    pairs = [
        dict(zip(t["group"].replace(beside), t["n"].astype(float), strict=True)) for t in (posts, placed)
    ]
    return Bounds(pairs[0], pairs[1], frozenset(case.report.exact))


def shown(
    case: Any, table: pd.DataFrame, units: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, list[Quantity]]:
    """The table as the edition may show it, and what it says to the auditor."""
    table = unmeasured(table)
    if case.edition != "public":
        return recorded.marked(table, table), []
    rows.check(case, table)
    table = _without_personal_data(table)
    found = disclosure.protect(table, bounds(case), units=units, before=case.report.shown_before)
    return recorded.marked(found.table, table), found.quantities


def remark(case: Any, text: str | Mapping[str, str]) -> str | Mapping[str, str]:
    """Words of the analyst as the edition may show them: in public without personal data of anybody."""
    if case.edition != "public" or isinstance(text, Text):
        return text
    if isinstance(text, Mapping):
        return {language: _redacted(said, language) for language, said in text.items()}
    return redacted(text)[0]


def _redacted(text: str, language: str) -> str:
    # each language has its own text here: nothing is bound to the one in use
    with within(language), listening():
        return redacted(text)[0]


def _without_personal_data(table: pd.DataFrame) -> pd.DataFrame:
    """A table of somebody's own without telephone numbers, addresses and the like in its texts."""
    if "metric" in table.attrs:
        return table
    found = table.copy()
    for place, name in enumerate(table.columns):
        values = table.iloc[:, place]
        if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
            found[name] = [redacted(v)[0] if isinstance(v, str) else v for v in values]
    return found


def fact(case: Any, table: pd.DataFrame, place: int) -> tuple[dict[str, Any], list[Quantity]]:
    """A row of a table of facts as the edition may show it, with what stands in words under `shown`."""
    row = table.iloc[place]
    unknown = bool(recorded.rows(table).iloc[place])
    if case.edition != "public" or unknown:
        kinds = {"value": [recorded.KIND], "n": [recorded.KIND]} if unknown else {}
        return {"value": row.value, "n": row.n, "label": row.label, "shown": kinds}, []
    found = disclosure.protect_fact(table, place, bounds(case), before=case.report.shown_before)
    return found.row, found.quantities


def studied_and_control(
    table: pd.DataFrame, group: str = "control"
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The rows of a metric's table for the studied and for `group`, each with what stands in words under `shown`."""
    said: Mapping[str, Mapping[int, list[Any]]] = table.attrs.get("shown", {})
    found: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(table.to_dict("records")):
        kinds = {name: held[place] for name, held in said.items() if place in held}
        found[str(row.get("group"))] = {str(k): v for k, v in row.items()} | {"shown": kinds}
    return found.get("studied"), found.get(group)


def item_kinds(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, list[Any]]:
    """What an item shows in words, by its own names; `names` are those of the table's columns."""
    kinds = row.get("shown", {})
    return {own: kinds[column] for own, column in names.items() if column in kinds}
