"""Posting times in the public edition, on a case made to break it: days and hours of few accounts beside those of many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from crowd import crowd
from worlds import account, desk, post, report

import kit
from kit import figures
from kit.disclosure import PEOPLE
from kit.metrics import accounts, intake, timing
from kit.notebook import protection
from kit.notebook.findings import finding_record, told_finding
from kit.words import counts

EVENTS = "date,end_date,label,kind\n2024-08-12,2024-08-12,stopped,gap\n2024-08-16,2024-08-18,a fair,event\n"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    with desk(tmp_path_factory.mktemp("crowd")) as home:
        crowd(home, lists={"events": EVENTS}, audience_zones=["America/Toronto"])
        yield kit.open("crowd"), kit.open("crowd", edition="internal")


def rooms() -> list[tuple[str, Any]]:
    """Every metric of accounts, intake and times."""
    found = []
    for room in (accounts, intake, timing):
        names = getattr(room, "__all__", vars(room))
        found += [(f"{room.__name__.rpartition('.')[2]}.{name}", getattr(room, name)) for name in names]
    return [(name, one) for name, one in found if callable(one) and hasattr(one, "outcomes")]


@pytest.mark.parametrize("name,metric", rooms(), ids=[name for name, _metric in rooms()])
def test_no_metric_tells_of_one_to_nine_accounts(editions: tuple[Any, Any], name: str, metric: Any) -> None:
    """Counts of people are tens; what they did is a multiple of ten; the alt text says nothing else."""
    case, _inside = editions
    table = metric(case)
    if {"id", "label", "unit"} <= set(table.columns):
        told = [protection.fact(case, table, place)[0] for place in range(len(table))]
        for row, fact in zip(table.itertuples(), told, strict=True):
            if row.unit in ("accounts", "posts") and fact["value"] == fact["value"]:
                assert fact["value"] is None or fact["value"] % 10 == 0
        return
    shown, _said = protection.shown(case, table)
    for column in shown.columns:
        counted = counts(
            str(column), metric.__name__, table.attrs.get("unit", ""), table.attrs.get("n_unit", "")
        )
        whole = pd.api.types.is_numeric_dtype(shown[column]) and not pd.api.types.is_bool_dtype(shown[column])
        known = kit.words.column(str(column), metric.__name__) if hasattr(kit, "words") else None
        role = known.role if known else ""
        if (
            whole
            and counted
            and role in ("count", "size")
            and counted not in ("days", "weeks", "bursts", "files")
        ):
            values = shown[column].dropna().astype(float)
            assert ((values % 10) == 0).all(), (column, values.tolist())
            if counted in PEOPLE:
                assert not values.between(1, 9).any()
    if (plot := figures.of(table)) is not None:
        said = figures.describe(plot)(shown)
        plot(shown)
        assert not re.search(r"\b[1-9] (account|post)s?\b(?! a day)", said), said


def test_days_are_joined_and_never_over_a_gap(editions: tuple[Any, Any]) -> None:
    case, inside = editions
    table, single = timing.daily(case, accounts=True), timing.daily(inside, accounts=True)
    assert (single["date"] == single["day_to"]).all()
    assert table.groupby("group")["posts"].sum().to_dict() == single.groupby("group")["posts"].sum().to_dict()
    for group in ("studied", "control"):
        mine, days = table[table["group"] == group], single[single["group"] == group]
        assert mine.loc[mine["gap"], ["date", "day_to"]].astype(str).values.tolist() == [
            ["2024-08-12", "2024-08-12"]
        ]
        for row in mine[~mine["gap"]].itertuples():
            assert not str(row.date) <= "2024-08-12" <= str(row.day_to)
            assert row.posts == days.loc[days["date"].between(row.date, row.day_to), "posts"].sum()
            assert row.accounts == 0 or row.accounts >= 10
    fair = table[table["event"].eq("a fair") & (table["group"] == "studied")]
    assert str(fair["date"].min()) <= "2024-08-16"
    assert "Events marked: 1; days in collection gaps: 1." in figures.describe(figures.of(table))(table)


def test_hours_of_the_week_are_joined(editions: tuple[Any, Any]) -> None:
    case, inside = editions
    table, single = timing.heatmap(case), timing.heatmap(inside)
    assert len(single) == 3 * 168
    for group in ("studied", "control"):
        mine = table[table["group"] == group]
        start = (mine["weekday"] - 1) * 24 + mine["hour_local"]
        end = (mine["weekday_to"] - 1) * 24 + mine["hour_to"]
        assert start.iloc[0] == 0
        assert end.iloc[-1] == 167
        assert (start.iloc[1:].to_numpy() == end.iloc[:-1].to_numpy() + 1).all(), "every hour once"
        assert mine["share"].sum() == pytest.approx(1)
    shown, _said = protection.shown(case, table)
    kept = shown["group"] != "context"
    assert shown.loc[kept, "posts"].notna().mean() >= 0.9, (
        "only the hours that are largely one account's are withheld"
    )
    assert len(table[kept]) > 20
    assert shown.loc[~kept & (table["posts"] > 0), "posts"].isna().all(), "three accounts"
    ax = figures.of(table)(shown)
    hatched = [p for panel in ax.get_figure(root=True).axes for p in panel.patches if p.get_hatch()]
    assert len(hatched) > 0, "what may not be told is not drawn as nothing"
    assert re.search(r"Hatched, no number may be told: \d+\.$", figures.describe(figures.of(table))(shown))


def test_days_of_a_burst_are_told_where_ten_posted(editions: tuple[Any, Any]) -> None:
    case, inside = editions
    for row in timing.silences(case).itertuples():
        assert row.group == "context" or row.days in (1, 2, 4)
        if row.group == "studied" and row.days == 4:
            assert pd.isna(row.first_day), "one or two accounts posted beside it"
    assert timing.silences(inside)["first_day"].notna().all()


def lonely(home: Path) -> None:
    """Years of next to nothing, with three days of a quarrel among three accounts."""
    draw = np.random.default_rng(0)
    some = pd.Timestamp("2019-01-01") + pd.to_timedelta(draw.integers(0, 1500, 12), unit="D")
    rows = [
        post(f"{i}-{k}", f"a{(i + k) % 12}", f"{day:%Y-%m-%d}T10:{k % 60:02d}:00Z")
        for i, day in enumerate(some)
        for k in range(int(draw.integers(1, 90)) * (i % 2))
    ]
    rows += [post(f"q{i}", f"a{i % 3}", f"2021-02-1{i % 3}T11:{i % 60:02d}:00Z") for i in range(900)]
    report(home, "lonely", posts={"studied": rows}, accounts={"studied": [account(f"a{i}") for i in range(12)]},
           clock="UTC", audience_zones="not known")  # fmt: skip


def test_a_burst_whose_size_cannot_be_known_has_none(tmp_path: Path) -> None:
    """'126 times (0.152 to 105,006)' is no number that a reader can use, and no axis holds it."""
    with desk(tmp_path) as home:
        lonely(home)
        case, inside = kit.open("lonely"), kit.open("lonely", edition="internal")
        row = timing.largest_burst(inside).iloc[0]
        assert str(row["busiest_day"]).startswith("2021-02-1")
        assert row["sentence"] in ("unsized", "uneven")
        assert row[["estimate", "low", "high"]].isna().all()
        shown, _said = protection.shown(case, timing.largest_burst(case))
        assert not shown["first_day"][0] or pd.isna(shown["first_day"][0]), "three accounts"
        assert shown[["busiest_day", "busiest_posts"]].isna().all(axis=None), "three accounts"
        vary = {"longest": [14, 7, 21, 10]}
        record, _quantities = finding_record("posting_burst", timing.largest_burst, case, vary, {})
        said = told_finding(record, ["en"])
        assert said["value"] is None
        assert said["low"] is None
        assert said["verdict"] == row["verdict"]
        assert "February" not in str(said)
        assert "2021-02" not in str(said)
        assert "times as many" in said["text"]["en"] or "so uneven" in said["text"]["en"]


def test_the_median_wait_is_that_of_all_replies_of_its_hours(tmp_path: Path) -> None:
    rows, draw = [], np.random.default_rng(1)
    for i in range(900):
        asked = 60 * int(draw.choice([2, 3, 9, 10, 11, 15])) + 1440 * (i % 20)
        posted = asked + int(draw.integers(1, 400))
        stamp = [
            (pd.Timestamp("2024-05-01") + pd.Timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for m in (asked, posted)
        ]
        rows.append((f"m{asked}", *stamp, f"a{i % 30}"))
    asked = {key: when for key, when, _said, _who in rows}
    with desk(tmp_path) as home:
        answers = [
            post(i, who, when, re_post=key, re_user="m") for i, (key, _w, when, who) in enumerate(rows)
        ]
        seen = [post(key, "m", when) for key, when in asked.items()]
        report(home, "waits", posts={"studied": answers, "context": seen}, clock="UTC")
        case, inside = kit.open("waits"), kit.open("waits", edition="internal")
        table, single = timing.waiting(case), timing.waiting(inside)
        assert len(single) == 24
        assert table["n"].sum() == single["n"].sum() == 900
        waits = pd.DataFrame([(pd.Timestamp(a), (pd.Timestamp(b) - pd.Timestamp(a)).seconds / 60) for _k, a, b, _w in rows], columns=["asked", "wait"])  # fmt: skip
        for row in table[table["n"] > 0].itertuples():
            mine = waits[waits["asked"].dt.hour.between(row.hour_utc, row.hour_to)]
            assert row.estimate == pytest.approx(mine["wait"].median())
        shown, _said = protection.shown(case, table)
        assert shown.loc[table["n"] > 0, ["n", "targets", "estimate"]].notna().all(axis=None)
