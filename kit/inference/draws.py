"""p-values from draws, with draws enough that chance in the drawing decides nothing.

The number of draws is not fixed: they go on until p can no longer lie on the other side of the level, or until
there are `MOST`. What is still open then is left open. The draws begin the same way every time, whatever the
data, so that another byte in an export changes no verdict by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.stats import beta

FIRST = 500
MOST = 16_000
SURE = 1e-4  # chance that the interval of a p misses it


class Drawn(NamedTuple):
    """A p-value from draws, the interval that holds it but for a chance of `SURE`, and the number of draws."""

    p: float
    low: float
    high: float
    draws: int

    def beyond(self, level: float) -> bool:
        """Whether p is at most `level` for sure."""
        return self.high <= level

    def open(self, level: float) -> bool:
        """Whether the draws leave open on which side of `level` p lies."""
        return self.low <= level < self.high


def until_sure(
    beaten: Callable[[int, np.random.Generator], int], *, level: float, most: int = MOST, seed: int = 0
) -> Drawn:
    """p = (1 + draws that are as extreme) / (1 + draws), from as many draws as it takes to tell it from `level`.

    `beaten(n, rng)` makes n draws and returns how many are as extreme as what was seen.

    >>> until_sure(lambda n, rng: int((rng.random(n) < 0.3).sum()), level=0.05).draws
    500
    """
    rng = np.random.default_rng(seed)
    seen, draws, step = 0, 0, FIRST
    while True:
        seen += beaten(step, rng)
        draws += step
        found = Drawn((1 + seen) / (1 + draws), *interval(seen, draws), draws)
        if not found.open(level) or draws >= most:
            return found
        step = min(draws, most - draws)


def interval(seen: int, draws: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share, which misses it with a chance of `SURE`."""
    low = float(beta.ppf(SURE / 2, seen, draws - seen + 1)) if seen else 0.0
    high = float(beta.isf(SURE / 2, seen + 1, draws - seen)) if seen < draws else 1.0
    return low, high
