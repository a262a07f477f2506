"""Build a case: staged records in, the tables of `kit.schema` out, every record accounted for.

All heavy work is SQL in DuckDB with a memory limit and a spill folder, so the
memory a build needs does not grow with the exports. Writing goes to a new
folder; `manifest.json` is written last and is the commit point.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow as pa

from kit import threads
from kit.case import coarse, known, oddities, posts, pseudonyms
from kit.case.groups import assign_groups
from kit.case.stage import SCHEMAS, Staged, parquet, stage
from kit.case.write import quoted, write_tables
from kit.edition import EDITIONS
from kit.errors import InputError, ReportError
from kit.loaders import spelt
from kit.locale import N_
from kit.report import Report
from kit.schema import TABLES

MEMORY = "1GB"
SMALL = 16 << 20  # bytes of tables that one thread answers as fast as two, for up to a third less work
MOST = 8  # threads that share this memory, at most
CONFLICT = N_("identifier seen before with other content")
ACCOUNT_CONTENT = [c.name for c in TABLES["accounts"] if c.loaded and not c.name.startswith("source_")]
WITHDRAWN = ("account_id", "text")  # what a platform takes away when a post or its author is deleted
POST_CONTENT = ["account_id", "text", "kind", "reply_to_id", "quoted_id", "reposted_id"]
POST_STATE = ["likes", "reactions", "replies", "reposts", "quotes", "views", "status", "captured_at"]
ACCOUNT_STATE = [
    "handle",
    "display_name",
    "bio",
    "location",
    "followers",
    "following",
    "status",
    "based_in",
    "based_in_accurate",
    "created_in_accurate",
    "connected_via",
    "registered_in",
    "handle_changes",
    "handle_changed_at",
    "captured_at",
]


def connect(spill: Path, tables: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection for what `tables` holds: inside bounded memory, in UTC, the same every time."""
    size = sum(file.stat().st_size for file in tables.rglob("*.parquet"))
    con = duckdb.connect()
    con.execute(f"SET memory_limit='{MEMORY}'")
    con.execute(f"SET threads={1 if size < SMALL else min(MOST, threads.many())}")
    con.execute("SET temp_directory=$1", [str(spill)])
    con.execute("SET TimeZone='UTC'")
    # the command line has its own bar; in a notebook without ipywidgets it is off, and may not be named
    if con.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):
        con.execute("SET enable_progress_bar=false")
    return con


def build(report: Report, folder: Path, key: bytes) -> Staged:
    """Write the tables of `report` to `folder/internal` and `folder/public`."""
    staging = folder / "staging"
    staging.mkdir(parents=True)
    staged = stage(report.exports, staging)
    con = connect(staging, staging)
    try:
        views(con, staging)
        _deduplicate(con, "posts", "post_id", POST_CONTENT, POST_STATE)
        _deduplicate(con, "accounts", "account_id", [], ACCOUNT_STATE)
        identities(con, report, key, staging)
        staged.warnings += assign_groups(con, report)
        _accounts(con)
        posts.post_keys(con)
        posts.numbered(con)
        posts.posts(con)
        _children(con)
        _report_tables(con, report)
        indicators(con)
        known.table(con, staged.inputs)
        _account_for(con, staged)
        staged.warnings += oddities.counted(con)
        staged.warnings += write_tables(con, folder, staged.inputs, _fields(report))
        coarse.write(con, folder, report)
    finally:
        con.close()
    shutil.rmtree(staging)
    return staged


def _fields(report: Report) -> frozenset[str]:
    """Names of fields that a rejection may name in public: the loaders' own, and those the report file gives."""
    mapped = [entry.options.get(part) or {} for entry in report.exports for part in ("columns", "lists")]
    return spelt.fields() | {str(name) for names in mapped for name in names.values()}


def views(con: duckdb.DuckDBPyConnection, staging: Path) -> None:
    """The staged tables, as `s_posts` and so on."""
    for name in SCHEMAS:
        path = quoted(staging / f"{name}.parquet")
        con.execute(f"CREATE VIEW s_{name} AS SELECT * FROM read_parquet({path})")


def _list(names: list[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{name}"' for name in names)


def _deduplicate(
    con: duckdb.DuckDBPyConnection, table: str, id_: str, content: list[str], state: list[str]
) -> None:
    """Say which staged records are not kept, and why: an observation, a duplicate or a conflict.

    The record kept is the first by capture time, then by place, so that the order of rows
    in a file does not matter where captures are dated. A record with author and text goes
    before one without, and a record in which author or text are gone does not contradict
    one that has them: it shows the post after its deletion, or where it was only mentioned.
    Nor does one from an export that tells no kind of post contradict by what it leaves out.
    """
    whole = ", ".join(f"{c} IS NULL" for c in (*WITHDRAWN, "kind") if c in content) or "true"
    gone = {
        c: f' OR r."{c}" IS NULL' + (" AND r.kind IS NULL" if c not in WITHDRAWN else "") for c in content
    }
    same = " AND ".join(f'(r."{c}" IS NOT DISTINCT FROM k."{c}"{gone[c]})' for c in content) or "true"
    con.execute(f"""
        CREATE TABLE fate_{table} AS
        WITH repeated AS (SELECT platform, {id_} FROM s_{table} GROUP BY ALL HAVING count(*) > 1),
        ranked AS (
            SELECT source, source_record, platform, {id_}, {_list([*content, *state])},
                   row_number() OVER (PARTITION BY platform, {id_}
                       ORDER BY {whole}, captured_at NULLS LAST, source, source_record) AS place
            FROM s_{table} SEMI JOIN repeated USING (platform, {id_})),
        kept AS (SELECT * FROM ranked WHERE place = 1),
        states AS (
            SELECT *, row_number() OVER (PARTITION BY platform, {id_}, {_list(state)}
                       ORDER BY source, source_record) AS again
            FROM ranked)
        SELECT r.source, r.source_record, CASE
            WHEN NOT ({same}) THEN 'conflict'
            WHEN {" AND ".join(f'r."{c}" IS NOT DISTINCT FROM k."{c}"' for c in state)} THEN 'duplicates'
            WHEN r.again > 1 THEN 'duplicates'
            ELSE 'observations' END AS fate
        FROM states r JOIN kept k ON r.platform = k.platform AND r.{id_} = k.{id_} WHERE r.place > 1""")


def identities(con: duckdb.DuckDBPyConnection, report: Report, key: bytes, staging: Path) -> None:
    """One row for each account seen anywhere, with pseudonym and integer key.

    Keys follow an order of their own: without the secret key it says nothing.
    """
    con.execute(
        f"""CREATE TABLE roster_rows ({", ".join(f'"{c}" VARCHAR' for c in [*_roster_names(), "place"])})"""
    )
    for row in report.roster:
        values = [row.get(c) or None for c in _roster_names()]
        values.append(
            pseudonyms.shuffled(key, "member", str(row.get("name") or ""))
        )  # else keys are in the order of names
        con.execute(f"INSERT INTO roster_rows VALUES ({', '.join('?' * len(values))})", values)
    query = """
        SELECT DISTINCT platform, account_id FROM (
            SELECT platform, account_id FROM s_posts
            UNION ALL SELECT platform, target_account_id FROM s_posts
            UNION ALL SELECT platform, reposted_account_id FROM s_posts
            UNION ALL SELECT platform, unnest(mentions).account_id FROM s_posts
            UNION ALL SELECT platform, account_id FROM s_accounts
            UNION ALL SELECT platform, account_id FROM s_authors
            UNION ALL SELECT platform, account_id FROM s_seen
            UNION ALL SELECT platform, account_id FROM roster_rows)
        WHERE account_id IS NOT NULL AND account_id <> '' AND platform IS NOT NULL"""
    schema = pa.schema([(n, pa.string()) for n in ("platform", "account_id", "pseudonym", "inner", "place")])

    def named(platform: str, account_id: str) -> tuple[str, ...]:
        names = (pseudonyms.pseudonym(key, e, report.name, platform, account_id) for e in EDITIONS)
        return platform, account_id, *names, pseudonyms.shuffled(key, platform, account_id)

    path = staging / "identities.parquet"
    with parquet(path, schema) as writer:
        cursor = con.execute(query)
        while rows := cursor.fetchmany(50_000):
            columns = zip(*(named(*row) for row in rows), strict=True)
            writer.write_table(pa.table([list(c) for c in columns], schema=schema))
    con.execute(f"""CREATE TABLE identities AS
        SELECT *, row_number() OVER (ORDER BY place, platform, account_id) AS account_key
        FROM read_parquet({quoted(path)})""")


def _roster_names() -> list[str]:
    return [c.name for c in TABLES["roster"] if c.name not in ("roster_key", "member_key", "account_key")]


def _accounts(con: duckdb.DuckDBPyConnection) -> None:
    """One row for each account collected: its profile from an accounts file, else from its posts.

    Each field is the first that is told: a record of the account's deletion hides no handle.
    """
    profile = [c for c in ACCOUNT_CONTENT if c not in ("platform", "account_id")]

    def first(column: str) -> str:
        return f'first("{column}" ORDER BY place) FILTER (WHERE "{column}" IS NOT NULL) AS "{column}"'

    con.execute(f"""CREATE TABLE accounts AS
        WITH given AS (
            SELECT s.*, 'accounts' AS profile_source, 1 AS rank FROM s_accounts s
            ANTI JOIN (SELECT * FROM fate_accounts WHERE fate <> 'observations') f USING (source, source_record)
            UNION ALL BY NAME
            SELECT s.*, 'posts' AS profile_source, 2 AS rank FROM s_authors s),
        best AS (
            SELECT *, row_number() OVER (PARTITION BY platform, account_id
                ORDER BY rank, captured_at NULLS LAST, source, source_record) AS place FROM given),
        told AS (
            SELECT platform, account_id, {", ".join(first(c) for c in [*profile, "profile_source", "source_file"])},
                   first(source_record ORDER BY place) AS source_record, first(source_line ORDER BY place) AS source_line
            FROM best GROUP BY platform, account_id)
        SELECT i.account_key, i.platform, i.account_id, i.inner AS pseudonym, i.pseudonym AS told_as, g."group", g.reason AS group_reason,
               CASE WHEN starts_with(g.reason, 'label') THEN 'label' ELSE 'export' END AS group_given_by,
               {_list(profile, "b.")},
               trim(b.bio) <> '' AS has_bio, trim(b.location) <> '' AS has_location,
               trim(b.profile_url) <> '' AS has_profile_url, coalesce(b.profile_source, 'none') AS profile_source,
               coalesce(b.source_file, replace(g.reason, 'export ', '')) AS source_file, b.source_record, b.source_line
        FROM groups g JOIN identities i USING (account_key)
        LEFT JOIN told b ON b.platform = i.platform AND b.account_id = i.account_id
        ORDER BY i.account_key""")


def _children(con: duckdb.DuckDBPyConnection) -> None:
    """Links, hashtags, mentions, media: one row for each time one stands on a post."""
    con.execute("""CREATE VIEW links AS
        SELECT post_key, u.url AS url, u.expanded_url AS expanded_url,
               nullif(lower(regexp_replace(regexp_extract(coalesce(u.expanded_url, u.url), '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@\\[\\]\\s]+)', 1), '^www\\.', '')), '') AS domain
        FROM (SELECT post_key, unnest(urls) AS u FROM posts) ORDER BY 1, 2""")
    con.execute("""CREATE VIEW hashtags AS
        SELECT post_key, position, lower(ltrim(tag, '#＃')) AS hashtag
        FROM (SELECT post_key, unnest(hashtags) AS tag, generate_subscripts(hashtags, 1) AS position FROM posts) ORDER BY 1, 2""")
    con.execute("""CREATE VIEW mentions AS
        SELECT m.post_key, i.account_key, m.m.account_id AS account_id, ltrim(m.m.handle, '@') AS handle
        FROM (SELECT post_key, platform, unnest(mentions) AS m FROM posts) m
        LEFT JOIN identities i ON i.platform = m.platform AND i.account_id = m.m.account_id ORDER BY 1, 2, 4""")
    con.execute("""CREATE TABLE media_rows AS
        SELECT post_key, platform, m.*, coalesce(m.media_id, m.url) AS item
        FROM (SELECT post_key, platform, unnest(media) AS m FROM posts)""")
    con.execute("""CREATE TABLE media AS
        SELECT row_number() OVER (ORDER BY platform, item) AS media_key, item AS media_id, any_value(kind) AS kind,
               any_value(url) AS url, any_value(alt_text) AS alt_text, platform FROM media_rows
        WHERE item IS NOT NULL GROUP BY platform, item""")
    con.execute("""CREATE VIEW placements AS
        SELECT m.media_key, r.post_key FROM media_rows r JOIN media m ON m.media_id = r.item AND m.platform = r.platform ORDER BY 1, 2""")


def _report_tables(con: duckdb.DuckDBPyConnection, report: Report) -> None:
    """Roster and events as the report gives them, joined to accounts where they can be."""
    con.execute("""CREATE VIEW roster AS
        SELECT row_number() OVER (ORDER BY r.place, r.name, r.platform, r.account_id) AS roster_key,
               dense_rank() OVER (ORDER BY r.place, r.name) AS member_key, r.name, r.role, r.category,
               r.party, r.platform, r.account_id, coalesce(i.account_key, h.account_key) AS account_key,
               ltrim(r.handle, '@') AS handle, r.account_kind,
               lower(coalesce(r.may_be_named, '')) IN ('yes', 'true', '1', 'oui') AS may_be_named
        FROM roster_rows r
        LEFT JOIN identities i ON i.platform = r.platform AND i.account_id = r.account_id
        LEFT JOIN (SELECT platform, lower(handle) AS handle, min(account_key) AS account_key FROM (
                SELECT platform, handle, account_key FROM accounts WHERE handle IS NOT NULL
                UNION ALL SELECT p.platform, m.handle, m.account_key FROM mentions m JOIN posts p USING (post_key)
                WHERE m.account_key IS NOT NULL)
            GROUP BY 1, 2) h ON r.account_id IS NULL AND h.platform = r.platform AND h.handle = lower(ltrim(r.handle, '@'))
        ORDER BY 1""")
    con.execute("CREATE TABLE events (date DATE, end_date DATE, label VARCHAR, kind VARCHAR)")
    for row in report.events:
        try:
            values = [row["date"], row.get("end_date") or None, row["label"], row.get("kind") or "event"]
            con.execute("INSERT INTO events VALUES (?, ?, ?, ?)", values)
        except duckdb.Error:
            where = f"events, line {row['line']}"
            raise ReportError(
                "is not a day", where=where, found=row["date"], hint="Write it as 2023-08-07."
            ) from None
    con.execute(
        "CREATE TABLE incidents (incident_id VARCHAR, date DATE, type VARCHAR, platform VARCHAR, role VARCHAR, status VARCHAR)"
    )
    observed = []
    for table, id_, state in (("posts", "post_id", POST_STATE), ("accounts", "account_id", ACCOUNT_STATE)):
        keyed = "posts" if table == "posts" else "accounts"
        key = "post_key" if table == "posts" else "account_key"
        states = state[:-1]
        observed.append(f"""
            SELECT '{table}' AS "table", key, captured_at, field, value, source_file, source_record FROM (
                UNPIVOT (SELECT k.{key} AS key, s.captured_at, s.source_file, s.source_record,
                                {", ".join(f'CAST(s."{c}" AS VARCHAR) AS "{c}"' for c in states)}
                         FROM s_{table} s JOIN fate_{table} f ON f.source = s.source AND f.source_record = s.source_record
                         JOIN {keyed} k ON k.platform = s.platform AND k.{id_} = s.{id_}
                         WHERE f.fate = 'observations')
                ON {_list(states)} INTO NAME field VALUE value)""")
    observed += oddities.other_profiles()
    con.execute("CREATE TABLE observations AS " + " UNION ALL ".join(observed) + " ORDER BY 1, 2, 6, 7, 4, 5")


def _account_for(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Conflicts join the rejected; then for each file: read = kept + observations + duplicates + rejected."""
    con.execute(f"""CREATE VIEW rejected AS
        SELECT source_file, "table", record, line, field, reason, found, raw FROM s_rejected
        UNION ALL
        SELECT s.source_file, 'posts', s.source_record, s.source_line, 'post_id',
               '{CONFLICT}', s.post_id,
               encode(coalesce(s.text, '')) FROM s_posts s
        JOIN fate_posts f ON f.source = s.source AND f.source_record = s.source_record AND f.fate = 'conflict'
        ORDER BY source_file, "table", record""")
    rows = []
    for number, entry in enumerate(staged.inputs):
        fates = {"kept": 0, "observations": 0, "duplicates": 0, "conflict": 0}
        for table in ("posts", "accounts", "indicators"):
            [(staged_,)] = con.execute(
                f"SELECT count(*) FROM s_{table} WHERE source = ?", [number]
            ).fetchall()
            query = f"SELECT fate, count(*) FROM fate_{table} WHERE source = ? GROUP BY 1"
            others = dict(con.execute(query, [number]).fetchall())
            for fate, n in {"kept": staged_ - sum(others.values()), **others}.items():
                fates[fate] += n
        entry["rejected"] += fates.pop("conflict")
        entry |= fates
        if entry["read"] != sum(fates.values()) + entry["rejected"]:
            raise InputError(
                f"{entry['read']} records were read but {sum(fates.values()) + entry['rejected']} are accounted for",
                where=entry["name"],
                hint="This is a fault of the kit: please report it.",
            )
        rows.append(
            [
                entry["name"],
                entry["table"],
                entry["title"],
                entry["read"],
                *fates.values(),
                entry["rejected"],
            ]
        )
    [(kept, stored)] = con.execute(
        "SELECT (SELECT count(*) FROM s_posts) - (SELECT count(*) FROM fate_posts), (SELECT count(*) FROM posts)"
    ).fetchall()
    if kept != stored:
        raise InputError(
            f"{kept} posts were kept but {stored} are stored",
            where="posts",
            hint="This is a fault of the kit: please report it.",
        )
    names = [c.name for c in TABLES["accounting"]]
    con.execute(
        "CREATE TABLE accounting (" + ", ".join(f'"{c.name}" {c.type}' for c in TABLES["accounting"]) + ")"
    )
    for row in rows:
        con.execute(f"INSERT INTO accounting VALUES ({', '.join('?' * len(names))})", row)
    con.execute("CREATE TABLE set_aside (source_file VARCHAR, kind VARCHAR, reason VARCHAR)")
    for one in staged.set_aside:
        con.execute("INSERT INTO set_aside VALUES ($source_file, $kind, $reason)", one)


def indicators(con: duckdb.DuckDBPyConnection) -> None:
    """Tables `indicators` and `fate_indicators`: a row that says the same as one before it is a duplicate."""
    same = 'list, campaign, indicator, "type", platform, tactic, technique, procedure, note'
    con.execute(f"""CREATE TABLE fate_indicators AS
        SELECT source, source_record, 'duplicates' AS fate FROM s_indicators
        QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY source, source_record) > 1""")
    con.execute("""CREATE TABLE indicators AS
        SELECT row_number() OVER (ORDER BY s.source, s.source_record) AS indicator_key, s.*
        FROM s_indicators s ANTI JOIN fate_indicators USING (source, source_record) ORDER BY 1""")
