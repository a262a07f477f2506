"""How often is a flag right, and with which settings was all this computed?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.inference.base_rates import positive_predictive_value
from kit.locale import N_
from kit.metrics import metric
from kit.metrics.coordination.actions import local_days
from kit.metrics.coordination.instep import (
    ALPHA,
    REPEATS,
    TESTED,
    WINDOWS,
    in_step,
    judged,
    traces_of,
    windows_of,
)
from kit.metrics.coordination.together import rule_of_thumb
from kit.metrics.coordination.wordings import control_of, found, power_of

PREVALENCE = (0.001, 0.01, 0.05)


@metric(N_("How often a flag is right"))
def base_rates(case: Any, *, trace: str = "repost", window_s: float = 60) -> pd.DataFrame:
    """If one account in 1,000, 100 or 20 were of the kind looked for, how many of the flagged ones would be?

    Columns: method (in_step, shared_templates, rule_of_thumb: two shared objects of `trace` within `window_s` seconds), prevalence_share, recall_share,
    recall_basis (simulated: of a planted group, the easiest to find; assumed: nothing was measured, taken as 1), false_alarm_low, false_alarm_high (share of control accounts flagged, Wilson
    interval: with no flag at all its upper end counts), right_low, right_high (share of the flagged that are right).
    Formula: Bayes' theorem with both ends of the false-alarm rate.
    Missing: without a control group nothing can be said, and the table is empty.
    Source: Altman and Bland (1994).
    A high share does not prove any single account right.

    >>> base_rates(case)  # doctest: +SKIP
    """
    names = "method prevalence_share recall_share recall_basis false_alarm_low false_alarm_high right_low right_high".split()
    rows = []
    for method, recall, low, high in _methods(case, trace, window_s):
        basis = "assumed" if method == "rule_of_thumb" else "simulated"
        for prevalence in PREVALENCE:
            ends = [positive_predictive_value(prevalence, recall, rate) for rate in (high, low)]
            rows.append((method, prevalence, recall, basis, low, high, *ends))
    return pd.DataFrame(rows, columns=names)


def _methods(case: Any, trace: str, window_s: float) -> list[tuple[str, float, float, float]]:
    """Each method with its recall and both ends of its false-alarm rate."""
    if "control" not in case.groups:
        return []
    out = []
    step = in_step(case).set_index("group").loc["control"]
    if step["n"]:
        out.append(("in_step", float(step["found_share"]), float(step["low"]), float(step["high"])))
    run = found(case)
    if run.control_accounts:
        wrong = inference.wilson(*control_of(run))
        out.append(("shared_templates", float(power_of(run)["found_share"]), wrong.low, wrong.high))
    thumb = rule_of_thumb(case, trace=trace, window_s=window_s).set_index("group")
    if "control" in thumb.index and thumb.loc["control", "n"]:
        row = thumb.loc["control"]
        out.append(("rule_of_thumb", 1.0, float(row["low"]), float(row["high"])))
    return [row for row in out if np.isfinite(row[1:]).all()]


@metric(N_("Settings of this analysis"))
def settings(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, repeats: int = REPEATS, alpha: float = ALPHA
) -> pd.DataFrame:
    """With which trace, filter, window, weight and null model was each test made, on which period and accounts?

    Columns: trace, support_filter, at_least (of them), windows_s, weight, null_model, alpha, first_day, last_day (of the actions, in the report's clock), accounts, actions.
    Formula: none; filled in from the run.
    Missing: none.
    Source: two windows in one table cannot be told apart later (Coordination Network Toolkit, issue 56).
    A setting proves nothing.

    >>> settings(case)  # doctest: +SKIP
    """
    names = traces_of(traces)
    rows = []
    for trace in names:
        run = judged(case, trace, windows=windows, repeats=repeats, alpha=alpha, families=len(names))
        days = local_days(run.actions["at_ms"], case.clock)
        rows.append(
            {
                "trace": trace,
                "support_filter": "occasions",
                "at_least": repeats,
                "windows_s": " / ".join(f"{w:g}" for w in windows_of(windows)),
                "weight": "occasions",
                "null_model": "strangers",
                "alpha": alpha,
                "first_day": days.min() if len(days) else None,
                "last_day": days.max() if len(days) else None,
                "accounts": len(run.accounts),
                "actions": len(run.actions),
            }
        )
    return pd.DataFrame(rows)
