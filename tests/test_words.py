"""What a reader sees of columns, terms, units and numbers: one home, and no column without its row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kit import locale, words

#: how values are written and measured
UNITS = {
    "count",
    "number",
    "share",
    "percent",
    "p",
    "ratio",
    "days",
    "hours",
    "seconds",
    "hour",
    "date",
    "time",
    "yes or no",
    "word",
    "sentence",
    "group",
    "platform",
    "id",
    "text",
    words.DECLARED,
}
ROLES = set(
    "key group category class setting count size share estimate low high measure p date verdict text".split()
)
#: roles of columns that always count something
COUNTING = {"count", "size", "share"}


def test_every_row_keeps_to_the_vocabulary() -> None:
    counted = {row.name for row in words.TERMS if row.role == "counted"} | {words.DECLARED}
    for row in words.COLUMNS.values():
        assert row.unit in UNITS, row
        assert row.role in ROLES, row
        assert not row.counts or row.counts in counted, row
        assert row.counts or row.role not in COUNTING, f"{row.name}: what does it count?"
    for term in words.TERMS:
        assert term.unit in UNITS | {"minutes", ""}, term
        assert not term.counts or term.counts in counted, term


def test_a_name_has_one_label() -> None:
    """Whatever its role: a reader meets one word for one thing."""
    labels: dict[str, set[str]] = {}
    for row in words.TERMS:
        if row.role != "fact":
            labels.setdefault(row.name, set()).add(row.label)
    assert not {name: found for name, found in labels.items() if len(found) > 1}


@pytest.mark.parametrize(
    "name,values,expected",
    [
        ("accounts", [1, 2], "count"),
        ("accounts", pd.array([1, None], dtype="Int64"), "count"),
        ("share", [0.5], "share"),
        ("prevalence_share", [None], "share"),
        ("false_alarm_low", [0.01], "share"),
        ("p", [0.5], "p"),
        ("p_holm", [0.5], "p"),
        ("expected", [0.5], "number"),
        ("day", pd.to_datetime(["2023-08-07"]), "date"),
        ("first_day", ["2023-08-07"], "date"),
        ("time_a", pd.to_datetime(["2023-08-07 10:11"]), "text"),
        ("reason", ["a"], "sentence"),
        ("verdict", ["absent"], "word"),
        ("group", ["studied"], "group"),
        ("event", ["a"], "text"),
        ("gap", [True], "text"),
        ("rank", [1, 2], "count"),
        ("pseudonym", ["a"], "text"),
        ("value", [1, 2.5], "number"),
        # somebody's own: only the values tell
        ("mean", [0.5], "number"),
        ("bots", [1, 2], "count"),
        ("zero_share", [0.5], "number"),
        ("verified", [True], "text"),
        ("seen_at", pd.to_datetime(["2023-08-07"]), "date"),
        ("founded_year", [1998], "year"),
        ("remark", ["a"], "text"),
        ("nothing", [], "text"),
    ],
)
def test_columns_are_written_by_their_kind(name: str, values: Any, expected: str) -> None:
    assert words.kind(name, pd.Series(values)) == expected
    if not isinstance(values, pd.DatetimeIndex):
        assert words.kind(name, list(values)) == expected


def test_a_metric_says_the_unit_of_its_estimate() -> None:
    assert words.kind("estimate", [0.5], declared="share of posts") == "share"
    assert words.kind("low", [0.5], declared="ratio") == "number"
    assert words.kind("estimate", [0.5]) == "number"
    assert words.label("estimate", unit="minutes") == "estimate (minutes)"
    assert words.label("estimate", unit="ratio") == "estimate"


def test_what_a_column_counts() -> None:
    assert words.counts("accounts") == "accounts"
    assert words.counts("n", n_unit="posts") == "posts"
    assert words.counts("n", n_unit="edges") == "pairs of accounts"
    assert words.counts("n") == "", "a metric that does not say counts nothing known"
    assert words.counts("n", "targeted_sweep") == "posts"
    assert words.counts("estimate", unit="share of accounts", n_unit="posts") == "accounts"
    assert words.counts("value", unit="accounts addressed") == "targets"
    assert words.counts("members", "roster_shares") == "people"
    assert words.counts("members", "shared_templates") == "accounts"
    assert words.counts("day") == words.counts("somebody's own") == ""


def test_values_are_written_for_readers() -> None:
    assert words.written(None, "count") == "–"
    assert words.written(1234, "count") == "1,234"
    assert words.written(0.894, "share") == "89.4%"
    assert words.written(2.468, "number") == "2.47"
    assert words.written(0.0001, "p") == "< 0.001"
    assert words.written("2023-08-07", "date") == "7 August 2023"
    assert words.written("", "date") == ""
    assert words.written(True, "text") == "yes"
    assert words.written("cannot_tell", "word") == "cannot tell"
    assert words.written("not_of_the_kit", "word") == "not_of_the_kit"
    assert words.written("studied", "group") == "Studied"
    assert words.written("2,000 rows", "share") == "2,000 rows", "text where a number was promised"
    assert words.label("accounts") == "accounts"
    assert words.label("my_own_column") == "my own column"


def test_an_empty_label_keeps_its_french() -> None:
    """A label that only writes spaces for `_` is left out of the table, not out of the catalogue."""
    with locale.within("fr"):
        assert words.label("first_day") == "premier jour"
        assert words.label("edges") == "edges", "no column of a metric"
        assert words.term("share_button") == "bouton de partage"
        assert words.written("present", "word") == "présent"


def test_ends_of_a_count_are_one_field() -> None:
    names = ["unique_low", "unique_high", "ratio_low", "ratio_high", "first_day_low", "first_day_high", "low"]
    assert words.ranges(names) == {"unique": ("unique_low", "unique_high")}


def test_settings_are_written_by_their_names() -> None:
    assert words.written(0.5, words.setting_kind("least", 0.5)) == "50%"
    assert words.written(5, words.setting_kind("k", 5)) == "5"
    assert words.written("fr", words.setting_kind("language", "fr")) == "French"
    assert words.written("fr", words.setting_kind("evidence", "fr")) == "fr"
