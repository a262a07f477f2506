"""Which codes of a codebook stand in which posts, found by terms and patterns in linear time, or given by people.

Texts and terms are made alike first: invisible signs are left out, then Unicode NFKC and case
folding. A term is a whole word where its script puts spaces between words, and any part of the
text where it does not (Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan). Matching is RE2's,
in DuckDB: its time grows with the text and never with what the text holds.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pandas as pd

#: signs that nobody sees: soft hyphen, zero-width and direction marks, byte-order mark
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
#: scripts that put no space between words: as RE2 calls them, as Unicode names their letters
_UNSPACED = {
    "Han": "CJK",
    "Hiragana": "HIRAGANA",
    "Katakana": "KATAKANA",
    "Thai": "THAI",
    "Lao": "LAO",
    "Khmer": "KHMER",
    "Myanmar": "MYANMAR",
    "Tibetan": "TIBETAN",
}
_EDGE = r"[^\pL\pN\pM_]|[" + "".join(rf"\p{{{script}}}" for script in _UNSPACED) + "]"
_SHORT = 1000  # characters in which no run of marks is long enough to cost time
_TERMS = 200  # terms of one expression: a larger one would leave RE2's fast way

Read = Callable[..., Iterator[pd.DataFrame]]


def produce(read: Read, *, codebook: str) -> pd.DataFrame:
    """One row for each post and code found in it; `codebook` is the JSON of a list of codes."""
    rules = [(code["id"], expression) for code in json.loads(codebook) for expression in expressions(code)]
    found = [pd.DataFrame({"post_key": pd.Series(dtype="int64"), "code": pd.Series(dtype=object)})]
    with duckdb.connect() as connection:
        for part in read("SELECT post_key, text FROM all_posts WHERE text IS NOT NULL ORDER BY post_key"):
            texts = pd.DataFrame({"post_key": part["post_key"], "text": [alike(t) for t in part["text"]]})
            connection.register("texts", texts)
            for code, expression in rules:
                keys = connection.execute(
                    "SELECT post_key FROM texts WHERE regexp_matches(text, $1)", [expression]
                ).df()
                found.append(keys.assign(code=code))
            connection.unregister("texts")
    table = pd.concat(found, ignore_index=True)
    return table.drop_duplicates().sort_values(["post_key", "code"], ignore_index=True)


def alike(text: str) -> str:
    """`text` as it is compared: without invisible signs, NFKC, case folded, one kind of apostrophe."""
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", text).replace("\u2019", "'")
    if len(text) > _SHORT:
        text = _long_runs().sub(r"\1", text)
    text = unicodedata.normalize("NFKC", text)
    folded = text.casefold()
    return text if folded == text else unicodedata.normalize("NFKC", folded)


@functools.cache
def _long_runs() -> re.Pattern[str]:
    """Thirty marks above and below one letter, and the marks after them, which no language needs.

    Putting a run of marks in order takes time with the square of its length (Unicode's
    stream-safe format, UAX #15, ends a run after thirty for the same reason).
    """
    marks = [char for char in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(char)]
    listed = "".join(marks)
    return re.compile(f"([{listed}]{{30}})[{listed}]+")


def expressions(code: dict[str, Any]) -> list[str]:
    """The RE2 expressions of a code: its terms together, and each of its patterns."""
    terms = sorted({alike(term) for terms in code["terms"].values() for term in terms})
    out = []
    for left in (True, False):
        for right in (True, False):
            same = [t for t in terms if (_spaced(_first(t)), _spaced(_first(t[::-1]))) == (left, right)]
            before, after = f"(?:^|{_EDGE})" if left else "", f"(?:$|{_EDGE})" if right else ""
            for start in range(0, len(same), _TERMS):
                listed = "|".join(_quoted(term) for term in same[start : start + _TERMS])
                out.append(f"{before}(?:{listed}){after}")
    patterns = {pattern: None for patterns in code["patterns"].values() for pattern in patterns}
    return out + [f"(?i){pattern}" for pattern in patterns]


def _first(term: str) -> str:
    """The first sign of a term that is no space."""
    return term.strip()[:1]


def _spaced(char: str) -> bool:
    """Whether `char` is a letter or digit that must not touch another one: of a script with spaces."""
    if unicodedata.category(char or " ")[0] not in "LNM":
        return False
    return unicodedata.name(char, "").split(" ")[0] not in _UNSPACED.values()


def _quoted(term: str) -> str:
    """The term as an expression: its signs mean themselves, a space is any white space."""
    signs = (
        "\\" + char if char.isascii() and not char.isalnum() else char for char in " ".join(term.split())
    )
    return "".join(signs).replace("\\ ", r"[\s\pZ]+")


def by_hand(read: Read, *, coders: str) -> pd.DataFrame:
    """One row for each code given; `coders` is the JSON of a list of [coder, platform, post, code].

    Posts that the case does not hold keep their rows, with a null `post_key`, so that they can be counted.
    """
    given = pd.DataFrame(json.loads(coders), columns=["coder", "platform", "post_id", "code"])
    query = "SELECT post_key, platform, post_id FROM all_posts WHERE post_id IN (SELECT unnest($ids))"
    wanted = sorted(set(given["post_id"]))
    known = list(read(query, ids=wanted)) if wanted else []
    keys = pd.concat(known) if known else pd.DataFrame(columns=["post_key", "platform", "post_id"])
    table = given.merge(keys, on=["platform", "post_id"], how="left")
    table["unit"] = table.groupby(["platform", "post_id"], sort=True).ngroup()
    table["post_key"] = table["post_key"].astype("Int64")
    return table[["unit", "post_key", "coder", "code"]].sort_values(
        ["unit", "coder", "code"], ignore_index=True
    )
