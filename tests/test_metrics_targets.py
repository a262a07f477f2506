"""Targets: counts against plain pandas, the share of all replies, rosters, and worlds with other truths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from shell import walked
from worlds import desk, post, report, simulated

import kit
from kit.errors import MetricError
from kit.locale import within
from kit.locale.later import Text, say
from kit.metrics import targets
from kit.notebook.findings import finding_object
from kit.redact import read_csv_back
from simulation import tiny

ROSTER = (
    "name,role,category,party,platform,account_id,handle,account_kind,may_be_named\n"
    "Odd Lantern,member,north,A,x,m1,,official,yes\n"
    "Odd Lantern,member,north,A,x,m2,,personal,yes\n"
    "Even Harbour,member,south,B,x,m3,,official,no\n"
    "Quiet Meadow,member,south,B,x,m4,,official,yes\n"
)


def written(home: Path, **keys: Any) -> kit.Case:
    """s1-s6 answer post p1 of m1 (six replies), s1 and s2 post p2 of m3; others answer p1 and p2 too."""
    studied = [
        post(100 + i, f"s{i}", f"2023-08-1{i}T10:00:00Z", re_post="p1", re_user="m1") for i in range(1, 7)
    ]
    studied += [post(110 + i, f"s{i}", f"2023-08-2{i}T10:00:00Z", re_post="p2", re_user="m3") for i in (1, 2)]
    studied += [
        post(120, "s1", "2023-08-25T10:00:00Z"),
        post(121, "s1", "2023-08-26T10:00:00Z", re_post="p9"),
    ]
    others = [post(200, "o1", "2023-08-11T10:00:00Z", re_post="p1", re_user="m1")]
    others += [
        post(201 + i, f"o{i}", "2023-08-22T10:00:00Z", re_post="p2", re_user="m3") for i in range(1, 7)
    ]
    report(home, "written", posts={"studied": studied, "context": others}, lists={"roster": ROSTER}, **keys)
    return kit.open("written")


@pytest.fixture
def case(tmp_path: Path) -> Any:
    with desk(tmp_path) as home:
        written(home)
        yield kit.open("written", edition="internal")


def by_group(table: pd.DataFrame, group: str = "studied") -> Any:
    return table.set_index("group").loc[group]


def test_facts_are_counts_of_replies_and_of_what_they_answer(case: kit.Case) -> None:
    facts = targets.target_facts(case).query("group == 'studied'").set_index("id").value
    assert facts["reply_share_original"] == pytest.approx(9 / 10)
    assert facts["replied_to_accounts"] == 2  # p9 has no stated author
    assert (facts["targeted_posts_5"], facts["targeted_posts_5_accounts"]) == (1, 1)


def test_coverage_says_for_how_many_posts_the_account_addressed_is_known(case: kit.Case) -> None:
    row = targets.address_coverage(case).query("group == 'studied' and way == 'reply'").iloc[0]
    assert (row.posts, row.known_posts, row.share) == (9, 8, pytest.approx(8 / 9))


def test_the_internal_ranking_names_everybody(case: kit.Case) -> None:
    table = targets.ranking(case).query("group == 'studied'")
    assert table.posts.tolist() == [6, 2]
    assert table.accounts.tolist() == [6, 2]
    assert table.share.tolist() == pytest.approx([0.75, 0.25])
    assert table.target.tolist() == ["Odd Lantern", "Even Harbour"]
    assert table.category.tolist() == ["north", "south"]
    assert table.who.tolist() == ["member"] * 2


def test_the_share_of_all_replies_has_its_interval_and_its_whole_posts(case: kit.Case) -> None:
    table = targets.reply_domination(case, minimum=5)
    assert table.posts_answered.sum() == 2
    assert table.set_index("share_from").posts_answered[0.75] == 1  # 6 of 7
    row = by_group(targets.reply_fill(case, minimum=5, least=0.5))
    theirs, of = (
        targets.filled_posts(case, minimum=5)[name].sum() for name in ("studied_replies", "replies")
    )
    assert (row.n, row.complete, row.filled_share) == (2, 0, 0.5)
    assert row.estimate == pytest.approx(theirs / of)
    assert np.isnan(row.low), "two posts give no interval"
    assert (row.verdict, row.sentence) == ("described", "few_posts")
    every = by_group(targets.reply_fill(case, minimum=1))
    assert (every.n, every.not_known) == (2, 1), "whose post p9 is, and who else answers there, is not known"


def test_without_other_peoples_replies_the_share_cannot_be_known(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        rows = [post(i, f"s{i}", "2023-08-11T10:00:00Z", re_post="p1", re_user="m1") for i in range(1, 9)]
        report(home, "alone", posts={"studied": rows})
        case = kit.open("alone")
        assert targets.reply_domination(case).empty
        assert targets.filled_posts(case).empty
        vary = {"least": [0.5, 0.75, 0.9], "minimum": [5, 10]}
        found = finding_object("reply_fill", targets.reply_fill, case, vary, {})
    assert found["verdict"] == "inconclusive"
    assert "cannot be known" in found["text"]["en"]


def test_the_roster_counts_people_once_however_many_accounts_they_have(case: kit.Case) -> None:
    table = targets.roster_shares(case).query("group == 'studied'").set_index("category")
    assert table.members.to_dict() == {"north": 1, "south": 2}
    assert table.roster_share.to_dict() == pytest.approx({"north": 1 / 3, "south": 2 / 3})
    assert table.posts.to_dict() == {"north": 6, "south": 2}
    assert table.addressed_share.sum() == pytest.approx(1)
    assert table.addressed_share.to_dict() == pytest.approx({"north": 1 / 2, "south": 1 / 2})


def test_a_briefing_list_is_for_the_internal_edition_only(case: kit.Case) -> None:
    with pytest.raises(MetricError, match="internal edition"):
        targets.briefing(kit.open("written"))
    whole = targets.briefing(case, minimum=1)
    assert whole.name.tolist() == ["Odd Lantern", "Even Harbour"]
    assert whole.posts.tolist() == [6, 2]
    assert whole.narratives.tolist() == ["", ""], "no codebook, no content"


def test_a_briefing_says_which_content(tmp_path: Path) -> None:
    book = """
codes:
- {id: lamp, label: {en: Lamp}, kind: campaign, terms: {en: [lantern oil]}}
- {id: tea, label: {en: Tea}, kind: everyday, terms: {en: [green tea]}}
"""
    with desk(tmp_path) as home:
        said = ["lantern oil", "lantern oil and green tea", "green tea", "lantern oil again", "nothing"]
        rows = [
            post(i, f"s{i}", "2023-08-11T10:00:00Z", text, re_post="p1", re_user="m1")
            for i, text in enumerate(said)
        ]
        report(home, "told", posts={"studied": rows}, lists={"roster": ROSTER})
        folder = home / "reports" / "told"
        (folder / "codebook.yml").write_text(book, "utf-8")
        path = folder / "report.yml"
        path.write_text(path.read_text("utf-8") + "\ncodebook: codebook.yml\n", "utf-8")
        table = targets.briefing(kit.open("told", edition="internal"))
    assert table.narratives.tolist() == ["lamp (3), tea (2)"]


def test_new_targets_are_counted_on_their_first_day(case: kit.Case) -> None:
    table = targets.discovery(case).query("group == 'studied'")
    assert table.targets_so_far.iloc[-1] == 2
    assert table.new_targets.sum() == 2
    assert (table.targets_so_far.diff().dropna() >= 0).all()
    assert by_group(targets.persistence(case)).targets == 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: targets.ranking(c, way="shout"),
        lambda c: targets.targeted_posts(c, count="likes"),
        lambda c: targets.targeted_posts(c, k=0),
        lambda c: targets.concentration(c, top=-1),
    ],
)
def test_a_wrong_setting_is_one_line(case: kit.Case, ask: Any) -> None:
    with pytest.raises(MetricError):
        ask(case)


@pytest.mark.parametrize(("alone", "first"), [pytest.param(0.0, 0.6, marks=pytest.mark.slow), (0.8, 0.25)])
def test_the_page_follows_the_planted_targets_and_shares(tmp_path: Path, alone: float, first: float) -> None:
    campaign = tiny(seed=5, share_unanswered=alone, first_target=first)
    with desk(tmp_path) as home:
        world = simulated(home, "w", campaign, notebooks=["03_targets"])
        folder = walked("w", home / "page", edition="internal").parent
    posts, roster = world["posts"], world["roster"]
    posts = posts[posts["in_period"]]
    answers = posts[posts["kind"].eq("reply") & posts["reply_to_id"].ne("")]
    by_post = answers.groupby("reply_to_id")["group"].agg([lambda g: g.eq("studied").sum(), "size"])
    by_post.columns = ["theirs", "all"]
    others = answers[answers["group"].ne("studied") & answers["account_id"].ne(answers["target_account_id"])]
    met = answers.groupby("reply_to_id")["target_account_id"].first().isin(others["target_account_id"])
    by_post = by_post[by_post["theirs"].gt(0) & by_post["all"].ge(5) & met]
    assert len(by_post) > 20
    share = by_post["theirs"] / by_post["all"]

    found = {
        f["id"]: f
        for f in json.loads((folder / "findings.json").read_text("utf-8"))
        if f["group"] == "studied"
    }
    assert found["reply_fill"]["n"] == len(by_post)
    assert found["reply_fill"]["value"] == pytest.approx(
        by_post["theirs"].sum() / by_post["all"].sum(), abs=1e-3
    )
    assert found["reply_fill"]["verdict"] == ("described" if alone > 0.5 else "found"), "others are under few"
    bars = read_csv_back(folder / "tables" / "reply_domination.csv")
    assert bars["posts_answered"].sum() == len(by_post)
    assert bars.loc[bars["share_from"] == 1, "posts_answered"].item() == (share == 1).sum()
    assert ((share == 1).mean() > 0.7) == (alone > 0.5), "the two worlds differ as planted"

    # the planted share of the replies under the most answered member
    to = answers[answers["group"].eq("studied")].merge(
        roster.drop_duplicates("account_id"), left_on="target_account_id", right_on="account_id"
    )
    first_share = to["name"].value_counts(normalize=True).iloc[0]
    assert first_share == pytest.approx(first, abs=0.12)  # teams move together
    ranks = read_csv_back(folder / "tables" / "ranking.csv").query("group == 'studied'")
    people = to.drop_duplicates("post_id")["name"].value_counts()
    assert len(ranks) == min(20, len(people)) > 5
    assert ranks["posts"].tolist() == people.head(len(ranks)).tolist()
    assert ranks["target"].iloc[0] == people.index[0]


def test_mentions_and_reposts_are_ranked_by_whom_they_name(tmp_path: Path) -> None:
    with desk(tmp_path) as home:

        def named(*accounts: str) -> str:
            return json.dumps([{"account_id": a, "handle": f"@{a}"} for a in accounts])

        studied = [
            post(
                i,
                f"s{i % 3}",
                "2023-08-11T10:00:00Z",
                rt_post=f"r{i}",
                rt_user="m1" if i < 4 else "m2",
                names="",
            )
            for i in range(6)
        ]
        studied += [post(10 + i, f"s{i}", "2023-08-12T10:00:00Z", names=named("m1", "m3")) for i in range(2)]
        studied += [post(20, "s0", "2023-08-12T10:00:00Z", names=named("m1"))]
        report(home, "ways", posts={"studied": studied}, lists={"roster": ROSTER})
        case = kit.open("ways", edition="internal")
        reposted = targets.ranking(case, way="repost")
        assert reposted.posts.tolist() == [6], "two accounts of one person"
        assert reposted.share.tolist() == [1.0]
        assert reposted.target.tolist() == ["Odd Lantern"]
        mentioned = targets.ranking(case, way="mention")
        assert mentioned.posts.tolist() == [3, 2]
        assert mentioned.accounts.tolist() == [2, 2]
        known = targets.address_coverage(case).set_index("way")
    assert (known.posts["repost"], known.known_posts["repost"]) == (6, 6)
    assert (known.posts["mention"], known.known_posts["mention"]) == (3, 3)


def test_a_time_that_is_only_a_day_stays_that_day(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        rows = [post(i, f"s{i}", "2023-08-12", re_post="p1", re_user="m1") for i in range(6)]
        report(home, "day", posts={"studied": rows}, lists={"roster": ROSTER}, clock="America/Toronto")
        case = kit.open("day", edition="internal")
        days = [
            targets.ranking(case)["first_day"],
            targets.discovery(case)["day"],
            targets.briefing(case)["busiest_day"],
        ]
    assert [str(pd.Timestamp(column.item()).date()) for column in days] == ["2023-08-12"] * 3


def test_the_test_of_categories_keeps_its_level_and_sees_a_choice() -> None:
    people = pd.DataFrame({"member": range(60), "category": ["north"] * 20 + ["south"] * 40})
    rng = np.random.default_rng(11)
    # members are of very different prominence: the test deals categories over members, not over posts
    even = [
        targets._category_test(people.assign(posts=rng.pareto(1.2, 60)), people, seed).p
        for seed in range(200)
    ]
    assert np.mean(np.array(even) <= 0.05) <= 0.085  # 10 + 2 standard errors of 200
    liked = people["category"].eq("north").to_numpy() * 4 + 1
    told = [
        targets._category_test(people.assign(posts=liked * rng.gamma(2, 1, 60)), people, seed).p
        for seed in range(20)
    ]
    assert np.mean(np.array(told) <= 0.05) >= 0.9


def test_the_sweep_is_a_count_of_posts(case: kit.Case) -> None:
    table = targets.targeted_sweep(case, ks=[1, 2, 6, 7]).query("group == 'studied'").set_index("k")
    assert table.replies_rule.to_dict() == {1: 3, 2: 2, 6: 1, 7: 0}
    assert table.accounts_rule.to_dict() == {1: 3, 2: 2, 6: 1, 7: 0}
    assert set(table.n) == {3}


def test_posts_where_nobody_else_was_collected_are_left_out_and_counted(tmp_path: Path) -> None:
    """p1 and p2 are of a person whom others answer too, p3 of one where only studied accounts were collected."""
    with desk(tmp_path) as home:
        rows = [
            post(f"{p}{i}", f"s{i}", "2023-08-11T10:00:00Z", re_post=p, re_user=who)
            for p, who in (("p1", "m1"), ("p2", "m1"), ("p3", "m3"))
            for i in range(12)
        ]
        own = [
            post(900, "m3", "2023-08-11T11:00:00Z", re_post="p3", re_user="m3")
        ]  # a thread proves no collection
        others = [post(901, "o1", "2023-08-11T11:00:00Z", re_post="p1", re_user="m1"), *own]
        report(home, "part", posts={"studied": rows, "context": others}, lists={"roster": ROSTER})
        case = kit.open("part", edition="internal")
        row = by_group(targets.reply_fill(case))
        bars = targets.reply_domination(case).set_index("share_from").posts_answered
        ranked = targets.filled_posts(case)
        public = targets.filled_posts(kit.open("part"))
    assert (row.n, row.complete, row.not_known) == (2, 1, 1)
    assert (bars[1.0], bars[0.9], bars.sum()) == (1, 1, 2)
    assert public.replies.tolist() == [12, 13]
    assert "post" not in public
    assert ranked.replies.tolist() == [12, 13]
    assert ranked.studied_replies.tolist() == [12, 12]
    wanted = [binomtest(12, n).proportion_ci(method="wilson") for n in (12, 13)]
    assert ranked.low.tolist() == pytest.approx([w.low for w in wanted])
    assert ranked.high.tolist() == pytest.approx([w.high for w in wanted])
    assert ranked.post.tolist() == ["p2", "p1"]


def copied(real_data: Path, home: Path, patch: pytest.MonkeyPatch, name: str) -> None:
    """A committed report on real data, with a home and a key of its own."""
    patch.setenv("DAYLIGHT_DATA", str(real_data))
    patch.setenv("DAYLIGHT_HOME", str(home))
    patch.setenv("DAYLIGHT_KEYS", str(home / "keys"))
    source = Path(kit.__file__).parent.parent / "reports" / name / "report.yml"
    (home / "reports" / name).mkdir(parents=True)
    (home / "reports" / name / "report.yml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")


@pytest.mark.real
def test_royal_thai_army_targets(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(real_data, tmp_path, monkeypatch, "royal-thai-army")
    case = kit.open("royal-thai-army")
    facts = targets.target_facts(case).set_index("id").value
    assert facts["reply_share_original"] == pytest.approx(0.673, abs=5e-4)
    assert facts["replied_to_accounts"] == 821
    assert facts["targeted_posts_5"] == 240
    assert facts["targeted_posts_5_accounts"] == 236
    assert by_group(targets.reply_fill(case)).verdict in ("inconclusive", "described")


@pytest.mark.slow
@pytest.mark.real
def test_organic_posts_give_no_positive_finding(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(real_data, tmp_path, monkeypatch, "canadian-mps-bluesky")
    from kit.publish.run import run
    from kit.report import load

    page = run(load("canadian-mps-bluesky"))[0]
    found = [
        f
        for f in json.loads((page.parent / "findings.json").read_text(encoding="utf-8"))
        if f["kind"] == "finding"
    ]
    assert len(found) >= 10
    assert {f["verdict"] for f in found} <= {"not_found", "inconclusive"}
    assert "Traceback" not in page.read_text(encoding="utf-8")


def test_the_roster_speaks_the_readers_language(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        simulated(home, "spoken", tiny(2))
        case = kit.open("spoken", edition="internal")
        assert case.report.roster_labels("party")["Harbour Party"] == {
            "en": "Harbour Party",
            "fr": "Parti du Port",
        }
        for table in (targets.ranking(case), targets.roster_shares(case)):
            said = table.attrs["words"]["category"]
            assert set(table["category"].dropna()) <= set(said)
            with within("fr"):
                assert say(Text(said["government"])) == "parti au pouvoir"
        path = home / "reports" / "spoken" / "roster.csv"
        rows = pd.read_csv(path, dtype=str).drop(columns=["party_fr"])
        rows.to_csv(path, index=False)
        assert kit.open("spoken").report.roster_labels("party")["Harbour Party"]["fr"] == "Harbour Party"
