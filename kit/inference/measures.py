"""Differences between two groups of accounts that hold: what a compared finding is made of.

A measure keeps what every account contributes and compares any two sets of accounts: the studied with
the comparison group, or two halves of the comparison group with one another. Estimate, interval and p are one
computation: p of "not above the margin" is at most 0.025 exactly where the 95 % interval lies above it.

Shares are compared on the scale 2·asin(√p), on which five points at one half weigh as much as one and a half at
two in a hundred (Cohen 1988), with Anscombe's correction (1948), so that one hit among few says little.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kit.inference.intervals import LEVEL, NOTHING, Interval

#: difference on the scale 2·asin(√p) that counts: 5 points at 50 %, 1.6 at 2 %
MARGIN = 0.1
#: fewer accounts, or fewer that carry weight, give no interval
LEAST_ACCOUNTS, LEAST_EFFECTIVE = 10, 4


class Compared(NamedTuple):
    """A difference between two sets of accounts, on the reader's scale (a difference of shares, or a ratio).

    `p_higher` and `p_lower` are one-sided: of no more than `above`, and of no less than `below`, the smallest
    differences that count; `p_similar` of a difference that reaches one of them. `mine` and `others`
    are each side's own. `why` says why there is no verdict: few (accounts), single (all of it is a handful of events).
    """

    estimate: float
    low: float
    high: float
    scale: str
    p_higher: float
    p_lower: float
    p_similar: float
    mine: Interval
    others: Interval
    above: float
    below: float
    why: str = ""


class Measure:
    """What every account of both groups contributes; `account` and `studied` have one entry for each.

    It lives in the memory of a metric's table (`attrs["measure"]`) and is never written: it says what single
    accounts did.
    """

    account: np.ndarray
    studied: np.ndarray
    #: whether what accounts share counts as drawn too: other texts or posts could have been the popular ones
    of_things = False

    def __init__(self, account: ArrayLike, studied: ArrayLike) -> None:
        self.account, self.studied = np.asarray(account), np.asarray(studied, bool)

    def compare(self, mine: np.ndarray, others: np.ndarray, *, level: float = LEVEL) -> Compared:
        """The difference between the accounts of two masks that share none."""
        raise NotImplementedError

    def own(self, mask: np.ndarray, *, level: float = LEVEL) -> Interval:
        """What the measure is of the accounts of a mask, with its interval."""
        raise NotImplementedError

    def within(self, stratum: pd.Series) -> Measure | None:
        """The measure inside strata, such as the posts answered; `stratum` has a row for each account and place.

        None where it is about the places themselves, or about whom an account has things in common with.
        """
        return None

    def __copy__(self) -> Measure:
        return self

    def __deepcopy__(self, memo: Any) -> Measure:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> Any:
        raise TypeError("a measure says what single accounts did and is not written into a file")


class Side(NamedTuple):
    """A share of one side: of how many accounts, how many carry its weight, and of so many independent trials."""

    share: float
    size: float
    effective: float
    accounts: int

    @property
    def few(self) -> bool:
        """Whether too few accounts stand behind it for an interval."""
        return self.accounts < LEAST_ACCOUNTS or self.effective < LEAST_EFFECTIVE or self.size <= 0

    def interval(self, level: float = LEVEL) -> Interval:
        """Wilson's interval at the effective number of trials, with Student's quantile at the effective accounts."""
        if self.few:
            return Interval(self.share, float("nan"), float("nan"))
        from scipy import special

        share, size = self.share, self.size
        t = special.stdtrit(self.effective - 1, 0.5 + level / 2)
        centre = (share + t * t / (2 * size)) / (1 + t * t / size)
        half = t * np.sqrt(share * (1 - share) / size + t * t / (4 * size * size)) / (1 + t * t / size)
        low = 0.0 if share == 0 else max(0.0, float(centre - half))
        return Interval(share, low, 1.0 if share == 1 else min(1.0, float(centre + half)))


def side(yes: np.ndarray, of: np.ndarray) -> Side:
    """A share from what each account has: `yes` of its `of`.

    The number of independent trials is share (1 - share) by the variance that leaving out one account in turn
    gives; at a share of 0 or 1 it is the effective number of accounts, (Σ of)² / Σ of².
    """
    counts = of > 0
    yes, of = yes[counts], of[counts]
    n, whole = len(of), float(of.sum())
    if not n:
        return Side(float("nan"), 0.0, 0.0, 0)
    total, effective = float(yes.sum()), whole**2 / float((of**2).sum())
    share = total / whole
    if n == 1 or share <= 0 or share >= 1:
        return Side(share, effective, effective, n)
    left_out = (total - yes) / (whole - of)
    variance = (n - 1) / n * float(((left_out - share) ** 2).sum())
    size = min(whole, share * (1 - share) / variance) if variance > 0 else whole
    return Side(share, size, effective, n)


def share_by_account(yes: ArrayLike, of: ArrayLike, *, level: float = LEVEL) -> Interval:
    """Σ yes / Σ of over accounts, with an interval that holds for few accounts of very unequal size.

    One entry per account: how many of its `of` posts count. Accounts are what is drawn: the variance is
    that of leaving out one of them in turn (Efron 1982), put into Wilson's interval as an effective number of posts
    (Korn and Graubard 1998), with Student's quantile at the effective number of accounts. Below ten accounts, or
    four that carry the weight, there is an estimate without an interval.

    >>> share_by_account([3, 0, 1] * 10, [4, 1, 9] * 10)
    Interval(estimate=0.2857142857142857, low=0.1836831964307249, high=0.4155686597921951)
    """
    numerator, denominator = np.asarray(yes, float), np.asarray(of, float)
    known = np.isfinite(numerator) & np.isfinite(denominator)
    found = side(numerator[known], denominator[known])
    return found.interval(level) if found.accounts else NOTHING


def share_of(yes: int, of: int, *, level: float = LEVEL) -> Interval:
    """Share of accounts `yes` / `of` with the interval of `share_by_account`, every account counting once."""
    return share_by_account(np.arange(of) < yes, np.ones(of), level=level)


def compared_shares(mine: Side, others: Side, *, level: float = LEVEL, margin: float = MARGIN) -> Compared:
    """The difference of two shares, judged on the scale 2·asin(√p) and told in points.

    The ends are those of the nearest pair of shares that differ by so much on that scale.
    """
    sides = mine.interval(level), others.interval(level)
    estimate = mine.share - others.share
    if mine.few or others.few or not np.isfinite(estimate):
        return no_verdict(estimate, "difference", sides, "few")
    from scipy import special

    angle = np.array([_angle(mine), _angle(others)])
    variance = np.array([1 / (mine.size + 0.5), 1 / (others.size + 0.5)])
    free = np.array([mine.effective, others.effective]) - 1
    df = float(variance.sum() ** 2 / (variance**2 / free).sum())
    error, gap = float(np.sqrt(variance.sum())), float(angle[0] - angle[1])
    half = special.stdtrit(df, 0.5 + level / 2) * error
    part = float(variance[0] / variance.sum())
    low, high, above, below = (_points(angle, part, to) for to in (gap - half, gap + half, margin, -margin))
    p_higher, p_lower, p_similar = tails(gap, error, df, margin, -margin)
    return Compared(estimate, low, high, "difference", p_higher, p_lower, p_similar, *sides, above, below)


def no_verdict(estimate: float, scale: str, sides: tuple[Interval, Interval], why: str) -> Compared:
    """What is there of a difference of which nothing can be said, and why."""
    nan = float("nan")
    return Compared(estimate, nan, nan, scale, nan, nan, nan, *sides, nan, nan, why)


def tails(gap: float, error: float, df: float, above: float, below: float) -> tuple[float, float, float]:
    """One-sided p of a gap not above `above`, not below `below`, and not between the two."""
    from scipy import special

    if error <= 0:  # every account alike: nothing says how else it could have been
        return 1.0, 1.0, 1.0
    over = [float(special.stdtr(df, (edge - gap) / error)) for edge in (above, below)]
    return over[0], 1 - over[1], max(1 - over[0], over[1])


def _angle(one: Side) -> float:
    return float(2 * np.arcsin(np.sqrt((one.share * one.size + 0.375) / (one.size + 0.75))))


def _points(angle: np.ndarray, part: float, to: float) -> float:
    """The difference of shares at the pair of angles nearest to `angle` that are `to` apart; `part` is how much the first moves."""
    move = to - (angle[0] - angle[1])
    first, second = angle[0] + part * move, angle[1] - (1 - part) * move
    over = max(0.0, max(first, second) - np.pi) + min(0.0, min(first, second))
    pair = np.clip([first - over, second - over], 0, np.pi)
    return float(np.sin(pair[0] / 2) ** 2 - np.sin(pair[1] / 2) ** 2)


class Shares(Measure):
    """A share of posts or accounts: `yes` of `of`, account by account."""

    def __init__(self, account: ArrayLike, studied: ArrayLike, yes: ArrayLike, of: ArrayLike) -> None:
        super().__init__(account, studied)
        self.yes, self.of = np.asarray(yes, float), np.asarray(of, float)

    def compare(self, mine: np.ndarray, others: np.ndarray, *, level: float = LEVEL) -> Compared:
        """The difference of the two shares; see `compared_shares`."""
        return compared_shares(self._side(mine), self._side(others), level=level)

    def own(self, mask: np.ndarray, *, level: float = LEVEL) -> Interval:
        """The share of the accounts of a mask; see `share_by_account`."""
        found = self._side(mask)
        return found.interval(level) if found.accounts else NOTHING

    def _side(self, mask: np.ndarray) -> Side:
        return side(self.yes[mask], self.of[mask])

    def within(self, stratum: pd.Series) -> Measure:
        """The same shares where both groups are: see `Stratified`. `stratum` has a row for each account and place."""
        return Stratified(self, stratum)


class Stratified(Measure):
    """Shares inside strata, as the posts answered: accounts are compared with accounts of the same stratum.

    An account counts in each of its strata by the part of its rows there. Strata have the weights of Cochran,
    Mantel and Haenszel, n₁n₂ / (n₁ + n₂), so that those without one of the groups weigh nothing; the variance
    is that of leaving out one account in turn, from all its strata.
    """

    def __init__(self, shares: Shares, stratum: pd.Series) -> None:
        super().__init__(shares.account, shares.studied)
        order = np.argsort(shares.account)
        place = np.searchsorted(shares.account, stratum.index.to_numpy(), sorter=order)
        place = order[np.minimum(place, len(order) - 1)] if len(order) else place
        known = shares.account[place] == stratum.index.to_numpy() if len(order) else np.zeros(0, bool)
        rows = pd.DataFrame({"row": place[known], "stratum": pd.factorize(stratum.to_numpy()[known])[0]})
        counted = rows.groupby(["row", "stratum"]).size()
        self.row = counted.index.get_level_values(0).to_numpy()
        self.stratum = counted.index.get_level_values(1).to_numpy()
        part = (
            counted.to_numpy() / np.bincount(self.row, counted.to_numpy())[self.row] if len(counted) else []
        )
        self.strata = int(self.stratum.max(initial=-1)) + 1
        self.yes, self.of = shares.yes[self.row] * part, shares.of[self.row] * part

    def compare(self, mine: np.ndarray, others: np.ndarray, *, level: float = LEVEL) -> Compared:
        """The difference of the two shares as both would be with the same strata."""
        return compared_shares(*self._sides(mine, others), level=level)

    def coverage(self, mine: np.ndarray, others: np.ndarray) -> float:
        """Which part of the posts (accounts) of the first mask is in strata that hold both groups."""
        met = self._sums(others, self.of) > 0
        whole = self._sums(mine, self.of)
        return float(whole[met].sum() / whole.sum()) if whole.sum() else 0.0

    def effective(self, mine: np.ndarray, others: np.ndarray) -> float:
        """How many accounts of the smaller side carry the comparison."""
        return min(one.effective for one in self._sides(mine, others))

    def _sums(self, mask: np.ndarray, what: np.ndarray) -> np.ndarray:
        here = mask[self.row]
        return np.bincount(self.stratum[here], what[here], minlength=self.strata)

    def _sides(self, mine: np.ndarray, others: np.ndarray) -> tuple[Side, Side]:
        yes, of = (np.array([self._sums(m, what) for m in (mine, others)]) for what in (self.yes, self.of))
        both = (of > 0).all(axis=0)
        of_both = np.where(both, of, 1)
        weight = np.where(both, of_both[0] * of_both[1] / of_both.sum(axis=0), 0)
        if not both.any():
            nothing = Side(float("nan"), 0.0, 0.0, 0)
            return nothing, nothing
        share = (weight * yes / of_both).sum(axis=1) / weight.sum()
        moved = [self._left_out(mask, side_, yes, of, weight) for side_, mask in enumerate((mine, others))]
        return tuple(  # type: ignore[return-value]
            self._side(mask, number, share[number], moved[number] - share, of[number], weight)
            for number, mask in enumerate((mine, others))
        )

    def _left_out(
        self, mask: np.ndarray, number: int, yes: np.ndarray, of: np.ndarray, weight: np.ndarray
    ) -> np.ndarray:
        """Both shares without each account of one side, a row for each account of the measure."""
        here = mask[self.row]
        place, row = self.stratum[here], self.row[here]
        rest_of, rest_yes = of[:, place].copy(), yes[:, place].copy()
        rest_of[number] -= self.of[here]
        rest_yes[number] -= self.yes[here]
        held = (rest_of > 1e-9).all(axis=0)
        safe = np.where(held, rest_of, 1)
        after = np.where(held, safe[0] * safe[1] / safe.sum(axis=0), 0)
        before_of = np.where(of[:, place] > 0, of[:, place], 1)
        change = after * rest_yes / safe - weight[place] * yes[:, place] / before_of
        n = len(self.account)
        total = (weight * yes / np.where(of > 0, of, 1)).sum(axis=1)
        whole = weight.sum() + np.bincount(row, after - weight[place], minlength=n)
        moved = np.array([np.bincount(row, c, minlength=n) for c in change]) + total[:, None]
        return np.where(whole > 1e-12, moved / np.where(whole > 1e-12, whole, 1), np.nan).T

    def _side(
        self,
        mask: np.ndarray,
        number: int,
        share: float,
        moved: np.ndarray,
        of: np.ndarray,
        weight: np.ndarray,
    ) -> Side:
        here = mask[self.row] & (weight[self.stratum] > 0)
        carried = np.bincount(
            self.row[here],
            weight[self.stratum[here]] * self.of[here] / of[self.stratum[here]],
            minlength=len(self.account),
        )
        carried = carried / carried.sum()
        n, effective = int((carried > 0).sum()), 1 / float((carried**2).sum())
        if share <= 0 or share >= 1:
            return Side(min(1.0, max(0.0, float(share))), effective, effective, n)
        pull = moved[mask & (np.bincount(self.row, minlength=len(self.account)) > 0)]
        # an account that leaves moves both shares, for the strata's weights change with it
        pull = np.nan_to_num(pull[:, number] - pull[:, 1 - number])
        variance = (n - 1) / max(n, 1) * float((pull**2).sum())
        whole = float(self.of[here].sum())
        size = min(whole, share * (1 - share) / variance) if variance > 0 else whole
        return Side(float(share), size, effective, n)
