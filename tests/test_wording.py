"""Prose claims no more than it shows: the linter catches what it should, leaves the rest, and passes our own."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_corpus import ACCUSING, EVIDENCE, INNOCENT

from kit import report as reports
from kit import wording
from kit.claims import CLAIMS, FACTS
from kit.errors import MetricError, ReportError
from kit.locale import LANGUAGES, extract
from kit.locale.catalogues import read
from kit.publish.stages import source_of
from kit.publish.wording import evidence_of, faults, refuse, texts_of
from kit.wording import RULES, RUNGS, likelihood, lint, terms
from kit.wording.scale import SCALE

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "wording.md"
BOTH = ("en", "fr")


def told(text: str, language: str = "en", **more: object) -> list[tuple[str, str]]:
    """Rule and words of every problem."""
    return [(p.rule, p.found) for p in lint(text, language, evidence=EVIDENCE, **more)]


# --- the corpora


@pytest.mark.parametrize("language", BOTH)
def test_innocent_sentences_are_left_alone(language: str) -> None:
    assert len(INNOCENT[language]) >= 50
    alarms = {s: found for s in INNOCENT[language] if (found := told(s, language))}
    assert not alarms


@pytest.mark.parametrize("language", BOTH)
def test_every_accusing_sentence_is_caught(language: str) -> None:
    missed = [
        (s, told(s, language)) for s, *what in ACCUSING[language] if tuple(what) not in told(s, language)
    ]
    assert not missed


@pytest.mark.parametrize("language", BOTH)
def test_every_rule_and_every_term_has_its_sentence(language: str) -> None:
    assert {rule for _s, rule, _w in ACCUSING[language]} == set(RULES)
    said = [wording.visible(s) for s, *_what in ACCUSING[language]]
    idle = [
        t.pattern
        for t in terms.TERMS[language]
        if not any(wording._pattern(t.pattern).search(s) for s in said)
    ]
    assert not idle, "each line of terms.py needs an accusing sentence"
    assert {t.rung for t in terms.TERMS[language]} == {"guilt", *RUNGS} - {"co-active"}


def test_every_language_has_its_words() -> None:
    tables = {
        name: value for name, value in vars(terms).items() if name.isupper() and isinstance(value, dict)
    }
    lacking = [
        f"kit/wording/terms.py: {name} lacks '{code}'"
        for name in tables
        for code in LANGUAGES
        if code not in tables[name]
    ]
    lacking += [
        f"kit/wording/scale.py: {step.low}–{step.high} % lacks '{code}'"
        for step in SCALE
        for code in LANGUAGES
        if code not in step.word
    ]
    assert not lacking, "\n".join(lacking)


def test_a_language_without_words_is_refused_not_passed() -> None:
    with pytest.raises(
        ReportError, match=r"^there are no lists of words in 'es'.*kit/wording/terms.py"
    ) as told:
        lint("Son bots.", "es")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("language", BOTH)
def test_a_whole_text_of_innocent_sentences_stays_innocent(language: str) -> None:
    """Sentences do not lend each other their words: as one paragraph, wrapped, and as a list."""
    sentences = [s for s in INNOCENT[language] if "(" not in s]
    for text in (" ".join(sentences), "\n".join(f"- {s}" for s in sentences), "\n\n".join(sentences)):
        assert told(text, language) == []
    wrapped = re.sub(r"(?<=\w) (?=\w)", "\n", sentences[0])
    assert told(wrapped, language) == []


def test_a_denial_covers_its_own_sentence_only() -> None:
    assert told("A new account is not a bot. The others are bots.") == [("evidence", "bots")]
    assert told("- not a bot\n- a bot") == [("evidence", "bot")]
    assert told("# No bots\n\nThe bots came back.") == [("evidence", "bots")]
    assert told("No bots.\nThe bots\ncame back.") == [("evidence", "bots")]


def test_where_it_is_and_what_to_write_are_told() -> None:
    text = "Intro.\n\nThe *studied*\naccounts   are troll\nfarms. End."
    (problem,) = lint(text, "en")
    assert text[problem.start : problem.end] == "troll\nfarms"
    assert problem.found == "troll farms"
    assert problem.sentence == "The *studied* accounts are troll farms."
    assert "'account'" in problem.instead
    assert "[E1]" in problem.instead
    (problem,) = lint("They live abroad, probably.", "en")
    assert problem.instead == "'likely (55–80 %)' if that is meant"
    (problem,) = lint("Ils vivent probablement ailleurs.", "fr")
    assert problem.instead == "'probable (55–80\u202f%)' if that is meant"


# --- evidence


def test_evidence_supports_its_own_rung_and_no_other() -> None:
    claims = {
        "automated": "These accounts are bots",
        "coordinated": "The accounts are coordinated",
        "inauthentic": "The accounts are inauthentic",
        "attributed": "The accounts are state-backed",
    }
    for rung in RUNGS:
        for claimed, sentence in claims.items():
            problems = lint(f"{sentence} [E7].", "en", evidence={"E7": (rung,)})
            assert bool(problems) == (rung != claimed), (rung, claimed)
            if problems:
                assert f"E7 supports {rung}" in problems[0].instead


@pytest.mark.parametrize(
    "citation",
    ["[E1]", " [E1]", " [E2, E1]", " [E2; E1]", ", [E1]", " [finding: together]", " [finding:together, E2]"],
)
def test_ways_to_cite(citation: str) -> None:
    assert told(f"The accounts are coordinated{citation}.") == []
    assert told(f"The accounts are coordinated.{citation.lstrip(',')} They answered first.") == []


@pytest.mark.parametrize("citation", ["[1]", "(E1)", "E1", "[see E1]", "[E]", "[^E1]", "`[E1]`"])
def test_what_is_no_citation(citation: str) -> None:
    assert ("evidence", "coordinated") in told(f"The accounts are coordinated {citation}.")


def test_unknown_evidence_names_the_nearest() -> None:
    (problem,) = lint("As the notice says [finding: togethr].", "en", evidence=EVIDENCE)
    assert (problem.rule, problem.found) == ("unknown", "togethr")
    assert problem.instead == "did you mean 'finding: together'?"
    (problem,) = lint("As the notice says [E8].", "en")
    assert "evidence:" in problem.instead


# --- likelihood


def test_the_seven_words_cover_1_to_99_without_a_gap() -> None:
    assert len(SCALE) == 7
    assert (SCALE[0].low, SCALE[-1].high) == (1, 99)
    assert all(a.high == b.low for a, b in itertools.pairwise(SCALE))


@pytest.mark.parametrize(
    "probability,english,french",
    [
        (0.01, "almost no chance (1–5 %)", "presque aucune chance (1–5\u202f%)"),
        (0.05, "very unlikely (5–20 %)", "très improbable (5–20\u202f%)"),
        (0.2, "unlikely (20–45 %)", "improbable (20–45\u202f%)"),
        (0.45, "roughly even chance (45–55 %)", "chances à peu près égales (45–55\u202f%)"),
        (0.55, "roughly even chance (45–55 %)", "chances à peu près égales (45–55\u202f%)"),
        (0.56, "likely (55–80 %)", "probable (55–80\u202f%)"),
        (0.8, "likely (55–80 %)", "probable (55–80\u202f%)"),
        (0.95, "very likely (80–95 %)", "très probable (80–95\u202f%)"),
        (0.99, "almost certain (95–99 %)", "presque certain (95–99\u202f%)"),
    ],
)
def test_a_probability_has_its_word(probability: float, english: str, french: str) -> None:
    assert likelihood(probability) == english
    assert likelihood(probability, "fr") == french


@pytest.mark.parametrize("probability", [0, 0.009, 0.991, 1, -1, float("nan")])
def test_no_word_for_what_is_certain(probability: float) -> None:
    with pytest.raises(MetricError, match="no likelihood word"):
        likelihood(probability)


@given(st.floats(0.01, 0.99), st.sampled_from(BOTH))
def test_what_the_kit_writes_passes_its_own_linter(probability: float, language: str) -> None:
    word = likelihood(probability, language)
    assert told(f"{word}: they work in shifts.", language) == []
    low, high = map(int, re.findall(r"\d+", word))
    assert low <= round(probability * 100, 9) <= high


def test_a_range_is_printed_once_in_a_text_and_is_never_another() -> None:
    first = "It is likely (55–80 %) so."
    assert told(f"{first} It is likely that both are.") == []
    assert told(f"It is likely that both are. {first}") == [("range", "likely")]
    assert told(f"{first} It is likely (50-80 %) that both are.") == [("range", "likely (50-80 %)")]
    assert told("Il est probable (55 à 80\u202f%) que oui.", "fr") == []


# --- our own prose


def sayings() -> Iterator[tuple[str, str, str]]:
    """Whatever a fact or a finding may say: where, language, text."""
    for name, rule in CLAIMS.items():
        for text in (rule.title, rule.unit, *map(rule.text, rule.sentences), *rule.limits):
            yield name, "en", text
    for name, text in FACTS.items():
        yield name, "en", text
    for name, texts in extract.extract().items():
        for text in texts:
            for part in text if isinstance(text, tuple) else (text,):
                yield name, "en", part
        for message in read(extract.place(name, "fr"), "fr"):
            if message.id:
                for part in message.string if isinstance(message.string, tuple | list) else (message.string,):
                    yield f"{name}.po", "fr", part


def test_every_sentence_of_a_fact_or_finding_and_every_text_of_the_kit_passes() -> None:
    texts = list(sayings())
    assert {language for _where, language, _text in texts} == set(BOTH)
    assert len(texts) > 1000
    assert not [(where, p) for where, language, text in texts for p in lint(text, language)]


def test_no_count_supports_more_than_coordination() -> None:
    for name, rule in CLAIMS.items():
        assert set(rule.supports) <= {"co-active", "coordinated"}, name


@pytest.mark.parametrize("report", reports.names())
def test_the_prose_of_every_report_here_passes(report: str) -> None:
    loaded = reports.load(report)
    sources = [source_of(loaded, notebook) for notebook, _parameters in loaded.notebooks]
    texts = list(texts_of(loaded, sources))
    assert len(texts) > 10
    assert not list(faults(texts, evidence_of(loaded)))


def test_a_finding_that_did_not_come_out_present_supports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = dataclasses.replace(CLAIMS["creation_burst"], supports=("coordinated",))
    monkeypatch.setitem(CLAIMS, "creation_burst", rule)
    report = dataclasses.replace(
        reports.load("sample"), prose={"summary": {"en": "They are coordinated [finding: creation_burst]."}}
    )
    refuse(report, [])
    refuse(report, [], present=["creation_burst"])
    with pytest.raises(ReportError, match="summary: an accusing word without evidence"):
        refuse(report, [], present=["new_accounts"])


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_the_prose_of_every_notebook_passes(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    assert prose
    assert not [p for text in prose for p in lint(text, "en")]
    spoilt = [text.rstrip() + "\n\nThe accounts are coordinated." for text in prose]
    assert all(lint(text, "en") for text in spoilt), "prose around it hides nothing"


# --- whatever comes


@given(st.text(max_size=300), st.sampled_from(BOTH))
def test_any_text_can_be_read(text: str, language: str) -> None:
    for problem in lint(text + " bots", language):
        assert 0 <= problem.start < problem.end <= len(text) + 5
        assert problem.found == " ".join((text + " bots")[problem.start : problem.end].split())


def test_a_long_text_takes_no_long_time() -> None:
    """No pattern runs away on what repeats."""
    for part in (
        "not ",
        "a ",
        "the accounts are ",
        "[E1",
        "(((",
        "bots ",
        "``",
        "'",
        "- ",
        "coordination of the ",
    ):
        assert isinstance(lint(part * 1000, "en"), list)


# --- the page


def test_the_page_repeats_the_scale_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for language in BOTH:
        assert wording.table(language) in page
    for rung in RUNGS:
        assert f"`{rung}`" in page
