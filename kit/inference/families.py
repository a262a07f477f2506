"""Several tests at once: p adjusted so that the chance of one false finding or more is that of a single test."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def holm(p: ArrayLike) -> np.ndarray:
    """Holm's adjusted p-values, in the order of `p`; NaN is no test: it stays, and is not counted.

    The k-th smallest of m is multiplied by m - k + 1, and none is below a smaller one's (Holm 1979). Whatever hangs
    together, the chance of one adjusted p at most alpha or more is at most alpha where nothing is there to be found.

    >>> holm([0.001, 0.02, 0.03, 0.4]).round(3).tolist()
    [0.004, 0.06, 0.06, 0.4]
    """
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")[: int(np.isfinite(values).sum())]
    adjusted = np.full(len(values), np.nan)
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * factors))
    return adjusted
