"""Who acts together, asked of cases with known truth: a planted crew is found and told, strangers are left alone."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import desk, post, report, simulated

import kit
from kit.errors import MetricError, ReportError
from kit.inference.base_rates import positive_predictive_value
from kit.metrics import coordination
from kit.metrics.coordination.actions import local_days
from kit.notebook import graph
from kit.notebook.findings import finding_object
from simulation import tiny

START = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
VARY = {"repeats": [3, 5, 10], "alpha": [0.05, 0.01]}
CREW = [f"crew{i}" for i in range(10)]


def strangers(rng: np.random.Generator, names: list[str], first: int) -> list[dict[str, str]]:
    """Ordinary accounts that share popular links at their own hours, for thirty days."""
    rows = []
    for name in names:
        hour = rng.integers(0, 24)
        for _ in range(12):
            link = int(300 * rng.random() ** 2)
            at = START + dt.timedelta(
                days=float(rng.integers(0, 30)), hours=float((hour + rng.normal(0, 2)) % 24)
            )
            rows.append(share(first + len(rows), name, at, link))
    return rows


def share(number: int, who: str, at: dt.datetime, link: int, host: str = "news.example") -> dict[str, str]:
    return post(
        number, who, at.strftime("%Y-%m-%dT%H:%M:%SZ"), f"see {number}", links=f"https://{host}/{link}"
    )


def crew(rng: np.random.Generator, first: int) -> list[dict[str, str]]:
    """Ten accounts that share 25 links within 45 seconds each, on separate days, beside posts like those of others."""
    rows = strangers(rng, CREW, first)
    for time in range(25):
        at = START + dt.timedelta(days=time * 1.1, hours=float(rng.random() * 20))
        link = int(300 * rng.random() ** 2) if time % 2 else 10_000 + time
        for who in CREW:
            rows.append(
                share(first + len(rows), who, at + dt.timedelta(seconds=float(rng.random() * 45)), link)
            )
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("together")) as folder:
        yield folder


@pytest.fixture(scope="module")
def planted(home: Path) -> Any:
    rng = np.random.default_rng(3)
    studied = crew(rng, 0) + strangers(rng, [f"s{i}" for i in range(40)], 10_000)
    control = strangers(rng, [f"c{i}" for i in range(120)], 20_000)
    context = strangers(rng, [f"x{i}" for i in range(120)], 40_000)
    report(home, "planted", posts={"studied": studied, "control": control, "context": context})
    return kit.open("planted", edition="internal")


@pytest.fixture(scope="module")
def honest(home: Path) -> Any:
    rng = np.random.default_rng(4)
    posts = {
        g: strangers(rng, [f"{g}{i}" for i in range(80)], n * 10_000)
        for n, g in enumerate(("studied", "control", "context"))
    }
    report(home, "honest", posts=posts)
    return kit.open("honest", edition="internal")


# --- pairs that repeat


def test_a_planted_crew_is_found_and_nobody_else(planted: Any) -> None:
    table = coordination.synchronised_traces(planted, traces=["url"]).iloc[0]
    assert (table["studied_accounts"], table["control_accounts"], table["context_accounts"]) == (10, 0, 0)
    assert table["validated_pairs"] >= 41, "at least nine in ten of 45 pairs"
    found = finding_object("synchronised", coordination.synchronised, planted, VARY, {"traces": ["url"]})
    assert found["verdict"] == "found"
    assert found["value"] == pytest.approx(10 / 50)
    assert found["control"]["value"] == 0
    assert "synchronised, no more" in found["text"]["en"], "nobody knows when these links were made"


def test_strangers_are_left_alone_and_nothing_found_is_said_with_its_power(honest: Any) -> None:
    found = finding_object("synchronised", coordination.synchronised, honest, VARY, {"traces": ["url"]})
    assert found["verdict"] == "not_found"
    assert all(other["verdict"] != "found" for other in found["sensitivity"])
    row = coordination.synchronised(honest, traces=["url"]).iloc[0]
    assert 0.8 <= row["found_share"] <= 1
    assert f"{row['delay_minutes']:.0f} minutes or more after the first act" in found["text"]["en"]
    assert "Groups that act at once are not found by this test" in found["text"]["en"]
    assert "Control accounts: 0%" in found["text"]["en"]
    grid = coordination.synchronised_grid(honest, traces=["url"], windows=(10, 600, 86_400), repeats=(3, 10))
    assert not grid["validated_pairs"].any()
    assert len(grid) == 6


def test_the_usual_rule_flags_strangers_too(home: Path) -> None:
    """One breaking story: half of everybody shares two links within a minute, and the rule cannot tell why."""
    rng = np.random.default_rng(5)
    posts: dict[str, list[dict[str, str]]] = {}
    for n, group in enumerate(("studied", "control")):
        names = [f"{group}{i}" for i in range(60)]
        rows = strangers(rng, names, n * 10_000)
        for link in (9001, 9002):
            at = START + dt.timedelta(days=10, minutes=link - 9000)
            rows += [
                share(
                    n * 10_000 + 5000 + link + i * 7,
                    who,
                    at + dt.timedelta(seconds=float(rng.random() * 50)),
                    link,
                )
                for i, who in enumerate(names[:30])
            ]
        posts[group] = rows
    report(home, "breaking", posts=posts)
    case = kit.open("breaking", edition="internal")
    thumb = coordination.rule_of_thumb(case, trace="url").set_index("group")["estimate"]
    assert thumb.min() > 0.3
    assert not coordination.synchronised_traces(case, traces=["url"])["validated_pairs"].any()
    sitting = coordination.one_sitting(case, traces=["url"]).iloc[0]
    assert sitting["pairs"] == 0, "two things are too few even for one sitting"


def test_shuffled_copies_and_the_control_hold_nothing(planted: Any) -> None:
    table = coordination.synchronised_controls(planted, traces=["url"], draws=2).set_index("shuffle")
    assert table.loc["as_collected", "validated_pairs"] > 40
    assert table.loc[["times_shuffled", "accounts_shuffled", "control_only"], "synchronised_pairs"].max() == 0


def test_power_is_that_of_these_data(planted: Any) -> None:
    table = coordination.synchronised_power(
        planted, trace="url", groups=(10,), repeats=(3, 25), jitters_s=(45,), seeds=2
    )
    few, many, *_other = table["estimate"]
    assert few < 0.5 < 0.8 < many
    by_delay = table[table["repeats"] == 25].set_index("delay_s")["estimate"]
    assert sorted(by_delay.index) == [0, 30, 300, 900, 1800, 14_400]
    assert by_delay[1800] >= 0.8
    assert table["trace"].eq("url").all()


def answering(
    rng: np.random.Generator, names: list[str], first: int, delays: list[float]
) -> list[dict[str, str]]:
    """Accounts that answer 25 posts of one source, each so many seconds after it, give or take twenty."""
    rows = []
    for time in range(25):
        asked = START + dt.timedelta(days=time)
        for who, delay in zip(names, delays, strict=True):
            at = asked + dt.timedelta(seconds=delay + float(rng.uniform(0, 20)))
            said = {"re_post": 900 + time, "re_user": "star"}
            rows.append(
                post(first + len(rows), who, at.strftime("%Y-%m-%dT%H:%M:%SZ"), f"so {len(rows)}", **said)
            )
    return rows


def test_who_acts_at_once_is_listed_and_never_judged(home: Path) -> None:
    """A crew on orders and fans with a notification leave the same times: twelve of either stand on the list alike."""
    rng = np.random.default_rng(8)
    asked = [
        post(900 + t, "star", (START + dt.timedelta(days=t)).strftime("%Y-%m-%dT%H:%M:%SZ"), f"post {t}")
        for t in range(25)
    ]
    slow = [float(d) for d in rng.uniform(3600, 80_000, 40)]
    studied = answering(rng, [f"s{i}" for i in range(12)], 10_000, [10.0] * 12)
    studied += answering(rng, [f"o{i}" for i in range(40)], 20_000, slow)
    control = answering(rng, [f"f{i}" for i in range(12)], 30_000, [10.0] * 12)
    report(home, "notified", posts={"studied": studied, "control": control, "context": asked})
    case = kit.open("notified", edition="internal")
    table = coordination.at_once(case).set_index("group")
    assert table.loc["studied", "n"] == 52
    assert table.loc["studied", "estimate"] == pytest.approx(12 / 52)
    assert table.loc["control", "estimate"] == 1
    assert table.loc["studied", "pairs"] == table.loc["control", "pairs"] == 66
    assert table.loc["studied", "together"] == 25
    assert table.loc["studied", "expected"] < 25
    vary = {"window_s": [60, 30, 120], "repeats": [3, 5]}
    found = finding_object("at_once", coordination.at_once, case, vary, {})
    assert (found["verdict"], found["way"]) == ("described", "described")
    assert "it is no finding about either" in found["text"]["en"]
    synchronised = coordination.synchronised(case, traces=["reply_post"]).set_index("group")
    assert synchronised.loc["studied", "verdict"] != "found"


def test_pairs_by_hand(home: Path) -> None:
    """Three posts, two accounts at 0 s and 60 s are together, at 61 s they are not."""
    for gap, pairs in ((60, 1), (61, 0)):
        rows = [
            post(10 + 2 * t + k, f"a{k}", f"2024-03-0{1 + t}T10:0{1 if k and gap > 59 else 0}:0{gap - 60 if k else 0}Z",
                 f"said {t} {k}", re_post=900 + t, re_user="star")
            for t in range(3) for k in range(2)
        ]  # fmt: skip
        report(home, f"gap{gap}", posts={"studied": rows})
        assert coordination.at_once(kit.open(f"gap{gap}", edition="internal"))["pairs"].tolist() == [pairs]


def test_a_crew_in_the_control_takes_the_finding_back(home: Path) -> None:
    """The same test is made inside the control: where it finds as many there, nothing follows for the studied."""
    rng = np.random.default_rng(9)
    mine = crew(rng, 0) + strangers(rng, [f"s{i}" for i in range(40)], 10_000)
    theirs = [row | {"user": f"k{row['user']}"} if "user" in row else row for row in crew(rng, 60_000)]
    rename = {who: f"k{who}" for who in CREW}
    theirs = [{name: rename.get(value, value) for name, value in row.items()} for row in theirs]
    theirs += strangers(rng, [f"c{i}" for i in range(40)], 20_000)
    context = strangers(rng, [f"x{i}" for i in range(120)], 40_000)
    report(home, "alike", posts={"studied": mine, "control": theirs, "context": context})
    row = coordination.synchronised(kit.open("alike", edition="internal"), traces=["url"]).iloc[0]
    assert (row["verdict"], row["sentence"]) == ("inconclusive", "control_alike")


def test_clusters_name_what_they_look_like(home: Path, planted: Any) -> None:
    row = coordination.clusters(planted, traces=["url"]).iloc[0]
    assert (row["accounts"], row["studied_accounts"]) == (10, 10)
    assert row["cluster_name"] == "unexplained_synchrony"
    assert row["origin_unknown"]
    rng = np.random.default_rng(6)
    desk_rows = [
        share(
            90_000 + n * 10 + i,
            f"desk{i}",
            START + dt.timedelta(hours=17 * n, seconds=7 * i),
            5000 + n,
            "desk.example",
        )
        for n in range(40)
        for i in range(6)
    ]
    posts = {"studied": desk_rows, "control": strangers(rng, [f"c{i}" for i in range(120)], 0)}
    folder = report(home, "feed", posts=posts, open_coordinators="desk.csv")
    listed = "".join(f"desk{i},x,posts the feed of its newsroom\n" for i in range(6))
    (folder / "desk.csv").write_text(f"account,platform,why\n{listed}", "utf-8")
    case = kit.open("feed", edition="internal")
    feed = coordination.clusters(case, traces=["url"]).iloc[0]
    assert feed["cluster_name"] == "feed_automation"
    assert feed["accounts"] == 6
    table = coordination.synchronised_controls(case, traces=["url"], draws=1).set_index("shuffle")
    assert table.loc["open_coordinators", "synchronised_pairs"] == 15, "right, and innocent"


def test_the_dossier_holds_the_posts_behind_every_edge(planted: Any) -> None:
    table = coordination.dossier(planted, traces=["url"], level="validated", most=5)
    edges = table.groupby("edge")
    assert len(edges) == coordination.synchronised_traces(planted, traces=["url"])["validated_pairs"].iloc[0]
    assert edges.size().max() == 5
    assert (table["pairs_of_edge"] >= 20).all()
    assert table["gap_s"].between(0, 600).all()
    assert (table["time_b"] >= table["time_a"]).all()
    assert table["shared"].str.startswith("https://news.example/").all()
    assert set(table["text_a"].str[:4]) == {"see "}
    assert table["edge"].str.match(r"url:[a-z2-7]{12}:[a-z2-7]{12}$").all()
    again = coordination.dossier(planted, traces=["url"], level="validated", most=5)
    pd.testing.assert_frame_equal(table, again)
    with pytest.raises(MetricError, match="internal"):
        coordination.dossier(kit.open("planted"))


# --- weights, networks, files


def test_edges_hold_every_weight_of_the_field(home: Path) -> None:
    at = START
    rows = [share(n, who, at + dt.timedelta(seconds=s), link) for n, (who, s, link) in enumerate(
        [("a", 0, 1), ("b", 5, 1), ("a", 9, 1), ("b", 400, 2), ("a", 401, 2), ("c", 500, 2)])]  # fmt: skip
    report(home, "weights", posts={"studied": rows})
    case = kit.open("weights", edition="internal")
    edges = coordination.edges(case, trace="url", window_s=60)
    assert len(edges) == 1
    row = edges.iloc[0]
    assert (row["pairs"], row["objects"], row["posts_a"] + row["posts_b"]) == (3, 2, 5)
    assert row["mean_gap_s"] == pytest.approx((5 + 4 + 1) / 3)
    kooky = coordination.edges(case, trace="url", window_s=60, compat="coortweet", least=1)
    assert kooky[["account_a", "account_b", "weight"]].values.tolist() == [["a", "b", 3]]
    kit_ = coordination.edges(case, trace="url", window_s=60, compat="toolkit", least=1)
    assert dict(zip(kit_["user_1"] + kit_["user_2"], kit_["weight"], strict=True)) == {"ab": 3, "ba": 2}
    assert coordination.edges(case, trace="url", window_s=60, least=3).empty
    pairs = coordination.pairs(case, trace="url", window_s=60)
    assert sorted(pairs["gap_s"]) == [1, 4, 5]
    with pytest.raises(MetricError, match="3"):
        coordination.pairs(case, trace="url", window_s=60, most=2)
    costs = coordination.pair_costs(case).set_index("trace")
    assert costs.loc["url", "pairs"] >= 3


def test_the_network_is_the_same_on_every_run_and_opens_in_other_programs(
    planted: Any, tmp_path: Path
) -> None:
    edges = coordination.network(planted, traces=["url"])
    pd.testing.assert_frame_equal(edges, coordination.network(planted, traces=["url"]))
    accounts = coordination.network_accounts(planted, traces=["url"])
    assert len(accounts) == len(set(edges["a"]) | set(edges["b"]))
    assert accounts["degree"].sum() == 2 * len(edges)
    assert accounts["lead_share"].between(0, 1).all()
    assert abs(accounts["lead_share"].mean() - 0.5) < 0.1, "what one leads the other follows"
    accounts.loc[0, "handle"] = "a\x00<b>&\x1b\ud800"
    files, lost = graph.write(tmp_path, "network", edges, accounts)
    assert lost == 3
    assert "3 signs" in graph.lost_signs(lost)
    for path in files:
        ET.fromstring(path.read_bytes())
    first = [path.read_bytes() for path in files]
    graph.write(tmp_path, "network", edges, accounts)
    assert [path.read_bytes() for path in files] == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["network.gexf", "network.graphml"]


# --- prepared texts


def test_without_enough_control_prepared_texts_are_not_denied(home: Path) -> None:
    simulated(home, "small", tiny(4))
    case = kit.open("small", edition="internal")
    vary = {"similarity": [0.75, 0.9], "long": [8, 12], "indicators": [3, 4]}
    table = coordination.shared_templates(case).set_index("group")
    assert table.loc["studied", "control_accounts"] < 300
    assert table.loc["context", ["verdict", "sentence"]].tolist() == ["inconclusive", "small_control"]
    simulated(home, "alone", tiny(4, share_template=0.0))
    found = finding_object("shared_templates", coordination.shared_templates, kit.open("alone"), vary, {})
    assert found["verdict"] == "inconclusive"
    assert "control accounts have three posts" in found["text"]["en"]


def writers(
    rng: np.random.Generator, letter: str, n: int, each: int, share: float, first: int
) -> list[dict[str, str]]:
    """Accounts that write texts of twelve words; this share of them is one of twenty prepared ones."""
    words = [f"w{letter}{i}x" for i in range(4000)]
    prepared = [" ".join(rng.choice(words, 12)) for _ in range(20)]
    rows = []
    for i in range(n):
        for _ in range(each):
            text = (
                prepared[int(rng.integers(20))] if rng.random() < share else " ".join(rng.choice(words, 12))
            )
            at = START + dt.timedelta(minutes=float(rng.uniform(0, 40_000)))
            rows.append(post(first + len(rows), f"{letter}{i}", at.strftime("%Y-%m-%dT%H:%M:%SZ"), text))
    return rows


@pytest.mark.parametrize(
    ("share", "outcomes"),
    [(1.0, {"no_outsiders"}), (0.25, {"copies", "co_active", "no_outsiders"}), (0.0, {"none_found", "weak"})],
)
def test_a_list_that_is_a_network_through_and_through_is_never_denied(
    home: Path, share: float, outcomes: set[str]
) -> None:
    rng = np.random.default_rng(11)
    posts = {
        "studied": writers(rng, "s", 60, 8, share, 0),
        "control": writers(rng, "c", 340, 4, 0.0, 10_000),
    }
    name = f"pure{round(100 * share)}"
    report(home, name, posts=posts)
    vary = {"similarity": [0.75, 0.9], "long": [8, 12], "indicators": [3, 4]}
    case = kit.open(name, edition="internal")
    found = finding_object("shared_templates", coordination.shared_templates, case, vary, {})
    assert found["outcome"] in outcomes
    row = coordination.shared_templates(case).set_index("group").loc["studied"]
    assert row["copied_share"] == pytest.approx(share, abs=0.06)
    if found["verdict"] == "not_found":
        assert row["found_share"] >= 0.8
        assert "of them from 150 texts" in found["text"]["en"]
    else:
        assert found["verdict"] == "inconclusive"
    if share:
        assert found["verdict"] == "inconclusive", "what copies is never said not to"


def test_sources_stay_with_their_texts_at_another_similarity(home: Path) -> None:
    """A text that stands in the post answered is set aside whatever similarity makes its cluster."""
    said = "the harbour ferry will run again on sunday morning says the captain of the port"
    rows = [post(1, "star", "2024-03-01T10:00:00Z", said)]
    rows += [
        post(
            2 + i,
            f"u{i}",
            f"2024-03-01T11:{i:02d}:00Z",
            f"{said} {'indeed ' * (i % 2)}",
            re_post=1,
            re_user="star",
        )
        for i in range(12)
    ]
    report(home, "parent", posts={"studied": rows})
    case = kit.open("parent")
    for similarity in (0.75, 0.95):
        table = coordination.template_sources(case, similarity=similarity)
        assert set(table["template_source"]) == {"parent"}, similarity


@pytest.fixture(scope="module")
def sample() -> Any:
    return kit.open(str(Path(__file__).resolve().parent.parent / "reports" / "sample"), edition="internal")


def test_the_planted_network_of_the_sample_is_found_by_its_texts(sample: Any) -> None:
    truth = json.loads(
        (Path(__file__).resolve().parent.parent / "data" / "sample" / "truth.json").read_text("utf-8")
    )
    groups = coordination.template_groups(sample)
    first = groups.iloc[0]
    assert first["state"] == "validated"
    assert first["context_accounts"] <= 2
    crew_accounts = sum(truth["accounts"]["studied"].values()) - truth["studied_silent"]
    assert first["studied_accounts"] / crew_accounts > 0.85
    found = coordination.shared_templates(sample).set_index("group")
    assert found.loc["studied", "verdict"] == "found"
    assert found.loc["studied", "estimate"] > 0.9
    assert found.loc["context", "estimate"] < 0.01
    assert f"{found.loc['studied', 'indicators_named']}".count(",") >= 2
    assert found.loc["control", "n"] >= 300
    assert found.loc["control", "high"] < 0.01, "hardly a control account would pass for such a core"
    rates = coordination.base_rates(sample, trace="url").query("method == 'shared_templates'")
    assert rates["false_alarm_high"].iloc[0] == found.loc["control", "high"]
    indicators = coordination.template_indicators(sample).set_index("indicator")
    new = sum(truth["studied_origin"]["new"].values()) / sum(truth["accounts"]["studied"].values())
    assert indicators.loc["created", ["others_share", "above_share"]].sum() == pytest.approx(new, abs=0.05)
    assert (indicators["others_share"] + indicators["above_share"]).between(0, 1).all()


# --- readers


def test_readers_labels_come_back_with_their_agreement(home: Path) -> None:
    labels = ["together"] * 8 + ["explained"] * 6 + ["unclear"] * 2
    lists = {}
    for reader in ("one", "two"):
        mine = labels if reader == "one" else [*labels[:15], "together"]
        rows = "\n".join(f"url:e{i}:f,{label},{reader},2024-05-01" for i, label in enumerate(mine))
        lists[f"{reader}.csv"] = f"edge,label,reader,date\n{rows}\n"
    folder = report(
        home,
        "read",
        posts={"studied": [post(1, "a", "2024-01-01T10:00:00Z")]},
        readers=["one.csv", "two.csv"],
    )
    for name, text in lists.items():
        (folder / name).write_text(text, "utf-8")
    table = coordination.reader_agreement(kit.open("read")).set_index("reading")
    assert table.loc["all", "n"] == 16
    assert 0.8 < table.loc["all", "estimate"] < 1
    assert table.loc["all", "verdict"] in ("claim", "tentative")
    for bad, what in (
        ("edge,label\nx,maybe\n", "unknown label"),
        ("edge,label\nx,together\nx,unclear\n", "stands already on line 2"),
    ):
        (folder / "two.csv").write_text(bad, "utf-8")
        with pytest.raises(ReportError, match=what):
            kit.open("read")


# --- base rates


@pytest.mark.parametrize("prevalence", [0.001, 0.01, 0.05])
def test_base_rates_equal_the_closed_form(prevalence: float) -> None:
    recall, wrong = 0.9, 0.004
    right = prevalence * recall
    assert positive_predictive_value(prevalence, recall, wrong) == pytest.approx(
        right / (right + (1 - prevalence) * wrong), abs=1e-12
    )
    assert np.isnan(positive_predictive_value(0.0, 0.9, 0.0))


def test_base_rates_use_both_ends_of_the_controls_rate(planted: Any) -> None:
    table = coordination.base_rates(planted, trace="url")
    step = table[table["method"] == "synchronised_sharing"]
    assert step["false_alarm_low"].eq(0).all()
    assert step["false_alarm_high"].between(0.01, 0.05).all(), "none of 120: 95 % up to three in a hundred"
    assert step["right_high"].eq(1).all()
    assert (step["right_low"].diff().dropna() > 0).all()
    assert step["recall_basis"].eq("simulated").all()
    thumb = table[table["method"] == "rule_of_thumb"]
    assert thumb["recall_basis"].eq("assumed").all()
    assert thumb["recall_share"].eq(1).all()


@pytest.mark.slow
def test_the_row_of_the_power_table_that_the_finding_names_is_the_findings(planted: Any) -> None:
    table = coordination.synchronised_power(planted, repeats=(25,), jitters_s=(45,), seeds=1)
    found = coordination.synchronised(planted).iloc[0]
    cited = (table["planted"] == 10) & (table["delay_s"] == 60 * found["delay_minutes"])
    assert table.loc[cited, "estimate"].tolist() == [found["found_share"]]
    assert table["trace"].eq(found["power_trace"]).all()


def test_days_are_those_of_the_reports_clock() -> None:
    moments = pd.Series([0, 23 * 3600 * 1000])
    assert local_days(moments, "UTC").tolist() == ["1970-01-01", "1970-01-01"]
    assert local_days(moments, "Asia/Shanghai").tolist() == ["1970-01-01", "1970-01-02"]
    assert local_days(moments, "America/Toronto").tolist() == ["1969-12-31", "1970-01-01"]
