"""The tables `media_pairs` and `media_clusters`: which items are alike, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from kit.media.pairs import Pair, alike, same_sound
from kit.media.placements import File, Read, inventory
from kit.schema import columns, times

Reviews = tuple[tuple[str, str, str], ...]
_PRINTS = """SELECT item_key, kind, views, sound FROM media_items
             WHERE views IS NOT NULL OR sound IS NOT NULL ORDER BY item_key"""
# the item that was surely placed first is the oldest; estimated times decide nothing, and one that no dated post
# holds comes last; among equals the order of items
_ORDER = f"""
    SELECT i.item_key FROM media_items i
    LEFT JOIN (SELECT item_key, min({times.latest()}) AS first FROM media_placements JOIN all_posts p USING (post_key)
               WHERE {times.timed()} GROUP BY item_key) placed USING (item_key)
    ORDER BY first NULLS LAST, i.item_key"""  # noqa: S608


def pairs(read: Read, *, files: tuple[File, ...], reviews: Reviews = ()) -> pd.DataFrame:
    """One row for each pair of items that are alike, with what two reviewers said."""
    views: dict[bool, dict[int, str]] = {False: {}, True: {}}
    sounds: dict[int, str] = {}
    for part in read(_PRINTS):
        for row in part.itertuples(index=False):
            if isinstance(row.views, str):
                views[row.kind == "video"][int(row.item_key)] = row.views
            if isinstance(row.sound, str):
                sounds[int(row.item_key)] = row.sound
    found = [p for film, packed in views.items() for p in alike(packed, film=film)] + same_sound(sounds)
    said = _said(read, files, reviews)
    rows = [_row(p, said.pop((p.a, p.b), None) if p.level != "same_sound" else None) for p in found]
    rows += [_row(Pair(a, b, "reviewed"), verdict) for (a, b), verdict in said.items()]
    table = pd.DataFrame(rows, columns=columns("media_pairs"))
    return table.sort_values(["a", "b", "level"], ignore_index=True)


def _row(pair: Pair, verdict: str | None) -> dict[str, Any]:
    return pair._asdict() | {"verdict": verdict}


def _said(read: Read, files: tuple[File, ...], reviews: Reviews) -> dict[tuple[int, int], str]:
    """What reviewers said, by the items they named; pairs of which one is not in the case are left out."""
    if not reviews:
        return {}
    known = inventory(read, files, [word for a, b, _verdict in reviews for word in (a, b)])
    keys = known.keys()
    out = {}
    for a, b, verdict in reviews:
        x, y = (keys.get(known.names.get(word, "")) for word in (a, b))
        if x and y and x != y:
            out[min(x, y), max(x, y)] = verdict
    return out


def clusters(read: Read) -> pd.DataFrame:
    """For each item the cluster it belongs to, under four readings of how alike is one."""
    order = [int(k) for part in read(_ORDER) for k in part["item_key"]]
    ties = [row for part in read("SELECT * FROM media_pairs") for row in part.itertuples(index=False)]

    def tied(levels: tuple[str, ...], verdicts: tuple[str | None, ...]) -> list[tuple[int, int]]:
        return [
            (int(t.a), int(t.b))
            for t in ties
            if t.level in levels and (t.verdict if isinstance(t.verdict, str) else None) in verdicts
        ]

    before: tuple[str | None, ...] = (None, "split", "same", "different")
    copy = stars(order, tied(("copy",), before))
    loose = merged(order, copy, tied(("candidate",), before))
    left = stars(order, tied(("copy",), (None, "split", "same")))  # less what both reviewers reject
    agreed = merged(order, left, tied(("candidate", "reviewed", "copy"), ("same",)))
    rest = merged(order, agreed, tied(("candidate",), (None, "split")))
    table = pd.DataFrame({"item_key": order})
    for name, centre in (("copy", copy), ("loose", loose), ("agreed", agreed), ("open", rest)):
        table[f"{name}_key"] = table["item_key"].map(centre)
    return table.sort_values("item_key", ignore_index=True)


def stars(order: Sequence[int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Centre of each item of `order`: the first centre it is tied to, else itself.

    `order` runs from the item placed first. A-B and B-C do not bring A and C together.
    """
    tied = _both(ties)
    place = {item: i for i, item in enumerate(order)}
    centre: dict[int, int] = {}
    for item in order:
        centres = [other for other in tied[item] if centre.get(other) == other]
        centre[item] = min(centres, key=place.__getitem__, default=item)
    return centre


def merged(order: Sequence[int], centre: dict[int, int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Stars whose members are tied, put together as stars of stars: never more of them than before."""
    between = ((centre[a], centre[b]) for a, b in ties)
    joined = stars([item for item in order if centre[item] == item], between)
    return {item: joined[centre[item]] for item in order}


def _both(ties: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    tied: dict[int, set[int]] = defaultdict(set)
    for a, b in ties:
        if a != b:
            tied[a].add(b)
            tied[b].add(a)
    return tied
