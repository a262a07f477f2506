"""Bursts and changes of level, read together: where the level changed for good, and what stands out within a level.

A stretch of one to four weeks between a rise and a fall is a burst, however many years of silence lie beside it;
a rise that stays is a change. Each burst is held against the level of its own time.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kit.inference import changes, scan, series
from kit.inference.changes import Change
from kit.inference.scan import LEVEL, LONGEST, MIN_DAYS, Burst

_MOST = 12  # bursts looked for


class Levels(NamedTuple):
    """Changes in order of day, bursts from the largest, and where there is none the stretch nearest to one."""

    changes: list[Change]
    bursts: list[Burst]
    nearest: Burst | None


def read(
    counts: np.ndarray,
    weekday: np.ndarray,
    observed: np.ndarray | None = None,
    *,
    longest: int = LONGEST,
) -> Levels:
    """The changes and the bursts of a series of daily counts; days that were not observed are no part of it."""
    counts = np.asarray(counts, dtype=float)
    observed = np.ones(len(counts), dtype=bool) if observed is None else np.asarray(observed, dtype=bool)
    return _read(
        *(np.asarray(a).tobytes() for a in (counts, np.asarray(weekday, np.int64), observed)), longest
    )


def _series(counts: bytes, weekday: bytes, observed: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.frombuffer(counts), np.frombuffer(weekday, np.int64), np.frombuffer(observed, bool)


@functools.lru_cache(maxsize=32)  # several tables and settings ask for the same series
def _changes(*packed: bytes) -> list[Change]:
    return changes.changes(*_series(*packed))


@functools.lru_cache(maxsize=32)
def _read(counts_: bytes, weekday_: bytes, observed_: bytes, longest: int) -> Levels:
    counts, weekday, observed = _series(counts_, weekday_, observed_)
    steps = _changes(counts_, weekday_, observed_)
    ends = [0, *(c.day for c in steps), len(counts)]
    spans = list(itertools.pairwise(ends))
    short = [_between(counts, weekday, observed, steps, i) for i in range(1, len(steps))]
    bursts = [b for b in short if b is not None and b.length <= longest]
    long = [span for span in spans if observed[slice(*span)].sum() >= MIN_DAYS]
    nearest: list[Burst] = []
    for first, last in long:
        left = observed[first:last].copy()
        for _ in range(_MOST):
            b = scan.best_burst(
                counts[first:last], weekday[first:last], left, longest=longest, tests=len(long)
            )
            if b is None:
                break
            moved = replace(
                b, start=b.start + first, start_low=b.start_low + first, start_high=b.start_high + first
            )
            if b.p > LEVEL:
                nearest.append(moved)
                break
            bursts.append(moved)
            left[b.start : b.start + b.length] = False
    bursts.sort(key=lambda b: (-(b.posts - b.expected), b.start))
    return Levels(steps, bursts, min(nearest, key=lambda b: b.p, default=None))


def _between(
    counts: np.ndarray, weekday: np.ndarray, observed: np.ndarray, steps: list[Change], i: int
) -> Burst | None:
    """The stretch between change `i - 1` and change `i` as a burst, where it lies above both of its neighbours."""
    up, down = steps[i - 1], steps[i]
    if not up.ratio > 1 > down.ratio:
        return None
    inside = np.zeros(len(counts), dtype=bool)
    inside[up.day : down.day] = True
    before, after = (
        (steps[i - 2].day if i > 1 else 0),
        (steps[i + 1].day if i + 1 < len(steps) else len(counts)),
    )
    near = np.zeros(len(counts), dtype=bool)
    near[before:after] = True
    near &= ~inside & observed
    inside &= observed
    shape = series.weekday_shape(counts, weekday, near)
    shape = (
        np.where(observed, shape[near].mean() if near.any() else 0.0, 0.0)
        if not shape[inside].all()
        else shape
    )
    expected = float(shape[inside].sum() * counts[near].sum() / max(shape[near].sum(), 1e-9))
    posts = float(counts[inside].sum())
    ratio = posts / expected if expected > 0 else math.nan
    how = series.spread(counts, np.where(near, counts[near].mean(), 0.0), near)
    error = math.hypot(
        *(series.log_error(counts[part].mean() * np.ones(part.sum()), 1.0, how) for part in (inside, near))
    )
    low, high = ratio * math.exp(-1.96 * error), ratio * math.exp(1.96 * error)
    days = (up.day, down.day - up.day, up.low, up.high)
    return Burst(*days, int(posts), expected, ratio, low, high, max(up.p, down.p))
