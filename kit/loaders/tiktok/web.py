"""Videos and comments as TikTok's web client receives them, as Zeeschuimer saves them.

A video's author is an object or, out of older pages, a handle with the name beside it. Counts
stand twice: as numbers, which are rounded or overflow for the largest, and as text, which is
exact. A comment under a comment names the thread and, where it answers another one, that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from kit.loaders import values
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    identifier,
    inner,
    kind_flags,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.tiktok import fields
from kit.loaders.values import BadValue

_COUNTS = {"likes": "diggCount", "replies": "commentCount", "reposts": "shareCount", "views": "playCount"}
_NO_LANGUAGE = ("un", "")


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A video or a series of pictures with its author; `captured` is when a tool saved it, where known."""
    if raw(thing, "isAd") is True:
        raise BadValue("isAd", "an advertisement shown to whoever collected this", "")
    post_id = str(identifier(thing, "id", required=True))
    author = _profile(thing, warnings, captured)
    written = text(thing, "desc")
    extra = record_dicts(thing, "textExtra")
    duet = fields.none_if_zero(identifier(thing, "duetInfo.duetFromId"))
    listed = [word(one, "hashtagName") for one in extra] + [
        word(one, "title") for one in record_dicts(thing, "challenges")
    ]
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, seconds(thing, "createTime", "tiktok"), warnings),
        **kind_flags(repost=False, reply=False, quote=True if duet else None),  # nothing tells of a stitch
        "quoted_id": duet,
        "text": written,
        "posted_from": word(thing, "locationCreated"),
        "language": _language(word(thing, "textLanguage")),
        "hashtags": fields.hashtags([tag for tag in listed if tag], written),
        "mentions": _mentions(extra, "userUniqueId", "userId"),
        "media": _media(thing, post_id),
        "captured_at": captured,
        **{ours: _count(thing, "stats", theirs) for ours, theirs in _COUNTS.items()},
    }
    return Made(value, author)


def _count(thing: RecordDict, place: str, name: str) -> int | None:
    """A count, exact where the newer place has it."""
    exact = number(thing, f"{place}V2.{name}")
    return number(thing, f"{place}.{name}") if exact is None else exact


def _profile(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> RecordDict | None:
    found = raw(thing, "author")
    whole = isinstance(found, dict)
    user = inner(thing, "author") if whole else {}
    handle = values.handle("author.uniqueId", raw(user, "uniqueId") if whole else found)
    account = identifier(user, "id") if whole else identifier(thing, "authorId")
    author = fields.author(account, handle, warnings)
    if author is None:
        return None
    private = values.boolean("author.privateAccount", raw(user, "privateAccount"))
    return {
        **author,
        "display_name": text(user if whole else thing, "nickname"),
        "bio": text(user, "signature"),
        "verified": values.boolean("author.verified", raw(user, "verified")),
        "followers": _count(thing, "authorStats", "followerCount"),
        "following": _count(thing, "authorStats", "followingCount"),
        "posts_stated": _count(thing, "authorStats", "videoCount"),
        "status": None if private is None else "private" if private else "active",
        "captured_at": captured,
    }


def _mentions(extra: list[RecordDict], handle: str, number_: str) -> list[RecordDict]:
    found = []
    for one in extra:
        account = fields.none_if_zero(identifier(one, number_))
        name = values.handle(handle, raw(one, handle))
        if account or name:
            found.append({"account_id": account, "handle": name})
    return found


def _media(thing: RecordDict, post_id: str) -> list[RecordDict]:
    """The video or the pictures, and the sound; their addresses expire."""
    url = word(thing, "video.downloadAddr") or word(thing, "video.playAddr")
    sound = identifier(thing, "music.id")
    found = fields.media(post_id, url, sound, word(thing, "music.playUrl"))
    pictures = record_dicts(thing, "imagePost.images")
    if not pictures:
        return found
    shown = []
    for one in pictures:
        listed = raw(one, "imageURL.urlList") or []
        address = listed[0] if isinstance(listed, list) and listed else None
        address = values.text("imageURL.urlList", address)
        shown.append({"media_id": None, "kind": "image", "url": address, "alt_text": None})
    return [one for one in shown if one["url"]] + found[1:]


def _language(code: str | None) -> str | None:
    return "und" if code in _NO_LANGUAGE else values.language(code)


# --- comments


def comment(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A comment with its author; the answers shown below it are context, as nobody asked for them."""
    value, author = _comment(thing, warnings, captured)
    below = thing.get("reply_comment")
    found = [one for one in below if isinstance(one, dict)] if isinstance(below, list) else []
    return Made(value, author, beside(lambda one: _comment(one, Counter(), captured)[0], found, warnings))


def _comment(
    thing: RecordDict, warnings: Counter[str], captured: datetime | None
) -> tuple[RecordDict, RecordDict | None]:
    post_id = str(identifier(thing, "cid", required=True))
    root = identifier(thing, "aweme_id")
    thread = fields.none_if_zero(identifier(thing, "reply_id"))
    answered = fields.none_if_zero(identifier(thing, "reply_to_reply_id"))
    user = inner(thing, "user")
    author = fields.author(
        identifier(user, "uid"), values.handle("user.unique_id", raw(user, "unique_id")), warnings
    )
    if author:
        author |= {
            "display_name": text(user, "nickname"),
            "bio": text(user, "signature"),
            "captured_at": captured,
        }
    written = text(thing, "text")
    extra = record_dicts(thing, "text_extra")
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, seconds(thing, "create_time", "tiktok"), warnings),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": answered or thread or root,
        "root_id": root,
        "text": written,
        "language": _language(word(thing, "comment_language")),
        "hashtags": fields.hashtags(_tags(extra), written),
        "mentions": _mentions(extra, "user_unique_id", "user_id"),
        "likes": number(thing, "digg_count"),
        "replies": number(thing, "reply_comment_total"),
        "captured_at": captured,
    }
    return value, author


def _tags(extra: list[RecordDict]) -> Iterator[str]:
    for one in extra:
        if tag := word(one, "hashtag_name"):
            yield tag
