"""`result.json` of Telegram Desktop: one chat, or everything that somebody's application holds.

A whole archive is walked, never held. Only channels and groups are read. Talks between
persons, with bots and with oneself are passed over, and so are the private groups of a
whole archive, which nobody chose to hand over for a study; contacts, sessions and the
owner's own profile are not even decoded. `date` is the local time of the computer that
exported, without its zone; newer files also give Unix seconds, which are taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import InputError
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, jsons, tree
from kit.loaders.files.delimited import Fault
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    from_objects,
    identifier,
    kind_flags,
    raw,
    record_dicts,
    refusing,
    seconds,
    text,
    word,
)
from kit.loaders.telegram import peers
from kit.loaders.values import BadValue

_CHATS = ("chats", "left_chats")
_PEOPLE = ("contacts", "frequent_contacts")
#: containers that are walked into; everything else is handed out whole
_INSIDE = {
    (),
    ("messages",),
    *((name,) for name in (*_CHATS, *_PEOPLE)),
    *((name, "list") for name in (*_CHATS, *_PEOPLE)),
    *((name, "list", tree.ITEM) for name in _CHATS),
    *((name, "list", tree.ITEM, "messages") for name in _CHATS),
}
_TALKS = ("personal_chat", "bot_chat", "saved_messages", "replies", "verify_codes")
_KINDS = {
    "public_channel": "channel",
    "private_channel": "channel",
    "public_supergroup": "channel",
    "private_supergroup": "channel",
    "private_group": "chat",
}
_CHANNELS = ("public_channel", "private_channel")
_PUBLIC = ("public_channel", "public_supergroup")
_MEDIA = {
    "animation": "animation",
    "video_file": "video",
    "video_message": "video",
    "voice_message": "audio",
    "audio_file": "audio",
    "sticker": "other",
}
_OLD_USER, _OLD_CHAT = 1, 2  # what stood above 32 bits of an identifier until 2021
_NO_NUMBER = "messages whose author has no number"


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Messages of channels and groups as posts; everything private is passed over, counted."""
    local = refusing(
        source, times.reader(options.get("time") or {}, "telegram", source.warnings, source.where())
    )

    def build(one: RecordDict) -> Made | None:
        return _post(one["message"], one["chat"], local, source.warnings)

    return from_objects(source, "posts", build, items=_items(source))


def _items(source: Source) -> Iterator[jsons.Item | Fault]:
    """Each message of a chat that is read, with its chat; the others are counted and not decoded."""
    number = 0
    for chat, part in _messages(source):
        if why := _passed_over(chat):
            source.warnings[why] += 1
            continue
        number += 1
        item = jsons.item(number, part.line, part.raw, source.warnings, cut=part.cut)
        yield item if isinstance(item, Fault) else item._replace(value={"message": item.value, "chat": chat})


def _messages(source: Source) -> Iterator[tuple[RecordDict, tree.Part]]:
    """Each message, not decoded, with what is said of its chat."""
    ahead: list[RecordDict] = []
    for place, (chat, part) in _walked(source):
        if "type" not in chat or "id" not in chat:  # said behind the messages, or nowhere
            ahead = ahead or _ahead(source)
            chat |= {"type": None, "id": None} | ahead[place]
        yield chat, part


def _ahead(source: Source) -> list[RecordDict]:
    """What is said of every chat, in order, whether before its messages or behind them."""
    chats: dict[int, RecordDict] = {}
    for part in tree.parts(source, _INSIDE.__contains__):
        _note(chats, part, source)
    return list(chats.values())


def _walked(source: Source) -> Iterator[tuple[int, tuple[RecordDict, tree.Part]]]:
    chats: dict[int, RecordDict] = {}
    for part in tree.parts(source, _INSIDE.__contains__):
        if part.path[-2:] == ("messages", tree.ITEM):
            yield len(chats) - 1, (chats[len(chats) - 1], part)
        elif part.path[:1] == ("contacts",) and part.path[-1] == tree.ITEM:
            source.warnings["contacts of whoever exported, passed over"] += 1
        elif (part.path[-1:] == ("messages",) and part.raw) or part.path[-2:-1] == ("messages",):
            raise InputError("a list of messages was expected", where=source.where(part.line))
        elif part.path == (tree.ITEM,):
            raise InputError("one JSON object was expected, not a list", where=source.where(part.line))
        else:
            _note(chats, part, source)


def _note(chats: dict[int, RecordDict], part: tree.Part, source: Source) -> None:
    """Keep what a part says of a chat: that one begins, or its kind, name or number."""
    if not part.raw and (part.path == () or part.path[-1] == tree.ITEM):
        chats[len(chats)] = {"archive": bool(part.path)}
    elif part.path and part.path[-1] in ("type", "id", "name") and len(part.path) in (1, 4):
        raw_ = b'{"value": ' + part.raw + b"}"
        item = jsons.item(0, part.line, raw_, source.warnings, cut=part.cut)
        if isinstance(item, Fault):
            raise InputError(item.reason, where=source.where(part.line), found=item.found)
        chats[len(chats) - 1][part.path[-1]] = item.value["value"]


def _passed_over(chat: RecordDict) -> str:
    """Why the messages of a chat are not read; empty where they are."""
    kind = chat["type"]
    if kind in _TALKS:
        return "messages of private talks, passed over"
    if not chat["archive"] or kind in _PUBLIC:
        return ""
    if kind in _KINDS:
        return "messages of private groups and channels in a whole archive, passed over; export the one studied alone"
    return "messages of chats of an unknown kind in a whole archive, passed over"


def _post(message: RecordDict, about: RecordDict, local: times.Reader, warnings: Counter[str]) -> Made | None:
    kind = text(message, "type")
    if kind == "service":
        warnings["service messages (joined, pinned, renamed, …), which are no posts"] += 1
        return None
    if kind == "unsupported":
        warnings["messages that the exporting application could not read"] += 1
        return None
    if kind != "message":
        raise BadValue("type", "neither a message nor a service message", kind)
    chat = _chat(about, message)
    post_id = peers.post(chat, "id", raw(message, "id"))
    if post_id is None:
        raise BadValue("id", "no identifier", "")
    author = _author(message, about, chat)
    if author is None:
        warnings[_NO_NUMBER] += 1
    written, found = _text(message)
    forwarded = "forwarded_from" in message or "forwarded_from_id" in message
    above = _account("reply_to_peer_id", raw(message, "reply_to_peer_id"), chat)
    reply_to = peers.post(above or chat, "reply_to_message_id", raw(message, "reply_to_message_id"))
    moment = seconds(message, "date_unixtime", "telegram")
    if moment[0] is None:
        moment = local("date", raw(message, "date"))
    if "contact_information" in message:
        warnings[peers.CONTACTS] += 1
    value = {
        "platform": "telegram",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(moment),
        **kind_flags(repost=forwarded, reply=reply_to is not None, quote=None),
        "reply_to_id": reply_to,
        "reposted_account_id": _account("forwarded_from_id", raw(message, "forwarded_from_id"), chat),
        "text": written,
        "client": word(message, "via_bot"),
        **_entities(found),
        "media": _media(message, post_id),
        "likes": peers.total(
            "reactions.count", (one.get("count") for one in record_dicts(message, "reactions"))
        ),
    }
    return Made(value, author)


def _chat(about: RecordDict, message: RecordDict) -> str:
    """The chat as accounts are named; a chat of an unknown kind by its number alone."""
    number = identifier(about, "id")
    if number is None:
        raise BadValue("chat.id", "no identifier of the chat, without which a message has none", "")
    if not number.isascii() or not number.isdigit() or len(number) > 19:
        raise BadValue("chat.id", "no number of a chat", number)
    if "date_unixtime" not in message and int(number) >> 32 == _OLD_CHAT:
        number = str(int(number) & 0xFFFFFFFF)
    return _KINDS.get(about["type"] if isinstance(about["type"], str) else "", "") + number


def _account(field: str, given: Any, chat: str) -> str | None:
    """An account as newer files name it, or as a number with its kind above 32 bits."""
    written = values.identifier(field, given)
    if written is None or not (written.isascii() and written.isdigit()) or len(written) > 19:
        return peers.marked(field, written)
    kind, number = int(written) >> 32, int(written) & 0xFFFFFFFF
    if kind == _OLD_CHAT:  # both groups and channels, of which only this chat itself can be a group
        return f"chat{number}" if chat == f"chat{number}" else f"channel{number}"
    return f"user{number if kind == _OLD_USER else int(written)}"


def _author(message: RecordDict, about: RecordDict, chat: str) -> RecordDict | None:
    """The author; a channel that signs nobody is its own, elsewhere nobody is guessed."""
    account_id = _account("from_id", raw(message, "from_id"), chat)
    name = text(message, "from")
    if account_id is None and about["type"] in _CHANNELS:
        account_id, name = chat, values.text("chat.name", about.get("name"))
    if account_id is None:
        return None
    gone = "from" in message and name is None and account_id.startswith("user")
    return {
        "platform": "telegram",
        "account_id": account_id,
        "display_name": name,
        "status": "deleted" if gone else None,
    }


def _text(message: RecordDict) -> tuple[str | None, list[RecordDict]]:
    """The visible text, and its marked pieces; it is one string, or a list of strings and pieces."""
    written, entities = raw(message, "text"), raw(message, "text_entities")
    for field, one in (("text", written), ("text_entities", entities)):
        if not isinstance(one, str if field == "text" else list) and not isinstance(one, list | None):
            raise BadValue(field, "text, or a list of its pieces, was expected", one)
    pieces = written if isinstance(written, list) else entities or []
    shown = [_piece(one) for one in pieces]
    found = [one for one in (entities or pieces) if isinstance(one, dict)]
    for one in found:
        _piece(one)
    if isinstance(written, str):
        return written, found
    return ("".join(shown) if written is not None or entities is not None else None), found


def _piece(one: Any) -> str:
    found = one.get("text") if isinstance(one, dict) else one
    if not isinstance(found, str):
        raise BadValue("text", "a piece of text was expected", one)
    return found


def _entities(found: list[RecordDict]) -> RecordDict:
    """Hashtags, addresses and mentions among the pieces of a text."""
    lists: RecordDict = {"hashtags": [], "urls": [], "mentions": []}
    for one in found:
        kind = one.get("type")
        if kind == "hashtag":
            lists["hashtags"].append(values.hashtag(one["text"]))
        elif kind in ("link", "text_link"):
            address = word(one, "href") if kind == "text_link" else one["text"]
            lists["urls"] += [{"url": address, "expanded_url": None}] if address else []
        elif kind == "mention":
            lists["mentions"].append(peers.mention(one["text"]))
        elif kind == "mention_name":
            lists["mentions"].append(peers.mention(None, peers.peer("text", {"user_id": one.get("user_id")})))
    return lists


def _media(message: RecordDict, post_id: str) -> list[RecordDict]:
    """What a message shows. A path is one of the exporting computer, or a sentence that the file was left out."""
    found = []
    for field in ("photo", "file"):
        if word(message, field):
            kind = "image" if field == "photo" else _MEDIA.get(text(message, "media_type") or "")
            kind = kind or peers.kind_of_file(text(message, "mime_type"))
            found.append({"media_id": f"{post_id}/{field}", "kind": kind, "url": None, "alt_text": None})
    return found


def _is_message(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.get("type") in ("message", "service", "unsupported")
        and bool({"id", "date", "date_unixtime"} & set(one))
    )


def _is_export(head: Head) -> bool:
    for one in head.objects[:1]:
        messages, chats = one.get("messages"), [one[name] for name in _CHATS if name in one]
        if isinstance(messages, list):
            # a chat of which nothing was written says at least what it is
            return any(map(_is_message, messages[:5])) or (
                not messages and one.get("type") in (*_TALKS, *_KINDS)
            )
        if chats:
            return isinstance(chats[0], dict) and isinstance(chats[0].get("list"), list)
        return {"about", "personal_information"} <= set(one)
    return False


FORMATS = (
    Format(
        "telegram_desktop",
        "Telegram Desktop export, JSON",
        platform="telegram",
        table="posts",
        tool="Telegram Desktop, machine-readable JSON",
        sniff=_is_export,
        read=read,
        carries="messages of channels and groups, authors by number and name, replies, that a message was forwarded, "
        "hashtags, links, mentions, kinds of media, reactions",
        lacks="handles, views, how often a message was forwarded, which message was; polls, places and contacts; "
        "private talks, and private groups of a whole archive, are passed over",
        caveats=(
            "likes are reactions of every kind, also hostile ones",
            "an album is several messages, of which one has the text; this export does not say which belong together",
            "media are known by their message alone: the same picture in two messages counts as two",
        ),
    ),
)
