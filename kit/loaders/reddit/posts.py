"""A post or a comment of Reddit, from the object that its API and every dump made from it share."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import Any

from kit.loaders import values
from kit.loaders.markup import links_in, titled, web_address, without_links
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    by_handle,
    field_time,
    flag,
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
from kit.loaders.values import BadValue

FULL_NAME = re.compile(r"t[1-6]_[0-9a-z]+", re.ASCII)
_GONE = ("[deleted]", "[removed]")
_MENTION = re.compile(r"(?<![\w/])/?u/([A-Za-z0-9_-]{3,20})\b", re.ASCII)
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_OWN_HOSTS = {"i.redd.it": "image", "v.redd.it": "video"}
_KINDS = {"Image": "image", "AnimatedImage": "animation", "RedditVideo": "video"}


def post(data: RecordDict, kind: str, warnings: Counter[str], unescape: Any) -> Made:
    """A post (`t3`) or comment (`t1`), its author, and the post that a crosspost passes on as context."""
    if raw(data, "promoted") is True:
        raise BadValue("promoted", "an advertisement shown to whoever collected this", "")
    author = _author(data)
    if author is None:
        warnings["posts and comments whose author is gone: they have no account"] += 1
    value = _value(data, kind, author, warnings, unescape)
    parents = record_dicts(data, "crosspost_parent_list") if kind == "t3" else []
    context = beside(lambda one: _value(one, "t3", _author(one), Counter(), unescape), parents, warnings)
    if context and value.get("reposted_id") == context[0]["post_id"]:
        value["reposted_account_id"] = context[0]["account_id"]
    return Made(value, author, context)


def _value(
    data: RecordDict, kind: str, author: RecordDict | None, warnings: Counter[str], unescape: Any
) -> RecordDict:
    post_id = _fullname(data, kind)
    written, status = _text(data, kind, warnings, unescape)
    captured = seconds(data, "_meta.retrieved_2nd_on", "reddit")[0]
    captured = captured or seconds(data, "retrieved_on", "reddit")[0]
    captured = captured or seconds(data, "retrieved_utc", "reddit")[0]
    links = links_in(written)
    value = {
        "platform": "reddit",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **_when(data, warnings),
        "text": written,
        "status": status,
        "place": word(data, "subreddit"),
        "likes": _score(data, warnings),
        "mentions": _mentions(written),
        "captured_at": captured,
    }
    if kind == "t1":
        return value | {
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": _reference(data, "parent_id"),
            "root_id": _reference(data, "link_id"),
            "urls": links,
            "media": _embedded(data),
        }
    original = _reference(data, "crosspost_parent")
    urls, media = _linked(data, warnings, bool(original), unescape)
    return value | {
        **kind_flags(repost=bool(original), reply=False, quote=False),
        "reposted_id": original,
        "root_id": post_id,
        "urls": urls + [one for one in links if one not in urls],
        "media": media,
        "replies": number(data, "num_comments"),
        "reposts": number(data, "num_crossposts"),
    }


def _fullname(data: RecordDict, kind: str) -> str:
    """The identifier with its prefix, which is not always in the file."""
    given = identifier(data, "name") or identifier(data, "id", required=True)
    found = str(given) if str(given).startswith(f"{kind}_") else f"{kind}_{given}"
    if not FULL_NAME.fullmatch(found):
        raise BadValue("name" if data.get("name") else "id", "no identifier of Reddit", given)
    return found


def _reference(data: RecordDict, path: str) -> str | None:
    found = word(data, path)
    if found is not None and not FULL_NAME.fullmatch(found):
        raise BadValue(path, "an identifier such as t1_abc was expected", found)
    return found


def _when(data: RecordDict, warnings: Counter[str]) -> RecordDict:
    moment = seconds(data, "created_utc", "reddit")
    if moment[0] is None and raw(data, "created") is not None:
        warnings["times that stand only in `created`, which is not UTC, left out"] += 1
    return field_time(moment)


def _author(data: RecordDict) -> RecordDict | None:
    """The author; None where `[deleted]` or nothing stands in the place of a name."""
    handle = values.handle("author", raw(data, "author"))
    handle = None if handle in _GONE else handle
    account_id = _reference(data, "author_fullname") or by_handle(handle)
    if account_id is None:
        return None
    created_at, precision = seconds(data, "author_created_utc", "reddit")
    return {
        "platform": "reddit",
        "account_id": account_id,
        "handle": handle,
        "created_at": created_at,
        "created_precision": precision,
    }


def _score(data: RecordDict, warnings: Counter[str]) -> int | None:
    """Up minus down votes; a score below zero, or one that Reddit hid, is no number of likes."""
    found = raw(data, "score")
    if raw(data, "score_hidden") is True or raw(data, "hide_score") is True:
        warnings["scores that Reddit hid"] += 1
        return None
    if type(found) is int and found < 0:
        warnings["scores below zero, which are no number of likes"] += 1
        return None
    return number(data, "score")


def _text(
    data: RecordDict, kind: str, warnings: Counter[str], unescape: Any
) -> tuple[str | None, str | None]:
    """Visible text and status; the word that Reddit puts where a text was is no text."""
    body_field = "body" if kind == "t1" else "selftext"
    body, title = text(data, body_field), text(data, "title") if kind == "t3" else None
    status = _status(data, body)
    body = None if body in _GONE else body
    page = text(data, f"{body_field}_html")
    plain = partial(_plain, page=page, unescape=unescape, warnings=warnings)
    title = None if title in _GONE else title
    return (plain(body) if kind == "t1" else titled(plain(title), plain(body))), status


def _status(data: RecordDict, body: str | None) -> str | None:
    """`deleted` by the author, `removed` by moderators or Reddit, as far as the file says."""
    meta = inner(data, "_meta")
    why = word(meta, "removal_type") or word(data, "removed_by_category")
    if why:
        return "deleted" if why in ("deleted", "author") else "removed"
    if body == "[removed]" or word(data, "removal_reason"):
        return "removed"
    if body == "[deleted]" or flag(meta, "was_deleted_later") or flag(meta, "was_initially_deleted"):
        return "deleted"
    return None


def _plain(written: str | None, page: str | None, unescape: Any, warnings: Counter[str]) -> str | None:
    """Text with its three HTML entities taken back, once, where it was written with them.

    The HTML beside it shows it where it is there. Otherwise a text without a bare & < > is
    taken to be escaped: an escaped one has none, and one that is not escaped hardly ever has
    entities and nothing else.
    """
    if not written or unescape is False or not _ENTITY.search(written):
        return written
    start = (page or "").lstrip()
    if start.startswith("<") or _BARE.search(written):
        return written
    if not start.startswith("&lt;") and unescape is not True:
        warnings["texts whose &amp; and the like were taken back; `unescape: false` keeps them"] += 1
    return values.unescaped(written)


def _mentions(written: str | None) -> list[RecordDict]:
    """Names written as u/name, but not those inside an address."""
    if not written or "u/" not in written:
        return []
    names = dict.fromkeys(_MENTION.findall(without_links(written)))
    return [{"account_id": None, "handle": name} for name in names]


def _linked(
    data: RecordDict, warnings: Counter[str], crosspost: bool, unescape: Any
) -> tuple[list[RecordDict], list[RecordDict]]:
    """What a post links to, and its media; a post of text links to itself, which is no link."""
    media = _embedded(data)
    domain = word(data, "domain") or ""
    if raw(data, "is_self") is True or domain.startswith("self.") or crosspost:
        return [], media
    given = word(data, "url_overridden_by_dest") or word(data, "url")
    address = web_address(_plain(given, text(data, "selftext_html"), unescape, Counter()), warnings)
    if address is None:
        return [], media
    if (kind := _OWN_HOSTS.get(domain)) is not None:
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or None
        return [], [{"media_id": name, "kind": kind, "url": address, "alt_text": None}, *media]
    if media and "/gallery/" in address:
        return [], media
    return [{"url": address, "expanded_url": None}], media


def _embedded(data: RecordDict) -> list[RecordDict]:
    """Images of a gallery or inside a text."""
    found = []
    for name, one in inner(data, "media_metadata").items():
        if not isinstance(one, dict):
            raise BadValue("media_metadata", "an object was expected", one)
        url = word(one, "s.u") or word(one, "s.mp4") or word(one, "s.gif")
        if url or word(one, "id"):
            kind = _KINDS.get(word(one, "e") or "")
            url = values.unescaped(url) if url else None
            found.append({"media_id": word(one, "id") or name, "kind": kind, "url": url, "alt_text": None})
    return found
