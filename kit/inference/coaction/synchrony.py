"""Pairs that repeat: accounts that act on the same objects at the same time, again and again.

Each pair is held against the largest of four rates at which strangers meet: what the time since
the object's origin explains, what the account's own crowdedness, the partner's habits of the clock
and the object's heat explain. Occasions are counted, not acts; the expectation is doubled; all
pairs are corrected for. An edge is *synchronised* where the occasions exceed this, and *validated*
where those that no visible trigger explains still do. Neither says who is behind the accounts, nor
that they are not honest people with a common source nobody sees.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammainc, logsumexp

from kit.inference.coaction.acts import Pairs, Prepared, associates, close_pairs, crowded, prepare, spans
from kit.inference.coaction.evidence import CLOCK, COUNTS, SUMS, USE, Rule, Synchrony, estimate, rule, weigh
from kit.inference.coaction.groups import clusters, describe
from kit.inference.coaction.planting import plant, shuffle_accounts, shuffle_times

__all__ = [
    "Synchrony",
    "at_least",
    "clusters",
    "describe",
    "detect",
    "plant",
    "planted",
    "power",
    "recalls",
    "shuffle_accounts",
    "shuffle_times",
    "sitting",
]

FLOOR = 1e-300  # no p-value is ever 0
BETS = (10.0, 100.0, 1000.0)


def poisson_tail(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """P(Poisson(mean) >= count) = Γ-regularised(count, mean), never 0; 1 where `count` is 0.

    By Hoeffding (1956) it bounds the tail of a sum of unequal coins above its mean.
    """
    count, mean = np.asarray(count, float), np.asarray(mean, float)
    tail = gammainc(np.maximum(count, 1), np.maximum(mean, FLOOR))
    return np.where(count < 1, 1.0, np.clip(tail, FLOOR, 1.0))


def inverse_e_value(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """1 / e for the e-value that bets on rates 10, 100 and 1000 times the mean.

    e = mean over θ of θ^count exp(-mean (θ - 1)); with the step-up rule on 1 / e this is the e-BH
    procedure (Wang & Ramdas 2022, doi 10.1111/rssb.12489), valid however the pairs depend on each other.
    """
    count, mean = np.asarray(count, float), np.asarray(mean, float)
    bets = np.array(BETS)[:, None]
    log_e = logsumexp(count * np.log(bets) - mean * (bets - 1), axis=0) - np.log(len(BETS))
    return np.clip(np.exp(-np.maximum(log_e, 0)), FLOOR, 1.0)


def step_up(p: np.ndarray, tests: int) -> np.ndarray:
    """Benjamini-Hochberg q-values (1995) of `p` among `tests` tests, the others having p = 1."""
    order = np.argsort(p, kind="stable")
    raised = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q


WINDOWS = (60.0, 600.0)
HALF_DAY = 43_200.0
COLUMNS = (
    *("a", "b", "window_s", "common", "close", "occasions", "expected", "raw_expected"),
    *("occasions_left", "expected_left", "p", "q", "p_left", "q_left", "explained", "leader", "leader_share"),
    *("crowd", "origin_known", "synchronised", "validated"),
)


def detect(
    object_: ArrayLike,
    account: ArrayLike,
    time_s: ArrayLike,
    *,
    origin_s: ArrayLike | None = None,
    source: ArrayLike | None = None,
    accounts: int | None = None,
    windows: tuple[float, ...] = WINDOWS,
    least: int = 3,
    occasion_gap_s: float = 3600.0,
    margin: float = 2.0,
    crowd: int = 50,
    trigger: float = 10.0,
    alpha: float = 0.05,
    families: int = 1,
    occasions: bool = True,
    use: tuple[str, ...] = USE,
    e_values: bool = False,
    rows: bool = True,
) -> Synchrony:
    """Which accounts act together more often than lag, tempo, habit and heat explain?

    One entry per act: codes of object and account (whole numbers), time in seconds since 1970, and where
    known the time at which the object began (`origin_s`, NaN where not known) and its `source`. `accounts`
    is the number in the family if more were looked at than acted; `families` the number of such tables
    tested together. Windows are in seconds, at most twelve hours (a day where
    `use` leaves the clock out), their ends inside.

    A pair is close on an object if both acted within the window. An occasion opens more than
    `occasion_gap_s` after the one before opened (every close act with `occasions=False`); pairs with fewer
    than `least` (2 or more) are not tested and count as p = 1. Expected: the sum over all common objects of
    the largest of the rates named in `use`. p = P(Poisson(`margin` × expected) >= occasions); with
    `e_values` instead 1 / e of the same. q: Benjamini-Hochberg over accounts × (accounts - 1) / 2 ×
    windows × families tests.

    A close act is explained if both accounts acted within `trigger` windows after a known origin, or a
    leader acted before: an account that opens the bursts in which the pair meets more often than luck
    allows (of all, then of those that no leader found so far explains). The columns with `_left` are the same without the acts explained; `origin_known` is the share of
    the pair's close objects whose origin is known. `crowd` marks pairs both of whose accounts have more
    than that many associates: they are held against the rate of everybody. Columns: `COLUMNS`. Without `rows`
    the table of rows stays empty.

    Raises ValueError for settings outside their range and columns of different length.
    """
    _check(windows, least, margin, trigger, use)
    prepared = prepare(object_, account, time_s, origin_s, source)
    family = len(prepared.accounts) if accounts is None else int(accounts)
    if family < len(prepared.accounts):
        raise ValueError(f"accounts={family}, but {len(prepared.accounts)} accounts act")
    gap = round(occasion_gap_s * 1000) if occasions else -1
    tables, cuts = [], []
    for seconds in windows:
        limits = rule(round(seconds * 1000), round(seconds * trigger * 1000), gap, least, use)
        pairs, near, cut = close_pairs(prepared.acts, limits.window, gap)
        cuts.append(_capped(prepared, cut, seconds))
        tables.append(_window(prepared, pairs, near, limits, crowd, use))
    found = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    tests = family * (family - 1) // 2 * len(windows) * families
    judged = _judge(found, least, margin, alpha, tests, e_values)
    told = _rows(prepared, max(windows)) if rows else pd.DataFrame()
    return Synchrony(judged, told, tests, pd.concat(cuts, ignore_index=True), prepared.left_out)


def at_least(found: Synchrony, least: int, *, margin: float = 2.0, alpha: float = 0.05) -> Synchrony:
    """What would be found if `least` occasions were asked of a pair, as many as `found` was made with or more?

    The same edges as `detect` with that number, `margin` and `alpha`, without counting anew: what is expected of a
    pair does not depend on how many occasions are asked for. For pairs that fall short of it after triggers
    are taken out, `occasions_left` may be smaller here.
    """
    table = found.pairs[found.pairs["occasions"] >= least]
    columns = {name: table[name].to_numpy() for name in COLUMNS}
    return found._replace(pairs=_judge(columns, least, margin, alpha, found.tested, False))


def sitting(object_: ArrayLike, account: ArrayLike, time_s: ArrayLike, **settings: Any) -> Synchrony:
    """Which accounts worked through the same list at the same time, be it in one sitting?

    `detect` with every close act counted as an occasion; takes its other settings. It can say that a list
    was worked through together, never more: no edge is validated.
    """
    found = detect(object_, account, time_s, occasions=False, **settings)
    return found._replace(pairs=found.pairs.assign(validated=False))


def _check(
    windows: tuple[float, ...], least: int, margin: float, trigger: float, use: tuple[str, ...]
) -> None:
    most = HALF_DAY if CLOCK in use else 2 * HALF_DAY  # times of day are within half a day of each other
    if not windows or min(windows) < 0 or max(windows) > most:
        raise ValueError(f"windows={windows}: one or more, from 0 to {most:g} seconds")
    if least < 2 or margin <= 0 or trigger < 0:
        raise ValueError(
            f"least={least} (2 or more), margin={margin} (above 0), trigger={trigger} (0 or more)"
        )
    if wrong := set(use) - set(USE):
        raise ValueError(f"use={sorted(wrong)}: rates are {', '.join(USE)}")


def _window(
    prepared: Prepared, pairs: Pairs, near: np.ndarray, limits: Rule, crowd: int, use: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """The pairs to test in one window with what speaks for them, as columns."""
    acts, codes = prepared.acts, prepared.accounts
    crowds = crowded(pairs, len(codes), crowd)
    leaving_out = np.where(crowds, 0, pairs.occasions)  # the strangers of a crowd are the crowd
    near_by, on = associates(pairs.first, pairs.second, leaving_out, acts, limits.window, limits.gap)
    tested = pairs.occasions >= limits.least
    chosen = Pairs(*(column[tested] for column in pairs))
    counts, sums = weigh(chosen, acts, estimate(acts, limits.window, near, near_by, on, use), limits)
    table = dict(zip(COUNTS, counts.T, strict=True)) | dict(zip(SUMS, sums.T, strict=True))
    leader = np.full(len(counts), -1, dtype=np.int64)
    leader[table["leader"] >= 0] = codes[table["leader"][table["leader"] >= 0]]
    return table | {
        "a": codes[chosen.first],
        "b": codes[chosen.second],
        "window_s": np.full(len(counts), limits.window / 1000),
        "leader": leader,
        "leader_share": table["led"] / np.maximum(table["unexplained"], 1),
        "origin_known": table["known"] / np.maximum(table["close"], 1),
        "crowd": crowds[tested],
    }


def _judge(
    found: dict[str, np.ndarray], least: int, margin: float, alpha: float, tests: int, e_values: bool
) -> pd.DataFrame:
    """The pairs with p and q of both levels, and what these let one say."""
    tail = inverse_e_value if e_values else poisson_tail
    for suffix in ("", "_left"):
        count = found[f"occasions{suffix}"]
        p = np.where(count >= least, tail(count, margin * found[f"expected{suffix}"]), 1.0)
        found |= {f"p{suffix}": p, f"q{suffix}": step_up(p, tests)}
    found |= {"synchronised": found["q"] <= alpha, "validated": found["q_left"] <= alpha}
    order = np.lexsort((found["b"], found["a"], found["window_s"]))
    return pd.DataFrame({name: found[name][order] for name in COLUMNS})


def _rows(prepared: Prepared, window_s: float) -> pd.DataFrame:
    acts = prepared.acts
    low, high = spans(acts.object, acts.time, round(window_s * 1000))
    rows = pd.DataFrame(
        {
            "object": prepared.objects[acts.object],
            "account": prepared.accounts[acts.account],
            "time_s": acts.time / 1000,
            "origin_s": np.where(acts.known, prepared.origin / 1000, np.nan),
            "lag_s": acts.lag / 1000,
            "near": high > low,
        }
    )
    return rows if prepared.source is None else rows.assign(source=prepared.source)


def _capped(prepared: Prepared, cut: np.ndarray, window_s: float) -> pd.DataFrame:
    """Objects some of whose rows have more partners than were looked at, with the number of such rows."""
    numbers, counts = np.unique(prepared.acts.object[cut], return_counts=True)
    return pd.DataFrame({"object": prepared.objects[numbers], "window_s": float(window_s), "rows": counts})


class Planted(NamedTuple):
    """A planted group of a size, number of repeats and jitter, its accounts, and what `detect` found with it there."""

    group: int
    repeats: int
    jitter_s: float
    members: np.ndarray
    found: Synchrony


def planted(
    object_: ArrayLike,
    account: ArrayLike,
    time_s: ArrayLike,
    *,
    seed: int,
    origin_s: ArrayLike | None = None,
    groups: tuple[int, ...] = (3, 5, 10, 30),
    repeats: tuple[int, ...] = (3, 5, 10, 25),
    jitters_s: tuple[float, ...] = (10, 60, 600),
    seeds: int = 5,
    cover: int = 30,
    accounts: int | None = None,
    delay_s: float | None = None,
    **settings: Any,
) -> Iterator[Planted]:
    """Groups of each size, number of repeats and jitter, planted `seeds` times (`plant`), each with what is found.

    With `delay_s` they act so long after their things began, else as long as anybody.
    """
    for size, repeat, jitter, draw in itertools.product(groups, repeats, jitters_s, range(seeds)):
        rng = np.random.default_rng([seed, size, repeat, round(jitter * 1000), draw])
        kind: dict[str, Any] = {"group": size, "repeats": repeat, "jitter_s": jitter, "cover": cover}
        kind |= {"delay_s": delay_s}
        rows = plant(object_, account, time_s, rng=rng, origin_s=origin_s, **kind)
        family = None if accounts is None else accounts + size
        found = detect(*rows[:3], origin_s=rows.origin_s, accounts=family, rows=False, **settings)
        yield Planted(size, repeat, float(jitter), rows.members, found)


def recalls(runs: Iterable[Planted]) -> pd.DataFrame:
    """What share of a planted group's pairs was validated, and who else was?

    One line for each size, number of repeats and jitter: group, repeats, jitter_s, recall (mean share of the
    group's pairs validated), found (share of plants with recall of 0.9 or more), others (mean number of
    accounts of the other rows in a validated pair: what the rows hold already, and innocents), runs.
    """
    drawn: dict[tuple[int, int, float], list[tuple[float, int]]] = {}
    for run in runs:
        kind = (run.group, run.repeats, run.jitter_s)
        drawn.setdefault(kind, []).append(_recall(run.found.pairs, run.members))
    lines = []
    for kind, answers in drawn.items():
        recall, others = np.array(answers).T
        lines.append((*kind, recall.mean(), (recall >= 0.9).mean(), others.mean(), len(answers)))
    names = ["group", "repeats", "jitter_s", "recall", "found", "others", "runs"]
    return pd.DataFrame(lines, columns=names)


def power(object_: ArrayLike, account: ArrayLike, time_s: ArrayLike, **settings: Any) -> pd.DataFrame:
    """What share of a planted group's pairs would have been validated in these very rows?

    `recalls` of `planted`, which takes the settings; those that it does not know are `detect`'s.
    """
    return recalls(planted(object_, account, time_s, **settings))


def _recall(pairs: pd.DataFrame, members: np.ndarray) -> tuple[float, int]:
    """Share of the members' pairs that are validated, and the number of other accounts that are."""
    edges = pairs.loc[pairs["validated"], ["a", "b"]].drop_duplicates()
    inside = edges["a"].isin(members) & edges["b"].isin(members)
    others = np.setdiff1d(edges.to_numpy(), members)
    return float(inside.sum() / (len(members) * (len(members) - 1) / 2)), len(others)
