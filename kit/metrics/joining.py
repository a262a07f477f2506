"""Series of days, hours and classes in wider bins, so that each may be told in the public edition.

A bin may be told when nobody stands in it, or at least ten accounts of which none makes more than half and
by whose largest contribution it can be rounded (`kit.disclosure.rule`). Joining neighbours until that is so keeps the
shape of a series, where leaving bins out would show the opposite.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit.disclosure import STEP, joined, rule
from kit.disclosure.bins import Kept
from kit.disclosure.earlier import Earlier, bins
from kit.metrics import asked_now

BINS = 20  # so many bins a series of people keeps where it can: rounded to tens, smaller ones would mislead
LARGE = 50  # … but no bin has to hold more than this


def singly(case: Any, group: str) -> bool:
    """Whether the bins of a group stay as they are: in the internal edition, and where its list is published."""
    return case.edition != "public" or group in case.report.exact


def earlier(case: Any, keys: Mapping[str, Any], *ends: str) -> list[Earlier]:
    """The bins that the last published version told of the metric that is asked for, in rows of these `keys`.

    `ends` are the columns of their first and last place. They stay: an account taken out moves none.
    """
    return bins(case.report.shown_before, asked_now.get(), keys, ends) if case.edition == "public" else []


def places(firsts: Any, lasts: Any, before: Sequence[Earlier], number: str = "") -> list[Kept]:
    """Earlier bins by their places among periods that begin on `firsts` and end on `lasts`, in order."""
    begins, ends = pd.DatetimeIndex(firsts), pd.DatetimeIndex(lasts)
    found = []
    for one in before:
        first = int(begins.searchsorted(pd.Timestamp(one.ends[0])))
        last = int(ends.searchsorted(pd.Timestamp(one.ends[1])))
        if first <= min(last, len(begins) - 1) and begins[first] == pd.Timestamp(one.ends[0]):
            found.append(Kept(first, min(last, len(begins) - 1), one.empty(number)))
    return found


def hours(before: Sequence[Earlier]) -> list[Kept]:
    """Earlier bins of the hours of a week, by weekday and hour of their first and last.

    >>> hours([Earlier(("1", "9", "2", "3"), {"posts": "about"})])
    [Kept(first=9, last=27, empty=False)]
    """
    found = [[int(end) for end in one.ends] for one in before]
    return [
        Kept((day - 1) * 24 + hour, (day_to - 1) * 24 + hour_to, one.empty("posts"))
        for (day, hour, day_to, hour_to), one in zip(found, before, strict=True)
    ]


def blocks(many: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Places that hold enough alone, and the runs between them and the `edges` (where a week or quarter begins) as one.

    So the ends of what is joined tell of no day on which one account did something.

    >>> blocks(np.array([False, False, True, False, False, False]), np.array([True, False, False, False, True, False])).tolist()
    [0, 0, 1, 2, 3, 3]
    """
    return np.cumsum(many | np.r_[True, many[:-1]] | edges) - 1 if len(many) else np.zeros(0, dtype=int)


def of_people(
    counts: Sequence[int], edges: np.ndarray | None = None, kept: Sequence[Kept] = ()
) -> np.ndarray:
    """For each bin, in order, the number of the wider one: of people of whom nobody is in two bins.

    >>> of_people([4, 3, 5, 0, 0, 20, 2]).tolist()
    [0, 0, 0, 1, 1, 2, 2]
    """
    held = np.array([int(n) for n in counts])
    if kept:
        return joined(held.tolist(), kept=kept)
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

    `held` where it is withheld: so much of it is one account's that every other bin would have to be wider for it; `kept`
    where an earlier version told of it.
    """

    first: int
    last: int
    total: int
    people: int
    largest: int
    held: bool = False
    kept: bool = False


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


def together(
    several: Sequence[Sequence[Done]],
    edges: Sequence[np.ndarray] | None = None,
    kept: Sequence[Sequence[Kept]] = (),
) -> list[list[Bin]]:
    """Series of one table and group, such as its platforms: neighbouring bins of each joined until they may be told.

    The series share the step to which they are rounded. What is joined begins at one of the `edges` of its series,
    or beside a bin that holds ten alone. Few bins that are largely one account's are withheld first. What an earlier
    version `kept` together of a series stays so.
    """
    lists = [
        _of_ten(series, edges[i] if edges else None, kept[i] if kept else ())
        for i, series in enumerate(several)
    ]
    _hold_heavy(lists)
    while True:
        told = [b.largest for series in lists for _done, b in series if _tells(b)]
        step = max(map(rule.step_of, told), default=STEP)
        merged = [_merged(series, step) for series in lists]
        if not any(merged):
            return [[b for _done, b in series] for series in lists]


def _hold_heavy(lists: list[list[tuple[Done, Bin]]]) -> None:
    """Withhold the bins whose largest part would coarsen all others, where these are few."""
    some = [b for series in lists for _done, b in series if b.total and not b.kept]
    for step in sorted({rule.step_of(b.largest) for b in some}):
        heavy = {b for b in some if rule.step_of(b.largest) > step}
        if len(heavy) <= HEAVY * len(some):
            for series in lists:
                series[:] = [(one, b._replace(held=b in heavy)) for one, b in series]
            return


def _of_ten(
    series: Sequence[Done], edges: np.ndarray | None, kept: Sequence[Kept] = ()
) -> list[tuple[Done, Bin]]:
    """Bins that hold nobody or ten accounts, or are those of an earlier version; who is not known stands for one."""
    many = np.array([len(one) - (None in one) >= STEP for one in series], dtype=bool)
    first = blocks(many, np.ones(len(many), dtype=bool) if edges is None else edges)
    held: list[Done] = [Counter() for _ in range(first[-1] + 1)] if len(first) else []
    for k, one in zip(first, series, strict=True):
        held[k].update(one)
    if kept:
        first, held = np.arange(len(series)), list(series)
    number = joined(
        [[who for who in one if who is not None] or [None] * bool(one) for one in held], kept=kept
    )
    as_before = {(one.first, one.last) for one in kept}
    found = []
    for k in range(number.max() + 1 if len(number) else 0):
        places = np.flatnonzero(number[first] == k)
        whole_ = sum((held[i] for i in np.flatnonzero(number == k)), Counter())
        ends = int(places[0]), int(places[-1])
        found.append((whole_, whole(whole_, *ends)._replace(kept=ends in as_before)))
    return found


def _tells(b: Bin) -> bool:
    return not b.held and rule.events(b.total, b.people, b.largest, STEP).kind == rule.ABOUT


def _merged(series: list[tuple[Done, Bin]], step: int) -> bool:
    """Join the first bin that may not be told to the neighbour that holds less; whether one was."""
    for at, (_done, b) in enumerate(series):
        if b.held or b.kept or not b.total or (_tells(b) and b.total >= step):
            continue
        beside = [
            i
            for i in (at - 1, at + 1)
            if 0 <= i < len(series) and not (series[i][1].held or series[i][1].kept)
        ]
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
    ends: tuple[str, str] = ("day", "day_to"),
) -> pd.DataFrame:
    """A series of days for each of `by`, the group first, from rows of `by`, day, account_key and `n`.

    Columns: `by`, day, day_to, `n`, who stands behind it, and gap (a day that is `closed`). From the first to the last
    day of all, `least` among them; in the public edition joined until each may be told, from whole weeks on or beside
    a day of ten, and never over closed days. What the last published version told together, in the columns `ends` of
    the metric, stays so.
    """
    parts = []
    for group, mine in rows.groupby(by[0], sort=False):
        alone = singly(case, str(group))
        blocks_ = [
            (dict(zip(by, key, strict=True)), block) for key, block in mine.groupby(list(by), sort=False)
        ]
        before = [[] if alone else earlier(case, key, *ends) for key, _block in blocks_]
        calendar = pd.date_range(*first_and_last(case, rows["day"], least, whole=not alone, before=before))
        shut = calendar.isin(pd.to_datetime(list(closed)))
        series = [done(_placed(block, calendar), "place", len(calendar), n=n) for _key, block in blocks_]
        kept = [places(calendar, calendar, one, n) for one in before]
        wider = [single(one) for one in series] if alone else _between(series, calendar, shut, kept)
        for (key, _block), bins_ in zip(blocks_, wider, strict=True):
            told = _told(key, bins_, calendar, n)
            parts.append(told.assign(gap=shut[[b.first for b in bins_]]))
    columns = [*by, "day", "day_to", n, f"{n}__people", f"{n}__largest", f"{n}__held", "gap"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.astype(dict.fromkeys(columns[-5:-1], "int64") | {"gap": bool})


def _between(
    series: list[list[Done]], calendar: pd.DatetimeIndex, shut: np.ndarray, kept: list[list[Kept]]
) -> list[list[Bin]]:
    """Days joined within each stretch that is open, and each stretch that is not as one."""
    turns = np.flatnonzero(np.r_[True, shut[1:] != shut[:-1]]).tolist()
    ends = [*turns[1:], len(shut)]
    mondays = np.asarray(calendar.day_of_week == 0)
    stretches = [(a, b) for a, b in zip(turns, ends, strict=True) if not shut[a]]
    pieces = [one[a:b] for one in series for a, b in stretches]
    edges = [mondays[a:b] for _one in series for a, b in stretches]
    within = [
        [k._replace(first=k.first - a, last=k.last - a) for k in mine if a <= k.first and k.last < b]
        for mine in kept
        for a, b in stretches
    ]
    joined_ = iter(together(pieces, edges, within))
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


def _told(key: dict[str, Any], bins_: Sequence[Bin], calendar: pd.DatetimeIndex, n: str) -> pd.DataFrame:
    ends = {"day": calendar[[b.first for b in bins_]], "day_to": calendar[[b.last for b in bins_]]}
    numbers = {n: "total", f"{n}__people": "people", f"{n}__largest": "largest", f"{n}__held": "held"}
    return pd.DataFrame(key | ends | {name: [getattr(b, of) for b in bins_] for name, of in numbers.items()})


def first_and_last(
    case: Any,
    found: pd.Series,
    least: tuple[Any, Any] | None = None,
    *,
    whole: bool,
    before: Sequence[Sequence[Earlier]] = (),
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day; `whole`: of weeks inside the report's period, as the first day may be one account's.

    No day that an earlier version told of is left out.
    """
    told = [one.ends[i] for mine in before for one in mine for i in (0, 1)]
    moments = pd.to_datetime(pd.Series([*found, *(least or ()), *told]))
    first, last = moments.min(), moments.max()
    if not whole:
        return first, last
    monday, sunday = (
        first - pd.Timedelta(days=first.day_of_week),
        last + pd.Timedelta(days=6 - last.day_of_week),
    )
    begin, end = case.report.start, case.report.end
    return (
        min(first, max(monday, pd.Timestamp(begin))) if begin else monday,
        max(last, min(sunday, pd.Timestamp(end))) if end else sunday,
    )


_DAYS = {"day": 1, "week": 7}


def spans(
    case: Any,
    rows: pd.DataFrame,
    by: Sequence[str],
    at: str,
    to: str,
    numbers: Sequence[str],
    *,
    step: str = "day",
    keep_exact: bool = True,
    told_as: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> pd.DataFrame:
    """In the public edition `rows` with the first day of their span in `at` and its last one in a new column `to`.

    `rows` has the columns `by`, `at` (days, or Mondays where `step` is week), account_key and `numbers`,
    once for each account and day. Neighbouring days of a block of `by` are joined until each span holds,
    for each of `numbers`, nobody or at least ten accounts that have some of it. A span of several days
    begins and ends with a week or beside a day of ten, so that its ends tell no day on which one account
    did something. The spans of the last published version stay: `told_as` gives the columns of the metric's table that
    say what a block is about, where they are not those of `by`. A group that a platform itself published keeps its
    days, unless `keep_exact` is false as where other people are counted or what nobody published
    (`kit.metrics.behind.inferred`), and so does the internal edition, where `rows` come back as they are.
    """
    if case.edition != "public":
        return rows
    if rows.empty:
        return rows.assign(**{to: rows[at]})
    days_ = pd.to_datetime(rows[at])
    blocks_ = dict(list(rows.groupby(list(by), dropna=False, sort=False)))
    about = {key: told_as(dict(zip(by, key, strict=True))) for key in blocks_}
    before = {key: earlier(case, about[key], at, to) for key in blocks_}
    calendar = _calendar(case, days_, step, list(before.values()))
    place = pd.Series(calendar.get_indexer(days_), rows.index)
    start, end = place.copy(), place.copy()
    for key, block in blocks_.items():
        if keep_exact and "group" in block and block["group"].iloc[0] in case.report.exact:
            continue
        people = [_by_day(block[block[name] > 0], place, len(calendar)) for name in numbers]
        ends = calendar + pd.Timedelta(days=_DAYS[step] - 1)
        kept = [places(calendar, ends, before[key], name) for name in numbers]
        number = _joined(people, calendar, step, kept)
        edges = np.searchsorted(number, np.arange(number[-1] + 2))
        start[block.index] = edges[number[place[block.index]]]
        end[block.index] = edges[number[place[block.index]] + 1] - 1
    until = calendar[end] + pd.Timedelta(days=_DAYS[step] - 1)
    if case.report.end:
        until = until.where(until <= pd.Timestamp(case.report.end), pd.Timestamp(case.report.end))
    return rows.assign(**{at: _dates(calendar[start]), to: _dates(until)})


def _dates(days_: pd.DatetimeIndex) -> list[dt.date]:
    return [day.date() for day in days_]


def _calendar(
    case: Any, days_: pd.Series, step: str, before: Sequence[Sequence[Earlier]]
) -> pd.DatetimeIndex:
    """Days, or weeks, from the first to the last, and those that an earlier version told of."""
    if step == "day":
        return pd.date_range(*first_and_last(case, days_, whole=True, before=before))
    told = [pd.Timestamp(one.ends[i]) for mine in before for one in mine for i in (0, 1)]
    moments = [days_.min(), days_.max(), *told]
    return pd.date_range(min(moments), max(moments), freq="7D")


def _by_day(rows: pd.DataFrame, place: pd.Series, n: int) -> list[set[int]]:
    """Who did something, day by day; all unknown authors are one."""
    people: list[set[int]] = [set() for _ in range(n)]
    keys = rows["account_key"].fillna(-1).astype("int64")
    for day, mine in keys.groupby(place[rows.index]):
        people[day] = set(mine)
    return people


def _joined(
    people: list[list[set[int]]], calendar: pd.DatetimeIndex, step: str, kept: list[list[Kept]]
) -> np.ndarray:
    """The span of each day: whole weeks and days of ten are joined until none holds few."""
    if kept and kept[0]:
        return _as_before(people, kept)
    many = np.array([min(map(len, held)) >= STEP for held in zip(*people, strict=True)])
    number = blocks(many, np.asarray(calendar.day_of_week == 0) | (step == "week"))
    for held in people:
        number = joined(_in_each(held, number))[number]
    return number


def _as_before(people: list[list[set[int]]], kept: list[list[Kept]]) -> np.ndarray:
    """The spans of an earlier version, and of what is new those that hold nobody or ten of each kind."""
    number = joined(people[0], kept=kept[0])
    for held, mine in zip(people[1:], kept[1:], strict=True):
        places = [Kept(int(number[k.first]), int(number[k.last]), k.empty) for k in mine]
        number = joined(_in_each(held, number), kept=list(dict.fromkeys(places)))[number]
    return number


def _in_each(people: list[set[int]], number: np.ndarray) -> list[set[int]]:
    """Who did something in each span."""
    spans_: list[set[int]] = [set() for _ in range(int(number[-1]) + 1)]
    for span, here in zip(number, people, strict=True):
        spans_[span] |= here
    return spans_


def as_before(edges: Sequence[float], before: Sequence[Earlier]) -> list[int]:
    """For each of ordered classes, by where they begin, the wider one of an earlier version; nothing where there was none.

    >>> before = [Earlier(("0", "30"), {"accounts": "about"}), Earlier(("30", "<NA>"), {"accounts": "zero"})]
    >>> as_before([0, 7, 30], before), as_before([0, 7, 30], [])
    ([0, 0, 1], [])
    """
    starts = sorted({float(one.ends[0]) for one in before})
    if not starts or starts[0] != edges[0] or not set(starts) <= set(map(float, edges)):
        return []
    return [sum(edge >= start for start in starts) - 1 for edge in edges]


def classes(held: Sequence[Sequence[set[Any]]], n: int, keep: Sequence[int] = ()) -> list[int]:
    """For each of `n` ordered classes the wider one that it belongs to: as many as leave nobody or ten in each.

    `held` says who is in each class, once for every group (and kind of thing) that the classes must fit.
    Of several ways to join them that with most of the cuts `keep` is taken, then that with the highest cuts.

    >>> classes([[{1, 2}, set(), set(range(20))], [set(range(12)), set(), set()]], 3)
    [0, 0, 0]
    >>> classes([[set(range(12)), {1, 2}, set(range(20))]], 3)
    [0, 0, 1]
    """
    cuts: Sequence[int] = ()
    for cuts in sorted(_subsets(range(1, n)), key=lambda c: (len(c), len({*c} & {*keep}), c), reverse=True):
        ends = list(itertools.pairwise((0, *cuts, n)))
        counts = [len(set().union(*who[a:b])) for a, b in ends for who in held]
        if not any(0 < count < STEP for count in counts):
            break
    return [sum(place >= cut for cut in cuts) for place in range(n)]


def _subsets(values: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of some of the values, each in order."""
    for n in range(len(values) + 1):
        yield from itertools.combinations(values, n)
