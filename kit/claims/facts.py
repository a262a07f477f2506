"""Facts: counts of what was received. A fact has no interval and makes no claim."""

from __future__ import annotations

from kit.locale import N_
from kit.words import FACTS

__all__ = ["FACTS", "SENTENCE", "SENTENCE_LABEL"]

#: the sentence of any fact
SENTENCE = N_("{group}: {name}: {value}.")
SENTENCE_LABEL = N_("{group}: {name}: {value} ({label}).")
