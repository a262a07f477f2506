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


def _step(low: int, high: int, english: str, french: str, en: str = "", fr: str = "") -> Step:
    """`en` and `fr` are patterns where prose bends the word; English and French may use a plain space only."""
    return Step(low, high, {"en": english, "fr": french}, {"en": en or english, "fr": fr or french})


SCALE = (
    _step(1, 5, "almost no chance", "presque aucune chance", r"almost no chance|remote chance"),
    _step(5, 20, "very unlikely", "très improbable", fr=r"très improbables?"),
    _step(20, 45, "unlikely", "improbable", fr=r"improbables?"),
    _step(45, 55, "roughly even chance", "chances à peu près égales"),
    _step(55, 80, "likely", "probable", fr=r"probables?"),
    _step(80, 95, "very likely", "très probable", fr=r"très probables?"),
    _step(
        95,
        99,
        "almost certain",
        "presque certain",
        r"almost certain(?:ly)?",
        r"presque certain(?:e?s?|ement)",
    ),
)


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
    head = {"en": "| word | range |", "fr": "| terme | intervalle |"}[language]
    rows = [f"| {step.word[language]} | {step.range(language)} |" for step in SCALE]
    return "\n".join([head, "| --- | --- |", *rows]) + "\n"
