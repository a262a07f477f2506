"""Groups that do act together, hidden in a crowd: the truth that findings are to find.

Each is put into a list of studied accounts as a whole (the list is the group), as half of it, or as a tenth; the
others of the list are ordinary people. But for what is planted its members live as ordinary people do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .trees import DAY, HOUR, POSTS, World, crowd, drawn_law, plans, profile, signed_up, written

PURE, HALF, TENTH = 1.0, 0.5, 0.1


def scene(
    seed: int, group: int, part: float, people: int = 900, **law: Any
) -> tuple[World, np.random.Generator, list[str]]:
    """A crowd, and the empty seats of a group that makes up `part` of the list."""
    world = crowd(seed, drawn_law(seed, people=people, **law))
    rnd = np.random.default_rng([seed, 0x91A7])
    beside = round(group / part) - group
    people_ = [str(who) for who in rnd.permutation(world.people)]
    world.group |= {who: "studied" if n < beside else "control" for n, who in enumerate(people_)}
    members = [f"m{number}" for number in range(group)]
    world.group |= dict.fromkeys(members, "studied")
    world.planted = frozenset(members)
    return world, rnd, members


def traits_like(rnd: np.random.Generator, world: World) -> dict[str, Any]:
    """What somebody of the crowd is like."""
    return world.traits[str(rnd.choice(world.people))]


def everyday(rnd: np.random.Generator, world: World, who: str, many: int) -> None:
    """So many ordinary posts."""
    traits = traits_like(rnd, world)
    for number, (at, _who, opener) in enumerate(plans(rnd, world, who, traits, many)):
        world.posts.append(_ordinary(rnd, world, f"{who}e{number}", at, who, opener, traits))


def _ordinary(
    rnd: np.random.Generator,
    world: World,
    id_: str,
    at: float,
    who: str,
    opener: dict[str, Any],
    traits: dict[str, Any],
) -> dict[str, Any]:
    """A post as anybody's, under the newsmaker's or under a reply that stood there already."""
    thread = [row for row in world.threads[opener["id"]] if row["at"] < at]
    return written(rnd, world, id_, at, who, opener, traits, thread)


def joined_up(
    rnd: np.random.Generator, world: World, members: list[str], made: np.ndarray | None = None
) -> None:
    """Profiles for the members; dates of ordinary people, or the given ones."""
    first: dict[str, float] = {}
    for row in world.posts:
        first[row["user"]] = min(first.get(row["user"], np.inf), row["at"])
    dates = signed_up(rnd, np.ones(len(members))) if made is None else made
    for who, at in zip(members, dates, strict=True):
        world.accounts.append(profile(rnd, who, min(at, first.get(who, np.inf) - HOUR)))


def amplification(seed: int, delay: float, part: float, crew: int = 10, occasions: int = 25) -> World:
    """A crew that answers posts together, so many seconds after they appear, within 45 seconds of each other."""
    world, rnd, members = scene(seed, crew, part)
    for number, chosen in enumerate(rnd.permutation(len(world.openers))[:occasions]):
        opener = world.openers[int(chosen)]
        for who in members:
            if rnd.random() < 0.9:
                at = opener["at"] + delay + rnd.uniform(0, 45)
                world.posts.append(_reply(world, f"{who}a{number}", who, at, opener))
    for who in members:
        everyday(rnd, world, who, 10)
    joined_up(rnd, world, members)
    return world


def _reply(
    world: World, id_: str, who: str, at: float, opener: dict[str, Any], text: str = ""
) -> dict[str, Any]:
    """A reply to a newsmaker's post."""
    code, event = opener["lang"], opener["event"]
    row = dict.fromkeys(POSTS, "") | {"id": id_, "user": who, "at": float(at), "lang": code, "like": 0}
    row |= {"text": text or world.speaker.said(event, code), "event": event, "opener": opener["id"]}
    return row | {"re_post": opener["id"], "re_user": opener["user"]}


def templates(seed: int, share: float, part: float, size: int = 200, pool: int = 60) -> World:
    """Members whose posts, in this share, are one of sixty prepared texts, some with a word changed."""
    world, rnd, members = scene(seed, size, part)
    texts = [
        (int(e), " ".join(world.speaker.words(int(e), "en", 14)))
        for e in rnd.integers(0, world.law.events, pool)
    ]
    for who in members:
        traits = traits_like(rnd, world)
        for number, (at, _who, opener) in enumerate(plans(rnd, world, who, traits, 8)):
            if rnd.random() < share:
                event, text = texts[int(rnd.integers(pool))]
                text = world.speaker.edited(text, event, "en", 0.2)
                world.posts.append(_reply(world, f"{who}t{number}", who, at, opener, text))
            else:
                world.posts.append(_ordinary(rnd, world, f"{who}e{number}", at, who, opener, traits))
    joined_up(rnd, world, members)
    return world


def batch(seed: int, days: float, part: float, size: int = 200) -> World:
    """Accounts made within so many days, months before the first post here."""
    world, rnd, members = scene(seed, size, part)
    for who in members:
        everyday(rnd, world, who, int(1 + min(20, rnd.pareto(1.3))))
    begin = -rnd.uniform(60, 900) * DAY
    joined_up(rnd, world, members, begin + rnd.uniform(0, days, len(members)) * DAY)
    return world


def flood(
    seed: int, part: float, size: int = 200, posts: int = 20, each: int = 5, wide: bool = True
) -> World:
    """Members who answer few posts, many times: five replies each on twenty posts.

    The twenty are of some four hundred where the world is `wide`; else of a few dozen, of which the crowd itself
    answers few.
    """
    law = {"events": 6, "posts_per_event": 70} if wide else {}
    world, rnd, members = scene(seed, size, part, **law)
    few = rnd.permutation(len(world.openers))[:posts]
    for who in members:
        traits = traits_like(rnd, world)
        for number in range(each):
            opener = world.openers[int(rnd.choice(few))]
            at = opener["at"] + rnd.lognormal(9, 1.2) * traits["slow"]
            world.posts.append(_reply(world, f"{who}f{number}", who, at, opener))
    joined_up(rnd, world, members)
    return world


def office(seed: int, part: float, size: int = 30, zone: float = 8.0, each: int = 40) -> World:
    """A crew at its desks from nine to half past five on working days, with an hour of lunch."""
    world, rnd, members = scene(seed, size, part)
    openers = world.openers
    starts = np.array([row["at"] for row in openers])
    for who in members:
        for number in range(each):
            day = rnd.integers(0, world.law.days)
            while day % 7 > 4:
                day = rnd.integers(0, world.law.days)
            hour = rnd.uniform(9, 17.5)
            while 12 <= hour < 13:
                hour = rnd.uniform(9, 17.5)
            at = day * DAY + (hour - zone) * HOUR
            place = int(np.searchsorted(starts, at)) - 1
            row = _reply(world, f"{who}o{number}", who, at, openers[max(place, 0)])
            world.posts.append(
                row if place >= 0 and rnd.random() < 0.5 else row | {"re_post": "", "re_user": ""}
            )
    joined_up(rnd, world, members)
    return world


def network(seed: int, part: float, size: int = 200) -> World:
    """All at once: made in a week, most posts from prepared texts, under twenty posts."""
    world = templates(seed, 0.7, part, size)
    rnd = np.random.default_rng([seed, 0xBAD])
    few = [world.openers[int(n)] for n in rnd.permutation(len(world.openers))[:20]]
    for row in world.posts:
        if row["user"] in world.planted and row["re_post"]:
            opener = few[int(rnd.integers(len(few)))]
            at = opener["at"] + rnd.lognormal(9, 1.2)
            row |= {"re_post": opener["id"], "re_user": opener["user"], "at": float(at)}
    begin = -rnd.uniform(60, 300) * DAY
    world.accounts = [row for row in world.accounts if row["id"] not in world.planted]
    joined_up(rnd, world, sorted(world.planted), begin + rnd.uniform(0, 7, size) * DAY)
    return world
