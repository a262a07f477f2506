"""What X's own formats share: times, entities, profiles and clients as API v1.1 wrote them."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.objects import (
    RecordDict,
    flag,
    identifier,
    inner,
    number,
    raw,
    record_dicts,
    text,
    timed,
    word,
)
from kit.loaders.values import BadValue

_MONTHS = dict(
    zip("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), range(1, 13), strict=True),
)
# read by hand, as names of months in strptime follow the language of the machine
_STATED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII
)
_ANCHOR = re.compile(r"<a\b[^>]*>(.*?)</a>\s*", re.IGNORECASE | re.DOTALL)
_MEDIA = {"photo": "image", "video": "video", "animated_gif": "animation"}
_GONE = "-1"  # the archive's number for a mentioned account that does not exist any more
#: before this day views were not counted, and a 0 says nothing
VIEWS_COUNTED = datetime(2022, 12, 15)


def moment(field: str, cell: Any) -> times.Moment:
    """A time such as `Sat Sep 28 18:05:23 +0000 2019`, in UTC."""
    written = values.text(field, cell)
    if not written:
        return None, None
    found = _STATED.fullmatch(written)
    if found is None or found[1] not in _MONTHS:
        raise BadValue(field, "a time as 'Sat Sep 28 18:05:23 +0000 2019' was expected", cell)
    month, day, hour, minute, second, sign, hours, minutes, year = found.groups()
    try:
        when = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
    except ValueError:
        raise BadValue(field, "no such time", cell) from None
    away = timedelta(hours=int(hours), minutes=int(minutes))
    return values.plausible(field, when - away if sign == "+" else when + away, "x", cell), "second"


def times_of_post(post_id: str, stated: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The time columns of a post: the identifier's milliseconds where they fall in the second stated."""
    return timed(time_of("x_post", post_id), stated, warnings)


def client(source: str | None) -> str | None:
    """The name of the application, out of the anchor that older formats wrap it in."""
    if not source:
        return None
    anchor = _ANCHOR.fullmatch(source)
    return html.unescape(anchor[1]) or None if anchor else source


def entities(found: RecordDict, extended: RecordDict) -> RecordDict:
    """Hashtags, links, mentions and media of a post, from its entities and extended entities."""
    media = record_dicts(extended, "media") or record_dicts(found, "media")
    return {
        "hashtags": [
            values.hashtag(tag) for one in record_dicts(found, "hashtags") if (tag := word(one, "text"))
        ],
        "urls": [
            {"url": word(one, "url"), "expanded_url": word(one, "expanded_url")}
            for one in record_dicts(found, "urls")
        ],
        "mentions": [_mention(one) for one in record_dicts(found, "user_mentions")],
        "media": [_medium(one) for one in media],
    }


def _mention(one: RecordDict) -> RecordDict:
    account = identifier(one, "id_str")
    handle = values.handle("user_mentions.screen_name", raw(one, "screen_name"))
    return {"account_id": None if account == _GONE else account, "handle": handle}


def _medium(one: RecordDict) -> RecordDict:
    best = best_variant(record_dicts(one, "video_info.variants"), "bitrate")
    return {
        "media_id": identifier(one, "id_str") or word(one, "media_key"),
        "kind": _MEDIA.get(word(one, "type") or ""),
        "url": best or word(one, "media_url_https") or word(one, "media_url"),
        "alt_text": word(one, "ext_alt_text"),
    }


def best_variant(variants: list[RecordDict], rate: str) -> str | None:
    """Address of the copy of a video with most detail; the archive writes the rate as text."""
    found = [(number(one, rate) or -1, word(one, "url")) for one in variants if one.get("url")]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def profile(user: RecordDict, captured: datetime | None) -> RecordDict:
    """A profile from a user object of API v1.1."""
    created_at, precision = moment("user.created_at", raw(user, "created_at"))
    links = record_dicts(user, "entities.url.urls")
    status = "private" if flag(user, "protected") else "active"
    return {
        "platform": "x",
        "account_id": identifier(user, "id_str", required=True),
        "handle": values.handle("user.screen_name", raw(user, "screen_name")),
        "display_name": text(user, "name"),
        "bio": text(user, "description"),
        "location": text(user, "location"),
        "profile_url": (word(links[0], "expanded_url") if links else None) or text(user, "url"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": number(user, "followers_count"),
        "following": number(user, "friends_count"),
        "posts_stated": number(user, "statuses_count"),
        "profile_language": values.language(word(user, "lang")),
        "verified": flag(user, "verified"),
        "status": "withheld" if withheld(user) else status,
        "captured_at": captured,
    }


def withheld(thing: RecordDict) -> bool:
    """Whether a post or an account is hidden in some countries."""
    return bool(raw(thing, "withheld_in_countries") or raw(thing, "withheld_scope"))


def answered(post: RecordDict) -> RecordDict:
    """What a post answers: columns of the post and the account, and the post's time where its id tells."""
    reply_to_id = identifier(post, "in_reply_to_status_id_str") or identifier(post, "in_reply_to_status_id")
    target = identifier(post, "in_reply_to_user_id_str") or identifier(post, "in_reply_to_user_id")
    return {
        "reply_to_id": reply_to_id,
        "target_account_id": None if target == _GONE else target,
        "reply_to_created_at": time_of("x_post", reply_to_id) if reply_to_id else None,
    }


def views(count: int | None, created_at: datetime | None) -> int | None:
    """Views; a 0 from before they were counted is none."""
    return None if count == 0 and (created_at is None or created_at < VIEWS_COUNTED) else count


def whole_entities(post: RecordDict) -> RecordDict:
    """Entities of a post, those of its uncut copy where it has one."""
    full = inner(post, "extended_tweet") or post
    extended = inner(full, "extended_entities") or inner(post, "extended_entities")
    return entities(inner(full, "entities"), extended)
