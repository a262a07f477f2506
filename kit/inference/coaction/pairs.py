"""Pairs of posts that put one object out within a window, and the edges between accounts they add up to.

The definition is CooRTweet's: every two shares of one object whose times lie at most the window
apart, ends included; pairwise, without time bins and without chains. From the same pairs come the
weights of its kin under names that say what is counted: pairs (CooRTweet), posts of each side (the
directed weights of the coordination network toolkit), objects (CooRnet).

Keys are whole numbers from 0, times whole milliseconds. Results are exact, and rows in another
order give the same edges.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from kit.compiled import njit
from kit.errors import MetricError
from kit.inference.coaction.order import Shares, checked, neighbours, numbered, ordered
from kit.inference.coaction.weights import bytes_a_row, in_memory, most_edges, on_disk, prepared

HOT = 20_000_000  # pairs of one object above which it is not enumerated
_NARROW = 2**31  # so many pairs and more need 64 bits


class Preview(NamedTuple):
    """What a search for pairs would make.

    `rows` shares by `accounts` different accounts; `pairs`, exactly, those of an account with
    itself included; `per_object`: object, shares, pairs for every object with a pair, hottest first.
    """

    rows: int
    accounts: int
    pairs: int
    per_object: pd.DataFrame


class Edges(NamedTuple):
    """Accounts that acted together, and how the table was made.

    `table`: account_a < account_b (keys, in 32 bits where that is enough), pairs, objects, posts_a, posts_b (posts of that side
    in at least one of the pairs), mean_gap_s, first_a, first_b (pairs in which that side was
    earlier; equal times are in neither). `plan`: "memory", or "partitions" where the table was
    put together in a temporary file. `rows` shares, `pairs` as in `preview`. `unlisted`: object,
    shares, pairs of the objects that were too hot: their pairs count in the table for accounts
    that also share something else, while accounts that share nothing else are missing.
    """

    table: pd.DataFrame
    plan: str
    rows: int
    pairs: int
    unlisted: pd.DataFrame


def preview(object_: np.ndarray, account: np.ndarray, time: np.ndarray, window: int) -> Preview:
    """How many pairs are there, and which objects make them? Counted without making one.

    One row a share: keys of object and account, `time` in ms; `window` in ms, ends included.
    Two pointers over each object's shares in order of time: the sum over shares of earlier
    shares at most `window` away. Raises MetricError for columns that are not such numbers.
    """
    object_, account, time = checked(window, {"object": object_, "account": account}, time)
    shares = ordered(object_, time, window)
    per_object = _objects(shares, np.flatnonzero(shares.pairs))
    accounts = len(numbered(account)[1])
    return Preview(len(time), accounts, int(shares.pairs.sum()), per_object)


def _objects(shares: Shares, numbers: np.ndarray) -> pd.DataFrame:
    """Object, shares and pairs of the objects with these numbers, hottest first."""
    numbers = numbers[np.argsort(-shares.pairs[numbers], kind="stable")]
    return pd.DataFrame(
        {
            "object": shares.objects[numbers],
            "shares": np.diff(shares.starts)[numbers].astype(np.int64),
            "pairs": shares.pairs[numbers],
        }
    )


def in_pairs(object_: np.ndarray, account: np.ndarray, time: np.ndarray, window: int) -> pd.Series:
    """In how many of the pairs that `preview` counts is each account, by its key; those in none are left out.

    Source: none needed. The same two pointers: a share is in a pair with every share between the ends of its run.
    """
    object_, account, time = checked(window, {"object": object_, "account": account}, time)
    near = neighbours(ordered(object_, time, window), account, window)
    partners = np.bincount(near.account, weights=near.high - near.low - 1, minlength=len(near.accounts))
    thing, people = numbered(object_)[0].astype(np.int64), numbered(account)
    own = people[0] + thing * len(
        people[1]
    )  # an account's shares of one object: pairs counted from both ends
    alone = neighbours(ordered(numbered(own)[0].astype(np.int64), time, window), account, window)
    twice = pd.Series(alone.high - alone.low - 1).groupby(alone.accounts[alone.account]).sum() // 2
    found = pd.Series(partners.astype(np.int64), index=near.accounts)
    return found.sub(twice, fill_value=0).astype(np.int64)


def pairs(
    object_: np.ndarray,
    account: np.ndarray,
    post: np.ndarray,
    time: np.ndarray,
    window: int,
    *,
    own: bool = False,
    most: int | None = None,
) -> pd.DataFrame:
    """Which posts by which accounts put the same object out within the window?

    One row a pair: object, account_a, account_b, post_a, post_b, gap_ms, where a is the earlier
    share; of equal times it is the one that comes first in the input. Ordered by object, then by
    the later share. Two shares in one post are no pair, those of one account only with `own`.
    With `most`, more close shares than that (as `preview` counts them) raise MetricError.
    Source: CooRTweet, detect_groups; identical rows count as shares of their own, as there.
    """
    named = {"object": object_, "account": account, "post": post}
    object_, account, post, time = checked(window, named, time)
    shares = ordered(object_, time, window)
    total = int(shares.pairs.sum())
    if most is not None and total > most:
        [hottest] = _objects(shares, np.array([np.argmax(shares.pairs)])).itertuples(index=False)
        raise MetricError(
            f"{total:,} pairs are more than the {most:,} asked for; {hottest.pairs:,} of them are "
            f"of object {hottest.object} alone",
            hint="Take a shorter window, or leave the hottest objects out.",
        )
    near = neighbours(shares, account, window)
    posts = post[near.rows]
    size = _evidence(near.low, near.account, posts, own, np.empty(0, np.int32), np.empty(0, np.int32))
    older, newer = np.empty(size, np.int32), np.empty(size, np.int32)
    _evidence(near.low, near.account, posts, own, older, newer)
    return pd.DataFrame(
        {
            "object": shares.objects[near.object_[newer]],
            "account_a": near.accounts[near.account[older]],
            "account_b": near.accounts[near.account[newer]],
            "post_a": posts[older],
            "post_b": posts[newer],
            "gap_ms": near.time[newer] - near.time[older],
        }
    )


@njit()
def _evidence(low, account, posts, own, older, newer):
    """Places of each pair; only counts them where there is no room."""
    found, write = 0, older.size > 0
    for i in range(low.size):
        for j in range(low[i], i):
            if posts[i] != posts[j] and (own or account[i] != account[j]):
                if write:
                    older[found], newer[found] = j, i
                found += 1
    return found


def edges(
    object_: np.ndarray,
    account: np.ndarray,
    post: np.ndarray,
    time: np.ndarray,
    window: int,
    *,
    memory: int = 2 << 30,
    folder: str | Path | None = None,
    hot: int = HOT,
) -> Edges:
    """Which accounts put the same objects out within the window, and how often?

    The table of `Edges`, ordered by account_a, account_b. Weights of a pair of accounts:
    pairs: close pairs of their shares over all objects (CooRTweet's weight); objects: distinct
    objects among them (CooRnet's); posts_a: distinct posts of a with a close share of b
    (the toolkit's weight from a to b), posts_b the reverse; mean_gap_s: mean |time difference|.
    A post of several objects is one post and a pair for each object; shares within one post
    or one account are no pair.

    An object with more than `hot` pairs is not enumerated; see `Edges.unlisted`. Where the table
    could take more than `memory` bytes it is built by ranges of accounts in a file without a
    name in `folder` (default: the system's temporary folder), which the table then reads from
    disk as needed and which is gone with it. Raises MetricError for columns that are no keys or
    times, OutputError where the disk fails.
    """
    named = {"object": object_, "account": account, "post": post}
    object_, account, post, time = checked(window, named, time)
    shares = ordered(object_, time, window)
    listed = shares.pairs <= hot
    every, of_listed = int(shares.pairs.sum()), int(shares.pairs[listed].sum())
    unlisted = _objects(shares, np.flatnonzero(~listed))
    near = neighbours(shares, account, window, listed)
    del shares
    work = prepared(near, post)
    room, wide = min(of_listed, most_edges(work)), every >= _NARROW
    if room * bytes_a_row(work, wide) <= memory:
        return Edges(in_memory(work, window, room, wide), "memory", len(time), every, unlisted)
    return Edges(on_disk(work, window, wide, folder), "partitions", len(time), every, unlisted)
