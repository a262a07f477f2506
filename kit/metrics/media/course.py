"""How many placements a day, of how many items, hosted where and placed where?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import metric
from kit.metrics.media.placed import RANGE, ask
from kit.schema import group_order


@metric(N_("Placements and different items by day"))
def placements_per_day(case: Any) -> pd.DataFrame:
    """How many placements were there each day, and of how many different items?

    Columns: group, day (in the report's clock), accounts, placements, unique_low (copies and candidates
    merged), unique_high (copies merged). Days between the first and last without a placement are rows.
    Formula: counts by day; an item that is placed on two days counts on both.
    Missing: posts without a time and reposts are left out; items as in `unique_items`.
    Source: as `unique_items`.
    Many placements of few items do not prove coordination: one popular picture makes the same chart.

    >>> placements_per_day(case)  # doctest: +SKIP
    """
    return ask(
        case,
        f""", daily AS (
            SELECT "group", day, count(DISTINCT account_key) AS accounts, count(*) AS placements, {RANGE}
            FROM placed WHERE day IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2),
        span AS (SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day FROM daily)
        SELECT g."group", s.day, coalesce(accounts, 0) AS accounts, coalesce(placements, 0) AS placements,
               coalesce(unique_low, 0) AS unique_low, coalesce(unique_high, 0) AS unique_high
        FROM span s CROSS JOIN (SELECT DISTINCT "group" FROM daily) g
        LEFT JOIN daily d ON d."group" = g."group" AND d.day = s.day ORDER BY {group_order('g."group"')}, s.day""",
    )


@metric(N_("Where items are hosted, and where they are placed"))
def hosts(case: Any) -> pd.DataFrame:
    """Which platform serves the items, and on which platform and under whose posts are they placed?

    Columns: group, host (platform that serves the item, web for any other site), platform (of the post),
    place (own_post, roster_reply: under a post of the roster, other_reply), accounts, placements,
    unique_low, unique_high (as in `unique_items`).
    Formula: counts. A video on YouTube that is linked under a post on X has host youtube, platform x.
    Missing: an item without an address counts as hosted where it is placed; replies whose target is not
    stated are other replies.
    Source: none needed.
    A host does not prove who uploaded an item.

    >>> hosts(case)  # doctest: +SKIP
    """
    return ask(
        case,
        f""", roster_accounts AS (SELECT DISTINCT account_key FROM roster WHERE account_key IS NOT NULL)
        SELECT "group", host, platform, CASE WHEN NOT is_reply THEN 'own_post' WHEN r.account_key IS NOT NULL THEN 'roster_reply' ELSE 'other_reply' END AS place,
               count(DISTINCT p.account_key) AS accounts, count(*) AS placements, {RANGE}
        FROM placed p LEFT JOIN roster_accounts r ON r.account_key = p.target_key
        GROUP BY 1, 2, 3, 4 ORDER BY {group_order()}, placements DESC, host, platform, place""",
    )
