"""Notes and comments of RedNote (Xiaohongshu) as its web client receives them, as Zeeschuimer saves them.

A note stands on its own, under `note_card` or `note`, in two spellings, or was read off a page and
holds a title alone. Many lack text and time unless they were opened: the first eight signs of a
note's number are thought to be its second, which is taken as an estimate. Counts that the site
shortens (`1.2万`) are no numbers: missing, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from kit.loaders import times, values
from kit.loaders.markup import titled
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    field_time,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    millis,
    raw,
    record_dicts,
    seconds,
    spelt,
    text,
    word,
)
from kit.loaders.values import BadValue

_NUMBER = re.compile(r"[0-9a-f]{24}", re.ASCII)
_SHORT = re.compile(r"\d+(?:\.\d+)?\s*[千万萬亿kKwW]\+?|\d+\+", re.ASCII)
_PARTS = "notes of which the page held only a part"
_NO_AUTHOR = "notes and comments whose author is not named by a number: they have no account"
_COUNTS = {"likes": "liked_count", "replies": "comment_count", "reposts": "share_count"}
ESTIMATED = "times read out of the number of a note, as an estimate"
SHORTENED = "counts that RedNote shortens (1.2万): missing, as they are no numbers"


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A note with its author; `captured` is when a tool saved it, where known."""
    thing = spelt(thing)
    note = inner(thing, "note_card") or inner(thing, "note") or thing
    post_id = identifier(thing, "id") or identifier(thing, "note_id") or identifier(note, "note_id")
    if post_id is None:
        raise BadValue("id", "no identifier", "")
    if not {"user", "title", "display_title", "desc", "interact_info"} & set(note):
        raise BadValue("", "a tile without anything of the note in it", ", ".join(list(note)[:5]))
    written = text(note, "desc")
    if written is None:
        warnings[_PARTS] += 1
    author = _author(inner(note, "user"), warnings, captured)
    counts = inner(note, "interact_info") or {"liked_count": raw(note, "likes")}
    value = {
        "platform": "rednote",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **_time(note, post_id, warnings),
        **kind_flags(repost=False, reply=False, quote=False),
        "text": titled(word(note, "title") or word(note, "display_title"), written),
        "hashtags": _hashtags(note, written),
        "mentions": [_named(one) for one in record_dicts(note, "at_user_list")],
        "media": _media(note, post_id),
        "captured_at": captured,
        **{ours: _count(counts, theirs, warnings) for ours, theirs in _COUNTS.items()},
    }
    return Made(value, author)


def _time(note: RecordDict, post_id: str, warnings: Counter[str]) -> RecordDict:
    stated = _moment(note, "time")
    if stated[0] is not None:
        return field_time(stated)
    if not _NUMBER.fullmatch(post_id):
        return field_time((None, None))
    try:
        found: times.Moment = seconds({"id": int(post_id[:8], 16)}, "id", "rednote")
    except BadValue:
        return field_time((None, None))
    warnings[ESTIMATED] += 1
    return field_time(found) | {"time_source": "estimate"}


def _moment(thing: RecordDict, name: str) -> times.Moment:
    """A number of milliseconds, of which the site often fills the seconds alone."""
    stated = millis(thing, name, "rednote")
    return stated, None if stated is None else "millisecond" if stated.microsecond else "second"


def _author(user: RecordDict, warnings: Counter[str], captured: datetime | None) -> RecordDict | None:
    account = identifier(user, "user_id")
    if account is None:
        warnings[_NO_AUTHOR] += 1
        return None
    name = text(user, "nickname") or text(user, "nick_name")
    return {"platform": "rednote", "account_id": account, "display_name": name, "captured_at": captured}


def _hashtags(note: RecordDict, written: str | None) -> list[str]:
    listed = [values.hashtag(tag) for one in record_dicts(note, "tag_list") if (tag := word(one, "name"))]
    return listed or list(dict.fromkeys(hashtags_in(written)))


def _named(one: RecordDict) -> RecordDict:
    return {"account_id": identifier(one, "user_id"), "handle": None}


def _media(note: RecordDict, post_id: str) -> list[RecordDict]:
    """The pictures, and the video of a note that has one; their addresses expire."""
    shown = record_dicts(note, "image_list") or [inner(note, "cover")]
    urls = [word(one, "url_default") or word(one, "url") or _scene(one) for one in shown]
    found = [{"media_id": None, "kind": "image", "url": url, "alt_text": None} for url in urls if url]
    if raw(note, "type") == "video" or raw(note, "video"):
        found.append({"media_id": post_id, "kind": "video", "url": None, "alt_text": None})
    return found


def _scene(picture: RecordDict) -> str | None:
    """The address of a picture as the page shows it."""
    scenes = record_dicts(picture, "info_list")
    best = [one for one in scenes if raw(one, "image_scene") == "WB_DFT"] or scenes
    return word(best[0], "url") if best else None


def _count(thing: RecordDict, name: str, warnings: Counter[str]) -> int | None:
    found = raw(thing, name)
    if isinstance(found, str) and _SHORT.fullmatch(found.strip()):
        warnings[SHORTENED] += 1
        return None
    return values.count(name, found)


# --- comments


def comment(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A comment with its author; answers shown below it are context, as nobody asked for them."""
    thing = spelt(thing)
    value, author = _comment(thing, warnings, captured)
    below = record_dicts(thing, "sub_comments")
    return Made(value, author, beside(lambda one: _comment(one, Counter(), captured)[0], below, warnings))


def _comment(
    thing: RecordDict, warnings: Counter[str], captured: datetime | None
) -> tuple[RecordDict, RecordDict | None]:
    post_id = identifier(thing, "id", required=True)
    note = identifier(thing, "note_id")
    answered = inner(thing, "target_comment")
    author = _author(inner(thing, "user_info"), warnings, captured)
    written = text(thing, "content")
    value = {
        "platform": "rednote",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(_moment(thing, "create_time")),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": identifier(answered, "id") or note,
        "target_account_id": identifier(inner(answered, "user_info"), "user_id"),
        "root_id": note,
        "text": written,
        "hashtags": hashtags_in(written),
        "mentions": [_named(one) for one in record_dicts(thing, "at_users")],
        "likes": _count(thing, "like_count", warnings),
        "replies": _count(thing, "sub_comment_count", warnings),
        "captured_at": captured,
    }
    return value, author
