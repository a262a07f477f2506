"""Where a repeated text was to be seen before: in the post answered or quoted, or in one that many answered.

Who repeats what stands above the reply box, or what a well-known account wrote, needs nobody's
instruction. A cluster of copies with such a source is no sign of a shared script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from kit.texts.normal import normalise

CONTAINED = 0.8  # share of a text's pieces that stand in the other post
WIDELY = 20  # accounts that answer an author who counts as widely read
_PIECE = 5  # letters
_PART = 50_000


def produce(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """The derived table `copy_sources`: one row for each source of a cluster of copies."""
    parts = [_ready_made(read), _seen(read, "parent"), _seen(read, "quoted"), _answered(read)]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["copy_key", "source"], ignore_index=True).astype({"posts": "int64"})


def _ready_made(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """Clusters in which at least half of the posts say that they are a petition or come from a share button."""
    return _all(
        read(
            """SELECT copy_key, mark AS source, count(*) AS posts FROM copies c
               WHERE copy_key IS NOT NULL AND mark IS NOT NULL GROUP BY 1, 2
               HAVING count(*) * 2 >= (SELECT count(*) FROM copies o WHERE o.copy_key = c.copy_key)"""
        )
    )


def _seen(read: Callable[..., Iterator[pd.DataFrame]], where: str) -> pd.DataFrame:
    """Clusters whose text stands in the post that is answered (`parent`) or quoted, for most who could see it."""
    id_ = {"parent": "reply_to_id", "quoted": "quoted_id"}[where]
    query = f"""
        SELECT c.copy_key, p.text, o.text AS other FROM all_posts p JOIN copies c USING (post_key)
        JOIN all_posts o ON o.platform = p.platform AND o.post_id = p.{id_}
        WHERE c.copy_key IS NOT NULL AND o.text IS NOT NULL AND o.post_key <> p.post_key
        ORDER BY p.post_key"""
    found: list[pd.DataFrame] = []
    for part in read(query, rows=_PART):
        same = [_contained(a, b) for a, b in zip(part["text"], part["other"], strict=True)]
        found.append(pd.DataFrame({"copy_key": part["copy_key"], "seen": same}))
    if not found:
        return _all(iter(()))
    by = pd.concat(found).groupby("copy_key")["seen"].agg(["sum", "size"])
    by = by[by["sum"] * 2 >= by["size"]]
    return pd.DataFrame({"copy_key": by.index, "source": where, "posts": by["sum"].to_numpy()})


def _contained(text: str, other: str) -> bool:
    """Whether most pieces of `text` stand in `other` too."""
    here, there = _pieces(text), _pieces(other)
    return bool(here) and len(here & there) >= CONTAINED * len(here)


def _pieces(text: str) -> set[str]:
    plain = normalise(text[:4000])
    return {plain[i : i + _PIECE] for i in range(max(0, len(plain) - _PIECE + 1))}


def _answered(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """Clusters whose first post is by an account that many others answer."""
    query = f"""
        WITH widely AS (
            SELECT target_key AS account_key FROM all_posts WHERE target_key IS NOT NULL AND account_key <> target_key
            GROUP BY 1 HAVING count(DISTINCT account_key) >= {WIDELY}),
        said AS (
            SELECT c.copy_key, p.account_key, p.created_at,
                   row_number() OVER (PARTITION BY c.copy_key ORDER BY p.created_at, p.post_key) AS place,
                   count(*) OVER (PARTITION BY c.copy_key) AS posts
            FROM all_posts p JOIN copies c USING (post_key)
            WHERE c.copy_key IS NOT NULL AND NOT p.is_repost AND p.created_at IS NOT NULL)
        SELECT copy_key, 'answered' AS source, posts - 1 AS posts FROM said JOIN widely USING (account_key)
        WHERE place = 1 AND posts > 1"""
    return _all(read(query))


def _all(parts: Iterator[pd.DataFrame]) -> pd.DataFrame:
    """The parts of an answer as one table, also where there are none."""
    none = pd.DataFrame(
        {"copy_key": np.zeros(0, np.int64), "source": np.zeros(0, object), "posts": np.zeros(0, np.int64)}
    )
    return pd.concat([none, *parts], ignore_index=True)
