"""Innocent communities: groups that differ from the rest, but in nothing that anybody did together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from .trees import World, crowd, drawn_law


def topic(seed: int) -> World:
    """Those who follow one event before all others, with whatever they wrote."""
    world = crowd(seed, drawn_law(seed, narrow=0.15))
    mains = {who: int(traits["interest"].argmax()) for who, traits in world.traits.items()}
    chosen = _middle(Counter(mains.values()))
    return _divided(world, {who for who, main in mains.items() if main == chosen})


def event(seed: int) -> World:
    """Posts collected by event: one event against all others."""
    world = crowd(seed, drawn_law(seed))
    chosen = _middle(Counter(row["event"] for row in world.posts))
    return _cut(world, lambda row: row["event"] == chosen)


def thread(seed: int) -> World:
    """Everybody under one post, against everybody under the others."""
    world = crowd(seed, drawn_law(seed))
    under = Counter(row["opener"] for row in world.posts if row.get("opener"))
    chosen = under.most_common(1)[0][0]
    return _cut(world, lambda row: row.get("opener") == chosen or row["id"] == chosen)


def language(seed: int) -> World:
    """Those who write French, against those who write anything else: they sleep and read elsewhere."""
    world = crowd(seed, drawn_law(seed, languages=(("en", 0.55), ("fr", 0.35), ("de", 0.1))))
    return _divided(world, {who for who, traits in world.traits.items() if traits["lang"] == "fr"})


def circles(seed: int) -> World:
    """Two circles under the same posts, each with jokes of its own that it repeats all day."""
    world = crowd(seed, drawn_law(seed, circles=2, jokes=0.2))
    return _divided(world, {who for who, traits in world.traits.items() if traits["circle"] == 0})


def _middle(counts: Counter[int]) -> int:
    """Neither the largest nor the smallest."""
    ranked = [one for one, _n in counts.most_common()]
    return ranked[len(ranked) // 2]


def _divided(world: World, studied: set[str]) -> World:
    world.group |= {who: "studied" if who in studied else "control" for who in world.traits}
    return world


def _cut(world: World, inside: Callable[[dict[str, object]], bool]) -> World:
    """Whoever wrote inside is studied for what was written there; the rest is control for the rest."""
    mine: dict[str, list[bool]] = defaultdict(list)
    for row in world.posts:
        mine[row["user"]].append(inside(row))
    studied = {who for who, found in mine.items() if any(found) and who in world.traits}
    world.posts = [
        row
        for row in world.posts
        if row["user"] not in world.traits or inside(row) == (row["user"] in studied)
    ]
    return _divided(world, studied)


KINDS: dict[str, Callable[[int], World]] = {
    "topic": topic,
    "event": event,
    "thread": thread,
    "language": language,
    "circles": circles,
}
