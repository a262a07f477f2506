"""A table of a metric as the public edition may show it: every number by its type, by the rule for one number.

What a column counts stands in `kit/words/columns.csv`, of a researcher's own table in `units`. How many
people stand behind what they did, and how much one of them did, a metric says in columns of its own beside
the column (`posts__people`, `posts__largest`, `share__weight`), which `kit.metrics.metric` keeps in
`table.attrs["behind"]` by the table's keys, so that rows may be filtered and sorted.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from kit import words
from kit.disclosure import rule
from kit.disclosure.earlier import with_gone
from kit.disclosure.quantities import Quantity, named, of_part
from kit.disclosure.rule import Shown
from kit.errors import MetricError
from kit.inference import wilson

#: counts of people, or of pairs and groups of them
PEOPLE = frozenset(("accounts", "people", "targets", "clusters", "pairs of accounts", "coders"))
#: what is counted without anybody doing more or less of it
PLAIN = frozenset(
    [
        *"days weeks bursts files frames bits terms traces patterns".split(),
        "runs of days",
        "further indicators",
        "simulated accounts",
        "simulated pairs",
    ]
)
#: with so many pairs there are at least eleven people, whoever they are
PAIRS_OF_TEN = 46
#: what one account can have so much of that a mean is its own: told only where the metric says how much
HEAVY = frozenset(("followers", "engagements"))
#: columns whose values say what a row is about or under which settings it was computed
ABOUT = frozenset(("key", "group", "category", "class", "setting", "text", "verdict", "p"))


@dataclass(frozen=True)
class Bounds:
    """The most posts, and placements, of one account, by group: for numbers whose doers nobody counted."""

    posts: Mapping[str, float] = field(default_factory=dict)
    placements: Mapping[str, float] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()  # groups that anybody can count: a platform published the list

    def of(self, counts: str, group: str | None) -> float:
        """Most of it by one account of the group (of any where none is named); NaN where nobody knows."""
        if counts in ("placements", "items", "files"):
            held = self.placements
        elif counts in ("posts", "replies", "records", "texts"):
            held = self.posts
        else:
            return math.nan
        return held.get(group, 0) if group in held else max(held.values(), default=0)  # type: ignore[arg-type]


@dataclass
class Protected:
    """A table as it may be shown, what it says to the auditor, and how many numbers are in words."""

    table: pd.DataFrame
    quantities: list[Quantity]
    held: int


def typed(table: pd.DataFrame, units: Mapping[str, str]) -> None:
    """An error that names the columns whose numbers have no type."""
    metric = str(table.attrs.get("name", ""))
    own = "metric" not in table.attrs
    lacking = [
        str(name)
        for place, name in enumerate(table.columns)
        if name not in units
        and (own or words.column(str(name), metric) is None)
        and holds_numbers(table.iloc[:, place])
    ]
    if lacking:
        given = ", ".join(f"'{name}': 'accounts'" for name in lacking)
        raise MetricError(
            f"nobody said what is counted in {', '.join(map(repr, lacking))}: the public edition does not show it",
            hint=f"Say what each counts, such as kit.show(…, units={{{given}}}).",
        )


def holds_numbers(values: pd.Series) -> bool:
    """Whether a column holds numbers, whatever it calls itself: also durations, lists, and numbers written as text.

    >>> holds_numbers(pd.Series(["3", None])), holds_numbers(pd.Series([[1, 2]])), holds_numbers(pd.Series(["3 May"]))
    (True, True, False)
    """
    kind = pd.api.types
    if kind.is_bool_dtype(values) or kind.is_datetime64_any_dtype(values):
        return False
    if kind.is_numeric_dtype(values) or kind.is_timedelta64_dtype(values):
        return True
    held = [value for value in values if not (kind.is_scalar(value) and pd.isna(value))]
    texts = [value for value in held if isinstance(value, str)]
    written = bool(texts) and all(_WRITTEN.fullmatch(text) for text in texts)
    plain = (str, bool, np.bool_, dt.date, pd.Period)
    return written or any(not isinstance(value, plain) for value in held)


#: a number as text: 3, 1,234, -0.5, 12 %
_WRITTEN = re.compile(r"\s*[-+−~<>≈]?\s*\d[\d.,\s\u202f\u00a0]*\s*%?\s*")


def _as_numbers(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """The table with columns of objects that are all numbers as numbers, so that each is shown by the rule."""
    found = table.copy()
    for name in table.columns:
        values = table[name]
        as_text = values.dtype == object and all(isinstance(v, str) for v in values.dropna())
        told = name in units or not (as_text or pd.api.types.is_string_dtype(values))  # else names and codes
        if not pd.api.types.is_numeric_dtype(values) and told and holds_numbers(values):
            try:
                found[name] = pd.to_numeric(values)
            except (TypeError, ValueError):
                what = (
                    f"column '{name}' holds numbers among other things: the public edition does not show it"
                )
                hint = "Give the numbers a column of their own, and say what they count."
                raise MetricError(what, hint=hint) from None
    return found


def protect(
    table: pd.DataFrame,
    bounds: Bounds,
    *,
    units: Mapping[str, str] | None = None,
    before: Mapping[str, rule.Before] | None = None,
) -> Protected:
    """`table` with every number as it may be shown; what stands in words is missing and named in attrs["shown"].

    `attrs["shown"]` has, by column and row, the kind of each number that is not simply rounded
    (see `kit.disclosure.rule`), with the numbers that its words need.
    """
    units = units or {}
    typed(table, units)
    if set(map(str, table.columns)) >= FACTS and "metric" in table.attrs:
        return _protect_facts(table.reset_index(drop=True), bounds, before or {})
    table = _as_numbers(table, units)
    whole = with_gone(table.reset_index(drop=True), before or {})
    return _Desk(whole, bounds, units, before or {}).protected()


#: a table of facts: its unit stands in each row
FACTS = frozenset(("id", "group", "value", "unit", "label", "n"))


def _protect_facts(table: pd.DataFrame, bounds: Bounds, before: Mapping[str, rule.Before]) -> Protected:
    """A table of facts, each row by its own unit."""
    found = [protect_fact(table, place, bounds, before=before) for place in range(len(table))]
    result = table.copy()
    result.attrs = {k: v for k, v in table.attrs.items() if k != "behind"}
    shown: dict[str, dict[int, list[Any]]] = {}
    for place, one in enumerate(found):
        for name in ("value", "n", "label"):
            result.at[place, name] = one.row[name]
        for name, kind in one.row["shown"].items():
            shown.setdefault(name, {})[place] = kind
    result.attrs["shown"] = shown
    held = sum(map(len, shown.values()))
    return Protected(result, [q for one in found for q in one.quantities], held)


@dataclass
class ProtectedFact:
    """A fact as it may be shown: value, n, label, and what stands in words; and what it says to the auditor."""

    row: dict[str, Any]
    quantities: list[Quantity]


#: facts that are whole populations, by their names elsewhere
FACT_IDS = {
    "accounts": "accounts|{group}",
    "accounts_posting": "accounts|{group}|posting",
    "accounts_silent": "accounts|{group}|silent",
}


def protect_fact(
    table: pd.DataFrame, place: int, bounds: Bounds, *, before: Mapping[str, rule.Before] | None = None
) -> ProtectedFact:
    """One row of a table of facts; its unit says what is counted."""
    fact = table.iloc[place]
    one = pd.DataFrame(
        {"id": [fact.id], "group": [fact.group], "estimate": [_float(fact.value)], "n": [_float(fact.n)]}
    )
    one.attrs = dict(table.attrs) | {"unit": fact.unit, "behind": _renamed(table.attrs.get("behind"))}
    desk = _Desk(one, bounds, {}, before or {})
    found = desk.protected()
    names = {"estimate": "value", "n": "n"}
    shown = {own: kinds[0] for name, own in names.items() if (kinds := found.table.attrs["shown"].get(name))}
    who = desk.behind.number(one, 0, "label", "people")
    tells_day = isinstance(fact.label, str) and bool(re.match(r"\d{4}-\d\d-\d\d", fact.label))
    hidden = tells_day and not who >= rule.STEP and fact.group not in bounds.exact
    row = {own: found.table[name].iloc[0] for name, own in names.items()}
    return ProtectedFact(row | {"label": None if hidden else fact.label, "shown": shown}, found.quantities)


def _float(value: Any) -> float:
    return math.nan if value is None or value is pd.NA else float(value)


def _renamed(behind: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands behind the values of facts, as behind estimates."""
    given = behind or {"keys": [], "rows": []}
    keys = [i for i, name in enumerate(given["keys"]) if name in ("id", "group")]
    rows = [
        [[key[i] for i in keys], {name.replace("value__", "estimate__"): v for name, v in said.items()}]
        for key, said in given["rows"]
    ]
    return {"keys": [given["keys"][i] for i in keys], "rows": rows}


class _Desk:
    """The table at work: true numbers on one side, shown ones on the other."""

    def __init__(
        self, table: pd.DataFrame, bounds: Bounds, units: Mapping[str, str], before: Mapping[str, rule.Before]
    ) -> None:
        if table.attrs.get("inferred"):  # what nobody published, whoever published the list of accounts
            bounds = replace(bounds, exact=frozenset())
        self.bounds, self.units, self.before = bounds, units, before
        self.metric = str(table.attrs.get("name", "")) if "metric" in table.attrs else ""
        self.unit, self.n_unit = str(table.attrs.get("unit", "")), str(table.attrs.get("n_unit", ""))
        self.behind = _behind(table)
        self.true = table.copy()
        # every look into a table copies its attributes, and these are as long as the table
        self.true.attrs = {k: v for k, v in table.attrs.items() if k != "behind"}
        self.shown: dict[str, dict[int, list[Any]]] = {}
        self.result = table.copy()
        self.result.attrs = {k: v for k, v in table.attrs.items() if k != "behind"}
        self.counts: dict[tuple[str, int], Shown] = {}
        self.quantities: list[Quantity] = []
        self.steps: dict[tuple[str, str], int] = {}
        self.of_few = _parts_of_few(self.true, self._sums())
        self.narrowed = self._narrowed()

    def protected(self) -> Protected:
        columns = [str(c) for c in self.true.columns]
        kinds = {c: self._kind(c) for c in columns}
        for wanted in ("people", "events", "share", "estimate", "measure", "days", "date"):
            for name in columns:
                if kinds[name] == wanted:
                    self._column(name, wanted)
        self._few(kinds)
        self._put(kinds)
        self._rank()
        self.result.attrs["shown"] = {k: v for k, v in self.shown.items() if v}
        held = sum(len(v) for v in self.shown.values())
        return Protected(self.result, self.quantities, held)

    # -- what a column is

    def _kind(self, name: str) -> str:
        column, numeric = self.true[name], pd.api.types.is_numeric_dtype(self.true[name])
        if pd.api.types.is_bool_dtype(column):
            return "plain"
        counts, role = self._counts(name), self._role(name)
        if role == "date":
            return "date" if name not in self._keys() else "plain"
        if not numeric or role in ABOUT:
            return "plain"
        if role in ("low", "high") and not (counts and words.unit(name, self.metric) == "count"):
            return "end"
        if role == "share" or (role == "estimate" and self._is("share", name)):
            own = "share" if role == "share" else "estimate"
            return "measure" if counts in PLAIN else own  # nobody has a part in what is simulated
        counted = role in ("count", "size", "low", "high") or (role == "estimate" and self._is("count", name))
        if counted and counts in PEOPLE:
            return "people"
        if counts == "days" and counted and name not in self._keys():
            return "days"
        if counts in PLAIN or (not counts and role not in ("estimate", "measure")):
            return "plain"
        return "events" if counted else "measure"

    def _counts(self, name: str) -> str:
        if name in self.units:
            said = self.units[name]
            return words.unit_counts(said)
        return words.counts(name, self.metric, self.unit, self.n_unit)

    def _role(self, name: str) -> str:
        if name in self.units:
            said = self.units[name]
            how = words.measured(said)
            return (
                "share"
                if how == "share"
                else "count"
                if words.unit_counts(said) and how in ("", "count")
                else "measure"
            )
        known = words.column(name, self.metric)
        return known.role if known else ""

    def _is(self, how: str, name: str) -> bool:
        """Whether an estimate is a share, or a count."""
        return words.unit(name, self.metric, self.unit) == how

    def _keys(self) -> list[str]:
        return list(self.behind.keys)

    # -- values

    def _number(self, name: str, row: int) -> float:
        value = self.true[name].iloc[row]
        return math.nan if value is None or value is pd.NA else float(value)

    def _group(self, row: int) -> str | None:
        for name in ("group", "group_a"):
            if name in self.true:
                return str(self.true[name].iloc[row])
        return None

    def _is_exact(self, name: str, row: int) -> bool:
        """Whether a platform published the list that this number is counted from."""
        return self._group(row) in self.bounds.exact and self._counts(name) not in ("targets", "people")

    def _set(self, name: str, row: int, shown: Shown, *more: Any) -> None:
        self.counts[name, row] = shown
        if shown.kind not in (rule.ABOUT, rule.EXACT, rule.ZERO):
            self.shown.setdefault(name, {})[row] = [shown.kind, *more]

    def _id(self, name: str, row: int) -> str:
        if (
            "id" in self.true
            and name == "estimate"
            and (known := FACT_IDS.get(str(self.true["id"].iloc[row])))
        ):
            return of_part(known.format(group=self._group(row)), self.true)
        return named(
            words.column(name, self.metric),
            self.metric or str(self.true.attrs.get("name", "")),
            name,
            self.true,
            row,
            self._counts(name),
        )

    def _tell(self, id_: str, name: str, shown: Shown, value: float, **more: Any) -> None:
        self.quantities.append(Quantity(id_, self._counts(name), shown, value, **more))

    def _column(self, name: str, kind: str) -> None:
        say = getattr(self, f"_say_{kind}")
        if kind == "events":
            self._measure_steps(name)
        for row in range(len(self.true)):
            if self.behind.number(self.true, row, name, "held") == 1:
                self._hold(name, kind, row)
            else:
                say(name, row)

    def _hold(self, name: str, kind: str, row: int) -> None:
        """A number that its metric withholds."""
        value = self._number(name, row) if kind != "date" else math.nan
        self._set(name, row, rule.HELD)
        if kind in ("people", "events"):
            self._tell(self._id(name, row), name, rule.HELD, value)

    def _say_people(self, name: str, row: int) -> None:
        value = self._number(name, row)
        whole, whole_id = self._whole_of(name, row), self._whole_id(name, row)
        if self._is_exact(name, row):
            shown = rule.exactly(value)
            self._set(name, row, shown)
            return self._tell(self._id(name, row), name, shown, value)
        if self._counts(name) == "pairs of accounts" and self._few_in_pairs(name, row, value):
            shown = Shown(rule.SMALL, None, 1, PAIRS_OF_TEN - 1)
            self._set(name, row, shown)
            return self._tell(self._id(name, row), name, shown, value)
        if (name, row) in self.of_few:
            shown = Shown(rule.WITHHELD, None, 0, rule.STEP - 1)
            self._set(name, row, shown)
            return self._tell(self._id(name, row), name, shown, value, adds=self._adds(name, row))
        if (name, row) in self.narrowed or (self._of(name), row) in self.narrowed:
            self._set(name, row, rule.HELD)
            return self._tell(self._id(name, row), name, rule.HELD, value, adds=self._adds(name, row))
        shown = self._people(self._id(name, row), name, value, whole, whole_id, self._adds(name, row))
        return self._set(name, row, shown)

    def _people(
        self,
        id_: str,
        name: str,
        value: float,
        whole: float | None = None,
        whole_id: str | None = None,
        adds: tuple[tuple[str, str], ...] = (),
    ) -> Shown:
        """A count of people as it is shown, told to the auditor."""
        before = self.before.get(id_)
        shown = rule.people(value, whole, before)
        left = rule.left(shown, before) if whole is not None else None
        if name in self.true.attrs.get("wordless", ()) and shown.kind in (rule.EVERY, rule.ALL_BUT):
            shown, left = shown._replace(kind=rule.ABOUT), None
        self._tell(id_, name, shown, value, whole=whole_id, rest=whole, left=left, adds=adds)
        return shown

    def _adds(self, name: str, row: int) -> tuple[tuple[str, str], ...]:
        """The sums that a count is a part of, as its metric says."""
        return tuple(
            (f"{self.metric}.{name}", of_part(rule_["whole"].format(**self._keys_of(row)), self.true))
            for rule_ in self._sums()
            if rule_["column"] == name
        )

    def _sums(self) -> list[Mapping[str, Any]]:
        """Which rows add up to what, as the metric says; not where somebody left out rows."""
        said = self.true.attrs.get("adds_up", ())
        return [one for one in said if one.get("rows", len(self.true)) == len(self.true)]

    def _narrowed(self) -> set[tuple[str, int]]:
        """Counts, as column and row, of which what is told of all together would tell more than 1 to 9 of a small one."""
        found: set[tuple[str, int]] = set()
        for said in self._sums():
            name = said["column"]
            for rows in self.true.groupby(list(said["by"]), dropna=False, sort=False).indices.values():
                numbers = [self._number(name, int(row)) for row in rows]
                if (
                    len(rows) > 1
                    and not any(map(math.isnan, numbers))
                    and self._tells_few(said, rows, numbers)
                ):
                    found |= {(name, int(row)) for row in rows}
        return found

    def _tells_few(self, said: Mapping[str, Any], rows: Any, numbers: list[float]) -> bool:
        name, first = said["column"], int(rows[0])
        if self._is_exact(name, first):
            return False
        parts = [
            rule.people(n, self._whole_of(name, int(row)), self.before.get(self._id(name, int(row))))
            for n, row in zip(numbers, rows, strict=True)
        ]
        whole_id = of_part(said["whole"].format(**self._keys_of(first)), self.true)
        whole = rule.people(sum(numbers), before=self.before.get(whole_id))
        least, most = sum(one.low for one in parts), sum(one.high for one in parts)
        return any(
            one.kind == rule.SMALL
            and (whole.high - least + one.low < rule.STEP - 1 or whole.low - most + one.high > 1)
            for one in parts
        )

    def _few_in_pairs(self, name: str, row: int, pairs: float) -> bool:
        """Whether fewer than ten accounts may be in so many pairs."""
        who = self.behind.number(self.true, row, name, "people")
        return 0 < who < rule.STEP if who == who else 0 < pairs < PAIRS_OF_TEN

    def _whole_of(self, name: str, row: int) -> float | None:
        """The true number of the whole that a count is part of, where the table holds it."""
        of = self._of(name)
        return self._number(of, row) if of else None

    def _of(self, name: str) -> str:
        """The column of the whole that a count is part of; of an estimate its size, where both count the same."""
        known = words.column(name, self.metric)
        of = known.of if known else ""
        if not of and name == "estimate" and "n" in self.true and self._counts("n") == self._counts(name):
            of = "n"
        return of if of in self.true else ""

    def _whole_id(self, name: str, row: int) -> str | None:
        if own := self._of(name):
            return self._id(own, row)
        known = words.column(name, self.metric)
        of = known.of if known else ""
        return of_part(of.format(**self._keys_of(row)), self.true) if "|" in of else None

    def _keys_of(self, row: int) -> dict[str, Any]:
        return {str(c): self.true[c].iloc[row] for c in self.true.columns}

    def _measure_steps(self, name: str) -> None:
        """One step for a column and group, so that no cell's step tells of one account."""
        for row in range(len(self.true)):
            total, (doers, largest) = self._number(name, row), self._doers(name, row)
            if total and rule.events(total, doers, largest, rule.STEP).kind == rule.ABOUT:
                key = (name, str(self._group(row)))
                self.steps[key] = max(self.steps.get(key, rule.STEP), rule.step_of(largest))
        for group in {str(self._group(row)) for row in range(len(self.true))}:
            self._keep_step(name, group)

    def _keep_step(self, name: str, group: str) -> None:
        """The step of an earlier version where it was larger: who did most may have been taken out since."""
        about = f"|{self.true['id'].iloc[0]}" if "id" in self.true else ""  # a fact
        said = sorted(self.true.attrs.get("settings", {}).items())
        settings = "".join(f"|{k}={v!s}" for k, v in said)
        one = of_part(f"step of {self.metric}.{name}|group={group}{about}{settings}", self.true)
        last = self.before.get(one, ("", None))[1]
        step = max(self.steps.get((name, group), 0), int(last or 0))
        if step and group not in self.bounds.exact:
            self.steps[name, group] = step
            self.quantities.append(Quantity(one, "", Shown(rule.ABOUT, step, -math.inf, math.inf), step))

    def _doers(self, name: str, row: int) -> tuple[float, float]:
        """How many people stand behind a number, and the most that one of them did."""
        doers = self.behind.number(self.true, row, name, "people")
        largest = self.behind.number(self.true, row, name, "largest")
        if math.isnan(doers) or math.isnan(largest):  # nobody counted: at least so many must have done it
            largest = self.bounds.of(self._counts(name), self._group(row))
            doers = self._number(name, row) / largest if largest else math.nan
        return doers, largest

    def _say_events(self, name: str, row: int) -> None:
        value = self._number(name, row)
        doers, largest = self._doers(name, row)
        if self._is_exact(name, row):
            shown = rule.exactly(value)
        elif value and largest == 1 and doers == value:  # each did it once: it counts people
            shown = rule.people(value, before=self.before.get(self._id(name, row)))
        else:
            step = self.steps.get((name, str(self._group(row))), rule.STEP)
            shown = rule.events(value, doers, largest, step, self.before.get(self._id(name, row)))
        self._set(name, row, shown)
        counted = self.behind.number(self.true, row, name, "people")
        known = None if math.isnan(counted) or value == 0 else counted  # nobody did what was not done
        self._tell(self._id(name, row), name, shown, value, doers=known, adds=self._adds(name, row))

    def _say_share(self, name: str, row: int) -> None:
        """A share of a count of the row: its whole is what the two make together."""
        value = self._number(name, row)
        part = self._part_of(name)
        if self._is_exact(name, row) or math.isnan(value):
            self._set(name, row, rule.exactly(value))
        elif (part, row) in self.of_few or self._is_held(part, row):
            self._set(name, row, rule.HELD)
        elif value == 0 and self._id(name, row) not in self.before:
            self._set(name, row, rule.NOBODY)
        elif self._counts(name) in PEOPLE and part and value:
            number = self._number(part, row)
            self._share_of_people(name, row, number, round(number / value), self._id(part, row))
        else:
            self._weighed(name, row, self._weight(name, row, part))

    def _is_held(self, name: str | None, row: int) -> bool:
        """Whether a count of people is withheld: no share of it tells that there are any."""
        shown = self.counts.get((name or "", row))
        return shown is not None and shown.kind == rule.WITHHELD and self._counts(name or "") in PEOPLE

    def _weighed(self, name: str, row: int, weight: float) -> Shown:
        """A share of what people did, by how much of it one of them holds."""
        id_ = self._id(name, row)
        shown = rule.weighed(self._number(name, row), weight, self.before.get(id_))
        self._set_share(name, row, shown)
        self.quantities.append(Quantity(id_, "", shown, self._number(name, row)))
        return shown

    def _set_share(self, name: str, row: int, shown: Shown) -> None:
        """A share, or the bound that is told of it."""
        self._set(name, row, shown, *([shown.value] if shown.kind in (rule.UNDER, rule.OVER) else []))

    def _part_of(self, name: str) -> str | None:
        """The column that a share is the share of: that which is declared; of what people did, the only one of its kind."""
        known = words.column(name, self.metric)
        if known and known.of in self.true:
            return known.of
        if known and self._counts(name) in PEOPLE:  # another count of the row may be its whole
            return None
        same = [
            str(c)
            for c in self.true.columns
            if self._role(str(c)) == "count" and self._counts(str(c)) == self._counts(name)
        ]
        return same[0] if len(same) == 1 else None

    def _size(self, row: int) -> float:
        return next((self._number(c, row) for c in ("n", "accounts") if c in self.true), math.nan)

    def _weight(self, name: str, row: int, part: str | None = None) -> float:
        """The largest part of the whole that one account holds."""
        told = self.behind.number(self.true, row, name, "weight")
        if not math.isnan(told):
            return told
        if part is not None:
            value, number = self._number(name, row), self._number(part, row)
            doers, largest = self._doers(part, row)
            if value and doers >= rule.STEP:
                return self.steps.get((part, str(self._group(row))), rule.STEP) / (number / value)
        n, counts = self._size(row), self._counts("n") if "n" in self.true else ""
        if counts in PEOPLE or "n" not in self.true:
            return rule.STEP / n if n >= rule.STEP else math.nan
        largest = self.bounds.of(counts, self._group(row))
        return largest / n if n and n >= rule.STEP * largest else math.nan

    def _share_of_people(
        self, name: str, row: int, part: float, whole: float, id_: str, whole_id: str | None = None
    ) -> None:
        """A share of people from its part and its whole; both are numbers that an earlier version may have shown."""
        whole_id = whole_id or f"whole of {self._id(name, row)}"
        shown_whole = self._people(whole_id, name, whole)
        if shown_whole.kind == rule.SMALL and self._role(name) == "estimate":
            return self._hold_of_few(name, row, part, id_, (whole_id, whole))
        shown_part = self._people(id_, name, part, whole, whole_id)
        shown = rule.share(shown_part, shown_whole)
        self._set_share(name, row, shown)
        if shown.kind == rule.ABOUT and (shown_whole.value or 0) < rule.FEW:
            self.shown.setdefault(name, {})[row] = ["of", shown_part.value, shown_whole.value]
        for end, value in zip(self._ends(name), _interval(shown_part, shown_whole), strict=True):
            if end is not None:
                self._set(end, row, rule.HELD if value is None else Shown(rule.ABOUT, value, 0, 1))

    def _hold_of_few(self, name: str, row: int, part: float, id_: str, whole: tuple[str, float]) -> None:
        """Of 1 to 9 people nothing is told, not even that it is none: *fewer than 10* of them would leave 8 at most."""
        self._tell(id_, name, rule.HELD, part, whole=whole[0], rest=whole[1])
        for held in (name, *self._ends(name)):
            if held is not None:
                self._set(held, row, rule.HELD)

    def _ends(self, name: str) -> tuple[str | None, str | None]:
        stem = "" if name in ("estimate", "value", "share") else f"{name.removesuffix('_share')}_"
        found = [f"{stem}{end}" if f"{stem}{end}" in self.true else None for end in ("low", "high")]
        return found[0], found[1]

    def _say_estimate(self, name: str, row: int) -> None:
        """A share with its size beside it; of people, both are counts."""
        value = self._number(name, row)
        if self._is_exact(name, row) or math.isnan(value):
            return self._set(name, row, rule.exactly(value))
        # a share whose metric says how much of it hangs on one account is no count of accounts by another
        told = self.behind.number(self.true, row, name, "weight")
        of_people = (
            math.isnan(told) and "n" in self.true and {self._counts(name), self._counts("n")} <= PEOPLE
        )
        number = self._number("n", row) if of_people else math.nan
        if of_people and abs(value * number - round(value * number)) < 1e-6 * max(1, number):
            self._share_of_people(
                name, row, round(value * number), number, self._id(name, row), self._id("n", row)
            )
            return None
        weight = self._weight(name, row)
        shown = self._weighed(name, row, weight)
        return self._coarse_ends(name, row, weight, shown)

    def _coarse_ends(self, name: str, row: int, weight: float, shown: Shown) -> None:
        """The ends of an interval of what people did, outward to a multiple of the largest part that one of them has."""
        for end, up in zip(self._ends(name), (False, True), strict=True):
            if end is not None:
                true = self._number(end, row)
                held = shown.kind == rule.WITHHELD or math.isnan(weight)
                moved = None if held else rule.outward(true, rule.fine(weight), up=up)
                self._end(name, end, row, moved, shown.value, held=moved is None and true == true)

    def _end(
        self, name: str, end: str, row: int, value: float | None, estimate: float | None, *, held: bool
    ) -> None:
        """An end of an interval: the one that an earlier version showed where its estimate stays too."""
        before, last = self.before.get(self._id(name, row)), self.before.get(self._id(end, row))
        if not held and before and last and before[1] == estimate and last[1] is not None:
            value = last[1]
        shown = rule.HELD if held else Shown(rule.ABOUT, value, -math.inf, math.inf)
        self._set(end, row, shown)
        self.quantities.append(Quantity(self._id(end, row), "", shown, self._number(end, row)))

    def _say_measure(self, name: str, row: int) -> None:
        """A number that is no count: a mean from shown numbers, any other to three digits, two where it is large."""
        value = self._number(name, row)
        if self._is_exact(name, row) or math.isnan(value):
            return self._set(name, row, rule.exactly(value))
        kept = self._mean(name, row, value)
        held = kept is None
        self.quantities.append(
            Quantity(
                self._id(name, row),
                "",
                rule.HELD if held else Shown(rule.ABOUT, kept, -math.inf, math.inf),
                value,
            )
        )
        self._set(name, row, rule.HELD if held else Shown(rule.ABOUT, kept, -math.inf, math.inf))
        for end in self._ends(name):
            if end is not None:
                self._end(name, end, row, rule.digits(self._number(end, row), 3), kept, held=held)
        return None

    def _mean(self, name: str, row: int, value: float) -> float | None:
        """A mean as rounded total by shown number; None where one account makes more than half of it."""
        largest = self.behind.number(self.true, row, name, "largest")
        weight = self.behind.number(self.true, row, name, "weight")
        n, before = self._size(row), self.before.get(self._id(name, row))
        last = before[1] if before else None
        if not math.isnan(largest) and n:
            total, shown = value * n, self._size_shown(row) or rule.people(n)
            if 2 * largest > total or not shown.value:
                return None
            step = rule.step_of(largest)
            if last is not None and min(abs(total - last * shown.value), abs(value - last) * n) < step:
                return last
            return rule.digits(rule.nearest(total, step) / shown.value, 3, before)
        if weight > 0.5 or (math.isnan(weight) and self._counts(name) in HEAVY):
            return None
        if last is not None and abs(value - last) < weight * abs(value):
            return last
        few = 2 if self._counts(name) and abs(value) >= 10 else 3
        return rule.digits(value, few, before)

    def _size_shown(self, row: int) -> Shown | None:
        """How many people a mean is of, as it is shown beside it."""
        return next((self.counts[c, row] for c in ("n", "accounts") if (c, row) in self.counts), None)

    def _say_days(self, name: str, row: int) -> None:
        """How many days: nobody does more or less of them; what an earlier version said stays within ten."""
        value, one = self._number(name, row), self._id(name, row)
        if [self._id(name, other) for other in range(len(self.true))].count(one) > 1:
            self._set(name, row, rule.exactly(value))  # nothing tells it from another
        elif not math.isnan(value):
            kind, last = self.before.get(one, ("", None))
            stays = kind == rule.ABOUT and last is not None and abs(value - last) < rule.STEP
            exact = self._group(row) in self.bounds.exact
            shown = Shown(rule.ABOUT, last if stays and not exact else value, 0, math.inf)
            self._set(name, row, shown)
            self.quantities.append(Quantity(one, "", shown, value))

    def _say_date(self, name: str, row: int) -> None:
        """A day on which somebody did something: only where ten people share it, or shared it in an earlier version."""
        value = self.true[name].iloc[row]
        if self._group(row) in self.bounds.exact:
            return
        if pd.isna(value):
            if self.before.get(self._id(name, row), ("",))[0] == rule.WITHHELD:
                self._set(name, row, rule.HELD)
            return
        who = self.behind.number(self.true, row, name, "people")
        day = pd.to_datetime(value, errors="coerce")
        number = math.nan if pd.isna(day) else float(day.toordinal())
        kind, last = self.before.get(self._id(name, row), ("", None))
        told = kind != rule.WITHHELD and (who >= rule.STEP or last == number)
        shown = Shown(rule.ABOUT, number, -math.inf, math.inf) if told else rule.HELD
        self.quantities.append(Quantity(self._id(name, row), "", shown, number))
        if not told:
            self._set(name, row, shown)

    # -- rows about few people

    def _few(self, kinds: Mapping[str, str]) -> None:
        """Where a row is about 1 to 9 people, no other number or day of it is shown."""
        main = next((c for c in ("accounts", "n") if kinds.get(c) == "people"), None)
        if main is None:
            counted = [
                c for c, kind in kinds.items() if kind == "people" and self._role(c) in ("count", "size")
            ]
            if len(counted) != 1:  # of several nobody says what the row is about
                return
            main = counted[0]
        for row in range(len(self.true)):
            if self.counts[main, row].kind != rule.SMALL:
                continue
            for name, kind in kinds.items():
                if kind in ("events", "share", "estimate", "measure", "date", "end"):
                    value = self.true[name].iloc[row]
                    none = self.before.get(self._id(name, row), (rule.ZERO,))[0] == rule.ZERO
                    if not pd.isna(value) and not (kind == "events" and value == 0 and none):
                        self.counts[name, row] = rule.HELD
                        self.shown.setdefault(name, {})[row] = [rule.WITHHELD]

    def _put(self, kinds: Mapping[str, str]) -> None:
        """Write what is shown into the result."""
        for name, kind in kinds.items():
            if kind == "plain":
                continue
            if kind == "days":
                told = [self.counts.get((name, row)) for row in range(len(self.true))]
                values = [one.value if one else math.nan for one in told]
                self.result[name] = pd.Series(values, self.result.index).astype(self.true[name].dtype)
                continue
            if kind == "date":
                rows = list(self.shown.get(name, {}))
                self.result[name] = self.result[name].mask(self.result.index.isin(rows))
                continue
            values = pd.Series(
                [self._shown_number(name, row) for row in range(len(self.true))],
                self.result.index,
                dtype=float,
            )
            counted = kind in ("people", "events") and values.notna().all()
            self.result[name] = values.astype("int64") if counted else values

    def _rank(self) -> None:
        """Rows that a metric ranks `by` a number, by what is shown of it `of` each thing: the order tells no more."""
        ranked = self.true.attrs.get("ranked")
        if not ranked or not {*ranked.values()} <= {*self.true.columns} or self.true.empty:
            return
        by, of = ranked["by"], self.true[ranked["of"]]
        rows = range(len(self.true))
        of_one = [(self._group(row), "" if pd.isna(of.iloc[row]) else str(of.iloc[row])) for row in rows]
        sums: dict[tuple[str | None, str], float] = {}
        for row, one in zip(rows, of_one, strict=True):
            sums[one] = sums.get(one, 0) + (self.counts[by, row].value or 0)
        groups = list(dict.fromkeys(group for group, _name in of_one))
        order = sorted(
            rows,
            key=lambda row: (
                groups.index(of_one[row][0]),
                not of_one[row][1],
                -sums[of_one[row]],
                of_one[row][1],
            ),
        )
        self.result = self.result.iloc[order].reset_index(drop=True)
        at = {row: place for place, row in enumerate(order)}
        self.shown = {
            name: {at[row]: said for row, said in held.items()} for name, held in self.shown.items()
        }

    def _shown_number(self, name: str, row: int) -> float | None:
        shown = self.counts.get((name, row))
        if shown is None:  # an end whose estimate says nothing
            value = self._number(name, row)
            return value if self._is_exact(name, row) else rule.digits(value, 3)
        return None if shown.kind in (rule.UNDER, rule.OVER) else shown.value


def _interval(part: Shown, whole: Shown) -> tuple[float | None, float | None]:
    """The interval of a share of people from what is shown: for 1 to 9, or all but so many, the widest of them."""
    if whole.value is None or part.kind in (rule.UNKNOWN, rule.WITHHELD):
        return None, None
    n = int(whole.value)
    least, most = {
        rule.SMALL: (1, min(n, rule.STEP - 1)),
        rule.ALL_BUT: (max(0, n - rule.STEP + 1), n),
    }.get(part.kind, (min(n, int(part.value or 0)),) * 2)
    return wilson(least, n).low, wilson(most, n).high


def _parts_of_few(table: pd.DataFrame, sums_: Iterable[Mapping[str, Any]]) -> set[tuple[str, int]]:
    """The counts that make fewer than ten people together, as column and row: any word of one would tell of the others."""
    found: set[tuple[str, int]] = set()
    for said in sums_:
        name = said["column"]
        sums = pd.to_numeric(table[name]).groupby([table[by] for by in said["by"]], dropna=False)
        few = sums.transform("sum").between(1, rule.STEP - 1) & sums.transform("size").gt(1)
        found |= {(name, row) for row, is_few in enumerate(few) if is_few}
    return found


@dataclass
class _Behind:
    keys: list[str]
    rows: dict[tuple[str, ...], dict[str, float]]

    def number(self, table: pd.DataFrame, row: int, name: str, what: str) -> float:
        """How many people stand behind a number, its largest contribution or weight; NaN where nobody said."""
        if any(k not in table for k in self.keys):
            return math.nan
        key = tuple(str(table[k].iloc[row]) for k in self.keys)
        value = self.rows.get(key, {}).get(f"{name}__{what}")
        return math.nan if value is None else float(value)


def _behind(table: pd.DataFrame) -> _Behind:
    kept = table.attrs.get("behind") or {"keys": [], "rows": []}
    return _Behind(list(kept["keys"]), {tuple(key): dict(said) for key, said in kept["rows"]})
