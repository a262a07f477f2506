"""Which items did two reviewers call synthetic, and how often are those placed?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import estimates, metric, one_of
from kit.metrics.media.placed import RANGE, ask, key_of, labelled
from kit.schema import group_order
from kit.schema.times import LOCAL_DAY

LEVELS = {"suspected": 1, "confirmed": 2}
_COVERED = 0.8  # share of placements that must show a labelled item before none is an answer


@metric(N_("Placements by label"))
def labels(case: Any, *, alike: str = "reviewed") -> pd.DataFrame:
    """How many placements show items that two reviewers labelled, and how?

    Columns: group, label (confirmed, suspected, none, unlabelled), accounts, placements, unique_low,
    unique_high. Copies have the strongest label of their cluster; `alike` as in `media_reuse`.
    Formula: counts. Labels come from the report's `media_labels` alone, each with two reviewers, a day
    and a source; the kit detects nothing.
    Missing: unlabelled items are those nobody looked at.
    Source: none needed.
    A label is a judgement of people and does not prove how an item was made.

    >>> labels(case)  # doctest: +SKIP
    """
    return ask(
        case,
        f""", {labelled(alike)}
        SELECT "group", CASE strength WHEN 2 THEN 'confirmed' WHEN 1 THEN 'suspected' WHEN 0 THEN 'none' ELSE 'unlabelled' END AS label,
               count(DISTINCT account_key) AS accounts, count(*) AS placements, {RANGE}
        FROM placed p LEFT JOIN labelled l ON l.cluster = p.{key_of(alike)}
        GROUP BY "group", strength ORDER BY {group_order()}, strength DESC NULLS LAST""",
    )


@metric(
    N_("Placements a day of items labelled synthetic"),
    unit="placements per day",
    n_unit="accounts",
    outcomes=outcomes.SYNTHETIC,
)
def synthetic_per_day(case: Any, *, lowest: str = "suspected", alike: str = "reviewed") -> pd.DataFrame:
    """How many placements a day show an item that two reviewers call synthetic?

    Columns: group, n (accounts that place media), estimate, low, high (placements a day), placements,
    unique_low, unique_high (items behind them), days, covered_share (of the placements: items with any
    label), verdict, sentence. `lowest` is the
    weakest label that counts: suspected (and confirmed) or confirmed alone.
    Formula: placements / days from the first to the last day of the group's posts; interval by bootstrap
    over accounts, at none the rule of three. Verdict: cannot tell without labels; present where such a
    placement exists; absent where none does and at least 80 % of the placements are labelled.
    Missing: unlabelled items count as not synthetic, so the number is the least there were.
    Source: none needed.
    A high number does not prove who made an item: it counts placements of what people labelled.

    >>> synthetic_per_day(case, lowest="confirmed")  # doctest: +SKIP
    """
    strength = LEVELS[one_of("lowest", lowest, LEVELS)]
    table = ask(
        case,
        f""", {labelled(alike)}
        SELECT "group", account_key, count(*) AS placements, count(strength) AS covered,
               count(*) FILTER (strength >= {strength}) AS hit,
               list(DISTINCT loose_key) FILTER (strength >= {strength}) AS low, list(DISTINCT copy_key) FILTER (strength >= {strength}) AS high
        FROM placed p LEFT JOIN labelled l ON l.cluster = p.{key_of(alike)}
        WHERE account_key IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2 ORDER BY 1, 2""",
    )
    spans = ask(
        case,
        f"""SELECT "group", date_diff('day', min(day), max(day)) + 1 AS days
            FROM (SELECT "group", {LOCAL_DAY} AS day FROM posts) GROUP BY 1""",
    ).set_index("group")["days"]
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        days = int(spans.get(group) or 0) if pd.notna(spans.get(group)) else 0
        hit, whole = int(mine["hit"].sum()), int(mine["placements"].sum())
        covered = float(mine["covered"].sum() / whole) if whole else 0.0
        row = {
            "group": group,
            "n": len(mine),
            "interval": _daily(mine["hit"].to_numpy(float), days, case.seed),
            "placements": hit,
            "unique_low": _different(mine["low"]),
            "unique_high": _different(mine["high"]),
            "days": days,
            "covered_share": covered,
        }
        verdict = "present" if hit else "absent" if covered >= _COVERED else "cannot_tell"
        sentence = "no_data" if not whole else "no_labels" if not covered else verdict
        if lowest == "confirmed" and sentence in ("present", "absent"):
            sentence += "_confirmed"
        rows.append(row | {"verdict": verdict, "sentence": sentence})
    return estimates(rows, ["group"])


def _daily(hits: np.ndarray, days: int, seed: int) -> inference.Interval:
    """Σ hits / days over accounts, by bootstrap over accounts."""
    if not days or not len(hits):
        return inference.Interval(float("nan"), float("nan"), float("nan"))
    if not hits.sum():
        return inference.Interval(0.0, 0.0, 3 / days)
    return inference.bootstrap_ratio(hits, np.full(len(hits), days / len(hits)), seed=seed)


def _different(lists: pd.Series) -> int:
    """How many different keys stand in the lists of the accounts."""
    return len({key for keys in lists if isinstance(keys, (list, np.ndarray)) for key in keys})
