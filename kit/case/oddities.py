"""Warnings about a case as a whole: what looks odd once all exports lie together, and names that posts give otherwise."""

from __future__ import annotations

import duckdb

#: what beside a post tells of its author, and may differ from post to post
_TOLD = ("handle", "display_name", "created_at", "status")

_COUNTS = {
    "posts are dated ahead of the moment they were read: a clock is wrong": """
        SELECT count(*) FROM s_posts WHERE created_at > now() AT TIME ZONE 'UTC'""",
    "posts state their language in words that are no code": r"""
        SELECT count(*) FROM s_posts WHERE NOT regexp_full_match(language, '[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*|')""",
    "posts are known by their state alone: no other export holds them, and their kind is a guess": """
        SELECT count(*) FROM s_posts ANTI JOIN fate_posts USING (source, source_record)
        WHERE kind IS NULL AND text IS NULL AND status IS NOT NULL""",
    "links have no host name": "SELECT count(*) FROM links WHERE domain IS NULL",
    "accounts appear with several handles; the others are among the observations": """
        SELECT count(DISTINCT key) FROM observations WHERE "table" = 'accounts' AND field = 'handle'""",
    "accounts appear with several days of creation; the others are among the observations": """
        SELECT count(DISTINCT key) FROM observations WHERE "table" = 'accounts' AND field = 'created_at'""",
}


def other_profiles() -> list[str]:
    """SQL of observations: names, states and days of creation that posts give for an account and its row does not hold."""
    return [
        f"""
        SELECT 'accounts' AS "table", k.account_key AS key, s.captured_at, '{name}' AS field,
               CAST(s."{name}" AS VARCHAR) AS value, s.source_file, s.source_record
        FROM s_authors s JOIN accounts k USING (platform, account_id) WHERE s."{name}" <> k."{name}"
        QUALIFY row_number() OVER (PARTITION BY k.account_key, s."{name}"
            ORDER BY s.captured_at NULLS LAST, s.source, s.source_record) = 1"""
        for name in _TOLD
    ]


def counted(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A warning for each oddity that the case holds, with how often."""
    found = []
    for words, query in _COUNTS.items():
        row = con.execute(query).fetchone()
        if row and row[0]:
            found.append(f"{row[0]} {words}")
    return found
