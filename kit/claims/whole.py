"""What the findings of one report say together: how many comparisons it makes, and how often equals would differ.

A notebook judges each comparison by itself. A page makes many, so here the chance of one false difference or more on
it is held at 5 % (Holm 1979), and each comparison is held against random halves of its comparison group, which differ
by nothing but chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kit.claims import ALPHA
from kit.inference import wilson
from kit.inference.families import holm

#: how often the comparison group is split at random
SPLITS = 200
_DIFFERENT = ("higher", "lower")


def settled(records: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The findings of a report as they stand together, and what is said of all of them.

    `records` are those of `kit.notebook.findings`, in the order of the page; `trial` holds the two-sided p of a
    comparison and those of random halves of its comparison group. A difference that does not stay beside the others
    is *inconclusive*, as is one of a kind that random halves show more often than promised.
    """
    tried = [i for i, record in enumerate(records) if record.get("trial")]
    kept = dict(zip(tried, holm([records[i]["trial"]["p"] for i in tried]) <= ALPHA, strict=True))
    out = [dict(record) for record in records]
    for i in tried:
        equals = [p for p in records[i]["trial"]["equals"] if p is not None]
        different = sum(p <= ALPHA for p in equals)
        item = records[i]["item"] | {"comparisons": len(tried)}
        if equals:
            item["equals"] = {"splits": len(equals), "different": different}
        if item["verdict"] in _DIFFERENT:
            unsound = bool(equals) and wilson(different, len(equals)).low > ALPHA
            if unsound or not kept[i]:
                item |= {"verdict": "inconclusive", "outcome": "unsound" if unsound else "chance"}
        out[i]["item"] = item
    return out, {"comparisons": len(tried)} | _pages([records[i]["trial"]["equals"] for i in tried])


def _pages(equals: Sequence[Sequence[float | None]]) -> dict[str, int]:
    """On how many pages of random halves at least one comparison would stay, of how many."""
    known = [one for one in equals if one]
    if not known:
        return {"splits": 0, "pages": 0}
    whole = np.array([[np.nan if p is None else p for p in one] for one in known], float)
    return {"splits": whole.shape[1], "pages": sum(bool((holm(split) <= ALPHA).any()) for split in whole.T)}
