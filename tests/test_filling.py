"""Do some accounts gather under the same posts: crowds of which a part is called studied, and floods."""

from __future__ import annotations

import numpy as np
import pytest

from kit.inference.filling import Filling, filling


def crowd(seed: int, accounts: int = 400, replies: int = 3000, posts: int = 200) -> tuple[np.ndarray, ...]:
    """account, post, sent of a crowd that answers posts of unequal popularity."""
    rng = np.random.default_rng(seed)
    popularity = rng.pareto(2, posts) + 0.3
    account, post = (
        rng.integers(0, accounts, replies),
        rng.choice(posts, replies, p=popularity / popularity.sum()),
    )
    return account, post, np.ones(replies)


def asked(seed: int, share: float) -> Filling:
    account, post, sent = crowd(seed)
    studied = np.random.default_rng(seed + 1).random(400) < share
    return filling(account, post, sent, studied, seed=seed, draws=199)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_part_of_a_crowd_fills_what_is_expected(share: float) -> None:
    found = [asked(seed, share) for seed in range(20)]
    assert abs(np.mean([f.share - f.expected for f in found])) < 0.05
    assert sum(f.outcome == "found" for f in found) <= 1


def test_a_flood_is_found() -> None:
    account, post, _sent = crowd(1)
    rng = np.random.default_rng(2)
    account = np.r_[account, np.repeat(np.arange(400, 500), 5)]
    post = np.r_[post, rng.integers(0, 25, 500)]
    found = filling(account, post, np.ones(len(post)), np.arange(500) >= 400, seed=1)
    assert found.outcome == "found"
    assert found.share > found.expected + 0.3


def test_nothing_is_said_of_few_posts_or_of_posts_that_nobody_else_answers() -> None:
    account, post, sent = crowd(3, posts=15)
    few = filling(account, post, sent, np.arange(400) < 200, seed=1, draws=99)
    assert few.outcome == "few_posts"
    account, post, sent = crowd(4)
    mine = account < 200
    apart = filling(account, np.where(mine, post, post + 200), sent, np.arange(400) < 200, seed=1, draws=99)
    assert apart.covered == 0
    assert apart.outcome == "uncovered"


def test_a_group_that_is_nearly_everybody_cannot_be_seen() -> None:
    found = asked(5, 0.97)
    assert found.expected > 0.9
    assert found.outcome == "inconclusive"


def test_the_numbers_are_those_of_every_post_by_hand() -> None:
    account, post, sent = crowd(6, replies=600, posts=40)
    studied = np.arange(400) < 150
    found = filling(account, post, sent, studied, minimum=5, least=0.5, seed=1, draws=19)
    filled, answered, mine_shared, mine_all = 0, 0, 0, 0
    for p in range(40):
        here = account[post == p]
        theirs = int(studied[here].sum())
        if len(here) >= 5 and theirs:
            answered += 1
            filled += theirs / len(here) >= 0.5
            mine_all += theirs
            mine_shared += theirs if len(here) > theirs else 0
    assert found.posts == answered
    assert found.share == pytest.approx(filled / answered, abs=1e-12)
    assert found.covered == pytest.approx(mine_shared / mine_all, abs=1e-12)


def test_unknown_authors_are_never_drawn() -> None:
    account, post, sent = crowd(7)
    account = np.where(np.arange(len(account)) % 3 == 0, -1, account)
    found = filling(account, post, sent, np.arange(400) < 200, seed=1, draws=49)
    assert found.share == pytest.approx(found.expected, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_false_alarms_stay_rare(share: float) -> None:
    assert sum(asked(seed, share).outcome == "found" for seed in range(200)) <= 8


def test_people_of_one_topic_are_no_flood() -> None:
    """Half of the posts are of one topic, and those who answer it mostly are called studied."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        fond = rng.random(400) < 0.3
        account = rng.integers(0, 400, 3000)
        own = rng.random(3000) < np.where(fond[account], 0.85, 0.25)
        post = rng.integers(0, 100, 3000) + np.where(own, 0, 100)
        found = filling(account, post, np.ones(3000), fond, seed=seed, draws=199)
        assert found.share > found.expected
        assert found.outcome == "inconclusive"
