"""Posts that snscrape took from X, 2021-2023, as JSON lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.ids import time_of
from kit.loaders import values, x_legacy
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    flag,
    from_objects,
    identifier,
    inner,
    iso,
    kind_flags,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

_TYPE = "snscrape.modules.twitter.Tweet"
_MEDIA = {"Photo": "image", "Video": "video", "Gif": "animation"}
_COUNTS = {"likes": "likeCount", "replies": "replyCount", "reposts": "retweetCount", "quotes": "quoteCount"}


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts with their authors; reposted and quoted posts as context."""
    return from_objects(source, "posts", lambda thing: _made(thing, source.warnings))


def _made(post: RecordDict, warnings: Counter[str]) -> Made:
    found = [post.get("retweetedTweet"), post.get("quotedTweet")]
    # a reference or a tombstone has an id and no author
    others = [one for one in found if isinstance(one, dict) and isinstance(one.get("user"), dict)]
    context = beside(lambda one: _post(one, Counter()), others, warnings)
    return Made(_post(post, warnings), _profile(inner(post, "user")), context)


def _post(post: RecordDict, warnings: Counter[str]) -> RecordDict:
    if text(post, "_type") not in (None, _TYPE):
        raise BadValue("_type", "no post that could be read", text(post, "_type"))
    post_id = identifier(post, "id", required=True)
    other, quoted = inner(post, "retweetedTweet"), inner(post, "quotedTweet")
    reply_to_id = identifier(post, "inReplyToTweetId")
    target = identifier(post, "inReplyToUser.id")
    whole = other if word(other, "rawContent") or word(other, "content") else post
    if other and whole is post:
        warnings["reposts whose original is not in the file: the text may be cut"] += 1
    written = text(whole, "rawContent")
    written = text(whole, "content") if written is None else written
    value = {
        "platform": "x",
        "post_id": post_id,
        "account_id": identifier(post, "user.id", required=True),
        **x_legacy.times_of_post(str(post_id), iso(post, "date", "x"), warnings),
        **kind_flags(repost=bool(other), reply=bool(reply_to_id or target), quote=bool(quoted) and not other),
        "reply_to_id": reply_to_id,
        "reply_to_created_at": time_of("x_post", reply_to_id) if reply_to_id else None,
        "target_account_id": target,
        "reposted_id": identifier(other, "id") if other else None,
        "reposted_account_id": identifier(other, "user.id") if other else None,
        "quoted_id": identifier(quoted, "id") if quoted and not other else None,
        "root_id": identifier(post, "conversationId"),
        "text": values.unescaped(written) if written is not None else None,
        "language": values.language(word(post, "lang")),
        "client": word(post, "sourceLabel") or x_legacy.client(text(post, "source")),
        "hashtags": [values.hashtag(tag) for tag in _words(whole, "hashtags")],
        "urls": _links(whole),
        "mentions": [
            {"account_id": identifier(one, "id"), "handle": values.handle("username", raw(one, "username"))}
            for one in record_dicts(whole, "mentionedUsers")
        ],
        "media": [_medium(one) for one in record_dicts(whole, "media")],
    }
    if not other:
        value |= {ours: number(post, theirs) for ours, theirs in _COUNTS.items()}
        value["views"] = x_legacy.views(number(post, "viewCount"), value["created_at"])
    return value


def _words(thing: RecordDict, path: str) -> list[str]:
    found = raw(thing, path) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadValue(path, "a list of words was expected", found)
    return found


def _links(post: RecordDict) -> list[RecordDict]:
    """Links; before 2023 two lists of addresses stood side by side instead."""
    if raw(post, "links") is not None:
        return [
            {"url": word(one, "tcourl") or word(one, "url"), "expanded_url": word(one, "url")}
            for one in record_dicts(post, "links")
        ]
    expanded, short = _words(post, "outlinks"), _words(post, "tcooutlinks")
    if len(short) != len(expanded):
        short = expanded
    return [{"url": one, "expanded_url": other} for one, other in zip(short, expanded, strict=True)]


def _medium(one: RecordDict) -> RecordDict:
    kind = (word(one, "_type") or "").rpartition(".")[2]
    url = x_legacy.best_variant(record_dicts(one, "variants"), "bitrate") or word(one, "fullUrl")
    url = url or word(one, "thumbnailUrl")
    return {"media_id": url, "kind": _MEDIA.get(kind), "url": url, "alt_text": word(one, "altText")}


def _profile(user: RecordDict) -> RecordDict:
    created_at, precision = iso(user, "created", "x")
    bio = text(user, "rawDescription")
    return {
        "platform": "x",
        "account_id": identifier(user, "id", required=True),
        "handle": values.handle("user.username", raw(user, "username")),
        "display_name": text(user, "displayname"),
        "bio": text(user, "description") if bio is None else bio,
        "location": text(user, "location"),
        "profile_url": word(user, "link.url") or text(user, "linkUrl"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": number(user, "followersCount"),
        "following": number(user, "friendsCount"),
        "posts_stated": number(user, "statusesCount"),
        "verified": flag(user, "verified"),
        "status": "private" if flag(user, "protected") else "active",
    }


def _is_posts(head: Head) -> bool:
    return any(
        one.get("_type") == _TYPE
        or (
            {"url", "date", "id", "user", "conversationId"} <= set(one)
            and {"rawContent", "content"} & set(one)
        )
        for one in head.objects[:5]
    )


FORMATS = (
    Format(
        "x_snscrape",
        "X posts by snscrape",
        platform="x",
        table="posts",
        tool="snscrape (2021-2023)",
        sniff=_is_posts,
        read=read_posts,
        carries="posts, authors, threads, replies, quotes, hashtags, links, mentions, media, counts, clients, views",
        lacks="posts that search did not show; identifiers of media, whose address stands for them",
        caveats=("counts are those at collection, whose time the file does not say",),
    ),
)
