"""The worlds of docs/acceptance.md are what they say they are, the counting can fail, and a few worlds are judged each time."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from acceptance import communities, desk, pages, plan, planted, table, trees
from scipy import stats

from kit.claims import CLAIMS

FOLDER = Path(__file__).parent / "acceptance"


@pytest.mark.parametrize("name", ["trees", "planted", "communities"])
def test_the_worlds_know_nothing_of_what_measures_them(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    said = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {alias.name for node in said if isinstance(node, ast.Import) for alias in node.names}
    named |= {"." * node.level + (node.module or "") for node in said if isinstance(node, ast.ImportFrom)}
    own = {"__future__", "collections", "collections.abc", "dataclasses", "datetime", "typing", "numpy"}
    assert named <= own | {"pandas", ".trees"}


def test_every_finding_of_the_notebooks_is_asked() -> None:
    calls = [node for node in ast.walk(ast.parse(pages.asked())) if isinstance(node, ast.Call)]
    ids = [ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "kit.finding"]
    text = "".join(path.read_text(encoding="utf-8") for path in pages.NOTEBOOKS.glob("*.ipynb"))
    assert len(ids) == len(set(ids)) == text.count("kit.finding(")
    assert set(ids) <= set(CLAIMS)


def test_a_crowd_is_the_same_for_the_same_seed_and_nobody_posts_before_the_account_is_made() -> None:
    posts, accounts = trees.frames(trees.crowd(5))
    again, _accounts = trees.frames(trees.crowd(5))
    assert posts.equals(again)
    assert not posts.equals(trees.frames(trees.crowd(6))[0])
    made = accounts.set_index("id")["made"]
    assert (made.reindex(posts["user"]).to_numpy() <= posts["time"].str[:10].to_numpy()).all()
    counts = posts["user"].value_counts()
    assert counts.median() < counts.mean() < counts.max() / 10  # many write once, few all day
    assert set(posts["re_post"]) - {""} <= set(posts["id"])


def test_people_sleep_and_those_without_a_clock_do_not() -> None:
    def spread(rhythm: bool) -> float:
        posts, _accounts = trees.frames(trees.crowd(7, trees.Law(people=900, rhythm=rhythm)))
        hours = posts["time"].str[11:13].astype(int).value_counts().reindex(range(24), fill_value=0)
        return float(hours.max() / hours.min())

    assert spread(rhythm=True) > 3 > 1.6 > spread(rhythm=False)


def test_communities_are_cut_where_they_say() -> None:
    thread, event = communities.thread(3), communities.event(3)
    mine = {row["re_post"] and row["opener"] for row in thread.posts if _is(thread, row, "studied")} - {""}
    others = {row["opener"] for row in thread.posts if _is(thread, row, "control")}
    assert len(mine) == 1
    assert not mine & others
    events = [{row["event"] for row in event.posts if _is(event, row, g)} for g in ("studied", "control")]
    assert len(events[0]) == 1
    assert not events[0] & events[1]


def _is(world: trees.World, row: dict[str, Any], group: str) -> bool:
    return world.group[row["user"]] == group


@pytest.mark.parametrize("part", [planted.PURE, planted.HALF, planted.TENTH])
def test_a_list_holds_its_group_in_the_part_that_is_said(part: float) -> None:
    world = planted.batch(4, 7, part, 20)
    studied = [who for who, group in world.group.items() if group == "studied"]
    assert len(world.planted) == 20 == round(part * len(studied))
    made = sorted(np.datetime64(row["made"]) for row in world.accounts if row["id"] in world.planted)
    assert (made[-1] - made[0]).astype(int) <= 7


def test_what_is_planted_is_there() -> None:
    def own(world: trees.World) -> list[dict[str, Any]]:
        return [row for row in world.posts if row["user"] in world.planted]

    for delay in (0, 1800):
        world = planted.amplification(4, delay, 1.0)
        acts = [row for row in own(world) if "a" in row["id"]]
        at = {row["id"]: row["at"] for row in world.openers}
        assert all(delay <= row["at"] - at[row["re_post"]] <= delay + 45 for row in acts)
        assert len({row["re_post"] for row in acts}) == 25
    for share in (0.15, 0.6):
        mine = own(planted.templates(4, share, 1.0))
        assert abs(sum("t" in row["id"] for row in mine) / len(mine) - share) < 0.05
    assert len({row["re_post"] for row in own(planted.flood(4, 1.0))}) == 20
    desks = Counter(int((row["at"] / trees.HOUR + 8) % 24) for row in own(planted.office(4, 1.0)))
    assert set(desks) == {9, 10, 11, 13, 14, 15, 16, 17}


def test_the_interval_is_scipys() -> None:
    for k, n in ((0, 45), (3, 100), (50, 50), (7, 160)):
        theirs = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert table.wilson(k, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def _row(cell: plan.Cell, said: dict[str, str], **more: Any) -> dict[str, Any]:
    row = {"cell": cell.name, "kind": cell.kind, "number": 0, "joined": 0, "found": 0, "planted": 10}
    return row | {"said": {k: [v, v] for k, v in said.items()}, "tested": dict.fromkeys(said, True)} | more


def test_a_finding_that_speaks_too_often_a_group_not_found_and_an_innocent_joined_are_failures() -> None:
    split, crew = plan.cells()[0], next(c for c in plan.cells() if c.expects and c.promised)
    clean = [_row(split, {"new_accounts": "similar", "daily_rhythm": "found"})] * 96
    seen = [_row(crew, {crew.expects[0][0]: "found"})] * 10
    assert table.failing(clean + seen) == []
    loud = [_row(split, {"new_accounts": "higher"})] * 6
    assert {what for what, _w, _r in table.failing(clean + loud)} == {"new_accounts", "the page"}
    blind = [_row(crew, {crew.expects[0][0]: "inconclusive"})] * 3
    assert [where for _what, where, _r in table.failing(clean + seen + blind)] == [crew.name]
    fallen = [_row(split, {}, error="MetricError: no")]
    assert [what for what, _w, _r in table.failing(clean + fallen)] == ["no page: MetricError: no"]
    dirty = [_row(split, {}, joined=2)] * 9
    assert [what for what, _w, _r in table.failing(clean + dirty)] == ["innocents joined"]
    assert table.unshown(clean)[0].startswith(
        "random splits of real people"
    )  # of 96 splits the interval is narrow
    assert table.unshown(clean[:20])[0].startswith("random splits of simulated")


def test_what_was_tested_nowhere_counts_neither_way() -> None:
    split = plan.cells()[0]
    rows = [_row(split, {"new_accounts": "inconclusive"}, tested={"new_accounts": False})]
    assert table.by_finding(rows, {split.name: split}) == {}


def test_equals_are_called_equal_and_a_network_is_seen(tmp_path: Path) -> None:
    """A few worlds of docs/acceptance.md, from exports to findings: splits of three crowds, and a list that is a network."""
    cells = {cell.name: cell for cell in plan.cells()}
    equal = [cells[f"reply trees, {share}"] for share in ("50:50", "80:20", "20:80")]
    with desk.home(tmp_path):
        rows = [plan.result(cell, 90, tmp_path) for cell in equal]
        seen = plan.result(cells["a network with every mark, half of it"], 90, tmp_path)
    false = [(row["cell"], row["seed"], table.false_ones(row, cells[row["cell"]])) for row in rows]
    assert sum(bool(ids) for _cell, _seed, ids in false) <= 1, false  # at 5 % a page: more in 7 of 1,000
    assert sum(row["joined"] for row in [*rows, seen]) == 0
    found = [ids for ids in cells[seen["cell"]].expects if plan.spoke(seen, ids)]
    assert len(found) >= 2, seen["said"]  # of three marks
