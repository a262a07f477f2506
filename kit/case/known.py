"""Known or not known: which export could tell what, and how full its columns are.

Table `known` has a row for each file, group, platform and column. From it follows whether a group's exports could
tell something at all: of a column that each row should fill (`followers`) one filled row is asked; of one that
stays empty where there is nothing (`reply_to_id`, `hashtags`) that the export maps or carries it, for then
nothing is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from kit.errors import MetricError, nearest
from kit.schema import TABLES, countries

#: lists that stand beside a post in tables of their own: their table, and the column of the staged post
LISTS = {"links": "urls", "hashtags": "hashtags", "mentions": "mentions", "media": "media"}
#: yes or no of a post, and the columns from which it follows where the export does not state it
FLAGS = {
    "is_reply": ("is_reply", "kind", "reply_to_id", "target_account_id"),
    "is_quote": ("is_quote", "kind", "quoted_id"),
    "is_repost": ("is_repost", "kind", "reposted_id", "reposted_account_id"),
}
#: columns that are empty where there is nothing, and the flag that says that there is nothing
MARKS = {
    "reply_to_id": "is_reply",
    "target_account_id": "is_reply",
    "quoted_id": "is_quote",
    "reposted_id": "is_repost",
    "reposted_account_id": "is_repost",
    **dict.fromkeys(LISTS.values(), ""),
}
#: what the case works out, and the column that it is made of
MADE_OF = {
    "posts.reply_to_key": "posts.reply_to_id",
    "posts.target_key": "posts.target_account_id",
    "posts.reposted_key": "posts.reposted_id",
    "posts.reposted_account_key": "posts.reposted_account_id",
    "posts.account_key": "posts.account_id",
    "posts.text_length": "posts.text",
    "accounts.has_bio": "accounts.bio",
    "accounts.has_location": "accounts.location",
    "accounts.has_profile_url": "accounts.profile_url",
    **{table: f"posts.{column}" for table, column in LISTS.items()},
    "links.domain": "posts.urls",
    "placements": "posts.media",
}
#: what one of several columns tells
ANY = {
    "posts.engagement": ("posts.likes", "posts.replies", "posts.reposts", "posts.quotes"),
    "posts.shared": (
        *("posts.reposted_id", "posts.quoted_id", "links", "hashtags", "media", "posts.text"),
        *("posts.reply_to_id", "posts.target_account_id"),
    ),
}
#: a table of posts or accounts at all; accounts of a list, which may be silent, not those of posts alone
WHOLE = {"posts": "posts.post_id", "accounts": "accounts.account_id"}
LISTED = "accounts.listed"
#: what the report itself gives: its key, by the part of `Report` that holds it
GIVEN = ("roster", "codebook", "coders", "readers", "media_labels", "calendar")


class Cell(NamedTuple):
    """Some rows of an export that could not tell: their file, group and platform."""

    source_file: str
    group: str
    platform: str


def table(con: duckdb.DuckDBPyConnection, inputs: list[dict[str, Any]]) -> None:
    """Table `known` of a case that is being built."""
    con.execute(
        'CREATE TABLE carried (source BIGINT, source_file VARCHAR, "table" VARCHAR, "column" VARCHAR)'
    )
    flags = ", ".join(f"count({name}) AS {name}" for name in FLAGS)
    told = con.execute(f"SELECT source, {flags} FROM s_posts GROUP BY 1").df().set_index("source")
    for number, entry in enumerate(inputs):
        for name in entry["carries"]:
            side, _dot, column = name.partition(".")
            if not entry["mapped"] and (
                column == "kind" or (column in FLAGS and not _says(told, number, column))
            ):
                continue  # a format that knows says yes or no by itself, and these records do not
            con.execute("INSERT INTO carried VALUES (?, ?, ?, ?)", [number, entry["name"], side, column])
    con.execute(f"""CREATE TABLE known AS
        SELECT f.source_file, f."group", f.platform, f."table", f."column", c."column" IS NOT NULL AS carried, f."rows", f.filled
        FROM ({" UNION ALL ".join(_filled(side) for side in ("posts", "accounts"))}) f
        LEFT JOIN (SELECT DISTINCT source_file, "table", "column" FROM carried) c USING (source_file, "table", "column")
        ORDER BY 1, 4, 2, 3, 5""")
    con.execute("DROP TABLE carried")


def _says(told: pd.DataFrame, number: int, flag: str) -> bool:
    return number in told.index and bool(told.loc[number, flag])


def _filled(side: str) -> str:
    """SQL of the rows of one table: how many there are by file, group and platform, and how many fill each column."""
    names = {c.name: f'count("{c.name}")' for c in TABLES[side] if c.loaded and c.name != "platform"}
    if side == "posts":
        names |= {"text": "count(nullif(text, ''))"}
        names |= {flag: f"count(*) FILTER ({flag})" for flag in FLAGS}
        names |= {column: f"count(*) FILTER (len({column}) > 0)" for column in LISTS.values()}
    else:
        names["listed"] = "count(*) FILTER (profile_source = 'accounts')"
    counted = ", ".join(f'{sql} AS "{name}"' for name, sql in names.items())
    return f"""SELECT '{side}' AS "table", * FROM (
        UNPIVOT (SELECT source_file, "group", platform, count(*) AS "rows", {counted} FROM {side} GROUP BY ALL)
        ON {", ".join(f'"{name}"' for name in names)} INTO NAME "column" VALUE filled)"""


def column_of(name: str) -> tuple[str, str]:
    """Table and column behind a need, such as `posts` and `reply_to_id` for `posts.reply_to_key`; else an error."""
    found = WHOLE.get(name) or MADE_OF.get(name) or name
    side, _dot, column = found.partition(".")
    able = {c.name for c in TABLES.get(side, ()) if c.loaded} | (
        {*LISTS.values(), *FLAGS} if side == "posts" else set()
    )
    if side not in WHOLE or (column not in able and found != LISTED):
        options = [
            *WHOLE,
            *MADE_OF,
            *ANY,
            LISTED,
            *(f"{s}.{c.name}" for s in WHOLE for c in TABLES[s] if c.loaded),
        ]
        raise MetricError(f"no export can tell '{name}'", hint=nearest(name, options))
    return side, column


def told(known: pd.DataFrame, name: str) -> pd.DataFrame:
    """source_file, group, platform, rows, tells: for each of them whether it could tell what `name` says."""
    if name in ANY:
        first, *others = (told(known, one) for one in ANY[name])
        for other in others:
            first["tells"] |= other["tells"]
        return first
    side, column = column_of(name)
    keys = ["source_file", "group", "platform"]
    # where an account's file is none of the exports, several of them have no name in public
    mine = known[known["table"] == side].groupby([*keys, "column"], sort=False, dropna=False, as_index=False)
    mine = mine.agg({"carried": "max", "rows": "sum", "filled": "sum"})
    out = mine.groupby(keys, sort=False, dropna=False)["rows"].max().reset_index()
    places = pd.MultiIndex.from_frame(out[keys])

    def of(column: str, what: str) -> pd.Series:
        part = mine[mine["column"] == column].set_index(keys)[what]
        return pd.Series(part.reindex(places).fillna(0).to_numpy(), index=out.index)

    def tells(column: str) -> pd.Series:
        return of(column, "carried").astype(bool) | of(column, "filled").gt(0)

    if column in FLAGS:
        out["tells"] = _flag(of, column)
    elif column in MARKS:
        flag = MARKS[column]
        never = _flag(of, flag) & of(flag, "filled").eq(0) if flag else False
        out["tells"] = tells(column) | never
    else:
        out["tells"] = of(column, "filled").gt(0)
    return out


def _flag(of: Any, flag: str) -> pd.Series:
    """Whether a yes or no was stated, or what it follows from."""
    stated = of(flag, "carried").astype(bool) | of(flag, "filled").gt(0)
    for column in FLAGS[flag][1:]:
        stated |= of(column, "carried").astype(bool)
    return stated


def given(report: Any, name: str) -> bool:
    """Whether the report gives what a need such as `report.roster` asks."""
    key = name.removeprefix("report.")
    if key == "media_labels":
        return bool(report.media.labels)
    if key == "calendar":
        return countries.calendar_of(report.clock) is not None
    if key not in GIVEN:
        raise MetricError(f"no report gives '{key}'", hint=nearest(key, GIVEN))
    return bool(getattr(report, key))


def lacking(parts: Iterable[pd.DataFrame]) -> list[Cell]:
    """The rows of exports that could not tell one thing or another, of `told` tables."""
    found = {
        Cell(*row)
        for part in parts
        for row in part.loc[~part["tells"], list(Cell._fields)].itertuples(index=False)
    }
    return sorted(found)
