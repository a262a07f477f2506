"""Posts whose author the export does not name: kept, counted, and never taken for one account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from worlds import account, desk, export, post, report, write_csv

import kit
from kit import case as cases
from kit.case.inspect import inspect
from kit.case.stage import NO_AUTHOR
from kit.errors import ReportError
from kit.metrics import METRICS, accounts, intake, media, targets, texts, timing

DAYS = [f"2023-08-{day:02d}" for day in range(1, 29)]
WORDS = {"clock": "UTC"}


def known_posts() -> list[dict[str, str]]:
    """Two accounts, each answering one post a day: a's hours are the morning, b's the evening."""
    return [
        post(f"{user}{i}", user, f"{day} {hour}:00:{i:02d}", f"words {user} {i}", re_post="root", re_user="target")
        for user, hour in (("a", "09"), ("b", "20"))
        for i, day in enumerate(DAYS)
    ]  # fmt: skip


def unknown_posts() -> list[dict[str, str]]:
    """Twice as many posts without an author, all at noon: were they one account, it would lead everywhere."""
    return [
        post(f"n{day}{i}", "", f"{day} 12:0{i}:00", f"words {day} {i}", re_post="root", re_user="other")
        for day in DAYS
        for i in range(4)
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("home")) as folder:
        people = {
            "studied": [account("a", "2023-01-01", followers=1), account("b", "2023-02-01", followers=3)]
        }
        known = {"studied": known_posts(), "control": [post("k", "k", f"{DAYS[0]} 10:00:00", re_user="t2")]}
        report(folder, "named", posts=known, accounts=people, **WORDS)
        mixed = known | {"studied": known_posts() + unknown_posts()}
        report(folder, "mixed", posts=mixed, accounts=people, **WORDS)
        report(folder, "nobody", posts={"studied": unknown_posts()}, **WORDS)
        yield folder


@pytest.fixture(scope="module")
def mixed(home: Path) -> cases.Case:
    return kit.open("mixed", edition="internal")


def test_they_are_kept_without_an_account(mixed: cases.Case, home: Path) -> None:
    n = len(unknown_posts())
    found = mixed.sql("SELECT * FROM posts WHERE account_key IS NULL")
    assert len(found) == n
    assert found["account_id"].isna().all()
    assert set(found["group"]) == {"studied"}
    assert set(found["is_reply"]) == {True}
    counted = mixed.sql("SELECT * FROM accounting").set_index("source_file").loc["posts_studied.csv"]
    assert (counted["read"], counted["kept"], counted["rejected"]) == (n + 56, n + 56, 0)
    assert mixed.manifest["warnings"] == [f"posts_studied.csv: {n} × {NO_AUTHOR}"]
    people = mixed.sql('SELECT account_id, "group" FROM accounts')
    assert sorted(people["account_id"]) == ["a", "b", "k"]
    for edition in ("public", "internal"):
        table = pq.read_table(cases.case_folder(mixed.report) / edition / "posts.parquet").to_pandas()
        none = table[table["account_key"].isna()]
        assert len(none) == n
        assert none["account_id"].isna().all(), "no pseudonym is made of nothing"


def test_they_count_as_posts_and_never_as_accounts(mixed: cases.Case) -> None:
    n = len(unknown_posts())
    summary = mixed.summary().set_index("group")
    assert summary.loc["studied", ["accounts", "posting_accounts", "posts"]].tolist() == [2, 2, 56 + n]
    facts = accounts.account_facts(mixed).set_index(["group", "id"])["value"]
    assert (facts["studied", "accounts"], facts["studied", "accounts_posting"]) == (2, 2)
    assert intake.post_facts(mixed).set_index(["group", "id"])["value"]["studied", "posts"] == 56 + n
    coverage = intake.author_coverage(mixed).set_index("group")
    assert coverage.loc["studied", ["posts", "no_author_posts"]].tolist() == [56 + n, n]
    assert coverage.loc["control", "no_author_posts"] == 0
    assert mixed.where(platform="x").groups == ["studied", "control"]


def test_estimates_by_account_are_those_without_them(mixed: cases.Case, home: Path) -> None:
    named = kit.open("named", edition="internal")
    asked: list[tuple[Any, dict[str, Any]]] = [
        (targets.concentration, {"top": 1}),
        (targets.reply_share, {}),
        (targets.reply_share, {"minimum": 5}),
        (timing.day_rotation, {}),
        (timing.weekend, {}),
        (timing.heatmap, {}),
        (timing.usual_chart, {}),
        (timing.zone, {"audience": "not known"}),
        (timing.clock_change, {}),
        (timing.meal_gap, {"offsets": [0, 1]}),
        (accounts.age_at_first_post, {}),
        (accounts.silent_accounts, {}),
    ]
    for metric, settings in asked:
        # draws depend on the exports; what is asked here is who is counted
        drawn = ["places", "p", "p_holm", "low", "high"]
        left, right = (
            metric(case, **settings).drop(columns=drawn, errors="ignore") for case in (mixed, named)
        )
        pd.testing.assert_frame_equal(left, right, obj=metric.__name__, check_like=True)


def test_tests_of_hours_say_how_many_they_leave_out(mixed: cases.Case) -> None:
    n = len(unknown_posts())
    table = timing.precision(mixed).set_index(["group", "test"]).loc["studied"]
    assert table["no_author_posts"].to_dict() == {"clock": n, "waiting": n, "hours": n, "days": 0}
    reasons = [
        "used_posts",
        "no_time_posts",
        "estimate_posts",
        "coarse_posts",
        "no_author_posts",
        "not_reply_posts",
    ]
    assert (table[reasons].sum(axis=1) == table["posts"]).all()
    assert table.loc["hours", "used_posts"] == 56
    daily = timing.daily(mixed)
    assert daily.loc[daily["group"] == "studied", "posts"].sum() == 56 + n, "a day needs no author"


def test_every_metric_answers_where_no_author_is_known(home: Path) -> None:
    case = kit.open("nobody", edition="internal")
    assert {
        f"texts.near_duplicates.{texts.near_duplicate_kinds.__name__}",
        f"media.{media.media_coverage.__name__}",
    } <= set(METRICS)
    assert case.groups == ["studied"]
    assert case.summary()[["accounts", "posts"]].values.tolist() == [[0, len(unknown_posts())]]
    for name, metric in METRICS.items():
        table = metric(case)
        assert isinstance(table, pd.DataFrame), name
        counted = [c for c in table.columns if c in ("accounts", "authors", "posting_accounts")]
        assert not table[counted].fillna(0).to_numpy().any(), name
    values = accounts.account_facts(case)["value"].tolist()
    assert values[:2] == [0, 0]
    assert all(value is None for value in values[2:]), "no export says who was silent or followed"


def test_a_post_without_an_author_needs_the_group_of_its_export(home: Path) -> None:
    labels = "account,platform,group,reason\na,x,studied,\n"
    rows = [*known_posts()[:2], post("n", "", "2023-08-01 10:00:00")]
    report(home, "ungrouped", posts={"none": rows}, lists={"labels": labels})
    with pytest.raises(
        ReportError, match=r"export posts_none.csv: 1 posts whose author is not known have no group"
    ):
        kit.open("ungrouped")


def test_a_deletion_is_a_later_state_of_the_same_post(home: Path) -> None:
    whole = post("1", "a", "2023-08-01 10:00:00", "words", like=1, captured="2023-09-01 00:00:00")
    gone = whole | {"user": "", "text": "", "like": "2", "captured": "2023-08-15 00:00:00"}
    other = post("2", "", "2023-08-01 11:00:00", "kept", captured="2023-09-02 00:00:00")
    entry = {"nulls": {"text": [""]}}
    folder = home / "reports" / "deleted"
    folder.mkdir(parents=True)
    write_csv(folder / "posts.csv", [gone, other, whole, gone | {"text": "quite other words"}])
    entries = [export("posts", "posts.csv") | entry]
    report(home, "deleted", exports=entries, **WORDS)
    case = kit.open("deleted", edition="internal")
    found = case.sql("SELECT * FROM all_posts").set_index("post_id")
    assert found.loc["1", ["account_id", "text", "likes"]].tolist() == ["a", "words", 1]
    counted = case.sql("SELECT * FROM accounting").iloc[0]
    assert counted[["read", "kept", "observations", "rejected"]].tolist() == [4, 2, 1, 1]
    seen = case.sql("SELECT field, value FROM observations WHERE field = 'likes'")
    assert seen.values.tolist() == [["likes", "2"]]


def test_a_table_may_name_no_author_or_one(home: Path) -> None:
    folder = home / "reports" / "tables"
    folder.mkdir(parents=True)
    rows = [{"id": "1", "text": "one"}, {"id": "2", "text": "two"}]
    write_csv(folder / "posts.csv", rows)
    columns = {"post_id": "id", "text": "text"}
    for given, expected in (("", [None, None]), ("7", ["7", "7"])):
        entry = {"path": "posts.csv", "platform": "x", "group": "studied", "columns": columns}
        report(home, "tables", exports=[entry | {"constants": {"account_id": given}}], **WORDS)
        found = kit.open("tables", edition="internal").sql(
            "SELECT account_id FROM all_posts ORDER BY post_id"
        )
        assert [None if pd.isna(v) else v for v in found["account_id"]] == expected


def test_inspect_counts_them(home: Path) -> None:
    lines = [line for line, _ in inspect(home / "reports" / "mixed" / "posts_studied.csv", "mixed")]
    assert "  accounts  2" in lines
    assert f"  warning   {len(unknown_posts())} × {NO_AUTHOR}" in lines
