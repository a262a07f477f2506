"""Of a count of 1 to 9 people nobody learns more: tried by an attacker who shares no code with the kit's own auditor."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attacker
import crowds
import pytest
from attacker import Attack, Name, Reader
from crowds import Crowd, Person, Published
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import LONG, examples
from worlds import desk

from kit.notebook import kept
from kit.publish import ledger
from kit.report import LEDGER

#: which crowds a test tries: all together 500 in the long form
CHUNKS = [range(n, n + 25) for n in range(0, 500, 25)] if LONG else [range(1, 5)]


# --- what is true


class Truth:
    """Every number of the attacker's puzzle, counted in the crowd itself."""

    def __init__(self, crowd: Crowd, *, public: bool = True) -> None:
        self.people = crowd.people
        self.categories = {category for _id, category, _named in crowd.roster}
        self.members = dict.fromkeys(self.categories, frozenset[str]())
        pooled: set[str] = set()
        for category in self.categories:
            own = {id: named for id, other, named in crowd.roster if other == category}
            hidden = {id for id, named in own.items() if not named}
            if public and len(hidden) < 10:  # who may not be named is not told by category
                pooled |= hidden
                hidden = set()
            self.members[category] = frozenset(hidden | {id for id, named in own.items() if named})
        self.told = set().union(*self.members.values(), pooled if len(pooled) >= 10 else ())

    def __call__(self, name: Name) -> int | None:
        """The true number; None where the crowd does not say (a target under a pseudonym)."""
        what, *more = name
        if "but not" in name:
            at = name.index("but not")
            return _minus(self(name[:at]), self(name[at + 1 :]))
        if name[-1] in ("not", "other"):
            part = name[:-1]
            return _minus(self(self.whole(part)), self(part))
        if what == "members":
            return self._members(*more[1:])
        if what == "targets":
            return self._targets(*more)
        if what == "addressing members":
            met = (self._met(one) for one in self._of(more[0]))
            return sum(bool(those & self.told) for those in met)
        if what == "posts":
            return self._posts(more)
        is_one = self._test(what, more)
        return None if is_one is None else sum(map(is_one, self._of(more[0])))

    def whole(self, part: Name) -> Name:
        """What a part that has a rest was told to be a part of."""
        wholes = {
            "silent": "accounts",
            "no followers": "known followers",
            "no following": "known following",
            "aged": "aged",
        }
        first = wholes.get(part[0], part[0].replace("empty ", "known "))
        return (first, part[1], *(p for p in part[2:] if p == "posting"))

    def _of(self, group: str) -> list[Person]:
        return [one for one in self.people if one.group == group]

    def _met(self, one: Person) -> set[str]:
        return {said["to"].id for said in one.posts if said["to"]}

    def _members(self, category: str, _addressed: str = "", group: str = "") -> int | None:
        """Members whom a category's row tells of; None for those who are pooled."""
        if category not in self.categories:
            return None
        met = set().union(*map(self._met, self._of(group)))
        return len(self.members[category] & met if group else self.members[category])

    def _targets(self, group: str, how: str = "", first: str = "", last: str = "") -> int:
        days: dict[str, set[dt.date]] = {}
        for one in self._of(group):
            for said in one.posts:
                if said["to"]:
                    days.setdefault(said["to"].id, set()).add(said["time"].date())
        keep: dict[str, Callable[[set[dt.date]], bool]] = {
            "": lambda d: True,
            "new from": lambda d: first <= str(min(d)) <= last,
            "until": lambda d: str(min(d)) <= first,
            "on one day": lambda d: len(d) == 1,
            "over two weeks": lambda d: (max(d) - min(d)).days >= 14,
            "between": lambda d: len(d) > 1 and (max(d) - min(d)).days < 14,
        }
        return sum(map(keep[how], days.values()))

    def _posts(self, more: list[str]) -> int | None:
        group, *rest = more
        said = [(one, said) for one in self._of(group) for said in one.posts]
        if rest[:1] == ["in"]:
            return sum(post["language"] == rest[1] for _one, post in said)
        if rest[:1] == ["to"]:
            return None
        if rest[1:2] == ["from"]:
            return sum(one.platform == rest[0] and _on(post, *rest[2:]) for one, post in said)
        return sum(not rest or one.platform == rest[0] for one, _post in said)

    def _test(self, what: str, more: list[str]) -> Callable[[Person], bool] | None:
        rest = more[1:]
        if what in ("addressing",) and rest[:1] == ["to"]:
            return None
        tests: dict[str, Callable[[Person], bool]] = {
            "accounts": lambda one: not rest or rest[0] in ("given by", one.platform),
            "posting": lambda one: bool(one.posts) and _posting(one, rest),
            "silent": lambda one: not one.posts and rest[:1] in ([], [one.platform]),
            "dated": lambda one: one.made is not None and (not rest or _made(one, rest)),
            "undated": lambda one: one.made is None,
            "posting, no date": lambda one: bool(one.posts) and one.made is None,
            "both dates": lambda one: _age(one) is not None,
            "post first": lambda one: (_age(one) or 0) < 0,
            "aged": lambda one: (age := _age(one)) is not None and age >= 0 and _aged(age, rest),
            "addressing": lambda one: any(said["to"] for said in one.posts),
        }
        return tests.get(what) or _profile(what, rest)


def _minus(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _on(post: dict[str, object], first: str, last: str = "") -> bool:
    return first <= str(post["time"].date()) <= (last or first)  # type: ignore[attr-defined]


def _posting(one: Person, rest: list[str]) -> bool:
    if rest[:1] == ["in"]:
        return any(said["language"] == rest[1] for said in one.posts)
    if rest[:1] == ["at least"]:
        return len(one.posts) >= int(rest[1])
    if rest[1:2] == ["from"]:
        return one.platform == rest[0] and any(_on(said, *rest[2:]) for said in one.posts)
    return not rest or one.platform == rest[0]


def _made(one: Person, rest: list[str]) -> bool:
    return rest[1] <= str(one.made) <= rest[-1]


def _age(one: Person) -> int | None:
    return (
        (min(said["time"] for said in one.posts).date() - one.made).days if one.posts and one.made else None
    )


def _aged(age: int, rest: list[str]) -> bool:
    if not rest:
        return True
    how, start, *end = rest
    if how == "under":
        return age < int(start)
    return float(start) <= age < (float(end[0]) if end and end[0] else math.inf)


def _profile(what: str, rest: list[str]) -> Callable[[Person], bool] | None:
    how, _space, column = what.partition(" ")
    values: dict[str, Callable[[Person], object]] = {
        "followers": lambda one: one.followers,
        "following": lambda one: one.following,
        "bio": lambda one: one.bio,
        "location": lambda one: "",
        "profile_url": lambda one: "",
    }
    if column not in values or how not in ("known", "unknown", "no", "empty"):
        return None
    value = values[column]
    able = {
        "known": lambda v: v is not None,
        "unknown": lambda v: v is None,
        "no": lambda v: v == 0,
        "empty": lambda v: v == "",
    }[how]
    wrote = {"posting": True, "silent": False}.get(rest[0]) if rest else None
    return lambda one: able(value(one)) and (wrote is None or bool(one.posts) == wrote)


# --- simulated reports


def attacked(found: Published, reader: Reader | None = None) -> Attack:
    return Attack(found.tables, found.stated, reader or Reader()).read()


def false(attack: Attack, true: Truth) -> list[str]:
    """What the report says that is not so."""
    found = [
        f"{name}: {low:g} to {high:g}, but {n}"
        for name, low, high in attack.puzzle.statements
        if (n := true(name)) is not None and not low <= n <= high
    ]
    for terms, low, high, why in attack.puzzle.sums:
        numbers = [true(attack.puzzle.names[i]) for _t, i in terms]
        if (
            None not in numbers
            and not low <= sum(t * n for (t, _i), n in zip(terms, numbers, strict=True)) <= high
        ):  # type: ignore[operator]
            found.append(
                f"{why}: {[(t, attack.puzzle.names[i], n) for (t, i), n in zip(terms, numbers, strict=True)]}"
            )
    return found


def protected(attack: Attack, true: Truth) -> list[Name]:
    """The counts of 1 to 9 people among all that were spoken of."""
    return [n for n in attack.puzzle.names if n[0] != "posts" and 1 <= (true(n) or 0) <= 9]


class Tried:
    """What the attacker found in one report: what is false, what is learned, and what the gate would have stopped."""

    def __init__(self, home: Path, seed: int) -> None:
        crowd = crowds.crowd(seed)
        with desk(home):
            crowds.write(home, f"crowd{seed}", crowd)
            found = crowds.published(f"crowd{seed}", home / f"out{seed}", draw=False)
        true, attack = Truth(crowd), attacked(found)
        self.seed, self.false, self.counts = seed, false(attack, true), len(protected(attack, true))
        if not self.false:
            attacker.solve(attack.puzzle)
        self.learned = (
            []
            if self.false
            else [(one, true(one.name)) for one in attacker.learned(attack.puzzle, protected(attack, true))]
        )


@pytest.fixture(scope="module", params=CHUNKS)
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    """Some reports of crowds, attacked."""
    home = tmp_path_factory.mktemp("crowds")
    return [Tried(home, seed) for seed in request.param]


def test_nothing_that_is_said_is_false(tried: list[Tried]) -> None:
    assert not [(one.seed, one.false[:3]) for one in tried if one.false]


def test_no_count_of_few_people_is_known(tried: list[Tried]) -> None:
    known = [
        (one.seed, found, true) for one in tried for found, true in one.learned if found.low == found.high
    ]
    assert not known
    assert sum(one.counts for one in tried) > 10 * len(tried), "there was something to learn"


def test_of_a_count_of_few_people_three_numbers_are_left_and_mostly_all(tried: list[Tried]) -> None:
    """Where rounded parts of a small group all went one way, some of 1 to 9 may fall out (`docs/disclosure.md`)."""
    left = [found.high - found.low + 1 for one in tried for found, _true in one.learned]
    assert min(left, default=9) >= 3
    assert len(left) < 0.25 * sum(one.counts for one in tried)


# --- the attacker can attack


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_what_the_attacker_learns_is_what_is_left_when_all_worlds_are_tried(data: st.DataObject) -> None:
    """Small puzzles, against every world there is."""
    many = data.draw(st.integers(2, 4))
    puzzle, names = attacker.Puzzle(), [(str(i),) for i in range(many)]
    spans = [sorted(data.draw(st.tuples(st.integers(0, 11), st.integers(0, 11)))) for _ in names]
    for name, span in zip(names, spans, strict=True):
        puzzle.say(name, *span)
    sums = []
    for _ in range(data.draw(st.integers(1, 3))):
        terms = [(t, i) for i in range(many) if (t := data.draw(st.integers(-1, 1)))]
        low = data.draw(st.integers(-5, 15))
        sums.append((terms, low, low + data.draw(st.integers(0, 4))))
        puzzle.sum([(t, names[i]) for t, i in terms], *sums[-1][1:])
    worlds = [
        w
        for w in itertools.product(*(range(a, b + 1) for a, b in spans))
        if all(a <= sum(t * w[i] for t, i in terms) <= b for terms, a, b in sums)
    ]
    try:
        attacker.solve(puzzle)
    except attacker.Contradiction:
        assert not worlds
        return
    found = {one.name: one for one in attacker.learned(puzzle, names)}
    for i, name in enumerate(names):
        able = {w[i] for w in worlds}
        assert (name not in found) == any({n, n + 8} <= able for n in range(10))
        if name in found and able & set(range(10)):
            assert (found[name].low, found[name].high) == (
                min(able & set(range(10))),
                max(able & set(range(10))),
            )


def test_a_share_and_its_size_give_a_pair_of_numbers_away() -> None:
    """113 of 116, where 116 is rounded and the share is not: entry 3 of the review."""
    attack = Attack(
        {
            "no_followers": [
                {"group": "studied", "direction": "followers", "n": "120", "estimate": "0.974138"}
            ]
        },
        [],
    ).read()
    attacker.solve(attack.puzzle)
    assert [
        attack.puzzle.low[attack.puzzle.place[name, "studied"]]
        for name in ("no followers", "known followers")
    ] == [113, 116]


def test_an_interval_of_true_numbers_gives_them_away() -> None:
    low, high = attacker.wilson(4, 121)
    row = {
        "group": "studied",
        "n": "120",
        "estimate": "",
        "estimate_shown": "under 0.09",
        "low": f"{low:.6g}",
        "high": f"{high:.6g}",
    }
    attack = Attack({"silent_accounts": [row]}, []).read()
    attacker.solve(attack.puzzle)
    assert [attack.puzzle.low[attack.puzzle.place[name, "studied"]] for name in ("silent", "accounts")] == [
        4,
        121,
    ]


@pytest.mark.parametrize("seed", [1, 5])
def test_the_attacker_finds_what_tables_without_protection_give_away(seed: int, tmp_path: Path) -> None:
    """The internal edition's numbers: most counts of few people are known, also those that nobody printed."""
    crowd = crowds.crowd(seed)
    with desk(tmp_path):
        crowds.write(tmp_path, "open", crowd)
        found = crowds.published("open", tmp_path / "out", draw=False, edition="internal")
    true, attack = Truth(crowd, public=False), attacked(found, Reader(exact=True))
    assert not false(attack, true)
    attacker.solve(attack.puzzle)
    learned = {one.name: one for one in attacker.learned(attack.puzzle, protected(attack, true))}
    pinned = {name for name, one in learned.items() if one.low == one.high == true(name)}
    # on days with several posts there may be fewer people
    assert len(pinned) > 0.5 * len(protected(attack, true))
    assert {name[0] for name in pinned} >= {"silent", "posting", "dated", "aged", "targets", "members"}
    assert all(one.low <= true(one.name) <= one.high for one in learned.values())  # type: ignore[operator]


# --- two versions, one account removed

#: what may move although an account was taken out, and why; everything else stays
MOVES = {
    (
        "reply_domination",
        "posts_answered",
    ): "without an account's replies a post comes into a class that had none",
    ("ranking", "days"): "an account that alone addressed somebody on ten days or more",
    ("discovery", "*"): "whom the account was the first to address is new on a later day",
    ("gaps", "*"): "a day without a post is told as such",
    ("filled_posts", "*"): "posts are in the order of their true shares",
    ("roster_shares", "p"): "drawn anew for other data",
    ("roster_shares", "dealt_low"): "drawn anew for other data",
    ("roster_shares", "dealt_high"): "drawn anew for other data",
    ("roster_shares", "beyond"): "drawn anew for other data",
    ("creation_bursts", "*"): "drawn anew for other data",
    ("persistence", "median_days"): "a median has no step",
    ("clock_check", "median_s"): "a median has no step",
    ("clock_check", "largest_s"): "a largest has no step",
    ("targeted_sweep", "*"): "whether nothing is left is told",
}
#: what a finding says of true numbers: its verdict, and what follows from it
JUDGED = frozenset({"verdict", "outcome", "tested", "text", "difference", "margin", "label"})
#: shares of few posts, of which all were said before; windows drawn anew
EVERY_ONE = frozenset({"reply_fill", "targeted_posts", "creation_burst"})


def pair(home: Path, seed: int) -> tuple[Published, Published, Person]:
    """The second version of a report as it is, and with one account less, both after the same first version."""
    crowd = crowds.crowd(seed)
    gone = random.Random(seed).choice([one for one in crowd.people if one.group != "context" and one.posts])
    with desk(home):
        crowds.write(home, f"first{seed}", crowd)
        crowds.published(f"first{seed}", home / f"first{seed}", draw=False)
        shown = ledger.shown(kept.quantities(home / f"first{seed}"))
        found = []
        for name, version in (("same", crowd), ("less", crowd.without(gone.id))):
            folder = crowds.write(home, f"{name}{seed}", version)
            (folder / LEDGER).write_text(json.dumps({"versions": [{"shown": shown}]}), encoding="utf-8")
            found.append(crowds.published(f"{name}{seed}", home / f"{name}{seed}", draw=False))
    return found[0], found[1], gone


def moved(one: Published, other: Published) -> list[str]:
    """Where two versions differ, but for what may."""
    found = []
    for name in sorted(one.tables | other.tables):
        rows, others = one.tables.get(name, []), other.tables.get(name, [])
        if (name, "*") in MOVES:
            continue
        if len(rows) != len(others):
            found.append(f"{name}: {len(rows)} rows, {len(others)}")
        for place, (a, b) in enumerate(zip(rows, others, strict=False)):
            if a.get("statistic") == "median":  # it has no step
                continue
            columns = {c for c in a | b if (name, c.removesuffix("_shown")) not in MOVES}
            found += [
                f"{name}, row {place}, {c}: {a.get(c)!r}, {b.get(c)!r}"
                for c in sorted(columns)
                if (a.get(c) or "") != (b.get(c) or "")
            ]
    said, others_said = (
        {(e["id"], e["group"], *path): value for e in p.stated for path, value in leaves(e)}
        for p in (one, other)
    )
    for path in sorted(said.keys() | others_said.keys(), key=str):
        if JUDGED & set(path) or path[0] in EVERY_ONE or _is_word_of_an_end(path):
            continue
        both = {said.get(path), others_said.get(path)}
        if path[-1] in ("low", "high") and both <= {
            None,
            0.0,
            1.0,
        }:  # nothing at all, in one way or the other
            continue
        if len(both) > 1:
            found.append(f"{path}: {said.get(path)!r}, {others_said.get(path)!r}")
    return found


def _is_word_of_an_end(path: tuple[object, ...]) -> bool:
    """Whether it is said of an end that has no number that it is withheld, or not there."""
    return len(path) > 2 and path[-3] == "shown" and path[-2] in ("low", "high")


def leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    """Every value of nested data with the way to it."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


@pytest.mark.parametrize("seeds", [range(n, n + 5) for n in range(0, 50, 5)] if LONG else [(2, 3)])
def test_a_second_version_tells_nothing_of_the_account_that_was_taken_out(
    seeds: Iterable[int], tmp_path: Path
) -> None:
    told = {}
    for seed in seeds:
        same, less, gone = pair(tmp_path, seed)
        if found := moved(same, less):
            told[seed, gone.group, gone.platform, len(gone.posts)] = found[:8]
    assert not told
