"""Write the tables of a case: each twice, whole and as the public edition may know it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from kit.schema import TABLES


def quoted(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def write_tables(con: duckdb.DuckDBPyConnection, folder: Path, inputs: list[dict[str, Any]]) -> None:
    """Write each table twice: whole, and as the public edition may know it."""
    con.execute("CREATE TABLE file_names (name VARCHAR, shown_as VARCHAR)")
    for entry in inputs:
        con.execute("INSERT INTO file_names VALUES (?, ?)", [entry["name"], entry["shown_as"]])
    for edition in ("internal", "public"):
        (folder / edition).mkdir()
    for table, columns in TABLES.items():
        source = "posts_out" if table == "posts" else table
        for edition in ("internal", "public"):
            shown = [c for c in columns if edition == "internal" or not c.private]
            con.execute(
                f"COPY (SELECT {', '.join(_shown(c, table, edition) for c in shown)} FROM {source} t {_joins(shown, edition)} {_order(table)})"
                f" TO {quoted(folder / edition / f'{table}.parquet')} (FORMAT parquet, COMPRESSION zstd)"
            )


def _order(table: str) -> str:
    return {"posts": "ORDER BY t.created_at, t.post_key", "accounts": "ORDER BY t.account_key"}.get(table, "")


def _shown(column: Any, table: str, edition: str) -> str:
    """SQL of one column in one edition: public identities are pseudonyms, names need permission."""
    expression = f't."{column.name}"'
    if edition == "public" and column.identity:
        expression = f"i_{column.name}.pseudonym"
    elif edition == "public" and column.name == "source_file":
        expression = "f.shown_as"
    elif edition == "public" and table == "roster" and column.name in ("name", "role"):
        expression = f'CASE WHEN t.may_be_named THEN t."{column.name}" END'
    return f'CAST({expression} AS {column.type}) AS "{column.name}"'


def _joins(columns: list[Any], edition: str) -> str:
    """Joins that bring the pseudonym of each identity column."""
    keys_ = {
        "account_id": "account_key",
        "target_account_id": "target_key",
        "reposted_account_id": "reposted_account_key",
    }
    if edition == "internal":
        return ""
    identity = [c.name for c in columns if c.identity]
    files = "LEFT JOIN file_names f ON f.name = t.source_file " * any(
        c.name == "source_file" for c in columns
    )
    return files + " ".join(
        f"LEFT JOIN identities i_{c} ON i_{c}.account_key = t.{keys_[c]}" for c in identity
    )
