"""Do some accounts gather under the same posts more than accounts drawn at random from all who answer there?

Half of any crowd writes at least half of the replies under many posts, and people of one topic write most of those
under its posts. So the share of posts that a group fills stands beside the same share when as many accounts are drawn
at random from all who answer posts that the group answers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DRAWS = 999
ALPHA = 0.01
#: so many posts must be there, this part of the group's replies under posts that others answer too, and by so
#: much must the share exceed what is expected, which beyond `BLIND` it cannot
LEAST_POSTS, LEAST_COVERED, MARGIN, BLIND = 20, 0.5, 0.05, 0.9
#: people of one topic fill a quarter or a third of the posts of their topic: only most of the posts are a flood
MOST = 0.5


class Filling(NamedTuple):
    """A share of posts in which a group wrote most replies, and what as many accounts drawn at random write.

    `posts` are those that the group answered, `covered` is the part of its replies under posts that others answer
    too, `p` how often accounts drawn at random fill as many, `sure` p as high as the draws leave it.
    """

    share: float
    expected: float
    posts: int
    covered: float
    p: float
    sure: float

    @property
    def outcome(self) -> str:
        """few_posts, uncovered, found, or inconclusive; never that nothing is filled: a large group cannot be seen."""
        if self.posts < LEAST_POSTS:
            return "few_posts"
        if not self.covered >= LEAST_COVERED:
            return "uncovered"
        most = self.share >= MOST and self.share - self.expected >= MARGIN and self.expected <= BLIND
        return "found" if most and self.sure <= ALPHA else "inconclusive"


def filling(
    account: np.ndarray,
    post: np.ndarray,
    sent: np.ndarray,
    studied: np.ndarray,
    *,
    minimum: float = 5,
    least: float = 0.5,
    seed: int,
    draws: int = DRAWS,
) -> Filling:
    """Of the posts with at least `minimum` replies that the group answered, those of which it wrote at least `least`.

    `account`, `post` and `sent` have an entry for each account under each post (numbered from 0; an unknown account is
    -1 and never drawn); `studied` has one for each account.
    """
    replies = np.bincount(post, sent)
    known = account >= 0

    def filled(label: np.ndarray) -> tuple[float, np.ndarray]:
        mine = np.bincount(post[known], sent[known] * label[account[known]], minlength=len(replies))
        counted = (replies >= minimum) & (mine > 0)
        return float(np.mean(mine[counted] / replies[counted] >= least)) if counted.any() else np.nan, mine

    label, rng = studied.astype(float), np.random.default_rng(seed)
    share, mine = filled(label)
    there = np.zeros(
        len(studied), bool
    )  # who answers posts that the group answers, the group itself included
    there[account[known & (mine[post] > 0)]] = True

    def drawn_anew() -> np.ndarray:
        one = label.copy()
        one[there] = rng.permutation(label[there])
        return one

    counted = (replies >= minimum) & (mine > 0)
    shared = mine[counted & (replies > mine)].sum()
    covered = float(shared / mine[counted].sum()) if counted.any() else np.nan
    drawn = np.array([filled(drawn_anew())[0] for _ in range(draws)])
    drawn = drawn[np.isfinite(drawn)]
    p = (1 + int((drawn >= share - 1e-12).sum())) / (1 + len(drawn))
    sure = p + 2 * (p * (1 - p) / (1 + len(drawn))) ** 0.5
    expected = float(drawn.mean()) if len(drawn) else np.nan
    return Filling(share, expected, int(counted.sum()), covered, p, sure)
