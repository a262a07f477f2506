"""Bursts in dates that happen once per account, such as the day it was made.

The background is the set's own: each account could as well have been made some
days earlier or later. Moving every date by a random number of days keeps the
slow waves of sign-ups and destroys batches made on one day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Bursts(NamedTuple):
    """Windows that hold more dates than the background explains.

    `start` are day numbers of the first day, `count` dates inside, `expected` the
    background's mean, `p` each window's p-value for the maximum over all windows, and
    `p_any` the p-value that there is any burst at all.
    """

    start: np.ndarray
    count: np.ndarray  # type: ignore[assignment]  # not the method of a tuple
    expected: np.ndarray
    p: np.ndarray
    p_any: float


def date_bursts(
    days: ArrayLike, *, window: int = 1, reach: int = 28, draws: int = 999, seed: int = 0, alpha: float = 0.01
) -> Bursts:
    """Windows of `window` days in which more of `days` fall than the set's own background explains.

    `days` are whole day numbers, one per account. Null: every date moves by its own
    uniform whole number of -reach..reach days, reflected at the first and last date.
    Statistic: the largest Poisson log-likelihood ratio c ln(c/m) - (c - m) over all
    windows with c > m, m being the null's mean. p = (1 + draws at least as large) /
    (1 + draws), a maximum over windows, so looking everywhere costs nothing extra.
    """
    x = np.asarray(days, int)
    none = np.array([], int)
    if len(x) < 2 or np.ptp(x) < 2 * window:
        return Bursts(none, none, none.astype(float), none.astype(float), float("nan"))
    first, span = int(x.min()), int(np.ptp(x)) + 1
    offsets = x - first
    rng = np.random.default_rng(seed)
    counts = _windows(np.bincount(offsets, minlength=span), window)
    expected = _windows(_spread(np.bincount(offsets, minlength=span), reach), window)
    observed = _ratio(counts, expected)
    largest = np.empty(draws)
    for i in range(draws):
        moved = _reflect(offsets + rng.integers(-reach, reach + 1, size=len(x)), span)
        largest[i] = _ratio(_windows(np.bincount(moved, minlength=span), window), expected).max()
    beyond = draws - np.searchsorted(np.sort(largest), observed, side="left")
    p = (1 + beyond) / (1 + draws)
    hit = _separate(observed, np.flatnonzero(p <= alpha), window)
    return Bursts(hit + first, counts[hit], expected[hit], p[hit], float(p.min()))


def _windows(counts: np.ndarray, window: int) -> np.ndarray:
    """Sums of each `window` neighbouring days."""
    return np.convolve(counts, np.ones(window, counts.dtype), mode="valid")


def _reflect(days: np.ndarray, span: int) -> np.ndarray:
    """Days outside 0..span-1 folded back inside."""
    period = 2 * (span - 1)
    folded = np.mod(days, period)
    return np.where(folded < span, folded, period - folded)


def _spread(counts: np.ndarray, reach: int) -> np.ndarray:
    """Mean counts under the null: each date shared out over its possible moves."""
    out = np.zeros(len(counts))
    for move in range(-reach, reach + 1):
        np.add.at(out, _reflect(np.arange(len(counts)) + move, len(counts)), counts)
    return out / (2 * reach + 1)


def _ratio(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Poisson log-likelihood ratio of an excess; 0 where there is none."""
    out = np.zeros(len(count))
    up = count > mean
    out[up] = count[up] * np.log(count[up] / mean[up]) - (count[up] - mean[up])
    return out


def _separate(score: np.ndarray, hit: np.ndarray, window: int) -> np.ndarray:
    """The best of overlapping windows, in time order."""
    chosen: list[int] = []
    for i in hit[np.argsort(-score[hit], kind="stable")]:
        if all(abs(i - j) >= window for j in chosen):
            chosen.append(int(i))
    return np.array(sorted(chosen), int)
