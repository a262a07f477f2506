"""Neighbouring bins of a series joined until each holds nobody or at least ten people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from kit.disclosure.rule import STEP


class Kept(NamedTuple):
    """A bin that an earlier version told of, by the places of its ends; `empty` where it held nobody.

    It stays, so that an account taken out moves no bin. Only where somebody came to an empty one it is joined anew.
    """

    first: int
    last: int
    empty: bool = False


def joined(
    people: Sequence[Iterable[Any]] | Sequence[int] | np.ndarray,
    least: int = STEP,
    kept: Sequence[Kept] = (),
) -> np.ndarray:
    """For each bin, in order, the number of the wider bin that it belongs to.

    `people` says who is in each bin: their keys, where one account may be in several (days on which
    they posted), or how many they are, where nobody is in two (days on which they were made). A bin is
    closed once it holds `least` people; empty ones stay a pause of their own beside a full bin; what is
    left at the end joins those before it, and so does what is left before a bin that is full by itself, where
    those hold fewer: a peak stays as narrow as it is. Only where all bins together hold fewer is a bin small.
    What an earlier version `kept` together stays as it is.

    >>> joined([4, 3, 5, 0, 0, 20, 2]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    >>> joined([11, 1, 1, 200, 11]).tolist()
    [0, 0, 0, 1, 2]
    >>> joined([4, 3, 2, 0, 0, 20, 2], kept=[Kept(0, 2), Kept(3, 4, True), Kept(5, 6)]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    """
    bins = [set(range(int(p))) if isinstance(p, int | np.integer) else set(p) for p in people]
    if len(people) and isinstance(people[0], int | np.integer):  # nobody is in two bins
        bins = [{(i, one) for one in held} for i, held in enumerate(bins)]
    starts = _beside(bins, least, kept) if kept else _starts(bins, least)
    number = np.zeros(len(bins), dtype=int)
    for start in starts[1:]:
        number[start:] += 1
    return number


def _starts(bins: Sequence[set[Any]], least: int) -> list[int]:
    starts: list[int] = []
    held: list[set[Any]] = []  # who is in each of the wider bins so far
    for i, here in enumerate(bins):
        if held and 0 < len(held[-1]) < least <= len(here):
            _back(starts, held, least, len(here))
        if not starts or len(held[-1]) >= least or (not held[-1] and here):
            starts.append(i)
            held.append(set())
        held[-1] |= here
    if held:
        _back(starts, held, least, math.inf)
    return starts


def _back(starts: list[int], held: list[set[Any]], least: int, most: float) -> None:
    """Join the last bin, where it is small, to those before it, unless these hold more than `most`."""
    full = next((len(one) for one in reversed(held[:-1]) if one), math.inf if most < math.inf else 0)
    while len(held) > 1 and 0 < len(held[-1]) < least and full <= most:
        starts.pop()
        last = held.pop()
        held[-1] |= last


def _beside(bins: Sequence[set[Any]], least: int, kept: Sequence[Kept]) -> list[int]:
    """Where bins begin, given those of an earlier version: new places are joined among themselves, and few to a neighbour."""
    found: list[tuple[int, set[Any], bool]] = []  # start, who is in it, whether it stays as it is
    at = 0
    for first, last, empty in sorted(one for one in kept if 0 <= one.first <= one.last < len(bins)):
        if first < at:  # two of them overlap: another series
            continue
        found += _new(bins, at, first, least)
        here: set[Any] = set().union(*bins[first : last + 1])
        found.append((first, here, not empty))
        at = last + 1
    found += _new(bins, at, len(bins), least)
    while len(found) > 1:
        few = next(
            (i for i, (_s, who, stays) in enumerate(found) if not stays and 0 < len(who) < least), None
        )
        if few is None:
            break
        left = max(0, few - 1)
        (start, who, stays), (_start, others, other_stays) = found[left : left + 2]
        found[left : left + 2] = [(start, who | others, stays or other_stays)]
    return [start for start, _who, _stays in found]


def _new(bins: Sequence[set[Any]], first: int, end: int, least: int) -> list[tuple[int, set[Any], bool]]:
    """The bins of a stretch of which an earlier version told nothing."""
    starts = [first + start for start in _starts(bins[first:end], least)]
    ends = [*starts[1:], end] if starts else []
    return [(a, set().union(*bins[a:b]), False) for a, b in zip(starts, ends, strict=True)]
