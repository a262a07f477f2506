"""In which languages do they write, when, to whom and where?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import estimates, metric, one_of
from kit.metrics.texts.rates import LANGUAGES, OTHERS, asked, found_tables, shares
from kit.metrics.ways import WAYS
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY


def _mix(
    case: Any, languages: Sequence[str], by: dict[str, str], joined: str = "posts p", reposts: bool = False
) -> pd.DataFrame:
    """Shares of the languages in each block of `by` (column: SQL), accounts drawn anew."""
    columns = "".join(f"{sql} AS {name}, " for name, sql in by.items())
    names = "".join(f"{name}, " for name in by)
    table = case.sql(
        f"""SELECT * FROM (
                SELECT p."group", {columns} p.account_key, language_found AS language, count(*) AS posts
                FROM {joined} JOIN languages USING (post_key)
                WHERE p.account_key IS NOT NULL {"" if reposts else "AND NOT p.is_repost"} GROUP BY ALL)
            ORDER BY {group_order()}, {names} account_key, language""",
        tables=found_tables(case, languages),
    )
    values = (*asked(languages), *OTHERS)
    first = ["group", *by, "language", "posts"]
    return estimates(shares(table, ["group", *by], "language", values, case.seed), first)


@metric(N_("Languages of posts"), unit="share of posts", n_unit="accounts", within=("group", "language"))
def language_mix(case: Any, *, languages: Sequence[str] = LANGUAGES, reposts: bool = False) -> pd.DataFrame:
    """In which languages does each group write?

    Columns: group, language (found in the text; other = none of `languages`; und = cannot be told), posts,
    n (authors), estimate, low, high (share of the group's posts), writing_accounts (authors with at least one).
    Formula: posts found in the language / posts with text, bootstrap over authors. The language is found
    without links, mentions and tags, by writing system and lingua (`kit.texts.languages`); `reposts=True`
    counts passed-on posts too.
    Missing: posts without text or of unknown authors are left out; short posts are und.
    Source: lingua; Chua (2019) and Gubello (2019) count languages by post.
    A language does not prove an origin: people write in several, and to those whom they want to reach.

    >>> language_mix(case)  # doctest: +SKIP
    """
    return _mix(case, languages, {}, reposts=reposts)


@metric(
    N_("Languages of posts by platform"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "platform"),
)
def language_platforms(
    case: Any, *, languages: Sequence[str] = LANGUAGES, reposts: bool = False
) -> pd.DataFrame:
    """In which languages does each group write on each platform?

    Columns: group, platform, language, posts, n (authors there), estimate, low, high (share of the group's
    posts there), writing_accounts.
    Formula, missing-data rule and source: as `language_mix`.
    A difference between platforms does not prove a plan: platforms have different publics.

    >>> language_platforms(case)  # doctest: +SKIP
    """
    return _mix(case, languages, {"platform": "p.platform"}, reposts=reposts)


@metric(
    N_("Languages of posts by category of the person addressed"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "category"),
)
def language_targets(case: Any, *, languages: Sequence[str] = LANGUAGES, way: str = "reply") -> pd.DataFrame:
    """In which languages does each group address the categories of the roster?

    Columns: group, category (of the roster), language, posts, n (authors), estimate, low, high (share of the
    group's posts to the category), writing_accounts. Empty without a roster.
    Formula: as `language_mix`, over posts that answer (mention, repost) a member of the roster.
    Missing: as `language_mix`; posts to accounts outside the roster are left out.
    Source: as `language_mix`.
    A language does not prove for whom a post is meant: replies are read by bystanders too.

    >>> language_targets(case, way="mention")  # doctest: +SKIP
    """
    query = WAYS[one_of("way", way, WAYS)][0]
    joined = f"""(SELECT a.*, m.category FROM ({query}) a JOIN (SELECT account_key AS addressed,
        coalesce(any_value(category ORDER BY roster_key), '') AS category
        FROM roster WHERE account_key IS NOT NULL GROUP BY 1) m USING (addressed)) p"""
    return _mix(case, languages, {"category": "p.category"}, joined, reposts=way == "repost")


@metric(
    N_("Languages of posts over time"),
    unit="share of posts",
    n_unit="posts",
    within=("group", "period_start"),
)
def language_days(
    case: Any, *, languages: Sequence[str] = LANGUAGES, reposts: bool = False, step: str = "day"
) -> pd.DataFrame:
    """How do the languages of each group change from day to day, or from week to week?

    Columns: group, period_start (day, or Monday of the week, in the report's clock), language, accounts (that write so), posts, share (of the group's posts of that day or week).
    Days and languages without a post are no rows.
    Formula: counts by day or week; weeks lose fewer rows to the rule on small numbers of people.
    Missing: posts without text or time are left out; posts of unknown authors count.
    Source: as `language_mix`.
    A change does not prove another writer: events bring other readers and other subjects.

    >>> language_days(case)  # doctest: +SKIP
    """
    return case.sql(
        f"""SELECT *, posts / sum(posts) OVER (PARTITION BY "group", period_start) AS share FROM (
                SELECT "group", CAST(date_trunc('{one_of("step", step, ("day", "week"))}', {LOCAL_DAY}) AS DATE) AS period_start, language_found AS language,
                       count(DISTINCT account_key) AS accounts, count(*) AS posts
                FROM posts JOIN languages USING (post_key)
                WHERE created_at IS NOT NULL {"" if reposts else "AND NOT is_repost"} GROUP BY 1, 2, 3)
            ORDER BY {group_order()}, period_start, language""",
        tables=found_tables(case, languages),
        clock=case.clock,
    )


@metric(N_("Language stated by the export and language found"))
def language_agreement(
    case: Any, *, languages: Sequence[str] = LANGUAGES, reposts: bool = False
) -> pd.DataFrame:
    """Does the language found agree with the one that the export states?

    Columns: group, stated (by the export, without region or script; empty where it states none), language
    (found), accounts (that write so), posts, share (of the group's posts with that statement).
    Formula: counts over posts with text.
    Missing: this table shows what is not stated (empty, und) and what cannot be told (und).
    Source: platforms guess languages too, from links and tags as well; neither column is the truth.
    Disagreement does not prove an error of one side: many posts hold two languages.

    >>> language_agreement(case)  # doctest: +SKIP
    """
    return case.sql(
        f"""SELECT *, posts / sum(posts) OVER (PARTITION BY "group", stated) AS share FROM (
                SELECT "group", coalesce(lower(regexp_extract(p.language, '^[A-Za-z]{{2,3}}')), '') AS stated,
                       language_found AS language, count(DISTINCT account_key) AS accounts, count(*) AS posts
                FROM posts p JOIN languages USING (post_key) {"" if reposts else "WHERE NOT is_repost"} GROUP BY 1, 2, 3)
            ORDER BY {group_order()}, stated, posts DESC, language""",
        tables=found_tables(case, languages),
    )
