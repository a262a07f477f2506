"""What may be said: the sentences, units and limits of every fact and finding.

A claim is looked up by its id. The verdict comes from the numbers by a rule that
is stated here, the sentence from the verdict; no notebook writes a finding by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from kit.claims import accounts, coordination, media, targets, texts, timing
from kit.claims.beside import by_intervals
from kit.claims.facts import FACTS
from kit.claims.model import REASONS, VERDICTS, Claim
from kit.claims.renamed import RENAMED
from kit.errors import MetricError, nearest, printable
from kit.inference import Interval
from kit.inference.measures import MARGIN

CLAIMS: dict[str, Claim] = {
    **accounts.CLAIMS,
    **coordination.CLAIMS,
    **media.CLAIMS,
    **targets.CLAIMS,
    **texts.CLAIMS,
    **timing.CLAIMS,
}
#: of the interval that decides: 2.5 % on each side
ALPHA = 0.05

__all__ = ["ALPHA", "CLAIMS", "FACTS", "REASONS", "VERDICTS", "Claim", "Verdict", "claim", "judge"]


@dataclass(frozen=True)
class Verdict:
    """A verdict, the key of the sentence that says it, and the comparison behind it."""

    verdict: str
    sentence: str
    compared: Any = None
    apart: str = ""
    within: str = ""


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
    compared: Any = None,
    apart: str = "",
    within: str = "",
) -> Verdict:
    """The verdict on a row of the studied group beside the comparison group's row.

    A tested or described claim has the verdict of its metric. A compared one is *higher* where the whole 95 %
    interval lies above the margin, *lower* where it lies below, *similar* (no meaningful difference) where it lies
    between the margins, else *inconclusive*; `compared` is the comparison of the metric's measure
    (`kit.inference.measures`), else the intervals of the two rows are compared. Without a comparison group it is
    *described*; where the groups are not alike enough (`apart` names in what, see `REASONS`) *not comparable*.
    `within` names inside what both were compared.
    """
    if studied is None or not studied.get("n") or not _has_answer(rule, studied):
        return Verdict("inconclusive", "no_data")
    if rule.kind != "compared":
        return _given(rule, studied)
    if (own := studied.get("sentence")) in rule.outcomes:
        return Verdict("inconclusive", str(own))
    if control is None or not control.get("n") or not math.isfinite(control.get("estimate", math.nan)):
        return Verdict("described", "described")
    if apart:
        return Verdict("not_comparable", "not_comparable", apart=apart)
    found = compared
    if found is None:
        is_share = rule.unit.startswith("share")
        found = by_intervals(
            _interval(studied), _interval(control), share=is_share, margin=_margin(rule, is_share)
        )
    if found.why:
        return Verdict("inconclusive", found.why, found, within=within)
    for verdict, p in (("higher", found.p_higher), ("lower", found.p_lower), ("similar", found.p_similar)):
        if p <= ALPHA / 2:
            return Verdict(verdict, verdict, found, within=within)
    return Verdict("inconclusive", "inconclusive", found, within=within)


def _margin(rule: Claim, is_share: bool) -> float:
    return rule.margin if rule.margin is not None else MARGIN if is_share else 0.0


def _has_answer(rule: Claim, studied: dict[str, Any]) -> bool:
    """Whether there is a number, or an outcome of the metric's own that says why there is none."""
    estimate, outcome = studied.get("estimate", math.nan), studied.get("sentence")
    own = outcome in rule.outcomes and outcome != studied.get("verdict")
    return own or (estimate is not None and math.isfinite(estimate))


def _given(rule: Claim, studied: dict[str, Any]) -> Verdict:
    """What the metric found itself; its words must be those that the claim has sentences for."""
    verdict = studied.get("verdict")
    outcome = str(studied.get("sentence") or verdict)
    if verdict not in VERDICTS[rule.kind] or outcome not in rule.sentences:
        raise MetricError(
            f"the claim '{rule.title}' has no sentence for the outcome '{printable(outcome)}' of its metric",
            hint=nearest(outcome, rule.sentences),
        )
    return Verdict(verdict, outcome)


def _interval(row: dict[str, Any]) -> Interval:
    return Interval(float(row["estimate"]), float(row["low"]), float(row["high"]))
