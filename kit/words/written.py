"""How numbers, shares, dates and words are written for a reader."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import Any

from kit.locale import N_, _, current, date, ngettext, number, p_value, percent, reason
from kit.schema import platform_name
from kit.words.rows import group, is_term, kind, measured, term

#: units of a value that stay beside it where the unit is said elsewhere too
_SPANS = ("days", "hours", "hours wide", "minutes", "seconds", "ratio", "times", "year")
#: what is said of a number that the public edition does not tell
_INSTEAD = {
    "small": N_("fewer than 10"),
    "all_but": N_("all but fewer than 10"),
    "withheld": N_("withheld"),
    "unknown": N_("not recorded"),
}
#: codes of languages that platforms still write and that were renamed
_RENAMED = {"in": "id", "iw": "he", "ji": "yi", "mo": "ro", "sh": "sr", "no": "nb"}
#: units that say nothing beside a name
_BARE = ("", "count", "number", "date", "score", "index")


def is_number(value: object) -> bool:
    """Whether `value` is a number that can be shown as one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def written(value: Any, kind: str) -> str:
    """One value as a reader sees it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if kind in ("text", "year", "word", "sentence", "group", "platform", "language", "date") or not is_number(
        value
    ):
        return _worded(value, kind)
    if kind == "share":
        return percent(value)
    if kind == "p" and 0 <= value <= 1:
        return p_value(value)
    return amount(value)


def _worded(value: Any, kind: str) -> str:
    """A value that is no number; text that is written when it is formatted stays what it is."""
    if kind == "date":
        return dated(value)
    if not isinstance(value, str):
        return str(value)
    if kind == "word":
        return term(value) if is_term(value) else value
    says = {"sentence": reason, "group": group, "platform": platform_name, "language": language}.get(kind)
    return says(value) if says else value


def language(code: str) -> str:
    """The name of a language in the language in use: `th` is Thai; a code that nobody knows stays one.

    >>> language("th"), language("pt-BR"), language("iw"), language("und")
    ('Thai', 'Portuguese (Brazil)', 'Hebrew', 'unknown')
    """
    from babel import Locale, UnknownLocaleError  # here: most tables hold no languages

    if is_term(code):
        return term(code)
    try:
        asked = Locale.parse(_RENAMED.get(code.lower(), code).replace("-", "_"))
        return asked.get_display_name(current()) or code
    except (UnknownLocaleError, ValueError):
        return Locale.parse(current()).languages.get(code.lower()) or code


def instead(shown: Sequence[Any] | None) -> str:
    """The words that stand in the place of a number that is not shown; empty where it is.

    `shown` is a kind of `kit.disclosure.rule` and the numbers that it needs.
    """
    kind, *given = shown or ("",)
    if kind in _INSTEAD:
        return _(_INSTEAD[kind])
    if kind == "of":
        return _("{part} in {whole}").format(part=number(given[0]), whole=number(given[1]))
    if kind == "under":
        return _("under {share}").format(share=percent(given[0]))
    return _("over {share}").format(share=percent(given[0])) if kind == "over" else ""


def said(name: str, value: Any, metric: str = "") -> str:
    """A value of a metric's column as it stands in a sentence."""
    return written(value, kind(name, [value], metric))


def value_of(value: Any, unit: str | None) -> str:
    """A value whose unit the sentence says: a share in percent, a number, or text as it stands."""
    return written(value, measured(unit or "") if is_number(value) else "text")


def amount(value: float | int) -> str:
    """A number by the rules of the language, also where it is very large or very small."""
    if isinstance(value, float) and math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value and not 1e-6 <= abs(value) < 1e15:
        return f"{value:.3g}".replace("e", " × 10^").replace("+", "")
    return number(value)


def quantity(value: Any, unit: str | None) -> str:
    """A value with its unit: `1,204 accounts`, `12.5%`, `3.1 days`; a day in words; `–` where missing."""
    if not is_number(value):
        return dated(value) or "–"
    unit = unit or ""
    if measured(unit) == "share" and math.isfinite(value):
        return percent(value)
    text = amount(value)
    if not math.isfinite(value):
        return text
    if counted := _counted(value, unit):
        return counted.replace("{n}", text)
    return text if unit in _BARE else f"{text} {term(unit)}"


def _counted(value: float, unit: str) -> str | None:
    """The template of a number in a unit that has a singular and a plural."""
    n = int(value) if float(value).is_integer() and abs(value) < 1e9 else 2
    return {
        "accounts": ngettext("{n} account", "{n} accounts", n),
        "posts": ngettext("{n} post", "{n} posts", n),
        "days": ngettext("{n} day", "{n} days", n),
        "hours": ngettext("{n} hour", "{n} hours", n),
        "hours wide": ngettext("a range of {n} hour", "a range of {n} hours", n),
        "minutes": ngettext("{n} minute", "{n} minutes", n),
        "seconds": ngettext("{n} second", "{n} seconds", n),
        "records": ngettext("{n} record", "{n} records", n),
        "ratio": _("{n} times"),
        "times": _("{n} times"),
        "year": str(value),
    }.get(unit)


def bare(value: Any, unit: str | None) -> str:
    """A value whose unit is said elsewhere; spans of time and multiples keep theirs."""
    unit = unit or ""
    return quantity(value, unit if unit in _SPANS or measured(unit) == "share" else None)


def unit_of(unit: str) -> str:
    """A unit in words, to stand beside a name; nothing for shares and spans of time."""
    if unit in (*_BARE, *_SPANS) or measured(unit) == "share":
        return ""
    return term(unit)


def points(value: float, unit: str | None) -> str:
    """A difference with its sign: percentage points for shares, else the unit's number."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    share = measured(unit or "") == "share"
    return sign + amount(round(abs(value) * 100, 1) if share else abs(value))


def dated(value: Any) -> str:
    """A day in words where `value` is one and nothing else, else its text."""
    text = "" if value is None else str(value)
    return date(text[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d( 00:00:00)?", text) and _is_day(text) else text


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
