"""What Zeeschuimer saves while somebody browses, and 4CAT's copy of it: objects of many platforms in one envelope.

The envelope says which platform and when; the object inside is the platform's own. Whoever
reads such objects adds a line to `READERS`. The file is what one browser was shown, in that
order, with repetitions; the page and the browser named in the envelope can reveal the
investigator and are not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from kit.loaders import douyin, linkedin, mastodon, rednote, x_web
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.instagram import web as instagram_web
from kit.loaders.meta import story
from kit.loaders.objects import Made, RecordDict, from_objects, inner, millis, text
from kit.loaders.tiktok import web as tiktok_web
from kit.loaders.values import BadValue

#: reads one object of a platform: (object, warnings of the source, time of capture) -> record
Reader = Callable[[RecordDict, Counter[str], datetime | None], Made]

#: by the name that the envelope gives the platform
READERS: dict[str, Reader] = {
    "twitter.com": x_web.post,
    "x.com": x_web.post,
    "instagram.com": instagram_web.post,
    "linkedin.com": linkedin.post,
    "tiktok.com": tiktok_web.post,
    "tiktok-comments": tiktok_web.comment,
    "truthsocial.com": mastodon.truth,
    "facebook.com": story.post,
    "douyin.com": douyin.post,
    "xiaohongshu.com": rednote.post,
    "xiaohongshu-comments": rednote.comment,
}
_ENVELOPE = {"nav_index", "item_id", "source_platform", "data"}


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Records of every platform that can be read; those of others are set aside, named."""
    return from_objects(source, "posts", lambda thing: _made(thing, source.warnings))


def _made(line: RecordDict, warnings: Counter[str]) -> Made:
    if "__import_meta" in line:
        about, thing = inner(line, "__import_meta"), {k: v for k, v in line.items() if k != "__import_meta"}
    else:
        about, thing = line, inner(line, "data")
    platform = text(about, "source_platform")
    reader = READERS.get(platform or "")
    if reader is None:
        raise BadValue("source_platform", "objects of this platform cannot be read yet", platform)
    if not thing:
        raise BadValue("data", "nothing was captured", "")
    return reader(thing, warnings, _captured(about))


def _captured(about: RecordDict) -> datetime | None:
    """When the object was seen last; newer versions of the tool keep that beside the first time."""
    return millis(about, "last_updated", "web") or millis(about, "timestamp_collected", "web")


def _is_capture(head: Head) -> bool:
    return any(set(one) >= _ENVELOPE for one in head.objects[:5])


def _is_copy(head: Head) -> bool:
    return any(
        isinstance(about := one.get("__import_meta"), dict) and "source_platform" in about
        for one in head.objects[:5]
    )


_CAVEATS = (
    "what a browser was shown is chosen for one person and is no sample of anything else",
    "an object is there once for each page it was seen on, with the counts of that moment",
    "RedNote's notes often hold no time: the one read out of their number is an estimate",
)
_CARRIES = (
    "whatever the page of X, Facebook, Instagram, TikTok, LinkedIn, Truth Social, Douyin or RedNote showed, with the "
    "time of capture: posts, authors, counts, media; TikTok's and RedNote's comments"
)
_LACKS = (
    "whatever the page did not show; objects of other platforms, which are set aside, named; page and browser of "
    "whoever collected are left out"
)
FORMATS = (
    Format(
        "zeeschuimer",
        "Zeeschuimer capture",
        platform="",
        table="posts",
        tool="Zeeschuimer, NDJSON",
        sniff=_is_capture,
        read=read,
        carries=_CARRIES,
        lacks=_LACKS,
        caveats=_CAVEATS,
    ),
    Format(
        "fourcat_ndjson",
        "4CAT dataset, NDJSON",
        platform="",
        table="posts",
        tool="4CAT, from Zeeschuimer",
        sniff=_is_copy,
        read=read,
        carries=_CARRIES,
        lacks=_LACKS,
        caveats=_CAVEATS,
    ),
)
