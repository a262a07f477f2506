"""CSV that 4CAT and Zeeschuimer map from what they hold: one row a post, columns by platform.

4CAT writes commas and Zeeschuimer semicolons, otherwise they are alike. `timestamp` is local
to some server and is never read; `unix_timestamp` is shifted in some datasets, so that the
identifier comes first where it holds the time. Lists are joined with commas that nothing
escapes. Values that the tool filled in itself stand in `missing_fields` and are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.instagram.parts import HIDDEN, media_number
from kit.loaders.objects import Made, Thing, by_handle, from_rows, header_names, marks, timed
from kit.loaders.values import BadValue

_ADDRESSES = re.compile(r",(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")
_HASH = re.compile(r"[0-9a-f]{32,}")
_REDACTED = "REDACTED"
_X = ("id", "thread_id", "body", "author", "is_retweet", "retweet_count", "like_count")
_INSTAGRAM = ("id", "thread_id", "body", "author", "num_likes", "num_comments")
_seconds = times.reader({"format": "epoch_s"}, "web", Counter(), "")


def read(
    source: Source,
    options: Mapping[str, Any],
    build: Callable[[Thing, Counter[str]], Made],
    needed: tuple[str, ...],
) -> Iterator[Record | Rejection]:
    """Posts of one platform; what the tool filled in by itself is taken out of each row first."""

    def clean(row: Thing) -> Made:
        for name in (row.get("missing_fields") or "").split(","):
            if name.strip() in row:
                row[name.strip()] = ""
        return build(row, source.doubts)

    return from_rows(source, "posts", clean, needed)


def author_of(row: Thing, platform: str) -> Thing:
    """The author's columns. In a pseudonymised dataset they are hashes, which join nothing outside it."""
    account_id = values.identifier("author_id", row.get("author_id"))
    handle = values.handle("author", row.get("author"))
    hashed = bool(handle and _HASH.fullmatch(handle))
    account_id = account_id or (handle if hashed else by_handle(handle))
    if account_id is None or _REDACTED in (account_id, handle):
        raise BadValue("author", "no author", row.get("author"))
    name = row.get("author_fullname")
    return {
        "platform": platform,
        "account_id": account_id,
        "handle": None if hashed else handle,
        "display_name": None if hashed or (name and _HASH.fullmatch(name)) else name,
    }


def stated(row: Thing, platform: str) -> times.Moment:
    """`unix_timestamp`, which for some sources is off by the server's distance from UTC."""
    moment, precision = _seconds("unix_timestamp", row.get("unix_timestamp"))
    if moment is not None:
        values.plausible("unix_timestamp", moment, platform, row.get("unix_timestamp"))
    return moment, precision


def yes(row: Thing, name: str) -> bool:
    """A yes or no of the tool; an empty cell is no."""
    return bool(values.boolean(name, row.get(name)))


def words(row: Thing, name: str) -> list[str]:
    """Words joined with commas."""
    return [part.strip() for part in (row.get(name) or "").split(",") if part.strip()]


def links(row: Thing, name: str) -> list[str]:
    """Addresses joined with commas; one can hold a comma itself, so they part where the next one begins."""
    return [part.strip() for part in _ADDRESSES.split(row.get(name) or "") if part.strip()]


def pictures(row: Thing, name: str, kind: str | None) -> list[Thing]:
    """Media known by their address."""
    return [{"media_id": None, "kind": kind, "url": url, "alt_text": None} for url in links(row, name)]


def _x(row: Thing, doubts: Counter[str]) -> Made:
    author = author_of(row, "x")
    post_id = str(values.identifier("id", row["id"], required=True))
    # the identifier's time, as the other one may be off by hours
    decoded = time_of("x_post", post_id)
    repost, other = yes(row, "is_retweet"), values.handle("retweeted_user", row.get("retweeted_user"))
    target = values.handle("replied_author", row.get("replied_author") or row.get("replied_user"))
    body = row["body"]
    for start in (f"RT @{other}: ", f"RT @{other} "):  # the tool puts this before the whole text
        if repost and other and body.startswith(start):
            body = body[len(start) :]
            break
    value = {
        "platform": "x",
        "post_id": post_id,
        "account_id": author["account_id"],
        **timed(decoded, (None, None) if decoded else stated(row, "x"), doubts),
        **marks(repost=repost, reply=yes(row, "is_reply") and not repost, quote=_quote(row) and not repost),
        "quoted_id": values.identifier("quote_tweet_id", row.get("quote_tweet_id")) if not repost else None,
        "reposted_account_id": by_handle(other) if repost else None,
        "target_account_id": by_handle(target) if not repost else None,
        "root_id": values.identifier("thread_id", row["thread_id"]),
        "text": values.unescaped(body),
        "language": values.language(row.get("language_guess") or None),
        "client": row.get("source") or None,
        "status": "withheld" if yes(row, "is_withheld") else None,
        "hashtags": [values.hashtag(tag) for tag in words(row, "hashtags")],
        "urls": [{"url": url, "expanded_url": None} for url in links(row, "urls")],
        "mentions": [
            {"account_id": None, "handle": values.handle("mentions", one)} for one in words(row, "mentions")
        ],
        "media": pictures(row, "images", "image") + pictures(row, "videos", "video"),
    }
    if not repost:
        names = {
            "likes": "like",
            "replies": "reply",
            "reposts": "retweet",
            "quotes": "quote",
            "views": "impression",
        }
        value |= {ours: values.count(f"{n}_count", row.get(f"{n}_count")) for ours, n in names.items()}
    return Made(value, author)


def _quote(row: Thing) -> bool:
    return yes(row, "is_quote_tweet") or bool(row.get("quote_tweet_id"))


def _instagram(row: Thing, doubts: Counter[str]) -> Made:
    author = author_of(row, "instagram")
    shortcode = str(values.identifier("id", row["id"], required=True))
    post_id = media_number(shortcode)
    found = stated(row, "instagram")
    likes = row["num_likes"].strip()
    hidden = yes(row, "likes_hidden") or likes == "-1"
    doubts.update({HIDDEN: 1} if hidden else {})
    comments = row["num_comments"].strip()
    kind = {"photo": "image", "video": "video"}.get(row.get("media_type") or row.get("type") or "")
    if yes(row, "partial_item"):
        doubts["objects of which the page held only a part"] += 1
    if words(row, "coauthors"):
        doubts["posts with several authors, of whom the first is kept"] += 1
    value = {
        "platform": "instagram",
        "post_id": post_id,
        "account_id": author["account_id"],
        **timed(None if found[0] else time_of("instagram", post_id), found, doubts),
        **marks(repost=None, reply=False, quote=None),
        "text": row["body"],
        "hashtags": [values.hashtag(tag) for tag in words(row, "hashtags")],
        "urls": [],
        "mentions": [
            {"account_id": None, "handle": values.handle("usertags", one)} for one in words(row, "usertags")
        ],
        "media": pictures(row, "media_urls" if row.get("media_urls") else "media_url", kind),
        "likes": None if hidden else values.count("num_likes", likes),
        "replies": None if comments == "-1" else values.count("num_comments", comments),
    }
    return Made(value, author)


def _is_x(head: Head) -> bool:
    return set(_X) <= header_names(head)


def _is_instagram(head: Head) -> bool:
    return set(_INSTAGRAM) <= header_names(head)


_TOOL = "4CAT, CSV; Zeeschuimer, CSV"
_ALWAYS = "whatever the tool did not map; numbers of accounts that are mentioned or answered"
FORMATS = (
    Format(
        "fourcat_x",
        "4CAT and Zeeschuimer, X posts as CSV",
        platform="x",
        table="posts",
        tool=_TOOL,
        sniff=_is_x,
        read=partial(read, build=_x, needed=_X),
        carries="posts, authors, threads, replies, reposts, quotes, hashtags, links, mentions, media, counts, views",
        lacks=_ALWAYS + "; the post that is answered or passed on",
        doubts=("authors of a pseudonymised dataset are hashes, another in each dataset",),
        columns=_X,
    ),
    Format(
        "fourcat_instagram",
        "4CAT and Zeeschuimer, Instagram posts as CSV",
        platform="instagram",
        table="posts",
        tool=_TOOL,
        sniff=_is_instagram,
        read=partial(read, build=_instagram, needed=_INSTAGRAM),
        carries="posts, authors, hashtags, tagged accounts, addresses of media, likes and comments received",
        lacks=_ALWAYS + "; views",
        doubts=("authors of a pseudonymised dataset are hashes, another in each dataset",),
        columns=_INSTAGRAM,
    ),
)
