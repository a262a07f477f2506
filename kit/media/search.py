"""Which hashes lie within a radius of which: every pair is looked at, so none is missed."""

from __future__ import annotations

import numpy as np

_CELLS = 500_000  # comparisons at a time


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
