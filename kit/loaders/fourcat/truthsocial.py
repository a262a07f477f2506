"""Truth Social posts. `thread_id` is that of a post quoted, or of the first above an answer, and does not say which."""

from __future__ import annotations

from collections import Counter
from functools import partial

from kit.loaders import mastodon
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.objects import Made, RecordDict, header_names, kind_flags

_COLUMNS = ("id", "created_at", "body", "reblogs_count", "replies_count", "account_id", "account_username")
_ACCOUNT = {
    "id": "account_id",
    "username": "account_username",
    "acct": "account_username",
    "display_name": "account_display_name",
    "followers_count": "account_followers",
    "following_count": "account_following",
    "verified": "account_verified",
}


def _post(row: RecordDict, warnings: Counter[str]) -> Made:
    media: list[RecordDict] = [
        {"type": kind, "url": url}
        for column, kind in (("images", "image"), ("video_urls", "video"))
        for url in rows.links(row, column)
    ]
    if row.get("media_url") or row.get("media_id"):  # older datasets, the first one alone
        media.append({"id": row.get("media_id"), "type": row.get("media_type"), "url": row.get("media_url")})
    thing = {
        "id": row["id"],
        "created_at": row["created_at"],
        "content": row["body"],
        "account": {theirs: row.get(ours) or None for theirs, ours in _ACCOUNT.items()},
        "reblogs_count": row["reblogs_count"],
        "replies_count": row["replies_count"],
        "mentions": [{"username": one} for one in rows.words(row, "mentions")],
        "tags": [{"name": one} for one in rows.words(row, "hashtags")],
        "media_attachments": media,
    }
    made = mastodon.truth(thing, warnings, None)
    other = (row.get("thread_id") or "").strip() not in ("", row["id"].strip())
    if other:
        warnings["posts that answer or quote another, which the tool does not tell apart"] += 1
    unknown = None if other or "thread_id" not in row else False
    return made._replace(values=made.values | kind_flags(repost=None, reply=unknown, quote=unknown))


def _is_truth(head: Head) -> bool:
    return set(_COLUMNS) <= header_names(head)


FORMATS = (
    Format(
        "fourcat_truthsocial",
        "4CAT and Zeeschuimer, Truth Social posts as CSV",
        platform="truthsocial",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_truth,
        read=partial(rows.read, build=_post, needed=_COLUMNS),
        carries="posts, authors with followers, hashtags, mentions, addresses of media, reposts and replies received",
        lacks="likes; what a post answers, quotes or passes on, and whether it does; when an account was made",
        caveats=("the text of what is passed on may be missing: the tool takes that of the post itself",),
        columns=_COLUMNS,
    ),
)
