"""Lists of indicators as Meta publishes them: one row for each technique seen, with an indicator or none.

Six headers are in use, alike but for a space, a column of remarks and its name; a seventh file of the
same place lists techniques only and is no list of indicators. Addresses are defanged (`site[.]com`)
so that nobody opens them by accident; the value for matching is the address taken back, and is
never opened here either. What campaign a list is about stands in the name of its file alone:
`constants: {campaign: …, published: 2023-08-29}` says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from kit.errors import InputError, nearest
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, delimited
from kit.loaders.files.delimited import Fault

_NEEDED = ("Tactic", "Technique", "Procedure", "Indicator")
_REMARKS = ("Note", "Notes", "Comment", "Comments")
_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)
_AT = re.compile(r"\s?[\[({]\s?(?:@|at)\s?[\])}]\s?", re.IGNORECASE)
_COLON = re.compile(r"[\[({](:|://|/)[\])}]")
_SCHEME = re.compile(r"h(?:xx|\*\*|tt)p(s?)(?=:)", re.IGNORECASE)
_COUNT = re.compile(r"(?:about |around |approximately |over )?\d[\d,.]*\s+\S.*", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z][\w-]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@/:]+@(?:[\w-]+\.)+\w+")
_REMARK = re.compile(r"\s+\[[^\]]*\]\Z")  # such as "[comment]" behind an address
_PROFILE = re.compile(r"/(?:@|user/|u/|c/|in/)?([\w.\-]+)/?")
_NO_PROFILE = frozenset(
    "watch search explore hashtag groups pages home status questions answers p reel".split()
)
#: host of a platform, without what stands before it, and our word for it
_PLATFORMS = {
    "twitter.com": "x",
    "x.com": "x",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "tiktok.com": "tiktok",
    "reddit.com": "reddit",
    "linkedin.com": "linkedin",
    "medium.com": "medium",
    "t.me": "telegram",
    "bsky.app": "bluesky",
    "weibo.com": "weibo",
}
_NAMED = {"X / Twitter": "x", "Twitter": "x"} | {
    name: name.lower()
    for name in ("Facebook", "Instagram", "YouTube", "TikTok", "Reddit", "Medium", "Telegram")
}
#: hosts that give each account a name of its own in front: the name stays private
_SHARED = (
    "tumblr.com",
    "livejournal.com",
    "blogspot.com",
    "wordpress.com",
    "medium.com",
    "substack.com",
    "weebly.com",
)


def refanged(written: str) -> str:
    """An address as it was before it was defanged."""
    text = _COLON.sub(r"\1", _DOT.sub(".", _REMARK.sub("", written.strip())))
    return _SCHEME.sub(r"http\1", _AT.sub("@", text))


def described(written: str, procedure: str) -> dict[str, Any]:
    """Value for matching, type, platform, domain and handle of an indicator."""
    value = refanged(written)
    named = next((code for name, code in _NAMED.items() if name in procedure), None)
    found: dict[str, Any] = {"indicator": written, "platform": named, "type": "text"}
    if not value:
        return found | {"indicator": None, "type": "none"}
    if _EMAIL.fullmatch(value):
        return found | {"type": "email", "value": value, "domain": value.rpartition("@")[2].lower()}
    if value.startswith("@") and " " not in value:
        return found | {"type": "account", "value": value, "handle": value[1:]}
    host, path, query = _address(value)
    if host is None:
        return found | ({"type": "count"} if _COUNT.fullmatch(value) else {})
    shared = next((end for end in _SHARED if host.endswith("." + end)), None)
    domain = shared or host
    platform = next(
        (code for end, code in _PLATFORMS.items() if host == end or host.endswith("." + end)), None
    )
    found |= {
        "value": value,
        "domain": domain,
        "platform": platform,
        "type": "url" if path or query else "domain",
    }
    profile = _PROFILE.fullmatch(path)
    if platform and profile and not query and profile[1].lower() not in _NO_PROFILE:
        found |= {"type": "account", "handle": profile[1]}
    return found


def _address(value: str) -> tuple[str | None, str, str]:
    """Host in lower case without www, path and query of an address; no host where it is none."""
    if re.search(r"\s", value):
        return None, "", ""
    try:
        parts = urlsplit(value if "://" in value else f"//{value}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None, "", ""
    if parts.scheme not in ("", "http", "https") or not _HOST.fullmatch(host):
        return None, "", ""
    return host, parts.path.rstrip("/"), parts.query


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """One record for each row; a row that names neither indicator nor procedure is rejected."""
    names = [name.strip() for name in delimited.header(source)]
    if missing := [name for name in _NEEDED if name not in names]:
        what = f"the column '{missing[0]}' is missing"
        raise InputError(what, where=source.where(1), hint=nearest(missing[0], names))
    stated = _stated(source, options)
    for row in delimited.rows(source):
        if isinstance(row, Fault):
            yield Rejection("indicators", row.number, row.line, row.field, row.reason, row.found, row.raw)
            continue
        cells = {name: cell.strip() for name, cell in zip(names, row.cells, strict=True)}
        if not cells["Indicator"] and not cells["Procedure"]:
            yield Rejection(
                "indicators",
                row.number,
                row.line,
                "Indicator",
                "an empty row: neither indicator nor procedure",
                "",
                row.raw,
            )
            continue
        remark = next((cells[name] for name in _REMARKS if cells.get(name)), None)
        values = {
            **stated,
            **described(cells["Indicator"], cells["Procedure"]),
            **{ours: cells[ours.title()] or None for ours in ("tactic", "technique", "procedure")},
            "note": remark,
        }
        yield Record("indicators", row.number, row.line, values)


def _stated(source: Source, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the report file says of the whole list."""
    constants = options.get("constants") or {}
    name = str(constants.get("list") or source.name.rpartition("/")[2].removesuffix(".csv"))
    published = constants.get("published")
    try:
        day = date.fromisoformat(str(published)) if published else None
    except ValueError:
        hint = "write it as '2023-08-29'"
        where = source.where()
        raise InputError("`published` is not a day", where=where, found=published, hint=hint) from None
    return {"list": name, "campaign": constants.get("campaign"), "published_at": day}


def _is_list(head: Head) -> bool:
    names = [name.strip() for name in head.header]
    return head.shape == "table" and tuple(names[:4]) == _NEEDED and set(names[4:]) <= {*_REMARKS, ""}


FORMATS = (
    Format(
        "meta_indicators",
        "Meta threat research, indicators",
        platform="",
        table="indicators",
        tool="Meta's adversarial threat reports, CSV",
        sniff=_is_list,
        read=read,
        carries="indicators with the tactic, technique and procedure they stand for, remarks of the publisher",
        lacks="campaign and date, which `constants: {campaign: …, published: …}` can state; accounts as identifiers",
        caveats=("an address on a list does not make whoever shares it part of the campaign",),
    ),
)
