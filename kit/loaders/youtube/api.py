"""Answers of the YouTube Data API v3: pages, lists of pages, or one item a line.

Videos are posts; comments are replies to their video, and replies to a comment stand under
the first comment of the thread, however deep they were written. Channels are accounts. What
the API says of videos in a search or a playlist is less than it says of the video itself.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    flag,
    from_objects,
    hashtags_in,
    identifier,
    inner,
    iso,
    kind_flags,
    links_in,
    number,
    raw,
    text,
    word,
)
from kit.loaders.values import BadValue
from kit.loaders.youtube import fields

_POSTS = ("commentThread", "comment", "video", "searchResult", "playlistItem")
_GONE = {"Private video": "private", "Deleted video": "deleted"}
_ACCOUNTS_THERE = (
    "channels and playlists that are no posts; `format: youtube_api_channels` reads the channels"
)
_POSTS_THERE = "videos, comments and playlists that are no accounts; `format: youtube_api` reads the posts"
HIDDEN = "channels that hide their number of subscribers"


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Videos and comments with their authors."""
    return from_objects(source, "posts", lambda item: _post(item, source.warnings), _items)


def read_channels(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Channels with their counts."""
    return from_objects(source, "accounts", lambda item: _account(item, source.warnings), _items)


# --- pages and threads


def _items(page: RecordDict) -> Iterator[Any]:
    """The items of a page, or the one item itself; threads are taken apart."""
    if "items" not in page:
        yield from _opened(page)
        return
    found = raw(page, "items")
    if not isinstance(found, list):
        raise BadValue("items", "a list was expected", found)
    kind = str(page.get("kind")).replace("ListResponse", "").replace("#search", "#searchResult")
    for one in found:
        yield from _opened({"kind": kind, **one}) if isinstance(one, dict) else (one,)


def _kind(item: RecordDict) -> str:
    return str(item.get("kind")).rpartition("#")[2]


def _opened(item: RecordDict) -> Iterator[Any]:
    """A thread as its comments, each with what only the thread says; anything else as it is."""
    about = item.get("snippet")
    first = about.get("topLevelComment") if isinstance(about, dict) else None
    if _kind(item) != "commentThread" or not isinstance(about, dict) or not isinstance(first, dict):
        yield item
        return
    there = {"videoId": about.get("videoId"), "channelId": about.get("channelId")}
    yield _completed(first, {**there, "totalReplyCount": about.get("totalReplyCount")}, item.get("id"))
    replies = item.get("replies")
    inside = replies.get("comments") if isinstance(replies, dict) else replies
    if inside is None:
        return
    answered = {"parentId": item.get("id"), "videoId": there["videoId"], "answered": _author_of(first)}
    for one in inside if isinstance(inside, list) else (inside,):
        yield _completed(one, answered, None) if isinstance(one, dict) else one


def _completed(comment: RecordDict, known: RecordDict, thread: Any) -> RecordDict:
    """A comment with what the thread around it knows, where it does not say so itself."""
    own = comment.get("snippet")
    whole = {"kind": "youtube#comment", "id": thread, **comment}
    if isinstance(own, dict):
        whole["snippet"] = {**known, **{key: one for key, one in own.items() if one is not None}}
    return whole


def _author_of(comment: RecordDict) -> str | None:
    """Whom a reply in the thread answers, where that can be read."""
    try:
        return _channel_id(comment)
    except BadValue:
        return None


def _channel_id(comment: RecordDict) -> str | None:
    """The author's channel: an object with a value, which some clients unwrap."""
    path = "snippet.authorChannelId"
    return identifier(comment, f"{path}.value" if isinstance(raw(comment, path), dict) else path)


# --- posts


def _post(item: RecordDict, warnings: Counter[str]) -> Made | None:
    if isinstance(item.get("error"), dict):
        raise BadValue("error", "the API answered with an error", raw(item, "error.message"))
    kind = _kind(item)
    if kind == "comment":
        return _comment(item, warnings)
    if kind == "commentThread":
        raise BadValue("snippet.topLevelComment", "a thread without its first comment", raw(item, "snippet"))
    if kind == "channel" or (kind == "searchResult" and not raw(item, "id.videoId")):
        inner(item, "id" if kind == "searchResult" else "snippet")
        warnings[_ACCOUNTS_THERE] += 1
        return None
    if kind not in _POSTS:
        raise BadValue("kind", "neither a video nor a comment", item.get("kind"))
    return _video(item, kind, warnings)


def _comment(one: RecordDict, warnings: Counter[str]) -> Made:
    post_id = str(identifier(one, "id", required=True))
    name = word(one, "snippet.authorDisplayName")
    author = fields.author(_channel_id(one), name, warnings, word(one, "snippet.authorChannelUrl"))
    root = identifier(one, "snippet.videoId")
    above, _, reply = post_id.partition(".")
    parent = identifier(one, "snippet.parentId") or (above if reply else None)
    if root is None:
        warnings["comments whose video the file does not name"] += 1
    shown, written = text(one, "snippet.textDisplay"), text(one, "snippet.textOriginal")
    written = fields.plain(shown) if written is None else written
    stated = word(one, "snippet.publishedAt")
    if stated and word(one, "snippet.updatedAt") not in (None, stated):
        warnings["comments edited later: the text is the last one"] += 1
    value = {
        "platform": "youtube",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **field_time(iso(one, "snippet.publishedAt", "youtube")),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": parent or root,
        "root_id": root,
        "target_account_id": identifier(one, "snippet.answered" if parent else "snippet.channelId"),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": fields.links(written, shown),
        "mentions": fields.mentions(written, name),
        "likes": number(one, "snippet.likeCount"),
        "replies": number(one, "snippet.totalReplyCount"),
        "status": _unless("published", word(one, "snippet.moderationStatus")),
    }
    return Made(value, author)


def _unless(usual: str, stated: str | None) -> str | None:
    return None if stated == usual else stated


def _video(one: RecordDict, kind: str, warnings: Counter[str]) -> Made:
    listed = kind == "playlistItem"
    where = {"searchResult": "id.videoId", "playlistItem": "snippet.resourceId.videoId"}.get(kind, "id")
    post_id = identifier(one, where) if listed else identifier(one, where, required=True)
    post_id = str(post_id or identifier(one, "contentDetails.videoId", required=True))
    owner = "snippet.videoOwnerChannel" if listed else "snippet.channel"  # else whose list it is
    author = fields.author(identifier(one, f"{owner}Id"), word(one, f"{owner}Title"), warnings)
    title, description = text(one, "snippet.title"), text(one, "snippet.description")
    status = _unless("public", word(one, "status.privacyStatus"))
    if listed and author is None and title in _GONE:
        status, title, description = _GONE[title], None, None
    if kind == "searchResult":
        title, description = html.unescape(title or "") or None, html.unescape(description or "") or None
        warnings["descriptions that search cuts short"] += bool(description and description.endswith("..."))
    written = fields.titled(title, description)
    value = {
        "platform": "youtube",
        "post_id": post_id,
        "account_id": fields.identity(author),
        # a list says when the video was added to it
        **field_time(
            iso(one, "contentDetails.videoPublishedAt" if listed else "snippet.publishedAt", "youtube")
        ),
        **kind_flags(repost=False, reply=False, quote=False),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "media": fields.video(post_id),
        "language": _language(one),
        "likes": number(one, "statistics.likeCount"),
        "replies": number(one, "statistics.commentCount"),
        "views": number(one, "statistics.viewCount"),
        "status": status,
    }
    return Made(value, author)


def _language(video: RecordDict) -> str | None:
    """The language of title and description, else of the sound."""
    return values.language(
        word(video, "snippet.defaultLanguage") or word(video, "snippet.defaultAudioLanguage")
    )


# --- accounts


def _account(item: RecordDict, warnings: Counter[str]) -> Made | None:
    if isinstance(item.get("error"), dict):
        raise BadValue("error", "the API answered with an error", raw(item, "error.message"))
    kind = _kind(item)
    found = kind == "searchResult" and raw(item, "id.channelId") is not None
    if kind in _POSTS and not found:
        warnings[_POSTS_THERE] += 1
        return None
    if kind != "channel" and not found:
        raise BadValue("kind", "no channel", item.get("kind"))
    title, bio = text(item, "snippet.title"), text(item, "snippet.description")
    created_at, precision = iso(item, "snippet.publishedAt", "youtube")
    hidden = flag(item, "statistics.hiddenSubscriberCount") is True
    warnings.update({HIDDEN: 1} if hidden else {})
    value = {
        "platform": "youtube",
        "account_id": identifier(item, "id.channelId" if found else "id", required=True),
        "handle": values.handle("snippet.customUrl", raw(item, "snippet.customUrl")),
        "display_name": html.unescape(title) if title and found else title,
        "bio": None if found else bio,  # search cuts it
        "location": word(item, "snippet.country"),
        "profile_language": word(item, "snippet.defaultLanguage"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": None if hidden else number(item, "statistics.subscriberCount"),
        "posts_stated": number(item, "statistics.videoCount"),
    }
    return Made(value)


# --- recognition


def _kinds(head: Head) -> list[str]:
    """Kinds of the first items; of an empty page, the kind of its list."""
    found: list[str] = []
    for page in head.objects[:3]:
        kind = str(page.get("kind"))
        if not kind.startswith("youtube#"):
            continue
        items = page.get("items")
        listed = kind.removeprefix("youtube#").replace("ListResponse", "").replace("search", "searchResult")
        if not isinstance(items, list) or not items:
            found.append(listed if kind.endswith("ListResponse") else _kind(page))
            continue
        for item in items[:50]:
            own = _kind({"kind": listed, **item}) if isinstance(item, dict) else ""
            about = item.get("id") if isinstance(item, dict) else None
            channel = own == "searchResult" and isinstance(about, dict) and "channelId" in about
            found.append("channel" if channel else own)
    return found


def _is_posts(head: Head) -> bool:
    kinds = _kinds(head)
    return not _is_channels(head) and any(kind in _POSTS for kind in kinds)


def _is_channels(head: Head) -> bool:
    kinds = _kinds(head)
    return bool(kinds) and all(kind == "channel" for kind in kinds)


_TOOL = "YouTube Data API v3 and its clients"
FORMATS = (
    Format(
        "youtube_api",
        "YouTube Data API, videos and comments",
        platform="youtube",
        table="posts",
        tool=_TOOL,
        sniff=_is_posts,
        read=read_posts,
        carries="videos with title and description, comments with what they answer, authors, links, counts, views",
        lacks="comments that were held or removed; dislikes; keywords and duration of videos; when counts were taken",
        caveats=(
            "a thread holds only some of its replies unless they were asked for one by one",
            "a reply to a reply stands under the first comment of the thread; only a name in its text says whom it answers",
            "the text as shown is read as HTML where the text as written is missing",
            "a search cuts descriptions: leave its pages out where the videos themselves were fetched",
        ),
    ),
    Format(
        "youtube_api_channels",
        "YouTube Data API, channels",
        platform="youtube",
        table="accounts",
        tool=_TOOL,
        sniff=_is_channels,
        read=read_channels,
        carries="name, handle, text, country, time of creation, subscribers and number of videos of channels",
        lacks="whom a channel follows; keywords; views of the whole channel",
        caveats=("subscribers are rounded to three digits", "channels can hide their number of subscribers"),
    ),
)
