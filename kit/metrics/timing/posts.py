"""Posts whose time is exact enough for a test, as arrays; and how many that leaves out."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import MetricError, nearest
from kit.locale import N_
from kit.metrics import metric, one_of
from kit.metrics.behind import tallied
from kit.metrics.needs import with_setting
from kit.schema import times
from kit.schema.times import LOCAL

SUBSETS = {
    "all": "true",
    "originals": "NOT coalesce(is_reply, false) AND NOT coalesce(is_repost, false)",
    "replies": "coalesce(is_reply, false)",
    "no_reposts": "NOT coalesce(is_repost, false)",
}
#: subset -> what the exports must tell for it
TOLD = {"originals": ["posts.is_reply"], "replies": ["posts.is_reply"]}
SUBSET = with_setting("subset", TOLD)
_FINE = "'millisecond', 'second', 'minute'"
NEEDS = {"minute": _FINE, "hour": f"{_FINE}, 'hour'", "day": f"{_FINE}, 'hour', 'day'"}
#: test -> the precision it needs
TESTS = {
    "clock": "minute",  # rotation, zone, meal gap
    "waiting": "minute",
    "hours": "hour",  # heatmap, weekend
    "days": "day",  # daily series, holidays, bursts, changes
}


def usable(needs: str) -> str:
    """SQL that holds for posts whose time is measured, not estimated, and at least as exact as `needs`.

    Posts of one account are never independent: what looks at hours needs the author, a count of days does not.
    """
    known = "" if needs == "day" else " AND account_key IS NOT NULL"
    return f"{times.timed('')} AND time_precision IN ({NEEDS[needs]}){known}"


def of_subset(name: str) -> str:
    """SQL of a subset of posts."""
    return SUBSETS[one_of("subset", name, SUBSETS)]


def clock_of(case: Any, clock: str | None) -> str:
    """`clock`, or the report's; an unknown zone is an error."""
    name = clock or case.clock
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise MetricError(
            "unknown clock", found=name, hint="Use a name such as Asia/Bangkok or UTC."
        ) from None
    return name


def compared(case: Any) -> list[str]:
    """Groups that are analysed: studied and control. Context is a mixture of everybody else."""
    return [group for group in case.groups if group != "context"]


def by_group(
    case: Any, *, needs: str = "minute", subset: str = "all", clock: str | None = None
) -> dict[str, pd.DataFrame]:
    """For each group the posts usable for a test: account, utc and local minutes since 1970, subset marks.

    Columns: account_key, utc, local (minutes; wall clock of `clock`), is_reply, target (UTC
    minutes of the post answered, nan where unknown), reply_to_key. In order of time.
    """
    table = case.sql(
        f"""
        SELECT "group", account_key, epoch_us(created_at) / 60000000.0 AS utc, epoch_us({LOCAL}) / 60000000.0 AS local,
               coalesce(is_reply, false) AS is_reply, coalesce(is_repost, false) AS is_repost,
               epoch_us(reply_to_created_at) / 60000000.0 AS target, coalesce(reply_to_key, -1) AS reply_to_key
        FROM posts WHERE {usable(needs)} AND {of_subset(subset)} AND "group" <> 'context'
        ORDER BY created_at, account_key, post_key""",
        clock=clock_of(case, clock),
    )
    return {group: table[table["group"] == group].reset_index(drop=True) for group in compared(case)}


def part(posts: pd.DataFrame, subset: str) -> pd.DataFrame:
    """A subset of posts that were fetched as all."""
    if subset == "originals":
        return posts[~posts["is_reply"] & ~posts["is_repost"]]
    if subset == "replies":
        return posts[posts["is_reply"]]
    return posts if subset == "all" else posts[~posts["is_repost"]]


def arrays(posts: pd.DataFrame, *names: str) -> list[np.ndarray]:
    """Columns as plain arrays: whole numbers for keys, floats for minutes."""
    return [posts[n].to_numpy(dtype="int64" if n.endswith("_key") else "float64") for n in names]


def gaps(case: Any) -> list[tuple[float, float]]:
    """Collection gaps of the report as intervals of UTC minutes since 1970."""
    table = case.sql(
        "SELECT date, coalesce(end_date, date) AS last FROM events WHERE kind = 'gap' ORDER BY 1"
    )
    zone = zoneinfo.ZoneInfo(case.clock)
    out = []
    for row in table.itertuples():
        first, last = (pd.Timestamp(day).date() for day in (row.date, row.last))
        ends = [
            dt.datetime(d.year, d.month, d.day, tzinfo=zone) for d in (first, last + dt.timedelta(days=1))
        ]
        out.append((ends[0].timestamp() / 60, ends[1].timestamp() / 60))
    return out


def in_gaps(minutes: np.ndarray, intervals: list[tuple[float, float]]) -> np.ndarray:
    """Which moments (minutes) fall in a gap."""
    inside = np.zeros(len(minutes), dtype=bool)
    for start, end in intervals:
        inside |= (minutes >= start) & (minutes < end)
    return inside


def audience_offsets(case: Any, audience: Any, first: float, last: float) -> tuple[float, ...] | str:
    """UTC offsets of the audience between two moments (minutes), summer and winter both, or "not known".

    The report's `audience_zones` unless given. None is an error and never a default:
    without the audience's clock a schedule made for readers looks like a crew.
    """
    zones = audience if audience is not None else case.report.audience_zones
    if zones is None:
        raise MetricError(
            "the audience's zones are not given",
            hint="List them in report.yml under audience_zones, or write 'not known' there.",
        )
    if zones == "not known" or list(zones) in ([], ["not known"]):
        return "not known"
    moments = np.arange(first, max(last, first + 1) + 43_200, 43_200) * 60.0
    found = set()
    for name in [zones] if isinstance(zones, str) else zones:
        try:
            zone = zoneinfo.ZoneInfo(str(name))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            hint = nearest(str(name), zoneinfo.available_timezones()).split(", use")[0]
            raise MetricError("unknown zone of the audience", found=name, hint=hint) from None
        for moment in moments:
            offset = dt.datetime.fromtimestamp(float(moment), zone).utcoffset()
            found.add((offset or dt.timedelta()).total_seconds() / 3600)
    return tuple(sorted(found))


@metric(N_("Posts whose time is exact enough for each test"))
def precision(case: Any) -> pd.DataFrame:
    """How many posts enter each test, and why do the others stay out?

    Columns: group, test (clock = rotation, zone and meal gap; waiting; hours = heatmap and
    weekend; days = daily series, holidays, bursts, changes), needs (coarsest precision
    that will do), posts (in the period, and those without a time), used_posts,
    no_time_posts, estimate_posts (time worked out, not recorded), coarse_posts (recorded too
    coarsely or with no stated precision), no_author_posts (not for days: their author is not
    known), not_reply_posts (waiting only: no reply, or the answered post's time unknown).
    Formula: counts; each post that stays out is counted under the first reason that holds.
    Missing: this table is the count of what is missing.
    Public: rounded by the largest part of one account.
    Source: none needed. A high share used does not prove that the clock of the export is right.

    >>> timing.precision(case)[["group", "test", "needs", "used_posts"]].head(3)
         group     test   needs  used_posts
    0  studied    clock  minute         500
    1  studied  waiting  minute         472
    2  studied    hours    hour         500
    """
    table = case.sql(
        """
        SELECT "group", created_at IS NULL AS no_time, coalesce(time_source, '') = 'estimate' AS estimated,
               coalesce(time_precision, '') AS precise, account_key,
               coalesce(is_reply, false) AND reply_to_created_at IS NOT NULL AS answered, count(*) AS posts
        FROM (SELECT * FROM posts UNION ALL BY NAME SELECT * FROM all_posts
              WHERE created_at IS NULL AND post_key NOT IN (SELECT post_key FROM posts)) GROUP BY ALL ORDER BY ALL"""
    )
    known = pd.MultiIndex.from_product([compared(case), TESTS], names=["group", "test"])
    parts = [_sorted_out(table, test, needs) for test, needs in TESTS.items()]
    rows = pd.concat(parts, ignore_index=True)
    counted = tallied(rows, ["group", "test"], list(_REASONS)).set_index(["group", "test"]).reindex(known)
    found = counted.fillna(0).astype("int64").reset_index()
    found.insert(2, "needs", found["test"].map(TESTS))
    return found


_REASONS = (
    "posts",
    "used_posts",
    "no_time_posts",
    "estimate_posts",
    "coarse_posts",
    "no_author_posts",
    "not_reply_posts",
)


def _sorted_out(table: pd.DataFrame, test: str, needs: str) -> pd.DataFrame:
    """The posts of each row under the first reason for which they stay out of a test, or as used."""
    fine = table["precise"].isin([word.strip("' ") for word in NEEDS[needs].split(",")])
    never = table["no_time"] & False
    reasons = [
        table["no_time"],
        table["estimated"],
        ~fine,
        table["account_key"].isna() if test != "days" else never,
        ~table["answered"] if test == "waiting" else never,
    ]
    out, left = table[["group", "account_key", "posts"]].assign(test=test), pd.Series(True, index=table.index)
    for name, reason in zip(_REASONS[2:], reasons, strict=True):
        out[name] = table["posts"].where(left & reason, 0)
        left &= ~reason
    return out.assign(used_posts=table["posts"].where(left, 0))
