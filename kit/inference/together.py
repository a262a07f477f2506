"""How often do two posts by different accounts of a group share a thing: the post answered, the account, the week?

theta is the chance of it, for two accounts drawn at random and one post of each. Every account weighs the same.
It is a U-statistic (Hoeffding 1948; pair coincidence, after Simpson 1949): unlike the share of the ten things met
most, or of things met five times, it does not grow or fall with the number of accounts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kit.inference.intervals import LEVEL, Interval
from kit.inference.measures import Compared, Measure, no_verdict, tails

#: least accounts a side, least effective number of things behind theta, least degrees of freedom
LEAST_ACCOUNTS, LEAST_THINGS, LEAST_FREE = 20, 5, 3
#: how many times as often counts
FOLD = 1.25


class Group(NamedTuple):
    """theta of one side, and what its interval is made of: contributions to log theta by account and by thing."""

    theta: float
    accounts: int
    profile: np.ndarray
    by_account: np.ndarray
    by_thing: np.ndarray
    things: float


class Together(Measure):
    """The ratio of two thetas. `row` (a place in `account`) and `thing` have an entry for each post.

    Two kinds of chance enter the interval of its logarithm: other accounts could have been drawn, and other things
    could have happened; what both sides share cancels. Student's quantile has the effective number of things less
    one as degrees of freedom. Fewer than 20 accounts a side give no verdict, nor does a theta that rests on
    fewer than five things: one popular post cannot be told from an event.
    """

    of_things = True

    def __init__(
        self, account: ArrayLike, studied: ArrayLike, row: ArrayLike, thing: ArrayLike, fold: float = FOLD
    ) -> None:
        super().__init__(account, studied)
        met = pd.DataFrame({"row": np.asarray(row), "thing": pd.factorize(np.asarray(thing))[0]})
        counted = met.groupby(["row", "thing"]).size()
        self.row = counted.index.get_level_values(0).to_numpy(np.int64)
        self.thing = counted.index.get_level_values(1).to_numpy(np.int64)
        posts = np.bincount(self.row, counted.to_numpy(), minlength=len(self.account))
        self.share = counted.to_numpy() / posts[self.row]
        self.things, self.fold = int(self.thing.max(initial=-1)) + 1, fold

    def group(self, mask: np.ndarray) -> Group:
        """theta of the accounts of a mask that have any thing.

        theta = Σ over things of (m² - Σ s²) / n(n - 1), where s is each account's share of its posts and m their sum.
        """
        here = mask[self.row]
        row, thing, share = self.row[here], self.thing[here], self.share[here]
        n = len(np.unique(row))
        mass = np.bincount(thing, share, minlength=self.things)
        square = np.bincount(thing, share**2, minlength=self.things)
        per_thing = (mass**2 - square) / max(n * (n - 1), 1)
        theta, nothing = float(per_thing.sum()), np.zeros(len(self.account))
        if theta < 1e-12:
            return Group(0.0, n, mass / max(n, 1), nothing, np.zeros(self.things), 0.0)
        met = np.bincount(row, share * (mass[thing] - share), minlength=len(self.account)) / (n - 1)
        inside = np.bincount(row, minlength=len(self.account)) > 0
        by_account = np.where(inside, 2 * (met / theta - 1) / n, 0)
        things = theta**2 / float((per_thing**2).sum())
        return Group(theta, n, mass / n, by_account, per_thing / theta - 2 * mass / n, things)

    def compare(self, mine: np.ndarray, others: np.ndarray, *, level: float = LEVEL) -> Compared:
        """How many times as often two of the first share a thing as two of the others."""
        first, second = self.group(mine), self.group(others)
        sides = self._interval(first, level), self._interval(second, level)
        nan = float("nan")
        ratio = first.theta / second.theta if second.theta else nan
        if min(first.accounts, second.accounts) < LEAST_ACCOUNTS or not first.theta or not second.theta:
            return no_verdict(ratio, "ratio", sides, "few")
        thing = first.by_thing - second.by_thing
        error, df = _error([first, second], thing)
        gap, edge = float(np.log(ratio)), float(np.log(self.fold))
        low, high = _around(gap, error, df, level)
        if (first if gap > 0 else second).things < LEAST_THINGS:
            return no_verdict(ratio, "ratio", sides, "single")
        found = tails(gap, error, df, edge, -edge)
        return Compared(ratio, low, high, "ratio", *found, *sides, self.fold, 1 / self.fold)

    def own(self, mask: np.ndarray, *, level: float = LEVEL) -> Interval:
        """theta of the accounts of a mask, as a chance between 0 and 1."""
        return self._interval(self.group(mask), level)

    def weight(self, mask: np.ndarray) -> float:
        """How much of theta hangs on one account of a mask: what all pairs with it add."""
        one = self.group(mask)
        if one.accounts < 2:
            return 1.0
        met = one.theta * (1 + one.by_account[mask] * one.accounts / 2)
        return float(2 * met.max(initial=0) / one.accounts)

    def _interval(self, one: Group, level: float) -> Interval:
        if one.accounts < LEAST_ACCOUNTS or not one.theta:
            return Interval(one.theta if one.accounts > 1 else float("nan"), float("nan"), float("nan"))
        error, df = _error([one], one.by_thing)
        low, high = _around(float(np.log(one.theta)), error, df, level)
        return Interval(one.theta, low, min(1.0, high))

    def overlap(self, mine: np.ndarray, others: np.ndarray) -> float:
        """Whether both are spread alike: near 1 for halves of one crowd, 0 where they share nothing.

        2 θ between the groups / (θ within the one + θ within the other): Morisita's index from unbiased parts
        (Horn 1966), so that it does not depend on the sizes; above 1 by chance.
        """
        first, second = self.group(mine), self.group(others)
        whole = first.theta + second.theta
        return 2 * float(first.profile @ second.profile) / whole if whole else float("nan")


def _error(groups: list[Group], thing: np.ndarray) -> tuple[float, float]:
    """Standard error of log theta, or of the difference of two, and its degrees of freedom."""
    by_thing = float((thing**2).sum())
    by_account = sum(float((one.by_account**2).sum()) for one in groups)
    effective = by_thing**2 / float((thing**4).sum()) if by_thing else float(len(thing))
    df = max(LEAST_FREE, min(effective, *(one.accounts for one in groups)) - 1)
    return float(np.sqrt(by_thing + by_account)), df


def _around(value: float, error: float, df: float, level: float) -> tuple[float, float]:
    from scipy import special

    half = special.stdtrit(df, 0.5 + level / 2) * error
    return float(np.exp(value - half)), float(np.exp(value + half))
