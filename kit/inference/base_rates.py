"""How often a flag is right: base rates."""

from __future__ import annotations


def positive_predictive_value(prevalence: float, recall: float, false_alarm: float) -> float:
    """What share of the accounts that a test flags is of the kind it looks for?

    prevalence x recall / (prevalence x recall + (1 - prevalence) x false_alarm); all four are shares from
    0 to 1. NaN where nothing would be flagged (Bayes' theorem; Altman and Bland 1994).
    """
    right, wrong = prevalence * recall, (1 - prevalence) * false_alarm
    return right / (right + wrong) if right + wrong > 0 else float("nan")
