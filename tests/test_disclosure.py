"""What may leave: the rule for one number, tables by their types, bins. What is expected is worked out here from the
definitions, by enumeration, and not by the rule."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import words
from kit.disclosure import Bounds, joined, protect, rule
from kit.disclosure.audit import leaks
from kit.errors import MetricError


def fits(count: int, whole: int | None, shown: rule.Shown) -> bool:
    """Whether a reader who knows the rule would take `count` of `whole` for possible."""
    other = rule.people(count, whole)
    return (other.kind, other.value) == (shown.kind, shown.value)


@pytest.mark.parametrize("count", range(1, 10))
def test_of_a_small_count_nobody_learns_more_than_that_it_is_one_to_nine(count: int) -> None:
    for whole in range(count, 300):
        shown = rule.people(count, whole)
        possible = {n for n in range(whole + 1) if fits(n, whole, shown)}
        assert possible == set(range(1, 10)) if whole >= 10 else possible == set(range(whole + 1))


@pytest.mark.parametrize("rest", range(1, 10))
def test_of_what_is_left_of_a_whole_neither(rest: int) -> None:
    """Whatever both numbers show, rests from 1 to 9 cannot be told apart, but for wholes of 10 to 14."""
    for whole in range(15 + rest, 230):
        shown = (rule.people(whole - rest, whole), rule.people(whole))
        possible = {
            total - part
            for total in range(max(0, whole - 20), whole + 21)
            for part in range(max(0, total - 30), total + 1)
            if (rule.people(part, total), rule.people(total)) == shown
        }
        assert possible >= set(range(1, 10)), (whole, rest)


def test_what_is_said_is_true() -> None:
    """Every statement's bounds hold the truth."""
    for whole in range(150):
        for part in range(whole + 1):
            for shown, true in ((rule.people(part, whole), part), (rule.people(whole), whole)):
                assert shown.low <= true <= shown.high
            share = rule.share(rule.people(part, whole), rule.people(whole))
            if whole and share.kind in (rule.UNDER, rule.OVER):
                assert share.low <= part / whole <= share.high, (part, whole)


@given(st.integers(10, 10_000), st.integers(-9, 9))
def test_a_number_once_shown_stays_until_the_truth_is_a_step_away(count: int, change: int) -> None:
    before = rule.people(count)
    assert before.value is not None
    now = rule.people(count + change, before=(before.kind, before.value))
    if abs(count + change - before.value) < rule.STEP:
        assert now.value == before.value
    assert now.kind == rule.SMALL or now.low <= count + change <= now.high


@given(st.lists(st.integers(0, 14), min_size=1, max_size=40))
def test_joined_bins_hold_nobody_or_ten(people: list[int]) -> None:
    number = joined(people)
    assert list(number) == sorted(number)
    totals = [sum(n for n, k in zip(people, number, strict=True) if k == one) for one in sorted(set(number))]
    assert sum(totals) == sum(people)
    assert all(total == 0 or total >= 10 for total in totals) or len(totals) == 1 or sum(people) < 10


def test_one_account_on_two_days_is_one_person() -> None:
    assert joined([set(range(6)), set(range(6)), set(range(4, 12))]).tolist() == [0, 0, 0]


def protected(table: pd.DataFrame, bounds: Bounds | None = None, **units: str) -> Any:
    return protect(table, bounds or Bounds(), units=units).table


def test_every_kind_of_number_of_ones_own_table() -> None:
    table = pd.DataFrame(
        {"code": ["a", "b", "c"], "people": [413, 4, 0], "posts": [1234, 12, 0], "part": [0.5, 0.25, 0.0]}
    )
    shown = protected(
        table, Bounds(posts={"studied": 20}), people="accounts", posts="posts", part="share of accounts"
    )
    assert shown["people"].fillna(-1).tolist() == [410, -1, 0]
    assert shown["posts"].fillna(-1).tolist() == [1240, -1, 0], "a step of 20; 12 posts may be one account's"
    assert shown.attrs["shown"]["people"] == {1: ["small"]}


def test_who_did_it_is_looked_up_by_the_keys_of_a_row_however_rows_are_sorted() -> None:
    table = pd.DataFrame({"group": ["studied", "control"], "platform": ["x", "x"], "posts": [1000, 1000]})
    rows = [[["control", "x"], {"posts__people": 50, "posts__largest": 700}],
            [["studied", "x"], {"posts__people": 50, "posts__largest": 35}]]  # fmt: skip
    table.attrs |= {"name": "a", "metric": "b.a", "behind": {"keys": ["group", "platform"], "rows": rows}}
    for order in ([0, 1], [1, 0]):
        mine = table.iloc[order]
        mine.attrs = table.attrs
        shown = protected(mine).set_index("group")["posts"]
        assert shown["studied"] == 1000
        assert pd.isna(shown["control"]), "one account did most of it"


def test_a_row_about_few_people_tells_nothing_else() -> None:
    table = pd.DataFrame(
        {"group": ["studied", "control"], "n": [7, 300], "estimate": [0.5, 0.5], "low": 0.1, "high": 0.9}
    )
    table.attrs |= {"name": "a", "metric": "b.a", "unit": "share of posts", "n_unit": "accounts"}
    shown = protected(table)
    assert shown.iloc[0][["n", "estimate", "low", "high"]].isna().all()
    assert shown.iloc[1]["estimate"] == 0.5


def test_numbers_without_a_type_are_named() -> None:
    with pytest.raises(MetricError, match="'a', 'b'"):
        protect(pd.DataFrame({"x": ["k"], "a": [1], "b": [2.5]}), Bounds())


@pytest.mark.parametrize(
    "counted", sorted(n for n, r in ((t.name, t) for t in words.TERMS) if r.role == "counted")
)
def test_whatever_is_counted_one_to_nine_people_are_not_told_apart(counted: str) -> None:
    """In any unit of people, by any name of the column."""
    from kit.disclosure import PEOPLE

    table = pd.DataFrame({"kind": list("abc"), "anything": [1, 3, 500]})
    shown = protected(table, anything=counted)
    if counted in PEOPLE:
        assert shown["anything"].isna().tolist()[:2] == [True, True]


def test_a_list_that_a_platform_published_is_counted_exactly_and_nobody_else() -> None:
    table = pd.DataFrame({"group": ["studied", "control"], "accounts": [926, 926], "posts": [21385, 21385]})
    table.attrs |= {"name": "a", "metric": "b.a"}
    shown = protect(table, Bounds(posts={"studied": 3000, "control": 20}, exact=frozenset({"studied"}))).table
    assert shown.loc[0, ["accounts", "posts"]].tolist() == [926, 21385]
    assert shown.loc[1, ["accounts", "posts"]].tolist() == [930, 21380]
    targets = pd.DataFrame({"group": ["studied"], "targets": [7]})
    targets.attrs |= {"name": "a", "metric": "b.a"}
    assert protect(targets, Bounds(exact=frozenset({"studied"}))).table["targets"].isna().all(), (
        "others' accounts"
    )


def test_of_counts_that_make_fewer_than_ten_together_none_is_told() -> None:
    """Two, nobody and three of five: that one is nobody, or that two are somebody, would narrow the others."""
    table = pd.DataFrame(
        {
            "group": ["studied"] * 3 + ["control"] * 3,
            "age_from_days": [0, 7, 30] * 2,
            "age_to_days": [7, 30, 90] * 2,
            "accounts": [2, 0, 3, 20, 30, 0],
            "share": [0.4, 0, 0.6, 0.4, 0.6, 0],
        }
    )
    whole = {"column": "accounts", "by": ["group"], "whole": "accounts|{group}|aged"}
    table.attrs = {"name": "age_at_first_post", "metric": "accounts.age_at_first_post", "adds_up": [whole]}
    found = protect(table, Bounds()).table
    assert found["accounts"].tolist()[3:] == [20, 30, 0]
    assert found[["accounts", "share"]].head(3).isna().all(axis=None)
    assert [found.attrs["shown"]["accounts"][row] for row in range(3)] == [["withheld"]] * 3


def test_what_an_earlier_version_said_of_a_share_stays_as_it_was_said() -> None:
    assert rule.weighed(0.01, 0.05, ("under", 0.05)) == rule.Shown("under", 0.05, 0, 0.05)
    assert rule.weighed(0.99, 0.05, ("over", 0.95)) == rule.Shown("over", 0.95, 0.95, 1)
    assert rule.weighed(0.42, 0.05, ("about", 0.45)).value == 0.45
    assert rule.weighed(0.2, 0.05, ("about", 0.45)).value == 0.2
    assert rule.weighed(0.2, 0.05, ("withheld", None)).kind == "withheld"


def test_what_was_withheld_because_one_did_most_of_it_stays_withheld_when_that_one_is_gone() -> None:
    assert rule.events(500, 40, 400, 10).kind == "withheld"
    assert rule.events(100, 39, 6, 10, ("withheld", None)).kind == "withheld"
    assert rule.events(18, 9, 3, 10, ("about", 20)).value == 20  # ten stood behind it before


def test_under_other_settings_it_is_another_number() -> None:
    """What an earlier version showed of one setting is not shown of another, though the truths lie close."""
    table = pd.DataFrame(
        {"group": ["studied"], "n": [200], "estimate": [96 / 200], "low": [0.4], "high": [0.55]}
    )
    about = {
        "name": "old_accounts",
        "metric": "accounts.old_accounts",
        "unit": "share of accounts",
        "n_unit": "accounts",
    }
    ids = []
    for settings in ({}, {"years": 3}):
        table.attrs = about | {"settings": settings}
        ids.append([one.id for one in protect(table, Bounds()).quantities if "estimate" in one.id])
    assert ids[0] != ids[1]
    table.attrs = about | {"settings": {"years": 3}}
    before: dict[str, rule.Before] = {ids[0][0]: ("about", 90.0)}
    assert protect(table, Bounds(), before=before).table["estimate"].iloc[0] == 0.5
    assert protect(table, Bounds(), before={ids[1][0]: ("about", 90.0)}).table["estimate"].iloc[0] == 0.45


def test_what_was_not_done_nobody_did() -> None:
    """The auditor is told of nobody behind a nought, whoever stands behind the rest of a column."""
    table = pd.DataFrame({"state": ["named", "held"], "items": [40, 0]})
    behind = {
        "keys": ["state"],
        "rows": [
            [["named"], {"items__people": 20, "items__largest": 3}],
            [["held"], {"items__people": 20, "items__largest": 3}],
        ],
    }
    table.attrs |= {"name": "media_coverage", "metric": "media.media_coverage", "behind": behind}
    found = protect(table, Bounds())
    assert [one.doers for one in found.quantities if one.true == 0] == [None]
    assert leaks([one.plain() for one in found.quantities]) == []


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([1, 3, 500], dtype=object),
        pd.Series([1, 3, None], dtype=object),
        pd.Series([Decimal(1), Decimal(3), None]),
        pd.Series(["1", "3", "1,500"]),
        pd.Series(["3 %", None, "12 %"]),
        pd.Series([[1, 2], [3], []]),
        pd.Series([{"accounts": 3}, None, None]),
        pd.Series(pd.to_timedelta([1, 2, 3], unit="s")),
        pd.Series([1, 3, 500], dtype="category"),
    ],
)
def test_a_number_needs_a_type_whatever_its_column_calls_itself(values: pd.Series) -> None:
    table = pd.DataFrame({"kind": list("abc"), "people": values})
    table.attrs["name"] = "own"
    with pytest.raises(MetricError, match="'people'"):
        protect(table, Bounds())


@pytest.mark.parametrize("values", [[1, 3, 500], ["1", "3", "500"], [Decimal(1), 3, 500.0]])
def test_typed_objects_are_shown_by_the_rule(values: list[object]) -> None:
    table = pd.DataFrame({"kind": list("abc"), "people": pd.Series(values, dtype=object)})
    table.attrs["name"] = "own"
    shown = protect(table, Bounds(), units={"people": "accounts"}).table
    assert shown["people"].isna().tolist() == [True, True, False]
    assert shown["people"].iloc[2] == 500


def test_a_column_of_numbers_and_words_is_refused() -> None:
    table = pd.DataFrame({"kind": list("ab"), "people": pd.Series([3, "many"], dtype=object)})
    table.attrs["name"] = "own"
    with pytest.raises(MetricError, match="among other things"):
        protect(table, Bounds(), units={"people": "accounts"})


def test_texts_days_and_names_are_no_numbers() -> None:
    table = pd.DataFrame(
        {
            "name": ["3 May", "b"],
            "day": [dt.date(2024, 1, 1), None],
            "yes": pd.Series([True, None], dtype=object),
        }
    )
    table.attrs["name"] = "own"
    assert protect(table, Bounds()).table.equals(table)


def test_a_table_of_facts_is_shown_by_the_unit_of_each_row() -> None:
    rows = [
        ("accounts", "studied", 137, "accounts", None, 137),
        ("accounts_silent", "studied", 4, "accounts", None, 137),
    ]
    table = pd.DataFrame(rows, columns=["id", "group", "value", "unit", "label", "n"], dtype=object)
    table.attrs |= {"name": "account_facts", "metric": "accounts.account_facts"}
    found = protect(table, Bounds())
    assert found.table["value"].tolist()[0] == 140
    assert found.table.attrs["shown"]["value"][1] == ["small"]
    assert found.table["value"].isna().tolist() == [False, True]


def test_a_share_that_could_only_be_told_as_a_half_is_not_told() -> None:
    assert rule.weighed(0.34, 0.33).kind == rule.WITHHELD
    assert (rule.weighed(0.1, 0.33).kind, rule.weighed(0.9, 0.33).kind) == (rule.UNDER, rule.OVER)
    assert rule.weighed(0.34, 0.19).value == pytest.approx(0.4)


def test_a_number_of_a_part_of_the_case_is_another_number() -> None:
    """Counted in one platform only, or under other settings, it does not stand for that of the whole."""
    ids = set()
    for attrs in ({}, {"filters": {"platform": ("x",)}}, {"settings": {"days": 7}}):
        table = pd.DataFrame(
            {"group": ["studied"], "n": [400], "estimate": [0.5], "low": [0.4], "high": [0.6]}
        )
        table.attrs |= {
            "name": "new_accounts",
            "metric": "accounts.new_accounts",
            "unit": "share of accounts",
        }
        table.attrs |= {"n_unit": "accounts"} | attrs
        ids.add(tuple(one.id for one in protect(table, Bounds()).quantities))
    assert len(ids) == 3


def test_small_parts_whose_sum_tells_more_are_withheld_with_it() -> None:
    """Ten to fourteen accounts, ten of them on one platform: the other would hold four at most."""
    table = pd.DataFrame({"group": "studied", "platform": ["x", "youtube"], "accounts": [11, 2]})
    sums = [{"column": "accounts", "by": ["group"], "whole": "accounts|{group}", "rows": 2}]
    table.attrs |= {"name": "summary", "metric": "case.summary", "adds_up": sums}
    found = protect(table, Bounds())
    assert found.table["accounts"].isna().all()
    total = {
        "id": "accounts|studied",
        "counts": "accounts",
        "kind": "about",
        "value": 10,
        "low": 10,
        "high": 14,
        "true": 13,
    }
    assert leaks([*(one.plain() for one in found.quantities), total]) == []
    alone = table.iloc[:1].copy()
    alone.attrs = table.attrs
    assert protect(alone, Bounds()).table["accounts"].tolist() == [10], (
        "of some rows nobody says what they add up to"
    )


@pytest.mark.parametrize("unit", ["accounts", "accounts addressed", "people addressed"])
def test_where_a_row_is_about_few_people_nothing_else_of_it_is_told(unit: str) -> None:
    table = pd.DataFrame({"kind": list("ab"), "whom": [4, 400], "hours": [3.5, 7.25]})
    table.attrs["name"] = "own"
    found = protect(table, Bounds(), units={"whom": unit, "hours": "hours"}).table
    assert found["hours"].isna().tolist() == [True, False]
