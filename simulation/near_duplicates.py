"""Short posts in three languages with planted near-duplicates: known truth for the search for them.

Words are made of syllables (signs, in Chinese) and drawn by Zipf's law, so that ordinary
posts share words as real ones do, but nobody wrote any of them. As in every language known
the words used most are short ones (Zipf's law of abbreviation): were they long, posts with
nothing in common would share most of their letters. A planted cluster is one post
and near-duplicates of it with one or two edits each, as campaigns make them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from simulation.draws import Draws

WORDS = 40_000
#: the words used most, and the shortest: nearly half of running text, as in English. All its words have then
#: 4.7 letters in the mean as English has, 5 in French, and in Chinese 1.5 signs
SMALL = 100
LENGTHS = (7, 12, 40)  # words of a post: fewest, median, most
LANGUAGES = {"en": 0.6, "fr": 0.2, "zh": 0.2}
EDITS = ("none", "link", "tag", "name", "case", "word", "drop", "typo")
_START = "b c d f g h j k l m n p r s t v w br cr st tr pl ch sh th".split()
_MIDDLE = {"en": "a e i o u ai ea ou io".split(), "fr": "a e i o u é ai eau ou eu oi".split()}
_END = {
    "en": ["", "", "n", "s", "ing", "ed", "er", "ly"],
    "fr": ["", "", "s", "ment", "eur", "eux", "tion", "ée"],
}
_PICTURES = ("\U0001f525", "\U0001f1e8\U0001f1e6", "❗️", "\U0001f64f\U0001f3fd")


def _words(language: str, numbers: Iterator[float]) -> list[str]:
    def choose(options: list[str]) -> str:
        return options[int(next(numbers) * len(options))]

    if language == "zh":
        signs = [chr(0x4E00 + int(next(numbers) * 5000)) for _ in range(3000)]
        words = ["".join(choose(signs) for _ in range(1 + int(next(numbers) * 3))) for _ in range(WORDS)]
        return _short_first(words)
    middle, end = _MIDDLE[language], _END[language]
    words = [
        "".join(choose(_START) + choose(middle) for _ in range(1 + int(next(numbers) * 3))) + choose(end)
        for _ in range(WORDS)
    ]
    return _short_first(words)


def _short_first(words: list[str]) -> list[str]:
    """The words in an order of use: the `SMALL` shortest, then all as they come."""
    return [*sorted(dict.fromkeys(words), key=len)[:SMALL], *words][: len(words)]


def posts_with_near_duplicates(
    n: int, *, seed: int = 11, planted: float = 0.05, largest: int = 2000
) -> pd.DataFrame:
    """`n` posts, about `planted` of them in clusters of near-duplicates: post_key, text, cluster (-1: none), language, edit."""
    draws = Draws(seed, "copies")
    numbers = draws.endless()
    words = {language: _words(language, numbers) for language in LANGUAGES}
    ladder = np.cumsum(1 / np.arange(1, WORDS + 1))
    ladder /= ladder[-1]
    fewest, median, most = LENGTHS

    def ranks(count: int) -> list[int]:
        return np.searchsorted(ladder, [next(numbers) for _ in range(count)]).tolist()

    def below(limit: int) -> int:
        return int(next(numbers) * limit)

    def fresh() -> tuple[list[str], str]:
        u = next(numbers)
        language = "en" if u < 0.6 else "fr" if u < 0.8 else "zh"
        spread = -np.log2(1 - next(numbers) * 0.999)  # a long tail of long posts
        return [
            words[language][r] for r in ranks(min(most, fewest + int((median - fewest) * spread)))
        ], language

    rows: list[tuple[str, int, str, str]] = []
    cluster = 0
    while len(rows) < n * planted:
        first, language = fresh()
        size = min(largest, 1 + int((1 - next(numbers)) ** (-1 / 1.1)), max(2, int(n * planted) - len(rows)))
        rows.append((_joined(first, language), cluster, language, "first"))
        for _ in range(max(1, size - 1)):
            text, edit = _edited(first, language, words[language], below)
            rows.append((text, cluster, language, edit))
        cluster += 1
    while len(rows) < n:
        first, language = fresh()
        text = _joined(first, language)
        extra = next(numbers)
        text += (
            f" https://link.example/{below(10**9)}"
            if extra < 0.3
            else f" #{words['en'][below(3000)]}"
            if extra < 0.6
            else ""
        )
        rows.append((text, -1, language, ""))
    table = pd.DataFrame(rows[:n], columns=["text", "cluster", "language", "edit"]).iloc[draws.order(n)]
    table.insert(0, "post_key", np.arange(1, n + 1))
    return table.reset_index(drop=True)


def _joined(words: list[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(words)


def _edited(
    first: list[str], language: str, words: list[str], below: Callable[[int], int]
) -> tuple[str, str]:
    """A copy with one or two edits, and their names."""
    copy, before, after, made = list(first), "", "", []
    for _ in range(1 + (below(3) == 0)):
        edit = EDITS[below(len(EDITS))]
        made.append(edit)
        at = below(len(copy))
        if edit == "link":
            after += f" https://link.example/{below(10**9)}"
        elif edit == "tag":
            after += f" #{words[below(3000)]}"
        elif edit == "name":
            before = f"@{words[below(3000)]} {before}"
        elif edit == "case":
            copy = [word.upper() if below(3) == 0 else word for word in copy]
            after += ("!", "!!", "...", *(f" {p}" for p in _PICTURES))[below(3 + len(_PICTURES))]
        elif edit == "word":
            copy[at] = words[below(4000)]
        elif edit == "drop" and len(copy) > 4:
            del copy[at]
        elif edit == "typo":
            word = copy[at]
            middle = len(word) // 2
            copy[at] = (
                word[:middle] + "aeiourst"[below(8)] + word[middle + 1 :] if language != "zh" else word[1:]
            )
    return f"{before}{_joined(copy, language)}{after}", "+".join(made)
