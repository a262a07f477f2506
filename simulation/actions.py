"""Shares of objects by accounts at times, as integer keys: popular objects, busy accounts, planted groups.

For measuring the search for pairs, and for testing it where brute force is too slow. Objects
and accounts are popular by Zipf's law, an object is shared mostly in the hours after its birth,
and members of planted groups share objects within seconds of each other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.draws import Draws

DAY = 86_400_000  # ms
DAYS = 30
START = 1_577_836_800_000  # 2020-01-01 UTC
OBJECTS, ACCOUNTS = 4, 20  # shares for each object that could be drawn, and for each account
SKEW_OBJECT, SKEW_ACCOUNT = 0.75, 0.6
HALF, SPREAD = 7_200_000, 1.5  # median ms from an object's birth to a share; sigma of its logarithm
PLANTED = 100  # shares for each planted one
TOGETHER = 15_000  # ms within which a planted group shares an object


def actions(
    n: int, *, seed: int = 7, several: float = 0.0, viral: int = 0, viral_shares: int = 100_000
) -> pd.DataFrame:
    """`n` shares in random order: object, account, post (keys from 1), time (ms), group (-1: not planted).

    About `several` of the shares stand in the same post as the share drawn before them, so that
    a post can have several objects. On top come `viral` objects with `viral_shares` shares
    within one minute each, by the same accounts.
    """
    draws = Draws(seed, "actions")
    accounts, objects = max(n // ACCOUNTS, 50), max(n // OBJECTS, 50)
    birth = draws.below(DAYS * DAY, objects)
    planted = _groups(draws, n, accounts, birth)
    base = n - len(planted)
    object_ = _zipf(draws, objects, SKEW_OBJECT, base)
    account = draws.order(accounts)[_zipf(draws, accounts, SKEW_ACCOUNT, base)]
    delay = HALF * np.exp(SPREAD * draws.normal(base))
    time = birth[object_] + np.minimum(delay, DAYS * DAY).astype(np.int64)
    post = np.arange(base)
    same = np.flatnonzero(draws.chance(several, base))
    for i in same[same > 0].tolist():  # in order, so that a post can have more than two objects
        account[i], time[i], post[i] = account[i - 1], time[i - 1], post[i - 1]
    parts = [_table(object_, account, post, time, np.full(base, -1)), planted]
    for number in range(viral):
        moment = draws.below(DAYS * DAY, 1)
        when = moment + draws.below(60_000, viral_shares)
        who = draws.below(accounts, viral_shares)
        post = n + number * viral_shares + np.arange(viral_shares)
        parts.append(
            _table(np.full(viral_shares, objects + number), who, post, when, np.full(viral_shares, -1))
        )
    table = pd.concat(parts, ignore_index=True)
    return table.iloc[draws.order(len(table))].reset_index(drop=True)


def _table(
    object_: np.ndarray, account: np.ndarray, post: np.ndarray, time: np.ndarray, group: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "object": object_ + 1,
            "account": account + 1,
            "post": post + 1,
            "time": time + START,
            "group": group,
        }
    )


def _zipf(draws: Draws, size: int, skew: float, n: int) -> np.ndarray:
    """`n` of `size` things, the r-th most popular in proportion to r to the power -skew."""
    return draws.pick(np.arange(1, size + 1, dtype=float) ** -skew, n)


def _groups(draws: Draws, n: int, accounts: int, birth: np.ndarray) -> pd.DataFrame:
    """The last of `n` shares, by groups of 10 to 39 accounts; four in five members join in each time."""
    shares, groups = n // PLANTED, max(2, n // 50_000)
    members = [draws.below(accounts, int(size)) for size in 10 + draws.below(30, groups)]
    columns: list[list[np.ndarray]] = [[], [], [], []]
    left = shares
    while left > 0:
        group = int(draws.below(groups, 1)[0])
        here = np.unique(members[group])
        here = here[draws.chance(0.8, len(here))][:left]
        shared = int(draws.below(len(birth), 1)[0])
        when = birth[shared] + draws.below(DAY, 1) + draws.below(TOGETHER, len(here))
        rows = (np.full(len(here), shared), here, when, np.full(len(here), group))
        for column, values in zip(columns, rows, strict=True):
            column.append(values)
        left -= len(here)
    object_, account, time, number = (
        np.concatenate(column) if column else np.empty(0, np.int64) for column in columns
    )
    return _table(object_, account, np.arange(n - shares, n), time, number)
