"""Metrics, figures and sentences of posting times on whole cases."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shell import walked
from worlds import desk, post, report

import kit
from kit import locale
from kit.claims import judge
from kit.claims import timing as words
from kit.errors import MetricError
from kit.figures import timing as figures
from kit.inference import zone as rules
from kit.metrics import timing
from kit.metrics.timing import where
from kit.metrics.timing.posts import by_group, part
from kit.metrics.timing.where import Places, inhabited, offset_name
from kit.notebook import protection
from kit.words import term
from simulation import timing as simulated

CASE = Callable[..., Any]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A case from rows of posts by group, with keys of report.yml; internal unless said otherwise."""
    number = count()
    with desk(tmp_path_factory.mktemp("times")) as home:

        def made(posts: dict[str, list[dict[str, str]]], edition: str = "internal", **keys: Any) -> Any:
            keys = {"audience_zones": ["America/Toronto"], "languages": ["en", "fr"]} | keys
            name = f"times{next(number)}"
            report(home, name, posts=posts, lists=keys.pop("lists", None), **keys)
            return kit.open(name, edition=edition)

        yield made


@pytest.fixture(scope="module")
def abroad(make: CASE) -> Any:
    """An office crew at UTC+8 that writes to readers in Toronto, beside a control in Toronto's hours."""
    return make({"studied": rows(office()), "control@facebook": rows(office(4, -5))})


def rows(
    posts: simulated.Posts, *, answers: bool = False, stamp: str = "%Y-%m-%dT%H:%M:%S"
) -> list[dict[str, str]]:
    """A world as rows of a posts file."""
    out = []
    for i, (account, minute) in enumerate(zip(posts.accounts, posts.minutes, strict=True)):
        when = dt.datetime(1970, 1, 1) + dt.timedelta(minutes=float(minute))
        more = {"re_post": f"t{i}", "re_user": "9"} if answers else {}
        out.append(post(i + 1, f"u{account}", when.strftime(stamp), **more))
    return out


def office(seed: int = 3, offset: float = 8.0) -> simulated.Posts:
    rng = np.random.default_rng(seed)
    return simulated.world("office", rng, offset=offset, posts=400, days=40, accounts=25, session=2.5)


def only(table: pd.DataFrame, group: str = "studied") -> dict[str, Any]:
    (row,) = table[table["group"] == group].to_dict("records")
    return row


# --- which posts enter


def test_only_posts_with_an_exact_time_enter_and_the_others_are_counted(make: CASE) -> None:
    mixed = [
        post(1, "a", "2023-08-07T10:00:01"),
        post(2, "a", "2023-08-07T10:01"),
        post(3, "b", "2023-08-07"),
        post(4, "b", ""),
        post(5, "b", "2023-08-08T23:30:00", re_post="1", re_user="a"),
    ]
    table = timing.precision(make({"studied": mixed})).set_index("test")
    counts = ["used_posts", "no_time_posts", "estimate_posts", "coarse_posts", "not_reply_posts"]
    assert table.loc["clock", counts].tolist() == [3, 1, 0, 1, 0]
    assert table.loc["days", counts].tolist() == [4, 1, 0, 0, 0]
    assert table.loc["waiting", counts].tolist() == [1, 1, 0, 1, 2]
    assert (table[counts].sum(axis=1) == table["posts"]).all()


def test_a_stamp_that_is_only_a_day_stays_on_that_day(make: CASE) -> None:
    case = make(
        {"studied": [post(1, "a", "2023-08-07"), post(2, "a", "2023-08-08T02:00:00")]},
        clock="America/Toronto",
    )
    daily = timing.daily(case)
    assert daily[["date", "posts"]].values.tolist() == [[dt.date(2023, 8, 7), 2]]
    hours = timing.heatmap(case)
    assert hours.loc[hours["posts"] == 1, ["weekday", "hour_local"]].values.tolist() == [[1, 22]]


def test_the_heatmap_has_every_hour_and_names_its_clock(make: CASE) -> None:
    case = make({"studied": rows(office())}, clock="Asia/Shanghai")
    table = timing.heatmap(case)
    assert len(table) == 168
    assert table["share"].sum() == pytest.approx(1)
    assert table.attrs["clock"] == "Asia/Shanghai"
    assert table.attrs["outcome"]["studied"] in ("O1", *words.OUTCOMES)
    axes = figures.plot_heatmap(table)
    assert "not by the data" in axes.get_xlabel()
    assert term(table.attrs["outcome"]["studied"]) in axes.get_xlabel().replace("\n", " ")
    with pytest.raises(MetricError, match="unknown clock"):
        timing.heatmap(case, clock="Asia/Atlantis")


def test_daily_shows_gaps_and_events(make: CASE) -> None:
    events = "date,end_date,label,kind\n2023-03-08,2023-03-10,stopped,gap\n2023-03-12,,a debate,event\n2023-03-15,2023-03-17,a holiday,event\n"
    case = make(
        {"studied": rows(office())},
        lists={"events": events},
        period={"start": "2023-03-01", "end": "2023-04-09"},
    )
    table = timing.daily(case).set_index("date")
    assert len(table) == 40
    assert table["gap"].sum() == 3
    assert table.loc[dt.date(2023, 3, 12), "event"] == "a debate"
    assert table["event"].dropna().tolist() == ["a debate", *["a holiday"] * 3], "on each of its days"
    assert "Events marked: 2; days in collection gaps: 3." in figures.alt_daily(table.reset_index())
    assert "accounts" in timing.daily(case, accounts=True)


# --- where


def test_an_office_crew_abroad_is_given_a_set_with_its_premise(abroad: Any) -> None:
    table = timing.zone(abroad)
    row = only(table)
    assert (row["verdict"], row["sentence"]) == ("found", "O1")
    assert "+8" in row["offsets"].split()
    assert row["estimate"] <= 4
    assert row["agreeing"] == "2/2"
    said = words.outcome(table)
    assert said.startswith("If this group works an ordinary day that starts between 8 and 10")
    assert "late or night shifts" in said
    assert "Posting times alone cannot show where anyone is" in said
    assert "Based on 400 posts by 23 accounts" in said


def test_a4_with_an_unknown_audience_no_country_is_named(make: CASE) -> None:
    case = make({"studied": rows(office(offset=-5))}, audience_zones="not known")
    table = timing.zone(case, audience="not known")
    row = only(table)
    assert row["sentence"] == "O1b"
    said = words.outcome(table)
    assert "work" not in said.replace("working day", "")
    assert not any(c in said for c in ("Canada", "States", "China", "Peru"))


def test_a14_a_report_without_audience_is_an_error(make: CASE) -> None:
    case = make({"studied": rows(office())}, audience_zones=None)
    with pytest.raises(MetricError, match="audience_zones"):
        timing.zone(case)
    assert timing.heatmap(case).attrs["outcome"] == {}
    with pytest.raises(MetricError, match="unknown zone of the audience"):
        timing.zone(case, audience=["Asia/Atlantis"])


def test_the_audience_is_taken_in_summer_and_in_winter(make: CASE) -> None:
    case = make({"studied": rows(office(offset=-4))})  # March and April hold a change of clocks
    row = only(timing.zone(case))
    assert row["sentence"] in ("R8", "R6", "R6w", "R7")
    assert row["offsets"] == ""
    if row["sentence"] == "R8":
        assert set(row["audience"].split()) <= {"-5", "-4"}


def test_a11_under_a_refusal_no_table_and_no_chart_holds_a_set(make: CASE) -> None:
    rng = np.random.default_rng(1)
    evening = simulated.world("evening", rng, offset=8, posts=400, days=40, accounts=25, session=2.5)
    case = make({"studied": rows(evening)})
    row = only(timing.zone(case))
    assert row["sentence"] in ("R5", "R6", "R6w")
    assert (row["offsets"], row["from_offset"], row["to_offset"], str(row["places"])) == ("", "", "", "")
    assert pd.isna(row["estimate"]), "no clock is excluded, so there is no range"
    parts = timing.zone_by_subset(case)
    assert set(parts["from_offset"]) == {""}
    assert "UTC" not in words.OUTCOMES[row["sentence"]]
    assert row["usual_offset"]  # the usual chart answers all the same, with its warning
    assert "misleads" in words.usual(timing.zone(case))


def test_a11_a_refusal_is_not_walked_around_by_leaving_posts_out(make: CASE) -> None:
    evening = simulated.world(
        "evening", np.random.default_rng(1), offset=8, posts=900, days=40, accounts=25, session=2.5
    )
    answers = [row | {"id": f"e{i}"} for i, row in enumerate(rows(evening, answers=True))]
    case = make({"studied": [*rows(office()), *answers]})._exact()
    posts = by_group(case)["studied"]
    alone = where._outcome(part(posts, "originals"), case, None, None, "sat-sun")
    assert alone.told, "originals alone would name a set"
    assert only(timing.zone(case))["verdict"] == "inconclusive"
    row = only(timing.zone(case, subset="originals"))
    assert (row["verdict"], row["sentence"], row["offsets"], row["from_offset"]) == (
        "inconclusive",
        "R9",
        "",
        "",
    )
    parts = timing.zone_by_subset(case)
    assert set(parts["from_offset"]) == set(parts["to_offset"]) == {""}


@pytest.mark.parametrize(("life", "code"), [("night shift", "R6w"), ("part time", "R6")])
def test_the_weekend_dip_is_named_where_it_is_what_is_missing(make: CASE, life: str, code: str) -> None:
    rng = np.random.default_rng(0)
    crew = simulated.world(life, rng, offset=8, posts=900, days=40, accounts=25, session=2.5)
    table = timing.zone(make({"studied": rows(crew)}))
    assert only(table)["sentence"] == code
    assert ("no pause at weekends as deep as that of an ordinary working week" in words.outcome(table)) == (
        code == "R6w"
    )


@pytest.mark.parametrize("offset", [2.0, 5.5])
def test_the_set_follows_the_clock_that_was_planted(make: CASE, offset: float, tmp_path: Path) -> None:
    case = make({"studied": rows(office(offset=offset))}, notebooks=["02_posting_time"])
    row = only(timing.zone(case))
    assert (row["verdict"], row["sentence"]) == ("found", "O1")
    assert offset_name(offset) in row["offsets"].split()
    assert "+8" not in row["offsets"].split()
    if offset == 2:  # the page says what the metric says
        found = json.loads((walked(case.report.name, tmp_path).parent / "findings.json").read_text("utf-8"))
        (said,) = [f["text"]["en"] for f in found if f["id"] == "office_clock" and f["group"] == "studied"]
        assert f"between UTC{row['from_offset']} and UTC{row['to_offset']}" in said


def test_a_declared_rhythm_needs_its_evidence(make: CASE) -> None:
    case = make({"studied": rows(office())}, audience_zones=["Asia/Shanghai"])
    assert only(timing.zone(case))["sentence"] == "R8"
    with pytest.raises(MetricError, match="evidence"):
        timing.zone(case, declared="office")
    table = timing.zone(case, declared="office", evidence="E17")
    row = only(table)
    assert (row["sentence"], row["audience"]) == ("O2a", "+8")
    assert words.outcome(table).startswith("Premise, from evidence E17")


def test_a_set_needs_a_second_part_that_agrees(make: CASE) -> None:
    crew = rows(office())[:160]
    assert only(timing.zone(make({"studied": crew})))["sentence"] == "O1"
    for i, row in enumerate(crew):  # 96 originals, 64 replies: neither is enough to agree
        row |= {"re_post": f"t{i}", "re_user": "9"} if i % 5 < 2 else {}
    row = only(timing.zone(make({"studied": crew})))
    assert (row["verdict"], row["sentence"], row["offsets"], row["agreeing"]) == (
        "inconclusive",
        "R9",
        "",
        "1/1",
    )
    parts = timing.zone_by_subset(make({"studied": crew}))
    assert parts["outcome"].tolist() == ["R9", "R1", "R1"]


def test_r3_replies_that_follow_the_targets(make: CASE) -> None:
    rng = np.random.default_rng(8)
    drawn = simulated.answers(rng, posts=700, days=45)
    times = {m: i for i, m in enumerate(sorted(set(drawn.targets)))}
    targets = simulated.Posts(np.zeros(len(times), dtype=int), np.array(sorted(times)))
    asked = [r | {"id": f"t{i}", "user": "9"} for i, r in enumerate(rows(targets))]
    replies = rows(simulated.Posts(drawn.accounts, drawn.minutes))
    for row, target in zip(replies, drawn.targets, strict=True):
        row |= {"re_post": f"t{times[target]}", "re_user": "9"}
    case = make({"studied": replies, "context": asked})
    assert only(timing.precision(case).query("test == 'waiting'"))["used_posts"] > 600
    assert only(timing.waiting_test(case))["verdict"] == "inconclusive"
    assert only(timing.zone(case))["sentence"] in ("R2", "R3")
    assert only(timing.waiting_test(case, within_h=1))["n"] < only(timing.waiting_test(case))["n"]
    for wrong in ({"harmonics": 0}, {"harmonics": 1.5}, {"within_h": 0}, {"within_h": 49}):
        with pytest.raises(MetricError, match="harmonics from 1 to 11"):
            timing.waiting_test(case, **wrong)
    waits = timing.waiting(case)
    assert waits["hour_utc"].tolist() == list(range(24))
    assert "hour_local" in timing.waiting(case, clock="Asia/Bangkok")
    assert "shortest" in figures.alt_waiting(waits)


def test_the_control_is_judged_beside_the_studied(abroad: Any) -> None:
    for metric in (
        timing.zone,
        timing.day_rotation,
        timing.weekend,
        timing.waiting_test,
        timing.largest_burst,
    ):
        assert metric(abroad)["group"].tolist() == ["studied", "control"]
    assert only(timing.zone(abroad), "control")["sentence"] in ("R6", "R6w", "R7", "R8")


def test_places_name_no_country_alone() -> None:
    day = [dt.date(2023, 8, 1)]
    two = Places(inhabited(7, 8, day))
    assert set(two.found) == {7.0, 8.0}
    assert all(c in f"{two}" for c in ("Thailand", "Vietnam", "Indonesia", "China", "Taiwan", "Philippines"))
    many = f"{Places(inhabited(1, 2, day))}"
    assert many.count("countries and territories") == 2
    assert "France" not in many
    lonely = Places(inhabited(5, 6, day))  # Nepal keeps 5:45 alone: no country is named at all
    assert f"{lonely}" == "UTC+5, UTC+5:30, UTC+5:45, UTC+6"
    assert f"{Places({})}"
    with locale.within("fr"):
        assert "Australie" in f"{two}"
    assert [offset_name(x) for x in (0, 7, -3.5, 5.75, 13)] == ["+0", "+7", "-3:30", "+5:45", "+13"]
    assert [words._hours(n) for n in ("+0", "+7", "-3:30", "+5:45")] == [0, 7, -3.5, 5.75]


# --- sentences


def test_every_outcome_has_its_sentence() -> None:
    codes = {f"R{i}" for i in range(1, 10)} | {"O1", "O1b", "O2", "O2a"}
    assert codes <= set(words.OUTCOMES)
    assert set(rules.TOLD) <= codes
    for text in words.OUTCOMES.values():
        assert not re.search(r"\b(located|based in|from [A-Z])", text)
    for claim in words.CLAIMS.values():
        assert claim.limits
        assert claim.kind == "tested"
    assert words.PREMISE in words.CLAIMS["office_clock"].limits
    assert words.BLIND in words.CLAIMS["office_clock"].limits


FINDINGS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "office_clock": lambda case: timing.zone(case, declared=None),
    "daily_rhythm": timing.day_rotation,
    "weekend_dip": timing.weekend,
    "replies_wait": timing.waiting_test,
    "holiday_dip": lambda case: timing.holiday_dip(case, calendar="CN"),
    "posting_burst": timing.largest_burst,
    "clock_signs": timing.clock_signs,
    "level_changes": timing.level_changes,
}


def test_every_finding_has_a_verdict_and_a_sentence(make: CASE, abroad: Any) -> None:
    assert set(FINDINGS) == set(words.CLAIMS)
    for case in (
        abroad,
        make({"studied": rows(office())[:5]}),
        make({"studied": [post(1, "a", "2023-08-07")]}),
    ):
        for id_, metric in FINDINGS.items():
            row = only(metric(case))
            verdict = judge(words.CLAIMS[id_], row, None)
            assert verdict.verdict in ("found", "not_found", "inconclusive")
            text = words.CLAIMS[id_].text(verdict.sentence)
            known = set(row) | {"value", "low", "high", "control", "calendar"}
            assert set(re.findall(r"{(\w+)}", text)) <= known


def test_no_verdict_depends_on_the_seed(abroad: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed of a case is the hash of its inputs: another byte in an export changes no verdict and no p."""
    names = ("weekend", "waiting_test", "largest_burst", "level_changes", "holiday_dip", "zone")
    first = {name: getattr(timing, name)(abroad) for name in names}
    for seed in range(20):
        monkeypatch.setattr(type(abroad), "seed", property(lambda _case, seed=seed: seed))
        for name in names:
            pd.testing.assert_frame_equal(getattr(timing, name)(abroad), first[name])


def test_the_control_stands_beside_every_tested_finding(abroad: Any) -> None:
    for id_, metric in FINDINGS.items():
        if id_ == "office_clock":
            continue
        table = metric(abroad).set_index("group")
        if pd.notna(table.loc["studied", "n"]):  # what is not recorded is tested of nobody
            known = table.loc["control", "n"] > 0
            assert table.loc["studied", "beside"] == (
                table.loc["control", "verdict"] if known else "no_group"
            )
        for outcome in words.CLAIMS[id_].sentences:
            numbers = words.CLAIMS[id_].tests(outcome) and outcome not in ("no_gap", "different", "no_data")
            assert ("{beside}" in words.CLAIMS[id_].text(outcome)) == numbers, (id_, outcome)


def test_the_meal_remark_needs_a_set_and_one_single_gap() -> None:
    zone = pd.DataFrame({"group": ["studied"], "verdict": ["found"], "offsets": ["+6:30 +7 +8"]})
    gaps = pd.DataFrame(
        {
            "group": "studied",
            "offset_hours": [6.0, 7.0, 8.0],
            "verdict": ["found", "found", "inconclusive"],
            "estimate": [0.7, 0.76, 1.1],
            "low": 0.6,
            "high": 0.9,
        }
    )
    assert "only at UTC+7 (ratio 0.760" in words.meal(zone, gaps)
    assert words.meal(zone.assign(verdict="inconclusive"), gaps) == ""
    assert words.meal(zone, gaps.assign(verdict="found")) == ""


# --- nothing, one of everything, all the same

SMALL = {
    "no usable time": [post(1, "a", ""), post(2, "b", "")],
    "one row": [post(1, "a", "2023-08-07T10:00:00")],
    "one account, one minute": [post(i, "a", "2023-08-07T10:00") for i in range(1, 150)],
    "one day": [post(i, f"u{i % 5}", f"2023-08-07T{i % 24:02d}:{i % 60:02d}:00") for i in range(1, 200)],
    "only days": [post(i, f"u{i % 5}", f"2023-08-{1 + i % 28:02d}") for i in range(1, 200)],
}


@pytest.mark.parametrize("name", SMALL)
def test_degenerate_cases_end_in_a_sentence(make: CASE, name: str) -> None:
    case = make({"studied": SMALL[name]})
    table = timing.zone(case)
    assert table["verdict"].tolist() == ["inconclusive"]
    assert words.outcome(table)
    tables = {name: getattr(timing, name)(case) for name in timing.__all__}
    for result in tables.values():
        assert result.attrs["title"]
        assert result.columns[0] in ("group", "id")
    for plot in (n for n in figures.__all__ if n.startswith("plot_")):
        assert getattr(figures, plot)(tables[plot.removeprefix("plot_")]) is not None
        assert getattr(figures, plot.replace("plot_", "alt_"))(tables[plot.removeprefix("plot_")])


def test_minutes_are_exact_enough(make: CASE, abroad: Any) -> None:
    seconds = only(timing.zone(abroad))
    minutes = only(timing.zone(make({"studied": rows(office(), stamp="%Y-%m-%dT%H:%M")})))
    assert seconds["sentence"] == minutes["sentence"] == "O1"
    assert seconds["offsets"] == minutes["offsets"]


def test_small_groups_keep_their_number_to_themselves_in_public(make: CASE) -> None:
    rng = np.random.default_rng(3)
    few = simulated.world("office", rng, offset=8, posts=400, days=40, accounts=5, session=1.5)
    case = make({"studied": rows(few)}, edition="public")
    for metric in (timing.zone, timing.day_rotation, timing.weekend):
        shown, _said = protection.shown(case, metric(case))
        assert pd.isna(shown["accounts"]).all()
        assert pd.isna(shown["n"]).all()
    assert only(timing.zone(make({"studied": rows(few)})))["accounts"] == 5


def test_settings_are_checked(abroad: Any) -> None:
    for call in (
        lambda: timing.zone(abroad, subset="most"),
        lambda: timing.weekend(abroad, weekend="sun"),
        lambda: timing.holidays(abroad, calendars=["XX"]),
        lambda: timing.meal_gap(abroad, first_hour=25),
        lambda: timing.clock_change(abroad, reference="Nowhere/Land"),
        lambda: timing.day_rotation(abroad, harmonics=0),
    ):
        with pytest.raises(MetricError):
            call()


def test_every_picture_says_what_it_shows(abroad: Any) -> None:
    for plot in (n for n in figures.__all__ if n.startswith("plot_")):
        table = getattr(timing, plot.removeprefix("plot_"))(abroad)
        axes = getattr(figures, plot)(table)
        again = getattr(figures, plot)(table, ax=axes)
        assert again is axes
        alt = getattr(figures, plot.replace("plot_", "alt_"))(table)
        assert 20 < len(alt) < 900
