"""What every platform's rows share: how the tools write yes, lists, times and authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.loaders import times, values
from kit.loaders.contract import Record, Rejection
from kit.loaders.files import Source
from kit.loaders.objects import Made, RecordDict, by_handle, from_rows
from kit.loaders.values import BadValue

_ADDRESSES = re.compile(r",(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")
#: what stands for a name in a pseudonymised dataset
HASH = re.compile(r"[0-9a-f]{32,}")
_REDACTED = "REDACTED"
TOOL = "4CAT, CSV; Zeeschuimer, CSV"
ALWAYS = "whatever the tool did not map; numbers of accounts that are mentioned or answered"
HASHED = "authors of a pseudonymised dataset are hashes, another in each dataset"
_seconds = times.reader({"format": "epoch_s"}, "web", Counter(), "")


def read(
    source: Source,
    options: Mapping[str, Any],
    build: Callable[[RecordDict, Counter[str]], Made],
    needed: tuple[str, ...],
) -> Iterator[Record | Rejection]:
    """Posts of one platform; what the tool filled in by itself is taken out of each row first."""

    def clean(row: RecordDict) -> Made:
        for name in (row.get("missing_fields") or "").split(","):
            # for an author without a handle the tool fills in the account's number behind an @
            if name.strip() in row and not (name.strip() == "author" and row["author"].startswith("@")):
                row[name.strip()] = ""
        return build(row, source.warnings)

    return from_rows(source, "posts", clean, needed)


def author_of(row: RecordDict, platform: str) -> RecordDict:
    """The author's columns. In a pseudonymised dataset they are hashes, which join nothing outside it."""
    account_id = values.identifier("author_id", row.get("author_id"))
    handle = values.handle("author", row.get("author"))
    hashed = bool(handle and HASH.fullmatch(handle))
    account_id = account_id or (handle if hashed else by_handle(handle))
    if account_id is None or _REDACTED in (account_id, handle):
        raise BadValue("author", "no author", row.get("author"))
    name = row.get("author_fullname")
    return {
        "platform": platform,
        "account_id": account_id,
        "handle": None if hashed else handle,
        "display_name": None if hashed or (name and HASH.fullmatch(name)) else name,
    }


def stated(row: RecordDict, platform: str) -> times.Moment:
    """`unix_timestamp`, which for some sources is off by the server's distance from UTC."""
    moment, precision = _seconds("unix_timestamp", row.get("unix_timestamp"))
    if moment is not None:
        values.plausible("unix_timestamp", moment, platform, row.get("unix_timestamp"))
    return moment, precision


def yes(row: RecordDict, name: str) -> bool:
    """A yes or no of the tool; an empty cell is no."""
    return bool(values.boolean(name, row.get(name)))


def words(row: RecordDict, name: str) -> list[str]:
    """Words joined with commas."""
    return [part.strip() for part in (row.get(name) or "").split(",") if part.strip()]


def links(row: RecordDict, name: str) -> list[str]:
    """Addresses joined with commas; one can hold a comma itself, so they part where the next one begins."""
    return [part.strip() for part in _ADDRESSES.split(row.get(name) or "") if part.strip()]


def pictures(row: RecordDict, name: str, kind: str | None) -> list[RecordDict]:
    """Media known by their address."""
    return [{"media_id": None, "kind": kind, "url": url, "alt_text": None} for url in links(row, name)]
