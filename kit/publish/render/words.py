"""The words and numbers of the page furniture, in the reader's language."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kit.locale import _, date, ngettext, number, percent
from kit.redact import safe_text
from kit.schema import platform_name


def furniture() -> dict[str, str]:
    """Every fixed word of the page template."""
    return {
        "skip": _("Skip to what was found"),
        "languages": _("Languages"),
        "content_note": _("Content note"),
        "by": _("By"),
        "period": _("Period"),
        "contact": _("Corrections"),
        "found": _("What was found"),
        "no_findings": _("No findings were computed for this report."),
        "received": _("What was received"),
        "received_lead": _("Counts of what the exports hold. A fact makes no claim and has no interval."),
        "received_compared": _(
            "Counts of what the exports hold, beside the figures that others published about the same data."
        ),
        "facts": _("Facts"),
        "fact": _("Fact"),
        "published": _("Published"),
        "source": _("Source"),
        "note": _("Note"),
        "contents": _("Contents"),
        "by_construction": _("by construction"),
        "by_construction_why": _(
            "The inclusion rule selected on this property, so its presence is no discovery."
        ),
        "estimate": _("Estimate"),
        "interval": _("95% interval"),
        "limits": _("Limits and settings"),
        "difference": _("Difference:"),
        "limits_of": _("What this does not show"),
        "settings": _("Settings"),
        "other_settings": _("Other settings"),
        "verdict": _("Verdict"),
        "details": _("How this was worked out"),
        "data": _("Data:"),
        "finding": _("Finding"),
        "methods_and_limits": _("Methods and limits"),
        "methods": _("Methods"),
        "methods_lead": _("Each section explains its own method, with its reference."),
        "limits_title": _("Limits"),
        "limits_lead": _("Read these before you quote a number."),
        "accounting": _("Records received, kept and rejected"),
        "evidence": _("Evidence cited"),
        "colophon": _("Colophon"),
        "inclusion": _("Who counts as studied"),
        "selected_on": _("Selected on"),
        "cite": _("How to cite"),
        "licence": _("Licence"),
        "inputs": _("Input files and their SHA-256"),
        "file": _("File"),
        "bytes": _("Bytes"),
        "format": _("Format"),
        "read": _("Records read"),
        "parameters": _("Parameters"),
        "notebook": _("Notebook"),
        "edition": _("Edition"),
        "machine": _("Every fact and finding as data:"),
        "top": _("Back to the top"),
    }


def verdict(key: str | None) -> tuple[str, str]:
    """Class and word of a verdict."""
    words = {"present": _("Present"), "absent": _("Absent"), "cannot_tell": _("Cannot tell")}
    return (key, words[key]) if key in words else ("none", "")


def properties(names: Iterable[str]) -> str:
    """What an inclusion rule selected on, in words."""
    known = {
        "account_age": _("account age"),
        "activity": _("activity"),
        "posting_time": _("posting time"),
        "profile": _("profile"),
        "replies": _("replies"),
        "targets": _("targets"),
    }
    return ", ".join(known.get(str(name)) or safe_text(name, 120).replace("_", " ") for name in names)


def group(name: str | None) -> str:
    """A group's name for readers."""
    words = {"studied": _("Studied"), "control": _("Control"), "context": _("Context")}
    return words.get(str(name), safe_text(name, 60))


def platform(name: object) -> str:
    """A platform's name for readers."""
    return platform_name(safe_text(name, 60))


def edition(name: str) -> str:
    """The badge of an edition."""
    words = {"public": _("Public edition"), "internal": _("Internal edition, not for publication")}
    return words.get(name, safe_text(name, 60))


def name_of(identifier: object) -> str:
    """A fact's or finding's identifier as words; translated where the catalogue has them."""
    text = re.sub(r"[_\s]+", " ", safe_text(identifier, 120)).strip()
    return _(text[:1].upper() + text[1:])


def name_in_colophon(key: object) -> str:
    """What a key of a colophon is called."""
    known = {
        "kit": _("Kit version"),
        "clock": _("Clock"),
        "seed": _("Seed of random draws"),
        "content": _("SHA-256 of the case"),
        "report": _("Report"),
    }
    return known.get(str(key)) or name_of(key)


def title_of(entry: Mapping[str, Any]) -> str:
    """The title of a fact or finding, else its identifier as words."""
    title = safe_text(_(entry["title"]), 200) if isinstance(entry.get("title"), str) else ""
    return title[:1].upper() + title[1:] if title else name_of(entry.get("id"))


def tied(sentence: str) -> str:
    """A sentence in which no line ends inside `n = 1,600` or `p = 0.001`."""
    return re.sub(r"\b([np]) ([=<]) ", "\\1\u00a0\\2\u00a0", sentence)


def is_number(value: object) -> bool:
    """Whether `value` is a number that can be shown as one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def amount(value: Any) -> str:
    """A number by the rules of the language; text as text; `–` where missing."""
    if not is_number(value):
        return safe_text(value, 300) or "–"
    if isinstance(value, float) and math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value and not 1e-6 <= abs(value) < 1e15:
        return f"{value:.3g}".replace("e", " × 10^").replace("+", "")
    return number(value)


def quantity(value: Any, unit: str | None) -> str:
    """A value with its unit: `1,204 accounts`, `12.5%`, `3.1 days`."""
    if is_number(value) and not math.isfinite(value):
        return amount(value)
    if not is_number(value):
        return dated(value) or "–"
    if unit and unit.startswith("share"):
        return percent(value)
    text, unit = amount(value), unit or ""
    count = int(value) if float(value).is_integer() and abs(value) < 1e9 else 2
    words = {
        "accounts": ngettext("{n} account", "{n} accounts", count),
        "posts": ngettext("{n} post", "{n} posts", count),
        "days": ngettext("{n} day", "{n} days", count),
        "hours": ngettext("{n} hour", "{n} hours", count),
        "hours wide": ngettext("a range of {n} hour", "a range of {n} hours", count),
        "minutes": ngettext("{n} minute", "{n} minutes", count),
        "seconds": ngettext("{n} second", "{n} seconds", count),
        "records": ngettext("{n} record", "{n} records", count),
        "ratio": _("{n} times"),
        "times": _("{n} times"),
        "year": str(value),
    }
    if unit in words:
        return words[unit].replace("{n}", text)
    extra = safe_text(unit.replace("_", " "), 40)
    return (
        f"{text} {_(extra)}" if extra and unit not in ("count", "number", "date", "score", "index") else text
    )


def bare(value: Any, unit: str | None) -> str:
    """A value whose unit is said elsewhere; spans of time and multiples keep theirs."""
    keeps = ("days", "hours", "hours wide", "minutes", "seconds", "ratio", "times", "year")
    return quantity(value, unit if unit in keeps or str(unit or "").startswith("share") else None)


def unit_of(unit: str) -> str:
    """A unit in words, to stand beside a name; nothing for shares and spans of time."""
    plain = (
        "",
        "count",
        "number",
        "date",
        "score",
        "index",
        "days",
        "hours",
        "hours wide",
        "minutes",
        "seconds",
        "ratio",
        "times",
    )
    if unit in (*plain, "year") or unit.startswith("share"):
        return ""
    return safe_text(_(safe_text(unit.replace("_", " "), 60)), 60)


def dated(value: object) -> str:
    """Text, and a day in words where the text is one and nothing else."""
    text = safe_text(value, 300)
    return date(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) and _is_day(text) else text


def points(value: float, unit: str | None) -> str:
    """A difference with its sign: percentage points for shares, else the unit's number."""
    share = bool(unit) and str(unit).startswith("share")
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + amount(round(abs(value) * 100, 1) if share else abs(value))


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day(value: Any) -> str:
    """A day in words where `value` is one, else its text."""
    text = value.isoformat() if isinstance(value, dt.date) else safe_text(value, 60)
    return date(text[:10]) if _is_day(text[:10]) else text


def steadiness(same: int, others: int) -> str:
    """How many of the other settings gave the same verdict."""
    return ngettext(
        "In {same} of {n} other setting the verdict is the same.",
        "In {same} of {n} other settings the verdict is the same.",
        others,
    ).format(same=same, n=others)


def tally(present: int, absent: int, unclear: int) -> str:
    """How the findings came out, in one sentence."""
    total = present + absent + unclear
    return ngettext(
        "{n} finding: {present} present, {absent} absent, {unclear} cannot tell.",
        "{n} findings: {present} present, {absent} absent, {unclear} cannot tell.",
        total,
    ).format(n=total, present=present, absent=absent, unclear=unclear)


def rows_shown(shown: int, total: int, csv: bool) -> str:
    """How much of a table stands on the page."""
    more = _("{shown} of {total} rows; all of them are in the CSV.")
    text = more if csv else _("{shown} of {total} rows.")
    return text.format(shown=number(shown), total=number(total))
