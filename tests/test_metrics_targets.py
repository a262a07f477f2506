"""Targets: counts against plain pandas, the share of all replies, rosters, and worlds with other truths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import binomtest
from worlds import desk, post, report, simulated

import kit
from kit.errors import MetricError
from kit.metrics import targets
from kit.notebook.findings import finding_object
from kit.simulate import tiny

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
        yield written(home)


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


def test_ranking_names_only_whom_the_roster_allows(case: kit.Case) -> None:
    table = targets.ranking(case).query("group == 'studied'")
    assert table.posts.tolist() == [6, 2]
    assert table.accounts.tolist() == [6, 2]
    assert table.share.tolist() == pytest.approx([0.75, 0.25])
    assert table.target.tolist()[0] == "Odd Lantern"
    assert table.target.tolist()[1] not in ("Even Harbour", "m3")
    assert table.category.tolist() == ["north", "south"]


def test_the_share_of_all_replies_has_its_interval_and_its_whole_posts(case: kit.Case) -> None:
    table = targets.reply_domination(case, minimum=5)
    assert table.posts_answered.sum() == 2
    assert table.set_index("share_from").posts_answered[0.75] == 1  # 6 of 7
    row = by_group(targets.reply_fill(case, minimum=5, least=0.5))
    assert (row.n, row.complete, row.estimate) == (2, 0, 0.5)
    wanted = binomtest(1, 2).proportion_ci(method="wilson")
    assert (row.low, row.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))
    assert by_group(targets.reply_fill(case, minimum=1)).n == 3


def test_without_other_peoples_replies_the_share_cannot_be_known(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        rows = [post(i, f"s{i}", "2023-08-11T10:00:00Z", re_post="p1", re_user="m1") for i in range(1, 9)]
        report(home, "alone", posts={"studied": rows})
        case = kit.open("alone")
        assert targets.reply_domination(case).empty
        assert not targets.others_collected(case)
        vary = {"least": [0.5, 0.75, 0.9], "minimum": [5, 10]}
        found = finding_object("reply_fill", targets.reply_fill, case, vary, {})
    assert found["verdict"] == "cannot_tell"
    assert "cannot be known" in found["text"]["en"]


def test_the_roster_counts_people_once_however_many_accounts_they_have(case: kit.Case) -> None:
    table = targets.roster_shares(case).query("group == 'studied'").set_index("category")
    assert table.members.to_dict() == {"north": 1, "south": 2}
    assert table.roster_share.to_dict() == pytest.approx({"north": 1 / 3, "south": 2 / 3})
    assert table.posts.to_dict() == {"north": 6, "south": 2}


def test_a_briefing_list_is_for_the_internal_edition_only(case: kit.Case) -> None:
    with pytest.raises(MetricError, match="internal edition"):
        targets.briefing(case)
    whole = targets.briefing(kit.open("written", edition="internal"), minimum=1)
    assert whole.name.tolist() == ["Odd Lantern", "Even Harbour"]
    assert whole.posts.tolist() == [6, 2]


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


@pytest.mark.parametrize("alone", [0.0, 0.25, 0.8])
def test_posts_answered_by_the_network_alone_follow_the_planted_share(tmp_path: Path, alone: float) -> None:
    with desk(tmp_path) as home:
        world = simulated(home, "w", tiny(seed=5, share_unanswered=alone))
        case = kit.open("w")
        table = targets.reply_domination(case, minimum=1)
        internal = kit.open("w", edition="internal")
        posts = internal.sql(
            'SELECT reply_to_id, "group" FROM posts WHERE is_reply AND reply_to_id IS NOT NULL'
        )
    assert world
    counts = posts.groupby("reply_to_id")["group"].agg(lambda g: (g == "studied").mean())
    assert table.loc[table.share_from == 1, "posts_answered"].sum() == (counts == 1).sum()
    assert table.posts_answered.sum() == (counts > 0).sum()


@pytest.mark.parametrize("first", [0.05, 0.6])
def test_concentration_follows_the_planted_ranking(tmp_path: Path, first: float) -> None:
    with desk(tmp_path) as home:
        simulated(home, "w", tiny(seed=3, first_target=first))
        case = kit.open("w")
        one = by_group(targets.concentration(case, top=1))
        internal = kit.open("w", edition="internal")
        rows = internal.sql(
            "SELECT target_account_id FROM posts WHERE \"group\" = 'studied' AND target_account_id IS NOT NULL"
        )
    share = rows.target_account_id.value_counts(normalize=True).iloc[0]
    assert one.estimate == pytest.approx(share)
    assert one.low <= share <= one.high


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
    assert by_group(targets.reply_fill(case)).verdict == "cannot_tell"


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
    assert {f["verdict"] for f in found} <= {"absent", "cannot_tell"}
    assert "Traceback" not in page.read_text(encoding="utf-8")
