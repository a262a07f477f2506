"""Tables that YouTube Data Tools writes: comments of a video, lists of videos and channels, and one video's facts.

Times are UTC. The tool takes line breaks out of texts. Exports without names hold hashes
instead, which are the same in every such export and join to nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kit.errors import InputError
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.files.delimited import Fault
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    from_rows,
    hashtags_in,
    header_names,
    kind_flags,
    links_in,
)
from kit.loaders.values import BadValue
from kit.loaders.youtube import escaped, fields

_COMMENTS = ("id", "likeCount", "publishedAt", "authorName", "text", "isReply")
_VIDEOS = ("channelId", "videoId", "publishedAt", "videoTitle", "viewCount", "commentCount")
_CHANNELS = ("id", "title", "description", "publishedAt", "subscriberCount", "videoCount")
_ROWS_KEPT = 1_000_000  # comments whose author is remembered, so that replies below them can be joined
_SHA1 = re.compile(r"[0-9a-f]{40}")
_NOT_FOUND = re.compile(r"\[[\w ]+: .*\]")
_HASHED = "authors and comments are hashes, which join to exports of the same kind alone"
AUTHORS = "tables of how often each name commented: passed over, as a name is no account; load the table of comments"
_utc = times.reader({"zone": "UTC"}, "youtube", Counter(), "")


def _rows(
    source: Source, options: Mapping[str, Any], build: Any, needed: tuple[str, ...], table: str
) -> Iterator[Record | Rejection]:
    made = partial(build, warnings=source.warnings)
    return from_rows(source, table, made, needed, split=escaped.rows)


def read_comments(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments with their authors; newer tables name the video in each row, older ones in the file's name."""
    root = fields.video_of(source, options)
    known: dict[str, str] = {}

    def build(row: RecordDict) -> Made:
        made = _comment(row, root, known, source.warnings)
        account = made.values["account_id"]
        if account and len(known) < _ROWS_KEPT:
            known[made.values["post_id"]] = account
        return made

    return from_rows(source, "posts", build, _COMMENTS, split=escaped.rows)


def _comment(row: RecordDict, root: str | None, known: Mapping[str, str], warnings: Counter[str]) -> Made:
    if not row["id"].strip() and _NOT_FOUND.fullmatch(row["text"]):
        raise BadValue("text", "the tool found no comments here", row["text"])
    post_id = str(values.identifier("id", row["id"], required=True))
    author = _author(row, warnings)
    root = values.identifier("videoId", row.get("videoId")) or root
    warnings.update({} if root else {fields.NO_VIDEO: 1})
    parent = values.identifier("isReplyTo", row.get("isReplyTo") or row.get("isReplyToId"))
    if parent is None and values.boolean("isReply", row["isReply"]):
        parent = post_id.partition(".")[0] if "." in post_id else None
        warnings.update({} if parent else {"replies that do not say what they answer": 1})
        replied: str | None = parent
    else:
        replied = parent or root
    written = fields.plain(row["text"])
    replies = row.get("replyCount") or row.get("totalReplyCount")
    value = {
        "platform": "youtube",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **field_time(_utc("publishedAt", row["publishedAt"].strip())),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": replied,
        "root_id": root,
        "target_account_id": known.get(parent) if parent else None,
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": fields.links(written, row["text"]),
        "mentions": fields.mentions(written, row["authorName"]),
        "likes": values.count("likeCount", row["likeCount"]),
        "replies": values.count("replyCount", replies),
    }
    return Made(value, author)


def _author(row: RecordDict, warnings: Counter[str]) -> RecordDict | None:
    name = row["authorName"].strip()
    channel = values.identifier("authorChannelId", row.get("authorChannelId"))
    if not _SHA1.fullmatch(name):
        return fields.author(channel, name, warnings, row.get("authorChannelUrl"))
    warnings[_HASHED] += 1
    return {"platform": "youtube", "account_id": channel or name, "handle": None, "display_name": None}


def _video(row: RecordDict, warnings: Counter[str]) -> Made:
    title, description = row["videoTitle"], row.get("videoDescription")
    if not row["publishedAt"].strip() and _NOT_FOUND.fullmatch(title):
        raise BadValue("videoTitle", "the tool found no such video", title)
    post_id = str(values.identifier("videoId", row["videoId"], required=True))
    author = fields.author(
        values.identifier("channelId", row["channelId"]), row.get("channelTitle"), warnings
    )
    written = fields.titled(title, description)
    language = (
        row.get("defaultLanguage") or row.get("defaultAudioLanguage") or row.get("defaultLAudioLanguage")
    )
    value = {
        "platform": "youtube",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **field_time(_utc("publishedAt", row["publishedAt"].strip())),
        **kind_flags(repost=False, reply=False, quote=False),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "media": fields.video(post_id),
        "language": values.language(language or None),
        "likes": values.count("likeCount", row.get("likeCount")),
        "replies": values.count("commentCount", row["commentCount"]),
        "views": values.count("viewCount", row["viewCount"]),
    }
    return Made(value, author)


def _channel(row: RecordDict, warnings: Counter[str]) -> Made:
    if not row["publishedAt"].strip() and _NOT_FOUND.fullmatch(row["title"]):
        raise BadValue("title", "the tool found no such channel", row["title"])
    created_at, precision = _utc("publishedAt", row["publishedAt"].strip())
    value = {
        "platform": "youtube",
        "account_id": values.identifier("id", row["id"], required=True),
        "handle": values.handle("customUrl", row.get("customUrl")),
        "display_name": row["title"] or None,
        "bio": row["description"],
        "location": row.get("country") or None,
        "profile_language": row.get("defaultLanguage") or None,
        "created_at": created_at,
        "created_precision": precision,
        "followers": values.count("subscriberCount", row["subscriberCount"]),
        "posts_stated": values.count("videoCount", row["videoCount"]),
    }
    return Made(value)


# --- one video's facts, a name and a value in each row


def read_facts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The one video of a file of facts."""
    row: RecordDict = {}
    raw = b""
    for item in escaped.facts(source):
        if isinstance(item, Fault):
            yield Rejection("posts", 1, item.line, item.field, item.reason, item.found, item.raw)
            return
        row.setdefault(item.cells[0].strip(), item.cells[1])
        raw += item.raw
    names = {
        "videoId": "id",
        "publishedAt": "published",
        "videoTitle": "title",
        "videoDescription": "description",
    }
    if missing := [name for name in names.values() if name not in row]:
        raise InputError(
            f"the row '{missing[0]}' is missing", where=source.where(), hint="is this the whole file?"
        )
    row |= {name: row[theirs] for name, theirs in names.items()}
    row = {"channelId": "", "viewCount": "", "commentCount": ""} | row
    try:
        made = _video(row, source.warnings)
    except BadValue as bad:
        yield Rejection("posts", 1, 1, bad.field, bad.reason, bad.found, raw)
        return
    yield Record("posts", 1, 1, made.values, made.author)


def read_authors(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Nothing: names alone identify nobody, and the comments themselves are in another table of the tool."""
    source.warnings[AUTHORS] += 1
    return iter(())


# --- recognition


def _is_comments(head: Head) -> bool:
    names = header_names(head)
    return set(_COMMENTS) <= names and bool({"isReplyTo", "isReplyToId"} & names)


def _is_authors(head: Head) -> bool:
    return head.shape == "table" and [name.strip() for name in head.header] == ["author", "count"]


def _is_videos(head: Head) -> bool:
    return set(_VIDEOS) <= header_names(head)


def _is_channels(head: Head) -> bool:
    return {*_CHANNELS, "viewCount", "topicDetails"} <= header_names(head)


def _is_facts(head: Head) -> bool:
    lines = head.text.lstrip("\ufeff").splitlines()[:3] if head.shape == "table" else []
    names = [line.partition(head.delimiter)[0].strip('"') for line in lines]
    return names == ["id", "published", "published_unix"]


_TOOL = "YouTube Data Tools"
_CAVEATS = (
    "line breaks in texts are gone",
    "counts are those at collection, whose time only the file's name says",
)
FORMATS = (
    Format(
        "youtube_data_tools_comments",
        "YouTube Data Tools, comments",
        platform="youtube",
        table="posts",
        tool=_TOOL,
        sniff=_is_comments,
        read=read_comments,
        carries="comments with what they answer, authors, links, likes and replies received",
        lacks="the video in older tables, unless declared or in the file's name",
        caveats=(*_CAVEATS, "hashes stand for names and numbers where the export was made without them"),
        columns=(*_COMMENTS, "isReplyToName"),
    ),
    Format(
        "youtube_data_tools_videos",
        "YouTube Data Tools, list of videos",
        platform="youtube",
        table="posts",
        tool=_TOOL,
        sniff=_is_videos,
        read=partial(_rows, build=_video, needed=_VIDEOS, table="posts"),
        carries="videos with title and description, their channels, links, counts and views",
        lacks="comments; duration, which the tool states wrongly for an hour or more; keywords; dislikes",
        caveats=_CAVEATS,
        columns=_VIDEOS,
    ),
    Format(
        "youtube_data_tools_video",
        "YouTube Data Tools, facts of one video",
        platform="youtube",
        table="posts",
        tool=_TOOL,
        sniff=_is_facts,
        read=read_facts,
        carries="the video with title and description, its channel, links, counts and views",
        lacks="comments; dislikes",
        caveats=_CAVEATS,
    ),
    Format(
        "youtube_data_tools_channels",
        "YouTube Data Tools, list of channels",
        platform="youtube",
        table="accounts",
        tool=_TOOL,
        sniff=_is_channels,
        read=partial(_rows, build=_channel, needed=_CHANNELS, table="accounts"),
        carries="name, text, country, time of creation, subscribers and number of videos of channels",
        lacks="handles in older tables; keywords; views of the whole channel",
        caveats=(*_CAVEATS, "subscribers are rounded to three digits"),
        columns=_CHANNELS,
    ),
    Format(
        "youtube_data_tools_authors",
        "YouTube Data Tools, authors of comments",
        platform="youtube",
        table="accounts",
        tool=_TOOL,
        sniff=_is_authors,
        read=read_authors,
        carries="nothing that is read: how often each name commented is counted from the table of comments",
        lacks="numbers of channels",
    ),
)
