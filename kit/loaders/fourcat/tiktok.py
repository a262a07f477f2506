"""TikTok videos and comments. Of a comment without a handle, the tool writes the account's number behind an @."""

from __future__ import annotations

from collections import Counter
from functools import partial

from kit.loaders import times, values
from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.fourcat import rows
from kit.loaders.objects import Made, RecordDict, hashtags_in, header_names, kind_flags
from kit.loaders.tiktok import fields
from kit.loaders.values import BadValue

_POSTS = ("id", "thread_id", "body", "author", "likes", "comments", "plays", "tiktok_url")
_COMMENTS = ("id", "thread_id", "body", "author", "likes", "replies", "post_id", "comment_url")
_COUNTS = {"likes": "likes", "replies": "comments", "reposts": "shares", "views": "plays"}
_PROFILE = {"followers": "author_followers", "posts_stated": "author_videos"}


def _author(row: RecordDict, warnings: Counter[str]) -> RecordDict | None:
    written = row["author"].strip()
    number = written.removeprefix("@")
    if written.startswith("@") and number.isascii() and number.isdigit():
        return {
            "platform": "tiktok",
            "account_id": number,
            "handle": None,
            "display_name": row.get("author_full"),
        }
    if not written and not row.get("author_id"):
        warnings[fields.NO_AUTHOR] += 1
        return None
    return rows.author_of({**row, "author_fullname": row.get("author_full")}, "tiktok")


def _post(row: RecordDict, warnings: Counter[str]) -> Made:
    if rows.yes(row, "is_ad"):
        raise BadValue("is_ad", "an advertisement shown to whoever collected this", "")
    post_id = str(values.identifier("id", row["id"], required=True))
    author = _author(row, warnings)
    if author:
        author |= {ours: values.count(theirs, row.get(theirs)) for ours, theirs in _PROFILE.items()}
    listed = rows.words(row, "hashtags") + rows.words(row, "challenges")
    video = rows.links(row, "video_url")
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, _stated(row), warnings),
        **kind_flags(repost=False, reply=False, quote=rows.yes(row, "is_duet") or None),
        "text": row["body"],
        "hashtags": fields.hashtags(listed, row["body"]),
        "media": fields.media(
            post_id, video[0] if video else None, row.get("music_id") or None, row.get("music_url") or None
        ),
        **{ours: values.count(theirs, row.get(theirs)) for ours, theirs in _COUNTS.items()},
    }
    return Made(value, author)


def _stated(row: RecordDict) -> times.Moment:
    """`unix_timestamp`, which older versions called `timestamp`."""
    old = row.get("timestamp") or ""
    if not row.get("unix_timestamp") and old.isascii() and old.isdigit():
        row = {**row, "unix_timestamp": old}
    return rows.stated(row, "tiktok")


def _comment(row: RecordDict, warnings: Counter[str]) -> Made:
    post_id = str(values.identifier("id", row["id"], required=True))
    author = _author(row, warnings)
    root = values.identifier("post_id", row["post_id"])
    value = {
        "platform": "tiktok",
        "post_id": post_id,
        "account_id": fields.identity(author),
        **fields.when(post_id, rows.stated(row, "tiktok"), warnings),
        **kind_flags(repost=False, reply=True, quote=False),
        "reply_to_id": values.identifier("thread_id", row["thread_id"]) or root,
        "root_id": root,
        "text": row["body"],
        "hashtags": hashtags_in(row["body"]),
        "language": values.language(row.get("language_guess") or None),
        "likes": values.count("likes", row["likes"]),
        "replies": values.count("replies", row["replies"]),
    }
    return Made(value, author)


def _is_posts(head: Head) -> bool:
    return set(_POSTS) <= header_names(head)


def _is_comments(head: Head) -> bool:
    return set(_COMMENTS) <= header_names(head)


_ALWAYS = "numbers of accounts that have a handle; whatever the tool did not map"
FORMATS = (
    Format(
        "fourcat_tiktok",
        "4CAT and Zeeschuimer, TikTok videos as CSV",
        platform="tiktok",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_posts,
        read=partial(rows.read, build=_post, needed=_POSTS),
        carries="videos with description, authors and their followers, hashtags, sound, counts and views",
        lacks=_ALWAYS + "; the video a duet goes back to; mentions",
        caveats=(rows.HASHED, fields.SHARES),
        columns=_POSTS,
    ),
    Format(
        "fourcat_tiktok_comments",
        "4CAT and Zeeschuimer, TikTok comments as CSV",
        platform="tiktok",
        table="posts",
        tool=rows.TOOL,
        sniff=_is_comments,
        read=partial(rows.read, build=_comment, needed=_COMMENTS),
        carries="comments with their video, the thread they stand in, authors, language, likes and replies received",
        lacks=_ALWAYS + "; which comment of a thread is answered; mentions",
        caveats=(rows.HASHED,),
        columns=_COMMENTS,
    ),
)
