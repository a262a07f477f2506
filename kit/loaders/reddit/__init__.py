"""Reddit: answers of its API, and the monthly dumps of Pushshift and Arctic Shift.

Posts (`t3_…`) and comments (`t1_…`) count in two rows of numbers, so that their prefix is part
of the identifier. `created` is not UTC and never read. `[deleted]` stands for every author who
is gone: such posts have no author, and are never put together as one account's. Without
`raw_json=1` the API, and the dumps made from it, write & < > as HTML entities; they are taken
back where the text or its HTML shows that they were written so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    flag,
    from_objects,
    identifier,
    inner,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    word,
)
from kit.loaders.reddit.posts import FULL_NAME, post
from kit.loaders.values import BadValue

NOT_LOADED = "comments that were not loaded when the page was saved (`more`)"


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


_SCORE = "likes are the score, up minus down votes, which Reddit blurs"
_LACKS = "whether a post was edited, flair and awards, which have no column; views"
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
