"""What a public page once gave away: a report made to be asked about, and its second version with one account less.

120 studied and 120 control accounts answer twelve members of an invented chamber. Of the studied accounts four
never post (their followers: 11, 22, 33 and 1,234,567), three have no date, and one writes the only post of 20 March.
One of the twelve members is the only speaker, and may not be named.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import attacker
import crowds
import pandas as pd
import pytest
from attacker import Attack
from crowds import Crowd, Person, Published
from shared import once
from test_attacker import Truth, attacked, false, moved, protected
from worlds import desk

from kit import notebook
from kit.disclosure import Bounds, protect, rule
from kit.errors import MetricError
from kit.notebook import kept
from kit.publish import ledger
from kit.report import LEDGER

RICH, ALONE = 1_234_567, dt.date(2025, 3, 20)
SILENT = {10: 11, 11: 22, 12: 33, 13: RICH}
UNDATED = (3, 4, 5)
GONE = "10000050"


def chamber() -> Crowd:
    """The report's crowd."""
    rnd = random.Random("chamber")
    people = [
        _person(rnd, place, group, number)
        for place, (group, size) in enumerate((("studied", 120), ("control", 120), ("context", 12)), 1)
        for number in range(size)
    ]
    members = [one for one in people if one.group == "context"]
    for one in members:
        for week in range(8):
            crowds.add(one, crowds.START + dt.timedelta(4 * week), "en", None, 3)
    for one in people:
        if one.group != "context" and one.followers not in SILENT.values():
            own = random.Random(one.id)
            for _ in range(6):
                day = crowds.START + dt.timedelta(own.randrange(33))
                crowds.add(one, day, own.choice(("en", "fr")), own.choice(members), own.randrange(3))
    crowds.add(people[0], ALONE, "en", members[0])
    categories = ["speaker" if i == 5 else "government" if i < 6 else "opposition" for i in range(12)]
    return Crowd(
        0, people, [(m.id, c, i % 4 == 0) for i, (m, c) in enumerate(zip(members, categories, strict=True))]
    )


def _person(rnd: random.Random, place: int, group: str, number: int) -> Person:
    made = dt.date(2015, 1, 1) + dt.timedelta(rnd.randrange(3600))
    followers = rnd.randrange(40, 5000)
    if group == "studied":
        made, followers = None if number in UNDATED else made, SILENT.get(number, followers)
    return Person(
        f"{place}{number:07d}", group, "x", made, followers, rnd.randrange(5, 500), f"life of {number}"
    )


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Published]]:
    """The first version; and after it the second one with everybody, and with one account less."""
    return once(tmp_path_factory, "chamber", _versions)


def _versions(home: Path) -> dict[str, Published]:
    found = {}
    with desk(home):
        crowds.write(home, "first", chamber())
        found["first"] = crowds.published("first", home / "of-first", draw=False)
        shown = ledger.shown(kept.quantities(home / "of-first"))
        for name, crowd in (("same", chamber()), ("less", chamber().without(GONE))):
            folder = crowds.write(home, name, crowd)
            (folder / LEDGER).write_text(json.dumps({"versions": [{"shown": shown}]}), encoding="utf-8")
            found[name] = crowds.published(name, home / f"of-{name}", draw=False)
    return found


@pytest.fixture
def first(versions: tuple[Path, dict[str, Published]]) -> Published:
    return versions[1]["first"]


@pytest.fixture
def solved(first: Published) -> tuple[Attack, Truth]:
    attack, true = attacked(first), Truth(chamber())
    attacker.solve(attack.puzzle)
    return attack, true


def words(found: Published) -> str:
    """Everything that stands in tables, sentences and descriptions."""
    return json.dumps([found.tables, found.stated, found.alts], ensure_ascii=False)


def _fact(found: Published, id: str, group: str = "studied") -> dict[str, Any]:
    return next(one for one in found.stated if (one["id"], one["group"]) == (id, group))


def test_it_is_the_report_that_was_asked_about() -> None:
    true = Truth(chamber())
    assert [true((n, "studied")) for n in ("accounts", "posting", "silent", "undated")] == [120, 116, 4, 3]
    assert true(("posting", "studied", "x", "from", str(ALONE), str(ALONE))) == 1


def test_that_nearly_all_posted_is_not_told_as_hardly_any(first: Published) -> None:
    """Entry 2: 116 of 120 was told as "fewer than 10 accounts"."""
    said = _fact(first, "accounts_posting")
    assert (said["value"], said["shown"]["value"][0]) == (120, "all_but")
    assert said["text"]["en"].endswith(": all but fewer than 10.")
    assert "sauf" in said["text"]["fr"]
    shown = rule.people(115, 120)
    assert (shown.kind, shown.value) == ("all_but", 120)


def test_nothing_that_is_said_is_false_and_nothing_more_is_learned(solved: tuple[Attack, Truth]) -> None:
    """Entry 3: that 4 are silent and 3 have no date was worked out from other tables."""
    attack, true = solved
    assert not false(attack, true)
    assert {("silent", "studied"), ("undated", "studied")} <= set(protected(attack, true))
    assert attacker.learned(attack.puzzle, protected(attack, true)) == []


def test_means_times_their_n_give_nobodys_followers(solved: tuple[Attack, Truth]) -> None:
    """Entry 3: two means times their n gave the followers of the four silent accounts, one of them with nearly all."""
    totals = solved[0].totals
    everybody, posting = (totals.get(("known followers", "studied", *more)) for more in ((), ("posting",)))
    if everybody and posting:
        silent = everybody[0] - posting[1], everybody[1] - posting[0]
        assert silent[1] - silent[0] > RICH
    assert str(RICH) not in json.dumps([sorted(map(str, total)) for total in totals.values()])


def test_a_second_version_tells_nothing_of_the_account_that_was_taken_out(
    versions: tuple[Path, dict[str, Published]],
) -> None:
    """Entry 4: means times n differed by its followers, days by its posts."""
    same, less = versions[1]["same"], versions[1]["less"]
    assert moved(same, less) == []
    spans = [
        {(r["platform"], r["day"], r["day_to"]): r["posts"] for r in v.tables["coverage"]}
        for v in (same, less)
    ]
    apart = [float(spans[0][s] or 0) - float(spans[1][s] or 0) for s in spans[0].keys() & spans[1].keys()]
    assert all(difference % 10 == 0 for difference in apart)


def test_no_day_of_a_single_account_is_told(first: Published) -> None:
    """Entry 5: one post on 20 March, and one target whose last day it is."""
    days = [(r["group"], r["day"], r["day_to"]) for r in first.tables["coverage"]]
    assert not [one for one in days if one[1] == one[2] == str(ALONE)]
    for table in ("ranking", "sources", "summary"):
        for row in first.tables[table]:
            assert str(ALONE) not in (row.get("last_day"), row.get("first_day")), table


def test_the_axis_does_not_end_on_the_day_of_a_single_account(first: Published) -> None:
    assert str(ALONE) not in words(first)


def test_nobody_is_named_by_a_category(first: Published) -> None:
    """Entry 6: there is one speaker, who may not be named."""
    assert "speaker" not in words(first)
    assert "Invented 0005" not in words(first)


def test_no_month_of_a_single_account_and_no_peak_day_is_told(first: Published) -> None:
    """Entry 8: the twelve accounts of the members in months of one, and the day on which one of them was made."""
    for row in first.tables["creations"]:
        assert row.get("accounts_shown", "") != "small"
    for group in crowds.GROUPS:
        made = [one.made for one in chamber().people if one.group == group and one.made]
        single = {str(day) for day in made if made.count(day) < 10}
        peak = next((o for o in first.stated if (o["id"], o["group"]) == ("creation_peak_day", group)), None)
        assert peak is None or peak["label"] not in single


NAMES = (
    "accounts silent_accounts n people users authors members targets new_targets Accounts account_count pairs nb_comptes"
    " count_star() count(DISTINCT~account_id)"
).split()


@pytest.mark.parametrize("name", [name.replace("~", " ") for name in NAMES])
def test_people_under_whatever_name_are_shown_with_a_unit_or_not_at_all(name: str) -> None:
    """Entry 9: only `accounts` and `n` were taken for people."""
    table = pd.DataFrame({"kind": list("abc"), name: [1, 3, 500]})
    table.attrs["name"] = "own"
    with pytest.raises(MetricError, match="nobody said what is counted"):
        protect(table, Bounds())
    shown = protect(table, Bounds(), units={name: "accounts"}).table
    assert shown[name].isna().tolist() == [True, True, False]


def test_a_notebook_of_ones_own_shows_no_count_of_three_people(
    versions: tuple[Path, dict[str, Published]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry 9, by the door that an analyst takes."""
    import kit

    query = """SELECT 'first' AS which, count(*) AS people FROM (SELECT DISTINCT account_id FROM posts ORDER BY 1 LIMIT 3)"""
    with desk(versions[0]):
        monkeypatch.setenv("DAYLIGHT_OUT", str(tmp_path))
        monkeypatch.setattr(notebook, "display", lambda *_a, **_k: None)
        case = kit.open("first")
        with pytest.raises(MetricError, match="'people'"):
            kit.show(case.sql(query), name="people_words")
        assert not list(tmp_path.rglob("*.csv"))
        kit.show(case.sql(query), name="people_words", units={"people": "accounts"})
    assert (tmp_path / "tables" / "people_words.csv").read_text().splitlines()[1] == '"first",,"small"'
