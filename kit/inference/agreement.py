"""How far coders agree beyond chance: Krippendorff's alpha for codes, with an interval."""

from __future__ import annotations

import krippendorff
import numpy as np
from numpy.typing import ArrayLike

from kit.inference.intervals import DRAWS, LEVEL, NOTHING, Interval

UNDEFINED = 0.05  # share of draws without any disagreement to expect, above which no interval is given


def alpha(counts: ArrayLike, *, seed: int, draws: int = DRAWS, level: float = LEVEL) -> Interval:
    """Krippendorff's alpha for nominal codes with a percentile interval from resampled units.

    `counts` has a row for each unit and a column for each code: how many coders gave it. Units with
    one coder say nothing and are left out. 1 - observed / expected disagreement (Krippendorff 2011);
    NaN where all codes are the same, because then nothing else was to be expected. The interval is
    NaN where more than one draw in twenty is such a case.
    """
    table = np.asarray(counts, float).reshape(-1, np.shape(counts)[-1] if np.size(counts) else 1)
    table = table[table.sum(axis=1) >= 2]
    if len(table) == 0 or (table.sum(axis=0) > 0).sum() < 2:
        return NOTHING
    estimate = float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))
    kinds, sizes = np.unique(table, axis=0, return_counts=True)
    weights = np.random.default_rng(seed).multinomial(
        sizes.sum(), sizes / sizes.sum(), size=draws
    )  # equal units are drawn together
    drawn = _alphas(weights, kinds)
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < (1 - UNDEFINED) * draws:
        return Interval(estimate, float("nan"), float("nan"))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(estimate, float(low), float(high))


def _alphas(weights: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Alpha of each row of `weights`, which says how often each kind of unit is drawn.

    The coincidence matrix is a sum over units, and so are its diagonal and its margins.
    """
    coders = kinds.sum(axis=1)
    same = weights @ ((kinds * (kinds - 1)).sum(axis=1) / (coders - 1))
    margins = weights @ kinds
    n = margins.sum(axis=1)
    expected = n**2 - (margins**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * (n - same) / expected, np.nan)
