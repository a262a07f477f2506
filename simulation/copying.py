"""Known worlds of shared wording: ordinary accounts, honest communities that copy, and planted networks.

Accounts answer the posts of 50 targets in three camps. Families of near-equal texts are numbers here: how
texts are joined is tested elsewhere. Every world has ordinary accounts who copy jokes; parts are added by
name (`PARTS`), and `WORLDS` are those whose error rates are measured. The rates at which ordinary people
copy, and the spread of their reactions, hours and dates, are guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

TARGETS, CAMPS = 50, 3
CAMP = np.arange(TARGETS) % CAMPS
JOKES, CIRCLES = 600, 8
LOST = 0.1  # copies that are edited so much that they are not joined
#: posts by hour of the day in UTC, of people in the Americas
DAY = np.array([5, 3, 2, 1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 8], float)
DAY /= DAY.sum()
KNOWN = 1 / np.arange(1, TARGETS + 1) ** 0.8  # how well known each target is
KNOWN /= KNOWN.sum()
HONEST = ("ordinary", "fans", "supporters", "newcomers", "circles", "fans abroad")
DISGUISES = ("created", "reactions", "hours", "spread")  # marks in which a network can look ordinary

#: name: parts, and whether honest communities were made in a hurry
WORLDS: dict[str, tuple[tuple[str, ...], bool]] = {
    "N0 quiet": ((), False),
    "N1 petition, slogans, quotes": (("N1",), False),
    "N1 hot: 25 slogans": (("N1", "N1 hot"), False),
    "N2 fan club": (("N1", "N2"), False),
    "N2 hard: half made in 14 days": (("N1", "N2"), True),
    "N3 headlines": (("N1", "N3"), False),
    "N5 talking points": (("N1", "N5"), False),
    "N5 hard: 30 % made in 14 days": (("N1", "N5"), True),
    "N1 + N2 + N3 + N5": (("N1", "N2", "N3", "N5"), False),
    "N1 + N2 + N3 + N5, hard": (("N1", "N2", "N3", "N5"), True),
    "all honest but N8, hard": (("N1", "N1 hot", "N2", "N3", "N5", "N6", "N7"), True),
    "N4 commercial": (("N1", "N4"), False),
    "N6 drive by newcomers": (("N1", "N6"), False),
    "N7 25 joke circles": (("N1", "N7"), False),
    "N8 fans abroad, joined together, unanswered": (("N1", "N8"), False),
}


class Network(NamedTuple):
    """A planted network: `template_share` of its posts are copies; in its `disguises` it looks ordinary."""

    accounts: int
    posts_each: float
    templates: int
    template_share: float
    disguises: Collection[str] = ()


class World(NamedTuple):
    """Posts and control as `kit.inference.coaction.copying.detect` takes them, and accounts with created_day.

    `kind` of each account is the truth: ordinary, a community, spam or network. Families of the control are
    numbered as the case's.
    """

    posts: pd.DataFrame
    accounts: pd.DataFrame
    control: pd.DataFrame


class _Part(NamedTuple):
    """Accounts of one kind and posts; `account` counts among them, or among the ordinary where `borrowed`."""

    kind: str
    created: np.ndarray
    silent: np.ndarray  # chance that nobody reacts to a post
    families: int
    account: np.ndarray
    family: np.ndarray  # counts within the part
    target: np.ndarray
    hour: np.ndarray
    domain: np.ndarray | int = -1
    borrowed: np.ndarray | bool = False


class _Crowd(NamedTuple):
    """The ordinary accounts as other parts need them."""

    accounts: int
    weight: np.ndarray  # more active accounts are more likely to join in


def world(
    parts: Collection[str],
    rng: np.random.Generator,
    *,
    hard: bool = False,
    network: Network | None = None,
    accounts: int = 5000,
    posts: int = 20000,
    control: int = 3000,
    rates: tuple[float, float] | None = None,
) -> World:
    """A world of `accounts` ordinary accounts with about `posts` posts, the named parts, perhaps a network.

    `hard` communities were made within days. `rates` multiply how often ordinary accounts and those of the
    control copy (both 1, or 0.5 in a world without parts). The control has 4 posts per account, the same
    jokes, and none of the parts.
    """
    case_rate, control_rate = rates or ((1.0, 1.0) if parts else (0.5, 0.5))
    people = _ordinary(rng, accounts, posts, case_rate)
    weight = np.bincount(people.account, minlength=accounts).astype(float)
    crowd = _Crowd(accounts, weight / weight.sum())
    made = [people]
    for name in PARTS:
        if name in parts:
            made += PARTS[name](rng, crowd, hard)
    if network:
        made.append(_network(rng, crowd, network))
    beside = _ordinary(rng, control, control * 4, control_rate)
    outside = pd.DataFrame({"account": beside.account, "family": _lose(rng, beside.family)})
    return World(*_joined(rng, made), outside)


def _joined(rng: np.random.Generator, made: list[_Part]) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns: dict[str, list[np.ndarray]] = {}
    first_account = first_family = 0
    for part in made:
        n = len(part.account)
        rows = {
            "account": np.where(part.borrowed, part.account, part.account + first_account),
            "family": np.where(part.family >= 0, part.family + first_family, -1),
            "target": part.target,
            "hour": part.hour,
            "domain": np.broadcast_to(part.domain, n),
        }
        for name, values in rows.items():
            columns.setdefault(name, []).append(values)
        first_account += len(part.created)
        first_family += part.families
    data = {name: np.concatenate(values) for name, values in columns.items()}
    silent = np.concatenate([part.silent for part in made])
    posts = pd.DataFrame(
        {
            "account": data["account"],
            "family": _lose(rng, data["family"]),
            "reactionless": rng.random(len(data["account"])) < silent[data["account"]],
            "hour": data["hour"],
            "camp": CAMP[data["target"]],
            "domain": data["domain"],
        }
    )
    kinds = np.repeat([part.kind for part in made], [len(part.created) for part in made])
    created = np.concatenate([part.created for part in made])
    return posts, pd.DataFrame({"created_day": created, "kind": kinds})


def _lose(rng: np.random.Generator, family: np.ndarray) -> np.ndarray:
    return np.where(rng.random(len(family)) < LOST, -1, family)


# --- what ordinary people do


def _dates(rng: np.random.Generator, n: int) -> np.ndarray:
    """Days of sign-up over eleven years, one in ten in one of three waves."""
    waves = rng.choice([300.0, 900.0, 1500.0], n) + rng.uniform(0, 14, n)
    return np.where(rng.random(n) < 0.1, waves, rng.uniform(0, 4000, n))


def _some_dates(rng: np.random.Generator, n: int, share: float, first: float, span: float) -> np.ndarray:
    """As `_dates`, but a share of them within `span` days."""
    return np.where(rng.random(n) < share, first + rng.uniform(0, span, n), _dates(rng, n))


def _choose(rng: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """`n` positions in `weights`, in proportion to them."""
    ladder = np.cumsum(weights)
    return np.searchsorted(ladder, rng.random(n) * ladder[-1], side="right").clip(0, len(ladder) - 1)


def _joiners(
    rng: np.random.Generator, weight: np.ndarray, sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each size, that many different accounts in proportion to `weight`, and which size each is of.

    The accounts with the smallest exponential waiting times (Efraimidis and Spirakis 2006).
    """
    waiting = rng.exponential(size=(len(sizes), len(weight))) / weight
    first = np.argpartition(waiting, int(sizes.max()) - 1, axis=1)[:, : int(sizes.max())]
    first = np.take_along_axis(first, np.argsort(np.take_along_axis(waiting, first, 1), axis=1), 1)
    which, place = np.nonzero(np.arange(first.shape[1]) < sizes[:, None])
    return first[which, place], which


def _hours(rng: np.random.Generator, posts_of: np.ndarray) -> np.ndarray:
    """The day's curve, moved by up to two hours for each account."""
    n = int(posts_of.sum())
    return (_choose(rng, DAY, n) + np.repeat(rng.integers(-2, 3, len(posts_of)), posts_of)) % 24


def _targets(rng: np.random.Generator, home: np.ndarray, share: float) -> np.ndarray:
    """A target for each post: in the camp `home` for a share of them, else anyone; known ones more often."""
    anyone = _choose(rng, KNOWN, len(home))
    place = rng.random(len(home))
    fixed = rng.random(len(home)) < share
    for camp in range(CAMPS):
        inside = np.flatnonzero(camp == CAMP)
        ladder = np.cumsum(KNOWN[inside])
        here = fixed & (home == camp)
        anyone[here] = inside[np.searchsorted(ladder, place[here] * ladder[-1], side="right")]
    return anyone


def _ordinary(rng: np.random.Generator, n: int, posts: int, rate: float) -> _Part:
    """People with uneven activity; most copy hardly ever, 2 % often; jokes are shared in circles."""
    activity = rng.pareto(1.3, n) + 1
    each = 1 + np.floor(activity / activity.sum() * (posts - n) + rng.random(n)).astype(np.int64)
    each = np.minimum(each, 200)
    account = np.repeat(np.arange(n), each)
    kind = rng.random(n)
    often = np.where(kind < 0.98, rng.beta(1, 20, n), rng.beta(4, 6, n))
    often = np.where(kind < 0.8, rng.beta(0.5, 50, n), often) * rate
    copies = np.flatnonzero(rng.random(len(account)) < np.minimum(0.9, often)[account])
    joke = _choose(rng, 1 / np.arange(1, JOKES + 1), len(copies))
    circle = rng.integers(0, CIRCLES, n)[account[copies]]
    in_circle = rng.random(len(copies)) < 0.7
    joke = np.where(in_circle, joke // CIRCLES * CIRCLES + circle, joke)
    family = np.full(len(account), -1)
    family[copies] = joke
    target = _targets(rng, rng.integers(0, CAMPS, n)[account], 0.7)
    return _Part(
        "ordinary", _dates(rng, n), rng.beta(4, 5, n), JOKES, account, family, target, _hours(rng, each)
    )


def _joined_in(rng: np.random.Generator, crowd: _Crowd, sizes: np.ndarray) -> list[_Part]:
    """Ordinary accounts who say the same thing once: a family for each of `sizes`."""
    account, family = _joiners(rng, crowd.weight, sizes)
    target = _targets(rng, rng.integers(0, CAMPS, len(account)), 0.7)
    hour = _hours(rng, np.ones(len(account), int))
    none = np.array([])
    return [_Part("ordinary", none, none, len(sizes), account, family, target, hour, borrowed=True)]


def _viral(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    return _joined_in(rng, crowd, np.concatenate([[300], [150] * 5, rng.integers(3, 30, 40)]))


def _hot(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    return _joined_in(rng, crowd, rng.integers(30, 200, 20))


# --- communities with texts of their own


class _Habits(NamedTuple):
    """How a community copies: families, fewest and most of them by one account, posts of its own."""

    families: int
    fewest: int
    most: int
    own: int


def _texts(rng: np.random.Generator, n: int, habits: _Habits) -> tuple[np.ndarray, np.ndarray]:
    """Account and family of each post of `n` accounts, each family at most once by an account."""
    uses = rng.integers(habits.fewest, habits.most + 1, n)
    shuffled = np.argsort(rng.random((n, habits.families)), axis=1)
    copying, place = np.nonzero(np.arange(habits.families) < uses[:, None])
    account = np.concatenate([copying, np.repeat(np.arange(n), habits.own)])
    family = np.concatenate([shuffled[copying, place], np.full(n * habits.own, -1)])
    return account, family


def _at_star(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """One target for a share of the posts."""
    return np.where(rng.random(n) < share, rng.integers(0, TARGETS), _choose(rng, KNOWN, n))


def _fans(rng: np.random.Generator, hurried: bool, silent: tuple[int, int], kind: str) -> list[_Part]:
    account, family = _texts(rng, 40, _Habits(5, 4, 5, 6))
    made = _some_dates(rng, 40, *((0.5, 400, 14) if hurried else (0.3, 400, 60)))
    n = len(account)
    hour = np.floor(rng.normal(25, 3, n)).astype(np.int64) % 24  # evenings in another time zone
    target = _at_star(rng, n, 0.7)
    return [_Part(kind, made, rng.beta(*silent, 40), 5, account, family, target, hour)]


def _fan_club(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    return _fans(rng, hard, (3, 6), "fans")


def _fans_abroad(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    return _fans(rng, True, (8, 2), "fans abroad")


def _headlines(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    """Three outlets with 30 headlines each: 100 accounts share several, 170 one; all with its link."""
    out = []
    for outlet in range(3):
        regular = _joiners(rng, crowd.weight, np.array([100]))[0]
        account = np.concatenate(
            [np.repeat(regular, rng.poisson(4, 100) + 1), rng.choice(crowd.accounts, 170, replace=False)]
        )
        n = len(account)
        family = _choose(rng, 1 / np.arange(1, 31) ** 0.7, n)
        target, hour, none = _choose(rng, KNOWN, n), _choose(rng, DAY, n), np.array([])
        out.append(
            _Part("ordinary", none, none, 30, account, family, target, hour, domain=outlet, borrowed=True)
        )
    return out


def _spam(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    """30 accounts with 8 posts each from 12 texts, nearly all with one link of their own."""
    account = np.repeat(np.arange(30), 8)
    n = len(account)
    made = _some_dates(rng, 30, 0.8, 60, 20)
    target, hour = rng.integers(0, TARGETS, n), rng.integers(0, 24, n)
    link = np.where(rng.random(n) < 0.9, 10, -1)
    return [
        _Part(
            "spam", made, rng.beta(9, 1, 30), 12, account, rng.integers(0, 12, n), target, hour, domain=link
        )
    ]


def _supporters(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    """Two groups of supporters with talking points, a few and many, at one camp."""
    out = []
    for n, points in ((150, 6), (120, 40)):
        account, family = _texts(rng, n, _Habits(points, 3, 6, 5))
        made = _some_dates(rng, n, *((0.3, 500, 14) if hard else (0.1, 500, 30)))
        home = np.full(len(account), rng.integers(0, CAMPS))
        target, hour = _targets(rng, home, 0.85), _choose(rng, DAY, len(account))
        out.append(_Part("supporters", made, rng.beta(4, 5, n), points, account, family, target, hour))
    return out


def _newcomers(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    """A drive: 80 new accounts with a pack of texts, hardly answered, at one target."""
    account, family = _texts(rng, 80, _Habits(20, 3, 5, 1))
    made = 30 + rng.uniform(0, 14, 80)
    target, hour = _at_star(rng, len(account), 0.8), _choose(rng, DAY, len(account))
    return [_Part("newcomers", made, rng.beta(8, 2, 80), 20, account, family, target, hour)]


def _circles(rng: np.random.Generator, crowd: _Crowd, hard: bool) -> list[_Part]:
    """25 circles of 40 accounts with texts of their own."""
    out = []
    for _ in range(25):
        account, family = _texts(rng, 40, _Habits(15, 0, 6, 4))
        target, hour = _at_star(rng, len(account), 0.3), _choose(rng, DAY, len(account))
        out.append(_Part("circles", _dates(rng, 40), rng.beta(4, 5, 40), 15, account, family, target, hour))
    return out


def _network(rng: np.random.Generator, crowd: _Crowd, plan: Network) -> _Part:
    """Accounts who post prepared texts; every tenth template is repeated once by an ordinary account."""
    n = plan.accounts
    each = np.maximum(1, rng.poisson(plan.posts_each, n))
    account = np.repeat(np.arange(n), each)
    posts = len(account)
    family = np.where(rng.random(posts) < plan.template_share, rng.integers(0, plan.templates, posts), -1)
    made = _dates(rng, n)
    if "created" not in plan.disguises:
        burst = rng.choice([20.0, 60.0, 110.0, 170.0], n) + rng.uniform(0, 7, n)
        made = np.where(rng.random(n) < 0.6, burst, made)
    silent = rng.beta(4, 5, n) if "reactions" in plan.disguises else rng.beta(19, 1, n)
    hour = _choose(rng, DAY, posts) if "hours" in plan.disguises else rng.integers(1, 10, posts)
    target = rng.integers(0, TARGETS, posts)
    if "spread" in plan.disguises:
        target = _targets(rng, rng.integers(0, CAMPS, n)[account], 0.7)
    echoed = np.flatnonzero(rng.random(plan.templates) < 0.1)
    echo = len(echoed)
    return _Part(
        "network",
        made,
        silent,
        plan.templates,
        np.concatenate([account, _choose(rng, crowd.weight, echo)]),
        np.concatenate([family, echoed]),
        np.concatenate([target, _choose(rng, KNOWN, echo)]),
        np.concatenate([hour, _choose(rng, DAY, echo)]),
        borrowed=np.repeat([False, True], [posts, echo]),
    )


PARTS: dict[str, Callable[[np.random.Generator, _Crowd, bool], list[_Part]]] = {
    "N1": _viral,
    "N1 hot": _hot,
    "N2": _fan_club,
    "N3": _headlines,
    "N4": _spam,
    "N5": _supporters,
    "N6": _newcomers,
    "N7": _circles,
    "N8": _fans_abroad,
}
