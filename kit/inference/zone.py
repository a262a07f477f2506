"""What posting times can say about where: a set of UTC offsets, or "cannot tell".

A quasi-likelihood of families of weekly rhythms over all offsets. Most families
are there only to forbid an answer; six refusals stand before and after them.
The method, its premise (an ordinary working day that starts between 8 and 10)
and its known failure (a rigidly shifted day cannot be seen) are documented with
the measured error rates in docs/timing-acceptance.md.

Times are minutes since 1970-01-01 00:00 UTC, accounts are integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.stats import chi2

from kit.errors import MetricError
from kit.inference import clusters, rhythm
from kit.inference.shapes import BINS, FRIDAY_ENDS, HALF_HOURS, WORKING, bank

OFFSETS = np.arange(-24, 29) / 2.0  # -12 to +14: +13 and -11 share hours but not local days
ROLL = np.round(OFFSETS * 2).astype(int)
WEEKENDS = {"sat-sun": 3, "fri-sat": 4}  # place of 1 January 1970 (a Thursday) in the week of each
DECLARED = {"office": 4.0, "shift": 5.0}  # widest set that may be named under a declared rhythm

CUT = 4.61  # how far below the best a shape may lie; tuned on separate seeds among 3.84, 4.61, 5.99
MIN_POSTS, MIN_DAYS = 100, 10
MIN_WIDTH, MAX_WIDTH = 2.0, 4.0  # hours; the premise itself, a start between 8 and 10, is 2 h wide
MAX_SPREAD = 1.75  # hours between accounts
FIT_P, FIT_EXCESS = 0.01, 0.08
CAP = 150  # more posts do not repair a wrong shape: information stops at this many units

TOLD = ("O1", "O1b", "O2", "O2a")  # a set is named; under R7 its ends stand as a rough band


@dataclass(frozen=True)
class Units:
    """First post of each account in each clock hour, and the week they fall in."""

    accounts: np.ndarray
    minutes: np.ndarray
    bins: np.ndarray  # half-hour of the UTC week
    counts: np.ndarray  # units in each of the 336 half-hours
    exposure: np.ndarray  # how often each half-hour was observed


@dataclass(frozen=True)
class Fit:
    """Support of every shape at every offset, and the best of them."""

    units: Units
    support: np.ndarray  # offset x shape
    dispersion: tuple[float, float]  # of the hours, of working and off days
    best: tuple[int, int]  # offset, shape


@dataclass(frozen=True)
class Outcome:
    """The verdict on one crew. `offsets`, `low`, `high` stay empty wherever a refusal forbids them."""

    code: str
    posts: int
    units: int
    accounts: int
    days: int
    offsets: tuple[float, ...] = ()
    low: float = math.nan
    high: float = math.nan
    audience: tuple[float, ...] = ()  # offsets of the audience that the posts fit (R8)
    details: dict[str, float] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Is a set named?"""
        return self.code in TOLD


def thin(accounts: np.ndarray, minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First post of each account in each UTC clock hour, so that a session counts once."""
    order = np.lexsort((minutes, accounts))
    accounts, minutes = accounts[order], minutes[order]
    hour = np.floor(minutes / 60)
    first = np.ones(len(minutes), dtype=bool)
    first[1:] = (accounts[1:] != accounts[:-1]) | (hour[1:] != hour[:-1])
    return accounts[first], minutes[first]


def _half_hours(minutes: np.ndarray, weekend: str) -> np.ndarray:
    return (np.floor(minutes / 30).astype(np.int64) + WEEKENDS[weekend] * HALF_HOURS) % BINS


def exposure(minutes: np.ndarray, gaps: tuple = (), weekend: str = "sat-sun") -> np.ndarray:
    """How often each UTC half-hour of the week was observed, from the first day to the last, less the gaps."""
    first, last = np.floor(minutes.min() / 1440), np.floor(minutes.max() / 1440)
    starts = np.arange(first * HALF_HOURS, (last + 1) * HALF_HOURS) * 30.0
    for start, end in gaps:
        starts = starts[(starts < start) | (starts >= end)]
    return np.bincount(_half_hours(starts, weekend), minlength=BINS).astype(float)


def observe(accounts: np.ndarray, minutes: np.ndarray, gaps: tuple = (), weekend: str = "sat-sun") -> Units:
    """Thin the posts and lay them on the UTC week."""
    accounts, minutes = thin(np.asarray(accounts), np.asarray(minutes, dtype=float))
    bins = _half_hours(minutes, weekend)
    counts = np.bincount(bins, minlength=BINS).astype(float)
    return Units(accounts, minutes, bins, counts, exposure(minutes, gaps, weekend))


def _log_likelihoods(units: Units) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood of hour within day type and of day type, relative to a flat rate; and the joint one.

    Without the flat rate subtracted from both parts, offsets whose local weekends
    differ could not be compared once the parts get different weights.
    """
    shapes = bank()
    counts = np.array([np.roll(units.counts, k) for k in ROLL])
    seen = np.array([np.roll(units.exposure, k) for k in ROLL])
    n = units.counts.sum()
    on = seen[:, :FRIDAY_ENDS] @ shapes.rates[:, :FRIDAY_ENDS].T
    off = seen[:, FRIDAY_ENDS:] @ shapes.rates[:, FRIDAY_ENDS:].T
    total = on + off
    n_on = counts[:, :FRIDAY_ENDS].sum(1)[:, None]
    n_off = n - n_on
    seen_on = seen[:, :FRIDAY_ENDS].sum(1)[:, None]
    seen_off = np.maximum(seen[:, FRIDAY_ENDS:].sum(1)[:, None], 1e-9)
    joint = counts @ shapes.logs.T - n * np.log(total)
    log_off = np.log(np.maximum(off, 1e-300) / total)
    day = n_on * np.log(np.maximum(on, 1e-300) / total) + np.where(n_off > 0, n_off * log_off, 0.0)
    hour = joint - day + n_on * np.log(np.maximum(seen_on, 1e-9)) + n_off * np.log(seen_off)
    all_seen = seen_on + seen_off
    day = day - n_on * np.log(np.maximum(seen_on, 1e-9) / all_seen) - n_off * np.log(seen_off / all_seen)
    return hour, day, joint


def _local(units: Units, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """Half-hour of the local week and local day of every unit."""
    bins = (units.bins + ROLL[offset]) % BINS
    return bins, np.floor((units.minutes / 60 + OFFSETS[offset]) / 24).astype(np.int64)


def _expected(units: Units, offset: int, shape: int) -> np.ndarray:
    rates = np.roll(units.exposure, ROLL[offset]) * bank().rates[shape]
    return rates / rates.sum()


def _dispersion(units: Units, offset: int, shape: int) -> tuple[float, float]:
    """How many times the units hang together more than single independent posts would."""
    n = units.counts.sum()
    p = _expected(units, offset, shape)
    bins, days = _local(units, offset)
    day_logs = bank().logs[shape].reshape(7, HALF_HOURS)
    slope = (np.roll(day_logs, -1, 1) - np.roll(day_logs, 1, 1)).ravel()
    on, off = p[WORKING].sum(), p[~WORKING].sum()
    mean_on = (p * slope)[WORKING].sum() / max(on, 1e-12)
    mean_off = (p * slope)[~WORKING].sum() / max(off, 1e-12)
    slope = slope - np.where(WORKING, mean_on, mean_off)
    variance = (p * slope**2).sum()
    hours = days_off = 1.0
    if variance > 1e-9:
        hours = clusters.two_way(slope[bins], units.accounts, days) / (n * variance)
    if off * on > 1e-9:
        days_off = clusters.two_way(~WORKING[bins] - off, units.accounts, days) / (n * off * on)
    return float(max(1.0, hours, n / CAP)), float(max(1.0, days_off))


def fit(units: Units) -> Fit:
    """Support T = 2 (L_hour / phi_hour + L_day / phi_day) of every shape at every offset."""
    hour, day, joint = _log_likelihoods(units)
    best = _top(joint)
    for _ in range(2):  # the dispersion is read at the best shape, which depends on it
        phi = _dispersion(units, *(int(i) for i in best))
        support = 2 * (hour / phi[0] + day / phi[1])
        before, best = best, _top(support)
        if best == before:
            break
    return Fit(units, support, phi, best)


def _top(support: np.ndarray) -> tuple[int, int]:
    """Offset and shape with the largest support."""
    offset, shape = np.unravel_index(np.argmax(support), support.shape)
    return int(offset), int(shape)


def misfit(fitted: Fit, offset: int, shape: int) -> tuple[float, float]:
    """Does the best shape fit at all: Rao-Scott p of Pearson's X2 on twelve two-hour bins, excess variation.

    The excess is the total variation distance less its expectation under the shape.
    """
    units = fitted.units
    n, p = units.counts.sum(), _expected(units, offset, shape)
    bins, days = _local(units, offset)
    pair = (np.arange(BINS) % HALF_HOURS) // 4
    share = np.bincount(pair, weights=p)
    seen = np.bincount(pair[bins], minlength=len(share))
    spread = share * (1 - share)
    effects = [
        clusters.two_way((pair[bins] == j) - share[j], units.accounts, days) / (n * spread[j])
        for j in range(len(share))
    ]
    effect = max(1.0, float(np.average(effects, weights=1 - share)))
    x2 = ((seen - n * share) ** 2 / (n * share)).sum() / effect
    noise = 0.5 * math.sqrt(2 / math.pi) * np.sqrt(spread * effect / n).sum()
    return float(chi2.sf(x2, len(share) - 5)), float(0.5 * np.abs(seen / n - share).sum() - noise)


def hull(offsets: np.ndarray) -> tuple[float, float, float]:
    """Smallest arc of the day that holds all offsets: width, first, last (last may pass +14)."""
    if len(offsets) == 0:
        return math.nan, math.nan, math.nan
    on_circle = np.sort(np.asarray(offsets, dtype=float) % 24)
    steps = np.append(np.diff(on_circle), on_circle[0] + 24 - on_circle[-1])
    widest = int(np.argmax(steps))
    first = on_circle[(widest + 1) % len(on_circle)]
    width = 24 - steps[widest]
    first = first if np.isin(first, offsets) else first - 24
    return float(width), float(first), float(first + width)


def _widened(offsets: np.ndarray) -> np.ndarray:
    """The set, never narrower than the premise allows: what pins it further is the hour of lunch.

    People eat between half past eleven and two; a set narrowed by the meal gap was
    wrong in 3 of 8 simulated office crews.
    """
    width, low, high = hull(offsets)
    if not len(offsets) or width >= MIN_WIDTH:
        return offsets
    pad = math.ceil(MIN_WIDTH - width) / 2
    return OFFSETS[(low - pad <= OFFSETS) & (high + pad >= OFFSETS)]


@dataclass(frozen=True)
class Reading:
    """What the fit says before anybody decides whether it may be said. Never published as it is."""

    offsets: np.ndarray
    width: float
    low: float
    high: float
    rival_gap: float  # how far the best family without a clock lies below the best
    fit_p: float
    excess: float
    families: tuple[str, ...]


def read(fitted: Fit, declared: str | None = None) -> Reading:
    """Offsets at which some family that may name a clock comes within CUT of the best shape."""
    shapes = bank()
    support = fitted.support
    if declared is not None:
        allowed = (shapes.family == declared) | (shapes.family == "flat*")
        support = np.where(allowed, support, -np.inf)
    best = support.max()
    near = support >= best - CUT
    offsets = _widened(OFFSETS[(near & shapes.names_clock).any(1)])
    width, low, high = hull(offsets)
    rival_gap = float(best - support[:, ~shapes.names_clock].max())
    fit_p, excess = misfit(fitted, *_top(support))
    families = tuple(sorted(set(shapes.family[near.any(0)].tolist())))
    return Reading(offsets, width, low, high, rival_gap, fit_p, excess, families)


def _apart(a: float, b: float) -> float:
    return abs((a - b + 12) % 24 - 12)


def _check(audience: object, declared: str | None, weekend: str) -> tuple[float, ...] | None:
    if declared is not None and declared not in DECLARED:
        raise MetricError("unknown declared rhythm", found=declared, hint="Use 'office' or 'shift'.")
    if weekend not in WEEKENDS:
        raise MetricError("unknown weekend", found=weekend, hint="Use 'sat-sun' or 'fri-sat'.")
    if isinstance(audience, str):
        if audience != "not known":
            raise MetricError("the audience is a list of offsets or 'not known'", found=audience)
        return None
    offsets = tuple(float(offset) for offset in audience)  # type: ignore[attr-defined]
    if not offsets:
        raise MetricError("the audience is empty", hint="Give its offsets, or say 'not known'.")
    return offsets


def decide(
    accounts: np.ndarray,
    minutes: np.ndarray,
    *,
    audience: tuple[float, ...] | str,
    replies: tuple[np.ndarray, ...] | None = None,
    gaps: tuple = (),
    weekend: str = "sat-sun",
    declared: str | None = None,
) -> Outcome:
    """The whole procedure for one crew: R1 to R8, O1, O1b (audience not known), O2 and O2a (declared rhythm).

    `audience` are the UTC offsets of targets and intended readers, or "not known".
    `replies` are (times of replies, times of the posts they answer, their ids) where
    replies are what is judged. `gaps` are intervals (start, end) that were not
    collected. `declared` names a rhythm that other evidence supports: then only that
    family and the flat week compete, and an audience in the set is reported (O2a)
    instead of refused. Under every refusal but R7 the outcome holds no offset.
    """
    zones = _check(audience, declared, weekend)
    accounts, minutes = np.asarray(accounts), np.asarray(minutes, dtype=float)
    days = len(np.unique(np.floor(minutes / 1440)))
    plain = Outcome("R1", len(minutes), 0, len(np.unique(accounts)), days)
    if len(minutes) < MIN_POSTS or days < MIN_DAYS:
        return plain
    details = {"p_rotation": rhythm.day_rotation(minutes).p}
    plain = replace(plain, details=details)
    if not details["p_rotation"] <= 0.05:
        return replace(plain, code="R2")
    if replies is not None:
        waits = rhythm.waiting_test(*replies)
        details["p_waiting"] = waits.p
        if waits.targets >= rhythm.MIN_TARGETS and not waits.p <= 0.01:
            return replace(plain, code="R3")
    units = observe(accounts, minutes, gaps, weekend)
    fitted = fit(units)
    reading = read(fitted, declared)
    details["spread_hours"], details["p_spread"] = rhythm.spread_between(units.accounts, units.minutes)
    details["dispersion_hours"], details["dispersion_days"] = fitted.dispersion
    details |= {"p_fit": reading.fit_p, "misfit": reading.excess, "rival_gap": reading.rival_gap}
    return _judge(reading, zones, declared, replace(plain, units=len(units.minutes)))


def _judge(
    reading: Reading, zones: tuple[float, ...] | None, declared: str | None, plain: Outcome
) -> Outcome:
    """First refusal that applies, in the order of the method; nothing of the set passes any but R7."""
    if plain.details["spread_hours"] > MAX_SPREAD and plain.details["p_spread"] <= 0.01:
        return replace(plain, code="R4")
    if reading.fit_p < FIT_P and reading.excess > FIT_EXCESS:
        return replace(plain, code="R5")
    if reading.rival_gap <= CUT:
        # office weeks fall at weekends, this rival's hardly do: where both fit, the dip is too shallow to part them
        shallow = {"shallow_dip": float("block7*" in reading.families)}
        return replace(plain, code="R6", details=plain.details | shallow)
    offsets = tuple(float(o) for o in reading.offsets)
    told = replace(plain, offsets=offsets, low=reading.low, high=reading.high)
    if reading.width > (DECLARED[declared] if declared else MAX_WIDTH):
        return replace(told, code="R7")
    fits = tuple(z for z in zones or () if any(_apart(o, z) <= 0.5 for o in offsets))
    if declared:
        return replace(told, code="O2a" if fits else "O2", audience=fits)
    if fits:
        return replace(plain, code="R8", audience=fits)
    return replace(told, code="O1b" if zones is None else "O1")


def usual_chart(minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of posts Monday to Friday 9:00-16:59 at each whole offset: what most reports show.

    It always has a maximum, carries no error and cannot refuse; it is computed
    here only to be shown beside the verdict with the warning.
    """
    offsets = np.arange(-12, 15).astype(float)
    local = np.asarray(minutes, dtype=float)[None, :] / 60 + offsets[:, None]
    weekday = (np.floor(local / 24).astype(np.int64) + WEEKENDS["sat-sun"]) % 7
    hour = local % 24
    inside = (weekday < 5) & (hour >= 9) & (hour < 17)
    return offsets, inside.mean(1) if inside.size else np.full(len(offsets), np.nan)
