"""What may be said: the sentences, units and limits of every fact and finding.

A claim is looked up by its id. The verdict comes from the numbers by a rule that
is stated here, the sentence from the verdict; no notebook writes a finding by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from kit.claims import accounts, coordination, media, targets, texts, timing
from kit.claims.facts import FACTS
from kit.claims.model import Claim
from kit.claims.renamed import RENAMED
from kit.errors import MetricError, nearest, printable
from kit.inference import Interval, difference

CLAIMS: dict[str, Claim] = {
    **accounts.CLAIMS,
    **coordination.CLAIMS,
    **media.CLAIMS,
    **targets.CLAIMS,
    **texts.CLAIMS,
    **timing.CLAIMS,
}
VERDICTS = ("present", "absent", "cannot_tell")

__all__ = ["CLAIMS", "FACTS", "VERDICTS", "Claim", "Verdict", "claim", "judge"]


@dataclass(frozen=True)
class Verdict:
    """A verdict and the key of the sentence that says it."""

    verdict: str
    sentence: str
    gap: Interval | None = field(default=None)


def claim(id_: str) -> Claim:
    """The claim with this id, or an error that names the nearest, or its new name."""
    if id_ in RENAMED:
        raise MetricError(f"'{id_}' is now called '{RENAMED[id_]}'", hint="Write the new name.")
    if id_ not in CLAIMS:
        hint = f"{nearest(id_, CLAIMS)} A new one is declared in kit/claims."
        raise MetricError(f"no finding is called '{id_}'", hint=hint)
    return CLAIMS[id_]


def judge(
    rule: Claim,
    studied: dict[str, Any] | None,
    control: dict[str, Any] | None,
    *,
    alpha: float | None = None,
) -> Verdict:
    """The verdict on a row of the studied group beside the control's row.

    `control`: present when the 95 % interval of studied - control lies above 0 and the
    difference reaches the claim's margin, absent when the interval lies below the margin,
    else cannot tell; without a control always cannot tell. `test`: present when p is at
    most `alpha` (that of the metric's settings, else the claim's), absent when there is
    enough data and it is not. `given`: the metric's own verdict.
    """
    if studied is None or not studied.get("n") or not _has_answer(rule, studied):
        return Verdict("cannot_tell", "no_data")
    if rule.compare == "given":
        return _given(rule, studied)
    if rule.compare == "test":
        p = studied.get("p", math.nan)
        if not math.isfinite(p):
            return Verdict("cannot_tell", "no_data")
        if p > (rule.alpha if alpha is None else alpha):
            return Verdict("absent", "absent")
        alone = control is None or not control.get("n")
        return Verdict(
            "present", "present_alone" if alone and "present_alone" in rule.sentences else "present"
        )
    if control is None or not control.get("n") or not math.isfinite(control.get("estimate", math.nan)):
        return Verdict("cannot_tell", "no_control")
    gap = difference(_interval(studied), _interval(control))
    if not (math.isfinite(gap.low) and math.isfinite(gap.high)):
        return Verdict("cannot_tell", "cannot_tell", gap)
    if gap.low > 0 and gap.estimate >= rule.margin:
        return Verdict("present", "present", gap)
    if gap.high < rule.margin:
        return Verdict("absent", "absent", gap)
    return Verdict("cannot_tell", "cannot_tell", gap)


def _has_answer(rule: Claim, studied: dict[str, Any]) -> bool:
    """Whether there is a number, or an outcome of the metric's own that says why there is none."""
    estimate, outcome = studied.get("estimate", math.nan), studied.get("sentence")
    own = rule.compare == "given" and outcome in rule.sentences and outcome != studied.get("verdict")
    return own or (estimate is not None and math.isfinite(estimate))


def _given(rule: Claim, studied: dict[str, Any]) -> Verdict:
    """What the metric found itself; its words must be those that the claim has sentences for."""
    verdict = studied.get("verdict")
    outcome = str(studied.get("sentence") or verdict)
    if verdict not in VERDICTS or outcome not in rule.sentences:
        raise MetricError(
            f"the claim '{rule.title}' has no sentence for the outcome '{printable(outcome)}' of its metric",
            hint=nearest(outcome, rule.sentences),
        )
    return Verdict(verdict, outcome)


def _interval(row: dict[str, Any]) -> Interval:
    return Interval(float(row["estimate"]), float(row["low"]), float(row["high"]))
