"""The compiled count behind an edge table: one account at a time against all of its close neighbours.

For an account, the runs of close shares around its own shares are read one after the other and
every account met gets a line in a small book. The pairs themselves are never stored: memory is
the rows plus the table that comes out, and any range of accounts can be counted by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from kit.inference.coaction.order import Near, numbered

PAIRS, OBJECTS, POSTS_A, POSTS_B, FIRST_A, FIRST_B, GAP, LAST = range(8)  # columns of the book
_SMALL = 24
_NO_TWIN = np.int32(-1)


class Work(NamedTuple):
    """What the count reads.

    Places of account number a in `Near` are `members[starts[a]:starts[a + 1]]`, in rising order.
    `most[a]`: no more accounts than this stand in a's part of the table. `twin`: number of
    (account, post) where the post stands on several shares, else -1; `post_of` its post; the
    places with a twin are `again[again_starts[a]:again_starts[a + 1]]`, one post after the other.
    """

    near: Near
    members: np.ndarray
    starts: np.ndarray
    most: np.ndarray
    twin: np.ndarray
    post_of: np.ndarray
    again: np.ndarray
    again_starts: np.ndarray


@njit(cache=True)
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


@njit(cache=True)
def _bounds(members, starts, low, high, cold, most):
    accounts = most.size
    for a in range(accounts):
        met = 0
        for p in range(starts[a], starts[a + 1]):
            i = members[p]
            if i < cold:
                met += high[i] - low[i] - 1
        most[a] = min(met, accounts - 1 - a)


def prepared(near: Near, post: np.ndarray) -> Work:
    """Everything the count needs beside the neighbours; `post` is the column of the input."""
    accounts, size = len(near.accounts), len(near.rows)
    starts, members = np.zeros(accounts + 1, np.int32), np.empty(size, np.int32)
    _by_account(near.account, starts, members)
    most = np.empty(accounts, np.int64)
    _bounds(members, starts, near.low, near.high, near.cold, most)
    twin, post_of, again = _twins(near, post[near.rows])
    again_starts = np.searchsorted(near.account[again], np.arange(accounts + 1)).astype(np.int32)
    return Work(near, members, starts, most, twin, post_of, again, again_starts)


def _twins(near: Near, posts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts on more than one share: their numbers at each place (empty without any), posts, and places."""
    ordered = np.sort(posts)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)
    number, distinct = numbered(posts)
    several = np.flatnonzero(np.bincount(number)[number] > 1)
    both = near.account[several].astype(np.int64) * len(distinct) + number[several]
    different, found = np.unique(both, return_inverse=True)
    twin = np.full(len(posts), _NO_TWIN, np.int32)
    twin[several] = found
    post_of = (different % len(distinct)).astype(np.int32)
    return twin, post_of, several[np.argsort(found, kind="stable")].astype(np.int32)


@njit(cache=True, inline="always")
def _same_post(i, j, twin, post_of):
    return twin[i] >= 0 and twin[j] >= 0 and post_of[twin[i]] == post_of[twin[j]]


@njit(cache=True, inline="always")
def _note(book, k, a, i, j, fresh, time, object_, twin, seen):
    """Enter the pair of places i (of account a) and j on line k; shares from place `fresh` on are new to a."""
    book[k, PAIRS] += 1
    gap = time[j] - time[i]
    if gap > 0:
        book[k, FIRST_A] += 1
        book[k, GAP] += gap
    elif gap < 0:
        book[k, FIRST_B] += 1
        book[k, GAP] -= gap
    last = book[k, LAST]
    if last != i:
        if last < 0 or object_[last] != object_[i]:
            book[k, OBJECTS] += 1
        if twin.size == 0 or twin[i] < 0:
            book[k, POSTS_A] += 1
        book[k, LAST] = i
    if twin.size == 0 or twin[j] < 0:
        if j >= fresh:
            book[k, POSTS_B] += 1
    elif seen[twin[j]] != a:
        seen[twin[j]] = a
        book[k, POSTS_B] += 1


@njit(cache=True, inline="always")
def _from(members, begin, end, place):
    """First of `members[begin:end]` that is not below `place`."""
    while begin < end:
        middle = (begin + end) // 2
        if members[middle] < place:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def _meet(a, members, starts, low, high, cold, account, time, object_, twin, post_of, slot, seen, met, book):
    """Fill the book of account a: one line for each account above it that shares something listed."""
    m, fresh, begin, end = 0, 0, starts[a], starts[a + 1]
    for p in range(begin, end):
        i = members[p]
        if i >= cold:
            break
        for j in range(low[i], high[i]):
            b = account[j]
            if b <= a or (twin.size and _same_post(i, j, twin, post_of)):
                continue
            k = slot[b]
            if k >= m or met[k] != b:
                k = m
                slot[b], met[k] = k, b
                book[k, :] = 0
                book[k, LAST] = -1
                m += 1
            _note(book, k, a, i, j, fresh, time, object_, twin, seen)
        fresh = high[i]
    for p in range(_from(members, begin, end, cold), end):  # only accounts already met, looked up
        i = members[p]
        for k in range(m):
            stop = starts[met[k] + 1]
            for q in range(_from(members, starts[met[k]], stop, low[i]), stop):
                j = members[q]
                if j >= high[i]:
                    break
                if not (twin.size and _same_post(i, j, twin, post_of)):
                    _note(book, k, a, i, j, fresh, time, object_, twin, seen)
        fresh = high[i]
    return m


@njit(cache=True, nogil=True)
def _posts_again(
    a, m, again, again_starts, members, starts, low, high, cold, account, twin, post_of, slot, met, book
):
    """Add a's posts that stand on several shares, each once, to the lines of the accounts they meet."""
    for k in range(m):
        book[k, LAST] = -1
    for p in range(again_starts[a], again_starts[a + 1]):
        i = again[p]
        if i < cold:
            for j in range(low[i], high[i]):
                k = slot[account[j]]
                if account[j] > a and book[k, LAST] != twin[i] and not _same_post(i, j, twin, post_of):
                    book[k, LAST] = twin[i]
                    book[k, POSTS_A] += 1
            continue
        for k in range(m):
            stop = starts[met[k] + 1]
            for q in range(_from(members, starts[met[k]], stop, low[i]), stop):
                j = members[q]
                if j >= high[i] or book[k, LAST] == twin[i]:
                    break
                if not _same_post(i, j, twin, post_of):
                    book[k, LAST] = twin[i]
                    book[k, POSTS_A] += 1


@njit(cache=True, nogil=True)
def _in_order(met, m, words):
    """The lines of a book in the order of their accounts: words (account, line)."""
    for k in range(m):
        words[k] = (np.uint64(met[k]) << np.uint64(32)) | np.uint64(k)
    if m > _SMALL:
        words[:m].sort()
        return
    for i in range(1, m):
        word = words[i]
        j = i - 1
        while j >= 0 and words[j] > word:
            words[j + 1] = words[j]
            j -= 1
        words[j + 1] = word


@njit(cache=True, nogil=True)
def _count(
    first, last, members, starts, low, high, cold, account, time, object_, keys, twin, post_of, again,
    again_starts, slot, seen, met, book, words, a_out, b_out, pairs, objects, posts_a, posts_b, gap,
    first_a, first_b,
):  # fmt: skip
    """The edge table of accounts `first` to `last` - 1 with accounts above them; returns its length."""
    out = 0
    for a in range(first, last):
        m = _meet(
            a, members, starts, low, high, cold, account, time, object_, twin, post_of, slot, seen, met, book
        )
        if m == 0:
            continue
        if twin.size:
            _posts_again(
                a, m, again, again_starts, members, starts, low, high, cold, account, twin, post_of,
                slot, met, book,
            )  # fmt: skip
        _in_order(met, m, words)
        for q in range(m):
            k = np.int64(words[q] & np.uint64(0xFFFFFFFF))
            a_out[out], b_out[out] = keys[a], keys[met[k]]
            pairs[out], objects[out] = book[k, PAIRS], book[k, OBJECTS]
            posts_a[out], posts_b[out] = book[k, POSTS_A], book[k, POSTS_B]
            first_a[out], first_b[out] = book[k, FIRST_A], book[k, FIRST_B]
            gap[out] = book[k, GAP] / (1000.0 * book[k, PAIRS])
            out += 1
    return out


class Desk(NamedTuple):
    """Buffers of one thread, used again for every range of accounts."""

    slot: np.ndarray
    seen: np.ndarray
    met: np.ndarray
    book: np.ndarray
    words: np.ndarray
    columns: dict[str, np.ndarray]


def columns_for(rows: int, wide: bool) -> dict[str, np.ndarray]:
    """Unfilled columns of an edge table; counts of pairs in 64 bits where 32 might not hold them."""
    count = np.int64 if wide else np.int32
    types = {
        "account_a": np.int64, "account_b": np.int64, "pairs": count, "objects": np.int32,
        "posts_a": np.int32, "posts_b": np.int32, "mean_gap_s": np.float64, "first_a": count,
        "first_b": count,
    }  # fmt: skip
    return {name: np.empty(rows, kind) for name, kind in types.items()}


def desk(work: Work, rows: int, wide: bool) -> Desk:
    """Buffers for ranges whose tables have at most `rows` rows."""
    lines = int(work.most.max(initial=0))
    return Desk(
        np.zeros(len(work.most), np.int32),
        np.full(len(work.post_of), -1, np.int32),
        np.empty(lines, np.int32),
        np.empty((lines, 8), np.int64),
        np.empty(lines, np.uint64),
        columns_for(rows, wide),
    )


def count(work: Work, own: Desk, first: int, last: int) -> int:
    """Fill the columns of a desk with the edges of accounts `first` to `last` - 1; returns how many there are."""
    near = work.near
    return _count(
        first, last, work.members, work.starts, near.low, near.high, near.cold, near.account, near.time,
        near.object_, near.accounts, work.twin, work.post_of, work.again, work.again_starts, own.slot,
        own.seen, own.met, own.book, own.words, *own.columns.values(),
    )  # fmt: skip
