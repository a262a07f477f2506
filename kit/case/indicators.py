"""Published indicators: one row for each that a list names, beside the posts and never among them."""

from __future__ import annotations

import duckdb


def indicators(con: duckdb.DuckDBPyConnection) -> None:
    """Tables `indicators` and `fate_indicators`: a row that says the same as one before it is a duplicate."""
    same = 'list, campaign, indicator, "type", platform, tactic, technique, procedure, note'
    con.execute(f"""CREATE TABLE fate_indicators AS
        SELECT source, source_record, 'duplicates' AS fate FROM s_indicators
        QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY source, source_record) > 1""")
    con.execute("""CREATE TABLE indicators AS
        SELECT row_number() OVER (ORDER BY s.source, s.source_record) AS indicator_key, s.*
        FROM s_indicators s ANTI JOIN fate_indicators USING (source, source_record) ORDER BY 1""")
