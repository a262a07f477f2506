"""What Bluesky's formats share: a record of a post, its time, what it shows and whom it names.

A post is named by its address, `at://did/collection/key`, an account by its DID. What a
record says of its time is what the author's client declared, which may be back-dated; the
time at which a server saw it comes first, and where the two are far apart that is counted.
Places in a text count bytes of UTF-8.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.objects import (
    RecordDict,
    field_time,
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

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_ADDRESS = re.compile(
    r"at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._~:-]{1,512})", re.ASCII
)
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,500}", re.ASCII)
_CONTENT = re.compile(r"/(bafy?[a-z0-9]{20,100})(?:[@/]|$)", re.ASCII)
_SNAKE = re.compile(r"_([a-z0-9])")
_FAR = timedelta(minutes=1)
_NO_TIME = "times declared by the author's client that are none, or lack a zone"
_BEFORE = "posts dated more than a minute before a server saw them; the server's time was taken"
_AFTER = "posts dated more than a minute after a server saw them; the server's time was taken"
_QUOTED_GONE = "quoted posts that are blocked, deleted or detached"


def camel(value: Any) -> Any:
    """The same value with the keys of Bluesky's interface, where Python's client wrote its own."""
    if isinstance(value, dict):
        found: RecordDict = {}
        for key, one in value.items():
            name = "$type" if key == "py_type" else key
            name = _SNAKE.sub(lambda sign: sign[1].upper(), name) if name[:1].islower() else name
            found.setdefault(name, camel(one))
        return found
    return [camel(one) for one in value] if isinstance(value, list) else value


def address(field: str, cell: Any) -> tuple[str, str, str] | None:
    """The account, the collection and the key in the address of a record; None where there is none."""
    written = values.identifier(field, cell)
    if written is None:
        return None
    found = _ADDRESS.fullmatch(written)
    if found is None:
        raise BadValue(field, "no address of a record as at://did/collection/key", cell)
    return found[1], found[2], found[3]


def did(field: str, cell: Any) -> str:
    """The identifier of an account."""
    written = values.identifier(field, cell, required=True) or ""
    if not _DID.fullmatch(written):
        raise BadValue(field, "no identifier of an account as did:…", cell)
    return written


def _to(record: RecordDict, path: str, collection: str = POST) -> tuple[str | None, str | None]:
    """The address of a post named at a path, and whose it is; nothing where it is a record of another kind."""
    found = address(path, raw(record, path))
    if found is None or found[1] != collection:
        return None, None
    return "at://" + "/".join(found), found[0]


def post(record: RecordDict, whose: str, uri: str, seen: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The columns of a post from its record, and when a server saw it, where that is known."""
    parent, target = _to(record, "reply.parent.uri")
    root, _ = _to(record, "reply.root.uri")
    quoted, _ = _to(record, "embed.record.uri")
    if quoted is None:
        quoted, _ = _to(record, "embed.record.record.uri")
    languages = _words(record, "langs")
    if len(languages) > 1:
        warnings["posts with several languages, of which the first was taken"] += 1
    return {
        "platform": "bluesky",
        "post_id": uri,
        "account_id": whose,
        **when(record, uri, seen, warnings),
        **kind_flags(repost=False, reply=bool(inner(record, "reply")), quote=quoted is not None),
        "reply_to_id": parent,
        "target_account_id": target,
        "root_id": root,
        "quoted_id": quoted,
        "text": text(record, "text"),
        "language": values.language(languages[0]) if languages else None,
        **_named(record, warnings),
        "media": _media(inner(record, "embed")),
    }


def repost(
    record: RecordDict, whose: str, uri: str, seen: times.Moment, warnings: Counter[str]
) -> RecordDict:
    """The columns of a repost from its record, which names the post and nothing of it."""
    subject = address("subject.uri", raw(record, "subject.uri"))
    if subject is None:
        raise BadValue("subject.uri", "a repost of nothing", "")
    return {
        "platform": "bluesky",
        "post_id": uri,
        "account_id": whose,
        **when(record, uri, seen, warnings),
        **kind_flags(repost=True, reply=False, quote=False),
        "reposted_id": "at://" + "/".join(subject),
        "reposted_account_id": subject[0],
        "hashtags": [],
        "urls": [],
        "mentions": [],
        "media": [],
    }


def when(record: RecordDict, uri: str, seen: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The time a server saw it, else the one declared, else the one in its key."""
    declared = _declared(record, warnings, early=seen[0] is not None)
    if seen[0] is not None:
        if declared[0] is not None and abs(declared[0] - seen[0]) > _FAR:
            warnings[_BEFORE if declared[0] < seen[0] else _AFTER] += 1
        return field_time(seen)
    if declared[0] is not None:
        return field_time(declared)
    decoded = time_of("bluesky", uri.rpartition("/")[2])
    if decoded is None:
        return field_time((None, None))
    return {"created_at": decoded, "time_source": "identifier", "time_precision": "millisecond"}


def _declared(record: RecordDict, warnings: Counter[str], *, early: bool) -> times.Moment:
    """The time in the record; `early` where it may lie before Bluesky began, as it only stands beside another."""
    text(record, "createdAt")  # a wrong type is a fault of the record, a wrong time only one of its client
    try:
        return iso(record, "createdAt", "web" if early else "bluesky")
    except BadValue:
        warnings[_NO_TIME] += 1
        return None, None


def server(thing: RecordDict, path: str) -> times.Moment:
    """When a server saw something, as its interface says it."""
    return iso(thing, path, "bluesky")


def _words(record: RecordDict, key: str) -> list[str]:
    found = raw(record, key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadValue(key, "a list of words was expected", found)
    return [one for one in found if one.strip()]


def _named(record: RecordDict, warnings: Counter[str]) -> RecordDict:
    """Hashtags, addresses and mentions; a shortened address is whole in the mark behind it."""
    data = (text(record, "text") or "").encode("utf-8", "surrogatepass")
    lists: RecordDict = {
        "hashtags": [values.hashtag(one) for one in _words(record, "tags")],
        "urls": [],
        "mentions": [],
    }
    addresses: list[str] = []
    for facet in record_dicts(record, "facets"):
        for one in record_dicts(facet, "features"):
            kind = (text(one, "$type") or "").rpartition("#")[2]
            if kind == "tag" and (tag := word(one, "tag")):
                lists["hashtags"].append(values.hashtag(tag))
            elif kind == "link" and (uri := word(one, "uri")):
                addresses.append(uri)
            elif kind == "mention":
                account = did("facets.features.did", raw(one, "did"))
                lists["mentions"].append({"account_id": account, "handle": _said(facet, data, warnings)})
    external = inner(inner(record, "embed"), "external") or inner(inner(record, "embed"), "media.external")
    if external and (uri := word(external, "uri")):
        addresses.append(uri)
    lists["urls"] = [{"url": one, "expanded_url": None} for one in dict.fromkeys(addresses)]
    return lists


def _said(facet: RecordDict, data: bytes, warnings: Counter[str]) -> str | None:
    """The handle as it was written: the bytes of the text between two places."""
    start, end = number(facet, "index.byteStart"), number(facet, "index.byteEnd")
    if start is None or end is None:
        return None
    try:
        piece = data[start:end].decode()
    except UnicodeDecodeError:
        piece = ""
    if not piece.startswith("@"):
        warnings["mentions that do not stand where the text has a handle"] += 1
        return None
    return values.handle("facets", piece)


def _media(embed: RecordDict) -> list[RecordDict]:
    """Images and videos by the hash of their content, which equal ones share."""
    if "media" in embed:
        embed = inner(embed, "media")
    found = []
    for one in record_dicts(embed, "images"):
        blob = inner(one, "image")
        kind = "animation" if text(blob, "mimeType") == "image/gif" else "image"
        found.append(_item(_content(blob), kind, one))
    if "video" in embed:
        found.append(_item(_content(inner(embed, "video")), "video", embed))
    return [one for one in found if one["media_id"]]


def _content(blob: RecordDict) -> str | None:
    reference = inner(blob, "ref")
    return word(reference, "$link") or word(reference, "link") or word(blob, "cid")


def _item(content: str | None, kind: str, one: RecordDict) -> RecordDict:
    return {"media_id": content, "kind": kind, "url": None, "alt_text": word(one, "alt")}


def shown(embed: RecordDict, media: list[RecordDict]) -> list[RecordDict]:
    """The same media with the addresses under which a page shows them."""
    if "media" in embed:
        embed = inner(embed, "media")
    by_content = {one["media_id"]: one for one in media}
    for one in record_dicts(embed, "images"):
        url = word(one, "fullsize") or word(one, "thumb")
        if content := content_of(url):
            item = by_content.setdefault(content, _item(content, "image", one))
            by_content[content] = {**item, "url": url}
    if (content_ := word(embed, "cid")) and "playlist" in embed:
        item = by_content.setdefault(content_, _item(content_, "video", embed))
        by_content[content_] = {**item, "url": word(embed, "playlist")}
    return list(by_content.values())


def content_of(url: str | None) -> str | None:
    """The hash of an image in the address under which a page shows it."""
    found = _CONTENT.search(url or "")
    return found[1] if found else None


def quoted_views(embed: RecordDict, warnings: Counter[str]) -> Iterable[RecordDict]:
    """The post quoted, where it is shown; one that is withheld, gone or detached is counted."""
    view = inner(embed, "record")
    view = inner(view, "record") if "record" in view and "uri" not in view else view
    if {"notFound", "blocked", "detached"} & set(view):
        warnings[_QUOTED_GONE] += 1
    elif isinstance(view.get("value"), dict) and isinstance(view.get("author"), dict):
        yield view


def quoted(embed: RecordDict) -> str | None:
    """The address of the post that a page shows as quoted, also where nothing but its address is left."""
    view = inner(embed, "record")
    return _to(view, "uri")[0] or _to(view, "record.uri")[0]


def profile(about: RecordDict, warnings: Counter[str], captured: datetime | None = None) -> RecordDict:
    """A profile as the interface shows it; what it says of whoever asked is not read."""
    handle = values.handle("handle", raw(about, "handle"))
    created_at, precision = _declared(about, warnings, early=False)
    verified = word(about, "verification.verifiedStatus")
    return {
        "platform": "bluesky",
        "account_id": did("did", raw(about, "did")),
        "handle": None if handle == "handle.invalid" else handle,
        "display_name": text(about, "displayName"),
        "bio": text(about, "description"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": number(about, "followersCount"),
        "following": number(about, "followsCount"),
        "posts_stated": number(about, "postsCount"),
        "verified": None if verified is None else verified == "valid",
        "captured_at": captured,
    }
