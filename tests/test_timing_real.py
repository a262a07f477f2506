"""Posting times of real sets whose clock is known: a Thai crew, and members of parliament in six zones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from worlds import desk

import kit
from kit.claims import timing as words
from kit.metrics import timing

pytestmark = pytest.mark.real

THAI = "data/tio-thailand-2020-09/thailand_092020_{}_csv_hashed.csv"
MEMBERS = "data/bluesky-canadian-mps/all_mp_posts.csv"


def write(home: Path, name: str, **keys: Any) -> None:
    folder = home / "reports" / name
    folder.mkdir(parents=True)
    content = {"title": name, "notebooks": ["00_intake"], "languages": ["en"]} | keys
    (folder / "report.yml").write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.fixture(scope="module")
def home(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("real")) as folder:
        paths = [f"$DAYLIGHT_DATA/{THAI.format(kind)}" for kind in ("users", "tweets")]
        exports = [{"path": path, "group": "studied"} for path in paths]
        write(folder, "thai", clock="Asia/Bangkok", exports=exports, audience_zones=["Asia/Bangkok"])
        columns = {
            "post_id": "uri",
            "account_id": "author_handle",
            "created_at": "indexed_at",
            "text": "text",
        }
        export = {
            "path": f"$DAYLIGHT_DATA/{MEMBERS}",
            "group": "studied",
            "platform": "bluesky",
            "table": "posts",
            "columns": columns,
            "time": {"format": "iso", "zone": "UTC"},
        }
        write(
            folder, "members", clock="America/Toronto", exports=[export], audience_zones=["America/Toronto"]
        )
        yield folder


@pytest.fixture(scope="module")
def thai(home: Path) -> Any:
    return kit.open("thai", edition="internal")


def only(table: Any) -> dict[str, Any]:
    (row,) = table.to_dict("records")
    return row


def test_a6_the_thai_crew_is_not_told_although_the_usual_chart_answers(thai: Any) -> None:
    table = timing.zone(thai)
    row = only(table)
    assert (row["verdict"], row["sentence"], row["n"]) == ("inconclusive", "R6w", 21_385)
    assert row["offsets"] == row["from_offset"] == ""
    assert words.outcome(table).startswith(
        "Cannot tell. There is a daily rhythm, but no pause at weekends as deep as that of an ordinary working week"
    )
    assert row["usual_offset"] == "+8"  # one hour off the truth
    assert row["usual_share"] == pytest.approx(0.720, abs=5e-4)
    assert timing.zone_by_subset(thai)["outcome"].tolist() == ["R6", "R6", "R6"]


def test_a6_with_office_hours_declared_the_set_holds_seven_and_eight(thai: Any) -> None:
    for audience in (None, "not known"):
        row = only(timing.zone(thai, declared="office", evidence="E1", audience=audience))
        assert row["verdict"] == "found"
        assert {"+7", "+8"} <= set(row["offsets"].split())
        assert row["sentence"] == ("O2" if audience else "O2a")


def test_a6_the_meal_gap_points_to_the_true_clock(thai: Any) -> None:
    gaps = timing.meal_gap(thai).set_index("offset_hours")
    seven = gaps.loc[7.0]
    assert seven[["estimate", "low", "high"]].tolist() == pytest.approx([0.76, 0.63, 0.92], abs=0.006)
    assert gaps.loc[8.0, "low"] < 1 < gaps.loc[8.0, "high"]
    assert gaps.index[gaps["verdict"] == "found"].tolist() == [7.0]


def test_the_thai_weekend_is_a_fact_and_its_dip_a_finding(thai: Any) -> None:
    fact = only(timing.timing_facts(thai))
    assert fact["value"] == pytest.approx(4099 / 21_385)
    row = only(timing.weekend(thai))
    assert row["estimate"] == pytest.approx(0.192, abs=5e-4)
    assert row["ratio"] == pytest.approx(0.612, abs=0.002)
    assert row["verdict"] == "found"


def test_thai_replies_wait_for_the_next_day(thai: Any) -> None:
    test = only(timing.waiting_test(thai))
    assert (test["n"], test["targets"]) == (5974, 3494)
    assert test["p"] <= 0.01
    waits = timing.waiting(thai, clock="Asia/Bangkok").set_index("hour_local")["estimate"]
    assert waits[14] == pytest.approx(236, abs=2)
    assert waits[15] == pytest.approx(1100, abs=2)


def test_the_thai_burst_and_the_changes_of_level_speak_with_one_voice(thai: Any) -> None:
    burst = only(timing.largest_burst(thai))
    assert burst["verdict"] == "found"
    assert (burst["first_day"], burst["days"]) == ("2020-02-09", 17)
    assert (burst["busiest_day"], burst["busiest_posts"]) == ("2020-02-20", 1313)
    assert burst["low"] > 3
    level = only(timing.level_changes(thai))
    assert (level["sentence"], level["rise_day"], level["fall_day"]) == ("both", "2019-11-04", "2020-03-03")
    assert level["estimate"] == pytest.approx(1088, abs=1)
    table = timing.change_points(thai)
    assert {str(d) for d in table["first_day"]} >= {"2019-11-04", "2020-03-03"}
    assert timing.bursts(thai)["first_day"].astype(str).tolist()[0] == "2020-02-09"


def test_three_thai_signs_stand_together(thai: Any) -> None:
    row = only(timing.clock_signs(thai))
    assert (row["verdict"], row["sentence"], row["estimate"]) == ("found", "three_theirs", 3)
    assert row["clock_offset"] == "+7"
    assert (row["from_hour"], row["to_hour"], row["jump_hour"]) == (8, 16, 15)
    assert row["ratio"] == pytest.approx(0.76, abs=0.006)


def test_thai_holidays_are_those_of_the_reports_own_country(thai: Any) -> None:
    assert timing.holiday_dip(thai)["calendar"].tolist() == ["TH"]
    assert set(timing.holidays(thai)["calendar"]) == {"TH"}


def test_a13_members_in_six_zones_are_never_told(home: Path) -> None:
    case = kit.open("members", edition="internal")
    row = only(timing.zone(case))
    assert row["n"] == 1053
    assert row["sentence"] in ("R4", "R7")
    assert only(timing.zone(case, audience="not known"))["verdict"] == "inconclusive"
