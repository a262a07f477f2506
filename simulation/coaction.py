"""Known worlds of accounts acting on objects: crowds, fans, habits, breaking news, news desks, planted groups.

`world("fans", rng)` makes any of `WORLDS`; `make(Setting(…), rng)` any mixture. 400 accounts of uneven
tempo act on 3 000 objects of uneven heat for 30 days, at a delay with a heavy tail, so densely that
everyday thresholds (three shared objects within a minute) accuse a sixth of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

HOUR, DAY = 3600.0, 86_400.0
SPAN = 30 * DAY
TOPICS, LOYAL = 8, 0.85
TEMPO = np.array([0.05, 0.1, 0.3, 1, 1, 1, 2, 3])  # how slow each topic is, where topics differ
MEDIAN_DELAY, SPREAD = 0.8 * HOUR, 2.0
SOURCES = 400


@dataclass(frozen=True)
class Group:
    """A planted group: accounts, objects pushed together, seconds within which, and other acts of each.

    `kind`: mixed (every other object an ordinary one at an ordinary delay, else its own), existing, own,
    or trigger (own, within ten seconds of their origin). `organic` others also act on each object.
    """

    accounts: int = 10
    repeats: int = 25
    jitter_s: float = 45.0
    cover: int = 30
    kind: str = "mixed"
    organic: int = 0


@dataclass(frozen=True)
class Setting:
    """What a world is made of.

    topics: accounts keep to one of eight; tempo: topics are fast and slow; night: people sleep; sessions:
    they act only within eight minutes six times a day; schedulers: accounts that post at full quarter
    hours; habit: accounts that share from the same front page at eight each day; fans: accounts that are
    alerted to each post of a star (`stars` of them, `star_acts`: its own row is among the rows), acting
    `fan_delay_s` later; breaking: five stories shared by half of the accounts within ten minutes (`same`
    half, `other` half each time, each account all five within a minute: `minute`, on five `days`); desk:
    accounts that post one feed automatically.
    """

    accounts: int = 400
    objects: int = 3000
    rows: int = 12_000
    topics: bool = False
    tempo: bool = False
    night: bool = False
    sessions: bool = False
    schedulers: int = 0
    habit: int = 0
    fans: int = 0
    stars: int = 1
    star_acts: bool = True
    fan_delay_s: float = 40.0
    fan_spread: float = 0.5
    breaking: str = ""
    desk: int = 0
    group: Group | None = None


@dataclass(frozen=True)
class Acts:
    """Rows of a world with the truth: origin and source by row, and the accounts of each kind."""

    object: np.ndarray
    account: np.ndarray
    time_s: np.ndarray
    origin_s: np.ndarray
    source: np.ndarray
    accounts: int
    group: np.ndarray
    fans: np.ndarray
    desk: np.ndarray


#: the worlds in which nobody is planted, and those in which a group is
WORLDS: dict[str, Setting] = {
    "independent": Setting(),
    "topics": Setting(topics=True),
    "fans": Setting(fans=15),
    "breaking news": Setting(breaking="same"),
    "combined": Setting(topics=True, fans=15, breaking="same"),
}
STRESS: dict[str, Setting] = {
    "five stories on five days": Setting(breaking="days"),
    "five stories, each account all within a minute": Setting(breaking="minute"),
    "five stories, another half each time": Setting(breaking="other"),
    "fans of three stars": Setting(fans=15, stars=3),
    "slow fans": Setting(fans=15, fan_delay_s=300.0, fan_spread=1.0),
    "fans of a star who is not in the data": Setting(fans=15, star_acts=False),
    "forty fans": Setting(fans=40),
    "day and night": Setting(topics=True, night=True),
    "sessions of eight minutes": Setting(topics=True, night=True, sessions=True),
    "fast and slow topics": Setting(tempo=True),
    "sixty users of schedulers": Setting(topics=True, schedulers=60),
    "twenty with a habit at eight": Setting(topics=True, habit=20),
    "dense": Setting(topics=True, rows=60_000),
    "all of it": Setting(tempo=True, night=True, schedulers=60, habit=20, fans=15, breaking="days"),
}
DESK = Setting(topics=True, desk=6)
CONTAMINATED = Setting(topics=True, group=Group(kind="own", organic=7))


def planted(setting: Setting, group: Group | None = None) -> Setting:
    """The same world with a group planted in it."""
    return replace(setting, group=group or Group())


def world(name: str, rng: np.random.Generator) -> Acts:
    """A world of `WORLDS` or `STRESS` by its name. Raises KeyError for another."""
    return make({**WORLDS, **STRESS}[name], rng)


@dataclass
class _Draft:
    """A world in the making: its people and things, and the rows written so far."""

    rng: np.random.Generator
    setting: Setting
    activity: np.ndarray
    heat: np.ndarray
    birth: np.ndarray
    slowness: np.ndarray
    topic_of_object: np.ndarray
    topic_of_account: np.ndarray
    origin: list[float] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)

    def add(self, thing: object, account: np.ndarray, time: np.ndarray) -> None:
        """Write rows; a single object or account stands for all."""
        self.rows.append(np.broadcast_arrays(*map(np.atleast_1d, (thing, account, time))))  # type: ignore[arg-type]

    def begin(self, origin: float, source: int | None = None) -> int:
        """A new object; by default of any source."""
        self.origin.append(origin)
        self.source.append(_some_source(self.rng) if source is None else source)
        return len(self.origin) - 1

    def delays(self, n: int) -> np.ndarray:
        """Ordinary delays since an object's origin."""
        return self.rng.lognormal(np.log(MEDIAN_DELAY), SPREAD, n)

    def anyone(self, n: int) -> np.ndarray:
        """`n` ordinary accounts, the busy ones more often."""
        return self.rng.choice(len(self.activity), n, p=self.activity / self.activity.sum())

    def objects_for(self, accounts: np.ndarray) -> np.ndarray:
        """An ordinary object for each account, hot ones more often, mostly of its topic where there are topics."""
        chosen = self.rng.choice(len(self.heat), len(accounts), p=self.heat / self.heat.sum())
        if self.setting.topics or self.setting.tempo:
            loyal = self.rng.random(len(accounts)) < LOYAL
            for topic in range(TOPICS):
                rows = np.flatnonzero(loyal & (self.topic_of_account[accounts] == topic))
                own = np.flatnonzero(self.topic_of_object == topic)
                share = self.heat[own] / self.heat[own].sum()
                chosen[rows] = self.rng.choice(own, len(rows), p=share)
        return chosen

    def ordinary_times(self, things: np.ndarray) -> np.ndarray:
        """Times of ordinary acts on ordinary objects."""
        return self.birth[things] + self.delays(len(things)) * self.slowness[things]


def make(setting: Setting, rng: np.random.Generator) -> Acts:
    """A world made of `setting`; whole seconds from 0."""
    draft = _start(setting, rng)
    _everyday(draft)
    if setting.habit:
        _habit(draft)
    fans = _fans(draft) if setting.fans else np.empty(0, int)
    if setting.breaking:
        _breaking(draft)
    desk = setting.accounts + np.arange(setting.desk)
    if setting.desk:
        _desk(draft, desk)
    size = setting.group.accounts if setting.group else 0
    group = setting.accounts + setting.desk + np.arange(size)
    if setting.group:
        _plant(draft, setting.group, group)
    thing, account, time = (np.concatenate(column) for column in zip(*draft.rows, strict=True))
    accounts = setting.accounts + setting.desk + size
    origin, source = np.floor(draft.origin)[thing], np.array(draft.source)[thing]
    return Acts(thing, account, np.floor(time), origin, source, accounts, group, fans, desk)


def _some_source(rng: np.random.Generator) -> int:
    return 1000 + int(rng.integers(0, SOURCES))


def _start(setting: Setting, rng: np.random.Generator) -> _Draft:
    topic_of_object = rng.integers(0, TOPICS, setting.objects)
    # everybody after the ordinary accounts may need a topic too
    more = setting.desk + (setting.group.accounts if setting.group else 0)
    topic_of_account = np.r_[
        rng.integers(0, TOPICS, setting.accounts), np.full(more, rng.integers(0, TOPICS))
    ]
    birth = rng.uniform(0, SPAN, setting.objects)
    return _Draft(
        rng=rng,
        setting=setting,
        activity=np.minimum(rng.pareto(1.0, setting.accounts) + 0.2, 100.0),
        heat=np.minimum(rng.pareto(0.8, setting.objects) + 0.2, 1000.0),
        birth=birth,
        slowness=TEMPO[topic_of_object] if setting.tempo else np.ones(setting.objects),
        topic_of_object=topic_of_object,
        topic_of_account=topic_of_account,
        origin=birth.tolist(),
        source=(1000 + topic_of_object * 50 + rng.integers(0, 50, setting.objects)).tolist(),
    )


def _everyday(draft: _Draft) -> None:
    """What people do anyway, moved to when they are awake, in a session, or scheduled."""
    setting, rng = draft.setting, draft.rng
    account = draft.anyone(setting.rows)
    thing = draft.objects_for(account)
    time = draft.ordinary_times(thing)
    if setting.night:
        time = _awake(time, rng.normal(7, 1.5, setting.accounts)[account], rng)
    if setting.sessions:
        for person in range(setting.accounts):
            own = np.flatnonzero(account == person)
            time[own] = _in_sessions(time[own], rng)
    if setting.schedulers:
        users = rng.choice(setting.accounts, setting.schedulers, replace=False)
        planned = np.isin(account, users)
        time[planned] = np.ceil(time[planned] / 900) * 900 + rng.uniform(0, 3, planned.sum())
    draft.add(thing, account, time)


def _awake(time: np.ndarray, wakes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Acts of the eight hours before waking come after it."""
    since = (time - wakes % 24 * HOUR) % DAY
    late = time + (DAY - since) + rng.exponential(HOUR / 2, len(time))
    return np.where(since > 16 * HOUR, late, time)


def _in_sessions(time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each act moved into the next of about six sessions a day."""
    starts = np.sort(rng.uniform(0, SPAN + 5 * DAY, 210))
    following = np.searchsorted(starts, time)
    moved = starts[np.minimum(following, len(starts) - 1)] + rng.uniform(0, 480, len(time))
    return np.where(following < len(starts), moved, time)


def _habit(draft: _Draft) -> None:
    """Accounts that each morning share two of six front-page stories at eight, give or take five minutes."""
    rng = draft.rng
    people = rng.choice(draft.setting.accounts, draft.setting.habit, replace=False)
    for day in range(30):
        stories = [draft.begin(day * DAY + rng.uniform(0, 7 * HOUR)) for _ in range(6)]
        for person in people:
            time = day * DAY + 8 * HOUR + rng.normal(0, 300) + np.array([0, rng.uniform(5, 60)])
            draft.add(rng.choice(stories, 2, replace=False), person, time)


def _fans(draft: _Draft) -> np.ndarray:
    """Fans who are alerted to sixty posts of the busiest accounts, by day; the fans."""
    setting, rng = draft.setting, draft.rng
    busiest = np.argsort(-draft.activity, kind="stable")
    fans = rng.choice(np.setdiff1d(np.arange(setting.accounts), busiest[:1]), setting.fans, replace=False)
    for star in busiest[: setting.stars]:
        for posted in np.sort(rng.uniform(0, SPAN, 60 // setting.stars)):
            post = draft.begin(posted, int(star))
            if setting.star_acts:
                draft.add(post, star, posted)
            share = 0.85 if 7 < posted / HOUR % 24 < 23 else 0.1
            alerted = fans[rng.random(len(fans)) < share]
            delay = rng.lognormal(np.log(setting.fan_delay_s), setting.fan_spread, len(alerted))
            draft.add(post, alerted, posted + delay)
            others = draft.anyone(rng.poisson(6))
            draft.add(post, others, posted + draft.delays(len(others)))
    return np.sort(fans)


def _breaking(draft: _Draft) -> None:
    """Five stories that half of the accounts share within ten minutes."""
    setting, rng = draft.setting, draft.rng
    half = setting.accounts // 2
    start = rng.uniform(DAY, SPAN - DAY)
    people = rng.choice(setting.accounts, half, replace=False)
    moment = rng.uniform(0, 540, setting.accounts)
    for _ in range(5):
        if setting.breaking == "days":
            start = rng.uniform(DAY, SPAN - DAY)
        if setting.breaking == "other":
            people = rng.choice(setting.accounts, half, replace=False)
        within = rng.uniform(0, 600, half)
        if setting.breaking == "minute":
            within = moment[people] + rng.uniform(0, 60, half)
        draft.add(draft.begin(start - rng.uniform(0, 120), 900), people, start + within)


def _desk(draft: _Draft, desk: np.ndarray) -> None:
    """Accounts of a news desk that post nearly every item of one feed, each a constant few seconds late."""
    rng = draft.rng
    behind = rng.uniform(0, 8, len(desk))
    for _ in range(120):
        published = rng.uniform(0, SPAN)
        item = draft.begin(published, 901)
        on = rng.random(len(desk)) < 0.97
        draft.add(item, desk[on], published + behind[on] + rng.uniform(0, 12, on.sum()))
        readers = draft.anyone(rng.poisson(2))
        draft.add(item, readers, published + draft.delays(len(readers)))
    for account in desk:
        things = rng.choice(draft.setting.objects, 3)
        draft.add(things, account, draft.birth[things] + draft.delays(3))


def _plant(draft: _Draft, group: Group, members: np.ndarray) -> None:
    """A group that acts together again and again, and each member's own ordinary acts."""
    rng = draft.rng
    for repeat in range(group.repeats):
        if group.kind == "existing" or (group.kind == "mixed" and repeat % 2 == 0):
            thing = int(rng.choice(draft.setting.objects, p=draft.heat / draft.heat.sum()))
            moment = float(draft.ordinary_times(np.array([thing]))[0])
        else:
            moment = rng.uniform(0, SPAN)
            quick = group.kind == "trigger"
            ahead = rng.uniform(0, 10) if quick else np.exp(rng.uniform(np.log(60), np.log(DAY)))
            thing = draft.begin(moment - ahead)
        draft.add(thing, members, moment + rng.uniform(0, group.jitter_s, len(members)))
        others = rng.choice(draft.setting.accounts, group.organic, replace=False)
        draft.add(thing, others, moment + draft.delays(len(others)))
    account = np.repeat(members, group.cover)
    things = draft.objects_for(account)
    draft.add(things, account, draft.ordinary_times(things))
