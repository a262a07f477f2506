"""Hours of the day and days of the week."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import MetricError
from kit.inference import outcomes, rhythm
from kit.inference.zone import thin
from kit.locale import N_
from kit.metrics import facts, metric, one_of, positive
from kit.metrics.timing.posts import arrays, by_group, clock_of, gaps, in_gaps, of_subset, usable
from kit.metrics.timing.where import zone_by_subset
from kit.schema import group_order

WEEKENDS = {"sat-sun": (5, 6), "fri-sat": (4, 5)}
MIN_WEEKS = 4


@metric(N_("Posting times: facts"))
def timing_facts(case: Any) -> pd.DataFrame:
    """What share of the posts falls on Saturdays and Sundays?

    Columns: id, group, value, unit, label, n (posts with a usable time).
    Formula: weekend_share = posts on a local Saturday or Sunday / posts, in the report's clock.
    Missing: posts without a time, with an estimated one, or one coarser than an hour.
    Source: none needed. A low share does not prove an office: students and readers have weeks too.

    >>> timing_facts(case)  # doctest: +SKIP
    """
    rows = []
    for group, posts in by_group(case, needs="hour").items():
        day = np.floor(posts["local"].to_numpy() / 1440)
        if len(day):
            share = float(np.isin((day + 3) % 7, WEEKENDS["sat-sun"]).mean())
            rows.append(("weekend_share", group, share, "share of posts", None, len(day)))
    return facts(rows)


@metric(N_("Posts by weekday and hour"))
def heatmap(case: Any, *, subset: str = "all", clock: str | None = None) -> pd.DataFrame:
    """At which hours of which weekdays are the posts made?

    Columns: group, weekday (1 = Monday … 7), hour_local (0-23, in the report's clock or `clock`),
    posts, share (of the group's posts). 168 rows a group, empty hours are 0.
    The attributes `clock` and `outcome` (code of the zone analysis by group, see `zone`) go into
    the caption: hours in a clock somebody chose must never stand without them.
    Formula: counts.
    Missing: posts whose time is estimated or coarser than an hour are left out
    (`precision` counts them).
    Source: ASPI (2019, 2020) and others draw it; timing facts never locate anyone.
    A bright block in office hours does not prove an office there: in another clock the same
    posts fill other hours, and every chart has some clock in which they look like work.

    >>> heatmap(case, clock="UTC")  # doctest: +SKIP
    """
    name = clock_of(case, clock)
    table = case.sql(
        f"""
        WITH told AS (
            SELECT "group", created_at AT TIME ZONE 'UTC' AT TIME ZONE $clock AS t FROM posts
            WHERE {usable("hour")} AND {of_subset(subset)}),
        counted AS (
            SELECT "group", isodow(t) AS weekday, hour(t) AS hour_local, count(*) AS posts FROM told GROUP BY ALL),
        grid AS (
            SELECT * FROM (SELECT DISTINCT "group" FROM told)
            CROSS JOIN (SELECT unnest(range(1, 8)) AS weekday) CROSS JOIN (SELECT unnest(range(24)) AS hour_local))
        SELECT "group", weekday, hour_local, coalesce(posts, 0) AS posts,
               coalesce(posts, 0) / sum(posts) OVER (PARTITION BY "group") AS share
        FROM grid LEFT JOIN counted USING ("group", weekday, hour_local) ORDER BY {group_order()}, weekday, hour_local""",
        clock=name,
    )
    table.attrs |= {
        "clock": name,
        "chosen": bool(clock),
        "outcome": _outcomes(case, subset),
        "n_unit": "posts",
    }
    return table


def _outcomes(case: Any, subset: str) -> dict[str, str]:
    """Code of the zone analysis for the caption; nothing where the report names no audience."""
    if subset not in ("all", "originals", "replies"):
        return {}
    try:
        table = zone_by_subset(case, subsets=(subset,))
    except MetricError:
        return {}
    return dict(zip(table["group"], table["outcome"], strict=True))


@metric(N_("Is there any daily rhythm?"), outcomes=outcomes.ENOUGH)
def day_rotation(case: Any, *, harmonics: int = 4, subset: str = "all") -> pd.DataFrame:
    """Do the posts keep to certain hours of the day at all?

    Columns: group, n (posts), estimate (strength of the harmonic that stands out, 0 = spread over
    the day, 1 = always the same moment), low, high (empty: the test gives no interval), p, days (active
    UTC days), harmonic (1 = once a day, 2 = twice, …), accounts, verdict (present at p <= 0.05,
    else cannot_tell).
    Formula: day-rotation test, see `kit.inference.rhythm.day_rotation`: every day is turned by one
    random angle, maximum over `harmonics`. Posts of one day are never taken as independent, so a
    Rayleigh test on posts, wrong in three cases of four on bursty data, is not offered.
    Missing: posts whose time is estimated or coarser than a minute; fewer than 10 active days give
    no test.
    Source: docs/timing-acceptance.md, measured there: false alarm 0.02-0.05 at 0.05.
    A small p does not prove that people sleep: a timer has a daily rhythm too.

    >>> day_rotation(case, harmonics=1)  # doctest: +SKIP
    """
    rows = []
    for group, posts in by_group(case, subset=subset).items():
        (utc,) = arrays(posts, "utc")
        test = rhythm.day_rotation(utc, harmonics=int(positive("harmonics", harmonics)), seed=case.seed)
        verdict = "present" if test.p <= 0.05 else "cannot_tell"
        sentence = "too_few" if math.isnan(test.p) else verdict
        size = (len(utc), test.strength, math.nan, math.nan)
        rest = (test.p, test.days, test.harmonic, posts["account_key"].nunique(), verdict, sentence)
        rows.append((group, *size, *rest))
    names = "group n estimate low high p days harmonic accounts verdict sentence".split()
    table = pd.DataFrame(rows, columns=names)
    table.attrs |= {"n_unit": "posts", "unit": "strength from 0 to 1"}
    return table


@metric(N_("Share of posts at weekends"), outcomes=outcomes.WEEKEND)
def weekend(
    case: Any, *, subset: str = "all", weekend: str = "sat-sun", clock: str | None = None
) -> pd.DataFrame:
    """What share of the posts falls on weekends, and is it less than the days would give?

    Columns: group, n (posts), estimate, low, high (share of posts on weekend days), even_share
    (what equal days would give), ratio, ratio_low, ratio_high (units on a weekend day / units on
    a working day, a unit being the first post of an account in an hour), weeks, accounts, p (one-sided,
    ratio below 1), verdict.
    Formula: share on the logit scale and ratio on the log scale, clusters account x week, t with
    weeks - 1 degrees of freedom. present: the ratio's interval lies below 1; absent: it lies above
    0.8; cannot_tell otherwise and with fewer than four weeks. Collection gaps are taken out of
    the days. Deep dips over 8-16 weeks are covered in 88-91 %: read the ends as approximate.
    Missing: posts whose time is estimated or coarser than an hour are left out.
    Source: Cameron, Gelbach & Miller (2011) for the intervals.
    A dip does not prove an office job: schools, markets and the targets' own week do the same.

    >>> weekend(case, weekend="fri-sat")  # doctest: +SKIP
    """
    days = WEEKENDS[one_of("weekend", weekend, WEEKENDS)]
    rows = [
        (group, *_weekend(posts, days, gaps(case)))
        for group, posts in by_group(case, needs="hour", subset=subset, clock=clock).items()
    ]
    names = (
        "group n estimate low high even_share ratio ratio_low ratio_high weeks accounts p verdict sentence"
    )
    table = pd.DataFrame(rows, columns=names.split())
    table.attrs |= {"n_unit": "posts", "unit": "share of posts"}
    return table


def _weekend(posts: pd.DataFrame, days: tuple[int, int], intervals: list[tuple[float, float]]) -> tuple:
    accounts, local, utc = arrays(posts, "account_key", "local", "utc")
    keep = ~in_gaps(utc, intervals)
    accounts, local, shift = accounts[keep], local[keep], (local - utc)[keep]
    if not len(local):
        return (0, *[math.nan] * 7, 0, 0, math.nan, "cannot_tell", "no_data")
    day = np.floor(local / 1440).astype(np.int64)
    span = np.arange(day.min(), day.max() + 1)
    span = span[~in_gaps(span * 1440.0 + 720 - shift[0], intervals)]
    off = int(np.isin((span + 3) % 7, days).sum())
    week = (day - day.min()) // 7
    share = rhythm.share_on(np.isin((day + 3) % 7, days), accounts, week)
    ratio = rhythm.weekend_ratio(*thin(accounts, local), days=(off, len(span) - off), weekend=days)
    verdict = "cannot_tell"
    if ratio.clusters >= MIN_WEEKS and ratio.high < 1:
        verdict = "present"
    elif ratio.clusters >= MIN_WEEKS and ratio.low > 0.8:
        verdict = "absent"
    sizes = (ratio.estimate, ratio.low, ratio.high, int(week.max()) + 1, len(np.unique(accounts)))
    return (len(local), *share, off / len(span), *sizes, ratio.p, verdict, verdict)
