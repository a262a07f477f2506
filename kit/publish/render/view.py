"""Findings, facts and tables as the template needs them: text made safe, numbers written out.

Every value that comes from data or from the report file passes `safe_text` here;
the template escapes it once more. Nothing is computed but positions on a scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from kit import words
from kit.locale import _
from kit.publish.render import furniture
from kit.publish.render.prose import slug
from kit.redact import defang, mixed_scripts, safe_text
from kit.words.tried import steadiness

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


def said(value: Any, unit: object, way: Callable[[Any, str], str] = words.quantity) -> str:
    """A value with its unit, or as `way` writes it; text of a notebook's object made safe."""
    return way(value if words.is_number(value) else text(value, 300), text(unit, 60))


def _amount(value: Any) -> str:
    return words.amount(value) if words.is_number(value) else text(value, 300) or "–"


# ---------------------------------------------------------------------------
# findings


def finding_id(finding: Mapping[str, Any]) -> str:
    """The fragment of a finding's card."""
    return f"finding-{slug(str(finding.get('id')))}-{slug(str(finding.get('group') or 'all'))}"


def finding(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A finding as a card."""
    key, word = furniture.verdict(entry.get("verdict"))
    spoken, other = local(entry.get("text"), language)
    sentence = furniture.tied(text(spoken)) or furniture.title_of(entry)
    unit = entry.get("unit")
    tried = [item for item in entry.get("sensitivity") or [] if isinstance(item, Mapping)]
    return {
        "anchor": finding_id(entry),
        "verdict": key,
        "verdict_word": word,
        "tested": entry.get("tested") is not False,
        "title": furniture.title_of(entry),
        "sentence": sentence,
        "sentence_language": other,
        "label": text(entry.get("label"), 200),
        "withheld": instead(entry),
        "by_construction": bool(entry.get("by_construction")),
        "scale": _scale(entry),
        "way": entry.get("way"),
        "difference": _gap(entry.get("difference"), unit),
        "equals": furniture.equals(entry.get("equals")),
        "steady": text(steadiness(entry), 500),
        "settings": settings(entry.get("settings")),
        "tried": [
            {
                "settings": settings(item.get("settings")),
                "value": instead(item) or said(item.get("value"), unit),
                "interval": _interval(item, unit),
                "verdict": furniture.verdict(item.get("verdict"))[1],
            }
            for item in tried
        ],
        "limits": [_limit(item, language) for item in _list(entry.get("limits"))],
        "notebook": text(entry.get("notebook"), 80),
    }


def _limit(item: Any, language: str) -> str:
    spoken = local(item, language)[0]
    return text(_(spoken) if isinstance(spoken, str) else spoken)


def _gap(given: Any, unit: str | None) -> str:
    """The difference from the comparison group, or the ratio to it, with its interval, in words."""
    numbers: list[Any] = (
        [given.get(name) for name in ("value", "low", "high")] if isinstance(given, Mapping) else []
    )
    if not numbers or not all(map(_finite, numbers)):
        return ""
    is_ratio = given.get("scale") == "ratio"
    value, low, high = (words.amount(v) if is_ratio else words.points(v, unit) for v in numbers)
    if is_ratio:
        frame = _("{value} times ({low} to {high})")
    elif str(unit or "").startswith("share"):
        frame = _("{value} percentage points ({low} to {high})")
    else:
        frame = _("{value} ({low} to {high})")
    return frame.format(value=value, low=low, high=high)


def _list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def settings(given: Any) -> str:
    """Settings or parameters as text: `k = 5, window = 60`."""
    if not isinstance(given, Mapping):
        return text(given, 200)
    return ", ".join(
        f"{words.term(text(key, 40))} = {_setting(value)}" for key, value in sorted(given.items())
    )


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return " / ".join(_setting(item) for item in value)
    return words.term(value) if words.is_term(value) else _amount(value)


def instead(item: Mapping[str, Any], part: str = "value") -> str:
    """The words that stand in the place of a number of a fact or finding; empty where it is shown."""
    return text(words.instead((item.get("shown") or {}).get(part)), 80)


def _interval(item: Mapping[str, Any], unit: str | None) -> str:
    low, high = item.get("low"), item.get("high")
    if not _finite(low) or not _finite(high):
        return ""
    only = unit if str(unit or "").startswith("share") else None  # other units are said once, by the value
    return _("{low} to {high}").format(low=said(low, only), high=said(high, only))


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
                "kind": item["group"]
                if item["group"] in ("studied", "control", "context")
                else "control"
                if item["group"] == "repliers"
                else "context",
                "group": text(words.group(str(item["group"])), 60),
                "value": instead(item) or said(value, unit),
                "interval": _interval(item, unit),
                "n": instead(item, "n") or (_amount(item["n"]) if item.get("n") is not None else ""),
                "at": at(value) if _finite(value) else None,
                "left": at(bounds[0]) if interval else None,
                "width": f"{float(at(bounds[1])) - float(at(bounds[0])):.2f}" if interval else None,
            }
        )
    return {
        "rows": rows,
        "low": said(low, unit if share else None),
        "high": said(high, unit if share else None),
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

#: kinds set as numbers, at the right
_NUMBERS = ("number", "count", "share", "p")


def table(entry: Mapping[str, Any], rows: int = ROWS) -> dict[str, Any]:
    """A table as labels and cells of text; numbers to three significant digits, long tables cut."""
    columns = list(entry.get("columns") or [])
    content = list(entry.get("rows") or [])
    shown = content[:rows]
    total = max(int(entry.get("rows_total") or 0), len(content))
    name = str(entry.get("name") or "")
    kinds = [_kind(column, [row[i] for row in content], name) for i, column in enumerate(columns)]
    csv = entry.get("csv")
    return {
        "name": text(entry.get("name"), 120),
        "title": text(entry.get("title"), 300) or furniture.name_of(entry.get("name")),
        "columns": [
            {"label": words.capital(text(c.get("label") or c.get("name"), 120)), "number": kind in _NUMBERS}
            for c, kind in zip(columns, kinds, strict=True)
        ],
        "rows": [[cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in shown],
        "note": text(entry.get("note"), 1000),
        "csv": csv,
        "cut": furniture.rows_shown(len(shown), total, bool(csv)) if total > len(shown) else "",
    }


def _kind(column: Mapping[str, Any], values: list[Any], table: str) -> str:
    """How a column is written: as its name says, or for somebody's own as the table says."""
    stated, name = str(column.get("kind") or "text"), str(column.get("name") or "")
    if stated in _NUMBERS:  # some may stand in words
        values = [value for value in values if not isinstance(value, str)]
    if words.unit(name, table):
        return words.kind(name, values, table)
    fits = all(words.is_number(v) for v in values if v is not None)
    return "text" if stated in _NUMBERS and not fits else stated


def cell(value: Any, kind: str) -> str:
    """One cell as text: addresses broken, hidden characters shown, mixed scripts said."""
    if value is None or isinstance(value, int | float):
        return words.written(value, kind)
    shown = words.written(safe_text(value, CELL), kind)
    if kind == "date" or (kind == "word" and words.is_term(value)):
        return shown
    shown = defang(shown)
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
                    "format": words.term(text(item.get("title") or item.get("format"), 120)),
                    "sha256": text(item.get("sha256"), 80),
                    "read": _amount(item.get("read")),
                    "bytes": _amount(item.get("bytes")),
                }
            )
    return rows
