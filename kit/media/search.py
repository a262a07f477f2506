"""Which hashes lie within a radius of which: every pair is looked at, so none is missed."""

from __future__ import annotations

import numpy as np

_ROWS = 2_000_000  # comparisons at a time


def within(asked: np.ndarray, held: np.ndarray, radius: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of `asked`, rows of `held`, and how many of 256 bits differ, for pairs within `radius`.

    Hashes are rows of four numbers of 64 bits. The first number alone leaves few pairs for the rest.
    """
    found: list[tuple[np.ndarray, ...]] = []
    step = max(1, _ROWS // max(1, len(held)))
    for start in range(0, len(asked), step):
        part = asked[start : start + step]
        apart = np.bitwise_count(part[:, None, 0] ^ held[None, :, 0])
        left, right = np.nonzero(apart <= radius)
        distance = np.bitwise_count(part[left] ^ held[right]).sum(1, dtype=np.int64)
        near = distance <= radius
        found.append((left[near] + start, right[near], distance[near]))
    if not found:
        return tuple(np.zeros(0, np.int64) for _ in range(3))  # type: ignore[return-value]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]
