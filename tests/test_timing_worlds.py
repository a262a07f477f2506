"""Worlds whose truth is known: 20 seeds each time, 200 in `make check`, which docs/timing-acceptance.md must agree with."""

from __future__ import annotations

import pytest
import timing_acceptance as acceptance

from simulation.timing import WORLDS

TRAPS = [w for w in WORLDS if w != "office" and w not in acceptance.KNOWN_FAILURES]


def test_office_crews_are_named_and_the_set_holds_the_truth() -> None:
    tally = acceptance.clock_world("office", 400, 20)
    assert tally.told >= 14
    assert tally.wrong <= 1
    assert tally.covered >= tally.reached - 2
    assert sorted(tally.widths)[len(tally.widths) // 2] <= 3


@pytest.mark.parametrize("world", TRAPS)
def test_traps_are_refused(world: str) -> None:
    tally = acceptance.clock_world(world, 400, 20)
    assert tally.runs - tally.told >= 17


@pytest.mark.parametrize("world", acceptance.KNOWN_FAILURES)
def test_a5_the_known_failures_stand_in_the_document(world: str) -> None:
    """No statistic on hours can see a day that is shifted as a whole; the document must say so."""
    text = acceptance.DOCUMENT.read_text(encoding="utf-8")
    assert f"**{world}** (known failure)" in text
    assert "ordinary working day that starts between 8 and 10" in text
    assert "A day that is shifted as a whole" in text
    assert acceptance.clock_world(world, 400, 10).wrong > 0


@pytest.mark.slow
def test_acceptance_with_200_seeds() -> None:
    tallies = acceptance.clock_tallies(200)
    figures = [figure for part in acceptance.PARTS for figure in part(200)]
    by_name = {(t.world, t.posts): t for t in tallies}
    document = acceptance.written()
    assert {(posts, world) for world, posts in by_name} == set(document)
    for (world, posts), tally in by_name.items():
        assert abs(document[posts, world] - tally.share("told")) <= 0.06, (
            world,
            posts,
            "run timing_acceptance",
        )
    for posts in acceptance.SIZES:
        office = by_name["office", posts]
        assert office.coverage >= 0.93
        assert office.share("wrong") <= 0.05
        assert sorted(office.widths)[len(office.widths) // 2] <= 3
        for world in TRAPS:
            trap = by_name[world, posts]
            assert trap.share("told") <= 0.1, world
            assert trap.share("wrong") <= 0.05, world
    assert by_name["office", 400].share("told") >= 0.75
    for world in acceptance.READERS:
        assert by_name[world, 400].share("told") <= 0.05
    missed = [f"{f.test}, {f.world}: {f.value:.3f}" for f in figures if not f.met]
    assert not missed, "\n".join(missed)
