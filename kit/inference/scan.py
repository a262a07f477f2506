"""Bursts and silences in daily counts, against a null that is as uneven as the series itself.

The null's over-dispersion and day-to-day correlation are read outside the window
under test. With a plain Poisson null every over-dispersed series "bursts" (false
alarm 1.00 in simulation), so there is none. Called at p <= 0.01: with correlated
days the nominal 0.05 gives about 0.1 and 0.02 about 0.05. Draws go on until p is told from that level.

A scan takes one level for granted. `kit.inference.levels` first takes the series apart where its level changed,
so that a burst after years of silence is not hidden by them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kit.inference import series
from kit.inference.draws import until_sure

LEVEL = 0.01
LONGEST = 28  # days
MIN_DAYS = 21
DRAWS = 499  # for intervals and power; those for p are as many as it takes
THREE_DAYS = 3  # what the power is told for: so many days at so many times the usual
FACTORS = (2.0, 3.0, 4.0, 6.0, 10.0)


@dataclass(frozen=True)
class Burst:
    """A window of days with more posts than the series explains; `start_low`..`start_high` hold its first day."""

    start: int
    length: int
    start_low: int
    start_high: int
    posts: int
    expected: float
    ratio: float
    low: float
    high: float
    p: float
    findable: float = (
        math.nan
    )  # times the usual that three days would need to be found in four of five trials


@dataclass(frozen=True)
class Silence:
    """The longest run of days without a post, in expected posts, and how odd it is."""

    start: int
    length: int
    expected: float
    p: float


def _scores(counts: np.ndarray, shape: np.ndarray, longest: int) -> np.ndarray:
    """Log-likelihood ratio of every window, (draw, length, start); windows past the end are 0."""
    counts = np.atleast_2d(counts)
    total = counts.sum(1, keepdims=True)
    mean = shape * total / shape.sum()
    sum_c = np.concatenate([np.zeros((len(counts), 1)), counts.cumsum(1)], axis=1)
    sum_m = np.concatenate([np.zeros((len(counts), 1)), mean.cumsum(1)], axis=1)
    out = np.zeros((len(counts), longest, counts.shape[1]))
    for length in range(1, min(longest, counts.shape[1] - 1) + 1):
        seen, expected = sum_c[:, length:] - sum_c[:, :-length], sum_m[:, length:] - sum_m[:, :-length]
        rest, rest_expected = total - seen, np.maximum(total - expected, 1e-9)
        with np.errstate(divide="ignore", invalid="ignore"):
            score = seen * np.log(seen / expected) + rest * np.log(np.maximum(rest, 1e-9) / rest_expected)
        hot = (seen > expected) & (expected > 0)
        out[:, length - 1, : seen.shape[1]] = np.where(hot, score, 0.0)
    return out


def _best(counts: np.ndarray, shape: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Best score of every series and the first day of its window."""
    step = 50  # keeps the table of windows small
    scores, starts = [], []
    for i in range(0, len(counts), step):
        each = _scores(counts[i : i + step], shape, longest).max(1)
        scores.append(each.max(1))
        starts.append(each.argmax(1))
    return np.concatenate(scores), np.concatenate(starts)


def best_burst(
    counts: np.ndarray,
    weekday: np.ndarray,
    observed: np.ndarray | None = None,
    *,
    longest: int = LONGEST,
    tests: int = 1,
) -> Burst | None:
    """The window of 1 to `longest` days that stands out most, with its p; None if nothing can be said.

    LLR = c ln(c/mu) + (C-c) ln((C-c)/(C-mu)) with mu from the weekday shape. p is times `tests`, the number of
    series looked at. The interval of the first day comes from series drawn with this burst in them; that of
    the ratio allows for over-dispersion and correlated days. A p that the draws cannot tell from the level is
    given as above it.
    """
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed
    counts = np.where(observed, counts, 0.0)
    if observed.sum() < MIN_DAYS or counts.sum() < 10:
        return None
    longest = min(longest, int(observed.sum()) // 2)  # what lasts most of the days is the usual
    shape = series.weekday_shape(counts, weekday, observed)
    scores = _scores(counts, shape, longest)[0]
    length, start = (int(v) for v in np.unravel_index(np.argmax(scores), scores.shape))
    length += 1
    best = scores[length - 1, start]
    if best <= 0:
        return None
    inside = np.zeros(len(counts), dtype=bool)
    inside[start : start + length] = True
    outside = observed & ~inside
    mean = shape * counts[outside].sum() / max(shape[outside].sum(), 1e-9)
    how = series.spread(counts, mean, outside)
    flat = shape * counts.sum() / shape.sum()

    def beaten(n: int, rng: np.random.Generator) -> int:
        return int((_best(series.draw(flat, how, n, rng), shape, longest)[0] >= best - 1e-9).sum())

    drawn = until_sure(beaten, level=LEVEL / tests, most=8000)
    p = max(drawn.p, math.nextafter(LEVEL / tests, 1)) if drawn.open(LEVEL / tests) else drawn.p
    expected, posts = float(mean[inside].sum()), float(counts[inside].sum())
    ratio = posts / expected if expected > 0 else math.nan
    error = math.hypot(series.log_error(mean[inside], ratio, how), series.log_error(mean[outside], 1.0, how))
    low, high = ratio * math.exp(-1.96 * error), ratio * math.exp(1.96 * error)
    rng = np.random.default_rng(0)
    with_it = np.where(inside, posts * shape / max(shape[inside].sum(), 1e-9), mean)
    again = series.draw(with_it, how, DRAWS, rng)
    first = np.quantile(_best(again, shape, longest)[1], (0.025, 0.975)).astype(int)
    days = (start, length, min(start, int(first[0])), max(start, int(first[1])))
    p = min(1.0, p * tests)
    findable = math.nan if p <= LEVEL else _findable(mean, how, shape, longest, LEVEL / tests, observed)
    return Burst(*days, int(posts), expected, ratio, low, high, p, findable)


def _findable(
    mean: np.ndarray, how: series.Spread, shape: np.ndarray, longest: int, level: float, observed: np.ndarray
) -> float:
    """How many times the usual three days must hold to be found in four of five series like these; NaN above ten."""
    rng = np.random.default_rng(0)
    limit = np.quantile(_best(series.draw(mean, how, DRAWS, rng), shape, longest)[0], 1 - level)
    places = np.flatnonzero(observed[: len(mean) - THREE_DAYS + 1])
    for factor in FACTORS:
        starts = rng.choice(places, 100)
        planted = [
            np.where((np.arange(len(mean)) >= at) & (np.arange(len(mean)) < at + THREE_DAYS), factor, 1.0)
            for at in starts
        ]
        drawn = np.concatenate([series.draw(mean * level_, how, 1, rng) for level_ in planted])
        if (_best(drawn, shape, longest)[0] > limit).mean() >= 0.8:
            return factor
    return math.nan


def _silent(counts: np.ndarray, shape: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Largest sum of `shape` over a run of days without posts, for each series."""
    run, best = np.zeros(len(counts)), np.zeros(len(counts))
    for day in np.flatnonzero(observed):
        run = np.where(counts[:, day] > 0, 0.0, run + shape[day])
        best = np.maximum(best, run)
    return best


def longest_silence(
    counts: np.ndarray,
    weekday: np.ndarray,
    observed: np.ndarray | None = None,
) -> Silence | None:
    """Is there a stretch without posts that looks like lost data? Only between the first and the last post.

    p <= LEVEL is a warning that a collection gap may be missing from the report,
    not a finding: a crew that took a week off looks the same.
    """
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed
    active = np.flatnonzero(counts > 0)
    if len(active) < 2 or observed.sum() < MIN_DAYS:
        return None
    observed = observed.copy()
    observed[: active[0]] = False
    observed[active[-1] + 1 :] = False
    edges = np.flatnonzero(np.diff(np.r_[0, ((counts == 0) & observed).astype(int), 0]))
    if not len(edges):
        return None
    shape = series.weekday_shape(counts, weekday, observed)
    runs = edges.reshape(-1, 2)
    weights = [shape[a:b].sum() for a, b in runs]
    start, end = (int(v) for v in runs[int(np.argmax(weights))])
    outside = observed.copy()
    outside[start:end] = False
    if outside.sum() < 7:
        return None
    mean = shape * counts[outside].sum() / max(shape[outside].sum(), 1e-9)
    how = series.spread(counts, mean, outside)
    lost = mean[start:end].sum() - 1e-9

    def beaten(n: int, rng: np.random.Generator) -> int:
        return int((_silent(series.draw(mean, how, n, rng, quiet=True), mean, observed) >= lost).sum())

    drawn = until_sure(beaten, level=LEVEL, most=8000)
    p = max(drawn.p, math.nextafter(LEVEL, 1)) if drawn.open(LEVEL) else drawn.p
    return Silence(start, end - start, float(mean[start:end].sum()), float(p))
