"""Who stands behind numbers, and days joined in the public edition: on rows written by hand, checked against the definition."""

from __future__ import annotations

import datetime as dt
import itertools
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.metrics.behind import tallied
from kit.metrics.joining import spans

MONDAY = dt.date(2024, 1, 1)


def case(
    edition: str = "public", exact: tuple[str, ...] = (), start: object = None, end: object = None
) -> object:
    report = SimpleNamespace(exact=exact, start=start, end=end, shown_before={})
    return SimpleNamespace(edition=edition, report=report, groups=["studied", "control"])


def rows(people: list[list[int]], group: str = "studied") -> pd.DataFrame:
    """One post of each of these accounts on each day from a Monday on."""
    found = [(group, MONDAY + dt.timedelta(days=i), who, 1) for i, day in enumerate(people) for who in day]
    return pd.DataFrame(found, columns=["group", "day", "account_key", "posts"])


def joined(people: list[list[int]], keep_exact: bool = False, **told: object) -> pd.DataFrame:
    return spans(case(**told), rows(people), ["group"], "day", "until", ["posts"], keep_exact=keep_exact)  # type: ignore[arg-type]


def test_who_did_it_and_the_most_by_one() -> None:
    table = pd.DataFrame(
        {"group": "a", "account_key": [1, 1, 2, None, None], "posts": [3, 4, 1, 5, 6], "kept": 0}
    )
    row = tallied(table, ["group"], ["posts", "kept"]).iloc[0]
    assert (row.posts, row.posts__people, row.posts__largest) == (19, 2, 11), "unknown authors may be one"
    assert (row.kept, row.kept__people, row.kept__largest) == (0, 0, 0)


@given(st.lists(st.lists(st.integers(0, 30), max_size=25), min_size=1, max_size=40))
def test_every_span_holds_nobody_or_ten_and_tells_no_day_of_few(people: list[list[int]]) -> None:
    found = joined(people)
    if found.empty:
        return
    whole = set().union(*map(set, people))
    held = found.groupby(["day", "until"])["account_key"].agg(set)
    assert all(len(who) >= 10 for who in held) or (len(whole) < 10 and len(held) == 1)
    ends = sorted(held.index)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ends)), "spans do not overlap"
    many = {MONDAY + dt.timedelta(days=i) for i, day in enumerate(people) if len(set(day)) >= 10}
    one = dt.timedelta(days=1)
    for start, end in ends:
        assert start.weekday() == 0 or start in many or start - one in many
        assert end.weekday() == 6 or end in many or end + one in many


def test_days_of_ten_stay_days() -> None:
    ten = list(range(10))
    found = joined([ten, ten, [1], ten, ten])
    assert [(a.day, b.day) for a, b in found.groupby(["day", "until"]).size().index] == [
        (1, 1),
        (2, 3),
        (4, 4),
        (5, 5),
    ]


def test_the_period_of_the_report_ends_the_spans() -> None:
    found = joined([[1], [2]], start=MONDAY, end=MONDAY + dt.timedelta(days=1))
    assert set(found["until"]) == {MONDAY + dt.timedelta(days=1)}


@pytest.mark.parametrize("told", [{"edition": "internal"}, {"exact": ("studied",), "keep_exact": True}])
def test_days_stay_in_the_internal_edition_and_of_a_published_list(told: dict) -> None:
    found = joined([[1], [], [2]], **told)
    assert [str(day)[:10] for day in found["day"]] == ["2024-01-01", "2024-01-03"]


def test_weeks_are_joined_as_weeks() -> None:
    week = dt.timedelta(days=7)
    table = pd.DataFrame(
        [
            ("studied", MONDAY + i * week, who, 1)
            for i, many in enumerate((12, 3, 0, 11))
            for who in range(many)
        ],
        columns=["group", "day", "account_key", "posts"],
    )
    found = spans(case(), table, ["group"], "day", "until", ["posts"], step="week")
    assert [(str(a), str(b)) for a, b in found.groupby(["day", "until"]).size().index] == [
        ("2024-01-01", "2024-01-07"), ("2024-01-08", "2024-01-28"),
    ]  # fmt: skip
