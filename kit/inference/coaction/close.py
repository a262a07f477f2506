"""Pairs of accounts close in time on the same objects, the occasions on which they were, and who is a stranger."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kit.compiled import njit
from kit.inference.coaction.acts import Acts

CAP = 2_000  # partners of one act that are looked at
ASSOCIATE = 3  # occasions that make two accounts associates


class Pairs(NamedTuple):
    """Pairs of accounts (numbers, first < second) close on two objects or more, and their occasions."""

    first: np.ndarray
    second: np.ndarray
    occasions: np.ndarray


@njit()
def spans(object_, time, window):
    """First and last row within `window` of each row on its object, itself included."""
    n = object_.size
    low, high = np.empty(n, np.int64), np.empty(n, np.int64)
    left = right = 0
    for i in range(n):
        if object_[left] != object_[i]:
            left = i
        while time[i] - time[left] > window:
            left += 1
        right = max(right, i)
        while right + 1 < n and object_[right + 1] == object_[i] and time[right + 1] - time[i] <= window:
            right += 1
        low[i], high[i] = left, right
    return low, high


@njit()
def _limited(object_, time, high, cap):
    """`high` with at most `cap` later rows, the same for all rows of one moment: no order among equals counts."""
    out = high.copy()
    start = 0
    for i in range(high.size):
        if object_[i] != object_[start] or time[i] != time[start]:
            start = i
        if high[i] - start > cap:
            last = start + cap
            while last > start and time[last] == time[start + cap + 1]:
                last -= 1
            out[i] = max(i, last)
    return out


@njit()
def count_occasions(times, gap):
    """Occasions in sorted `times`: each opens more than `gap` after the one before opened."""
    found = 0
    opened = 0
    for k in range(times.size):
        if found == 0 or times[k] - opened > gap:
            found += 1
            opened = times[k]
    return found


@njit()
def _occasions(begin, times, gap):
    out = np.empty(begin.size - 1, np.int64)
    for p in range(out.size):
        out[p] = count_occasions(times[begin[p] : begin[p + 1]], gap)
    return out


def close_pairs(acts: Acts, window: int, gap: int, cap: int = CAP) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """Pairs of accounts within `window` ms of each other on two objects or more.

    Also the number of other accounts within the window of each row, and the rows whose
    partners were cut at `cap`. Events less than `gap` ms after an occasion opened are part of it.
    """
    low, high = spans(acts.object, acts.time, window)
    kept = _limited(acts.object, acts.time, high, cap)
    sizes = kept - np.arange(len(kept))
    a = np.repeat(np.arange(len(kept)), sizes)
    b = np.arange(len(a)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + a + 1
    i, j = acts.account[a], acts.account[b]
    key = np.minimum(i, j) * len(acts.account_begin) + np.maximum(i, j)
    order = np.argsort(key, kind="stable")
    a, key = a[order], key[order]
    again = np.zeros(len(key), bool)
    again[1:] = key[1:] == key[:-1]
    again[:-1] |= again[1:]  # pairs met once cannot have two occasions
    a, key = a[again], key[again]
    order = np.lexsort((acts.time[a], key))
    times, key = acts.time[a][order], key[order]
    begin = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
    first, second = np.divmod(key[begin], len(acts.account_begin))
    occasions = _occasions(np.r_[begin, len(key)], times, gap)
    return Pairs(first, second, occasions), high - low, kept < high


def crowded(pairs: Pairs, accounts: int, limit: int) -> np.ndarray:
    """Pairs whose ends both have more than `limit` associates: a crowd cannot be told from a large group."""
    fast = pairs.occasions >= ASSOCIATE
    degree = np.bincount(pairs.first[fast], minlength=accounts)
    degree += np.bincount(pairs.second[fast], minlength=accounts)
    return np.minimum(degree[pairs.first], degree[pairs.second]) > limit


@njit()
def common_rows(acts, i, j, left, right):
    """Fill `left` and `right` with the rows of accounts i and j on the objects of both; how many there are."""
    x, y = acts.account_begin[i], acts.account_begin[j]
    end_x, end_y = acts.account_begin[i + 1], acts.account_begin[j + 1]
    n = 0
    while x < end_x and y < end_y:
        u, v = acts.own[x], acts.own[y]
        if u < v:
            x += 1
        elif v < u:
            y += 1
        else:
            left[n], right[n] = acts.by_account[x], acts.by_account[y]
            n, x, y = n + 1, x + 1, y + 1
    return n


@njit()
def longest(acts):
    """Most rows of one account."""
    most = 0
    for i in range(acts.account_begin.size - 1):
        most = max(most, acts.account_begin[i + 1] - acts.account_begin[i])
    return most


@njit()
def _without(times, moment):
    """Time from the first to the last of `times` once `moment` is taken away from them."""
    low = high = 0
    taken = False
    first = True
    for time in times:
        if time == moment and not taken:
            taken = True
            continue
        low, high = (time, time) if first else (min(low, time), max(high, time))
        first = False
    return high - low


@njit()
def associates(first, second, occasions, acts, window, gap):
    """For each row: associates within `window` of it on its object, and all associates on that object.

    k is an associate of row (i, u) if i and k were close on two occasions or more without u.
    The choice never looks at what happened on u, so those who are left say without bias how
    crowded u was. `occasions` is 0 for pairs that leave nobody out.
    """
    near = np.zeros(acts.object.size, np.int64)
    every = np.zeros(acts.object.size, np.int64)
    size = longest(acts)
    left, right, times = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    for p in range(first.size):
        if occasions[p] < ASSOCIATE - 1:
            continue
        n = common_rows(acts, first[p], second[p], left, right)
        close = 0
        for k in range(n):
            if abs(acts.time[left[k]] - acts.time[right[k]]) <= window:
                times[close] = min(acts.time[left[k]], acts.time[right[k]])
                close += 1
        for k in range(n):
            a, b = left[k], right[k]
            met = abs(acts.time[a] - acts.time[b]) <= window
            if met and occasions[p] < ASSOCIATE:  # two occasions with u: are there still two without it?
                moment = min(acts.time[a], acts.time[b])
                if close < 3 or _without(times[:close], moment) <= gap:
                    continue
            every[a] += 1
            every[b] += 1
            near[a] += met
            near[b] += met
    return near, every
