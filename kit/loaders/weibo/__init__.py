"""Weibo: what the common crawlers write, as CSV with Chinese names of columns or as JSON.

Times are those of China (UTC+8) unless the report file declares the zone of a collector whose clock
turned `5分钟前` into a time; a post's number holds its second, which is taken where it agrees. Counts
that Weibo shortens (`10万+`, `1.2万`) or stops at a million are no numbers: missing, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from kit.errors import InputError
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    flag,
    from_objects,
    from_rows,
    header_names,
    identifier,
    inner,
    kind_flags,
    raw,
    text,
    word,
)
from kit.loaders.values import BadValue
from kit.loaders.weibo import posts
from kit.loaders.weibo.bazhuayu import FORMATS as _BAZHUAYU

_OWN = re.compile(r"(\d{5,12})(?:\.csv)?", re.ASCII)


# --- weibo-crawler, CSV

_NEEDED = ("id", "bid", "正文", "日期", "点赞数", "评论数", "转发数")


def read_crawler(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of the one account after which the file is named."""
    stated = values.identifier("account_id", (options.get("constants") or {}).get("account_id"))
    found = _OWN.fullmatch((source.member or source.path.name).rpartition("/")[2])
    owner = stated or (found[1] if found else None)
    if owner is None:
        hint = "give the file the account's number as its name, or write `constants: {account_id: …}`"
        raise InputError("nothing says whose posts these are", where=source.where(), hint=hint)
    when, warnings = posts.clock(source, options), source.warnings

    def build(row: RecordDict) -> Made:
        post_id = posts.number_of(row, "id", "bid", warnings)
        if post_id is None:
            raise BadValue("id", "no identifier", row["id"])
        stated = when("完整日期", row.get("完整日期"))
        stated = when("日期", row["日期"]) if stated[0] is None else stated
        value = posts.shared(row, posts.CRAWLER, warnings)
        other = posts.number_of(row, "源微博id", "源微博bid", Counter())
        account, original = identifier(row, "源用户id"), flag(row, "是否原创")
        if (other or original is False) and account is None:
            warnings["reposts whose original is gone: its author is not known"] += 1
        value |= {"post_id": post_id, "account_id": owner, **posts.times_of(post_id, stated, warnings)}
        return Made(
            value | posts.passed_on(value, other, account, original),
            {"platform": "weibo", "account_id": owner},
        )

    return from_rows(source, "posts", build, _NEEDED)


# --- weibo-search, CSV

_SEARCHED = ("id", "bid", "user_id", "用户昵称", "微博正文", "转发数", "评论数", "点赞数", "发布时间")


def read_search(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts found for a word, with their authors; originals of reposts are rows of their own."""
    when, warnings = posts.clock(source, options), source.warnings

    def build(row: RecordDict) -> Made:
        post_id = posts.number_of(row, "id", "bid", warnings)
        if post_id is None:
            raise BadValue("id", "no identifier", row["id"])
        account_id = identifier(row, "user_id")
        if account_id is None:
            warnings["posts whose author is gone: they have no account"] += 1
        value = posts.shared(row, posts.SEARCH, warnings)
        other = identifier(row, "retweet_id")
        account = identifier(row, "retweet_user_id")
        stated = when("发布时间", row["发布时间"])
        value |= {"post_id": post_id, "account_id": account_id, **posts.times_of(post_id, stated, warnings)}
        value["posted_from"] = (row.get("ip") or "").strip().removeprefix("发布于").strip() or None
        value |= posts.passed_on(value, other, account, not other if "retweet_id" in row else None)
        author = {
            "platform": "weibo",
            "account_id": account_id,
            "handle": values.handle("用户昵称", row["用户昵称"]),
            "display_name": row["用户昵称"] or None,
            "verified": posts.VERIFIED.get((row.get("user_authentication") or "").strip()),
        }
        return Made(value, author if account_id else None)

    return from_rows(source, "posts", build, _SEARCHED)


# --- weibo-crawler, JSON


def read_json(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of one account with its profile; what they pass on as context."""
    build = partial(_made, when=posts.clock(source, options), warnings=source.warnings)
    return from_objects(source, "posts", build, _posts_in)


def _posts_in(page: RecordDict) -> list[Any]:
    user = inner(page, "user")
    found = raw(page, "weibo")
    if not isinstance(found, list):
        raise BadValue("weibo", "a list was expected", found)
    return [{**one, "user": user} if isinstance(one, dict) else one for one in found]


def _made(post: RecordDict, when: posts.When, warnings: Counter[str]) -> Made:
    value = _post(post, when, warnings)
    other = inner(post, "retweet")
    author = _profile(post, value["account_id"], warnings) if value["account_id"] else None
    if author is None:
        warnings["posts whose author is gone: they have no account"] += 1
    number = posts.number_of(other, "id", "bid", Counter()) if other else None
    account = identifier(other, "user_id") if other else None
    account = None if account == "0" else account
    if other and account is None:
        warnings["reposts whose original is gone: its author is not known"] += 1
    value |= posts.passed_on(value, number, account, not other)
    context = beside(
        lambda one: _post(one, when, Counter()) | kind_flags(repost=None, reply=False, quote=None),
        [other] if number else [],
        warnings,
    )
    return Made(value, author, context)


def _post(post: RecordDict, when: posts.When, warnings: Counter[str]) -> RecordDict:
    post_id = posts.number_of(post, "id", "bid", warnings)
    if post_id is None:
        raise BadValue("id", "no identifier", "")
    stated = when("full_created_at", text(post, "full_created_at"))
    stated = when("created_at", text(post, "created_at")) if stated[0] is None else stated
    account_id = identifier(post, "user_id")
    return posts.shared(post, posts.JSON, warnings) | {
        "post_id": post_id,
        "account_id": None if account_id == "0" else account_id,
        **posts.times_of(post_id, stated, warnings),
    }


def _profile(post: RecordDict, account_id: str, warnings: Counter[str]) -> RecordDict:
    """The author; the profile at the head of the file where it is theirs."""
    user = inner(post, "user")
    name = text(post, "screen_name")
    author = {
        "platform": "weibo",
        "account_id": account_id,
        "handle": values.handle("screen_name", name),
        "display_name": name,
    }
    if identifier(user, "id") != account_id:
        return author
    made: datetime | None = None
    if registered := word(user, "registration_time"):
        made, _ = times.reader({}, "weibo", warnings, "")("registration_time", registered[:10])
    return author | {
        "bio": text(user, "description"),
        "location": text(user, "location"),
        "created_at": made,
        "created_precision": "day" if made else None,
        "followers": posts.count(user, "followers_count", warnings),
        "following": posts.count(user, "follow_count", warnings),
        "posts_stated": posts.count(user, "statuses_count", warnings),
        "verified": flag(user, "verified"),
    }


def _is_crawler(head: Head) -> bool:
    return set(_NEEDED) <= header_names(head)


def _is_search(head: Head) -> bool:
    return set(_SEARCHED) <= header_names(head)


def _is_json(head: Head) -> bool:
    return any(
        isinstance(one.get("user"), dict) and isinstance(one.get("weibo"), list) for one in head.objects[:1]
    )


_CAVEATS = (
    posts.SHORTENED,
    "times are China's; where they came from words such as 5分钟前 they are those of the collector's clock, which "
    "`time: {zone: …}` declares",
    "a repost with words of its own is a quote here",
)
_LACKS = "comments, links other than to long articles, the place, whether a post was edited"
FORMATS = (
    Format(
        "weibo_crawler",
        "weibo-crawler, CSV",
        platform="weibo",
        table="posts",
        tool="weibo-crawler, a file for each account",
        sniff=_is_crawler,
        read=read_crawler,
        carries="posts, what they pass on, topics, names mentioned, pictures, videos, clients, likes, comments and reposts",
        lacks=_LACKS
        + "; the profile of the author, who is known by the name of the file; texts of originals",
        caveats=_CAVEATS,
        columns=_NEEDED,
    ),
    Format(
        "weibo_search",
        "weibo-search, CSV",
        platform="weibo",
        table="posts",
        tool="weibo-search",
        sniff=_is_search,
        read=read_search,
        carries="posts found for a word, authors, what they pass on, topics, names mentioned, pictures, videos, clients, "
        "region shown, likes, comments and reposts",
        lacks=_LACKS,
        caveats=_CAVEATS,
        columns=_SEARCHED,
    ),
    Format(
        "weibo_json",
        "weibo-crawler, JSON",
        platform="weibo",
        table="posts",
        tool="weibo-crawler, a file for each account",
        sniff=_is_json,
        read=read_json,
        carries="posts, what they pass on, topics, names mentioned, pictures, videos, clients, counts; the author's profile "
        "with followers and day of registration",
        lacks=_LACKS,
        caveats=_CAVEATS,
    ),
    *_BAZHUAYU,
)
