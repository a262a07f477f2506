"""Who stands behind the numbers of a metric, and days of a series joined until nobody stands alone in one.

What the public edition may say of a number depends on how many people did it and on how much one of
them did (`kit.disclosure`). `tallied` counts both beside the number. A series that would show days of
fewer than ten people shows longer spans instead (`spans`): a day that vanishes beside days of nobody
would say the opposite of the truth.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import STEP, joined

ACCOUNT = "account_key"
_DAYS = {"day": 1, "week": 7}


def inferred(table: pd.DataFrame) -> pd.DataFrame:
    """`table`, marked as saying what nobody published, also of accounts whose list a platform published."""
    table.attrs["inferred"] = True
    return table


def tallied(rows: pd.DataFrame, keys: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """The sum of each of `numbers` by `keys`, with who did it: `posts`, `posts__people`, `posts__largest`.

    `rows` has `keys`, account_key and `numbers`. What unknown authors did counts as one author's at
    most, and none is counted.

    >>> rows = pd.DataFrame({"group": "studied", "account_key": [1, 1, 2, 3], "posts": [4, 5, 2, 0]})
    >>> tallied(rows, ["group"], ["posts"])
         group  posts  posts__people  posts__largest
    0  studied     11              2               9
    """
    whole = rows.assign(**{ACCOUNT: rows[ACCOUNT].fillna(-1)})
    each = whole.groupby([*keys, ACCOUNT], dropna=False)[list(numbers)].sum().reset_index()
    known = each[ACCOUNT] >= 0
    wanted: dict[str, Any] = {}
    for name in numbers:
        each[f"{name}__people"] = ((each[name] > 0) & known).astype(int)
        wanted |= {name: (name, "sum"), f"{name}__people": (f"{name}__people", "sum")}
        wanted[f"{name}__largest"] = (name, "max")
    return each.groupby(list(keys), dropna=False).agg(**wanted).reset_index()


def weight(hits: Any, posts: Any) -> float:
    """To how fine a part a share of posts may be told: `posts` and those of them that count, account by account.

    The largest part of all that one account holds; where fewer than ten accounts have some that count, or some
    that do not, at least ten posts, so that those few cannot be worked out.
    """
    hits, posts = np.asarray(hits, float), np.asarray(posts, float)
    if not posts.sum():
        return float("nan")
    few = any(0 < n < STEP for n in ((hits > 0).sum(), (posts > hits).sum()))
    return min(1.0, float(max(posts.max(), STEP if few else 1) / posts.sum()))


def weighed(rows: pd.DataFrame, keys: Sequence[str], hits: str, posts: str) -> pd.DataFrame:
    """`tallied` for `hits` and `posts` of rows, with their share and how fine it may be told (`weight`)."""
    table = tallied(rows.assign(rest=rows[posts] - rows[hits]), keys, [hits, posts, "rest"])
    few = table[[f"{hits}__people", "rest__people"]].apply(lambda n: n.between(1, STEP - 1)).any(axis=1)
    whole = table[posts].where(table[posts] > 0)
    table["share"] = table[hits] / whole
    table["share__weight"] = (
        table[f"{posts}__largest"].mask(few, table[f"{posts}__largest"].clip(lower=STEP)) / whole
    ).clip(upper=1)
    return table.drop(columns=[c for c in table if c == "rest" or c.startswith("rest__")])


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
) -> pd.DataFrame:
    """In the public edition `rows` with the first day of their span in `at` and its last one in a new column `to`.

    `rows` has the columns `by`, `at` (days, or Mondays where `step` is week), account_key and `numbers`,
    once for each account and day. Neighbouring days of a block of `by` are joined until each span holds,
    for each of `numbers`, nobody or at least ten accounts that have some of it. A span of several days
    begins and ends with a week or beside a day of ten, so that its ends tell no day on which one account
    did something. A group that a platform itself published keeps its days, unless `keep_exact` is false as
    where other people are counted or what nobody published (`inferred`), and so does the internal edition, where `rows` come back as they are.
    """
    if case.edition != "public":
        return rows
    if rows.empty:
        return rows.assign(**{to: rows[at]})
    days = pd.to_datetime(rows[at])
    first, last = _calendar(case, days, step)
    calendar = pd.date_range(first, last, freq=f"{_DAYS[step]}D")
    place = pd.Series(calendar.get_indexer(days), rows.index)
    start, end = place.copy(), place.copy()
    for _key, block in rows.groupby(list(by), dropna=False, sort=False):
        if keep_exact and "group" in block and block["group"].iloc[0] in case.report.exact:
            continue
        people = [_by_day(block[block[name] > 0], place, len(calendar)) for name in numbers]
        number = _joined(people, calendar, step)
        edges = np.searchsorted(number, np.arange(number[-1] + 2))
        start[block.index] = edges[number[place[block.index]]]
        end[block.index] = edges[number[place[block.index]] + 1] - 1
    until = calendar[end] + pd.Timedelta(days=_DAYS[step] - 1)
    if case.report.end:
        until = until.where(until <= pd.Timestamp(case.report.end), pd.Timestamp(case.report.end))
    return rows.assign(**{at: _dates(calendar[start]), to: _dates(until)})


def _dates(days: pd.DatetimeIndex) -> list[dt.date]:
    return [day.date() for day in days]


def _calendar(case: Any, days: pd.Series, step: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The report's period where it has one, else whole weeks around the days: the first post of all is a person's."""
    first, last = days.min(), days.max()
    if step == "week":
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


def _by_day(rows: pd.DataFrame, place: pd.Series, n: int) -> list[set[int]]:
    """Who did something, day by day; all unknown authors are one."""
    people: list[set[int]] = [set() for _ in range(n)]
    keys = rows[ACCOUNT].fillna(-1).astype("int64")
    for day, mine in keys.groupby(place[rows.index]):
        people[day] = set(mine)
    return people


def _joined(people: list[list[set[int]]], calendar: pd.DatetimeIndex, step: str) -> np.ndarray:
    """The span of each day: whole weeks and days of ten are joined until none holds few."""
    many = np.array([min(map(len, held)) >= STEP for held in zip(*people, strict=True)])
    cut = many | np.r_[True, many[:-1]] | (calendar.day_of_week == 0) | (step == "week")
    number = np.cumsum(cut) - 1
    for held in people:
        number = joined(_together(held, number))[number]
    return number


def _together(people: list[set[int]], number: np.ndarray) -> list[set[int]]:
    """Who did something in each span."""
    spans_: list[set[int]] = [set() for _ in range(int(number[-1]) + 1)]
    for span, here in zip(number, people, strict=True):
        spans_[span] |= here
    return spans_


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
