"""Repeated texts in worlds with known truth: planted ones come back, ready-made ones are told, the innocent are left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import desk, estimated, post, report, simulated

import kit
from kit.errors import MetricError
from kit.figures.texts import alt_near_duplicate_days, alt_near_duplicate_sizes
from kit.metrics import texts
from kit.metrics.texts.near_duplicates import pieces, with_slots
from kit.notebook import protection
from kit.notebook.findings import finding_object
from simulation import honest, simulate, tiny, write_exports, write_report

VARY = {
    "near_duplicate_posts": {"accounts": [2, 5], "similarity": [0.75, 0.9], "ready_made": [False, True]},
    "same_text_within": {"window_s": [60, 600, 3600], "reposts": [True, False]},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("near_duplicates")) as folder:
        yield folder


@pytest.fixture(scope="module")
def planted(home: Path) -> tuple[Any, dict[str, Any]]:
    world = simulated(home, "planted", tiny(4))
    return kit.open("planted", edition="internal"), world


def hand(home: Path, name: str, **posts: Any) -> Any:
    report(home, name, posts=posts)
    return kit.open(name, edition="internal")


def said(
    prefix: str, who: list[str], text: str, start: str = "2024-01-01T10:00:00", gap_s: int = 10, **more: Any
) -> list:
    begin = dt.datetime.fromisoformat(start)
    return [
        post(f"{prefix}{i}", user, (begin + dt.timedelta(seconds=gap_s * i)).isoformat(), text, **more)
        for i, user in enumerate(who)
    ]


def people(prefix: str, n: int) -> list[str]:
    return [f"{prefix}{i}" for i in range(n)]


# --- planted


def test_planted_templates_come_back_as_clusters(planted: tuple[Any, dict[str, Any]]) -> None:
    case, world = planted
    table = case.sql(
        "SELECT p.post_id, c.near_duplicate_key, c.likeness FROM posts p JOIN near_duplicates c USING (post_key)",
        tables={"near_duplicates": case.derived("near_duplicates", similarity=0.75)},
    )
    truth = world["posts"].query("template != '' and in_period")[["post_id", "template"]]
    both = truth.merge(table.drop_duplicates("post_id"), on="post_id")
    used = both.groupby("template")["post_id"].transform("size") > 1
    main = both[used].groupby("template")["near_duplicate_key"].agg(lambda keys: keys.mode().iloc[0])
    assert main.nunique() == len(main), "two templates are two clusters"
    right = both[used]["near_duplicate_key"] == both[used]["template"].map(main)
    assert right.mean() >= 0.97
    assert table["likeness"].dropna().between(0.5, 1).all()


def test_the_finding_follows_what_is_planted(home: Path, planted: tuple[Any, dict[str, Any]]) -> None:
    case, _world = planted
    assert (
        finding_object(
            "near_duplicate_posts", texts.near_duplicate_posts, case, VARY["near_duplicate_posts"], {}
        )["verdict"]
        == "not_comparable"
    ), "its control answers other people"
    simulated(home, "none", tiny(5, share_template=0.0))
    none = texts.near_duplicate_posts(kit.open("none", edition="internal")).set_index("group")
    simulated(home, "half", tiny(5, share_template=0.5))
    half = texts.near_duplicate_posts(kit.open("half", edition="internal")).set_index("group")
    whole = texts.near_duplicate_posts(case).set_index("group")
    assert none.estimate["studied"] < 0.3 < half.estimate["studied"] < whole.estimate["studied"]
    assert whole.estimate["studied"] > 0.8
    assert whole.estimate["control"] < 0.3


@pytest.mark.parametrize("seed", [*(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2)), 3])
def test_people_who_did_nothing_together_are_not_accused(home: Path, seed: int) -> None:
    name = f"honest{seed}"
    world = honest(simulate(tiny(seed, context_accounts=160, context_posts=400)))
    entries = write_exports(world, home / f"{name}-exports", compress=False)
    write_report(world, home / "reports" / name, home / f"{name}-exports", entries)
    case = kit.open(name, edition="internal")
    for id_, metric in (
        ("near_duplicate_posts", texts.near_duplicate_posts),
        ("same_text_within", texts.same_text_within),
    ):
        assert finding_object(id_, metric, case, VARY[id_], {})["verdict"] != "higher", id_


def test_facts_are_counts_of_equal_texts(home: Path) -> None:
    posts = said("a", people("s", 3), "One sentence about the harbour") + said(
        "b", ["s9"], "Another sentence entirely"
    )
    posts += [post("r1", "s1", "2024-01-02T10:00:00", "RT @s0: One sentence", rt_post="a0")]
    posts += [post("r2", "s2", "2024-01-02T10:00:00", "RT @s0: One sentence", rt_post="a0")]
    case = hand(home, "facts", studied=posts)
    facts = texts.text_facts(case).set_index("id")["value"].to_dict()
    assert facts == {
        "posts_with_text": 6,
        "posts_same_text": 5,
        "posts_same_text_beyond_first": 3,
        "posts_same_text_original": 3,
    }


# --- what is ready-made


def test_ready_made_texts_are_told_and_not_counted(home: Path) -> None:
    posts = said(
        "p", people("s", 6), "Please sign and share: keep the reading room of the library open on Sundays"
    )
    posts += said("v", people("s", 6), "New swimming hall opens in spring, via @towncrier")
    posts += said(
        "h",
        people("s", 6),
        "Council votes for a wider cycle lane beside the canal",
        links="https://news.example/lane",
    )
    posts += said("o", people("s", 6), "My aunt counts herons at the old mill before she goes to work")
    case = hand(home, "kinds", studied=posts)
    kinds = texts.near_duplicate_kinds(case).set_index("text_kind")
    assert kinds["clusters"].to_dict() == {"plain": 1, "petition": 1, "share_button": 1, "headline": 1}
    assert kinds["near_duplicate_posts"].tolist() == [6, 6, 6, 6]
    assert texts.near_duplicate_posts(case)["estimate"].iloc[0] == pytest.approx(0.25)
    assert texts.near_duplicate_posts(case, ready_made=True)["estimate"].iloc[0] == 1
    assert texts.near_duplicate_posts(case, accounts=7)["estimate"].iloc[0] == 0
    sizes = texts.near_duplicate_sizes(case)
    assert sizes.loc[sizes["accounts_from"] == 5, ["clusters", "near_duplicate_posts"]].values.tolist() == [
        [1, 6]
    ]
    assert sizes["clusters"].sum() == 1


def test_the_sample_petition_is_a_petition(planted: tuple[Any, dict[str, Any]]) -> None:
    kinds = texts.near_duplicate_kinds(planted[0])
    assert "petition" in set(kinds.loc[kinds["group"] == "context", "text_kind"])
    assert "petition" not in set(kinds.loc[kinds["group"] == "studied", "text_kind"])


def test_clusters_are_told_by_size_and_dates(home: Path) -> None:
    text = "The lantern evening needs a bigger poster and a kinder border"
    posts = [
        *said("a", [*people("s", 4), "s0"], text, gap_s=86400),
        post("z", "s8", "2024-01-01T00:00:00", "Alone with this remark on a Tuesday"),
    ]
    case = hand(
        home, "sizes", studied=posts, control=said("c", people("k", 2), text.replace("bigger", "larger"))
    )
    table = texts.near_duplicate_clusters(case)
    assert len(table) == 1
    row = table.iloc[0]
    assert (row.studied_accounts, row.control_accounts, row.context_accounts) == (4, 2, 0)
    assert (row.posts, row.texts, row.first_day, row.last_day) == (7, 2, "2024-01-01", "2024-01-05")
    report(home, "clock", posts={"studied": posts}, clock="Pacific/Kiritimati")  # 14 hours ahead
    later = kit.open("clock", edition="internal")
    assert texts.near_duplicate_clusters(later).iloc[0][["first_day", "last_day"]].tolist() == [
        "2024-01-02",
        "2024-01-06",
    ]
    assert texts.near_duplicate_days(later).query("near_duplicate_posts > 0")["day"].min() == "2024-01-02"
    assert texts.near_duplicate_clusters(kit.open("sizes", edition="public")).empty, "four accounts"
    with pytest.raises(MetricError, match="only for the internal edition"):
        texts.templates(kit.open("sizes", edition="public"))
    shown = texts.templates(case)
    assert shown[["accounts", "posts"]].values.tolist() == [[4, 5]]
    assert shown["template"].iloc[0] == text


@pytest.fixture(scope="module")
def few(home: Path) -> Any:
    """A text of thirteen studied accounts and three of the control, one of three alone, days of few, one busy account."""
    shared, alone = (
        "The old ferry has never been on time this year",
        "Our press desk has moved to the second floor",
    )
    week = [f"2024-01-{day:02d}T10:00:00" for day in range(1, 15)]
    studied = said("a", people("s", 11), shared, week[1])
    studied += said("b", people("s", 2), shared, week[3]) + said("c", ["s11", "s12"], shared, week[9])
    studied += [
        post(f"d{i}", "s0", week[i % 14], f"Number {i} of many remarks on the weather here")
        for i in range(90)
    ]
    control = said("e", people("c", 3), shared, week[2]) + said("f", people("c", 3), alone, week[4])
    control += said("g", people("k", 25), "Nothing at all is said here about boats or bridges", week[5])
    report(home, "few", posts={"studied": studied, "control": control})
    return kit.open("few")


def shown(case: Any, table: Any) -> tuple[Any, dict[str, Any]]:
    found, _quantities = protection.shown(case, table)
    return found, found.attrs["shown"]


def test_no_text_of_fewer_than_ten_accounts_leaves(few: Any) -> None:
    table, words = shown(few, texts.near_duplicate_clusters(few))
    assert table["text_kind"].tolist() == ["plain", "plain"]
    assert table["studied_accounts"].tolist() == [10, 0]
    assert words["control_accounts"] == {0: ["small"]}, (
        "that three others say it as well is said without their number"
    )
    assert not {"first_day", "last_day"} & set(table)
    assert table["first_week"].tolist() == ["2024-01-01", "2024-01-01"]
    inner = texts.near_duplicate_clusters(kit.open("few", edition="internal"))
    assert inner[["studied_accounts", "control_accounts"]].values.tolist() == [[13, 3], [0, 25], [0, 3]]


def test_days_of_few_are_joined_and_never_vanish(few: Any) -> None:
    case = kit.open("few", edition="internal")
    single, wide = texts.near_duplicate_days(case), texts.near_duplicate_days(few)
    assert "day_to" not in single
    for name in ("n", "near_duplicate_posts"):
        assert single.groupby("group")[name].sum().to_dict() == wide.groupby("group")[name].sum().to_dict()
    table, words = shown(few, wide)
    assert not {"small"} & {kind[0] for said_ in words.values() for kind in said_.values()}
    studied = table[table["group"] == "studied"]
    assert studied["day"].tolist() == ["2024-01-01"]
    assert studied["day_to"].tolist() == ["2024-01-14"]
    assert studied["n"].isna().all(), "one account wrote most of them"
    alt = alt_near_duplicate_days(table)
    assert "Nothing to show" not in alt
    assert "marked by crosses: 1." in alt


def test_sizes_are_joined_until_each_holds_ten_texts(few: Any) -> None:
    inner = texts.near_duplicate_sizes(kit.open("few", edition="internal"))
    assert inner["accounts_from"].tolist() == [2, 5, 10, 25, 100] * 2
    table, words = shown(few, texts.near_duplicate_sizes(few))
    assert table["accounts_from"].tolist() == [2, 2]
    assert words["clusters"] == {0: ["withheld"], 1: ["withheld"]}
    alt = alt_near_duplicate_sizes(table)
    assert "0 texts" not in alt
    assert "crosses: 2." in alt


def test_shares_of_posts_are_as_coarse_as_what_one_account_holds(few: Any) -> None:
    table, words = shown(few, texts.near_duplicate_posts(few))
    assert words["estimate"] == {1: ["withheld"]}, (
        "ten posts of the control are more than half of ten accounts'"
    )
    share = table["estimate"][
        0
    ]  # s0 wrote nine in ten of the studied posts, but every account weighs a tenth
    assert share * 10 == pytest.approx(round(share * 10))


def test_slots_are_where_near_duplicates_differ() -> None:
    texts_ = ("The old ferry is late again", "The new ferry is late again", "The old ferry is so late again")
    assert with_slots([pieces(t) for t in texts_]) == "The [old] ferry is […]late again"
    assert with_slots([pieces("渡轮又晚点了"), pieces("公交又晚点了")]) == "[渡轮]又晚点了"
    assert with_slots([pieces("the same")]) == "the same"


# --- soon after one another


def test_only_other_accounts_inside_the_window_count(home: Path) -> None:
    text = "The committee for hedges meets in the blue room"
    posts = said("a", ["s0", "s0", "s1"], text, gap_s=50)  # at 0, 50 and 100 s
    posts += said("b", ["s2"], text, start="2024-01-01T10:10:00") + said(
        "d", ["s3"], "Something else that nobody repeats"
    )
    case = hand(home, "window", studied=posts)
    share = {w: texts.same_text_within(case, window_s=w)["estimate"].iloc[0] for w in (49, 50, 99, 600)}
    assert share == {49: 0, 50: 0.5, 99: 0.5, 600: 0.75}


def test_a_time_no_finer_than_the_window_says_nothing(home: Path) -> None:
    days = [
        post(f"d{i}", f"s{i}", "2024-01-01", "The same remark about the boathouse roof") for i in range(4)
    ]
    case = hand(home, "days", studied=days)
    assert texts.same_text_within(case, window_s=60)["estimate"].iloc[0] == 0
    assert texts.same_text_within(case, window_s=86400)["estimate"].iloc[0] == 1


def test_reposts_of_one_post_are_the_same_whatever_they_carry(home: Path) -> None:
    posts = [post(f"r{i}", f"s{i}", f"2024-01-01T10:00:0{i}", f"RT {i}", rt_post="x1") for i in range(3)]
    case = hand(home, "reposts", studied=posts)
    assert texts.same_text_within(case)["estimate"].iloc[0] == 1
    alone = texts.same_text_within(case, reposts=False)
    assert alone["n"].iloc[0] == 0


def test_estimated_and_coarse_times_are_never_at_the_same_moment(home: Path) -> None:
    """Two comments of `2 days ago` say the same: that is no synchrony at any window, nor are two days at an hour."""
    folder = report(home, "estimates", posts={})
    words = "the very same words about the ferry of this morning"
    entry = estimated(folder, [("ann", words, 1.7e9), ("bob", words, 1.7e9 + 60)])
    report(home, "estimates", exports=[entry])
    for window in (60, 86400, 10 * 86400):
        (row,) = texts.same_text_within(kit.open("estimates"), window_s=window).itertuples()
        assert (row.n, row.estimate) == (2, 0), window
    rows = [post(n, f"u{n}", "2024-03-01", words) for n in range(2)]
    report(home, "by_day", posts={"studied": rows})
    shares = [
        texts.same_text_within(kit.open("by_day"), window_s=w)["estimate"].iloc[0] for w in (3600, 86400)
    ]
    assert shares == [0, 1]


# --- nothing to say


@pytest.mark.parametrize(
    "posts",
    [
        [post("a", "s1", "2024-01-01T00:00:00", "")],
        [post("a", "s1", "2024-01-01T00:00:00", "🔥"), post("b", "s2", "2024-01-01T00:00:00", "🔥")],
        [post("a", "s1", "", "A single post that has no time at all")],
        [post(str(i), "s1", "2024-01-01T00:00:00", "One account says it again and again") for i in range(5)],
    ],
    ids=["no text", "only signs", "no time", "one account"],
)
def test_degenerate_cases_end_in_a_sentence(home: Path, posts: list, request: pytest.FixtureRequest) -> None:
    case = hand(home, "dull" + str(abs(hash(request.node.name)) % 10**6), studied=posts)
    for metric in (
        texts.near_duplicate_coverage,
        texts.near_duplicate_kinds,
        texts.near_duplicate_sizes,
        texts.near_duplicate_clusters,
        texts.near_duplicate_days,
        texts.same_text_windows,
    ):
        metric(case)
    found = finding_object(
        "near_duplicate_posts", texts.near_duplicate_posts, case, VARY["near_duplicate_posts"], {}
    )
    assert found["verdict"] in ("inconclusive", "described")
    assert found["text"]["en"]


def test_settings_are_checked(planted: tuple[Any, dict[str, Any]]) -> None:
    case, _world = planted
    with pytest.raises(MetricError, match="similarity"):
        texts.near_duplicate_posts(case, similarity=0.2)
    with pytest.raises(MetricError, match="accounts"):
        texts.near_duplicate_posts(case, accounts=0)
    with pytest.raises(MetricError, match="window_s"):
        texts.same_text_within(case, window_s=-1)
