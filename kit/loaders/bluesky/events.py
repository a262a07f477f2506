"""Jetstream: one event of the network a line, as it happened.

Posts and reposts become posts, and accounts that were suspended or deleted become accounts
with that status. Every other event is counted: likes, follows, blocks, deletions, changes
of a handle or profile, accounts that are active, records of other applications. A deletion
names what is gone and nothing else, so that it is no post. `time_us` is when a server saw
the event, and the time of a post; an event of a change is not, so that the time declared
stands there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.loaders import times, values
from kit.loaders.bluesky import records
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import Made, RecordDict, flag, from_objects, inner, raw, text, word
from kit.loaders.values import BadValue

#: what an account's event says, in the words of our tables; the technical ones say nothing of the account
_STATUS = {
    "takendown": "suspended",
    "suspended": "suspended",
    "deleted": "deleted",
    "deactivated": "deactivated",
    "desynchronized": None,
    "throttled": None,
}
_OPERATIONS = ("create", "update", "delete")
_COUNTED = {
    "app.bsky.feed.like": "likes",
    "app.bsky.graph.follow": "follows",
    "app.bsky.graph.block": "blocks",
    "app.bsky.actor.profile": "profiles",
    "app.bsky.feed.threadgate": "rules about who may answer",
    "app.bsky.feed.postgate": "rules about who may quote",
}
_EPOCH = datetime(1970, 1, 1)


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts and reposts, and accounts that are gone; the rest is counted."""
    return from_objects(source, "posts", lambda event: _made(event, source.warnings))


def _made(event: RecordDict, warnings: Counter[str]) -> Made | None:
    kind = text(event, "kind")
    if kind == "commit":
        return _commit(event, warnings)
    if kind == "account":
        return _account(event, warnings)
    if kind == "identity":
        warnings["events of a changed handle or key, not read"] += 1
        return None
    raise BadValue("kind", "an event of a kind that is not known", kind)


def _seen(event: RecordDict) -> times.Moment:
    found = values.count("time_us", raw(event, "time_us"))
    if found is None:
        return None, None
    try:
        moment = _EPOCH + timedelta(microseconds=found)
    except OverflowError:
        raise BadValue("time_us", "a time out of range", found) from None
    return values.plausible("time_us", moment, "bluesky", found), "millisecond"


def _account(event: RecordDict, warnings: Counter[str]) -> Made | None:
    active, status = flag(event, "account.active"), word(event, "account.status")
    if active is None or (not active and status is not None and status not in _STATUS):
        raise BadValue("account.status", "a status that is not known", status)
    whose = records.did("did", raw(event, "did"))
    gone = None if active else _STATUS.get(status or "")
    if gone is None:
        kind = "that are active" if active else "that are inactive for a technical reason, or for none given"
        warnings[f"accounts {kind}, not read"] += 1
        return None
    value = {"platform": "bluesky", "account_id": whose, "status": gone, "captured_at": _seen(event)[0]}
    return Made(value, table="accounts")


def _commit(event: RecordDict, warnings: Counter[str]) -> Made | None:
    commit = inner(event, "commit")
    operation, collection = text(commit, "operation"), word(commit, "collection")
    if operation not in _OPERATIONS:
        raise BadValue("commit.operation", "neither create nor update nor delete", operation)
    if collection is None:
        raise BadValue("commit.collection", "no collection", "")
    if collection not in (records.POST, records.REPOST):
        kind = _COUNTED.get(collection, "records of other kinds")
        warnings[f"{kind}, deleted" if operation == "delete" else f"{kind}, not read"] += 1
        return None
    if operation == "delete":
        warnings[f"{collection.rpartition('.')[2]}s deleted, of which only the address is given"] += 1
        return None
    whose = records.did("did", raw(event, "did"))
    record = inner(commit, "record")
    if not record:
        raise BadValue("commit.record", "no record", "")
    uri = f"at://{whose}/{collection}/{values.identifier('commit.rkey', raw(commit, 'rkey'), required=True)}"
    records.address("commit.rkey", uri)
    seen = _seen(event)
    if operation == "update":
        warnings["posts changed later, whose time is the one declared"] += 1
    known = (None, None) if operation == "update" else seen
    captured = {"captured_at": seen[0]}
    columns = records.repost if collection == records.REPOST else records.post
    return Made(columns(record, whose, uri, known, warnings) | captured)


def _is_events(head: Head) -> bool:
    return any(
        {"did", "time_us", "kind"} <= set(one) and {"commit", "identity", "account"} & set(one)
        for one in head.objects[:5]
    )


FORMATS = (
    Format(
        "bluesky_jetstream",
        "Bluesky Jetstream, events",
        platform="bluesky",
        table="posts",
        tool="Jetstream, NDJSON",
        sniff=_is_events,
        read=read,
        carries="posts with replies, quotes, hashtags, links, mentions and hashes of media; reposts; the moment a server "
        "saw each; accounts that were suspended, deleted or deactivated",
        lacks="handles, names, counts, when an account was made, the text of what is reposted; likes, follows, blocks, "
        "profiles and deletions are counted and not read",
        caveats=(
            "an account that is gone counts as seen, also where the file has no post of it",
            "the time an author's client declares can be false; the server's is taken, and a gap of a minute is counted",
        ),
    ),
)
