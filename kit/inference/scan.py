"""Bursts and silences in daily counts, against a null that is as uneven as the series itself.

The null's over-dispersion and day-to-day correlation are read outside the window
under test. With a plain Poisson null every over-dispersed series "bursts" (false
alarm 1.00 in simulation), so there is none. Called at p <= 0.01: with correlated
days the nominal 0.05 gives about 0.1 and 0.02 about 0.05.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kit.inference import series

LEVEL = 0.01
LONGEST = 14  # days
MIN_DAYS = 21
DRAWS = 499


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
    draws: int = DRAWS,
    seed: int = 0,
) -> Burst | None:
    """The window of 1 to `longest` days that stands out most, with its Monte Carlo p; None if nothing can be said.

    LLR = c ln(c/mu) + (C-c) ln((C-c)/(C-mu)) with mu from the weekday shape. The
    interval of the first day comes from series drawn with this burst in them; that of
    the ratio allows for over-dispersion and correlated days.
    """
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed
    counts = np.where(observed, counts, 0.0)
    if observed.sum() < MIN_DAYS or counts.sum() < 10:
        return None
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
    rng = np.random.default_rng(seed)
    null = series.draw(shape * counts.sum() / shape.sum(), how, draws, rng)
    p = (1 + (_best(null, shape, longest)[0] >= best - 1e-9).sum()) / (draws + 1)
    expected, posts = float(mean[inside].sum()), float(counts[inside].sum())
    ratio = posts / expected if expected > 0 else math.nan
    error = math.hypot(series.log_error(mean[inside], ratio, how), series.log_error(mean[outside], 1.0, how))
    low, high = ratio * math.exp(-1.96 * error), ratio * math.exp(1.96 * error)
    again = series.draw(mean * np.where(inside, ratio, 1.0), how, draws, rng)
    first = np.quantile(_best(again, shape, longest)[1], (0.025, 0.975)).astype(int)
    days = (start, length, min(start, int(first[0])), max(start, int(first[1])))
    return Burst(*days, int(posts), expected, ratio, low, high, float(p))


def bursts(
    counts: np.ndarray,
    weekday: np.ndarray,
    observed: np.ndarray | None = None,
    *,
    most: int = 5,
    draws: int = DRAWS,
    seed: int = 0,
) -> list[Burst]:
    """Bursts one after the other, each taken out before the next is looked for, while p <= LEVEL."""
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else observed.copy()
    found: list[Burst] = []
    for turn in range(most):
        burst = best_burst(counts, weekday, observed, draws=draws, seed=seed + turn)
        if burst is None or burst.p > LEVEL:
            break
        found.append(burst)
        observed[burst.start : burst.start + burst.length] = False
    return found


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
    *,
    draws: int = DRAWS,
    seed: int = 0,
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
    null = series.draw(mean, how, draws, np.random.default_rng(seed), quiet=True)
    p = (1 + (_silent(null, mean, observed) >= mean[start:end].sum() - 1e-9).sum()) / (draws + 1)
    return Silence(start, end - start, float(mean[start:end].sum()), float(p))
