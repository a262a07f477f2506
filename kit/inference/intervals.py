"""Intervals: how far a number could be from the truth if other accounts had been drawn.

The unit drawn is the account, never the post: posts of one account are not
independent. Every function takes plain arrays and knows no platform.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

LEVEL = 0.95
DRAWS = 2000


class Interval(NamedTuple):
    """An estimate with the ends of its 95 % interval; NaN where nothing can be said."""

    estimate: float
    low: float
    high: float


NOTHING = Interval(float("nan"), float("nan"), float("nan"))


def wilson(k: int, n: int, *, level: float = LEVEL) -> Interval:
    """Share k/n with its Wilson score interval (Wilson 1927); never leaves 0..1.

    centre = (k + z²/2) / (n + z²), half width = z √(k(n-k)/n + z²/4) / (n + z²).
    """
    if n <= 0:
        return NOTHING
    from scipy import special  # here: most commands ask for no interval

    z = special.ndtri(0.5 + level / 2)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
    low = 0.0 if k == 0 else max(0.0, float(centre - half))
    high = 1.0 if k == n else min(1.0, float(centre + half))
    return Interval(k / n, low, high)


def bootstrap_ratio(
    numerator: ArrayLike, denominator: ArrayLike, *, seed: int, draws: int = DRAWS, level: float = LEVEL
) -> Interval:
    """Σ numerator / Σ denominator over accounts, with a BCa interval from resampled accounts.

    One entry per account; a mean over accounts has denominator 1, a share of posts has
    the account's posts. Accounts with equal entries are drawn together (multinomial
    weights), which is the same resampling at a cost that does not grow with accounts.
    Bias correction and acceleration after Efron (1987), from the jackknife. Where every
    draw gives the same value the interval says nothing. A share has `kit.inference.share_by_account`.
    """
    num, den = np.asarray(numerator, float), np.asarray(denominator, float)
    use = np.isfinite(num) & np.isfinite(den)
    num, den = num[use], den[use]
    n = len(num)
    if n == 0 or den.sum() == 0:
        return NOTHING
    estimate = num.sum() / den.sum()
    if n == 1:
        return Interval(float(estimate), float("nan"), float("nan"))
    pairs, sizes = np.unique(np.column_stack([num, den]), axis=0, return_counts=True)
    ratios = _draw_ratios(pairs, sizes, n, np.random.default_rng(seed), draws)
    if len(ratios) == 0 or np.ptp(ratios) == 0:
        return Interval(float(estimate), float("nan"), float("nan"))
    rest = den.sum() - pairs[:, 1]
    leave_out = (num.sum() - pairs[:, 0])[rest > 0] / rest[rest > 0]
    low, high = _bca(ratios, estimate, leave_out, sizes[rest > 0], level)
    return Interval(float(estimate), low, high)


def _draw_ratios(
    pairs: np.ndarray, sizes: np.ndarray, n: int, rng: np.random.Generator, draws: int
) -> np.ndarray:
    """Ratios of `draws` resamples, in chunks so that memory stays bounded."""
    chunk = max(1, 4_000_000 // len(sizes))
    out = []
    for start in range(0, draws, chunk):
        weights = rng.multinomial(n, sizes / n, size=min(chunk, draws - start))
        totals = weights @ pairs
        out.append(totals[totals[:, 1] > 0, 0] / totals[totals[:, 1] > 0, 1])
    return np.concatenate(out)


def _bca(
    drawn: np.ndarray, estimate: float, leave_out: np.ndarray, sizes: np.ndarray, level: float
) -> tuple[float, float]:
    below = np.mean(drawn < estimate) + np.mean(drawn == estimate) / 2
    from scipy import special

    bias = special.ndtri(np.clip(below, 1 / len(drawn), 1 - 1 / len(drawn)))
    gap = np.average(leave_out, weights=sizes) - leave_out
    spread = np.sum(sizes * gap**2) ** 1.5
    skew = np.sum(sizes * gap**3) / (6 * spread) if spread > 0 else 0.0
    ends = special.ndtri([(1 - level) / 2, (1 + level) / 2])
    shifted = bias + (bias + ends) / (1 - skew * (bias + ends))
    low, high = np.quantile(drawn, np.clip(special.ndtr(shifted), 0, 1))
    return float(low), float(high)


def quantile(values: ArrayLike, q: float = 0.5, *, level: float = LEVEL) -> Interval:
    """The `q` quantile with the distribution-free interval of order statistics.

    Ends are the order statistics at the binomial quantiles of (n, q), so the interval
    holds at least `level` whatever the distribution (Conover 1999, section 3.2).
    """
    from scipy.stats import binom  # here: loading it takes a second, and most commands ask for no quantile

    x = np.sort(np.asarray(values, float)[np.isfinite(np.asarray(values, float))])
    n = len(x)
    if n == 0:
        return NOTHING
    estimate = float(np.quantile(x, q))
    low, high = binom.ppf([(1 - level) / 2, (1 + level) / 2], n, q).astype(int)
    reachable = q**n < (1 - level) / 2 and (1 - q) ** n < (1 - level) / 2
    if not reachable:
        return Interval(estimate, float("nan"), float("nan"))
    return Interval(estimate, float(x[max(low - 1, 0)]), float(x[min(high, n - 1)]))


def difference(a: Interval, b: Interval) -> Interval:
    """a - b for two independent estimates, from their own intervals (MOVER, Zou & Donner 2008).

    low = d - √((a - a_low)² + (b_high - b)²), high = d + √((a_high - a)² + (b - b_low)²).
    """
    d = a.estimate - b.estimate
    low = d - np.hypot(a.estimate - a.low, b.high - b.estimate)
    high = d + np.hypot(a.high - a.estimate, b.estimate - b.low)
    return Interval(float(d), float(low), float(high))
