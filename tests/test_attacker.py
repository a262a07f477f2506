"""Of a count of 1 to 9 people nobody learns more: tried by an attacker who shares no code with the kit's own auditor."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import attacker
import crowds
import pytest
from attacker import Attack, Name, Reader
from crowds import Crowd, Person, Published
from needs import LONG
from worlds import desk

SEEDS = range(500) if LONG else range(10)


# --- what is true


class Truth:
    """Every number of the attacker's puzzle, counted in the crowd itself."""

    def __init__(self, crowd: Crowd) -> None:
        self.people = crowd.people
        self.category = {id: category for id, category, _named in crowd.roster}
        self.categories = sorted(set(self.category.values()))

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
            return sum(self.category[id] == more[1] for id in self.category)
        if what == "targets":
            return self._targets(*more)
        if what == "addressing members":
            return sum(any(said["to"] for said in one.posts) for one in self._of(more[0]))
        if what == "posts":
            return self._posts(more)
        is_one = self._test(what, more)
        return None if is_one is None else sum(map(is_one, self._of(more[0])))

    def whole(self, part: Name) -> Name:
        """What a part that has a rest was told to be a part of."""
        wholes = {"silent": "accounts", "no followers": "known followers", "no following": "known following", "aged": "aged"}
        first = wholes.get(part[0], part[0].replace("empty ", "known "))
        return (first, part[1], *(p for p in part[2:] if p == "posting"))

    def _of(self, group: str) -> list[Person]:
        return [one for one in self.people if one.group == group]

    def _targets(self, group: str, how: str = "", day: str = "") -> int:
        first: dict[str, dt.date] = {}
        for one in self._of(group):
            for said in one.posts:
                if said["to"]:
                    now = said["time"].date()
                    first[said["to"].id] = min(now, first.get(said["to"].id, now))
        keep = {"": lambda d: True, "new on": lambda d: str(d) == day, "until": lambda d: str(d) <= day}[how]
        return sum(map(keep, first.values()))

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

    def _test(self, what: str, more: list[str]) -> Callable[[Person], bool] | None:  # noqa: C901
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
    assert one.made is not None
    return str(one.made) == rest[1] if rest[0] == "on" else f"{one.made:%Y-%m}-01" == rest[1]


def _age(one: Person) -> int | None:
    return (min(said["time"] for said in one.posts).date() - one.made).days if one.posts and one.made else None


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
    able = {"known": lambda v: v is not None, "unknown": lambda v: v is None, "no": lambda v: v == 0, "empty": lambda v: v == ""}[how]
    wrote = {"posting": True, "silent": False}.get(rest[0]) if rest else None
    return lambda one: able(value(one)) and (wrote is None or bool(one.posts) == wrote)


# --- simulated reports


def attacked(found: Published, reader: Reader | None = None) -> Attack:
    return Attack(found.tables, found.stated, reader or Reader()).read()


def false(attack: Attack, true: Truth) -> list[str]:
    """What the report says that is not so."""
    found = [f"{name}: {low:g} to {high:g}, but {n}" for name, low, high in attack.puzzle.statements if (n := true(name)) is not None and not low <= n <= high]
    for terms, low, high, why in attack.puzzle.sums:
        numbers = [true(attack.puzzle.names[i]) for _t, i in terms]
        if None not in numbers and not low <= sum(t * n for (t, _i), n in zip(terms, numbers, strict=True)) <= high:  # type: ignore[operator]
            found.append(f"{why}: {[(t, attack.puzzle.names[i], n) for (t, i), n in zip(terms, numbers, strict=True)]}")
    return found


def protected(attack: Attack, true: Truth) -> list[Name]:
    """The counts of 1 to 9 people among all that were spoken of."""
    return [n for n in attack.puzzle.names if n[0] != "posts" and 1 <= (true(n) or 0) <= 9]
