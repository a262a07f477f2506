"""Do posts follow a public calendar: dips on its holidays, work on its make-up weekends.

A dip is a trait of a calendar, not of a country: several countries keep Spring
Festival. Every calendar is tested and shown, with the power it had. Call at
p <= 0.02 and read the error as 3-4 %: days hang together.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from dataclasses import dataclass

import holidays
import numpy as np
from scipy.stats import mannwhitneyu, norm
from scipy.stats import t as student

LEVEL = 0.02
REACH = 10  # weeks on either side
MIN_WEEKS = 6
MIN_MAKE_UP = 3
#: calendar -> the clock in which its days are counted
CALENDARS = {
    "CN": "Asia/Shanghai",
    "TW": "Asia/Taipei",
    "HK": "Asia/Hong_Kong",
    "SG": "Asia/Singapore",
    "VN": "Asia/Ho_Chi_Minh",
    "KR": "Asia/Seoul",
    "TH": "Asia/Bangkok",
    "CA": "America/Toronto",
}


@dataclass(frozen=True)
class Dip:
    """Posts on the holidays of one calendar over posts on matched weekdays."""

    blocks: int
    days: int
    ratio: float
    low: float
    high: float
    p: float  # one-sided, that there is a dip
    power_half: float  # chance to see a fall to a half, to a fifth
    power_fifth: float


@dataclass(frozen=True)
class MakeUp:
    """Posts on make-up working weekends against other weekends."""

    days: int
    ratio: float
    p: float


@functools.lru_cache(maxsize=256)
def days_of(calendar: str, first_year: int, last_year: int) -> tuple[frozenset, frozenset]:
    """Holidays and make-up working days of `calendar` in these years, as dates."""
    book = holidays.country_holidays(calendar, years=range(first_year, last_year + 1))
    return frozenset(book.keys()), frozenset(getattr(book, "weekend_workdays", ()))


def blocks(dates: list[dt.date], free: frozenset, shortest: int = 2) -> list[np.ndarray]:
    """Runs of holiday weekdays (a weekend inside does not break one), as positions in `dates`."""
    runs: list[list[int]] = []
    for i, day in enumerate(dates):
        if day in free and day.weekday() < 5:
            if runs and (day - dates[runs[-1][-1]]).days <= 3:
                runs[-1].append(i)
            else:
                runs.append([i])
    return [np.array(run) for run in runs if len(run) >= shortest]


def _block(
    run: np.ndarray, total: np.ndarray, special: np.ndarray, reach: int
) -> tuple[float, float, float, int] | None:
    """Log ratio of one block to the same weekdays of ordinary weeks, its error under no dip and as it is, weeks.

    The second error is the larger one: the few posts of a deep dip vary more.
    """
    if np.isnan(total[run]).any():
        return None
    reference = []
    for week in range(-reach, reach + 1):
        at = run + 7 * week
        if week and at.min() >= 0 and at.max() < len(total) and not special[at].any():
            reference.append(total[at].sum())
    if len(reference) < MIN_WEEKS:
        return None
    logs = np.log(np.array(reference) + 0.5)
    noise = 1 / (np.mean(reference) + 0.5)  # counts vary at least like this, however even the weeks look
    variance = max(logs.var(ddof=1), noise) * (1 + 1 / len(logs))
    seen = total[run].sum() + 0.5
    error = math.sqrt(variance), math.sqrt(variance + max(0.0, 1 / seen - noise))
    return math.log(seen) - logs.mean(), *error, len(logs)


def holiday_dip(
    total: np.ndarray,
    dates: list[dt.date],
    free: frozenset,
    make_up: frozenset,
    *,
    observed: np.ndarray | None = None,
    shortest: int = 2,
    reach: int = REACH,
    power: bool = True,
) -> Dip:
    """Each run of holiday weekdays against the same weekdays of ordinary weeks within ten weeks.

    Prediction t on log(total + 1/2), z per block, joined by Stouffer with weights
    sqrt(length), one-sided. Weeks with a holiday, a make-up day or an unobserved day
    are no reference; six are needed. `total` are posts a day, `dates` consecutive days.
    """
    total = np.where(observed, total, np.nan) if observed is not None else np.asarray(total, dtype=float)
    special = np.isnan(total) | np.array([d in free or d in make_up for d in dates], dtype=bool)
    found = [
        (len(run), *result)
        for run in blocks(dates, free, shortest)
        if (result := _block(run, total, special, reach))
    ]
    if not found:
        return Dip(0, 0, math.nan, math.nan, math.nan, math.nan, 0.0, 0.0)
    length, value, error, wider, weeks = (
        np.array(column, dtype=float) for column in zip(*found, strict=True)
    )
    weight = np.sqrt(length) / math.sqrt(length.sum())
    p = float(norm.cdf(weight @ _z(value / error, weeks - 1)))
    share = length / length.sum()
    middle, spread = float(share @ value), math.sqrt(((share * wider) ** 2).sum())
    df = spread**4 / (((share * wider) ** 4) / (weeks - 1)).sum()
    half = student.ppf(0.975, df) * spread
    chances = [_power(math.log(f), error, weeks - 1, weight) if power else math.nan for f in (0.5, 0.2)]
    interval = (math.exp(middle), math.exp(middle - half), math.exp(middle + half))
    return Dip(len(found), int(length.sum()), *interval, p, *chances)


def _z(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    return norm.ppf(np.clip(student.cdf(t, df), 1e-9, 1 - 1e-9))


def _power(effect: float, error: np.ndarray, df: np.ndarray, weight: np.ndarray) -> float:
    """Chance that a fall of `effect` (log scale) would have been called, given the noise of these weeks."""
    rng = np.random.default_rng(0)
    draws = (rng.normal(size=(2000, len(error))) + effect / error) / np.sqrt(
        rng.chisquare(df, (2000, len(df))) / df
    )
    return float((norm.cdf(_z(draws, df) @ weight) <= LEVEL).mean())


def make_up_days(
    total: np.ndarray,
    dates: list[dt.date],
    free: frozenset,
    make_up: frozenset,
    *,
    observed: np.ndarray | None = None,
) -> MakeUp:
    """Posts on make-up Saturdays and Sundays against other weekend days: Mann-Whitney, one-sided."""
    seen = np.ones(len(dates), dtype=bool) if observed is None else observed
    weekend = np.array([d.weekday() >= 5 for d in dates], dtype=bool) & seen
    made_up = weekend & np.array([d in make_up for d in dates], dtype=bool)
    other = weekend & ~made_up & ~np.array([d in free for d in dates], dtype=bool)
    n = int(made_up.sum())
    if n < MIN_MAKE_UP or other.sum() < MIN_MAKE_UP:
        return MakeUp(n, math.nan, math.nan)
    total = np.asarray(total, dtype=float)
    ratio = (total[made_up].mean() + 0.5 / n) / (total[other].mean() + 0.5 / other.sum())
    return MakeUp(
        n, float(ratio), float(mannwhitneyu(total[made_up], total[other], alternative="greater").pvalue)
    )
