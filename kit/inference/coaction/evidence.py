"""What speaks for each pair: common objects, occasions, the occasions expected, and those a visible trigger explains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from kit.compiled import njit
from kit.inference.coaction.acts import Acts
from kit.inference.coaction.close import Pairs, common_rows, count_occasions, longest
from kit.inference.coaction.leaders import bursts, leaders, led
from kit.inference.coaction.rates import CLOCK, MINUTE_WINDOW, Rates, chance, minute_profiles, same_minutes

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
