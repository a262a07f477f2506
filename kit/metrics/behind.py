"""Who stands behind the numbers of a metric.

What the public edition may say of a number depends on how many people did it and on how much one of
them did (`kit.disclosure`). `tallied` counts both beside the number. Series are joined in `kit.metrics.joining`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import STEP

ACCOUNT = "account_key"


def inferred(table: pd.DataFrame) -> pd.DataFrame:
    """`table`, marked as saying what nobody published, also of accounts whose list a platform published."""
    table.attrs["inferred"] = True
    return table


def tallied(rows: pd.DataFrame, keys: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """The sum of each of `numbers` by `keys`, with who did it: `posts`, `posts__people`, `posts__largest`.

    `rows` has `keys`, account_key and `numbers`. What unknown authors did counts as one author's at
    most, and none is counted.

    >>> rows = pd.DataFrame({"group": "studied", "account_key": [1, 1, 2, 3], "posts": [4, 5, 2, 0]})
    >>> tallied(rows, ["group"], ["posts"])
         group  posts  posts__people  posts__largest
    0  studied     11              2               9
    """
    whole = rows.assign(**{ACCOUNT: rows[ACCOUNT].fillna(-1)})
    each = whole.groupby([*keys, ACCOUNT], dropna=False)[list(numbers)].sum().reset_index()
    known = each[ACCOUNT] >= 0
    wanted: dict[str, Any] = {}
    for name in numbers:
        each[f"{name}__people"] = ((each[name] > 0) & known).astype(int)
        wanted |= {name: (name, "sum"), f"{name}__people": (f"{name}__people", "sum")}
        wanted[f"{name}__largest"] = (name, "max")
    return each.groupby(list(keys), dropna=False).agg(**wanted).reset_index()


def weight(hits: Any, posts: Any) -> float:
    """To how fine a part a share of posts may be told: `posts` and those of them that count, account by account.

    The largest part of all that one account holds; where fewer than ten accounts have some that count, or some
    that do not, at least ten posts, so that those few cannot be worked out.
    """
    hits, posts = np.asarray(hits, float), np.asarray(posts, float)
    if not posts.sum():
        return float("nan")
    few = any(0 < n < STEP for n in ((hits > 0).sum(), (posts > hits).sum()))
    return min(1.0, float(max(posts.max(), STEP if few else 1) / posts.sum()))


def weighed(rows: pd.DataFrame, keys: Sequence[str], hits: str, posts: str) -> pd.DataFrame:
    """`tallied` for `hits` and `posts` of rows, with their share and how fine it may be told (`weight`)."""
    table = tallied(rows.assign(rest=rows[posts] - rows[hits]), keys, [hits, posts, "rest"])
    few = table[[f"{hits}__people", "rest__people"]].apply(lambda n: n.between(1, STEP - 1)).any(axis=1)
    whole = table[posts].where(table[posts] > 0)
    table["share"] = table[hits] / whole
    table["share__weight"] = (
        table[f"{posts}__largest"].mask(few, table[f"{posts}__largest"].clip(lower=STEP)) / whole
    ).clip(upper=1)
    return table.drop(columns=[c for c in table if c == "rest" or c.startswith("rest__")])
