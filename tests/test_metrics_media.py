"""Placements and items of synthetic worlds come back as they were planted; honest worlds show nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import account, desk, post, report

import kit
from kit.claims import CLAIMS, judge
from kit.errors import MetricError
from kit.metrics import media
from simulation import honest, simulate, tiny, write_exports, write_report

VIDEOS = (
    "https://youtu.be/aaaaaaaaaaa",
    "https://www.youtube.com/watch?v=bbbbbbbbbbb",
    "https://vimeo.com/123456",
)


def write_world(home: Path, name: str, world: dict[str, pd.DataFrame]) -> None:
    entries = write_exports(world, home / f"{name}-exports", compress=False)
    write_report(world, home / "reports" / name, home / f"{name}-exports", entries)


def planted(seed: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """A world whose network also links three hosted videos, and the posts that do."""
    world = simulate(tiny(seed, share_media=0.3, media_items=5, broken_records=0))
    posts = world["posts"]
    chosen = posts.index[
        posts["group"].eq("studied") & posts["kind"].eq("reply") & posts["platform"].eq("x")
    ][:30]
    posts.loc[chosen, "urls"] = [VIDEOS[n % 3] for n in range(len(chosen))]
    return world, posts.loc[chosen]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("media")) as folder:
        yield folder


@pytest.fixture(scope="module")
def world(home: Path) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    """Case, the posts in the period that place something, and those that link a video."""
    found, linked = planted(3)
    write_world(home, "planted", found)
    posts = found["posts"]
    told = posts["in_period"] & posts["platform"].ne("youtube")  # whose exports name no media
    return kit.open("planted", edition="internal"), posts[told], linked


def by_group(table: pd.DataFrame, column: str) -> dict[str, Any]:
    return table.set_index("group")[column].to_dict()


def test_placements_are_those_that_were_planted(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, posts, linked = world
    counts = by_group(media.unique_items(case), "placements")
    for group in ("studied", "control", "context"):
        mine = posts[posts["group"] == group]
        wanted = int(mine["media"].ne("").sum()) + (
            int(linked["in_period"].sum()) if group == "studied" else 0
        )
        assert counts[group] == wanted, group
    studied = posts[posts["group"] == "studied"]
    found = media.unique_items(case).set_index("group").loc["studied"]
    items = studied.loc[studied["media"].ne(""), "media"].nunique() + 3
    assert found["unique_low"] == found["unique_high"] == items
    assert media.placements_per_day(case).groupby("group")["placements"].sum().to_dict() == {
        g: n for g, n in counts.items() if g != "context"
    }


def test_hosts_and_places_are_those_that_were_planted(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, _posts, linked = world
    ways = media.hosts(case)
    mine = ways[(ways["group"] == "studied") & (ways["host"] == "youtube")]
    inside = linked[linked["in_period"]]
    on_youtube = inside["urls"].str.contains("youtu")
    assert mine["placements"].sum() == on_youtube.sum()
    assert mine["platform"].unique().tolist() == ["x"]
    assert mine["place"].unique().tolist() == ["roster_reply"]
    assert ways[ways["host"] == "youtube"]["group"].unique().tolist() == ["studied"]


def test_items_placed_most_are_those_that_were_planted(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, posts, _linked = world
    studied = posts[(posts["group"] == "studied") & posts["media"].ne("")]
    most = studied["media"].value_counts()
    found = media.items(case, top=1)
    first = found[found["group"] == "studied"].iloc[0]
    assert first["placements"] == most.iloc[0]
    name = most.index[0]
    assert first["accounts"] == studied.loc[studied["media"] == name, "account_id"].nunique()
    assert first["platforms"] == ", ".join(sorted(studied.loc[studied["media"] == name, "platform"].unique()))


def test_first_seen_is_the_earliest_placement(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, posts, _linked = world
    found = media.first_seen(case)
    assert (found.groupby("item")["lag_hours_low"].min() == 0).all()
    studied = posts[(posts["group"] == "studied") & posts["media"].ne("")]
    first = studied.groupby(["media", "platform"])["created_at"].min().unstack()
    lags = ((first.max(axis=1) - first.min(axis=1)).dt.total_seconds() / 3600).dropna()
    for end in ("low", "high"):
        assert sorted(found.loc[found["seen"] == "later", f"lag_hours_{end}"]) == pytest.approx(
            sorted(lags[lags > 0]), abs=0.04
        )


def test_reuse_is_present_in_the_planted_world(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, _posts, _linked = world
    rows = media.media_reuse(case).set_index("group").to_dict("index")
    assert rows["studied"]["estimate"] > 0.9
    assert rows["control"]["estimate"] == 0
    assert rows["studied"]["n"] == rows["control"]["n"] == min(r["all_accounts"] for r in rows.values())
    measure = media.media_reuse(case).attrs["measure"]
    found = measure.compare(measure.studied, ~measure.studied)
    assert found.estimate == pytest.approx(rows["studied"]["estimate"])
    assert found.why == "few", "ten accounts of the control place anything"


@pytest.mark.parametrize(
    "seed", [5, pytest.param(6, marks=pytest.mark.slow), pytest.param(7, marks=pytest.mark.slow)]
)
def test_nothing_is_found_in_an_honest_world(home: Path, seed: int) -> None:
    write_world(home, f"honest{seed}", honest(simulate(tiny(seed, context_accounts=160, context_posts=400))))
    case = kit.open(f"honest{seed}", edition="internal")
    rows = media.media_reuse(case).set_index("group").to_dict("index")
    assert judge(CLAIMS["media_reuse"], rows["studied"], rows["control"]).verdict != "higher"
    found = media.unique_items(case).set_index("group").loc["studied"]
    assert found["unique_low"] == found["placements"]
    assert media.first_seen(case).empty
    assert by_group(media.synthetic_per_day(case), "sentence")["studied"] == "not_recorded"


def popular(n: int, group: str, seed: int) -> list[dict[str, str]]:
    """Accounts that each place one picture of 150, of which some are much liked."""
    rng = np.random.default_rng(seed)
    chosen = (150 * rng.random(n) ** 2).astype(int)
    return [
        post(f"{group}{i}", f"{group}{i}", "2024-03-01 10:00:00", files=f"https://m.invalid/{item}.jpg")
        for i, item in enumerate(chosen)
    ]


def test_a_larger_group_of_the_same_habits_is_not_found_to_reuse_more(home: Path) -> None:
    report(home, "habits", posts={"studied": popular(400, "s", 1), "control": popular(80, "c", 2)})
    rows = media.media_reuse(kit.open("habits")).set_index("group").to_dict("index")
    assert rows["studied"]["n"] == 80
    assert abs(rows["studied"]["estimate"] - rows["control"]["estimate"]) < 0.1
    assert judge(CLAIMS["media_reuse"], rows["studied"], rows["control"]).verdict != "higher"


# --- little or nothing

EVERY = [getattr(media, name) for name in media.__all__]


@pytest.mark.parametrize("metric", EVERY, ids=media.__all__)
def test_no_post_no_crash(home: Path, metric: Any) -> None:
    if not (home / "reports" / "none").exists():
        report(home, "none", posts={"studied": []}, accounts={"studied": []})
        report(home, "words", posts={"studied": [post("1", "u1", "2024-03-01 10:00:00")]})
        one = post("1", "u1", "2024-03-01 10:00:00", files="https://m.invalid/a.jpg")
        report(home, "one", posts={"studied": [one]})
        report(
            home,
            "unknown",
            posts={"studied": [one | {"user": "", "time": ""}]},
            accounts={"studied": [account("u1")]},
        )
    for name in ("none", "words", "one", "unknown"):
        table = metric(kit.open(name, edition="internal"))
        assert list(table.columns)
        assert table.attrs["name"] == metric.__name__


def test_one_placement_says_nothing(home: Path) -> None:
    one = post("1", "u1", "2024-03-01 10:00:00", files="https://m.invalid/a.jpg")
    report(home, "single", posts={"studied": [one]})
    case = kit.open("single")
    (row,) = media.media_reuse(case).itertuples()
    assert (row.n, row.estimate) == (1, 0)
    assert pd.isna(row.low)
    verdict = judge(CLAIMS["media_reuse"], row._asdict(), None)
    assert (verdict.verdict, verdict.sentence) == ("described", "described")


def test_a_repost_is_no_placement(home: Path) -> None:
    rows = [
        post("1", "u1", "2024-03-01 10:00:00", files="https://m.invalid/a.jpg"),
        post("2", "u2", "2024-03-02 10:00:00", files="https://m.invalid/a.jpg", rt_post="1", rt_user="u1"),
    ]
    report(home, "passed", posts={"studied": rows})
    assert by_group(media.unique_items(kit.open("passed")), "placements") == {"studied": 1}


@pytest.mark.parametrize(
    "metric,settings",
    [
        (media.media_reuse, {"accounts": 0}),
        (media.media_reuse, {"alike": "similar"}),
        (media.labels, {"alike": "copy"}),
        (media.synthetic_per_day, {"lowest": "none"}),
        (media.items, {"top": -1}),
        (media.first_seen, {"top": 0}),
        (media.candidates, {"top": True}),
    ],
)
def test_settings_that_mean_nothing_are_refused(home: Path, metric: Any, settings: dict[str, Any]) -> None:
    one = post("1", "u1", "2024-03-01 10:00:00", files="https://m.invalid/a.jpg")
    if not (home / "reports" / "settings").exists():
        report(home, "settings", posts={"studied": [one]})
    with pytest.raises(MetricError, match=next(iter(settings))):
        metric(kit.open("settings", edition="internal"), **settings)


def test_filters_narrow_placements(world: tuple[Any, pd.DataFrame, pd.DataFrame]) -> None:
    case, posts, _linked = world
    only = by_group(media.unique_items(case.where(platform="facebook")), "placements")
    here = posts[(posts["platform"] == "facebook") & posts["media"].ne("")]
    assert only == here.groupby("group").size().to_dict()


def test_hostile_addresses_do_not_stop_anything(home: Path) -> None:
    words = [
        "https://[::1",
        "\u202eevil",
        "a\x00b",
        "x" * 100_000,
        "https://m.invalid/%zz%00.jpg",
        "=1+1",
        "<img src=x>",
    ]
    rows = [
        post(n, f"u{n}", "2024-03-01 10:00:00", files=word.replace(" ", ""), links=word)
        for n, word in enumerate(words)
    ]
    report(
        home,
        "odd",
        posts={
            "studied": [
                r | {"files": r["files"].replace("\x00", ""), "links": r["links"].replace("\x00", "")}
                for r in rows
            ]
        },
    )
    case = kit.open("odd")
    assert media.unique_items(case)["placements"].sum() >= 5
    assert "<img" not in media.hosts(case).to_csv()
