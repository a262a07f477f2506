"""Who stands behind the numbers of a table: told beside them, and kept out of the reader's way."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

MARK = "__"
#: the attribute of a metric's table that says what each account contributes; see `kit.inference.measures`
MEASURE = "measure"


def unmeasured(table: pd.DataFrame) -> pd.DataFrame:
    """The table without what single accounts contributed: as it may be kept, shown and written."""
    if MEASURE not in table.attrs:
        return table
    rest = table.copy()
    rest.attrs = {name: value for name, value in table.attrs.items() if name != MEASURE}
    return rest


def set_aside(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The table without the columns that say who stands behind its numbers, which its attributes keep.

    Such a column is named after the one it is about: `posts__people` (how many accounts wrote them),
    `posts__largest` (the most by one of them), `share__weight` (the largest part of its whole that one
    account holds), `first_day__people` (how many accounts posted on that day), `accounts__held` (1 where a
    number is not told, because it is about few people or would give others away). They are kept in
    `attrs["behind"]` by the values of `keys`, so that rows may be filtered and sorted afterwards.

    >>> t = pd.DataFrame({"group": ["studied"], "posts": [120], "posts__people": [30], "posts__largest": [9]})
    >>> set_aside(t, ["group"]).attrs["behind"]["rows"]
    [[['studied'], {'posts__people': 30, 'posts__largest': 9}]]
    """
    about = [c for c in table.columns if MARK in str(c)]
    if not about:
        return table
    said = table[about].astype(object).itertuples(index=False, name=None)
    names = table[list(keys)].itertuples(index=False, name=None)
    rows = [
        [list(map(str, key)), {c: v for c, v in zip(about, values, strict=True) if not pd.isna(v)}]
        for key, values in zip(names, said, strict=True)
    ]
    rest = table.drop(columns=about)
    rest.attrs = table.attrs | {"behind": {"keys": list(map(str, keys)), "rows": rows}}
    return rest
