"""Posts of a case: an integer for each, and what one post knows of another.

Text identifiers are long and tables of posts large, so each is looked up once, in a
narrow table and one join at a time: memory stays bounded whatever the size.
"""

from __future__ import annotations

import duckdb

from kit import ids
from kit.schema import TABLES


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
    con.execute("""CREATE TABLE numbers AS
        SELECT s.source, s.source_record, s.platform, s.account_id, s.created_at, s.reply_to_id, s.reposted_id,
               r.ref_key AS post_key
        FROM s_posts s LEFT JOIN post_refs r ON r.platform = s.platform AND r.id = s.post_id""")
    for id_, key in (("reply_to_id", "reply_to_key"), ("reposted_id", "reposted_key")):
        _again(
            con,
            f"""SELECT n.* EXCLUDE ({id_}), r.ref_key AS {key}
            FROM numbers n LEFT JOIN post_refs r ON r.platform = n.platform AND r.id = n.{id_}""",
        )
    con.execute("""CREATE TABLE known AS
        SELECT post_key, any_value(account_id ORDER BY account_id) AS account_id, min(created_at) AS created_at
        FROM (SELECT post_key, account_id, created_at FROM numbers
              UNION ALL SELECT r.ref_key, s.account_id, s.created_at
              FROM s_seen s JOIN post_refs r ON r.platform = s.platform AND r.id = s.post_id)
        WHERE post_key IN (SELECT reply_to_key FROM numbers UNION ALL SELECT reposted_key FROM numbers)
        GROUP BY post_key""")
    _again(
        con,
        """SELECT n.* EXCLUDE (platform, account_id, created_at), k.created_at AS parent_created_at,
               k.account_id AS parent_account_id
        FROM numbers n LEFT JOIN known k ON k.post_key = n.reply_to_key""",
    )
    _again(
        con,
        """SELECT n.*, k.account_id AS original_account_id
        FROM numbers n LEFT JOIN known k ON k.post_key = n.reposted_key""",
    )
    con.execute("DROP TABLE known")


def _again(con: duckdb.DuckDBPyConnection, query: str) -> None:
    """Make `numbers` anew from itself."""
    con.execute(f"CREATE TABLE further AS {query}")
    con.execute("DROP TABLE numbers")
    con.execute("ALTER TABLE further RENAME TO numbers")


def posts(con: duckdb.DuckDBPyConnection) -> None:
    """One row for each post kept, with integer keys for author, target and posts referred to."""
    worked_out = {
        "platform", "account_id", "reply_to_created_at", "target_account_id", "reposted_account_id", "language",
        "kind", "is_reply", "is_quote", "is_repost",
    }  # fmt: skip
    own = ", ".join(f's."{c.name}"' for c in TABLES["posts"] if c.loaded and c.name not in worked_out)
    con.execute(f"""CREATE TABLE posts AS
        SELECT n.post_key, a.account_key, s.platform, s.account_id,
               coalesce(a."group", s.export_group) AS "group",
               {own},
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
              FROM s_posts ANTI JOIN fate_posts USING (source, source_record)) s
        JOIN numbers n USING (source, source_record)
        LEFT JOIN accounts a ON a.platform = s.platform AND a.account_id = s.account_id""")
    con.execute("DROP TABLE numbers")
    con.execute("""CREATE VIEW posts_out AS
        SELECT p.* EXCLUDE (hashtags, urls, mentions, media), t.account_key AS target_key, r.account_key AS reposted_account_key
        FROM posts p
        LEFT JOIN identities t ON t.platform = p.platform AND t.account_id = p.target_account_id
        LEFT JOIN identities r ON r.platform = p.platform AND r.account_id = p.reposted_account_id""")
