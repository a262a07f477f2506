"""Videos and pictures of Douyin as its web client receives them, as Zeeschuimer saves them.

They come in two spellings: `aweme_id` from the site's interface, `awemeId` out of its pages, where
`$undefined` stands for what is missing. Live streams are no posts and are set aside. The handle is
not shown; the account's number is.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from kit.loaders import values
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    flag,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    number,
    raw,
    record_dicts,
    seconds,
    spelt,
    text,
    word,
)
from kit.loaders.values import BadValue

_UNDEFINED = "$undefined"
_COUNTS = {"likes": "digg_count", "replies": "comment_count", "reposts": "share_count", "views": "play_count"}


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A video or a series of pictures with its author; `captured` is when a tool saved it, where known."""
    thing = spelt(thing, _UNDEFINED)
    if raw(thing, "rawdata") or raw(thing, "cell_room"):
        raise BadValue("rawdata", "a live stream, which is no post", "")
    if flag(thing, "is_ads"):
        raise BadValue("is_ads", "an advertisement shown to whoever collected this", "")
    post_id = identifier(thing, "aweme_id", required=True)
    author = _profile(thing, warnings, captured)
    written, extra = text(thing, "desc"), record_dicts(thing, "text_extra")
    tags = [values.hashtag(tag) for one in extra if (tag := word(one, "hashtag_name"))]
    stats = inner(thing, "statistics") or inner(thing, "stats")
    counts = {ours: number(stats, theirs) for ours, theirs in _COUNTS.items()}
    if counts["views"] == 0 and counts["likes"]:
        counts["views"] = None  # nobody likes what nobody saw: the site keeps the number to itself
    value = {
        "platform": "douyin",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(seconds(thing, "create_time", "douyin")),
        **kind_flags(repost=False, reply=False, quote=None),  # nothing tells of a duet
        "text": written,
        "hashtags": tags or hashtags_in(written),
        "mentions": [
            {"account_id": account, "handle": None}
            for one in extra
            if (account := identifier(one, "user_id")) not in (None, "0")
        ],
        "media": _media(thing, str(post_id)),
        "captured_at": captured,
        **counts,
    }
    return Made(value, author)


def _profile(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> RecordDict | None:
    user = inner(thing, "author") or inner(thing, "author_info")
    account = identifier(user, "uid") or identifier(user, "id") or identifier(thing, "author_user_id")
    if account in (None, "0"):
        warnings["posts whose author is not named by a number: they have no account"] += 1
        return None
    return {
        "platform": "douyin",
        "account_id": account,
        "display_name": text(user, "nickname"),
        "bio": text(user, "signature"),
        "followers": number(user, "follower_count"),
        "following": number(user, "following_count"),
        "captured_at": captured,
    }


def _media(thing: RecordDict, post_id: str) -> list[RecordDict]:
    """The pictures, else the video; and the sound, which others use too. Their addresses expire."""
    found = [
        {"media_id": word(one, "uri"), "kind": "image", "url": _first(one, "url_list"), "alt_text": None}
        for one in record_dicts(thing, "images")
    ]
    found = [one for one in found if one["media_id"] or one["url"]]
    if not found:
        url = _first(inner(thing, "video.play_addr"), "url_list")
        found.append({"media_id": post_id, "kind": "video", "url": url, "alt_text": None})
    if sound := identifier(thing, "music.id_str") or identifier(thing, "music.mid"):
        found.append({"media_id": sound, "kind": "audio", "url": None, "alt_text": None})
    return found


def _first(thing: RecordDict, name: str) -> str | None:
    """The first of a list of addresses."""
    listed = raw(thing, name)
    return values.text(name, listed[0]) if isinstance(listed, list) and listed else None
