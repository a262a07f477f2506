"""Medium's RSS feeds: the ten or so latest posts of an account, a publication or a tag.

A feed never needs a document type: one that declares it is refused at that line, before
any entity could be expanded or anything be fetched. XML that is not well-formed is refused
whole, with line and column, so that no feed is read short. The display name that a feed
gives for an author identifies nobody; the author's number stands in the address of posts
from the author's own feed, otherwise the author is not known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from xml.parsers import expat

from kit.errors import InputError
from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.files.lines import LINE_LIMIT, as_utf8
from kit.loaders.markup import Page, read_html, titled, web_address
from kit.loaders.medium import pages
from kit.loaders.objects import RecordDict, by_handle, field_time, kind_flags
from kit.loaders.times import Moment
from kit.loaders.values import BadValue

_FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "guid",
    "category": "category",
    "description": "description",
    "pubDate": "pubDate",
    "http://purl.org/dc/elements/1.1/}creator": "creator",
    "http://purl.org/rss/1.0/modules/content/}encoded": "encoded",
}
_OWNER = re.compile(r"[?&]source=rss-([0-9a-f]{8,16})-", re.ASCII)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d)(?::(\d\d))? (\S+)",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(\d\d)([0-5]\d)", re.ASCII)
_PAGE = re.compile(
    r"(?:<!--.*?-->|<\?.*?\?>|\s|\ufeff)*+<(?:!doctype\s+html\b|html\b)", re.IGNORECASE | re.DOTALL
)
_GENERATOR = re.compile(r"<generator>\s*+(?:<!\[CDATA\[)?\s*+Medium\s*+(?:\]\]>)?\s*+</generator>")
_GUID = re.compile(r"<guid[^<>]*+>\s*+(?:<!\[CDATA\[)?\s*+https?://medium\.com/p/")
_TEASER = ("medium-feed-link", "medium-feed-image")

Fields = dict[str, list[str]]


class _Feed:
    """An XML parser that hands out the items of a feed, and takes nothing else from it."""

    def __init__(self, source: Source) -> None:
        self.channel: Fields = {}
        self.items: list[tuple[int, Fields, bytes]] = []  # line, fields, bytes of each item that is whole
        self._source, self._path = source, list[str]()
        self._item: Fields | None = None
        self._text: list[str] | None = None  # of the field that is open, its depth being `_depth`
        self._depth = self._size = 0
        self._bytes, self._start, self._line = bytearray(), 0, 0
        self._dropped = 0  # bytes before those kept
        parser = self._parser = expat.ParserCreate("UTF-8", "}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._declared
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        parser.CharacterDataHandler = self._data

    def read(self, block: bytes, *, last: bool = False) -> list[tuple[int, Fields, bytes]]:
        """The items that end in the next bytes; raises where the XML is not well-formed."""
        self._bytes += block
        try:
            self._parser.Parse(block, last)
        except expat.ExpatError as error:
            where = f"{self._source.where(error.lineno)}, column {error.offset + 1}"
            what = f"the XML is not well-formed: {expat.ErrorString(error.code)}"
            raise InputError(
                what, where=where, hint="fetch the feed again; nothing was read from it"
            ) from None
        if self._item is None:
            self._dropped += len(self._bytes)
            self._bytes.clear()
        found, self.items = self.items, []
        return found

    def _declared(self, *_: Any) -> None:
        raise InputError(
            "a document type or entity is declared, which no feed needs and which can be an attack",
            where=self._source.where(self._parser.CurrentLineNumber),
            hint="it was not read; ask where the file comes from",
        )

    def _open(self, name: str, _: Any) -> None:
        if not self._path and name != "rss":
            where = self._source.where(self._parser.CurrentLineNumber)
            raise InputError("this is XML, but not an RSS feed", where=where, found=name.rpartition("}")[2])
        self._path.append(name)
        if self._path == ["rss", "channel", "item"]:
            self._item, self._size = {}, 0
            self._start, self._line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
        elif self._text is None and name in _FIELDS and len(self._path) == (3 if self._item is None else 4):
            self._text, self._depth = [], len(self._path)

    def _data(self, text: str) -> None:
        self._size += len(text)
        if self._size > LINE_LIMIT:
            raise InputError(
                f"an item of more than {LINE_LIMIT:,} characters", where=self._source.where(self._line)
            )
        if self._text is not None:
            self._text.append(text)

    def _close(self, name: str) -> None:
        if self._text is not None and len(self._path) == self._depth:
            into = self.channel if self._item is None else self._item
            into.setdefault(_FIELDS[name], []).append("".join(self._text))
            self._text = None
        if self._item is not None and len(self._path) == 3:
            end = self._parser.CurrentByteIndex - self._dropped
            raw = bytes(self._bytes[self._start - self._dropped : end]) + b"</item>"
            self.items.append((self._line, self._item, raw))
            self._item = None
        self._path.pop()


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The items of a feed."""
    head = source.text_head()
    if _PAGE.match(head.text):
        hint = "open the feed's own address and save what it gives"
        raise InputError("this is a web page, not a feed", where=source.where(), hint=hint)
    feed, seen, number = _Feed(source), dict[str, bytes](), 0
    with source.open() as stream:
        for block in chain(as_utf8(stream, head.encoding, source.name), [b""]):
            for line, item, raw in feed.read(block, last=not block):
                number += 1
                try:
                    value, author = _post(item, feed.channel, source)
                except BadValue as bad:
                    yield Rejection("posts", number, line, bad.field, bad.reason, bad.found, raw)
                    continue
                value["post_id"] = _apart(value["post_id"], raw, seen, source)
                yield Record("posts", number, line, value, author)


def _apart(post_id: str, raw: bytes, seen: dict[str, bytes], source: Source) -> str:
    """The identifier; with #2 and so on behind it where another item of the feed has the same."""
    mark, number, own = hashlib.sha256(raw).digest(), 1, post_id
    while seen.setdefault(own, mark) != mark:
        number += 1
        own = f"{post_id}#{number}"
    if own != post_id:
        source.warnings["identifiers of two different items: both were kept, the later one with #2"] += 1
    return own


def _post(item: Fields, channel: Fields, source: Source) -> tuple[RecordDict, RecordDict | None]:
    warnings = source.warnings
    link = _one(item, "link")
    web_address(
        link, warnings
    )  # the address of the post itself has no column, but one that is none is counted
    post_id = _number(item, link)
    author = _author(item, link, channel)
    if author is None:
        warnings["items that name their author by display name alone: they have no account"] += 1
    written = _one(item, "encoded")
    if written is None:
        warnings["items with a teaser or no text, as for members only"] += 1
        written = _one(item, "description") or ""
    page = read_html(written, Page(_TEASER))
    value = {
        "platform": "medium",
        "post_id": post_id,
        "account_id": author["account_id"] if author else None,
        **field_time(_time(_one(item, "pubDate"), source)),
        **kind_flags(repost=False, reply=None, quote=None),
        "text": titled(_one(item, "title"), page.text()),
        "hashtags": list(
            dict.fromkeys(values.hashtag(tag) for tag in item.get("category", []) if tag.strip())
        ),
        **pages.contents(page, warnings),
    }
    return value, author


def _one(fields: Fields, name: str) -> str | None:
    """A field, white space around it removed; None where it is missing or empty."""
    found = fields.get(name, [])
    return (found[0].strip() or None) if found else None


def _number(item: Fields, link: str | None) -> str:
    given = _one(item, "guid")
    # a feed without numbers of its own has the address; one that is none of the web stays text all the same
    found = pages.post_number(given) or given or pages.post_number(link) or link
    if not found:
        raise BadValue("guid", "no identifier", "")
    return found


def _author(item: Fields, link: str | None, channel: Fields) -> RecordDict | None:
    home = _one(channel, "link")
    owner = _OWNER.search(link or "") or _OWNER.search(home or "")
    handle = pages.handle_in(link) or pages.handle_in(home)
    account_id = owner[1] if owner else by_handle(handle)
    if account_id is None:
        return None
    return {
        "platform": "medium",
        "account_id": account_id,
        "handle": handle,
        "display_name": _one(item, "creator"),
    }


def _time(written: str | None, source: Source) -> Moment:
    """A date as e-mail writes it; without a zone that stands for one offset everywhere it is no moment."""
    if written is None:
        source.warnings["items without a date"] += 1
        return None, None
    found = _DATE.fullmatch(written)
    away = _away(found[7]) if found else None
    if found is None or away is None:
        source.warnings["items whose date names no moment: no zone, an unknown one, or another form"] += 1
        return None, None
    day, month, year, hour, minute, second = found.groups()[:6]
    try:
        local = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0)
        )
    except ValueError:
        raise BadValue("pubDate", "no such time", written) from None
    moment = values.plausible("pubDate", local - away, "medium", written)
    return moment, "second" if second else "minute"


def _away(zone: str) -> timedelta | None:
    if zone in ("GMT", "UTC", "UT", "Z"):
        return timedelta()
    found = _OFFSET.fullmatch(zone)
    if found is None or zone == "-0000":  # which says that the zone is not known
        return None
    away = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return away if found[1] == "+" else -away


def _is_feed(head: Head) -> bool:
    """A feed that Medium made, also for a publication under its own name."""
    if head.shape != "markup" or "<rss" not in head.text:
        return False
    return bool(_GENERATOR.search(head.text) or _GUID.search(head.text))


FORMATS = (
    Format(
        "medium_rss",
        "Medium, RSS feed",
        platform="medium",
        table="posts",
        tool="medium.com/feed/…, also of publications under their own domain",
        sniff=_is_feed,
        read=read,
        carries="posts with title, text, tags, links, images, mentions and time; the author where it is the author's feed",
        lacks="all but the ten or so latest posts; claps, responses; authors of a publication's feed; whole texts of posts "
        "for members only; what a response answers",
        caveats=("a feed shows a post as it is when the feed is fetched, with later changes",),
    ),
)
