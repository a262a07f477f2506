"""Sums over clusters: how far a total moves when posts hang together by account and by day."""

from __future__ import annotations

import numpy as np


def labels(*keys: np.ndarray) -> np.ndarray:
    """One integer from 0 for each different combination of `keys`."""
    out = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        values, index = np.unique(key, return_inverse=True)
        out = out * len(values) + index
    return np.unique(out, return_inverse=True)[1]


def one_way(values: np.ndarray, cluster: np.ndarray) -> tuple[float, int]:
    """Sum of squared cluster totals with the small-sample factor m/(m-1), and the number of clusters m."""
    totals = np.bincount(cluster, weights=values)
    m = len(totals)
    return float((totals**2).sum() * m / max(m - 1, 1)), m


def two_way(values: np.ndarray, accounts: np.ndarray, days: np.ndarray) -> float:
    """Variance of `sum(values)` when values of one account or of one day move together.

    J = J_accounts + J_days - J_accounts.days (Cameron, Gelbach & Miller 2011,
    doi 10.1198/jbes.2010.07136), never below a one-way sum; the accounts' own sum
    counts only from 5 accounts on, because fewer clusters say nothing.
    `values` must be centred.
    """
    by_account, m = one_way(values, labels(accounts))
    by_day, _ = one_way(values, labels(days))
    by_both, _ = one_way(values, labels(accounts, days))
    return max(by_account + by_day - by_both, by_day, by_both, by_account if m >= 5 else 0.0)
