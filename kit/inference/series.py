"""Daily counts as a null world: weekday shape, over-dispersion, days that hang together.

Counts of posts a day vary more than a Poisson count and today resembles
yesterday. A scan or a change-point test that ignores either finds a burst in
every quiet series; so both draw their null from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import gamma, norm

LAGS = 4  # days over which correlation is summed


@dataclass(frozen=True)
class Spread:
    """Variance of a day's count = mean + `extra` x mean^2; `carry` = correlation of neighbouring days."""

    extra: float
    carry: float


def weekday_shape(counts: np.ndarray, weekday: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Expected relative count of each day by its weekday, from the lower 90 % so that a burst cannot hide itself."""
    level = np.full(7, np.nan)
    for day in range(7):
        values = np.sort(counts[observed & (weekday == day)])
        if len(values):
            level[day] = values[: max(1, int(0.9 * len(values)))].mean() + 0.1
    level = np.where(np.isnan(level), np.nanmean(level) if np.isfinite(level).any() else 1.0, level)
    return np.where(observed, level[weekday], 0.0)


def spread(counts: np.ndarray, expected: np.ndarray, use: np.ndarray) -> Spread:
    """Over-dispersion and carry-over around `expected`, from the days in `use`.

    The carry-over is that of a first-order process with the same sum of the first
    four correlations (or the first one, where larger): a slow swell hidden under daily
    noise shows little from one day to the next and still piles up over a week.
    """
    use = use & (expected > 0)
    x, e = counts[use], expected[use]
    if len(x) < 3:
        return Spread(0.0, 0.0)
    extra = max(0.0, float(((x - e) ** 2 - e).sum() / (e**2).sum()))
    residual = np.where(use, (counts - expected) / np.sqrt(np.maximum(expected, 0.1)), np.nan)
    each = [_correlation(residual, lag) for lag in range(1, LAGS + 1)]
    total = max(0.0, sum(each))
    return Spread(extra, float(np.clip(max(each[0], total / (1 + total)), 0, 0.95)))


def _correlation(residual: np.ndarray, lag: int) -> float:
    before, after = residual[:-lag], residual[lag:]
    both = ~(np.isnan(before) | np.isnan(after))
    if both.sum() <= 5 or before[both].std() == 0 or after[both].std() == 0:
        return 0.0
    return float(np.corrcoef(before[both], after[both])[0, 1])


def draw(
    expected: np.ndarray, how: Spread, draws: int, rng: np.random.Generator, *, quiet: bool = False
) -> np.ndarray:
    """`draws` series of counts with this mean: Poisson over a level that carries over from day to day.

    The level is lognormal, whose upper tail is the safe one for bursts; `quiet` takes
    gamma, whose lower tail is the safe one for silences.
    """
    if how.extra <= 1e-6:
        return rng.poisson(expected, size=(draws, len(expected))).astype(float)
    variance = math.log1p(how.extra)
    carry = 0.0
    if how.carry > 0:
        mean = expected[expected > 0].mean()
        carry = min(0.98, math.log1p(how.carry * (math.expm1(variance) + 1 / mean)) / variance)
    noise = rng.normal(size=(draws, len(expected)))
    level = np.empty_like(noise)
    level[:, 0] = noise[:, 0]
    for day in range(1, len(expected)):
        level[:, day] = carry * level[:, day - 1] + math.sqrt(1 - carry**2) * noise[:, day]
    if quiet:
        factor = gamma.ppf(norm.cdf(level), 1 / how.extra, scale=how.extra)
    else:
        factor = np.exp(math.sqrt(variance) * level - variance / 2)
    return rng.poisson(expected * factor).astype(float)


def log_error(expected: np.ndarray, ratio: float, how: Spread) -> float:
    """Standard error of log(total / sum of `expected`) when the total is `ratio` times what was expected."""
    total = expected.sum()
    if total <= 0 or ratio <= 0:
        return math.nan
    apart = np.abs(np.subtract.outer(np.arange(len(expected)), np.arange(len(expected))))
    together = expected @ (how.carry**apart) @ expected
    return math.sqrt(1 / (ratio * total) + how.extra * together / total**2)
