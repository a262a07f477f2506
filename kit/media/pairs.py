"""Which items are copies of which: the levels copy, candidate and same sound, after measured thresholds.

Thresholds and what they miss are told in `docs/media.md`. A match of hashes is a candidate; it is a copy
only where no border, caption or panel was found, because different pictures share those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from kit.media import pdq, prints
from kit.media.sound import SAME, bit_error_rate
from kit.media.views import ASKED, PANEL, ROWS

_CELLS = 500_000  # comparisons at a time
PICTURE_COPY, PICTURE_NEAR = 31, 56  # of 256 bits
FRAME_COPY, FRAME_NEAR = 44, 56
ALIGNED, ALIGNED_SHARE, ALIGNED_NEAR = 3, 0.4, 2  # frames at one offset, and their share of the shorter video
PANELS_AGREE = 90  # bits by which two panels may differ where each fills little of its picture
PANELS_SMALL = 0.7  # share of a picture below which its panel must agree
FRAMED = 0.98  # share of a picture below which a border, caption or panel counts as found


class Pair(NamedTuple):
    """Two items, how alike they are, and by what."""

    a: int
    b: int
    level: str  # copy, candidate, same_sound
    distance: int | None = None
    aligned: int | None = None
    shorter: int | None = None
    bit_error: float | None = None


class _Shelf(NamedTuple):
    """The usable frames of all items of one class, one under the other."""

    items: list[int]
    start: np.ndarray  # where the frames of each item start, and the end
    seconds: np.ndarray
    panel: np.ndarray
    hashes: np.ndarray


def alike(views: dict[int, str], *, film: bool) -> list[Pair]:
    """Pairs among the pictures, or among the videos, whose packed frames are given by item."""
    shelf = _shelve(views)
    owner = np.repeat(np.arange(len(shelf.items)), np.diff(shelf.start))
    (asked, asked_frame), (held, held_frame) = (
        _different(shelf.hashes, rows) for rows in (ASKED, range(ROWS))
    )
    found = []
    for i in range(len(shelf.items) - 1):
        low, high = shelf.start[i], shelf.start[i + 1]
        if low == high:
            continue
        # only items further down, so that each pair is looked at once
        (p, q), (r, s) = (np.searchsorted(frame, (low, high)) for frame in (asked_frame, held_frame))
        near = max(PICTURE_NEAR, FRAME_NEAR)
        there, back = within(asked[p:q], held[s:], near), within(held[r:s], asked[q:], near)
        left = np.concatenate([asked_frame[p:q][there[0]], held_frame[r:s][back[0]]])
        right = np.concatenate([held_frame[s:][there[1]], asked_frame[q:][back[1]]])
        distance = np.concatenate([there[2], back[2]])
        for j, (x, y, d) in _by_item(owner, left, right, distance):
            x, y, d = _nearest(x, y, d)
            x, y, d = (column[_panels_agree(shelf, x, y)] for column in (x, y, d))
            judge = _films if film else _pictures
            if len(d) and (pair := judge(shelf, i, j, x, y, d)):
                found.append(pair)
    return found


def _shelve(views: dict[int, str]) -> _Shelf:
    items = sorted(views)
    frames = [prints.unpacked(views[item], least=pdq.GOOD) for item in items]
    start = np.concatenate([[0], np.cumsum([len(f.seconds) for f in frames])]).astype(np.int64)

    def stacked(name: str, empty: tuple[int, ...]) -> np.ndarray:
        return np.concatenate([getattr(f, name) for f in frames]) if frames else np.zeros(empty)

    hashes = stacked("hashes", (0, ROWS, 4)).astype(np.uint64)
    return _Shelf(items, start, stacked("seconds", (0,)), stacked("panel_share", (0,)), hashes)


def _different(hashes: np.ndarray, rows: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """The hashes in some rows of every frame, each but once for a frame, and the frame of each."""
    part = hashes[:, list(rows)]
    new = np.ones(part.shape[:2], bool)
    for row in range(1, part.shape[1]):
        new[:, row] = (part[:, :row] != part[:, row : row + 1]).any(2).all(1)
    return part[new], np.repeat(np.arange(len(part)), new.sum(1))


def _by_item(
    owner: np.ndarray, x: np.ndarray, y: np.ndarray, d: np.ndarray
) -> Iterator[tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """The pairs of frames, for each item that holds their second frames."""
    other = owner[y]
    if not len(other):
        return
    order = np.argsort(other, kind="stable")
    values, starts = np.unique(other[order], return_index=True)
    for value, part in zip(values, np.split(order, starts[1:]), strict=True):
        yield int(value), (x[part], y[part], d[part])


def _nearest(x: np.ndarray, y: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each pair of frames once, at its least distance."""
    order = np.lexsort((d, y, x))
    x, y, d = x[order], y[order], d[order]
    first = np.ones(len(x), bool)
    first[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    return x[first], y[first], d[first]


def _panels_agree(shelf: _Shelf, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where both panels fill little of their pictures, the panels themselves must be alike too."""
    both = (shelf.panel[x] < PANELS_SMALL) & (shelf.panel[y] < PANELS_SMALL)
    fine = ~both
    for row in np.flatnonzero(both):
        a, b = shelf.hashes[x[row]], shelf.hashes[y[row]]
        apart = [np.bitwise_count(one[PANEL] ^ other[PANEL:]).sum(1).min() for one, other in ((a, b), (b, a))]
        fine[row] = min(apart) <= PANELS_AGREE
    return fine


def _pictures(shelf: _Shelf, i: int, j: int, x: np.ndarray, y: np.ndarray, d: np.ndarray) -> Pair | None:
    framed = bool((shelf.panel[x] < FRAMED).any() or (shelf.panel[y] < FRAMED).any())
    distance = int(d.min())
    if distance > PICTURE_NEAR:
        return None
    level = "copy" if distance <= PICTURE_COPY and not framed else "candidate"
    return Pair(shelf.items[i], shelf.items[j], level, distance)


def _films(shelf: _Shelf, i: int, j: int, x: np.ndarray, y: np.ndarray, d: np.ndarray) -> Pair | None:
    shorter = min(int(np.diff(shelf.start)[k]) for k in (i, j))
    framed = all(np.median(shelf.panel[shelf.start[k] : shelf.start[k + 1]]) < FRAMED for k in (i, j))
    close = d <= FRAME_COPY
    aligned = _aligned(shelf, x[close], y[close])
    distance = int(d.min())
    if aligned >= ALIGNED and aligned >= ALIGNED_SHARE * shorter:
        return Pair(
            shelf.items[i], shelf.items[j], "candidate" if framed else "copy", distance, aligned, shorter
        )
    aligned = _aligned(shelf, x, y)
    if aligned >= ALIGNED_NEAR:
        return Pair(shelf.items[i], shelf.items[j], "candidate", distance, aligned, shorter)
    return None


def _aligned(shelf: _Shelf, x: np.ndarray, y: np.ndarray) -> int:
    """Most frames of the first video that meet the second at one offset in time, give or take a second."""
    if not len(x):
        return 0
    first, offset = shelf.seconds[x], shelf.seconds[y] - shelf.seconds[x]
    pairs = np.unique(np.concatenate([np.stack([offset + k, first]) for k in (-1, 0, 1)], axis=1), axis=1)
    return int(np.unique(pairs[0], return_counts=True)[1].max())


def same_sound(sounds: dict[int, str]) -> list[Pair]:
    """Pairs whose sounds are the same: a channel of its own, which never makes two items one."""
    prints_ = {
        item: np.frombuffer(bytes.fromhex(text), ">u4").astype(np.uint32) for item, text in sounds.items()
    }
    items = sorted(prints_)
    found = []
    for i, a in enumerate(items):
        for b in items[i + 1 :]:
            rate = bit_error_rate(prints_[a], prints_[b])
            if rate <= SAME:
                found.append(Pair(a, b, "same_sound", bit_error=round(rate, 4)))
    return found


def within(asked: np.ndarray, held: np.ndarray, radius: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of `asked`, rows of `held`, and how many of 256 bits differ, for pairs within `radius`.

    Hashes are rows of four numbers of 64 bits.
    """
    found: list[tuple[np.ndarray, ...]] = []
    step = max(1, _CELLS // max(1, len(held)))
    columns = np.ascontiguousarray(held.T)
    for start in range(0, len(asked), step):
        part = asked[start : start + step]
        apart = np.zeros((len(part), len(held)), np.uint16)
        for number, column in enumerate(columns):
            apart += np.bitwise_count(part[:, number, None] ^ column)
        left, right = np.nonzero(apart <= radius)
        found.append((left + start, right, apart[left, right].astype(np.int64)))
    if not found:
        return tuple(np.zeros(0, np.int64) for _ in range(3))  # type: ignore[return-value]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]
