"""Answers of TikTok's Research API: pages, lists of pages, or one video, comment or user a line.

Videos name their author by handle alone, comments name nobody, and what the API says of a
user lacks the name that was asked for: `constants: {handle: …}` gives it. Identifiers are
numbers of nineteen digits, which R and JavaScript round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    flag,
    from_objects,
    hashtags_in,
    identifier,
    kind_flags,
    number,
    raw,
    seconds,
    text,
    word,
)
from kit.loaders.tiktok import fields
from kit.loaders.values import BadValue

_USER = {"display_name", "follower_count", "following_count", "likes_count", "video_count"}
_PAGE = {"cursor", "has_more", "search_id"}
_COUNTS = {"likes": "like_count", "replies": "comment_count", "reposts": "share_count", "views": "view_count"}


def read_videos(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Videos with their authors."""
    build = partial(_video, warnings=source.warnings)
    return fields.watched(source, from_objects(source, "posts", build, partial(_listed, key="videos")))


def read_comments(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments, whose authors the API does not name."""
    build = partial(_comment, warnings=source.warnings)
    return fields.watched(source, from_objects(source, "posts", build, partial(_listed, key="comments")))


def read_users(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Users; `constants: {handle: …}` says of whom a file speaks that does not say it itself."""
    stated = values.handle("constants.handle", (options.get("constants") or {}).get("handle"))
    return from_objects(source, "accounts", partial(_user, stated=stated), partial(_listed, key=""))


def _listed(page: RecordDict, key: str) -> Iterator[Any]:
    """The items of a page, or the one item itself."""
    code = raw(page, "error.code") if isinstance(page.get("error"), dict) else None
    if code not in (None, "", "ok"):
        raise BadValue("error.code", "the API answered with an error", code)
    data = page.get("data", page if key in page else None)
    if not key or not isinstance(data, dict):
        yield page if data is None else {**_known(page), **data} if isinstance(data, dict) else data
        return
    found = data.get(key)
    if not isinstance(found, list):
        raise BadValue(f"data.{key}", "a list was expected", found)
    yield from found


def _known(page: RecordDict) -> RecordDict:
    """The name that was asked for, where whoever collected put it beside the answer."""
    return {name: page[name] for name in ("username",) if name in page}


# --- videos


def _video(one: RecordDict, warnings: Counter[str]) -> Made:
    post_id = str(identifier(one, "id") or identifier(one, "video_id", required=True))
    handle = values.handle("username", raw(one, "username"))
    author = fields.author(None, handle, warnings)
    if author:
        author["registered_in"] = word(one, "region_code")
    written = text(one, "video_description")
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, seconds(one, "create_time", "tiktok"), warnings),
        **kind_flags(repost=False, reply=False, quote=None),
        "text": written,
        "hashtags": fields.hashtags(_words(one, "hashtag_names") or _named(one), written),
        "mentions": [
            {"account_id": by_handle(name), "handle": name}
            for mention in _words(one, "video_mention_list")
            if (name := values.handle("video_mention_list", mention))
        ],
        "media": fields.media(post_id, None, identifier(one, "music_id")),
        **{ours: number(one, theirs) for ours, theirs in _COUNTS.items()},
    }
    return Made(value, author)


def _words(one: RecordDict, path: str) -> list[str]:
    found = raw(one, path) or []
    if not isinstance(found, list) or not all(isinstance(word_, str) for word_ in found):
        raise BadValue(path, "a list of words was expected", found)
    return found


def _named(one: RecordDict) -> list[str]:
    """Names in the longer list of hashtags, for answers that were asked for it alone."""
    found = raw(one, "hashtag_info_list") or []
    if not isinstance(found, list) or not all(isinstance(tag, dict) for tag in found):
        raise BadValue("hashtag_info_list", "a list of objects was expected", found)
    return [name for tag in found if (name := word(tag, "hashtag_name"))]


# --- comments


def _comment(one: RecordDict, warnings: Counter[str]) -> Made:
    post_id = str(identifier(one, "id", required=True))
    root = identifier(one, "video_id")
    # a first comment names the video as its parent, or nothing
    parent = fields.none_if_zero(identifier(one, "parent_comment_id")) or root
    written = text(one, "text")
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": None,
        **fields.when(post_id, seconds(one, "create_time", "tiktok"), warnings),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": parent,
        "root_id": root,
        "text": written,
        "hashtags": hashtags_in(written),
        "likes": number(one, "like_count"),
        "replies": number(one, "reply_count"),
    }
    return Made(value)


# --- users


def _user(one: RecordDict, stated: str | None) -> Made:
    handle = values.handle("username", raw(one, "username")) or stated
    if not _USER & set(one):
        raise BadValue("display_name", "no user of the Research API", ", ".join(list(one)[:5]))
    if handle is None:
        reason = "no name: the API does not repeat whom it was asked about; declare `constants: {handle: …}`"
        raise BadValue("username", reason, "")
    value = {
        "platform": "tiktok",
        "account_id": by_handle(handle),
        "handle": handle,
        "display_name": text(one, "display_name"),
        "bio": text(one, "bio_description"),
        "profile_url": word(one, "bio_url"),
        "followers": number(one, "follower_count"),
        "following": number(one, "following_count"),
        "posts_stated": number(one, "video_count"),
        "verified": flag(one, "is_verified"),
    }
    return Made(value)


# --- recognition


def _first(head: Head, key: str) -> list[RecordDict]:
    """The first items, without the page around them; an empty page gives itself."""
    found: list[RecordDict] = []
    for page in head.objects[:3]:
        data = page.get("data", page)
        listed = data.get(key) if isinstance(data, dict) else None
        if isinstance(listed, list) and isinstance(data, dict):
            items = [one for one in listed[:5] if isinstance(one, dict)]
            found += items or ([{key: []}] if _PAGE & set(data) else [])
        else:
            found.append(page)
    return found


def _is_videos(head: Head) -> bool:
    return any(
        one == {"videos": []}
        or (
            "create_time" in one
            and {"id", "video_id"} & set(one)
            and {"video_description", "region_code"} & set(one)
        )
        for one in _first(head, "videos")
    )


def _is_comments(head: Head) -> bool:
    return any(
        {"parent_comment_id", "create_time", "video_id"} <= set(one) or one == {"comments": []}
        for one in _first(head, "comments")
    )


def _is_users(head: Head) -> bool:
    for page in head.objects[:3]:
        data = page.get("data", page)
        if isinstance(data, dict) and {"display_name", "follower_count", "likes_count"} <= set(data):
            return True
    return False


_TOOL = "TikTok Research API and its clients"
FORMATS = (
    Format(
        "tiktok_research",
        "TikTok Research API, videos",
        platform="tiktok",
        table="posts",
        tool=_TOOL,
        sniff=_is_videos,
        read=read_videos,
        carries="videos with description, handle of the author and country of registration, hashtags, mentions, sound, counts and views",
        lacks="numbers of accounts; what a duet or stitch goes back to; speech as text; labels; favourites",
        caveats=(
            "videos deleted or made private after the search are missing, without a sign of it",
            "an author is known by handle: one who was renamed counts as a second one",
            fields.SHARES,
        ),
    ),
    Format(
        "tiktok_research_comments",
        "TikTok Research API, comments",
        platform="tiktok",
        table="posts",
        tool=_TOOL,
        sniff=_is_comments,
        read=read_comments,
        carries="comments with their video, what they answer, likes and replies received",
        lacks="authors: nothing in this export says who wrote a comment",
        caveats=("no more than the first thousand comments of a video are given",),
    ),
    Format(
        "tiktok_research_users",
        "TikTok Research API, users",
        platform="tiktok",
        table="accounts",
        tool=_TOOL,
        sniff=_is_users,
        read=read_users,
        carries="name, text, mark of verification, followers, following and number of videos of users",
        lacks="the handle, unless declared; numbers of accounts; when an account was made",
    ),
)
