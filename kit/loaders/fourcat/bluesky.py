"""Bluesky posts. The time is the one that the author's client declared: the tool leaves out the server's."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

from kit.loaders import values
from kit.loaders.bluesky import records
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.objects import Made, RecordDict, by_handle, header_names, kind_flags

_COLUMNS = (
    "id",
    "thread_id",
    "created_at",
    "author",
    "author_id",
    "body",
    "tags",
    "links",
    "replied_to_post",
)
_PAGE = re.compile(r"https://bsky\.app/profile/([^/\s]+)/post/([A-Za-z0-9._~:-]+)", re.ASCII)
_GONE = ("DELETED", "REMOVED BY AUTHOR", "VIEWER BLOCKED BY AUTHOR")
_NO_NUMBER = "posts answered or quoted that are named by a handle, without which they have no address"


def _post(row: RecordDict, warnings: Counter[str]) -> Made:
    uri = values.identifier("id", row["id"], required=True)
    address = records.address("id", uri)
    assert address is not None
    author = _author(row, warnings)
    reply_to, target = _named(row["replied_to_post"], row.get("replied_to_user"), warnings)
    quoted = (row.get("quoted_post") or "").strip()
    quoted_id = _named(quoted, None, warnings)[0]
    if quoted in _GONE:
        warnings["quoted posts that are blocked, deleted or detached"] += 1
    root = records.address("thread_id", row["thread_id"])
    languages = [one for one in rows.words(row, "languages") if one != "N/A"]
    value = {
        "platform": "bluesky",
        "post_id": uri,
        "account_id": author["account_id"],
        **records.when({"createdAt": row["created_at"].strip()}, uri or "", (None, None), warnings),
        **kind_flags(repost=False, reply=bool(row["replied_to_post"].strip()), quote=bool(quoted)),
        "reply_to_id": reply_to,
        "target_account_id": target,
        "quoted_id": quoted_id,
        "root_id": "at://" + "/".join(root) if root and root != address else None,
        "text": row["body"],
        "language": values.language(languages[0]) if languages else None,
        "hashtags": [values.hashtag(tag) for tag in rows.words(row, "tags")],
        "urls": [{"url": url, "expanded_url": None} for url in rows.links(row, "links")],
        "mentions": [_mention(one) for one in rows.words(row, "mentions")],
        "media": [
            {"media_id": records.content_of(url), "kind": "image", "url": url, "alt_text": None}
            for url in rows.links(row, "images")
        ],
    }
    counts = {
        "likes": "like_count",
        "replies": "reply_count",
        "reposts": "repost_count",
        "quotes": "quote_count",
    }
    return Made(
        value | {ours: values.count(theirs, row.get(theirs)) for ours, theirs in counts.items()}, author
    )


def _author(row: RecordDict, warnings: Counter[str]) -> RecordDict:
    given = values.identifier("author_id", row["author_id"], required=True) or ""
    if rows.HASH.fullmatch(given):
        return {"platform": "bluesky", "account_id": given}
    about = {"did": given, "handle": row["author"], "displayName": row.get("author_display_name")}
    return records.profile(
        about | {"createdAt": (row.get("author_created_at") or "").strip() or None}, warnings
    )


def _named(page: str, user: str | None, warnings: Counter[str]) -> tuple[str | None, str | None]:
    """Address and author of a post that the tool names by its page, in which a handle stands where it knew one."""
    found = _PAGE.fullmatch(page.strip())
    if found is None:
        return None, None
    if found[1].startswith("did:"):
        return f"at://{found[1]}/{records.POST}/{found[2]}", found[1]
    warnings[_NO_NUMBER] += 1
    return None, by_handle(values.handle("replied_to_user", user or found[1]))


def _mention(one: str) -> RecordDict:
    plain = one.startswith("did:")
    return {"account_id": one if plain else None, "handle": None if plain else values.handle("mentions", one)}


def _is_bluesky(head: Head) -> bool:
    return set(_COLUMNS) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_bluesky",
        "4CAT, Bluesky posts as CSV",
        platform="bluesky",
        table="posts",
        tool="4CAT, CSV",
        sniff=_is_bluesky,
        read=partial(rows.read, build=_post, needed=_COLUMNS),
        carries="posts, authors, threads, that a post answers or quotes another, hashtags, links, mentions, images, counts",
        lacks="when a server saw a post; the address of a post that is answered or quoted, where the tool knew a handle; "
        "videos",
        caveats=(rows.HASHED, "the time is the one that the author's client declared, which can be false"),
        columns=_COLUMNS,
    ),
)
