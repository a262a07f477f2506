"""Posts of Facebook as its web client receives them: the `Story` objects that Zeeschuimer saved for a while.

The time stands in one of several lines under the author's name, or beside them. The page counts
reactions of all kinds together, which is not the number of likes.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from kit.loaders.meta import addresses
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    field_time,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    links_in,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue

_STORY = "comet_sections.content.story"
_LINES = "comet_sections.context_layout.story.comet_sections.metadata"
_COUNTS = (
    "comet_sections.feedback.story.story_ufi_container.story.feedback_context.feedback_target_with_context."
    "comet_ufi_summary_and_actions_renderer.feedback"
)
_MEDIA = {"Photo": "image", "Video": "video"}
_IN_GROUP = re.compile(r"https?://(?:[\w-]+\.)?facebook\.com/groups/([\w.-]+)")
_PASSED = "posts that pass another one on and do not say which"


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A post with its author; `captured` is when a tool saved it, where known."""
    if raw(thing, "sponsored_data") is not None:
        raise BadValue("sponsored_data", "an advertisement shown to whoever collected this", "")
    story = inner(thing, _STORY)
    if not story:
        raise BadValue(_STORY, "no post of the web client", ", ".join(list(thing)[:5]))
    address = addresses.read(word(story, "wwwURL"))
    post_id = (
        identifier(story, "post_id") or identifier(thing, "post_id") or (address.post if address else None)
    )
    if post_id is None:
        raise BadValue(f"{_STORY}.post_id", "no identifier", "")
    author = _author(story, warnings)
    written = text(story, "message.text")
    passes, other = _passed_on(thing, story)
    if passes and other is None:
        warnings[_PASSED] += 1
    bare = passes and not written
    value = {
        "platform": "facebook",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(_time(thing)),
        **kind_flags(repost=bare, reply=False, quote=passes and not bare),
        "quoted_id": None if bare else other,
        "reposted_id": other if bare else None,
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "media": _media(story),
        "place": _group(thing),
        "reactions": number(inner(thing, _COUNTS), "reaction_count.count"),
        "reposts": number(inner(thing, _COUNTS), "share_count.count"),
        "captured_at": captured,
    }
    return Made(value, author | {"captured_at": captured} if author else None)


def _time(thing: RecordDict) -> tuple[datetime | None, str | None]:
    """The time of the first line that has one; other lines name a place or who can see the post."""
    for one in record_dicts(thing, _LINES):
        if raw(one, "story.creation_time") is not None:
            return seconds(one, "story.creation_time", "facebook")
    return seconds(thing, "comet_sections.timestamp.story.creation_time", "facebook")


def _group(thing: RecordDict) -> str | None:
    """The group that a line under the author's name leads to."""
    for one in record_dicts(thing, _LINES):
        if found := _IN_GROUP.match(word(one, "story.url") or ""):
            return found[1]
    return None


def _author(story: RecordDict, warnings: Counter[str]) -> RecordDict | None:
    actors = record_dicts(story, "actors")
    if len(actors) > 1:
        warnings["posts with several authors, of whom the first is kept"] += 1
    actor = actors[0] if actors else {}
    address = addresses.read(word(actor, "url"))
    handle = address.handle if address else None
    account_id = identifier(actor, "id") or (address.account if address else None) or by_handle(handle)
    if account_id is None:
        warnings["posts whose author is not named by an address: they have no account"] += 1
        return None
    return {
        "platform": "facebook",
        "account_id": account_id,
        "handle": handle,
        "display_name": text(actor, "name"),
    }


def _passed_on(thing: RecordDict, story: RecordDict) -> tuple[bool, str | None]:
    """Whether the post passes another one on, and which."""
    for holder in (story, thing):
        if other := inner(holder, "attached_story"):
            return True, identifier(other, "post_id") or identifier(other, f"{_STORY}.post_id")
    return False, None


def _media(story: RecordDict) -> list[RecordDict]:
    found = []
    for one in record_dicts(story, "attachments"):
        target = inner(one, "target")
        kind = _MEDIA.get(word(target, "__typename") or "")
        if kind and (media_id := identifier(target, "id")):
            found.append({"media_id": media_id, "kind": kind, "url": None, "alt_text": None})
    return found
