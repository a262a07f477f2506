"""What did we receive, is it whole, what was rejected, and who counts as studied?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.locale import N_
from kit.metrics import facts, joining, metric
from kit.metrics.behind import tallied
from kit.metrics.needs import in_rows
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY

_ENGAGEMENT = "coalesce(likes, 0) + coalesce(replies, 0) + coalesce(reposts, 0) + coalesce(quotes, 0)"
_MEASURED = "coalesce(likes, replies, reposts, quotes) IS NOT NULL"


#: fact -> what the exports must tell for it
_FACTS = {
    "posts": ["posts"],
    "repost_share": ["posts.is_repost"],
    "engagement_per_post": ["posts.engagement"],
    "zero_engagement_share": ["posts.engagement"],
    "zero_engagement_share_original": ["posts.engagement"],
}


@metric(N_("Posts: facts"), needs=in_rows("id", _FACTS))
def post_facts(case: Any) -> pd.DataFrame:
    """How many posts, of which kind, and how much reaction did they draw?

    Columns: id, group, value, unit, label, n (posts behind the value).
    Formula: engagement = likes + replies + reposts + quotes received; engagement_per_post its mean
    over all posts with a count; zero_engagement_share the share of them with 0;
    zero_engagement_share_original the same without reposts; repost_share = reposts / posts.
    Missing: posts without any of the four counts are left out; a missing single count adds 0.
    Public: posts, shares and means are rounded by the largest part of one account.
    Source: Stanford Internet Observatory, Cheerleading Without Fans (2020): 0.26 engagements a post.
    Low engagement does not prove inauthenticity: most posts of most people draw none.

    >>> intake.post_facts(case)[["id", "group", "value"]].head(3)
                        id    group  value
    0                posts  studied    500
    1         repost_share  studied   None
    2  engagement_per_post  studied  0.054
    """
    table = case.sql(f"""
        SELECT "group", count(*) AS posts, avg(CAST(is_repost AS INT)) AS repost_share,
               avg({_ENGAGEMENT}) FILTER ({_MEASURED}) AS engagement_per_post,
               avg(CAST({_ENGAGEMENT} = 0 AS INT)) FILTER ({_MEASURED}) AS zero_engagement_share,
               avg(CAST({_ENGAGEMENT} = 0 AS INT)) FILTER ({_MEASURED} AND NOT is_repost) AS zero_engagement_share_original,
               count(*) FILTER ({_MEASURED}) AS n, count(*) FILTER ({_MEASURED} AND NOT is_repost) AS n_original
        FROM posts GROUP BY 1""").set_index("group")
    rows: list[tuple] = []
    for group in case.groups:
        if group not in table.index:
            rows.append(("posts", group, 0, "posts", None, 0))
            continue
        r = table.loc[group]
        rows += [
            ("posts", group, int(r.posts), "posts", None, int(r.posts)),
            ("repost_share", group, float(r.repost_share), "share of posts", None, int(r.posts)),
        ]
        if r.n:
            rows += [
                (
                    "engagement_per_post",
                    group,
                    float(r.engagement_per_post),
                    "engagements per post",
                    None,
                    int(r.n),
                ),
                (
                    "zero_engagement_share",
                    group,
                    float(r.zero_engagement_share),
                    "share of posts",
                    None,
                    int(r.n),
                ),
            ]
        if r.n_original:
            share = float(r.zero_engagement_share_original)
            rows.append(
                (
                    "zero_engagement_share_original",
                    group,
                    share,
                    "share of original posts",
                    None,
                    int(r.n_original),
                )
            )
    return _with_authors(case, facts(rows))


#: fact -> the sum of an account that it is made of, and the one that its size counts
_OF_AUTHORS = {
    "posts": ("posts", "posts"),
    "repost_share": ("posts", "posts"),
    "engagement_per_post": ("engagement", "measured"),
    "zero_engagement_share": ("measured", "measured"),
    "zero_engagement_share_original": ("measured_original", "measured_original"),
}


def _with_authors(case: Any, table: pd.DataFrame) -> pd.DataFrame:
    """The facts with how many accounts stand behind each, and how much of it is one's."""
    sums = {
        "posts": "count(*)",
        "measured": f"count(*) FILTER ({_MEASURED})",
        "measured_original": f"count(*) FILTER ({_MEASURED} AND NOT is_repost)",
        "engagement": f"coalesce(sum({_ENGAGEMENT}) FILTER ({_MEASURED}), 0)",
    }
    named = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
    rows = case.sql(f'SELECT "group", account_key, {named} FROM posts GROUP BY 1, 2')
    found = tallied(rows, ["group"], list(sums)).set_index("group")
    for row in table.itertuples():
        value, size = _OF_AUTHORS[row.id]
        if row.group not in found.index:
            continue
        mine = found.loc[row.group]
        said = {f"n__{what}": mine[f"{size}__{what}"] for what in ("people", "largest")}
        if row.unit.startswith("share"):
            said["value__weight"] = mine[f"{value}__largest"] / mine[value]
        else:
            said |= {f"value__{what}": mine[f"{value}__{what}"] for what in ("people", "largest")}
        for name, number in said.items():
            table.loc[row.Index, name] = float(number)
    return table


@metric(N_("Every record accounted for"))
def accounting(case: Any) -> pd.DataFrame:
    """For each export, how many records were read, kept, seen again, equal to others, rejected?

    Columns: source_file, table, format, read, kept, observations, duplicates, rejected (records).
    Formula: read = kept + observations + duplicates + rejected, checked when the case is built.
    Missing: none; every record is in one of the four.
    Public: what was read and kept is rounded by the largest part of one account, the others are in tens.
    Source: design of this kit. Many duplicates do not prove copying by accounts: exports overlap.

    >>> intake.accounting(case)[["source_file", "read", "kept", "rejected"]].head(3)
                 source_file  read  kept  rejected
    0  facebook_comments.csv   132   132         0
    1   facebook_control.csv    40    40         0
    2   facebook_members.csv   143   143         0
    """
    table = case.sql('SELECT * FROM accounting ORDER BY source_file, "table"')
    each = case.sql("SELECT source_file, account_key, count(*) AS kept FROM all_posts GROUP BY 1, 2")
    posts = tallied(each, ["source_file"], ["kept"]).set_index("source_file")
    of_posts = table["table"].eq("posts")
    for name in ("kept", "read"):  # a record of an account is one account's, a post one of its author's
        table[f"{name}__people"] = table["kept"].mask(
            of_posts, table["source_file"].map(posts["kept__people"])
        )
        table[f"{name}__largest"] = table["source_file"].map(posts["kept__largest"]).where(of_posts, 1)
    for name in ("observations", "duplicates", "rejected"):  # whose they are nobody counts
        table[f"{name}__people"], table[f"{name}__largest"] = table[name], 1
    return _counted_by_anybody(case, table)


def _counted_by_anybody(case: Any, table: pd.DataFrame) -> pd.DataFrame:
    """Records of files that a platform published whole need no rounding: no part of them is one account's secret."""
    groups = case.sql('SELECT DISTINCT source_file, "group" FROM known')
    others = set(groups.loc[~groups["group"].isin(list(case.report.exact)), "source_file"])
    published = ~table["source_file"].isin(others)
    for name in [c for c in table.columns if str(c).endswith("__largest")]:
        table[name] = table[name].mask(published, 0)
    return table


@metric(N_("Files that are no exports"))
def set_aside(case: Any) -> pd.DataFrame:
    """Which files of the folders and archives received were not read, because they are no exports?

    Columns: kind (what the files are), files. Their names stand in the internal edition's table
    `set_aside` and in the manifest.
    Formula: counts. A file that looks like a damaged export stops the build and is never counted here.
    Missing: none; every file is read or counted here.
    Source: design of this kit.
    Many files set aside do not prove that something is missing: archives hold pictures and pages.

    >>> list(intake.set_aside(case))
    ['kind', 'files']
    """
    return case.sql("SELECT kind, count(*) AS files FROM set_aside GROUP BY 1 ORDER BY files DESC, kind")


@metric(N_("Rejected records by reason"))
def rejected(case: Any) -> pd.DataFrame:
    """Which records could not be kept, and why?

    Columns: source_file, table, field, reason, records, first_line.
    Formula: counts of rejected records by reason.
    Missing: none.
    Public: in tens, as if each were another person's.
    Source: design of this kit.
    A rejected record does not prove tampering: exports are often cut or edited by hand.

    >>> intake.rejected(case)[["source_file", "field", "records"]]
         source_file    field  records
    0  x_replies.csv  post_id        2
    1  x_replies.csv     lang        1
    """
    return case.sql("""SELECT source_file, "table", field, reason, count(*) AS records, min(line) AS first_line,
                              count(*) AS records__people, 1 AS records__largest
                       FROM rejected GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, records DESC, 3, 4""")


@metric(N_("Posts by day"), within=("group", "day"), needs=("posts.created_at",))
def coverage(case: Any) -> pd.DataFrame:
    """How many posts does each day hold, by platform?

    Columns: group, platform, day and day_to (first and last day, in the report's clock), posts.
    Formula: counts; days without a post between the first and last are rows with 0.
    Missing: posts without a time are left out; `time_coverage` counts them.
    Public: neighbouring days of a platform are joined until nobody or at least ten accounts stand behind them,
    none with more than half; joined ones begin with a week or beside a day of ten. Few days that are largely one
    account's are withheld.
    Source: none needed. A quiet day does not prove silence: collection may have stopped.

    >>> intake.coverage(case).groupby("group", sort=False)["posts"].sum()
    group
    studied    500
    control    200
    context    646
    Name: posts, dtype: int64
    """
    return joining.days(case, _dated(case), ["group", "platform"]).drop(columns="gap")


def _dated(case: Any) -> pd.DataFrame:
    """Posts of each account, platform and day, in the report's clock."""
    return case.sql(
        f"""SELECT "group", platform, {LOCAL_DAY} AS day, account_key, count(*) AS posts
            FROM posts WHERE created_at IS NOT NULL GROUP BY 1, 2, 3, 4
            ORDER BY {group_order()}, platform, day, account_key""",
        clock=case.clock,
    )


@metric(N_("What each file covers"))
def sources(case: Any) -> pd.DataFrame:
    """Which groups, platforms and days does each file cover, and on how many of them does it hold nothing?

    Columns: source_file, group, platform, posts, accounts, first_day, last_day, first_month, last_month,
    empty_days (days between them without a post of this file, in the report's clock).
    Formula: counts over every post kept, also outside the period.
    Missing: posts without a time count in posts and accounts, not in the days.
    Public: a day or month is told where at least ten accounts of the file posted in it.
    Source: none needed. An empty day does not prove silence: the file may hold a choice of posts.

    >>> intake.sources(case)[["source_file", "group", "posts"]].head(3)
                 source_file    group  posts
    0  facebook_comments.csv  studied    100
    1  facebook_comments.csv  context     32
    2   facebook_control.csv  control     40
    """
    return case.sql(
        f"""
        WITH dated AS (
            SELECT source_file, "group", platform, account_key, {LOCAL_DAY} AS day, date_trunc('month', {LOCAL_DAY}) AS month,
                   count(*) OVER (PARTITION BY source_file, "group", platform, account_key) AS each,
                   min({LOCAL_DAY}) OVER whole AS first, max({LOCAL_DAY}) OVER whole AS last
            FROM all_posts WINDOW whole AS (PARTITION BY source_file, "group", platform))
        SELECT source_file, "group", platform, count(*) AS posts, count(DISTINCT account_key) AS accounts,
               min(day) AS first_day, max(day) AS last_day,
               strftime(min(month), '%Y-%m') AS first_month, strftime(max(month), '%Y-%m') AS last_month,
               date_diff('day', min(day), max(day)) + 1 - count(DISTINCT day) AS empty_days,
               count(DISTINCT account_key) AS posts__people, max(each) AS posts__largest,
               count(DISTINCT account_key) FILTER (day = first) AS first_day__people,
               count(DISTINCT account_key) FILTER (day = last) AS last_day__people,
               count(DISTINCT account_key) FILTER (month = date_trunc('month', first)) AS first_month__people,
               count(DISTINCT account_key) FILTER (month = date_trunc('month', last)) AS last_month__people
        FROM dated GROUP BY 1, 2, 3
        ORDER BY 1, {group_order()}, 3""",
        clock=case.clock,
    )


@metric(N_("Stretches of days without a post"), needs=("posts.created_at",))
def gaps(case: Any, *, least_days: int = 2, most: int = 20) -> pd.DataFrame:
    """Where does a platform go quiet for whole days, and how much would these days usually hold?

    Columns: group, platform, first_day, last_day (in the report's clock), days, usual_day (median posts a day of
    this group on this platform, empty days included). At least `least_days` days long; the `most` longest.
    Formula: runs of days without a post between the first and the last day of any post in the period; in public
    from or to the end of the week where fewer than ten accounts posted on that day.
    Missing: posts without a time are in no day.
    Public: its days are told where ten accounts or more posted on the days beside it, else its length.
    Source: none needed. A stretch without posts does not prove that collection stopped: where `usual_day` is
    small it is nothing, and where every group has it the collection is the first suspect.

    >>> intake.gaps(internal, least_days=3)[["group", "platform", "first_day", "days"]].head(3)
         group platform  first_day  days
    0  control  youtube 2023-08-20    15
    1  control  youtube 2023-08-07    12
    2  context  youtube 2023-08-07    12
    """
    found = _dated(case)
    span = pd.date_range(found["day"].min(), found["day"].max()) if len(found) else pd.DatetimeIndex([])
    first, last = _ends_told(case, found, span)
    rows: list[tuple] = []
    for (group, platform), mine in found.groupby(["group", "platform"], sort=False):
        by_day = mine.groupby(pd.to_datetime(mine["day"]))
        posts = by_day["posts"].sum().reindex(span, fill_value=0)
        people = by_day["account_key"].nunique().reindex(span, fill_value=0).to_numpy()
        told = people >= (0 if joining.singly(case, str(group)) else joining.STEP)
        empty = posts.eq(0).to_numpy()
        starts = np.flatnonzero(empty & ~np.r_[False, empty[:-1]])
        ends = np.flatnonzero(empty & ~np.r_[empty[1:], False])
        for start, end in zip(starts, ends, strict=True):
            if end - start + 1 >= least_days:
                beside = told[max(0, start - 1) : start].all() and told[end + 1 : end + 2].all()
                since = first if start == 0 else span[start]
                until = last if end == len(span) - 1 else span[end]
                days = (since, until) if beside else (None, None)
                rows.append((group, platform, *days, (until - since).days + 1, float(posts.median())))
    table = pd.DataFrame(rows, columns="group platform first_day last_day days usual_day".split())
    table = table.sort_values("days", ascending=False, kind="stable").head(most).reset_index(drop=True)
    return table.astype({"first_day": "datetime64[us]", "last_day": "datetime64[us]", "days": "int64"})


def _ends_told(case: Any, found: pd.DataFrame, span: pd.DatetimeIndex) -> tuple[Any, Any]:
    """From and to what days a stretch at the ends of the collection is told: not one on which few posted."""
    if span.empty:
        return None, None
    mixed = not all(joining.singly(case, str(group)) for group in found["group"].unique())
    week = joining.first_and_last(case, found["day"], whole=True)
    people = [
        found.loc[pd.to_datetime(found["day"]) == day, "account_key"].nunique() for day in (span[0], span[-1])
    ]
    few = [mixed and n < joining.STEP for n in people]
    return week[0] if few[0] else span[0], week[1] if few[1] else span[-1]


@metric(N_("Stated times beside the times in identifiers"))
def clock_check(case: Any) -> pd.DataFrame:
    """Do the times that the files state agree with the times that the platforms wrote into identifiers?

    Columns: source_file, platform, dated_posts (an identifier with a time), stated_posts (the export also states
    their time), differ_posts (further apart than a second, or than the stated time is exact), median_s, largest_s (seconds, stated
    minus identifier, over those that differ).
    Formula: difference of the two times; for days and hours the identifier's time is cut to them first.
    Missing: posts whose identifiers hold no time (YouTube, Facebook, Reddit, …) are left out; estimates too. A time
    read out of the identifier alone (LinkedIn, …) agrees with itself and is no stated one: nothing was checked there.
    Public: a difference is told where ten accounts share it, the median where twenty differ.
    Source: time in identifiers as measured for X, TikTok, Instagram, LinkedIn, Discord, Bluesky and Weibo.
    A difference does not prove tampering: a wrong zone in the report file moves every post by whole hours, and
    Bluesky's keys are chosen by the client.

    >>> intake.clock_check(case)[["source_file", "stated_posts", "differ_posts"]].head(2)
         source_file  stated_posts  differ_posts
    0  x_control.csv           253             0
    1  x_members.csv           418             0
    """
    table = case.sql("""
        WITH pairs AS (
            SELECT source_file, platform, account_key, identifier_time,
                   CASE WHEN time_stated AND time_source <> 'estimate' THEN created_at END AS stated,
                   date_trunc(CASE WHEN time_precision IN ('minute', 'hour', 'day') THEN time_precision ELSE 'microsecond' END,
                              identifier_time) AS known,
                   CASE WHEN time_precision IN ('minute', 'hour', 'day') THEN 0 ELSE 1 END AS allowed
            FROM all_posts WHERE identifier_time IS NOT NULL),
        apart AS (SELECT *, epoch(stated) - epoch(known) AS away, abs(away) > allowed AS differs FROM pairs),
        each AS (SELECT *, count(*) OVER one AS dated, count(stated) OVER one AS stated_, count(*) FILTER (differs) OVER one AS differ,
                        max(abs(away)) FILTER (differs) OVER (PARTITION BY source_file, platform) AS most
                 FROM apart WINDOW one AS (PARTITION BY source_file, platform, account_key))
        SELECT source_file, platform, count(*) AS dated_posts, count(stated) AS stated_posts,
               count(*) FILTER (differs) AS differ_posts, median(away) FILTER (differs) AS median_s,
               arg_max(away, abs(away)) FILTER (differs) AS largest_s,
               count(DISTINCT account_key) AS dated_posts__people, max(dated) AS dated_posts__largest,
               count(DISTINCT account_key) FILTER (stated IS NOT NULL) AS stated_posts__people, max(stated_) AS stated_posts__largest,
               count(DISTINCT account_key) FILTER (differs) AS differ_posts__people, max(differ) AS differ_posts__largest,
               CASE WHEN differ_posts__people >= 20 THEN 0 ELSE 1 END AS median_s__weight,
               CASE WHEN count(DISTINCT account_key) FILTER (differs AND abs(away) >= most - 1) >= 10 THEN 0 ELSE 1 END AS largest_s__weight
        FROM each GROUP BY 1, 2 ORDER BY 1, 2""")
    return _counted_by_anybody(case, table)


@metric(N_("How exact the times are"))
def time_coverage(case: Any) -> pd.DataFrame:
    """Where do the times of posts come from, how exact are they, how many lie outside the period?

    Columns: group, time_source (field, identifier, estimate, none), time_precision, posts (all),
    outside_period (posts).
    Formula: counts.
    Missing: posts without a time have source none.
    Source: platform-formats of the X archive: minutes in the file, milliseconds in identifiers.
    A time restored from an identifier does not prove when a person pressed the key: posts can be scheduled.

    >>> intake.time_coverage(case)[["group", "time_precision", "posts"]]
         group time_precision  posts
    0  studied         second    574
    1  control         second    313
    2  context         second    731
    """
    keys = ["group", "time_source", "time_precision"]
    rows = case.sql(f"""
        SELECT a."group", coalesce(a.time_source, 'none') AS time_source, coalesce(a.time_precision, 'none') AS time_precision,
               a.account_key, count(*) AS posts, count(*) - count(p.post_key) AS outside_period
        FROM all_posts a LEFT JOIN posts p USING (post_key)
        GROUP BY 1, 2, 3, 4 ORDER BY {group_order('a."group"')}, 2, 3, 4""")
    return _summed(rows, keys, ["posts", "outside_period"])


def _summed(rows: pd.DataFrame, keys: list[str], numbers: list[str]) -> pd.DataFrame:
    """Sums over accounts by `keys`, in the order in which these come, with who stands behind them."""
    found = tallied(rows, keys, numbers)
    return rows[keys].drop_duplicates().merge(found, on=keys, how="left").reset_index(drop=True)


@metric(N_("Posts whose author is not known"))
def author_coverage(case: Any) -> pd.DataFrame:
    """For how many posts does the export not name the author?

    Columns: group, platform, posts (in the period), no_author_posts.
    Formula: counts.
    Missing: this table is the count of what is missing. Such posts have the group of their export,
    belong to no account, and are left out wherever accounts are counted or compared.
    Source: platform formats: comments of the Graph API and of TikTok's research API, deleted users of Reddit.
    A post without an author does not prove that it was hidden: most interfaces do not name people.

    >>> intake.author_coverage(case).head(3)
         group  platform  posts  no_author_posts
    0  studied  facebook    100                0
    1  studied         x    350                0
    2  studied   youtube     50                0
    """
    rows = case.sql(f"""
        SELECT "group", platform, account_key, count(*) AS posts, count(*) - count(account_key) AS no_author_posts
        FROM posts GROUP BY 1, 2, 3 ORDER BY {group_order()}, 2, 3""")
    table = _summed(rows, ["group", "platform"], ["posts", "no_author_posts"])
    return table.drop(
        columns=["no_author_posts__people", "no_author_posts__largest"]
    )  # nobody knows whose they are


@metric(N_("Languages as the exports state them"), needs=("posts.language",))
def languages(case: Any) -> pd.DataFrame:
    """In which languages are the posts, as the exports state?

    Columns: group, language (und = not stated), posts, accounts, share (of the group's posts).
    Formula: counts.
    Missing: posts without a language are und.
    Source: platform-formats. A language does not prove where an author is from.

    >>> intake.languages(case).head(3)
         group language  posts  accounts  share
    0  studied       en    302        80  0.604
    1  studied       zh     94        24  0.188
    2  studied       fr     54        14  0.108
    """
    table = case.sql(f"""
        SELECT "group", language, sum(n)::BIGINT AS posts, count(account_key) AS accounts,
               sum(n) / sum(sum(n)) OVER (PARTITION BY "group") AS share,
               count(account_key) AS posts__people, max(n) AS posts__largest
        FROM (SELECT "group", coalesce(language, 'und') AS language, account_key, count(*) AS n FROM posts GROUP BY 1, 2, 3)
        GROUP BY 1, 2 ORDER BY {group_order()}, posts DESC, 2""")
    table.attrs["ranked"] = {"by": "posts", "of": "language"}
    return table


@metric(N_("Who counts as studied, and why"))
def membership(case: Any) -> pd.DataFrame:
    """How did the accounts come into their groups?

    Columns: group, given_by (label, export), accounts.
    Formula: counts; a label goes before the export's group, a conflict is an error.
    Missing: none.
    Source: the report's labels and inclusion rule.
    Being studied does not prove anything: it says where the researcher looked.

    >>> intake.membership(case)
         group given_by  accounts
    0  studied    label       120
    1  control   export        60
    2  context   export       110
    """
    return case.sql(f"""
        SELECT "group", group_given_by AS given_by, count(*) AS accounts FROM accounts
        GROUP BY 1, 2 ORDER BY {group_order()}, 2""")
