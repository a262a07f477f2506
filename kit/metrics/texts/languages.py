"""In which languages do they write, when, to whom and where? And shares of posts with accounts drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit import inference
from kit.disclosure import STEP
from kit.errors import MetricError, nearest
from kit.locale import N_
from kit.metrics import estimates, metric, one_of
from kit.metrics.behind import inferred, tallied, weighed, weight
from kit.metrics.joining import spans
from kit.metrics.ways import ADDRESSED, WAYS, roster_members, roster_words
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY

STATED = (
    "stated"  # those that the exports state for at least ten accounts and one post in a hundred of a group
)
LANGUAGES = ("en", "fr", "zh", STATED)
OTHERS = ("other", "und")  # another language; cannot be told


#: ISO 639-1 codes of the languages that a program can tell apart by their letters and words (lingua's)
TOLD = frozenset(
    "af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gu he hi hr hu hy id is it ja ka kk ko la lg lt lv"
    " mi mk mn mr ms nb nl nn pa pl pt ro ru sk sl sn so sq sr st sv sw ta te th tl tn tr ts uk ur vi xh yo zh zu".split()
)
_RENAMED = {"in": "id", "iw": "he", "no": "nb"}  # as platforms still write them


def asked(case: Any, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages asked about, each once; one may be given as a word, and `stated` stands for several."""
    codes = [languages] if isinstance(languages, str) else languages
    if not isinstance(codes, (list, tuple)) or not all(isinstance(code, str) for code in codes):
        raise MetricError(
            "'languages' must be a list of codes",
            found=languages,
            hint="Such as ['en', 'fr', 'zh', 'stated'].",
        )
    given = [code for one in codes for code in (stated(case) if one == STATED else [one])]
    return tuple(dict.fromkeys(given))


def stated(case: Any) -> list[str]:
    """Languages that exports of the whole case state, most posts first: by ten accounts and in one post in a hundred of a group.

    Fewer would name a language that nobody else in the group writes.
    """
    table = case.whole().sql("""
        SELECT lower(regexp_extract(language, '^[A-Za-z]{2,3}')) AS code, "group", count(*) AS posts,
               count(DISTINCT account_key) AS accounts, count(*) / sum(count(*)) OVER (PARTITION BY "group") AS share
        FROM posts GROUP BY 1, 2""")
    table["code"] = table["code"].replace(_RENAMED)
    kept = table[(table["accounts"] >= STEP) & (table["share"] >= 0.01) & table["code"].isin(TOLD)]
    return list(kept.groupby("code")["posts"].sum().sort_values(ascending=False, kind="stable").index)


def found_tables(case: Any, languages: Sequence[str], *names: str) -> dict[str, pd.DataFrame]:
    """The derived table `languages` and those of `names`."""
    wanted = case.derived("languages", languages=tuple(sorted(asked(case, languages))))
    return {"languages": wanted, **{name: case.derived(name) for name in names}}


def one_language(case: Any, language: str, languages: Sequence[str]) -> str:
    """`language` where it is one of `languages`, other or und; else an error."""
    options = (*asked(case, languages), *OTHERS)
    if language not in options:
        raise MetricError(
            "not one of 'languages'", where="language", found=language, hint=nearest(language, options)
        )
    return language


def shares(table: pd.DataFrame, by: list[str], name: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """For each block of `by` and each of `values` of column `name`: its share of the block's posts.

    `table` has one row for each of `by`, account_key and `name`, with its posts.
    """
    rows = []
    for key, block in table.groupby(by, sort=False, dropna=False):
        posts = block.groupby("account_key")["posts"].sum()
        for value in values:
            mine = block[block[name] == value].groupby("account_key")["posts"].sum()
            hits = mine.reindex(posts.index, fill_value=0)
            behind = {"posts__people": len(mine), "posts__largest": int(hits.max())}
            rows.append(
                dict(zip(by, key, strict=True))
                | {name: value, "posts": int(hits.sum()), "n": len(posts)}
                | {"interval": inference.share_by_account(hits, posts), "writing_accounts": len(mine)}
                | behind
                | {"estimate__weight": weight(hits, posts)}
            )
    return rows


def _mix(
    case: Any,
    languages: Sequence[str],
    by: dict[str, str],
    joined: str = "posts p",
    reposts: bool = False,
    **tables: pd.DataFrame,
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
        tables=found_tables(case, languages) | tables,
    )
    values = (*asked(case, languages), *OTHERS)
    first = ["group", *by, "language", "posts"]
    return inferred(estimates(shares(table, ["group", *by], "language", values), first))


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
    Formula: posts found in the language / posts with text, interval over authors. The language is found
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

    Columns: group, category (of the roster; in public members who may not be named are not told by it), language, posts, n (authors), estimate, low, high (share of the
    group's posts to the category), writing_accounts. Empty without a roster.
    Formula: as `language_mix`, over posts that answer (mention, repost) a member of the roster.
    Missing: as `language_mix`; posts to accounts outside the roster are left out.
    Source: as `language_mix`.
    A language does not prove for whom a post is meant: replies are read by bystanders too.

    >>> texts.language_targets(case)[["category", "language", "posts"]].head(3)
         category language  posts
    0  government       en    156
    1  government       fr     27
    2  government       zh     53
    """
    query = WAYS[one_of("way", way, WAYS)][0]
    members = roster_members(case).dropna(subset=["addressed"]).drop_duplicates("addressed")
    table = _mix(
        case,
        languages,
        {"category": "p.category"},
        f"(SELECT a.*, m.category FROM ({query}) a JOIN members m USING (addressed)) p",
        reposts=way == "repost",
        members=members[["addressed", "category"]],
    )
    table.attrs["words"] = roster_words(case, "category")
    return table


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
    Public edition: period_start to period_end, joined for each language until a span holds nobody or ten authors.
    Formula: counts by day or week.
    Missing: posts without text or time are left out; posts of unknown authors count.
    Source: as `language_mix`.
    A change does not prove another writer: events bring other readers and other subjects.

    >>> texts.language_days(internal, step="week")[["period_start", "language", "posts"]].head(3)
      period_start language  posts
    0   2023-08-07       en     23
    1   2023-08-07       fr      2
    2   2023-08-07       zh     11
    """
    each = case.sql(
        f"""SELECT "group", CAST(date_trunc('{one_of("step", step, ("day", "week"))}', {LOCAL_DAY}) AS DATE) AS period_start,
                   language_found AS language, account_key, count(*) AS posts
            FROM posts JOIN languages USING (post_key)
            WHERE created_at IS NOT NULL {"" if reposts else "AND NOT is_repost"} GROUP BY 1, 2, 3, 4
            ORDER BY {group_order()}, 2, 3, 4""",
        tables=found_tables(case, languages),
        clock=case.clock,
    )
    days = ["period_start"] if case.edition != "public" else ["period_start", "period_end"]
    parts = [_one_over_time(case, each, code, days, step) for code in sorted(set(each["language"]))]
    names = ["group", *days, "language", "accounts", "posts", "share"]
    if not parts:
        return pd.DataFrame(columns=names)
    table = pd.concat(parts)
    order = {g: i for i, g in enumerate(case.groups)}
    table = table[[*names, *(c for c in table if "__" in c and not c.startswith("all_posts"))]].sort_values(
        ["group", "period_start", "language"],
        key=lambda s: s.map(order) if s.name == "group" else s,
        ignore_index=True,
    )
    return inferred(table if case.edition == "public" else table[table["posts"] > 0].reset_index(drop=True))


def _one_over_time(case: Any, each: pd.DataFrame, code: str, days: list[str], step: str) -> pd.DataFrame:
    """A language's posts over time, in groups that write it: of all posts, also in spans without one in that language."""
    mine = each["posts"].where(each["language"] == code, 0)
    rows = each[["group", "period_start", "account_key"]].assign(
        posts=mine, all_posts=each["posts"], rest=each["posts"] - mine
    )
    rows = rows[rows["group"].isin(rows.loc[mine > 0, "group"])]
    rows = spans(
        case,
        rows,
        ["group"],
        days[0],
        days[-1],
        ["posts", "rest", "all_posts"],
        step=step,
        keep_exact=False,
        told_as=lambda key: key | {"language": code},
    )
    table = weighed(rows, ["group", *days], "posts", "all_posts")
    for day in days:
        table[day] = pd.to_datetime(table[day])
    return table.assign(language=code, accounts=table["posts__people"])


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
    18     fr       fr     70
    19     fr      und      4
    20     zh       zh      4
    """
    each = case.sql(
        f"""SELECT "group", coalesce(lower(regexp_extract(p.language, '^[A-Za-z]{{2,3}}')), '') AS stated,
                   language_found AS language, account_key, count(*) AS posts
            FROM posts p JOIN languages USING (post_key) {"" if reposts else "WHERE NOT is_repost"} GROUP BY 1, 2, 3, 4""",
        tables=found_tables(case, languages),
    )
    table = tallied(each, ["group", "stated", "language"], ["posts"])
    whole = each.groupby(["group", "stated"])["posts"].sum().rename("whole").reset_index()
    table["share"] = table["posts"] / table[["group", "stated"]].merge(whole, how="left")["whole"]
    table["share__weight"] = [
        _of_statement(each, row.group, row.stated, row.language) for row in table.itertuples()
    ]
    table.insert(3, "accounts", table["posts__people"])
    order = {g: i for i, g in enumerate(case.groups)}
    table["place"] = table["group"].map(order)
    table = table.sort_values(
        ["place", "stated", "posts", "language"], ascending=[True, True, False, True], ignore_index=True
    )
    names = "group stated language accounts posts share".split()
    return inferred(table[[*names, *(c for c in table if "__" in c)]])


def _of_statement(each: pd.DataFrame, group: str, stated_: str, language: str) -> float:
    """How fine the share of a language among posts with a statement may be told."""
    mine = each[(each["group"] == group) & (each["stated"] == stated_)]
    mine = mine.assign(hits=mine["posts"].where(mine["language"] == language, 0))
    by = mine.groupby(mine["account_key"].fillna(-1))[["hits", "posts"]].sum()
    return weight(by["hits"], by["posts"])
