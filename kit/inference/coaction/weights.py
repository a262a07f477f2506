"""The compiled count behind an edge table: a few accounts at a time against all of their close neighbours.

The runs of close shares around an account's own shares are read one after the other; each
meeting with an account above it becomes one word (account, other account, number of the
meeting). Sorted words bring together what belongs to one edge, in the order of the table.
The pairs of the whole are never held: memory is the rows, some buffers and the table that
comes out, and any range of accounts can be counted by itself.

The table is put together from ranges of accounts, in memory or on disk, by as many threads as may be
used: some ranges are being collected while others are added up and one is being stored. Where a range
begins in the table depends only on the ranges before it, so the table is the same whichever thread was
faster, and for any number of them.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd

from kit import threads
from kit.compiled import njit
from kit.errors import OutputError
from kit.inference.coaction.order import Near, bisect, numbered

PAIRS, OBJECTS, POSTS_A, POSTS_B, FIRST_A, FIRST_B, GAP, LAST, FAR = range(9)  # a tally's places
PART = 1 << 18  # meetings that are sorted at a time: few enough for the caches
GIANT = 1 << 23  # meetings of one account above which it is cut by the accounts it meets


class Work(NamedTuple):
    """What the count reads.

    Places of account number a in `Near` are `members[starts[a]:starts[a + 1]]`, in rising order;
    `meetings[a]`: its listed close shares, of whatever account. `twin`: number of (account, post)
    where the post stands on several shares, else -1 (empty where there is none); `post_of`: its post.
    `keys`: key of each account number, in 32 bits where that is enough: the table is mostly memory.
    """

    near: Near
    members: np.ndarray
    starts: np.ndarray
    meetings: np.ndarray
    twin: np.ndarray
    post_of: np.ndarray
    keys: np.ndarray


class Range(NamedTuple):
    """Accounts `first` to `last` - 1 with accounts `low` to `high` - 1: at most `room` meetings."""

    first: int
    last: int
    low: int
    high: int
    room: int


class Desk(NamedTuple):
    """Buffers of one range at a time: words (account, other, meeting), of each meeting its places and their gap.

    `seen`: the last edge that each of `post_of` was counted for.
    """

    words: np.ndarray
    mine: np.ndarray
    theirs: np.ndarray
    gaps: np.ndarray
    seen: np.ndarray


@njit(nogil=True)
def _by_account(account, starts, members):
    for a in account:
        starts[a + 1] += 1
    for a in range(starts.size - 1):
        starts[a + 1] += starts[a]
    free = starts[:-1].copy()
    for i in range(account.size):
        a = account[i]
        members[free[a]] = i
        free[a] += 1


@njit(nogil=True)
def _meetings(account, low, high, cold, meetings):
    for i in range(cold):
        meetings[account[i]] += high[i] - low[i] - 1


def prepared(near: Near, post: np.ndarray) -> Work:
    """Everything the count needs beside the neighbours; `post` is the column of the input."""
    accounts = len(near.accounts)
    starts, members = np.zeros(accounts + 1, np.int32), np.empty(len(near.rows), np.int32)
    meetings = np.zeros(accounts, np.int64)
    with ThreadPoolExecutor(1) as pool:
        twins = pool.submit(_twins, near, post)
        _by_account(near.account, starts, members)
        _meetings(near.account, near.low, near.high, near.cold, meetings)
        narrow = np.int32 if near.accounts.max(initial=0) < 2**31 else np.int64
        return Work(
            near, members, starts, meetings, *twins.result(), near.accounts.astype(narrow, copy=False)
        )


def most_edges(work: Work) -> int:
    """No more edges than this come out: each account meets only accounts above it."""
    return int(np.minimum(work.meetings, np.arange(len(work.meetings))[::-1]).sum())


def _twins(near: Near, post: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posts on more than one share: their numbers at each place (empty without any), and their posts."""
    posts = post[near.rows]
    ordered = np.sort(posts)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.empty(0, np.int32), np.empty(0, np.int32)
    number, distinct = numbered(posts)
    several = np.flatnonzero(np.bincount(number)[number] > 1)
    both = near.account[several].astype(np.int64) * len(distinct) + number[several]
    different, found = np.unique(both, return_inverse=True)
    twin = np.full(len(posts), -1, np.int32)
    twin[several] = found
    return twin, (different % len(distinct)).astype(np.int32)


# --- meetings, and what they add up to


@njit(nogil=True)
def _same_post(i, j, twin, post_of):
    return twin.size > 0 and twin[i] >= 0 and twin[j] >= 0 and post_of[twin[i]] == post_of[twin[j]]


@njit(nogil=True)
def _collect(
    first, last, least, end, members, starts, low, high, cold, account, time, twin, post_of,
    b_bits, m_bits, words, mine, theirs, gaps,
):  # fmt: skip
    """Write every listed meeting of accounts `first` to `last` - 1 with one above it; returns how many."""
    n, twins = np.uint64(0), twin.size > 0  # indices without a sign spare a test for negative ones
    for a in range(first, last):
        above, head = max(a + 1, least), np.uint64(a - first) << b_bits
        for p in range(starts[a], starts[a + 1]):
            i = members[p]
            if i >= cold:
                break
            when = time[i]
            for j in range(np.uint64(low[i]), np.uint64(high[i])):
                b = account[j]
                words[n] = ((head | np.uint64(b)) << m_bits) | n
                mine[n], theirs[n], gaps[n] = i, j, time[j] - when
                # written first and kept or not: a branch that nobody can predict costs more
                kept = np.uint64(b >= above) & np.uint64(b < end)
                if twins:
                    kept &= np.uint64(not _same_post(np.int64(i), np.int64(j), twin, post_of))
                n += kept
    return np.int64(n)


@njit(nogil=True)
def _note(tally, i, j, gap, object_, twin, seen, stamp):
    """Enter one pair of places i and j; of one edge they come in rising order of i, then j."""
    tally[PAIRS] += 1
    tally[FIRST_A] += gap > 0
    tally[FIRST_B] += gap < 0
    tally[GAP] += abs(gap)
    last, tally[LAST] = tally[LAST], i
    if last < 0 or object_[last] != object_[i]:
        tally[OBJECTS] += 1
    if twin.size == 0 or twin[i] < 0:
        tally[POSTS_A] += last != i
    elif seen[twin[i]] != stamp:
        seen[twin[i]] = stamp
        tally[POSTS_A] += 1
    if twin.size == 0 or twin[j] < 0:
        tally[POSTS_B] += j > tally[FAR]  # windows move forward: whatever is not further was there before
    elif seen[twin[j]] != stamp:
        seen[twin[j]] = stamp
        tally[POSTS_B] += 1
    tally[FAR] = max(tally[FAR], j)


@njit(nogil=True)
def _note_run(tally, i, places, fresh, time, object_):
    """Enter the pairs of place i with all of `places`, `fresh` of which are new; no post has a second share."""
    when, ahead, behind, gaps = time[i], 0, 0, 0
    for j in places:
        gap = time[j] - when
        ahead += gap > 0
        behind += gap < 0
        gaps += abs(gap)
    last, tally[LAST] = tally[LAST], i
    tally[OBJECTS] += last < 0 or object_[last] != object_[i]
    tally[PAIRS] += places.size
    tally[FIRST_A] += ahead
    tally[FIRST_B] += behind
    tally[GAP] += gaps
    tally[POSTS_A] += 1
    tally[POSTS_B] += fresh


@njit(nogil=True)
def _look_up(tally, a, b, members, starts, low, high, cold, time, object_, twin, post_of, seen, stamp):
    """Enter the pairs of two accounts on objects that are not listed."""
    near, far, stop = starts[b], starts[b], starts[b + 1]
    if near == stop or members[stop - 1] < cold:
        return
    for p in range(bisect(members, starts[a], starts[a + 1], cold), starts[a + 1]):
        i = np.int64(members[p])
        while near < stop and members[near] < low[i]:
            near += 1
        if twin.size == 0:  # the run of b's shares at once
            before = max(near, far)  # and those of it that no earlier share of a has met
            while far < stop and members[far] < high[i]:
                far += 1
            if near < far:
                _note_run(tally, i, members[near:far], far - before, time, object_)
            continue
        for q in range(near, stop):
            j = np.int64(members[q])
            if j >= high[i]:
                break
            if not _same_post(i, j, twin, post_of):
                _note(tally, i, j, time[j] - time[i], object_, twin, seen, stamp)


@njit(nogil=True)
def _edges(words, n, m_bits):
    """Different (account, other) among sorted words."""
    found = 0
    for p in range(n):
        found += p == 0 or words[p] >> m_bits != words[p - 1] >> m_bits
    return found


@njit(nogil=True)
def _total(
    words, mine, theirs, gaps, seen, n, first, b_bits, m_bits, members, starts, low, high, cold, time, object_,
    keys, twin, post_of, stamp, at, a_out, b_out, pairs, objects, posts_a, posts_b, mean_gap,
    first_a, first_b,
):  # fmt: skip
    """Add up sorted words to edges, written from row `at` on."""
    tally = np.empty(9, np.int64)
    one = np.uint64(1)  # indices without a sign spare a test for negative ones
    low_b, low_m = (one << b_bits) - one, (one << m_bits) - one
    end, p, out, a, beyond = np.uint64(n), np.uint64(0), np.uint64(at), np.int64(-1), False
    while p < end:
        key = words[p] >> m_bits
        if first + np.int64(key >> b_bits) != a:
            a = first + np.int64(key >> b_bits)
            beyond = members[starts[a + 1] - 1] >= cold  # a shares something that is not listed
        q = p + one
        while q < end and words[q] >> m_bits == key:
            q += one
        a_out[out], b_out[out] = keys[a], keys[key & low_b]
        if q == p + one and not beyond:  # most edges are one pair
            gap = gaps[words[p] & low_m]
            pairs[out], objects[out], posts_a[out], posts_b[out] = 1, 1, 1, 1
            first_a[out], first_b[out], mean_gap[out] = gap > 0, gap < 0, abs(gap) / 1000.0
        else:
            tally[:] = 0
            tally[LAST], tally[FAR] = -1, -1
            mark = stamp + np.int64(out) - at + 1
            for s in range(np.int64(p), np.int64(q)):
                v = words[s] & low_m
                gap = np.int64(gaps[v])
                _note(tally, np.int64(mine[v]), np.int64(theirs[v]), gap, object_, twin, seen, mark)
            if beyond:
                _look_up(
                    tally, a, np.int64(key & low_b), members, starts, low, high, cold, time, object_, twin,
                    post_of, seen, mark,
                )  # fmt: skip
            pairs[out], objects[out] = tally[PAIRS], tally[OBJECTS]
            posts_a[out], posts_b[out] = tally[POSTS_A], tally[POSTS_B]
            first_a[out], first_b[out] = tally[FIRST_A], tally[FIRST_B]
            mean_gap[out] = tally[GAP] / (1000.0 * tally[PAIRS])
        p, out = q, out + one


# --- from Python


def columns_for(rows: int, wide: bool, key: Any = np.int64) -> dict[str, np.ndarray]:
    """Unfilled columns of an edge table; counts of pairs in 64 bits where 32 might not hold them, accounts as `key`."""
    count = np.int64 if wide else np.int32
    types = {
        "account_a": key, "account_b": key, "pairs": count, "objects": np.int32,
        "posts_a": np.int32, "posts_b": np.int32, "mean_gap_s": np.float64, "first_a": count,
        "first_b": count,
    }  # fmt: skip
    return {name: np.empty(rows, kind) for name, kind in types.items()}


@njit()
def _met_in_blocks(a, members, starts, low, high, cold, account, bits, blocks):
    for p in range(starts[a], starts[a + 1]):
        i = members[p]
        if i < cold:
            for j in range(low[i], high[i]):
                if account[j] > a:
                    blocks[account[j] >> bits] += 1


def ranges(work: Work, part: int = PART, giant: int = GIANT) -> list[Range]:
    """The whole count in pieces of at most `part` meetings, or of one account, or of a part of one."""
    accounts = len(work.meetings)
    ends = np.cumsum(work.meetings + 1)  # and one for what is written and not kept
    widest = 1 << (64 - accounts.bit_length() - part.bit_length())  # accounts that a word can tell apart
    found: list[Range] = []
    begin, before = 0, 0
    while begin < accounts:
        end = max(begin + 1, int(np.searchsorted(ends, before + part, side="right")))
        end = min(end, begin + widest)
        room = int(ends[end - 1]) - before
        if work.meetings[begin:end].any():
            whole = end > begin + 1 or room <= giant
            found += [Range(begin, end, 0, accounts, room)] if whole else _cut(work, begin, giant)
        begin, before = end, int(ends[end - 1])
    return found


def _cut(work: Work, a: int, giant: int) -> list[Range]:
    """One account's meetings, by ranges of the accounts it meets; one of those is never cut."""
    near, accounts = work.near, len(work.meetings)
    bits = max(0, accounts.bit_length() - 20)
    blocks = np.zeros((accounts >> bits) + 1, np.int64)
    _met_in_blocks(a, work.members, work.starts, near.low, near.high, near.cold, near.account, bits, blocks)
    ends = np.cumsum(blocks)
    found, begin, before = [], 0, 0
    while begin < len(blocks):
        end = max(begin + 1, int(np.searchsorted(ends, before + giant, side="right")))
        if room := int(ends[end - 1]) - before:
            found.append(Range(a, a + 1, begin << bits, min(end << bits, accounts), room + 1))
        begin, before = end, int(ends[end - 1])
    return found


def desk(work: Work, room: int, window: int) -> Desk:
    """Buffers for ranges of at most `room` meetings."""
    return Desk(
        np.empty(room, np.uint64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32 if window < 2**31 else np.int64),
        np.zeros(len(work.post_of), np.int64),
    )


def _shifts(work: Work, piece: Range) -> tuple[np.uint64, np.uint64]:
    """Bits of an account and of a meeting in the words of a range."""
    return np.uint64(len(work.meetings).bit_length()), np.uint64(piece.room.bit_length())


def meet(work: Work, own: Desk, piece: Range) -> tuple[int, int]:
    """Fill a desk with the meetings of a range, in the order of the table; how many, and of how many edges."""
    near, shifts = work.near, _shifts(work, piece)
    n = _collect(
        piece.first, piece.last, piece.low, piece.high, work.members, work.starts, near.low, near.high,
        near.cold, near.account, near.time, work.twin, work.post_of, *shifts, *own[:4],
    )  # fmt: skip
    own.words[:n].sort()
    return n, int(_edges(own.words, n, shifts[1]))


def total(
    work: Work, own: Desk, piece: Range, n: int, stamp: int, columns: dict[str, np.ndarray], at: int
) -> None:
    """Write the edges of the `n` meetings on a desk from row `at` on; `stamp` counts the edges before them."""
    near = work.near
    _total(
        *own, n, piece.first, *_shifts(work, piece), work.members, work.starts, near.low, near.high,
        near.cold, near.time, near.object_, work.keys, work.twin, work.post_of, stamp, at,
        *columns.values(),
    )  # fmt: skip


_AT_ONCE = 4  # ranges that are collected at once, at most: each of them has buffers

#: place(desk, edges, edges before) -> columns and the row to write them at
Place = Callable[[int, int, int], tuple[dict[str, np.ndarray], int]]
#: take(desk, edges): what was placed is written
Take = Callable[[int, int], None]


def bytes_a_row(work: Work, wide: bool) -> int:
    """Memory of one row of the table."""
    return sum(column.itemsize for column in columns_for(0, wide, work.keys.dtype).values())


def in_memory(work: Work, window: int, room: int, wide: bool) -> pd.DataFrame:
    """The whole table in columns of `room` rows; rows that are never written take no memory."""
    columns = columns_for(room, wide, work.keys.dtype)

    def place(_desk: int, _size: int, before: int) -> tuple[dict[str, np.ndarray], int]:
        return columns, before

    rows = _assemble(work, window, place, lambda _desk, _size: None)
    return pd.DataFrame({name: column[:rows] for name, column in columns.items()}, copy=False)


def on_disk(work: Work, window: int, wide: bool, folder: str | Path | None) -> pd.DataFrame:
    """The whole table, each column in an unnamed temporary file that lives as long as the table does."""
    columns = columns_for(0, wide, work.keys.dtype)
    parts = [columns_for(0, wide, work.keys.dtype) for _ in range(2 * _AT_ONCE)]

    def place(at: int, size: int, _before: int) -> tuple[dict[str, np.ndarray], int]:
        if size > len(parts[at]["pairs"]):
            parts[at] = columns_for(size, wide, work.keys.dtype)
        return parts[at], 0

    def take(at: int, size: int) -> None:
        for name, file in files.items():
            parts[at][name][:size].tofile(file)

    try:
        with ExitStack() as opened:
            files: dict[str, IO[bytes]] = {
                name: opened.enter_context(tempfile.TemporaryFile(dir=folder)) for name in columns
            }
            if rows := _assemble(work, window, place, take):
                for name, file in files.items():
                    mapped = np.memmap(file, columns[name].dtype, mode="c", shape=(rows,))
                    columns[name] = mapped.view(np.ndarray)
    except OSError as error:
        hint = "Give a folder with more room, or a shorter window."
        where, why = str(folder or tempfile.gettempdir()), error.strerror or error
        raise OutputError(f"the edges cannot be kept on disk ({why})", where=where, hint=hint) from None
    return pd.DataFrame(columns, copy=False)


def _assemble(work: Work, window: int, place: Place, take: Take) -> int:
    """Count every range, write it where `place` says, and have it taken in order; returns the rows."""
    pieces = ranges(work)
    room = max((piece.room for piece in pieces), default=0)
    at_once = min(_AT_ONCE, threads.many())
    places = 2 * at_once  # ranges in work: half of them are being collected, half are being written
    desks = [desk(work, room, window) for _ in range(min(places, len(pieces)))]
    if len(pieces) == 1:
        n, size = meet(work, desks[0], pieces[0])
        total(work, desks[0], pieces[0], n, 0, *place(0, size, 0))
        take(0, size)
        return size
    rows = 0
    collecting: deque[Future[tuple[int, int]]] = deque()
    writing: deque[tuple[int, int, Future[None]]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for at in range(len(pieces) + at_once):
            if len(writing) > at_once - 1:  # the desk that is needed next
                _finish(writing, take)
            if at < len(pieces):
                collecting.append(pool.submit(meet, work, desks[at % places], pieces[at]))
            if 0 <= (done := at - at_once) < len(pieces):
                n, size = collecting.popleft().result()
                own = done % places
                goal = place(own, size, rows)
                writing.append(
                    (own, size, pool.submit(total, work, desks[own], pieces[done], n, rows, *goal))
                )
                rows += size
        while writing:
            _finish(writing, take)
    return rows


def _finish(writing: deque[tuple[int, int, Future[None]]], take: Take) -> None:
    own, size, written = writing.popleft()
    written.result()
    take(own, size)
