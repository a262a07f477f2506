"""What a query may ask of a case: its tables, and nothing of the machine they lie on.

DuckDB itself opens no file here but those of the edition. That alone would still tell where they lie, let a query
read them past their views, and list settings; so a query is read first: it names tables of the case,
those given with it, and functions that make rows out of nothing.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from kit.errors import MetricError, nearest

#: functions that give tables and read nothing
ROWS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree"})
#: functions that tell of the machine, of settings, or of how the tables are stored
_TELLING = re.compile(
    r"^(current_setting|getenv|getvariable|set_?config|write_log|query|query_table|read_\w+|parquet_\w+|duckdb_\w+|"
    r"pragma_\w+|pg_(?!typeof)\w+|sniff_\w+|glob|json_execute\w*|add_parquet_key|file_\w+|current_(?:database|schemas?|catalog))$"
)
_SYSTEM = re.compile(r"^(duckdb_|sqlite_|pragma_|pg_)|[^\w ]")


def check(connection: duckdb.DuckDBPyConnection, query: str, tables: Collection[str]) -> None:
    """Refuse a query that is not one SELECT over `tables`; a misspelt table is left for DuckDB to name."""
    try:
        kinds = [s.type for s in connection.extract_statements(query)]
    except duckdb.Error:
        return  # not SQL: the error comes when it is asked
    read = _read(connection, query) if kinds == [duckdb.StatementType.SELECT] else None
    if read is None:
        raise MetricError("case.sql answers one SELECT and changes nothing", found=query, hint="")
    named, functions, own = read
    for name in sorted(named - own - set(tables)):
        if _SYSTEM.search(name):
            hint = nearest(name, tables)
            raise MetricError("case.sql reads the tables of the case and nothing else", found=name, hint=hint)
    for name in sorted(functions):
        what = "case.sql has no function that reads files or settings"
        raise MetricError(what, found=name, hint="Ask the tables of the case.")


def _read(
    connection: duckdb.DuckDBPyConnection, query: str
) -> tuple[frozenset[str], frozenset[str], frozenset[str]] | None:
    return _parsed(query, _Reader(connection))


class _Reader:
    """The connection that reads a query; all are alike, so that it is no part of what is remembered."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=1024)
def _parsed(query: str, reader: _Reader) -> tuple[frozenset[str], frozenset[str], frozenset[str]] | None:
    """Tables that a query names, functions in it that are refused, and tables of its own; None: no SELECT."""
    answer = reader.connection.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchone()
    tree = json.loads(answer[0]) if answer else {"error": True}
    if tree.get("error"):
        return None
    named: set[str] = set()
    refused: set[str] = set()
    own: set[str] = set()
    for node in _nodes(tree["statements"]):
        if node.get("type") == "BASE_TABLE":
            named.add(".".join(node.get("qualified_name", {}).get("path") or [node["table_name"]]))
        elif node.get("type") == "SHOW_REF" and node.get("show_type") not in ("DESCRIBE", "SUMMARY"):
            refused.add("show")
        elif node.get("type") == "TABLE_FUNCTION":
            name = node["function"]["function_name"].lower()
            refused |= {name} - ROWS
        elif node.get("type") == "FUNCTION" and _TELLING.match(node["function_name"].lower()):
            refused.add(node["function_name"].lower())
        for entry in node["cte_map"]["map"] if isinstance(node.get("cte_map"), dict) else ():
            own.add(entry["key"])
    return frozenset(named), frozenset(refused), frozenset(own)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
