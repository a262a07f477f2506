"""LinkedIn posts as 4CAT and Zeeschuimer write them.

`timestamp` and `unix_timestamp` are the time of collection less words such as `18mo`, in English or
Dutch only: they can be months off. The number of the activity holds the time; theirs is taken, and
marked as an estimate, only where that number holds none.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

from kit.ids import time_of
from kit.loaders import values
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.markup import links_in
from kit.loaders.objects import Made, RecordDict, header_names, kind_flags
from kit.loaders.values import BadValue

_NEEDED = ("id", "thread_id", "body", "author", "timestamp_ago", "reactions", "inclusion_context")
_NAME = re.compile(r"(?![0-9a-f]{32,}$)\S+")  # a hash names nobody


def _made(row: RecordDict, warnings: Counter[str]) -> Made:
    if rows.yes(row, "is_promoted"):
        raise BadValue(
            "is_promoted", "an advertisement: LinkedIn shows no time beside it", row["timestamp_ago"]
        )
    author = rows.author_of(
        {**row, "author_fullname": row.get("author_fullname") or row.get("author_name")}, "linkedin"
    )
    post_id = str(values.identifier("id", row["id"], required=True))
    made, source, precision = time_of("linkedin", post_id), "identifier", "millisecond"
    if made:
        values.plausible("id", made, "linkedin", post_id)
    else:
        estimate, _ = rows.stated(row, "linkedin")
        made, source, precision = estimate, "estimate", "day"
        warnings["times worked out from words such as 18mo, which can be months off"] += made is not None
    links = [*rows.links(row, "link_url"), *(one["url"] for one in links_in(row["body"]))]
    names = [name for name in rows.words(row, "author_mentions") if _NAME.fullmatch(name)]
    value = {
        "platform": "linkedin",
        "post_id": post_id,
        "account_id": author["account_id"],
        "created_at": made,
        "time_source": source if made else None,
        "time_precision": precision if made else None,
        **kind_flags(repost=None, reply=False, quote=None),
        "text": row["body"],
        "hashtags": [values.hashtag(tag) for tag in rows.words(row, "hashtags")],
        "urls": [{"url": url, "expanded_url": None} for url in dict.fromkeys(links)],
        "mentions": [{"account_id": None, "handle": name} for name in names],
        "media": rows.pictures(row, "image_urls", "image"),
        "likes": values.count("reactions", row["reactions"]),
        "replies": values.count("comments", row.get("comments")),
        "reposts": values.count("shares", row.get("shares")),
    }
    return Made(value, author)


def _is_linkedin(head: Head) -> bool:
    return set(_NEEDED) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_linkedin",
        "4CAT and Zeeschuimer, LinkedIn posts as CSV",
        platform="linkedin",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_linkedin,
        read=partial(rows.read, build=_made, needed=_NEEDED),
        carries="posts, authors, hashtags, mentions, links, addresses of images, reactions, comments and shares received; "
        "time out of the number of the activity",
        lacks=rows.ALWAYS + "; what a post passes on; views; followers",
        caveats=(
            rows.HASHED,
            "names in addresses stand for accounts: they can change",
            "likes are reactions of every kind",
        ),
        columns=_NEEDED,
    ),
)
