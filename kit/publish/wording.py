"""Words of a report that claim more than it shows: found before anything is built, said in one line each."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kit.claims import CLAIMS
from kit.errors import InputError, ReportError
from kit.locale import SOURCE
from kit.locale.catalogues import translations
from kit.publish.parameters import read
from kit.report import Report
from kit.report.hand import hand
from kit.wording import RULES, lint
from kit.wording.sentences import sentences, visible

#: where a text stands, its language, and itself
Text = tuple[str, str, str]
_ABOUT = ("title", "why", "description")  # of an exhibit; its text and translation are somebody else's words


def refuse(report: Report, sources: Iterable[Path], *, present: Collection[str] | None = None) -> None:
    """Raise the first fault in the words of a report; `present` are the findings that came out so."""
    found = list(faults(texts_of(report, sources), evidence_of(report, present)))
    if found:
        first, more = found[0], len(found) - 1
        hint = first.hint + (f" And {more} more: kit lint {report.name}" if more else "")
        raise ReportError(first.what, where=first.where, found=first.found, hint=hint)


def faults(texts: Iterable[Text], evidence: dict[str, tuple[str, ...]]) -> Iterator[ReportError]:
    """One error for each fault: where, which words, what to write."""
    for where, language, text in texts:
        for problem in lint(text, language, evidence=evidence):
            said = problem.instead
            hint = f"{said[0].upper()}{said[1:]}." if problem.rule == "unknown" else f"Write {said}."
            yield ReportError(RULES[problem.rule], where=where, found=problem.found, hint=hint)


def evidence_of(report: Report, present: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """What prose of a report may cite, with what it supports; a finding that is not present supports nothing."""
    listed = {id_: tuple(entry["supports"]) for id_, entry in report.evidence.items()}
    for name, claim in CLAIMS.items():
        listed[f"finding: {name}"] = claim.supports if present is None or name in present else ()
    return listed


def texts_of(report: Report, sources: Iterable[Path]) -> Iterator[Text]:
    """Whatever an analyst wrote: the report file, its lists, and the notebooks with their translations."""
    file, language = f"{report.name}/report.yml", report.languages[0]
    for key, said in report.prose.items():
        for code, text in said.items():
            yield f"{file}, {key.replace('inclusion_rule', 'inclusion.rule')}", code, text
    for where, code, text in of_hand(report):
        yield where, code, text
    for number, row in enumerate(report.published, 1):
        yield f"{file}, published {number}, note", language, str(row.get("note") or "")
    for row in report.events:
        yield f"{report.name}, events, line {row['line']}", language, row["label"]
        for code in report.languages:
            yield f"{report.name}, events, line {row['line']}", code, row.get(f"label_{code}", "")
    for entry in report.codebook:
        for spoken, text in entry["label"].items():
            yield f"{report.name}, codebook, {entry['id']}, label", spoken, text
    seen = set()
    for row in report.labels:  # thousands of accounts share a few reasons
        if (reason := row.get("reason") or "") not in seen:
            seen.add(reason)
            yield f"{report.name}, labels, line {row['line']}", language, reason
    for path in sources:
        yield from of_notebook(path, SOURCE if SOURCE in report.languages else language)
        for code in report.languages:
            po = path.parent / "locale" / code / f"{path.stem}.po"
            for number, text in enumerate(translations(po, code).values(), 1):
                yield f"locale/{code}/{po.name}, text {number}", code, text


def of_hand(report: Report) -> Iterator[Text]:
    """What the analyst wrote for the front, but for the title; who is behind it is held against its own evidence."""
    given, file = hand(report), f"{report.name}/report.yml"
    named = [
        (f"{file}, {key}", getattr(given, key))
        for key in ("institution", "targets_noun", "licence", "warning")
    ]
    named += [(said.where, said.words) for said in given.prose() if said is not given.title]
    named += [(one.said.where, one.said.words) for one in given.corrections]
    named += [(f"{one.said.where}, to", one.to) for one in given.recommendations]
    named += [(f"{one.where}, {key}", getattr(one, key)) for one in given.exhibits for key in _ABOUT]
    proofs = ", ".join(_cited(given.attribution.evidence)) if given.attribution else ""
    for where, words in named:
        attributing = given.attribution is not None and words is given.attribution.said.words
        for code, text in words.items():
            yield where, code, _citing(text, proofs) if attributing else text


def _cited(proofs: Iterable[str]) -> list[str]:
    """Documents and findings as prose cites them."""
    return [one if re.fullmatch(r"E\d+", one) else f"finding: {one}" for one in proofs]


def _citing(text: str, proofs: str) -> str:
    """A text each of whose sentences cites `proofs`, before its stop."""
    said = [text[start:end].strip() for start, end in sentences(visible(text))]
    return " ".join(f"{one.rstrip('.!? ')} [{proofs}]." for one in said)


def of_notebook(path: Path, language: str) -> Iterator[Text]:
    """The prose of a notebook: Markdown cells, and what code cells give to `kit.note`."""
    for number, cell in enumerate(read(path)["cells"], 1):
        where = f"{path.name}, cell {number}"
        if cell["cell_type"] == "markdown":
            yield where, language, cell["source"]
        elif cell["cell_type"] == "code":
            for text in _noted(cell["source"]):
                yield where, language, text


def _noted(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return  # the run says what is wrong with it
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "note":
            for node in (n for argument in call.args for n in ast.walk(argument)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def of_file(path: Path, language: str) -> Iterator[Text]:
    """The prose of a notebook or of a text file."""
    if path.suffix == ".ipynb":
        yield from of_notebook(path, language)
        return
    try:
        yield path.name, language, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read as text", where=str(path), hint="Save it as UTF-8.") from error
