"""Which posts draw many of their replies, and what share of all replies is theirs?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import estimates, metric, one_of, positive


@metric(N_("Posts that drew many replies from one group"), unit="share of posts answered", n_unit="posts")
def targeted_posts(case: Any, *, k: int = 5, count: str = "replies") -> pd.DataFrame:
    """How many posts drew at least `k` replies from studied accounts, and what share is that?

    Columns: group, n (posts answered by the group), estimate, low, high (share of them with at least
    k, Wilson), targeted (their number). `count` is replies or accounts (distinct authors).
    Formula: targeted / n. Posts of the group's own accounts are included.
    Missing: replies that do not name the post they answer are left out; where accounts are counted,
    also replies of unknown authors.
    Source: Pote et al. (ICWSM 2025): 5 direct replies, tried from 5 to 20.
    A high share does not prove an attack: popular posts draw many replies; compare the control.

    >>> targeted_posts(case, k=10, count="accounts")  # doctest: +SKIP
    """
    measured = {"replies": "count(*)", "accounts": "count(DISTINCT account_key)"}[
        one_of("count", count, ("replies", "accounts"))
    ]
    table = case.sql(
        f"""SELECT "group", count(*) AS n, count(*) FILTER (drawn >= $k) AS targeted FROM (
                SELECT "group", reply_to_key, {measured} AS drawn FROM posts
                WHERE is_reply AND reply_to_key IS NOT NULL GROUP BY 1, 2) GROUP BY 1""",
        k=positive("k", k),
    ).set_index("group")
    rows = []
    for group in case.groups:
        n, hit = (int(table.loc[group, c]) if group in table.index else 0 for c in ("n", "targeted"))
        rows.append({"group": group, "n": n, "interval": inference.wilson(hit, n), "targeted": hit})
    return estimates(rows, ["group"])


@metric(N_("Targeted posts under other settings"))
def targeted_sweep(case: Any, *, ks: list[int] | tuple[int, ...] = (5, 10, 15, 20)) -> pd.DataFrame:
    """How does the number of targeted posts depend on k, and on counting replies or accounts?

    Columns: group, k, replies_rule (posts with at least k replies), accounts_rule (with at least k
    distinct accounts), n (posts answered).
    Formula, missing-data rule and source: as `targeted_posts`.
    A slow fall does not prove flooding by itself.

    >>> targeted_sweep(case)  # doctest: +SKIP
    """
    rows = []
    for k in ks:
        by_replies, by_accounts = (
            targeted_posts(case, k=k, count=c).set_index("group") for c in ("replies", "accounts")
        )
        rows += [
            (g, k, int(by_replies.targeted[g]), int(by_accounts.targeted[g]), int(by_replies.n[g]))
            for g in by_replies.index
        ]
    table = pd.DataFrame(rows, columns=["group", "k", "replies_rule", "accounts_rule", "n"])
    order = {g: i for i, g in enumerate(case.groups)}
    return table.sort_values(
        ["group", "k"], key=lambda s: s.map(order) if s.name == "group" else s
    ).reset_index(drop=True)


def _filled(case: Any) -> pd.DataFrame:
    """Per post answered by studied accounts: replies of studied accounts and of everybody."""
    return case.sql("""
        SELECT reply_to_key, any_value(platform) AS platform, any_value(target_key) AS target_key,
               count(*) FILTER ("group" = 'studied') AS studied_replies, count(*) AS replies
        FROM posts WHERE is_reply AND reply_to_key IS NOT NULL
        GROUP BY reply_to_key HAVING count(*) FILTER ("group" = 'studied') > 0 ORDER BY 1""")


def others_collected(case: Any) -> bool:
    """Whether replies of other accounts under the posts that studied accounts answered are in the case."""
    filled = _filled(case)
    return bool((filled.replies > filled.studied_replies).any())


_SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@metric(N_("How much of the replies under a post is theirs"))
def reply_domination(case: Any, *, minimum: int = 5) -> pd.DataFrame:
    """Under how many posts do studied accounts write what share of all replies?

    Columns: group (studied), share_from, share_to (class of the share of all replies; the class
    1 to 1 are posts answered by studied accounts only), posts_answered, low_above_half (posts of
    the class whose Wilson lower limit is above one half). Empty where other people's replies were
    not collected: then this cannot be known.
    Formula: studied replies / all replies of posts with at least `minimum` replies.
    Missing: replies that do not name the post they answer are left out; hidden, deleted and
    uncollected replies make the share too large.
    Source: ASPI (2023) states that the network's replies are sometimes the only ones.
    A share of 100 % does not prove intent: an export may lack the other replies.

    >>> reply_domination(case, minimum=10)  # doctest: +SKIP
    """
    columns = ["group", "share_from", "share_to", "posts_answered", "low_above_half"]
    filled = _filled(case)
    if not (filled.replies > filled.studied_replies).any():
        return pd.DataFrame(columns=columns)
    filled = filled[filled.replies >= positive("minimum", minimum)]
    share = filled.studied_replies / filled.replies
    low = pd.Series(
        [
            inference.wilson(int(k), int(n)).low
            for k, n in zip(filled.studied_replies, filled.replies, strict=True)
        ],
        index=filled.index,
        dtype=float,
    )
    rows = []
    for start, end in zip(_SHARES, (*_SHARES[1:], 1.0), strict=True):
        inside = (share >= start) & ((share < end) if start < 1 else (share == 1))
        rows.append(("studied", start, end, int(inside.sum()), int((low[inside] > 0.5).sum())))
    return pd.DataFrame(rows, columns=columns)


@metric(
    N_("Share of all replies written by studied accounts"), unit="share of posts answered", n_unit="posts"
)
def reply_fill(case: Any, *, minimum: int = 5, least: float = 0.5) -> pd.DataFrame:
    """Under what share of the posts that they answer do studied accounts write most of the replies?

    Columns: group (studied), n (posts with at least `minimum` replies), estimate, low, high (share
    of these posts in which studied accounts wrote at least `least` of all replies, Wilson),
    complete (posts at 100 %), verdict, sentence.
    Formula: posts with studied / all >= least, over n. Verdict: cannot tell where other people's
    replies were not collected; present where the interval's lower end is above 5 %; else absent.
    Missing: as `reply_domination`.
    Source: as `reply_domination`.
    A high share does not prove intent, and uncollected replies make it too large.

    >>> reply_fill(case, least=0.9)  # doctest: +SKIP
    """
    filled = _filled(case)
    if len(filled) and not (filled.replies > filled.studied_replies).any():
        row = {
            "group": "studied",
            "n": len(filled),
            "interval": inference.Interval(0.0, 0.0, 1.0),
            "complete": None,
        }
        return estimates([row | {"verdict": "cannot_tell", "sentence": "not_collected"}], ["group"])
    filled = filled[filled.replies >= positive("minimum", minimum)]
    share = filled.studied_replies / filled.replies
    interval = inference.wilson(int((share >= least).sum()), len(filled))
    verdict = "cannot_tell" if not len(filled) else "present" if interval.low > 0.05 else "absent"
    row = {"group": "studied", "n": len(filled), "interval": interval, "complete": int((share == 1).sum())}
    return estimates(
        [row | {"verdict": verdict, "sentence": verdict if len(filled) else "no_data"}], ["group"]
    )
