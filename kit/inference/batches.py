"""Were accounts made in batches that other accounts of the same time do not show?

Every window of 1, 3, 7, 14 and 30 days gives a table of two by two: studied and reference accounts made inside it, and
elsewhere in the same stretch of time (Kulldorff's Bernoulli scan, 1997). News, elections and waves that both
share leave no trace. The chance of the best window is that of the best among all windows and widths when the labels are
shuffled inside stretches, so nothing is left to correct.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

WIDTHS = (1, 3, 7, 14, 30)
#: a stretch has so many days at least, and sign-up days for about so many reference accounts, forty at least
MIN_DAYS, MIN_REFERENCE, MIN_DATES = 180, 20, 40
#: a window holds so many studied accounts, at so many times the density of so many days around it
LEAST, FOLD, AROUND, FLOOR = 3, 3.0, 90, 60
DRAWS, ALPHA = 499, 0.01
#: the test ends when so many shuffles reach the data: then p is not small, whatever follows
ENOUGH = 30
#: plants and draws of the power, and the power that counts
PLANTS, PLANT_DRAWS, POWER = 25, 99, 0.8


class Batch(NamedTuple):
    """The window that differs most: its first day and width, who was made inside it, and in its stretch.

    `p` is of the best window of all; `sure` and `unsure` are as high, and as low, as the draws leave it.
    """

    first_day: int
    width: int
    studied: int
    reference: int
    stretch_studied: int
    stretch_reference: int
    p: float
    sure: float
    unsure: float


def stretches(days: np.ndarray, reference: int) -> np.ndarray:
    """Days at which stretches begin, and the day after the last. They do not look at who is studied."""
    need = max(MIN_DATES, MIN_REFERENCE * len(days) / max(1, reference))
    cuts, seen = [int(days.min())], 0
    for day in np.unique(days):
        seen += 1
        if day - cuts[-1] >= MIN_DAYS and seen >= need:
            cuts.append(int(day) + 1)
            seen = 0
    if len(cuts) > 1 and (seen < need or days.max() + 1 - cuts[-1] < MIN_DAYS):
        cuts.pop()
    return np.array([*cuts, int(days.max()) + 1])


class _Scan:
    """Every window that begins on a sign-up day; places are looked up once, labels vary."""

    def __init__(self, days: np.ndarray, cuts: np.ndarray) -> None:
        self.days, self.starts = days, np.unique(days)
        self.width = np.array(WIDTHS)[:, None]
        self.start = np.broadcast_to(self.starts, (len(WIDTHS), len(self.starts)))
        self.end = self.start + self.width
        self.low, self.high = self._at(self.start), self._at(self.end)
        self.first = self._at(cuts[np.searchsorted(cuts, self.start, "right") - 1])
        self.last = self._at(cuts[np.minimum(np.searchsorted(cuts, self.end - 1, "right"), len(cuts) - 1)])
        self.near_low, self.near_high = self._at(self.start - AROUND), self._at(self.end + AROUND)
        count = np.arange(len(days) + 1)
        self.entropy = count * np.log(np.maximum(count, 1))

    def _at(self, day: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.days, day)

    def __call__(self, studied: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Log-likelihood ratio of every window, 0 where it is no batch, and its table."""
        total, f = np.r_[0, np.cumsum(studied)], self.entropy
        inside, n = total[self.high] - total[self.low], self.high - self.low
        whole, size = total[self.last] - total[self.first], self.last - self.first
        out, rest = whole - inside, size - n
        ratio = f[inside] + f[n - inside] - f[n] + f[out] + f[rest - out] - f[rest]
        ratio = ratio - (f[whole] + f[size - whole] - f[size])
        up = (inside * size > whole * n) & (inside >= LEAST) & self._dense(studied, total, inside)
        return np.where(up, ratio, 0.0), (inside, n - inside, whole, size - whole)

    def _dense(self, studied: np.ndarray, total: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """Whether a window is much denser than what is around it, as far as the studied accounts reach."""
        near = total[self.near_high] - total[self.near_low] - inside
        own = self.days[np.flatnonzero(studied)]
        first, last = own[int(0.025 * (len(own) - 1))], own[int(np.ceil(0.975 * (len(own) - 1)))]
        around = np.minimum(self.end + AROUND, last + 1) - np.maximum(self.start - AROUND, first) - self.width
        return inside * np.maximum(around, FLOOR) >= FOLD * near * self.width


def find(studied: np.ndarray, reference: np.ndarray, *, seed: int, draws: int = DRAWS) -> Batch:
    """The window in which most studied accounts were made beside the reference; days are whole numbers."""
    days = np.r_[studied, reference].astype(np.int64)
    label = np.repeat([1, 0], [len(studied), len(reference)])
    order = np.argsort(days, kind="stable")
    days, label = days[order], label[order]
    cuts, rng = stretches(days, len(reference)), np.random.default_rng(seed)
    scan, block = _Scan(days, cuts), np.searchsorted(cuts, days, "right")
    seen, table = scan(label)
    place = np.unravel_index(seen.argmax(), seen.shape)
    reached = drawn = 0
    while drawn < draws and reached < ENOUGH:
        shuffled = label[np.lexsort((rng.random(len(label)), block))]
        reached += bool(scan(shuffled)[0].max() >= seen[place] - 1e-9)
        drawn += 1
    p = (1 + reached) / (1 + drawn)
    error = 2 * (p * (1 - p) / (1 + drawn)) ** 0.5
    mine, others, all_mine, all_others = (int(t[place]) for t in table)
    first, width = int(scan.starts[place[1]]), WIDTHS[place[0]]
    return Batch(first, width, mine, others, all_mine, all_others, p, p + error, p - error)


def power(
    studied: np.ndarray, reference: np.ndarray, size: int, width: int, *, seed: int, plants: int = PLANTS
) -> float:
    """How often a batch of `size` accounts within `width` days, put into these very data, is found.

    A plant moves `size` studied accounts to days beside the date of one of them, and the whole test is run.
    Planting ends as soon as too many were missed.
    """
    rng, hit = np.random.default_rng(seed), 0
    for plant in range(plants):
        days = np.array(studied, np.int64)
        days[rng.choice(len(days), size, replace=False)] = rng.choice(days) + rng.integers(0, width, size)
        hit += find(days, reference, seed=seed + plant, draws=PLANT_DRAWS).p <= ALPHA
        if plant + 1 - hit > plants * (1 - POWER):
            return hit / (plant + 1)
    return hit / plants


def most_in(days: np.ndarray, width: int) -> int:
    """Most accounts made in any `width` days that follow one another."""
    days = np.sort(np.asarray(days))
    return int((np.searchsorted(days, days + width) - np.arange(len(days))).max(initial=0))
