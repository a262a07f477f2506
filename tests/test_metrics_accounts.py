"""Account metrics against plain pandas on the tables that the synthetic campaign was made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from worlds import account, desk, post, report, tiny_world

import kit
from kit.errors import MetricError
from kit.metrics import accounts as metrics

GROUPS = ["studied", "control", "context"]


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
    """The internal edition: every number as it is, in the periods that were asked for."""
    return kit.open("tiny", edition="internal")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """One row per account: group, dates, profile, `first` post in the period, `posting`."""
    _home, world = tiny_world(tmp_path_factory)
    posts = world["posts"]
    first = posts[posts["in_period"]].groupby(["platform", "account_id"])["created_at"].min().rename("first")
    table = world["accounts"].merge(first.reset_index(), how="left", on=["platform", "account_id"])
    table["posting"] = table["first"].notna()
    table["age"] = (table["first"].dt.normalize() - table["created_at"].dt.normalize()).dt.days
    return table


def rows(table: pd.DataFrame, *keys: str) -> dict[Any, Any]:
    """Rows by their first columns."""
    index = table.set_index(list(keys))
    assert index.index.is_unique
    return {k: r._asdict() for k, r in zip(index.index, index.itertuples(index=False), strict=True)}


def check_share(row: dict[str, Any], yes: pd.Series) -> None:
    """A row of n, estimate, low, high for a share of accounts: the numbers and a sensible interval."""
    assert row["n"] == len(yes)
    if not len(yes):
        assert all(np.isnan(row[k]) for k in ("estimate", "low", "high"))
        return
    k, n = int(yes.sum()), len(yes)
    assert row["estimate"] == pytest.approx(k / n, abs=1e-12)
    if n < 10:
        assert np.isnan(row["low"])
        assert np.isnan(row["high"])
        return
    size, t = n - (0 < k < n), stats.t.ppf(0.975, n - 1)  # Wilson's roots with Student's quantile
    p = k / n
    root = t * (p * (1 - p) / size + t**2 / (4 * size**2)) ** 0.5
    low, high = ((p + t**2 / (2 * size) + sign * root) / (1 + t**2 / size) for sign in (-1, 1))
    assert row["low"] == pytest.approx(max(0, low), abs=1e-9)
    assert row["high"] == pytest.approx(min(1, high), abs=1e-9)
    assert row["low"] <= row["estimate"] <= row["high"]


def test_the_world_holds_what_the_tests_need(people: pd.DataFrame) -> None:
    assert people.groupby("group").size().min() > 50
    assert people["created_at"].isna().any()
    assert people["following"].isna().any()
    assert (~people["posting"]).any()
    assert people["bio"].eq("").any()


def test_facts(case: Any, people: pd.DataFrame) -> None:
    found = rows(metrics.account_facts(case), "group", "id")
    for group in GROUPS:
        mine = people[people["group"] == group]
        posting = mine[mine["posting"]]
        expected: dict[str, tuple[Any, Any, int]] = {
            "accounts": (len(mine), None, len(mine)),
            "accounts_posting": (len(posting), None, len(mine)),
            "accounts_silent": (len(mine) - len(posting), None, len(mine)),
            "followers_mean": (mine["followers"].astype(float).mean(), None, mine["followers"].notna().sum()),
            "followers_mean_posting": (
                posting["followers"].astype(float).mean(), None, posting["followers"].notna().sum(),
            ),
        }  # fmt: skip
        days = mine["created_at"].dropna().dt.date.value_counts()
        best = min(d for d, n in days.items() if n == days.max())
        expected["creation_peak_day"] = (days.max(), str(best), len(mine))
        assert {i for g, i in found if g == group} == set(expected)
        for name, (value, label, n) in expected.items():
            row = found[group, name]
            assert row["value"] == pytest.approx(value), name
            assert (row["label"], row["n"]) == (label, n), name


@pytest.mark.parametrize("by,rule", [("day", "D"), ("week", "W-MON"), ("month", "MS"), ("quarter", "QS")])
def test_creations(inside: Any, people: pd.DataFrame, by: str, rule: str) -> None:
    table = metrics.creations(inside, by=by)
    dated = people.dropna(subset="created_at")
    start = dated["created_at"].dt.normalize()
    if by == "week":
        start = start - pd.to_timedelta(start.dt.day_of_week, unit="D")
    elif by in ("month", "quarter"):
        start = start.dt.to_period(by[0].upper()).dt.start_time
    span = pd.date_range(start.min(), start.max(), freq=rule)
    expected = dated.groupby(["group", start]).size()
    found = table.set_index(["group", "period_start"])["accounts"]
    assert table["group"].drop_duplicates().tolist() == GROUPS
    for group in GROUPS:
        full = expected[group].reindex(span, fill_value=0)
        assert found[group].index.tolist() == span.tolist()
        assert found[group].tolist() == full.tolist()
        shares = table.loc[table["group"] == group, "share"]
        assert shares.tolist() == pytest.approx((full / full.sum()).tolist())


def test_bursts_are_those_planted(inside: Any, people: pd.DataFrame) -> None:
    found = metrics.creation_bursts(inside)
    assert list(found.columns) == ["group", "first_day", "window_days", "accounts", "expected", "p"]
    assert set(found["group"]) == {"studied"}
    (row,) = found[found["first_day"] == "2023-07-12"].to_dict("records")
    made = people.loc[people["group"] == "studied", "created_at"].dt.date.astype(str)
    assert row["accounts"] == (made == "2023-07-12").sum() >= 25
    assert row["expected"] < row["accounts"] / 3
    assert row["p"] <= 0.01
    weeks = metrics.creation_bursts(inside, window_days=7)
    starts = pd.to_datetime(weeks.loc[weeks["group"] == "studied", "first_day"])
    assert any(pd.Timestamp("2023-07-06") <= s <= pd.Timestamp("2023-07-12") for s in starts)
    assert set(weeks["window_days"]) == {7}


def test_the_share_made_in_bursts(case: Any, people: pd.DataFrame) -> None:
    found, bursts = rows(metrics.burst_share(case), "group"), metrics.creation_bursts(case)
    assert set(found) == {"studied", "control"}, "a test of the context would say nothing"
    for group, row in found.items():
        mine = bursts[bursts["group"] == group]
        dated = people.loc[people["group"] == group, "created_at"].notna().sum()
        assert (row["n"], row["bursts"]) == (dated, len(mine))
        assert row["estimate"] == pytest.approx(mine["accounts"].sum() / dated)
        interval = stats.binomtest(int(mine["accounts"].sum()), int(dated)).proportion_ci(method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))
    assert found["studied"]["p"] <= 0.01 < found["control"]["p"]


def test_age_at_first_post(inside: Any, people: pd.DataFrame) -> None:
    found = metrics.age_at_first_post(inside)
    edges = [0, 7, 30, 90, 180, 365, 730, 1825, 3650]
    for group in GROUPS:
        ages = people.loc[(people["group"] == group) & (people["age"] >= 0), "age"]
        counts = [((ages >= a) & (ages < b)).sum() for a, b in zip(edges, [*edges[1:], 10**6], strict=True)]
        mine = found[found["group"] == group]
        assert mine["age_from_days"].tolist() == edges
        assert mine["age_to_days"].tolist()[:-1] == edges[1:]
        assert mine["age_to_days"].isna().tolist()[-1]
        assert mine["accounts"].tolist() == counts
        assert mine["share"].tolist() == pytest.approx([c / len(ages) for c in counts])


def test_age_coverage(case: Any, people: pd.DataFrame) -> None:
    found = metrics.age_coverage(case)
    assert found["group"].tolist() == GROUPS
    for group, row in rows(found, "group").items():
        mine = people[people["group"] == group]
        assert row == {
            "accounts": len(mine),
            "dated_accounts": mine["created_at"].notna().sum(),
            "aged_accounts": (mine["age"] >= 0).sum(),
            "post_before_account_accounts": (mine["age"] < 0).sum(),
        }


@pytest.mark.parametrize("days", [1, 7, 30, 90, 365])
def test_new_accounts(case: Any, people: pd.DataFrame, days: int) -> None:
    found = rows(metrics.new_accounts(case, days=days), "group")
    assert list(found) == GROUPS
    for group, row in found.items():
        ages = people.loc[(people["group"] == group) & (people["age"] >= 0), "age"]
        check_share(row, ages < days)


@pytest.mark.parametrize("years", [1, 2.0, 5])
def test_old_accounts(case: Any, people: pd.DataFrame, years: float) -> None:
    for group, row in rows(metrics.old_accounts(case, years=years), "group").items():
        ages = people.loc[(people["group"] == group) & (people["age"] >= 0), "age"]
        check_share(row, ages >= years * 365.25)


def test_silent_accounts(case: Any, people: pd.DataFrame) -> None:
    for group, row in rows(metrics.silent_accounts(case), "group").items():
        check_share(row, ~people.loc[people["group"] == group, "posting"])
    only = people[people["platform"] == "youtube"]
    for group, row in rows(metrics.silent_accounts(case, platform="youtube"), "group").items():
        check_share(row, ~only.loc[only["group"] == group, "posting"])


def test_followers(inside: Any, people: pd.DataFrame) -> None:
    found = rows(metrics.followers(inside), "group", "direction", "statistic")
    assert len(found) == 3 * 2 * 3
    for (group, direction, statistic), row in found.items():
        x = people.loc[people["group"] == group, direction].dropna().astype(float)
        if statistic == "share_zero":
            check_share(row, x == 0)
            continue
        assert row["n"] == len(x)
        assert row["estimate"] == pytest.approx(getattr(x, statistic)())
        assert row["low"] <= row["estimate"] <= row["high"]
    studied = found["studied", "following", "mean"]
    x = people.loc[people["group"] == "studied", "following"].dropna().astype(float)
    ci = stats.bootstrap((x,), np.mean, n_resamples=4000, rng=np.random.default_rng(1)).confidence_interval
    width = ci.high - ci.low
    assert (studied["low"], studied["high"]) == (
        pytest.approx(ci.low, abs=0.15 * width),
        pytest.approx(ci.high, abs=0.15 * width),
    )


def test_empty_profiles(case: Any, people: pd.DataFrame) -> None:
    found = rows(metrics.empty_profiles(case), "group", "profile_field")
    assert set(found) == {(g, f) for g in GROUPS for f in ("bio", "location", "profile_url")}
    for (group, field), row in found.items():
        stated = people.loc[people["group"] == group, field].dropna()
        check_share(row, stated.str.strip() == "")
        alone = rows(metrics.empty_profile(case, field=field), "group")[group]
        assert {k: alone[k] for k in ("n", "estimate", "low", "high")} == {
            k: row[k] for k in ("n", "estimate", "low", "high")
        }
    posting = rows(metrics.empty_profile(case, field="bio", posting_only=True), "group")
    for group, row in posting.items():
        mine = people.loc[(people["group"] == group) & people["posting"], "bio"].dropna()
        check_share(row, mine.str.strip() == "")


def test_a_narrower_case_gives_narrower_numbers(case: Any, people: pd.DataFrame) -> None:
    only = case.where(platform="x", group=["studied", "control"])
    found = rows(metrics.new_accounts(only), "group")
    assert list(found) == ["studied", "control"]
    for group, row in found.items():
        mine = people[(people["platform"] == "x") & (people["group"] == group) & (people["age"] >= 0)]
        check_share(row, mine["age"] < 30)


def test_the_same_case_gives_the_same_numbers(case: Any, home: Path) -> None:
    for metric in (metrics.no_followers, metrics.new_accounts, metrics.burst_share):
        first, second = metric(case), metric(kit.open("tiny", edition="internal"))
        pd.testing.assert_frame_equal(first, second)


def test_those_without_followers_are_those_of_the_table_of_followers(case: Any, inside: Any) -> None:
    alone = rows(metrics.no_followers(case), "group", "direction")
    for (group, direction, statistic), row in rows(
        metrics.followers(inside), "group", "direction", "statistic"
    ).items():
        if statistic == "share_zero":
            assert alone[group, direction] == row
    assert "share_zero" not in set(metrics.followers(case)["statistic"])


@pytest.mark.parametrize("by", ["day", "week", "month", "quarter"])
def test_public_periods_hold_nobody_or_ten_and_every_account(case: Any, inside: Any, by: str) -> None:
    wide, narrow = metrics.creations(case, by=by), metrics.creations(inside, by=by)
    assert wide["accounts"].eq(0).sum() + wide["accounts"].ge(10).sum() == len(wide)
    for group in GROUPS:
        mine, single = (t[t["group"] == group].reset_index(drop=True) for t in (wide, narrow))
        assert mine["accounts"].sum() == single["accounts"].sum()
        assert mine["share"].sum() == pytest.approx(1)
        for row in mine.itertuples():
            inner = single["period_start"].between(row.period_start, row.period_end)
            assert row.accounts == single.loc[inner, "accounts"].sum()
        after = mine["period_start"].iloc[1:].reset_index(drop=True) - mine["period_end"].iloc[:-1]
        assert (after == pd.Timedelta(days=1)).all(), "no day is in two, none in none"
    assert len(wide) < len(narrow)
    assert wide.loc[wide["accounts"] > 25, "period_end"].sub(wide["period_start"]).min() < pd.Timedelta(
        days=92
    )


def test_public_ends_of_periods_tell_no_day_on_which_few_were_made(case: Any, inside: Any) -> None:
    days = metrics.creations(inside, by="day").set_index(["group", "period_start"])["accounts"]
    for row in metrics.creations(case, by="day").itertuples():
        before = days.get((row.group, row.period_start - pd.Timedelta(days=1)), 0)
        quarter = row.period_start == row.period_start.to_period("Q").start_time
        assert quarter or before >= 10 or days[row.group, row.period_start] >= 10


def test_public_classes_of_age_hold_nobody_or_ten_of_each_group(case: Any, people: pd.DataFrame) -> None:
    table = metrics.age_at_first_post(case)
    classes = table.groupby("group", sort=False)[["age_from_days"]].agg(list)["age_from_days"].tolist()
    assert classes[0] == classes[1] == classes[2], "one axis"
    for group in GROUPS:
        mine = table[table["group"] == group]
        ages = people.loc[(people["group"] == group) & (people["age"] >= 0), "age"]
        assert mine["accounts"].sum() == len(ages)
        assert ((mine["accounts"] == 0) | (mine["accounts"] >= 10)).all()


@pytest.mark.parametrize(
    "metric,settings,needle",
    [
        ("creations", {"by": "weeek"}, "did you mean 'week'"),
        ("creations", {"by": "month'); DROP"}, "unknown value for 'by'"),
        ("new_accounts", {"days": 0}, "'days' must be a number above 0"),
        ("new_accounts", {"days": True}, "'days' must be a number above 0"),
        ("new_accounts", {"days": "30"}, "'days' must be a number above 0"),
        ("new_accounts", {"days": float("nan")}, "'days' must be a number above 0"),
        ("old_accounts", {"years": -1}, "'years' must be a number above 0"),
        ("creation_bursts", {"window_days": 0}, "'window_days' must be a (whole )?number above 0"),
        ("creation_bursts", {"window_days": 1.5}, "'window_days' must be a (whole )?number above 0"),
        ("burst_share", {"reach_days": 0}, "'reach_days' must be a (whole )?number above 0"),
        ("burst_share", {"reach_days": -3}, "'reach_days' must be a (whole )?number above 0"),
        ("burst_share", {"alpha": 0}, "'alpha' must be a number above 0"),
        ("burst_share", {"alpha": "small"}, "'alpha' must be a number above 0"),
        ("empty_profile", {"field": "biography"}, "use one of: bio, location"),
        ("silent_accounts", {"platform": "twitter"}, "unknown value for 'platform'"),
    ],
)
def test_a_wrong_setting_is_named(case: Any, metric: str, settings: dict[str, Any], needle: str) -> None:
    with pytest.raises(MetricError, match=needle) as caught:
        getattr(metrics, metric)(case, **settings)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------------------
# by hand: edges that a random world may not hold


@pytest.fixture(scope="module")
def byhand(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("byhand")
    made = {
        "same": "2023-08-10", "day29": "2023-07-12", "day30": "2023-07-11", "after": "2023-08-11",
        "y2": "2021-08-10", "y2less": "2021-08-11", "outside": "2023-08-01", "silent": "2023-08-09", "undated": "",
    }  # fmt: skip
    posts = [
        post(i, name, "2023-08-10 09:00:00")
        for i, name in enumerate(made)
        if name not in ("silent", "outside")
    ]
    posts += [
        post(50, "same", "2023-08-10 23:59:59"),
        post(51, "outside", "2023-07-01 10:00:00"),
        post(52, "same"),
    ]
    profiles = [
        account(n, f"{d} 12:00:00" if n == "same" else d, followers="" if n == "y2" else 4)
        for n, d in made.items()
    ]
    with desk(folder):
        report(folder, "byhand", posts={"studied": posts, "control": [post(90, "k", "2023-08-10")]},
               accounts={"studied": profiles}, period={"start": "2023-08-01"})  # fmt: skip
        return kit.open("byhand")


def test_ages_at_their_edges(byhand: Any) -> None:
    cover = rows(metrics.age_coverage(byhand), "group")
    assert tuple(cover["studied"].values()) == (9, 8, 5, 1)
    assert tuple(cover["control"].values())[:2] == (1, 0)
    assert all(pd.isna(n) for n in tuple(cover["control"].values())[2:]), "without dates there is no age"
    new = rows(metrics.new_accounts(byhand, days=30), "group")
    assert (new["studied"]["n"], new["studied"]["estimate"]) == (5, 2 / 5), "29 days is new, 30 days is not"
    assert pd.isna(new["control"]["n"])
    assert np.isnan(new["control"]["estimate"])
    old = rows(metrics.old_accounts(byhand, years=2), "group")
    assert old["studied"]["estimate"] == 0, "730 days are less than two years of 365.25"
    assert rows(metrics.old_accounts(byhand, years=1.998), "group")["studied"]["estimate"] == 1 / 5
    table = metrics.age_at_first_post(byhand)
    counts = table[table["group"] == "studied"].set_index("age_from_days")["accounts"]
    assert counts[counts > 0].to_dict() == {0: 1, 7: 1, 30: 1, 365: 1, 730: 1}


def test_what_is_not_known_is_not_counted(byhand: Any) -> None:
    found = rows(metrics.account_facts(byhand), "group", "id")
    assert found["studied", "followers_mean"] == {
        "value": 4.0,
        "unit": "followers per account",
        "label": None,
        "n": 8,
    }
    assert found["control", "followers_mean"]["value"] is None, "missing is not zero"
    assert found["control", "creation_peak_day"]["value"] is None
    assert found["studied", "accounts_silent"]["value"] == 2
    silent = rows(metrics.silent_accounts(byhand), "group")
    assert silent["studied"]["estimate"] == 2 / 9
    assert pd.isna(silent["control"]["n"]), "known only from its posts, so never silent"
    empty = rows(metrics.empty_profile(byhand), "group")
    assert (empty["studied"]["n"], empty["studied"]["estimate"]) == (9, 1)
    assert pd.isna(empty["control"]["n"])


def test_too_few_dates_are_not_tested(byhand: Any) -> None:
    found = rows(metrics.burst_share(byhand), "group")
    assert np.isnan(found["studied"]["p"])
    assert pd.isna(found["control"]["n"])
    assert np.isnan(found["control"]["estimate"])


def test_settings_are_given_by_name(case: Any) -> None:
    with pytest.raises(
        MetricError, match=r"'new_accounts' takes its settings by name, found '7'\. Write days=7\.$"
    ):
        metrics.new_accounts(case, 7)
