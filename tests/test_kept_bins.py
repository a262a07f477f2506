"""A series keeps its bins from version to version, so that an account taken out moves none."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kit.disclosure import joined
from kit.disclosure.bins import Kept
from kit.disclosure.earlier import Asked, bins
from kit.metrics import asked_now, joining

MONDAY = dt.date(2024, 1, 1)
PEOPLE = st.lists(st.sets(st.integers(0, 40), max_size=25), min_size=1, max_size=30)


def ends(number: list[int]) -> list[Kept]:
    """The bins of a numbering, as an earlier version would have told of them."""
    return [
        Kept(number.index(one), len(number) - 1 - number[::-1].index(one)) for one in dict.fromkeys(number)
    ]


@given(PEOPLE, st.integers(0, 40))
def test_an_account_that_is_taken_out_moves_no_bin(people: list[set[int]], gone: int) -> None:
    first = joined(people).tolist()
    whole = [set().union(*people[k.first : k.last + 1]) for k in ends(first)]
    kept = [k._replace(empty=not held) for k, held in zip(ends(first), whole, strict=True)]
    assert joined([held - {gone} for held in people], kept=kept).tolist() == first


@given(PEOPLE, PEOPLE)
def test_what_is_new_is_joined_until_it_holds_nobody_or_ten(
    people: list[set[int]], more: list[set[int]]
) -> None:
    first = joined(people).tolist()
    kept = [k._replace(empty=not set().union(*people[k.first : k.last + 1])) for k in ends(first)]
    number = joined([*people, *more], kept=kept).tolist()
    assert number == sorted(number)
    held = [set().union(*[*people, *more][k.first : k.last + 1]) for k in ends(number)]
    few = [len(one) for one in held if 0 < len(one) < 10]
    assert not few or len(set().union(*people)) < 10


def test_where_somebody_comes_to_a_day_of_nobody_it_is_joined_anew() -> None:
    day = set(range(12))
    kept = [Kept(0, 0), Kept(1, 1, empty=True), Kept(2, 2)]
    assert joined([day, {1, 2}, day], kept=kept).tolist() == [0, 0, 1]
    assert joined([day, set(), day], kept=kept).tolist() == [0, 1, 2]


def before(table: pd.DataFrame, metric: str, *names: str) -> dict[str, tuple[str, float]]:
    """What a version showed of a table's posts, as the ledger has it."""
    return {
        f"posts|{metric}.posts|" + "|".join(f"{c}={row[c]}" for c in names): ("about", 10.0)
        for row in table.to_dict("records")
    }


def case(**shown: Any) -> Any:
    report = SimpleNamespace(exact=(), start=None, end=None, shown_before=shown.get("before", {}))
    return SimpleNamespace(edition="public", report=report)


def test_days_keep_their_bins_though_the_first_and_the_last_day_of_all_are_gone() -> None:
    draw = random.Random(4)
    rows = [
        ("studied", "x", MONDAY + dt.timedelta(7 + day), who, 1)
        for day in range(40)
        for who in draw.sample(range(30), draw.choice((0, 1, 5, 14)))
    ]
    alone = [("studied", "x", MONDAY + dt.timedelta(day), 99, n) for day, n in ((0, 1), (20, 300), (70, 1))]
    names = ["group", "platform", "day", "account_key", "posts"]
    table = pd.DataFrame([*rows, *alone], columns=names)
    mark = asked_now.set(Asked("coverage", {}, []))
    try:
        first = joining.days(case(), table, names[:2])
        told = before(first, "coverage", "group", "platform", "day", "day_to")
        rest = table[table["account_key"] != 99]
        again = joining.days(case(before=told), rest, names[:2])
        anew = joining.days(case(), rest, names[:2])
    finally:
        asked_now.reset(mark)
    assert again[["day", "day_to"]].equals(first[["day", "day_to"]])
    assert not anew[["day", "day_to"]].equals(first[["day", "day_to"]]), "else nothing was kept"
    assert again["posts"].sum() == len(rest)


def test_bins_are_those_of_the_same_metric_settings_and_rows() -> None:
    shown = {
        "posts|daily.posts|group=studied|date=2024-01-01|day_to=2024-01-07": ("about", 40.0),
        "posts|daily.posts|group=studied|date=2024-01-08|day_to=2024-01-14": ("zero", 0.0),
        "accounts|daily.accounts|group=studied|date=2024-01-08|day_to=2024-01-14": ("zero", 0.0),
        "posts|daily.posts|group=studied|date=2024-01-02|day_to=2024-01-02|subset=replies": ("about", 10.0),
        "posts|daily.posts|group=control|date=2024-01-03|day_to=2024-01-03": ("about", 10.0),
        "posts|coverage.posts|group=studied|platform=x|day=2024-01-04|day_to=2024-01-04": ("about", 10.0),
    }
    known = ["subset", "accounts"]
    usual, other = Asked("daily", {}, known), Asked("daily", {"subset": "replies"}, known)
    found = bins(shown, usual, {"group": "studied"}, ["date", "day_to"])
    assert [(one.ends[0], one.empty()) for one in found] == [("2024-01-01", False), ("2024-01-08", True)]
    assert [one.ends[0] for one in bins(shown, other, {"group": "studied"}, ["date", "day_to"])] == [
        "2024-01-02"
    ]
    assert not bins(shown, None, {"group": "studied"}, ["date", "day_to"])
