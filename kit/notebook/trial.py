"""A comparison tried on equals: how often random halves of the comparison group differ as the groups do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.claims import Verdict
from kit.claims.whole import SPLITS

#: fewer accounts on a side are no half that says something
_LEAST = 10


def trial(table: pd.DataFrame, verdict: Verdict, case: Any) -> dict[str, Any]:
    """The two-sided p of a comparison, and those of `SPLITS` random halves of its comparison group.

    Empty where nothing was compared. `equals` is empty where the metric hands over no measure, or the group is too
    small to be halved; a half that cannot be compared is None. An account is on the same side of a split in every
    finding of a report, so that the splits of all findings together are pages.
    """
    if verdict.compared is None:
        return {}
    measure = table.attrs.get("measure")
    tried: dict[str, Any] = {"p": _p(verdict.compared) if verdict.compared.why == "" else None, "equals": []}
    if tried["p"] is None:
        return {}
    if measure is not None:
        others = ~measure.studied
        halves = [others & side(measure.account, case.seed, split) for split in range(SPLITS)]
        if all(min(half.sum(), others.sum() - half.sum()) >= _LEAST for half in halves):
            tried["equals"] = [_tried(measure, half, others & ~half) for half in halves]
    return tried


def _tried(measure: Any, half: np.ndarray, rest: np.ndarray) -> float | None:
    found = measure.compare(half, rest)
    return None if found.why else _p(found)


def _p(found: Any) -> float:
    """Two-sided p of no difference beyond the margin."""
    return min(1.0, 2 * float(min(found.p_higher, found.p_lower)))


def side(account: np.ndarray, seed: int, split: int) -> np.ndarray:
    """On which side of a random split each account is: a bit of its key, the seed and the split, well mixed.

    splitmix64 (Steele, Lea and Flood 2014); the same account is always on the same side.
    """
    with np.errstate(over="ignore"):
        x = account.astype(np.uint64) + np.uint64(seed % 2**63) * np.uint64(0x9E3779B97F4A7C15)
        x += np.uint64(split + 1) * np.uint64(0xD1B54A32D192ED03)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
        return ((x ^ (x >> np.uint64(31))) & np.uint64(1)).astype(bool)
