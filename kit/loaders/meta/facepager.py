"""Facepager's CSV of Facebook posts and comments.

`id` and `parent_id` are row numbers of the tool; a post's own number is `object_id`, and
what a comment answers is found through the row above it. Rows that the tool made for
itself (seeds, headers, offcuts) are counted and are no records.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    from_rows,
    hashtags_in,
    header_names,
    kind_flags,
    refusing,
)
from kit.loaders.values import BadValue

_NEEDED = (
    "level",
    "id",
    "parent_id",
    "object_id",
    "object_type",
    "query_status",
    "query_type",
    "created_time",
)
_ROWS_KEPT = 1_000_000  # rows whose number is remembered, so that answers below them can be joined
_PAIR = re.compile(r"(\d+)_(\d+)", re.ASCII)
_LIKES = ("likes.summary.total_count", "like_count")
_REPLIES = ("comments.summary.total_count", "comment_count")


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and comments of Facebook."""
    stated = values.identifier("account_id", (options.get("constants") or {}).get("account_id"))
    when = refusing(
        source, times.reader(options.get("time") or {}, "facebook", source.warnings, source.where())
    )
    rows: dict[str, str] = {}

    def build(row: RecordDict) -> Made:
        status = row["query_status"]
        if status and not status.startswith("fetched"):
            raise BadValue("query_status", "the tool's request failed", status)
        post_id = values.identifier("object_id", _cell(row, "object_id"), required=True)
        edge = row["query_type"].lower().rstrip("/").rpartition("/")[2]
        comment = edge == "comments"
        # the list of a page's own posts names their author by its number alone
        own = _PAIR.fullmatch(str(post_id)) if edge in ("posts", "published_posts") else None
        account_id = values.identifier("from.id", _cell(row, "from.id")) or (own[1] if own else stated)
        parent = rows.get(row["parent_id"])
        if len(rows) < _ROWS_KEPT:
            rows[row["id"]] = str(post_id)
        else:
            source.warnings["rows too many to remember: what later comments answer may be missing"] += 1
        # a tool's own `None` stands in cells that had nothing; in a text it may be a word
        value = {
            "platform": "facebook",
            "post_id": post_id,
            "account_id": account_id,
            **field_time(when("created_time", _cell(row, "created_time"))),
            **kind_flags(repost=False if comment else None, reply=comment, quote=None),
            "text": row.get("message"),
            "hashtags": hashtags_in(row.get("message")),
            "likes": _count(row, _LIKES),
            "replies": _count(row, _REPLIES),
            "reposts": _count(row, ("shares.count",)),
        }
        if comment:
            value["reply_to_id"] = values.identifier("parent.id", _cell(row, "parent.id")) or parent
        name = row.get("from.name")
        return Made(value, {"platform": "facebook", "account_id": account_id, "display_name": name})

    return from_rows(source, "posts", build, _NEEDED, passed=_passed)


def _passed(row: RecordDict) -> str:
    kind = row["object_type"]
    return (
        ""
        if kind in ("data", "unpacked")
        else f"rows that the tool made for itself: {kind[:20] or 'no type'}"
    )


def _cell(row: RecordDict, name: str) -> str | None:
    found = row.get(name)
    return None if found in (None, "", "None") else found


def _count(row: RecordDict, names: tuple[str, ...]) -> int | None:
    """The first count that the researcher asked for."""
    return next((values.count(name, found) for name in names if (found := _cell(row, name))), None)


def _is_facebook(head: Head) -> bool:
    if not {"level", "object_id", "object_type", "query_status", "query_type"} <= header_names(head):
        return False
    # the same tool asks other platforms too: only the rows say which
    reader = csv.DictReader(io.StringIO(head.text.lstrip("\ufeff"), newline=""), delimiter=head.delimiter)
    try:
        asked = {str(row.get("query_type") or "") for row, _ in zip(reader, range(50), strict=False)}
    except csv.Error:
        return False
    return any(kind.lower().startswith("facebook") for kind in asked)


FORMATS = (
    Format(
        "facebook_facepager",
        "Facepager, Facebook posts and comments",
        platform="facebook",
        table="posts",
        tool="Facepager",
        sniff=_is_facebook,
        read=read,
        carries="posts and comments with the columns that were asked for, what comments answer",
        lacks="whatever column was not asked for; authors of most comments",
        caveats=(
            "the tool takes line breaks out of texts unless told not to",
            "authors need the column from.id, or `constants: {account_id: …}` where one account wrote all",
        ),
        columns=_NEEDED,
    ),
)
