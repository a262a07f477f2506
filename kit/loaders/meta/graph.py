"""Answers of Meta's Graph API as JSON: posts, comments and pages of Facebook, media and comments of Instagram.

`from` is missing unless the token could manage the page, so that most posts and comments
have no author. Where the address of the next page tells whose list this is, that account
is the author; otherwise `constants: {account_id: …}` says it, or the author is not known.
Nothing of that address is kept: it holds an access token. Instagram numbers of this API
are of a kind of their own and hold no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.meta import addresses
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    field_time,
    from_objects,
    hashtags_in,
    identifier,
    inner,
    iso,
    kind_flags,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", re.ASCII)
_PAIR = re.compile(r"(\d+)_(\d+)", re.ASCII)
_EDGE = re.compile(r"(?:/v\d+\.\d+)?/([\w.]+)/(\w+)/?")
_OWN_POSTS = ("posts", "published_posts")
_COMMENT_KEYS = {"comment_count", "parent", "object", "can_comment", "can_remove", "comment"}
_PAGE_KEYS = {"fan_count", "followers_count", "category", "category_list", "talking_about_count"}
_IG_MEDIA = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "other"}


def _edge(page: RecordDict) -> tuple[str | None, str | None]:
    """Whose list a page of results is, and which: out of the address of the next one."""
    for path in ("paging.next", "paging.previous"):
        try:
            parts = urlsplit(text(page, path) or "")
        except ValueError:
            continue
        if found := _EDGE.fullmatch(parts.path):
            return found[1], found[2]
    return None, None


def _stated(options: Mapping[str, Any]) -> str | None:
    return values.identifier("account_id", (options.get("constants") or {}).get("account_id"))


# --- Facebook


def read_facebook(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and comments; comments that stand inside a post follow it."""
    build = partial(_facebook, owner=_stated(options))
    return from_objects(source, "posts", build, _facebook_parts)


def _facebook_parts(page: RecordDict) -> Iterator[RecordDict]:
    if "data" not in page:
        yield from _with_comments(page, 0)
        return
    whose, edge = _edge(page)
    for one in record_dicts(page, "data"):
        given = one
        if edge == "comments" and whose and "object" not in one:
            given = {**one, "object": {"id": whose}}  # where the API names the post when asked
        elif edge in _OWN_POSTS and whose and whose.isdigit() and "from" not in one:
            given = {**one, "from": {"id": whose}}
        yield from _with_comments(given, 0)


def _with_comments(one: RecordDict, depth: int) -> Iterator[RecordDict]:
    """An object and the comments inside it, which name what they answer as the API does when asked."""
    yield one
    nested = raw(one, "comments.data") if isinstance(one.get("comments"), dict) else None
    if not isinstance(nested, list) or depth > 5:
        return
    comment = _is_comment(one)
    above = {"object": one.get("object"), "parent": {"id": one.get("id")}} if comment else {}
    for answer in nested:
        if isinstance(answer, dict):
            yield from _with_comments({"object": {"id": one.get("id")}, **above, **answer}, depth + 1)


def _is_comment(one: RecordDict) -> bool:
    address = one.get("permalink_url")
    return bool(_COMMENT_KEYS & set(one)) or (isinstance(address, str) and "comment_id=" in address)


def _facebook(one: RecordDict, owner: str | None) -> Made:
    comment = _is_comment(one)
    address = addresses.read(word(one, "permalink_url"))
    post_id = identifier(one, "id") or _comment_id(address)
    if post_id is None:
        raise BadValue("id", "no identifier", "")
    account_id = identifier(one, "from.id") or owner
    written = text(one, "message")
    value = {
        "platform": "facebook",
        "post_id": post_id,
        "account_id": account_id,
        **field_time(iso(one, "created_time", "facebook")),
        **kind_flags(repost=False if comment else None, reply=comment, quote=None),
        "text": written,
        "hashtags": hashtags_in(written),
        "likes": _either(one, "like_count", "likes.summary.total_count"),
        "replies": _either(one, "comment_count", "comments.summary.total_count"),
        "reposts": number(one, "shares.count"),
    }
    if comment:
        value |= _answered(one, post_id, address)
    author = {"platform": "facebook", "account_id": account_id, "display_name": text(one, "from.name")}
    return Made(value, author)


def _either(one: RecordDict, *paths: str) -> int | None:
    """The first count that is there; the API gives one name for comments and another for posts."""
    for path in paths:
        try:
            found = number(one, path)
        except BadValue:
            if not isinstance(one.get(path.split(".")[0]), dict | list):
                raise
            found = None
        if found is not None:
            return found
    return None


def _comment_id(address: addresses.Address | None) -> str | None:
    """The number of a comment as the API writes it, out of its address."""
    if address is None or address.comment is None:
        return None
    own = address.reply or address.comment
    return f"{address.post}_{own}" if address.post and own.isdigit() else own


def _answered(one: RecordDict, comment_id: str, address: addresses.Address | None) -> RecordDict:
    """What a comment answers, and the post it stands under."""
    pair = _PAIR.fullmatch(comment_id)
    root = identifier(one, "object.id")
    if address and address.post and address.account:
        root = f"{address.account}_{address.post}"  # as the API names the post itself
    root = root or (pair[1] if pair else None)
    parent = identifier(one, "parent.id")
    if parent is None and address and address.reply and address.comment:
        parent = f"{address.post}_{address.comment}" if address.post else address.comment
    return {"reply_to_id": parent or root, "root_id": root}


def read_pages(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Pages; people who like a page are not its followers and are left out."""

    def build(page: RecordDict) -> Made:
        status = text(page, "verification_status")
        value = {
            "platform": "facebook",
            "account_id": identifier(page, "id", required=True),
            "handle": values.handle("username", raw(page, "username")),
            "display_name": text(page, "name"),
            "bio": text(page, "about"),
            "profile_url": text(page, "website"),
            "followers": number(page, "followers_count"),
            "verified": None if status is None else status != "not_verified",
        }
        return Made(value)

    return from_objects(
        source, "accounts", build, lambda page: record_dicts(page, "data") if "data" in page else [page]
    )


# --- Instagram


def read_instagram(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Media and comments; answers that stand inside a comment follow it."""
    stated = _stated(options)
    return from_objects(source, "posts", lambda one: _instagram(one, stated), _instagram_parts)


def _instagram_parts(page: RecordDict) -> Iterator[RecordDict]:
    found = inner(page, "business_discovery")
    if found:
        owner = {key: found[key] for key in ("id", "username", "followers_count", "name") if key in found}
        for one in record_dicts(found, "media.data"):
            yield {"owner": owner, **one}
        return
    if "data" not in page:
        yield page
        return
    whose, edge = _edge(page)
    for one in record_dicts(page, "data"):
        if edge == "media" and whose and whose.isdigit():
            yield {"owner": {"id": whose}, **one}
        elif edge == "comments" and whose:
            yield from _with_replies({"media": {"id": whose}, **one})
        else:
            yield from _with_replies(one)


def _with_replies(one: RecordDict) -> Iterator[RecordDict]:
    yield one
    replies = one.get("replies")
    nested = replies.get("data") if isinstance(replies, dict) else None
    for answer in nested if isinstance(nested, list) else ():
        if isinstance(answer, dict):
            yield {"media": one.get("media"), "parent_id": one.get("id"), **answer}


def _instagram(one: RecordDict, stated: str | None) -> Made:
    comment = "text" in one and "media_type" not in one
    handle = word(one, "username") or word(one, "owner.username") or word(one, "from.username")
    handle = values.handle("username", handle)
    given = identifier(one, "owner.id") or identifier(one, "from.id")
    account_id = given or stated or by_handle(handle)
    written = text(one, "text" if comment else "caption")
    root = identifier(one, "media.id")
    url = word(one, "media_url") or word(one, "thumbnail_url")
    kind = _IG_MEDIA.get(word(one, "media_type") or "")
    value = {
        "platform": "instagram",
        "post_id": identifier(one, "id", required=True),
        "account_id": account_id,
        **field_time(_instagram_time(one)),
        **kind_flags(repost=None, reply=comment, quote=None),
        "reply_to_id": (identifier(one, "parent_id") or root) if comment else None,
        "root_id": root if comment else None,
        "text": written,
        "hashtags": hashtags_in(written),
        "likes": number(one, "like_count"),
        "replies": number(one, "comments_count"),
        "media": [{"media_id": None, "kind": kind, "url": url, "alt_text": None}] if url else [],
    }
    author = {
        "platform": "instagram",
        "account_id": account_id,
        "handle": handle,
        "display_name": text(one, "owner.name"),
        "followers": number(one, "owner.followers_count"),
    }
    return Made(value, author)


def _instagram_time(one: RecordDict) -> times.Moment:
    return iso(one, "timestamp", "instagram")


# --- recognition


def _first(head: Head) -> list[RecordDict]:
    """The first objects of the answer, without the list around them."""
    found: list[RecordDict] = []
    for page in head.objects[:3]:
        data = page.get("data")
        whole = page.get("business_discovery")
        if isinstance(whole, dict):
            media = whole.get("media")
            data = media.get("data") if isinstance(media, dict) else None
        found += [one for one in (data if isinstance(data, list) else [page]) if isinstance(one, dict)][:5]
    return found


def _written(one: RecordDict, key: str) -> bool:
    """Whether a time stands there as this API writes it, its offset without a colon."""
    return isinstance(one.get(key), str) and bool(_TIME.fullmatch(one[key]))


def _is_facebook(head: Head) -> bool:
    return any(_written(one, "created_time") and {"id", "permalink_url"} & set(one) for one in _first(head))


def _is_instagram(head: Head) -> bool:
    if any("business_discovery" in page for page in head.objects[:3]):
        return True
    counted = {"media_type", "like_count", "comments_count"}
    written = {"media_type", "caption", "permalink", "text", "username"}
    return any(
        isinstance(one.get("id"), str)
        and (counted <= set(one) or (_written(one, "timestamp") and bool(written & set(one))))
        for one in _first(head)
    )


def _is_pages(head: Head) -> bool:
    return any(
        {"id", "name"} <= set(one) and len(_PAGE_KEYS & set(one)) > 1 and "created_time" not in one
        for one in _first(head)
    )


_TOOL = "Graph API Explorer and clients of Meta's Graph API"
FORMATS = (
    Format(
        "facebook_graph",
        "Facebook Graph API, posts and comments",
        platform="facebook",
        table="posts",
        tool=_TOOL,
        sniff=_is_facebook,
        read=read_facebook,
        carries="posts and comments, what comments answer, authors where the token could see them, counts",
        lacks="most authors; media, links, shares of other posts",
        caveats=(
            "a group's or page's own number in front of a post's says where it stands, not who wrote it",
            "where one account wrote all, declare it: `constants: {account_id: …}`",
        ),
    ),
    Format(
        "facebook_graph_pages",
        "Facebook Graph API, pages",
        platform="facebook",
        table="accounts",
        tool=_TOOL,
        sniff=_is_pages,
        read=read_pages,
        carries="name, handle, text, link, followers and mark of verification of pages",
        lacks="when a page was made",
    ),
    Format(
        "instagram_graph",
        "Instagram Graph API, media and comments",
        platform="instagram",
        table="posts",
        tool=_TOOL,
        sniff=_is_instagram,
        read=read_instagram,
        carries="media and comments, the account they are listed under, counts, one address of media",
        lacks="authors of hashtag searches and of most comments; media in albums",
        caveats=("numbers of this API do not join to those of other tools",),
    ),
)
