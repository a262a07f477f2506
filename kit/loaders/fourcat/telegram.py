"""Telegram messages. A chat is named by its handle, which other tools do not give, and so is each post."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import partial

from kit.loaders import markup, values
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.objects import Made, RecordDict, by_handle, field_time, hashtags_in, header_names, kind_flags
from kit.loaders.telegram import peers
from kit.loaders.values import BadValue

_COLUMNS = ("id", "thread_id", "chat", "author", "author_username", "body", "views", "attachment_type")
_NUMBER = re.compile(r"(?:.*-)?(\d{1,19})", re.ASCII | re.DOTALL)
_FORWARDED = ("author_forwarded_from_name", "author_forwarded_from_username", "author_forwarded_from_id")
_MEDIA = {"photo": "image", "image": "image", "video": "video", "audio": "audio", "application": "other"}
_UNKNOWN = "authors who may be a person or a channel, named by their number alone"
_NOBODY = ("", "REDACTED")


def _post(row: RecordDict, warnings: Counter[str]) -> Made:
    chat = row["chat"].strip() or row["thread_id"].strip()
    if chat in ("", "unknown"):
        raise BadValue("chat", "no chat, without which a message has no name", row["chat"])
    found = _NUMBER.fullmatch(row["id"].strip())
    if found is None:
        raise BadValue("id", "no number of a message", row["id"])
    author = _author(row, chat, warnings)
    reply_to = peers.post(chat, "reply_to", row.get("reply_to"))
    forwarded = any((row.get(name) or "").strip() for name in (*_FORWARDED, "unix_timestamp_forwarded_from"))
    body = row["body"]
    links = [one["url"] for one in markup.links_in(body)] + rows.links(row, "link_attached")
    value = {
        "platform": "telegram",
        "post_id": f"{chat}-{found[1]}",
        "account_id": author["account_id"] if author else None,
        **field_time(rows.stated(row, "telegram")),
        **kind_flags(repost=forwarded, reply=reply_to is not None, quote=None),
        "reply_to_id": reply_to,
        "reposted_account_id": _origin(row) if forwarded else None,
        "text": body,
        "hashtags": hashtags_in(body),
        "urls": [{"url": url, "expanded_url": None} for url in dict.fromkeys(links)],
        "mentions": [peers.mention(one) for one in rows.words(row, "entities_mentioned")],
        "media": _media(row, warnings),
        "views": None if forwarded else values.count("views", row["views"].strip()),
    }
    return Made(value, author)


def _author(row: RecordDict, chat: str, warnings: Counter[str]) -> RecordDict | None:
    """The author by number; that it is a person shows in the name, that it is the channel in the handle."""
    given, name = row["author"].strip(), (row.get("author_name") or "").strip()
    handle = values.handle("author_username", row["author_username"])
    if given in _NOBODY:
        warnings["messages whose author has no number"] += 1
        return None
    if rows.HASH.fullmatch(given):
        return {"platform": "telegram", "account_id": given, "handle": None, "display_name": None}
    if not given.isascii() or not given.isdigit():
        raise BadValue("author", "neither a number nor a hash", given)
    if handle and handle.casefold() == chat.casefold():
        account_id = peers.peer("author", {"channel_id": given})
    elif name:
        account_id = peers.peer("author", {"user_id": given})
    else:
        warnings[_UNKNOWN] += 1
        account_id = given
    return {"platform": "telegram", "account_id": account_id, "handle": handle, "display_name": name or None}


def _origin(row: RecordDict) -> str | None:
    """Whose message is passed on: by handle, else by number, of which the kind is not said."""
    handle = values.handle("author_forwarded_from_username", row.get("author_forwarded_from_username"))
    number = values.identifier("author_forwarded_from_id", row.get("author_forwarded_from_id"))
    if handle and not rows.HASH.fullmatch(handle):
        return by_handle(handle)
    return number or handle


def _media(row: RecordDict, warnings: Counter[str]) -> list[RecordDict]:
    """One attachment at most, with Telegram's number where the tool kept it."""
    kind = row["attachment_type"].strip()
    if kind == "contact":
        warnings[peers.CONTACTS] += 1
    if kind not in _MEDIA:
        return []
    try:
        about = json.loads(row.get("attachment_data") or "null")
    except (ValueError, RecursionError):
        about = None
    media_id = about.get("id") if isinstance(about, dict) else None
    name = values.identifier("attachment_data.id", media_id) or f"{row['chat'].strip()}-{row['id'].strip()}"
    return [{"media_id": name, "kind": _MEDIA[kind], "url": None, "alt_text": None}]


def _is_telegram(head: Head) -> bool:
    return set(_COLUMNS) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_telegram",
        "4CAT, Telegram messages as CSV",
        platform="telegram",
        table="posts",
        tool="4CAT, CSV",
        sniff=_is_telegram,
        read=partial(rows.read, build=_post, needed=_COLUMNS),
        carries="messages, authors, replies, that a message was forwarded and from whom, hashtags, links, mentions, one "
        "attachment, views",
        lacks="the number of a chat with a handle, so that posts do not join to those of other tools; counts of reactions "
        "and forwards; the message that is passed on, and its views",
        caveats=(
            rows.HASHED,
            "the items of an album are messages of their own, of which one has the text",
        ),
        columns=_COLUMNS,
    ),
)
