"""What all exports of YouTube share: authors, plain text out of HTML, times that are estimates, the video of a file."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from kit.loaders import times, values
from kit.loaders.files import Source
from kit.loaders.objects import RecordDict, by_handle, links_in

NO_AUTHOR = "comments and videos whose author the file does not name"
NO_VIDEO = (
    "comments whose video is not known: name the file by it, or declare `constants: {root_id: the video}`"
)
#: a video's identifier is 64 bits as 11 signs, so that its last sign is one of sixteen
_VIDEO = r"[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]"
#: names that YouTube Data Tools gives: one video, or one of a list with its channel
_TOOL_NAME = re.compile(
    rf"videoinfo_(?:UC[\w-]{{22}}_)?({_VIDEO})_\d{{4}}_\d\d_\d\d-\d\d_\d\d_\d\d_comments", re.ASCII
)
_OWN_NAME = re.compile(rf"(?:[Cc]omments?[ _-])?({_VIDEO})(?:[ _-][Cc]omments?)?", re.ASCII)
_ORDINARY = re.compile(r"comment|video|data|youtube|export|(?<!\d)20\d\d(?!\d)", re.IGNORECASE)
_TURNS = (
    5  # changes between capitals, small letters, digits and signs from which on a name looks drawn by lot
)
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})(?![\w-])", re.ASCII)
_MARKUP = re.compile(
    r"</?(?:a|b|i|s|u|br|em|del|img|span|strong)\b|&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);", re.I
)
_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|s|u|em|del|img|span|strong)(?:\s[^<>]{0,4000})?/?>", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,2000}?href=[\"']([^\"'<>]{1,4000})[\"'][^<>]{0,2000}>([^<>]{0,4000})</a>", re.I
)
_INWARD = re.compile(r"[#@]|(?:\d+:)?\d?\d:\d\d$")  # the text of a link to a hashtag, an account or a moment
_MENTION = re.compile(r"(?<![\w.@·-])@([\w.·-]{3,30})")


def author(
    channel: str | None, shown: str | None, warnings: Counter[str], address: str | None = None
) -> RecordDict | None:
    """The author's columns, None where nothing tells the account from any other.

    `shown` is a display name in older exports and the handle, with its sign, in newer ones.
    A display name alone names nobody: many accounts share one.
    """
    shown = (shown or "").strip()
    handle = values.handle("author", shown) if shown.startswith("@") else None
    if not channel and address and (found := _CHANNEL.search(address)):
        channel = found[1]
    account_id = channel or by_handle(handle)
    if account_id is None:
        warnings[NO_AUTHOR] += 1
        return None
    return {
        "platform": "youtube",
        "account_id": account_id,
        "handle": handle,
        "display_name": None if handle else shown or None,
    }


def identity(account: RecordDict | None) -> str | None:
    """The account id of an author who may be missing."""
    return account["account_id"] if account else None


def plain(written: str | None) -> str | None:
    """Plain text out of the HTML that YouTube shows; text without a mark of HTML stays as it is."""
    if not written or not _MARKUP.search(written):
        return written
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", written)))


def links(written: str | None, shown: str | None) -> list[RecordDict]:
    """Links of a comment: where the HTML of it has links they say more than the text, which may cut them."""
    if not shown or "<a " not in shown:
        return links_in(written)
    found = (html.unescape(url) for url, text in _ANCHOR.findall(shown) if not _INWARD.match(text))
    outward = dict.fromkeys(url for url in found if url.lower().startswith(("http://", "https://")))
    return [{"url": url, "expanded_url": None} for url in outward]


def mentions(written: str | None, shown: str | None) -> list[RecordDict]:
    """Handles named in a text. A reply to a reply stands under the thread: only such a name says whom it answers.

    Only where the export shows authors by handle; in older ones the sign stands before a
    display name, of which nobody can tell where it ends.
    """
    if not written or not shown or not shown.startswith("@"):
        return []
    found = (match.rstrip(".-") for match in _MENTION.findall(written))
    return [{"account_id": None, "handle": handle} for handle in dict.fromkeys(found) if len(handle) > 2]


def estimated(moment: times.Moment) -> RecordDict:
    """The time columns of a comment whose time was worked out from words such as `2 years ago`."""
    known = moment[0] is not None
    return {
        "created_at": moment[0],
        "time_source": "estimate" if known else None,
        "time_precision": "day" if known else None,
    }


def titled(title: str | None, description: str | None) -> str | None:
    """The text of a video: its title, and its description below."""
    if title is None and description is None:
        return None
    return "\n\n".join(part for part in (title, description) if part)


def video(number: str) -> list[RecordDict]:
    """The video itself, as the one media item of its post."""
    return [{"media_id": number, "kind": "video", "url": None, "alt_text": None}]


def video_of(source: Source, options: Mapping[str, Any]) -> str | None:
    """The video under which the comments of a file stand: as declared, or as the file's name says."""
    stated = values.identifier("constants.root_id", (options.get("constants") or {}).get("root_id"))
    if stated:
        return stated
    stem = PurePosixPath(source.member or source.path.name).name.partition(".")[0]
    if tool := _TOOL_NAME.fullmatch(stem):
        return tool[1]
    own = _OWN_NAME.fullmatch(stem)
    return own[1] if own and _drawn(own[1]) else None


def _drawn(name: str) -> bool:
    """Whether eleven signs look like an identifier and not like a word, a date or a number of a file."""
    classes = ["0" if sign.isdigit() else "-" if sign in "_-" else sign.isupper() for sign in name]
    turns = sum(one != other for one, other in pairwise(classes))
    return turns >= _TURNS and not _ORDINARY.search(name)
