"""How things look inside JupyterLab: escaped HTML, for the person who works there.

None of this reaches the page, which is made from the kit's own objects.
"""

from __future__ import annotations

from html import escape
from typing import Any

from kit import words
from kit.locale import _
from kit.notebook.output import ROWS
from kit.words.tried import steadiness

_BOX = "border-left:4px solid {colour};padding:.4em .8em;margin:.4em 0;max-width:60em"
VERDICT_COLOURS = {
    **dict.fromkeys(("higher", "lower", "found"), "#B3432B"),
    **dict.fromkeys(("similar", "not_found", "described"), "#1F6FB2"),
    **dict.fromkeys(("inconclusive", "not_comparable"), "#8A8A8A"),
}


def table(content: dict[str, Any]) -> str:
    """A table with title, note and the name of its CSV."""
    head = "".join(f"<th>{escape(c['label'])}</th>" for c in content["columns"])
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(words.written(v, c['kind']))}</td>"
            for v, c in zip(row, content["columns"], strict=True)
        )
        + "</tr>"
        for row in content["rows"][:ROWS]
    )
    more = content["rows_total"] - min(ROWS, len(content["rows"]))
    notes = [content["note"]] if content["note"] else []
    notes.append(content["csv"] + (_(" ({n} more rows)").format(n=more) if more > 0 else ""))
    return (
        f"<p><b>{escape(content['title'])}</b></p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><small>{escape(' · '.join(notes))}</small></p>"
    )


def lines(texts: list[str]) -> str:
    """Plain lines, small."""
    return "<p><small>" + "<br>".join(escape(t) for t in texts) + "</small></p>"


def note(text: str, kind: str) -> str:
    """A remark or warning."""
    colour = "#C58A00" if kind == "warning" else "#8A8A8A"
    return f'<div style="{_BOX.format(colour=colour)}">{escape(text)}</div>'


def facts(objects: list[dict[str, Any]], language: str) -> str:
    """Facts, one a line."""
    return "<ul>" + "".join(f"<li>{escape(f['text'].get(language, ''))}</li>" for f in objects) + "</ul>"


def finding(item: dict[str, Any], language: str) -> str:
    """A finding with its verdict, sensitivity and limits."""
    verdict = words.term(item["verdict"])
    parts = [f"<b>{escape(_(item['title']))}: {escape(verdict)}</b>", escape(item["text"].get(language, ""))]
    if item["by_construction"]:
        parts.append("<i>" + escape(_("By construction: accounts were chosen by this property.")) + "</i>")
    parts.append("<small>" + escape(steadiness(item)) + "</small>")
    return (
        f'<div style="{_BOX.format(colour=VERDICT_COLOURS[item["verdict"]])}">'
        + "<br>".join(parts)
        + "</div>"
    )
