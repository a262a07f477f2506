"""The codebook of a report and the files of the people who coded posts by hand.

A codebook is a YAML file that says which narratives there are and which words stand for them:

    codes:
      - id: ferry
        label: {en: The harbour ferry, fr: Le traversier}
        kind: campaign                       # campaign, everyday or other
        terms: {en: [harbour ferry], zh: [渡轮], any: ["#HarbourWeek"]}
        patterns: {en: ['ferr(y|ies) (captain|timetable)']}
        note: What counts, and what does not.

Terms and patterns are looked for in every post, whatever its language: the language only says for whom
they were written. `docs/codebook.md` tells how they are read. A coder's file is a CSV of the columns
post, platform, code, and, if wanted, coder and date; the code `none` says that no code fits.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kit.errors import ReportError, nearest, printable
from kit.locale import LANGUAGES
from kit.report import checks
from kit.schema import PLATFORMS

CODE_KINDS = ("campaign", "everyday", "other")
NONE = "none"  # what a coder writes where no code fits
KEYS = {"codes": list, "version": (str, int, float), "note": str}
CODE_KEYS = {"id": str, "label": (str, dict), "kind": str, "terms": dict, "patterns": dict, "note": str}
CODER_COLUMNS = ("post", "platform", "code", "coder", "date")
CODER_REQUIRED = CODER_COLUMNS[:3]
LONGEST = 500  # characters of a term or pattern: longer ones are a mistake of quotation marks


def read_codebook(path: Path, languages: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """The codes of a codebook in order, each with id, label by language, kind, terms, patterns and note."""
    where = str(path)
    content = checks.read_yaml(path)
    checks.check_keys(content, KEYS, where)
    if not content.get("codes"):
        raise ReportError("key 'codes' is missing or empty", where=where, hint="List at least one code.")
    codes: list[dict[str, Any]] = []
    for number, entry in enumerate(content["codes"], 1):
        here = f"{where}, code {number}"
        if not isinstance(entry, dict):
            raise ReportError("a code is a mapping with id, label and kind", where=here, found=entry, hint="")
        checks.check_keys(entry, CODE_KEYS, here)
        code = _code(entry, tuple(languages), here)
        if code["id"] in {c["id"] for c in codes}:
            raise ReportError("the id stands twice", where=here, found=code["id"], hint="Rename one of them.")
        if same := {*code["label"].items()} & {item for c in codes for item in c["label"].items()}:
            what, hint = "two codes have one label", "A reader could not tell them apart."
            raise ReportError(what, where=here, found=min(same)[1], hint=hint)
        codes.append(code)
    return tuple(codes)


def _code(entry: dict[str, Any], languages: tuple[str, ...], where: str) -> dict[str, Any]:
    id_ = entry.get("id") or ""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", id_) or id_ in (NONE, *CODE_KINDS):
        hint = f"Use small letters, digits and _; '{NONE}' and the kinds are taken."
        raise ReportError("key 'id' is missing or no name for a code", where=where, found=id_, hint=hint)
    where = f"{where} ({id_})"
    kind = entry.get("kind") or ""
    if kind not in CODE_KINDS:
        raise ReportError("unknown kind", where=where, found=kind, hint=nearest(kind, CODE_KINDS))
    found = {
        key: {
            language: _words(words, key, language, where)
            for language, words in (entry.get(key) or {}).items()
            if words is not None
        }
        for key in ("terms", "patterns")
    }
    if not any(words for part in found.values() for words in part.values()):
        raise ReportError(
            "the code has neither terms nor patterns", where=where, hint="Nothing could be found."
        )
    label = _label(entry.get("label"), languages, where)
    return {"id": id_, "label": label, "kind": kind, **found, "note": (entry.get("note") or "").strip()}


def _label(value: Any, languages: tuple[str, ...], where: str) -> dict[str, str]:
    """The label by language: one text for all, or one for each; other languages of the kit may be there too."""
    if isinstance(value, dict):
        checks.check_keys(value, dict.fromkeys(LANGUAGES, str), f"{where}, label")
    labels = value if isinstance(value, dict) else dict.fromkeys(languages, value)
    missing = [language for language in languages if not (labels.get(language) or "").strip()]
    if missing:
        hint = "Give one for each language of the report, or one text for all."
        raise ReportError(f"key 'label' has no text in '{missing[0]}'", where=where, hint=hint)
    return {language: text.strip() for language, text in labels.items() if text}


def _words(words: Any, key: str, language: Any, where: str) -> tuple[str, ...]:
    """Terms or patterns of one language, each one checked."""
    here = f"{where}, {key}.{printable(language)}"
    if not re.fullmatch(r"any|[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", str(language)):
        hint = "Write a code such as en, fr or zh, or 'any'."
        raise ReportError("not the code of a language", where=here, found=language, hint=hint)
    checks.check_kind(words, (list,), f"'{key}.{language}'", where)
    for number, word in enumerate(checks.texts(words, f"{key}.{language}", where), 1):
        at = f"{here}, entry {number}"
        if len(word) > LONGEST:
            hint = f"At most {LONGEST} characters; look for a missing quotation mark."
            raise ReportError("is too long", where=at, found=word, hint=hint)
        if key == "patterns":
            _check_pattern(word, at)
        elif not any(unicodedata.category(char)[0] in "LNS" for char in word):
            hint = "A term has at least one letter, digit or sign."
            raise ReportError("a term without a letter", where=at, found=word, hint=hint)
    return tuple(words)


def _check_pattern(pattern: str, where: str) -> None:
    """Refuse what RE2 cannot compile, and what would find every post."""
    import duckdb  # takes long to load, and few reports have patterns

    try:
        finds_all = _empty_matches(pattern)
    except duckdb.Error as error:
        reason = printable(str(error).splitlines()[0].rpartition("Error: ")[2], 120)
        hint = f"{reason[:1].upper()}{reason[1:]}. Patterns are those of RE2: no look-around, no back-references."
        raise ReportError("not a pattern", where=where, found=pattern, hint=hint) from None
    if finds_all:
        hint = "It also fits an empty text, and so every post: ask for at least one letter."
        raise ReportError("the pattern finds everything", where=where, found=pattern, hint=hint)


@functools.lru_cache(maxsize=4096)
def _empty_matches(pattern: str) -> bool:
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute("SELECT regexp_matches('', $1)", [f"(?i){pattern}"]).fetchall()
    return bool(rows[0][0])


def read_coders(
    lists: Iterable[Mapping[str, Any]],
    paths: Iterable[Path],
    codebook: Iterable[Mapping[str, Any]],
    where: str,
) -> tuple[tuple[dict[str, str], ...], ...]:
    """The rows of each coder's file; whatever cannot be compared between coders is refused."""
    codes = [code["id"] for code in codebook]
    if not codes:
        hint = "Add `codebook: codebook.yml`."
        raise ReportError("coders need the codebook they coded by", where=where, hint=hint)
    files: list[tuple[dict[str, str], ...]] = []
    names: dict[str, Path] = {}
    for listed, path in zip(lists, paths, strict=True):
        maps = {name: listed.get(name) for name in ("columns", "constants")}
        rows = checks.read_list(path, listed["path"], CODER_REQUIRED, CODER_COLUMNS, where, **maps)
        for row in rows:
            _check_row(row, codes, path)
        _check_answers(rows, path)
        coders = sorted({row.get("coder") or "" for row in rows} - {""})
        if len(coders) > 1:
            what = f"holds the codes of {len(coders)} coders"
            raise ReportError(what, where=str(path), hint="Give each coder a file.")
        if coders and coders[0] in names:
            what, hint = "is by the same coder as another file", "Nobody can agree or disagree with oneself."
            raise ReportError(what, where=str(path), found=names[coders[0]].name, hint=hint)
        names |= dict.fromkeys(coders, path)
        files.append(rows)
    return tuple(files)


def _check_row(row: dict[str, str], codes: list[str], path: Path) -> None:
    here = f"{path}, line {row['line']}"
    if empty := [name for name in CODER_REQUIRED if not row[name]]:
        hint = f"Write '{NONE}' where no code fits." if empty == ["code"] else "Every row must give it."
        raise ReportError(f"field '{empty[0]}' is empty", where=here, hint=hint)
    for column, valid in (("platform", PLATFORMS), ("code", (*codes, NONE))):
        if row[column] not in valid:
            what = f"unknown {column}" if column == "platform" else "a code that the codebook does not have"
            raise ReportError(what, where=here, found=row[column], hint=nearest(row[column], valid))
    checks.day(row.get("date") or None, here, "date")


def _check_answers(rows: Iterable[dict[str, str]], path: Path) -> None:
    """A post may have several codes, but no code twice, and none beside `none`."""
    given: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        here, mine = f"{path}, line {row['line']}", given.setdefault((row["platform"], row["post"]), {})
        if row["code"] in mine:
            what = f"post and code stand already on line {mine[row['code']]}"
            raise ReportError(what, where=here, found=row["code"], hint="Remove one of them.")
        mine[row["code"]] = row["line"]
        if NONE in mine and len(mine) > 1:
            what = f"the post has '{NONE}' and a code (line {min(mine.values(), key=int)})"
            raise ReportError(what, where=here, found=row["post"], hint="Keep what is right.")
