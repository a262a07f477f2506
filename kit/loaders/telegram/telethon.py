"""Messages as Telethon writes them with `to_json()`, or as 4CAT saves its objects.

Telethon names the class of every object in `_`, 4CAT in `_type` (not for objects in
lists) and adds `_chat` and `_sender`; its times are Unix seconds. Offsets count UTF-16
units. The items of an album are several messages, of which one carries the text: they
become one post. What is forwarded from a channel shows the views of the original, which
are not its own. Talks between persons are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    field_time,
    from_objects,
    hashtags_in,
    inner,
    iso,
    kind_flags,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.telegram import peers
from kit.loaders.values import BadValue

_SERVICE = "service messages (joined, pinned, renamed, …), which are no posts"
_EMPTY = "messages that are gone: nothing but their number is left"
_OUTSIDE = "entities that point outside the text, not read"
_MERGED = "further messages of an album, joined to its first"
_CLASSES = ("Message", "MessageService", "MessageEmpty")


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Messages as posts, the items of an album as one."""
    albums: dict[int, str] = {}

    def build(message: RecordDict) -> Made | None:
        made = _post(message, source.warnings)
        if made is not None and (group := values.identifier("grouped_id", raw(message, "grouped_id"))):
            albums[id(made.values)] = f"{made.values['post_id'].rpartition('-')[0]}-{group}"
        return made

    return _merged(from_objects(source, "posts", build, _messages_in), albums, source.warnings)


def _merged(
    found: Iterator[Record | Rejection], albums: dict[int, str], warnings: Counter[str]
) -> Iterator[Record | Rejection]:
    """The same records, those of one album that follow each other as one, named by its lowest number."""
    held: Record | None = None
    held_album = ""
    for item in found:
        album = albums.pop(id(item.values), "") if isinstance(item, Record) else ""
        if held is not None and isinstance(item, Record) and album and album == held_album:
            warnings[_MERGED] += 1
            _join(held.values, item.values)
            continue
        if held is not None:
            yield held
            held = None
        if isinstance(item, Record) and album:
            held, held_album = item, album
        else:
            yield item
    if held is not None:
        yield held


def _join(post: RecordDict, other: RecordDict) -> None:
    """Put the second message of an album into the first."""
    first, second = (int(one["post_id"].rpartition("-")[2]) for one in (post, other))
    earlier, later = (post, other) if first < second else (other, post)
    media = earlier["media"] + later["media"]
    said = later if later["text"] and not earlier["text"] else earlier
    for name in ("text", "hashtags", "urls", "mentions"):
        post[name] = said[name]
    for name in ("likes", "replies", "reposts", "views"):  # each message shows those of the album, or none
        post[name] = max((one[name] for one in (post, other) if one[name] is not None), default=None)
    for name in ("post_id", "created_at", "time_source", "time_precision"):
        post[name] = earlier[name]
    post["media"] = media


def _messages_in(page: RecordDict) -> list[Any]:
    """The object itself where it is a message, else those that an answer lists, with what it says of accounts."""
    if "messages" not in page:
        return [page]
    users, chats = _named(page, "users", "user"), _named(page, "chats", "")
    listed, found = raw(page, "messages"), []
    if not isinstance(listed, list):
        raise BadValue("messages", "a list of messages was expected", listed)
    for message in listed:
        if isinstance(message, dict) and "_sender" not in message:
            message = {**message, "_sender": None, "_beside": users | chats}
        found.append(message)
    return found


def _named(page: RecordDict, key: str, kind: str) -> dict[str, RecordDict]:
    """Users or chats of an answer, by their names as accounts."""
    found = {}
    for one in record_dicts(page, key):
        channel = "channel" if str(one.get("_") or one.get("_type")).startswith("Channel") else "chat"
        if name := peers.peer(key, {f"{kind or channel}_id": one.get("id")}):
            found[name] = one
    return found


def _post(message: RecordDict, warnings: Counter[str]) -> Made | None:
    kind = message.get("_") or message.get("_type")
    if kind == "MessageService" or message.get("action") is not None:
        warnings[_SERVICE] += 1
        return None
    if kind == "MessageEmpty":
        warnings[_EMPTY] += 1
        return None
    if kind not in (None, "Message"):
        raise BadValue("_", "no message", kind)
    chat = _chat(message)
    if chat.startswith("user"):
        warnings["messages of private talks, passed over"] += 1
        return None
    post_id = peers.post(chat, "id", raw(message, "id"))
    if post_id is None:
        raise BadValue("id", "no identifier", "")
    author = _author(message, chat)
    if author is None:
        warnings["messages whose author has no number"] += 1
    forwarded = inner(message, "fwd_from")
    written = text(message, "message")
    value = {
        "platform": "telegram",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(_moment(message, "date")),
        **_reply(message, chat, bool(forwarded)),
        **_forward(forwarded),
        "text": written,
        "client": _client(message),
        **_entities(message, written, warnings),
        "media": _media(message, warnings),
        "likes": _reactions(message),
        "replies": number(message, "replies.replies"),
    }
    # a copy of a channel's post shows how often that one was seen and passed on
    if raw(forwarded, "channel_post") is None:
        value |= {"views": number(message, "views"), "reposts": number(message, "forwards")}
    else:
        value |= {"views": None, "reposts": None}
    return Made(value, author)


def _moment(thing: RecordDict, path: str) -> times.Moment:
    """Unix seconds, or ISO 8601 with its offset."""
    found = raw(thing, path)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return seconds(thing, path, "telegram")
    return iso(thing, path, "telegram")


def _chat(message: RecordDict) -> str:
    for field in ("peer_id", "to_id", "_chat_peer", "chat_id"):
        if found := peers.peer(field, raw(message, field)):
            return found
    about = inner(message, "_chat")
    number_ = values.identifier("_chat.id", about.get("id"))
    if number_ is None:
        raise BadValue("peer_id", "no identifier of the chat, without which a message has none", "")
    group = str(about.get("_type")) in ("Chat", "ChatForbidden")
    return peers.peer("_chat.id", {"chat_id" if group else "channel_id": number_}) or ""


def _author(message: RecordDict, chat: str) -> RecordDict | None:
    """The author; what a channel posts is its own, elsewhere nobody is guessed."""
    account_id = peers.peer("from_id", raw(message, "from_id")) or peers.peer(
        "sender_id", raw(message, "sender_id")
    )
    sender, place = inner(message, "_sender"), inner(message, "_chat")
    if account_id is None and sender.get("id") is not None:
        kind = "channel_id" if "title" in sender else "user_id"
        account_id = peers.peer("_sender.id", {kind: sender["id"]})
    if account_id is None and (raw(message, "post") is True or raw(place, "broadcast") is True):
        account_id = chat
    if account_id is None:
        return None
    about = sender or inner(message, "_beside").get(account_id) or (place if account_id == chat else {})
    return profile(about, account_id)


def profile(about: RecordDict, account_id: str) -> RecordDict:
    """A profile from a user, a group or a channel; telephone numbers are not read."""
    named = [name for key in ("first_name", "last_name") if (name := text(about, key))]
    gone = raw(about, "deleted") is True
    return {
        "platform": "telegram",
        "account_id": account_id,
        "handle": values.handle("username", raw(about, "username")) or _first_handle(about),
        "display_name": " ".join(named) or text(about, "title"),
        "followers": number(about, "participants_count"),
        "verified": values.boolean("verified", raw(about, "verified")),
        "status": "deleted" if gone else None,
    }


def _first_handle(about: RecordDict) -> str | None:
    """The active one of several handles, which stand in a list where there is more than one."""
    active = [one for one in record_dicts(about, "usernames") if one.get("active") is not False]
    return values.handle("usernames", active[0].get("username")) if active else None


def _reply(message: RecordDict, chat: str, forwarded: bool) -> RecordDict:
    """What a message answers. In a forum the first message of a topic is named though nobody answered it."""
    above = inner(message, "reply_to")
    field = "reply_to_msg_id"
    answered = raw(above, field) if above else raw(message, field)
    top = raw(above, "reply_to_top_id")
    topic = raw(above, "forum_topic") is True and top is None
    where = peers.peer("reply_to.reply_to_peer_id", raw(above, "reply_to_peer_id")) or chat
    reply_to = None if topic else peers.post(where, f"reply_to.{field}", answered)
    root = peers.post(where, "reply_to.reply_to_top_id", answered if topic else top)
    return {
        **kind_flags(repost=forwarded, reply=reply_to is not None, quote=None),
        "reply_to_id": reply_to,
        "root_id": root,
    }


def _forward(forwarded: RecordDict) -> RecordDict:
    """What is passed on; whoever hides it leaves a name at most."""
    account_id = peers.peer("fwd_from.from_id", raw(forwarded, "from_id"))
    account_id = account_id or peers.peer("fwd_from", {"channel_id": raw(forwarded, "channel_id")})
    original = raw(forwarded, "channel_post")
    known = account_id and account_id.startswith("channel") and original is not None
    return {
        "reposted_account_id": account_id,
        "reposted_id": peers.post(str(account_id), "fwd_from.channel_post", original) if known else None,
    }


def _client(message: RecordDict) -> str | None:
    bot = raw(message, "via_bot_id")
    return f"bot {values.identifier('via_bot_id', bot)}" if bot is not None else None


def _reactions(message: RecordDict) -> int | None:
    return peers.total(
        "reactions.results.count", (one.get("count") for one in record_dicts(message, "reactions.results"))
    )


def _entities(message: RecordDict, written: str | None, warnings: Counter[str]) -> RecordDict:
    """Hashtags, addresses and mentions: what the text says between two offsets in UTF-16 units."""
    units = (written or "").encode("utf-16-le")
    entities = record_dicts(message, "entities")
    lists: RecordDict = {"hashtags": [], "urls": [], "mentions": []}
    for one in entities:
        start, length = number(one, "offset"), number(one, "length")
        if start is None or length is None:
            raise BadValue("entities", "an entity without a place in the text", "")
        if 2 * (start + length) > len(units):
            warnings[_OUTSIDE] += 1
            continue
        piece = units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
        _mark(one, piece, lists)
    if written and not entities:
        lists["hashtags"] = hashtags_in(written)
    page = word(inner(message, "media.webpage"), "url") if _class(message, "MessageMediaWebPage") else None
    if page and page not in [one["url"] for one in lists["urls"]]:
        lists["urls"].append({"url": page, "expanded_url": None})
    return lists


def _mark(one: RecordDict, piece: str, lists: RecordDict) -> None:
    """Put one marked piece where it belongs; where the kind is not said, by what it holds and begins with."""
    kind = str(one.get("_") or one.get("_type") or "").removeprefix("Input").removeprefix("MessageEntity")
    if raw(one, "user_id") is not None:
        lists["mentions"].append(peers.mention(None, peers.peer("entities.user_id", raw(one, "user_id"))))
    elif word(one, "url"):
        lists["urls"].append({"url": word(one, "url"), "expanded_url": None})
    elif kind == "Hashtag" or (not kind and piece.startswith("#")):
        lists["hashtags"].append(values.hashtag(piece))
    elif kind == "Mention" or (not kind and piece.startswith("@")):
        lists["mentions"].append(peers.mention(piece))
    elif kind == "Url" or (not kind and piece.startswith(("http://", "https://"))):
        lists["urls"].append({"url": piece, "expanded_url": None})


def _class(message: RecordDict, name: str) -> bool:
    media = inner(message, "media")
    return (media.get("_") or media.get("_type")) == name


def _media(message: RecordDict, warnings: Counter[str]) -> list[RecordDict]:
    """Photos and documents, whose numbers stay the same where they are passed on."""
    media = inner(message, "media")
    if _class(message, "MessageMediaContact"):
        warnings[peers.CONTACTS] += 1
    found = []
    photo, document = inner(media, "photo"), inner(media, "document")
    if photo and not _class(message, "MessageMediaWebPage"):
        found.append((values.identifier("media.photo.id", photo.get("id")), "image"))
    if document:
        kind = peers.kind_of_file(text(document, "mime_type"))
        attributes = {str(one.get("_") or one.get("_type")) for one in record_dicts(document, "attributes")}
        kind = "animation" if "DocumentAttributeAnimated" in attributes else kind
        kind = "other" if "DocumentAttributeSticker" in attributes else kind
        found.append((values.identifier("media.document.id", document.get("id")), kind))
    return [{"media_id": one, "kind": kind, "url": None, "alt_text": None} for one, kind in found if one]


def _is_message(one: Any) -> bool:
    if not isinstance(one, dict):
        return False
    if one.get("_") in _CLASSES and "id" in one:
        return True
    saved = {"_chat", "_chat_peer"} & set(one)
    return bool(saved) and {"id", "date", "message"} <= set(one)


def _is_messages(head: Head) -> bool:
    for one in head.objects[:5]:
        if _is_message(one):
            return True
        listed = one.get("messages")
        if isinstance(listed, list) and str(one.get("_")).startswith("messages."):
            return any(map(_is_message, listed[:5])) or not listed
    return False


def read_accounts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Users, groups and channels."""

    def build(about: RecordDict) -> Made:
        kind = str(about.get("_") or about.get("_type"))
        named = {"User": "user_id", "Channel": "channel_id", "Chat": "chat_id"}.get(
            kind.removesuffix("Forbidden")
        )
        if named is None:
            raise BadValue("_", "neither a user nor a group nor a channel", kind)
        account_id = peers.peer("id", {named: about.get("id")})
        if account_id is None:
            raise BadValue("id", "no identifier", "")
        return Made(profile(about, account_id))

    return from_objects(source, "accounts", build)


def _is_accounts(head: Head) -> bool:
    return any(
        one.get("_") in ("User", "Channel", "Chat")
        and "id" in one
        and {"username", "title", "first_name"} & set(one)
        for one in head.objects[:5]
    )


_TOOL = "Telethon, `to_json()`; 4CAT, NDJSON of Telegram"
FORMATS = (
    Format(
        "telegram_telethon",
        "Telegram messages by Telethon or 4CAT",
        platform="telegram",
        table="posts",
        tool=_TOOL,
        sniff=_is_messages,
        read=read,
        carries="messages of channels and groups, authors, replies, threads, forwards with what is passed on, hashtags, "
        "links, mentions, numbers of media, views, forwards, replies, reactions",
        lacks="authors who are hidden; polls, places and contacts; views of what is forwarded from a channel, which are "
        "those of the original; private talks are passed over",
        caveats=(
            "likes are reactions of every kind, also hostile ones",
            "items of an album are one post, named by the lowest of their numbers, where they follow each other",
        ),
    ),
    Format(
        "telegram_telethon_accounts",
        "Telegram users, groups and channels by Telethon",
        platform="telegram",
        table="accounts",
        tool="Telethon, `to_json()`",
        sniff=_is_accounts,
        read=read_accounts,
        carries="handles, names, members, marks of verification, that an account is deleted",
        lacks="when an account was made; telephone numbers are not read",
    ),
)
