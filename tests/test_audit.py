"""The auditor against all possible truths: for small reports every truth that fits is counted out one by one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.disclosure import audit, rule


def said(id_: str, shown: rule.Shown, true: int, **more: Any) -> dict[str, Any]:
    bounds = {"low": shown.low, "high": shown.high if shown.high != float("inf") else None}
    return (
        {"id": id_, "counts": "accounts", "kind": shown.kind, "value": shown.value, "true": true}
        | bounds
        | more
    )


def sum_of(parts: list[int], total: rule.Shown | None = None) -> list[dict[str, Any]]:
    """Parts that add up to a total, each shown by the rule."""
    whole = sum(parts)
    rows = [said(f"part {i}", rule.people(n), n, adds=[["t.accounts", "all"]]) for i, n in enumerate(parts)]
    return [*rows, said("all", total or rule.people(whole), whole)]


@given(st.lists(st.integers(0, 14), min_size=2, max_size=4))
def test_ends_are_those_of_every_truth_that_fits(parts: list[int]) -> None:
    told = sum_of(parts)
    known = audit.read(told)
    names = [f"part {i}" for i in range(len(parts))]
    boxes = [range(int(one["low"]), int(one["high"]) + 1) for one in told]
    fits = [truth for truth in itertools.product(*boxes[:-1]) if sum(truth) in boxes[-1]]
    for i, name in enumerate(names):
        values = [truth[i] for truth in fits]
        assert audit.ends(known, [name])[name] == (min(values), max(values))


def test_the_rest_of_a_whole_is_protected_too() -> None:

    def exact(n: int) -> rule.Shown:
        return rule.Shown("about", n, n, n)

    told = [said("posting", exact(116), 116, whole="all", rest=120), said("all", exact(120), 120)]
    (leak,) = audit.leaks(told)
    assert (leak.kind, leak.low, leak.high) == ("exact", 4, 4)
    shown = rule.people(116, 120)
    safe = [
        said("posting", shown, 116, whole="all", rest=120, left=rule.left(shown)),
        said("all", rule.people(120), 120),
    ]
    assert audit.leaks(safe) == []


@pytest.mark.parametrize(
    "parts,kind",
    [
        ([1] * 12 + [0] * 5, "narrowed"),
        ([9, 9, 9, 9, 9], "exact"),
        ([40, 30, 3, 24], None),
        ([12, 15, 4], None),
    ],
    ids=["twelve months of one", "five nines", "one small part", "one small part of few"],
)
def test_sums_that_rounding_alone_does_not_keep(parts: list[int], kind: str | None) -> None:
    found = audit.leaks(sum_of(parts))
    assert ({leak.kind for leak in found} or {None}) == {kind}


def test_few_posts_are_few_people() -> None:
    """A day with two posts has two authors at most; so what they did is not shown."""
    told = [said("posts", rule.Shown("about", 2, 2, 2), 2, doers=2) | {"counts": "posts"}]
    assert [leak.kind for leak in audit.leaks(told)] == ["narrowed"]
    held = rule.events(2, 2, 1, 10)
    assert audit.leaks([said("posts", held, 2, doers=2) | {"counts": "posts"}]) == []


def test_what_is_false_is_found() -> None:
    told = [said("a", rule.Shown("small", None, 1, 9), 116)]
    (leak,) = audit.leaks(told)
    assert (leak.kind, leak.line()) == ("false", "what is said of 'a' is not true")


def test_two_tables_of_one_quantity_say_the_same_or_more() -> None:
    """Each bound alone is harmless; together they leave one number."""
    told = [
        said("a", rule.Shown("about", None, 0, 7), 7),
        said("a", rule.Shown("about", None, 7, 20), 7),
    ]
    assert [leak.kind for leak in audit.leaks(told)] == ["exact"]


def test_what_anybody_can_count_is_nobodys_secret() -> None:
    told = [said("a", rule.exactly(3), 3, doers=3)]
    assert audit.leaks(told) == []
    assert audit.leaks([one | {"kind": "about"} for one in told]), "the same number of others is one"
