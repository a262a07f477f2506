"""What is said of a number to the auditor and to the ledger: its name, what is shown of it, what it belongs to."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from kit import words
from kit.disclosure.rule import Shown
from kit.words import Column


class Quantity(NamedTuple):
    """A number that is published, or left when a part is taken from its whole.

    `id` is what is counted | the population | conditions, the same wherever the number stands; `true`
    never leaves the stage folder. `whole` is the id of the set that it is part of, `rest` that set's true
    number, `left` what is said of the part that is left; `doers` is how many people stand behind what they
    did; `adds` names the sums that it is a part of, by table and total.
    """

    id: str
    counts: str
    shown: Shown
    true: float
    whole: str | None = None
    rest: float | None = None
    doers: float | None = None
    adds: tuple[tuple[str, str], ...] = ()
    left: tuple[float, float] | None = None

    def plain(self) -> dict[str, Any]:
        """As data for a file."""
        said: dict[str, Any] = {"id": self.id, "counts": self.counts, "kind": self.shown.kind}
        said |= {
            "value": _number(self.shown.value),
            "low": _number(self.shown.low),
            "high": _number(self.shown.high),
        }
        said |= {
            "true": _number(self.true),
            "whole": self.whole,
            "rest": _number(self.rest),
            "doers": _number(self.doers),
        }
        return {k: v for k, v in said.items() if v is not None}


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


#: what tells rows apart
_KEYS = ("key", "group", "category", "class", "setting", "text")


def named(known: Column | None, metric: str, name: str, table: pd.DataFrame, row: int, counts: str) -> str:
    """The id of a number: the one that its column declares, else by its table, column, keys and settings.

    Under other settings, or of a part of the case, it is another number: that of the whole does not stand for it.
    """
    values = {str(c): table[c].iloc[row] for c in table.columns}
    if known is not None and known.id:
        return of_part(known.id.format(**values), table)
    keys = [f"{c}={v!s}" for c, v in values.items() if _is_key(c, v, metric)]
    settings = [f"{k}={v!s}" for k, v in sorted(table.attrs.get("settings", {}).items())]
    return of_part("|".join([counts, f"{metric}.{name}", *keys, *settings]), table)


def of_part(id_: str, table: pd.DataFrame) -> str:
    """The id of a number that is counted in a part of the case only (`case.where`)."""
    filters = [
        f"where {k}={','.join(map(str, v))}" for k, v in sorted(table.attrs.get("filters", {}).items())
    ]
    return "|".join([id_, *filters])


def _is_key(name: str, value: object, metric: str) -> bool:
    """Whether a column tells rows apart; in a table of somebody's own every text does."""
    known = words.column(name, metric)
    return isinstance(value, str) if known is None else known.role in _KEYS
