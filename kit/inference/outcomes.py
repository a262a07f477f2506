"""What the analysis of clocks can answer, in a word or two: for tables and charts."""

from __future__ import annotations

from kit.locale import N_

#: outcome code -> a word or two; the sentences stand in `kit.claims.timing`
OUTCOME_NAMES: dict[str, str] = {
    "O1": N_("a set of clocks"),
    "O1b": N_("a set; whose clock it is, is not known"),
    "O2": N_("a set, under the declared hours"),
    "O2a": N_("a set, under the declared hours; readers share it"),
    "R1": N_("too few posts or days"),
    "R2": N_("no daily rhythm"),
    "R3": N_("replies follow their targets"),
    "R4": N_("accounts keep different hours"),
    "R5": N_("no pattern fits"),
    "R6": N_("spare time fits as well"),
    "R6w": N_("dip at weekends too shallow"),
    "R7": N_("a rough band only"),
    "R8": N_("the readers' own clock"),
    "R9": N_("parts do not agree"),
}

# what the metrics that judge for themselves can answer beside `no_data`: the words of their column `sentence`;
# `kit.claims` has a sentence for each
CLOCK = tuple(OUTCOME_NAMES)
ENOUGH = ("present", "cannot_tell", "too_few")
HOLIDAY = ("present", "absent", "cannot_tell", "too_few")
WEEKEND = ("present", "absent", "cannot_tell")
FILLING = ("present", "absent", "not_collected")
SYNTHETIC = ("present", "present_confirmed", "absent", "absent_confirmed", "cannot_tell", "no_labels")
CODED = (
    *("present", "present_tentative", "absent", "absent_tentative", "cannot_tell"),
    *("no_control", "no_agreement", "disagreement", "words_fail"),
)
SYNCHRONISED = ("present", "present_unknown", "cannot_tell", "no_power")
TEMPLATES = ("co_active", "co_active_unusual", "validated", "none_found", "no_control", "small_control")
