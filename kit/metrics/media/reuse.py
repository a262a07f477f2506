"""Do many accounts of one group place the same items?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import estimates, metric, positive
from kit.metrics.media.placed import ask, key_of


@metric(
    N_("Share of placements of items that other accounts place too"),
    unit="share of placements",
    n_unit="accounts",
)
def media_reuse(case: Any, *, accounts: int = 2, alike: str = "reviewed") -> pd.DataFrame:
    """What share of a group's placements shows an item that at least `accounts` accounts of the group place?

    Columns: group, n (accounts compared: the same number in each group), estimate, low, high (share of
    their placements), all_accounts (accounts of the group that place media). `alike` says when two items
    are one: identical, copies, reviewed (copies and what two reviewers call the same), candidates.
    Formula: placements of such items / placements; the larger group cut to the size of the smaller one,
    because more accounts meet more often by chance; interval from cuts and resampled accounts (`at_size`).
    Missing: reposts, posts without author; items without a file match by their address only.
    Source: Keller, Schoch and others (2022) on co-posting; PDQ (Davis and Rosen 2019).
    A high share does not prove coordination: pictures of an event or a joke are placed by many; compare
    the control.

    >>> media_reuse(case, accounts=5)  # doctest: +SKIP
    """
    least, key = int(positive("accounts", accounts)), key_of(alike)
    found = ask(
        case,
        f"""SELECT "group", account_key, {key} AS cluster, count(*) AS placements FROM placed
            WHERE account_key IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    )
    compared = [g for g in case.groups if g != "context"]
    by_group = {g: found[found["group"] == g] for g in compared}
    sizes = {g: part["account_key"].nunique() for g, part in by_group.items()}
    size = min([n for n in sizes.values() if n] or [0])
    rows = []
    for group, part in by_group.items():
        account, cluster = pd.factorize(part["account_key"])[0], pd.factorize(part["cluster"])[0]
        placed = part["placements"].to_numpy(float)
        whole = np.bincount(account, placed, minlength=sizes[group])

        measure = inference.in_common(account, cluster, placed, whole, least)
        interval = inference.at_size(measure, sizes[group], size, seed=case.seed)
        n = min(size, sizes[group])
        rows.append({"group": group, "n": n, "interval": interval, "all_accounts": sizes[group]})
    return estimates(rows, ["group"])
