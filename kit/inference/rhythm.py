"""Daily and weekly rhythm of posts that come in sessions: rotation, weekend, meal gap, waiting, clock change.

Posts of one account on one day are never independent, so nothing here counts
single posts as evidence: days are turned as wholes, and intervals come from
clusters of accounts, days and weeks. A Rayleigh test on posts is deliberately
missing: one burst a day at random hours makes it cry wolf three times in four.

Times are minutes since 1970-01-01 00:00, UTC unless called `local`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from kit.inference import clusters, weeks
from kit.inference.draws import until_sure

MIN_DAYS = 10
MIN_TARGETS = 30
LONGEST_WAIT = 2880  # minutes: a reply after two days answers something else


@dataclass(frozen=True)
class Rotation:
    """Day-rotation test: p, the harmonic that stood out (1 = once a day), its mean resultant length."""

    p: float
    harmonic: int
    strength: float
    days: int


@dataclass(frozen=True)
class WeekRotation:
    """The same with weeks as what is turned, and the least strength that would have been found."""

    p: float
    harmonic: int
    strength: float
    days: int
    weeks: int
    findable: float


@dataclass(frozen=True)
class Ratio:
    """A ratio of rates with its 95 % interval, the units behind it and the number of clusters of its t."""

    estimate: float
    low: float
    high: float
    p: float  # one-sided, that the ratio is below 1
    n: int
    clusters: int


@dataclass(frozen=True)
class Waiting:
    """Does the wait for a reply depend on the hour of the post answered?"""

    p: float
    replies: int
    targets: int
    median: float  # minutes
    weeks: int = 0
    findable: float = math.nan  # wait at the slowest over the quickest hours that would have been found


@dataclass(frozen=True)
class ClockChange:
    """Shift of the posting hour (UTC, hours) between summer and winter of a reference zone."""

    shift: float
    low: float
    high: float
    summer: int
    winter: int
    answer: str  # changes, fixed, not told apart


def day_rotation(minutes: np.ndarray, *, harmonics: int = 4) -> Rotation:
    """Is there any daily rhythm? Every day is turned by one angle at random.

    Z_dk = sum over posts of day d of exp(i k theta). For each harmonic k, the chance that days of these
    |Z_dk|, each in a direction of its own, add up to |sum_d Z_dk| or more; p is the least of them times
    `harmonics`. Computed, not drawn (`kit.inference.weeks`). Fewer than ten active UTC days give p = nan.
    """
    minutes = np.sort(np.asarray(minutes, dtype=float))
    if not len(minutes):
        return Rotation(math.nan, 0, math.nan, 0)
    day = clusters.labels(np.floor(minutes / 1440))
    days = int(day[-1]) + 1
    p, harmonic, strength, _sums = _turned(minutes, day, harmonics)
    return Rotation(p if days >= MIN_DAYS else math.nan, harmonic, strength, days)


def _turned(minutes: np.ndarray, block: np.ndarray, harmonics: int) -> tuple[float, int, float, np.ndarray]:
    """p that blocks of time keep the same hours, the harmonic that does most, its strength and sums by block."""
    angle = 2 * np.pi * (minutes % 1440) / 1440
    waves = [np.exp(1j * k * angle) for k in range(1, harmonics + 1)]
    blocks = int(block.max()) + 1
    sums = np.array(
        [np.bincount(block, w.real, blocks) + 1j * np.bincount(block, w.imag, blocks) for w in waves]
    )
    p, best = weeks.common_direction(sums)
    return p, best + 1, float(np.abs(sums[best].sum()) / len(minutes)), sums[best]


def week_rotation(minutes: np.ndarray, *, harmonics: int = 4) -> WeekRotation:
    """Do the posts keep the same hours week after week? Every week is turned by one angle at random.

    As `day_rotation`, with weeks from the first post on as what is turned: news of three days is one week. p is
    nan where there are fewer than four weeks, or one of them holds nearly all posts. `findable` is the least strength that would have been
    found in four of five such sets.
    """
    minutes = np.sort(np.asarray(minutes, dtype=float))
    if not len(minutes):
        return WeekRotation(math.nan, 0, math.nan, 0, 0, math.nan)
    days = len(np.unique(np.floor(minutes / 1440)))
    week = clusters.labels(np.floor((np.floor(minutes / 1440) - np.floor(minutes[0] / 1440)) / 7))
    sizes = np.bincount(week).astype(float)
    p, harmonic, strength, sums = _turned(minutes, week, harmonics)
    if len(sizes) < weeks.MIN_WEEKS or weeks.effective(sizes) < weeks.MIN_EFFECTIVE:
        return WeekRotation(math.nan, harmonic, strength, days, len(sizes), math.nan)
    findable = weeks.findable_strength(sums, sizes, level=weeks.LEVEL / harmonics)
    return WeekRotation(p, harmonic, strength, days, len(sizes), findable)


def _by_first_post(accounts: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """Account numbers in order of first post, so that renaming accounts changes no random draw."""
    label = clusters.labels(accounts)
    m = int(label.max()) + 1
    first = np.full(m, np.inf)
    np.minimum.at(first, label, minutes)
    order = np.lexsort((np.bincount(label, minutes), np.bincount(label), first))
    rank = np.empty(m, dtype=np.int64)
    rank[order] = np.arange(m)
    return rank[label]


def spread_between(accounts: np.ndarray, minutes: np.ndarray, *, level: float = 0.01) -> tuple[float, float]:
    """Do the accounts keep different hours? Between-account SD in hours, and its permutation p.

    One-way random effects on the mean hour of each account-day; the null shuffles
    account-days among accounts, as often as it takes to tell p from `level` (where that cannot be told, p is `level`:
    the accounts count as different). Accounts with a single day are left out; too few
    account-days give (0, 1).
    """
    if len(minutes) == 0:
        return 0.0, 1.0
    angle = 2 * np.pi * (minutes % 1440) / 1440
    centre = np.angle(np.exp(1j * angle).sum())
    away = np.angle(np.exp(1j * (angle - centre))) * 12 / np.pi
    day = np.floor((minutes - centre * 720 / np.pi + 720) / 1440)
    account = _by_first_post(accounts, minutes)
    key = clusters.labels(account, day)
    mean = np.bincount(key, away) / np.bincount(key)
    owner = np.zeros(len(mean), dtype=np.int64)
    owner[key] = account
    keep = np.bincount(owner)[owner] >= 2
    if keep.sum() < 10:
        return 0.0, 1.0
    order = np.argsort(owner[keep], kind="stable")
    mean, owner = mean[keep][order], clusters.labels(owner[keep][order])
    size = np.bincount(owner)
    starts = np.cumsum(size) - size
    groups, n = len(size), len(mean)
    if groups < 2 or n - groups < 5:
        return 0.0, 1.0

    def between(values: np.ndarray) -> np.ndarray:
        sums = np.add.reduceat(values, starts, axis=1)
        return (sums**2 / size).sum(1) - values.sum(1) ** 2 / n

    seen = float(between(mean[None, :])[0])
    within = (((mean - mean.mean()) ** 2).sum() - seen) / (n - groups)
    typical = (n - (size**2).sum() / n) / (groups - 1)
    spread = math.sqrt(max(0.0, (seen / (groups - 1) - within) / typical))
    step = max(1, 2_000_000 // n)  # bounded memory for large sets

    def beaten(many: int, rng: np.random.Generator) -> int:
        rows = (min(step, many - done) for done in range(0, many, step))
        shuffled = (rng.permuted(np.tile(mean, (row, 1)), axis=1) for row in rows)
        return sum(int((between(each) >= seen - 1e-9).sum()) for each in shuffled)

    found = until_sure(beaten, level=level, most=4000)
    return spread, min(found.p, level) if found.open(level) else found.p


def _ratio(
    inside: np.ndarray, factor: float, accounts: np.ndarray, period: np.ndarray, min_clusters: int = 2
) -> Ratio:
    """Ratio of two rates on the log scale: `factor` x inside / outside, clusters account x period."""
    n, m = len(inside), len(np.unique(period))
    if n == 0 or m < min_clusters:
        return Ratio(math.nan, math.nan, math.nan, math.nan, n, m)
    a, b = inside.sum() + 0.5, (~inside).sum() + 0.5
    value = math.log(a / b * factor)
    influence = np.where(inside, 1 / a, -1 / b)
    influence = influence - influence.mean()
    error = math.sqrt(clusters.two_way(influence, accounts, period))
    error = max(error, math.sqrt(1 / a + 1 / b))  # never surer than independent units would be
    reach = student.ppf(0.975, m - 1) * error
    p = float(student.cdf(value / error, m - 1))
    return Ratio(math.exp(value), math.exp(value - reach), math.exp(value + reach), p, n, m)


def weekend_ratio(
    accounts: np.ndarray, local: np.ndarray, *, days: tuple[int, int], weekend: tuple[int, ...] = (5, 6)
) -> Ratio:
    """Units on a weekend day against units on a working day; 1 = no difference.

    `local` are wall-clock minutes of units (first post of an account in an hour);
    `days` the numbers of weekend and working days observed. Clusters account x week,
    t with weeks - 1 degrees of freedom. Approximate: deep dips over 8-16 weeks are
    covered in 88-91 %, and four weeks are rarely enough to see a dip.
    """
    day = np.floor(np.asarray(local, dtype=float) / 1440).astype(np.int64)
    inside = np.isin((day + 3) % 7, weekend)
    week = (day - day.min()) // 7 if len(day) else day
    off, on = days
    return _ratio(inside, on / off if on and off else math.nan, accounts, week)


def share_on(inside: np.ndarray, accounts: np.ndarray, period: np.ndarray) -> tuple[float, float, float]:
    """Share of posts that are `inside`, with a 95 % interval clustered by account x period (logit scale)."""
    n, m = len(inside), len(np.unique(period))
    if n == 0:
        return math.nan, math.nan, math.nan
    share = float(inside.mean())
    if m < 2:
        return share, math.nan, math.nan
    soft = (inside.sum() + 0.5) / (n + 1)
    error = math.sqrt(clusters.two_way(inside - inside.mean(), accounts, period)) / n
    error = max(error, math.sqrt(soft * (1 - soft) / n)) / (soft * (1 - soft))
    middle, reach = math.log(soft / (1 - soft)), student.ppf(0.975, m - 1) * error
    return share, 1 / (1 + math.exp(reach - middle)), 1 / (1 + math.exp(-reach - middle))


def meal_gap(
    accounts: np.ndarray,
    minutes: np.ndarray,
    offset: float,
    *,
    hours: tuple[float, float] = (12, 13),
    shoulder: float = 1.5,
) -> tuple[Ratio, float]:
    """Rate in a local hour against `shoulder` hours on either side, and how awake those hours are.

    Units at UTC`offset`; clusters account x day. The second value is the rate of the
    quieter shoulder over the mean rate of the day: below 1 the "midday" of that offset
    touches the night or the edge of the day, and a gap there is no meal.
    """
    clock = np.asarray(minutes, dtype=float) / 60 + offset
    hour, day = clock % 24, np.floor(clock / 24)
    after = (hour - hours[0] + shoulder) % 24  # hours since the window opened
    length = hours[1] - hours[0]
    window = around(minutes, offset, hours=hours, shoulder=shoulder)
    inside = ((after >= shoulder) & (after < shoulder + length))[window]
    ratio = _ratio(inside, 2 * shoulder / length, np.asarray(accounts)[window], day[window])
    before, later = (after < shoulder).sum(), (window & (after >= shoulder + length)).sum()
    level = float(min(before, later) / shoulder / (len(hour) / 24)) if len(hour) else math.nan
    return ratio, level


def around(
    minutes: np.ndarray, offset: float, *, hours: tuple[float, float] = (12, 13), shoulder: float = 1.5
) -> np.ndarray:
    """Which moments lie in a local hour at UTC`offset` or within `shoulder` hours of it."""
    after = ((np.asarray(minutes, dtype=float) / 60 + offset) % 24 - hours[0] + shoulder) % 24
    return after < hours[1] - hours[0] + 2 * shoulder


def _waits(
    replied: np.ndarray, target: np.ndarray, longest: float = LONGEST_WAIT
) -> tuple[np.ndarray, np.ndarray]:
    """Minutes waited, and which replies count: a stamp cut to the minute may stand just before its target."""
    wait = np.asarray(replied, dtype=float) - np.asarray(target, dtype=float)
    keep = (wait > -1) & (wait <= longest)
    return np.maximum(wait[keep], 0), keep


def waiting_test(
    replied: np.ndarray,
    target: np.ndarray,
    ids: np.ndarray | None = None,
    *,
    harmonics: int = 2,
    longest: float = LONGEST_WAIT,
    level: float = 0.01,
) -> Waiting:
    """Do replies wait longer for posts made at certain hours? Then the repliers have hours of their own.

    One value a target post: median of log(1 + minutes waited), at most `longest`; regressed on
    `harmonics` of the target's UTC hour; null: values shuffled among target posts, as often as it takes to tell
    p from `level` (where that cannot be told, p counts as above it).
    Fewer than 30 target posts give p = nan. `ids` tell target posts apart (default:
    their times). Not rejecting means the times show when the targets post.
    """
    posts = _by_target(replied, target, ids, longest)
    if len(posts.when) < MIN_TARGETS:
        return Waiting(math.nan, posts.replies, len(posts.when), posts.median)
    values = posts.wait - posts.wait.mean()
    waves = _waves(posts.when, harmonics)
    waves = waves - waves.mean(1, keepdims=True)
    seen = ((waves @ values) ** 2).sum()

    def beaten(n: int, rng: np.random.Generator) -> int:
        return int(sum(((waves @ rng.permutation(values)) ** 2).sum() >= seen - 1e-9 for _ in range(n)))

    found = until_sure(beaten, level=level)
    p = max(found.p, math.nextafter(level, 1)) if found.open(level) else found.p
    return Waiting(p, posts.replies, len(posts.when), posts.median)


@dataclass(frozen=True)
class _Targets:
    """Target posts in order of time: when they were made, log minutes waited; the replies behind them."""

    when: np.ndarray
    wait: np.ndarray
    replies: int
    median: float


def _by_target(replied: np.ndarray, target: np.ndarray, ids: np.ndarray | None, longest: float) -> _Targets:
    wait, keep = _waits(replied, target, longest)
    when = np.asarray(target, dtype=float)[keep]
    ids = when if ids is None else np.asarray(ids)[keep]
    middle = float(np.median(wait)) if len(wait) else math.nan
    if not len(wait):
        return _Targets(when, wait, 0, middle)
    order = np.lexsort((wait, ids, when))  # by time first, so that names of posts change no random draw
    wait, when, ids = wait[order], when[order], ids[order]
    starts = np.flatnonzero(np.r_[True, (when[1:] != when[:-1]) | (ids[1:] != ids[:-1])])
    values = np.array([np.median(part) for part in np.split(np.log1p(wait), starts[1:])])
    return _Targets(when[starts], values, len(wait), middle)


def _waves(when: np.ndarray, harmonics: int) -> np.ndarray:
    angle = 2 * np.pi * (when % 1440) / 1440
    return np.array([wave(k * angle) for k in range(1, harmonics + 1) for wave in (np.cos, np.sin)])


_TARGETS_A_WEEK = 3


def waiting_weeks(
    replied: np.ndarray,
    target: np.ndarray,
    ids: np.ndarray | None = None,
    *,
    harmonics: int = 2,
    longest: float = LONGEST_WAIT,
) -> Waiting:
    """Do replies wait longer for posts of certain hours, in the same way week after week?

    As `waiting_test`, but an event that moves hours and waits of its own days counts once: in each week with three
    target posts, the covariance of the wait with each wave of the hour; then `weeks.away_from_nought`. Computed, not
    drawn. `findable` is how many times as long the slowest hours would have to wait as the quickest.
    """
    posts = _by_target(replied, target, ids, longest)
    none = Waiting(math.nan, posts.replies, len(posts.when), posts.median)
    if len(posts.when) < MIN_TARGETS:
        return none
    day = np.floor(posts.when / 1440)
    week = clusters.labels(np.floor((day - day[0]) / 7))
    waves = _waves(posts.when, harmonics)
    rows = []
    for each in range(int(week.max()) + 1):
        mine = week == each
        if mine.sum() >= _TARGETS_A_WEEK:
            part = waves[:, mine]
            rows.append(
                (part - part.mean(1, keepdims=True))
                @ (posts.wait[mine] - posts.wait[mine].mean())
                / mine.sum()
            )
    if not rows:
        return none
    found = weeks.away_from_nought(np.array(rows))
    # a swing of a between the hours and their mean has a covariance of a / 2, at worst shared by sine and cosine
    swing = found.findable * 2 * math.sqrt(2)
    ratio = math.exp(2 * swing) if swing < 5 else math.nan
    return Waiting(found.p, posts.replies, len(posts.when), posts.median, found.weeks, ratio)


def waiting_by_hour(
    replied: np.ndarray,
    target: np.ndarray,
    ids: np.ndarray,
    hour: np.ndarray,
    *,
    draws: int = 400,
    seed: int = 0,
) -> list[tuple[int, float, float, float, int, int]]:
    """Median wait for each hour of the target's post: (hour, median, low, high, replies, targets).

    `hour` is the target's hour in the clock of the chart. Intervals resample
    target posts, because replies to one post wait together.
    """
    wait, keep = _waits(replied, target)
    ids, hour = np.asarray(ids)[keep], np.asarray(hour)[keep].astype(int)
    rng = np.random.default_rng(seed)
    rows = []
    for h in range(24):
        inside = hour == h
        values, post = wait[inside], ids[inside]
        if not len(values):
            rows.append((h, math.nan, math.nan, math.nan, 0, 0))
            continue
        order = np.argsort(values, kind="stable")
        values, post = values[order], clusters.labels(post[order])
        m = int(post.max()) + 1
        low = high = math.nan
        if m >= 5:
            weights = rng.multinomial(m, np.full(m, 1 / m), size=draws)[:, post].cumsum(1)
            medians = values[(weights < weights[:, -1:] / 2).sum(1)]
            low, high = (float(x) for x in np.quantile(medians, (0.025, 0.975)))
        rows.append((h, float(np.median(values)), low, high, len(values), m))
    return rows


def clock_change(accounts: np.ndarray, minutes: np.ndarray, summer: np.ndarray) -> ClockChange:
    """Do the posting hours move by the hour of summer time? Units split by a reference zone's `summer`.

    y = circular deviation of the UTC hour from the mean direction; shift = mean(summer) -
    mean(winter), clusters account x day. A zone with summer time predicts -1 h, a fixed
    one 0. Needs 50 units on each side; otherwise, or when both fit, "not told apart".
    """
    n_summer, n_winter = int(summer.sum()), int((~summer).sum())
    if n_summer < 50 or n_winter < 50:
        return ClockChange(math.nan, math.nan, math.nan, n_summer, n_winter, "not told apart")
    angle = 2 * np.pi * (minutes % 1440) / 1440
    centre = np.angle(np.exp(1j * angle).sum())
    away = np.angle(np.exp(1j * (angle - centre))) * 12 / np.pi
    mean_summer, mean_winter = away[summer].mean(), away[~summer].mean()
    influence = np.where(summer, (away - mean_summer) / n_summer, -(away - mean_winter) / n_winter)
    error = math.sqrt(clusters.two_way(influence, accounts, np.floor(minutes / 1440)))
    shift = float(mean_summer - mean_winter)
    low, high = shift - 1.96 * error, shift + 1.96 * error
    answer = "not told apart"
    if low <= -1 <= high and high < 0:
        answer = "changes"
    elif low <= 0 <= high and low > -1:
        answer = "fixed"
    return ClockChange(shift, low, high, n_summer, n_winter, answer)
