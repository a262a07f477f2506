"""Who counts as studied, control or context: labels, exports, and conflicts between them."""

from __future__ import annotations

import duckdb

from kit.errors import ReportError
from kit.report import Report


def assign_groups(con: duckdb.DuckDBPyConnection, report: Report) -> list[str]:
    """Give each account one group: its label, else its exports' group; a conflict is an error.

    A post whose author is not known has the group of its export, which must have one.
    """
    con.execute(
        'CREATE TABLE label_rows (account VARCHAR, platform VARCHAR, "group" VARCHAR, reason VARCHAR, line INTEGER)'
    )
    if report.labels:
        names = ("account", "platform", "group", "reason", "line")
        con.executemany(
            "INSERT INTO label_rows VALUES (?, ?, ?, ?, ?)",
            [[r.get(n) or None for n in names] for r in report.labels],
        )
    con.execute("""CREATE TABLE labels AS
        SELECT i.account_key, min(l."group") AS "group", max(l."group") AS other, min(l.reason) AS reason, min(l.line) AS line
        FROM label_rows l JOIN identities i
            ON (l.account = i.account_id) AND (l.platform IS NULL OR l.platform = i.platform)
        GROUP BY i.account_key""")
    con.execute("""CREATE TABLE export_groups AS
        SELECT i.account_key, min(g."group") FILTER (g."group" <> 'context') AS "group",
               max(g."group") FILTER (g."group" <> 'context') AS other,
               coalesce(bool_or(g."group" = 'context'), false) AS seen_context, bool_or(g."group" IS NULL) AS unnamed,
               min(g.source_file) AS file
        FROM (SELECT DISTINCT platform, account_id, export_group AS "group", source_file FROM s_posts
              UNION SELECT DISTINCT platform, account_id, export_group, source_file FROM s_accounts) g
        JOIN identities i USING (platform, account_id) GROUP BY 1""")
    _no_conflict(con, report)
    con.execute("""CREATE TABLE groups AS
        SELECT e.account_key, coalesce(l."group", e."group", 'context') AS "group",
               CASE WHEN l."group" IS NOT NULL THEN coalesce('label: ' || l.reason, 'label') ELSE 'export ' || e.file END AS reason
        FROM export_groups e LEFT JOIN labels l USING (account_key)""")
    warnings = []
    unmatched = con.execute("""SELECT count(*) FROM label_rows l WHERE NOT EXISTS (
        SELECT 1 FROM identities i JOIN export_groups e USING (account_key)
        WHERE i.account_id = l.account AND (l.platform IS NULL OR l.platform = i.platform))""").fetchone()
    if unmatched and unmatched[0]:
        if unmatched[0] == len(report.labels):
            hint = "Labels name accounts by their platform identifier, as text."
            raise ReportError("no label matches an account of the exports", where="labels", hint=hint)
        warnings.append(f"{unmatched[0]} of {len(report.labels)} labels name accounts that no export holds")
    return warnings


def _no_conflict(con: duckdb.DuckDBPyConnection, report: Report) -> None:
    """Two labels, two exports, or a label and an export that disagree on an account."""
    checks = {
        "two labels give one account different groups": 'SELECT line FROM labels WHERE "group" <> other',
        "two exports of different groups hold the same account": (
            'SELECT file FROM export_groups e WHERE e."group" <> other AND account_key NOT IN (SELECT account_key FROM labels)'
        ),
        "a label and an export give one account different groups": (
            'SELECT l.line FROM labels l JOIN export_groups e USING (account_key) WHERE l."group" <> e."group" OR l."group" <> e.other'
        ),
    }
    for what, query in checks.items():
        rows = con.execute(query + " ORDER BY 1").fetchall()
        if rows:
            where = (
                f"labels, line {rows[0][0]}" if "label" in what.split(" give")[0] else f"export {rows[0][0]}"
            )
            hint = "Say in the labels file which group is right, and why; exports may be 'context' then."
            raise ReportError(f"{what} ({len(rows)} accounts)", where=where, hint=hint)
    missing = con.execute(
        'SELECT count(*), min(file) FROM export_groups WHERE unnamed AND NOT seen_context AND "group" IS NULL'
        " AND account_key NOT IN (SELECT account_key FROM labels)"
    ).fetchone()
    if missing and missing[0]:
        hint = "Give the export a group (studied, control, context) or name a labels file."
        raise ReportError(f"{missing[0]} accounts have no group", where=f"export {missing[1]}", hint=hint)
    authorless = con.execute("""SELECT count(*), min(s.source_file) FROM s_posts s
        ANTI JOIN fate_posts USING (source, source_record)
        WHERE s.account_id IS NULL AND s.export_group IS NULL""").fetchone()
    if authorless and authorless[0]:
        hint = "Give the export a group (studied, control, context): no label can name their author."
        what = f"{authorless[0]} posts whose author is not known have no group"
        raise ReportError(what, where=f"export {authorless[1]}", hint=hint)
