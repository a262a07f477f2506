"""Which worlds are made, in which order, and what each of their pages said."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kit.metrics.coordination import network_accounts
from kit.metrics.coordination.shared_templates import found

from . import communities, desk, organic, pages, planted, trees
from .trees import World

SEED = 20_261_201
#: share of the accounts that are called studied, in random splits
SPLITS = (0.5, 0.67, 0.8, 0.9, 0.98, 0.2, 0.02)
#: findings that are true of people who sleep and talk of events, whoever they are: told, not judged
OF_PEOPLE = ("daily_rhythm", "replies_wait", "posting_burst", "level_changes")
#: what else may be true of real people, who have offices and holidays
OF_REAL = (*OF_PEOPLE, "weekend_dip", "office_clock", "clock_signs", "holiday_dip")
COPIES = ("near_duplicate_posts", "shared_templates")
TARGETS = ("targeted_posts", "target_concentration", "reply_fill")


@dataclasses.dataclass(frozen=True)
class Cell:
    """One kind of world. `expects` are findings that must speak (any of each), where `promised` at least four times in five;
    `aside` are findings that are true there, and not judged."""

    kind: str  # splits, real, communities, planted
    name: str
    make: Callable[[int], Any] | None = None
    expects: tuple[tuple[str, ...], ...] = ()
    promised: bool = True
    aside: tuple[str, ...] = ()
    every: int = 1  # in which rounds it is made


def tree(seed: int) -> World:
    """A crowd with events, nights and languages."""
    return trees.crowd(seed, trees.drawn_law(seed))


def flat(seed: int) -> World:
    """A crowd without a clock: nothing of its times is anything but chance."""
    return trees.crowd(seed, trees.drawn_law(seed, rhythm=False))


def _planted() -> Iterator[Cell]:
    """Every group that is hidden, by strength and by the part of the list that it makes up."""
    parts = {"all of the list": planted.PURE, "half of it": planted.HALF, "a tenth of it": planted.TENTH}
    for words, part in parts.items():
        for delay, said in (
            (0, "0 s"),
            (30, "30 s"),
            (300, "5 min"),
            (1800, "30 min"),
            (7200, "2 h"),
            (43200, "12 h"),
        ):
            if part == planted.HALF and delay not in (0, 1800):
                continue
            make = lambda seed, d=delay, p=part: planted.amplification(seed, d, p)  # noqa: E731
            yield Cell(
                "planted",
                f"amplification, ten accounts after {said}, {words}",
                make,
                (("synchronised",),),
                delay >= 300,
            )
        for share in (0.15, 0.3, 0.6, 1.0):
            make = lambda seed, s=share, p=part: planted.templates(seed, s, p)  # noqa: E731
            size = "two hundred accounts"
            if part == planted.TENTH:
                make = lambda seed, s=share: planted.templates(seed, s, planted.TENTH, 20)  # noqa: E731
                size = "twenty accounts"
            promised = share >= 0.6 or (share == 0.3 and part == planted.PURE)
            yield Cell(
                "planted", f"templates in {share:.0%} of posts, {size}, {words}", make, (COPIES,), promised
            )
        for days, said in ((1, "a day"), (7, "a week"), (14, "two weeks"), (30, "a month")):
            size = 20 if part == planted.TENTH else 200
            make = lambda seed, d=days, p=part, n=size: planted.batch(seed, d, p, n)  # noqa: E731
            promised = part != planted.TENTH or days < 30
            yield Cell(
                "planted", f"{size} accounts made in {said}, {words}", make, (("creation_burst",),), promised
            )
        size = 20 if part == planted.TENTH else 200
        make = lambda seed, p=part, n=size: planted.flood(seed, p, n)  # noqa: E731
        yield Cell(
            "planted", f"flood of twenty posts by {size}, {words}", make, (TARGETS,), part != planted.TENTH
        )
        if part != planted.TENTH:
            make = lambda seed, p=part: planted.office(seed, p)  # noqa: E731
            yield Cell(
                "planted", f"office crew of thirty, {words}", make, (("office_clock",),), part == planted.PURE
            )
            make = lambda seed, p=part: planted.network(seed, p)  # noqa: E731
            yield Cell(
                "planted", f"a network with every mark, {words}", make, (("creation_burst",), COPIES, TARGETS)
            )


def cells() -> list[Cell]:
    """Every cell of the table."""
    found = [Cell("splits", f"reply trees, {_said(share)}", tree, aside=OF_PEOPLE) for share in SPLITS]
    # a post that many answer is a burst, with a clock or without
    burst = ("posting_burst", "level_changes")
    found += [Cell("splits", f"without a clock, {_said(share)}", flat, aside=burst) for share in (0.5, 0.8)]
    for name in organic.SETS:
        found += [Cell("real", f"{name}, {_said(share)}", aside=OF_REAL, every=3) for share in SPLITS[:5]]
    found += [Cell("communities", name, make, aside=OF_PEOPLE) for name, make in communities.KINDS.items()]
    return [*found, *(dataclasses.replace(cell, every=3) for cell in _planted())]


def _said(share: float) -> str:
    return f"{share * 100:.0f}:{100 - share * 100:.0f}"


def seed_of(cell: Cell, number: int) -> int:
    """The seed of the world `number` of a cell: a crowd of its own for each, so that results are independent."""
    return SEED + 1_000_000 * number + zlib.crc32(cell.name.encode()) % 1_000_000


def split(people: list[str], share: float, seed: int) -> dict[str, str]:
    """People divided by chance alone."""
    order = np.random.default_rng([seed, round(share * 100)]).permutation(sorted(people))
    many = min(len(order) - 1, max(1, round(share * len(order))))
    return {str(who): "studied" if place < many else "control" for place, who in enumerate(order)}


def empty(cell: Cell, number: int) -> dict[str, Any]:
    """What a result holds before anything was asked."""
    head = {"cell": cell.name, "kind": cell.kind, "number": number, "seed": seed_of(cell, number)}
    return head | {"said": {}, "tested": {}, "equals": {}, "joined": 0, "found": 0, "planted": 0}


def result(cell: Cell, number: int, folder: Path) -> dict[str, Any]:
    """One world of a cell: made, written, built, asked. What its page said, and which accounts it joined."""
    world, case = _case(cell, seed_of(cell, number), folder)
    items = pages.page(case)
    told = {
        "said": {item["id"]: [item["verdict"], item["outcome"]] for item in items},
        "tested": {item["id"]: bool(item["tested"]) for item in items},
        "equals": {item["id"]: item["equals"] for item in items if item.get("equals")},
    }
    return empty(cell, number) | told | joined(case, world.planted if world else frozenset())


def _case(cell: Cell, seed: int, folder: Path) -> tuple[Any, Any]:
    """The world, and its case with the groups of this cell."""
    name, _comma, share = cell.name.partition(", ")
    if cell.kind == "real":
        posts, accounts = organic.SETS[name]()
        desk.write(folder, "world", posts, accounts)
        part = int(share.partition(":")[0]) / 100
        return None, desk.opened(folder, "world", split(list(posts["user"].unique()), part, seed))
    world = cell.make(seed)  # type: ignore[misc]
    if cell.kind == "splits":
        world.group |= split(world.people, int(share.partition(":")[0]) / 100, seed)
    return world, desk.put(folder, "world", world)


def joined(case: Any, members: frozenset[str]) -> dict[str, int]:
    """How many accounts the two tests of groups join: of the group that is there, and of nobody's."""
    together = set(network_accounts(case, level="validated")["pseudonym"])
    known = case.sql("SELECT account_key, account_id, pseudonym FROM accounts")
    copying = found(case).result
    states = copying.groups.loc[copying.groups["state"] == "validated", "group"]
    alike = set(copying.members.loc[copying.members["group"].isin(states), "account"])
    in_one = known["pseudonym"].isin(together) | known["account_key"].isin(alike)
    theirs = known["account_id"].isin(members)
    return {
        "joined": int((in_one & ~theirs).sum()),
        "found": int((in_one & theirs).sum()),
        "planted": len(members),
    }


def spoke(row: Mapping[str, Any], ids: tuple[str, ...] | None = None) -> set[str]:
    """Findings of a page that say something of the studied."""
    return {
        id_
        for id_, (verdict, _o) in row["said"].items()
        if verdict in pages.SPOKEN and (ids is None or id_ in ids)
    }
