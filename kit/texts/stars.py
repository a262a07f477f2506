"""Pairs that are alike gathered into stars: every member stands near one centre; no chain grows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kit.compiled import njit

REACH = 0.85  # times the similarity: how near to the centre one must be who is joined by another member
SPREAD = 0.7  # times the similarity: how near the two members farthest apart must be

Likeness = Callable[[np.ndarray, np.ndarray, float], np.ndarray]


@njit()
def _rows(a, b, n):
    """Each text's neighbours as one array and the start of each text's part."""
    start = np.zeros(n + 1, np.int64)
    for x in range(a.size):
        start[a[x] + 1] += 1
        start[b[x] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    other, edge = np.empty(2 * a.size, np.int64), np.empty(2 * a.size, np.int64)
    for x in range(a.size):
        other[fill[a[x]]], edge[fill[a[x]]] = b[x], x
        fill[a[x]] += 1
        other[fill[b[x]]], edge[fill[b[x]]] = a[x], x
        fill[b[x]] += 1
    return start, other, edge


@njit()
def _take(order, start, other, edge, value, centre, near):
    """In order, each text not yet taken becomes a centre and takes its free neighbours."""
    for i in order:
        if centre[i] >= 0:
            continue
        free = 0
        for x in range(start[i], start[i + 1]):
            free += centre[other[x]] < 0
        if not free:
            continue
        centre[i], near[i] = i, 1.0
        for x in range(start[i], start[i + 1]):
            if centre[other[x]] < 0:
                centre[other[x]], near[other[x]] = i, value[edge[x]]


def stars(
    pairs: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
    likeness: Likeness,
    similarity: float | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """For each text the number of its centre (-1: alone) and its likeness to it.

    `pairs` are candidates, `weights` how many posts say each text, `likeness(a, b, least)`
    gives edit similarities, `similarity` is what is asked of a pair, one number or one for each
    text (the larger one counts). The text with the heaviest neighbours becomes a centre first.
    A lighter star goes into a heavier one whose centre it is near enough to; a text left over
    because its only neighbours were taken joins their centre where it is within REACH of it.
    Diameter check: a cluster whose farthest member is farther than SPREAD from others is parted
    between centre and that member.
    """
    n = len(weights)
    centre, near = np.full(n, -1, np.int64), np.full(n, np.nan)
    need = np.broadcast_to(np.asarray(similarity, float), n)
    least = float(need.min()) if n else 1.0
    a, b = pairs
    value = likeness(a, b, least)
    good = value >= np.maximum(need[a], need[b])
    a, b, value = a[good], b[good], value[good]
    if not len(a):
        return centre, near
    start, other, edge = _rows(a, b, n)
    strength = weights.astype(np.int64).copy()
    np.add.at(strength, a, weights[b])
    np.add.at(strength, b, weights[a])
    order = np.lexsort((np.arange(n), -strength))
    _take(order, start, other, edge, value, centre, near)
    _absorb(centre, near, a, b, strength, likeness, need)
    _join(centre, near, a, b, likeness, need * REACH)
    _part(centre, near, likeness, least * SPREAD)
    return centre, near


def _absorb(
    centre: np.ndarray,
    near: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    strength: np.ndarray,
    likeness: Likeness,
    need: np.ndarray,
) -> None:
    """Large families have more pairs than were tried: stars with near centres become one, if every member stays near."""
    ends = np.stack([centre[a], centre[b]], 1)
    ends = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    if not len(ends):
        return
    wanted = np.maximum(need[ends[:, 0]], need[ends[:, 1]])
    ends = ends[likeness(ends[:, 0], ends[:, 1], float(need.min())) >= wanted]
    heavy = strength[ends[:, 0]] >= strength[ends[:, 1]]
    into, gone = np.where(heavy, ends[:, 0], ends[:, 1]), np.where(heavy, ends[:, 1], ends[:, 0])
    order = np.lexsort((gone, into, -strength[into]))  # the heaviest takes first
    place = np.argsort(centre, kind="stable")
    begin = np.searchsorted(centre[place], np.arange(len(centre)))
    end = np.searchsorted(centre[place], np.arange(len(centre)), side="right")
    moved: set[int] = set()
    for heavier, lighter in zip(into[order].tolist(), gone[order].tolist(), strict=True):
        if heavier in moved or lighter in moved:
            continue
        own = place[begin[lighter] : end[lighter]]
        value = likeness(own, np.full(len(own), heavier), 0.0)
        if (value >= need[own] * REACH).all():
            centre[own], near[own] = heavier, value
            moved.add(lighter)


def _join(
    centre: np.ndarray, near: np.ndarray, a: np.ndarray, b: np.ndarray, likeness: Likeness, least: np.ndarray
) -> None:
    """Texts left over join the nearest centre of a neighbour, if it is near enough."""
    both = np.concatenate([np.stack([a, b], 1), np.stack([b, a], 1)])
    left = both[(centre[both[:, 0]] < 0) & (centre[both[:, 1]] >= 0)]
    if not len(left):
        return
    tried = np.unique(np.stack([left[:, 0], centre[left[:, 1]]], 1), axis=0)
    value = likeness(tried[:, 0], tried[:, 1], float(least.min()))
    for (text, star), v in sorted(
        zip(map(tuple, tried.tolist()), value.tolist(), strict=True), key=lambda t: t[1]
    ):
        if v >= least[text]:  # the best comes last
            centre[text], near[text] = star, v


def _part(centre: np.ndarray, near: np.ndarray, likeness: Likeness, least: float) -> None:
    """Where the farthest member is far from others, these go to the nearer of centre and farthest."""
    members = np.flatnonzero(centre >= 0)
    order = np.lexsort((members, near[members], centre[members]))
    members = members[order]  # of each cluster the farthest first
    stars_, begin, size = np.unique(centre[members], return_index=True, return_counts=True)
    farthest = np.repeat(members[begin], size)
    some = np.repeat(size > 2, size)
    value = likeness(members[some], farthest[some], 0.0)
    wide = np.unique(centre[members[some][value < least]])
    for star in wide.tolist():
        at = np.searchsorted(stars_, star)
        own = members[begin[at] : begin[at] + size[at]]
        far = own[0]
        to_far = likeness(own, np.full(len(own), far), 0.0)
        moved = own[(to_far > near[own]) & (own != star)]
        centre[moved], near[moved] = far, np.where(moved == far, 1.0, to_far[np.isin(own, moved)])
        if len(moved) == 1:  # nobody is nearer to it than to the centre: it stands alone
            centre[far], near[far] = -1, np.nan
