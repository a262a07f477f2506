"""Instagram posts, whose `id` is the shortcode."""

from __future__ import annotations

from collections import Counter
from functools import partial

from kit.ids import time_of
from kit.loaders import values
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.instagram.nodes import HIDDEN, media_number
from kit.loaders.objects import Made, RecordDict, header_names, kind_flags, timed

_COLUMNS = ("id", "thread_id", "body", "author", "num_likes", "num_comments")


def _instagram(row: RecordDict, warnings: Counter[str]) -> Made:
    author = rows.author_of(row, "instagram")
    shortcode = str(values.identifier("id", row["id"], required=True))
    post_id = media_number(shortcode)
    found = rows.stated(row, "instagram")
    likes = row["num_likes"].strip()
    hidden = rows.yes(row, "likes_hidden") or likes == "-1"
    warnings.update({HIDDEN: 1} if hidden else {})
    comments = row["num_comments"].strip()
    kind = {"photo": "image", "video": "video"}.get(row.get("media_type") or row.get("type") or "")
    if rows.yes(row, "partial_item"):
        warnings["objects of which the page held only a part"] += 1
    if rows.words(row, "coauthors"):
        warnings["posts with several authors, of whom the first is kept"] += 1
    value = {
        "platform": "instagram",
        "post_id": post_id,
        "account_id": author["account_id"],
        **timed(None if found[0] else time_of("instagram", post_id), found, warnings),
        **kind_flags(repost=None, reply=False, quote=None),
        "text": row["body"],
        "hashtags": [values.hashtag(tag) for tag in rows.words(row, "hashtags")],
        "urls": [],
        "mentions": [
            {"account_id": None, "handle": values.handle("usertags", one)}
            for one in rows.words(row, "usertags")
        ],
        "media": rows.pictures(row, "media_urls" if row.get("media_urls") else "media_url", kind),
        "likes": None if hidden else values.count("num_likes", likes),
        "replies": None if comments == "-1" else values.count("num_comments", comments),
    }
    return Made(value, author)


def _is_instagram(head: Head) -> bool:
    return set(_COLUMNS) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_instagram",
        "4CAT and Zeeschuimer, Instagram posts as CSV",
        platform="instagram",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_instagram,
        read=partial(rows.read, build=_instagram, needed=_COLUMNS),
        carries="posts, authors, hashtags, tagged accounts, addresses of media, likes and comments received",
        lacks=rows.ALWAYS + "; views",
        caveats=(rows.HASHED,),
        columns=_COLUMNS,
    ),
)
