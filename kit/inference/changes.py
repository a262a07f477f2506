"""Days on which the level of posting changed, each with an interval for the day and for the size.

Binary segmentation. Every split must beat the same statistic on series that are
as uneven and as sticky as this one, and p <= LEVEL, drawn until it is told from that level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kit.inference import series
from kit.inference.draws import until_sure
from kit.inference.scan import DRAWS, LEVEL, MIN_DAYS

SHORTEST = 7  # days on either side of a change


@dataclass(frozen=True)
class Change:
    """First day of the new level, its 95 % interval, and new over old rate with interval."""

    day: int
    low: int
    high: int
    ratio: float
    ratio_low: float
    ratio_high: float
    p: float


def _steady(counts: np.ndarray, shape: np.ndarray, extra: float) -> np.ndarray:
    """Counts freed of the weekday, on a scale where the noise does not grow with the level."""
    level = counts * (shape.mean() / shape)
    return np.sqrt(level) if extra < 1e-3 else np.arcsinh(np.sqrt(extra * level)) / math.sqrt(extra)


def _split(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best split of each row and its gain over the long-run variance left after it."""
    n = values.shape[1]
    sums = values.cumsum(1)
    before = np.arange(SHORTEST, n - SHORTEST + 1)
    left = sums[:, before - 1] / before
    right = (sums[:, -1:] - sums[:, before - 1]) / (n - before)
    gain = before * (n - before) / n * (left - right) ** 2
    best = gain.argmax(1)
    rows = np.arange(len(values))
    first = np.arange(n)[None, :] < before[best][:, None]
    rest = values - np.where(first, left[rows, best][:, None], right[rows, best][:, None])
    variance = np.maximum((rest**2).mean(1), 1e-9)
    carry = np.clip((rest[:, 1:] * rest[:, :-1]).mean(1) / variance, 0, 0.9)
    return before[best], gain[rows, best] / (variance * (1 + carry) / (1 - carry))


def _one(counts: np.ndarray, shape: np.ndarray) -> Change | None:
    """The best change of one stretch of observed days, whatever its p."""
    n = len(counts)
    if n < max(MIN_DAYS, 2 * SHORTEST + 1) or counts.sum() < 10:
        return None
    everything = np.ones(n, dtype=bool)
    flat = shape * counts.sum() / shape.sum()
    extra = series.spread(counts, flat, everything).extra
    for _ in range(2):  # the scale needs the over-dispersion, which is smaller once the change is known
        (day,), (gain,) = _split(_steady(counts, shape, extra)[None, :])
        first = np.arange(n) < day
        rate = [counts[part].sum() / shape[part].sum() for part in (first, ~first)]
        fitted = np.maximum(shape * np.where(first, rate[0], rate[1]), 1e-3)
        how = series.spread(counts, fitted, everything)
        extra = how.extra
    (day,), (gain,) = _split(_steady(counts, shape, extra)[None, :])

    def beaten(many: int, rng: np.random.Generator) -> int:
        null = series.draw(flat, how, many, rng)
        return int((_split(_steady(null, shape, extra))[1] >= gain - 1e-9).sum())

    drawn = until_sure(beaten, level=LEVEL, most=8000)
    p = max(drawn.p, math.nextafter(LEVEL, 1)) if drawn.open(LEVEL) else drawn.p
    again, _ = _split(_steady(series.draw(fitted, how, DRAWS, np.random.default_rng(0)), shape, extra))
    low, high = np.quantile(again, (0.025, 0.975))
    error = math.hypot(series.log_error(fitted[first], 1.0, how), series.log_error(fitted[~first], 1.0, how))
    soft = [(counts[part].sum() + 0.5) / shape[part].sum() for part in (first, ~first)]
    ratio = soft[1] / soft[0]
    reach = math.exp(1.96 * error)
    return Change(int(day), int(low), math.ceil(high), ratio, ratio / reach, ratio * reach, float(p))


def changes(
    counts: np.ndarray,
    weekday: np.ndarray,
    observed: np.ndarray | None = None,
    *,
    most: int = 5,
) -> list[Change]:
    """Changes of level in order of day; days that were not observed are left out of the series.

    A change whose interval touches unobserved days is returned too: whoever shows it
    must withhold it.
    """
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed
    if observed.sum() < MIN_DAYS:
        return []
    place = np.flatnonzero(observed)
    shape = series.weekday_shape(counts, weekday, observed)[place]
    found: list[Change] = []
    waiting = [(0, len(place))]
    while waiting and len(found) < most:
        start, end = waiting.pop(0)
        change = _one(counts[place[start:end]], shape[start:end])
        if change is None or change.p > LEVEL:
            continue
        day, low, high = (
            int(place[min(start + v, len(place) - 1)]) for v in (change.day, change.low, change.high)
        )
        sizes = (change.ratio, change.ratio_low, change.ratio_high, change.p)
        found.append(Change(day, low, high, *sizes))
        waiting += [(start, start + change.day), (start + change.day, end)]
    return sorted(found, key=lambda c: c.day)


FACTORS = (1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
_TRIALS = 100


def findable(counts: np.ndarray, weekday: np.ndarray, observed: np.ndarray | None = None) -> float:
    """How many times the old level a new one, from the middle of these days on, must be to be found in four of five trials.

    Series are drawn with the weekdays, the over-dispersion and the correlation of these days; NaN where ten times would
    not be found, or the days are too few.
    """
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed
    place = np.flatnonzero(observed)
    seen = counts[place]
    if len(place) < max(MIN_DAYS, 2 * SHORTEST + 1) or seen.sum() < 10:
        return math.nan
    shape = series.weekday_shape(counts, weekday, observed)[place]
    flat = shape * seen.sum() / shape.sum()
    how = series.spread(seen, flat, np.ones(len(place), dtype=bool))
    rng = np.random.default_rng(0)
    null = _split(_steady(series.draw(flat, how, DRAWS, rng), shape, how.extra))[1]
    limit = np.quantile(null, 1 - LEVEL)
    for factor in FACTORS:
        step = np.where(np.arange(len(place)) < len(place) // 2, 1.0, factor)
        level = flat * step / step.mean()
        gains = _split(_steady(series.draw(level, how, _TRIALS, rng), shape, how.extra))[1]
        if (gains > limit).mean() >= 0.8:
            return factor
    return math.nan
