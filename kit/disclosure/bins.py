"""Neighbouring bins of a series joined until each holds nobody or at least ten people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kit.disclosure.rule import STEP


def joined(people: Sequence[Iterable[Any]] | Sequence[int] | np.ndarray, least: int = STEP) -> np.ndarray:
    """For each bin, in order, the number of the wider bin that it belongs to.

    `people` says who is in each bin: their keys, where one account may be in several (days on which
    they posted), or how many they are, where nobody is in two (days on which they were made). A bin is
    closed once it holds `least` people; empty ones stay a pause of their own beside a full bin; what is
    left at the end joins those before it, and so does what is left before a bin that is full by itself, where
    those hold fewer: a peak stays as narrow as it is. Only where all bins together hold fewer is a bin small.

    >>> joined([4, 3, 5, 0, 0, 20, 2]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    >>> joined([11, 1, 1, 200, 11]).tolist()
    [0, 0, 0, 1, 2]
    """
    bins = [set(range(int(p))) if isinstance(p, int | np.integer) else set(p) for p in people]
    if len(people) and isinstance(people[0], int | np.integer):  # nobody is in two bins
        bins = [{(i, one) for one in held} for i, held in enumerate(bins)]
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
    number = np.zeros(len(bins), dtype=int)
    for start in starts[1:]:
        number[start:] += 1
    return number


def _back(starts: list[int], held: list[set[Any]], least: int, most: float) -> None:
    """Join the last bin, where it is small, to those before it, unless these hold more than `most`."""
    full = next((len(one) for one in reversed(held[:-1]) if one), math.inf if most < math.inf else 0)
    while len(held) > 1 and 0 < len(held[-1]) < least and full <= most:
        starts.pop()
        last = held.pop()
        held[-1] |= last
