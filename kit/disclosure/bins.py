"""Neighbouring bins of a series joined until each holds nobody or at least ten people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kit.disclosure.rule import STEP


def joined(people: Sequence[Iterable[Any]] | Sequence[int] | np.ndarray, least: int = STEP) -> np.ndarray:
    """For each bin, in order, the number of the wider bin that it belongs to.

    `people` says who is in each bin: their keys, where one account may be in several (days on which
    they posted), or how many they are, where nobody is in two (days on which they were made). A bin is
    closed once it holds `least` people; empty ones stay a pause of their own beside a full bin; what is
    left at the end joins those before it. Only where all bins together hold fewer is a bin small.

    >>> joined([4, 3, 5, 0, 0, 20, 2]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    """
    bins = [set(range(int(p))) if isinstance(p, int | np.integer) else set(p) for p in people]
    if len(people) and isinstance(people[0], int | np.integer):  # nobody is in two bins
        bins = [{(i, one) for one in held} for i, held in enumerate(bins)]
    starts: list[int] = []
    now: set[Any] = set()
    for i, here in enumerate(bins):
        if not starts or len(now) >= least or (not now and here):
            starts.append(i)
            now = set()
        now |= here
    while len(starts) > 1 and 0 < len(now) < least:  # too few at the end
        starts.pop()
        now = set().union(*bins[starts[-1] :])
    number = np.zeros(len(bins), dtype=int)
    for start in starts[1:]:
        number[start:] += 1
    return number
