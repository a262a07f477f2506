"""What all exports of TikTok share: times, accounts, hashtags, and identifiers that a number has damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from kit.ids import time_of
from kit.loaders import times, values
from kit.loaders.contract import Record, Rejection
from kit.loaders.files import Source
from kit.loaders.objects import RecordDict, by_handle, field_time, hashtags_in

NO_AUTHOR = "comments and videos whose author the file does not name"
SHARES = "shares stand as reposts: they say how often somebody passed the video on, not to whom"
_APART = timedelta(days=1)
_LONG = 15  # digits that a number with decimals keeps
_ROUNDED = (
    0.05  # share of identifiers ending in 00 from which on they look rounded; one in a hundred by chance
)


def when(post_id: str | None, stated: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The time columns: as stated, else the identifier's, which tells the second at which an upload began."""
    decoded = time_of("tiktok", post_id)
    if stated[0] is not None:
        if decoded and abs(decoded - stated[0]) > _APART:
            warnings["times more than a day from the one in the identifier; the time given was kept"] += 1
        return field_time(stated)
    if decoded is None:
        return field_time((None, None))
    return {"created_at": decoded, "time_source": "identifier", "time_precision": "second"}


def author(number: str | None, handle: str | None, warnings: Counter[str]) -> RecordDict | None:
    """The first columns of an account; None, counted, where nothing names it. `0` is no number of an account."""
    account_id = (number if number != "0" else None) or by_handle(handle)
    if account_id is None:
        warnings[NO_AUTHOR] += 1
        return None
    return {"platform": "tiktok", "account_id": account_id, "handle": handle}


def identity(account: RecordDict | None) -> str | None:
    """The account id of an author who may be missing."""
    return account["account_id"] if account else None


def none_if_zero(number: str | None) -> str | None:
    """An identifier; the platform writes `0` where there is none."""
    return None if number in (None, "0") else number


def hashtags(listed: Iterable[str], written: str | None) -> list[str]:
    """Hashtags as the platform lists them, else as written."""
    found = dict.fromkeys(tag for tag in map(values.hashtag, listed) if tag)
    return list(found) or hashtags_in(written)


def media(post_id: str, url: str | None, sound: str | None, sound_url: str | None = None) -> list[RecordDict]:
    """The video and the sound laid under it, which others use too."""
    found = [{"media_id": post_id, "kind": "video", "url": url, "alt_text": None}]
    if sound := none_if_zero(sound):
        found.append({"media_id": sound, "kind": "audio", "url": sound_url, "alt_text": None})
    return found


def watched(source: Source, records: Iterable[Record | Rejection]) -> Iterator[Record | Rejection]:
    """The same records; counted as a warning where their identifiers look rounded, as R and JavaScript leave them."""
    kept = rounded = 0
    for item in records:
        if isinstance(item, Record) and item.table == "posts":
            kept += 1
            identifier = item.values["post_id"]
            rounded += identifier.endswith("00") and len(identifier) > _LONG
        yield item
    if rounded > 1 and rounded > kept * _ROUNDED:
        source.warnings["identifiers look rounded: they end in 00, as after R or JavaScript"] += rounded
