"""Who says the same text, and how soon after one another?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import estimates, metric, positive
from kit.metrics.texts.copies import copies
from kit.schema import times

WINDOWS = (60, 600, 3600, 28800)  # seconds


@metric(
    N_("Share of accounts that post or pass on the same text soon after another"),
    unit="share of accounts",
    n_unit="accounts",
)
def copied_within(case: Any, *, window_s: float = 60, reposts: bool = True) -> pd.DataFrame:
    """What share of active accounts posts or passes on a text within `window_s` seconds of another account?

    Columns: group, window_s, n (accounts with a post in the period, the same number in each group),
    estimate, low, high (share of accounts), all_accounts (accounts of the group).
    Formula: accounts with a post that another account of the group made too, at most `window_s` seconds
    before or after / accounts; the same post is the same exact text, or a repost of the same post. Larger group cut to the
    smaller one's size (`at_size`).
    Missing: posts without text or author, or whose time is estimated or coarser than the window (a minute
    taken for a second joins what is up to a minute apart).
    Source: Schoch, Keller and others (2022), who use one minute.
    A high share does not prove coordination: everybody reacts to the same news; compare the control.

    >>> copied_within(case, window_s=600)  # doctest: +SKIP
    """
    window = positive("window_s", window_s)
    table = case.sql(
        f"""
        SELECT p."group", p.account_key, epoch_ms(p.created_at) AS at_ms, {times.timed()} AND {times.step()} <= $window AS sharp,
               CASE WHEN p.is_repost THEN coalesce(-1 - p.reposted_key, c.exact_key) ELSE c.exact_key END AS said
        FROM posts p JOIN copies c USING (post_key)
        WHERE p.account_key IS NOT NULL AND p.created_at IS NOT NULL {"" if reposts else "AND NOT p.is_repost"}
        ORDER BY said, p.created_at, p.post_key""",
        tables=copies(case, 0.75),
        window=window,
    )
    compared = [g for g in case.groups if g != "context"]
    by_group = {g: table[table["group"] == g] for g in compared}
    sizes = {g: part["account_key"].nunique() for g, part in by_group.items()}
    size = min([n for n in sizes.values() if n] or [0])
    rows = []
    for group, part in by_group.items():
        account, _names = pd.factorize(part["account_key"])
        sharp = part["sharp"].to_numpy(bool)
        text, at = part["said"].to_numpy(np.int64), part["at_ms"].to_numpy(np.int64)

        def measure(
            chosen: np.ndarray,
            account: np.ndarray = account,
            text: np.ndarray = text,
            at: np.ndarray = at,
            sharp: np.ndarray = sharp,
        ) -> tuple[np.ndarray, np.ndarray]:
            use = chosen[account] & sharp
            hit = np.zeros(len(chosen), bool)
            hit[account[use][_near(account[use], text[use], at[use], window * 1000)]] = True
            return hit, np.ones(len(chosen))

        interval = inference.at_size(measure, sizes[group], size, seed=case.seed)
        row = {"group": group, "window_s": window, "n": min(size, sizes[group]), "interval": interval}
        rows.append(row | {"all_accounts": sizes[group]})
    return estimates(rows, ["group", "window_s"])


def _near(account: np.ndarray, text: np.ndarray, at: np.ndarray, window: float) -> np.ndarray:
    """Which posts have the same text by another account within `window`; posts in order of text and time."""
    n = len(text)
    if n == 0:
        return np.zeros(0, bool)
    place = np.arange(n)
    # the last post before each one that is of another account or another text, and the first one after it
    new = np.r_[True, (account[1:] != account[:-1]) | (text[1:] != text[:-1])]
    run = np.maximum.accumulate(np.where(new, place, 0))  # where the run of one account and text starts
    before = run - 1
    ends = np.r_[np.flatnonzero(new)[1:], n]
    after = ends[np.cumsum(new) - 1]
    near = np.zeros(n, bool)
    for other in (before, after):
        real = (other >= 0) & (other < n)
        other = np.clip(other, 0, n - 1)
        near |= real & (text[other] == text) & (np.abs(at[other] - at) <= window)
    return near


@metric(N_("Same text soon after another, by window"))
def copied_windows(case: Any, *, reposts: bool = True) -> pd.DataFrame:
    """How does the share of accounts that say the same soon after one another grow with the window?

    Columns: as `copied_within`, one row for each group and window (1 and 10 minutes, 1 and 8 hours).
    Formula, missing-data rule and source: as `copied_within`.
    A share that grows with the window does not prove coordination: it grows for everybody.

    >>> copied_windows(case)  # doctest: +SKIP
    """
    parts = [copied_within(case, window_s=w, reposts=reposts) for w in WINDOWS]
    table = pd.concat(parts, ignore_index=True)
    order = {g: i for i, g in enumerate(case.groups)}
    table.attrs = {"unit": "share of accounts", "n_unit": "accounts"}
    return table.sort_values(
        ["group", "window_s"], key=lambda s: s.map(order) if s.name == "group" else s, ignore_index=True
    )
