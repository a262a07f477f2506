"""Whether one of several numbers lies beyond what chance gives, said by one test and drawn by the same test."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

LEVEL = 0.05


class Envelope(NamedTuple):
    """A test over several numbers together, and for each of them the range that chance leaves to it.

    `p` is at most `level` exactly where a number lies outside of its range, so that a picture of the ranges
    says what the test says.
    """

    p: float
    low: np.ndarray
    high: np.ndarray


def envelope(observed: ArrayLike, by_chance: ArrayLike, *, level: float = LEVEL) -> Envelope:
    """Global rank envelope of `observed` (one number each for k things) among the rows of `by_chance`.

    A row is as extreme as its most extreme number, by rank from either side; equal numbers get the rank
    further inside. Needs at least 2 k / `level` rows, else nothing can be beyond.
    Source: Myllymäki and others (2017), J. R. Stat. Soc. B 79: 381.

    >>> by_chance = np.random.default_rng(1).normal(size=(1999, 3))
    >>> round(envelope([0.1, 0.2, 4.0], by_chance).p, 3), envelope([0.1, 0.2, 0.3], by_chance).p > 0.5
    (0.003, True)
    """
    rows = np.vstack([np.asarray(observed, float), np.asarray(by_chance, float)])
    ranks = [rankdata(side, method="max", axis=0) for side in (rows, -rows)]
    extreme = np.minimum(*ranks).min(axis=1)
    as_extreme = np.array([(extreme <= one).mean() for one in np.unique(extreme)])
    beyond = np.unique(extreme)[as_extreme <= level]
    inside = rows[extreme > (beyond[-1] if len(beyond) else 0)]
    return Envelope(float((extreme <= extreme[0]).mean()), inside.min(axis=0), inside.max(axis=0))
