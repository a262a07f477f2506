"""Worlds whose truth is known: 8 seeds each time, 20 and 200 in `make check`, which docs/copying-acceptance.md must agree with."""

from __future__ import annotations

import copying_acceptance as acceptance
import pytest
from needs import LONG

from simulation.copying import WORLDS, Network

#: every honest community is in one of them; `make check` has all worlds
FAST = (
    "N0 quiet",
    "N1 hot: 25 slogans",
    "N3 headlines",
    "all honest but N8, hard",
)
HONEST = [w for w in WORLDS if w not in (acceptance.KNOWN_FAILURE, "N4 commercial")]
SEEDS = 20 if LONG else 8
MOST = 0.85 * SEEDS


@pytest.mark.parametrize("world", FAST)
def test_g9_honest_worlds_are_not_validated(world: str) -> None:
    row = acceptance.null(world, SEEDS)
    assert row.validated == 0
    assert row.ordinary_most == 0
    assert "ordinary" not in row.who  # also not those who share headlines
    if not {"N2", "N5", "N6", "N7"} & set(WORLDS[world][0]):
        assert row.text == 0  # only ordinary people copy


def test_g9_the_known_failure_is_wrong_and_carries_its_marks() -> None:
    """The caller prints, with every validated group, that a closed community abroad would look the same."""
    row = acceptance.null(acceptance.KNOWN_FAILURE, SEEDS)
    assert row.validated >= MOST
    groups = row.fired["fans abroad"]
    assert (groups["state"] == "validated").sum() >= MOST
    assert groups[["created", "no_reaction", "hours"]].to_numpy().mean() > 0.9
    assert not groups["spread"].any()
    text = acceptance.DOCUMENT.read_text(encoding="utf-8")
    assert f"**{acceptance.KNOWN_FAILURE}** (known failure)" in text
    assert "closed community of newcomers abroad that nobody answers would look the same" in " ".join(
        text.split()
    )


def test_g15_spam_is_found_and_named() -> None:
    spam = acceptance.null("N4 commercial", SEEDS).fired["spam"]
    assert len(spam) >= MOST
    assert set(spam["name"]) == {"promotion"}


@pytest.mark.parametrize("network, least", acceptance.BARS)
def test_g11_networks_are_found(network: Network, least: float) -> None:
    found = acceptance.many(SEEDS, acceptance.MIXED, network=network)
    assert acceptance.mean_recall(found, "validated") >= least
    assert sum(s.recall["validated"] >= least - 0.1 for s in found) >= MOST
    assert max(s.ordinary for s in found) <= 2
    assert not any(s.honest["validated"].any() for s in found)


def test_g12_a_weak_network_among_hot_slogans_draws_nobody_in() -> None:
    hot = (*acceptance.MIXED, "N1 hot")
    found = acceptance.many(SEEDS, hot, network=Network(2000, 7.5, 150, 0.3))
    assert max(s.ordinary for s in found) <= 5
    assert acceptance.mean_recall(found, "text") > 0.4


@pytest.mark.slow
def test_acceptance_with_200_seeds() -> None:
    rows = acceptance.nulls(200)
    document, power = acceptance.written()
    assert set(document) == set(WORLDS)
    for row in rows:
        for told, measured in zip(document[row.world], (row.text, row.two, row.validated), strict=True):
            assert abs(told - measured) <= 12, (row.world, "run copying_acceptance")
    for row in rows:
        if row.world in HONEST:
            assert row.validated == 0, row.world
            assert acceptance.upper(row.validated, row.seeds) <= 0.08
            assert row.ordinary_most <= 2
    for network, least in acceptance.BARS:
        found = acceptance.many(100, acceptance.MIXED, network=network)
        told = power[network.accounts, network.posts_each, network.templates, network.template_share]
        for level, value in zip(("text", "validated"), told, strict=True):
            recall = acceptance.mean_recall(found, level)
            assert recall >= least, network
            assert abs(recall - value) <= 0.05, (network, "run copying_acceptance")
        assert max(s.ordinary for s in found) <= 2
    weak = acceptance.many(200, (*acceptance.MIXED, "N1 hot"), network=Network(2000, 7.5, 150, 0.3))
    assert max(s.ordinary for s in weak) <= 5
