"""No row of a public table stands for one account, also not under a pseudonym.

A pseudonym hides a name, not a person: one row of it with a day, a number of followers or a target is found by a search.
So a table that still holds what tells accounts apart does not leave; counted first, it may.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from kit.errors import MetricError
from kit.schema import DERIVED, TABLES

#: keys that stand for things which many accounts can share, so that a row of them is no row of one account
THINGS = frozenset(
    "near_duplicate_key object_key source_key media_key item_key copy_key loose_key agreed_key open_key "
    "indicator_key media_id incident_id".split()
)
#: columns that tell accounts, their posts or persons apart: whatever else identifies or joins
APART = frozenset(
    column.name
    for table in (TABLES | DERIVED).values()
    for column in table
    if column.identity or column.name.endswith(("_key", "_id"))
) - THINGS | {"pseudonym", "handle", "display_name"}
_HINT = "Count accounts by something they share, or open the internal edition."


def _bare(name: object) -> str:
    """A column's name however it is written: Account_ID, "account id", p.account_key."""
    return re.sub(r"[\W_]+", "", str(name).rpartition(".")[2].casefold())


_NAMES = frozenset(map(_bare, APART))
_PSEUDONYM = re.compile(r"(?<![a-z0-9])[a-z2-7]{12}(?![a-z0-9])")


def check(case: Any, table: pd.DataFrame) -> None:
    """Refuse a table of the public edition with a row per account, naming the column that says so."""
    if case.edition != "public":
        return
    for column in table.columns:
        if _bare(column) in _NAMES:
            raise MetricError(f"column '{column}' tells accounts apart, also under a pseudonym", hint=_HINT)
    for place, column in enumerate(table.columns):
        if _names_accounts(case, table.iloc[:, place]):
            raise MetricError(f"column '{column}' holds pseudonyms of accounts", hint=_HINT)


def _names_accounts(case: Any, values: pd.Series) -> bool:
    """Whether a pseudonym of the case stands in a column, alone or in a text."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    texts = {str(value).casefold() for value in values.dropna()}
    words = sorted({word for text in texts for word in _PSEUDONYM.findall(text)})
    return bool(words) and bool(case.accounts_called(words))
