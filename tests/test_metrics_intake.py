"""Intake metrics against plain pandas on the tables and files of the synthetic campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from crowd import crowd
from worlds import desk, post, report, tiny_world

import kit
from kit.metrics import intake as metrics
from kit.notebook import protection

GROUPS = ["studied", "control", "context"]
COUNTS = ["likes", "replies", "reposts", "quotes"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder, _world = tiny_world(tmp_path_factory)
    with desk(folder):
        yield folder


@pytest.fixture(scope="module")
def case(home: Path) -> Any:
    return kit.open("tiny")


@pytest.fixture(scope="module")
def inside(home: Path) -> Any:
    """The internal edition: single days."""
    return kit.open("tiny", edition="internal")


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Posts as the exports state them: no quotes on Facebook, no reposts and no language on YouTube."""
    _home, world = tiny_world(tmp_path_factory)
    table = world["posts"].copy()
    missing = {"facebook": ["quotes"], "youtube": ["reposts", "quotes", "language"]}
    for platform, columns in missing.items():
        for column in columns:
            table[column] = table[column].astype(object).where(table["platform"] != platform, None)
    table["local"] = table["created_at"].dt.floor("s").dt.tz_localize("UTC").dt.tz_convert("America/Toronto")
    return table


def test_facts(case: Any, posts: pd.DataFrame) -> None:
    table = metrics.post_facts(case)
    found = {(r.group, r.id): r for r in table.itertuples()}
    assert len(found) == len(table)
    for group in GROUPS:
        mine = posts[(posts["group"] == group) & posts["in_period"]]
        reactions = mine[COUNTS].fillna(0).astype(float).sum(axis=1)
        repost = mine["kind"] == "repost"
        expected = {
            "posts": (len(mine), len(mine)),
            "repost_share": (None, None),  # these exports do not say what is a repost
            "engagement_per_post": (reactions.mean(), len(mine)),
            "zero_engagement_share": ((reactions == 0).mean(), len(mine)),
            "zero_engagement_share_original": ((reactions[~repost] == 0).mean(), (~repost).sum()),
        }
        assert {i for g, i in found if g == group} == set(expected)
        for name, (value, n) in expected.items():
            row = found[group, name]
            assert row.value == (None if value is None else pytest.approx(value)), name
            assert row.n == n, name
            assert row.label is None


def test_accounting_is_that_of_the_files(case: Any, home: Path) -> None:
    table = metrics.accounting(case).set_index("source_file")
    for path in sorted((home / "tiny-exports").glob("*.csv")):
        if not path.name.startswith("truth"):
            lines = len(pd.read_csv(path, dtype=str, on_bad_lines=lambda row: row[:4], engine="python"))
            assert table.loc[path.name, "read"] == lines
    assert (table["read"] == table[["kept", "observations", "duplicates", "rejected"]].sum(axis=1)).all()
    flawed = table.loc["x_replies.csv"]
    assert (flawed["duplicates"], flawed["rejected"]) == (3, 3), "as many as were planted"
    assert table.drop(index="x_replies.csv")[["observations", "duplicates", "rejected"]].sum().sum() == 0
    assert set(table["table"]) == {"posts", "accounts"}


def test_rejected_records_by_reason(case: Any) -> None:
    table = metrics.rejected(case)
    assert set(table["source_file"]) == {"x_replies.csv"}
    assert table["records"].sum() == 3
    assert table.groupby("field")["records"].sum().get("post_id") == 2, "rounded by a spreadsheet"
    lines = case.where().sql("SELECT read FROM accounting WHERE source_file = 'x_replies.csv'").iloc[0, 0]
    assert (table["first_line"] > lines - 3).all(), "they stand at the end of the file"
    assert "raw" not in table
    assert "found" not in table


def test_coverage_counts_days_of_the_clock(inside: Any, posts: pd.DataFrame) -> None:
    table = metrics.coverage(inside)
    mine = posts[posts["in_period"]]
    days = pd.to_datetime(mine["local"].dt.date)
    counts = mine.groupby(["group", "platform", days]).size()
    span = pd.date_range(days.min(), days.max())
    found = table.set_index(["group", "platform", "day"])["posts"].sort_index()
    assert len(found) == 3 * 3 * len(span)
    for group in GROUPS:
        for platform in ("facebook", "x", "youtube"):
            full = counts.get((group, platform), pd.Series(dtype=int)).reindex(span, fill_value=0)
            assert found[group, platform].index.tolist() == span.tolist()
            assert found[group, platform].tolist() == full.tolist()
    assert table["posts"].sum() == len(mine)
    assert (table["day"] == table["day_to"]).all()


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """A case of days of few and days of many, in both editions."""
    with desk(tmp_path_factory.mktemp("crowd")) as home:
        crowd(home)
        yield kit.open("crowd"), kit.open("crowd", edition="internal")


def by_account(inside: Any) -> pd.DataFrame:
    return inside.sql(
        'SELECT "group", platform, CAST(created_at AS DATE) AS day, account_id, count(*) AS n FROM posts GROUP BY ALL'
    )


def test_public_days_are_joined_until_they_may_be_told(crowded: tuple[Any, Any]) -> None:
    case, inside = crowded
    table, single, each = metrics.coverage(case), metrics.coverage(inside), by_account(inside)
    whole = [t.groupby("group")["posts"].sum().to_dict() for t in (table, single)]
    assert whole[0] == whole[1]
    shown, _said = protection.shown(case, table)
    for row, told in zip(table.itertuples(), shown.itertuples(), strict=True):
        here = each[(each["group"] == row.group) & each["day"].between(row.day, row.day_to)]
        authors = here.groupby("account_id")["n"].sum()
        assert row.posts == authors.sum()
        if row.group == "context":
            assert pd.isna(told.posts) == bool(row.posts), "three accounts: nothing may be told"
        elif str(row.day)[:10] == "2024-08-15" and row.group == "studied":
            assert row.day_to == row.day
            assert pd.isna(told.posts), "one account made most of that day"
        elif row.posts:
            assert len(authors) >= 10
            assert 2 * authors.max() <= row.posts
            assert told.posts == told.posts, "nothing else is withheld"
            assert told.posts % 10 == 0
            assert abs(told.posts - row.posts) <= 5, "no other day is coarser for it"
    quiet = table[(table["group"] == "studied") & (table["posts"] == 0)]
    assert quiet[["day", "day_to"]].astype(str).values.tolist() == [
        ["2024-07-29", "2024-07-31"],
        ["2024-08-08", "2024-08-09"],
    ], "the series begins with a week; its first day was fifteen accounts'"


def test_public_stretches_without_posts_are_all_there(crowded: tuple[Any, Any]) -> None:
    """Their days are told beside days of ten accounts; that there is none would be untrue."""
    case, inside = crowded
    told, true = metrics.gaps(case), metrics.gaps(inside)
    found = told[told["group"] == "studied"]
    assert found["days"].tolist() == [4, 2]
    assert found["first_day"].isna().tolist() == found["last_day"].isna().tolist() == [True, False]
    assert [str(day)[:10] for day in found.iloc[1][["first_day", "last_day"]]] == ["2024-08-08", "2024-08-09"]
    last = {3: 5}  # to the last day of all, which is one account's: told to the end of its week
    assert sorted(told["days"]) == sorted(last.get(days, days) for days in true["days"])
    assert true["first_day"].notna().all()


def test_days_of_few_are_told_as_months(crowded: tuple[Any, Any]) -> None:
    case, inside = crowded
    table = metrics.sources(case)
    others = [
        t.drop(columns="source_file").sort_values("group").values.tolist()
        for t in (table, metrics.sources(inside))
    ]
    assert others[0] == others[1]
    shown, _said = protection.shown(case, table)
    names = ["first_day", "last_day", "first_month", "last_month"]
    told = {
        r.group: [str(getattr(r, n))[:10] if pd.notna(getattr(r, n)) else None for n in names]
        for r in shown.itertuples()
    }
    assert told["studied"] == ["2024-08-01", None, "2024-08", "2024-08"]
    assert told["control"] == [None, None, "2024-08", "2024-08"]
    assert told["context"] == [None] * 4


def test_records_are_rounded_by_the_largest_part_of_one_account(crowded: tuple[Any, Any]) -> None:
    case, inside = crowded
    shown, _said = protection.shown(case, metrics.accounting(case))
    exact = metrics.accounting(inside)
    most = int(by_account(inside).groupby("account_id")["n"].sum().max())
    assert most > 50
    size = {"studied": 60, "control": 30, "context": 3}
    for told in shown[shown["table"] == "accounts"].itertuples():
        assert told.read == told.kept or pd.isna(told.read)
    kept = shown.loc[shown["table"] == "accounts", "kept"]
    assert sorted(kept.dropna()) == [30, 60]
    assert kept.isna().sum() == 1 == list(size.values()).count(3), "fewer than ten accounts"
    assert (shown[["duplicates", "observations", "rejected"]] == 0).all(axis=None), "none is none"
    posts = set(shown.loc[shown["table"] == "posts", "kept"].dropna())
    assert posts == {300, 100}, "steps of 100: the largest part of one account, 50 and some"
    assert (exact["kept"] > 0).all()


def test_times_say_where_they_come_from(case: Any, posts: pd.DataFrame) -> None:
    table = metrics.time_coverage(case)
    assert table[["time_source", "time_precision"]].drop_duplicates().values.tolist() == [["field", "second"]]
    found = table.set_index("group")
    assert found.index.tolist() == GROUPS
    assert found["posts"].to_dict() == posts.groupby("group").size().to_dict()
    assert found["outside_period"].to_dict() == (~posts["in_period"]).groupby(posts["group"]).sum().to_dict()
    assert found["outside_period"].sum() > 0


def test_languages(case: Any, posts: pd.DataFrame) -> None:
    table = metrics.languages(case)
    mine = posts[posts["in_period"]].assign(language=lambda t: t["language"].fillna("und"))
    mine["who"] = mine["platform"] + mine["account_id"]
    counts = mine.groupby(["group", "language"]).agg(posts=("who", "size"), accounts=("who", "nunique"))
    found = table.set_index(["group", "language"])
    assert set(found.index) == set(counts.index)
    for key, row in counts.iterrows():
        assert found.loc[key, "posts"] == row["posts"]
        assert found.loc[key, "accounts"] == row["accounts"]
        assert found.loc[key, "share"] == pytest.approx(row["posts"] / (mine["group"] == key[0]).sum())
    assert table["group"].drop_duplicates().tolist() == GROUPS
    for _group, rows in table.groupby("group"):
        assert rows["posts"].is_monotonic_decreasing


def test_membership_says_who_came_in_how(case: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    _home, world = tiny_world(tmp_path_factory)
    sizes = world["accounts"].groupby("group").size()
    assert metrics.membership(case).values.tolist() == [
        ["studied", "label", sizes["studied"]],
        ["control", "export", sizes["control"]],
        ["context", "export", sizes["context"]],
    ]


def test_a_narrower_case_counts_its_own(case: Any, posts: pd.DataFrame) -> None:
    only = case.where(platform="youtube", group="control")
    mine = posts[(posts["platform"] == "youtube") & (posts["group"] == "control") & posts["in_period"]]
    found = metrics.post_facts(only).set_index("id")["value"]
    assert found["posts"] == len(mine)
    assert found["engagement_per_post"] == pytest.approx(mine[["likes", "replies"]].sum(axis=1).mean())


# ---------------------------------------------------------------------------
# by hand


@pytest.fixture(scope="module")
def byhand(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("byhand")
    studied = [
        post(1, "a", "2023-08-10 00:30:00", like=0, reply=0, share=0, quote=0),
        post(2, "a", "2023-08-10 12:00:00", like=3),  # three counts missing
        post(3, "a", "2023-08-12 12:00:00", rt_post="77", like=0, share=8),
        post(4, "a", "2023-08-12", rt_post="77"),  # nothing counted; a day, which no clock moves
        post(5, "b", "", lang="th"),  # no time
    ]
    control = [post(6, "c", "2023-08-10 12:00:00", like=0), post(7, "c", "2023-08-10 12:00:00", text="x" * 5)]
    with desk(folder):
        report(folder, "byhand", posts={"studied": studied, "control": control}, clock="America/Toronto")
        return kit.open("byhand", edition="internal")


def test_a_count_that_is_missing_is_not_zero(byhand: Any) -> None:
    found = {(r.group, r.id): (r.value, r.n) for r in metrics.post_facts(byhand).itertuples()}
    assert found == {
        ("studied", "posts"): (5, 5),
        ("studied", "repost_share"): (2 / 5, 5),
        ("studied", "engagement_per_post"): (11 / 3, 3),
        ("studied", "zero_engagement_share"): (1 / 3, 3),
        ("studied", "zero_engagement_share_original"): (1 / 2, 2),
        ("control", "posts"): (2, 2),
        ("control", "repost_share"): (0, 2),
        ("control", "engagement_per_post"): (0, 1),
        ("control", "zero_engagement_share"): (1, 1),
        ("control", "zero_engagement_share_original"): (1, 1),
    }


def test_a_group_without_posts_has_none(byhand: Any) -> None:
    found = metrics.post_facts(byhand.where(language="th"))
    assert found[["id", "group", "value", "n"]].values.tolist()[-1] == ["posts", "control", 0, 0]
    assert found.set_index(["group", "id"])["value"]["studied", "posts"] == 1


def test_days_and_precision_of_few_posts(byhand: Any) -> None:
    days = metrics.coverage(byhand)
    found = {(r.group, str(r.day)[:10]): r.posts for r in days.itertuples()}
    assert found == {
        ("studied", "2023-08-09"): 1, ("studied", "2023-08-10"): 1, ("studied", "2023-08-11"): 0,
        ("studied", "2023-08-12"): 2, ("control", "2023-08-09"): 0, ("control", "2023-08-10"): 2,
        ("control", "2023-08-11"): 0, ("control", "2023-08-12"): 0,
    }  # fmt: skip
    times = metrics.time_coverage(byhand)
    assert times.values.tolist() == [
        ["studied", "field", "day", 1, 0],
        ["studied", "field", "second", 3, 0],
        ["studied", "none", "none", 1, 0],
        ["control", "field", "second", 2, 0],
    ]


# --- what files cover, and clocks


ID = "1394735776701816833"  # made 2021-05-18 19:24:56.760 by X's clock


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Posts whose stated times agree with their identifiers, differ by five hours, or are not there."""
    with desk(tmp_path_factory.mktemp("clocks")) as home:
        rows = [
            post(ID, "u1", "2021-05-18T19:24:56Z"),
            post(int(ID) + (60_000 << 22), "u1", "2021-05-18T19:25"),  # a minute later, to the minute
            post(
                int(ID) + (120_000 << 22), "u2", "2021-05-18T14:26:56Z"
            ),  # two minutes later, five hours off
            post(int(ID) + (180_000 << 22), "u2", "2021-05-18"),
            post(int(ID) + (240_000 << 22), "u2", ""),
            post("17", "u3", "2021-05-25T10:00:00Z"),
            post("18", "u3", "2021-05-30T10:00:00Z"),
        ]
        other = [post("a", "c1", "2021-05-18T10:00:00Z"), post("b", "c1", "2021-05-19T10:00:00Z")]
        report(home, "clocks", posts={"studied": rows, "control@facebook": other})
        yield kit.open("clocks", edition="internal")


def test_clocks_that_disagree_are_counted(clocks: Any) -> None:
    (row,) = metrics.clock_check(clocks).to_dict("records")
    assert row["platform"] == "x", "Facebook's identifiers hold no time"
    assert (row["dated_posts"], row["stated_posts"], row["differ_posts"]) == (5, 4, 1)
    assert row["median_s"] == pytest.approx(-5 * 3600 - 0.76, abs=1e-3)
    assert row["largest_s"] == row["median_s"]


def test_a_time_read_out_of_the_identifier_alone_confirms_nothing(tmp_path: Path) -> None:
    """LinkedIn shows `18h`; X's client shows a time, which is kept with the identifier's milliseconds."""
    number = (1_659_603_781_025 << 22) + 5
    update = {
        "updateMetadata": {"urn": f"urn:li:activity:{number}"},
        "actor": {
            "navigationContext": {"actionTarget": "https://www.linkedin.com/in/sample-one"},
            "subDescription": {"text": "18h"},
        },
        "commentary": {"text": {"text": "a"}},
    }
    envelope = {"nav_index": "1:1:1", "item_id": "1", "source_platform": "linkedin.com"}
    tweets = [{"id": ID, "author_id": "7", "text": "a", "conversation_id": ID}]
    tweets.append(
        {**tweets[0], "id": str(int(ID) + (60_000 << 22)), "created_at": "2021-05-18T19:25:56.000Z"}
    )
    write = {"linkedin.ndjson": [envelope | {"data": update}], "x.jsonl": [{"data": one} for one in tweets]}
    for name, objects in write.items():
        (tmp_path / name).write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    with desk(tmp_path) as home:
        report(home, "alone", exports=[{"path": str(tmp_path / name), "group": "studied"} for name in write])
        case = kit.open("alone")._exact()
        stated = case.sql("SELECT platform, time_source, time_stated FROM posts ORDER BY 1, 3")
        table = metrics.clock_check(case)
    assert stated.values.tolist() == [
        ["linkedin", "identifier", False],
        ["x", "identifier", False],
        ["x", "identifier", True],
    ]
    counts = table[["platform", "dated_posts", "stated_posts", "differ_posts"]]
    assert counts.values.tolist() == [["linkedin", 1, 0, 0], ["x", 2, 1, 0]]


def test_each_file_says_what_it_covers(clocks: Any) -> None:
    table = metrics.sources(clocks).set_index(["group", "platform"])
    mine = table.loc[("studied", "x")]
    assert (mine["posts"], mine["accounts"], mine["empty_days"]) == (7, 3, 10)
    assert [str(mine[c])[:10] for c in ("first_day", "last_day")] == ["2021-05-18", "2021-05-30"]
    assert table.loc[("control", "facebook"), "empty_days"] == 0


def test_stretches_without_posts_are_listed_the_longest_first(clocks: Any) -> None:
    table = metrics.gaps(clocks)
    found = [(r.group, str(r.first_day)[:10], str(r.last_day)[:10], r.days) for r in table.itertuples()]
    assert found == [
        ("control", "2021-05-20", "2021-05-30", 11),
        ("studied", "2021-05-19", "2021-05-24", 6),
        ("studied", "2021-05-26", "2021-05-29", 4),
    ]
    assert len(metrics.gaps(clocks, least_days=5)) == 2
    assert metrics.gaps(clocks, most=1)["days"].tolist() == [11]


def test_a_case_without_posts_covers_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        report(home, "none", posts={"studied": [post("1", "u1", "")]})
        case = kit.open("none")
        assert metrics.gaps(case).empty
        assert metrics.clock_check(case).empty
        assert metrics.sources(case)["posts"].tolist() == [1]
