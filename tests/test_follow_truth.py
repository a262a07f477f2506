"""Findings follow what was planted: other facts in the world, other findings on the page.

One world goes through the real notebook, three through the metrics; the truth is read from the world's tables.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import desk, simulated

import kit
from kit import report as reports
from kit.metrics import accounts
from kit.notebook.findings import finding_object
from kit.publish.run import run
from kit.redact import read_csv_back
from simulation import tiny

JULY = ((dt.date(2023, 7, 12), 30), (dt.date(2023, 7, 27), 40))
MAY = ((dt.date(2023, 5, 5), 15),)
#: what each world plants, and what has to be found
WORLDS: dict[str, dict[str, Any]] = {
    "many": {"share_new": 0.8, "share_hijacked": 0.0, "bursts": JULY, "share_empty_bio": (0.8, 0.35)},
    "none": {"share_new": 0.0, "share_hijacked": 0.6, "bursts": (), "share_empty_bio": (0.35, 0.35)},
    "elsewhere": {"share_new": 0.3, "share_hijacked": 0.25, "bursts": MAY, "share_empty_bio": (0.1, 0.6)},
    "unburst": {"share_new": 0.8, "share_hijacked": 0.1, "bursts": (), "share_empty_bio": (0.8, 0.35)},
}
EXPECTED: dict[str, dict[str, tuple[str, ...]]] = {
    "many": {"new_accounts": ("higher",), "old_accounts": ("lower",), "creation_burst": ("found",),
             "empty_profile": ("higher",)},
    "none": {"new_accounts": ("similar", "inconclusive"), "old_accounts": ("similar", "inconclusive", "lower"),
             "creation_burst": ("not_found",), "empty_profile": ("similar", "inconclusive")},
    "elsewhere": {"new_accounts": ("higher",), "creation_burst": ("found",), "empty_profile": ("lower",)},
    "unburst": {"new_accounts": ("higher",), "creation_burst": ("found",), "empty_profile": ("higher",)},
}  # fmt: skip
BY_NOTEBOOK = ("many",)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("truth")) as folder:
        yield folder


@pytest.fixture(scope="module")
def people(home: Path) -> dict[str, pd.DataFrame]:
    """The accounts of each world, with their age at the first post in the period; exports and reports written."""
    found = {}
    for name, planted in WORLDS.items():
        campaign = tiny(seed=7, platforms=(("x", 1.0),), studied_accounts=200, studied_posts=500, control_accounts=200,
                        control_posts=400, context_accounts=500, context_posts=1500, share_recent=0.05, **planted)  # fmt: skip
        world = simulated(home, name, campaign, notebooks=["01_account_age"])
        posts, table = world["posts"], world["accounts"]
        first = posts[posts["in_period"]].groupby("account_id")["created_at"].min()
        table["first"] = table["account_id"].map(first)
        days = table["first"].dt.normalize() - table["created_at"].dt.normalize()
        table["age"] = days.dt.days
        answers = posts[posts["in_period"] & posts["reply_to_id"].ne("")]
        theirs = set(answers.loc[answers["group"] == "studied", "reply_to_id"])
        table["beside"] = (
            table["group"].eq("context")
            & table["origin"].ne("member")
            & table["account_id"].isin(answers.loc[answers["reply_to_id"].isin(theirs), "account_id"])
        )
        found[name] = table
    return found


def by_metrics(name: str) -> dict[str, dict[str, Any]]:
    case = kit.open(name, edition="internal")
    items = [
        finding_object("creation_burst", accounts.batches, case,
                       {"newcomers_days": [30, 7, 90], "others": ["all", "control"]}, {}),
        finding_object("new_accounts", accounts.new_accounts, case, {"days": [30, 7, 90, 365]}, {}),
        finding_object("old_accounts", accounts.old_accounts, case, {"years": [2.0, 1.0, 3.0, 5.0]}, {}),
        finding_object("empty_profile", accounts.empty_profile, case,
                       {"field": ["bio", "location", "profile_url"], "posting_only": [False, True]}, {}),
    ]  # fmt: skip
    facts = accounts.account_facts(case).to_dict("records")
    days = accounts.creation_bursts(case)
    return {i["id"]: i for i in items} | {
        "facts": {(f["id"], f["group"]): f["value"] for f in facts},
        "burst days": dict(days.loc[days["group"] == "studied", ["first_day", "accounts"]].values.tolist()),
    }


def by_notebook(name: str) -> dict[str, dict[str, Any]]:
    (page,) = run(
        reports.load(name), editions=["internal"]
    )  # true numbers: what public pages round is tried elsewhere
    entries = json.loads((page.parent / "findings.json").read_text(encoding="utf-8"))
    assert all(e["notebook"] == "01_account_age" for e in entries)
    days = read_csv_back(page.parent / "tables" / "creation_bursts.csv")
    days = days[days["group"] == "studied"].dropna(subset="accounts")
    html = page.read_text(encoding="utf-8")
    for entry in entries:
        assert set(entry["text"]) == {"en"}
        if entry["kind"] == "finding":
            assert len(entry["sensitivity"]) >= 3
            assert entry["text"]["en"].split("(")[0].strip().replace("'", "&#39;") in html
    return {e["id"]: e for e in entries if e["kind"] == "finding"} | {
        "facts": {(e["id"], e["group"]): e["value"] for e in entries if e["kind"] == "fact"},
        "burst days": dict(days[["first_day", "accounts"]].values.tolist()),
    }


@pytest.fixture(scope="module")
def findings(people: dict[str, pd.DataFrame]) -> dict[str, dict[str, dict[str, Any]]]:
    return {name: (by_notebook if name in BY_NOTEBOOK else by_metrics)(name) for name in WORLDS}


every_world = pytest.mark.parametrize("name", WORLDS)


def share(yes: pd.Series) -> float:
    return float(yes.mean())


@every_world
def test_verdicts_follow_what_was_planted(findings: Any, name: str) -> None:
    found = {i: findings[name][i]["verdict"] for i in EXPECTED[name]}
    assert {i: v for i, v in found.items() if v not in EXPECTED[name][i]} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in WORLDS if n not in BY_NOTEBOOK])
def test_the_page_says_what_the_metrics_say(findings: Any, name: str) -> None:
    page = by_notebook(name)
    for claim in EXPECTED[name]:
        assert page[claim]["verdict"] == findings[name][claim]["verdict"], claim
    assert set(page["burst days"].items()) <= set(findings[name]["burst days"].items())
    assert bool(page["burst days"]) == bool(findings[name]["burst days"])


def test_every_verdict_of_every_finding_differs_between_worlds(findings: Any) -> None:
    """A finding that says the same whatever is planted says nothing."""
    said = {claim: {findings[name][claim]["verdict"] for name in WORLDS} for claim in EXPECTED["many"]}
    assert "higher" in said["new_accounts"] - {"similar"}
    assert len(said["new_accounts"]) > 1
    assert {"found", "not_found"} <= said["creation_burst"]
    assert {"higher", "lower"} <= said["empty_profile"]


@every_world
def test_shares_are_those_of_the_world(findings: Any, people: dict[str, pd.DataFrame], name: str) -> None:
    table, found = people[name], findings[name]
    for group, part in (("studied", lambda e: e), ("control", lambda e: e["control"])):
        # the others under the same posts stand beside the studied: the labelled control answers other people
        mine = table[table["beside"] if group == "control" else table["group"] == group]
        assert found["new_accounts"]["against"] == "repliers"
        ages = mine["age"].dropna()
        ages = ages[ages >= 0]
        expected = {
            "new_accounts": (share(ages < 30), len(ages)),
            "old_accounts": (share(ages >= 730.5), len(ages)),
            "empty_profile": (share(mine["bio"].str.strip() == ""), len(mine)),
        }
        for claim, (value, n) in expected.items():
            entry = part(found[claim])
            if entry["value"] is None:  # withheld on the page: fewer than ten people
                assert name in BY_NOTEBOOK
                few = min(round(value * n), n - round(value * n))
                assert 1 <= few < 10, claim
                continue
            assert (entry["value"], entry["n"]) == (pytest.approx(value, abs=2e-6), n), claim
            assert entry["low"] <= entry["value"] <= entry["high"]


@every_world
def test_bursts_are_on_the_days_they_were_planted(
    findings: Any, people: dict[str, pd.DataFrame], name: str
) -> None:
    table, found = people[name], findings[name]
    studied = table[table["group"] == "studied"]
    made = studied["created_at"].dt.strftime("%Y-%m-%d")
    planted = {str(day): n for day, n in WORLDS[name]["bursts"]}
    assert (
        studied.loc[studied["burst"].astype(str) != "", "burst"].astype(str).value_counts().to_dict()
        == planted
    )
    for day, count in found["burst days"].items():
        assert count == (made == str(day)).sum()
    assert set(planted) <= set(map(str, found["burst days"])) if planted else not found["burst days"]
    entry = found["creation_burst"]
    if planted:
        assert entry["value"] >= max(planted.values()) / len(studied)


@every_world
def test_facts_follow_too(findings: Any, people: dict[str, pd.DataFrame], name: str) -> None:
    table, facts = people[name], findings[name]["facts"]
    for group in ("studied", "control", "context"):
        mine = table[table["group"] == group]
        posting = int(mine["first"].notna().sum())
        assert facts["accounts", group] == len(mine)
        assert facts["accounts_posting", group] in (posting, None)
        assert facts["followers_mean", group] == pytest.approx(mine["followers"].mean(), rel=1e-5)
        peak = mine["created_at"].dt.date.value_counts().max()
        assert facts["creation_peak_day", group] in (peak, None)
        if peak >= 10:
            assert facts["creation_peak_day", group] == peak


def test_the_planted_share_moves_the_finding_up(findings: Any) -> None:
    order = sorted(WORLDS, key=lambda name: WORLDS[name]["share_new"])
    values = [findings[name]["new_accounts"]["value"] or 0 for name in order]
    assert values[0] < values[1] < min(values[2:])
