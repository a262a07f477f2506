"""Batches of accounts: planted ones are found, shared news and slow waves are not, and what would be found is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import account, desk, post, report

import kit
from kit.claims import CLAIMS
from kit.inference import batches as scan
from kit.metrics import accounts
from kit.notebook.findings import finding_object

FIRST, SPAN = 14000, 5000


def dates(rng: np.random.Generator, n: int) -> np.ndarray:
    return FIRST + rng.integers(0, SPAN, n)


@pytest.mark.parametrize("span", [1, 7, 30])
def test_a_list_made_at_once_is_found(span: int) -> None:
    rng = np.random.default_rng(span)
    found = scan.find(19000 - span + rng.integers(0, span, 200), dates(rng, 300), seed=1)
    assert found.sure <= scan.ALPHA
    assert found.studied >= 150


@pytest.mark.parametrize(("size", "width"), [(15, 1), (20, 7), (30, 30)])
def test_a_planted_batch_is_found_where_it_was_planted(size: int, width: int) -> None:
    rng = np.random.default_rng(size)
    studied = dates(rng, 200)
    studied[:size] = 16000 + rng.integers(0, width, size)
    found = scan.find(studied, dates(rng, 2000), seed=1)
    assert found.sure <= scan.ALPHA
    assert found.first_day < 16000 + width
    assert found.first_day + found.width > 16000
    assert found.studied >= size / 2


def test_news_that_everybody_reacts_to_is_no_batch() -> None:
    rng = np.random.default_rng(2)
    news = np.repeat(16000, 30)
    found = scan.find(np.r_[news, dates(rng, 170)], np.r_[news, dates(rng, 300)], seed=1)
    assert found.unsure > scan.ALPHA


def test_a_slow_wave_is_no_batch() -> None:
    rng = np.random.default_rng(3)
    wave = FIRST + (SPAN * rng.beta(5, 1, 300)).astype(int)
    assert scan.find(wave, dates(rng, 1000), seed=1).unsure > scan.ALPHA


def alarms(n: int, others: int, runs: int, seed: int) -> int:
    rng = np.random.default_rng(seed)
    crowd = np.r_[dates(rng, 4000), np.repeat(dates(rng, 5), rng.integers(20, 80, 5))]
    count = 0
    for run in range(runs):
        drawn = rng.permutation(crowd)
        count += scan.find(drawn[:n], drawn[n : n + others], seed=run, draws=199).p <= scan.ALPHA
    return count


def test_random_parts_of_a_crowd_have_no_batches() -> None:
    assert alarms(150, 600, 30, 1) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(("n", "others"), [(60, 2000), (200, 200), (1000, 300)])
def test_random_parts_of_every_size_have_no_batches(n: int, others: int) -> None:
    assert alarms(n, others, 200, 2) <= 8


def test_the_best_window_is_that_of_every_window_by_hand() -> None:
    rng = np.random.default_rng(4)
    studied, reference = 15000 + rng.integers(0, 400, 60), 15000 + rng.integers(0, 400, 80)
    studied[:12] = 15200 + rng.integers(0, 5, 12)
    days = np.sort(np.r_[studied, reference])
    cuts = scan.stretches(days, len(reference))

    def likelihood(k: int, n: int) -> float:
        return sum(x * np.log(x / n) for x in (k, n - k) if x) if n else 0.0

    best = (0.0, 0, 0)
    first, last = (np.sort(studied)[int(f(q * 59))] for f, q in ((np.floor, 0.025), (np.ceil, 0.975)))
    for width in scan.WIDTHS:
        for start in np.unique(days):
            end = start + width
            low = cuts[np.searchsorted(cuts, start, "right") - 1]
            high = cuts[min(np.searchsorted(cuts, end - 1, "right"), len(cuts) - 1)]
            tally = [
                [int(((x >= a) & (x < b)).sum()) for a, b in ((start, end), (low, high))]
                for x in (studied, reference)
            ]
            (a, whole), (c, others) = tally
            n, size = a + c, whole + others
            near = int(((studied >= start - 90) & (studied < end + 90)).sum()) - a
            around = max(min(end + 90, last + 1) - max(start - 90, first) - width, 60)
            if a < 3 or a * size <= whole * n or a * around < 3 * near * width:
                continue
            ratio = likelihood(a, n) + likelihood(whole - a, size - n) - likelihood(whole, size)
            best = max(best, (ratio, int(start), width))
    found = scan.find(studied, reference, seed=1, draws=9)
    assert (found.first_day, found.width) == best[1:]


def test_power_is_that_of_the_whole_test() -> None:
    rng = np.random.default_rng(7)
    mine, others = dates(rng, 100), dates(rng, 500)
    assert scan.power(mine, others, 3, 30, seed=0) < 0.5 < scan.power(mine, others, 40, 7, seed=0)


def test_most_in_any_days() -> None:
    assert [scan.most_in(np.array([5, 1, 1, 3, 9]), w) for w in (1, 3, 5, 9)] == [2, 3, 4, 5]
    assert scan.most_in(np.array([], int), 7) == 0


# ---------------------------------------------------------------------------
# the finding


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("batches")) as folder:
        yield folder


def listed(home: Path, name: str, studied: Any, control: Any, *, first: str = "2024-03-01") -> Any:
    """Accounts made on these days since 1970, each with one post on `first`."""
    made: dict[str, list[dict[str, str]]] = {}
    posts: dict[str, list[dict[str, str]]] = {}
    for group, days in (("studied", studied), ("control", control)):
        names = [f"{group[0]}{n}" for n in range(len(days))]
        on = [(dt.date(1970, 1, 1) + dt.timedelta(days=int(day))).isoformat() for day in days]
        made[group] = [account(who, made=day) for who, day in zip(names, on, strict=True)]
        posts[group] = [post(f"{name}{who}", who, f"{first}T10:00:00Z", f"words of {who}") for who in names]
    report(
        home, name, posts={g: p for g, p in posts.items() if p}, accounts={g: a for g, a in made.items() if a}
    )
    return kit.open(name, edition="internal")


VARY: dict[str, list[Any]] = {"newcomers_days": [30, 7, 90], "others": ["all", "control"]}


def test_a_list_made_in_one_week_is_found(home: Path) -> None:
    rng = np.random.default_rng(8)
    case = listed(home, "week", 19700 + rng.integers(0, 7, 120), dates(rng, 300))
    found = finding_object("creation_burst", accounts.batches, case, VARY, {})
    assert found["verdict"] == "found"
    assert found["value"] > 0.9


def test_a_list_without_others_is_described(home: Path) -> None:
    rng = np.random.default_rng(9)
    case = listed(home, "alone", 19700 + rng.integers(0, 7, 60), [])
    found = finding_object("creation_burst", accounts.batches, case, VARY, {})
    assert (found["verdict"], found["outcome"]) == ("described", "together")
    assert "All 60 studied accounts" in found["text"]["en"]
    case = listed(home, "spread", dates(rng, 60), [])
    assert accounts.batches(case)["sentence"].tolist() == ["alone"]


def test_nothing_found_says_what_would_have_been(home: Path) -> None:
    rng = np.random.default_rng(10)
    case = listed(home, "none", dates(rng, 200), dates(rng, 900))
    found = finding_object("creation_burst", accounts.batches, case, VARY, {})
    assert found["verdict"] == "not_found"
    assert "20 accounts made within a week would have been found in" in found["text"]["en"]
    few = accounts.batches(listed(home, "small", dates(rng, 12), dates(rng, 40))).iloc[0]
    assert few["verdict"] == "inconclusive", "nothing would have been seen"
    assert few["found_share"] < 0.8


def test_newcomers_of_an_event_are_no_batch(home: Path) -> None:
    """A third of one group came for an event that the other group, of other weeks, knows nothing of."""
    rng = np.random.default_rng(11)
    event = (dt.date(2024, 3, 1) - dt.date(1970, 1, 1)).days
    studied = np.r_[event - rng.integers(1, 6, 30), dates(rng, 70)]
    rows = accounts.batches(_of_other_weeks(home, studied, dates(rng, 300))).iloc[0]
    assert (rows["verdict"], rows["sentence"]) == ("inconclusive", "newcomers")


def _of_other_weeks(home: Path, studied: np.ndarray, control: np.ndarray) -> Any:
    listed(home, "event", studied, control)
    folder = home / "reports" / "event"
    text = (
        (folder / "posts-control.csv").read_text(encoding="utf-8")
        if (folder / "posts-control.csv").exists()
        else ""
    )
    for path in folder.glob("*control*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2024-03-01T", "2023-10-01T"), encoding="utf-8")
    return kit.open("event", edition="internal")


def test_fewer_than_ten_dates_say_nothing(home: Path) -> None:
    case = listed(home, "nine", np.full(9, 19700), np.arange(18000, 18200))
    found = finding_object("creation_burst", accounts.batches, case, VARY, {})
    assert (found["verdict"], found["outcome"]) == ("inconclusive", "no_data")


def test_every_outcome_has_its_sentence() -> None:
    assert set(accounts.batches.outcomes) <= set(CLAIMS["creation_burst"].sentences)  # type: ignore[attr-defined]
