"""What Telegram's formats share: names of accounts and posts, media, reactions.

Users, groups and channels are numbered each on their own, so that an account is named by
its kind and number, as Telegram Desktop writes it: `user1`, `chat1` (a basic group),
`channel1` (a channel or supergroup). Messages are numbered within their chat: a post is
named by both, `channel1-25`. Neither number holds a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kit.loaders import values
from kit.loaders.objects import RecordDict
from kit.loaders.values import BadValue

_MARKED = 10**12  # a channel's number in the form of the Bot API is this much below zero
_NAMED = re.compile(r"(user|chat|channel)(\d{1,19})", re.ASCII)
_WRITTEN = re.compile(r"-?\d{1,19}", re.ASCII)
_KINDS = {"channel_id": "channel", "chat_id": "chat", "user_id": "user"}
CONTACTS = "contacts that were shared in a message, not read"


def marked(field: str, cell: Any) -> str | None:
    """An account by its number alone: users count from 1, groups and channels stand below zero."""
    written = values.identifier(field, cell)
    if written is None:
        return None
    if named := _NAMED.fullmatch(written):
        return f"{named[1]}{int(named[2])}"
    if not _WRITTEN.fullmatch(written):
        raise BadValue(field, "no number of an account", cell)
    number = int(written)
    if number >= 0:
        return f"user{number}"
    return f"channel{-number - _MARKED}" if number < -_MARKED else f"chat{-number}"


def peer(field: str, found: Any) -> str | None:
    """An account as the interface names it: an object with the kind of number, or a marked number."""
    if not isinstance(found, dict):
        return marked(field, found)
    for key, kind in _KINDS.items():
        if found.get(key) is not None:
            named = marked(f"{field}.{key}", found[key])
            if named is None:
                continue
            return named if not named.startswith("user") else f"{kind}{named.removeprefix('user')}"
    user = found.get("user")
    if isinstance(user, dict) and user.get("id") is not None:
        return peer(f"{field}.user", {"user_id": user["id"]})
    return None


def post(chat: str, field: str, cell: Any) -> str | None:
    """A post, by its chat and its number there."""
    number = values.count(field, cell)
    return None if number is None else f"{chat}-{number}"


def total(field: str, counts: Iterable[Any]) -> int | None:
    """Reactions of every kind together; None where none are listed, which need not mean that there were none."""
    found = [count for one in counts if (count := values.count(field, one)) is not None]
    return sum(found) if found else None


def kind_of_file(mime: str | None) -> str:
    """Kind of a media item by its MIME type."""
    kind = (mime or "").split("/")[0]
    if mime == "image/gif":
        return "animation"
    return kind if kind in ("image", "video", "audio") else "other"


def mention(written: str | None, account_id: str | None = None) -> RecordDict:
    """Somebody mentioned, by handle, or by number where the words are only what they are called."""
    handle = values.handle("mention", written) if account_id is None else None
    return {"account_id": account_id, "handle": handle}
