"""Text and addresses out of Markdown and HTML, for platforms whose posts are documents.

Nothing of a document is run, fetched or handed on: text becomes plain text, and only
addresses that begin with http:// or https:// are kept as links.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin

from kit.loaders.objects import RecordDict

_ADDRESS = re.compile(r"https?://\w[^\s<>\"\[\]`{}|\\^]*", re.IGNORECASE)
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<!\[[^>]*+(?:>|\Z)", re.DOTALL)
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_ENDS = ".,;:!?'*_~…。，、；：！？"
_SPACES = re.compile(r"[ \t\r\n\f]+")
#: elements that begin and end a line of text
_BLOCKS = set(
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol "
    "p pre section table td th tr ul".split()
)
_SILENT = {"script", "style", "title", "template", "noscript", "iframe", "head"}
#: elements that hold nothing and never end
EMPTY = set("area base br col embed hr img input link meta source track wbr".split())
NO_LINK = "addresses that are neither http nor https, left out of the links"


def web_address(given: str | None, warnings: Counter[str]) -> str | None:
    """An address as given where it is one of the web; others, such as javascript:, are counted and are none."""
    if not given:
        return None
    if _WEB.match(given):
        return given
    warnings[NO_LINK] += 1
    return None


def links_in(written: str | None) -> list[RecordDict]:
    """Addresses written in a text, each once: bare ones and those of Markdown links."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(written or ""):
        address = match.group()
        opened, closed, end = address.count("("), address.count(")"), len(address)
        # the bracket that closes a Markdown link is not part of the address, one that it opened itself is
        while address[end - 1] in _ENDS or (address[end - 1] == ")" and closed > opened):
            end -= 1
            closed -= address[end] == ")"
        found[address[:end]] = None
    return [{"url": address, "expanded_url": None} for address in found]


def without_links(written: str) -> str:
    """A text without the addresses written in it."""
    return _ADDRESS.sub(" ", written)


class Page(HTMLParser):
    """The visible text of a piece of HTML, its links, its images and the accounts it mentions.

    `skip` names classes of elements that are no part of the text.
    """

    def __init__(self, skip: tuple[str, ...] = (), base: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.images: list[RecordDict] = []
        self.anchors: list[dict[str, str]] = []
        self._skip, self._base = set(skip), base
        self._parts: list[str] = []
        self._hidden: list[str] = []  # elements open since the first that is not shown
        self._kept = 0  # how many elements open keep their white space

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        given = {name: value or "" for name, value in attrs}
        if self._hidden or tag in _SILENT or self._skip & set(given.get("class", "").split()):
            if tag not in EMPTY:
                self._hidden.append(tag)
            return
        if tag in _BLOCKS or tag == "br":
            self._parts.append("\n")
        self._kept += tag == "pre"
        if tag == "a" and given.get("href"):
            self.anchors.append(given)
            self.links.append(urljoin(self._base, given["href"]) if self._base else given["href"])
        elif tag == "img" and given.get("src"):
            self.images.append(dict(given))

    def handle_endtag(self, tag: str) -> None:
        """End an element; one that was never begun ends nothing."""
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag in _BLOCKS:
            self._parts.append("\n")
        self._kept -= tag == "pre" and self._kept > 0

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._hidden:
            self._parts.append(data if self._kept else _SPACES.sub(" ", data))

    def text(self) -> str:
        """The text so far, a line for each block."""
        lines = [line.strip() for line in "".join(self._parts).split("\n")]
        return "\n".join(line for line in lines if line)


def read_html(written: str, page: Page | None = None) -> Page:
    """A piece of HTML read to its end, by `page` or a plain one."""
    page = page or Page()
    # what is opened and never closed would be looked through to the end again and again: a page of a few
    # megabytes could hold the parser for hours
    closed = _ASIDE.sub("", written)
    end = closed.rfind(">") + 1
    page.feed(closed[:end] + closed[end:].replace("<", "&lt;"))
    page.close()
    return page


def titled(title: str | None, body: str | None) -> str | None:
    """Title and text of a post as one text; a title that the text begins with is not said twice."""
    if not title or not body:
        return title or body
    return body if body.partition("\n")[0] == title else f"{title}\n\n{body}"
