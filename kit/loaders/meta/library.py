"""Meta Content Library's CSV: posts of Facebook and Instagram, comments of Facebook.

Identifiers are the library's own: they join posts, comments and accounts inside the
library and nothing outside it. Media whose only name is a signed address are left out, as
that address changes with every download.
"""

from __future__ import annotations

import json
import re
from collections import Counter
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

_POSTS = ("id", "creation_time", "post_owner.id")
_COMMENTS = ("id", "creation_time", "post_id")
_ONLY_FACEBOOK = {"surface.id", "shared_post_id", "statistics.share_count", "statistics.reaction_count"}
_KINDS = {
    "photo": "image",
    "image": "image",
    "video": "video",
    "reel": "video",
    "animated_image": "animation",
}
_WORDS = {"None": "null", "True": "true", "False": "false"}
_TOKEN = re.compile(r"""'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|\b(?:None|True|False)\b""", re.DOTALL)
_UNREAD = "cells of media that could not be read"


def read_facebook(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Facebook posts with their owners; a share of another post is a repost."""
    return _posts(source, options, "facebook")


def read_instagram(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Instagram posts with their owners."""
    return _posts(source, options, "instagram")


def _posts(source: Source, options: Mapping[str, Any], platform: str) -> Iterator[Record | Rejection]:
    when = _when(source, options, platform)

    def build(row: RecordDict) -> Made:
        author = _owner(row, "post_owner", platform)
        shared = values.identifier("shared_post_id", row.get("shared_post_id"))
        repost = bool(shared) if "shared_post_id" in row else None
        link = row.get("link_attachment.link")
        written = row.get("text")
        listed = _words(row, "hashtags")
        value = {
            "platform": platform,
            "post_id": values.identifier("id", row["id"], required=True),
            "account_id": author["account_id"],
            **field_time(when("creation_time", row["creation_time"])),
            **kind_flags(repost=repost, reply=False, quote=None),
            "reposted_id": shared,
            "text": written,
            "language": values.language(row.get("lang") or None),
            "place": _place(row, author["account_id"]),
            "likes": _count(row, "like"),
            "reactions": _count(row, "reaction"),
            "replies": _count(row, "comment"),
            "reposts": _count(row, "share"),
            "views": values.count("statistics.views", row.get("statistics.views")),
            "hashtags": hashtags_in(written) if listed is None else listed,
            "urls": [{"url": link, "expanded_url": None}] if link else [],
            "media": _media(row.get("multimedia"), source.warnings),
        }
        return Made(value, author)

    return from_rows(source, "posts", build, [*_POSTS[:2], _name_of(source, "post_owner")])


def read_comments(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments under Facebook posts, with their owners where those are public."""
    when = _when(source, options, "facebook")

    def build(row: RecordDict) -> Made:
        author = _owner(row, "owner", "facebook")
        post = values.identifier("post_id", row["post_id"])
        parent = values.identifier("parent_comment_id", row.get("parent_comment_id"))
        link = row.get("link_attachment.link")
        value = {
            "platform": "facebook",
            "post_id": values.identifier("id", row["id"], required=True),
            "account_id": author["account_id"],
            **field_time(when("creation_time", row["creation_time"])),
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": parent or post,
            "root_id": post,
            "text": row.get("text"),
            "likes": _count(row, "like"),
            "reactions": _count(row, "reaction"),
            "replies": _count(row, "comment"),
            "hashtags": hashtags_in(row.get("text")),
            "urls": [{"url": link, "expanded_url": None}] if link else [],
        }
        return Made(value, author)

    return from_rows(source, "posts", build, _COMMENTS)


def _when(source: Source, options: Mapping[str, Any], platform: str) -> times.Reader:
    return refusing(
        source, times.reader(options.get("time") or {}, platform, source.warnings, source.where())
    )


def _name_of(source: Source, owner: str) -> str:
    """The owner's column, which the dictionary of the library names in another way than its files."""
    return f"{owner}.data.id" if f"{owner}.data.id" in header_names(source.head()) else f"{owner}.id"


def _owner(row: RecordDict, owner: str, platform: str) -> RecordDict:
    def cell(name: str) -> str | None:
        return row.get(f"{owner}.{name}", row.get(f"{owner}.data.{name}")) or None

    account_id = values.identifier(f"{owner}.id", cell("id"))
    if account_id is None and owner == "owner":
        account_id = values.identifier("author_id", row.get("author_id"))
    return {
        "platform": platform,
        "account_id": account_id,
        "handle": values.handle(f"{owner}.username", cell("username")),
        "display_name": cell("name"),
    }


def _place(row: RecordDict, owner: str | None) -> str | None:
    """The page, group or event that a post stands on, where that is not its owner's own page."""
    surface = values.identifier("surface.id", row.get("surface.id"))
    return None if surface is None or surface == owner else row.get("surface.name") or surface


def _count(row: RecordDict, what: str) -> int | None:
    return values.count(f"statistics.{what}_count", row.get(f"statistics.{what}_count"))


def _words(row: RecordDict, name: str) -> list[str] | None:
    """Hashtags of a list cell; None where the file has no such column."""
    if name not in row:
        return None
    found = _loose(row[name]) if row[name] else []
    if not isinstance(found, list):
        raise BadValue(name, "a list was expected", row[name])
    return [values.hashtag(one) for one in found if isinstance(one, str) and one]


def _media(cell: str | None, warnings: Counter[str]) -> list[RecordDict]:
    found = _loose(cell) if cell else []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        warnings[_UNREAD] += 1
        return []
    made = []
    for one in found:
        item = one.get("id")
        if isinstance(item, int | str) and not isinstance(item, bool) and item:
            kind = _KINDS.get(str(one.get("type")).lower(), "other")
            made.append({"media_id": str(item), "kind": kind, "url": None, "alt_text": None})
        else:
            warnings["media known only by a signed address, which names nothing: left out"] += 1
    return made


def _loose(cell: str) -> Any:
    """A list as JSON, or as Python prints it; None where it is neither. Nothing is evaluated."""
    for written in (cell, _TOKEN.sub(_as_json, cell)):
        try:
            found = json.loads(written)
            # half a surrogate pair can be written in JSON, but in no file
            whole = json.dumps(found, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            return json.loads(whole.decode("utf-16-le", "replace"))
        except (ValueError, RecursionError):
            continue
    return None


def _as_json(token: re.Match[str]) -> str:
    if token[1] is not None:
        return json.dumps(token[1].replace("\\'", "'"))
    return _WORDS.get(token[0], token[0])


def _is_library(head: Head) -> bool:
    names = header_names(head)
    marks_ = {"mcl_url", "statistics.views_date_last_refreshed", "statistics.view_date_last_refreshed"}
    owner = {"post_owner.id", "post_owner.data.id"} & names
    return bool(owner) and "creation_time" in names and bool((marks_ | _ONLY_FACEBOOK) & names)


def _is_facebook(head: Head) -> bool:
    return _is_library(head) and bool(_ONLY_FACEBOOK & header_names(head))


def _is_instagram(head: Head) -> bool:
    return _is_library(head) and not _ONLY_FACEBOOK & header_names(head)


def _is_comments(head: Head) -> bool:
    names = header_names(head)
    counts = {"statistics.reaction_count", "statistics.top_level_reply_count"}
    return {"post_id", "creation_time"} <= names and bool(counts & names) and not {"post_owner.id"} & names


_COMMON: dict[str, Any] = {
    "tool": "Meta Content Library, clean room or downloadable subset",
    "caveats": (
        "identifiers are the library's own and join nothing outside it",
        "which accounts are in the library has changed from year to year",
        "text and language are missing where the default columns were asked for",
    ),
}
FORMATS = (
    Format(
        "facebook_library",
        "Meta Content Library, Facebook posts",
        platform="facebook",
        table="posts",
        sniff=_is_facebook,
        read=read_facebook,
        carries="posts, owners, the page, group or event they stand on, shares, links, counts, reactions, views of videos",
        lacks="each kind of reaction apart; followers; media known only by a signed address",
        columns=_POSTS,
        **_COMMON,
    ),
    Format(
        "instagram_library",
        "Meta Content Library, Instagram posts",
        platform="instagram",
        table="posts",
        sniff=_is_instagram,
        read=read_instagram,
        carries="posts, owners, hashtags, counts, views",
        lacks="followers; mentions; media known only by a signed address",
        columns=_POSTS,
        **_COMMON,
    ),
    Format(
        "facebook_library_comments",
        "Meta Content Library, Facebook comments",
        platform="facebook",
        table="posts",
        sniff=_is_comments,
        read=read_comments,
        carries="comments, what they answer, the post, owners that are public, reactions",
        lacks="owners that are private; each kind of reaction apart",
        columns=_COMMENTS,
        **_COMMON,
    ),
)
