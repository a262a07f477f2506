"""What the metrics that judge for themselves can answer beside `no_data`: the words of their column `sentence`.

A metric declares them, and the claim that stands on it has a sentence for each.
"""

from __future__ import annotations

CLOCK = (
    *("O1", "O1b", "O2", "O2a"),  # a set of clocks
    *("R1", "R2", "R3", "R4", "R5", "R6", "R6w", "R7", "R8", "R9"),  # refusals
)
ENOUGH = ("found", "inconclusive", "too_few")
BATCHES = ("found", "not_found", "inconclusive", "newcomers", "alone", "together")
RHYTHM = (*ENOUGH, "not_found")
BURST = ("found", "unsized", "level", "none_found", "hidden", "uneven", "too_few")
LEVELS = ("both", "rise", "fall", "none_found", "hidden", "too_few")
SIGNS = (
    *("three", "three_theirs", "hours", "hours_theirs", "waits", "waits_theirs"),
    *("different", "no_gap", "too_few"),
)
HOLIDAY = ("found", "not_found", "inconclusive", "too_few")
WEEKEND = ("found", "not_found", "inconclusive", "too_few")
FILLING = ("found", "inconclusive", "few_posts", "uncovered", "not_collected")
SYNTHETIC = ("labelled", "labelled_confirmed", "none", "none_confirmed", "few_labelled", "no_labels")
#: why nothing is compared that a codebook finds
CODED = ("no_agreement", "disagreement", "words_fail")
SYNCHRONISED = (
    *("found", "found_unknown", "found_few"),
    *("unvalidated", "control_alike", "contaminated", "not_found", "inconclusive", "no_power"),
)
AT_ONCE = ("met", "nobody")
TEMPLATES = (
    "co_active",
    "co_active_unusual",
    "validated",
    "few",
    "no_outsiders",
    "none_found",
    "copies",
    "weak",
    "no_control",
    "small_control",
)
