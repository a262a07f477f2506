"""Whom do they address, how concentrated is it, and whose replies do they fill?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import disclosure, inference
from kit.inference import outcomes
from kit.inference.envelopes import Envelope, envelope
from kit.inference.filling import Filling, filling
from kit.locale import N_
from kit.metrics import estimates, facts, measured, metric, one_of, positive, shares_of
from kit.metrics.joining import as_before, earlier, spans
from kit.metrics.needs import in_rows, with_setting
from kit.metrics.replies import Filled, drawn, nameable, weight
from kit.metrics.texts.coding import found
from kit.metrics.ways import ADDRESSED, BY_WAY, WAYS, addressed, persons, roster_members, roster_words
from kit.schema import PLATFORMS, group_order
from kit.schema.times import LOCAL_DAY

__all__ = [
    "address_coverage",
    "briefing",
    "concentration",
    "discovery",
    "filled_posts",
    "persistence",
    "ranking",
    "ranking_by_platform",
    "reply_domination",
    "reply_fill",
    "reply_share",
    "roster_shares",
    "same_post",
    "same_target",
    "target_facts",
    "targeted_posts",
    "targeted_sweep",
]


#: fact -> what the exports must tell for it
_FACTS = {
    "reply_share_original": ["posts.is_reply"],
    "replied_to_accounts": ["posts.is_reply", "posts.target_key"],
    "replied_to_members": ["report.roster", "posts.is_reply", "posts.target_key"],
    "targeted_posts_5": ["posts.is_reply", "posts.reply_to_key"],
    "targeted_posts_5_accounts": ["posts.is_reply", "posts.reply_to_key", "posts.account_key"],
}


@metric(N_("Targets: facts"), needs=in_rows("id", _FACTS), over=("posts.is_reply",))
def target_facts(case: Any) -> pd.DataFrame:
    """How much of the posting answers others, and how many accounts and posts are addressed?

    Columns: id, group, value, unit, label, n.
    Formula: reply_share_original = replies / posts that are not reposts; replied_to_accounts =
    distinct accounts answered; replied_to_members = distinct persons of the roster answered, each with all
    accounts; targeted_posts_5 = distinct posts that drew at least 5 replies from
    the group, targeted_posts_5_accounts the same counted in distinct accounts. Replies to the
    group's own accounts are included.
    Missing: replies whose target is not stated are left out; `address_coverage` counts them.
    In public: people answered in tens, posts rounded to what hangs on one account.
    Source: Pote et al. (ICWSM 2025) for the rule of five.
    Many replies do not prove flooding: some people mostly answer others.

    >>> targets.target_facts(case)[["id", "group", "value"]].head(3)
                         id    group  value
    0  reply_share_original  studied  0.944
    1   replied_to_accounts  studied     16
    2    replied_to_members  studied      8
    """
    table = case.sql("""
        WITH each AS (
            SELECT "group", account_key, count(*) FILTER (NOT is_repost) AS own, count(*) FILTER (is_reply AND NOT is_repost) AS own_replies,
                   count(*) FILTER (is_reply) AS replies FROM posts GROUP BY 1, 2),
        addressed AS (
            SELECT p."group", count(DISTINCT p.target_key) AS accounts, count(DISTINCT r.member_key) AS members
            FROM posts p LEFT JOIN roster r ON r.account_key = p.target_key WHERE is_reply GROUP BY 1)
        SELECT "group", CAST(sum(own) AS BIGINT) AS own, CAST(sum(own_replies) AS BIGINT) AS own_replies, CAST(sum(replies) AS BIGINT) AS replies,
               count(account_key) FILTER (own > 0) AS own__people, max(own) AS own__largest,
               count(account_key) FILTER (replies > 0) AS replies__people, max(replies) AS replies__largest,
               coalesce(any_value(accounts), 0) AS accounts, coalesce(any_value(members), 0) AS members
        FROM each LEFT JOIN addressed USING ("group") GROUP BY 1""").set_index("group")
    several = {count: drawn(case, 5, count) for count in ("replies", "accounts")}
    rows: list[tuple] = []
    behind: list[dict[str, Any]] = []

    def say(id_: str, group: str, value: Any, unit: str, n: int, **told: Any) -> None:
        rows.append((id_, group, value, unit, None, n))
        behind.append(told)

    for group in [g for g in case.groups if g in table.index]:
        r = table.loc[group]
        own = {"n__people": r.own__people, "n__largest": r.own__largest}
        answers = {"n__people": r.replies__people, "n__largest": r.replies__largest}
        if r.own:
            share, held = float(r.own_replies / r.own), {"value__weight": r.own__largest / r.own}
            say("reply_share_original", group, share, "share of original posts", int(r.own), **own, **held)
        say("replied_to_accounts", group, int(r.accounts), "accounts addressed", int(r.replies), **answers)
        if case.report.roster:
            say("replied_to_members", group, int(r.members), "people addressed", int(r.replies), **answers)
        for count, id_ in (("replies", "targeted_posts_5"), ("accounts", "targeted_posts_5_accounts")):
            if group in several[count].index:
                t = several[count].loc[group]
                told = {f"n__{what}": t[f"n__{what}"] for what in ("people", "largest")}
                told |= {f"value__{what}": t[f"targeted__{what}"] for what in ("people", "largest")}
                say(id_, group, int(t.targeted), "posts addressed", int(t.n), **told)
    return facts(rows).join(pd.DataFrame(behind, dtype=object))


@metric(N_("For how many posts the account addressed is known"), needs=in_rows("way", BY_WAY))
def address_coverage(case: Any) -> pd.DataFrame:
    """For what share of replies, mentions and reposts does the export name the account addressed?

    Columns: group, way (reply, mention, repost), posts, known_posts, share (known / posts). For
    mentions `posts` are the posts that are not reposts and `known_posts` those that mention somebody.
    Formula: counts.
    Missing: this table is the count of what is missing.
    In public: posts rounded to the most of one account.
    Source: platform formats: the X archive names reposted accounts, other exports do not.
    A low share does not prove that nobody was addressed: the export may lack the field.

    >>> targets.address_coverage(case)[["group", "way", "posts", "known_posts"]].head(2)
         group      way  posts  known_posts
    0  studied    reply    472          472
    1  studied  mention   <NA>         <NA>
    """
    each = [
        f"""SELECT "group", '{way}' AS way, account_key, count(*) AS posts,
                   count(*) FILTER (post_key IN (SELECT post_key FROM ({query}) WHERE addressed IS NOT NULL)) AS known_posts
            FROM posts WHERE {possible} GROUP BY "group", account_key"""
        for way, (query, possible) in WAYS.items()
    ]
    return case.sql(f"""
        SELECT "group", way, CAST(sum(posts) AS BIGINT) AS posts, CAST(sum(known_posts) AS BIGINT) AS known_posts,
               sum(known_posts) / sum(posts) AS share, count(account_key) AS posts__people, max(posts) AS posts__largest,
               count(account_key) FILTER (known_posts > 0) AS known_posts__people, max(known_posts) AS known_posts__largest,
               max(posts) / sum(posts) AS share__weight
        FROM ({" UNION ALL ".join(each)}) GROUP BY 1, 2 ORDER BY {group_order()}, way DESC""")


# Posts that address somebody this way, by the row that they count for: a person, or all those who may not be named together.
_SENT = """
    sent AS (
        SELECT DISTINCT "group", post_key, q.account_key, day, q.platform, person, who, target, category,
               CASE WHEN who IN ('member', 'account') THEN person ELSE who END AS row
        FROM (SELECT *, {day} AS day FROM ({query})) q JOIN ({persons}) n ON n.account_key = q.addressed WHERE "group" <> 'context'),
    whole AS (
        SELECT "group", count(DISTINCT (post_key, person)) AS pairs FROM sent GROUP BY 1),
    heaviest AS (
        SELECT "group", max(n) AS most FROM (SELECT "group", account_key, count(DISTINCT (post_key, person)) AS n FROM sent GROUP BY 1, 2) GROUP BY 1),
    daily AS (
        SELECT "group", row, day, count(DISTINCT account_key) AS authors FROM sent WHERE day IS NOT NULL GROUP BY ALL),
    ends AS (
        SELECT "group", row, arg_min(authors, day) AS first_authors, arg_max(authors, day) AS last_authors FROM daily GROUP BY ALL),
    each AS (
        SELECT "group", row, account_key, count(DISTINCT post_key) AS n FROM sent GROUP BY ALL),
    most AS (
        SELECT "group", row, max(n) AS largest FROM each GROUP BY ALL),
    counted AS (
        SELECT "group", row, any_value(who) AS who, any_value(target) AS target, any_value(category) AS category,
               string_agg(DISTINCT platform, ', ' ORDER BY platform) AS platforms, count(DISTINCT post_key) AS posts,
               count(DISTINCT account_key) AS accounts, count(DISTINCT day) AS days, min(day) AS first_day, max(day) AS last_day,
               count(DISTINCT person) AS persons
        FROM sent GROUP BY ALL),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY "group", who IN ('member', 'account') ORDER BY posts DESC, target, row) AS place
        FROM counted),
    first AS (
        SELECT * FROM ranked WHERE CASE WHEN who IN ('member', 'account') THEN place <= {top} ELSE persons >= {least} END)"""


def _sent(case: Any, way: str, top: int) -> str:
    """SQL of the rows of a ranking: the first persons, and those together who may not be named where they are ten or more."""
    query = WAYS[one_of("way", way, WAYS)][0]
    return _SENT.format(
        day=LOCAL_DAY,
        query=query,
        persons=persons(case.edition),
        top=int(positive("top", top)),
        least=disclosure.STEP,
    )


@metric(N_("People addressed most"), needs=ADDRESSED)
def ranking(case: Any, *, way: str = "reply", top: int = 20) -> pd.DataFrame:
    """Who is answered, mentioned or reposted most, each person with all accounts on all platforms?

    Columns: group, who (member: a person or body of the roster; account: an account that is on no roster;
    other_members, outside_roster: all who may not be named, together), target (name), category (roster),
    platforms, posts, accounts (distinct authors), days, first_day, last_day (in the report's clock), share
    (of the posts that address somebody known this way, counted once for each person addressed).
    Formula: counts; the `top` of each of studied and control by posts, then by name.
    Missing: posts whose target is not stated are left out of the share.
    In public: named are persons all of whose accounts the roster allows to be named; members who may not
    be named are one row, everybody outside the roster another, each left out where they are fewer than ten;
    a first or last day is told where ten authors addressed the person on it.
    Source: Stanford Internet Observatory; Pote et al. (2025).
    A high rank does not prove targeting: visible people get more of everything; compare the control.

    >>> targets.ranking(internal, top=2)[["group", "target", "posts", "accounts"]]
         group                 target  posts  accounts
    0  studied     Odessa Thistlewick     97        62
    1  studied  Rosalind Quillfeather     95        47
    2  control  Clementine Larkenshaw     87        40
    3  control      Leopold Mossgrove     45        20
    """
    table = case.sql(
        f"""
        WITH {_sent(case, way, top)}
        SELECT f."group", who, target, category, platforms, posts, accounts, days, first_day, last_day, posts / pairs AS share,
               accounts AS posts__people, largest AS posts__largest, most / pairs AS share__weight,
               first_authors AS first_day__people, last_authors AS last_day__people
        FROM first f JOIN whole USING ("group") JOIN heaviest USING ("group") JOIN most USING ("group", row)
        LEFT JOIN ends USING ("group", row)
        ORDER BY {group_order('f."group"')}, who NOT IN ('member', 'account'), place, who""",
        clock=case.clock,
    )
    table.attrs["ranked"] = {"by": "posts", "of": "target"}
    table.attrs["words"] = roster_words(case, "category")
    return table


@metric(N_("People addressed most, by platform"), needs=ADDRESSED)
def ranking_by_platform(case: Any, *, way: str = "reply", top: int = 20) -> pd.DataFrame:
    """On which platforms are the people addressed whom `ranking` puts first?

    Columns: group, target, platform, posts, accounts (distinct authors), share (of the posts that address
    this person this way).
    Formula: counts.
    Missing: as `ranking`.
    In public: of persons who may be named only.
    Source: none needed.
    A large share does not prove a preference: exports of some platforms may hold more.

    >>> targets.ranking_by_platform(case, top=1)[["group", "target", "platform", "posts"]].head(2)
         group              target  platform  posts
    0  studied  Odessa Thistlewick  facebook     24
    1  studied  Odessa Thistlewick         x     73
    """
    table = case.sql(
        f"""
        WITH {_sent(case, way, top)},
        parts AS (SELECT "group", row, s.platform, account_key, count(DISTINCT post_key) AS n FROM sent s GROUP BY ALL)
        SELECT f."group", f.target, p.platform, CAST(sum(n) AS BIGINT) AS posts, count(account_key) AS accounts, sum(n) / any_value(f.posts) AS share,
               count(account_key) AS posts__people, max(n) AS posts__largest, any_value(m.largest) / any_value(f.posts) AS share__weight
        FROM first f JOIN parts p USING ("group", row) JOIN most m USING ("group", row)
        WHERE f.who IN ('member', 'account') GROUP BY f."group", f.place, f.target, f.row, p.platform
        ORDER BY {group_order('f."group"')}, f.place, p.platform""",
        clock=case.clock,
    )
    table.attrs["ranked"] = {"by": "posts", "of": "target"}
    return table


@metric(N_("Share of the accounts addressed most"), unit="share of posts", n_unit="accounts", needs=ADDRESSED)
def concentration(case: Any, *, way: str = "reply", top: int = 10) -> pd.DataFrame:
    """What share of a group's replies (mentions, reposts) goes to the `top` accounts addressed most?

    Columns: group, n (authors), estimate, low, high (share of posts that address a known account).
    Formula: posts to the group's own `top` / posts to anybody; interval by bootstrap over authors
    with the same `top` accounts, so it does not speak of how the list was chosen.
    Missing: posts whose target or author is not stated are left out (`address_coverage`,
    `author_coverage`).
    In public: rounded to the part of the posts that one author wrote.
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
        held = _weight(by_author["posts"])
        rows.append({"group": group, "n": len(by_author), "interval": interval, "estimate__weight": held})
    return estimates(rows, ["group"])


@metric(
    N_("How often two posts address the same account"),
    unit="share of pairs of posts",
    n_unit="accounts",
    needs=ADDRESSED,
)
def same_target(case: Any, *, way: str = "reply", minimum: int = 1) -> pd.DataFrame:
    """How often do two posts of different accounts of a group answer (mention, repost) the same account?

    Columns: group, n (authors with at least `minimum` such posts), estimate, low, high (chance that two posts by two
    different authors, drawn at random, address one account).
    Formula: θ of `kit.inference.Together`, where every author weighs the same: unlike the share of the ten addressed
    most it does not depend on how many authors there are. Interval over authors and over accounts addressed.
    Missing: posts whose target or author is not stated are left out; fewer than twenty authors give no interval.
    In public: rounded to what hangs on one author.
    Source: pair coincidence (Simpson 1949); Hoeffding (1948) for its variance.
    A high chance does not prove a target list: public attention is concentrated too; compare the control.

    >>> targets.same_target(case)[["group", "n", "estimate"]].round(3)
         group    n  estimate
    0  studied  113     0.086
    1  control   60     0.107
    """
    table = addressed(case, way).rename(columns={"addressed": "thing"})
    return _same(case, table, minimum)


@metric(
    N_("How often two replies answer the same post"),
    unit="share of pairs of posts",
    n_unit="accounts",
    needs=("posts.is_reply", "posts.reply_to_key", "posts.account_key"),
)
def same_post(case: Any, *, minimum: int = 1, platform: str | None = None) -> pd.DataFrame:
    """How often do two replies of different accounts of a group answer the same post?

    Columns: group, n (authors with at least `minimum` replies), estimate, low, high (chance that two replies by two
    different authors, drawn at random, answer one post).
    Formula: as `same_target`, with the post answered. `platform` looks at one.
    Missing: replies that do not name the post they answer, and those of unknown authors.
    In public: rounded to what hangs on one author.
    Source: as `same_target`.
    A high chance does not prove an attack: people meet under popular posts; compare the control.

    >>> targets.same_post(case)[["group", "n", "estimate"]].round(3)
         group    n  estimate
    0  studied  113     0.019
    1  control   60     0.024
    """
    case = case.where(platform=one_of("platform", platform, tuple(PLATFORMS))) if platform else case
    table = case.sql("""
        SELECT "group", account_key, reply_to_key AS thing, count(*) AS posts FROM posts
        WHERE is_reply AND reply_to_key IS NOT NULL AND account_key IS NOT NULL GROUP BY ALL ORDER BY account_key, thing""")
    return _same(case, table, minimum)


def _same(case: Any, table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """How often two posts of each group share a thing; `table` has group, account_key, thing and posts."""
    least = int(positive("minimum", minimum))
    table = table[table["group"].isin(["studied", "control"])]
    table = table[table.groupby("account_key")["posts"].transform("sum") >= least]
    each = table[["account_key", "group"]].drop_duplicates().reset_index(drop=True)
    place = pd.Series(each.index, index=each["account_key"])
    posts = table.loc[table.index.repeat(table["posts"].astype(int))]
    row = posts["account_key"].map(place)
    measure = inference.Together(each["account_key"], each["group"] == "studied", row, posts["thing"])
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = (each["group"] == group).to_numpy(bool)
        row = {"group": group, "n": int(mine.sum()), "interval": measure.own(mine)}
        rows.append(row | {"estimate__weight": measure.weight(mine)})
    return measured(estimates(rows, ["group"]), measure)


def _weight(posts: pd.Series) -> float:
    """The largest part of all posts that one account wrote; 0 of none."""
    return float(posts.max() / posts.sum()) if len(posts) else 0.0


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
    Formula: replies / posts that are not reposts of authors with at least `minimum` such posts; interval over
    authors (`kit.inference.share_by_account`). `own=False` leaves out replies to accounts of the same group; `platform` looks at one.
    Missing: posts of unknown authors (`author_coverage` counts them); a reply is a reply whether or
    not its target is stated.
    In public: rounded to the part of the posts that one author wrote.
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
    rows, measure = shares_of(case, table, table["replies"], table["posts"])
    held = {row["group"]: _weight(table.loc[table["group"] == row["group"], "posts"]) for row in rows}
    told = [row | {"estimate__weight": held[row["group"]]} for row in rows]
    return measured(estimates(told, ["group"]), measure)


@metric(N_("New targets by day"), needs=("posts.created_at", *ADDRESSED))
def discovery(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """How fast does each group reach new targets: a list worked through, or widening?

    Columns: group, day (in the report's clock), new_targets, targets_so_far (accounts addressed,
    not authors). Days between the first and last without a new target are rows.
    Formula: each target counts on the day it is first addressed.
    Missing: posts without a time or a stated target are left out.
    In public: days are joined until each stretch, from `day` to `day_to`, has ten new targets; pauses are no rows.
    Source: accumulation curves, as in ecology (Gotelli & Colwell 2001).
    A curve that flattens does not prove that a list is finished: collection may have stopped.

    >>> targets.discovery(internal).head(3)
         group        day  new_targets  targets_so_far
    0  studied 2023-08-09            1               1
    1  studied 2023-08-10            2               3
    2  studied 2023-08-11            1               4
    """
    first = case.sql(
        f"""
        SELECT "group", addressed AS account_key, min({LOCAL_DAY}) AS day, 1 AS new_targets
        FROM ({WAYS[one_of("way", way, WAYS)][0]}) WHERE addressed IS NOT NULL AND created_at IS NOT NULL AND "group" <> 'context'
        GROUP BY 1, 2 ORDER BY {group_order()}, day, addressed""",
        clock=case.clock,
    )
    stretch = ["day", "day_to"] if case.edition == "public" else ["day"]
    joined = spans(case, first, ["group"], "day", "day_to", ["new_targets"], keep_exact=False)
    joined = joined.assign(**{name: pd.to_datetime(joined[name]) for name in stretch})
    table = joined.groupby(["group", *stretch], sort=False)["new_targets"].sum().reset_index()
    if case.edition != "public":
        table = _every_day(table)
    table["targets_so_far"] = table.groupby("group", sort=False)["new_targets"].cumsum()
    return table


def _every_day(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a row for each day of each group, from the first to the last of all."""
    if table.empty:
        return table
    days = pd.date_range(table["day"].min(), table["day"].max())
    rows = pd.MultiIndex.from_product([table["group"].unique(), days], names=["group", "day"])
    return table.set_index(["group", "day"]).reindex(rows, fill_value=0).reset_index()


@metric(N_("How long targets stay targets"), needs=("posts.created_at", *ADDRESSED))
def persistence(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """On how many days, and over how many weeks, is one target addressed?

    Columns: group, targets (accounts addressed), median_days (days on which one is addressed),
    one_day_targets, one_day_share (addressed on one day only), two_weeks_targets, two_weeks_share (from first to
    last day at least 14 days).
    Formula: counts over the accounts addressed.
    Missing: posts without a time or a stated target are left out.
    In public: accounts in tens, shares from these; no median of fewer than twenty.
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
               count(*) FILTER (days = 1) AS one_day_targets, avg(CAST(days = 1 AS INT)) AS one_day_share,
               count(*) FILTER (span >= 14) AS two_weeks_targets, avg(CAST(span >= 14 AS INT)) AS two_weeks_share,
               CAST(count(*) < 2 * {disclosure.STEP} AS INT) AS median_days__weight
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
    In public: posts rounded to what hangs on one account, the share with them.
    Source: Pote et al. (ICWSM 2025): 5 direct replies, tried from 5 to 20.
    A high share does not prove an attack: popular posts draw many replies; compare the control.

    >>> targets.targeted_posts(case, k=10, count="accounts")[["group", "n", "targeted"]]
         group   n  targeted
    0  studied  61        12
    1  control  76         1
    2  context  82         1
    """
    table = drawn(case, positive("k", k), one_of("count", count, ("replies", "accounts")))
    rows = []
    for group in case.groups:
        told = table.loc[group].to_dict() if group in table.index else {"n": 0, "targeted": 0}
        n, hit = (int(told.pop(name)) for name in ("n", "targeted"))
        largest = max(told.get(name, 0) for name in ("n__largest", "targeted__largest"))
        row = {"group": group, "n": n, "interval": inference.wilson(hit, n), "targeted": hit}
        rows.append(row | told | {"estimate__weight": weight(largest, n)})
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
        by_replies, by_accounts = (drawn(case, positive("k", k), count) for count in ("replies", "accounts"))
        rows += [
            {"group": g, "k": k}
            | _answered(by_replies, g, "replies_rule")
            | _answered(by_accounts, g, "accounts_rule")
            for g in case.groups
        ]
    names = ["group", "k", "replies_rule", "accounts_rule", "n"]
    table = pd.DataFrame(rows, columns=names if not rows else None)
    table = table[[*names, *(name for name in table if name not in names)]]
    order = {g: i for i, g in enumerate(case.groups)}
    return table.sort_values(
        ["group", "k"], key=lambda s: s.map(order) if s.name == "group" else s
    ).reset_index(drop=True)


def _answered(table: pd.DataFrame, group: str, name: str) -> dict[str, int]:
    """The row of `drawn` for a group, its targeted posts under another name; no post where it has no row."""
    told = table.loc[group] if group in table.index else pd.Series({"n": 0, "targeted": 0})
    return {str(column).replace("targeted", name): int(value) for column, value in told.items()}


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
    In public: neighbouring classes are joined until each holds none or ten posts and ten studied accounts.
    Source: ASPI (2023) states that the network's replies are sometimes the only ones.
    A share of 100 % does not prove intent: an export may lack the other replies.

    >>> targets.reply_domination(case, minimum=5)[["share_from", "share_to", "posts_answered"]].tail(2)
       share_from  share_to  posts_answered
    2         0.9       1.0               0
    3         1.0       1.0              38
    """
    filled = Filled(case, positive("minimum", minimum))
    names = ["group", "share_from", "share_to", "posts_answered", "low_above_half"]
    if filled.posts.empty:
        return pd.DataFrame(columns=names)
    now, then = (
        _class_of(filled.share(without=w)).where(f, -1)
        for w, f in ((False, filled.counted), (True, filled.still))
    )
    above, still_above = (filled.above_half(without=w) for w in (False, True))
    before = earlier(case, {"group": "studied"}, "share_from", "share_to")
    bins = np.arange(len(_SHARES))
    if case.edition == "public":
        bins = np.array(as_before(_SHARES, before) or _joined_classes(filled, now))
    rows = []
    for place in np.unique(bins):
        classes = np.flatnonzero(bins == place)
        here, there = now.isin(classes), then.isin(classes)
        row = {
            "group": "studied",
            "share_from": _SHARES[classes[0]],
            "share_to": [*_SHARES[1:], 1.0][classes[-1]],
        }
        row |= filled.told("posts_answered", here, there)
        rows.append(row | filled.told("low_above_half", here & above, there & still_above))
    return pd.DataFrame(rows)


def _class_of(share: pd.Series) -> pd.Series:
    """The number of the class of `_SHARES` that a share is in."""
    return pd.Series(np.searchsorted(_SHARES, share, side="right") - 1, share.index)


def _joined_classes(filled: Filled, classes: pd.Series) -> np.ndarray:
    """Classes of shares joined until each holds none or ten studied accounts, and none or ten posts."""
    own = [classes == place for place in range(len(_SHARES))]
    bins = disclosure.joined([filled.accounts(mask) for mask in own])
    posts = [
        int(filled.rows["reply_to_key"][classes.isin(np.flatnonzero(bins == b))].nunique())
        for b in np.unique(bins)
    ]
    return disclosure.joined(posts)[bins]


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
    In public: posts of persons who may be named only, replies rounded to the most of one account.
    Source: as `reply_domination`.
    A first place does not prove that a post was chosen: of many posts some come first by chance.

    >>> targets.filled_posts(case, top=2)[["rank", "platform", "replies", "studied_replies"]]
       rank  platform  replies  studied_replies
    0     1  facebook       18               18
    1     2         x       15               15
    """
    names = ["group", "rank", "platform", "replies", "studied_replies", "share", "low", "high"]
    found_here = Filled(case, positive("minimum", minimum))
    filled, most = found_here.posts, found_here.most()
    if case.edition == "public":
        filled = filled[nameable(case, filled["target_key"])]
    order = ["low", "replies", "reply_to_key"]
    first = filled.sort_values(order, ascending=[False, False, True]).head(positive("top", top))
    first = first.assign(group="studied", rank=range(1, len(first) + 1))
    first = first.merge(
        most.assign(share__weight=most["replies__largest"]).reset_index(), on="reply_to_key", how="left"
    )
    first["share__weight"] /= first["replies"]
    told = [name for name in first if "__" in name]
    if case.edition != "internal":
        return first[[*names, *told]]
    known = case.sql("""SELECT reply_to_key, any_value(reply_to_id) AS post, any_value(target_account_id) AS target
                        FROM posts WHERE reply_to_key IS NOT NULL GROUP BY 1""")
    return first.merge(known, on="reply_to_key", how="left")[[*names, "post", "target", *told]]


@metric(
    N_("Share of all replies written by studied accounts"),
    unit="share of replies",
    n_unit="posts",
    outcomes=outcomes.FILLING,
    needs=("posts.is_reply", "posts.reply_to_key", "posts.account_key"),
)
def reply_fill(case: Any, *, minimum: int = 5, least: float = 0.5) -> pd.DataFrame:
    """What share of all collected replies under the posts that they answer did studied accounts write?

    Columns: group (studied), n (posts with at least `minimum` replies), estimate, low, high (share of all their
    replies), filled_share (of these posts, those in which studied accounts wrote at least `least` of the replies),
    expected_share (the same when as many accounts are drawn at random from all who answer posts that studied accounts answer), p (how often they fill as
    many), covered (part of the studied replies under posts that others answer too), complete (posts at 100 %),
    not_known (posts left out: nobody else's reply to their author was collected), verdict, sentence.
    Formula: studied / all replies, interval over posts; expected and p from 999 draws (`kit.inference.filling`).
    Verdict: found where p, as high as the draws leave it, is at most 0.01, and filled_share at least a half and five points
    above what is expected, because people of one topic fill a third of its posts; nothing is ever said to be absent,
    because nine in ten of a crowd fill everything. Of fewer than 20
    posts, or where less than half of the replies stand beside others', the share is told and nothing tested.
    Missing: as `reply_domination`.
    In public: posts rounded to what hangs on one account, the share with them.
    Source: as `reply_domination`; ASPI (2023) on reply flooding.
    A high share does not prove intent, and uncollected replies make it too large.

    >>> targets.reply_fill(case, least=0.9)[["group", "n", "estimate", "verdict"]].round(2)
         group   n  estimate    verdict
    0  studied  50      0.91  described
    """
    filled = Filled(case, positive("minimum", minimum))
    share, then = filled.share(), filled.share(without=True)
    left = filled.told("not_known", filled.unknown, filled.still_unknown)
    if filled.posts.empty:
        nothing = {"interval": inference.Interval(np.nan, np.nan, np.nan), "complete": None}
        n = left["not_known"]
        row = (
            {"group": "studied", "n": n}
            | left
            | nothing
            | dict.fromkeys(_FILLED)
            | {"verdict": "inconclusive"}
        )
        return estimates([row | {"sentence": "not_collected" if n else "no_data"}], ["group"])
    told: dict[str, Any] = filled.told("n", filled.counted, filled.still) | left
    told |= filled.told("complete", filled.counted & (share == 1), filled.still & (then == 1))
    hits = filled.told("hits", filled.counted & (share >= least), filled.still & (then >= least))
    posts = filled.posts
    interval = inference.share_by_account(posts["studied_replies"], posts["replies"])
    told["estimate__weight"] = weight(filled.rows["sent"][filled.counted].max(), posts["replies"].sum())
    found_here = _gathered(case, filled, minimum, least)
    told["filled_share__weight"] = weight(max(told["n__largest"], hits["hits__largest"]), told["n"])
    tested = (found_here.share, found_here.expected, found_here.p, found_here.covered)
    told |= dict(zip(_FILLED, tested, strict=True)) | {"interval": interval}
    sentence = found_here.outcome
    verdict = {"found": "found", "inconclusive": "inconclusive"}.get(sentence, "described")
    return estimates([{"group": "studied"} | told | {"verdict": verdict, "sentence": sentence}], ["group"])


_FILLED = ("filled_share", "expected_share", "p", "covered")


def _gathered(case: Any, filled: Filled, minimum: float, least: float) -> Filling:
    """Whether studied accounts gather under posts, beside everybody who answers there; without posts that `filled` leaves out."""
    table = case.sql("""
        SELECT reply_to_key, coalesce(account_key, -1) AS account, coalesce("group" = 'studied', false) AS studied, count(*) AS sent
        FROM posts WHERE is_reply AND reply_to_key IS NOT NULL GROUP BY ALL ORDER BY reply_to_key, account""")
    left = set(filled.rows["reply_to_key"][filled.unknown])
    table = table[~table["reply_to_key"].isin(left)]
    keys = np.unique(table.loc[table["account"] >= 0, "account"])
    account = np.where(table["account"] >= 0, np.searchsorted(keys, table["account"]), -1)
    studied = np.zeros(len(keys), bool)
    studied[account[table["studied"].to_numpy(bool) & (account >= 0)]] = True
    post = pd.factorize(table["reply_to_key"])[0]
    sent = table["sent"].to_numpy(float)
    return filling(account, post, sent, studied, minimum=minimum, least=least, seed=case.seed)


@metric(
    N_("Targets by roster category"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "category"),
    needs=("report.roster", *ADDRESSED),
)
def roster_shares(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """Are some categories of the roster addressed more than their share of the roster?

    Columns: group, category, members (of the roster), roster_share, addressed_members (those that the group
    addressed at all), addressed_share (of the category among them), posts, n (authors), estimate (share of the
    group's posts to roster members), dealt_low, dealt_high (range that chance leaves to the share), beyond (outside
    of it), p (one test for each group, over all categories).
    Formula: categories are dealt anew over the roster's members 1,999 times, so that one much-addressed member
    does not make a category significant; p and the ranges are one test (global rank envelope, 95 %): a share lies
    beyond its range exactly where p is at most 0.05.
    Missing: posts to accounts outside the roster and posts of unknown authors are left out; members without a
    known account count in the roster's shares.
    In public: members who may not be named count under their category where it has ten of them, else together
    as other members, and where these are fewer than ten not at all.
    Source: permutation test over targets (unit: the member); Myllymäki and others (2017).
    A low p does not prove a motive: members of one category may simply be more visible.

    >>> targets.roster_shares(internal)[["group", "category", "posts", "estimate"]].round(2)
         group    category  posts  estimate
    0  studied  government    259      0.55
    1  studied  opposition    213      0.45
    2  control  government     96      0.56
    3  control  opposition     75      0.44
    """
    members = roster_members(case)
    if members.empty:
        return pd.DataFrame(columns=_ROSTER_SHARES)
    table = addressed(case, way).merge(members.dropna(subset=["addressed"]), on="addressed")
    people = members.drop_duplicates("member")
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        if len(mine):
            rows += _category_rows(group, mine, people, _category_test(mine, people, case.seed))
    found_here = pd.DataFrame(rows, columns=_ROSTER_SHARES if not rows else None)
    found_here.attrs["words"] = roster_words(case, "category")
    return found_here


_ROSTER_SHARES = (
    "group category members roster_share addressed_members addressed_share posts n estimate dealt_low dealt_high beyond p"
).split()
#: how often categories are dealt anew, at least
_DEALT = 1999


def _category_rows(
    group: str, mine: pd.DataFrame, people: pd.DataFrame, test: Envelope
) -> list[dict[str, Any]]:
    """A row of `roster_shares` for each category."""
    sizes = people["category"].value_counts().sort_index()
    reached = people[people["member"].isin(mine["member"])]["category"].value_counts()
    authors = mine.groupby("account_key")["posts"].sum()
    rows = []
    for place, (category, size) in enumerate(sizes.items()):
        here = mine[mine["category"] == category].groupby("account_key")["posts"].sum()
        share, met = float(here.sum() / authors.sum()), int(reached.get(category, 0))
        low, high = float(test.low[place]), float(test.high[place])
        row = (
            group,
            category,
            int(size),
            size / len(people),
            met,
            met / int(reached.sum()),
            int(here.sum()),
            len(authors),
        )
        told = {"posts__people": len(here), "posts__largest": here.max() if len(here) else 0}
        told["estimate__weight"] = _weight(authors)
        rest = (share, low, high, bool(share < low or share > high), test.p)
        rows.append(dict(zip(_ROSTER_SHARES, (*row, *rest), strict=True)) | told)
    return rows


def _category_test(mine: pd.DataFrame, people: pd.DataFrame, seed: int) -> Envelope:
    """Shares of posts by category beside those after dealing the categories anew over the members."""
    posts = mine.groupby("member")["posts"].sum().reindex(people["member"]).fillna(0).to_numpy()
    codes, names = pd.factorize(people["category"], sort=True)

    def shares(dealt: np.ndarray) -> np.ndarray:
        return np.bincount(dealt, posts, minlength=len(names)) / posts.sum()

    rng = np.random.default_rng(seed)
    draws = max(_DEALT, 100 * len(names))
    return envelope(shares(codes), [shares(rng.permutation(codes)) for _ in range(draws)])


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
