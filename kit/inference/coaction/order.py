"""Shares in order of object and time, and each one's neighbours: what every count of pairs starts from.

A share is one row: an account put an object (a link, a text, a reposted post …) into a post
at a time. Two shares of one object are close when they lie at most a window apart, ends
included. Sorted by time, the close shares of a share are a run around it, so two pointers
count them all in one pass, before any pair is made.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd

from kit import threads
from kit.compiled import njit
from kit.errors import MetricError

_SMALL, _LARGE = 24, 4096  # up to so many: insertion; from so many on NumPy's sort, which is vectorised
_ALONE = 1 << 15  # fewer rows are not worth a second thread
_MOST = 8  # threads at most: each of them counts the shares of every object


class Shares(NamedTuple):
    """Rows sorted by object, then time; equal times keep the order of the input.

    `rows`: row of the input at each place; `time`: milliseconds since the first share of all;
    object number q stands at `starts[q]` to `starts[q + 1]` and has the key `objects[q]`;
    `pairs[q]`: pairs of its shares within the window; `busy[q]`: its shares that are in a pair.
    """

    rows: np.ndarray
    time: np.ndarray
    starts: np.ndarray
    objects: np.ndarray
    pairs: np.ndarray
    busy: np.ndarray


class Near(NamedTuple):
    """The shares with at least one close neighbour; those of the first `cold` places are to be listed.

    `rows`: row of the input; `time` as in `Shares`; `object_`: number of the object; `account`:
    number of the account; the close shares of place i, itself among them, are places
    `low[i]` to `high[i]` - 1; `accounts`: key of each account number, in rising order.
    """

    rows: np.ndarray
    time: np.ndarray
    object_: np.ndarray
    account: np.ndarray
    low: np.ndarray
    high: np.ndarray
    accounts: np.ndarray
    cold: int


def checked(window: int, keys: dict[str, np.ndarray], time: np.ndarray) -> list[np.ndarray]:
    """The columns as int64 arrays of one length, `time` last; a clear error where they are anything else."""
    if isinstance(window, bool) or int(window) != window or window < 0:
        raise MetricError(
            "the window is not a whole number of milliseconds from 0 up", found=window, where="window"
        )
    columns = []
    for name, values in {**keys, "time": time}.items():
        column = np.asarray(values)
        if column.ndim != 1 or (column.size and column.dtype.kind not in "iu"):
            raise MetricError("not a column of whole numbers", where=name, found=column.dtype)
        column = column.astype(np.int64, copy=False)
        if len(column) != len(time):
            raise MetricError(f"{len(column):,} values beside {len(time):,} times", where=name)
        if name != "time" and column.size and column.min() < 0:
            raise MetricError("a key is negative", where=name, found=column.min())
        column = np.ascontiguousarray(column).view()
        column.flags.writeable = False  # whoever gave it: else each kernel is compiled for both kinds
        columns.append(column)
    if len(time) >= 2**31 - 1:
        raise MetricError(f"{len(time):,} shares at once are more than 2,147,483,646", where="time")
    return columns


def numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A number from 0 for each key, in the order of the keys, and the key of each number."""
    if not len(keys):
        return np.empty(0, np.int32), np.empty(0, np.int64)
    top = int(keys.max())
    if top < 4 * len(keys) + 1024:  # keys of a case count from 1: a table instead of hashing
        used = np.zeros(top + 1, np.bool_)
        used[keys] = True
        distinct = np.flatnonzero(used)
        table = np.empty(top + 1, np.int32)
        table[distinct] = np.arange(len(distinct), dtype=np.int32)
        return table[keys], distinct
    found, distinct = pd.factorize(keys)
    rising = np.argsort(distinct)
    table = np.empty(len(distinct), np.int32)
    table[rising] = np.arange(len(distinct), dtype=np.int32)
    return table[found], distinct[rising]


def _objects_numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `numbered`; but keys that are small anyway are their own numbers, some perhaps without a share."""
    top = int(keys.max(initial=-1))
    if top < len(keys) + 1024:
        return keys, np.arange(top + 1)
    numbers, distinct = numbered(keys)
    numbers = numbers.astype(np.int64)
    numbers.flags.writeable = False
    return numbers, distinct


@njit(nogil=True)
def bisect(values, low, high, least):
    """The first place in sorted `values[low:high]` that is `least` or more."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@njit(nogil=True)
def _tally(numbers, counts):
    for q in numbers:
        counts[q] += 1


@njit()
def _run_starts(counts, starts):
    """Where each object's run begins, and in `counts` where the rows of each part of the input go."""
    place = 0
    for q in range(starts.size - 1):
        starts[q] = place
        for part in range(counts.shape[0]):
            counts[part, q], place = place, place + counts[part, q]
    starts[starts.size - 1] = place


@njit(nogil=True)
def _scatter(numbers, time, begin, first, shift, free, packed):
    """Rows from `begin` on to the runs of their objects, as (time, row) in one word; `free` moves along."""
    for i in range(numbers.size):
        q = numbers[i]
        packed[free[q]] = (np.uint64(time[i] - first) << shift) | np.uint64(begin + i)
        free[q] += 1


@njit(nogil=True)
def _insertion(words, begin, end):
    for i in range(begin + 1, end):
        word = words[i]
        j = i - 1
        while j >= begin and words[j] > word:
            words[j + 1] = words[j]
            j -= 1
        words[j + 1] = word


@njit(nogil=True)
def _settle(packed, shift, starts, window, first, last, rows, time, pairs, busy):
    """Sort the runs of objects `first` to `last` - 1, unpack them, and count their close pairs."""
    low_bits = (np.uint64(1) << shift) - np.uint64(1)
    for q in range(first, last):
        begin, end = starts[q], starts[q + 1]
        if end - begin <= _SMALL:
            _insertion(packed, begin, end)
        elif end - begin < _LARGE:
            packed[begin:end].sort()
        for i in range(begin, end):
            word = packed[i]  # `time` is the same memory
            rows[i], time[i] = np.int32(word & low_bits), np.int64(word >> shift)
        _sweep(time, begin, end, window, q, pairs, busy)


@njit(nogil=True)
def _sweep(time, begin, end, window, q, pairs, busy):
    """Two pointers over one object: its close pairs, and how many of its shares are in one."""
    low, total, taken, joined = begin, 0, 0, False
    for i in range(begin + 1, end):
        while time[i] - time[low] > window:
            low += 1
        total += i - low
        if low < i:
            taken += 1 if joined else 2
        joined = low < i
    pairs[q] = total
    busy[q] = taken


@njit()
def _sweep_all(time, starts, window, pairs, busy):
    for q in range(pairs.size):
        _sweep(time, starts[q], starts[q + 1], window, q, pairs, busy)


def ordered(object_: np.ndarray, time: np.ndarray, window: int) -> Shares:
    """Shares by object and time with the exact number of close pairs of each object; O(n log n) for the sort."""
    n = len(object_)
    numbers, objects = _objects_numbered(object_)
    starts = np.empty(len(objects) + 1, np.int32)
    parts = _parts(n)
    counts = np.zeros((len(parts), len(objects)), np.int32)
    _each(lambda at, begin, end: _tally(numbers[begin:end], counts[at]), parts)
    _run_starts(counts, starts)
    rows, later = np.empty(n, np.int32), np.empty(n, np.int64)
    packed = later.view(np.uint64)  # words give way to times as they are unpacked
    pairs, busy = np.zeros(len(objects), np.int64), np.zeros(len(objects), np.int32)
    if not n:
        return Shares(rows, later, starts, objects, pairs, busy)
    first = int(time.min())
    shift = max(1, (n - 1).bit_length())
    if (int(time.max()) - first).bit_length() + shift > 64:  # centuries of milliseconds
        rows[:] = np.lexsort((time, numbers))
        later[:] = time[rows] - first
        _sweep_all(later, starts, window, pairs, busy)
        return Shares(rows, later, starts, objects, pairs, busy)
    _each(
        lambda at, begin, end: _scatter(
            numbers[begin:end], time[begin:end], begin, first, np.uint64(shift), counts[at], packed
        ),
        parts,
    )
    for q in np.flatnonzero(np.diff(starts) >= _LARGE):
        packed[starts[q] : starts[q + 1]].sort()

    def part(begin: int, end: int) -> None:
        _settle(packed, np.uint64(shift), starts, window, begin, end, rows, later, pairs, busy)

    together(part, starts)
    return Shares(rows, later, starts, objects, pairs, busy)


def _parts(n: int) -> list[tuple[int, int]]:
    """The rows in as many parts as there are threads; one where they are few."""
    count = min(_MOST, threads.many()) if n >= _ALONE else 1
    cuts = [n * part // count for part in range(count + 1)]
    return list(itertools.pairwise(cuts))


def _each(work, parts: list[tuple[int, int]]) -> None:
    """Call work(number, begin, end) on each part of the rows, each on a thread of its own."""
    if len(parts) == 1:
        work(0, *parts[0])
        return
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(work, range(len(parts)), *zip(*parts, strict=True)))


def together(part, starts: np.ndarray) -> None:
    """Call part(begin, end) on ranges of runs, on several threads where there is enough to do."""
    runs, n, many = len(starts) - 1, int(starts[-1]), threads.many()
    if n < _ALONE or many == 1:
        part(0, runs)
        return
    cuts = np.searchsorted(starts, np.linspace(0, n, 4 * many + 1)[1:-1]).tolist()
    edges = [0, *cuts, runs]
    with ThreadPoolExecutor(many) as pool:
        list(pool.map(part, edges[:-1], edges[1:]))


@njit(nogil=True)
def _gather(rows, time, starts, window, account, places, first, last, row, when, object_, who, low, high):
    """Copy the shares in a pair of objects `first` to `last` - 1 to `places`, and find each one's neighbours."""
    for q in range(first, last):
        begin, end = starts[q], starts[q + 1]
        home = places[q]
        if home < 0:
            continue
        p = home
        for i in range(begin, end):
            before = i > begin and time[i] - time[i - 1] <= window
            if before or (i + 1 < end and time[i + 1] - time[i] <= window):
                row[p], when[p], object_[p], who[p] = rows[i], time[i], q, account[rows[i]]
                p += 1
        near, far = home, home
        for i in range(home, p):
            while when[i] - when[near] > window:
                near += 1
            while far < p and when[far] - when[i] <= window:
                far += 1
            low[i], high[i] = near, far


def neighbours(shares: Shares, account: np.ndarray, window: int, listed: np.ndarray | None = None) -> Near:
    """The shares that are in a pair, with their runs of close shares; objects not `listed` come last."""
    if listed is None:
        listed = np.ones(len(shares.objects), np.bool_)
    cold, warm = np.where(listed, shares.busy, 0), np.where(listed, 0, shares.busy)
    m, limit = int(cold.sum(dtype=np.int64)), int(shares.busy.sum(dtype=np.int64))
    places = np.where(listed, np.cumsum(cold) - cold, m + np.cumsum(warm) - warm)
    places = np.where(shares.busy > 0, places, -1).astype(np.int32)
    row, object_, low, high = (np.empty(limit, np.int32) for _ in range(4))
    when, who = np.empty(limit, np.int64), np.empty(limit, np.int64)

    def part(begin: int, end: int) -> None:
        _gather(
            shares.rows, shares.time, shares.starts, window, account, places,
            begin, end, row, when, object_, who, low, high,
        )  # fmt: skip

    together(part, shares.starts)
    numbers, accounts = numbered(who)
    return Near(row, when, object_, numbers, low, high, accounts, m)
