"""How often strangers meet: four expected rates, of which each pair is held against the largest.

The rate of a row is the chance that another account acts on the same object within the window of it.
Rates of the object and of the account are learned from strangers only, because a group would
otherwise set the rate it is held against.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kit.compiled import njit
from kit.inference.coaction.acts import DAY, MINUTE, Acts
from kit.inference.coaction.order import bisect

LAG, ACCOUNT, OBJECT, CLOCK = "lag", "account", "object", "clock"
USE = (LAG, ACCOUNT, OBJECT, CLOCK)
PRIOR = 5.0  # rows that the prior counts for, beside an object's sharers or an account's clock
PRIOR_ACCOUNT = 10.0
LEAST_RATE = 1e-9
MINUTES = 60
MINUTE_WINDOW = 300_000  # ms; beyond it a habit of single minutes says nothing


class Rates(NamedTuple):
    """By row: `prior` rate, strangers `near` in time among `strangers` on the object, `raw` rate of everybody."""

    prior: np.ndarray
    near: np.ndarray
    strangers: np.ndarray
    raw: np.ndarray


def estimate(
    acts: Acts,
    window: int,
    everybody_near: np.ndarray,
    associates_near: np.ndarray,
    associates_on: np.ndarray,
    use: tuple[str, ...] = USE,
) -> Rates:
    """Rates of each row, from the other accounts near it, its associates near it and its associates on the object.

    Strangers near x = everybody near less associates near; strangers on the object N = its
    accounts less one less associates. Prior: where the origin is known, the pooled lag's rate
    times how much more crowded the account's objects are than their lags explain (never less
    than once); elsewhere the account's own rate among strangers.
    """
    others = np.diff(acts.begin)[acts.object] - 1
    near = (everybody_near - associates_near).astype(float)
    strangers = (others - associates_on).astype(float)
    share = np.where(strangers >= 1, near / np.maximum(strangers, 1), 0.0)
    pooled = _lag_rate(acts, window, associates_near == 0) if LAG in use else np.zeros(len(near))
    own = _account_rate(acts, share, strangers >= 1) if ACCOUNT in use else np.zeros(len(near))
    if LAG in use and ACCOUNT in use:
        excess = _excess(acts, share, strangers >= 1, pooled)
        prior = np.where(acts.known, pooled * np.maximum(1.0, excess), own)
    else:
        prior = np.maximum(pooled, own)
    if OBJECT not in use:
        near, strangers = np.zeros(len(near)), np.zeros(len(near))
    raw = everybody_near / np.maximum(others, 1)
    return Rates(np.clip(prior, LEAST_RATE, 1.0), near, strangers, raw)


def _lag_rate(acts: Acts, window: int, alone: np.ndarray) -> np.ndarray:
    """Share of all known lags within the window of each row's lag; 0 where the origin is unknown.

    Learned from rows without an associate near by. The window widens to a tenth of the lag
    and the share is scaled back, so that late rows are not judged by a handful.
    """
    rate = np.zeros(len(acts.lag))
    if not acts.known.any():
        return rate
    seen = np.sort(acts.lag[acts.known & alone])
    lag = acts.lag[acts.known]
    half = np.maximum(window, lag // 10)
    count = np.searchsorted(seen, lag + half, "right") - np.searchsorted(seen, lag - half, "left")
    rate[acts.known] = (count + 1) / (len(seen) + 1) * (window / half)
    return rate


def _by_account(acts: Acts, values: np.ndarray) -> np.ndarray:
    return np.bincount(acts.account, values, minlength=len(acts.account_begin) - 1)


def _mean(values: np.ndarray, where: np.ndarray) -> float:
    return float(values[where].sum() / max(where.sum(), 1))


def _account_rate(acts: Acts, share: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Mean share of strangers near the account's rows, shrunk towards that of all rows."""
    mean = _mean(share, counted)
    total = _by_account(acts, share) + PRIOR_ACCOUNT * mean
    return (total / (_by_account(acts, counted.astype(float)) + PRIOR_ACCOUNT))[acts.account]


def _excess(acts: Acts, share: np.ndarray, counted: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    """How many times more strangers are near the account's rows than their lags explain."""
    use = acts.known & counted
    if not use.any():
        return np.ones(len(share))
    found = _by_account(acts, np.where(use, share, 0.0)) + PRIOR_ACCOUNT * _mean(share, use)
    explained = _by_account(acts, np.where(use, pooled, 0.0)) + PRIOR_ACCOUNT * _mean(pooled, use)
    return (found / explained)[acts.account]


def minute_profiles(acts: Acts, accounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of each of `accounts`' rows in each minute of the hour, and the line of an account's profile."""
    line = np.full(len(acts.account_begin) - 1, -1, np.int64)
    line[accounts] = np.arange(len(accounts))
    rows = line[acts.account] >= 0
    cell = line[acts.account[rows]] * MINUTES + acts.time[rows] // MINUTE % MINUTES
    counts = np.bincount(cell, minlength=len(accounts) * MINUTES).reshape(-1, MINUTES).astype(float)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), line


@njit()
def same_minutes(one, other):
    """How many times likelier two accounts are within a minute of the hour of each other than by chance.

    20 Σ_b p(b) (q(b-1) + q(b) + q(b+1)), never below 1: catches schedulers at round minutes.
    """
    total = 0.0
    for b in range(MINUTES):
        total += one[b] * (other[b - 1] + other[b] + other[(b + 1) % MINUTES])
    return max(1.0, MINUTES / 3.0 * total)


@njit()
def habit(acts, account, time, window):
    """Rows of `account` within `window` of the clock time of `time`, but on other days."""
    begin, end = acts.account_begin[account], acts.account_begin[account + 1]
    now, found = time % DAY, 0
    for turn in (-DAY, 0, DAY):  # windows reach over midnight
        low, high = now + turn - window, now + turn + window
        if high < 0 or low >= DAY:
            continue
        k = bisect(acts.clock, begin, end, low)
        while k < end and acts.clock[k] <= high:
            found += abs(acts.time[acts.by_clock[k]] - time) > window
            k += 1
    return found


@njit()
def _with_habit(prior, acts, account, time, window):
    """The prior rate, or the share of the partner's rows at this time of day if that is larger."""
    rows = acts.account_begin[account + 1] - acts.account_begin[account]
    return max(prior, (habit(acts, account, time, window) + PRIOR * prior) / (rows + PRIOR))


@njit()
def chance(acts, rates, a, b, window, minutes, clock):
    """Expected rate of rows a and b of two accounts on one object meeting: the largest of the four."""
    one, other = rates.prior[a], rates.prior[b]
    if clock:
        one = _with_habit(one, acts, acts.account[b], acts.time[a], window)
        other = _with_habit(other, acts, acts.account[a], acts.time[b], window)
    base = min(1.0, minutes * max(one, other))
    crowd_a = (rates.near[a] + PRIOR * base) / (rates.strangers[a] + PRIOR)
    crowd_b = (rates.near[b] + PRIOR * base) / (rates.strangers[b] + PRIOR)
    return min(1.0, max(base, max(crowd_a, crowd_b)))
