"""How much of what accounts post do others of their group post too, at one number of accounts?

The more accounts there are, the more often two agree by chance. So each side is told as it would be among as
many accounts as the smaller one has, by the closed form of rarefaction (Hurlbert 1971): no cuts are drawn. What
is shared is an event: a joke, a slogan or a campaign happens or does not, and everybody who takes part in it
says the same. Events are independent, the accounts of one are not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kit.inference.intervals import LEVEL, NOTHING, Interval
from kit.inference.measures import Compared, Measure, Side, no_verdict, tails

#: least accounts a side, least effective number of events behind a share, least degrees of freedom
LEAST_ACCOUNTS, LEAST_EVENTS, LEAST_FREE = 20, 4, 3
#: difference of shares that counts
MARGIN = 0.02


class Told(NamedTuple):
    """A share of one side at a number of accounts, and the parts of its variance."""

    share: float
    accounts: int
    by_account: float
    by_event: float
    fourth: float
    events: float


def met_again(others: np.ndarray, n: int, size: int, least: int = 1) -> np.ndarray:
    """Chance that at least `least` of `others` accounts are among `size` - 1 drawn from the other `n` - 1.

    Hypergeometric: 1 - Σ over j < least of C(others, j) C(n - 1 - others, size - 1 - j) / C(n - 1, size - 1).

    >>> met_again(np.array([0, 1, 3]), 10, 4).round(4)
    array([0.    , 0.3333, 0.7619])
    """
    from scipy.special import gammaln

    others, drawn = np.asarray(others, float), size - 1
    if drawn < least:
        return np.zeros(len(others))

    def log_choose(a: np.ndarray | float, b: float) -> np.ndarray:
        fits = (np.asarray(a) >= b) & (b >= 0)
        safe = np.where(fits, a, b)
        return np.where(fits, gammaln(safe + 1) - gammaln(b + 1) - gammaln(safe - b + 1), -np.inf)

    whole = log_choose(float(n - 1), drawn)
    below = sum(
        np.exp(log_choose(others, j) + log_choose(n - 1 - others, drawn - j) - whole) for j in range(least)
    )
    return np.clip(1 - below, 0, 1)


class Copied(Measure):
    """A share of what each account posts that at least `least` accounts of as many as the smaller side post too.

    `row` (a place in `account`), `event` and `times` have an entry for each thing that an account posted, `of` is what it
    posted in all, one entry for each account. Every account weighs the same. Fewer than 20 accounts a side give no
    verdict, nor does a share that is the work of fewer than four events.
    """

    of_things = True

    def __init__(
        self,
        account: ArrayLike,
        studied: ArrayLike,
        row: ArrayLike,
        event: ArrayLike,
        times: ArrayLike,
        of: ArrayLike,
        *,
        least: int = 2,
        margin: float = MARGIN,
    ) -> None:
        super().__init__(account, studied)
        self.row, self.of = np.asarray(row, np.int64), np.asarray(of, float)
        self.event = pd.factorize(np.asarray(event))[0]
        self.times, self.events = np.asarray(times, float), int(self.event.max(initial=-1)) + 1
        self.least, self.margin = least, margin

    def size(self, *masks: np.ndarray) -> int:
        """How many accounts each side is told at: those of the smaller one that have any."""
        return min(int((mask & (self.of > 0)).sum()) for mask in masks)

    def told(self, mask: np.ndarray, size: int) -> Told:
        """The share of the accounts of a mask as it is among `size` of them, on average."""
        n = int((mask & (self.of > 0)).sum())
        weight, event, row = self._met(mask, n, min(size, n))
        per_event = np.bincount(event, weight / max(n, 1), minlength=self.events)
        per_account = np.bincount(row, weight, minlength=len(self.account))[mask & (self.of > 0)]
        share, by_event = round(float(per_event.sum()), 12), float((per_event**2).sum())
        spread = float(((per_account - share) ** 2).sum()) / max(n * (n - 1), 1)
        events = share**2 / by_event if by_event else 0.0
        return Told(share, n, spread, by_event, float((per_event**4).sum()), events)

    def _met(self, mask: np.ndarray, n: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What part of an account's posts is met again, by entry: weight, event, row."""
        here = mask[self.row]
        row, event = self.row[here], self.event[here]
        others = np.bincount(event, minlength=self.events)[event] - 1
        known = np.unique(others)
        chance = met_again(known, n, size, self.least - 1)[np.searchsorted(known, others)]
        return chance * self.times[here] / self.of[row], event, row

    def compare(self, mine: np.ndarray, others: np.ndarray, *, level: float = LEVEL) -> Compared:
        """The difference of the two shares at the smaller side's number of accounts."""
        size = self.size(mine, others)
        first, second = self.told(mine, size), self.told(others, size)
        sides = self._interval(first, level), self._interval(second, level)
        gap = first.share - second.share
        if size < LEAST_ACCOUNTS:
            return no_verdict(gap, "difference", sides, "few")
        error, df = _error(first, second)
        if (first if gap > 0 else second).events < LEAST_EVENTS and abs(gap) > self.margin:
            return no_verdict(gap, "difference", sides, "single")
        from scipy import special

        half = special.stdtrit(df, 0.5 + level / 2) * error
        found = tails(gap, error, df, self.margin, -self.margin)
        return Compared(gap, gap - half, gap + half, "difference", *found, *sides, self.margin, -self.margin)

    def own(self, mask: np.ndarray, *, level: float = LEVEL, size: int | None = None) -> Interval:
        """The share of the accounts of a mask at `size` accounts (all of them), with its interval."""
        return self._interval(self.told(mask, size or self.size(mask)), level)

    def _interval(self, one: Told, level: float) -> Interval:
        """What other accounts would have given at the same events; whether they happen at all is for `compare`."""
        if not one.accounts:
            return NOTHING
        n, share = one.accounts, one.share
        drawn = one.by_account > 0 and 0 < share < 1
        size = min(share * (1 - share) / one.by_account, self.of.sum()) if drawn else n
        return Side(share, size, n, n).interval(level)


def _error(*sides: Told) -> tuple[float, float]:
    """Standard error of a share, or of the difference of two, and its degrees of freedom.

    No share is surer than one in which none of its accounts shares anything: 1 / accounts² at least.
    """
    by_event, fourth = sum(s.by_event for s in sides), sum(s.fourth for s in sides)
    variance = by_event + sum(max(s.by_account, 1 / s.accounts**2) for s in sides)
    df = by_event**2 / fourth - 1 if by_event else np.inf
    return float(np.sqrt(variance)), max(LEAST_FREE, df) if by_event else 1e6


class Joined(Copied):
    """A share of accounts that meet another of their group: `first` and `second` (places in `account`) at an event.

    For example two accounts that say one text within a minute. An account counts as far as any of those it
    met is among as many as the smaller side has; its part is dealt evenly over the events at which it met them.
    `of` is 1 for every account that could have met another.
    """

    def __init__(
        self,
        account: ArrayLike,
        studied: ArrayLike,
        first: ArrayLike,
        second: ArrayLike,
        event: ArrayLike,
        of: ArrayLike,
        *,
        margin: float = MARGIN,
    ) -> None:
        pairs = pd.DataFrame({"a": np.asarray(first), "b": np.asarray(second), "event": np.asarray(event)})
        both = pd.concat([pairs, pairs.rename(columns={"a": "b", "b": "a"})]).drop_duplicates()
        super().__init__(account, studied, both["a"], both["event"], np.ones(len(both)), of, margin=margin)
        self.partner = both["b"].to_numpy(np.int64)
        self.new = ~both.duplicated(["a", "b"]).to_numpy()
        self.once = ~both.duplicated(["a", "event"]).to_numpy()

    def _met(self, mask: np.ndarray, n: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        here = mask[self.row] & mask[self.partner]
        accounts = len(self.account)
        partners = np.bincount(self.row[here & self.new], minlength=accounts)
        row, event = self.row[here], self.event[here]
        meetings = np.bincount(row, minlength=accounts)
        chance = met_again(partners, n, size)
        return chance[row] / meetings[row], event, row
