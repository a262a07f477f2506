"""Accounts of Mastodon and of servers that speak like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from kit.loaders import markup, values
from kit.loaders.contract import Record, Rejection
from kit.loaders.files import Source
from kit.loaders.objects import (
    Made,
    RecordDict,
    flag,
    from_objects,
    identifier,
    iso,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

MASTODON, TRUTH = "mastodon", "truthsocial"


def read(source: Source, options: Mapping[str, Any], platform: str) -> Iterator[Record | Rejection]:
    """Accounts, alone or in lists."""
    return from_objects(
        source,
        "accounts",
        lambda one: Made(profile(one, platform)),
        lambda page: record_dicts(page, "accounts") if "accounts" in page and "acct" not in page else [page],
    )


def account_id_of(about: RecordDict, platform: str) -> str | None:
    """The address of an account's page; on Truth Social, which is one server, its number."""
    if platform == TRUTH:
        return identifier(about, "id")
    return identifier(about, "url") or identifier(about, "uri")


def handle_of(about: RecordDict, platform: str) -> str | None:
    """The handle with its server, which answers leave out for accounts of their own."""
    handle = values.handle("acct", raw(about, "acct")) or values.handle("username", raw(about, "username"))
    if handle is None or platform == TRUTH or "@" in handle:
        return handle
    try:
        host = urlsplit(word(about, "url") or word(about, "uri") or "").hostname
    except ValueError:
        host = None
    return f"{handle}@{host}" if host else handle


def profile(about: RecordDict, platform: str) -> RecordDict:
    """A profile; the numbers of another server's accounts are those it last heard of."""
    account_id = account_id_of(about, platform)
    if account_id is None:
        raise BadValue("account.url", "no identifier of the account", "")
    created_at, precision = iso(about, "created_at", platform)
    if created_at is not None and created_at.time() == time.min:
        precision = "day"
    note = text(about, "note")
    gone = flag(about, "suspended")
    return {
        "platform": platform,
        "account_id": account_id,
        "handle": handle_of(about, platform),
        "display_name": text(about, "display_name"),
        "bio": markup.read_html(note).text() if note is not None else None,
        "profile_url": _own_link(about),
        "created_at": created_at,
        "created_precision": precision,
        "followers": count(about, "followers_count"),
        "following": count(about, "following_count"),
        "posts_stated": count(about, "statuses_count"),
        "verified": flag(about, "verified") if platform == TRUTH else None,
        "status": "suspended" if gone else "withheld" if flag(about, "limited") else "active",
    }


def _own_link(about: RecordDict) -> str | None:
    """The first address that the profile states."""
    for field in record_dicts(about, "fields"):
        for link in markup.read_html(text(field, "value") or "").links:
            if found := markup.web_address(link, Counter()):
                return found
    return markup.web_address(word(about, "website"), Counter())


def count(one: RecordDict, path: str) -> int | None:
    """A count; -1 stands for one that is hidden."""
    return None if raw(one, path) == -1 else number(one, path)
