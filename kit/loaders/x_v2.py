"""X API v2 as JSON lines: response pages (twarc2, streams) and flattened posts; also user lookups.

Each object in `data` is a record. Posts in `includes`, or inside `referenced_tweets`, are
context: seen beside what was collected, never counted as collected. A repost's own text and
entities are cut, so those of the post it passes on are taken; its counts are the other post's
and are left out. The API's times end in zero milliseconds; where the identifier names the
same second, its time is kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.contract import Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.files.delimited import Fault
from kit.loaders.values import BadValue

_MEDIA = {"photo": "image", "video": "video", "animated_gif": "animation"}
_REFERENCES = {"retweeted": "reposted_id", "quoted": "quoted_id", "replied_to": "reply_to_id"}
#: before this day the API gave 0 for views it had not counted
_VIEWS_COUNTED = datetime(2022, 12, 15)


def read_posts(
    source: Source, options: Mapping[str, Any], items: Iterable[jsons.Item | Fault] | None = None
) -> Iterator[Record | Rejection]:
    """Posts with their authors; context posts once for each page they stand in. `items` are pages already parsed."""
    return _read(source, "posts", jsons.objects(source) if items is None else items)


def read_users(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Accounts from user lookups; their pinned posts as context."""
    return _read(source, "accounts", jsons.objects(source))


def _read(source: Source, table: str, items: Iterable[jsons.Item | Fault]) -> Iterator[Record | Rejection]:
    number = 0
    for item in items:
        if isinstance(item, Fault):
            number += 1
            reason = (table, number, item.line, item.field, item.reason, item.found, item.raw)
            yield Rejection(*reason)
            continue
        try:
            page = _Page(item.value, table, source.warnings)
        except BadValue as bad:
            number += 1
            yield Rejection(table, number, item.line, bad.field, bad.reason, bad.found, item.raw)
            continue
        for thing in page.data:
            number += 1
            try:
                yield page.record(thing, number, item.line)
            except BadValue as bad:
                raw = item.raw if len(page.data) == 1 else _as_bytes(thing)
                yield Rejection(table, number, item.line, bad.field, bad.reason, bad.found, raw)
        yield from page.context(number, item.line)


class _Page:
    """One line of the export: what it collected and what it shows beside that."""

    def __init__(self, line: dict[str, Any], table: str, warnings: Counter[str]) -> None:
        self.table, self.warnings = table, warnings
        self.flat = "data" not in line and "id" in line
        if self.flat:
            self.data: list[Any] = [line]
        elif "data" in line:
            self.data = line["data"] if isinstance(line["data"], list) else [line["data"]]
        elif "errors" in line or "meta" in line:
            self.data = []
            warnings["lines that hold a message of the API and no record"] += 1
        else:
            raise BadValue("data", "neither a page nor a post of API v2", ", ".join(list(line)[:5]))
        if line.get("errors") and self.data:
            warnings["pages that name posts or accounts the API could not give"] += 1
        includes = _get(line, "includes", dict) or {}
        self.users = _by(includes.get("users"), "id", "includes.users")
        self.posts = _by(includes.get("tweets"), "id", "includes.tweets")
        self.media = _by(includes.get("media"), "media_key", "includes.media")
        self.captured = _moment(_get(line, "__twarc", dict) or {}, "retrieved_at")[0]
        if self.flat:
            self._gather(line, 0)

    def _gather(self, post: dict[str, Any], depth: int) -> None:
        """Users, media and posts that a flattened post carries inside itself."""
        for key in ("author", "in_reply_to_user"):
            if (user := _get(post, key, dict)) and "id" in user:
                self.users.setdefault(str(user["id"]), user)
        attached = (_get(post, "attachments", dict) or {}).get("media")
        self.media.update(_by(attached, "media_key", "attachments.media"))
        for other in _list(post, "referenced_tweets") if depth < 4 else ():
            if "author_id" in other or "text" in other:
                self.posts.setdefault(str(other.get("id")), other)
                self._gather(other, depth + 1)

    def record(self, thing: Any, number: int, line: int | None) -> Record:
        """The record that one object in `data` is."""
        if not isinstance(thing, dict):
            raise BadValue("data", "an object was expected in data", thing)
        if self.table == "accounts":
            return Record("accounts", number, line, _account(thing, self.captured))
        return Record("posts", number, line, self._post(thing), self._author(thing))

    def context(self, number: int, line: int | None) -> Iterator[Record]:
        """Posts shown beside the collected ones; one that cannot be read is counted and left out."""
        collected = {str(thing.get("id")) for thing in self.data if isinstance(thing, dict)}
        for identifier, post in self.posts.items():
            if identifier in collected and self.table == "posts":
                continue
            try:
                yield Record("posts", number, line, self._post(post), self._author(post), context=True)
            except BadValue:
                self.warnings["context posts that could not be read"] += 1

    def _author(self, post: dict[str, Any]) -> dict[str, Any] | None:
        user = self.users.get(str(post.get("author_id")))
        if user is None and post.get("author_id") is None and isinstance(post.get("author"), dict):
            user = post["author"]
        return _account(user, self.captured) if user is not None else None

    def _post(self, post: dict[str, Any]) -> dict[str, Any]:
        post_id = values.identifier("id", post.get("id"), required=True)
        account_id = values.identifier("author_id", post.get("author_id"))
        if account_id is None and isinstance(post.get("author"), dict):
            account_id = values.identifier("author.id", post["author"].get("id"))
        created_at, time_source, precision = _time(str(post_id), post, self.warnings)
        value: dict[str, Any] = {
            "platform": "x",
            "post_id": post_id,
            "account_id": account_id,
            "created_at": created_at,
            "time_source": time_source,
            "time_precision": precision,
            "time_stated": bool(post.get("created_at")),
            "root_id": values.identifier("conversation_id", post.get("conversation_id")),
            "language": values.language(_get(post, "lang", str)),
            "client": _get(post, "source", str) or None,
            "captured_at": self.captured,
        }
        if _get(post, "withheld", dict):
            value["status"] = "withheld"
        for reference in _list(post, "referenced_tweets"):
            if column := _REFERENCES.get(str(reference.get("type"))):
                value[column] = values.identifier("referenced_tweets.id", reference.get("id"))
        value |= self._kind(post, value)
        whole = self.posts.get(str(value.get("reposted_id")), {}) if value["is_repost"] else post
        if not whole.get("text"):
            self.warnings["reposts whose original is not in the file: the text is cut"] += 1
            whole = post
        value["text"] = _text(whole)
        value |= _counts(post, value)
        return value | self._entities(whole) | {"media": self._media(whole)}

    def _kind(self, post: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
        """Kind and flags, and the accounts and times of what the post refers to."""
        target = values.identifier("in_reply_to_user_id", post.get("in_reply_to_user_id"))
        repost, quote = bool(value.get("reposted_id")), bool(value.get("quoted_id"))
        reply = bool(value.get("reply_to_id") or target)
        found: dict[str, Any] = {
            "kind": "repost" if repost else "reply" if reply else "quote" if quote else "post",
            "is_repost": repost,
            "is_reply": reply,
            "is_quote": quote,
            "target_account_id": target,
        }
        if answered := value.get("reply_to_id"):
            found["reply_to_created_at"] = time_of("x_post", answered)
            if found["reply_to_created_at"] is None and answered in self.posts:
                found["reply_to_created_at"] = _moment(self.posts[answered], "created_at")[0]
        if original := self.posts.get(str(value.get("reposted_id"))):
            found["reposted_account_id"] = values.identifier("author_id", original.get("author_id"))
        edits = post.get("edit_history_tweet_ids")
        if isinstance(edits, list) and len(edits) > 1:
            self.warnings["posts that were edited: each version in the file counts as a post"] += 1
        return found

    def _entities(self, post: dict[str, Any]) -> dict[str, Any]:
        found = _get(post, "entities", dict) or {}
        if isinstance(note := post.get("note_tweet"), dict) and isinstance(note.get("entities"), dict):
            found = note["entities"]
        return {
            "hashtags": [values.hashtag(_get(tag, "tag", str) or "") for tag in _list(found, "hashtags")],
            "urls": [
                {
                    "url": _get(url, "url", str),
                    "expanded_url": _get(url, "unwound_url", str) or _get(url, "expanded_url", str),
                }
                for url in _list(found, "urls")
                if "media_key" not in url  # the address of the post's own picture
            ],
            "mentions": [
                {
                    "account_id": values.identifier("entities.mentions.id", one.get("id")),
                    "handle": values.handle("entities.mentions.username", one.get("username")),
                }
                for one in _list(found, "mentions")
            ],
        }

    def _media(self, post: dict[str, Any]) -> list[dict[str, Any]]:
        keys = (_get(post, "attachments", dict) or {}).get("media_keys") or []
        found = []
        for key in keys if isinstance(keys, list) else ():
            item = self.media.get(str(key), {})
            address = _get(item, "url", str) or _best(item) or _get(item, "preview_image_url", str)
            kind = _MEDIA.get(str(item.get("type")))
            alt = _get(item, "alt_text", str)
            found.append({"media_id": str(key), "kind": kind, "url": address, "alt_text": alt})
        return found


def _best(item: dict[str, Any]) -> str | None:
    """Address of the variant of a video with most detail."""
    variants = [v for v in _list(item, "variants") if isinstance(v.get("url"), str)]
    rates = [v["bit_rate"] if type(v.get("bit_rate")) is int else -1 for v in variants]
    return variants[rates.index(max(rates))]["url"] if variants else None


def _account(user: dict[str, Any], captured: datetime | None) -> dict[str, Any]:
    """A profile from a user object."""
    counts = _get(user, "public_metrics", dict) or {}
    created_at, precision = _moment(user, "created_at")
    links = _list(_get(_get(user, "entities", dict) or {}, "url", dict) or {}, "urls")
    expanded = _get(links[0], "expanded_url", str) if links else None
    status = "private" if user.get("protected") is True else "active"
    return {
        "platform": "x",
        "account_id": values.identifier("id", user.get("id"), required=True),
        "handle": values.handle("username", user.get("username")),
        "display_name": _get(user, "name", str),
        "bio": _get(user, "description", str),
        "location": _get(user, "location", str),
        "profile_url": expanded or _get(user, "url", str),
        "created_at": created_at,
        "created_precision": precision,
        "followers": values.count("followers_count", counts.get("followers_count")),
        "following": values.count("following_count", counts.get("following_count")),
        "posts_stated": values.count("tweet_count", counts.get("tweet_count")),
        "verified": values.boolean("verified", user.get("verified")),
        "status": "withheld" if user.get("withheld") else status,
        "captured_at": captured,
    }


def _time(
    post_id: str, post: dict[str, Any], warnings: Counter[str]
) -> tuple[datetime | None, str | None, str | None]:
    precise = time_of("x_post", post_id)
    stated, precision = _moment(post, "created_at")
    if stated is None:
        return (precise, "identifier", "millisecond") if precise else (None, None, None)
    if precise is not None:
        if precise.replace(microsecond=0) == stated.replace(microsecond=0):
            return precise, "identifier", "millisecond"
        warnings["time in the identifier differs from the time given; the time given was kept"] += 1
    return stated, "field", precision


_iso = times.reader({}, "x", Counter(), "")


def _moment(thing: dict[str, Any], key: str) -> tuple[datetime | None, str | None]:
    """A time of the API, to the second: it always writes zero milliseconds."""
    moment, precision = _iso(key, _get(thing, key, str))
    if (
        precision == "millisecond"
        and moment is not None
        and moment - moment.replace(microsecond=0) == timedelta()
    ):
        precision = "second"
    return moment, precision


def _text(post: dict[str, Any]) -> str | None:
    """The whole text: that of a long post where it was asked for."""
    note = _get(post, "note_tweet", dict) or {}
    text = _get(note, "text", str) or _get(post, "text", str)
    return values.unescaped(text) if text is not None else None


def _counts(post: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Counts of the post; none for a repost, whose numbers are the other post's or empty."""
    if value["is_repost"]:
        return {}
    given = _get(post, "public_metrics", dict) or {}
    names = {
        "likes": "like_count",
        "replies": "reply_count",
        "reposts": "retweet_count",
        "quotes": "quote_count",
    }
    found = {ours: values.count(theirs, given.get(theirs)) for ours, theirs in names.items()}
    views = values.count("impression_count", given.get("impression_count"))
    if views == 0 and (value["created_at"] is None or value["created_at"] < _VIEWS_COUNTED):
        views = None
    return {**found, "views": views}


def _get(thing: dict[str, Any], key: str, kind: type) -> Any:
    """The value of a key where it has the type it should have; None where it is missing."""
    found = thing.get(key)
    if found is None or isinstance(found, kind):
        return found
    given = type(found).__name__
    if kind is dict:
        raise BadValue(key, f"an object was expected, found a value of type {given}", found)
    raise BadValue(key, f"text was expected, found a value of type {given}", found)


def _list(thing: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects; empty where it is missing."""
    found = thing.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadValue(key, "a list of objects was expected", found)
    return found


def _by(things: Any, key: str, field: str) -> dict[str, dict[str, Any]]:
    """Objects by one of their keys."""
    if things is None:
        return {}
    if not isinstance(things, Iterable) or isinstance(things, str | dict):
        raise BadValue(field, "a list of objects was expected", things)
    return {str(one[key]): one for one in things if isinstance(one, dict) and key in one}


def _as_bytes(thing: Any) -> bytes:
    return json.dumps(thing, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _first(head: Head) -> dict[str, Any]:
    """The first object in `data`, or the first line that is one itself."""
    for line in head.objects:
        data = line.get("data", line)
        data = data[0] if isinstance(data, list) and data else data
        if isinstance(data, dict) and "id" in data:
            return data
    return {}


_POST_KEYS = {"author_id", "edit_history_tweet_ids", "public_metrics", "conversation_id", "referenced_tweets"}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def is_posts(head: Head) -> bool:
    """Whether the file begins with posts of API v2."""
    first = _first(head)
    flat = isinstance(first.get("text"), str) and bool(_POST_KEYS & set(first))
    return (flat and not str(first["id"]).startswith("at:")) or any(is_page(one) for one in head.objects)


def is_page(thing: dict[str, Any]) -> bool:
    """Whether an object is a page of posts of API v2, whatever few fields were asked for.

    Other platforms wrap things that have an id and a text, too: the times of this one are like no other's.
    """
    data = thing.get("data")
    data = data[0] if isinstance(data, list) and data else data
    return (
        isinstance(data, dict)
        and str(data.get("id")).isdigit()
        and isinstance(data.get("text"), str)
        and (bool(_POST_KEYS & set(data)) or bool(_STAMP.fullmatch(str(data.get("created_at")))))
    )


def is_users(head: Head) -> bool:
    """Whether the file begins with accounts of API v2."""
    first = _first(head)
    profile = {"public_metrics", "created_at", "verified", "protected", "profile_image_url", "description"}
    return "text" not in first and {"username", "name"} <= set(first) and bool(profile & set(first))
