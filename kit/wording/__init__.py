"""Words that a finding may use: a linter for prose, in English and French.

`lint(text, "en", evidence={"E1": ["attributed"]})` says which words of a text claim more than it shows:

- a likelihood in other words than the seven of ICD 203, or in one of the seven without its range;
- a likelihood and a confidence in one sentence;
- *bot*, *troll*, *coordinated*, *state-backed* and the like in a sentence that cites no evidence for it;
- *guilty* and the like, always.

Studied is not guilty. Co-active is not coordinated, coordinated is not inauthentic, inauthentic is not
attributed: evidence says which of these it supports, and supports no other. What is denied, asked, defined
or named as a word is no claim. The words are data in `terms`; `likelihood` writes one of the seven.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kit.errors import ReportError, nearest
from kit.wording import terms
from kit.wording.scale import SCALE, likelihood, table
from kit.wording.sentences import cited, sentences, squeezed, visible
from kit.wording.terms import RUNGS

__all__ = ["RUNGS", "Problem", "likelihood", "lint", "table"]

#: rules, and what breaks each
RULES = {
    "likelihood": "a likelihood in other words than the seven",
    "range": "a likelihood without its range",
    "confidence": "likelihood and confidence in one sentence",
    "evidence": "an accusing word without evidence for it",
    "unknown": "evidence that is not listed",
    "guilt": "a word of guilt",
}


REACH = 14  # how many words an opener governs
NEAR = 300  # characters around a word that are looked at


@dataclass(frozen=True)
class Problem:
    """Words that claim too much: the rule, where (characters and sentence), what was found, what to write."""

    rule: str
    start: int
    end: int
    sentence: str
    found: str
    instead: str


def lint(text: str, language: str, *, evidence: Mapping[str, Collection[str]] | None = None) -> list[Problem]:
    """What must be worded otherwise in `text` (plain or Markdown), in order.

    `evidence` is what the text may cite: an id (`E1`, or `finding: NAME`) and the rungs that it supports.
    """
    if language not in terms.TERMS:  # silence would pass whatever is written
        hint = "Write its words in kit/wording/terms.py and kit/wording/scale.py."
        raise ReportError(f"there are no lists of words in '{language}' to hold a text against", hint=hint)
    seen = visible(text)
    problems: list[Problem] = []
    said: set[str] = set()
    for start, end in sentences(seen):
        sentence, places = squeezed(seen, start, end)
        found = [
            *_likelihoods(sentence, language, said),
            *_accusations(sentence, language, evidence or {}),
        ]
        for rule, at, to, instead in sorted(found, key=lambda p: (p[1], p[2])):
            first, last = places[at], places[to - 1] + 1
            shown = " ".join(text[start:end].split())
            problems.append(Problem(rule, first, last, shown, " ".join(text[first:last].split()), instead))
    return problems


_Found = tuple[str, int, int, str]  # rule, start and end in the sentence, what to write


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """A pattern of `terms`, whole words only, whatever the case."""
    return re.compile(rf"(?<![\w-])(?:{source})(?:(?<=')|(?![\w-]))", re.IGNORECASE)


@cache
def _raw(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def _likelihoods(sentence: str, language: str, said: set[str]) -> Iterator[_Found]:
    """Likelihoods in other words, without their range, or beside a confidence; `said` are words ranged before."""
    taken: list[tuple[int, int]] = []
    others = [m.span() for m in _others(sentence, language)]
    for step in sorted(SCALE, key=lambda s: -len(s.forms[language])):
        word = f"{step.word[language]} ({step.range(language)})"
        for match in _pattern(step.forms[language]).finditer(sentence):
            if _inside(match.span(), taken) or _named(sentence, match, language):
                continue
            if _raw(terms.COMPARED[language]).search(_around(sentence, match)[0]):
                continue
            if _inside(match.span(), others):
                continue
            taken.append(match.span())
            given = re.match(
                r"\s*\(\s*(\d+)\s*(?:%|)\s*(?:–|-|to|à)\s*(\d+)\s*%\s*\)", sentence[match.end() :]
            )
            if given is None and step.word["en"] not in said:
                yield "range", *match.span(), f"'{word}'"
            elif given and (int(given[1]), int(given[2])) != (step.low, step.high):
                yield "range", match.start(), match.end() + given.end(), f"'{word}'"
            said.add(step.word["en"])
    for match in _others(sentence, language):
        if _inside(match.span(), taken) or _named(sentence, match, language):
            continue
        taken.append(match.span())
        for pattern, meant in terms.OTHER_WORDS[language]:
            if _pattern(pattern).fullmatch(match.group()):
                step = next(s for s in SCALE if meant == s.word[language])
                yield "likelihood", *match.span(), f"'{meant} ({step.range(language)})' if that is meant"
                break
    if taken and (sure := _pattern(terms.CONFIDENCE[language]).search(sentence)):
        yield "confidence", *sure.span(), "how sure you are in a sentence of its own"


def _others(sentence: str, language: str) -> list[re.Match[str]]:
    every = "|".join(f"(?:{pattern})" for pattern, _meant in terms.OTHER_WORDS[language])
    return list(_pattern(every).finditer(sentence))


def _accusations(sentence: str, language: str, evidence: Mapping[str, Collection[str]]) -> Iterator[_Found]:
    """Words of a rung without evidence that supports it, words of guilt, and evidence that nobody lists."""
    ids = cited(sentence)
    for id_ in ids:
        if id_ not in evidence:
            at = sentence.find(id_.partition(": ")[2] or id_)
            near = nearest(id_, evidence)
            hint = near if near.startswith("did") else "list it under 'evidence:' in report.yml"
            yield "unknown", at, at + len(id_.partition(": ")[2] or id_), hint
    matches = [(m, t) for t in terms.TERMS[language] for m in _pattern(t.pattern).finditer(sentence)]
    taken: list[tuple[int, int]] = []
    for match, term in sorted(matches, key=lambda found: (found[0].start(), -found[0].end())):
        if _inside(match.span(), taken) or not _claims(sentence, match, language):
            continue
        taken.append(match.span())
        if term.rung == "guilt":
            yield "guilt", *match.span(), f"'{term.instead}'"
        elif set(ids) <= set(evidence) and not any(term.rung in evidence[id_] for id_ in ids):
            cite = f"cite evidence that supports '{term.rung}' in the same sentence, such as [E1]"
            only = ", ".join(f"{i} supports {' and '.join(evidence[i]) or 'no claim'}" for i in ids)
            yield "evidence", *match.span(), f"'{term.instead}', or {cite}" + (f" ({only})" if only else "")


def _inside(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _around(sentence: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands near a match, before and after; a sentence that never ends is not read again for each word."""
    return sentence[max(0, match.start() - NEAR) : match.start()], sentence[match.end() : match.end() + NEAR]


def _named(sentence: str, match: re.Match[str], language: str) -> bool:
    """Whether the words are spoken of, as in: the word "likely"."""
    before, after = _around(sentence, match)
    quoted = re.search(r"""["“«'*_]\s*$""", before) and re.match(r"""\s*["”»'*_]""", after)
    words = r"\b(?:words?|terms?|labels?|phrases?|mots?|termes?|libellés?)\b[^.;:]{0,60}$"
    return bool(quoted and re.search(words, before, re.IGNORECASE))


def _claims(sentence: str, match: re.Match[str], language: str) -> bool:
    """Whether the sentence says so: not where it is denied, left open, asked, defined or named as a word."""
    before, after = _around(sentence, match)
    if _raw(terms.QUESTION[language]).search(sentence[:NEAR]) and sentence.rstrip(' *_\n"»)').endswith("?"):
        return False
    if _raw(terms.DENIED[language]).match(after) or _named(sentence, match, language):
        return False
    first, then = terms.GENERIC[language]
    if _raw(first).search(before) and _raw(then).match(after):
        return False
    affirming = [m.span() for m in _raw(terms.AFFIRMING[language]).finditer(before + match.group() + after)]
    clause = 0
    for end in _raw(terms.CLAUSE[language]).finditer(before):
        clause = end.end()
    openers = [m for m in _raw(terms.OPENERS[language]).finditer(before) if m.start() >= clause]
    openers = [m for m in openers if not _inside(m.span(), affirming)]
    return not any(len(before[m.end() :].split()) <= REACH for m in openers)
