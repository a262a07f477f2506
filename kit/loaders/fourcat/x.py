"""X posts. The time comes from the identifier, as the one in the row may be off by hours."""

from __future__ import annotations

from collections import Counter
from functools import partial

from kit.ids import time_of
from kit.loaders import values
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.objects import Made, RecordDict, by_handle, header_names, kind_flags, timed

_COLUMNS = ("id", "thread_id", "body", "author", "is_retweet", "retweet_count", "like_count")


def _x(row: RecordDict, warnings: Counter[str]) -> Made:
    author = rows.author_of(row, "x")
    post_id = str(values.identifier("id", row["id"], required=True))
    # the identifier's time, as the other one may be off by hours
    decoded = time_of("x_post", post_id)
    repost, other = rows.yes(row, "is_retweet"), values.handle("retweeted_user", row.get("retweeted_user"))
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
        **timed(decoded, (None, None) if decoded else rows.stated(row, "x"), warnings),
        **kind_flags(
            repost=repost, reply=rows.yes(row, "is_reply") and not repost, quote=_quote(row) and not repost
        ),
        "quoted_id": values.identifier("quote_tweet_id", row.get("quote_tweet_id")) if not repost else None,
        "reposted_account_id": by_handle(other) if repost else None,
        "target_account_id": by_handle(target) if not repost else None,
        "root_id": values.identifier("thread_id", row["thread_id"]),
        "text": values.unescaped(body),
        "language": values.language(row.get("language_guess") or None),
        "client": row.get("source") or None,
        "status": "withheld" if rows.yes(row, "is_withheld") else None,
        "hashtags": [values.hashtag(tag) for tag in rows.words(row, "hashtags")],
        "urls": [{"url": url, "expanded_url": None} for url in rows.links(row, "urls")],
        "mentions": [
            {"account_id": None, "handle": values.handle("mentions", one)}
            for one in rows.words(row, "mentions")
        ],
        "media": rows.pictures(row, "images", "image") + rows.pictures(row, "videos", "video"),
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


def _quote(row: RecordDict) -> bool:
    return rows.yes(row, "is_quote_tweet") or bool(row.get("quote_tweet_id"))


def _is_x(head: Head) -> bool:
    return set(_COLUMNS) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_x",
        "4CAT and Zeeschuimer, X posts as CSV",
        platform="x",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_x,
        read=partial(rows.read, build=_x, needed=_COLUMNS),
        carries="posts, authors, threads, replies, reposts, quotes, hashtags, links, mentions, media, counts, views",
        lacks=rows.ALWAYS + "; the post that is answered or passed on",
        caveats=(rows.HASHED,),
        columns=_COLUMNS,
    ),
)
