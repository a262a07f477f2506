"""An attacker who has what is published and nothing else, and tries to learn of a count of 1 to 9 people more than that.

Written from the promise alone: "of a count of 1 to 9 people nobody learns more than that it lies between 1 and 9". It
reads the tables, the facts and findings and the charts' descriptions, knows by the documentation what each column
counts and how numbers are rounded, and knows arithmetic: parts add up to their whole, whoever posts is an account,
nobody posts without a post, a share times its n is a whole number, an interval belongs to one pair of numbers. Then it
asks of every count whether one person would fit all of it, and whether nine would: it looks for a world in which
that is so. Where there is none, more is learned than the promise allows.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Name = tuple[str, ...]
FEW, MOST = 9, 10**7
_Z = 1.959963984540054
_TRIES = 4000  # worlds looked at before a question stays open


class Contradiction(Exception):
    """Nothing fits what is published: something of it is false, or was read wrongly."""


# --- whole numbers that fit


class Puzzle:
    """Unknown whole numbers, what is said of each, and what is said of their sums."""

    def __init__(self) -> None:
        self.low: list[int] = []
        self.high: list[int] = []
        self.place: dict[Name, int] = {}
        self.names: list[Name] = []
        self.sums: list[tuple[list[tuple[int, int]], float, float, str]] = []
        self.of: list[list[int]] = []
        self.statements: list[tuple[Name, float, float]] = []

    def number(self, name: Name) -> int:
        """The place of an unknown number; it is made where nothing was said of it yet."""
        if name not in self.place:
            self.place[name] = len(self.names)
            self.names.append(name)
            self.low.append(0)
            self.high.append(MOST)
            self.of.append([])
        return self.place[name]

    def say(self, name: Name, low: float, high: float) -> None:
        """A number lies between two others."""
        i = self.number(name)
        self.statements.append((name, low, high))
        self.low[i] = max(self.low[i], math.ceil(low - 1e-9))
        self.high[i] = min(self.high[i], MOST if high == math.inf else math.floor(high + 1e-9))

    def sum(self, terms: Iterable[tuple[int, Name]], low: float = 0, high: float = 0, why: str = "") -> None:
        """A sum of numbers, each so many times, lies between two others: by default it is 0."""
        found = [(times, self.number(name)) for times, name in terms]
        for _times, i in found:
            self.of[i].append(len(self.sums))
        self.sums.append((found, low, high, why))

    def inside(self, part: Name, whole: Name) -> None:
        """Nobody is in the part who is not in the whole."""
        self.sum([(1, whole), (-1, part)], 0, math.inf, f"{part} in {whole}")

    def adds_up(self, whole: Name, parts: Sequence[Name]) -> None:
        """The parts share nobody and leave nobody out."""
        self.sum([(-1, whole), *((1, part) for part in parts)], why=f"parts of {whole}")

    def narrow(self, low: list[int], high: list[int], changed: Iterable[int] | None = None) -> bool:
        """Cut off what cannot be, by every sum, until nothing changes; False where nothing is left."""
        waiting = list(range(len(self.sums)) if changed is None else {k for i in changed for k in self.of[i]})
        queued = set(waiting)
        while waiting:
            k = waiting.pop()
            queued.discard(k)
            moved = self._cut(k, low, high)
            if moved is None:
                return False
            for i in moved:
                for other in self.of[i]:
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return True

    def _cut(self, k: int, low: list[int], high: list[int]) -> list[int] | None:
        """Cut the numbers of one sum; those that changed, or None where it cannot hold."""
        terms, least, most, _why = self.sums[k]
        down = sum(t * (low[i] if t > 0 else high[i]) for t, i in terms)
        up = sum(t * (high[i] if t > 0 else low[i]) for t, i in terms)
        if down > most or up < least:
            return None
        moved: list[int] = []
        if down >= least and up <= most:
            return moved
        for t, i in terms:  # every number here stands once, or the other way round once
            a, b = low[i], high[i]
            if t > 0:
                new_low = a if up - b >= least else max(a, int(least - (up - b)))
                new_high = b if down - a + b <= most else min(b, int(most - (down - a)))
            else:
                new_low = a if down + b - a <= most else max(a, int(down + b - most))
                new_high = b if up + a - b >= least else min(b, int(up + a - least))
            if new_low > new_high:
                return None
            if new_low != a or new_high != b:
                low[i], high[i] = new_low, new_high
                down += new_low - a if t > 0 else b - new_high
                up -= b - new_high if t > 0 else new_low - a
                moved.append(i)
        return moved

    def near(self, wanted: Iterable[int]) -> list[int]:
        """The numbers that hang together with these, over sums whose numbers are not known yet."""
        seen, waiting = set(wanted), list(wanted)
        while waiting:
            for k in self.of[waiting.pop()]:
                for _t, i in self.sums[k][0]:
                    if i not in seen and self.low[i] < self.high[i]:
                        seen.add(i)
                        waiting.append(i)
        return sorted(seen)

    def world(
        self, wanted: Mapping[int, int], prefer: Mapping[int, int], within: list[int]
    ) -> list[int] | None:
        """Numbers of `within` that fit everything and have what is wanted; None where none were found."""
        low, high = list(self.low), list(self.high)
        for i, value in wanted.items():
            if not low[i] <= value <= high[i]:
                return None
            low[i] = high[i] = value
        if not self.narrow(low, high, wanted):
            return None
        hard = dict.fromkeys(within, 1.0)  # how often nothing fitted a number: those are settled first
        self.tries = 0
        while self.tries < _TRIES:
            until = self.tries + len(within) + 50
            found, whole = self._filled(list(low), list(high), prefer, hard, until)
            if found or whole:
                return found
        return None

    def _filled(
        self, low: list[int], high: list[int], prefer: Mapping[int, int], hard: dict[int, float], until: int
    ) -> tuple[list[int] | None, bool]:
        """One number after another gets a value; where nothing fits, go back. The numbers, and whether all was tried."""
        steps: list[tuple[list[int], list[int], int, list[tuple[int, int]]]] = []
        while (i := self._next(low, high, hard)) is not None:
            steps.append((low, high, i, _choices(low[i], high[i], prefer.get(i))))
            while steps:
                old_low, old_high, i, choices = steps[-1]
                self.tries += 1
                if self.tries > until:
                    return None, False
                if not choices:
                    steps.pop()
                    continue
                low, high = list(old_low), list(old_high)
                low[i], high[i] = choices.pop(0)
                if self.narrow(low, high, [i]):
                    break
                for k in self.of[i]:
                    for _t, j in self.sums[k][0] if len(self.sums[k][0]) < 20 else ():
                        if j in hard:
                            hard[j] += 1
            else:
                return None, True
        return low, True

    def _next(self, low: list[int], high: list[int], hard: Mapping[int, float]) -> int | None:
        """The number to settle next: with few values left, and hard to fit; None where all the others are free."""
        open_ = sorted((i for i in hard if low[i] < high[i]), key=lambda i: ((high[i] - low[i]) / hard[i], i))
        return next((i for i in open_ if not self._free(i, low, high)), None)

    def _free(self, i: int, low: list[int], high: list[int]) -> bool:
        """Whether every sum of a number holds whatever its numbers are."""
        for k in self.of[i]:
            terms, least, most, _why = self.sums[k]
            if sum(t * (low[j] if t > 0 else high[j]) for t, j in terms) < least:
                return False
            if sum(t * (high[j] if t > 0 else low[j]) for t, j in terms) > most:
                return False
        return True


def _choices(low: int, high: int, wish: int | None) -> list[tuple[int, int]]:
    """In what order values are tried: what is wished, or the middle, then what is below and what is above."""
    first = (low + high) // 2 if wish is None else min(max(wish, low), high)
    return [span for span in ((first, first), (low, first - 1), (first + 1, high)) if span[0] <= span[1]]


@dataclasses.dataclass(frozen=True)
class Learned:
    """What is learned of a count: it lies between these, and so is known better than "1 to 9"."""

    name: Name
    low: int
    high: int


def solve(puzzle: Puzzle) -> None:
    """Draw every conclusion that follows step by step; `Contradiction` where nothing fits."""
    if not puzzle.narrow(puzzle.low, puzzle.high):
        raise Contradiction
    puzzle.high = [min(h, MOST) for h in puzzle.high]


def learned(puzzle: Puzzle, names: Iterable[Name]) -> list[Learned]:
    """Of which of these counts of 1 to 9 people more is learned; a world is looked for in which that is not so.

    Nine values next to each other must fit. Of a number that is told as fewer than ten these are 1 to 9; of one that
    nobody told, such as the difference of two, nobody may be possible too, or more than nine.
    """
    left = {puzzle.place[name] for name in names if name in puzzle.place}
    found = []
    while left:
        within = puzzle.near([min(left)])
        here = sorted(left.intersection(within))
        left -= set(here)
        found += _learned(puzzle, here, within)
    return found


def _learned(puzzle: Puzzle, places: list[int], within: list[int]) -> list[Learned]:
    met: dict[int, set[int]] = {i: set() for i in places}

    def look(wanted: Mapping[int, int], wish: int) -> bool:
        wishes = {
            i: 1 if wish in met[i] else wish for i in places
        }  # those that were met make room for the others
        world = puzzle.world(wanted, wishes, within)
        for i in places if world else ():
            met[i].add(world[i])  # type: ignore[index]
        return world is not None

    def able(i: int, value: int) -> bool:
        return value in met[i] or look({i: value}, value)

    for value in (1, FEW):
        look({}, value)
    found = []
    for i in places:
        first = [1, *(n for n in range(FEW + 1) if n != 1)]
        if not any(able(i, n) and able(i, n + FEW - 1) for n in first):
            known = [value for value in range(FEW + 1) if able(i, value)]
            ends = (known[0], known[-1]) if known else (puzzle.low[i], puzzle.high[i])
            found.append(Learned(puzzle.names[i], *ends))
    return found


# --- what a published number says


@dataclasses.dataclass(frozen=True)
class Said:
    """What a cell says: the number lies between these; `kind` is what stands in words."""

    low: float
    high: float
    kind: str = ""
    value: float | None = None


def _number(text: Any) -> float | None:
    return None if text in (None, "") else float(text)


@dataclasses.dataclass
class Reader:
    """How numbers are read: as they stand, or as a reader of the public edition knows that they are rounded.

    From a second version on a number may stand although the truth moved by less than ten: `kept`.
    """

    exact: bool = False
    kept: bool = False

    def people(self, value: Any, kind: str = "") -> Said:
        """A count of people."""
        number, word = _number(value), kind.split(" ")[0]
        if word == "small":
            return Said(0 if self.kept else 1, FEW, word)
        if word in ("withheld", "unknown") or number is None:
            return Said(0, math.inf, word or "unknown")
        if self.exact or number % 10 or number == 0:
            return Said(number, number, word, number)
        low, high = (number - 9, number + 9) if self.kept else (max(10, number - 5), number + 4)
        return Said(low, high, word, number)

    def acts(self, value: Any, kind: str = "") -> Said:
        """A count of what people did: rounded to a step that nobody says, but that divides it."""
        number, word = _number(value), kind.split(" ")[0]
        if word == "small":
            return Said(1, FEW, word)
        if word == "withheld":
            return Said(1, math.inf, word)
        if word or number is None:
            return Said(0, math.inf, word or "unknown")
        if self.exact or number % 10 or number == 0:
            return Said(number, number, word, number)
        step = max(
            lead * 10**power
            for power in range(1, 7)
            for lead in (1, 2, 5)
            if number % (lead * 10**power) == 0
        )
        reach = step if self.kept else step / 2
        return Said(max(1, number - reach), number + reach, word, number)


def wilson(k: float, n: float) -> tuple[float, float]:
    """The interval that a reader knows from any textbook."""
    if not n:
        return 0.0, 1.0
    p, z = k / n, _Z * _Z / n
    middle, half = (p + z / 2) / (1 + z), _Z * math.sqrt(p * (1 - p) / n + z / (4 * n)) / (1 + z)
    return middle - half, middle + half


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.6e-5 * max(abs(one), abs(other)) + 1e-9


# --- reading a report


@dataclasses.dataclass
class Attack:
    """The puzzle that a published report is."""

    tables: Mapping[str, Sequence[Mapping[str, str]]]
    stated: Sequence[Mapping[str, Any]]
    reader: Reader = dataclasses.field(default_factory=Reader)
    puzzle: Puzzle = dataclasses.field(default_factory=Puzzle)
    totals: dict[Name, tuple[float, float]] = dataclasses.field(default_factory=dict)

    def read(self) -> Attack:
        """Read every table that is there, then what must hold between what they count."""
        for name in (
            "summary",
            "membership",
            "sources",
            "coverage",
            "author_coverage",
            "languages",
            "age_coverage",
        ):
            self._table(name)
        for name in (
            "creations",
            "age_at_first_post",
            "silent_accounts",
            "followers",
            "no_followers",
            "empty_profiles",
        ):
            self._table(name)
        for name in ("discovery", "persistence", "roster_shares", "ranking", "ranking_by_platform"):
            self._table(name)
        for entry in self.stated:
            self._entry(entry)
        self._logic()
        return self

    def _table(self, name: str) -> None:
        read = getattr(self, f"_read_{name}")
        for row in self.tables.get(name, ()):
            read(row)

    def _people(self, name: Name, row: Mapping[str, Any], column: str, whole: Name | None = None) -> Said:
        """A count of people in a table, and of what it is part where its words say so."""
        said = self.reader.people(row.get(column), row.get(f"{column}_shown") or "")
        self._say(name, said, whole)
        return said

    def _say(self, name: Name, said: Said, whole: Name | None) -> None:
        self.puzzle.say(name, said.low, said.high)
        if whole is not None:
            self.puzzle.inside(name, whole)
            if said.kind == "every":
                self.puzzle.sum([(1, whole), (-1, name)], why=f"every {name}")
            if said.kind == "all_but":
                self.puzzle.sum(
                    [(1, whole), (-1, name)], 0 if self.reader.kept else 1, FEW, f"all but few {name}"
                )

    def _acts(self, name: Name, row: Mapping[str, Any], column: str) -> Said:
        said = self.reader.acts(row.get(column), row.get(f"{column}_shown") or "")
        self.puzzle.say(name, said.low, said.high)
        return said

    def _share(
        self, part: Name, whole: Name, row: Mapping[str, Any], value: str = "estimate", n: str = "n"
    ) -> None:
        """A share of people with its n and its interval: each of them may give a pair of whole numbers away."""
        size = self.reader.people(row.get(n), row.get(f"{n}_shown") or "")
        self._say(whole, size, None)
        kind = str(row.get(f"{value}_shown") or "").split(" ")
        share = _number(row.get(value))
        self.puzzle.inside(part, whole)
        explained: list[tuple[float, float]] = []
        if kind[0] == "of":
            self._say(part, self.reader.people(kind[1]), whole)
            self.puzzle.say(whole, *dataclasses.astuple(self.reader.people(kind[2]))[:2])
            explained = [(float(kind[1]), float(kind[2]))]
        elif kind[0] == "every":
            self._say(part, Said(0, math.inf, "every"), whole)
            explained = [(size.value or 0, size.value or 0)]
        elif kind[0] in ("under", "over"):
            self._say(
                part if kind[0] == "under" else (*part, "not"), Said(0 if self.reader.kept else 1, FEW), None
            )
            self.puzzle.adds_up(whole, [part, (*part, "not")])
        elif share == 0:
            self.puzzle.say(part, 0, 0)
            explained = [(0, size.value or 0)]
        elif share is not None:
            shown = share * (size.value or 0)
            if not self.reader.exact and size.value and abs(shown / 10 - round(shown / 10)) < 1e-3:
                self._say(part, self.reader.people(10 * round(shown / 10)), whole)
                explained = [(10 * round(shown / 10), size.value)]
            else:
                self._pairs(part, whole, size, lambda k, m: _near(k / m, share))
        ends = (_number(row.get("low")), _number(row.get("high")))
        if None not in ends and size.high < 5000:
            self._interval(part, whole, size, ends, explained)

    def _interval(
        self, part: Name, whole: Name, size: Said, ends: Any, explained: list[tuple[float, float]]
    ) -> None:
        """An interval that does not follow from shown numbers, but from one pair of true ones, gives that pair away."""
        n = size.value or 0
        explained = explained + [(k, n) for k in (*range(10), *(n - r for r in range(10)))]
        known_low, known_high = (
            any(_near(wilson(k, m)[e], ends[e]) for k, m in explained if m) for e in (0, 1)
        )
        if not (known_low and known_high):
            self._pairs(
                part,
                whole,
                size,
                lambda k, m: all(_near(*pair) for pair in zip(wilson(k, m), ends, strict=True)),
            )

    def _pairs(self, part: Name, whole: Name, size: Said, fits: Any) -> None:
        """Try every pair of whole numbers; what all that fit have in common is known."""
        if size.high == math.inf or size.high > 3000:
            return
        found = [
            (k, m)
            for m in range(int(max(size.low, 1)), int(size.high) + 1)
            for k in range(m + 1)
            if fits(k, m)
        ]
        if found:
            self.puzzle.say(part, min(k for k, _m in found), max(k for k, _m in found))
            self.puzzle.say(whole, min(m for _k, m in found), max(m for _k, m in found))

    # -- tables

    def _read_summary(self, row: Mapping[str, str]) -> None:
        here = (row["group"], row["platform"])
        self._people(("accounts", *here), row, "accounts")
        self._people(("posting", *here), row, "posting_accounts", ("accounts", *here))
        self._acts(("posts", *here), row, "posts")

    def _read_membership(self, row: Mapping[str, str]) -> None:
        self._people(("accounts", row["group"], "given by", row["given_by"]), row, "accounts")

    def _read_sources(self, row: Mapping[str, str]) -> None:
        here = (row["group"], row["platform"])
        self._people(("posting", *here), row, "accounts")
        self._acts(("posts", *here), row, "posts")

    def _read_coverage(self, row: Mapping[str, str]) -> None:
        here = ("posts", row["group"], row["platform"], "from", row["day"], row.get("day_to") or row["day"])
        said = self._acts(here, row, "posts")
        people = ("posting", *here[1:])
        if "accounts" in row:
            self._people(people, row, "accounts")
        self.puzzle.say(people, 1 if said.low >= 1 else 0, 0 if said.high == 0 else math.inf)
        self.puzzle.inside(people, here)
        self.puzzle.inside(people, ("posting", row["group"], row["platform"]))

    def _read_author_coverage(self, row: Mapping[str, str]) -> None:
        self._acts(("posts", row["group"], row["platform"]), row, "posts")

    def _read_languages(self, row: Mapping[str, str]) -> None:
        here = (row["group"], "in", row["language"])
        self._people(("posting", *here), row, "accounts")
        said = self._acts(("posts", *here), row, "posts")
        self.puzzle.inside(("posting", *here), ("posts", *here))
        if said.low >= 1:
            self.puzzle.say(("posting", *here), 1, math.inf)

    def _read_age_coverage(self, row: Mapping[str, str]) -> None:
        group = row["group"]
        self._people(("accounts", group), row, "accounts")
        self._people(("dated", group), row, "dated_accounts", ("accounts", group))
        self._people(("aged", group), row, "aged_accounts", None)
        self._people(("post first", group), row, "post_before_account_accounts", None)

    def _read_creations(self, row: Mapping[str, str]) -> None:
        end = row.get("period_end") or row["period_start"]
        self._people(("dated", row["group"], "made", row["period_start"], end), row, "accounts")

    def _read_age_at_first_post(self, row: Mapping[str, str]) -> None:
        ends = (row["age_from_days"], row["age_to_days"])
        self._people(("aged", row["group"], "days", *ends), row, "accounts")

    def _read_silent_accounts(self, row: Mapping[str, str]) -> None:
        self._share(("silent", row["group"]), ("accounts", row["group"]), row)

    def _read_followers(self, row: Mapping[str, str]) -> None:
        known = (f"known {row['direction']}", row["group"])
        self._people(known, row, "n")
        if row["statistic"] == "mean":
            self._mean(known, row.get("estimate"), row.get("n"), row.get("n_shown") or "")

    def _read_no_followers(self, row: Mapping[str, str]) -> None:
        what = row["direction"]
        self._share((f"no {what}", row["group"]), (f"known {what}", row["group"]), row)

    def _mean(self, name: Name, value: Any, n: Any, kind: str) -> None:
        """A mean times its n is a total: between what ends it lies."""
        mean, size = _number(value), self.reader.people(n, kind)
        if mean is not None and size.value:
            reach = 0.5 * 10 ** (math.floor(math.log10(abs(mean))) - 2) if mean else 0
            low, high = self.totals.get(name, (0, math.inf))
            self.totals[name] = max(low, (mean - reach) * size.low), min(high, (mean + reach) * size.high)

    def _read_empty_profiles(self, row: Mapping[str, str]) -> None:
        self._profile(row["profile_field"], False, row, row["group"])

    def _profile(self, field: str, posting: bool, row: Mapping[str, Any], group: str) -> None:
        of = ("posting",) if posting else ()
        self._share((f"empty {field}", group, *of), (f"known {field}", group, *of), row)

    def _read_discovery(self, row: Mapping[str, str]) -> None:
        first, last = row["day"], row.get("day_to") or row["day"]
        self._people(("targets", row["group"], "new from", first, last), row, "new_targets")
        self._people(("targets", row["group"], "until", last), row, "targets_so_far")

    def _read_persistence(self, row: Mapping[str, str]) -> None:
        targets = ("targets", row["group"])
        self._people(targets, row, "targets")
        for column, how in (("one_day_targets", "on one day"), ("two_weeks_targets", "over two weeks")):
            if column in row:
                self._people((*targets, how), row, column, targets)

    def _read_roster_shares(self, row: Mapping[str, str]) -> None:
        self._people(("members", "of", row["category"]), row, "members")
        self._people(("addressing members", row["group"]), row, "n")
        if "addressed_members" in row:
            self._people(
                ("members", "of", row["category"], "addressed", row["group"]), row, "addressed_members"
            )

    def _read_ranking(self, row: Mapping[str, str]) -> None:
        self._answered(row, ("addressing", row["group"], "to", row["target"], row.get("who") or ""))

    def _read_ranking_by_platform(self, row: Mapping[str, str]) -> None:
        self._answered(row, ("addressing", row["group"], "to", row["target"], "on", row["platform"]))

    def _answered(self, row: Mapping[str, str], name: Name) -> None:
        self._people(name, row, "accounts")
        self._acts(("posts", *name[1:]), row, "posts")
        self.puzzle.inside(name, ("posts", *name[1:]))

    # -- facts and findings

    def _entry(self, entry: Mapping[str, Any]) -> None:
        if entry["kind"] == "fact":
            self._fact(entry)
            return
        rows = [(entry["group"], entry["settings"], entry)]
        rows += [("control", entry["settings"], entry["control"])] if entry.get("control") else []
        rows += [
            (entry["group"], entry["settings"] | one["settings"], one) for one in entry.get("sensitivity", ())
        ]
        read = getattr(self, f"_finding_{entry['id']}", None)
        for group, settings, row in rows if read else ():
            read(group, settings, _flat(row))

    def _fact(self, entry: Mapping[str, Any]) -> None:
        row, group = _flat(entry), entry["group"]
        counted = {"accounts": "accounts", "accounts_posting": "posting", "accounts_silent": "silent"}
        if name := counted.get(entry["id"]):
            self._people(("accounts", group), row, "n")
            self._people((name, group), row, "estimate", ("accounts", group))
        elif entry["id"] in ("followers_mean", "followers_mean_posting"):
            known = ("known followers", group, *(["posting"] if entry["id"].endswith("posting") else []))
            self._people(known, row, "n")
            self._mean(known, entry["value"], entry["n"], row["n_shown"])
        elif entry["id"] == "replied_to_accounts":
            self._people(("targets", group), row, "estimate")
        elif entry["id"] == "posts":
            self._acts(("posts", group), row, "estimate")
        elif entry["id"] == "creation_peak_day" and entry.get("label"):
            self._people(("dated", group, "on", entry["label"]), row, "estimate")

    def _finding_new_accounts(self, group: str, settings: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        self._share(("aged", group, "under", str(settings["days"])), ("aged", group), row)

    def _finding_old_accounts(self, group: str, settings: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        days = math.ceil(365.25 * settings["years"])
        self._share(("aged", group, "from", str(days)), ("aged", group), row)

    def _finding_empty_profile(self, group: str, settings: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        self._profile(settings["field"], settings["posting_only"], row, group)

    def _finding_target_concentration(
        self, group: str, settings: Mapping[str, Any], row: Mapping[str, Any]
    ) -> None:
        if settings["way"] == "reply" and settings["minimum"] == 1:
            self._people(("addressing", group), row, "n")

    def _finding_reply_share(self, group: str, settings: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        self._people(("posting", group, "at least", str(settings["minimum"])), row, "n")

    # -- what must hold between them

    def _logic(self) -> None:
        """What everybody knows of sets of people, over all sets that were spoken of."""
        say = self.puzzle
        names = list(say.names)
        groups = sorted({name[1] for name in names if name[0] == "accounts"})
        for group in groups:
            self._of_group(group, names)

    def _of_group(self, group: str, names: list[Name]) -> None:
        say = self.puzzle
        accounts, posting, silent = ("accounts", group), ("posting", group), ("silent", group)
        say.adds_up(accounts, [posting, silent])
        self._parts(accounts, lambda n: n[0] == "accounts" and n[1] == group and len(n) == 3)
        self._parts(accounts, lambda n: n[:3] == ("accounts", group, "given by"))
        self._parts(posting, lambda n: n[0] == "posting" and n[1] == group and len(n) == 3 and n[2] != "in")
        self._parts(("posts", group), lambda n: n[0] == "posts" and n[1] == group and len(n) == 3)
        self._parts(("posts", group), lambda n: n[:3] == ("posts", group, "in"))
        for platform in {n[2] for n in names if n[0] == "accounts" and n[1] == group and len(n) == 3}:
            here = (group, platform)
            say.adds_up(("accounts", *here), [("posting", *here), ("silent", *here)])
            say.inside(("posting", *here), ("posts", *here))
            self._parts(("posts", *here), lambda n, here=here: n[:4] == ("posts", *here, "from"))
        spoken = [n for n in names if n[:3] == ("posting", group, "in")]
        for name in spoken:
            say.inside(name, posting)
        if spoken:
            say.sum([*((1, n) for n in spoken), (-1, posting)], 0, math.inf, "everybody posts in a language")
        say.adds_up(accounts, [("dated", group), ("undated", group)])
        both = ("both dates", group)
        say.adds_up(both, [("aged", group), ("post first", group)])
        say.inside(both, ("dated", group))
        say.inside(both, posting)
        say.adds_up(posting, [both, ("posting, no date", group)])
        say.inside(("posting, no date", group), ("undated", group))
        self._parts(("dated", group), lambda n: n[:3] == ("dated", group, "made"))
        self._ages(group)
        for column in ("followers", "following", "bio", "location", "profile_url"):
            known, wrote = (f"known {column}", group), (f"known {column}", group, "posting")
            if known in say.place:
                say.adds_up(accounts, [known, (f"unknown {column}", group)])
            if wrote in say.place:
                say.inside(wrote, posting)
                say.adds_up(known, [wrote, (*known, "silent")])
                say.inside((*known, "silent"), silent)
                say.inside((f"empty {column}", group, "posting"), (f"empty {column}", group))
            for part in ((f"no {column}", group), (f"empty {column}", group)):
                if part in say.place:
                    say.adds_up(known, [part, (*part, "other")])
        self._chain(
            [("posting", group, "at least", k) for k in _sorted(names, ("posting", group, "at least"))],
            posting,
        )
        for name in [n for n in names if n[:3] == ("addressing", group, "to")]:
            say.inside(name, ("addressing", group))
        say.inside(("addressing", group), posting)
        self._targets(group)
        for name in [n for n in names if n[:2] == ("members", "of") and n[3:] == ("addressed", group)]:
            say.inside(name, name[:3])

    def _parts(self, whole: Name, is_one: Any) -> None:
        """Those that were told apart add up to the whole, where there are any."""
        if parts := [name for name in self.puzzle.names if is_one(name)]:
            self.puzzle.adds_up(whole, parts)

    def _chain(self, names: list[Name], whole: Name) -> None:
        """Each holds the next; between two of them lie those whom one has and the next has not."""
        for one, other in zip([whole, *names], names, strict=False):
            self.puzzle.adds_up(one, [other, (*one, "but not", *other)])

    def _ages(self, group: str) -> None:
        """Classes of age and all limits that findings tried, cut into the pieces that they have in common."""
        names = [n for n in self.puzzle.names if n[:2] == ("aged", group)]
        spans: dict[Name, tuple[float, float]] = {}
        for name in names:
            if name[2:3] == ("days",):
                spans[name] = (float(name[3]), float(name[4] or math.inf))
            elif name[2:3] == ("under",) and name[4:] != ("not",):
                spans[name] = (0, float(name[3]))
            elif name[2:3] == ("from",) and name[4:] != ("not",):
                spans[name] = (float(name[3]), math.inf)
        cuts = sorted({0.0, math.inf, *(end for span in spans.values() for end in span)})
        pieces = [(a, b, ("aged", group, "piece", f"{a:g}", f"{b:g}")) for a, b in itertools.pairwise(cuts)]
        if spans:
            self.puzzle.adds_up(("aged", group), [name for _a, _b, name in pieces])
        for name, (start, end) in spans.items():
            self.puzzle.adds_up(name, [piece for a, b, piece in pieces if start <= a and b <= end])

    def _targets(self, group: str) -> None:
        """New ones of a day and all until then; on one day, and over two weeks, excludes each other."""
        so_far: Name | None = None
        for name in sorted(n for n in self.puzzle.names if n[:3] == ("targets", group, "new from")):
            until = ("targets", group, "until", name[-1])
            self.puzzle.adds_up(until, [name, *([so_far] if so_far else [])])
            so_far = until
        if so_far:
            self.puzzle.sum([(1, ("targets", group)), (-1, so_far)], why="all targets")
        spans = [("targets", group, how) for how in ("on one day", "over two weeks")]
        if all(name in self.puzzle.place for name in spans):
            self.puzzle.adds_up(("targets", group), [*spans, ("targets", group, "between")])


def _sorted(names: Iterable[Name], start: Name) -> list[str]:
    return sorted({n[3] for n in names if n[:3] == start and len(n) == 4}, key=float)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """An item of a finding as a row of its table: what stands in words in columns of its own."""
    shown = row.get("shown") or {}
    names = {"value": "estimate", "low": "low", "high": "high", "n": "n"}
    flat = {column: row.get(own) for own, column in names.items()}
    return flat | {
        f"{column}_shown": " ".join(map(_word, shown.get(own) or [])) for own, column in names.items()
    }


def _word(value: Any) -> str:
    return re.sub(r"\.0$", "", str(value))
