"""Posts and accounts as Bluesky's interface shows them, and records as repositories hold them.

Pages of search, feeds, quotes and threads, single posts, lists and lines of them; with the
keys of the interface or those of its Python client, which 4CAT keeps. In a feed a repost
is the original with the account that passed it on; it is a post of its own here, and the
original is context. A notice where a post of a thread was is a rejection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders.bluesky import records
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    field_time,
    from_objects,
    inner,
    kind_flags,
    number,
    raw,
    seconds,
    word,
)
from kit.loaders.values import BadValue

_LISTS = ("posts", "feed", "records")
_PEOPLE = ("follows", "followers", "profiles", "actors")
_GONE = {"notFound", "blocked"}
_COUNTS = {"likes": "likeCount", "replies": "replyCount", "reposts": "repostCount", "quotes": "quoteCount"}
_SHARED = ("text", "language", "hashtags", "urls", "mentions", "media")
_EMPTY: tuple[None, None] = (None, None)


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts with their authors, and reposts; posts that are quoted, answered or passed on as context."""
    return from_objects(source, "posts", lambda thing: _made(thing, source.warnings), _posts_in)


def read_accounts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Profiles, alone or in lists; a list of followers also names whose it is."""
    return from_objects(
        source, "accounts", lambda one: Made(records.profile(one, source.warnings)), _people_in
    )


def _posts_in(page: RecordDict) -> list[Any]:
    """Every post of a page, each with what the page says beside it."""
    page = records.camel(page)
    if "thread" in page:
        thread = page["thread"]
        return [_of_list(one) for one in thread] if isinstance(thread, list) else _walked(thread)
    for key in _LISTS:
        if key in page and "uri" not in page:
            if not isinstance(page[key], list):
                raise BadValue(key, "a list was expected", page[key])
            return page[key]
    return _walked(page) if {"replies", "parent"} & set(page) and "post" in page else [page]


def _of_list(one: Any) -> Any:
    """A post of a thread that is written as a list."""
    return one.get("value") if isinstance(one, dict) else one


def _walked(node: Any) -> list[Any]:
    """The posts of a tree: those above from the first on, the post itself, those below in order."""
    above: list[Any] = []
    at = node.get("parent") if isinstance(node, dict) else None
    while at is not None:
        above.append(
            {k: v for k, v in at.items() if k not in ("parent", "replies")} if isinstance(at, dict) else at
        )
        at = at.get("parent") if isinstance(at, dict) else None
    found, waiting = above[::-1], [node]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            found.append(one)
            continue
        found.append({k: v for k, v in one.items() if k not in ("parent", "replies")})
        replies = one.get("replies")
        if replies is not None and not isinstance(replies, list):
            raise BadValue("replies", "a list was expected", replies)
        waiting += reversed(replies or [])
    return found


def _made(thing: RecordDict, warnings: Counter[str]) -> Made | None:
    if _GONE & set(thing) or ("threadItem" in str(thing.get("$type")) and "post" not in thing):
        raise BadValue(
            "$type", "the post is gone or withheld: only a notice stands in its place", thing.get("$type")
        )
    if "value" in thing and "author" not in thing:
        return _record(thing, warnings)
    if "post" not in thing:
        return _post(thing, warnings)
    view = inner(thing, "post")
    if raw(thing, "reason.by") is not None:
        return _repost(thing, view, warnings)
    reply = inner(thing, "reply")
    made = _post(view, warnings)
    return made._replace(
        context=made.context + _context([inner(reply, "root"), inner(reply, "parent")], warnings)
    )


def _post(view: RecordDict, warnings: Counter[str]) -> Made:
    whose, uri = _address(view)
    record = inner(view, "record")
    if not record:
        raise BadValue("record", "no post of Bluesky's interface", ", ".join(list(view)[:5]))
    if word(record, "$type") not in (None, records.POST):
        raise BadValue("record.$type", "no record of a post", raw(record, "$type"))
    captured = seconds(view, "4CAT_metadata.collectedAt", "bluesky")[0] if "4CAT_metadata" in view else None
    embed = inner(view, "embed")
    value = records.post(record, whose, uri, records.server(view, "indexedAt"), warnings)
    value |= {ours: number(view, theirs) for ours, theirs in _COUNTS.items()}
    value |= {"media": records.shown(embed, value["media"]), "captured_at": captured}
    if value["quoted_id"] is None and (quoted := records.quoted(embed)):
        value |= {"quoted_id": quoted, **kind_flags(repost=False, reply=value["is_reply"], quote=True)}
    author = records.profile(inner(view, "author"), warnings, captured)
    return Made(value, author, _context(records.quoted_views(embed, warnings), warnings))


def _address(view: RecordDict) -> tuple[str, str]:
    """Whose a record is, and its address."""
    found = records.address("uri", raw(view, "uri"))
    if found is None:
        raise BadValue("uri", "no identifier", "")
    if "author" in view and records.did("author.did", raw(view, "author.did")) != found[0]:
        raise BadValue("author.did", "another account than the one in the address", raw(view, "author.did"))
    return found[0], "at://" + "/".join(found)


def _context(views: Any, warnings: Counter[str]) -> tuple[RecordDict, ...]:
    """Posts shown beside a collected one."""

    def build(view: RecordDict) -> RecordDict:
        whose, uri = _address(view)
        record = inner(view, "record") or inner(view, "value")
        return records.post(record, whose, uri, records.server(view, "indexedAt"), Counter())

    return beside(build, (view for view in views if "author" in view and "uri" in view), warnings)


def _repost(item: RecordDict, view: RecordDict, warnings: Counter[str]) -> Made:
    """The repost that a feed shows as the original and the account that passed it on."""
    original = _post(view, Counter())
    reason = inner(item, "reason")
    author = records.profile(inner(reason, "by"), warnings)
    address = records.address("reason.uri", raw(reason, "uri"))
    # older answers do not name the repost; an account passes on a post once
    own = (
        "at://" + "/".join(address)
        if address
        else f"repost:{author['account_id']}:{original.values['post_id']}"
    )
    value = {
        "platform": "bluesky",
        "post_id": own,
        "account_id": author["account_id"],
        **field_time(records.server(reason, "indexedAt")),
        **kind_flags(repost=True, reply=False, quote=False),
        "reposted_id": original.values["post_id"],
        "reposted_account_id": original.values["account_id"],
        **{name: original.values[name] for name in _SHARED},
    }
    return Made(value, author, (original.values, *original.context))


def _record(thing: RecordDict, warnings: Counter[str]) -> Made | None:
    """A record of a repository, of which no server says when it was seen."""
    whose, uri = _address(thing)
    record = inner(thing, "value")
    kind = word(record, "$type")
    if kind == records.POST:
        return Made(records.post(record, whose, uri, _EMPTY, warnings))
    if kind == records.REPOST:
        return Made(records.repost(record, whose, uri, _EMPTY, warnings))
    warnings["records of other kinds, not read"] += 1
    return None


def _people_in(page: RecordDict) -> list[Any]:
    page = records.camel(page)
    for key in _PEOPLE:
        if key in page:
            if not isinstance(page[key], list):
                raise BadValue(key, "a list was expected", page[key])
            subject = page.get("subject")
            return ([subject] if subject is not None else []) + page[key]
    return [page]


# --- recognition


def _is_post(one: Any) -> bool:
    if not isinstance(one, dict):
        return False
    if isinstance(one.get("post"), dict):
        return _is_post(one["post"])
    uri, value = one.get("uri"), one.get("value")
    if not isinstance(uri, str) or not uri.startswith("at://"):
        return False
    if isinstance(value, dict) and "author" not in one:
        return value.get("$type", value.get("py_type")) in (records.POST, records.REPOST)
    return isinstance(one.get("record"), dict) and isinstance(one.get("author"), dict)


def _is_posts(head: Head) -> bool:
    for one in head.objects[:5]:
        thread = one.get("thread")
        listed = [_of_list(item) for item in thread] if isinstance(thread, list) else [thread]
        for key in _LISTS:
            listed += one[key][:5] if isinstance(one.get(key), list) else []
        if _is_post(one) or any(map(_is_post, listed[:5])):
            return True
    return False


def _is_person(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and str(one.get("did")).startswith("did:")
        and "handle" in one
        and "didDoc" not in one
    )


def _is_accounts(head: Head) -> bool:
    return any(
        _is_person(one)
        or any(isinstance(one.get(key), list) and any(map(_is_person, one[key][:5])) for key in _PEOPLE)
        for one in head.objects[:5]
    )


_TOOL = "clients of Bluesky's interface, such as atproto for Python; 4CAT, NDJSON of Bluesky"
FORMATS = (
    Format(
        "bluesky_posts",
        "Bluesky, posts, feeds and threads",
        platform="bluesky",
        table="posts",
        tool=_TOOL,
        sniff=_is_posts,
        read=read_posts,
        carries="posts, authors, replies with what they answer, quotes, reposts in feeds, hashtags, links, mentions, hashes "
        "and addresses of media, counts, when a server saw each",
        lacks="followers, except in detailed profiles; labels; posts that are blocked or deleted, which are set aside",
        caveats=(
            "the time an author's client declares can be false; the server's is taken, and a gap of a minute is counted",
            "a repost in a feed of an older answer has no address: it does not join to the same one in another export",
        ),
    ),
    Format(
        "bluesky_accounts",
        "Bluesky, accounts",
        platform="bluesky",
        table="accounts",
        tool=_TOOL,
        sniff=_is_accounts,
        read=read_accounts,
        carries="handles, names, texts, when the account was made, mark of verification; counts in detailed profiles",
        lacks="whether an account is suspended; what binds it to whoever asked is not read",
    ),
)
