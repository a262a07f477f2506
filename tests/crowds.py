"""Reports of invented crowds, adversarial on purpose, and what is true of every one of them.

A crowd has 30 to 300 accounts in three groups. Some never post, some have no date, one posts more than all
others, one writes in a language of its own, one posts on a day on which nobody else does, and one member of
the roster is alone in a category. `write` makes the report, `published` runs notebooks on it and leaves what a
reader would have: tables, `facts.csv`, `findings.json` and the descriptions of the charts.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import random
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from worlds import account, post, report

from kit import figures
from kit import notebook as notebooks
from kit.notebook import speech

ROOT = Path(__file__).resolve().parent.parent
START = dt.date(2025, 1, 6)
GROUPS = ("studied", "control", "context")
PLATFORMS = ("x", "facebook", "youtube")
LANGUAGES = ("en", "fr", "pl", "fi", "th", "cy")
CATEGORIES = ("bench", "gallery", "speaker", "clerk")
NOTEBOOKS = ("00_intake", "01_account_age", "03_targets")


@dataclasses.dataclass
class Person:
    """One account, as its platform would know it; empty where the export does not say."""

    id: str
    group: str
    platform: str
    made: dt.date | None
    followers: int | None
    following: int | None
    bio: str
    posts: list[dict[str, Any]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Crowd:
    """Every account of a report, and the members whom the others answer."""

    seed: int
    people: list[Person]
    roster: list[tuple[str, str, bool]]  # account, category, may be named

    def without(self, id: str) -> Crowd:
        """The same report after one account was taken out."""
        return dataclasses.replace(self, people=[one for one in self.people if one.id != id])


def crowd(seed: int) -> Crowd:
    """A crowd of its own for every seed."""
    rnd = random.Random(f"crowd {seed}")
    members = [
        _person(rnd, f"9{seed:04d}{i:04d}", "context", rnd.choice((0, 0, 0, 0.2)), 0)
        for i in range(rnd.randint(6, 40))
    ]
    roster = [
        (one.id, "speaker" if i == 0 else rnd.choice(CATEGORIES[: rnd.randint(1, 3)]), rnd.random() < 0.4)
        for i, one in enumerate(members)
    ]
    total = rnd.randint(30, 300)
    sizes = {"studied": max(5, int(total * rnd.choice((0.3, 0.5, 0.6, 0.8))))}
    sizes["control"] = max(rnd.choice((0, 3, 10)), total - sizes["studied"] - len(members))
    people, spread = list(members), rnd.choice((0, 0.02, 0.05, 0.3))
    for place, (group, size) in enumerate(sizes.items(), 1):
        undated, silent = rnd.choice((0, 0.02, 0.05, 0.5)), rnd.choice((0, 0.03, 0.06, 0.4))
        for i in range(size):
            one = _person(rnd, f"{place}{seed:04d}{i:04d}", group, spread, undated)
            people.append(one)
            if rnd.random() >= silent:
                _post(rnd, one, members, rnd.choice((1, 2, 3, 6, 6, 12)))
    for one in members:
        _speak(rnd, one)
    _make_worse(rnd, people, members)
    return Crowd(seed, people, roster)


def _person(rnd: random.Random, id: str, group: str, spread: float, undated: float) -> Person:
    wave = rnd.random() < 0.3
    made = (
        dt.date(2024, 11, 3) + dt.timedelta(rnd.randrange(60))
        if wave
        else dt.date(2009, 1, 1) + dt.timedelta(rnd.randrange(5500))
    )
    return Person(
        id,
        group,
        rnd.choice(PLATFORMS[1:]) if rnd.random() < spread else "x",
        None if rnd.random() < undated else made,
        None if rnd.random() < 0.04 else rnd.choice((0, 0, rnd.randrange(60), rnd.randrange(5000))),
        rnd.randrange(500),
        "" if rnd.random() < 0.3 else "an invented life",
    )


def _post(rnd: random.Random, one: Person, members: list[Person], many: int, days: int = 35) -> None:
    near = _within_reach(one, members)
    for _ in range(many):
        to = rnd.choice(near[: max(1, len(near) // 2)]) if near and rnd.random() < 0.8 else None
        add(
            one,
            START + dt.timedelta(rnd.randrange(days)),
            rnd.choice(("en", "en", "en", "fr")),
            to,
            rnd.randrange(3),
        )


def _within_reach(one: Person, members: list[Person]) -> list[Person]:
    """Whom an account can answer: who is on its platform."""
    return [member for member in members if member.platform == one.platform]


def add(one: Person, day: dt.date, language: str, to: Person | None, likes: int = 0) -> None:
    """One more post of an account, at an hour of its own."""
    number = f"{one.id}{len(one.posts):03d}"
    clock = dt.datetime.combine(day, dt.time(6)) + dt.timedelta(seconds=int(number) % 50000)
    one.posts.append({"id": number, "time": clock, "language": language, "to": to, "likes": likes})


def _speak(rnd: random.Random, one: Person) -> None:
    for k in range(4):
        add(one, START + dt.timedelta(7 * k), "en", None, rnd.randrange(9))


def _make_worse(rnd: random.Random, people: list[Person], members: list[Person]) -> None:
    """What the promise is hardest to keep for."""
    posting = [one for one in people if one.posts and one.group != "context"]
    if not posting:
        return
    loud, alone, stranger, rich = (rnd.choice(posting) for _ in range(4))
    if rnd.random() < 0.5:
        _post(rnd, loud, members, rnd.choice((60, 400)))
    add(alone, START + dt.timedelta(73), "en", next(iter(_within_reach(alone, members)), None))
    for language in rnd.sample(LANGUAGES[2:], rnd.randint(0, 4)):
        add(stranger, START + dt.timedelta(rnd.randrange(35)), language, None)
    rich.followers = 1_234_567
    for one in rnd.sample(people, min(3, len(people))):
        one.made = dt.date(2025, 1, 1) + dt.timedelta(rnd.randrange(20))


# --- the report


def write(home: Path, name: str, crowd: Crowd) -> Path:
    """Write the exports of a crowd, and its report."""
    posts: dict[str, list[dict[str, str]]] = {}
    accounts: dict[str, list[dict[str, str]]] = {}
    for one in crowd.people:
        where = f"{one.group}@{one.platform}"
        accounts.setdefault(where, []).append(_account(one))
        posts.setdefault(where, []).extend(_row(one, said) for said in one.posts)
    by_id = {one.id: one for one in crowd.people}
    listed = [(by_id[id], category, named) for id, category, named in crowd.roster if id in by_id]
    roster = "name,category,platform,account_id,may_be_named\n" + "".join(
        f"Invented {one.id[-4:]},{category},{one.platform},{one.id},{str(named).lower()}\n"
        for one, category, named in listed
    )
    return report(
        home,
        name,
        posts={where: rows for where, rows in posts.items() if rows},
        accounts=accounts,
        lists={"roster": roster},
        notebooks=list(NOTEBOOKS),
        clock="UTC",
        languages=["en", "fr"],
    )


def _account(one: Person) -> dict[str, str]:
    followers = "" if one.followers is None else str(one.followers)
    made = "" if one.made is None else f"{one.made}T08:00:00Z"
    return account(
        one.id, made, handle=f"h{one.id}", bio=one.bio, followers=followers, following=one.following
    )


def _row(one: Person, said: Mapping[str, Any]) -> dict[str, str]:
    to = said["to"]
    answered = {"re_user": to.id, "re_post": to.posts[0]["id"] if to.posts else f"{to.id}000"} if to else {}
    time = f"{said['time']:%Y-%m-%dT%H:%M:%SZ}"
    return post(
        said["id"], one.id, time, f"words {said['id']}", lang=said["language"], like=said["likes"], **answered
    )


# --- what a reader has


@dataclasses.dataclass
class Published:
    """What leaves the house: tables by name as rows of text, facts and findings, and what the charts' descriptions say."""

    tables: dict[str, list[dict[str, str]]]
    stated: list[dict[str, Any]]
    alts: dict[str, str]


def cells(names: Iterable[str] = NOTEBOOKS) -> list[str]:
    """The code of notebooks, but for their parameters' report."""
    found = []
    for name in names:
        notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        found += ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    return found


def published(
    name: str, out: Path, names: Iterable[str] = NOTEBOOKS, *, draw: bool = True, edition: str = "public"
) -> Published:
    """Run the cells of notebooks on a report and read what they leave in `out`; without `draw` charts are described only."""
    stated: list[dict[str, Any]] = []
    alts: dict[str, str] = {}

    def keep(data: dict[str, Any], metadata: dict[str, Any], **_more: Any) -> None:
        if "image/png" in data:
            alts[metadata["image/png"]["name"]] = metadata["image/png"]["alt"]
        if found := data.get("application/vnd.daylight.facts+json"):
            stated.extend({"kind": "fact", **one} for one in found)
        if found := data.get("application/vnd.daylight.finding+json"):
            stated.append({"kind": "finding", **found})

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYLIGHT_OUT", str(out))
        patch.setattr(notebooks, "display", keep)
        if not draw:
            patch.setattr(speech, "_drawn", _described)
        here: dict[str, Any] = {}
        for code in cells(names):
            code = re.sub(r'^report: str = "sample"', f"report = {name!r}", code)
            code = code.replace("kit.open(report)", f"kit.open(report, edition={edition!r})")
            exec(compile(code, "cell", "exec"), here)
    tables = {path.stem: _read(path) for path in sorted((out / "tables").glob("*.csv"))}
    return Published(tables, stated, alts)


def _described(
    table: Any, plot: Any, name: str, _desk: Any, unknown: str
) -> tuple[list[speech.Bundle], bool]:
    """The description of a chart, which is not drawn: that takes most of the time."""
    alt = " ".join(filter(None, (figures.describe(plot)(table), unknown)))
    return [
        speech.Bundle({"image/png": b"", "text/plain": alt}, {"image/png": {"alt": alt, "name": name}})
    ], False


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
