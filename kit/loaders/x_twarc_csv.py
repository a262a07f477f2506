"""CSV that twarc makes of X's JSON: the twarc-csv plug-in (API v2) and twarc v1.

twarc-csv gives a repost the text, links and counts of the post it passes on; the text is
kept, the counts are left out, as they are the other post's. Lists are JSON in a cell. In
twarc v1 lists are joined with spaces and a repost's text is cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kit.ids import time_of
from kit.loaders import values, x_legacy
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import Made, RecordDict, from_rows, iso, kind_flags, record_dicts, word
from kit.loaders.values import BadValue

_PLUGIN = ("id", "author_id", "created_at", "text", "referenced_tweets.replied_to.id")
_V1 = (
    "id",
    "tweet_url",
    "created_at",
    "parsed_created_at",
    "user_screen_name",
    "text",
    "tweet_type",
    "user_id",
)
_COUNTS = {
    "likes": "like_count",
    "replies": "reply_count",
    "reposts": "retweet_count",
    "quotes": "quote_count",
}
_MEDIA = {"photo": "image", "video": "video", "animated_gif": "animation"}
_TYPES = ("original", "reply", "retweet", "quote")


def read_plugin(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of twarc-csv with their authors."""

    def build(row: RecordDict) -> Made:
        post_id = values.identifier("id", row["id"], required=True)
        author = _identifier(row, "author_id") or _identifier(row, "author.id")
        captured = _moment(row, "__twarc.retrieved_at")[0]
        names = {"reply_to_id": "replied_to", "reposted_id": "retweeted", "quoted_id": "quoted"}
        value: RecordDict = {
            o: _identifier(row, f"referenced_tweets.{theirs}.id") for o, theirs in names.items()
        }
        target, reply_to = _identifier(row, "in_reply_to_user_id"), value["reply_to_id"]
        repost = bool(value["reposted_id"])
        value |= {
            "platform": "x",
            "post_id": post_id,
            "account_id": author,
            **x_legacy.times_of_post(str(post_id), _moment(row, "created_at"), source.warnings),
            **kind_flags(repost=repost, reply=bool(reply_to or target), quote=bool(value["quoted_id"])),
            "reply_to_created_at": time_of("x_post", reply_to) if reply_to else None,
            "target_account_id": target,
            "reposted_account_id": _identifier(row, "retweeted_user_id"),
            "root_id": _identifier(row, "conversation_id"),
            "text": values.unescaped(row["text"]),
            "language": values.language(row.get("lang") or None),
            "client": row.get("source") or None,
            "status": "withheld" if row.get("withheld.country_codes") or row.get("withheld.scope") else None,
            "captured_at": captured,
            "hashtags": [values.hashtag(tag) for tag in _items(row, "entities.hashtags", "tag")],
            "urls": [
                {"url": url, "expanded_url": None} for url in _items(row, "entities.urls", "expanded_url")
            ],
            "mentions": [_mention(one) for one in _list(row, "entities.mentions")],
            "media": [_medium(one) for one in _list(row, "attachments.media") if isinstance(one, dict)],
        }
        if not repost:
            for ours, theirs in _COUNTS.items():
                value[ours] = _count(row, f"public_metrics.{theirs}")
            seen = _count(row, "public_metrics.impression_count")
            value["views"] = x_legacy.views(seen, value["created_at"])
        if len(_list(row, "edit_history_tweet_ids")) > 1:
            source.warnings["posts that were edited: each version in the file counts as a post"] += 1
        return Made(value, _author(row, author, captured))

    return from_rows(source, "posts", build, _PLUGIN)


def _author(row: RecordDict, account_id: str | None, captured: Any) -> RecordDict:
    created_at, precision = _moment(row, "author.created_at")
    protected = values.boolean("author.protected", row.get("author.protected"))
    hidden = row.get("author.withheld.country_codes") or row.get("author.withheld.scope")
    return {
        "platform": "x",
        "account_id": account_id,
        "handle": values.handle("author.username", row.get("author.username")),
        "display_name": row.get("author.name"),
        "bio": row.get("author.description"),
        "location": row.get("author.location"),
        "profile_url": row.get("author.url"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": _count(row, "author.public_metrics.followers_count"),
        "following": _count(row, "author.public_metrics.following_count"),
        "posts_stated": _count(row, "author.public_metrics.tweet_count"),
        "verified": values.boolean("author.verified", row.get("author.verified")),
        "status": "withheld" if hidden else "private" if protected else "active",
        "captured_at": captured,
    }


def _moment(row: RecordDict, name: str) -> tuple[Any, Any]:
    return iso({"cell": row.get(name) or None}, "cell", "x")


def _identifier(row: RecordDict, name: str) -> str | None:
    return values.identifier(name, row.get(name))


def _count(row: RecordDict, name: str) -> int | None:
    return values.count(name, row.get(name))


def _list(row: RecordDict, name: str) -> list[Any]:
    """A JSON list in a cell; empty where the cell is."""
    cell = row.get(name)
    if not cell:
        return []
    try:
        found = json.loads(cell)
        if "\\u" in cell:  # half a surrogate pair can be written in JSON, but in no file
            whole = json.dumps(found, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            found = json.loads(whole.decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        raise BadValue(name, "not a JSON list", cell) from None
    if not isinstance(found, list):
        raise BadValue(name, "not a JSON list", cell)
    return found


def _items(row: RecordDict, name: str, key: str) -> list[str]:
    """Words of a list cell, which holds them bare, or whole objects where entities were not simplified."""
    found = [one.get(key) if isinstance(one, dict) else one for one in _list(row, name)]
    return [str(one) for one in found if one]


def _mention(one: Any) -> RecordDict:
    if isinstance(one, dict):
        account = values.identifier("entities.mentions", one.get("id"))
        return {"account_id": account, "handle": values.handle("entities.mentions", one.get("username"))}
    return {"account_id": None, "handle": values.handle("entities.mentions", one)}


def _medium(item: RecordDict) -> RecordDict:
    url = word(item, "url") or x_legacy.best_variant(record_dicts(item, "variants"), "bit_rate")
    return {
        "media_id": values.identifier("attachments.media", item.get("media_key")),
        "kind": _MEDIA.get(word(item, "type") or ""),
        "url": url or word(item, "preview_image_url"),
        "alt_text": word(item, "alt_text"),
    }


def read_v1(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of twarc v1's CSV with their authors."""

    def build(row: RecordDict) -> Made:
        post_id = values.identifier("id", row["id"], required=True)
        kind = row["tweet_type"]
        if kind not in _TYPES:
            raise BadValue("tweet_type", f"one of {', '.join(_TYPES)} was expected", kind)
        reply_to, target = _identifier(row, "in_reply_to_status_id"), _identifier(row, "in_reply_to_user_id")
        other = _identifier(row, "retweet_or_quote_id")
        repost = kind == "retweet"
        # the tool calls a reply that quotes a reply
        quote = kind == "quote" or (kind == "reply" and bool(other))
        if repost:
            source.warnings["texts of reposts are cut at about 140 characters"] += 1
        value = {
            "platform": "x",
            "post_id": post_id,
            "account_id": values.identifier("user_id", row["user_id"], required=True),
            **x_legacy.times_of_post(
                str(post_id), x_legacy.moment("created_at", row["created_at"]), source.warnings
            ),
            **kind_flags(repost=repost, reply=bool(reply_to or target), quote=quote),
            "reply_to_id": reply_to,
            "reply_to_created_at": time_of("x_post", reply_to) if reply_to else None,
            "target_account_id": target,
            "reposted_id": other if repost else None,
            "reposted_account_id": _identifier(row, "retweet_or_quote_user_id") if repost else None,
            "quoted_id": other if quote else None,
            "text": values.unescaped(row["text"]),
            "language": values.language(row.get("lang") or None),
            "client": x_legacy.client(row.get("source")),
            "hashtags": [values.hashtag(tag) for tag in (row.get("hashtags") or "").split()],
            "urls": [{"url": url, "expanded_url": None} for url in (row.get("urls") or "").split()],
        }
        if not repost:
            value |= {"likes": _count(row, "favorite_count"), "reposts": _count(row, "retweet_count")}
        return Made(value, _author_v1(row))

    return from_rows(source, "posts", build, _V1)


def _author_v1(row: RecordDict) -> RecordDict:
    created_at, precision = x_legacy.moment("user_created_at", row.get("user_created_at"))
    return {
        "platform": "x",
        "account_id": values.identifier("user_id", row["user_id"], required=True),
        "handle": values.handle("user_screen_name", row["user_screen_name"]),
        "display_name": row.get("user_name"),
        "bio": row.get("user_description"),
        "location": row.get("user_location"),
        "profile_url": row.get("user_urls"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": _count(row, "user_followers_count"),
        "following": _count(row, "user_friends_count"),
        "posts_stated": _count(row, "user_statuses_count"),
        "verified": values.boolean("user_verified", row.get("user_verified")),
        "status": "active",
    }


def _is_plugin(head: Head) -> bool:
    return {"referenced_tweets.replied_to.id", "author_id"} <= {name.strip() for name in head.header}


def _is_v1(head: Head) -> bool:
    marks_ = {"tweet_url", "parsed_created_at", "user_screen_name", "tweet_type"}
    return marks_ <= {name.strip() for name in head.header}


FORMATS = (
    Format(
        "x_twarc_csv",
        "X API v2 posts as CSV",
        platform="x",
        table="posts",
        tool="twarc-csv",
        sniff=_is_plugin,
        read=read_plugin,
        carries="posts, authors, threads, replies, reposts, quotes, hashtags, links, mentions, media, counts",
        lacks="identifiers of mentioned accounts; which rows are posts a collected one refers to, where they were added",
        caveats=("the tool drops a post that comes a second time, so that later counts are gone",),
        columns=_PLUGIN,
    ),
    Format(
        "x_twarc_v1_csv",
        "X API v1.1 posts as CSV",
        platform="x",
        table="posts",
        tool="twarc v1, json2csv",
        sniff=_is_v1,
        read=read_v1,
        carries="posts, authors, replies, reposts, quotes, hashtags, links, likes and reposts received, clients",
        lacks="mentions, media beyond a link to the post, threads, replies and quotes received, views",
        caveats=("texts of reposts are cut",),
        columns=_V1,
    ),
)
