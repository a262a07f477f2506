"""Who acted on what and when, prepared: one row for each object and account, in the order of time.

Times become whole milliseconds, so that a window's end is inside or outside and never a
matter of rounding. Nothing here depends on the order of the rows given or on how accounts
and objects are numbered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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
