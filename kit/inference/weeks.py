"""Patterns that come back week after week, with the week as the unit: no draws, so no chance of their own.

Whatever happens within a week hangs together: the posts of one account, the replies to one event, three days of
news. So a week is turned as a whole. An event on a Wednesday is one week that could have begun on any day, and
no office; ten such weeks are ten. Every p here is computed, not drawn: it depends on no seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import j0, j1
from scipy.stats import nct, ncx2
from scipy.stats import t as student

LEVEL = 0.02  # p at which a pattern is called found
MIN_WEEKS = 4
MIN_EFFECTIVE = 2.5  # weeks of one size: with fewer, one week is nearly all there is
FLOOR = 1e-6  # p below which the integral is not exact
_FINEST = 20_000  # units above which counts are coarsened before they are added up
_POWER_DRAWS = 200
PLAIN = 0.5  # strength of a daily rhythm that nobody would overlook; an office has 0.6 to 0.7
STRONG = 0.8  # power from which nothing found may be called not found


@dataclass(frozen=True)
class Quiet:
    """Units on the quiet days of the week: p that so few fall there, least p possible, power to see a fall to a half."""

    p: float
    least: float
    power: float
    weeks: int


def by_day(day: np.ndarray, weight: np.ndarray | None = None, *, first: int, last: int) -> np.ndarray:
    """Units of each whole week from day number `first` to `last`, as (week, day in it); a begun week is left out."""
    whole = (last - first + 1) // 7
    counts = np.bincount(np.asarray(day, dtype=np.int64) - first, weight, minlength=whole * 7)
    return counts[: whole * 7].reshape(whole, 7)


def quiet_days(counts: np.ndarray, quiet: tuple[int, ...], *, power: bool = True) -> Quiet:
    """Do fewer units fall on the days `quiet` of the week than on others?

    `counts` are units of whole weeks, (week, day). Null: each week begins on any of its seven days, independently,
    with all its units in their order. p is the share of these turns with no more units on the quiet days, exact up
    to counts of `_FINEST`. `power` is the chance to see a fall to a half in weeks like these.

    >>> round(quiet_days(np.tile([10, 10, 10, 10, 10, 0, 0], (4, 1)), (5, 6)).p, 6)
    0.000416
    """
    counts = np.asarray(counts, dtype=float)
    counts = counts[counts.sum(1) > 0]
    if not len(counts):
        return Quiet(math.nan, 1.0, math.nan, 0)
    turned = _turned(counts, quiet)
    p = _at_most(turned, turned[:, 0].sum())
    least = _at_most(turned, turned.min(1).sum())
    found = math.nan
    if power:
        rng = np.random.default_rng(0)
        seen = [_seen(counts, quiet, rng) <= LEVEL for _ in range(_POWER_DRAWS)]
        found = float(np.mean(seen))
    return Quiet(p, least, found, len(counts))


def _turned(counts: np.ndarray, quiet: tuple[int, ...]) -> np.ndarray:
    """Units on the quiet days for each of the seven turns of a week, the first being none."""
    return np.stack([counts[:, [(d + turn) % 7 for d in quiet]].sum(1) for turn in range(7)], axis=1)


def _at_most(turned: np.ndarray, seen: float, finest: int = _FINEST) -> float:
    """Chance that the sum over weeks, each turned at random, is at most `seen`."""
    step = max(1.0, turned.max(1).sum() / finest)
    places = np.rint(turned / step).astype(np.int64)
    reach = places.max(1)
    chance = np.zeros(int(reach.sum()) + 1)
    chance[0], top = 1.0, 0
    for week, most in zip(places, reach, strict=True):
        added = np.zeros(top + int(most) + 1)
        for place in week:
            added[place : place + top + 1] += chance[: top + 1]
        top += int(most)
        chance[: top + 1] = added / 7
    return float(min(1.0, chance[: math.floor(seen / step + 0.5) + 1].sum()))


def _seen(counts: np.ndarray, quiet: tuple[int, ...], rng: np.random.Generator) -> float:
    """p of the same weeks, turned at random, with half of the units on their quiet days taken away."""
    turns = rng.integers(0, 7, len(counts))
    drawn = counts[np.arange(len(counts))[:, None], (np.arange(7) + turns[:, None]) % 7]
    drawn[:, list(quiet)] = rng.binomial(np.rint(drawn[:, list(quiet)]).astype(int), 0.5)
    turned = _turned(drawn, quiet)
    return _at_most(turned, turned[:, 0].sum(), finest=2000)


def walk_tail(steps: np.ndarray, reach: float, *, far: float = 4000) -> float:
    """Chance that steps of these lengths, each in a direction of its own at random, end `reach` or more away.

    Kluyver's integral, 1 - reach x integral of J1(reach t) x product of J0(step t), to about 1e-7 where it is taken as `far` as this.

    >>> round(walk_tail(np.ones(400), 40.0), 3)  # as exp(-40^2 / 400) for many steps
    0.018
    """
    steps = np.asarray(steps, dtype=float)
    steps = steps[steps > 0]
    if not len(steps) or reach <= 0:
        return 1.0
    if reach >= steps.sum() * (1 + 1e-12):
        return 0.0
    scale = math.sqrt((steps**2).sum())
    steps, reach = steps / scale, reach / scale
    ends = np.geomspace(1, far, 200)
    decay = np.array([np.minimum(1, np.sqrt(2 / (np.pi * steps * t))).prod() * t**0.5 for t in ends])
    small = np.flatnonzero(decay < 1e-10)
    end = float(ends[small[0]]) if len(small) else float(ends[-1])
    panels = int(np.ceil(end * (steps.sum() + reach) / np.pi)) + 8
    nodes, weights = np.polynomial.legendre.leggauss(8)
    edges = np.linspace(0, end, panels + 1)
    half = (edges[1] - edges[0]) / 2
    total = 0.0
    for part in np.array_split(edges[:-1], max(1, panels // 2000)):
        t = (part[:, None] + half * (1 + nodes)).ravel()
        product = j1(reach * t)
        for step in steps:
            product = product * j0(step * t)
        total += float((product.reshape(len(part), -1) @ weights).sum() * half)
    return float(min(1.0, max(0.0, 1 - reach * total)))


def effective(sizes: np.ndarray) -> float:
    """How many weeks of one size weigh as much as these.

    >>> effective(np.array([10, 10, 10, 10])), round(effective(np.array([100, 1, 1, 1])), 2)
    (4.0, 1.06)
    """
    sizes = np.asarray(sizes, dtype=float)
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if sizes.any() else 0.0


def common_direction(sums: np.ndarray) -> tuple[float, int]:
    """p that complex sums of weeks point the same way, `sums` being (harmonic, week), and the harmonic that does most.

    Null: each week is turned by an angle of its own. The least p of any harmonic times their number.
    """
    chances = [walk_tail(np.abs(wave), abs(wave.sum())) for wave in sums]
    best = int(np.argmin(chances))
    return min(1.0, max(FLOOR, len(sums) * chances[best])), best


def findable_strength(sums: np.ndarray, sizes: np.ndarray, *, level: float) -> float:
    """The least strength (0.05 to 0.95) of a daily rhythm that would have been found in `STRONG` of weeks like these.

    `sums` are the complex sums of one harmonic by week, taken as noise, and `sizes` its posts. A rhythm adds
    strength x size in one direction to every week. NaN where none would be found.
    """
    noise = np.abs(sums) ** 2
    half = max(float(noise.sum()) / 2, 1e-12)

    def power(strength: float) -> float:
        limit = _limit(np.sqrt(noise + (strength * sizes) ** 2), level)
        return float(ncx2.sf(limit**2 / half, 2, (strength * sizes.sum()) ** 2 / half))

    grid = np.arange(1, 20) / 20
    first, last = 0, len(grid)
    while first < last:
        middle = (first + last) // 2
        first, last = (first, middle) if power(grid[middle]) >= STRONG else (middle + 1, last)
    return float(grid[first]) if first < len(grid) else math.nan


def _limit(steps: np.ndarray, level: float) -> float:
    """The reach that steps in random directions pass with a chance of `level`."""
    low, high = 0.0, float(steps.sum())
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if walk_tail(steps, middle, far=100) > level else (low, middle)
    return high


@dataclass(frozen=True)
class Together:
    """Do weekly values stand away from 0 in some column? p over all columns; the least mean that would have been found."""

    p: float
    weeks: int
    findable: float


def away_from_nought(values: np.ndarray, *, level: float = LEVEL) -> Together:
    """t tests of each column of weekly estimates (week, column), the least p times the number of columns.

    One value a week, weeks alike in meaning but not in size: a t test with weeks - 1 degrees of freedom keeps its
    level however unequal their noise is (Ibragimov & Müller 2010, doi 10.1198/jbes.2009.08046). `findable` is the mean
    that would have been found in `STRONG` of trials at `level`, whichever column it stands in.
    """
    weeks, columns = values.shape
    if weeks < MIN_WEEKS:
        return Together(math.nan, weeks, math.nan)
    error = values.std(axis=0, ddof=1) / math.sqrt(weeks)
    if not (error > 0).all():
        return Together(math.nan, weeks, math.nan)
    p = 2 * student.sf(np.abs(values.mean(axis=0) / error), weeks - 1)
    limit = student.isf(level / (2 * columns), weeks - 1)
    shifts = np.linspace(0, limit + 10, 400)
    seen = nct.sf(limit, weeks - 1, shifts)
    enough = np.flatnonzero(seen >= STRONG)
    findable = float(shifts[enough[0]] * error.max()) if len(enough) else math.nan
    return Together(float(min(1.0, columns * p.min())), weeks, findable)
