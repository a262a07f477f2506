"""Posts of a case: an integer for each, and what one post knows of another.

Text identifiers are long and tables of posts large. So they are looked up in narrow
tables, one join at a time and a part of the rows at a time: the memory this takes does
not grow with the exports.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from kit import ids
from kit.schema import TABLES

ROWS = 1_000_000  # rows looked up at a time


def post_keys(con: duckdb.DuckDBPyConnection) -> None:
    """An integer for each post that the exports hold or refer to, in the order of identifiers."""
    con.execute("""CREATE TABLE post_ids AS SELECT DISTINCT platform, id FROM (
            SELECT platform, reply_to_id AS id FROM s_posts UNION ALL SELECT platform, reposted_id FROM s_posts
            UNION ALL SELECT platform, post_id FROM s_posts)
        WHERE id IS NOT NULL AND id <> '' ORDER BY platform, id""")
    # rows of a table are numbered as they were put in; a window over them would sort them again
    con.execute("CREATE VIEW post_refs AS SELECT *, rowid + 1 AS ref_key FROM post_ids")


def numbered(con: duckdb.DuckDBPyConnection) -> None:
    """Table `numbers`: for each staged post the integers it needs, and who and when the posts it refers to are."""
    [(count,)] = con.execute("SELECT count(*) FROM post_ids").fetchall()
    parts = 1 + count // ROWS
    staged = "source, source_record, platform, account_id, created_at, reply_to_id, reposted_id, post_id"
    con.execute(f"CREATE VIEW numbers_0 AS SELECT {staged} FROM s_posts")
    for step, (id_, key) in enumerate(
        [("post_id", "post_key"), ("reply_to_id", "reply_to_key"), ("reposted_id", "reposted_key")]
    ):
        # a row without the identifier goes to any part: all of them in one would be too many
        of_row = f"hash(coalesce({id_}, CAST(source_record AS VARCHAR))) % {parts}"
        _in_parts(
            con,
            f"numbers_{step + 1}",
            f"""SELECT n.* EXCLUDE ({id_}), r.ref_key AS {key}
            FROM (SELECT * FROM numbers_{step} WHERE {of_row} = $part) n
            LEFT JOIN (SELECT * FROM post_refs WHERE hash(id) % {parts} = $part) r
                ON r.platform = n.platform AND r.id = n.{id_}""",
            parts,
        )
    _in_parts(
        con,
        "known",
        f"""SELECT post_key, any_value(account_id ORDER BY account_id) AS account_id, min(created_at) AS created_at
        FROM (SELECT post_key, account_id, created_at FROM numbers_3
              UNION ALL SELECT r.ref_key, s.account_id, s.created_at
              FROM s_seen s JOIN post_refs r ON r.platform = s.platform AND r.id = s.post_id)
        WHERE post_key % {parts} = $part AND post_key IN (
            SELECT reply_to_key FROM numbers_3 WHERE reply_to_key % {parts} = $part
            UNION ALL SELECT reposted_key FROM numbers_3 WHERE reposted_key % {parts} = $part)
        GROUP BY post_key""",
        parts,
    )
    _in_parts(
        con,
        "numbers",
        f"""SELECT n.source, n.source_record, n.post_key, n.reply_to_key, n.reposted_key,
               p.created_at AS parent_created_at, p.account_id AS parent_account_id,
               o.account_id AS original_account_id
        FROM (SELECT * FROM numbers_3 WHERE hash(source_record) % {parts} = $part) n
        LEFT JOIN known p ON p.post_key = n.reply_to_key LEFT JOIN known o ON o.post_key = n.reposted_key""",
        parts,
    )
    con.execute("DROP VIEW numbers_0")
    for done in ("numbers_1", "numbers_2", "numbers_3", "known"):
        con.execute(f"DROP TABLE {done}")


def _in_parts(con: duckdb.DuckDBPyConnection, name: str, query: str, parts: int) -> None:
    """Table `name` from a query over one part of the rows after the other."""
    for part in range(parts):
        into = f"INSERT INTO {name}" if part else f"CREATE TABLE {name} AS"
        con.execute(f"{into} {query.replace('$part', str(part))}")


def _ranges(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Conditions on staged posts that cut them, in order, into pieces of about `ROWS`."""
    sizes = con.execute("SELECT source, max(source_record) FROM s_posts GROUP BY ALL ORDER BY ALL").fetchall()
    small: list[int] = []
    waiting = 0
    for source, records in sizes:
        if records > ROWS:
            for start in range(0, records + 1, ROWS):
                yield f"source = {source} AND source_record BETWEEN {start} AND {start + ROWS - 1}"
            continue
        small, waiting = [*small, source], waiting + records
        if waiting > ROWS:
            yield f"source IN ({', '.join(map(str, small))})"
            small, waiting = [], 0
    yield f"source IN ({', '.join(map(str, small))})" if small else "false"


def posts(con: duckdb.DuckDBPyConnection) -> None:
    """One row for each post kept, with integer keys for author, target and posts referred to."""
    worked_out = {
        "platform", "account_id", "reply_to_created_at", "target_account_id", "reposted_account_id", "language",
        "kind", "is_reply", "is_quote", "is_repost", "time_stated",
    }  # fmt: skip
    own = ", ".join(f's."{c.name}"' for c in TABLES["posts"] if c.loaded and c.name not in worked_out)
    query = f"""SELECT n.post_key, a.account_key, s.platform, s.account_id,
               coalesce(a."group", s.export_group) AS "group",
               {own},
               CASE WHEN s.time_source = 'field' THEN true WHEN s.time_source IS NOT NULL THEN coalesce(s.time_stated, false)
                    END AS time_stated,
               CASE WHEN lower(s.language) IN ('qme','qht','qam','qct','qst','zxx','art','und','') THEN 'und' ELSE s.language END AS language,
               s.replies_to AS is_reply, s.quotes_other AS is_quote, s.passes_on AS is_repost,
               CASE WHEN s.passes_on THEN 'repost' WHEN s.replies_to THEN 'reply' WHEN s.quotes_other THEN 'quote'
                    ELSE 'post' END AS kind,
               n.reply_to_key, n.reposted_key,
               coalesce(s.reply_to_created_at, n.parent_created_at) AS reply_to_created_at,
               coalesce(s.target_account_id, n.parent_account_id) AS target_account_id,
               coalesce(s.reposted_account_id, n.original_account_id) AS reposted_account_id,
               {ids.posts_sql("s.platform", "s.post_id")} AS identifier_time, length(s.text) AS text_length, s.source_file, s.hashtags, s.urls, s.mentions, s.media
        FROM (SELECT *,
                coalesce(is_repost, kind = 'repost', reposted_id IS NOT NULL) AS passes_on,
                coalesce(is_reply, kind = 'reply', reply_to_id IS NOT NULL OR target_account_id IS NOT NULL) AS replies_to,
                coalesce(is_quote, kind = 'quote', quoted_id IS NOT NULL) AS quotes_other
              FROM s_posts ANTI JOIN fate_posts USING (source, source_record) WHERE $range) s
        JOIN (SELECT * FROM numbers WHERE $range) n USING (source, source_record)
        LEFT JOIN accounts a ON a.platform = s.platform AND a.account_id = s.account_id"""
    for number, range_ in enumerate(_ranges(con)):
        into = "INSERT INTO posts" if number else "CREATE TABLE posts AS"
        con.execute(f"{into} {query.replace('$range', range_)}")
    con.execute("DROP TABLE numbers")
    con.execute("""CREATE VIEW posts_out AS
        SELECT p.* EXCLUDE (hashtags, urls, mentions, media), t.account_key AS target_key, r.account_key AS reposted_account_key
        FROM posts p
        LEFT JOIN identities t ON t.platform = p.platform AND t.account_id = p.target_account_id
        LEFT JOIN identities r ON r.platform = p.platform AND r.account_id = p.reposted_account_id""")
