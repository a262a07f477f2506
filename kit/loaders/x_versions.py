"""Posts of X API v1.1 and v2 where one file holds objects of both, as after a change of tools.

Each object is read by its own version, whichever the file is taken for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.loaders import x_v1, x_v2
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Source, jsons
from kit.loaders.files.delimited import Fault


def read_v1(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of v1.1, and those of v2 among them."""
    return _read(
        source, x_v1.read_posts, x_v2.read_posts, x_v2.is_page, "objects of API v2 among those of v1.1"
    )


def read_v2(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of v2, and those of v1.1 among them."""
    return _read(
        source, x_v2.read_posts, x_v1.read_posts, x_v1.is_post, "objects of API v1.1 among those of v2"
    )


def _read(
    source: Source,
    main: Callable[..., Iterator[Record | Rejection]],
    other: Callable[..., Iterator[Record | Rejection]],
    is_other: Callable[[dict[str, Any]], bool],
    warning: str,
) -> Iterator[Record | Rejection]:
    first = 0
    for item in jsons.objects(source):
        read = main
        if not isinstance(item, Fault) and is_other(item.value):
            read = other
            source.warnings[f"{warning}, read as such"] += 1
        number = 0
        for found in read(source, {}, items=[item]):
            number = max(number, found.number)
            yield dataclasses.replace(found, number=first + found.number)
        first += number


FORMATS = (
    Format(
        "x_v2",
        "X API v2, posts",
        platform="x",
        table="posts",
        tool="twarc2 and other clients of the X API v2",
        sniff=x_v2.is_posts,
        read=read_v2,
        carries="posts, authors, replies, reposts, quotes, hashtags, links, mentions, media, counts",
        lacks="posts that were removed before collection",
        caveats=(
            "long posts end after about 280 characters unless note_tweet was asked for",
            "counts are those at collection",
        ),
    ),
    Format(
        "x_v2_users",
        "X API v2, accounts",
        platform="x",
        table="accounts",
        tool="twarc2 users and other clients of the X API v2",
        sniff=x_v2.is_users,
        read=x_v2.read_users,
        carries="profiles with the second of creation, counts, pinned posts as context",
        lacks="accounts that were removed before collection",
    ),
    Format(
        "x_v1",
        "X API v1.1, posts",
        platform="x",
        table="posts",
        tool="twarc v1, stream archives and other clients of the X API v1.1",
        sniff=x_v1.is_posts,
        read=read_v1,
        carries="posts, authors, replies, reposts, quotes, hashtags, links, mentions, media, counts, clients",
        lacks="the thread a post belongs to, views; replies and quotes are counted only in streams",
        caveats=(
            "streams give counts at the moment of posting, which are mostly 0",
            "deleted posts and posts of suspended accounts are simply missing",
        ),
    ),
)
