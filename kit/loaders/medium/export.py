"""A person's own export from Medium: a page of HTML for each post, and folders about everything else.

Only `posts/` holds posts. Pages of the other folders (claps, lists, sessions, addresses of
the connection, …) are passed over, counted, and never read further; drafts are set aside.
The profile beside the posts gives the number of their author.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kit.errors import InputError
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.markup import EMPTY, Page, read_html, titled
from kit.loaders.medium import pages
from kit.loaders.objects import RecordDict, by_handle, field_time, iso, kind_flags
from kit.loaders.values import BadValue

_REGIONS = ("p-name", "p-summary", "e-content", "p-author", "h-card")
_POST = re.compile(r"""<section\b[^<>]{0,200}\bclass=["'][^"'<>]{0,200}\be-content\b""")
_STYLE = re.compile(r"font-family:\s*+Georgia,\s*+Cambria,\s*+\"Times New Roman\"")
_TITLE = re.compile(r"<title>[^<]{0,300}, page \d+</title>")
_OWNER = re.compile(r"Medium user ID:\s*([0-9a-f]{8,16})\b", re.ASCII)
_MADE = re.compile(r"Created at:\s*(\d{4}-\d\d?-\d\d? \d\d?:\d\d [ap]m)\b", re.ASCII)
PASSED = "pages of a Medium export that are no posts: passed over, not read"


class _Post(Page):
    """A page of the export, its regions told apart."""

    def __init__(self) -> None:
        super().__init__()
        self.regions = {name: Page() for name in _REGIONS}
        self.published = self.canonical = self.author = self.short = ""
        self._within: list[
            tuple[str, str, int]
        ] = []  # region, its element, how many of that element are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element, in its region."""
        given = {name: value or "" for name, value in attrs}
        names = set(given.get("class", "").split())
        if not self._within:
            region = next((name for name in _REGIONS if name in names), None)
            if region and tag not in EMPTY:
                self._within.append((region, tag, 0))
            self._about(tag, given, names)
        if self._within:
            name, element, depth = self._within[-1]
            self._within[-1] = (name, element, depth + (tag == element))
            self.regions[name].handle_starttag(tag, attrs)

    def _about(self, tag: str, given: dict[str, str], names: set[str]) -> None:
        """What the foot of the page says of the post."""
        if tag == "time" and "dt-published" in names:
            self.published = given.get("datetime", "")
        elif tag == "a" and "p-canonical" in names:
            self.canonical = given.get("href", "")
        elif tag == "a" and "p-author" in names:
            self.author = given.get("href", "")
        elif tag == "a" and given.get("href", "").startswith("https://medium.com/p/"):
            self.short = given["href"]

    def handle_endtag(self, tag: str) -> None:
        """End an element, and its region with the element that began it."""
        if not self._within:
            return
        name, element, depth = self._within[-1]
        self.regions[name].handle_endtag(tag)
        depth -= tag == element
        if depth:
            self._within[-1] = (name, element, depth)
        else:
            self._within.clear()

    def handle_data(self, data: str) -> None:
        """Take text for the region it stands in."""
        if self._within:
            self.regions[self._within[-1][0]].handle_data(data)


def read_post(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The post of one page, if it was ever published."""
    return _single(source, "posts", lambda page: _post(page, source))


def read_profile(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The owner's profile; e-mail and linked accounts are never read."""
    return _single(source, "accounts", lambda page: (_profile(page, source, options), None))


def read_other(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Nothing: the page is counted."""
    source.warnings[PASSED] += 1
    return iter(())


def _single(
    source: Source, table: str, build: Callable[[_Post], tuple[RecordDict, RecordDict | None]]
) -> Iterator[Record | Rejection]:
    """The one record that a page is."""
    raw = pages.whole(source)
    try:
        value, author = build(_read(raw, source))
    except BadValue as bad:
        yield Rejection(table, 1, None, bad.field, bad.reason, bad.found, raw)
    else:
        yield Record(table, 1, None, value, author)


def _read(raw: bytes, source: Source) -> _Post:
    try:
        written = raw.decode(source.text_head().encoding)
    except UnicodeDecodeError as error:
        shown = raw[max(error.start - 10, 0) : error.start + 10].decode(errors="backslashreplace")
        raise BadValue("", f"bytes that are not text, at byte {error.start:,}", shown) from None
    if "\0" in written:
        raise BadValue("", "a NUL character", "\0")
    page = _Post()
    read_html(written, page)
    return page


def _name(source: Source) -> str:
    return PurePosixPath(source.member).name if source.member else source.path.name


def _post(page: _Post, source: Source) -> tuple[RecordDict, RecordDict | None]:
    name = _name(source)
    if not page.published and name.startswith("draft_"):
        raise BadValue("dt-published", "a draft: it was never published", name)
    found = (
        pages.post_number(one) for one in (page.canonical, page.short, f"https://medium.com/{name}"[:-5])
    )
    post_id = next((one for one in found if one), None)
    if post_id is None:
        raise BadValue("p-canonical", "no identifier: the page names no address of its own", page.canonical)
    if not page.published:
        source.warnings["posts without a time"] += 1
    author = _author(page, source)
    title, body = page.regions["p-name"].text(), page.regions["e-content"].text()
    value = {
        "platform": "medium",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(iso({"dt-published": page.published or None}, "dt-published", "medium")),
        # a response is a post too, and does not say what it answers
        **kind_flags(repost=False, reply=None, quote=None),
        "text": titled(title or None, body or None),
        **pages.contents(page.regions["e-content"], source.warnings),
    }
    return value, author


def _author(page: _Post, source: Source) -> RecordDict | None:
    handle = pages.handle_in(page.author)
    if handle is None:
        source.warnings["posts whose page names no author"] += 1
        return None
    number = _number_beside(source, handle)
    if number is None:
        source.warnings["posts without the profile beside them: their author is known by name alone"] += 1
    name = page.regions["p-author"].text()
    return {
        "platform": "medium",
        "account_id": number or by_handle(handle),
        "handle": handle,
        "display_name": name or None,
    }


def _number_beside(source: Source, handle: str) -> str | None:
    """The owner's number, out of the profile that the export holds beside its posts."""
    fresh: dict[str, Any] = {"warnings": Counter(), "_head": None, "_checked": False}
    if source.member:
        member = PurePosixPath(source.member).parent.parent / "profile" / "profile.html"
        beside = dataclasses.replace(source, member=str(member), **fresh)
    else:
        path = source.path.parent.parent / "profile" / "profile.html"
        if not path.is_file():
            return None
        beside = dataclasses.replace(source, path=path, **fresh)
    try:
        profile = _profile(_read(pages.whole(beside), beside), beside, {})
    except (InputError, BadValue):
        return None
    same = str(profile["handle"]).casefold() == handle.casefold()
    return str(profile["account_id"]) if same else None


def _profile(page: _Post, source: Source, options: Mapping[str, Any]) -> RecordDict:
    card = page.regions["h-card"]
    written = card.text()
    number = _OWNER.search(written)
    if number is None:
        raise BadValue("Medium user ID", "no identifier", "")
    handle = next((found for link in card.links if (found := pages.handle_in(link))), None)
    made, created_at, precision = _MADE.search(written), None, None
    if made and (options.get("time") or {}).get("zone"):
        declared = {"format": "%Y-%m-%d %I:%M %p", "zone": options["time"]["zone"]}
        when = times.reader(declared, "medium", source.warnings, source.where())
        created_at, precision = when("Created at", made[1])
    elif made:
        source.warnings[
            "the account's time of creation has no zone, left out; declare `time: {zone: …}`"
        ] += 1
    shown = re.search(r"^Display name:\s*(.+)$", written, re.MULTILINE)
    return {
        "platform": "medium",
        "account_id": values.identifier("Medium user ID", number[1], required=True),
        "handle": handle,
        "display_name": shown[1].strip() if shown else None,
        "created_at": created_at,
        "created_precision": precision,
    }


def _is_post(head: Head) -> bool:
    return head.shape == "markup" and "h-entry" in head.text and bool(_POST.search(head.text))


def _is_profile(head: Head) -> bool:
    return head.shape == "markup" and "h-card" in head.text and "Medium user ID:" in head.text


def _is_other(head: Head) -> bool:
    """A page of the export's other folders, by the one style that they share or their kind of title."""
    if head.shape != "markup" or "<script" in head.text or _is_post(head) or _is_profile(head):
        return False
    start = head.text[:4000]
    own = _STYLE.search(start) or _TITLE.search(start) or "://medium.com" in head.text
    return bool(own) and 'http-equiv="Content-Type"' in start


_TOOL = "Medium, download your information"
FORMATS = (
    Format(
        "medium_export",
        "Medium account export, posts",
        platform="medium",
        table="posts",
        tool=_TOOL,
        sniff=_is_post,
        read=read_post,
        carries="the owner's posts and responses with title, text, links, images, mentions and time",
        lacks="claps and responses received, tags, what a response answers; drafts, which are set aside",
        caveats=("a person's own export is theirs: it was given, not collected",),
    ),
    Format(
        "medium_export_profile",
        "Medium account export, profile",
        platform="medium",
        table="accounts",
        tool=_TOOL,
        sniff=_is_profile,
        read=read_profile,
        carries="the owner's number and names; the time of creation once its zone is declared",
        lacks="profile text, followers; e-mail and linked accounts are never read",
    ),
    Format(
        "medium_export_other",
        "Medium account export, other pages",
        platform="medium",
        table="posts",
        tool=_TOOL,
        sniff=_is_other,
        read=read_other,
        carries="nothing that is read: pages of claps, lists, sessions and the like are counted and passed over",
        lacks="posts",
    ),
)
