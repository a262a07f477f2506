"""What the kinds of file that Weibo's crawlers write share: numbers, times, counts, lists, references."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from kit.ids import time_of, weibo_id
from kit.loaders import times, values
from kit.loaders.files import Source
from kit.loaders.objects import RecordDict, field_time, identifier, kind_flags, raw, text, word
from kit.loaders.values import BadValue

_CHINA = "Asia/Shanghai"
_CEILING = 1_000_000
_SHORT = re.compile(r"\d+(?:\.\d+)?\s*[万億亿]\+?|\d+\+", re.ASCII)
_ADDRESS = re.compile(r"[,;](?=https?://)")
_PLAIN_REPOST = {"", "转发微博", "轉發微博", "Repost", "转发"}
_LAG = timedelta(minutes=1)  # between a number and the second or minute that is shown
_EIGHT = timedelta(hours=8)  # days are China's, whatever the collector's clock
VERIFIED = {"普通用户": False, "黄V": True, "红V": True, "金V": True, "橙V": True, "蓝V": True}
SHORTENED = "counts that Weibo shortens (10万+) or stops at a million: missing, as they are no numbers"

When = Callable[[str, Any], times.Moment]


def clock(source: Source, options: Mapping[str, Any]) -> When:
    """Reads times as China shows them, or as the zone that the report file declares does."""
    zone = (options.get("time") or {}).get("zone") or _CHINA
    return times.reader({"zone": zone}, "weibo", source.warnings, source.where())


def times_of(post_id: str, stated: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The time columns: the number's second where it lies in the second, minute or day that is stated."""
    decoded = time_of("weibo", post_id)
    moment, precision = stated
    if decoded is None:
        return field_time(stated)
    values.plausible("id", decoded, "weibo", post_id)
    if moment is not None:
        same = (
            (decoded + _EIGHT).date() == moment.date()
            if precision == "day"
            else abs(decoded - moment) <= _LAG * (2 if precision == "minute" else 1)
        )
        if not same:
            warnings["time in the identifier differs from the time given; the time given was kept"] += 1
            return field_time(stated)
        if precision in ("second", "millisecond"):
            return field_time(stated)
    return {
        "created_at": decoded,
        "time_source": "identifier",
        "time_precision": "second",
        "time_stated": moment is not None,
    }


def number_of(thing: RecordDict, path: str, bid_path: str, warnings: Counter[str]) -> str | None:
    """The number of a post; out of its short form where that is all there is."""
    given, bid = identifier(thing, path), word(thing, bid_path)
    coded = weibo_id(bid) if bid else -1
    if given is None:
        return str(coded) if coded > 0 else None
    if coded > 0 and given.isdigit() and str(coded) != given:
        warnings["numbers of posts that differ from their short form (bid); the number was kept"] += 1
    return given


def count(thing: RecordDict, path: str, warnings: Counter[str]) -> int | None:
    """A count; None, and a warning, where Weibo gives no exact number."""
    found = raw(thing, path)
    if isinstance(found, str) and _SHORT.fullmatch(found.strip()):
        warnings[SHORTENED] += 1
        return None
    number = values.count(path, found)
    if number == _CEILING:
        warnings[SHORTENED] += 1
        return None
    return number


def _split(thing: RecordDict, path: str) -> list[str]:
    """Words joined with commas, or a list."""
    found = raw(thing, path)
    if isinstance(found, list):
        if not all(isinstance(one, str) for one in found):
            raise BadValue(path, "a list of words was expected", found)
        return [one.strip() for one in found if one.strip()]
    return [part.strip() for part in (values.text(path, found) or "").split(",") if part.strip()]


def _media(thing: RecordDict, pictures: str, *videos: str) -> list[RecordDict]:
    """Pictures and videos; a picture's name stays the same while its address changes."""
    found = []
    for path, kind in ((pictures, "image"), *((path, "video") for path in videos)):
        given = raw(thing, path)
        listed = given if isinstance(given, list) else _ADDRESS.split(values.text(path, given) or "")
        for one in listed:
            url = (values.text(path, one) or "").strip()
            if url:
                name = url.partition("?")[0].rpartition("/")[2].partition(".")[0] if kind == "image" else None
                found.append({"media_id": name or None, "kind": kind, "url": url, "alt_text": None})
    return found


#: our names, and theirs in the three kinds of file
CRAWLER = {
    "text": "正文",
    "article": "头条文章url",
    "pictures": "原始图片url",
    "videos": ("视频url", "Live Photo视频url"),
    "client": "工具",
    "likes": "点赞数",
    "replies": "评论数",
    "reposts": "转发数",
    "hashtags": "话题",
    "mentions": "@用户",
}
SEARCH = {
    **CRAWLER,
    "text": "微博正文",
    "pictures": "微博图片url",
    "videos": ("微博视频url",),
    "client": "发布工具",
    "mentions": "艾特用户",
}
JSON = {
    "text": "text",
    "article": "article_url",
    "pictures": "pics",
    "videos": ("video_url", "live_photo_url"),
    "client": "source",
    "likes": "attitudes_count",
    "replies": "comments_count",
    "reposts": "reposts_count",
    "hashtags": "topics",
    "mentions": "at_users",
}


def shared(thing: RecordDict, names: Mapping[str, Any], warnings: Counter[str]) -> RecordDict:
    """The columns that every kind of file has, under its own names."""
    article = word(thing, names["article"])
    return {
        "platform": "weibo",
        "text": text(thing, names["text"]),
        "client": word(thing, names["client"]),
        "hashtags": [values.hashtag(tag.strip("#")) for tag in _split(thing, names["hashtags"])],
        "mentions": [
            {"account_id": None, "handle": values.handle(names["mentions"], one)}
            for one in _split(thing, names["mentions"])
            if one.strip("@")
        ],
        "urls": [{"url": article, "expanded_url": None}] if article else [],
        "media": _media(thing, names["pictures"], *names["videos"]),
        **{ours: count(thing, names[ours], warnings) for ours in ("likes", "replies", "reposts")},
    }


def passed_on(value: RecordDict, other: str | None, account: str | None, original: bool | None) -> RecordDict:
    """Kind and references: a repost with words of its own quotes, one without passes on.

    `original` says whether the file calls the post the author's own; a repost whose original is
    gone has no number to refer to.
    """
    own = (value["text"] or "").strip()
    passes = bool(other) or original is False
    bare = passes and (own in _PLAIN_REPOST or own.startswith("//@"))
    kinds = kind_flags(
        repost=None if original is None and not passes else bare, reply=False, quote=passes and not bare
    )
    return kinds | {
        "reposted_id": other if bare else None,
        "reposted_account_id": account if bare else None,
        "quoted_id": None if bare else other,
    }
