"""Whom do they address, how concentrated is it, and whose replies do they fill?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import estimates, facts, metric, one_of, positive
from kit.metrics.needs import in_rows, with_setting
from kit.metrics.texts.coding import found
from kit.metrics.ways import ADDRESSED, BY_WAY, NAMES, WAYS, addressed
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY

__all__ = [
    "address_coverage",
    "briefing",
    "concentration",
    "discovery",
    "filled_posts",
    "persistence",
    "ranking",
    "reply_domination",
    "reply_fill",
    "reply_share",
    "roster_shares",
    "target_facts",
    "targeted_posts",
    "targeted_sweep",
]


#: fact -> what the exports must tell for it
_FACTS = {
    "reply_share_original": ["posts.is_reply"],
    "replied_to_accounts": ["posts.is_reply", "posts.target_key"],
    "targeted_posts_5": ["posts.is_reply", "posts.reply_to_key"],
    "targeted_posts_5_accounts": ["posts.is_reply", "posts.reply_to_key", "posts.account_key"],
}


@metric(N_("Targets: facts"), needs=in_rows("id", _FACTS), over=("posts.is_reply",))
def target_facts(case: Any) -> pd.DataFrame:
    """How much of the posting answers others, and how many accounts and posts are addressed?

    Columns: id, group, value, unit, label, n.
    Formula: reply_share_original = replies / posts that are not reposts; replied_to_accounts =
    distinct accounts answered; targeted_posts_5 = distinct posts that drew at least 5 replies from
    the group, targeted_posts_5_accounts the same counted in distinct accounts. Replies to the
    group's own accounts are included.
    Missing: replies whose target is not stated are left out; `address_coverage` counts them.
    Source: Pote et al. (ICWSM 2025) for the rule of five.
    Many replies do not prove flooding: some people mostly answer others.

    >>> targets.target_facts(case)[["id", "group", "value"]].head(3)
                         id    group  value
    0  reply_share_original  studied  0.944
    1   replied_to_accounts  studied     16
    2      targeted_posts_5  studied     49
    """
    table = case.sql("""
        WITH drawn AS (
            SELECT "group", reply_to_key, count(*) AS replies, count(DISTINCT account_key) AS accounts
            FROM posts WHERE is_reply AND reply_to_key IS NOT NULL GROUP BY 1, 2),
        targeted AS (
            SELECT "group", count(*) AS n, count(*) FILTER (replies >= 5) AS k, count(*) FILTER (accounts >= 5) AS k_accounts
            FROM drawn GROUP BY 1)
        SELECT p."group", avg(CAST(is_reply AS INT)) FILTER (NOT is_repost) AS reply_share,
               count(*) FILTER (NOT is_repost) AS n_original,
               count(DISTINCT target_key) FILTER (is_reply) AS accounts, count(*) FILTER (is_reply) AS replies,
               any_value(t.n) AS targets, any_value(t.k) AS k, any_value(t.k_accounts) AS k_accounts
        FROM posts p LEFT JOIN targeted t USING ("group") GROUP BY 1""").set_index("group")
    rows: list[tuple] = []
    for group in [g for g in case.groups if g in table.index]:
        r = table.loc[group]
        if r.n_original:
            share = float(r.reply_share)
            rows.append(
                ("reply_share_original", group, share, "share of original posts", None, int(r.n_original))
            )
        rows.append(
            ("replied_to_accounts", group, int(r.accounts), "accounts addressed", None, int(r.replies))
        )
        if pd.notna(r.targets):
            rows += [
                ("targeted_posts_5", group, int(r.k), "posts addressed", None, int(r.targets)),
                (
                    "targeted_posts_5_accounts",
                    group,
                    int(r.k_accounts),
                    "posts addressed",
                    None,
                    int(r.targets),
                ),
            ]
    return facts(rows)


@metric(N_("For how many posts the account addressed is known"), needs=in_rows("way", BY_WAY))
def address_coverage(case: Any) -> pd.DataFrame:
    """For what share of replies, mentions and reposts does the export name the account addressed?

    Columns: group, way (reply, mention, repost), posts, known_posts, share (known / posts). For
    mentions `posts` are the posts that are not reposts and `known_posts` those that mention somebody.
    Formula: counts.
    Missing: this table is the count of what is missing.
    Source: platform formats: the X archive names reposted accounts, other exports do not.
    A low share does not prove that nobody was addressed: the export may lack the field.

    >>> targets.address_coverage(case)[["group", "way", "posts", "known_posts"]].head(2)
         group      way  posts  known_posts
    0  studied    reply    472          472
    1  studied  mention   <NA>         <NA>
    """
    parts = [
        f"""SELECT "group", '{way}' AS way, count(*) AS posts,
                   count(*) FILTER (post_key IN (SELECT post_key FROM ({query}) WHERE addressed IS NOT NULL)) AS known_posts
            FROM posts WHERE {possible} GROUP BY 1"""
        for way, (query, possible) in WAYS.items()
    ]
    table = case.sql(
        f"SELECT *, known_posts / posts AS share FROM ({' UNION ALL '.join(parts)}) ORDER BY {group_order()}, way DESC"
    )
    return table


@metric(N_("Accounts addressed most"), needs=ADDRESSED)
def ranking(case: Any, *, way: str = "reply", top: int = 20) -> pd.DataFrame:
    """Which accounts are answered, mentioned or reposted most?

    Columns: group, target (name where the roster allows it, else pseudonym), platform, category (roster),
    posts, accounts (distinct authors), days, first_day, last_day (in the report's clock), share (of
    the group's posts that address a known account this way).
    Formula: counts; the `top` accounts of each of studied and control by posts, then by pseudonym.
    Missing: posts whose target is not stated are left out of the share.
    Source: Stanford Internet Observatory; Pote et al. (2025).
    A high rank does not prove targeting: visible people get more of everything; compare the control.

    >>> targets.ranking(case, top=2)[["group", "target", "posts", "accounts"]]
         group                 target  posts  accounts
    0  studied     Odessa Thistlewick     73        49
    1  studied  Percival Brambleforth     65        44
    2  control      Leopold Mossgrove     45        20
    3  control  Clementine Larkenshaw     32         9
    """
    query = WAYS[one_of("way", way, WAYS)][0]
    return case.sql(
        f"""
        SELECT a."group", n.target, a.platform, n.category, a.posts, a.accounts, a.days, a.first_day, a.last_day, a.share FROM (
            SELECT "group", addressed, any_value(platform) AS platform, count(*) AS posts, count(DISTINCT account_key) AS accounts,
                   count(DISTINCT day) AS days, min(day) AS first_day, max(day) AS last_day,
                   count(*) / sum(count(*)) OVER (PARTITION BY "group") AS share
            FROM (SELECT *, {LOCAL_DAY} AS day FROM ({query}))
            WHERE addressed IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2) a
        JOIN ({NAMES}) n ON n.account_key = a.addressed
        QUALIFY row_number() OVER (PARTITION BY a."group" ORDER BY a.posts DESC, n.target, a.platform, a.addressed) <= {int(positive("top", top))}
        ORDER BY {group_order('a."group"')}, a.posts DESC, n.target, a.platform, a.addressed""",
        clock=case.clock,
    )


@metric(N_("Share of the accounts addressed most"), unit="share of posts", n_unit="accounts", needs=ADDRESSED)
def concentration(case: Any, *, way: str = "reply", top: int = 10) -> pd.DataFrame:
    """What share of a group's replies (mentions, reposts) goes to the `top` accounts addressed most?

    Columns: group, n (authors), estimate, low, high (share of posts that address a known account).
    Formula: posts to the group's own `top` / posts to anybody; interval by bootstrap over authors
    with the same `top` accounts, so it does not speak of how the list was chosen.
    Missing: posts whose target or author is not stated are left out (`address_coverage`,
    `author_coverage`).
    Source: Lorenz shares; Stanford Internet Observatory.
    A high share does not prove a target list: public attention is concentrated too; compare the control.

    >>> targets.concentration(case, top=5)[["group", "n", "estimate"]].round(2)
         group    n  estimate
    0  studied  113      0.56
    1  control   60      0.73
    """
    table = addressed(case, way)
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        totals = (
            mine.groupby("addressed")["posts"]
            .sum()
            .reset_index()
            .sort_values(["posts", "addressed"], ascending=[False, True])
        )
        first = set(totals["addressed"].head(int(positive("top", top))))
        by_author = (
            mine.assign(hit=mine["posts"].where(mine["addressed"].isin(first), 0))
            .groupby("account_key")[["hit", "posts"]]
            .sum()
        )
        interval = inference.bootstrap_ratio(by_author["hit"], by_author["posts"], seed=case.seed)
        rows.append({"group": group, "n": len(by_author), "interval": interval})
    return estimates(rows, ["group"])


@metric(
    N_("Share of original posts that answer others"),
    unit="share of posts",
    n_unit="accounts",
    needs=("posts.is_reply", "posts.account_key", *with_setting("own", {False: ["posts.target_key"]})),
    over=("posts.is_reply",),
)
def reply_share(
    case: Any, *, own: bool = True, platform: str | None = None, minimum: int = 1
) -> pd.DataFrame:
    """What share of the posts that are not reposts answers another account?

    Columns: group, n (authors), estimate, low, high (share of original posts).
    Formula: replies / posts that are not reposts, by bootstrap over authors with at least `minimum`
    such posts. `own=False` leaves out replies to accounts of the same group; `platform` looks at one.
    Missing: posts of unknown authors (`author_coverage` counts them); a reply is a reply whether or
    not its target is stated.
    Source: ASPI (2023); Stanford Internet Observatory (2020).
    A high share does not prove flooding: an export of replies holds replies only.

    >>> targets.reply_share(case, own=False)[["group", "n", "estimate"]].round(2)
         group    n  estimate
    0  studied  113      0.94
    1  control   60      0.86
    2  context  110      0.00
    """
    case = case.where(platform=platform) if platform else case
    inside = "" if own else 'AND NOT coalesce(t."group" = p."group", false)'
    table = case.sql(f"""
        SELECT p."group", p.account_key, count(*) AS posts, count(*) FILTER (p.is_reply {inside}) AS replies
        FROM posts p LEFT JOIN accounts t ON t.account_key = p.target_key
        WHERE NOT p.is_repost AND p.account_key IS NOT NULL GROUP BY ALL HAVING count(*) >= {int(positive("minimum", minimum))} ORDER BY 1, 2""")
    rows = []
    for group in case.groups:
        mine = table[table["group"] == group]
        interval = inference.bootstrap_ratio(mine["replies"], mine["posts"], seed=case.seed)
        rows.append({"group": group, "n": len(mine), "interval": interval})
    return estimates(rows, ["group"])


@metric(N_("New targets by day"), needs=("posts.created_at", *ADDRESSED))
def discovery(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """How fast does each group reach new targets: a list worked through, or widening?

    Columns: group, day (in the report's clock), new_targets, targets_so_far (accounts addressed,
    not authors). Days between the first and last without a new target are rows.
    Formula: each target counts on the day it is first addressed.
    Missing: posts without a time or a stated target are left out.
    Source: accumulation curves, as in ecology (Gotelli & Colwell 2001).
    A curve that flattens does not prove that a list is finished: collection may have stopped.

    >>> targets.discovery(case).head(3)
         group        day  new_targets  targets_so_far
    0  studied 2023-08-09            1               1
    1  studied 2023-08-10            2               3
    2  studied 2023-08-11            1               4
    """
    query = WAYS[one_of("way", way, WAYS)][0]
    return case.sql(
        f"""
        WITH first AS (
            SELECT "group", addressed, min({LOCAL_DAY}) AS day
            FROM ({query}) WHERE addressed IS NOT NULL AND created_at IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2),
        daily AS (SELECT "group", day, count(*) AS new_targets FROM first GROUP BY 1, 2),
        span AS (SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day FROM daily)
        SELECT g."group", s.day, coalesce(d.new_targets, 0) AS new_targets,
               CAST(sum(coalesce(d.new_targets, 0)) OVER (PARTITION BY g."group" ORDER BY s.day) AS BIGINT) AS targets_so_far
        FROM span s CROSS JOIN (SELECT DISTINCT "group" FROM daily) g
        LEFT JOIN daily d ON d."group" = g."group" AND d.day = s.day ORDER BY {group_order('g."group"')}, s.day""",
        clock=case.clock,
    )


@metric(N_("How long targets stay targets"), needs=("posts.created_at", *ADDRESSED))
def persistence(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """On how many days, and over how many weeks, is one target addressed?

    Columns: group, targets (accounts addressed), median_days (days on which one is addressed),
    one_day_share (addressed on one day only), two_weeks_share (from first to last day at least 14 days).
    Formula: counts over the accounts addressed.
    Missing: posts without a time or a stated target are left out.
    Source: none needed.
    A long time does not prove a campaign: public people are answered all the time; compare the control.

    >>> targets.persistence(case)[["group", "targets", "median_days"]]
         group  targets  median_days
    0  studied       16          4.0
    1  control       23          1.0
    """
    query = WAYS[one_of("way", way, WAYS)][0]
    return case.sql(
        f"""
        SELECT "group", count(*) AS targets, median(days) AS median_days,
               avg(CAST(days = 1 AS INT)) AS one_day_share, avg(CAST(span >= 14 AS INT)) AS two_weeks_share
        FROM (SELECT "group", addressed, count(DISTINCT day) AS days, max(day) - min(day) AS span
              FROM (SELECT *, {LOCAL_DAY} AS day FROM ({query}))
              WHERE addressed IS NOT NULL AND day IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2)
        GROUP BY 1 ORDER BY {group_order()}""",
        clock=case.clock,
    )


@metric(
    N_("Posts that drew many replies from one group"),
    unit="share of posts answered",
    n_unit="posts",
    needs=(
        "posts.is_reply",
        "posts.reply_to_key",
        *with_setting("count", {"accounts": ["posts.account_key"]}),
    ),
)
def targeted_posts(case: Any, *, k: int = 5, count: str = "replies") -> pd.DataFrame:
    """How many posts drew at least `k` replies from studied accounts, and what share is that?

    Columns: group, n (posts answered by the group), estimate, low, high (share of them with at least
    k, Wilson), targeted (their number). `count` is replies or accounts (distinct authors).
    Formula: targeted / n. Posts of the group's own accounts are included.
    Missing: replies that do not name the post they answer are left out; where accounts are counted,
    also replies of unknown authors.
    Source: Pote et al. (ICWSM 2025): 5 direct replies, tried from 5 to 20.
    A high share does not prove an attack: popular posts draw many replies; compare the control.

    >>> targets.targeted_posts(case, k=10, count="accounts")[["group", "n", "targeted"]]
         group   n  targeted
    0  studied  61        12
    1  control  76         1
    2  context  82         1
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


@metric(N_("Targeted posts under other settings"), needs=("posts.is_reply", "posts.reply_to_key"))
def targeted_sweep(case: Any, *, ks: list[int] | tuple[int, ...] = (5, 10, 15, 20)) -> pd.DataFrame:
    """How does the number of targeted posts depend on k, and on counting replies or accounts?

    Columns: group, k, replies_rule (posts with at least k replies), accounts_rule (with at least k
    distinct accounts), n (posts answered).
    Formula, missing-data rule and source: as `targeted_posts`.
    A slow fall does not prove flooding by itself.

    >>> targets.targeted_sweep(case).head(3)
         group   k  replies_rule  accounts_rule   n
    0  studied   5            49             49  61
    1  studied  10            15             12  61
    2  studied  15             4              0  61
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


@metric(
    N_("How much of the replies under a post is theirs"),
    needs=("posts.is_reply", "posts.reply_to_key", "posts.account_key"),
)
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

    >>> targets.reply_domination(case, minimum=5)[["share_from", "share_to", "posts_answered"]].tail(2)
       share_from  share_to  posts_answered
    5         0.9       1.0               0
    6         1.0       1.0              38
    """
    filled, _left = _filled(case, minimum)
    share, low = filled["share"], filled["low"]
    rows = []
    for start, end in zip(_SHARES, (*_SHARES[1:], 1.0), strict=True) if len(filled) else ():
        inside = (share >= start) & ((share < end) if start < 1 else (share == 1))
        rows.append(("studied", start, end, int(inside.sum()), int((low[inside] > 0.5).sum())))
    return pd.DataFrame(rows, columns=["group", "share_from", "share_to", "posts_answered", "low_above_half"])


@metric(
    N_("Posts whose replies they fill most"),
    unit="share of replies",
    needs=("posts.is_reply", "posts.reply_to_key", "posts.account_key"),
)
def filled_posts(case: Any, *, minimum: int = 10, top: int = 20) -> pd.DataFrame:
    """Under which posts did studied accounts write the largest share of all replies, and how large is it?

    Columns: group (studied), rank, platform, replies (collected, of everybody), studied_replies, share, low,
    high (Wilson). In the internal edition also post (its identifier) and target (its author's).
    Formula: studied_replies / replies; the `top` posts by the lower end of the interval.
    Missing: as `reply_domination`.
    Source: as `reply_domination`.
    A first place does not prove that a post was chosen: of many posts some come first by chance.

    >>> targets.filled_posts(case, top=2)[["rank", "platform", "replies", "studied_replies"]]
       rank  platform  replies  studied_replies
    0     1  facebook       18               18
    1     2         x       15               15
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
    needs=("posts.is_reply", "posts.reply_to_key", "posts.account_key"),
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

    >>> targets.reply_fill(case, least=0.9)[["group", "n", "estimate", "verdict"]].round(2)
         group   n  estimate  verdict
    0  studied  50      0.76  present
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


@metric(
    N_("Targets by roster category"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "category"),
    needs=("report.roster", *ADDRESSED),
)
def roster_shares(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """Are some categories of the roster addressed more than their share of the roster?

    Columns: group, category, members (of the roster), roster_share, addressed_share (of the category among
    the members that the group addressed at all), posts, n (authors), estimate, low, high (share of the group's posts to roster members, bootstrap over authors), p (one test
    for each group, over all categories).
    Formula: p by permutation: categories are dealt anew over the roster's members 999 times;
    statistic Σ |share of posts - share of members|. So one much-addressed member does not make a
    category significant.
    Missing: posts to accounts outside the roster and posts of unknown authors are left out; members without a known account count
    in the roster's shares.
    Source: permutation test over targets (unit: the member).
    A low p does not prove a motive: members of one category may simply be more visible.

    >>> targets.roster_shares(case)[["group", "category", "posts", "estimate"]].round(2)
         group    category  posts  estimate
    0  studied  government    259      0.55
    1  studied  opposition    213      0.45
    2  control  government     96      0.56
    3  control  opposition     75      0.44
    """
    columns = "group category members roster_share addressed_share posts n estimate low high p".split()
    members = _members(case)
    if members.empty:
        return pd.DataFrame(columns=columns)
    table = addressed(case, way).merge(members.dropna(subset=["addressed"]), on="addressed")
    people = members.drop_duplicates("member")
    sizes = people["category"].value_counts().sort_index()
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        if mine.empty:
            continue
        p = _category_test(mine, people, case.seed)
        reached = people[people["member"].isin(mine["member"])]["category"].value_counts(normalize=True)
        for category, size in sizes.items():
            by_author = (
                mine.assign(hit=mine["posts"].where(mine["category"] == category, 0))
                .groupby("account_key")[["hit", "posts"]]
                .sum()
            )
            interval = inference.bootstrap_ratio(by_author["hit"], by_author["posts"], seed=case.seed)
            rows.append(
                (
                    group,
                    category,
                    int(size),
                    size / len(people),
                    float(reached.get(category, 0.0)),
                    int(by_author["hit"].sum()),
                    len(by_author),
                    *interval,
                    p,
                )
            )
    return pd.DataFrame(rows, columns=columns)


def _members(case: Any) -> pd.DataFrame:
    """member (one number for each person or body), category, account_key: one row for each account."""
    return case.sql("""SELECT member_key AS member, coalesce(category, '') AS category, account_key AS addressed
                       FROM roster ORDER BY roster_key""")


def _category_test(mine: pd.DataFrame, people: pd.DataFrame, seed: int) -> float:
    """p that shares of posts by category differ from shares of members as much by dealing categories anew."""
    posts = mine.groupby("member")["posts"].sum().reindex(people["member"]).fillna(0).to_numpy()
    codes, _names = pd.factorize(people["category"], sort=True)
    expected = np.bincount(codes) / len(codes)

    def distance(dealt: np.ndarray) -> float:
        return float(
            np.abs(np.bincount(dealt, posts, minlength=len(expected)) / posts.sum() - expected).sum()
        )

    rng = np.random.default_rng(seed)
    observed = distance(codes)
    beyond = sum(distance(rng.permutation(codes)) >= observed - 1e-12 for _ in range(999))
    return (1 + beyond) / 1000


@metric(
    N_("Briefing list for the people concerned"),
    internal=True,
    needs=("report.roster", "posts.is_reply", "posts.target_key"),
)
def briefing(case: Any, *, minimum: int = 5) -> pd.DataFrame:
    """What should each person on the roster be told: when, how much, where, with which content?

    Columns: group (studied), name, role, platforms, posts, authors, first_day, last_day, busiest_day (in the
    report's clock), languages, narratives (codes of the codebook with the number of posts, the most first; empty
    without a codebook). Internal edition only; for notifying the people concerned, never for publication.
    Formula: counts of studied posts that answer an account of the person, at least `minimum`.
    Missing: posts whose target is not stated, and people outside the roster, are left out; a post that
    carries no code counts for none.
    Source: RRM Canada notified members from 23 October 2023.
    A long list does not prove who is behind it; `codebook_accuracy` says what the codes are worth.

    >>> targets.briefing(internal)[["name", "posts", "authors"]].head(2)
                        name  posts  authors
    0     Odessa Thistlewick     97       62
    1  Rosalind Quillfeather     95       47
    """
    return case.sql(
        f"""
        WITH addressed AS (
            SELECT r.name, any_value(r.role) OVER (PARTITION BY r.name) AS role, p.platform, p.post_key, p.account_key, p.language, p.day
            FROM (SELECT *, {LOCAL_DAY} AS day FROM posts) p JOIN roster r ON r.account_key = p.target_key WHERE p."group" = 'studied' AND p.is_reply),
        carried AS (SELECT name, code, count(DISTINCT post_key) AS times FROM addressed JOIN codes USING (post_key) GROUP BY 1, 2),
        coded AS (SELECT name, string_agg(code || ' (' || times || ')', ', ' ORDER BY times DESC, code) AS narratives
                  FROM carried GROUP BY 1)
        SELECT 'studied' AS "group", name, min(role) AS role, string_agg(DISTINCT platform, ', ' ORDER BY platform) AS platforms,
               count(*) AS posts, count(DISTINCT account_key) AS authors, min(day) AS first_day, max(day) AS last_day,
               mode(day ORDER BY day) AS busiest_day,
               string_agg(DISTINCT coalesce(language, 'und'), ', ' ORDER BY coalesce(language, 'und')) AS languages,
               coalesce(any_value(narratives), '') AS narratives
        FROM addressed LEFT JOIN coded USING (name) GROUP BY name HAVING count(*) >= $minimum ORDER BY posts DESC, name""",
        tables={"codes": found(case)},
        clock=case.clock,
        minimum=positive("minimum", minimum),
    )
