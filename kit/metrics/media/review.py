"""Which items should two people look at side by side?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import metric, positive


@metric(N_("Pairs of items for two reviewers"), internal=True)
def candidates(case: Any, *, top: int = 200) -> pd.DataFrame:
    """Which pairs of items may be copies, and what speaks for it?

    Columns: sha256_a, sha256_b (to be entered in the report's `media_review`), level (candidate, copy,
    same_sound, reviewed), distance (bits of 256), aligned (frames at one offset), shorter (usable frames
    of the shorter video), bit_error (of the sounds), panel_a, panel_b (share that the block inside a frame
    fills), placements (of both), verdict (of two reviewers), note (same, differs_inside, differs_at_edge,
    differs_in_places, not_aligned) with the box of the largest region that differs in percent of the
    picture; the first 300 pairs of pictures have one. Undecided candidates come first, those of
    most placements before others; the `top` pairs.
    Formula: see `kit.media.pairs`.
    Missing: items without a file are in no pair.
    Source: thresholds in docs/media.md.
    A candidate is not a copy: different pictures in one screenshot, caption or frame look alike. And the same
    sound does not mean the same video. A note that a region differs says nothing about how it came to differ.

    >>> candidates(case)  # doctest: +SKIP
    """
    tables = {
        name: case.derived(name) for name in ("media_placements", "media_items", "media_pairs", "media_notes")
    }
    tables["media_items"] = tables["media_items"].drop(columns=["views", "sound"])
    return case.sql(
        f"""
        WITH used AS (SELECT item_key, count(*) AS n FROM media_placements JOIN posts USING (post_key) GROUP BY 1)
        SELECT i.sha256 AS sha256_a, j.sha256 AS sha256_b, level, distance, aligned, shorter, bit_error,
               i.panel_share AS panel_a, j.panel_share AS panel_b, coalesce(x.n, 0) + coalesce(y.n, 0) AS placements, verdict,
               note, t."left" AS left_percent, t.top AS top_percent, t.width AS width_percent, t.height AS height_percent
        FROM media_pairs p LEFT JOIN media_notes t USING (a, b) JOIN media_items i ON i.item_key = p.a JOIN media_items j ON j.item_key = p.b
        LEFT JOIN used x ON x.item_key = p.a LEFT JOIN used y ON y.item_key = p.b
        ORDER BY verdict IS NOT NULL, level <> 'candidate', placements DESC, distance, p.a, p.b LIMIT {int(positive("top", top))}""",
        tables=tables,
    )
