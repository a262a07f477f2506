"""What speaks for each pair: common objects, occasions, how many are expected, and those a visible trigger explains.

The rate of a row is the chance that another account acts on the same object within the window of it.
Rates of the object and of the account are learned from strangers only, because a group would
otherwise set the rate it is held against.

A star and its fans, or a friend and a follower, meet on every object without any plan between
the followers. Members of a group that nobody leads open its bursts in turn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from kit.compiled import njit
from kit.inference.coaction.acts import DAY, MINUTE, Acts, Pairs, common_rows, count_occasions, longest
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


LEAST = 3  # bursts that a leader must have opened
ALPHA = 0.005


@njit()
def row_of(acts, account, thing):
    """The row of an account on an object, -1 where there is none."""
    begin, end = acts.account_begin[account], acts.account_begin[account + 1]
    place = bisect(acts.own, begin, end, thing)
    return acts.by_account[place] if place < end and acts.own[place] == thing else -1


@njit()
def bursts(acts, early, late, reach):
    """First row and number of rows of each burst: from `reach` before the earlier act to the later act."""
    first, size = np.empty(early.size, np.int64), np.empty(early.size, np.int64)
    for k in range(early.size):
        thing = acts.object[early[k]]
        begin, end = acts.begin[thing], acts.begin[thing + 1]
        first[k] = bisect(acts.time, begin, end, acts.time[early[k]] - reach)
        size[k] = bisect(acts.time, begin, end, acts.time[late[k]] + 1) - first[k]
    return first, size


@njit()
def openers(acts, first):
    """The account strictly first in each burst, -1 where two are first together."""
    out = np.empty(first.size, np.int64)
    for k in range(first.size):
        alone = acts.time[first[k] + 1] > acts.time[first[k]]
        out[k] = acts.account[first[k]] if alone else -1
    return out


@njit()
def tail_of_coins(chances, least):
    """P(at least `least` of independent coins with `chances` show heads), exactly."""
    state = np.zeros(least + 1)
    state[0] = 1.0
    for q in chances:
        state[least] += state[least - 1] * q
        for heads in range(least - 1, 0, -1):
            state[heads] = state[heads] * (1 - q) + state[heads - 1] * q
        state[0] *= 1 - q
    return state[least]


@njit()
def _takes_part(acts, account, first, size):
    """The row of `account` in a burst, -1 where it is not in it."""
    row = row_of(acts, account, acts.object[first])
    return row if first <= row < first + size else -1


@njit()
def _luck(acts, account, opened, first, size):
    """P(an account opens so many of the bursts that it is in), were each equally likely to be opened by anyone else."""
    chances, n = np.empty(first.size), 0
    for k in range(first.size):
        if _takes_part(acts, account, first[k], size[k]) >= 0:
            chances[n] = 0.5 if size[k] == 2 else 1.0 / (size[k] - 1)
            n += 1
    return tail_of_coins(chances[:n], opened)


@njit()
def leaders(acts, first, size):
    """Accounts that open at least 3 bursts and more than luck allows; the one that opens most comes first.

    Of two that open equally many, the one that opens its first burst earlier. Also the number
    of bursts each opened.
    """
    opener = openers(acts, first)
    found, times = np.empty(first.size, np.int64), np.empty(first.size, np.int64)
    since = np.empty(first.size, np.int64)
    n = 0
    for k in range(first.size):
        account, opened, start = opener[k], np.int64(0), acts.time[first[k]]
        for other in range(first.size):
            if opener[other] == account:
                if other < k:
                    account = -1  # seen before
                    break
                opened += 1
                start = min(start, acts.time[first[other]])
        if account < 0 or opened < LEAST or _luck(acts, account, opened, first, size) >= ALPHA:
            continue
        place = n
        while place > 0 and (
            times[place - 1] < opened or (times[place - 1] == opened and since[place - 1] > start)
        ):
            found[place], times[place] = found[place - 1], times[place - 1]
            since[place] = since[place - 1]
            place -= 1
        found[place], times[place], since[place] = account, opened, start
        n += 1
    return found[:n], times[:n]


@njit()
def led(acts, found, first, size, late):
    """Bursts in which a leader acted before the later act of the pair."""
    out = np.zeros(first.size, np.bool_)
    for k in range(first.size):
        for leader in found:
            row = _takes_part(acts, leader, first[k], size[k])
            if row >= 0 and acts.time[row] < acts.time[late[k]]:
                out[k] = True
                break
    return out


#: whole numbers of a pair, in this order; `leader` is an account's number or -1, `led` the bursts it opened
COUNTS = (
    "common",
    "close",
    "known",
    "unexplained",
    "occasions",
    "occasions_left",
    "explained",
    "leader",
    "led",
)
SUMS = ("expected", "expected_left", "raw_expected")


class Synchrony(NamedTuple):
    """What `synchrony.detect` found.

    `pairs` has a line for each tested pair and window, with `synchrony.COLUMNS`; `rows` the rows used
    (object, account, time_s, origin_s, lag_s, near: whether another account acted there within the
    largest window, and source where given), sorted by object and time; `tested` is the number of tests
    corrected for; `capped` lists the objects (object, window_s, rows) on which some rows have more
    partners than were looked at; `left_out` counts rows without a time, rows before their object's
    origin and later acts of an account on the same object.
    """

    pairs: pd.DataFrame
    rows: pd.DataFrame
    tested: int
    capped: pd.DataFrame
    left_out: dict[str, int]


class Rule(NamedTuple):
    """Window, reach of a trigger, gap between occasions (all ms), least occasions, and which habits count."""

    window: int
    reach: int
    gap: int
    least: int
    clock: bool
    minutes: bool


def weigh(pairs: Pairs, acts: Acts, rates: Rates, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """`COUNTS` and `SUMS` of each pair, one line a pair."""
    profiles, line = minute_profiles(acts, np.unique(np.r_[pairs.first, pairs.second]))
    return _weigh(pairs.first, pairs.second, acts, rates, profiles, line, rule)


def rule(window: int, reach: int, gap: int, least: int, use: tuple[str, ...]) -> Rule:
    """The rule of one window; the minute of the hour counts up to windows of five minutes."""
    return Rule(window, reach, gap, least, CLOCK in use, CLOCK in use and window <= MINUTE_WINDOW)


@njit()
def _weigh(first, second, acts, rates, profiles, line, rule):
    counts = np.zeros((first.size, 9), np.int64)
    sums = np.zeros((first.size, 3))
    size = longest(acts)
    left, right = np.empty(size, np.int64), np.empty(size, np.int64)
    explained = np.empty(size, np.bool_)
    for p in range(first.size):
        n = common_rows(acts, first[p], second[p], left, right)
        minutes = 1.0
        if rule.minutes:
            minutes = same_minutes(profiles[line[first[p]]], profiles[line[second[p]]])
        _expect(acts, rates, left[:n], right[:n], explained, minutes, rule, sums[p])
        _count(acts, left[:n], right[:n], explained, rule, counts[p])
    return counts, sums


@njit()
def _expect(acts, rates, left, right, explained, minutes, rule, sums):
    """Add up the rates over common objects, and mark those where both acted just after a known origin."""
    for k in range(left.size):
        a, b = left[k], right[k]
        rate = chance(acts, rates, a, b, rule.window, minutes, rule.clock)
        explained[k] = acts.known[a] and max(acts.lag[a], acts.lag[b]) <= rule.reach
        sums[0] += rate
        sums[1] += 0.0 if explained[k] else rate
        sums[2] += max(rates.raw[a], rates.raw[b])


@njit()
def _count(acts, left, right, explained, rule, counts):
    """Close acts and occasions, all and those that no trigger explains."""
    times, n = np.empty(left.size, np.int64), 0
    early, late, m = np.empty(left.size, np.int64), np.empty(left.size, np.int64), 0
    known = 0
    for k in range(left.size):
        a, b = min(left[k], right[k]), max(left[k], right[k])  # rows of an object are in the order of time
        if acts.time[b] - acts.time[a] > rule.window:
            continue
        times[n] = acts.time[a]
        n += 1
        known += acts.known[a]
        if not explained[k]:
            early[m], late[m] = a, b
            m += 1
    counts[0], counts[1], counts[2], counts[3] = left.size, n, known, m
    counts[4] = _occasions(times[:n], rule.gap)
    rest, counts[7], counts[8] = _not_led(acts, early[:m], late[:m], rule)
    counts[6] = n - rest
    for k in range(rest):
        times[k] = acts.time[early[k]]
    counts[5] = _occasions(times[:rest], rule.gap)


@njit()
def _occasions(times, gap):
    return count_occasions(np.sort(times), gap)


@njit()
def _not_led(acts, early, late, rule):
    """How many close acts no leader came before, moved to the front of `early` and `late`.

    Also the leader of most bursts, and how many it opened. Once a leader's bursts are gone another's show: of
    two stars with the same fans one may follow the other.
    """
    rest, leader, opened = early.size, -1, 0
    while rest >= rule.least:
        first, size = bursts(acts, early[:rest], late[:rest], rule.reach)
        found, times = leaders(acts, first, size)
        if found.size == 0:
            break
        if leader < 0:
            leader, opened = found[0], times[0]
        gone = led(acts, found, first, size, late)
        kept = 0
        for k in range(rest):
            if not gone[k]:
                early[kept], late[kept] = early[k], late[k]
                kept += 1
        rest = kept
    return rest, leader, opened
