"""What else is unusual about a group of accounts that share texts, in things other than texts.

Shared texts alone never tell fans or supporters from a network. So a group that was found
by its texts is looked at again from four sides that played no part in finding it: whether
its accounts were made in the same days, whether anybody reacts to their posts, whether they
post at other hours, and whether they answer opposed camps. Each indicator compares the group
with accounts of the same case that are in no group, and has a floor below which a significant
difference does not count. Indicators are not added up or weighted: each holds or does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

INDICATORS = ("created", "no_reaction", "hours", "spread")
#: smallest difference that counts: share of the accounts, of posts, of posts, chance of two camps
FLOORS = {"created": 0.2, "no_reaction": 0.25, "hours": 0.25, "spread": 0.15}
LEVEL = 0.01  # divided by the number of groups
SPAN, STEP = 14, 7  # days of a window of creation dates, and between two windows
HOURS = 8  # of a window of the day
_WINDOWS = (
    np.arange(24)[:, None] + np.arange(HOURS)
) % 24  # the hours of the window that begins at each hour
_INSIDE = ((np.arange(24)[:, None] - np.arange(24)) % 24 < HOURS).astype(float)  # hour x window
LEAST, LEAST_CONTROL = 5, 30  # accounts with a known value
_EXACT = 2.0**36  # shares are multiples of 1/_EXACT, so that their sums are the same in any order of accounts
KNOWN = 0.5  # share of the group's accounts whose value must be known


class Traits(NamedTuple):
    """One entry per account, NaN where not known: what the indicators are made of."""

    created: np.ndarray  # whole days
    silent: np.ndarray  # share of posts without any reaction
    hours: np.ndarray  # account x 24, share of posts in each hour UTC; NaN in all where no hour is known
    mixed: np.ndarray  # chance that two of its posts answer different camps


class _Around(NamedTuple):
    """Known values of the control in rising order (sums are then the same for any order of accounts)."""

    created: np.ndarray
    silent: np.ndarray
    mixed: np.ndarray
    hours: np.ndarray  # mean share of each hour
    windows: np.ndarray  # share of posts in the window that begins at each hour, each column in rising order


class Indicator(NamedTuple):
    """One indicator of one group.

    `effect` is the share of the group's accounts in unusual windows of creation dates (in the best window
    where none is), else the difference to the control (in hours: the mean of both halves); `control_value`
    the control's share or mean; `start` the first day or hour (UTC) of the best window. NaN where the indicator
    is not available.
    """

    indicator: str
    available: bool
    p: float
    effect: float
    control_value: float
    start: float
    on: bool


def traits(
    account: np.ndarray,
    created: np.ndarray,
    reactionless: np.ndarray,
    hour: np.ndarray,
    camp: np.ndarray,
) -> Traits:
    """What is known of each account, from posts.

    `account` is the position of the account of each post; `reactionless` 1, 0 or NaN, `hour` 0 to 23 (UTC) or
    NaN and `camp` a number from 0 (-1 unknown) are of each post, `created` (days or NaN) of each account.
    mixed = 1 - Σ m(m-1) / (n(n-1)) over camps, for accounts with two posts of a known camp.
    """
    n = len(created)
    known = np.isfinite(reactionless)
    silent = _share(account[known], reactionless[known], n)
    known = np.isfinite(hour)
    cell = account[known] * 24 + hour[known].astype(np.int64)
    hours = np.bincount(cell, minlength=n * 24).reshape(n, 24).astype(float)
    total = hours.sum(1, keepdims=True)
    hours = np.divide(hours, total, out=np.full_like(hours, np.nan), where=total > 0)
    hours = np.round(hours * _EXACT) / _EXACT
    return Traits(np.floor(created), silent, hours, _mixed(account, camp, n))


def read(seen: Traits, groups: Sequence[np.ndarray], control: np.ndarray) -> list[list[Indicator]]:
    """The four indicators of each group; groups and control are positions of accounts.

    An indicator is on where p <= 0.01 / number of groups and the effect reaches its floor. It is not available, and
    so off, where fewer than half of the group, 5 of its accounts or 30 control accounts have a known value.
    """
    level = LEVEL / max(len(groups), 1)
    around = _around(seen, control)
    return [
        [
            _created(seen.created[group], around.created, level),
            _mean("no_reaction", seen.silent[group], around.silent, level),
            _hours(seen, group, around, level),
            _mean("spread", seen.mixed[group], around.mixed, level),
        ]
        for group in groups
    ]


def fields(seen: Traits) -> dict[str, bool]:
    """Whether the data hold at all what each indicator needs; camps need to be two."""
    return {
        "created": bool(np.isfinite(seen.created).any()),
        "no_reaction": bool(np.isfinite(seen.silent).any()),
        "hours": bool(np.isfinite(seen.hours).any()),
        "spread": bool(np.isfinite(seen.mixed).any()),
    }


def _share(account: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Mean of `values` by account, NaN without any."""
    count = np.bincount(account, minlength=n)
    total = np.bincount(account, weights=values, minlength=n)
    return np.divide(total, count, out=np.full(n, np.nan), where=count > 0)


def _mixed(account: np.ndarray, camp: np.ndarray, n: int) -> np.ndarray:
    known = camp >= 0
    names, camps = np.unique(camp[known], return_inverse=True)
    if len(names) < 2:  # one camp only: nobody can be spread, and nobody shows it
        return np.full(n, np.nan)
    table = np.bincount(account[known] * len(names) + camps, minlength=n * len(names)).reshape(n, len(names))
    total = table.sum(1)
    ways = total * (total - 1)
    same = (table * (table - 1)).sum(1)
    return np.divide(ways - same, ways, out=np.full(n, np.nan), where=ways > 0)


def _around(seen: Traits, control: np.ndarray) -> _Around:
    hours = seen.hours[control]
    hours = hours[np.isfinite(hours[:, 0])]
    mean = hours.mean(0) if len(hours) else np.zeros(24)
    created, silent, mixed = (np.sort(v[control]) for v in (seen.created, seen.silent, seen.mixed))
    known = [v[np.isfinite(v)] for v in (created, silent, mixed)]
    return _Around(known[0], known[1], known[2], mean, np.sort(hours @ _INSIDE, axis=0))


def _known(group: np.ndarray, around: np.ndarray) -> np.ndarray | None:
    """Known values of the group in rising order; None where too few are known of it or of the control."""
    x = np.sort(group[np.isfinite(group)])
    enough = len(x) >= max(LEAST, KNOWN * len(group)) and len(around) >= LEAST_CONTROL
    return x if enough else None


def _absent(indicator: str) -> Indicator:
    return Indicator(indicator, False, np.nan, np.nan, np.nan, np.nan, False)


def _above(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """One-sided p that the mean of `x` is above that of `y`, and the difference.

    t with len(x) - 1 degrees of freedom; the group may be all alike, so its spread counts as at least the
    control's, and the control's as at least that of one account which differs from all others.
    """
    spread = max(float(y.var(ddof=1)), (1 - 1 / len(y)) / len(y))
    error = np.sqrt(max(float(x.var(ddof=1)), spread) / len(x) + spread / len(y))
    difference = float(x.mean() - y.mean())
    return float(stats.t.sf(difference / error, len(x) - 1)), difference


def _mean(indicator: str, group: np.ndarray, around: np.ndarray, level: float) -> Indicator:
    x = _known(group, around)
    if x is None:
        return _absent(indicator)
    p, difference = _above(x, around)
    on = p <= level and difference >= FLOORS[indicator]
    return Indicator(indicator, True, p, difference, float(around.mean()), float("nan"), on)


def _created(group: np.ndarray, y: np.ndarray, level: float) -> Indicator:
    """Windows of 14 days that hold more of the group than twice the control's share explains.

    p = P(Bin(n, 2 (control in the window + 3) / (controls + 3)) >= seen) × number of windows.
    """
    x = _known(group, y)
    if x is None:
        return _absent("created")
    start = np.arange(min(x[0], y[0]) - SPAN, x[-1] + 1, STEP)
    inside, around = (np.searchsorted(v, start + SPAN) - np.searchsorted(v, start) for v in (x, y))
    chance = np.minimum(1.0, 2 * (around + 3) / (len(y) + 3))
    p = np.minimum(1.0, stats.binom.sf(inside - 1, len(x), chance) * len(start))
    best = int(np.argmin(p))
    windows = start[p <= level] if p[best] <= level else start[best : best + 1]
    effect, beside = (_within(v, windows) for v in (x, y))
    on = bool(p[best] <= level and effect >= FLOORS["created"])
    return Indicator("created", True, float(p[best]), effect, beside, float(start[best]), on)


def _within(days: np.ndarray, start: np.ndarray) -> float:
    """Share of `days` that lie in any of the windows."""
    last = np.searchsorted(start, days, side="right") - 1  # the latest window that has begun
    return float(np.mean((last >= 0) & (days < start[np.maximum(last, 0)] + SPAN)))


def _hours(seen: Traits, group: np.ndarray, around: _Around, level: float) -> Indicator:
    """A window of 8 hours, chosen on one half of the group and tested on the other, both ways; p doubled."""
    if _known(seen.hours[group, 0], around.windows[:, 0]) is None:
        return _absent("hours")
    halves = _halves(seen, group[np.isfinite(seen.hours[group, 0])])
    tried = []
    for chosen, tested in (halves, halves[::-1]):
        if len(tested) < LEAST:
            continue
        above = seen.hours[chosen].mean(0) - around.hours
        first = int(np.argmax(above[_WINDOWS].sum(1)))
        x, y = np.sort(seen.hours[tested] @ _INSIDE[:, first]), around.windows[:, first]
        tried.append((*_above(x, y), first, float(y.mean())))
    if not tried:
        return _absent("hours")
    p, _, first, beside = min(tried)
    effect = float(np.mean(sorted(t[1] for t in tried)))
    p = min(1.0, 2 * p)
    return Indicator("hours", True, p, effect, beside, float(first), p <= level and effect >= FLOORS["hours"])


def _halves(seen: Traits, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The group in two halves that depend on what its accounts did, not on how they are numbered.

    Every second account in the order of a hash of its hours and of its place among the group's creation
    dates: as good as drawn by lot, and the same for the same accounts.
    """
    days = seen.created[group]
    place = np.searchsorted(np.sort(days), days)
    mixed = place.astype(np.uint64)
    for column in np.round(seen.hours[group] * 5040).astype(np.uint64).T:
        mixed = _scramble(mixed ^ column)
    order = group[np.lexsort((place, mixed))]
    return order[::2], order[1::2]


def _scramble(x: np.ndarray) -> np.ndarray:
    """Spread each number over 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    x = (x + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
