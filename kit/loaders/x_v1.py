"""X API v1.1 as JSON: streams, searches and lookups of twarc v1 and others.

Text comes from the longest copy an object holds; that of a repost from the post it passes
on, whose own object is context, as is a quoted one. Counts of a repost are the other
post's and are left out. Messages of a stream that are no posts are counted, not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kit.loaders import values, x_legacy
from kit.loaders.contract import Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.files.delimited import Fault
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    from_objects,
    identifier,
    inner,
    kind_flags,
    millis,
    number,
    raw,
    text,
    word,
)
from kit.loaders.values import BadValue

_MESSAGES = frozenset(
    "delete scrub_geo limit status_withheld user_withheld disconnect warning friends friends_str "
    "event control direct_message for_user too_many_follows".split()
)


def read_posts(
    source: Source, options: Mapping[str, Any], items: Iterable[jsons.Item | Fault] | None = None
) -> Iterator[Record | Rejection]:
    """Posts with their authors; reposted and quoted posts as context. `items` are objects already parsed."""
    return from_objects(source, "posts", lambda thing: _made(thing, source.warnings), items=items)


def _made(post: RecordDict, warnings: Counter[str]) -> Made | None:
    if "id_str" not in post and "id" not in post:
        kind = next((key for key in post if key in _MESSAGES), None)
        if kind is None:
            raise BadValue("id_str", "neither a post nor a message of the stream", ", ".join(list(post)[:5]))
        warnings[f"messages of the stream that are no posts: {kind}"] += 1
        return None
    made = _post(post, warnings)
    # what is odd about a post beside this one is no oddity of the export
    return Made(
        made,
        _author(post) if "user" in post else None,
        beside(lambda one: _post(one, Counter()), _beside(post, 0), warnings),
    )


def _author(post: RecordDict) -> RecordDict:
    # a stream shows the profile as it was at the moment of posting; other calls do not say when
    return x_legacy.profile(inner(post, "user"), millis(post, "timestamp_ms", "x"))


def _beside(post: RecordDict, depth: int) -> Iterator[RecordDict]:
    """Posts that stand inside this one: a repost of a quote holds two."""
    for other in (post.get("retweeted_status"), post.get("quoted_status")):
        if isinstance(other, dict) and "user" in other and depth < 3:
            yield other
            yield from _beside(other, depth + 1)


def _post(post: RecordDict, warnings: Counter[str]) -> RecordDict:
    # the number beside id_str is exact in Python, but only used where nothing else stands
    post_id = identifier(post, "id_str") or identifier(post, "id", required=True)
    other, quoted = inner(post, "retweeted_status"), inner(post, "quoted_status")
    passed_on = bool(other)
    reply = x_legacy.answered(post)
    quoted_id = (
        None if passed_on else identifier(post, "quoted_status_id_str") or identifier(quoted, "id_str")
    )
    quote = not passed_on and bool(quoted_id or raw(post, "is_quote_status"))
    value = {
        "platform": "x",
        "post_id": post_id,
        "account_id": identifier(post, "user.id_str", required="user" in post),
        **x_legacy.times_of_post(
            str(post_id), x_legacy.moment("created_at", raw(post, "created_at")), warnings
        ),
        **kind_flags(
            repost=passed_on, reply=bool(reply["reply_to_id"] or reply["target_account_id"]), quote=quote
        ),
        **reply,
        "quoted_id": quoted_id,
        "reposted_id": identifier(other, "id_str", required=True) if passed_on else None,
        "reposted_account_id": identifier(other, "user.id_str") if passed_on else None,
        "text": _text(other if passed_on else post, warnings),
        "language": values.language(word(post, "lang")),
        "client": x_legacy.client(text(post, "source")),
        "status": "withheld" if x_legacy.withheld(post) else None,
        "captured_at": millis(post, "timestamp_ms", "x"),
        **x_legacy.whole_entities(other if passed_on else post),
    }
    if not passed_on:
        counts = {"likes": "favorite_count", "replies": "reply_count", "reposts": "retweet_count"}
        counts["quotes"] = "quote_count"
        value |= {ours: number(post, theirs) for ours, theirs in counts.items()}
    return value


def _text(post: RecordDict, warnings: Counter[str]) -> str | None:
    found = word(post, "extended_tweet.full_text") or text(post, "full_text")
    if found is None:
        found = text(post, "text")
        if raw(post, "truncated") is True:
            warnings["texts that are cut: the whole is not in the file"] += 1
    return values.unescaped(found) if found is not None else None


def is_post(thing: RecordDict) -> bool:
    """Whether an object is a post of API v1.1; its author may have been cut off."""
    user = thing.get("user")
    return (
        "id_str" in thing
        and "created_at" in thing
        and (
            bool({"screen_name", "id_str"} & set(user))
            if isinstance(user, dict)
            else user is None and "full_text" in thing
        )
        and not {"__import_meta", "source_platform", "legacy"} & set(thing)
    )


def is_posts(head: Head) -> bool:
    """Whether the file begins with posts of API v1.1, or with nothing but messages of its streams."""
    found = head.objects
    return any(is_post(one) for one in found[:20]) or (
        bool(found) and all(len(one) == 1 and set(one) <= {"delete", "limit"} for one in found)
    )
