"""Instaloader's JSON: a post, story or profile a file, and the comments of a post beside it.

Comments do not name their post; it is found in the file of the post beside them, which has
the same name but for its end. A comment's answers stand inside it and are records too.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kit.errors import InputError
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.files.delimited import Fault
from kit.loaders.instagram import nodes
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    from_objects,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    record_dicts,
    seconds,
    text,
)
from kit.loaders.values import BadValue

_COMMENTS = re.compile(r"_comments\.json(\.xz)?$")
_POSTS = ("Post", "StoryItem")


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and stories with their owners."""

    def build(thing: RecordDict) -> Made:
        kind = text(thing, "instaloader.node_type")
        if kind not in _POSTS:
            raise BadValue("instaloader.node_type", "neither a post nor a story", kind)
        return Made(*_post(inner(thing, "node"), source.warnings))

    return from_objects(source, "posts", build)


def _post(node: RecordDict, warnings: Counter[str]) -> tuple[RecordDict, RecordDict]:
    """A post, its gaps filled from the richer copy that a session with a login adds."""
    value, author = nodes.node(node, warnings)
    rich = inner(node, "iphone_struct")
    if rich:
        if value["likes"] is None and nodes.raw(rich, "like_and_view_counts_disabled") is not True:
            value["likes"] = nodes.likes(rich, "like_count", warnings)
        if value["replies"] is None:
            value["replies"] = nodes.first(rich, "comment_count")
        if value["views"] is None:
            value["views"] = nodes.first(rich, "play_count", "view_count")
        known = nodes.profile(inner(rich, "user")) if inner(rich, "user") else {}
        if known.get("account_id") == author["account_id"]:
            author |= {key: one for key, one in known.items() if author.get(key) is None}
    return value, author


def read_profiles(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Profiles with their counts."""
    return from_objects(source, "accounts", lambda thing: Made(nodes.profile(inner(thing, "node"))))


def read_comments(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments and their answers."""
    stated = identifier({"constants": options.get("constants") or {}}, "constants.root_id")
    root = stated or _post_beside(source)
    if root is None:
        source.warnings["comments whose post is not known: its file is not beside theirs"] += 1

    def build(thing: RecordDict) -> Made:
        author = nodes.profile(inner(thing, "owner"))
        written = text(thing, "text")
        value = {
            "platform": "instagram",
            "post_id": identifier(thing, "id", required=True),
            "account_id": author["account_id"],
            **field_time(seconds(thing, "created_at", "instagram")),
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": identifier(thing, "parent.id") or root,
            "root_id": root,
            "text": written,
            "hashtags": hashtags_in(written),
            "likes": nodes.likes(thing, "likes_count", source.warnings),
            "replies": len(record_dicts(thing, "answers")) if "answers" in thing else None,
        }
        return Made(value, author)

    return from_objects(source, "posts", build, _with_answers)


def _with_answers(comment: RecordDict) -> Iterator[RecordDict]:
    yield comment
    answers = comment.get("answers")
    for answer in answers if isinstance(answers, list) else ():
        yield {**answer, "parent": {"id": comment.get("id")}} if isinstance(answer, dict) else answer


def _post_beside(source: Source) -> str | None:
    """The number of the post whose comments these are, out of its own file."""
    name = source.member or source.path.name
    if not _COMMENTS.search(name):
        return None
    for end in (".json.xz", ".json"):
        beside = _COMMENTS.sub(end, name)
        fresh: dict[str, Any] = {"warnings": Counter(), "_head": None, "_checked": False}
        if source.member:
            other = dataclasses.replace(source, member=str(PurePosixPath(beside)), **fresh)
        else:
            path = source.path.with_name(beside)
            if not path.is_file():
                continue
            other = dataclasses.replace(source, path=path, **fresh)
        try:
            for item in jsons.objects(other):
                if not isinstance(item, Fault):
                    node = inner(item.value, "node")
                    return nodes.post_number(text(node, "shortcode"), identifier(node, "id"), Counter())
        except (InputError, BadValue):
            continue
    return None


def _kind(head: Head) -> str:
    for one in head.objects[:1]:
        about = one.get("instaloader")
        if isinstance(about, dict) and "node" in one:
            return str(about.get("node_type"))
    return ""


def _is_posts(head: Head) -> bool:
    return _kind(head) in (*_POSTS, "Hashtag")


def _is_profiles(head: Head) -> bool:
    return _kind(head) == "Profile"


def _is_comments(head: Head) -> bool:
    return any({"id", "created_at", "text", "owner", "likes_count"} <= set(one) for one in head.objects[:3])


FORMATS = (
    Format(
        "instaloader",
        "Instaloader, posts and stories",
        platform="instagram",
        table="posts",
        tool="Instaloader",
        sniff=_is_posts,
        read=read_posts,
        carries="posts, owners, captions, tagged accounts, media, likes, comments and views",
        lacks="followers, unless the profile was saved too; when counts were taken",
        caveats=("addresses of media expire within days", "likes can be hidden"),
    ),
    Format(
        "instaloader_profiles",
        "Instaloader, profiles",
        platform="instagram",
        table="accounts",
        tool="Instaloader",
        sniff=_is_profiles,
        read=read_profiles,
        carries="profiles with followers, following and number of posts",
        lacks="when an account was made",
    ),
    Format(
        "instaloader_comments",
        "Instaloader, comments",
        platform="instagram",
        table="posts",
        tool="Instaloader",
        sniff=_is_comments,
        read=read_comments,
        carries="comments and their answers, authors, likes; the post, where its file is beside them",
        lacks="profiles beyond number and handle",
    ),
)
