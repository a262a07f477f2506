"""What the metrics that judge for themselves can answer beside `no_data`: the words of their column `sentence`.

A metric declares them, and the claim that stands on it has a sentence for each.
"""

from __future__ import annotations

CLOCK = (
    *("O1", "O1b", "O2", "O2a"),  # a set of clocks
    *("R1", "R2", "R3", "R4", "R5", "R6", "R6w", "R7", "R8", "R9"),  # refusals
)
ENOUGH = ("present", "cannot_tell", "too_few")
BURST = (*ENOUGH, "unsized", "uneven")
HOLIDAY = ("present", "absent", "cannot_tell", "too_few")
WEEKEND = ("present", "absent", "cannot_tell")
FILLING = ("present", "absent", "not_collected")
SYNTHETIC = ("present", "present_confirmed", "absent", "absent_confirmed", "cannot_tell", "no_labels")
CODED = (
    *("present", "present_tentative", "absent", "absent_tentative", "cannot_tell"),
    *("no_control", "no_agreement", "disagreement", "words_fail"),
)
SYNCHRONISED = (
    *("present", "present_unknown", "present_few"),
    *("unvalidated", "contaminated", "cannot_tell", "no_power"),
)
TEMPLATES = (
    "co_active",
    "co_active_unusual",
    "validated",
    "few",
    "none_found",
    "no_control",
    "small_control",
)
