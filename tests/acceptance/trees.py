"""Ordinary people who talk under the posts of newsmakers: nobody among them acts for anybody.

A crowd has what misleads: events that draw many at once, people who write once and people who write all day, accounts
made for the occasion, languages with their own clocks, sign-ups that grow over the years and jump on days of news,
threads in which replies draw replies, links that go round, jokes that everybody repeats with a word changed, reposts.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

START = dt.datetime(2024, 3, 4)  # a Monday
HOUR = 3600.0
DAY = 86_400.0
POSTS = tuple("id user time text lang re_post re_user rt_post rt_user links files like".split())
ACCOUNTS = tuple("id made bio place url followers following".split())
#: short words of everyday speech that make a text look like its language
SPEECH = {
    "en": "the and not that you this they what about just with have when people will from would there because".split(),
    "fr": "les des pas que vous cette ils quoi sur juste avec ont quand gens sera pour serait parce mais donc".split(),
    "de": "der und nicht dass ihr diese sie was mit nur auch haben wenn leute wird von sein weil aber doch".split(),
}
OFFSETS = {"en": -5.0, "fr": 1.0, "de": 2.0}  # hours from UTC to the clock of most who write it


@dataclasses.dataclass(frozen=True)
class Law:
    """What a crowd is like; `rhythm` off takes away its nights and its events, so that no clock is to be found."""

    people: int = 700
    days: int = 35
    events: int = 6
    sources: int = 12
    posts_per_event: int = 14
    tail: float = 1.25  # of posts per person: the smaller, the more the busiest write
    most: int = 60
    narrow: float = 0.35  # of interests: the smaller, the more each follows one event
    jokes: float = 0.06  # share of posts that repeat one
    newcomers: float = 0.05
    links: float = 0.1
    pictures: float = 0.1
    reposts: float = 0.06
    languages: tuple[tuple[str, float], ...] = (("en", 0.7), ("fr", 0.2), ("de", 0.1))
    circles: int = 1  # with jokes of their own
    rhythm: bool = True


@dataclasses.dataclass
class World:
    """What the exports hold, who is in which group, and what nobody but the maker knows."""

    posts: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    group: dict[str, str] = dataclasses.field(default_factory=dict)
    planted: frozenset[str] = frozenset()
    traits: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)  # of ordinary people
    law: Law = dataclasses.field(default_factory=Law)
    speaker: Speaker | None = None
    openers: list[dict[str, Any]] = dataclasses.field(default_factory=list)  # posts of the newsmakers
    threads: dict[str, list[dict[str, Any]]] = dataclasses.field(default_factory=lambda: defaultdict(list))

    @property
    def people(self) -> list[str]:
        """Ordinary people, without the newsmakers."""
        return list(self.traits)


def moment(seconds: float) -> str:
    """Seconds since the first day as an export writes them."""
    return (START + dt.timedelta(seconds=round(float(seconds)))).isoformat()


class Speaker:
    """Writes the texts of a crowd: words of a language, of an event, and of nobody in particular."""

    def __init__(self, rnd: np.random.Generator, law: Law) -> None:
        self.rnd = rnd
        self.common = {code: self._words(500) for code in SPEECH}
        self.topic = {(e, code): self._words(60) for e in range(law.events) for code in SPEECH}
        weights = 1 / np.arange(2, 502) ** 0.9
        self.weights = weights / weights.sum()
        self.jokes: dict[tuple[int, str, int], list[str]] = {}

    def _words(self, many: int) -> list[str]:
        heads, tails = (
            "b br c ch d f g gr h j k l m n p pr r s st t tr v w".split(),
            "a e i o u ai ou ea".split(),
        )
        made = set()
        while len(made) < many:
            size = self.rnd.integers(2, 4)
            made.add("".join(self.rnd.choice(heads) + self.rnd.choice(tails) for _ in range(size)))
        return sorted(made)

    def words(self, event: int, code: str, size: int) -> list[str]:
        """So many words as somebody would write them on this event."""
        kind = self.rnd.random(size)
        common = self.rnd.choice(500, size, p=self.weights)
        topic = (60 * self.rnd.random(size) ** 2).astype(int)
        speech = self.rnd.integers(0, len(SPEECH[code]), size)
        own, about, small = self.common[code], self.topic[event, code], SPEECH[code]
        return [
            small[s] if k < 0.4 else about[t] if k < 0.6 else own[c]
            for k, c, t, s in zip(kind, common, topic, speech, strict=True)
        ]

    def said(self, event: int, code: str) -> str:
        """A text of somebody's own."""
        return " ".join(self.words(event, code, int(np.clip(self.rnd.lognormal(2.4, 0.5), 3, 45))))

    def joke(self, event: int, code: str, circle: int) -> str:
        """A joke that goes round, as the one before wrote it or with a word changed; few are told by most."""
        pool = self.jokes.setdefault(
            (event, code, circle),
            [" ".join(self.words(event, code, int(self.rnd.integers(6, 16)))) for _ in range(5)],
        )
        return self.edited(pool[min(4, int(self.rnd.pareto(1.0)))], event, code, 0.4)

    def edited(self, text: str, event: int, code: str, share: float) -> str:
        """The text, in `share` of cases with one word changed."""
        if self.rnd.random() >= share:
            return text
        words = text.split()
        words[int(self.rnd.integers(len(words)))] = self.words(event, code, 1)[0]
        return " ".join(words)


def crowd(seed: int, law: Law | None = None) -> World:
    """A crowd of its own for every seed, nobody in a group yet."""
    law = law or Law()
    rnd = np.random.default_rng([seed, 0x7EE5])
    speaker = Speaker(rnd, law)
    world = World([], [], law=law)
    for number in range(law.sources):
        world.accounts.append(profile(rnd, f"s{number}", signed_up(rnd, np.array([3.0]))[0]))
        world.group[f"s{number}"] = "context"
    world.speaker, world.openers = speaker, _openers(rnd, law, speaker)
    world.posts += world.openers
    _people(rnd, world)
    _talk(rnd, world)
    _dates(rnd, world)
    return world


def drawn_law(seed: int, **fixed: Any) -> Law:
    """A law of its own for every seed, so that no finding is right for one kind of crowd only."""
    rnd = np.random.default_rng([seed, 0x1A3])
    drawn = {
        "people": int(rnd.integers(350, 1000)),
        "events": int(rnd.integers(3, 9)),
        "tail": float(rnd.uniform(1.1, 1.7)),
        "narrow": float(rnd.uniform(0.2, 1.0)),
        "jokes": float(rnd.uniform(0.01, 0.12)),
        "newcomers": float(rnd.uniform(0, 0.1)),
        "links": float(rnd.uniform(0.03, 0.2)),
        "reposts": float(rnd.uniform(0, 0.15)),
    }
    return Law(**drawn | fixed)


def profile(rnd: np.random.Generator, id_: str, made: float) -> dict[str, Any]:
    """An account as its platform shows it; many leave fields empty."""
    return {
        "id": id_,
        "made": moment(made)[:10],
        "bio": "" if rnd.random() < 0.25 else f"life number {rnd.integers(1 << 30)}",
        "place": "" if rnd.random() < 0.45 else f"town {rnd.integers(400)}",
        "url": "" if rnd.random() < 0.8 else f"https://own{rnd.integers(1 << 30)}.example/",
        "followers": int(rnd.lognormal(4.5, 1.8)),
        "following": int(rnd.lognormal(5, 1.2)),
    }


def signed_up(rnd: np.random.Generator, youth: np.ndarray) -> np.ndarray:
    """When accounts were made, in seconds before the first day: more every year, and many on a few days of news.

    The larger `youth`, the older the account.
    """
    span = 15 * 365 * DAY
    at = -span * rnd.random(len(youth)) ** (1.4 / youth)
    news = np.random.default_rng(77).uniform(-span, 0, 6)  # of the platform: the same whoever joins
    waves = rnd.random(len(youth)) < 0.1
    at[waves] = rnd.choice(news, waves.sum()) + rnd.exponential(2 * DAY, waves.sum())
    return np.minimum(at, -DAY)


def _openers(rnd: np.random.Generator, law: Law, speaker: Speaker) -> list[dict[str, Any]]:
    """The posts of the newsmakers: each event begins on a day and is talked of for some days."""
    posts: list[dict[str, Any]] = []
    starts = np.sort(rnd.uniform(1, law.days - 6, law.events)) * DAY
    for event, start in enumerate(starts):
        for _ in range(law.posts_per_event):
            at = start + rnd.exponential(1.5 * DAY) if law.rhythm else rnd.uniform(0, (law.days - 1) * DAY)
            while law.rhythm and not 11 <= (at / HOUR) % 24 < 24:
                at += rnd.uniform(1, 6) * HOUR
            code = "en" if rnd.random() < 0.75 else "fr"
            row = dict.fromkeys(POSTS, "") | {
                "id": f"o{event}x{len(posts)}",
                "user": f"s{rnd.integers(law.sources)}",
                "at": float(min(at, (law.days - 1) * DAY)),
                "text": speaker.said(event, code),
                "lang": code,
                "like": int(rnd.lognormal(3, 1)),
            }
            posts.append(row | {"event": event, "draw": float(1 + rnd.pareto(1.3))})
    return sorted(posts, key=lambda row: row["at"])


def _people(rnd: np.random.Generator, world: World) -> None:
    """Who they are: language, clock, interests, how much they write, and to which circle they belong."""
    law = world.law
    codes, shares = zip(*law.languages, strict=True)
    for number in range(law.people):
        code = str(rnd.choice(codes, p=shares))
        world.traits[f"p{number}"] = {
            "lang": code,
            "peak": (19 - OFFSETS[code] + rnd.normal(0, 3)) % 24,
            "interest": rnd.dirichlet(np.full(law.events, law.narrow)),
            "posts": int(min(law.most, 1 + rnd.pareto(law.tail))),
            "circle": int(rnd.integers(law.circles)),
            "slow": float(rnd.lognormal(0, 0.6)),
        }


def awake(hour: float, peak: float) -> float:
    """How likely somebody is to write at this hour of the day (UTC)."""
    return float(0.04 + 0.96 * ((1 + np.cos((hour - peak) / 24 * 2 * np.pi)) / 2) ** 1.5)


def written_at(rnd: np.random.Generator, asked: float, traits: dict[str, Any], law: Law) -> float:
    """When somebody answers a post of that moment: soon or late, and rather when awake."""
    if not law.rhythm:
        return asked + rnd.exponential(2 * DAY)
    at = asked
    for _ in range(12):
        at = asked + rnd.lognormal(8.9, 1.5) * float(traits["slow"])  # median two hours
        if rnd.random() < awake((at / HOUR) % 24, float(traits["peak"])):
            break
    return float(at)


def plans(rnd: np.random.Generator, world: World, who: str, traits: dict[str, Any], many: int) -> list[Any]:
    """What somebody will answer, and when: so many posts, by interest, draw and language."""
    law, found = world.law, []
    events = np.array([row["event"] for row in world.openers])
    fit = np.array([row["draw"] * (1.0 if row["lang"] == traits["lang"] else 0.4) for row in world.openers])
    liking = fit * np.asarray(traits["interest"])[events]
    for chosen in rnd.choice(len(events), many, p=liking / liking.sum()):
        opener = world.openers[int(chosen)]
        at = written_at(rnd, opener["at"], traits, law)
        if at < law.days * DAY:
            found.append((at, who, opener))
    return found


def _talk(rnd: np.random.Generator, world: World) -> None:
    """What all of them write, in the order of time: under a newsmaker's post, or under a reply to it."""
    planned = [
        plan
        for who, traits in world.traits.items()
        for plan in plans(rnd, world, who, traits, traits["posts"])
    ]
    for number, (at, who, opener) in enumerate(sorted(planned, key=lambda plan: plan[:2])):
        thread = world.threads[opener["id"]]
        row = written(rnd, world, f"r{number}", at, who, opener, world.traits[who], thread)
        if row["re_post"]:
            thread.append(row)
        world.posts.append(row)


def written(
    rnd: np.random.Generator,
    world: World,
    id_: str,
    at: float,
    who: str,
    opener: dict[str, Any],
    traits: dict[str, Any],
    thread: list[dict[str, Any]],
) -> dict[str, Any]:
    """One post: a repost, a remark of one's own, or a reply; now and then a joke, a link or a picture."""
    law, event, code, kind = world.law, int(opener["event"]), str(traits["lang"]), rnd.random()
    row = dict.fromkeys(POSTS, "") | {"id": id_, "user": who, "at": float(at), "lang": code, "event": event}
    row |= {"opener": opener["id"], "like": int(rnd.geometric(0.4) - 1)}
    if kind < law.reposts:
        return row | {"text": opener["text"], "rt_post": opener["id"], "rt_user": opener["user"], "like": 0}
    joke = rnd.random() < law.jokes
    row["text"] = (
        world.speaker.joke(event, code, int(traits["circle"])) if joke else world.speaker.said(event, code)
    )
    if rnd.random() < law.links:
        page = min(40, int(rnd.pareto(0.8)))
        row["links"] = f"https://paper{page % 7}.example/{event}/{page}"
    if rnd.random() < law.pictures:
        known = rnd.random() < 0.4  # one that goes round, else one's own
        picture = f"e{event}n{min(9, int(rnd.pareto(1.0)))}" if known else f"own{rnd.integers(1 << 40)}"
        row["files"] = f"https://pictures.example/media/{picture}.jpg"
    if kind > 1 - 0.06:
        return row
    back = len(thread) - 1 - min(len(thread) - 1, int(rnd.exponential(6)))
    parent = thread[back] if thread and rnd.random() < 0.35 else opener
    return row | {"re_post": parent["id"], "re_user": parent["user"]}


def _dates(rnd: np.random.Generator, world: World) -> None:
    """When each account was made; some for the occasion, none after its first post."""
    first: dict[str, float] = {}
    for row in world.posts:
        first[row["user"]] = min(first.get(row["user"], np.inf), row["at"])
    made = signed_up(rnd, np.ones(len(world.traits)))
    for who, at in zip(world.traits, made, strict=True):
        if who not in first:
            continue
        new = rnd.random() < world.law.newcomers
        at = first[who] - rnd.exponential(1.5 * DAY) - HOUR if new else min(at, first[who] - HOUR)
        world.accounts.append(profile(rnd, who, at))
    for who in world.traits.keys() - first.keys():
        del world.traits[who]


def frames(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Posts and accounts as they stand in the export's files."""
    posts = pd.DataFrame(sorted(world.posts, key=lambda row: row["at"]))
    posts["time"] = [moment(at) for at in posts["at"]]
    return posts.reindex(columns=list(POSTS)), pd.DataFrame(world.accounts).reindex(columns=list(ACCOUNTS))
