"""What yt-dlp writes about videos of many sites: `info.json`, with comments, and playlists.

The site is told by `extractor_key`; an extractor that is not in `SITES` is set aside, named.
A comment's time on YouTube was worked out from words such as `2 years ago` and is marked as
an estimate. Playlists are lists of their videos and no records themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.instagram.nodes import media_number
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    field_time,
    flag,
    from_objects,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    links_in,
    number,
    raw,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue
from kit.loaders.youtube import fields

_DEEPEST = 5
_LISTS = ("playlist", "multi_video")
#: long lists of addresses that expire; they would only swell what is set aside
_BALLAST = {
    "comments",
    "formats",
    "requested_formats",
    "thumbnails",
    "automatic_captions",
    "subtitles",
    "heatmap",
}


class Who(NamedTuple):
    """A video's own number on its site, and who put it there."""

    platform: str
    post_id: str | None
    account_id: str | None
    handle: str | None
    name: str | None


def _youtube(video: RecordDict) -> Who:
    shown = word(video, "uploader_id")  # the handle with its sign; before 2023 a channel or an older name
    handle = values.handle("uploader_id", shown) if shown and shown.startswith("@") else None
    account = identifier(video, "channel_id") or by_handle(handle)
    return Who(
        "youtube", identifier(video, "id"), account, handle, word(video, "channel") or word(video, "uploader")
    )


def _tiktok(video: RecordDict) -> Who:
    handle = values.handle("uploader", raw(video, "uploader"))
    account = identifier(video, "uploader_id")
    account = account if account and account.isdigit() else by_handle(handle)
    return Who("tiktok", identifier(video, "id"), account, handle, word(video, "channel"))


def _x(video: RecordDict) -> Who:
    handle = values.handle("uploader_id", raw(video, "uploader_id"))
    post_id = identifier(video, "display_id") or identifier(
        video, "id"
    )  # `id` may be the number of the picture
    account = identifier(video, "channel_id") or by_handle(handle)
    return Who("x", post_id, account, handle, word(video, "uploader"))


def _instagram(video: RecordDict) -> Who:
    handle = values.handle("channel", raw(video, "channel"))
    code = identifier(video, "display_id") or identifier(video, "id")
    account = identifier(video, "uploader_id") or by_handle(handle)
    return Who("instagram", media_number(code) if code else None, account, handle, word(video, "uploader"))


def _facebook(video: RecordDict) -> Who:
    account = identifier(video, "uploader_id")
    return Who("facebook", identifier(video, "id"), account, None, word(video, "uploader"))


#: by the beginning of the extractor's name
SITES: dict[str, Callable[[RecordDict], Who]] = {
    "youtube": _youtube,
    "tiktok": _tiktok,
    "twitter": _x,
    "instagram": _instagram,
    "facebook": _facebook,
}


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Videos with who put them there, and the comments that were taken with them."""
    return from_objects(source, "posts", lambda one: _made(one, source.warnings), _all)


def _site(thing: RecordDict) -> Callable[[RecordDict], Who]:
    extractor = word(thing, "extractor_key") or word(thing, "ie_key")
    name = (extractor or "").lower()
    for start, site in SITES.items():
        if name.startswith(start):
            return site
    raise BadValue("extractor_key", "videos of this site cannot be read yet", extractor)


# --- lists, videos and comments


def _all(info: RecordDict, depth: int = 0) -> Iterator[Any]:
    """Every video in an object, each followed by its comments."""
    entries = info.get("entries")
    if info.get("_type") not in _LISTS and entries is None:
        yield from _with_comments(info)
        return
    if not isinstance(entries, list) or depth >= _DEEPEST:
        yield {"unread": entries}
        return
    for one in entries:
        if isinstance(one, dict):
            yield from _all(one, depth + 1)
        else:
            yield {"gone": True} if one is None else one


def _with_comments(info: RecordDict) -> Iterator[Any]:
    comments = info.get("comments")
    taken = len(comments) if isinstance(comments, list) else None
    yield {**{key: one for key, one in info.items() if key not in _BALLAST}, "comments_taken": taken}
    if comments is None:
        return
    listed = comments if isinstance(comments, list) else [comments]
    under = {
        key: info.get(key) for key in ("id", "display_id", "extractor_key", "ie_key", "channel_id", "epoch")
    }
    under |= {key: info.get(key) for key in ("uploader_id", "uploader", "channel")}
    authors = {one.get("id"): one.get("author_id") for one in listed if _plain_pair(one)}
    for one in listed:
        if not isinstance(one, dict):
            yield one
            continue
        parent = one.get("parent")
        answered = authors.get(parent) if isinstance(parent, str) else None
        yield {**one, "under": under, "answered": answered}


def _plain_pair(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("author_id"), str)


def _made(thing: RecordDict, warnings: Counter[str]) -> Made | None:
    if "gone" in thing:
        warnings["videos of a playlist that the tool could not reach"] += 1
        return None
    if "unread" in thing:
        if thing["unread"] is not None and not isinstance(thing["unread"], list):
            raise BadValue("entries", "a list was expected", thing["unread"])
        warnings["playlists without their videos, or too deep inside others"] += 1
        return None
    return _comment(thing, warnings) if "under" in thing else _video(thing, warnings)


def _video(video: RecordDict, warnings: Counter[str]) -> Made:
    who = _site(video)(video)
    if who.post_id is None:
        raise BadValue("id", "no identifier", "")
    captured = seconds(video, "epoch", "web")[0]
    title, description = text(video, "title"), text(video, "description")
    youtube = who.platform == "youtube"
    # elsewhere the title is made from the text
    written = fields.titled(title, description) if youtube else (description or title)
    replies, taken = number(video, "comment_count"), number(video, "comments_taken")
    if taken is not None and replies == taken:
        warnings["numbers of comments that say how many the tool took; they are left out"] += 1
        replies = None
    if who.account_id is None:
        warnings[fields.NO_AUTHOR] += 1
    value = {
        "platform": who.platform,
        "post_id": who.post_id,
        "account_id": who.account_id,
        **field_time(_time(video, who.platform)),
        **kind_flags(repost=False if youtube else None, reply=False if youtube else None, quote=None),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "media": [
            {
                "media_id": identifier(video, "id"),
                "kind": "video",
                "url": word(video, "webpage_url"),
                "alt_text": None,
            }
        ],
        "language": values.language(word(video, "language")),
        "likes": number(video, "like_count"),
        "replies": replies,
        "reposts": number(video, "repost_count"),
        "views": number(video, "view_count"),
        "status": None if word(video, "availability") == "public" else word(video, "availability"),
        "captured_at": captured,
    }
    followers = number(video, "channel_follower_count")
    return Made(value, _account(who, followers=followers, captured_at=captured))


def _account(who: Who, **more: Any) -> RecordDict | None:
    if who.account_id is None:
        return None
    known = {"account_id": who.account_id, "handle": who.handle, "display_name": who.name}
    return {"platform": who.platform, **known, **more}


def _time(video: RecordDict, platform: str) -> times.Moment:
    """When it was put there: to the second, or the day in UTC where the tool knows no more."""
    moment = seconds(video, "timestamp", platform)
    day = identifier(video, "upload_date") if moment[0] is None else None
    if day is None:
        return moment
    return times.reader({"format": "%Y%m%d"}, platform, Counter(), "")("upload_date", day)


def _comment(one: RecordDict, warnings: Counter[str]) -> Made:
    under = inner(one, "under")
    who = _site(under)(under)
    youtube = who.platform == "youtube"
    captured = seconds(under, "epoch", "web")[0]
    name, written = word(one, "author"), text(one, "text")
    account_id = identifier(one, "author_id")
    if youtube:
        author = fields.author(account_id, name, warnings)
    else:
        author = _account(Who(who.platform, None, account_id, None, name))
        warnings.update({fields.NO_AUTHOR: 1} if author is None else {})
    if author:
        author |= {"verified": flag(one, "author_is_verified"), "captured_at": captured}
    parent = identifier(one, "parent")
    parent = None if parent == "root" else parent
    moment = seconds(one, "timestamp", who.platform)
    value = {
        "platform": who.platform,
        "post_id": identifier(one, "id", required=True),
        "account_id": fields.identity(author),
        **(fields.estimated(moment) if youtube else field_time(moment)),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": parent or who.post_id,
        "root_id": who.post_id,
        "target_account_id": identifier(one, "answered") if parent else who.account_id,
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "mentions": fields.mentions(written, name) if youtube else [],
        "likes": number(one, "like_count"),
        "captured_at": captured,
    }
    return Made(value, author)


# --- recognition


def _is_info(head: Head) -> bool:
    for one in head.objects[:3]:
        if isinstance(one.get("extractor_key"), str) and ("webpage_url" in one or "_type" in one):
            return True
        formats = one.get("formats")  # the extractor's name stands behind this list, which can be very long
        first = formats[0] if isinstance(formats, list) and formats else None
        if {"id", "title"} <= set(one) and isinstance(first, dict) and "format_id" in first:
            return True
    return False


FORMATS = (
    Format(
        "yt_dlp",
        "yt-dlp, videos and their comments",
        platform="",
        table="posts",
        tool="yt-dlp, info.json; YouTube, TikTok, X, Instagram and Facebook",
        sniff=_is_info,
        read=read,
        carries="videos with title and description, who put them there, comments with what they answer, counts, views, "
        "time of capture",
        lacks="true times of YouTube's comments; dislikes; sound and captions; videos of other sites, which are set aside",
        caveats=(
            "times of YouTube's comments are estimates from words such as `2 years ago`, and stand as days",
            "a playlist written as one object can be too large to read: have the tool write one video a line",
            "likes of comments and numbers of followers are rounded from 1,000 on",
            "the channel of a video is read with those who comment: give it a group of its own where it is not studied",
        ),
    ),
)
