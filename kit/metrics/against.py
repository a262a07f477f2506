"""With whom the studied accounts are compared, and inside what: the labelled control, or the others under the same posts."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from kit.inference.measures import Compared, Measure
from kit.metrics import comparing


class Against(NamedTuple):
    """Who stands as the control of `case`: `group` is control or repliers, `gate` whether they can be compared."""

    case: Any
    group: str
    gate: comparing.Gate

    @property
    def apart(self) -> str:
        """In what the groups differ so much that nothing is compared (`kit.claims.model.REASONS`); empty else."""
        return self.gate.why if self.gate.outcome == "not_comparable" else ""


def chosen(case: Any, *, repliers: bool = True) -> Against:
    """The accounts that studied ones are compared with; the other `repliers` only where they may be.

    Others who answer the same posts speak of the same thing at the same time, so they come first: the labelled control
    where it does, else the other repliers of the context (`Case.beside`) where enough of them were collected; else
    the labelled control, whatever `comparing.gate` says of it.

    >>> chosen(case).group
    'control'
    """
    if not repliers or comparing.same_posts(case):
        return Against(case, "control", comparing.gate(case))
    others = case.beside("repliers")
    if comparing.same_posts(others):
        return Against(others, "repliers", comparing.gate(others))
    return Against(case, "control", comparing.gate(case))


def compared(measure: Measure, given: Against) -> tuple[Compared | None, str, Measure | None]:
    """The comparison of a measure, in what the groups are too far apart for it, and the measure inside strata if it is.

    Groups that overlap in part are compared inside what both share. A measure that cannot be taken inside
    is compared as it is where the groups are apart in the posts or accounts they answer alone, for that is what such
    measures are about; in other weeks nothing is compared.
    """
    if given.apart:
        return None, given.apart, None
    mine, others = measure.studied, ~measure.studied
    if given.gate.outcome != "partly" or given.gate.stratum is None:
        return measure.compare(mine, others), "", None
    inside = measure.within(given.gate.stratum)
    if inside is not None:
        return inside.compare(mine, others), "", inside
    if given.gate.why == "weeks":
        return None, "weeks", None
    return measure.compare(mine, others), "", None


def named(table: pd.DataFrame, group: str) -> pd.DataFrame:
    """The table of a case that was put beside others: studied accounts, and the others called by what they are.

    The rest of the context is left out: it is not the context of the report's other tables.
    """
    if group == "control":
        return table
    told = table[table["group"].isin(("studied", "control"))].reset_index(drop=True)
    told.attrs = dict(table.attrs)
    told["group"] = told["group"].replace("control", group)
    if gaps := told.attrs.get("not_recorded"):
        told.attrs["not_recorded"] = [{**gap, "where": _where(gap["where"], group)} for gap in gaps]
    if behind := told.attrs.get("behind"):
        place = behind["keys"].index("group")
        rows = [
            [[group if i == place and key == "control" else key for i, key in enumerate(keys)], said]
            for keys, said in behind["rows"]
        ]
        told.attrs["behind"] = {**behind, "rows": rows}
    return told


def _where(values: dict[str, Any], group: str) -> dict[str, Any]:
    return {k: group if (k, v) == ("group", "control") else v for k, v in values.items()}
