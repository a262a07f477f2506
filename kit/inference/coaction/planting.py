"""Rows with a group planted in them, to see whether it would be found, and rows shuffled, to see that nothing is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

DAY = 86_400.0
EARLIEST, LATEST = 60.0, DAY  # how long before the group's acts one of its own objects began


class Planted(NamedTuple):
    """The rows given and after them the group's; `members` are its account codes, above all others.

    `origin_s` is None where it was not given.
    """

    object: np.ndarray
    account: np.ndarray
    time_s: np.ndarray
    origin_s: np.ndarray | None
    members: np.ndarray


def plant(
    object_: ArrayLike,
    account: ArrayLike,
    time_s: ArrayLike,
    *,
    rng: np.random.Generator,
    group: int,
    repeats: int,
    jitter_s: float,
    cover: int = 30,
    origin_s: ArrayLike | None = None,
    delay_s: float | None = None,
) -> Planted:
    """A group of accounts that acts together `repeats` times, within `jitter_s` each time, planted in given rows.

    Codes of object and account are whole numbers. Every other time the group takes an object of the rows,
    drawn by the number of its acts, at a delay drawn from all acts (since its origin, or its first act where
    that is not known); else an object of its own, at a random moment, which began a minute to a day earlier
    (unknown as often as among the rows). With `delay_s` every one of these delays is that. Each member also has `cover` acts like those of the rows, moved by
    up to half an hour. Raises ValueError where there is no row with a time.
    """
    things, people = np.asarray(object_, np.int64), np.asarray(account, np.int64)
    times = np.asarray(time_s, float)
    origins = np.full(len(times), np.nan) if origin_s is None else np.asarray(origin_s, float)
    timed = np.flatnonzero(np.isfinite(times))
    if len(timed) == 0:
        raise ValueError("no row with a time to plant a group among")
    members = people.max() + 1 + np.arange(group)
    pushed = _pushes(things[timed], times[timed], origins[timed], repeats, rng, delay_s)
    acted = [np.repeat(column, group) for column in pushed]
    acted[1] = acted[1] + rng.uniform(0, jitter_s, group * repeats)
    taken = timed[rng.integers(0, len(timed), group * cover)]
    moved = times[taken] + rng.uniform(-1800, 1800, len(taken))
    covered = (things[taken], np.fmax(moved, origins[taken]), origins[taken])
    return Planted(
        np.concatenate([things, acted[0], covered[0]]),
        np.concatenate([people, np.tile(members, repeats), np.repeat(members, cover)]),
        np.concatenate([times, acted[1], covered[1]]),
        None if origin_s is None else np.concatenate([origins, acted[2], covered[2]]),
        members,
    )


def _pushes(
    things: np.ndarray,
    times: np.ndarray,
    origins: np.ndarray,
    repeats: int,
    rng: np.random.Generator,
    delay_s: float | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Object, time and origin of each time the group acts together."""
    known = np.isfinite(origins)
    start = np.where(known, origins, _first(things, times))
    lags = (times - start)[times > start]
    shown = rng.permutation(len(things))
    shown = shown[
        np.sort(np.unique(things[shown], return_index=True)[1])
    ]  # by number of acts, no object twice
    thing = things.max() + 1 + np.arange(repeats)
    when = rng.uniform(times.min(), times.max(), repeats)
    began = when - np.exp(rng.uniform(np.log(EARLIEST), np.log(LATEST), repeats))
    if delay_s is not None:
        lags, began = np.array([float(delay_s)]), when - delay_s
    began[rng.random(repeats) >= known.mean()] = np.nan
    borrowed = np.arange(0, repeats, 2)[: len(shown)]
    rows = shown[: len(borrowed)]
    thing[borrowed], began[borrowed] = things[rows], origins[rows]
    when[borrowed] = start[rows] + (rng.choice(lags, len(rows)) if len(lags) else 0.0)
    return thing, when, began


def _first(things: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Time of the first act on the object of each row."""
    _, number = np.unique(things, return_inverse=True)
    first = np.full(number.max() + 1, np.inf)
    np.minimum.at(first, number, times)
    return first[number]


def shuffle_accounts(
    object_: ArrayLike,
    account: ArrayLike,
    time_s: ArrayLike,
    *,
    rng: np.random.Generator,
    by_day: bool = True,
) -> np.ndarray:
    """`account` shuffled among the acts on the same object, on the same day unless `by_day` is False.

    Objects keep their hours and accounts their objects: whatever an object's heat brings about stays,
    what two accounts do together goes.
    """
    block = _blocks(object_, time_s) if by_day else np.asarray(object_)
    people = np.array(account)
    order = np.lexsort((np.arange(len(people)), block))
    mixed = np.lexsort((rng.random(len(people)), block))
    people[order] = people[mixed]
    return people


def shuffle_times(
    object_: ArrayLike,
    time_s: ArrayLike,
    *,
    rng: np.random.Generator,
    origin_s: ArrayLike | None = None,
    reach_s: float | None = None,
) -> np.ndarray:
    """Times moved within their object and day, or by up to `reach_s` either way.

    Without `reach_s` each act takes the time of day of another act of that day, on whatever object: days
    keep their rhythm and their objects, moments shared go. An act that would come before its object's
    origin keeps its time.
    """
    times = np.array(time_s, float)
    if reach_s is None:
        day = np.floor(times / DAY)
        order = np.lexsort((np.arange(len(times)), day))
        mixed = np.lexsort((rng.random(len(times)), day))
        moved = np.empty(len(times))
        moved[order] = times[mixed]
    else:
        moved = times + rng.uniform(-reach_s, reach_s, len(times))
    if origin_s is not None:
        moved = np.where(moved < np.asarray(origin_s, float), times, moved)
    return moved


def _blocks(object_: ArrayLike, time_s: ArrayLike) -> np.ndarray:
    """A number for each object and day."""
    thing = np.unique(np.asarray(object_), return_inverse=True)[1]
    day = np.unique(np.floor(np.asarray(time_s, float) / DAY), return_inverse=True)[1]
    return thing * (day.max(initial=0) + 1) + day
