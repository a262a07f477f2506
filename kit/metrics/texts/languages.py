"""In which languages do they write, when, to whom and where? And shares of posts with accounts drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit import inference
from kit.errors import MetricError, nearest
from kit.inference import Interval
from kit.locale import N_
from kit.metrics import estimates, metric, one_of
from kit.metrics.ways import ADDRESSED, WAYS
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY

LANGUAGES = ("en", "fr", "zh")
OTHERS = ("other", "und")  # another language; cannot be told


def asked(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages asked about, each once; one may be given as a word."""
    codes = [languages] if isinstance(languages, str) else languages
    if not isinstance(codes, (list, tuple)) or not all(isinstance(code, str) for code in codes):
        raise MetricError(
            "'languages' must be a list of codes", found=languages, hint="Such as ['en', 'fr', 'zh']."
        )
    return tuple(dict.fromkeys(codes))


def found_tables(case: Any, languages: Sequence[str], *names: str) -> dict[str, pd.DataFrame]:
    """The derived tables `languages` and those of `names`."""
    wanted = case.derived("languages", languages=tuple(sorted(asked(languages))))
    return {"languages": wanted, **{name: case.derived(name) for name in names}}


def one_language(language: str, languages: Sequence[str]) -> str:
    """`language` where it is one of `languages`, other or und; else an error."""
    options = (*asked(languages), *OTHERS)
    if language not in options:
        raise MetricError(
            "not one of 'languages'", where="language", found=language, hint=nearest(language, options)
        )
    return language


def share_of_posts(hits: pd.Series, posts: pd.Series, seed: int) -> Interval:
    """Σ hits / Σ posts over accounts, accounts drawn anew.

    Where no account (or every post) has it no draw can differ: then Wilson on the number of accounts stands
    in, as `kit.inference.share` does, with a far end of about 3.8 / accounts.
    """
    total, n = int(hits.sum()), len(posts)
    if n and total in (0, int(posts.sum())):
        return inference.wilson(n if total else 0, n)
    return inference.bootstrap_ratio(hits, posts, seed=seed)


def shares(
    table: pd.DataFrame, by: list[str], name: str, values: Sequence[str], seed: int
) -> list[dict[str, Any]]:
    """For each block of `by` and each of `values` of column `name`: its share of the block's posts.

    `table` has one row for each of `by`, account_key and `name`, with its posts.
    """
    rows = []
    for key, block in table.groupby(by, sort=False, dropna=False):
        posts = block.groupby("account_key")["posts"].sum()
        for value in values:
            mine = block[block[name] == value].groupby("account_key")["posts"].sum()
            hits = mine.reindex(posts.index, fill_value=0)
            rows.append(
                dict(zip(by, key, strict=True))
                | {name: value, "posts": int(hits.sum()), "n": len(posts)}
                | {"interval": share_of_posts(hits, posts, seed), "writing_accounts": len(mine)}
            )
    return rows


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


@metric(
    N_("Languages of posts"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "language"),
    needs=("posts.text", "posts.account_key"),
)
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

    >>> texts.language_mix(case)[["group", "language", "posts", "estimate"]].head(3).round(2)
         group language  posts  estimate
    0  studied       en    330      0.66
    1  studied       fr     59      0.12
    2  studied       zh    110      0.22
    """
    return _mix(case, languages, {}, reposts=reposts)


@metric(
    N_("Languages of posts by platform"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "platform"),
    needs=("posts.text", "posts.account_key"),
)
def language_platforms(
    case: Any, *, languages: Sequence[str] = LANGUAGES, reposts: bool = False
) -> pd.DataFrame:
    """In which languages does each group write on each platform?

    Columns: group, platform, language, posts, n (authors there), estimate, low, high (share of the group's
    posts there), writing_accounts.
    Formula, missing-data rule and source: as `language_mix`.
    A difference between platforms does not prove a plan: platforms have different publics.

    >>> texts.language_platforms(case)[["platform", "language", "posts"]].head(3)
       platform language  posts
    0  facebook       en     48
    1  facebook       fr     27
    2  facebook       zh     25
    """
    return _mix(case, languages, {"platform": "p.platform"}, reposts=reposts)


@metric(
    N_("Languages of posts by category of the person addressed"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "category"),
    needs=("posts.text", "posts.account_key", "report.roster", *ADDRESSED),
)
def language_targets(case: Any, *, languages: Sequence[str] = LANGUAGES, way: str = "reply") -> pd.DataFrame:
    """In which languages does each group address the categories of the roster?

    Columns: group, category (of the roster), language, posts, n (authors), estimate, low, high (share of the
    group's posts to the category), writing_accounts. Empty without a roster.
    Formula: as `language_mix`, over posts that answer (mention, repost) a member of the roster.
    Missing: as `language_mix`; posts to accounts outside the roster are left out.
    Source: as `language_mix`.
    A language does not prove for whom a post is meant: replies are read by bystanders too.

    >>> texts.language_targets(case)[["category", "language", "posts"]].head(3)
         category language  posts
    0  government       en    176
    1  government       fr     29
    2  government       zh     54
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
    needs=("posts.text", "posts.created_at"),
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

    >>> texts.language_days(case, step="week")[["period_start", "language", "posts"]].head(3)
      period_start language  posts
    0   2023-08-07       en     23
    1   2023-08-07       fr      2
    2   2023-08-07       zh     11
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


@metric(N_("Language stated by the export and language found"), needs=("posts.text", "posts.language"))
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

    >>> texts.language_agreement(case)[["stated", "language", "posts"]].tail(3)
       stated language  posts
    18     fr       fr     69
    19     fr      und      5
    20     zh       zh      4
    """
    return case.sql(
        f"""SELECT *, posts / sum(posts) OVER (PARTITION BY "group", stated) AS share FROM (
                SELECT "group", coalesce(lower(regexp_extract(p.language, '^[A-Za-z]{{2,3}}')), '') AS stated,
                       language_found AS language, count(DISTINCT account_key) AS accounts, count(*) AS posts
                FROM posts p JOIN languages USING (post_key) {"" if reposts else "WHERE NOT is_repost"} GROUP BY 1, 2, 3)
            ORDER BY {group_order()}, stated, posts DESC, language""",
        tables=found_tables(case, languages),
    )
