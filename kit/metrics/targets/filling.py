"""Which posts draw many of their replies, and what share of all replies is theirs?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit import inference
from kit.inference import outcomes
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


# Posts answered by studied accounts with all replies to them. Whether other people's replies were collected is told by
# the person answered (where that is not stated: by the platform): exports are made for a person, and nobody else
# being seen there at all may be the export's gap.
_FILLED = """
    WITH replies AS (SELECT reply_to_key, platform, target_key, account_key, "group" = 'studied' AS studied,
                            coalesce(CAST(target_key AS VARCHAR), platform) AS person
                     FROM posts WHERE is_reply AND reply_to_key IS NOT NULL),
    met AS (SELECT DISTINCT person FROM replies WHERE NOT studied AND account_key IS DISTINCT FROM target_key)
    SELECT reply_to_key, any_value(platform) AS platform, count(*) FILTER (studied) AS studied_replies, count(*) AS replies,
           bool_or(person IN (SELECT person FROM met)) AS collected
    FROM replies GROUP BY reply_to_key HAVING count(*) FILTER (studied) > 0 ORDER BY 1"""


def _filled(case: Any, minimum: int) -> tuple[pd.DataFrame, int]:
    """Posts with at least `minimum` replies where others' were collected too, and how many other such posts there are.

    Columns: reply_to_key, platform, studied_replies, replies, share, low, high (Wilson).
    """
    table = case.sql(_FILLED)
    table = table[table["replies"] >= positive("minimum", minimum)]
    known = table.pop("collected").astype(bool)
    table, left = table[known].reset_index(drop=True), int((~known).sum())
    pairs = zip(table["studied_replies"], table["replies"], strict=True)
    intervals = [inference.wilson(int(k), int(n)) for k, n in pairs]
    table["share"] = table["studied_replies"] / table["replies"]
    for end in ("low", "high"):
        table[end] = pd.Series([getattr(i, end) for i in intervals], dtype=float)
    return table, left


_SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@metric(N_("How much of the replies under a post is theirs"))
def reply_domination(case: Any, *, minimum: int = 5) -> pd.DataFrame:
    """Under how many posts do studied accounts write what share of all replies?

    Columns: group (studied), share_from, share_to (class of the share of all replies; the class
    1 to 1 are posts answered by studied accounts only), posts_answered, low_above_half (posts of
    the class whose Wilson lower limit is above one half). Empty where other people's replies were
    not collected: then this cannot be known.
    Formula: studied replies / all replies of posts with at least `minimum` replies.
    Missing: replies that do not name the post they answer are left out, and posts of people under
    whose posts nobody else was seen; hidden, deleted and uncollected replies make the share too large.
    Source: ASPI (2023) states that the network's replies are sometimes the only ones.
    A share of 100 % does not prove intent: an export may lack the other replies.

    >>> reply_domination(case, minimum=10)  # doctest: +SKIP
    """
    filled, _left = _filled(case, minimum)
    share, low = filled["share"], filled["low"]
    rows = []
    for start, end in zip(_SHARES, (*_SHARES[1:], 1.0), strict=True) if len(filled) else ():
        inside = (share >= start) & ((share < end) if start < 1 else (share == 1))
        rows.append(("studied", start, end, int(inside.sum()), int((low[inside] > 0.5).sum())))
    return pd.DataFrame(rows, columns=["group", "share_from", "share_to", "posts_answered", "low_above_half"])


@metric(N_("Posts whose replies they fill most"), unit="share of replies")
def filled_posts(case: Any, *, minimum: int = 10, top: int = 20) -> pd.DataFrame:
    """Under which posts did studied accounts write the largest share of all replies, and how large is it?

    Columns: group (studied), rank, platform, replies (collected, of everybody), studied_replies, share, low,
    high (Wilson). In the internal edition also post (its identifier) and target (its author's).
    Formula: studied_replies / replies; the `top` posts by the lower end of the interval.
    Missing: as `reply_domination`.
    Source: as `reply_domination`.
    A first place does not prove that a post was chosen: of many posts some come first by chance.

    >>> filled_posts(case, top=5)  # doctest: +SKIP
    """
    names = ["group", "rank", "platform", "replies", "studied_replies", "share", "low", "high"]
    filled, _left = _filled(case, minimum)
    order = ["low", "replies", "reply_to_key"]
    first = filled.sort_values(order, ascending=[False, False, True]).head(positive("top", top))
    first = first.assign(group="studied", rank=range(1, len(first) + 1))
    if case.edition != "internal":
        return first[names].reset_index(drop=True)
    known = case.sql("""SELECT reply_to_key, any_value(reply_to_id) AS post, any_value(target_account_id) AS target
                        FROM posts WHERE reply_to_key IS NOT NULL GROUP BY 1""")
    return first.merge(known, on="reply_to_key", how="left")[[*names, "post", "target"]]


@metric(
    N_("Share of all replies written by studied accounts"),
    unit="share of posts answered",
    n_unit="posts",
    outcomes=outcomes.FILLING,
)
def reply_fill(case: Any, *, minimum: int = 5, least: float = 0.5) -> pd.DataFrame:
    """Under what share of the posts that they answer do studied accounts write most of the replies?

    Columns: group (studied), n (posts with at least `minimum` replies), estimate, low, high (share
    of these posts in which studied accounts wrote at least `least` of all replies, Wilson),
    complete (posts at 100 %), not_known (posts left out: nobody else's reply to their author was
    collected), verdict, sentence.
    Formula: posts with studied / all >= least, over n. Verdict: cannot tell where other people's
    replies were not collected; present where the interval's lower end is above 5 %; else absent.
    Missing: as `reply_domination`.
    Source: as `reply_domination`.
    A high share does not prove intent, and uncollected replies make it too large.

    >>> reply_fill(case, least=0.9)  # doctest: +SKIP
    """
    filled, left = _filled(case, minimum)
    n, hit = len(filled), int((filled["share"] >= least).sum())
    row: dict[str, Any] = {"group": "studied", "n": n, "not_known": left}
    if left and not n:
        nothing = {"interval": inference.Interval(0.0, 0.0, 1.0), "complete": None, "verdict": "cannot_tell"}
        return estimates([row | nothing | {"n": left, "sentence": "not_collected"}], ["group"])
    interval = inference.wilson(hit, n)
    verdict = "cannot_tell" if not n else "present" if interval.low > 0.05 else "absent"
    row |= {"interval": interval, "complete": int((filled["share"] == 1).sum()), "verdict": verdict}
    return estimates([row | {"sentence": verdict if n else "no_data"}], ["group"])
