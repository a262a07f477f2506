"""Write the tables of a case: whole, without what names or quotes people, and coarse, as anybody may ask."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from kit.case.coarse import LEAST
from kit.schema import TABLES, vocabulary

#: what of a case is seen: everything; what metrics of the public edition count with; what its own queries see
VIEWS = ("internal", "exact", "public")


def quoted(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def write_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, inputs: list[dict[str, Any]], fields: Iterable[str]
) -> list[str]:
    """Write each table whole and as the public edition's metrics may know it; returns what they do not, in words.

    `fields` are names of fields that the report's column maps give.
    """
    con.execute("CREATE TABLE file_names (name VARCHAR, shown_as VARCHAR)")
    for entry in inputs:
        con.execute("INSERT INTO file_names VALUES (?, ?)", [entry["name"], entry["shown_as"]])
    for view in VIEWS:
        (folder / view).mkdir()
    unknown: list[Any] = []
    for table, columns in TABLES.items():
        source = "posts_out" if table == "posts" else table
        told = _told(con, table, source, fields, unknown)
        for edition in ("internal", "exact"):
            shown = [c for c in columns if edition == "internal" or not c.private]
            con.execute(
                f"COPY (SELECT {', '.join(_shown(c, table, edition, told) for c in shown)} FROM {source} t {_joins(shown, edition, told)} {_order(table)})"
                f" TO {quoted(folder / edition / f'{table}.parquet')} (FORMAT parquet, COMPRESSION zstd)"
            )
    return unknown


def _told(
    con: duckdb.DuckDBPyConnection, table: str, source: str, fields: Iterable[str], unknown: list[str]
) -> dict[str, str]:
    """Columns of a table that hold words no public edition may: each with the table of what is said instead."""
    found = _sites(con) if table == "links" else {}
    for column in (c.name for c in TABLES[table] if c.type == "VARCHAR" and not (c.private or c.identity)):
        rule = vocabulary.rule(table, column, fields)
        if rule is None:
            continue
        query = f'SELECT "{column}", count(*) FROM {source} WHERE "{column}" IS NOT NULL GROUP BY 1'
        others = [(v, rule(v), n) for v, n in con.execute(query).fetchall() if rule(v) != v]
        if others:
            name = f"told_{table}_{column}"
            con.execute(f"CREATE TABLE {name} (found VARCHAR, said VARCHAR)")
            con.executemany(f"INSERT INTO {name} VALUES (?, ?)", [other[:2] for other in others])
            rows, said = sum(n for _v, _s, n in others), " or ".join(sorted({s for _v, s, _n in others})[:3])
            unknown.append(f"{rows} rows of {table} state a {column} that is no known word: in public {said}")
            found[column] = name
    return found


def _sites(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A number for each host that few accounts link to: its name can be a person's, and what shares it is still told apart."""
    con.execute(f"""CREATE TABLE told_links_domain AS
        SELECT domain AS found, 'site ' || row_number() OVER (ORDER BY min(post_key), domain) AS said
        FROM links JOIN posts_out USING (post_key) WHERE domain IS NOT NULL
        GROUP BY domain HAVING count(DISTINCT account_key) < {LEAST}""")
    return {"domain": "told_links_domain"}


def _order(table: str) -> str:
    return {"posts": "ORDER BY t.created_at, t.post_key", "accounts": "ORDER BY t.account_key"}.get(table, "")


def _shown(column: Any, table: str, edition: str, told: dict[str, str]) -> str:
    """SQL of one column in one edition: public identities are pseudonyms, names need permission."""
    expression = f't."{column.name}"'
    if edition == "exact" and column.identity:
        expression = f"i_{column.name}.pseudonym"
    elif edition == "exact" and column.name == "pseudonym":
        expression = "t.told_as"
    elif edition == "exact" and column.name in told:
        expression = f"coalesce(w_{column.name}.said, {expression})"
    elif edition == "exact" and column.name == "source_file":
        expression = "f.shown_as"
    elif edition == "exact" and table == "roster" and column.name in ("name", "role"):
        expression = f'CASE WHEN t.may_be_named THEN t."{column.name}" END'
    return f'CAST({expression} AS {column.type}) AS "{column.name}"'


def _joins(columns: list[Any], edition: str, told: dict[str, str]) -> str:
    """Joins that bring the pseudonym of each identity column, and the words said instead of others."""
    if edition == "internal":
        return ""
    keys_ = {
        "account_id": "account_key",
        "target_account_id": "target_key",
        "reposted_account_id": "reposted_account_key",
    }
    identity = [c.name for c in columns if c.identity]
    files = "LEFT JOIN file_names f ON f.name = t.source_file " * any(
        c.name == "source_file" for c in columns
    )
    files += "".join(f'LEFT JOIN {name} w_{c} ON w_{c}.found = t."{c}" ' for c, name in told.items())
    return files + " ".join(
        f"LEFT JOIN identities i_{c} ON i_{c}.account_key = t.{keys_[c]}" for c in identity
    )
