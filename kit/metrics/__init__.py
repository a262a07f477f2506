"""Metrics: one module per question; a metric takes a case and answers with a tidy table.

Contract: `metric(case, *, settings…) -> DataFrame`, one row per thing counted,
units in column names, always by `group`, with `n`, `estimate`, `low`, `high`
where it estimates. Metrics never draw, print or write.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from kit import words
from kit.case import Case
from kit.disclosure.earlier import Asked
from kit.errors import MetricError, nearest
from kit.inference import Copied, Interval, Measure, Shares, share_by_account
from kit.locale import silent
from kit.metrics.needs import Need, blanked
from kit.metrics.renamed import SETTINGS
from kit.schema.behind import MEASURE, set_aside

#: columns of a table, or several such sets
Within = tuple[str, ...] | tuple[tuple[str, ...], ...]
F = TypeVar("F", bound=Callable[..., pd.DataFrame])

#: the metric that is asked for now; what it asks of others is not
asked_now: ContextVar[Asked | None] = ContextVar("asked_now", default=None)
#: every metric by "module.function"
METRICS: dict[str, Callable[..., pd.DataFrame]] = {}


def metric(
    title: str,
    *,
    unit: str = "",
    n_unit: str = "",
    within: Within = ("group",),
    outcomes: tuple[str, ...] = (),
    internal: bool = False,
    needs: tuple[str | Need, ...] = (),
    over: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Mark a function as a metric: it is listed, its table carries its name and `title`.

    `unit` is that of estimate, low and high, `n_unit` what `n` counts; a table may say so
    itself. `within` names the columns that hold rows adding up to a published total, so that
    no withheld number can be worked out from it; none of them: `()`. `outcomes` are what a metric
    with a verdict of its own can answer beside `no_data`. `internal` metrics name or quote people
    and refuse the public edition. `needs` says what the exports or the report must tell (`kit.metrics.needs`): where
    they do not, the numbers of a group are missing and never 0. A share of posts is `over` those of which
    it could be known: exports of the group that tell none of these columns are left out.
    """

    def mark(function: F) -> F:
        module = function.__module__.removeprefix("kit.metrics.")
        ours = module != function.__module__  # a researcher's own metric sees what her queries see
        question = f"{module.partition('.')[0]}.{function.__name__}"  # as a researcher calls it
        parameters = {k: v for k, v in inspect.signature(function).parameters.items() if k != "case"}
        known = list(parameters)
        defaults = {name: given.default for name, given in parameters.items()}

        @functools.wraps(function)
        def checked(case: Any, *unnamed: Any, **settings: Any) -> pd.DataFrame:
            if unnamed:
                what = f"'{function.__name__}' takes its settings by name"
                hint = f"Write {known[0]}={unnamed[0]!r}." if known else "It has none."
                raise MetricError(what, found=unnamed[0], hint=hint)
            if internal and case.edition != "internal":
                hint = "Open it with kit.open(report, edition='internal')."
                raise MetricError(f"'{function.__name__}' is only for the internal edition", hint=hint)
            for name in settings:
                if name not in known:
                    what = f"'{function.__name__}' has no setting called '{name}'"
                    if (new := SETTINGS.get(name)) in known:
                        raise MetricError(f"'{name}' is now called '{new}'", hint="Write the new name.")
                    raise MetricError(what, hint=nearest(name, known) or "It has none.")
            with silent(function.__name__):
                table = answered(case._exact() if ours and isinstance(case, Case) else case, settings)
            keys = [str(c) for c in table.columns if _tells_apart(str(c), function.__name__)]
            table = set_aside(table, keys)
            other = {name: value for name, value in settings.items() if value != defaults[name]}
            filters = dict(getattr(case, "filters", None) or {})
            given = {"unit": unit, "n_unit": n_unit, "settings": other, "filters": filters}
            for said in table.attrs.get("adds_up", ()):  # while no row is left out
                said["rows"] = len(table)
            table.attrs = (
                {k: v for k, v in given.items() if v}
                | table.attrs
                | {"name": function.__name__, "title": title, "metric": question, "within": within}
            )
            return table

        def answered(case: Any, settings: dict[str, Any]) -> pd.DataFrame:
            """The function's table; not what a metric asks of another, but what leaves them passes `needs`."""
            if asked_now.get():
                return function(case, **settings)
            other = {name: value for name, value in settings.items() if value != defaults[name]}
            mark = asked_now.set(Asked(function.__name__, other, known))
            try:
                asked = case.telling(*over) if over else case
                table = function(asked, **settings)
                if asked is not case:
                    table.attrs["left_out"] = len({cell.source_file for cell in asked.left_out})
                return blanked(case, table, needs, defaults | settings, function.__name__)
            finally:
                asked_now.reset(mark)

        checked.needs = needs  # type: ignore[attr-defined]
        checked.outcomes = outcomes  # type: ignore[attr-defined]
        METRICS[f"{module}.{function.__name__}"] = checked
        return cast(F, checked)

    return mark


def _tells_apart(column: str, metric: str) -> bool:
    """Whether a column is one of those that say what a row is about."""
    known = words.column(column, metric)
    return known is not None and known.role in ("key", "group", "category", "class")


def one_of(name: str, value: str, options: tuple[str, ...] | dict[str, Any]) -> str:
    """`value` if it is one of `options`, else an error that names the nearest."""
    if value not in options:
        raise MetricError(f"unknown value for '{name}'", found=value, hint=nearest(value, options))
    return value


def positive(name: str, value: float) -> float:
    """`value` if it is a number above zero, else an error."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise MetricError(f"'{name}' must be a number above 0", found=value, hint="Correct the parameter.")
    return value


def estimates(rows: list[dict[str, Any]], first: list[str]) -> pd.DataFrame:
    """A tidy table from rows that carry an `interval`: first columns, n, estimate, low, high, rest."""
    flat = []
    for row in rows:
        interval: Interval = row.pop("interval")
        flat.append(row | interval._asdict())
    rest = [k for k in (flat[0] if flat else {}) if k not in (*first, "n", *Interval._fields)]
    return pd.DataFrame(flat, columns=[*first, "n", *Interval._fields, *rest])


def shares_of(
    case: Any, each: pd.DataFrame, yes: Any, of: Any = 1, *, groups: list[str] | None = None
) -> tuple[list[dict[str, Any]], Shares]:
    """A row for each group with its share, and the measure that compares the studied with the control.

    `each` has group and account_key, one row for each account; `yes` of its `of` posts count, or the account itself.
    Rows have group, n (accounts) and interval, made of the same numbers that are compared.
    """
    yes, of = (np.broadcast_to(np.asarray(x, float), len(each)) for x in (yes, of))
    group = each["group"].to_numpy()
    rows = []
    for name in groups or case.groups:
        mine = group == name
        interval = share_by_account(yes[mine], of[mine])
        rows.append({"group": name, "n": int(mine.sum()), "interval": interval})
    two = np.isin(group, ("studied", "control"))
    keys = each["account_key"].to_numpy()
    return rows, Shares(keys[two], group[two] == "studied", yes[two], of[two])


def at_one_size(case: Any, of: pd.DataFrame, measure: Copied) -> list[dict[str, Any]]:
    """A row for each of studied and control as among as many accounts as the smaller one has.

    `of` has a row for each place of the measure: group. Rows have group, n (accounts compared, the same number in
    each group), interval and all_accounts.
    """
    groups = [g for g in case.groups if g != "context"]
    masks = {g: (of["group"] == g).to_numpy(bool) & (measure.of > 0) for g in groups}
    size = min([int(m.sum()) for m in masks.values() if m.any()] or [0])
    rows = []
    for group, mask in masks.items():
        has = int(mask.sum())
        row = {"group": group, "n": min(size, has), "interval": measure.own(mask, size=size)}
        rows.append(row | {"all_accounts": has})
    return rows


def measured(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The table with the measure that its groups are compared by, in memory only."""
    table.attrs[MEASURE] = measure
    return table


def facts(rows: list[tuple[str, str, Any, str, Any, int]]) -> pd.DataFrame:
    """A table of facts: id, group, value, unit, label, n."""
    return pd.DataFrame(rows, columns=["id", "group", "value", "unit", "label", "n"], dtype=object)
