"""In which language is each post written? Found from the text; "other" and "und" (unknown) are values.

Rule, stated so that it can be checked:

1. Links, mentions and tags go; the first 5,000 signs are looked at.
2. Fewer than 6 letters, or a single word of Latin or another spaced script, is unknown. A Han sign weighs
   as much as three letters, for a word has about five letters or one to two signs.
3. The writing system of most letters decides first. Where none of the languages asked about is written in
   it, the text is "other": Thai is never English. Han with more than a tenth of kana is Japanese.
4. Where several languages share the writing system, lingua weighs them, with some widespread neighbours
   beside them: without Spanish beside it, French would be the best guess for Spanish. Text that fits the
   neighbours, with at least 0.8 of the weight, is "other".
5. `certainty` = share of the letters in that writing system × lingua's relative confidence; below `LIMIT`
   the text is unknown. At 0.6 the runner-up has at most 0.4. Measured on pieces of invented posts of two to
   five words (6,000 of each length): under 1 in 100 went wrong, and half (two words) to a fifth (five
   words) stayed unknown.
"""

from __future__ import annotations

import functools
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit import threads
from kit.errors import MetricError, nearest
from kit.texts.letters import SCRIPTS, counts, script_table
from kit.texts.normal import plain

LANGUAGES = ("en", "fr", "zh")
OTHER, UNKNOWN = "other", "und"
LIMIT = 0.6
FOREIGN = 0.8  # least weight of all neighbours together; at 0.6 one short French post in eight went to them
LETTERS = 6
LONGEST = 5_000  # signs of a text that are looked at
_HAN, _KANA, _LATIN = (SCRIPTS.index(name) for name in ("han", "kana", "latin"))
_WEIGHTS = np.array([{"han": 3.0, "kana": 2.0, "hangul": 2.0}.get(name, 1.0) for name in SCRIPTS])
_SPACELESS = tuple(SCRIPTS.index(name) for name in ("han", "kana", "thai", "unnamed"))
#: writing system of lingua's languages; all others are written in Latin letters
WRITTEN_IN = {
    "han": "zh", "kana": "ja", "hangul": "ko", "thai": "th", "greek": "el", "armenian": "hy", "hebrew": "he",
    "georgian": "ka", "bengali": "bn", "gurmukhi": "pa", "gujarati": "gu", "tamil": "ta", "telugu": "te",
    "devanagari": "hi mr", "arabic": "ar fa ur", "cyrillic": "be bg kk mk mn ru sr uk",
}  # fmt: skip
#: weighed beside the languages asked about, so that they are not taken for them
NEIGHBOURS = {"latin": "es pt id de it", "cyrillic": "ru uk bg", "arabic": "ar fa ur", "devanagari": "hi mr"}
_NO_LETTERS = re.compile(r"[\ud800-\udfff\x00]+")


def produce(read: Callable[..., Iterator[pd.DataFrame]], *, languages: Sequence[str] = LANGUAGES) -> Any:
    """The table `languages`: post_key, language_found, certainty."""
    known = checked(languages)
    parts = []
    for part in read("SELECT post_key, text FROM all_posts WHERE trim(text) <> '' ORDER BY post_key"):
        table = found(part["text"].tolist(), known)
        parts.append(table.assign(post_key=part["post_key"].to_numpy()))
    columns = ["post_key", "language_found", "certainty"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def checked(languages: Sequence[str]) -> tuple[str, ...]:
    """`languages` where each is a code that lingua knows, in order and once; else an error."""
    codes = [languages] if isinstance(languages, str) else list(languages)
    known = _codes()
    for code in codes:
        if code not in known:
            raise MetricError("unknown language in 'languages'", found=code, hint=nearest(str(code), known))
    if not codes:
        raise MetricError(
            "'languages' names no language", hint="Name those of the report, such as en, fr, zh."
        )
    return tuple(sorted(set(codes)))


def found(texts: Sequence[str], languages: Sequence[str] = LANGUAGES) -> pd.DataFrame:
    """language_found and certainty of each text; the same text is looked at once."""
    shown = [_readable(text) for text in texts]
    unique = list(dict.fromkeys(shown))
    codes, certainty = _decide(unique, tuple(languages))
    place = {text: i for i, text in enumerate(unique)}
    at = [place[text] for text in shown]
    return pd.DataFrame({"language_found": codes[at], "certainty": certainty[at]})


def _readable(text: str) -> str:
    """What is looked at: styled letters as plain ones, no signs that are no text."""
    return plain(unicodedata.normalize("NFKC", _NO_LETTERS.sub(" ", text[:LONGEST])))


def _decide(texts: list[str], languages: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    letters = counts(texts, script_table(), len(SCRIPTS) + 1)[:, 1:] * _WEIGHTS
    japanese = letters[:, _KANA] > 0.1 * (letters[:, _KANA] + letters[:, _HAN])
    both = letters[:, _KANA] + letters[:, _HAN]
    letters[:, _KANA], letters[:, _HAN] = np.where(japanese, both, 0), np.where(japanese, 0, both)
    total = letters.sum(axis=1)
    script = letters.argmax(axis=1) if len(texts) else np.zeros(0, int)
    share = letters.max(axis=1, initial=0) / np.maximum(total, 1)
    alone = np.array([" " not in text for text in texts], bool) & ~np.isin(script, _SPACELESS)
    enough = (total >= LETTERS) & ~alone
    codes = np.full(len(texts), UNKNOWN, dtype=object)
    certainty = np.where(enough, share, 0.0)
    for number, name in enumerate(SCRIPTS):
        rows = np.flatnonzero(enough & (script == number))
        mine = [code for code in languages if code in _written(name)]
        if not mine:
            codes[rows] = OTHER
            continue
        rivals = [code for code in NEIGHBOURS.get(name, "").split() if code not in mine]
        if len(mine) + len(rivals) == 1:
            codes[rows] = mine[0]
            continue
        codes[rows], sure = _weighed([texts[i] for i in rows], tuple(mine), tuple(rivals))
        certainty[rows] *= np.round(sure, 9)  # lingua adds up in another order each time
    codes[certainty < LIMIT] = UNKNOWN
    return codes, certainty


def _weighed(
    texts: list[str], mine: tuple[str, ...], rivals: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The best of `mine`, or "other" where one of the rivals weighs more, with the weight of all rivals."""
    codes, sure = np.full(len(texts), OTHER, dtype=object), np.zeros(len(texts))
    if not texts:
        return codes, sure
    values = _detector((*mine, *rivals)).compute_language_confidence_values_in_parallel(texts)
    for i, row in enumerate(values):
        weight = {v.language.iso_code_639_1.name.lower(): v.value for v in row}
        best = max(mine, key=lambda code: weight.get(code, 0.0))
        foreign = [weight.get(code, 0.0) for code in rivals]
        if weight.get(best, 0.0) >= max(foreign, default=0.0):
            codes[i], sure[i] = best, weight.get(best, 0.0)
        else:
            sure[i] = sum(foreign)
            codes[i] = OTHER if sure[i] >= FOREIGN else UNKNOWN
    return codes, sure


def _written(script: str) -> frozenset[str]:
    elsewhere = frozenset(" ".join(WRITTEN_IN.values()).split())
    return _codes() - elsewhere if script == "latin" else frozenset(WRITTEN_IN.get(script, "").split())


def _lingua() -> Any:
    os.environ.setdefault("RAYON_NUM_THREADS", str(threads.many()))  # read when it first weighs many texts
    try:
        import lingua
    except ImportError:
        raise MetricError(
            "languages of posts need the library lingua, which is not installed",
            hint="Run make setup, or: pip install 'daylight-kit[lang]'.",
        ) from None
    return lingua


@functools.cache
def _codes() -> frozenset[str]:
    """ISO 639-1 codes of the languages that lingua knows."""
    return frozenset(language.iso_code_639_1.name.lower() for language in _lingua().Language.all())


@functools.lru_cache(maxsize=8)
def _detector(codes: tuple[str, ...]) -> Any:
    lingua = _lingua()
    given = [getattr(lingua.IsoCode639_1, code.upper()) for code in codes]
    return lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*given).build()
