"""Placements with the clusters of their items: what all rooms of this folder count."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.metrics import one_of
from kit.schema import times
from kit.schema.times import LOCAL_DAY

#: when two items count as one -> the column that says so
ALIKE = {"identical": "item_key", "copies": "copy_key", "reviewed": "agreed_key", "candidates": "open_key"}
#: a repost passes on a placement and is none
PLACED = f"""
    placed AS (
        SELECT p.post_key, p.account_key, p."group", p.platform, {LOCAL_DAY} AS day, {times.timed()} AS timed,
               {times.earliest()} AS earliest, {times.latest()} AS latest, p.is_reply, p.target_key,
               m.way, m.host, item_key, copy_key, loose_key, agreed_key, open_key
        FROM media_placements m JOIN posts p USING (post_key) JOIN media_clusters c USING (item_key)
        WHERE NOT p.is_repost)"""
#: unique items: fewest with candidates merged, most with copies only; the same after review
RANGE = """count(DISTINCT loose_key) AS unique_low, count(DISTINCT copy_key) AS unique_high"""
REVIEWED = """count(DISTINCT open_key) AS reviewed_low, count(DISTINCT agreed_key) AS reviewed_high"""


def ask(case: Any, query: str, **parameters: Any) -> pd.DataFrame:
    """The answer to a query over `placed`, `media_items` and the tables of the case."""
    tables = {name: case.derived(name) for name in ("media_placements", "media_clusters", "media_items")}
    found = tables["media_items"]
    found["has_fingerprint"] = found["sound"].notna()
    tables["media_items"] = found.drop(columns=["views", "sound"])
    return case.sql(f"WITH {PLACED} {query}", tables=tables, clock=case.clock, **parameters)


def key_of(alike: str) -> str:
    """The column of `ALIKE`."""
    return ALIKE[one_of("alike", alike, ALIKE)]


def labelled(alike: str) -> str:
    """SQL of a table `labelled`: the strongest label of each cluster (0 none, 1 suspected, 2 confirmed)."""
    key = key_of(alike)
    return f"""labelled AS (
        SELECT c.{key} AS cluster, max(CASE label WHEN 'confirmed' THEN 2 WHEN 'suspected' THEN 1 WHEN 'none' THEN 0 END) AS strength
        FROM media_items JOIN media_clusters c USING (item_key) GROUP BY 1)"""
