"""What stands where on the page: sections, lists of links, colophon, and the template that sets them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kit import locale
from kit.claims.model import VERDICTS
from kit.disclosure.personal import counted, redacted
from kit.locale import _, current
from kit.publish.render import furniture, view
from kit.publish.render.blocks import Block
from kit.publish.render.facts import facts
from kit.publish.render.prose import slug, to_html, unique
from kit.redact import safe_text

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def page_html(
    meta: dict[str, Any],
    parts: list[tuple[str, Sequence[Block]]],
    colophons: dict[str, dict[str, Any]],
    found: list[dict[str, Any]],
    language: str,
    edition: str,
    translate: Callable[[str, str], str],
    languages: Sequence[str] | None,
    together: Mapping[str, int],
) -> str:
    """The whole page as HTML, in the language in use."""
    names = frozenset(name for name, _blocks in parts)
    used: set[str] = set()
    sections = [_section(name, blocks, names, used, language, edition, translate) for name, blocks in parts]
    by_name = {name: section for (name, _blocks), section in zip(parts, sections, strict=True)}
    findings = [view.finding(e, language) for e in found if e["kind"] == "finding"]
    for card in findings:
        card["section"] = by_name[card["notebook"]]["id"] if card["notebook"] in by_name else None
    received = facts([e for e in found if e["kind"] == "fact"], meta.get("published") or [])
    untested = [card for card in findings if not card["tested"]]
    findings = [card for card in findings if card["tested"]]
    verdicts = {way: [c["verdict"] for c in findings if c["way"] == way] for way in VERDICTS}
    title = view.text(view.local(meta.get("title"), language)[0], 500)
    inclusion = meta.get("inclusion") or {}
    prose = {"title": meta.get("title"), "summary": meta.get("summary"), "inclusion": inclusion.get("rule")}
    prose["content_note"] = meta.get("content_note")
    values = {
        "w": furniture.fixed(),
        "language": language,
        "css": Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8")),  # noqa: S704 (the kit's own file)
        "running_title": Markup(_css_string(title[:90])),  # noqa: S704 (letters, digits and escapes only)
        "title": title,
        "summary": view.paragraphs(view.local(meta.get("summary"), language)[0]),
        "authors": _authors(meta),
        "period": _period(meta),
        "contact": view.text(meta.get("contact"), 300),
        "content_note": view.text(view.local(meta.get("content_note"), language)[0], 2000),
        "edition": slug(edition),
        "edition_word": furniture.edition(edition),
        "synthetic": _("Synthetic data: no real account appears") if meta.get("synthetic") else "",
        "languages": _language_links(languages or meta.get("languages") or [], language),
        "tally": furniture.tally(verdicts),
        "together": furniture.together(together),
        "findings": findings,
        "untested": untested,
        "facts": received,
        "stated": any(e["kind"] == "fact" for e in found),  # or all that is shown was published by others
        "sections": sections,
        "numbers_word": _("The numbers"),
        "rounded": edition == "public",
        "exact": furniture.exact(meta.get("exact") or {}) if edition == "public" else "",
        "inclusion": view.text(view.local(inclusion.get("rule"), language)[0], 3000),
        "selected_on": furniture.properties(inclusion.get("selected_on") or []),
        "other": {key: view.local(value, language)[1] for key, value in prose.items()},
        "evidence": [
            {
                "id": view.text(id_, 10),
                "what": view.text(entry["what"]),
                "source": view.text(entry["source"]),
            }
            for id_, entry in (meta.get("evidence") or {}).items()
        ],
        "lists": _lists(sections),
        "colophon": _colophon(meta, colophons, edition),
        "inputs": view.inputs(next(iter(colophons.values()), {})),
        "parameters": [
            {"notebook": view.text(name, 80), "shown": view.settings(mark["parameters"])}
            for name, mark in colophons.items()
            if mark.get("parameters")
        ],
    }
    return _template().render(values)


def _section(
    name: str,
    blocks: Sequence[Block],
    names: frozenset[str],
    used: set[str],
    language: str,
    edition: str,
    translate: Callable[[str, str], str],
) -> dict[str, Any]:
    anchor = unique(f"nb-{slug(name)}", used)
    section: dict[str, Any] = {"id": anchor, "title": "", "headings": [], "tables": [], "blocks": []}
    section["number"] = (re.match(r"\d+", name) or [""])[0]
    withheld: Counter[str] = Counter()

    def said(text: str) -> str:
        """Prose in the page's language; in public without personal data of anybody."""
        words_ = translate(name, text)
        if edition == "public":
            words_, found = redacted(words_)
            withheld.update(found)
        return words_

    for block in blocks:
        if block.kind == "prose":
            is_first = not section["title"]
            html, headings = to_html(
                block.data["source"],
                prefix=anchor,
                translate=said,
                sections=names,
                keep_title=not is_first,
                used=used,
            )
            if is_first:
                section["title"] = next((safe_text(h["text"]) for h in headings if h["level"] == 1), "")
            section["headings"] += [h for h in headings if h["level"] > 1]
            if html.strip():
                section["blocks"].append({"kind": "prose", "html": html})
        elif (shown := _shown(block, language, edition)) is not None:
            section["blocks"].append(shown)
            if shown["kind"] == "table":
                section["tables"].append(shown["table"])
    if withheld:
        section["blocks"].append({"kind": "note", "text": counted(withheld), "class": "plain"})
    section["title"] = section["title"] or furniture.name_of(name)
    return section


def _shown(block: Block, language: str, edition: str) -> dict[str, Any] | None:
    data = block.data
    if block.kind == "figure":
        drawn = view.table(data["table"]) if data["table"] else None
        alt = view.text(data["alt"], 2000)
        return {
            "kind": "figure",
            **data,
            "alt": alt,
            "table": drawn,
            "caption": drawn["title"] if drawn else alt,
        }
    if block.kind == "table":
        return {"kind": "table", "table": view.table(data)}
    if block.kind == "facts":
        stated = facts(data["facts"])
        if stated is None:
            return {"kind": "note", "text": _("The data hold nothing to count here."), "class": "plain"}
        return {"kind": "facts", "facts": stated}
    if block.kind == "finding":
        return {"kind": "finding", "finding": view.finding(data, language)}
    if block.kind == "note":
        kind = "warning" if data.get("kind") == "warning" else "plain"
        return {"kind": "note", "text": view.text(data.get("text"), 2000), "class": kind}
    return None


def _lists(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Links to every Method and every Limits heading, and to the accounting of records."""

    def under(word: str) -> list[dict[str, str]]:
        return [
            {"id": heading["id"], "title": f"{section['title']} · {heading['text']}"}
            for section in sections
            for heading in section["headings"]
            if heading["english"].lower().startswith(word)
        ]

    w = furniture.fixed()
    kept = [
        {"id": section["id"], "title": table["title"]}
        for section in sections
        for table in section["tables"]
        if re.search("accounting|rejected", table["name"])
    ]
    return [
        {"id": "method-list", "title": w["methods"], "lead": w["methods_lead"], "links": under("method")},
        {"id": "limits-list", "title": w["limits_title"], "lead": w["limits_lead"], "links": under("limits")},
        {"id": "accounting-list", "title": w["accounting"], "lead": "", "links": kept},
    ]


def _authors(meta: dict[str, Any]) -> str:
    given = meta.get("authors") or []
    listed = [given] if isinstance(given, str) else given
    return ", ".join(
        view.text(a.get("name"), 120) if isinstance(a, Mapping) else view.text(a, 120)
        for a in list(listed)[:50]
    )


def _period(meta: dict[str, Any]) -> str:
    period = meta.get("period") or {}
    start, end = period.get("start"), period.get("end")
    if start and end:
        return _("{start} to {end}").format(start=furniture.day(start), end=furniture.day(end))
    return furniture.day(start or end) if start or end else ""


def _language_links(languages: Sequence[str], current: str) -> list[dict[str, Any]]:
    codes = [code for code in languages if code in locale.LANGUAGES]
    if len(codes) < 2:
        return []
    return [
        {
            "code": code,
            "name": locale.own_name(code),
            "href": None if code == current else f"../{code}/index.html",
        }
        for code in codes
    ]


def _colophon(
    meta: dict[str, Any], colophons: dict[str, dict[str, Any]], edition: str
) -> list[dict[str, str]]:
    mark = next(iter(colophons.values()), {})
    w, title = furniture.fixed(), view.text(view.local(meta.get("title"), current())[0], 500)
    cite = view.text(meta.get("cite"), 500)
    if not cite:
        end = str((meta.get("period") or {}).get("end") or "")[:4]
        who = " ".join(part for part in (_authors(meta), f"({end})" if end else "") if part)
        made = _("Daylight kit {version}").format(version=view.text(mark.get("kit"), 40) or "–")
        cite = ". ".join(part for part in (who, title, furniture.edition(edition), made) if part) + "."
    rows = [
        {"name": w["edition"], "value": furniture.edition(edition)},
        {"name": w["cite"], "value": cite},
        {"name": w["licence"], "value": view.text(meta.get("licence"), 300)},
        {"name": w["period"], "value": _period(meta)},
        {"name": w["date"], "value": furniture.day(meta.get("date")) if meta.get("date") else ""},
        {"name": w["allowed"], "value": _allowed(meta)},
    ]
    apart = ("inputs", "parameters", "edition", "editions", "notebook", "licence", "period", "language")
    rows += [
        {"name": furniture.name_in_colophon(key), "value": view.plain(value)}
        for key, value in sorted(mark.items())
        if key not in apart
    ]
    return [row for row in rows if row["value"]]


def _allowed(meta: dict[str, Any]) -> str:
    """The words that the authors let stand though they are somebody's private value too, with their reasons."""
    given = meta.get("allow_words") or {}
    return "; ".join(f"{view.text(word, 80)} ({view.text(why, 300)})" for word, why in given.items())


def _css_string(text: str) -> str:
    """`text` inside a CSS string: all but ASCII letters and digits as escapes, so nothing ends it."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
