"""Worlds whose truth is known: 8 seeds each time, 20 and 200 in `make check`, which docs/coordination-acceptance.md must agree with."""

from __future__ import annotations

import numpy as np
import pytest
import synchrony_acceptance as acceptance
from needs import LONG

from simulation import coaction as worlds

FAST = 20 if LONG else 8
MOST = 0.85 * FAST


def each(setting: worlds.Setting) -> list[acceptance.Outcome]:
    """What is said with each seed, the origins known in every other one."""
    return [acceptance.run(setting, seed, acceptance.ORIGINS[seed % 2]) for seed in range(FAST)]


@pytest.mark.parametrize("name", worlds.WORLDS)
def test_c8_nobody_is_validated_where_nobody_is_planted(name: str) -> None:
    seen = each(worlds.WORLDS[name])
    assert sum(o.edges["validated"] > 0 for o in seen) == 0
    fans = worlds.WORLDS[name].fans > 0
    assert sum(o.edges["synchronised"] > 0 for o in seen) == (FAST if fans else 0)


def test_c9_the_impossible_case_carries_its_mark() -> None:
    name, origin = acceptance.IMPOSSIBLE
    seen = acceptance.outcomes(worlds.STRESS[name], 5, origin)
    assert all(o.edges["validated"] > 0 and o.marked for o in seen)
    seen = acceptance.outcomes(worlds.STRESS[name], 5, "known")
    assert all(o.edges["validated"] == 0 and o.edges["synchronised"] > 0 for o in seen)


@pytest.mark.parametrize("name", worlds.WORLDS)
def test_c10_a_planted_group_is_found(name: str) -> None:
    seen = each(worlds.planted(worlds.WORLDS[name]))
    assert sum(o.recall["validated"] >= 0.9 for o in seen) >= MOST
    assert max(o.innocents["validated"] for o in seen) <= 1


@pytest.mark.parametrize("name, who", [("news desk", "desk"), ("fans", "fans"), ("planted", "group")])
def test_c11_clusters_get_their_names(name: str, who: str) -> None:
    seen = each(acceptance.NAMED[name])
    assert {o.look[who]["name"] for o in seen} == {acceptance.NAMES[who]}


def test_c12_contamination_is_noticed() -> None:
    assert sum(o.look["group"]["contaminated"] for o in each(worlds.CONTAMINATED)) >= FAST - 1
    assert not any(o.edges["synchronised"] for o in each(worlds.Setting()))


def test_thresholds_accuse_the_innocent_in_these_worlds() -> None:
    """The worlds are hard: three shared objects within a minute, the usual rule, accuses a sixth of all accounts."""
    acts = worlds.world("independent", np.random.default_rng([acceptance.SEED, 0]))
    table = acceptance.detect(acts, "unknown", windows=(60,), occasions=False).pairs
    assert len(np.unique(table[["a", "b"]])) > 40


def test_the_document_names_what_the_test_cannot_know() -> None:
    text = acceptance.DOCUMENT.read_text(encoding="utf-8")
    assert "validated every time (100 of 100 worlds" in text
    assert "No finding is not a finding of no coordination" in text
    for title in ("Known blindness", "Power", "Names and flags", "Nobody is planted"):
        assert f"\n## {title}" in text


@pytest.mark.slow
def test_acceptance_in_full() -> None:
    found = acceptance.tables()
    missed = acceptance.missed(found)
    assert not missed, "\n".join(missed)
    written = acceptance.DOCUMENT.read_text(encoding="utf-8")
    differ = acceptance.apart(written, acceptance.page(found))
    assert not differ, "run python -m tests.synchrony_acceptance\n" + "\n".join(differ)
