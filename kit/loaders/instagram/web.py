"""Posts as Instagram's web client receives them: three kinds of object, mixed in one capture.

Objects of the site's own interface, older ones of GraphQL, and those of a page of small
pictures, which lack text, time and counts. A missing time is read from the number. Hidden
counts are no zero, and advertisements are set aside.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from kit.loaders import values
from kit.loaders.instagram import nodes
from kit.loaders.objects import (
    Made,
    RecordDict,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue

_MEDIA = {1: "image", 2: "video", 8: "other"}
_ADVERTISING = "https://www.facebook.com/ads/"


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A post with its author; `captured` is when a tool saved it, where known."""
    if text(thing, "product_type") == "ad" or (word(thing, "link") or "").startswith(_ADVERTISING):
        raise BadValue("product_type", "an advertisement shown to whoever collected this", "")
    value, author = nodes.node(thing, warnings) if nodes.is_node(thing) else _item(thing, warnings)
    if raw(thing, "_zs_partial") is True:
        warnings["objects of which the page held only a part"] += 1
    return Made(value | {"captured_at": captured}, author | {"captured_at": captured})


def _item(thing: RecordDict, warnings: Counter[str]) -> tuple[RecordDict, RecordDict]:
    post_id = nodes.post_number(word(thing, "code"), _number(thing), warnings)
    author = nodes.profile(inner(thing, "user") or inner(thing, "owner"))
    written = text(thing, "caption.text")
    if record_dicts(thing, "coauthor_producers"):
        warnings["posts with several authors, of whom the first is kept"] += 1
    value = {
        "platform": "instagram",
        "post_id": post_id,
        "account_id": author["account_id"],
        **nodes.when(post_id, seconds(thing, "taken_at", "instagram")),
        **kind_flags(repost=None, reply=False, quote=None),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": [],
        "mentions": [_tagged(one) for one in record_dicts(thing, "usertags.in")],
        "media": [_medium(one) for one in record_dicts(thing, "carousel_media") or [thing]],
        "replies": nodes.first(thing, "comment_count"),
    }
    if raw(thing, "like_and_view_counts_disabled") is True:
        warnings[nodes.HIDDEN] += 1
    else:
        value["likes"] = nodes.likes(thing, "like_count", warnings)
        value["views"] = nodes.first(thing, "play_count", "view_count")
    return value, author


def _number(thing: RecordDict) -> str | None:
    return identifier(thing, "pk") or identifier(thing, "id")


def _tagged(one: RecordDict) -> RecordDict:
    handle = values.handle("username", raw(one, "user.username"))
    return {"account_id": identifier(one, "user.id") or identifier(one, "user.pk"), "handle": handle}


def _medium(one: RecordDict) -> RecordDict:
    videos, pictures = record_dicts(one, "video_versions"), record_dicts(one, "image_versions2.candidates")
    best = videos or pictures
    kind = raw(one, "media_type")
    return {
        "media_id": (_number(one) or "").partition("_")[0] or None,
        "kind": _MEDIA.get(kind) if isinstance(kind, int) else "video" if videos else None,
        "url": word(best[0], "url") if best else None,
        "alt_text": None,
    }
