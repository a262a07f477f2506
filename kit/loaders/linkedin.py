"""LinkedIn: the updates that its web client receives, as Zeeschuimer saves them with references resolved.

An update has no time, only words such as `18h` in the reader's language, which are not read: the
number of its activity holds the time. `urn:li:share:` and `urn:li:ugcPost:` are other numbers of the
same content and are never taken. Accounts have no number here; `in/name` or `company/name` out
of their address stands for it.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

from kit.ids import time_of
from kit.loaders.markup import links_in, web_address
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    by_handle,
    field_time,
    hashtags_in,
    inner,
    kind_flags,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue, hashtag, plausible

_ACTIVITY = re.compile(r"urn:li:activity:(\d{1,19})(?!\d)", re.ASCII)
_ACCOUNT = re.compile(r"(?:https?://(?:[\w-]+\.)?linkedin\.com)?/?((?:in|company|school|showcase)/[^/?#\s]+)")
_ASSET = re.compile(r"/dms/(?:image|document)/(?:v2/)?([\w-]{8,})/")
_DIGIT = re.compile(r"\d")
AGGREGATE = "bundles of several activities for one post, of which the first is taken"


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A post of the feed with its author; a post that it passes on as context."""
    about = text(thing, "actor.subDescription.text")
    if not _DIGIT.search(about or ""):
        raise BadValue(
            "actor.subDescription", "an advertisement: LinkedIn shows no time beside it", about or ""
        )
    other = _object(thing, "*resharedUpdate") or _object(thing, "resharedUpdate")
    author = _author(thing)
    if author is None:
        warnings["posts whose author is not named by an address: they have no account"] += 1
    value = _value(thing, author, warnings) | {"captured_at": captured}
    context = beside(lambda one: _value(one, _author(one), Counter()), [other] if other else [], warnings)
    value |= kind_flags(
        repost=bool(other) and not value["text"], reply=False, quote=bool(other) and bool(value["text"])
    )
    if other and (found := _number(other)):
        value["quoted_id" if value["is_quote"] else "reposted_id"] = found[0]
        if value["is_repost"] and context:
            value["reposted_account_id"] = context[0]["account_id"]
    return Made(value, author and author | {"captured_at": captured}, context)


def _value(thing: RecordDict, author: RecordDict | None, warnings: Counter[str]) -> RecordDict:
    found = _number(thing)
    if found is None:
        raise BadValue(
            "updateMetadata.urn", "no activity: other numbers of LinkedIn do not name a post", _urn(thing)
        )
    if len(found) > 1:
        warnings[AGGREGATE] += 1
    written, made = text(thing, "commentary.text.text"), time_of("linkedin", found[0])
    if made:
        plausible("updateMetadata.urn", made, "linkedin", found[0])
    links = [one for path in _LINKS if (one := web_address(word(thing, path), warnings))]
    urls = dict.fromkeys([*links, *(one["url"] for one in links_in(written))])
    return {
        "platform": "linkedin",
        "post_id": found[0],
        "account_id": author["account_id"] if author else None,
        **field_time((made, "millisecond" if made else None)),
        "time_source": "identifier" if made else None,
        **kind_flags(repost=False, reply=False, quote=False),
        "text": written,
        "hashtags": _hashtags(thing, written),
        "mentions": _mentions(thing),
        "urls": [{"url": one, "expanded_url": None} for one in urls],
        "media": _media(thing),
        "likes": _count(thing, "numLikes", "likes.paging.total"),
        "replies": _count(thing, "numComments", "comments.paging.total"),
        "reposts": _count(thing, "numShares", "totalShares"),
    }


_LINKS = ("content.navigationContext.actionTarget", "content.articleComponent.navigationContext.actionTarget")
_URNS = ("updateMetadata.urn", "preDashEntityUrn", "metadata.backendUrn", "entityUrn", "id")


def _urn(thing: RecordDict) -> str:
    return next((found for path in _URNS if (found := word(thing, path))), "")


def _number(thing: RecordDict) -> list[str] | None:
    """The activities in the first name of an update that has any; an aggregate has two."""
    for path in _URNS:
        if found := _ACTIVITY.findall(word(thing, path) or ""):
            return list(dict.fromkeys(found))
    return None


def account_in(address: str | None) -> str | None:
    """`in/name` or `company/name` out of an address."""
    found = _ACCOUNT.match(address or "")
    return found[1] if found else None


def _author(thing: RecordDict) -> RecordDict | None:
    handle = account_in(word(thing, "actor.navigationContext.actionTarget"))
    if handle is None:
        return None
    return {
        "platform": "linkedin",
        "account_id": by_handle(handle),
        "handle": handle,
        "display_name": text(thing, "actor.name.text"),
        # what stands there for a company is its number of followers, in the reader's language
        "bio": text(thing, "actor.description.text") if handle.startswith("in/") else None,
    }


def _attributes(thing: RecordDict) -> list[RecordDict]:
    """What parts of the text refer to, in the older and the newer form alike."""
    return [
        *record_dicts(thing, "commentary.text.attributes"),
        *(inner(one, "detailData") for one in record_dicts(thing, "commentary.text.attributesV2")),
    ]


def _hashtags(thing: RecordDict, written: str | None) -> list[str]:
    found = []
    for one in _attributes(thing):
        urn = word(one, "*hashtag.trackingUrn") if isinstance(one.get("*hashtag"), dict) else None
        urn = urn or (word(one, "trackingUrn") if one.get("type") == "HASHTAG" else None)
        if urn:
            found.append(hashtag(urn.rpartition(":")[2]))
    return found or hashtags_in(written)


def _mentions(thing: RecordDict) -> list[RecordDict]:
    found: dict[str, None] = {}
    for one in _attributes(thing):
        for key in ("*miniProfile", "*profileFullName", "*profileMention"):
            if isinstance(one.get(key), dict) and (name := word(one, f"{key}.publicIdentifier")):
                found[f"in/{name}"] = None
        for key in ("*miniCompany", "*companyName"):
            if isinstance(one.get(key), dict) and (name := word(one, f"{key}.universalName")):
                found[f"company/{name}"] = None
    return [{"account_id": by_handle(name), "handle": name} for name in found]


def _count(thing: RecordDict, name: str, older: str) -> int | None:
    social = _object(thing, "*socialDetail")
    found = number(_object(social, "*totalSocialActivityCounts"), name)
    return number(social, older) if found is None else found


def _object(thing: RecordDict, key: str) -> RecordDict:
    """What a reference leads to; nothing where the capture did not hold it and left the reference itself."""
    return {} if isinstance(thing.get(key), str) else inner(thing, key)


def _media(thing: RecordDict) -> list[RecordDict]:
    """Images, named by the asset that stays the same while their addresses expire; videos by their asset."""
    found = []
    for one in record_dicts(thing, "content.images") or record_dicts(thing, "content.imageComponent.images"):
        found += _images(one)
    if not found and isinstance(raw(thing, "content.articleComponent.largeImage"), dict):
        found += _images(inner(thing, "content.articleComponent.largeImage"))
    for path in ("content", "content.linkedInVideoComponent"):
        video = _object(inner(thing, path), "*videoPlayMetadata")
        if name := word(video, "media") or word(video, "entityUrn"):
            found.append({"media_id": name, "kind": "video", "url": None, "alt_text": None})
    return found


def _images(one: RecordDict) -> list[RecordDict]:
    found = []
    for attribute in record_dicts(one, "attributes"):
        image = inner(attribute, "vectorImage") or inner(attribute, "detailData.vectorImage")
        root, sizes = word(image, "rootUrl"), record_dicts(image, "artifacts")
        if not root or not sizes:
            continue
        largest: Any = max(sizes, key=lambda size: number(size, "width") or 0)
        url = root + (word(largest, "fileIdentifyingUrlPathSegment") or "")
        asset = _ASSET.search(url)
        alt = word(one, "accessibilityText")
        found.append({"media_id": asset[1] if asset else None, "kind": "image", "url": url, "alt_text": alt})
    return found
