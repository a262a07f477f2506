"""What became of posts and accounts of X: compliance files of the API, and minet's attrition reports.

Neither holds a text. Beside the export of the same posts each row becomes a further observation:
the text stays, and the state is known. A row whose post is in no other export stands as a post
without text, which the case counts in its warnings.

Lines of a compliance file do not say whether they are about posts or accounts. A post's time of
creation is that of its number to the millisecond, an account's is given to the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.ids import time_of
from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    from_objects,
    from_rows,
    header_names,
    identifier,
    iso,
    raw,
    timed,
    word,
)
from kit.loaders.values import BadValue

# --- compliance files

_KEYS = {"id", "action", "created_at", "redacted_at", "reason"}
#: why something went, as states of an account and of a post
_ACCOUNT = {"deleted": "deleted", "deactivated": "deleted", "suspended": "suspended", "protected": "private"}
_POST = {
    "deleted": "removed",
    "deactivated": "removed",
    "suspended": "removed",
    "bounced": "removed",
    "protected": "private",
}
_PLACE = "lines about the place of a post alone (scrub_geo)"


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The state of each post that a compliance file names."""

    def build(line: RecordDict) -> Made | None:
        post_id = str(identifier(line, "id", required=True))
        if not _told(line, source):
            return None
        stated = iso(line, "created_at", "x")
        value = {
            "platform": "x",
            "post_id": post_id,
            **timed(time_of("x_post", post_id), stated, source.warnings),
            "status": _state(line, _POST),
            "captured_at": iso(line, "redacted_at", "x")[0],
        }
        return Made(value)

    return from_objects(source, "posts", build)


def read_accounts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The state of each account that a compliance file names."""

    def build(line: RecordDict) -> Made | None:
        account_id = identifier(line, "id", required=True)
        if not _told(line, source):
            return None
        created_at, precision = iso(line, "created_at", "x")
        value = {
            "platform": "x",
            "account_id": account_id,
            "created_at": created_at,
            "created_precision": precision,
            "status": _state(line, _ACCOUNT),
            "captured_at": iso(line, "redacted_at", "x")[0],
        }
        return Made(value)

    return from_objects(source, "accounts", build)


def _told(line: RecordDict, source: Source) -> bool:
    """Whether a line says that something went; other actions are counted."""
    action = word(line, "action")
    if action == "scrub_geo":
        source.warnings[_PLACE] += 1
        return False
    if action != "delete":
        raise BadValue("action", "neither delete nor scrub_geo", action)
    return True


def _state(line: RecordDict, states: Mapping[str, str]) -> str:
    reason = word(line, "reason")
    if reason is None or reason not in states:
        raise BadValue("reason", "no reason that X gives for what went", reason)
    return states[reason]


def _about_post(line: RecordDict) -> bool:
    """Whether a line is about a post: its time of creation is that of its number, to the millisecond."""
    number, created = str(raw(line, "id")), str(raw(line, "created_at"))
    made = time_of("x_post", number) if number.isdigit() else None
    return made is not None and created.startswith(made.isoformat(timespec="milliseconds"))


def _is_compliance(head: Head) -> bool:
    first = head.objects[:5]
    return bool(first) and all({"id", "action", "created_at", "reason"} <= set(one) <= _KEYS for one in first)


def _is_posts(head: Head) -> bool:
    return _is_compliance(head) and _about_post(head.objects[0])


def _is_accounts(head: Head) -> bool:
    return _is_compliance(head) and not _about_post(head.objects[0])


# --- minet

_STATUS = "tweet_current_status"
#: words of minet: the state of the post, and that of its author where the word tells it
_WORDS: dict[str, tuple[str | None, str | None]] = {
    "available_tweet": ("available", None),
    "user_or_tweet_deleted": ("removed", None),
    "unavailable_tweet": ("removed", None),
    "suspended_user": ("removed", "suspended"),
    "deactivated_user": ("removed", "deleted"),
    "deactivated_or_renamed_user": ("removed", None),
    "protected_user": ("private", "private"),
    "censored_tweet": ("withheld", None),
    "unavailable_retweet": ("removed", None),
    "unavailable_retweeted_tweet": ("removed", None),
    "suspended_retweeted_user": ("removed", None),
    "protected_retweeted_user": ("removed", None),
    "censored_retweeted_tweet": ("withheld", None),
    # they say whom the author blocks, not what became of the post
    "blocked_by_tweet_author": (None, None),
    "blocked_by_original_tweet_author": (None, None),
}
_BLOCKED = "posts whose author blocks whoever asked: their state is not known"


def read_attrition(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The state of each post of the table that minet was given."""

    def build(row: RecordDict) -> Made:
        name = "tweet_id" if "tweet_id" in row else "id"
        post_id = str(values.identifier(name, row.get(name), required=True))
        account_id = values.identifier("user_id", row.get("user_id"))
        found = row[_STATUS].strip()
        if found not in _WORDS:
            reason = "minet names no state of this post" if not found else "no state that minet gives"
            raise BadValue(_STATUS, reason, found)
        state, whose = _WORDS[found]
        if state is None:
            source.warnings[_BLOCKED] += 1
        value = {
            "platform": "x",
            "post_id": post_id,
            "account_id": account_id,
            **timed(time_of("x_post", post_id), (None, None), source.warnings),
            "status": state,
        }
        author = {"platform": "x", "account_id": account_id, "status": whose}
        return Made(value, author if account_id and whose else None)

    return from_rows(source, "posts", build, (_STATUS,))


def _is_attrition(head: Head) -> bool:
    names = header_names(head)
    return _STATUS in names and bool({"tweet_id", "id"} & names)


_ALONE = (
    "load it beside the export of the same posts: a post that no other export holds is counted as one without text, "
    "whose kind is a guess"
)
_TOOL = "compliance jobs and streams of the X API v2"
FORMATS = (
    Format(
        "x_compliance",
        "X API v2, compliance of posts",
        platform="x",
        table="posts",
        tool=_TOOL,
        sniff=_is_posts,
        read=read_posts,
        carries="posts that went, why (removed, or private) and, as time of capture, when X took them away",
        lacks="texts, authors; posts that are still there",
        caveats=(
            _ALONE,
            "a post goes with its account: reasons deactivated, suspended and protected are the account's",
        ),
    ),
    Format(
        "x_compliance_accounts",
        "X API v2, compliance of accounts",
        platform="x",
        table="accounts",
        tool=_TOOL,
        sniff=_is_accounts,
        read=read_accounts,
        carries="accounts that were suspended, deleted or made private, their time of creation and when they went",
        lacks="names; accounts that are still there",
        caveats=("an account can come back: a state is that of the day it was asked for",),
    ),
    Format(
        "x_minet_attrition",
        "minet, attrition of posts",
        platform="x",
        table="posts",
        tool="minet twitter attrition",
        sniff=_is_attrition,
        read=read_attrition,
        carries="whether each post of a table can still be seen, and whether its author was suspended, deleted or "
        "made private",
        lacks="when it was asked, so that two reports of the same posts cannot be put in order; the other columns, which "
        "are those of the table that was asked about: load that beside it",
        caveats=(
            _ALONE,
            "'removed' does not say by whom: the author, the platform, or for a repost the author of the original",
        ),
        columns=(_STATUS,),
    ),
)
