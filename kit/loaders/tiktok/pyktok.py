"""Videos as pyktok's table has them, one a row.

`video_timestamp` is the clock of the collecting machine and is not read, unless the report
file says its zone and the identifier holds no time: an identifier holds the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import Made, RecordDict, from_rows, hashtags_in, header_names, kind_flags
from kit.loaders.tiktok import fields

_COLUMNS = (
    "video_id",
    "video_timestamp",
    "video_diggcount",
    "video_playcount",
    "video_description",
    "author_username",
)
_COUNTS = {"likes": "digg", "replies": "comment", "reposts": "share", "views": "play"}
_PROFILE = {"followers": "follower", "following": "following", "posts_stated": "video"}


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Videos with their authors."""
    declared = options.get("time")
    local = times.reader(declared, "tiktok", source.warnings, source.where()) if declared else None
    return from_rows(source, "posts", lambda row: _made(row, source, local), _COLUMNS)


def _made(row: RecordDict, source: Source, local: times.Reader | None) -> Made:
    post_id = str(values.identifier("video_id", row["video_id"], required=True))
    stated: times.Moment = (None, None)
    if time_of("tiktok", post_id) is None:
        if local:
            stated = local("video_timestamp", row["video_timestamp"])
        else:
            source.warnings[
                "identifiers without a time; the local one is read where `time: {zone: …}` is declared"
            ] += 1
    author = fields.author(None, values.handle("author_username", row["author_username"]), source.warnings)
    if author:
        author["display_name"] = row.get("author_name") or None
        # the tool writes False where it found nothing
        author["verified"] = values.boolean("author_verified", row.get("author_verified")) or None
        for ours, theirs in _PROFILE.items():
            author[ours] = values.count(f"author_{theirs}count", row.get(f"author_{theirs}count"))
    if values.boolean("video_is_ad", row.get("video_is_ad")):
        source.warnings["advertisements"] += 1
    written = row["video_description"]
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, stated, source.warnings),
        **kind_flags(repost=False, reply=False, quote=None),
        "text": written,
        "posted_from": row.get("video_locationcreated") or None,
        "hashtags": hashtags_in(written),
        "media": fields.media(post_id, None, None),
        **{n: values.count(f"video_{t}count", row.get(f"video_{t}count")) for n, t in _COUNTS.items()},
    }
    return Made(value, author)


def _is_pyktok(head: Head) -> bool:
    return {"video_id", "video_diggcount", "author_username", "author_heartcount"} <= header_names(head)


FORMATS = (
    Format(
        "tiktok_pyktok",
        "pyktok, TikTok videos",
        platform="tiktok",
        table="posts",
        tool="pyktok",
        sniff=_is_pyktok,
        read=read,
        carries="videos with description, author, country shown, counts, views and the author's followers",
        lacks="numbers of accounts; sound; text on the picture; a `not verified` that can be relied on",
        caveats=(
            "times are read from the identifier: the local time of the collecting machine has no zone",
            "an author is known by handle: one who was renamed counts as a second one",
            fields.SHARES,
        ),
        columns=_COLUMNS,
    ),
)
