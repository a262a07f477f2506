"""Whom do they address, how much, and how concentrated is it?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import estimates, facts, metric, one_of, positive
from kit.metrics.ways import NAMES, WAYS, addressed
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY


@metric(N_("Targets: facts"))
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

    >>> target_facts(case)  # doctest: +SKIP
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


@metric(N_("For how many posts the account addressed is known"))
def address_coverage(case: Any) -> pd.DataFrame:
    """For what share of replies, mentions and reposts does the export name the account addressed?

    Columns: group, way (reply, mention, repost), posts, known_posts, share (known / posts). For
    mentions `posts` are the posts that are not reposts and `known_posts` those that mention somebody.
    Formula: counts.
    Missing: this table is the count of what is missing.
    Source: platform formats: the X archive names reposted accounts, other exports do not.
    A low share does not prove that nobody was addressed: the export may lack the field.

    >>> address_coverage(case)  # doctest: +SKIP
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


@metric(N_("Accounts addressed most"))
def ranking(case: Any, *, way: str = "reply", top: int = 20) -> pd.DataFrame:
    """Which accounts are answered, mentioned or reposted most?

    Columns: group, target (name where the roster allows it, else pseudonym), platform, category (roster),
    posts, accounts (distinct authors), days, first_day, last_day (in the report's clock), share (of
    the group's posts that address a known account this way).
    Formula: counts; the `top` accounts of each of studied and control by posts, then by pseudonym.
    Missing: posts whose target is not stated are left out of the share.
    Source: Stanford Internet Observatory; Pote et al. (2025).
    A high rank does not prove targeting: visible people get more of everything; compare the control.

    >>> ranking(case, way="mention", top=10)  # doctest: +SKIP
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


@metric(N_("Share of the accounts addressed most"), unit="share of posts", n_unit="accounts")
def concentration(case: Any, *, way: str = "reply", top: int = 10) -> pd.DataFrame:
    """What share of a group's replies (mentions, reposts) goes to the `top` accounts addressed most?

    Columns: group, n (authors), estimate, low, high (share of posts that address a known account).
    Formula: posts to the group's own `top` / posts to anybody; interval by bootstrap over authors
    with the same `top` accounts, so it does not speak of how the list was chosen.
    Missing: posts whose target or author is not stated are left out (`address_coverage`,
    `author_coverage`).
    Source: Lorenz shares; Stanford Internet Observatory.
    A high share does not prove a target list: public attention is concentrated too; compare the control.

    >>> concentration(case, top=5)  # doctest: +SKIP
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


@metric(N_("Share of original posts that answer others"), unit="share of posts", n_unit="accounts")
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

    >>> reply_share(case, own=False)  # doctest: +SKIP
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
