"""Known worlds of posting times: crews, hobbyists, students, bots, schedulers, and what they share.

Every world gives accounts (integers) and minutes since 1970 UTC. The daily curves
are deliberately not those that `kit.inference.shapes` fits: logistic edges, a
lean, personal shifts, sessions of posts, days on which a whole crew works on one
thing. `world("office", rng, …)` makes any of `WORLDS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

START = dt.date(2023, 3, 1)
QUARTERS = np.arange(0, 24, 0.25) + 0.125
AUDIENCE = (-8.0, -7.0, -6.0, -5.0, -4.0, -3.5)  # readers from the Pacific to Newfoundland


@dataclass(frozen=True)
class Life:
    """Share of posts by quarter hour on working and on off days, and an off day's volume."""

    work: np.ndarray
    off: np.ndarray
    weekend: float


def window(
    start: float,
    end: float,
    edge: float = 0.35,
    *,
    lean: float = 0.0,
    lunch: float = 0.0,
    lunch_at: float = 12.5,
    floor: float = 0.05,
) -> np.ndarray:
    """A soft block of the day from `start` to `end`, as shares of the 96 quarter hours."""
    out = np.zeros_like(QUARTERS)
    for turn in (-24, 0, 24):
        hour = QUARTERS + turn
        rise = 1 / (1 + np.exp(-np.clip((hour - start) / edge, -50, 50)))
        fall = 1 / (1 + np.exp(np.clip((hour - end) / edge, -50, 50)))
        tilted = rise * fall * (1 + lean * (hour - (start + end) / 2) / (end - start))
        out += tilted * (1 - lunch * np.exp(-0.5 * ((hour - lunch_at) / 0.4) ** 2))
    out = np.maximum(out, 0)
    return out / out.sum() * (1 - floor) + floor / len(out)


def _day(
    rng: np.random.Generator,
    start: float,
    length: float,
    *,
    lean: float = 0.5,
    lunch: float = 0.7,
    meal: float = 12.0,
) -> np.ndarray:
    """A working day with its own edges, lean, floor, and a meal of some depth within the hour after `meal`."""
    u = rng.uniform
    pause = {"lunch": u(0, lunch), "lunch_at": u(meal, meal + 1)}
    return window(start, start + length, u(0.2, 0.5), lean=u(-lean, lean), floor=u(0.02, 0.10), **pause)


def _office(rng: np.random.Generator) -> Life:
    day = _day(rng, rng.uniform(8.25, 9.75), rng.uniform(8, 9.5))
    return Life(day, day, rng.uniform(0.02, 0.30))


def _shift(rng: np.random.Generator) -> Life:
    day = _day(rng, rng.uniform(7.25, 8.75), rng.uniform(11.5, 12.5), lean=0.4, lunch=0.5)
    return Life(day, day, rng.uniform(0.6, 1.0))


def _evening(rng: np.random.Generator) -> Life:
    u, end = rng.uniform, rng.uniform(23, 24.5)
    day = window(u(18, 19.5), end, u(0.3, 0.6), lean=u(-0.3, 0.5), floor=u(0.03, 0.12))
    return Life(day, 0.7 * day + 0.3 * window(13, end, 0.6), u(0.9, 1.5))


def _student(rng: np.random.Generator) -> Life:
    u = rng.uniform
    day = 0.85 * window(u(15.5, 17), u(23.5, 24.5), 0.5, lean=0.2) + 0.15 * window(12, 13.2, 0.3)
    return Life(day, window(u(9.5, 11), u(23.5, 25), 0.7, lean=0.3), u(1.1, 1.8))


def _awake(rng: np.random.Generator) -> Life:
    u, length = rng.uniform, rng.uniform(15, 17)
    start = u(2.5, 5.0) + (24 - length) / 2
    day = window(start, start + length, u(0.5, 1.0), lean=u(-0.2, 0.6), lunch=u(0, 0.2), floor=u(0.02, 0.08))
    return Life(day, day, u(0.8, 1.2))


def _flat(_: np.random.Generator) -> Life:
    day = np.full(len(QUARTERS), 1 / len(QUARTERS))
    return Life(day, day, 1.0)


def _commuter(rng: np.random.Generator) -> Life:
    day = 0.4 * window(6.5, 8.8, 0.3) + 0.6 * window(18, 23, 0.4)
    return Life(day, window(9, 24, 0.8, lean=0.2), rng.uniform(0.7, 1.2))


def _lunch_evening(rng: np.random.Generator) -> Life:
    day = 0.35 * window(12, 13.3, 0.2) + 0.65 * window(19, 23.5, 0.4)
    return Life(day, day, rng.uniform(0.7, 1.2))


def _two_shift(rng: np.random.Generator) -> Life:
    day = window(6, 22, 0.3, floor=0.08)
    return Life(day, day, rng.uniform(0.8, 1.0))


def _part_time(rng: np.random.Generator) -> Life:
    day = window(13, 18, 0.3, floor=0.06)
    return Life(day, day, rng.uniform(0.05, 0.3))


def _late_office(rng: np.random.Generator) -> Life:
    day = _day(rng, rng.uniform(12, 13), 8.5, meal=17)
    return Life(day, day, rng.uniform(0.02, 0.30))


def _night_shift(rng: np.random.Generator) -> Life:
    day = _day(rng, 22, 8, lunch=0.5, meal=25.5)
    return Life(day, day, rng.uniform(0.02, 0.30))


LIVES: dict[str, Callable[[np.random.Generator], Life]] = {
    "office": _office,
    "shift": _shift,
    "awake": _awake,
    "evening": _evening,
    "student": _student,
    "uniform bot": _flat,
    "commuter": _commuter,
    "lunch and evening": _lunch_evening,
    "two shifts": _two_shift,
    "part time": _part_time,
    "late office": _late_office,
    "night shift": _night_shift,
}


@dataclass(frozen=True)
class Posts:
    """Posts of a world; `targets` are the times of the posts answered, where the world has any."""

    accounts: np.ndarray
    minutes: np.ndarray
    targets: np.ndarray | None = None


def epoch(day: dt.date) -> float:
    """Minutes from 1970 to midnight UTC of `day`."""
    return (day - dt.date(1970, 1, 1)).days * 1440.0


def crew(
    rng: np.random.Generator,
    life: Life,
    *,
    offset: float,
    posts: int = 400,
    days: int = 40,
    accounts: int = 25,
    session: float = 2.5,
    together: float = 0.3,
    start: dt.date = START,
) -> Posts:
    """One crew at UTC+`offset`: heavy-tailed accounts, uneven days, sessions of `session` posts.

    On `together` of the days half of the sessions gather round one hour.
    """
    weight = rng.gamma(0.8, 1, accounts) + 0.02
    habit = rng.normal(0, 0.4, accounts)  # hours by which an account is early or late
    weekend = (np.arange(days) + start.weekday()) % 7 >= 5
    volume = (rng.gamma(1.5, 1, days) + 0.05) * np.where(weekend, life.weekend, 1.0)
    curves = np.where(weekend[:, None], life.off, life.work)
    focused = rng.random(days) < together
    focus = np.array([rng.choice(QUARTERS, p=curve / curve.sum()) for curve in curves])
    who, when, made = [], [], 0
    while made < posts:
        k = max(8, int((posts - made) / session) + 1)
        account = rng.choice(accounts, k, p=weight / weight.sum())
        day = rng.choice(days, k, p=volume / volume.sum())
        hour = np.where(
            weekend[day],
            rng.choice(QUARTERS, k, p=life.off / life.off.sum()),
            rng.choice(QUARTERS, k, p=life.work / life.work.sum()),
        )
        joined = focused[day] & (rng.random(k) < 0.5)
        hour = np.where(joined, focus[day] + rng.normal(0, 0.5, k), hour)
        hour = hour + rng.uniform(-0.125, 0.125, k) + habit[account]
        length = rng.geometric(1 / session, k)
        later = rng.exponential(6, length.sum()).cumsum()
        first = np.r_[0, np.cumsum(length)[:-1]]
        later = later - np.repeat(later[first], length)
        who.append(np.repeat(account, length))
        when.append(np.repeat(day * 1440.0 + (hour - offset) * 60, length) + later)
        made += int(length.sum())
    return Posts(np.concatenate(who)[:posts], epoch(start) + np.concatenate(when)[:posts])


def side_by_side(*crews: Posts, same_accounts: bool = False) -> Posts:
    """Several crews as one set; their accounts are different people unless `same_accounts`."""
    shift, who = 0, []
    for part in crews:
        who.append(part.accounts + shift)
        shift += 0 if same_accounts else int(part.accounts.max()) + 1
    return Posts(np.concatenate(who), np.concatenate([part.minutes for part in crews]))


def answers(
    rng: np.random.Generator,
    *,
    target_offset: float = -5.0,
    crew_life: Life | None = None,
    crew_offset: float = 8.0,
    posts: int = 400,
    days: int = 40,
    accounts: int = 25,
    wait: float = 40,
) -> Posts:
    """Replies to a dozen targets at UTC+`target_offset`: always on, or held until the crew's hours."""
    asked = crew(
        rng,
        _awake(rng),
        offset=target_offset,
        posts=max(60, posts // 3),
        days=days,
        accounts=12,
        session=1.2,
        together=0.1,
    )
    popular = rng.gamma(0.5, 1, len(asked.minutes))
    target = asked.minutes[rng.choice(len(popular), posts, p=popular / popular.sum())]
    minutes = target + rng.exponential(wait, posts)
    if crew_life is not None:
        minutes = _held(rng, minutes, crew_life, crew_offset)
    return Posts(rng.integers(0, accounts, posts), minutes, target)


def _held(rng: np.random.Generator, minutes: np.ndarray, life: Life, offset: float) -> np.ndarray:
    """Move each reply on, half an hour at a time, until somebody is at work to write it."""
    working = life.work / life.work.max()
    minutes = minutes.copy()
    for _ in range(200):
        local = minutes + offset * 60
        weekend = (np.floor(local / 1440) + 3) % 7 >= 5
        ready = working[(local % 1440 / 15).astype(int) % 96] * np.where(weekend, life.weekend, 1.0)
        waiting = rng.random(len(minutes)) > ready
        if not waiting.any():
            break
        minutes[waiting] += rng.exponential(30, waiting.sum())
    return minutes


#: every world by name; the last two are the failures no statistic on hours can see
WORLDS = tuple(
    "office|shift|awake|evening|student|uniform bot|two crews 12 h|two crews 12 h, same accounts|two crews 6 h|"
    "scheduler|replies|commuter|lunch and evening|part time|two shifts|late office|night shift".split("|")
)


def world(name: str, rng: np.random.Generator, *, offset: float = 8.0, **size: float) -> Posts:
    """One draw of the world `name`; `size` is posts, days, accounts, session.

    Two-crew worlds keep their own offsets (+8 and -4 or +2); the scheduler is a crew
    that keeps the office hours of its readers at -5; replies answer targets at -5.
    """
    if name == "replies":
        size.pop("session", None)
        return answers(rng, **size)  # type: ignore[arg-type]
    if name == "scheduler":
        return crew(rng, _office(rng), offset=-5.0, **size)  # type: ignore[arg-type]
    if name.startswith("two crews"):
        return _two_crews(name, rng, size)
    return crew(rng, LIVES[name](rng), offset=offset, **size)  # type: ignore[arg-type]


def _two_crews(name: str, rng: np.random.Generator, size: dict[str, float]) -> Posts:
    shared = name.endswith("same accounts")
    part = size | {"posts": int(size.get("posts", 400)) // 2}
    if not shared:
        part |= {"accounts": max(2, int(size.get("accounts", 25)) // 2)}
    other = 2.0 if "6 h" in name else -4.0
    crews = [crew(rng, _office(rng), offset=o, **part) for o in (8.0, other)]  # type: ignore[arg-type]
    return side_by_side(*crews, same_accounts=shared)


def sessions(
    rng: np.random.Generator,
    days: int,
    posts: int,
    *,
    groups: int = 1,
    uneven: bool = False,
    start: dt.date = START,
) -> Posts:
    """No daily rhythm at all, yet far from independent: `groups` bursts a day at random hours."""
    when = []
    for day in range(days):
        k = int(rng.pareto(1.2) * 5) + 1 if uneven else int(rng.poisson(posts)) + 1
        hours = rng.uniform(0, 1440, groups)
        when.append(day * 1440 + (hours[rng.integers(0, groups, k)] + rng.exponential(8, k)) % 1440)
    minutes = epoch(start) + np.concatenate(when)
    return Posts(np.zeros(len(minutes), dtype=np.int64), minutes)


def daily_counts(
    rng: np.random.Generator,
    days: int,
    *,
    mean: float = 10.0,
    weekend: float = 0.3,
    extra: float = 0.5,
    carry: float = 0.6,
    level: np.ndarray | float = 1.0,
    start: dt.date = START,
    free: frozenset = frozenset(),
    make_up: frozenset = frozenset(),
    holiday: float = 1.0,
) -> tuple[np.ndarray, list[dt.date]]:
    """Posts a day: a week's shape, days that differ (`extra`) and hang together (`carry`), holidays.

    `level` multiplies the expected count of each day: bursts, silences, changes.
    """
    dates = [start + dt.timedelta(i) for i in range(days)]
    swell = np.empty(days)
    noise = rng.normal(size=days)
    for i in range(days):
        swell[i] = (carry * swell[i - 1] if i else 0.0) + noise[i] * np.sqrt(1 - carry**2 if i else 1)
    rate = mean * level * np.exp((0.5 * swell - 0.125) if carry else 0 * swell)
    rate = rate * (rng.gamma(1 / extra, extra, days) if extra else 1.0)
    for i, day in enumerate(dates):
        if day in free:
            rate[i] *= holiday
        elif day.weekday() >= 5 and day not in make_up:
            rate[i] *= weekend
    return rng.poisson(rate).astype(float), dates
