"""The fixed words of the page, in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit import words
from kit.claims.model import VERDICTS
from kit.locale import N_, _, ngettext, number
from kit.redact import safe_text


def fixed() -> dict[str, str]:
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
        "untested": _("Not possible with these data, because"),
        "received": _("What was received"),
        "received_lead": _("Counts of what the exports hold. A fact makes no claim and has no interval."),
        "rounded": _(
            "Counts of people are rounded to tens, and counts of what they did to the largest contribution of one"
            " account, so that nobody can be singled out. “Fewer than 10” stands for 1 to 9."
        ),
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
        "date": _("Published on"),
        "allowed": _("Words let stand by the authors"),
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
    known = {name for names in VERDICTS.values() for name in names}
    return (key, words.capital(words.term(key))) if key in known else ("none", "")


def exact(declared: Mapping[str, Mapping[str, str]]) -> str:
    """That the studied accounts are counted exactly, and why; empty where they are not."""
    if not (told := declared.get("studied")):
        return ""
    said = _(
        "The studied accounts are counted exactly: anybody can count them in {list} ({address}), published on {day}."
    )
    list_, address = safe_text(told["list"], 300), safe_text(told["address"], 300)
    return said.format(list=list_, address=address, day=words.dated(told["published"]))


def properties(names: Iterable[str]) -> str:
    """What an inclusion rule selected on, in words."""
    return ", ".join(words.term(safe_text(name, 120)) for name in names)


def edition(name: str) -> str:
    """The badge of an edition."""
    known = {"public": _("Public edition"), "internal": _("Internal edition, not for publication")}
    return known.get(name, safe_text(name, 60))


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


def day(value: Any) -> str:
    """A day in words where `value` is one, else its text."""
    text = value.isoformat() if isinstance(value, dt.date) else safe_text(value, 60)
    said = words.dated(text[:10])
    return text if said == text[:10] else said


def tally(verdicts: Mapping[str, Sequence[str]]) -> str:
    """How many findings of each kind there are, and how they came out."""
    said = []
    for kind, lead in _KINDS.items():
        own = verdicts.get(kind) or ()
        counts = ((name, own.count(name)) for name in VERDICTS[kind] if kind != "described")
        told = ", ".join(f"{words.term(name)} {number(n)}" for name, n in counts if n)
        if own:
            said.append(_(lead).format(n=number(len(own))) + (f" ({told})." if told else "."))
    return " ".join(said)


_KINDS = {
    "described": N_("Described: {n}"),
    "compared": N_("Compared with others: {n}"),
    "tested": N_("Patterns tested: {n}"),
}


def together(summary: Mapping[str, int]) -> str:
    """How sure the comparisons of a page are together; empty where there is none."""
    if not (n := summary.get("comparisons")):
        return ""
    said = ngettext(
        "The comparison was made so that a difference is said falsely in at most 5 of 100 such reports.",
        "The {n} comparisons were made so that one or more differences are said falsely in at most 5 of 100 such"
        " reports.",
        n,
    ).format(n=number(n))
    if splits := summary.get("splits"):
        halves = _(
            "Tried on random halves of the accounts compared with, which do not differ, {pages} of {splits} reports said one."
        )
        said += " " + halves.format(pages=number(summary["pages"]), splits=number(splits))
    return said


def equals(given: Mapping[str, int] | None) -> str:
    """How often a comparison finds a difference between equals; empty where that was not tried."""
    if not given:
        return ""
    return _(
        "Of {splits} random halves of the accounts compared with, {different} differed like this from the other half."
    ).format(splits=number(given["splits"]), different=number(given["different"]))


def rows_shown(shown: int, total: int, csv: bool) -> str:
    """How much of a table stands on the page."""
    more = _("{shown} of {total} rows; all of them are in the CSV.")
    text = more if csv else _("{shown} of {total} rows.")
    return text.format(shown=number(shown), total=number(total))
