"""The analyst's hand: every key is read, every fault is one line that says where and what to do."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from kit import report as reports
from kit.errors import ReportError
from kit.publish.wording import refuse
from kit.report import hand as hands
from kit.report.hand import CHAPTERS, Hand, hand
from kit.report.template import draft

BASE = """\
title: {en: "A report", fr: "Un rapport"}
languages: [en, fr]
exports: [{path: posts.csv, group: studied}]
notebooks: [00_intake]
evidence:
  E1: {what: Notice of the platform, source: "Platform, 2023", supports: [coordinated, attributed]}
"""
WHOLE = """\
deck: {en: "A deck.", fr: "Un chapeau.", rests_on: [accounts]}
institution: {en: Example Institute, fr: Institut Exemple}
version: "1.0"
noun: network
targets_noun: {en: members, fr: élus}
warning: {en: "Quotes insults.", fr: "Cite des insultes."}
takeaways:
  - {finding: reply_fill, en: "They filled posts.", fr: "Ils ont rempli."}
  - {finding: creation_burst}
unknown: {en: "Who ran it.", fr: "Qui l’a dirigé."}
glance: [accounts, posts]
intro: {en: "An intro.", fr: "Une introduction."}
chapters:
  - targets
  - id: accounts
    title: {en: Made in a day, fr: Créés en un jour}
    figure: created
    leave_out: [old_accounts]
    text:
      - {en: "Most are new.", fr: "La plupart sont récents.", rests_on: [new_accounts]}
      - {en: "They sound alike.", fr: "Ils se ressemblent."}
  - {id: slogans, title: {en: Slogans, fr: Slogans}, findings: [slogan_share], figure: slogans}
how: {en: "A caution.", fr: "Une réserve."}
attribution:
  by: {en: The platform, fr: La plateforme}
  confidence: moderate
  evidence: [creation_burst, E1]
  en: "The platform says so."
  fr: "La plateforme le dit."
exhibits:
  - {id: ex1, chapter: slogans, lang: zh, text: texts/ex1.txt, cluster: 3, why: {en: Often, fr: Souvent}}
  - id: ex2
    chapter: targets
    lang: en
    media: a.png
    show: blurred
    reason: Readers know it
    description: {en: A cat, fr: Un chat}
    why: {en: Seen, fr: Vu}
recommendations:
  - {to: {en: If targeted, fr: Si visé}, en: "Keep pictures.", fr: "Gardez des images.", rests_on: [posts]}
licence: {en: CC BY 4.0, fr: CC BY 4.0}
corrections:
  - {date: 2023-12-20, en: "A date.", fr: "Une date."}
  - {date: 2023-12-18, en: "A name.", fr: "Un nom."}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAYLIGHT_HOME", str(tmp_path))
    (tmp_path / "reports" / "one").mkdir(parents=True)
    return tmp_path


def read(home: Path, text: str, base: str = BASE) -> Hand:
    (home / "reports" / "one" / "report.yml").write_text(base + text, encoding="utf-8")
    return hand(reports.load("one"))


def refused(home: Path, text: str) -> str:
    """The one line with which the file is refused; it names the file."""
    with pytest.raises(ReportError) as caught:
        read(home, text)
    line = str(caught.value)
    assert "\n" not in line
    assert "one/report.yml" in line
    return line


def test_a_report_without_a_hand_is_the_kits_own(home: Path) -> None:
    found = read(home, "")
    assert found == Hand(title=found.title)
    assert found.title.words == {"en": "A report", "fr": "Un rapport"}
    assert found.chapters is None
    assert found.unsupported() == ()


def test_every_key_is_read(home: Path) -> None:
    found = read(home, WHOLE)
    assert set(yaml.safe_load(WHOLE)) == set(reports.HAND_KEYS)
    assert found.deck.words["fr"] == "Un chapeau."
    assert found.deck.rests_on == ("accounts",)
    assert (found.version, found.noun, found.glance) == ("1.0", "network", ("accounts", "posts"))
    assert found.institution["fr"] == "Institut Exemple"
    assert found.targets_noun["fr"] == "élus"
    assert found.warning["en"] == "Quotes insults."
    assert [(one.finding, bool(one.said)) for one in found.takeaways] == [
        ("reply_fill", True),
        ("creation_burst", False),
    ]
    assert found.takeaways[0].said.rests_on == ("reply_fill",)
    assert found.chapters is not None
    targets, accounts, slogans = found.chapters
    assert (targets.id, targets.own, targets.text, bool(targets.title)) == ("targets", False, (), False)
    assert (accounts.figure, accounts.leave_out) == ("created", ("old_accounts",))
    assert [one.rests_on for one in accounts.text] == [("new_accounts",), ()]
    assert (slogans.own, slogans.findings, slogans.figure) == (True, ("slogan_share",), "slogans")
    assert found.attribution is not None
    assert found.attribution.evidence == ("creation_burst", "E1")
    assert found.attribution.said.rests_on == ("creation_burst",)
    assert found.attribution.by["fr"] == "La plateforme"
    text, media = found.exhibits
    assert (text.kind, text.source, text.lang, text.chapter) == ("text", "texts/ex1.txt", "zh", "slogans")
    assert (media.kind, media.show, media.reason) == ("media", "blurred", "Readers know it")
    assert found.recommendations[0].to["fr"] == "Si visé"
    assert [one.date for one in found.corrections] == [dt.date(2023, 12, 18), dt.date(2023, 12, 20)]
    assert found.licence["en"] == "CC BY 4.0"
    assert found.how.words["fr"] == "Une réserve."


def test_sentences_that_rest_on_nothing_are_listed(home: Path) -> None:
    (alone,) = read(home, WHOLE).unsupported()
    assert alone.words["en"] == "They sound alike."
    assert alone.where == "one/report.yml, chapters.accounts.text 2"


def test_all_prose_is_found(home: Path) -> None:
    said = " ".join(one.words["en"] for one in read(home, WHOLE).prose())
    for text in (
        "A report",
        "A deck.",
        "filled",
        "Who ran",
        "intro",
        "Made in a day",
        "Most are",
        "sound",
        "Slogans",
    ):
        assert text in said
    for text in ("A caution", "says so", "Keep pictures"):
        assert text in said


def test_one_text_for_a_report_in_one_language(home: Path) -> None:
    one = BASE.replace("[en, fr]", "[fr]").replace('{en: "A report", fr: "Un rapport"}', '"Un rapport"')
    found = read(home, 'deck: "Un chapeau."\ntakeaways: [{finding: posts, fr: "Des publications."}]\n', one)
    assert found.deck.words == {"fr": "Un chapeau."}
    assert found.takeaways[0].said.words == {"fr": "Des publications."}


def test_who_is_behind_it_may_be_nobody(home: Path) -> None:
    assert read(home, "attribution: none\n").attribution is None
    assert read(home, "attribution:\n").attribution is None


def test_no_chapters_is_not_the_usual_chapters(home: Path) -> None:
    assert read(home, "chapters: []\n").chapters == ()
    assert read(home, "").chapters is None


@pytest.mark.parametrize(
    "text, needles",
    [
        ("takeaway: []\n", ["unknown key 'takeaway'", "did you mean 'takeaways'"]),
        ("version: 1.0\n", ["key 'version' must be text", "1.0"]),
        ("noun: networks\n", ["noun", "networks", "did you mean 'network'"]),
        ('deck: {en: "A deck."}\n', ["deck", "'fr'"]),
        ('deck: {en: "A", fr: "B", de: "C"}\n', ["deck", "'de'"]),
        ("takeaways: [reply_fill]\n", ["takeaways 1", "is no mapping", "reply_fill", "finding:"]),
        ('takeaways: [{en: "A.", fr: "B."}]\n', ["takeaways 1, finding", "missing"]),
        ('takeaways: [{finding: posts, en: "A."}]\n', ["takeaways 1", "'fr'"]),
        ("takeaways: [{finding: posts}, {finding: posts}]\n", ["takeaways", "'posts' stands twice"]),
        ("takeaways: [{findings: posts}]\n", ["takeaways 1", "did you mean 'finding'"]),
        ("takeaways: [{finding: no}]\n", ["'finding' must be text", "False"]),
        ("glance: accounts\n", ["'glance' must be a list"]),
        ("glance: [accounts, 7]\n", ["glance", "is no name", "7"]),
        ("glance: [accounts, accounts]\n", ["glance", "stands twice"]),
        ("chapters: [flod]\n", ["chapters.flod", "Did you mean 'flood'", "title and findings"]),
        ("chapters: [flood, flood]\n", ["chapters", "'flood' stands twice"]),
        ("chapters: [7]\n", ["chapters 1", "is no mapping", "7"]),
        ("chapters: [{title: {en: A, fr: B}}]\n", ["chapters 1, id", "missing"]),
        ("chapters: [{id: own, title: {en: A, fr: B}}]\n", ["chapters.own", "title and findings"]),
        ("chapters: [{id: own, findings: [posts]}]\n", ["chapters.own", "title and findings"]),
        ("chapters: [{id: flood, findings: [posts]}]\n", ["chapters.flood", "leave_out"]),
        ("chapters: [{id: flood, drop: [posts]}]\n", ["chapters 1", "unknown key 'drop'"]),
        ("chapters: [{id: flood, text: One}]\n", ["'text' must be a list"]),
        ("chapters: [{id: flood, text: [One]}]\n", ["chapters.flood.text 1", "is no mapping", "rests_on"]),
        ("chapters: [{id: flood, text: [{rests_on: [posts]}]}]\n", ["chapters.flood.text 1", "missing"]),
        ("chapters: [{id: flood, text: [{en: A, fr: B, rest_on: [p]}]}]\n", ["did you mean 'rests_on'"]),
        ("chapters: [{id: '../x', title: {en: A, fr: B}, findings: [posts]}]\n", ["is no name", "../x"]),
        ("attribution: nobody\n", ["attribution", "nobody", "none"]),
        ("attribution: {by: X, en: A, fr: B, evidence: [E1]}\n", ["attribution.confidence", "moderate"]),
        ("attribution: {by: X, en: A, fr: B, confidence: high}\n", ["attribution.evidence", "missing"]),
        ("attribution: {by: X, en: A, fr: B, confidence: high, evidence: []}\n", ["attribution.evidence"]),
        ("attribution: {en: A, fr: B, confidence: high, evidence: [E1]}\n", ["attribution.by"]),
        ("attribution: {by: {en: X, fr: X}, confidence: sure, evidence: [E1], en: A, fr: B}\n", ["sure"]),
        ("attribution: {by: {en: X, fr: X}, confidence: low, evidence: [E2], en: A, fr: B}\n", ["E2", "E1"]),
        ("attribution: {by: {en: X, fr: X}, confidence: low, evidence: [E1]}\n", ["attribution", "missing"]),
        ("recommendations: [{en: A, fr: B}]\n", ["recommendations 1, to"]),
        ("recommendations: [{to: {en: A, fr: B}}]\n", ["recommendations 1", "missing"]),
        ("corrections: [{en: A, fr: B}]\n", ["corrections 1", "no date"]),
        ("corrections: [{date: yesterday, en: A, fr: B}]\n", ["corrections 1", "yesterday", "2023-08-07"]),
        ("exhibits: [{lang: en, why: A, text: a.txt}]\n", ["exhibits 1, id"]),
        ("exhibits: [{id: ex1, lang: en, why: {en: A, fr: B}}]\n", ["exhibits.ex1", "cluster"]),
        ("exhibits: [{id: ex1, text: a.txt, why: {en: A, fr: B}}]\n", ["exhibits.ex1, lang"]),
        ("exhibits: [{id: ex1, lang: English, text: a.txt}]\n", ["exhibits.ex1"]),
        ("exhibits: [{id: ex1, lang: en, text: a.txt}]\n", ["exhibits.ex1, why"]),
        ("exhibits: [{id: ex1, lang: en, media: a.png, why: {en: A, fr: B}}]\n", ["description"]),
        (
            "exhibits: [{id: e, chapter: sid, lang: en, text: a, why: {en: A, fr: B}}]\n",
            ["did you mean 'said'"],
        ),
        (
            "exhibits: [{id: e, lang: en, media: a, show: shown, why: {en: A, fr: B}, description: {en: A, fr: B}}]\n",
            ["exhibits.e, reason"],
        ),
        ("exhibits: [{id: e, lang: en, media: a, show: naked, why: {en: A, fr: B}}]\n", ["naked", "blurred"]),
        ("inclusion: {ground: notice}\n", ["inclusion.ground", "platform_notice"]),
    ],
)
def test_a_fault_is_one_line(text: str, needles: list[str], home: Path) -> None:
    line = refused(home, text)
    for needle in needles:
        assert needle in line, line


WHO = 'attribution: {by: {en: X, fr: X}, confidence: low, evidence: [E1], en: "%s", fr: "Rien."}\n'


@pytest.mark.parametrize(
    "text, found",
    [
        ('deck: {en: "Bots wrote it.", fr: "Rien."}\n', "Bots"),
        ('takeaways: [{finding: posts, en: "They deliberately wrote.", fr: "Rien."}]\n', "deliberately"),
        ('chapters: [{id: reach, title: {en: "The culprits", fr: "Rien"}}]\n', "culprits"),
        (
            'chapters: [{id: reach, text: [{en: "A.", fr: "Ils voulaient la faire taire."}]}]\n',
            "Ils voulaient",
        ),
        ('recommendations: [{to: {en: You, fr: Vous}, en: "Report the trolls.", fr: "Rien."}]\n', "trolls"),
        (
            'corrections: [{date: 2023-12-18, en: "The accounts are fake.", fr: "Rien."}]\n',
            "accounts are fake",
        ),
        ('unknown: {en: "Why the state-backed accounts came.", fr: "Rien."}\n', "state-backed"),
        (WHO % "The culprits are known.", "culprits"),
        (WHO % "These are bots.", "bots"),
    ],
)
def test_words_that_claim_too_much_stay_refused(text: str, found: str, home: Path) -> None:
    read(home, text)
    with pytest.raises(ReportError) as caught:
        refuse(reports.load("one"), [])
    assert caught.value.found == found
    assert "one/report.yml" in caught.value.where


def test_who_is_behind_it_is_said_with_its_evidence(home: Path) -> None:
    """Elsewhere the same sentence cites its document itself."""
    said = "The network is attributed to a company. They are run by it."
    read(home, WHO % said)
    refuse(reports.load("one"), [])
    read(home, f'deck: {{en: "{said}", fr: "Rien."}}\n')
    with pytest.raises(ReportError):
        refuse(reports.load("one"), [])
    unsupported = BASE.replace("attributed", "co-active")
    with pytest.raises(ReportError, match="supports 'attributed'"):
        read(home, WHO % said, unsupported)


def test_hostile_words_cannot_forge_a_line(home: Path) -> None:
    for text in (
        'noun: "net\\n\\u202Ekit: all is well\\e[31m"\n',
        'chapters: ["a\\nb"]\n',
        'glance: ["a\\u202Eb"]\n',
    ):
        assert all(char.isprintable() for char in refused(home, text))


def test_the_template_shows_every_key_and_is_right_when_it_is_used(home: Path) -> None:
    """Uncommented as it stands, it is read."""
    text = draft("A title")
    head, mark, shown = text.partition("# The page that people read")
    lines = (mark + shown).splitlines()[1:]
    assert all(line.startswith("#") for line in lines)
    used = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
    assert set(yaml.safe_load(used)) == set(reports.HAND_KEYS)
    found = read(home, used, head.replace('title: "A title"', 'title: "A title"'))
    assert found.chapters is not None
    assert {one.id for one in found.chapters} == set(CHAPTERS)


def test_the_entries_are_described() -> None:
    """docs/report.md has every key of an entry, and no other, with what must be there in bold."""
    part = (reports.CODE / "docs/report.md").read_text("utf-8").split("\n## The analyst's hand\n")[1]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", part, re.MULTILINE))
    known = {
        "takeaways": hands.TAKEAWAY_KEYS,
        "chapters": hands.CHAPTER_KEYS,
        "text": hands.SENTENCE_KEYS,
        "attribution": hands.ATTRIBUTION_KEYS,
        "recommendations": hands.RECOMMENDATION_KEYS,
        "corrections": hands.CORRECTION_KEYS,
        "exhibits": hands.EXHIBIT_KEYS,
    }
    assert set(rows) == set(known)
    values = {*CHAPTERS, *hands.CONFIDENCES, "none"}
    for name, said in rows.items():
        named = set(re.findall(r"`(\w+)`", said)) - (values if name != "exhibits" else set())
        assert named == set(known[name]), name
    for chapter in CHAPTERS:
        assert f"`{chapter}`" in rows["chapters"]
