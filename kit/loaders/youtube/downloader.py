"""Comments that youtube-comment-downloader saved: one a line, or one object with a list.

The file names neither its video nor any time: what it calls a time was worked out, when the
comments were fetched, from words such as `2 years ago` in the language of whoever fetched
them. Such times are marked as estimates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    from_objects,
    hashtags_in,
    identifier,
    kind_flags,
    links_in,
    raw,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue
from kit.loaders.youtube import fields

_KEYS = {"cid", "text", "time", "votes"}
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments with their authors; `constants: {root_id: …}`, or the file's name, says under which video."""
    root = fields.video_of(source, options)
    return from_objects(source, "posts", lambda one: _comment(one, root, source.warnings), _listed)


def _listed(thing: RecordDict) -> Iterator[Any]:
    if "comments" not in thing or "cid" in thing:
        yield thing
        return
    found = raw(thing, "comments")
    if not isinstance(found, list):
        raise BadValue("comments", "a list was expected", found)
    yield from found


def _comment(one: RecordDict, root: str | None, warnings: Counter[str]) -> Made:
    post_id = str(identifier(one, "cid", required=True))
    above, _, reply = post_id.partition(".")
    name, written = word(one, "author"), text(one, "text")
    author = fields.author(identifier(one, "channel"), name, warnings)
    warnings.update({} if root else {fields.NO_VIDEO: 1})
    moment = seconds(one, "time_parsed", "youtube")
    if moment[0] is None:
        warnings["comments whose time the tool could not work out"] += 1
    value = {
        "platform": "youtube",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.estimated(moment),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": above if reply else root,
        "root_id": root,
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": links_in(written),
        "mentions": fields.mentions(written, name),
        "likes": _exact(one, "votes", warnings),
        "replies": _exact(one, "replies", warnings),
    }
    return Made(value, author)


def _exact(one: RecordDict, path: str, warnings: Counter[str]) -> int | None:
    """A count as the page showed it, where it shows all its digits: `1.2K` or `1,2 тыс.` are no number."""
    found = raw(one, path)
    if not isinstance(found, str):
        return values.count(path, found)
    if not found.strip():
        return None
    if _WHOLE.fullmatch(found.strip()):
        return int(found)
    warnings["counts shown in short (1.2K), which are left out"] += 1
    return None


def _is_comments(head: Head) -> bool:
    for one in head.objects[:5]:
        inside = one.get("comments")
        first = inside[0] if isinstance(inside, list) and inside else one
        if isinstance(first, dict) and set(first) >= _KEYS:
            return True
    return False


FORMATS = (
    Format(
        "youtube_comment_downloader",
        "youtube-comment-downloader, comments",
        platform="youtube",
        table="posts",
        tool="youtube-comment-downloader",
        sniff=_is_comments,
        read=read,
        carries="comments with what they answer, authors, links, likes and replies where shown in full",
        lacks="the video, unless declared or in the file's name; true times; counts from 1,000 on; when it was fetched",
        caveats=(
            "times are estimates from words such as `2 years ago`: never to be used for who acted together",
            "times are as coarse as those words, and stand as days",
        ),
    ),
)
