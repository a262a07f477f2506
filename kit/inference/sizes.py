"""Groups of different size made comparable: a measure that grows with the group, at one number of accounts.

The more accounts a group has, the more often two of them agree by chance. Here the larger
group is cut to the size of the smaller one, again and again, without replacement
(rarefaction; Sanders 1968, Hurlbert 1971), and each cut is resampled by account.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kit.inference.intervals import LEVEL, NOTHING, Interval

CUTS = 300

#: for the accounts chosen (a mask): numerator and denominator of each account
Measure = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def in_common(
    account: np.ndarray, thing: np.ndarray, times: np.ndarray, whole: np.ndarray, least: int
) -> Measure:
    """The measure of what at least `least` of the chosen accounts have in common.

    `account` has `thing` `times` times, each numbered from 0; `whole` is what each account has in all.
    """
    things = int(thing.max(initial=-1)) + 1

    def measure(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        own = chosen[account]
        had_by = np.bincount(thing[own], minlength=things)
        hit = own.copy()
        hit[own] = had_by[thing[own]] >= least
        return np.bincount(account[hit], times[hit], minlength=len(whole)), whole

    return measure


def at_size(measure: Measure, n: int, size: int, *, seed: int, level: float = LEVEL) -> Interval:
    """Σ numerator / Σ denominator of `measure` over `size` of `n` accounts, with its interval.

    Estimate: mean over cuts. Interval: quantiles over cuts, each resampled by account once,
    so that both which accounts were taken and which there are count. At 0 or 1 in every
    cut the ends are those of the rule of three, 3 / size.
    """
    size = min(n, size)
    if size < 1:
        return NOTHING
    rng = np.random.default_rng(seed)
    plain, drawn = [], []
    for _cut in range(CUTS):
        chosen = np.zeros(n, bool)
        chosen[rng.choice(n, size, replace=False) if size < n else slice(None)] = True
        num, den = measure(chosen)
        num, den = num[chosen].astype(float), den[chosen].astype(float)
        if not den.sum():
            continue
        plain.append(num.sum() / den.sum())
        weights = np.bincount(rng.integers(0, size, size), minlength=size)
        if (weights * den).sum():
            drawn.append((weights * num).sum() / (weights * den).sum())
    if not plain:
        return NOTHING
    estimate = float(np.mean(plain))
    if size < 2:
        return Interval(estimate, float("nan"), float("nan"))
    if np.ptp(drawn) == 0 and estimate in (0.0, 1.0):
        ends = (0.0, min(1.0, 3 / size)) if estimate == 0 else (max(0.0, 1 - 3 / size), 1.0)
        return Interval(estimate, *ends)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(estimate, float(low), float(high))
