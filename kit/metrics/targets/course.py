"""How does the list of targets grow, and how long do targets stay targets?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import metric, one_of
from kit.metrics.ways import WAYS
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY


@metric(N_("New targets by day"))
def discovery(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """How fast does each group reach new targets: a list worked through, or widening?

    Columns: group, day (in the report's clock), new_targets, targets_so_far (accounts addressed,
    not authors). Days between the first and last without a new target are rows.
    Formula: each target counts on the day it is first addressed.
    Missing: posts without a time or a stated target are left out.
    Source: accumulation curves, as in ecology (Gotelli & Colwell 2001).
    A curve that flattens does not prove that a list is finished: collection may have stopped.

    >>> discovery(case)  # doctest: +SKIP
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


@metric(N_("How long targets stay targets"))
def persistence(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """On how many days, and over how many weeks, is one target addressed?

    Columns: group, targets (accounts addressed), median_days (days on which one is addressed),
    one_day_share (addressed on one day only), two_weeks_share (from first to last day at least 14 days).
    Formula: counts over the accounts addressed.
    Missing: posts without a time or a stated target are left out.
    Source: none needed.
    A long time does not prove a campaign: public people are answered all the time; compare the control.

    >>> persistence(case)  # doctest: +SKIP
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
