"""Who acted on what and when, and which pairs of accounts were close in time on the same objects.

Times become whole milliseconds, so that a window's end is inside or outside and never a
matter of rounding. Nothing here depends on the order of the rows given or on how accounts
and objects are numbered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kit.compiled import njit

DAY = 86_400_000
MINUTE = 60_000


class Acts(NamedTuple):
    """Rows sorted by object, time and account, each numbered from 0; times in ms.

    `lag` is the time since the object's origin where that is `known`, else since its first
    act. The rows of object u are `begin[u]:begin[u + 1]`. `by_account` lists the rows of
    account i at `account_begin[i]:account_begin[i + 1]`, by object, which is `own`; `by_clock` lists
    the same rows by the time of day, which is `clock`.
    """

    object: np.ndarray
    account: np.ndarray
    time: np.ndarray
    lag: np.ndarray
    known: np.ndarray
    begin: np.ndarray
    by_account: np.ndarray
    own: np.ndarray
    account_begin: np.ndarray
    by_clock: np.ndarray
    clock: np.ndarray


class Prepared(NamedTuple):
    """`acts` with what their numbers stand for, and what was left out.

    `objects` and `accounts` are the codes as given; `origin` (ms, meaningless where not known)
    and `source` (None where not given) are by row; `left_out` counts rows without a time, rows
    before their object's origin and later acts of an account on the same object.
    """

    acts: Acts
    objects: np.ndarray
    accounts: np.ndarray
    origin: np.ndarray
    source: np.ndarray | None
    left_out: dict[str, int]


def prepare(
    object_: ArrayLike,
    account: ArrayLike,
    time_s: ArrayLike,
    origin_s: ArrayLike | None = None,
    source: ArrayLike | None = None,
) -> Prepared:
    """The first act of each account on each object, numbered and sorted.

    All arrays have one entry per row; times are seconds since 1970. The origin of an object is
    the earliest one that any of its rows gives. Rows without a time and rows from before the
    origin are left out and counted. Raises ValueError where the arrays differ in length.
    """
    things, people = np.asarray(object_), np.asarray(account)
    seconds = np.asarray(time_s, float)
    starts = np.full(len(seconds), np.nan) if origin_s is None else np.asarray(origin_s, float)
    sources = None if source is None else np.asarray(source)
    lengths = {len(column) for column in (things, people, seconds, starts, sources) if column is not None}
    if len(lengths) > 1:
        raise ValueError(f"the columns differ in length: {sorted(lengths)}")
    timed = np.isfinite(seconds)
    things, people, seconds, starts = things[timed], people[timed], seconds[timed], starts[timed]
    objects, thing = np.unique(things, return_inverse=True)
    time = _milliseconds(seconds)
    origin, known = _origins(thing, starts, len(objects))
    early = known & (time < origin)
    keys = [people, time, thing]
    if sources is not None:
        sources = sources[timed]
        keys.insert(0, pd.factorize(sources, sort=True)[0])  # equal times: whatever the order given
    order = np.lexsort(tuple(keys))
    order = order[~early[order]]
    first = _first_acts(thing[order], people[order])
    kept = order[first]
    left_out = {
        "no_time": int((~timed).sum()),
        "before_origin": int(early.sum()),
        "repeated": len(order) - len(kept),
    }
    accounts, person = np.unique(people[kept], return_inverse=True)
    objects, thing = np.unique(things[kept], return_inverse=True)
    acts = _arrange(thing, person, time[kept], origin[kept], known[kept], len(accounts), len(objects))
    return Prepared(
        acts, objects, accounts, origin[kept], None if sources is None else sources[kept], left_out
    )


def _milliseconds(seconds: np.ndarray) -> np.ndarray:
    return np.rint(seconds * 1000).astype(np.int64)


def _origins(thing: np.ndarray, starts: np.ndarray, objects: int) -> tuple[np.ndarray, np.ndarray]:
    """The earliest origin given for the object of each row (ms), and whether there is one."""
    earliest = np.full(objects, np.inf)
    given = np.isfinite(starts)
    np.minimum.at(earliest, thing[given], starts[given])
    known = np.isfinite(earliest)
    origin = _milliseconds(np.where(known, earliest, 0.0))
    return origin[thing], known[thing]


def _first_acts(thing: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Which rows, in the order of time within an object, are an account's first there."""
    order = np.lexsort((np.arange(len(thing)), person, thing))
    new = np.ones(len(thing), bool)
    new[1:] = (thing[order][1:] != thing[order][:-1]) | (person[order][1:] != person[order][:-1])
    first = np.zeros(len(thing), bool)
    first[order[new]] = True
    return first


def _arrange(
    thing: np.ndarray,
    person: np.ndarray,
    time: np.ndarray,
    origin: np.ndarray,
    known: np.ndarray,
    accounts: int,
    objects: int,
) -> Acts:
    """The indexes of rows that are already in their order."""
    begin = np.searchsorted(thing, np.arange(objects + 1))
    first = time[begin[:-1]][thing] if objects else time
    by_account = np.lexsort((thing, person))
    clock = time % DAY
    by_clock = np.lexsort((clock, person))
    return Acts(
        object=thing.astype(np.int64),
        account=person.astype(np.int64),
        time=time,
        lag=time - np.where(known, origin, first),
        known=known,
        begin=begin.astype(np.int64),
        by_account=by_account.astype(np.int64),
        own=thing[by_account].astype(np.int64),
        account_begin=np.searchsorted(person[by_account], np.arange(accounts + 1)).astype(np.int64),
        by_clock=by_clock.astype(np.int64),
        clock=clock[by_clock],
    )


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
