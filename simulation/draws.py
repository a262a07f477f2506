"""Seeded draws that stay the same on every machine.

Only the raw stream of PCG64 is used: NumPy promises never to change it, while the
distributions of its generators may change between releases. Everything else is
an inverse transform of uniform numbers. Every purpose has a stream of its own, so
that changing one planted fact leaves all that does not depend on it as it was.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np


def whole(parts: dict[str, float], n: int) -> dict[str, int]:
    """`n` divided among `parts` in proportion to them, as whole numbers."""
    edges = np.round(np.cumsum(list(parts.values())) / sum(parts.values()) * n).astype(int)
    return dict(zip(parts, np.diff(np.concatenate([[0], edges])).tolist(), strict=True))


class Draws:
    """A stream of uniform numbers for one purpose, and what is made of them."""

    def __init__(self, seed: int, *purpose: str) -> None:
        words = [zlib.crc32(word.encode()) for word in purpose]
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *words]))

    def uniform(self, n: int) -> np.ndarray:
        """`n` numbers in [0, 1)."""
        return (self._bits.random_raw(n) >> np.uint64(11)) * 2.0**-53

    def one(self) -> float:
        """One number in [0, 1)."""
        return float(self.uniform(1)[0])

    def below(self, limit: object, n: int) -> np.ndarray:
        """`n` whole numbers from 0 to limit - 1; `limit` is a number or one number for each."""
        return np.floor(self.uniform(n) * limit).astype(np.int64)

    def chance(self, share: object, n: int) -> np.ndarray:
        """`n` times true or false, true with probability `share`."""
        return self.uniform(n) < share

    def pick(self, weights: object, n: int) -> np.ndarray:
        """`n` positions in `weights`, drawn in proportion to them, with replacement."""
        ladder = np.cumsum(np.asarray(weights, float))
        return np.searchsorted(ladder, self.uniform(n) * ladder[-1], side="right").clip(0, len(ladder) - 1)

    def normal(self, n: int) -> np.ndarray:
        """`n` normal deviates (Box and Muller)."""
        return np.sqrt(-2 * np.log1p(-self.uniform(n))) * np.cos(2 * np.pi * self.uniform(n))

    def order(self, n: int) -> np.ndarray:
        """The positions 0 to n - 1 in random order."""
        return np.argsort(self.uniform(n), kind="stable")

    def shares(self, parts: dict[str, float], n: int) -> np.ndarray:
        """`n` labels in random order whose counts follow `parts` as closely as whole numbers allow."""
        counts = whole(parts, n)
        return np.repeat(np.array(list(counts), dtype=object), list(counts.values()))[self.order(n)]

    def endless(self) -> Iterator[float]:
        """Numbers in [0, 1) one after the other."""
        while True:
            yield from self.uniform(4096).tolist()
