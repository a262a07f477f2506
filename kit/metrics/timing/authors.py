"""Who stands behind the posts of a test: how many accounts, how much of it is one's, and on which days."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import STEP
from kit.metrics.joining import singly
from kit.metrics.timing.posts import clock_of, of_subset, usable
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY


def behind(accounts: np.ndarray, name: str = "n") -> dict[str, float]:
    """`name__people` and `name__largest` of posts (or units) by these accounts, one entry a post.

    >>> behind(np.array([4, 4, 7]))
    {'n__people': 2, 'n__largest': 2}
    """
    _who, counts = np.unique(accounts, return_counts=True)
    return {f"{name}__people": len(counts), f"{name}__largest": int(counts.max(initial=0))}


def weight(accounts: np.ndarray) -> float:
    """The part of the posts that the account with most of them holds; NaN where there is none."""
    return behind(accounts)["n__largest"] / len(accounts) if len(accounts) else float("nan")


def of_median(values: np.ndarray, accounts: np.ndarray) -> int:
    """0 where ten accounts have values on either side of the median, so that it may be told; else 1."""
    if not len(values):
        return 1
    middle = np.median(values)
    sides = (accounts[values <= middle], accounts[values >= middle])
    return int(min(len(np.unique(side)) for side in sides) < STEP)


def each_day(case: Any, *, subset: str = "all", clock: str | None = None) -> pd.DataFrame:
    """Posts of each account on each local day: group, day, account_key, posts; stamps of a day count."""
    return case.sql(
        f"""SELECT "group", {LOCAL_DAY} AS day, account_key, count(*) AS posts FROM posts
            WHERE {usable("day")} AND {of_subset(subset)} GROUP BY 1, 2, 3 ORDER BY {group_order()}, 2, 3""",
        clock=clock_of(case, clock),
    )


def within(each: pd.DataFrame, group: str, first: Any, last: Any) -> tuple[int, int, int]:
    """Posts from one day to another, by how many accounts, and the most by one; who is not known is one, and nobody."""
    days = pd.to_datetime(each["day"])
    mine = each[(each["group"] == group) & days.between(pd.Timestamp(first), pd.Timestamp(last))]
    sums = mine.groupby(mine["account_key"].fillna(-1))["posts"].sum()
    return int(sums.sum()), int((sums.index >= 0).sum()), int(sums.max()) if len(sums) else 0


def told(case: Any, each: pd.DataFrame, group: str, first: Any, last: Any) -> bool:
    """Whether the edition may say that something happened in these days: ten accounts posted in them."""
    return singly(case, group) or within(each, group, first, last)[1] >= STEP
