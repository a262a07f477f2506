"""Clusters in the shape of stars: every member is tied to the centre itself, so nothing chains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence


def stars(order: Sequence[int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Centre of each item of `order`: the first centre it is tied to, else itself.

    `order` runs from the item placed first. A-B and B-C do not bring A and C together.
    """
    tied = _both(ties)
    place = {item: i for i, item in enumerate(order)}
    centre: dict[int, int] = {}
    for item in order:
        centres = [other for other in tied[item] if centre.get(other) == other]
        centre[item] = min(centres, key=place.__getitem__, default=item)
    return centre


def merged(order: Sequence[int], centre: dict[int, int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Stars whose members are tied, put together as stars of stars: never more of them than before."""
    between = ((centre[a], centre[b]) for a, b in ties)
    joined = stars([item for item in order if centre[item] == item], between)
    return {item: joined[centre[item]] for item in order}


def _both(ties: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    tied: dict[int, set[int]] = defaultdict(set)
    for a, b in ties:
        if a != b:
            tied[a].add(b)
            tied[b].add(a)
    return tied
