"""What the public edition tells of accounts that act together: of fewer than ten only that there are some, and no pair.

The cases are made to break it: four studied accounts and three of the control that share links day after day, and a
cluster of twelve studied accounts with three of the control in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_coordination_metrics import START, share, strangers
from worlds import desk, post, report

import kit
from kit import locale, words
from kit.disclosure.audit import leaks
from kit.errors import MetricError
from kit.figures import coordination as figures
from kit.metrics import coordination
from kit.metrics.coordination.actions import doers_of_things
from kit.metrics.coordination.clusters import OCCASIONS, _shared_starts
from kit.metrics.coordination.shared_templates import _pooled as pooled_groups
from kit.metrics.coordination.synchronised import PROMISED
from kit.notebook import protection
from kit.notebook.findings import finding_object

VARY = {"repeats": [3, 5, 10], "alpha": [0.05, 0.01]}
ASKED: dict[str, dict[str, Any]] = {
    "settings": {},
    "traces": {},
    "pair_costs": {},
    "rule_of_thumb": {"trace": "url"},
    "synchronised_traces": {},
    "synchronised": {},
    "synchronised_grid": {"traces": ["url"], "windows": (60, 600), "repeats": (3, 10)},
    "synchronised_controls": {"traces": ["url"], "draws": 1},
    "synchronised_power": {"trace": "url", "groups": (10,), "repeats": (5, 25), "seeds": 1},
    "clusters": {},
    "network": {},
    "one_sitting": {},
    "template_sources": {},
    "template_groups": {},
    "template_indicators": {},
    "shared_templates": {},
    "base_rates": {"trace": "url"},
    "reader_agreement": {},
}


def friends(rng: np.random.Generator, names: list[str], first: int, *, link: int) -> list[dict[str, str]]:
    """Accounts that share 25 links within 45 seconds each, on separate days, beside posts like those of others."""
    rows = strangers(rng, names, first)
    for time in range(25):
        at = START + dt.timedelta(days=time * 1.1, hours=float(rng.random() * 20))
        for who in names:
            late = dt.timedelta(seconds=float(rng.random() * 45))
            rows.append(share(first + len(rows), who, at + late, link + time))
    return rows


def named(letter: str, n: int) -> list[str]:
    return [f"{letter}{i}" for i in range(n)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("public")) as folder:
        rng = np.random.default_rng(3)
        few = {
            "studied": friends(rng, named("friend", 4), 0, link=10_000)
            + strangers(rng, named("s", 40), 10_000),
            "control": friends(rng, named("desk", 3), 20_000, link=20_000)
            + strangers(rng, named("c", 260), 30_000),
            "context": strangers(rng, named("x", 40), 50_000),
        }
        report(folder, "few", posts=few)
        reading = "edge,label\n" + "".join(f"url:e{i}:f{i % 2},together\n" for i in range(5))
        published = {
            "studied": {"list": "An archive", "published": "2020-10-08", "address": "https://a.example"}
        }
        read = report(folder, "exact", posts=few, exact=published, readers=["one.csv", "two.csv"])
        for name in ("one.csv", "two.csv"):
            (read / name).write_text(reading, "utf-8")
        crew = friends(rng, named("crew", 12), 0, link=10_000)
        mixed = friends(rng, named("mixed", 15), 60_000, link=40_000)
        report(
            folder,
            "crew",
            posts={
                "studied": crew
                + [row for row in mixed if int(row["user"][5:]) < 12]
                + strangers(rng, named("s", 40), 10_000),
                "control": [row for row in mixed if int(row["user"][5:]) >= 12]
                + strangers(rng, named("c", 60), 30_000),
                "context": strangers(rng, named("x", 40), 50_000),
            },
        )
        report(folder, "alone", posts={"studied": friends(rng, named("k", 12), 0, link=10_000)})
        yield folder


@pytest.fixture(scope="module", params=["few", "exact"])
def few(home: Path, request: pytest.FixtureRequest) -> Any:
    return kit.open(request.param, edition="public")


@pytest.fixture(scope="module")
def crew(home: Path) -> Any:
    return kit.open("crew", edition="public")


def shown(case: Any, name: str, **settings: Any) -> tuple[pd.DataFrame, list[Any]]:
    return protection.shown(case, getattr(coordination, name)(case, **(ASKED.get(name, {}) | settings)))


@pytest.fixture(scope="module")
def answers(few: Any) -> dict[str, tuple[pd.DataFrame, list[Any]]]:
    return {name: shown(few, name) for name in ASKED}


def of_people(table: pd.DataFrame) -> list[str]:
    given = {key: table.attrs.get(key, "") for key in ("unit", "n_unit")}
    metric = str(table.attrs["name"])
    people = ("accounts", "pairs of accounts", "clusters")
    roles = ("count", "size")
    return [
        str(c)
        for c in table.columns
        if (row := words.column(str(c), metric)) and row.role in roles
        if words.counts(str(c), metric, **given) in people
    ]


def test_no_table_tells_a_count_of_one_to_nine(answers: dict[str, tuple[pd.DataFrame, list[Any]]]) -> None:
    tried = 0
    for name, (table, _said) in answers.items():
        for column in of_people(table):
            values = pd.to_numeric(table[column]).dropna()
            tried += len(values)
            assert values.eq(0).any() or len(values) == 0 or values.min() >= 10, (name, column)
            assert not values.between(1, 9).any(), (name, column)
            assert (values % 10 == 0).all(), (
                name,
                column,
                "a platform published accounts, not who acts together",
            )
    assert tried > 100


def test_nobody_can_work_one_out_from_all_tables_together(
    answers: dict[str, tuple[pd.DataFrame, list[Any]]],
) -> None:
    said = [one.plain() for _table, quantities in answers.values() for one in quantities]
    assert any(q["true"] in (3, 4, 6) and q["kind"] == "small" for q in said), "there is something to protect"
    assert not [leak.line() for leak in leaks(said)]


def test_few_of_few_are_not_worked_out_either(home: Path) -> None:
    """Eight studied accounts, of whom three act together, in two clusters at one sitting: the data hold no other group."""
    rng = np.random.default_rng(7)
    trio, pair = (friends(rng, named(who, n), 1_000 * n, link=10_000 * n) for who, n in (("t", 3), ("u", 2)))
    report(home, "eight", posts={"studied": trio + pair + strangers(rng, named("s", 3), 9_000)})
    report(home, "eights", posts={"studied": trio + pair, "control": strangers(rng, named("s", 8), 9_000)})
    for name in ("eight", "eights"):
        case = kit.open(name, edition="public")
        said = [one.plain() for asked in ASKED for one in shown(case, asked)[1]]
        assert any(q["kind"] == "small" for q in said)
        assert not [leak.line() for leak in leaks(said)], name


def test_the_network_of_few_is_a_row_without_a_number(
    answers: dict[str, tuple[pd.DataFrame, list[Any]]],
) -> None:
    table, _said = answers["network"]
    assert list(table) == ["group", "occasions_from", "occasions_to", "accounts", "pairs", "mixed_pairs"]
    assert table["group"].tolist() == ["studied", "control"]
    assert table[["accounts", "pairs"]].isna().all(axis=None)
    assert table.attrs["shown"]["accounts"] == {0: ["small"], 1: ["small"]}
    assert table["occasions_from"].eq(1).all(), "no class of strength is told of so few"
    assert table["occasions_to"].isna().all()
    assert figures.alt_network(table) == "Not drawn: a group has fewer than ten accounts in the network."
    assert not figures.plot_network(table).patches


def test_clusters_of_few_are_one_row_without_days_and_causes(
    answers: dict[str, tuple[pd.DataFrame, list[Any]]],
) -> None:
    table, _said = answers["clusters"]
    assert len(table) >= 1
    assert table["cluster_name"].eq("fewer_than_ten").all()
    assert table[["first_day", "last_day", "coverage_share", "explained_share"]].isna().all(axis=None)
    assert table[["contaminated", "mass_synchrony", "origin_unknown"]].isna().all(axis=None)


def test_the_finding_of_few_gives_no_number(few: Any) -> None:
    found = finding_object("synchronised", coordination.synchronised, few, VARY, {})
    assert (found["verdict"], found["outcome"]) == ("found", "found_few")
    assert found["text"]["en"].startswith("Fewer than ten studied accounts share the same things")
    assert found["text"]["en"].endswith("More is not told of so few.")
    assert found["shown"]["value"][0] == "under"
    for item in (found, found["control"], *found["sensitivity"]):
        assert item["n"] % 10 == 0
        assert item["value"] in (None, 0)


def test_a_case_of_its_own_the_internal_edition_names_them_all(home: Path) -> None:
    case = kit.open("few", edition="internal")
    edges = coordination.network(case)
    assert list(edges)[:5] == ["a", "b", "group_a", "group_b", "weight"]
    assert len(edges) == 6 + 3
    clusters = coordination.clusters(case, traces=["url"])
    assert sorted(clusters["accounts"]) == [3, 4]
    assert clusters["first_day"].notna().all()
    table = coordination.synchronised(case).set_index("group")
    assert table.loc["studied", "pairs"] == 6
    assert table.loc["control", "estimate"] == 3 / 263


def test_the_list_of_pairs_is_refused_in_public(few: Any) -> None:
    for name in ("edges", "pairs", "dossier", "network_accounts"):
        with pytest.raises(MetricError, match="only for the internal edition"):
            getattr(coordination, name)(few)


def test_a_cluster_with_few_of_a_group_is_not_told_apart(crew: Any) -> None:
    table = coordination.clusters(crew, traces=["url"])
    assert table["cluster_name"].tolist().count("fewer_than_ten") == 1
    told, rest = (table[table["cluster_name"].ne("fewer_than_ten") == on] for on in (True, False))
    assert told["studied_accounts"].tolist() == [12]
    assert told["first_day"].notna().all()
    assert rest[["studied_accounts", "control_accounts"]].to_numpy().tolist() == [[12, 3]]
    seen = shown(crew, "clusters", traces=["url"])[0]
    row = seen[seen["cluster_name"].eq("fewer_than_ten")].iloc[0]
    assert np.isnan(row["control_accounts"])
    assert np.isnan(row["accounts"]), "15 beside 12 would say that three are left, or nearly"
    said = [one.plain() for asked in ASKED for one in shown(crew, asked)[1]]
    assert not [leak.line() for leak in leaks(said)]
    assert pd.isna(row["first_day"])


def test_a_network_of_tens_is_shown_by_its_strength(home: Path) -> None:
    rng = np.random.default_rng(5)
    posts = {
        "studied": friends(rng, named("crew", 12), 0, link=10_000) + strangers(rng, named("s", 40), 10_000),
        "control": strangers(rng, named("c", 60), 30_000),
    }
    report(home, "tens", posts=posts)
    table, _said = shown(kit.open("tens", edition="public"), "network")
    assert table.loc[table["accounts"].gt(0), ["group", "accounts", "pairs"]].to_numpy().tolist() == [
        ["studied", 10, 70]
    ]
    ax = figures.plot_network(table)
    assert sorted(bar.get_height() for bar in ax.patches)[-1] == 10
    assert "studied" in figures.alt_network(table)
    assert ": 10" in figures.alt_network(table)
    edges = coordination.network(kit.open("tens", edition="internal"))
    assert len(edges) == 66
    assert len(set(edges["a"]) | set(edges["b"])) == 12


def test_sentence_table_and_alt_text_name_the_same_power(crew: Any) -> None:
    trace = coordination.synchronised(crew)["power_trace"].iloc[0]
    asked = {"groups": PROMISED["groups"], "repeats": (5, *PROMISED["repeats"]), "seeds": 1}
    power, _said = shown(crew, "synchronised_power", trace="", **asked)
    assert power["trace"].eq(trace).all()
    table, _said = shown(crew, "synchronised")
    cited = power.query("planted == 10 and repeats == 25 and jitter_s == 45")
    cited = cited[cited["delay_s"] == 60 * table["delay_minutes"].iloc[0]]
    assert table["found_share"].tolist()[0] == cited["estimate"].iloc[0]
    assert locale.percent(cited["estimate"].iloc[0]) in figures.alt_synchronised_power(power)


def test_a_finding_agrees_with_its_own_controls(home: Path) -> None:
    """Where shuffled copies hold the same pairs, the test cannot be made, and no number is given."""
    case = kit.open("alone", edition="internal")
    controls = coordination.synchronised_controls(case).set_index("shuffle")["validated_pairs"]
    assert controls["times_shuffled"] == controls["as_collected"] == 66
    found = finding_object("synchronised", coordination.synchronised, case, VARY, {})
    assert (found["verdict"], found["outcome"]) == ("inconclusive", "contaminated")
    assert not found["tested"]
    assert found["text"]["en"].startswith("This test cannot be made on these data")
    assert "66 in all" in found["text"]["en"]


def test_pairs_that_stand_out_are_never_said_not_to_be_there() -> None:
    from kit.metrics.coordination.synchronised import Inside, _sentence

    nobody = Inside(set(), 0, 0, 0.0, 0, contaminated=False)
    some = Inside({1, 2, 3, 4, 5}, 6, 2, 0.0, 4, contaminated=True)
    how = {"power": 0.9, "shuffled": 0}
    assert _sentence(50, nobody, nobody, blind=False, **how) == "not_found"
    assert _sentence(50, nobody, nobody, blind=False, power=0.79, shuffled=0) == "inconclusive"
    assert _sentence(50, nobody, some, blind=True, **how) == "contaminated"
    assert _sentence(50, nobody, some, blind=False, **how) == "unvalidated"
    assert _sentence(50, some, some, blind=True, power=0.9, shuffled=2) == "found"
    assert _sentence(50, some, some, blind=True, power=0.9, shuffled=3) == "contaminated"
    assert _sentence(0, nobody, nobody, blind=True, **how) == "no_data"


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=3))
def test_classes_of_strength_hold_nobody_or_ten_of_every_group(people: list[list[int]]) -> None:
    starts = [OCCASIONS.index(start) for start in _shared_starts(people)]
    assert starts[0] == 0
    for counts in people:
        classes = [sum(counts[a:b]) for a, b in zip(starts, [*starts[1:], 4], strict=True)]
        assert sum(classes) == sum(counts)
        assert all(n == 0 or n >= 10 for n in classes) or (len(classes) == 1 and sum(counts) < 10)


def test_groups_of_few_that_share_texts_are_one_row() -> None:
    row = {
        "state": "validated",
        "template_name": "promotion",
        "passed_by": "more_texts",
        "p": 0.0,
        "families": 5,
    }
    row |= {"purity_share": 1.0, "indicators_on": 3, "control_core_accounts": 0, "purity_share__weight": 0.1}
    groups = [
        row | {"number": 1, "studied_accounts": 30, "context_accounts": 2},
        row | {"number": 2, "studied_accounts": 6, "context_accounts": 0},
        row | {"number": 3, "studied_accounts": 0, "context_accounts": 7},
    ]
    told, together = pooled_groups(groups)
    assert told["number"] == 1
    assert (together["studied_accounts"], together["context_accounts"]) == (6, 7)
    assert together["state"] is together["indicators_on"] is None
    assert together["template_name"] == "fewer_than_ten"


def test_things_are_gone_only_with_their_last_sharers() -> None:
    accounts, things = pd.Series([1, 1, 2, 2, 3, 1]), pd.Series([7, 8, 8, 9, 9, 7])
    assert doers_of_things(accounts, things) == (3, 1), "7 is of account 1 alone"
    assert doers_of_things(accounts, things, least=2) == (3, 2), "8 and 9 fall with account 2"
    assert doers_of_things(accounts[:2], things[:2]) == (1, 2)


def test_one_account_that_makes_most_pairs_withholds_them(home: Path) -> None:
    """A hub answers everybody's link within a minute: all pairs are its own."""
    rows = []
    for n in range(40):
        at = START + dt.timedelta(days=n * 0.5)
        rows += [share(2 * n, f"p{n}", at, n), share(2 * n + 1, "hub", at + dt.timedelta(seconds=20), n)]
    report(
        home, "hub", posts={"studied": [*rows, *[post(900 + i, f"q{i}", "2024-03-01") for i in range(20)]]}
    )
    case = kit.open("hub", edition="public")
    costs = shown(case, "pair_costs")[0].set_index("trace").loc["url"]
    assert np.isnan(costs["pairs"])
    internal = kit.open("hub", edition="internal")
    assert coordination.pair_costs(internal).set_index("trace").loc["url", "pairs"] == 40


def test_shares_of_base_rates_are_those_of_shown_numbers(few: Any) -> None:
    rates, _said = shown(few, "base_rates")
    table = shown(few, "synchronised")[0].set_index("group")
    step = rates[rates["method"] == "synchronised_sharing"]
    if pd.isna(table.loc["control", "high"]):
        assert step.empty
    else:
        assert step["false_alarm_high"].eq(float(f"{table.loc['control', 'high']:.3g}")).all()


def test_small_cells_of_the_grid_are_hatched_and_not_nought(
    answers: dict[str, tuple[pd.DataFrame, list[Any]]],
) -> None:
    table, _said = answers["synchronised_grid"]
    held = table.attrs["shown"]["validated_accounts"]
    assert {kind for (kind,) in held.values()} == {"withheld"}, (
        "beside two groups of few, a total would tell of each"
    )
    assert table.attrs["shown"]["studied_accounts"].keys() == held.keys()
    ax = figures.plot_synchronised_grid(table)
    assert [text.get_text() for text in ax.texts].count("×") == len(held)
    assert sum(bool(patch.get_hatch()) for patch in ax.patches) == len(held)
    alt = figures.alt_synchronised_grid(table)
    assert f"accounts are left in {len(held)} of {len(table)} cells, at most fewer than 10" in alt
    assert alt.endswith(f"marked by crosses: {len(held)}.")


def test_small_cells_of_one_group_alone_are_fewer_than_ten(home: Path) -> None:
    rng = np.random.default_rng(3)
    rows = friends(rng, named("friend", 4), 0, link=10_000) + strangers(rng, named("s", 40), 10_000)
    report(home, "single", posts={"studied": rows})
    table, _said = shown(kit.open("single", edition="public"), "synchronised_grid")
    few = list(table.attrs["shown"]["validated_accounts"].values())
    assert few == [["small"]] * len(few)
    assert few
    texts = [text.get_text() for text in figures.plot_synchronised_grid(table).texts]
    assert texts.count("< 10") == len(few)
    assert "at most fewer than 10" in figures.alt_synchronised_grid(table)
