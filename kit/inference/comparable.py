"""Are two groups of accounts drawn from the same talk: the same posts and people answered, weeks, languages, platforms?

Two groups that speak of different things at different times differ in nearly everything, and none of it says
anything of either. So the overlap of where they are is measured first (`Together.overlap`), beside that of random
halves of both together, and what can be compared is compared inside what they share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from kit.inference.measures import Shares, Stratified
from kit.inference.together import Together

#: overlap from which groups count as alike, and below which they speak of other things
ALIKE, PARTLY = 0.8, 0.5
#: least accounts that can be compared inside what both share, and part of the first group that is there
LEAST_ACCOUNTS, LEAST_COVERED = 20, 0.5
#: random divisions, and the part of them that may overlap as little by chance
DRAWS, CHANCE = 199, 0.01


class Aspect(NamedTuple):
    """How far two groups overlap in one respect.

    `mine` and `others` are the accounts of which it is known, `overlap` is near 1 for halves of one crowd and 0 where
    nothing is shared, `usual` what 95 of 100 random divisions reach at least, `p` how often one overlaps as
    little. `covered` is the part of the first group where the other is too, `compared` how many accounts of the
    smaller side carry a comparison there.
    """

    mine: int
    others: int
    overlap: float
    usual: float
    p: float
    covered: float
    compared: float

    @property
    def known(self) -> bool:
        """Whether enough accounts of both groups tell of it."""
        return min(self.mine, self.others) >= LEAST_ACCOUNTS and np.isfinite(self.overlap)

    @property
    def outcome(self) -> str:
        """much_alike, partly_alike, unlike or unknown: less overlap than random divisions have, or too few to say."""
        if not self.known:
            return "unknown"
        if self.overlap >= ALIKE or self.p > CHANCE:
            return "much_alike"
        return "partly_alike" if self.overlap >= PARTLY else "unlike"

    @property
    def repairs(self) -> bool:
        """Whether differences can be taken inside what both groups share."""
        return self.covered >= LEAST_COVERED and self.compared >= LEAST_ACCOUNTS


NOTHING = Aspect(0, 0, float("nan"), float("nan"), float("nan"), 0.0, 0.0)


def aspect(account: np.ndarray, studied: np.ndarray, thing: np.ndarray, *, seed: int) -> Aspect:
    """How far two groups overlap in the things of their posts; one entry for each post: its account, group and thing."""
    keys, row = np.unique(account, return_inverse=True)
    mine = np.zeros(len(keys), bool)
    mine[row[studied]] = True
    if not mine.any() or mine.all():
        return NOTHING._replace(mine=int(mine.sum()), others=int((~mine).sum()))
    measure, rng = Together(keys, mine, row, thing), np.random.default_rng(seed)
    overlap = measure.overlap(mine, ~mine)
    drawn = np.array([measure.overlap(m, ~m) for m in (rng.permutation(mine) for _ in range(DRAWS))])
    drawn = drawn[np.isfinite(drawn)]
    usual = float(np.quantile(drawn, 0.05)) if len(drawn) else float("nan")
    p = (1 + int((drawn <= overlap + 1e-12).sum())) / (1 + len(drawn))
    inside = Shares(keys, mine, np.ones(len(keys)), np.ones(len(keys))).within(
        pd.Series(thing, index=account)
    )
    assert isinstance(inside, Stratified)
    compared = inside.effective(mine, ~mine)
    return Aspect(
        int(mine.sum()), int((~mine).sum()), overlap, usual, p, inside.coverage(mine, ~mine), compared
    )


class Judged(NamedTuple):
    """What follows for comparisons: comparable, partly, not_comparable or unknown; because of which aspect; inside which."""

    outcome: str
    why: str
    within: str


def judged(posts: Aspect, people: Aspect, weeks: Aspect, others: dict[str, Aspect]) -> Judged:
    """What the overlaps mean for comparisons.

    Where the comparison group answers the same posts, differences are taken inside the post answered; where it answers the
    same people in the same weeks, inside the person answered. Groups that answer other posts, post in other weeks or
    in other languages or on other platforms are not comparable; weeks that overlap partly are compared inside the week.
    """
    if posts.known and posts.repairs:
        unlike = [
            name
            for name, a in (("posts_answered", posts), ("weeks", weeks))
            if a.outcome in ("partly_alike", "unlike")
        ]
        return Judged("partly", unlike[0], "posts_answered") if unlike else Judged("comparable", "", "")
    if posts.outcome == "unlike":
        same_people = people.known and people.repairs and people.overlap >= PARTLY
        if same_people and weeks.outcome in ("much_alike", "partly_alike"):
            return Judged("partly", "posts_answered", "accounts_answered")
        return Judged("not_comparable", "posts_answered", "")
    for name, one in {"weeks": weeks, **others}.items():
        if one.outcome == "unlike":
            return Judged("not_comparable", name, "")
    if weeks.outcome == "partly_alike":
        return Judged("partly", "weeks", "weeks")
    if weeks.known or posts.known:
        return Judged("comparable", "", "")
    return Judged("unknown", "", "")
