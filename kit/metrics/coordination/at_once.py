"""Who answers the same posts within a minute of each other: a list, and no verdict.

Groups that act at once are the blind spot of `synchronised`: a group on orders and people with a notification
leave the same times. So they are counted, beside what strangers would do, and nothing is concluded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.disclosure.rule import STEP
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import metric, positive
from kit.metrics.coordination.actions import actions, inferred

TRACE = "reply_post"
#: ends of the classes of delay since the post that is answered, in seconds
CLASSES = (60.0, 300.0, 1800.0, 7200.0)
_PARTNERS = 2000  # neighbours of one act that are looked at


@metric(
    N_("Answers within a minute of each other"),
    unit="share of accounts",
    n_unit="accounts",
    outcomes=outcomes.AT_ONCE,
    needs=("posts.account_key", "posts.created_at", "posts.reply_to_key"),
)
def at_once(case: Any, *, window_s: float = 60, repeats: int = 3) -> pd.DataFrame:
    """What share of the accounts that answer posts answered `repeats` of the same posts within `window_s` seconds of another?

    Columns: group, n (accounts that answer posts), estimate, low, high (share with such a partner in their group), pairs,
    together (posts together, mean over pairs), expected (the same of strangers), verdict (described), sentence.
    Formula: each account's first answer to a post. Expected: over the posts that a pair both answered, the sum of the rate at which
    accounts that are no such pair answer within `window_s` of each other, in the same class of delay since the post
    (or its first answer, where its time is not known): up to 1, 5, 30, 120 minutes, later. Wilson interval.
    Missing: posts without author or exact time; answers to oneself.
    Public: accounts and pairs in tens; pairs of fewer than ten accounts are not told.
    Source: docs/coordination.md.
    Many pairs do not prove a group: in simulation fans with notifications, 60 of one source, looked the same.

    >>> coordination.at_once(case)[["group", "n", "pairs", "verdict"]]
         group    n  pairs    verdict
    0  studied  113     18  described
    1  control   60      0  described
    """
    acts = _first_answers(actions(case, TRACE, window_s=positive("window_s", window_s)))
    close = _close(acts, float(window_s))
    times = close.groupby(["a", "b"]).size()
    pairs = times[times >= repeats].rename("together").reset_index()
    pairs["expected"] = _expected(acts, close, pairs)
    group = acts.drop_duplicates("account").set_index("account")["group"]
    rows = []
    for name in [g for g in case.groups if g != "context"]:
        mine = pairs[pairs["a"].map(group).eq(name) & pairs["b"].map(group).eq(name)]
        inside, n = len(set(mine["a"]) | set(mine["b"])), int((group == name).sum())
        held = int(0 < inside < STEP)
        rows.append(
            {"group": name, "n": n}
            | inference.wilson(inside, n)._asdict()
            | {
                "pairs": len(mine),
                "together": float(mine["together"].mean()) if len(mine) else np.nan,
                "expected": float(mine["expected"].mean()) if len(mine) else np.nan,
                "verdict": "described",
                "sentence": "met" if len(mine) else "nobody",
                "pairs__people": inside,
                "together__held": held,
                "expected__held": held,
            }
        )
    return inferred(pd.DataFrame(rows))


def _first_answers(acts: pd.DataFrame) -> pd.DataFrame:
    """One row for each account and post, in order of post and time: with `delay` in seconds and the class of it."""
    acts = acts.drop_duplicates(["object", "account"]).sort_values(["object", "at_ms", "account"])
    acts = acts.reset_index(drop=True)
    first = acts.groupby("object")["at_ms"].transform("min")
    since = acts["origin_ms"].astype("Float64").fillna(first.astype("Float64")).astype(float)
    delay = (acts["at_ms"] - since).clip(lower=0) / 1000
    return acts.assign(delay=delay, kind=np.searchsorted(CLASSES, delay, side="left"))


def _close(acts: pd.DataFrame, window_s: float) -> pd.DataFrame:
    """Rows of two answers to one post within the window: row (of the earlier), a and b (the smaller key first)."""
    thing, time = acts["object"].to_numpy(), acts["at_ms"].to_numpy()
    account = acts["account"].to_numpy()
    found = []
    for step in range(1, min(_PARTNERS, len(acts))):
        near = (thing[step:] == thing[:-step]) & (time[step:] - time[:-step] <= 1000 * window_s)
        row = np.flatnonzero(near)
        if not len(row):
            break
        found.append(np.c_[row, row + step])
    both = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    ends = np.sort(account[both], axis=1)
    return pd.DataFrame({"row": both[:, 0], "other": both[:, 1], "a": ends[:, 0], "b": ends[:, 1]})


def _expected(acts: pd.DataFrame, close: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Posts together that strangers would have, for each pair: those who answered its posts as soon."""
    listed = close.merge(pairs[["a", "b"]], on=["a", "b"], how="left", indicator=True)["_merge"].eq("both")
    strangers = close[~listed.to_numpy()]
    kind = acts["kind"].to_numpy()
    others = acts.groupby("object")["account"].transform("size").to_numpy() - 1
    met = np.bincount(kind[strangers["row"]], minlength=len(CLASSES) + 1)
    met += np.bincount(kind[strangers["other"]], minlength=len(CLASSES) + 1)
    could = np.bincount(kind, others, minlength=len(CLASSES) + 1)
    rate = (met + 0.5) / (could + 1)
    of = {account: part.set_index("object")["kind"] for account, part in acts.groupby("account")}
    sums = []
    for a, b in pairs[["a", "b"]].itertuples(index=False):
        first, second = of[a], of[b]
        common = first.index.intersection(second.index)
        sums.append(float(rate[np.minimum(first[common], second[common])].sum()))
    return np.array(sums, dtype=float)
