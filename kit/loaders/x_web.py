"""Objects of X's web client, as interceptors save them: a post a line, lists, or whole responses.

The profile has moved from `user.legacy` to `core`, `relationship_counts` and others; both
layouts are read, also mixed. A notice that stands where a post was is a rejection, and so
is a promoted post, which nobody under study need have written. "About this account" is kept:
where the platform says the account is based and connects from, and how often its handle changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kit.loaders import values, x_legacy
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    flag,
    from_objects,
    identifier,
    inner,
    kind_flags,
    millis,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

_GONE = ("TweetTombstone", "TweetUnavailable")
_ENVELOPES = {"source_platform", "__import_meta", "nav_index"}
_OWN_PAGE = re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{1,20})/status/(\d+)")


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts with their authors; reposted and quoted posts as context."""
    return from_objects(source, "posts", lambda thing: post(thing, source.warnings, None), _posts_in)


def read_users(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Accounts from profile responses and lists of accounts."""

    def build(user: RecordDict) -> Made:
        return Made(profile(user, source.warnings, None))

    return from_objects(source, "accounts", build, _users_in)


def post(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A post of the web client with its author; `captured` is when a tool saved it, where known."""
    if raw(thing, "promoted") is True or "promotedMetadata" in thing:
        raise BadValue("promoted", "an advertisement shown to whoever collected this", "")
    whole = _unwrapped(thing)
    value = _post(whole, warnings) | {"captured_at": captured}
    author = _author(whole, value["account_id"], warnings, captured)
    context = beside(lambda one: _post(one, Counter()), _inside(whole, 0), warnings)
    return Made(value, author, context)


def _unwrapped(thing: RecordDict) -> RecordDict:
    """The post itself, out of the wrappers that responses put around it."""
    for key in ("tweet_results", "result", "tweet"):
        if key in thing and "legacy" not in thing:
            thing = inner(thing, key)
    kind = text(thing, "__typename")
    if kind in _GONE or "tombstone" in thing:
        raise BadValue(
            "__typename", "the post is gone: only a notice stands in its place", kind or "tombstone"
        )
    if "legacy" not in thing:
        raise BadValue("legacy", "no post of the web client", ", ".join(list(thing)[:5]))
    return thing


def _other(post_: RecordDict, path: str) -> RecordDict:
    """A post inside another; empty where it is gone."""
    try:
        return _unwrapped(inner(post_, f"{path}.result"))
    except BadValue:
        return {}


def _reposted(post_: RecordDict) -> tuple[bool, RecordDict]:
    """Whether this is a repost, and of what."""
    path = "legacy.retweeted_status_result"
    return raw(post_, path) is not None, _other(post_, path)


def _inside(post_: RecordDict, depth: int) -> Iterator[RecordDict]:
    for other in (_reposted(post_)[1], _other(post_, "quoted_status_result")):
        if other and depth < 3:
            yield other
            yield from _inside(other, depth + 1)


def _post(post_: RecordDict, warnings: Counter[str]) -> RecordDict:
    legacy = inner(post_, "legacy")
    # data.id is a number of JavaScript, whose last digits are lost
    post_id = identifier(post_, "rest_id") or identifier(post_, "legacy.id_str", required=True)
    account_id = identifier(legacy, "user_id_str") or _user_id(post_)
    if account_id is None:
        raise BadValue("legacy.user_id_str", "no author", "")
    passed_on, other = _reposted(post_)
    quoted = _other(post_, "quoted_status_result")
    quoted_id = None
    if not passed_on:
        quoted_id = identifier(legacy, "quoted_status_id_str") or identifier(quoted, "rest_id")
    shown = bool(quoted_id or raw(post_, "quoted_status_result") or raw(legacy, "is_quote_status"))
    reply = x_legacy.answered(legacy)
    whole = other if other else post_
    if passed_on and not other:
        warnings["reposts whose original is not in the file: the text is cut"] += 1
    value = {
        "platform": "x",
        "post_id": post_id,
        "account_id": account_id,
        **x_legacy.times_of_post(
            str(post_id), x_legacy.moment("legacy.created_at", raw(legacy, "created_at")), warnings
        ),
        **kind_flags(
            repost=passed_on,
            reply=bool(reply["reply_to_id"] or reply["target_account_id"]),
            quote=not passed_on and shown,
        ),
        **reply,
        "quoted_id": quoted_id,
        "reposted_id": (identifier(other, "rest_id") or identifier(other, "legacy.id_str"))
        if other
        else None,
        "reposted_account_id": identifier(other, "legacy.user_id_str") or _user_id(other) if other else None,
        "root_id": identifier(legacy, "conversation_id_str"),
        "text": _text(whole),
        "language": values.language(word(legacy, "lang")),
        "client": x_legacy.client(text(post_, "source") or text(legacy, "source")),
        "status": "withheld" if x_legacy.withheld(legacy) else None,
        **_entities(whole),
    }
    if not passed_on:
        counts = {"likes": "favorite_count", "replies": "reply_count", "reposts": "retweet_count"}
        counts["quotes"] = "quote_count"
        value |= {ours: number(legacy, theirs) for ours, theirs in counts.items()}
        seen = number(post_, "views.count") if "views" in post_ else number(post_, "ext_views.count")
        value["views"] = x_legacy.views(seen, value["created_at"])
    return value


def _note(post_: RecordDict) -> RecordDict:
    """The whole of a long post, where it is one."""
    return inner(post_, "note_tweet.note_tweet_results.result")


def _text(post_: RecordDict) -> str | None:
    found = word(_note(post_), "text") or text(post_, "legacy.full_text")
    return values.unescaped(found) if found is not None else None


def _entities(post_: RecordDict) -> RecordDict:
    legacy, whole = inner(post_, "legacy"), inner(_note(post_), "entity_set")
    found = x_legacy.entities(inner(legacy, "entities"), inner(legacy, "extended_entities"))
    return (
        found | {"media": found["media"]}
        if not whole
        else x_legacy.entities(whole, {}) | {"media": found["media"]}
    )


def _user(post_: RecordDict) -> RecordDict:
    return inner(post_, "core.user_results.result")


def _user_id(post_: RecordDict) -> str | None:
    return identifier(_user(post_), "rest_id") or identifier(post_, "user.id_str")


def _author(post_: RecordDict, account: str, warnings: Counter[str], captured: datetime | None) -> RecordDict:
    user, found = _user(post_), None
    if "rest_id" in user:
        found = profile(user, warnings, captured)
    elif "user" in post_:  # the oldest layout: a user of API v1.1 beside the post
        found = x_legacy.profile(inner(post_, "user"), captured)
    if found is not None and found["account_id"] == account:
        return found
    if found is not None:
        warnings["profiles beside a post that are another account's, not read"] += 1
    handle = _handle_in_media(post_)
    return {"platform": "x", "account_id": account, "handle": handle, "captured_at": captured}


def _handle_in_media(post_: RecordDict) -> str | None:
    """The author's handle out of the address of the post's own picture, where the profile is empty."""
    for one in record_dicts(post_, "legacy.extended_entities.media") or record_dicts(
        post_, "legacy.entities.media"
    ):
        found = _OWN_PAGE.match(word(one, "expanded_url") or "")
        if found and found[2] == identifier(post_, "rest_id"):
            return found[1]
    return None


def profile(user: RecordDict, warnings: Counter[str], captured: datetime | None) -> RecordDict:
    """A profile from a user of the web client, in the present layout or the older one."""
    old = inner(user, "legacy")
    bio = text(user, "profile_bio.description")
    links = record_dicts(user, "profile_bio.entities.url.urls") or record_dicts(old, "entities.url.urls")
    created = raw(user, "core.created_at") or raw(old, "created_at")
    created_at, precision = x_legacy.moment("created_at", created)
    known = [flag(user, path) for path in ("is_blue_verified", "verification.verified", "legacy.verified")]
    private = flag(user, "privacy.protected") or flag(old, "protected")
    followers, following = number(user, "relationship_counts.followers"), None
    if "relationship_counts" in user:
        following = number(user, "relationship_counts.following")
    location = text(user, "location.location") if "location" in user else text(old, "location")
    return {
        "platform": "x",
        "account_id": identifier(user, "rest_id", required=True),
        "handle": values.handle("screen_name", text(user, "core.screen_name") or text(old, "screen_name")),
        "display_name": text(user, "core.name") or text(old, "name"),
        "bio": bio if bio is not None else text(old, "description"),
        "location": location,
        "profile_url": (word(links[0], "expanded_url") if links else None)
        or word(user, "website.url")
        or text(old, "url"),
        "created_at": created_at,
        "created_precision": precision,
        "followers": followers if followers is not None else number(old, "followers_count"),
        "following": following if following is not None else number(old, "friends_count"),
        "posts_stated": number(user, "tweet_counts.tweets")
        if "tweet_counts" in user
        else number(old, "statuses_count"),
        "verified": any(known) if any(mark is not None for mark in known) else None,
        "status": "withheld" if x_legacy.withheld(old) else "private" if private else "active",
        **_about(user),
        "captured_at": captured,
    }


def _about(user: RecordDict) -> RecordDict:
    """What "about this account" says, as the platform's own claims; nothing where it was not asked for."""
    if raw(user, "about_profile") is None:
        return {}
    changes = "about_profile.username_changes"
    last = f"{changes}.last_changed_at_msec"
    return {
        "based_in": word(user, "about_profile.account_based_in"),
        "based_in_accurate": flag(user, "about_profile.location_accurate"),
        "created_in_accurate": flag(user, "about_profile.created_country_accurate"),
        "connected_via": word(user, "about_profile.source"),
        "handle_changes": number(user, f"{changes}.count"),
        # 0 stands for never
        "handle_changed_at": None if raw(user, last) in (None, "", "0", 0) else millis(user, last, "x"),
    }


def _posts_in(line: RecordDict) -> list[Any]:
    """The line itself where it is a post, else every post that a response lists."""
    if _is_post(line):
        return [line]
    found = list(_under(line, "tweet_results"))
    if not found and "errors" not in line:
        raise BadValue("", "neither a post nor a response that holds posts", ", ".join(list(line)[:5]))
    return found


def _users_in(line: RecordDict) -> list[Any]:
    found = list(_users(line))
    if not found:
        raise BadValue("", "neither an account nor a response that holds accounts", ", ".join(list(line)[:5]))
    return found


def _is_post(thing: RecordDict) -> bool:
    kind = thing.get("__typename")
    if kind in _GONE or kind == "TweetWithVisibilityResults":
        return True
    return isinstance(thing.get("legacy"), dict) and kind != "User" and "full_text" in thing["legacy"]


def _under(value: Any, key: str) -> Iterator[RecordDict]:
    """Objects that hold `key`, in order of the file, none from inside another one."""
    if isinstance(value, dict):
        if key in value:
            # an empty result stands where a post could not be shown
            if isinstance(value[key], dict) and value[key].get("result"):
                yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _under(one, key)


def _users(value: Any) -> Iterator[RecordDict]:
    if isinstance(value, dict):
        if value.get("__typename") == "User" and "rest_id" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _users(one)


def _is_posts(head: Head) -> bool:
    return any(
        not _ENVELOPES & set(one) and (_is_post(one) or next(_under(one, "tweet_results"), None) is not None)
        for one in head.objects[:5]
    )


def _is_users(head: Head) -> bool:
    return not _is_posts(head) and any(
        not _ENVELOPES & set(one) and next(_users(one), None) is not None for one in head.objects[:5]
    )


_TOOL = "twscrape and other tools that save what X's web client receives"
FORMATS = (
    Format(
        "x_web",
        "X web client, posts",
        platform="x",
        table="posts",
        tool=_TOOL,
        sniff=_is_posts,
        read=read_posts,
        carries="posts, authors, threads, replies, reposts, quotes, hashtags, links, mentions, media, counts, views",
        lacks="whatever the session was not shown; promoted posts are set aside",
        caveats=("what a browser was shown is chosen for one person and is no sample of anything else",),
    ),
    Format(
        "x_web_users",
        "X web client, accounts",
        platform="x",
        table="accounts",
        tool=_TOOL,
        sniff=_is_users,
        read=read_users,
        carries="profiles with the second of creation and counts; of 'about this account' country, whether the "
        "platform is sure of it, app store or client, number of changes of handle and time of the last one",
        lacks="handles that an account had before",
        caveats=(
            "the country of 'about this account' is the platform's claim: a proxy moves it, and it is that of the day "
            "of capture",
        ),
    ),
)
