"""Accounts that others follow: who opens the bursts in which a pair meets, more often than chance lets anyone.

A star and its fans, or a friend and a follower, meet on every object without any plan between
the followers. Members of a group that nobody leads open its bursts in turn.
"""

from __future__ import annotations

import numpy as np

from kit.compiled import njit
from kit.inference.coaction.order import bisect

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
        account, opened, start = opener[k], 0, acts.time[first[k]]
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
