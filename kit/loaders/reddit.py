"""Reddit: answers of its API, and the monthly dumps of Pushshift and Arctic Shift.

Posts (`t3_…`) and comments (`t1_…`) count in two rows of numbers, so that their prefix is part
of the identifier. `created` is not UTC and never read. `[deleted]` stands for every author who
is gone: such posts have no author, and are never put together as one account's. Without
`raw_json=1` the API, and the dumps made from it, write & < > as HTML entities; they are taken
back where the text or its HTML shows that they were written so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.markup import links_in, titled, web_address, without_links
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    by_handle,
    field_time,
    flag,
    from_objects,
    identifier,
    inner,
    kind_flags,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue

FULL_NAME = re.compile(r"t[1-6]_[0-9a-z]+", re.ASCII)
_GONE = ("[deleted]", "[removed]")
_MENTION = re.compile(r"(?<![\w/])/?u/([A-Za-z0-9_-]{3,20})\b", re.ASCII)
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_OWN_HOSTS = {"i.redd.it": "image", "v.redd.it": "video"}
_KINDS = {"Image": "image", "AnimatedImage": "animation", "RedditVideo": "video"}
NOT_LOADED = "comments that were not loaded when the page was saved (`more`)"
_SCORE = "likes are the score, up minus down votes, which Reddit blurs"
_LACKS = "whether a post was edited, flair and awards, which have no column; views"


def post(data: RecordDict, kind: str, warnings: Counter[str], unescape: Any) -> Made:
    """A post (`t3`) or comment (`t1`), its author, and the post that a crosspost passes on as context."""
    if raw(data, "promoted") is True:
        raise BadValue("promoted", "an advertisement shown to whoever collected this", "")
    author = _author(data)
    if author is None:
        warnings["posts and comments whose author is gone: they have no account"] += 1
    value = _value(data, kind, author, warnings, unescape)
    parents = record_dicts(data, "crosspost_parent_list") if kind == "t3" else []
    context = beside(lambda one: _value(one, "t3", _author(one), Counter(), unescape), parents, warnings)
    if context and value.get("reposted_id") == context[0]["post_id"]:
        value["reposted_account_id"] = context[0]["account_id"]
    return Made(value, author, context)


def _value(
    data: RecordDict, kind: str, author: RecordDict | None, warnings: Counter[str], unescape: Any
) -> RecordDict:
    post_id = _fullname(data, kind)
    written, status = _text(data, kind, warnings, unescape)
    captured = seconds(data, "_meta.retrieved_2nd_on", "reddit")[0]
    captured = captured or seconds(data, "retrieved_on", "reddit")[0]
    captured = captured or seconds(data, "retrieved_utc", "reddit")[0]
    links = links_in(written)
    value = {
        "platform": "reddit",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **_when(data, warnings),
        "text": written,
        "status": status,
        "place": word(data, "subreddit"),
        "likes": _score(data, warnings),
        "mentions": _mentions(written),
        "captured_at": captured,
    }
    if kind == "t1":
        return value | {
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": _reference(data, "parent_id"),
            "root_id": _reference(data, "link_id"),
            "urls": links,
            "media": _embedded(data),
        }
    original = _reference(data, "crosspost_parent")
    urls, media = _linked(data, warnings, bool(original), unescape)
    return value | {
        **kind_flags(repost=bool(original), reply=False, quote=False),
        "reposted_id": original,
        "root_id": post_id,
        "urls": urls + [one for one in links if one not in urls],
        "media": media,
        "replies": number(data, "num_comments"),
        "reposts": number(data, "num_crossposts"),
    }


def _fullname(data: RecordDict, kind: str) -> str:
    """The identifier with its prefix, which is not always in the file."""
    given = identifier(data, "name") or identifier(data, "id", required=True)
    found = str(given) if str(given).startswith(f"{kind}_") else f"{kind}_{given}"
    if not FULL_NAME.fullmatch(found):
        raise BadValue("name" if data.get("name") else "id", "no identifier of Reddit", given)
    return found


def _reference(data: RecordDict, path: str) -> str | None:
    found = word(data, path)
    if found is not None and not FULL_NAME.fullmatch(found):
        raise BadValue(path, "an identifier such as t1_abc was expected", found)
    return found


def _when(data: RecordDict, warnings: Counter[str]) -> RecordDict:
    moment = seconds(data, "created_utc", "reddit")
    if moment[0] is None and raw(data, "created") is not None:
        warnings["times that stand only in `created`, which is not UTC, left out"] += 1
    return field_time(moment)


def _author(data: RecordDict) -> RecordDict | None:
    """The author; None where `[deleted]` or nothing stands in the place of a name."""
    handle = values.handle("author", raw(data, "author"))
    handle = None if handle in _GONE else handle
    account_id = _reference(data, "author_fullname") or by_handle(handle)
    if account_id is None:
        return None
    created_at, precision = seconds(data, "author_created_utc", "reddit")
    return {
        "platform": "reddit",
        "account_id": account_id,
        "handle": handle,
        "created_at": created_at,
        "created_precision": precision,
    }


def _score(data: RecordDict, warnings: Counter[str]) -> int | None:
    """Up minus down votes; a score below zero, or one that Reddit hid, is no number of likes."""
    found = raw(data, "score")
    if raw(data, "score_hidden") is True or raw(data, "hide_score") is True:
        warnings["scores that Reddit hid"] += 1
        return None
    if type(found) is int and found < 0:
        warnings["scores below zero, which are no number of likes"] += 1
        return None
    return number(data, "score")


def _text(
    data: RecordDict, kind: str, warnings: Counter[str], unescape: Any
) -> tuple[str | None, str | None]:
    """Visible text and status; the word that Reddit puts where a text was is no text."""
    body_field = "body" if kind == "t1" else "selftext"
    body, title = text(data, body_field), text(data, "title") if kind == "t3" else None
    status = _status(data, body)
    body = None if body in _GONE else body
    page = text(data, f"{body_field}_html")
    plain = partial(_plain, page=page, unescape=unescape, warnings=warnings)
    title = None if title in _GONE else title
    return (plain(body) if kind == "t1" else titled(plain(title), plain(body))), status


def _status(data: RecordDict, body: str | None) -> str | None:
    """`deleted` by the author, `removed` by moderators or Reddit, as far as the file says."""
    meta = inner(data, "_meta")
    why = word(meta, "removal_type") or word(data, "removed_by_category")
    if why:
        return "deleted" if why in ("deleted", "author") else "removed"
    if body == "[removed]" or word(data, "removal_reason"):
        return "removed"
    if body == "[deleted]" or flag(meta, "was_deleted_later") or flag(meta, "was_initially_deleted"):
        return "deleted"
    return None


def _plain(written: str | None, page: str | None, unescape: Any, warnings: Counter[str]) -> str | None:
    """Text with its three HTML entities taken back, once, where it was written with them.

    The HTML beside it shows it where it is there. Otherwise a text without a bare & < > is
    taken to be escaped: an escaped one has none, and one that is not escaped hardly ever has
    entities and nothing else.
    """
    if not written or unescape is False or not _ENTITY.search(written):
        return written
    start = (page or "").lstrip()
    if start.startswith("<") or _BARE.search(written):
        return written
    if not start.startswith("&lt;") and unescape is not True:
        warnings["texts whose &amp; and the like were taken back; `unescape: false` keeps them"] += 1
    return values.unescaped(written)


def _mentions(written: str | None) -> list[RecordDict]:
    """Names written as u/name, but not those inside an address."""
    if not written or "u/" not in written:
        return []
    names = dict.fromkeys(_MENTION.findall(without_links(written)))
    return [{"account_id": None, "handle": name} for name in names]


def _linked(
    data: RecordDict, warnings: Counter[str], crosspost: bool, unescape: Any
) -> tuple[list[RecordDict], list[RecordDict]]:
    """What a post links to, and its media; a post of text links to itself, which is no link."""
    media = _embedded(data)
    domain = word(data, "domain") or ""
    if raw(data, "is_self") is True or domain.startswith("self.") or crosspost:
        return [], media
    given = word(data, "url_overridden_by_dest") or word(data, "url")
    address = web_address(_plain(given, text(data, "selftext_html"), unescape, Counter()), warnings)
    if address is None:
        return [], media
    if (kind := _OWN_HOSTS.get(domain)) is not None:
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or None
        return [], [{"media_id": name, "kind": kind, "url": address, "alt_text": None}, *media]
    if media and "/gallery/" in address:
        return [], media
    return [{"url": address, "expanded_url": None}], media


def _embedded(data: RecordDict) -> list[RecordDict]:
    """Images of a gallery or inside a text."""
    found = []
    for name, one in inner(data, "media_metadata").items():
        if not isinstance(one, dict):
            raise BadValue("media_metadata", "an object was expected", one)
        url = word(one, "s.u") or word(one, "s.mp4") or word(one, "s.gif")
        if url or word(one, "id"):
            kind = _KINDS.get(word(one, "e") or "")
            url = values.unescaped(url) if url else None
            found.append({"media_id": word(one, "id") or name, "kind": kind, "url": url, "alt_text": None})
    return found


# --- the API


def read_api(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and comments, in the order of the page; answers follow what they answer."""
    build = partial(_wrapped, warnings=source.warnings, unescape=options.get("unescape"))
    return from_objects(source, "posts", build, partial(_walk, warnings=source.warnings))


def _walk(page: RecordDict, warnings: Counter[str]) -> Iterator[Any]:
    """Every post and comment of a page, nested ones too, without recursion."""
    stack = list(reversed(_children(page)))
    while stack:
        child = stack.pop()
        data = child.get("data") if isinstance(child, dict) else None
        if not isinstance(data, dict):
            yield child
        elif child.get("kind") == "more":
            count = data.get("count")
            if data.get("id") == "_" or count == 0:
                warnings["threads that go on below where the page was cut"] += 1
            else:
                warnings[NOT_LOADED] += count if type(count) is int and count > 0 else 1
        else:
            replies = data.get("replies")
            below = _listed(replies)
            if below is not None:
                stack.extend(reversed(below))
                data = {key: value for key, value in data.items() if key != "replies"}
            yield {"kind": child.get("kind"), "data": data}


def _listed(replies: Any) -> list[Any] | None:
    """The children of a list of replies, none for the empty text that stands where there are none."""
    if replies is None or replies == "":
        return []
    data = replies.get("data") if isinstance(replies, dict) else None
    found = data.get("children") if isinstance(data, dict) else None
    return found if isinstance(found, list) else None


def _children(page: RecordDict) -> list[Any]:
    if "json" in page:  # what a press on "more comments" brings
        return record_dicts(page, "json.data.things")
    if page.get("kind") != "Listing":
        return [page]
    found = raw(page, "data.children")
    if not isinstance(found, list):
        raise BadValue("data.children", "a list was expected", found)
    return found


def _wrapped(child: RecordDict, warnings: Counter[str], unescape: Any) -> Made:
    kind = child.get("kind")
    if kind not in ("t1", "t3"):
        raise BadValue("kind", "neither a post (t3) nor a comment (t1) of Reddit", kind)
    data = inner(child, "data")
    if "replies" in data and _listed(data["replies"]) is None:
        raise BadValue("replies", "a Listing or an empty text was expected", data["replies"])
    return post(data, str(kind), warnings, unescape)


# --- dumps


def read_dump(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and comments of a dump, one object a line, of whatever year."""

    def build(data: RecordDict) -> Made:
        comment = "body" in data or "link_id" in data
        if not comment and not {"title", "selftext", "is_self"} & set(data):
            raise BadValue("body", "neither a post nor a comment of Reddit", ", ".join(list(data)[:5]))
        return post(data, "t1" if comment else "t3", source.warnings, options.get("unescape"))

    return from_objects(source, "posts", build)


# --- accounts


def read_accounts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Accounts: one, a list, or names by number; of a suspended one only the name is left."""
    return from_objects(source, "accounts", lambda one: Made(_account(one)), _accounts_in)


def _accounts_in(page: RecordDict) -> list[Any]:
    if "kind" in page:
        return _children(page)
    return [
        {"kind": "t2", "data": {"id": name, **one}} if isinstance(one, dict) else one
        for name, one in page.items()
    ]


def _account(child: RecordDict) -> RecordDict:
    if child.get("kind") != "t2":
        raise BadValue("kind", "no account (t2) of Reddit", child.get("kind"))
    data = inner(child, "data")
    handle = values.handle("name", raw(data, "name"))
    given = identifier(data, "id")
    account_id = (given if given.startswith("t2_") else f"t2_{given}") if given else by_handle(handle)
    if account_id is None:
        raise BadValue("id", "no identifier", "")
    if given and not FULL_NAME.fullmatch(account_id):
        raise BadValue("id", "no identifier of Reddit", given)
    created_at, precision = seconds(data, "created_utc", "reddit")
    suspended = flag(data, "is_suspended")
    own = inner(data, "subreddit") if isinstance(raw(data, "subreddit"), dict | None) else {}
    return {
        "platform": "reddit",
        "account_id": account_id,
        "handle": handle,
        "display_name": word(own, "title"),
        "bio": text(own, "public_description"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": number(own, "subscribers"),
        "status": "suspended" if suspended else None,
    }


# --- recognition


def _kinds(head: Head) -> list[Any]:
    """The kinds of the first objects, of lists those of their children."""
    found: list[Any] = []
    for one in head.objects[:5]:
        data = one.get("data")
        if not isinstance(data, dict):
            continue
        listed = data.get("children")
        if one.get("kind") == "Listing" and isinstance(listed, list):
            found += [child.get("kind") for child in listed if isinstance(child, dict)] or ["Listing"]
        else:
            found.append(one.get("kind"))
    return found


def _is_api(head: Head) -> bool:
    if any(kind in ("t1", "t3", "more", "Listing") for kind in _kinds(head)):
        return True
    return any(_named(_named(one, "json"), "data").get("things") is not None for one in head.objects[:1])


def _named(thing: RecordDict, key: str) -> RecordDict:
    found = thing.get(key)
    return found if isinstance(found, dict) else {}


def _is_accounts(head: Head) -> bool:
    kinds = _kinds(head)
    if kinds:
        return all(kind == "t2" for kind in kinds)
    return any(
        bool(one)
        and all(
            key.startswith("t2_") and isinstance(value, dict) and "name" in value
            for key, value in one.items()
        )
        for one in head.objects[:1]
    )


def _is_dump(head: Head) -> bool:
    return any(
        "created_utc" in one
        and (
            {"body", "link_id"} <= set(one)
            or {"title", "is_self"} <= set(one)
            or {"title", "selftext"} <= set(one)
        )
        for one in head.objects[:5]
    )


FORMATS = (
    Format(
        "reddit_api",
        "Reddit API, posts and comments",
        platform="reddit",
        table="posts",
        tool="Reddit's API and its clients (PRAW), pages saved with .json",
        sniff=_is_api,
        read=read_api,
        carries="posts, comments and what they answer, their communities, crossposts, authors, links, media, mentions, scores, removals",
        lacks=_LACKS + "; comments the page had not loaded, which are counted; when it was saved",
        caveats=(
            _SCORE,
            "authors who deleted their account, and those of deleted posts, are not known",
            "older files name authors by handle alone: the same account counts twice where another file has its number",
        ),
    ),
    Format(
        "reddit_accounts",
        "Reddit API, accounts",
        platform="reddit",
        table="accounts",
        tool="Reddit's API and its clients (PRAW), pages saved with .json",
        sniff=_is_accounts,
        read=read_accounts,
        carries="names, time of creation, profile text, followers of the profile, suspension",
        lacks="karma and the mark of a verified e-mail, which have no column; everything of a suspended account but its name",
    ),
    Format(
        "reddit_dump",
        "Reddit dump by Pushshift or Arctic Shift",
        platform="reddit",
        table="posts",
        tool="Pushshift, Arctic Shift; NDJSON, mostly .zst with a long window",
        sniff=_is_dump,
        read=read_dump,
        carries="posts, comments and what they answer, their communities, crossposts, authors, links, media, mentions, scores, removals, "
        "time of retrieval",
        lacks=_LACKS + "; whatever was gone before the archive saw it",
        caveats=(
            _SCORE + "; it is that of the time of retrieval",
            "dumps overlap: the same post with another score is a further observation",
            "early years name authors by handle alone: the same account counts twice where later files have its number",
        ),
    ),
)
