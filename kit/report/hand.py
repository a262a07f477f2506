"""The analyst's hand: what she writes, orders and leaves out on the page that people read.

`hand(report)` reads the keys of report.yml that lead, order and word the front: takeaways, chapters, exhibits,
attribution, recommendations and what stands around them. Whatever she leaves out is empty, and the front writes
its own. A fault is a `ReportError` of one line: file and key, what was found, what to do.

Prose is given by language and checked here only as far as the file itself tells; numbers are tied to findings by
`kit.wording.quantities`, when there are findings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.errors import ReportError, nearest, printable
from kit.report import HAND_KEYS, Report
from kit.report.checks import by_language, check_keys, check_kind, day

#: chapters that the kit can write, in their usual order; who is behind it is a block of its own, always there
CHAPTERS = ("flood", "targets", "said", "texts", "accounts", "reach")
NOUNS = ("accounts", "network")
CONFIDENCES = ("low", "moderate", "high")
SHOWN = ("described", "blurred", "shown")

_WORDS = (str, dict)
SENTENCE_KEYS = {"rests_on": list}
TAKEAWAY_KEYS = {"finding": str}
CHAPTER_KEYS = {
    "id": str,
    "title": _WORDS,
    "text": list,
    "figure": str,
    "leave_out": list,
    "findings": list,
}
ATTRIBUTION_KEYS = {"by": _WORDS, "confidence": str, "evidence": list}
RECOMMENDATION_KEYS = {"to": _WORDS, "rests_on": list}
CORRECTION_KEYS = {"date": str}
EXHIBIT_KEYS = {
    "id": str,
    "chapter": str,
    "lang": str,
    "text": str,
    "cluster": (str, int),
    "media": str,
    "description": _WORDS,
    "show": str,
    "reason": str,
    "title": _WORDS,
    "why": _WORDS,
    "translation": _WORDS,
}

Words = Mapping[str, str]  # language -> text


@dataclass(frozen=True)
class Said:
    """Prose by language, the findings and facts that it rests on, and where in the file it stands."""

    words: Words
    rests_on: tuple[str, ...] = ()
    where: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Takeaway:
    """A finding that leads the report, in her words or, where there are none, in the kit's."""

    finding: str
    said: Said


@dataclass(frozen=True)
class Chapter:
    """A chapter: one of `CHAPTERS`, or one of her own, which has a title and the findings that it tells.

    `figure` is the key of a figure, "none" for none, empty for the chapter's usual one.
    """

    id: str
    title: Said = Said({})
    text: tuple[Said, ...] = ()
    figure: str = ""
    leave_out: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    where: str = ""

    @property
    def own(self) -> bool:
        """Whether it is none of the kit's."""
        return self.id not in CHAPTERS


@dataclass(frozen=True)
class Attribution:
    """Who is said to be behind it, how sure that is, and on which findings and documents it stands."""

    by: Words
    confidence: str
    evidence: tuple[str, ...]
    said: Said


@dataclass(frozen=True)
class Recommendation:
    """What somebody should do."""

    to: Words
    said: Said


@dataclass(frozen=True)
class Correction:
    """What was corrected, and when."""

    date: dt.date
    said: Said


@dataclass(frozen=True)
class Wanted:
    """An exhibit that she wants to show; that it is wanted says nothing of whether it may be shown."""

    id: str
    chapter: str
    lang: str
    kind: str  # text, cluster or media
    source: str  # a file beside the report, a cluster's number, or a file of media
    show: str = "described"
    reason: str = ""
    description: Words = field(default_factory=dict)
    title: Words = field(default_factory=dict)
    why: Words = field(default_factory=dict)
    translation: Words = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class Hand:
    """What the analyst gave; empty where she gave nothing.

    `chapters` is None where she left their order to the kit; `attribution` is None where nobody is named.
    """

    title: Said = Said({})
    deck: Said = Said({})
    institution: Words = field(default_factory=dict)
    version: str = ""
    noun: str = ""
    targets_noun: Words = field(default_factory=dict)
    warning: Words = field(default_factory=dict)
    takeaways: tuple[Takeaway, ...] = ()
    unknown: Said = Said({})
    glance: tuple[str, ...] = ()
    intro: Said = Said({})
    chapters: tuple[Chapter, ...] | None = None
    how: Said = Said({})
    attribution: Attribution | None = None
    exhibits: tuple[Wanted, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    licence: Words = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    def prose(self) -> tuple[Said, ...]:
        """Every text in which a number must be tied to a finding or fact, in the order of the page."""
        chapters = [said for one in self.chapters or () for said in (one.title, *one.text)]
        found = [self.title, self.deck, *(one.said for one in self.takeaways), self.unknown, self.intro]
        found += [*chapters, self.how, *([self.attribution.said] if self.attribution else [])]
        return tuple(said for said in [*found, *(one.said for one in self.recommendations)] if said)

    def unsupported(self) -> tuple[Said, ...]:
        """Sentences of chapters that name nothing they rest on: a second person has to answer for them."""
        return tuple(said for one in self.chapters or () for said in one.text if not said.rests_on)


def hand(report: Report) -> Hand:
    """What did the analyst write for the front of `report`?

    Raises `ReportError` for anything unknown, misspelt or missing, in one line that says where.

    >>> hand(kit.report.load("tiny")).takeaways
    ()
    """
    given, read = report.hand, _Reader(report)
    chapters = given.get("chapters")
    ordered = None if chapters is None else read.chapters(chapters)
    return Hand(
        title=read.said({"title": given.get("title")}, "title"),
        deck=read.said(given, "deck"),
        institution=read.words(given, "institution"),
        version=(given.get("version") or "").strip(),
        noun=read.one_of(given.get("noun") or "", NOUNS, "noun"),
        targets_noun=read.words(given, "targets_noun"),
        warning=read.words(given, "warning"),
        takeaways=read.takeaways(given.get("takeaways") or ()),
        unknown=read.said(given, "unknown"),
        glance=read.ids(given.get("glance"), "glance"),
        intro=read.said(given, "intro"),
        chapters=ordered,
        how=read.said(given, "how"),
        attribution=read.attribution(given.get("attribution")),
        exhibits=read.exhibits(given.get("exhibits") or (), ordered),
        recommendations=read.recommendations(given.get("recommendations") or ()),
        licence=read.words(given, "licence"),
        corrections=read.corrections(given.get("corrections") or ()),
    )


class _Reader:
    """Reads the keys of one report; `where` of every error is its file and the key."""

    def __init__(self, report: Report) -> None:
        self.report, self.languages = report, report.languages
        self.file = f"{report.name}/report.yml"

    def words(self, entry: Mapping[str, Any], key: str, at: str = "") -> Words:
        """Text by language under `key`; {} where there is none."""
        return by_language(entry.get(key) or "", key, self.languages, f"{self.file}{at}")

    def said(self, entry: Mapping[str, Any], key: str) -> Said:
        """Prose by language under `key`, with what it rests on where that stands beside the languages."""
        value, rests = entry.get(key) or "", tuple[str, ...]()
        if isinstance(value, dict):
            rests = self.ids(value.get("rests_on"), f"{key}.rests_on")
            value = {code: text for code, text in value.items() if code != "rests_on"}
        words = by_language(value, key, self.languages, self.file)
        return Said(words, rests, f"{self.file}, {key}") if words else Said({})

    def beside(self, entry: Mapping[str, Any], keys: Mapping[str, Any], at: str) -> Words:
        """The languages of an entry that holds them beside `keys`: all of them, or none."""
        check_keys(entry, {**keys, **dict.fromkeys(self.languages, str)}, f"{self.file}, {at}")
        given = {code: entry[code] for code in self.languages if (entry.get(code) or "").strip()}
        return by_language(given, at, self.languages, self.file) if given else {}

    def entry(self, value: Any, at: str, hint: str) -> Mapping[str, Any]:
        """An entry of a list, which must be a mapping."""
        if isinstance(value, dict):
            return value
        raise ReportError("is no mapping", where=f"{self.file}, {at}", found=value, hint=hint)

    def must(self, given: Any, at: str, hint: str) -> None:
        if not given:
            raise ReportError("is missing or empty", where=f"{self.file}, {at}", hint=hint)

    def one_of(self, value: str, known: Iterable[str], at: str) -> str:
        if value and value not in known:
            raise ReportError(
                "is not known", where=f"{self.file}, {at}", found=value, hint=nearest(value, known)
            )
        return value

    def ids(self, values: Any, at: str) -> tuple[str, ...]:
        """Names of findings, facts or documents, each once."""
        check_kind(values or [], (list,), f"key '{at}'", self.file)
        for number, value in enumerate(values or ()):
            if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]\w*", value):
                hint = "Write the name of a finding or fact, such as creation_burst."
                raise ReportError("is no name", where=f"{self.file}, {at}", found=value, hint=hint)
            if value in values[:number]:
                hint = "Remove one of them."
                raise ReportError(f"'{value}' stands twice", where=f"{self.file}, {at}", hint=hint)
        return tuple(values or ())

    def takeaways(self, entries: Iterable[Any]) -> tuple[Takeaway, ...]:
        found: list[Takeaway] = []
        for number, value in enumerate(entries, 1):
            at = f"takeaways {number}"
            entry = self.entry(value, at, "Write {finding: creation_burst}, with its sentence by language.")
            words = self.beside(entry, TAKEAWAY_KEYS, at)
            self.must(entry.get("finding"), f"{at}, finding", "Name the finding or fact that it tells.")
            (finding,) = self.ids([entry["finding"]], f"{at}, finding")
            found.append(Takeaway(finding, Said(words, (finding,), f"{self.file}, {at}")))
        self.ids([one.finding for one in found], "takeaways")
        return tuple(found)

    def chapters(self, entries: Iterable[Any]) -> tuple[Chapter, ...]:
        found = [self.chapter(value, f"chapters {number}") for number, value in enumerate(entries, 1)]
        self.ids([one.id for one in found], "chapters")
        return tuple(found)

    def chapter(self, value: Any, at: str) -> Chapter:
        entry = {"id": value} if isinstance(value, str) else self.entry(value, at, nearest("", CHAPTERS))
        check_keys(entry, CHAPTER_KEYS, f"{self.file}, {at}")
        self.must(entry.get("id"), f"{at}, id", nearest("", CHAPTERS))
        (id_,) = self.ids([entry["id"]], f"{at}, id")
        at = f"chapters.{id_}"
        heading = self.words(entry, "title", f", {at}")
        findings = self.ids(entry.get("findings"), f"{at}.findings")
        if id_ not in CHAPTERS and not (heading and findings):
            near = nearest(id_, CHAPTERS)
            what = f"no chapter is called '{id_}', and as one of your own it lacks title or findings"
            hint = f"{near[0].upper()}{near[1:]} A chapter of your own has a title and findings."
            raise ReportError(what, where=f"{self.file}, {at}", hint=hint)
        if id_ in CHAPTERS and findings:
            what = "'findings' is for chapters of your own"
            hint = "Leave it out; `leave_out` names findings that this chapter does not tell."
            raise ReportError(what, where=f"{self.file}, {at}", hint=hint)
        return Chapter(
            id=id_,
            title=Said(heading, findings, f"{self.file}, {at}.title") if heading else Said({}),
            text=tuple(
                self.sentence(one, f"{at}.text {n}") for n, one in enumerate(entry.get("text") or (), 1)
            ),
            figure=entry.get("figure") or "",
            leave_out=self.ids(entry.get("leave_out"), f"{at}.leave_out"),
            findings=findings,
            where=f"{self.file}, {at}",
        )

    def sentence(self, value: Any, at: str) -> Said:
        entry = self.entry(value, at, "Write {en: …, rests_on: [creation_burst]}.")
        words = self.beside(entry, SENTENCE_KEYS, at)
        self.must(words, at, "Write the sentence in each language of the report.")
        return Said(words, self.ids(entry.get("rests_on"), f"{at}.rests_on"), f"{self.file}, {at}")

    def attribution(self, value: Any) -> Attribution | None:
        if value in (None, "none"):
            return None
        entry = self.entry(value, "attribution", "Write none, or {by: …, confidence: …, evidence: […]}.")
        words = self.beside(entry, ATTRIBUTION_KEYS, "attribution")
        for key, hint in (
            ("by", "Say who is named, or write attribution: none."),
            ("confidence", nearest("", CONFIDENCES)),
            ("evidence", "Name the findings, and the documents of `evidence:`, that it stands on."),
        ):
            self.must(entry.get(key), f"attribution.{key}", hint)
        self.must(words, "attribution", "Say it in a sentence or two, by language.")
        proofs = self.ids(entry["evidence"], "attribution.evidence")
        for id_ in proofs:
            if re.fullmatch(r"E\d+", id_):
                self.one_of(id_, self.report.evidence, "attribution.evidence")
        if not any("attributed" in self.report.evidence.get(id_, {}).get("supports", ()) for id_ in proofs):
            what = "none of the documents supports 'attributed'"
            hint = "No finding says who is behind it: list a document that does under `evidence:`, or write none."
            raise ReportError(what, where=f"{self.file}, attribution.evidence", hint=hint)
        return Attribution(
            self.words(entry, "by", ", attribution"),
            self.one_of(entry["confidence"], CONFIDENCES, "attribution.confidence"),
            proofs,
            Said(
                words, tuple(p for p in proofs if p not in self.report.evidence), f"{self.file}, attribution"
            ),
        )

    def recommendations(self, entries: Iterable[Any]) -> tuple[Recommendation, ...]:
        found = []
        for number, value in enumerate(entries, 1):
            at = f"recommendations {number}"
            entry = self.entry(value, at, "Write {to: …, en: …}.")
            words = self.beside(entry, RECOMMENDATION_KEYS, at)
            self.must(entry.get("to"), f"{at}, to", "Say who should do it.")
            self.must(words, at, "Say what they should do, in each language of the report.")
            said = Said(words, self.ids(entry.get("rests_on"), f"{at}, rests_on"), f"{self.file}, {at}")
            found.append(Recommendation(self.words(entry, "to", f", {at}"), said))
        return tuple(found)

    def corrections(self, entries: Iterable[Any]) -> tuple[Correction, ...]:
        found = []
        for number, value in enumerate(entries, 1):
            at = f"corrections {number}"
            entry = self.entry(value, at, "Write {date: 2023-12-20, en: …}.")
            words = self.beside(entry, CORRECTION_KEYS, at)
            when = day(entry.get("date") or None, f"{self.file}, {at}", "date")
            if when is None:
                raise ReportError("has no date", where=f"{self.file}, {at}", hint="Write it as 2023-08-07.")
            self.must(words, at, "Say what was wrong and what is right, in each language of the report.")
            found.append(Correction(when, Said(words, (), f"{self.file}, {at}")))
        return tuple(sorted(found, key=lambda one: one.date))

    def exhibits(self, entries: Iterable[Any], chapters: tuple[Chapter, ...] | None) -> tuple[Wanted, ...]:
        known = CHAPTERS if chapters is None else tuple(one.id for one in chapters)
        found = [self.exhibit(value, f"exhibits {n}", known) for n, value in enumerate(entries, 1)]
        self.ids([one.id for one in found], "exhibits")
        return tuple(found)

    def exhibit(self, value: Any, at: str, chapters: tuple[str, ...]) -> Wanted:
        entry = self.entry(value, at, "Write {id: ex1, text: texts/ex1.txt, cluster: 1, …}.")
        check_keys(entry, EXHIBIT_KEYS, f"{self.file}, {at}")
        self.must(entry.get("id"), f"{at}, id", "Give it a short name, such as ex1.")
        (id_,) = self.ids([entry["id"]], f"{at}, id")
        at = f"exhibits.{id_}"
        kind = next((key for key in ("media", "text", "cluster") if entry.get(key) not in (None, "")), "")
        self.must(kind, at, "Give `text` (a file), `cluster` (a number) or `media` (a file of media).")
        self.must(entry.get("lang"), f"{at}, lang", "Say which language it is in, such as zh.")
        show = self.one_of(entry.get("show") or "described", SHOWN, f"{at}, show")
        words = {
            key: self.words(entry, key, f", {at}") for key in ("description", "title", "why", "translation")
        }
        self.must(words["why"], f"{at}, why", "Say why it is shown.")
        if kind == "media":
            self.must(words["description"], f"{at}, description", "Describe what is to be seen.")
            if show != "described":
                self.must((entry.get("reason") or "").strip(), f"{at}, reason", "Say why it must be seen.")
        return Wanted(
            id=id_,
            chapter=self.one_of(entry.get("chapter") or "said", chapters, f"{at}, chapter"),
            lang=self.language(entry["lang"], f"{at}, lang"),
            kind=kind,
            source=str(entry[kind]),
            show=show,
            reason=(entry.get("reason") or "").strip(),
            where=f"{self.file}, {at}",
            **words,
        )

    def language(self, code: str, at: str) -> str:
        if re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", code):
            return code
        hint = "Write its code, such as en, fr, zh or zh-Hans."
        raise ReportError("is no language", where=f"{self.file}, {at}", found=printable(code), hint=hint)


__all__ = ["CHAPTERS", "HAND_KEYS", "Hand", "hand"]
