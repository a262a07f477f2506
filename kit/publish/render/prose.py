"""The prose of notebooks as HTML: CommonMark with tables, no raw HTML, no images, no outside links.

Prose comes from the repository, yet it is treated as if it did not: a link survives
only where it points into the page, other addresses are shown as text, and pictures
leave their description.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from kit.redact import visible

_ANCHOR = re.compile(r"#[A-Za-z][\w-]*")
_NOTEBOOK = re.compile(r"(?:\./)?([\w-]+)\.ipynb(?:#.*)?")
_KEEP = "\n\t"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    return parser.enable("table").disable("html_block").disable("html_inline")


def slug(text: str) -> str:
    """A fragment identifier: ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "part"


def unique(anchor: str, used: set[str]) -> str:
    """`anchor`, numbered when it is taken already."""
    free, count = anchor, 2
    while free in used:
        free, count = f"{anchor}-{count}", count + 1
    used.add(free)
    return free


def headings(source: str) -> list[tuple[int, str]]:
    """Level and plain text of each heading of `source`."""
    tokens = _parser().parse(source)
    return [
        (int(token.tag[1]), _plain(tokens[i + 1]))
        for i, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def to_html(
    source: str,
    *,
    prefix: str,
    translate: Callable[[str], str] = lambda text: text,
    sections: frozenset[str] = frozenset(),
    keep_title: bool = True,
    used: set[str] | None = None,
) -> tuple[Markup, list[dict[str, Any]]]:
    """`source` as HTML, and its headings (level, text, english, id).

    `prefix` makes the ids of one notebook unlike those of others; ids come from the
    English heading, so links keep working in every language. `sections` are the
    notebooks on the page: a link to one of them becomes a link to its section.
    With `keep_title=False` headings of the first level are left out (the page sets them).
    `used` collects ids, so that a heading that comes twice gets a number.
    """
    used = set() if used is None else used
    parser = _parser()
    english = [text for _level, text in headings(source)]
    tokens = parser.parse(translate(source))
    found: list[dict[str, Any]] = []
    out: list[Token] = []
    skipping = False
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            level, text = int(token.tag[1]), _plain(tokens[i + 1])
            original = english[len(found)] if len(found) < len(english) else text
            anchor = unique(f"{prefix}-{slug(original)}", used)
            found.append({"level": level, "text": text, "english": original, "id": anchor})
            skipping = level == 1 and not keep_title
            token.attrs = {"id": found[-1]["id"]}
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, max(3, int(token.tag[1]) + 1))}"  # h1 and h2 are the page's
        if not skipping:
            out.append(_quiet(token, sections))
        if token.type == "heading_close":
            skipping = False
    return Markup(parser.renderer.render(out, parser.options, {})), found  # noqa: S704 (the renderer escapes)


def _quiet(token: Token, sections: frozenset[str]) -> Token:
    """`token` without images, outside links, hidden characters and names of code languages."""
    token.content = visible(token.content, keep=_KEEP)
    if token.type == "fence":
        token.info = ""
    if token.children is not None:
        token.children = [
            child for part in _links(token.children, sections) for child in [_quiet(part, sections)]
        ]
    return token


def _links(children: list[Token], sections: frozenset[str]) -> list[Token]:
    out: list[Token] = []
    open_links: list[tuple[bool, str, int]] = []
    for child in children:
        if child.type == "image":
            out.append(_as_text(child.content))
        elif child.type == "link_open":
            href = str(child.attrs.get("href") or "")
            inside = _inside(href, sections)
            open_links.append((inside is not None, href, len(out)))
            if inside is not None:
                child.attrs = {"href": inside}
                out.append(child)
        elif child.type == "link_close":
            kept, href, start = open_links.pop()
            if kept:
                out.append(child)
            elif href.lower().startswith("https://") and href not in "".join(t.content for t in out[start:]):
                out.append(_as_text(f" ({href})"))
        else:
            out.append(child)
    return out


def _inside(href: str, sections: frozenset[str]) -> str | None:
    if _ANCHOR.fullmatch(href):
        return href
    found = _NOTEBOOK.fullmatch(href)
    return f"#nb-{slug(found[1])}" if found and found[1] in sections else None


def _as_text(content: str) -> Token:
    return Token("text", "", 0, content=content)
