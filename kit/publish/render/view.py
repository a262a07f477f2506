"""Findings, facts and tables as the template needs them: text made safe, numbers written out.

Every value that comes from data or from the report file passes `safe_text` here;
the template escapes it once more. Nothing is computed but positions on a scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from kit.locale import _, number, p_value, reason
from kit.notebook import labels
from kit.publish.render import words
from kit.publish.render.prose import slug
from kit.redact import defang, mixed_scripts, safe_text

#: rows of a table shown on the page; all are in its CSV
ROWS = 20
#: characters shown of one cell
CELL = 300


def text(value: object, limit: int = 5000) -> str:
    """Text of the report file or of a notebook's object."""
    return safe_text(value, limit)


def local(value: Any, language: str) -> tuple[Any, str | None]:
    """`value` in `language` and, where only another language was given, that one's code."""
    if isinstance(value, Mapping):
        if value.get(language):
            return value[language], None
        other = next((code for code in ("en", *sorted(value)) if value.get(code)), None)
        return (value[other], str(other)[:2]) if other else ("", None)
    return value, None


def paragraphs(value: object) -> str:
    """Text whose blank lines stay, and whose other line ends become spaces."""
    parts = str(value or "").replace("\r\n", "\n").split("\n\n")
    return "\n\n".join(text(" ".join(part.split("\n"))) for part in parts if part.strip())


# ---------------------------------------------------------------------------
# findings


def finding_id(finding: Mapping[str, Any]) -> str:
    """The fragment of a finding's card."""
    return f"finding-{slug(str(finding.get('id')))}-{slug(str(finding.get('group') or 'all'))}"


def finding(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A finding as a card."""
    key, word = words.verdict(entry.get("verdict"))
    spoken, other = local(entry.get("text"), language)
    sentence = words.tied(text(spoken)) or words.title_of(entry)
    unit = entry.get("unit")
    tried = [item for item in entry.get("sensitivity") or [] if isinstance(item, Mapping)]
    judged = [item for item in tried if item.get("verdict")]
    return {
        "anchor": finding_id(entry),
        "verdict": key,
        "verdict_word": word,
        "title": words.title_of(entry),
        "sentence": sentence,
        "sentence_language": other,
        "label": text(entry.get("label"), 200),
        "withheld": text(entry.get("withheld"), 200),
        "by_construction": bool(entry.get("by_construction")),
        "scale": _scale(entry),
        "difference": _gap(entry.get("difference"), unit, entry.get("margin")),
        "steady": words.steadiness(sum(i["verdict"] == entry.get("verdict") for i in judged), len(judged))
        if judged
        else "",
        "settings": settings(entry.get("settings")),
        "tried": [
            {
                "settings": settings(item.get("settings")),
                "value": text(item.get("withheld"), 80) or words.quantity(item.get("value"), unit),
                "interval": _interval(item, unit),
                "verdict": words.verdict(item.get("verdict"))[1],
            }
            for item in tried
        ],
        "limits": [_limit(item, language) for item in _list(entry.get("limits"))],
        "notebook": text(entry.get("notebook"), 80),
    }


def _limit(item: Any, language: str) -> str:
    spoken = local(item, language)[0]
    return text(_(spoken) if isinstance(spoken, str) else spoken)


def _gap(difference: Any, unit: str | None, margin: Any = None) -> str:
    """The difference from the control with its interval, in words, and the least that counts as one."""
    if not isinstance(difference, list | tuple) or len(difference) != 3 or not all(map(_finite, difference)):
        return ""
    value, low, high = (words.points(v, unit) for v in difference)
    if str(unit or "").startswith("share"):
        said = _("{value} percentage points ({low} to {high})").format(value=value, low=low, high=high)
        least = (
            _("; {least} and more count").format(least=words.amount(100 * margin)) if _finite(margin) else ""
        )
        return said + least
    return _("{value} ({low} to {high})").format(value=value, low=low, high=high)


def _list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def settings(given: Any) -> str:
    """Settings or parameters as text: `k = 5, window = 60`."""
    if not isinstance(given, Mapping):
        return text(given, 200)
    return ", ".join(f"{labels.term(text(key, 40))} = {_setting(value)}" for key, value in given.items())


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return " / ".join(_setting(item) for item in value)
    return labels.term(value) if isinstance(value, str) and value in labels.TERMS else words.amount(value)


def _interval(item: Mapping[str, Any], unit: str | None) -> str:
    low, high = item.get("low"), item.get("high")
    if not _finite(low) or not _finite(high):
        return ""
    only = unit if str(unit or "").startswith("share") else None  # other units are said once, by the value
    return _("{low} to {high}").format(low=words.quantity(low, only), high=words.quantity(high, only))


def _finite(value: Any) -> bool:
    return words.is_number(value) and math.isfinite(value)


def _scale(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The estimate and its control as marks on one scale, or None where there is no number."""
    unit = entry.get("unit")
    controls = [c for c in _list(entry.get("control")) if isinstance(c, Mapping)]
    items = [{"group": "studied", **entry}, *({"group": "control", **control} for control in controls)]
    given: list[Any] = [item.get(key) for item in items for key in ("value", "low", "high")]
    known = [float(value) for value in given if _finite(value)]
    if not known:
        return None
    share = bool(unit) and str(unit).startswith("share") and min(known) >= 0 and max(known) <= 1
    low, high = min(0.0, *known), _round_up(max(0.0, *known))
    low = -_round_up(-low) if low < 0 else 0.0
    high = 1.0 if share and high > 0.5 else high
    span = (high - low) or 1.0
    even = 1.0 if unit in ("ratio", "times") else 0.0  # where nothing differs

    def at(value: Any) -> str:
        return f"{min(100.0, max(0.0, (float(value) - low) / span * 100)):.2f}"

    rows = []
    for item in items:
        value, bounds = item.get("value"), (item.get("low"), item.get("high"))
        interval = all(_finite(b) for b in bounds)
        rows.append(
            {
                "kind": item["group"] if item["group"] in ("studied", "control", "context") else "context",
                "group": words.group(item["group"]),
                "value": text(item.get("withheld"), 80) or words.quantity(value, unit),
                "interval": _interval(item, unit),
                "n": words.amount(item["n"]) if item.get("n") is not None else "",
                "at": at(value) if _finite(value) else None,
                "left": at(bounds[0]) if interval else None,
                "width": f"{float(at(bounds[1])) - float(at(bounds[0])):.2f}" if interval else None,
            }
        )
    return {
        "rows": rows,
        "low": words.quantity(low, unit if share else None),
        "high": words.quantity(high, unit if share else None),
        "even": at(even) if low < even < high else None,
        "even_label": words.amount(int(even)),
    }


def _round_up(value: float) -> float:
    if value <= 0 or not math.isfinite(value) or value > 1e300:
        return max(0.0, value)
    size = 10.0 ** math.floor(math.log10(value))
    return next(
        step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= value * 0.999999
    )


# ---------------------------------------------------------------------------
# tables

_WORDS = (
    "term",
    "reason",
    "text",
    "group",
    "platform",
    "id",
    "date",
    "time",
    "bool",
    "year",
)  # kinds set as words, at the left


def table(entry: Mapping[str, Any], rows: int = ROWS) -> dict[str, Any]:
    """A table as labels and cells of text; numbers to three significant digits, long tables cut."""
    columns = list(entry.get("columns") or [])
    content = list(entry.get("rows") or [])
    shown = content[:rows]
    total = max(int(entry.get("rows_total") or 0), len(content))
    kinds = [_kind(column, [row[i] for row in content]) for i, column in enumerate(columns)]
    csv = entry.get("csv")
    return {
        "name": text(entry.get("name"), 120),
        "title": text(entry.get("title"), 300) or words.name_of(entry.get("name")),
        "columns": [
            {"label": _capital(text(c.get("label") or c.get("name"), 120)), "number": kind not in _WORDS}
            for c, kind in zip(columns, kinds, strict=True)
        ],
        "rows": [[cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in shown],
        "note": text(entry.get("note"), 1000),
        "csv": csv,
        "cut": words.rows_shown(len(shown), total, bool(csv)) if total > len(shown) else "",
    }


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:] if len(label) > 1 else label  # n and p stay small


def _kind(column: Mapping[str, Any], values: list[Any]) -> str:
    """text, year, date, … (set as words) or number, p, share (set as numbers)."""
    stated, name = str(column.get("kind") or ""), str(column.get("name") or "")
    known = [v for v in values if v is not None]
    if name in labels.CLOSED and all(v in labels.TERMS for v in known):
        return "term"
    if name in labels.REASONS:
        return "reason"
    if name in ("group", "platform"):
        return name
    if stated in _WORDS or not all(words.is_number(v) for v in known):
        return stated if stated in _WORDS else "text"
    if name == "year" or name.endswith("_year"):
        return "year"
    return stated if stated in ("share", "p") else "number"


def cell(value: Any, kind: str) -> str:
    """One cell as text: addresses broken, hidden characters shown, mixed scripts said."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if words.is_number(value):
        if kind == "p":
            return p_value(value) if 0 <= value < 0.001 else number(value, 2)
        if kind == "share":
            return words.quantity(value, "share")
        return str(value) if kind in _WORDS else words.amount(value)
    if kind == "date":
        return words.dated(value)
    if kind == "group":
        return words.group(value)
    if kind == "platform":
        return words.platform(value)
    if kind == "term":
        return labels.term(safe_text(value, CELL))
    shown = defang(safe_text(reason(str(value)) if kind == "reason" else value, CELL))
    return f"{shown} ({_('mixed scripts')})" if any(map(mixed_scripts, shown.split()[:20])) else shown


# ---------------------------------------------------------------------------
# colophon


def plain(value: Any) -> str:
    """Any value of a colophon as one line of text."""
    if isinstance(value, Mapping):
        return "; ".join(f"{text(key, 80)}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else text(value, 400)


def inputs(colophon: Mapping[str, Any]) -> list[dict[str, str]]:
    """Name, format, hash and size of each input file named in a colophon."""
    rows = []
    for item in _list(colophon.get("inputs")):
        if isinstance(item, Mapping):
            name = next((item[key] for key in ("name", "file", "source_file", "path") if key in item), "")
            rows.append(
                {
                    "file": text(name, 200),
                    "format": labels.term(text(item.get("title") or item.get("format"), 120)),
                    "sha256": text(item.get("sha256"), 80),
                    "read": words.amount(item.get("read")),
                    "bytes": words.amount(item.get("bytes")),
                }
            )
    return rows
