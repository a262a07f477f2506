"""The auditor: what a reader can work out from everything a report publishes, taken together.

It is given what was published of each number and nothing else: words, rounded values, which set is part of
which, which rows add up to what. Every count is then a whole number that is not known, and each statement
is linear: a set and what is left of it make the whole, parts add up, whoever did something did it at least
once. For each count of 1 to 9 people, printed or only left when a part is taken from its whole, the least
and the greatest number that fits all statements is worked out by integer programming. From 1 to 9 is what
*fewer than 10* says itself; anything narrower is a leak. That the truth is used to choose which counts are
looked at, and to see that nothing said is false, makes the auditor no wiser: the bounds are those of a reader.

Source: the audit of tabular data in Hundepool and others, Handbook on Statistical Disclosure Control.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kit.disclosure.rule import STEP

MOST = 10**9  # more than any count here
SECONDS = 5.0  # for one end of one count; past it the bound may be too wide, and is counted
PEOPLE = frozenset(("accounts", "people", "targets", "clusters", "coders"))


class Leak(NamedTuple):
    """A count that can be learned, or a statement that is false."""

    kind: str  # exact, narrowed or false
    id: str
    low: float
    high: float

    def line(self) -> str:
        """One line, without the number itself."""
        if self.kind == "false":
            return f"what is said of '{self.id}' is not true"
        return f"'{self.id}' can be worked out: it lies between {self.low:g} and {self.high:g}"


@dataclass
class Known:
    """Bounds of single counts, and sums of several of them that lie between two numbers."""

    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    sums: list[tuple[dict[str, float], float, float]] = field(default_factory=list)
    true: dict[str, float] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    #: the most that can be left of a whole that is itself fewer than ten, of which somebody is in a part
    most: dict[str, float] = field(default_factory=dict)

    def bound(self, name: str, low: float = 0, high: float = MOST) -> None:
        """A count lies between two numbers."""
        self.low[name] = max(low, self.low.get(name, 0))
        self.high[name] = min(high, self.high.get(name, MOST))

    def add(self, terms: dict[str, float], low: float = 0, high: float = 0) -> None:
        """A sum of counts lies between two numbers."""
        for name in terms:
            self.bound(name)
        self.sums.append((terms, low, high))


def read(quantities: Iterable[Mapping[str, Any]]) -> Known:
    """Everything that is said; each number once, however often it stands in the report."""
    known = Known()
    parts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    counts = (q for q in quantities if q["counts"])  # shares and means are made of shown numbers
    for one in {str(sorted(q.items())): q for q in counts}.values():
        declared = one["kind"] == "exact"  # anybody can count it: nothing to protect
        name, person = one["id"], one["counts"] in PEOPLE and not declared
        known.bound(name, *_bounds(one.get("low"), one.get("high")))
        _note(known, name, one.get("true"), person)
        if whole := one.get("whole"):
            _part(known, one, name, whole, person)
        if "doers" in one and not declared:
            _doers(known, one, name)
        for where, total in one.get("adds", ()):
            parts[where, total][name] = 1.0
    for (_where, total), terms in parts.items():
        known.add(terms | {total: -1.0})
    return known


def _note(known: Known, name: str, true: float | None, person: bool) -> None:
    if true is not None:
        known.true[name] = true
    if person:
        known.people.add(name)


def _bounds(low: float | None, high: float | None) -> tuple[float, float]:
    lowest = 0 if low is None or not math.isfinite(low) else math.ceil(low - 1e-9)
    highest = MOST if high is None or not math.isfinite(high) else math.floor(high + 1e-9)
    return max(0, lowest), highest


def _part(known: Known, one: Mapping[str, Any], name: str, whole: str, person: bool) -> None:
    """A set inside another: what is left of it is a count too, and the words say something of it."""
    left = f"{whole} without {name}"
    known.add({name: 1.0, left: 1.0, whole: -1.0})
    if (few := one.get("rest")) is not None and few < STEP:
        known.most[left] = STEP - 2
    low, high = one.get("left") or (None, None)
    known.bound(left, *_bounds(low, high))
    if (total := one.get("rest")) is not None and one.get("true") is not None:
        _note(known, left, total - one["true"], person)
        known.true.setdefault(whole, total)


def _doers(known: Known, one: Mapping[str, Any], name: str) -> None:
    """Who did something did it at least once; nobody did nothing."""
    who = f"who is behind {name}"
    known.add({name: 1.0, who: -1.0}, 0, MOST)
    known.bound(who, 1 if known.low[name] > 0 else 0, 0 if known.high[name] == 0 else MOST)
    _note(known, who, one["doers"], True)


def leaks(quantities: Iterable[Mapping[str, Any]]) -> list[Leak]:
    """What is false, and which protected counts can be learned; nothing where the report is safe."""
    known = read(quantities)
    wrong = [
        Leak("false", name, known.low[name], known.high[name])
        for name, true in known.true.items()
        if name in known.low and not known.low[name] <= true <= known.high[name]
    ]
    if wrong:
        return wrong
    wanted = [n for n, true in known.true.items() if n in known.people and 1 <= true < STEP]
    found = []
    for name, (low, high) in ends(known, wanted).items():
        most = min(STEP - 1, known.most.get(name, STEP))
        if low == high or (high < STEP and not (low <= 1 and high >= most)):
            found.append(Leak("exact" if low == high else "narrowed", name, low, high))
    return found


def ends(known: Known, wanted: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The least and the greatest value of each wanted count that fits everything that is said."""
    groups = _together(known)
    members, sums = defaultdict(list), defaultdict(list)
    for name, group in groups.items():
        members[group].append(name)
    for terms, low, high in known.sums:
        free = {n: c for n, c in terms.items() if known.low[n] != known.high[n]}
        fixed = sum(c * known.low[n] for n, c in terms.items() if n not in free)
        if free:
            sums[groups[next(iter(free))]].append((free, low - fixed, high - fixed))
    found: dict[str, tuple[float, float]] = {}
    asked: dict[str, list[str]] = defaultdict(list)
    for name in wanted:
        asked[groups[name]].append(name)
    for group, names in asked.items():
        if sums[group]:
            found |= _solved(known, members[group], sums[group], names)
        else:
            found |= {name: (known.low[name], known.high[name]) for name in names}
    return found


def _together(known: Known) -> dict[str, str]:
    """Which counts hang together; each group is solved by itself. A count that is known joins nothing."""
    parent = {name: name for name in known.low}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for terms, _low, _high in known.sums:
        free = [name for name in terms if known.low[name] != known.high[name]]
        for other in free[1:]:
            parent[root(other)] = root(free[0])
    return {name: root(name) for name in parent}


def _solved(
    known: Known, names: list[str], sums: list[tuple[dict[str, float], float, float]], wanted: list[str]
) -> dict[str, tuple[float, float]]:
    """The ends of some counts of one group, by integer programming."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    place = {name: i for i, name in enumerate(names)}
    cells = [(row, place[n], c) for row, (terms, _l, _h) in enumerate(sums) for n, c in terms.items()]
    at, to, weight = zip(*cells, strict=True)
    matrix = csr_array((weight, (at, to)), shape=(len(sums), len(names)))
    limits = LinearConstraint(matrix, [s[1] for s in sums], [s[2] for s in sums])
    box = Bounds([known.low[n] for n in names], [known.high[n] for n in names])
    found = {}
    for name in wanted:
        both = []
        for sign in (1, -1):
            aim = np.zeros(len(names))
            aim[place[name]] = sign
            done = milp(
                aim,
                constraints=limits,
                bounds=box,
                integrality=np.ones(len(names)),
                options={"time_limit": SECONDS},
            )
            if done.status == 2:
                raise ValueError(f"what is said of '{name}' contradicts itself")
            end = done.fun if done.status == 0 else getattr(done, "mip_dual_bound", None)
            both.append(sign * (-math.inf if end is None else end))
        found[name] = (float(round(both[0])) if math.isfinite(both[0]) else 0.0, _rounded(both[1]))
    return found


def _rounded(value: float) -> float:
    return float(round(value)) if math.isfinite(value) else math.inf
