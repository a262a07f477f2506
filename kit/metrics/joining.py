"""Series of days, hours and classes in wider bins, so that each may be told in the public edition.

A bin may be told when nobody stands in it, or at least ten accounts of which none makes more than half and
by whose largest contribution it can be rounded (`kit.disclosure.rule`). Joining neighbours until that is so keeps the
shape of a series, where leaving bins out would show the opposite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit.disclosure import STEP, joined, rule

BINS = 20  # so many bins a series of people keeps where it can: rounded to tens, smaller ones would mislead
LARGE = 50  # … but no bin has to hold more than this


def singly(case: Any, group: str) -> bool:
    """Whether the bins of a group stay as they are: in the internal edition, and where its list is published."""
    return case.edition != "public" or group in case.report.exact


def blocks(many: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Places that hold enough alone, and the runs between them and the `edges` (where a week or quarter begins) as one.

    So the ends of what is joined tell of no day on which one account did something.

    >>> blocks(np.array([False, False, True, False, False, False]), np.array([True, False, False, False, True, False])).tolist()
    [0, 0, 1, 2, 3, 3]
    """
    return np.cumsum(many | np.r_[True, many[:-1]] | edges) - 1 if len(many) else np.zeros(0, dtype=int)


def of_people(counts: Sequence[int], edges: np.ndarray | None = None) -> np.ndarray:
    """For each bin, in order, the number of the wider one: of people of whom nobody is in two bins.

    >>> of_people([4, 3, 5, 0, 0, 20, 2]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    """
    held = np.array([int(n) for n in counts])
    number = blocks(held >= STEP, np.ones(len(held), dtype=bool) if edges is None else edges)
    about = round(min(LARGE, held.sum() / BINS) / STEP) * STEP
    least = max(STEP, about - 2)  # a little over and under a ten are rounded to it
    return joined([int(n) for n in np.bincount(number, held)] if len(held) else [], least)[number]


def of_people_shared(counts: np.ndarray) -> np.ndarray:
    """The same for several groups on one axis: `counts` has a row a group; each holds nobody or ten in every bin.

    A group of fewer than ten in all is no reason to join.

    >>> of_people_shared(np.array([[30, 4, 20], [12, 0, 40]])).tolist()
    [0, 1, 1]
    """
    rows = counts[counts.sum(axis=1) >= STEP]
    starts: list[int] = []
    now = np.zeros(len(rows), dtype=int)
    for i in range(counts.shape[1]):
        if not starts or not _few(now):
            starts.append(i)
            now = np.zeros(len(rows), dtype=int)
        now = now + rows[:, i]
    while len(starts) > 1 and _few(now):
        starts.pop()
        now = rows[:, starts[-1] :].sum(axis=1)
    number = np.zeros(counts.shape[1], dtype=int)
    for start in starts[1:]:
        number[start:] += 1
    return number


def _few(now: np.ndarray) -> bool:
    return bool(((now > 0) & (now < STEP)).any())


#: so large a part of the bins may be withheld because one account did very much, before all become wider for it
HEAVY = 0.1


class Bin(NamedTuple):
    """Bins first to last as one: what was done in them, by how many accounts, and the most by one of them.

    `held` where it is withheld: so much of it is one account's that every other bin would have to be wider for it.
    """

    first: int
    last: int
    total: int
    people: int
    largest: int
    held: bool = False


#: what each account did in a bin; None stands for all whose author is not known
Done = Counter[Hashable]


def done(table: pd.DataFrame, place: str, places: int, who: str = "account_key", n: str = "n") -> list[Done]:
    """What each account did at each of `places` positions, from rows of position, account and count."""
    found: list[Done] = [Counter() for _ in range(places)]
    columns = (table[place].to_numpy(), table[who].astype(object).tolist(), table[n].tolist())
    for at, account, count in zip(*columns, strict=True):
        found[int(at)][None if pd.isna(account) else account] += int(count)
    return found


def whole(one: Mapping[Hashable, int], first: int = 0, last: int = 0) -> Bin:
    """What was done in all, by how many accounts, and the most by one; authors not known are one, and nobody."""
    counts = one.values()
    return Bin(first, last, sum(counts), len(one) - (None in one), max(counts, default=0))


def single(series: Sequence[Done]) -> list[Bin]:
    """Every bin as it is."""
    return [whole(one, i, i) for i, one in enumerate(series)]


def together(several: Sequence[Sequence[Done]], edges: Sequence[np.ndarray] | None = None) -> list[list[Bin]]:
    """Series of one table and group, such as its platforms: neighbouring bins of each joined until they may be told.

    The series share the step to which they are rounded. What is joined begins at one of the `edges` of its series,
    or beside a bin that holds ten alone. Few bins that are largely one account's are withheld first.
    """
    lists = [_of_ten(series, edges[i] if edges else None) for i, series in enumerate(several)]
    _hold_heavy(lists)
    while True:
        told = [b.largest for series in lists for _done, b in series if _tells(b)]
        step = max(map(rule.step_of, told), default=STEP)
        merged = [_merged(series, step) for series in lists]
        if not any(merged):
            return [[b for _done, b in series] for series in lists]


def _hold_heavy(lists: list[list[tuple[Done, Bin]]]) -> None:
    """Withhold the bins whose largest part would coarsen all others, where these are few."""
    some = [b for series in lists for _done, b in series if b.total]
    for step in sorted({rule.step_of(b.largest) for b in some}):
        heavy = {b for b in some if rule.step_of(b.largest) > step}
        if len(heavy) <= HEAVY * len(some):
            for series in lists:
                series[:] = [(one, b._replace(held=b in heavy)) for one, b in series]
            return


def _of_ten(series: Sequence[Done], edges: np.ndarray | None) -> list[tuple[Done, Bin]]:
    """Bins that hold nobody or ten accounts; who is not known stands for one."""
    many = np.array([len(one) - (None in one) >= STEP for one in series], dtype=bool)
    first = blocks(many, np.ones(len(many), dtype=bool) if edges is None else edges)
    held: list[Done] = [Counter() for _ in range(first[-1] + 1)] if len(first) else []
    for k, one in zip(first, series, strict=True):
        held[k].update(one)
    number = joined([[who for who in one if who is not None] or [None] * bool(one) for one in held])
    found = []
    for k in range(number.max() + 1 if len(number) else 0):
        places = np.flatnonzero(number[first] == k)
        whole_ = sum((held[i] for i in np.flatnonzero(number == k)), Counter())
        found.append((whole_, whole(whole_, int(places[0]), int(places[-1]))))
    return found


def _tells(b: Bin) -> bool:
    return not b.held and rule.events(b.total, b.people, b.largest, STEP).kind == rule.ABOUT


def _merged(series: list[tuple[Done, Bin]], step: int) -> bool:
    """Join the first bin that may not be told to the neighbour that holds less; whether one was."""
    for at, (_done, b) in enumerate(series):
        if b.held or not b.total or (_tells(b) and b.total >= step):
            continue
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(series) and not series[i][1].held]
        if not beside:
            continue
        other = min(beside, key=lambda i: (not series[i][1].total, series[i][1].total))
        left = min(at, other)
        (one, a), (two, c) = series[left : left + 2]
        series[left : left + 2] = [(one + two, whole(one + two, a.first, c.last))]
        return True
    return False


def days(
    case: Any,
    rows: pd.DataFrame,
    by: Sequence[str],
    n: str = "posts",
    *,
    least: tuple[Any, Any] | None = None,
    closed: Iterable[Any] = (),
) -> pd.DataFrame:
    """A series of days for each of `by`, the group first, from rows of `by`, day, account_key and `n`.

    Columns: `by`, day, day_to, `n`, who stands behind it, and gap (a day that is `closed`). From the first to the last
    day of all, `least` among them; in the public edition joined until each may be told, from whole weeks on or beside
    a day of ten, and never over closed days.
    """
    parts = []
    for group, mine in rows.groupby(by[0], sort=False):
        alone = singly(case, str(group))
        calendar = pd.date_range(*_ends(case, rows["day"], least, whole=not alone))
        shut = calendar.isin(pd.to_datetime(list(closed)))
        blocks_ = list(mine.groupby(list(by), sort=False))
        series = [done(_placed(block, calendar), "place", len(calendar), n=n) for _key, block in blocks_]
        wider = [single(one) for one in series] if alone else _between(series, calendar, shut)
        for (key, _block), bins in zip(blocks_, wider, strict=True):
            told = _told(dict(zip(by, key, strict=True)), bins, calendar, n)
            parts.append(told.assign(gap=shut[[b.first for b in bins]]))
    columns = [*by, "day", "day_to", n, f"{n}__people", f"{n}__largest", f"{n}__held", "gap"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.astype(dict.fromkeys(columns[-5:-1], "int64") | {"gap": bool})


def _between(series: list[list[Done]], calendar: pd.DatetimeIndex, shut: np.ndarray) -> list[list[Bin]]:
    """Days joined within each stretch that is open, and each stretch that is not as one."""
    turns = np.flatnonzero(np.r_[True, shut[1:] != shut[:-1]])
    ends = [*turns[1:], len(shut)]
    mondays = np.asarray(calendar.day_of_week == 0)
    stretches = [(a, b) for a, b in zip(turns, ends, strict=True) if not shut[a]]
    pieces = [one[a:b] for one in series for a, b in stretches]
    edges = [mondays[a:b] for _one in series for a, b in stretches]
    joined_ = iter(together(pieces, edges))
    found = []
    for one in series:
        bins = [b._replace(first=b.first + a, last=b.last + a) for a, _b in stretches for b in next(joined_)]
        bins += [
            whole(sum(one[a:b], Counter()), a, b - 1) for a, b in zip(turns, ends, strict=True) if shut[a]
        ]
        found.append(sorted(bins, key=lambda b: b.first))
    return found


def _placed(block: pd.DataFrame, calendar: pd.DatetimeIndex) -> pd.DataFrame:
    return block.assign(place=calendar.get_indexer(pd.to_datetime(block["day"])))


def _told(key: dict[str, Any], bins: Sequence[Bin], calendar: pd.DatetimeIndex, n: str) -> pd.DataFrame:
    ends = {"day": calendar[[b.first for b in bins]], "day_to": calendar[[b.last for b in bins]]}
    numbers = {n: "total", f"{n}__people": "people", f"{n}__largest": "largest", f"{n}__held": "held"}
    return pd.DataFrame(key | ends | {name: [getattr(b, of) for b in bins] for name, of in numbers.items()})


def _ends(
    case: Any, found: pd.Series, least: tuple[Any, Any] | None, *, whole: bool
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day; `whole`: of weeks inside the report's period, as the first day may be one account's."""
    moments = pd.to_datetime(pd.Series([*found, *(least or ())]))
    first, last = moments.min(), moments.max()
    if not whole:
        return first, last
    monday, sunday = (
        first - pd.Timedelta(days=first.day_of_week),
        last + pd.Timedelta(days=6 - last.day_of_week),
    )
    begin = max(monday, pd.Timestamp(case.report.start)) if case.report.start else monday
    end = min(sunday, pd.Timestamp(case.report.end)) if case.report.end else sunday
    return min(first, begin), max(last, end)
