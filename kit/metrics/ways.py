"""Ways of addressing somebody, and what those addressed are called: shared by targets and texts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.metrics import one_of
from kit.metrics.needs import with_setting

# for each way of addressing somebody: who is addressed, and which posts could be
WAYS = {
    "reply": ("SELECT *, target_key AS addressed FROM posts WHERE is_reply", "is_reply"),
    "mention": (
        "SELECT p.*, m.account_key AS addressed FROM posts p JOIN mentions m USING (post_key) WHERE NOT p.is_repost",
        "NOT is_repost",
    ),
    "repost": ("SELECT *, reposted_account_key AS addressed FROM posts WHERE is_repost", "is_repost"),
}
# for each way, what the exports must tell
BY_WAY = {
    "reply": ["posts.is_reply", "posts.target_key"],
    "mention": ["mentions"],
    "repost": ["posts.is_repost", "posts.reposted_account_key"],
}
ADDRESSED = with_setting("way", BY_WAY)
# a name only where the roster allows it; else the keyed pseudonym of the account
NAMES = """
    SELECT i.account_key, coalesce(r.name, i.pseudonym) AS target, r.category FROM
        (SELECT account_key, any_value(account_id ORDER BY account_id) AS pseudonym FROM (
            SELECT target_key AS account_key, target_account_id AS account_id FROM posts
            UNION ALL SELECT account_key, account_id FROM mentions
            UNION ALL SELECT reposted_account_key, reposted_account_id FROM posts)
         WHERE account_key IS NOT NULL GROUP BY 1) i
    LEFT JOIN (SELECT account_key, any_value(name ORDER BY roster_key) AS name, any_value(category ORDER BY roster_key) AS category
               FROM roster WHERE account_key IS NOT NULL GROUP BY 1) r USING (account_key)"""


def addressed(case: Any, way: str) -> pd.DataFrame:
    """One row per (account, account addressed) with the number of posts; unknown authors are no account."""
    query = WAYS[one_of("way", way, WAYS)][0]
    return case.sql(f"""SELECT "group", account_key, addressed, count(*) AS posts FROM ({query})
                        WHERE addressed IS NOT NULL AND account_key IS NOT NULL AND "group" <> 'context' GROUP BY ALL ORDER BY 1, 2, 3""")
