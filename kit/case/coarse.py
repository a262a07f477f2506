"""The public edition as a researcher's own queries see it: no value in it belongs to fewer than ten accounts.

Columns that `kit.schema` marks are told less exactly than they were exported:

- a *moment* is cut to the first of its spans that ten accounts share: month, quarter or year of an account's
  creation (among those of its group and platform), day, week or month of a post (on its platform). The column of its
  precision says which. A span counts those that no shorter one holds, so that nobody is left over in it;
- a number in a *class* is the lower end of its class: 1, 2, 5, 10, 20, 50 … on the platform, joined with the next
  until ten accounts are in it;
- a *common* word stands where ten accounts of the platform share it; links count over the whole case.

Where ten are not found the value is missing. The kit's own metrics count with the exact values (`Case.exact`): what they
answer passes the disclosure step.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from kit.report import Report
from kit.schema import TABLES
from kit.schema.times import LOCAL_DAY

LEAST = 10
_COUNTED = 10_000  # that many are many
#: a post's day in the clock `$clock`, of the row `t`
_DAY = re.sub(r"\b(created_at|time_precision)\b", r"t.\1", LOCAL_DAY)
#: table -> what its rows are compared within, and the spans of a moment, shortest first, as SQL of the row `t`
_MOMENTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "accounts": (
        ("group", "platform"),
        {span: f"date_trunc('{span}', t.created_at)" for span in ("month", "quarter", "year")},
    ),
    "posts": (
        ("platform",),
        {"day": _DAY} | {span: f"date_trunc('{span}', {_DAY})" for span in ("week", "month")},
    ),
}
_PRECISION = {"accounts": "created_precision", "posts": "time_precision"}


class Told(NamedTuple):
    """How a column is told: SQL of its value, and the joins it needs."""

    value: str
    joins: str = ""


def in_period(report: Report) -> str:
    """SQL that holds for posts, of the row `t`, inside the report's period, in the report's clock."""
    local = _DAY.replace("$clock", f"'{report.clock}'")
    parts = [f"{local} >= DATE '{report.start}'"] if report.start else []
    parts += [f"{local} <= DATE '{report.end}'"] if report.end else []
    return " AND ".join(parts) or "true"


def write(con: duckdb.DuckDBPyConnection, folder: Path, report: Report) -> None:
    """Write `public` from the tables in `exact`; posts say besides whether they lie in the period."""
    for table in TABLES:
        path = str(folder / "exact" / f"{table}.parquet").replace("'", "''")
        con.execute(f"CREATE OR REPLACE VIEW exact_{table} AS SELECT * FROM read_parquet('{path}')")
    for table, columns in TABLES.items():
        told = _told(con, table, report.clock)
        shown = [c for c in columns if not c.private and c.coarse != "unseen"]
        values = [f'{_value(c.name, told)} AS "{c.name}"' for c in shown]
        values += [f"coalesce({in_period(report)}, false) AS in_period"] if table == "posts" else []
        joins = " ".join(dict.fromkeys(one.joins for one in told.values()))
        order = {"posts": "ORDER BY t.post_key", "accounts": "ORDER BY t.account_key"}.get(table, "")
        path = str(folder / "public" / f"{table}.parquet").replace("'", "''")
        con.execute(
            f"COPY (SELECT {', '.join(values)} FROM exact_{table} t {joins} {order}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _value(name: str, told: dict[str, Told]) -> str:
    return told[name].value if name in told else f't."{name}"'


def _told(con: duckdb.DuckDBPyConnection, table: str, clock: str) -> dict[str, Told]:
    """How each column of a table is told that is not told as it is."""
    found: dict[str, Told] = {}
    for column in TABLES[table]:
        if column.coarse == "moment":
            found |= _moment(con, table, clock)
        elif column.coarse == "class":
            found[column.name] = _class(con, table, column.name)
        elif column.coarse == "common" and table == "roster":
            found[column.name] = _of_many_members(column.name)
        elif column.coarse == "common":
            found[column.name] = _common(con, table, column.name)
    return found


def _moment(con: duckdb.DuckDBPyConnection, table: str, clock: str) -> dict[str, Told]:
    parts, spans = _MOMENTS[table]
    spans = {span: sql.replace("$clock", f"'{clock}'") for span, sql in spans.items()}
    within = ", ".join(f't."{part}"' for part in parts)
    left, joins = "", ""
    for span, sql in spans.items():
        con.execute(f"""CREATE OR REPLACE TABLE span_{table}_{span} AS
            SELECT {within}, {sql} AS at FROM exact_{table} t {left} WHERE t.created_at IS NOT NULL
            GROUP BY ALL HAVING count(DISTINCT t.account_key) >= {LEAST}""")
        same = " AND ".join(f'{span}_."{part}" = t."{part}"' for part in parts)
        left += f" ANTI JOIN span_{table}_{span} {span}_ ON {same} AND {span}_.at = {sql}"
        joins += f" LEFT JOIN span_{table}_{span} {span}_ ON {same} AND {span}_.at = {sql}"
    value = " ".join(f"WHEN {span}_.at IS NOT NULL THEN CAST({span}_.at AS TIMESTAMP)" for span in spans)
    precision = " ".join(f"WHEN {span}_.at IS NOT NULL THEN '{span}'" for span in spans)
    return {
        "created_at": Told(f"CASE {value} END", joins),
        _PRECISION[table]: Told(f"CASE {precision} END", joins),
    }


def _lower_end(value: str) -> str:
    """SQL of the lower end of a number's class: 0, 1, 2, 5, 10, 20, 50 and so on."""
    step = f"CAST(pow(10, length(CAST({value} AS VARCHAR)) - 1) AS BIGINT)"
    first = f"{value} // {step}"
    return f"CASE WHEN {value} < 1 THEN 0 ELSE (CASE WHEN {first} >= 5 THEN 5 WHEN {first} >= 2 THEN 2 ELSE 1 END) * {step} END"


def _class(con: duckdb.DuckDBPyConnection, table: str, column: str) -> Told:
    name, low = f"class_{table}_{column}", _lower_end(f't."{column}"')
    con.execute(f"CREATE OR REPLACE TABLE {name} (platform VARCHAR, low BIGINT, shown BIGINT)")
    query = (
        f'SELECT t.platform, {low} AS value, account_key FROM exact_{table} t WHERE t."{column}" IS NOT NULL'
    )
    for platform, held in _held(con, query).items():
        rows = [(platform, low, shown) for low, shown in joined(sorted(held.items())).items()]
        con.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", rows)
    return Told(
        f"{column}_.shown",
        f"LEFT JOIN {name} {column}_ ON {column}_.platform = t.platform AND {column}_.low = {low}",
    )


def joined(classes: list[tuple[int, set[Any]]]) -> dict[int, int | None]:
    """Each class with the lower end that it is told by: neighbours are joined until ten accounts are in them.

    What is left over at the upper end joins the class below; where there are not ten at all, nothing is told.

    >>> joined([(0, set(range(12))), (1, {1, 2}), (2, set(range(20, 29))), (5, {40})])
    {0: 0, 1: 1, 2: 1, 5: 1}
    """
    told: dict[int, int | None] = {}
    waiting: list[int] = []
    people: set[Any] = set()
    last: int | None = None
    for low, held in classes:
        waiting.append(low)
        people |= held
        if len(people) >= LEAST:
            last = waiting[0]
            told |= dict.fromkeys(waiting, last)
            waiting, people = [], set()
    return told | dict.fromkeys(waiting, last)


def _common(con: duckdb.DuckDBPyConnection, table: str, column: str) -> Told:
    name = f"common_{table}_{column}"
    con.execute(f"CREATE OR REPLACE TABLE {name} (platform VARCHAR, value VARCHAR)")
    value = f'CAST(t."{column}" AS VARCHAR)'
    if table == "links":
        query = f"SELECT '' AS platform, {value} AS value, p.account_key FROM exact_links t JOIN exact_posts p USING (post_key)"
        same = "''"
    else:
        query = f"SELECT t.platform, {value} AS value, t.account_key FROM exact_{table} t"
        same = "t.platform"
    for platform, held in _held(con, query).items():
        rows = [(platform, shared) for shared in kept(held)]
        if rows:
            con.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows)
    joins = f"LEFT JOIN {name} {column}_ ON {column}_.platform = {same} AND {column}_.value = {value}"
    return Told(f'CASE WHEN {column}_.value IS NOT NULL THEN t."{column}" END', joins)


def kept(held: dict[Any, set[Any]]) -> list[Any]:
    """The values that ten accounts share; with those that are not told, and those that nobody knows, there are ten as well.

    >>> kept({"en": set(range(30)), "fr": set(range(40, 55)), "th": {90, 91}})
    ['en']
    >>> kept({"en": set(range(30)), "fr": set(range(40, 55)), None: {90, 91}})
    ['en', 'fr']
    """
    common = sorted(
        (v for v, who in held.items() if v is not None and len(who) >= LEAST),
        key=lambda v: (-len(held[v]), v),
    )
    rare = [who for v, who in held.items() if v is not None and len(who) < LEAST]
    left = set().union(*rare, held.get(None, set()))
    if rare and len(left) < LEAST and common:
        common.pop()  # the least of them joins those that are not told
    return common


def _held(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, dict[Any, set[Any]]]:
    """By platform and value the accounts that have it; of those with many as many as are told apart from few."""
    found: dict[str, dict[Any, set[Any]]] = {}
    rows = con.execute(f"""
        SELECT platform, value, count(DISTINCT account_key) AS people,
               CASE WHEN count(DISTINCT account_key) < {LEAST} THEN list(DISTINCT account_key) END AS who
        FROM ({query}) GROUP BY ALL""")
    for platform, value, people, who in rows.fetchall():
        many = {("of", value, number) for number in range(min(people, _COUNTED))}
        found.setdefault(platform, {})[value] = (
            many if who is None else {key for key in who if key is not None}
        )
    return found


def _of_many_members(column: str) -> Told:
    """A category of members who may not be named is told where ten of them are in it."""
    many = f"""SELECT "{column}" FROM exact_roster WHERE NOT may_be_named
        GROUP BY 1 HAVING count(DISTINCT member_key) >= {LEAST}"""
    return Told(f'CASE WHEN t.may_be_named OR t."{column}" IN ({many}) THEN t."{column}" END')


def columns(table: str) -> list[str]:
    """Names of the columns that a researcher's own query of the public edition finds in a table."""
    return [c.name for c in TABLES[table] if not c.private and c.coarse != "unseen"]
