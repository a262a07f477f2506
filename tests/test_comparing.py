"""Whether studied and control can be compared: crowds, events, threads and networks whose truth is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import desk, post, report

import kit
from kit.claims import claim
from kit.claims.model import REASONS
from kit.inference.comparable import NOTHING, Aspect, aspect, judged
from kit.metrics import accounts, against, comparing, targets
from kit.notebook.findings import _Beside, _judged
from kit.notebook.trial import side

START = dt.datetime(2024, 1, 1, 8)
LIKE = Aspect(100, 100, 1.0, 0.9, 0.5, 1.0, 90)
PARTLY, UNLIKE = LIKE._replace(overlap=0.6, p=0.005), LIKE._replace(overlap=0.1, p=0.005, covered=0.02)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("comparing")) as folder:
        yield folder


def crowd(seed: int, n: int, posts: list[str], weeks: tuple[int, int] = (0, 8)) -> list[dict[str, Any]]:
    """Replies of `n` people under `posts`, of which some are more popular, in some weeks."""
    rng = np.random.default_rng(seed)
    popularity = rng.pareto(2, len(posts)) + 0.5
    rows = []
    for who in range(n):
        for _ in range(rng.geometric(0.4)):
            days = 7 * weeks[0] + rng.random() * 7 * (weeks[1] - weeks[0])
            to = posts[rng.choice(len(posts), p=popularity / popularity.sum())]
            rows.append((who, (START + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ"), to))
    return [
        {"who": f"p{seed}_{who}", "time": time, "reply_to": to, "target": f"author of {to[0]}"}
        for who, time, to in rows
    ]


def opened(home: Path, name: str, studied: list[dict[str, Any]], control: list[dict[str, Any]]) -> Any:
    number, posts = 0, {}
    for group, rows in (("studied", studied), ("control", control)):
        posts[group] = []
        for row in rows:
            number += 1
            to = {"re_post": row["reply_to"], "re_user": row["target"]} if row["reply_to"] else {}
            posts[group].append(post(f"{name}{number}", row["who"], row["time"], f"words {number}", **to))
    report(home, name, posts=posts)
    return kit.open(name, edition="internal")


def divided(rows: list[dict[str, Any]], seed: int, share: float = 0.5) -> tuple[list, list]:
    """A crowd divided at random by account."""
    names = sorted({r["who"] for r in rows})
    rng = np.random.default_rng(seed)
    mine = set(rng.choice(names, round(share * len(names)), replace=False))
    return [r for r in rows if r["who"] in mine], [r for r in rows if r["who"] not in mine]


HERE = [f"a{n}" for n in range(60)]
THERE = [f"b{n}" for n in range(60)]


def test_halves_of_a_crowd_are_comparable(home: Path) -> None:
    case = opened(home, "halves", *divided(crowd(1, 400, HERE), 0))
    assert comparing.gate(case)[:2] == ("comparable", "")
    table = comparing.comparability(case).set_index("aspect")
    assert table.loc["posts_answered", "overlap"] == pytest.approx(1, abs=0.2)
    assert (
        table["alikeness"].loc[["posts_answered", "accounts_answered", "weeks", "platforms"]] == "much_alike"
    ).all()
    assert (table["follows"] == "comparable").all()


def test_two_events_are_not(home: Path) -> None:
    case = opened(home, "events", crowd(2, 200, HERE, (0, 3)), crowd(3, 200, THERE, (5, 8)))
    found = comparing.gate(case)
    assert found[:2] == ("not_comparable", "posts")
    assert found.stratum is None


def test_one_thread_is_not_comparable_with_others(home: Path) -> None:
    case = opened(home, "thread", crowd(4, 60, ["c0"], (1, 2)), crowd(5, 400, HERE))
    assert comparing.gate(case).outcome == "not_comparable"


def test_other_weeks_without_replies_are_not(home: Path) -> None:
    def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"reply_to": ""} for row in rows]

    case = opened(home, "weeks", plain(crowd(6, 100, HERE, (0, 2))), plain(crowd(7, 100, HERE, (6, 8))))
    assert comparing.gate(case)[:2] == ("not_comparable", "weeks")
    same = opened(home, "same", plain(crowd(8, 100, HERE)), plain(crowd(9, 100, HERE)))
    assert comparing.gate(same).outcome == "comparable"


def test_a_flood_is_compared_with_others_under_the_same_posts(home: Path) -> None:
    """A network that floods 20 posts which 400 others answer too is compared inside these posts."""
    case = opened(home, "flood", crowd(10, 150, HERE[:20], (2, 4)), crowd(11, 600, HERE, (0, 8)))
    found = comparing.gate(case)
    assert found.outcome == "partly"
    assert found.stratum is not None
    assert found.stratum.name == "posts_answered"
    measure = accounts.new_accounts(case).attrs["measure"]
    assert set(found.stratum.index) >= set(measure.account)


def test_random_halves_are_compared_inside_the_same_posts_as_the_groups(home: Path) -> None:
    """The measure that splits are tried with is the one inside the posts answered, not the one over all of them."""
    case = opened(home, "halves", crowd(10, 150, HERE[:20], (2, 4)), crowd(11, 600, HERE, (0, 8)))
    given = against.chosen(case, repliers=False)
    table = targets.reply_share(case)
    raw = table.attrs["measure"]
    judged_ = _judged(claim("reply_share"), table, _Beside(given.case, given.group, given))
    inside = raw.within(given.gate.stratum)
    assert judged_.within == "posts_answered"
    assert inside is not None
    half = ~raw.studied & side(raw.account, case.seed, 0)
    rest = ~raw.studied & ~half
    same, tried = inside.compare(half, rest), table.attrs["measure"].compare(half, rest)
    assert (tried.p_higher, tried.p_lower) == (same.p_higher, same.p_lower)
    assert (tried.p_higher, tried.p_lower) != (
        raw.compare(half, rest).p_higher,
        raw.compare(half, rest).p_lower,
    )


def test_a_report_without_control_is_not_judged(home: Path) -> None:
    case = opened(home, "alone", crowd(12, 50, HERE), [])
    assert comparing.gate(case) == ("unknown", "", None)
    assert comparing.comparability(case)["overlap"].isna().all()


def test_few_accounts_are_not_judged(home: Path) -> None:
    case = opened(home, "few", crowd(13, 12, HERE, (0, 1)), crowd(14, 12, THERE, (6, 8)))
    assert comparing.gate(case).outcome == "unknown"


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ((LIKE, LIKE, LIKE, {}), ("comparable", "", "")),
        ((PARTLY, LIKE, LIKE, {}), ("partly", "posts_answered", "posts_answered")),
        ((LIKE, LIKE, UNLIKE, {}), ("partly", "weeks", "posts_answered")),
        ((UNLIKE, PARTLY, LIKE, {}), ("partly", "posts_answered", "accounts_answered")),
        ((UNLIKE, UNLIKE, LIKE, {}), ("not_comparable", "posts_answered", "")),
        ((NOTHING, NOTHING, UNLIKE, {}), ("not_comparable", "weeks", "")),
        ((NOTHING, NOTHING, PARTLY, {}), ("partly", "weeks", "weeks")),
        ((NOTHING, NOTHING, LIKE, {"languages": UNLIKE}), ("not_comparable", "languages", "")),
        ((NOTHING, NOTHING, NOTHING, {"platforms": NOTHING}), ("unknown", "", "")),
    ],
)
def test_what_follows_from_the_overlaps(given: Any, outcome: tuple[str, str, str]) -> None:
    assert judged(*given) == outcome


def unlike_at_random(seed: int, n: int, share: float) -> bool:
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(crowd(seed, n, [f"d{k}" for k in range(n)]))
    account = pd.factorize(rows["who"])[0]
    mine = rng.permutation(n) < share * n
    found = aspect(account, mine[account], pd.factorize(rows["reply_to"])[0], seed=seed)
    return found.outcome == "unlike"


def test_every_reason_has_its_words() -> None:
    reasons = {comparing._NAMES.get(name, name) for name in comparing.ASPECTS} - {"posts_per_account"}
    assert reasons <= set(REASONS)


def test_random_divisions_are_seldom_called_unlike() -> None:
    assert sum(unlike_at_random(seed, 100, 0.3) for seed in range(40)) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(("n", "share"), [(60, 0.5), (200, 0.2), (1000, 0.5)])
def test_random_divisions_of_every_size_are_seldom_called_unlike(n: int, share: float) -> None:
    assert sum(unlike_at_random(seed, n, share) for seed in range(200)) <= 8
