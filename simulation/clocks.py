"""When people post: the crew's office day, and the waking hours of everybody else.

Times are milliseconds since 1970 in UTC throughout; tables hold them as timestamps.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from simulation.campaign import Campaign
from simulation.draws import Draws

HOUR = 3_600_000
DAY = 24 * HOUR
BIN = HOUR // 2

#: offsets in August and September (all on summer time but Regina), with the share of people there
ZONES = {
    "America/St_Johns": (-2.5, 0.03),
    "America/Halifax": (-3.0, 0.07),
    "America/Toronto": (-4.0, 0.55),
    "America/Winnipeg": (-5.0, 0.05),
    "America/Regina": (-6.0, 0.03),
    "America/Edmonton": (-6.0, 0.12),
    "America/Vancouver": (-7.0, 0.15),
}

#: activity of ordinary users by local hour: asleep from 1 to 6, most active in the evening
AWAKE = np.array(
    [16, 8, 4, 3, 3, 5, 14, 30, 42, 48, 52, 54, 60, 56, 52, 52, 54, 58, 62, 68, 74, 72, 56, 34], float
)
#: posts of public figures by local hour
OFFICIAL = np.array(
    [1, 0, 0, 0, 0, 1, 4, 12, 30, 46, 52, 48, 50, 46, 44, 46, 50, 46, 36, 30, 24, 14, 6, 2], float
)


def at_midnight(day: dt.date, zone: str = "UTC") -> int:
    """The moment `day` begins in `zone`."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def bounds(campaign: Campaign) -> tuple[int, int]:
    """First moment of the period, and the first moment after it."""
    return (
        at_midnight(campaign.start, campaign.clock),
        at_midnight(campaign.end + dt.timedelta(days=1), campaign.clock),
    )


def crew_bins(campaign: Campaign) -> tuple[np.ndarray, np.ndarray]:
    """Half-hours of the period and how much of the crew's work falls in each."""
    first, last = bounds(campaign)
    bins = np.arange(first, last, BIN)
    local = bins + int(campaign.crew_offset * HOUR)
    hour = (local % DAY) / HOUR
    weekend = (local // DAY + 3) % 7 >= 5  # 1 January 1970 was a Thursday

    since = (hour - campaign.crew_start) % 24
    work = np.where(since < campaign.crew_hours, 1.0, 0.0)
    if campaign.crew_hours < 24:
        work[(hour >= 12) & (hour < 13)] *= 1 - campaign.crew_lunch
        half = (since < 0.5) | ((since >= campaign.crew_hours - 0.5) & (since < campaign.crew_hours))
        work[half] *= 0.6  # people arrive and leave at different minutes
    daily = work.sum() * BIN / (last - first) * 48
    weight = (1 - campaign.crew_offhours) * work / daily + campaign.crew_offhours / 48

    zone = ZoneInfo(campaign.clock)
    days = [dt.datetime.fromtimestamp(t / 1000, zone).date() for t in bins.tolist()]
    number = np.array([(day - campaign.start).days for day in days])
    left = (campaign.end - campaign.start).days - number
    weight *= np.minimum(1.0, (number + 1) / max(1, campaign.ramp_days)) ** 0.7
    weight *= np.minimum(1.0, (left + 1) / (campaign.fade_days + 1))
    swollen = np.zeros(len(bins), bool)
    if campaign.swell:
        opens, closes, factor = campaign.swell
        swollen = np.array([opens <= day <= closes for day in days])
        weight[swollen] *= factor
    weight[weekend & ~swollen] *= campaign.crew_weekend
    return bins, weight


def crew_times(campaign: Campaign, n: int, purpose: str) -> np.ndarray:
    """`n` moments of the crew's work, in order."""
    draws = Draws(campaign.seed, "crew times", purpose)
    bins, weight = crew_bins(campaign)
    return np.sort(bins[draws.pick(weight, n)] + draws.below(BIN, n))


def by_hour(curve: np.ndarray, times: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Height of a 24-hour curve at UTC `times` for people `offset` hours east of UTC."""
    return curve[((times / HOUR + offset) % 24).astype(int)]


def day_times(draws: Draws, curve: np.ndarray, first: int, last: int, offset: np.ndarray) -> np.ndarray:
    """One moment for each offset between `first` and `last`, at an hour drawn from `curve`."""
    n = len(offset)
    days = int((last - first) // DAY)
    local = draws.below(days, n) * DAY + draws.pick(curve, n) * HOUR + draws.below(HOUR, n)
    midnight = first - first % DAY
    moment = (midnight + local - offset * HOUR).astype(np.int64)
    return first + (moment - first) % (last - first)


def answer_times(
    draws: Draws, posted: np.ndarray, offset: np.ndarray, last: int, median_s: float = 5400.0
) -> np.ndarray:
    """When people who are awake answer posts made at `posted`: log-normal delays, fitted to waking hours."""
    n, tries = len(posted), 6
    delay = np.exp(np.log(median_s) + 1.5 * draws.normal(n * tries)).reshape(tries, n)
    moment = posted + ((20 + delay) * 1000).astype(np.int64)
    weight = by_hour(AWAKE, moment, offset) * (moment < last) + 1e-9 * (moment < last)
    ladder = np.cumsum(weight, axis=0)
    chosen = (
        (ladder <= draws.uniform(n) * np.where(ladder[-1] > 0, ladder[-1], 1)).sum(axis=0).clip(0, tries - 1)
    )
    moment = moment[chosen, np.arange(n)]
    # every try fell after the end: answer before it, soon after the post
    return np.where(
        moment < last, moment, posted + ((last - posted) * draws.uniform(n) * 0.9).astype(np.int64) + 1
    )
