"""The seven likelihood words of ICD 203 with their ranges, in English and French.

Intelligence Community Directive 203 (2015) gives two rows of words for the same ranges; mixing them
makes readers see differences that are not meant, so the kit knows the first row only.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import MetricError


@dataclass(frozen=True)
class Step:
    """One of the seven: its range in percent, its word, and the forms in which prose may use it."""

    low: int
    high: int
    word: dict[str, str]
    forms: dict[str, str]

    def range(self, language: str) -> str:
        """The range as it stands behind the word."""
        return f"{self.low}–{self.high}\u202f%" if language == "fr" else f"{self.low}–{self.high} %"


def _step(low: int, high: int, **words: str | tuple[str, str]) -> Step:
    """By language the word, with a pattern of its forms where prose bends it or a plain space may stand in it."""
    both = {code: (word, word) if isinstance(word, str) else word for code, word in words.items()}
    named, forms = ({code: pair[n] for code, pair in both.items()} for n in (0, 1))
    return Step(low, high, named, forms)


SCALE = (
    _step(1, 5, en=("almost no chance", r"almost no chance|remote chance"), fr="presque aucune chance"),
    _step(5, 20, en="very unlikely", fr=("très improbable", r"très improbables?")),
    _step(20, 45, en="unlikely", fr=("improbable", r"improbables?")),
    _step(45, 55, en="roughly even chance", fr="chances à peu près égales"),
    _step(55, 80, en="likely", fr=("probable", r"probables?")),
    _step(80, 95, en="very likely", fr=("très probable", r"très probables?")),
    _step(
        95,
        99,
        en=("almost certain", r"almost certain(?:ly)?"),
        fr=("presque certain", r"presque certain(?:e?s?|ement)"),
    ),
)
_HEAD = {"en": "| word | range |", "fr": "| terme | intervalle |"}


def likelihood(probability: float, language: str = "en") -> str:
    """The word for a probability from 0.01 to 0.99 with its range: 0.7 is `likely (55–80 %)`.

    A probability on the border of two ranges takes the word nearer to an even chance.

    >>> likelihood(0.7)
    'likely (55–80 %)'
    """
    if not 0.01 <= probability <= 0.99:
        hint = "The words reach from 1 to 99 %: write what was seen, without a likelihood."
        raise MetricError("no likelihood word for this probability", found=probability, hint=hint)
    percent = probability * 100
    fitting = [s for s in SCALE if s.low - 1e-9 <= percent <= s.high + 1e-9]
    step = min(fitting, key=lambda s: abs((s.low + s.high) / 2 - 50))
    return f"{step.word[language]} ({step.range(language)})"


def table(language: str = "en") -> str:
    """The seven words and ranges as a Markdown table."""
    rows = [f"| {step.word[language]} | {step.range(language)} |" for step in SCALE]
    return "\n".join([_HEAD[language], "| --- | --- |", *rows]) + "\n"
