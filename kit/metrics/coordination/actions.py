"""The traces of a case: who shared which object, in which post, when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.errors import MetricError, nearest
from kit.locale import N_
from kit.metrics import metric, positive
from kit.schema import TABLES, times

#: trace -> the table its objects come from, and SQL of object, source, time of the object itself, and which posts count
_SHARED = ("shared_objects", "s.object_key", "s.source_key", "s.origin_ms")
_TEXT = "NOT p.is_repost AND c.{} IS NOT NULL"
TRACES: dict[str, tuple[str, str, str, str, str]] = {
    "repost": (*_SHARED, "s.source_key IS DISTINCT FROM p.account_key"),
    "quote": (*_SHARED, "NOT p.is_repost"),
    "url": (*_SHARED, "NOT p.is_repost"),
    "domain": (*_SHARED, "NOT p.is_repost"),
    "hashtag": (*_SHARED, "NOT p.is_repost"),
    "hashtag_sequence": (*_SHARED, "NOT p.is_repost"),
    "text": ("copies", "c.text_key", "NULL", "NULL", _TEXT.format("text_key")),
    "near_text": ("copies", "c.copy_key", "NULL", "NULL", _TEXT.format("copy_key")),
    "media": ("media", "m.agreed_key", "NULL", "NULL", "NOT p.is_repost"),
    "reply_post": (*_SHARED, "NOT p.is_repost AND s.source_key IS DISTINCT FROM p.account_key"),
    "reply_account": (*_SHARED, "NOT p.is_repost AND s.object_key IS DISTINCT FROM p.account_key"),
}
#: columns of posts that cannot be a trace, because they are numbers of single posts or times
_NOT_TRACES = {
    "post_key",
    "post_id",
    "account_key",
    "account_id",
    "created_at",
    "identifier_time",
    "captured_at",
}


def key_of(case: Any, *settings: Any) -> str:
    """Everything that a result depends on: the case as it is opened and narrowed, and the settings."""
    opened = (case.folder, case.edition, case.manifest["content"], str(case.manifest["stamp"]))
    return repr((*opened, sorted(case.filters.items()), *settings))


def trace_of(name: str) -> str:
    """`name` if it is a trace: one of `TRACES`, or `column:` and a column of posts; else an error."""
    columns = {c.name for c in TABLES["posts"]} - _NOT_TRACES
    if name in TRACES or (name.startswith("column:") and name[7:] in columns):
        return name
    options = [*TRACES, *(f"column:{c}" for c in sorted(columns))]
    raise MetricError("unknown trace", found=name, hint=nearest(name, options))


def actions(case: Any, trace: str, *, window_s: float = 60) -> pd.DataFrame:
    """Who shared which object of `trace`, in which post, when: the input of every measure of this room.

    Columns: object, account, post (keys), at_ms (milliseconds since 1970, UTC), origin_ms (when the object
    itself was made; missing where not known), source (where the object comes from), group. One row for
    each object of each post, by object and time.
    Left out: posts without author; times that are missing, estimated or coarser than `window_s`; an
    account that passes on or answers itself; texts of which only names and links are left; objects
    without a key. A repost shares the post it passes on and nothing of what stands in it.
    """
    positive("window_s", window_s)
    query, tables = _query(case, trace_of(trace))
    table = case.sql(
        f"""
        SELECT object, account, post, at_ms, origin_ms, source, "group" FROM ({query})
        WHERE timed AND step <= $window ORDER BY object, at_ms, post""",
        tables=tables,
        window=float(window_s),
    )
    for name in ("object", "account", "post", "at_ms"):
        table[name] = table[name].astype("int64")
    return table


def local_days(at_ms: pd.Series, clock: str) -> pd.Series:
    """The days of moments in milliseconds since 1970, in a clock, as text."""
    return pd.to_datetime(at_ms, unit="ms", utc=True).dt.tz_convert(clock).dt.date.astype(str)


def _query(case: Any, trace: str) -> tuple[str, dict[str, pd.DataFrame]]:
    """SQL of all rows of a trace that have an author, and the tables it needs."""
    if trace.startswith("column:"):
        name = trace.removeprefix("column:")
        found = "o"
        kind, source, origin, where = "column", "NULL", "NULL", f'p."{name}" IS NOT NULL'
        objects = f"""JOIN (SELECT value, row_number() OVER (ORDER BY value) AS key FROM (
            SELECT DISTINCT CAST("{name}" AS VARCHAR) AS value FROM posts)) o ON o.value = CAST(p."{name}" AS VARCHAR)"""
        key = f"{found}.key"
        tables: dict[str, pd.DataFrame] = {}
    else:
        kind, key, source, origin, where = TRACES[trace]
        objects, tables = _objects(case, kind, trace)
    return (
        f"""
        SELECT {key} AS object, p.account_key AS account, p.post_key AS post, epoch_ms(p.created_at) AS at_ms,
               CAST({origin} AS BIGINT) AS origin_ms, CAST({source} AS BIGINT) AS source, p."group",
               {times.timed()} AS timed, {times.step()} AS step, p.time_source
        FROM posts p {objects}
        WHERE p.account_key IS NOT NULL AND {key} IS NOT NULL AND {where}""",
        tables,
    )


def _objects(case: Any, kind: str, trace: str) -> tuple[str, dict[str, pd.DataFrame]]:
    """SQL that joins posts to their objects, and the tables it needs."""
    if kind == "copies":
        return "JOIN copies c USING (post_key)", {"copies": case.derived("copies", similarity=0.75)}
    if kind == "media":
        names = ("media_placements", "media_clusters")
        join = """JOIN (SELECT DISTINCT post_key, agreed_key FROM media_placements JOIN media_clusters USING (item_key)) m
                  USING (post_key)"""
        return join, {name: case.derived(name) for name in names}
    shared = case.derived("shared_objects")
    return "JOIN shared s USING (post_key)", {"shared": shared[shared["trace"] == trace]}


@metric(N_("What accounts can share, by trace"))
def traces(case: Any, *, window_s: float = 60) -> pd.DataFrame:
    """On which traces could accounts of this case act together, and how many posts say when exactly enough?

    Columns: trace, accounts (that have an object of the trace), posts, objects, shared_objects (of at least two
    accounts), no_time_posts, estimate_posts, coarse_posts (time coarser than `window_s`), used_posts,
    origin_share (share of the used posts for which the time of the object itself is known).
    Formula: counts over all groups together.
    Missing: this table is the count of what is missing; posts without author are in none of its columns.
    Source: Pacheco and others (2021) on traces.
    Many shared objects do not prove coordination: popular posts are passed on by everybody.

    >>> traces(case)  # doctest: +SKIP
    """
    positive("window_s", window_s)
    rows = []
    for trace in TRACES:
        query, tables = _query(case, trace)
        row = case.sql(
            f"""
            WITH a AS ({query}), by_object AS (SELECT object, count(DISTINCT account) AS n FROM a GROUP BY 1)
            SELECT count(DISTINCT account) AS accounts, count(DISTINCT post) AS posts, count(DISTINCT object) AS objects,
                   (SELECT count(*) FROM by_object WHERE n >= 2) AS shared_objects,
                   count(DISTINCT post) FILTER (at_ms IS NULL) AS no_time_posts,
                   count(DISTINCT post) FILTER (at_ms IS NOT NULL AND NOT timed) AS estimate_posts,
                   count(DISTINCT post) FILTER (timed AND step > $window) AS coarse_posts,
                   count(DISTINCT post) FILTER (timed AND step <= $window) AS used_posts,
                   avg(CAST(origin_ms IS NOT NULL AS INTEGER)) FILTER (timed AND step <= $window) AS origin_share
            FROM a""",
            tables=tables,
            window=float(window_s),
        )
        rows.append(row.assign(trace=trace))
    table = pd.concat(rows, ignore_index=True)
    return table[["trace", *[c for c in table.columns if c != "trace"]]]
