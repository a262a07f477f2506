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
