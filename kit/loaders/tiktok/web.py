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
    Thing,
    beside,
    identifier,
    inner,
    marks,
    number,
    raw,
    seconds,
    text,
    things,
    word,
)
from kit.loaders.tiktok import parts
from kit.loaders.values import BadValue

_COUNTS = {"likes": "diggCount", "replies": "commentCount", "reposts": "shareCount", "views": "playCount"}
_NO_LANGUAGE = ("un", "")


def post(thing: Thing, doubts: Counter[str], captured: datetime | None) -> Made:
    """A video or a series of pictures with its author; `captured` is when a tool saved it, where known."""
    if raw(thing, "isAd") is True:
        raise BadValue("isAd", "an advertisement shown to whoever collected this", "")
    post_id = str(identifier(thing, "id", required=True))
    author = _profile(thing, doubts, captured)
    written = text(thing, "desc")
    extra = things(thing, "textExtra")
    duet = parts.none_if_zero(identifier(thing, "duetInfo.duetFromId"))
    listed = [word(one, "hashtagName") for one in extra] + [
        word(one, "title") for one in things(thing, "challenges")
    ]
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": parts.identity(author),
        **parts.when(post_id, seconds(thing, "createTime", "tiktok"), doubts),
        **marks(repost=False, reply=False, quote=True if duet else None),  # nothing tells of a stitch
        "quoted_id": duet,
        "text": written,
        "posted_from": word(thing, "locationCreated"),
        "language": _language(word(thing, "textLanguage")),
        "hashtags": parts.hashtags([tag for tag in listed if tag], written),
        "mentions": _mentions(extra, "userUniqueId", "userId"),
        "media": _media(thing, post_id),
        "captured_at": captured,
        **{ours: _count(thing, "stats", theirs) for ours, theirs in _COUNTS.items()},
    }
    return Made(value, author)


def _count(thing: Thing, place: str, name: str) -> int | None:
    """A count, exact where the newer place has it."""
    exact = number(thing, f"{place}V2.{name}")
    return number(thing, f"{place}.{name}") if exact is None else exact


def _profile(thing: Thing, doubts: Counter[str], captured: datetime | None) -> Thing | None:
    found = raw(thing, "author")
    whole = isinstance(found, dict)
    user = inner(thing, "author") if whole else {}
    handle = values.handle("author.uniqueId", raw(user, "uniqueId") if whole else found)
    account = identifier(user, "id") if whole else identifier(thing, "authorId")
    author = parts.author(account, handle, doubts)
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


def _mentions(extra: list[Thing], handle: str, number_: str) -> list[Thing]:
    found = []
    for one in extra:
        account = parts.none_if_zero(identifier(one, number_))
        name = values.handle(handle, raw(one, handle))
        if account or name:
            found.append({"account_id": account, "handle": name})
    return found


def _media(thing: Thing, post_id: str) -> list[Thing]:
    """The video or the pictures, and the sound; their addresses expire."""
    url = word(thing, "video.downloadAddr") or word(thing, "video.playAddr")
    sound = identifier(thing, "music.id")
    found = parts.media(post_id, url, sound, word(thing, "music.playUrl"))
    pictures = things(thing, "imagePost.images")
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


def comment(thing: Thing, doubts: Counter[str], captured: datetime | None) -> Made:
    """A comment with its author; the answers shown below it are context, as nobody asked for them."""
    value, author = _comment(thing, doubts, captured)
    below = thing.get("reply_comment")
    found = [one for one in below if isinstance(one, dict)] if isinstance(below, list) else []
    return Made(value, author, beside(lambda one: _comment(one, Counter(), captured)[0], found, doubts))


def _comment(thing: Thing, doubts: Counter[str], captured: datetime | None) -> tuple[Thing, Thing | None]:
    post_id = str(identifier(thing, "cid", required=True))
    root = identifier(thing, "aweme_id")
    thread = parts.none_if_zero(identifier(thing, "reply_id"))
    answered = parts.none_if_zero(identifier(thing, "reply_to_reply_id"))
    user = inner(thing, "user")
    author = parts.author(
        identifier(user, "uid"), values.handle("user.unique_id", raw(user, "unique_id")), doubts
    )
    if author:
        author |= {
            "display_name": text(user, "nickname"),
            "bio": text(user, "signature"),
            "captured_at": captured,
        }
    written = text(thing, "text")
    extra = things(thing, "text_extra")
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": parts.identity(author),
        **parts.when(post_id, seconds(thing, "create_time", "tiktok"), doubts),
        **marks(repost=False, reply=True, quote=False),
        "reply_to_id": answered or thread or root,
        "root_id": root,
        "text": written,
        "language": _language(word(thing, "comment_language")),
        "hashtags": parts.hashtags(_tags(extra), written),
        "mentions": _mentions(extra, "user_unique_id", "user_id"),
        "likes": number(thing, "digg_count"),
        "replies": number(thing, "reply_comment_total"),
        "captured_at": captured,
    }
    return value, author


def _tags(extra: list[Thing]) -> Iterator[str]:
    for one in extra:
        if tag := word(one, "hashtag_name"):
            yield tag
