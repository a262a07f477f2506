"""Posts a day with events, gaps, bursts and holidays; hours of the day, days of the week; how long replies wait."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import rule
from kit.errors import MetricError, nearest
from kit.inference import calendar, changes, levels, outcomes, rhythm, scan, weeks
from kit.inference.zone import thin
from kit.locale import N_
from kit.locale.later import by_language, joined, words
from kit.metrics import facts, joining, metric, one_of, positive
from kit.metrics.beside import beside
from kit.metrics.needs import with_setting
from kit.metrics.timing.authors import behind, each_day, of_median, told, weight, within
from kit.metrics.timing.posts import (
    SUBSET,
    arrays,
    by_group,
    clock_of,
    compared,
    gaps,
    in_gaps,
    of_subset,
    usable,
)
from kit.metrics.timing.where import zone_by_subset
from kit.schema import countries, group_order
from kit.schema.times import LOCAL_DAY


def _series(case: Any, *, subset: str = "all", clock: str | None = None, whole: bool = True) -> pd.DataFrame:
    """Posts and accounts a local day: group, date, posts, accounts, gap; empty days are 0.

    `whole`: over the report's period where it has one, else from the first to the last post of
    any group; otherwise each group from its own first to its last post.
    """
    counted = case.sql(
        f"""SELECT "group", {LOCAL_DAY} AS date, count(*) AS posts, count(DISTINCT account_key) AS accounts
            FROM posts WHERE {usable("day")} AND {of_subset(subset)} GROUP BY 1, 2 ORDER BY {group_order()}, 2""",
        clock=clock_of(case, clock),
    )
    if counted.empty:
        return counted.assign(gap=pd.Series(dtype=bool))
    counted["date"] = pd.to_datetime(counted["date"])
    closed = _gap_days(case)
    first, last = counted["date"].min(), counted["date"].max()
    if case.report.start and case.report.end:
        first, last = min(first, pd.Timestamp(case.report.start)), max(last, pd.Timestamp(case.report.end))
    parts = []
    for group in dict.fromkeys(counted["group"]):
        mine = counted[counted["group"] == group].set_index("date")[["posts", "accounts"]]
        span = pd.date_range(first, last) if whole else pd.date_range(mine.index.min(), mine.index.max())
        mine = mine.reindex(span, fill_value=0).rename_axis("date").reset_index()
        mine.insert(0, "group", group)
        mine["gap"] = [day.date() in closed for day in mine["date"]]
        parts.append(mine)
    return pd.concat(parts, ignore_index=True)


def _gap_days(case: Any) -> set[dt.date]:
    table = case.sql("SELECT date, coalesce(end_date, date) AS last FROM events WHERE kind = 'gap'")
    return {day.date() for row in table.itertuples() for day in pd.date_range(row.date, row.last)}


def _each(
    case: Any, subset: str, *, whole: bool = True, clock: str | None = None
) -> dict[str, tuple[np.ndarray, ...]]:
    """For each compared group: dates, posts, weekday (Monday = 0), observed."""
    table = _series(case, subset=subset, clock=clock, whole=whole)
    out: dict[str, tuple[np.ndarray, ...]] = {}
    for group in compared(case):
        mine = table[table["group"] == group]
        days = pd.DatetimeIndex(mine["date"]) if len(mine) else pd.DatetimeIndex([])
        posts = mine["posts"].to_numpy(dtype=float) if len(mine) else np.zeros(0)
        observed = ~mine["gap"].to_numpy(dtype=bool) if len(mine) else np.zeros(0, dtype=bool)
        out[group] = (np.array(days.date), posts, np.asarray(days.day_of_week), observed)
    return out


@metric(N_("Posts a day"), needs=("posts.created_at", *SUBSET))
def daily(case: Any, *, accounts: bool = False, subset: str = "all") -> pd.DataFrame:
    """How many posts were made on each day, and what happened on it?

    Columns: group, date and day_to (first and last day, in the report's clock), posts, gap (collection stopped), event
    (labels of the report's events of these days, in the reader's language), and with `accounts=True` also accounts
    (that posted). Days without a post are rows with 0; in a gap 0 means "not collected".
    Formula: counts. Stamps that are only a day stand on that day.
    Missing: posts without a time or with an estimated one are left out.
    Public: neighbouring days are joined until nobody or at least ten accounts stand behind them, none with more than
    half; joined ones begin with a week, beside a day of ten or beside a gap. Few days that are largely one account's
    are withheld.
    Source: none needed. A peak does not prove a campaign: compare the control and the events.

    >>> timing.daily(internal, accounts=True).head(3)
         group        date      day_to  posts  accounts    gap event
    0  studied  2023-08-07  2023-08-07      0         0  False   NaN
    1  studied  2023-08-08  2023-08-08      0         0  False   NaN
    2  studied  2023-08-09  2023-08-09      6         6  False   NaN
    """
    found = each_day(case, subset=subset)
    least = (case.report.start, case.report.end) if case.report.start and case.report.end else None
    ends = ("date", "day_to")
    table = joining.days(case, found, ["group"], least=least, closed=_gap_days(case), ends=ends)
    table = table.rename(columns={"day": "date"})
    if accounts:
        table["accounts"] = table["posts__people"]
    events = case.sql("""
        SELECT CAST(unnest(generate_series(date, coalesce(end_date, date), INTERVAL 1 DAY)) AS DATE) AS day, date, label
        FROM events WHERE coalesce(kind, '') <> 'gap' ORDER BY 1, 2, 3""")
    said = {label: by_language(case.report.event_labels(label)) for label in events["label"]}
    days = pd.to_datetime(events["day"])
    labels = [
        list(dict.fromkeys(events.loc[days.between(row.date, row.day_to), "label"]))
        for row in table.itertuples()
    ]
    texts = [joined([said[label] for label in mine], "; ") for mine in labels]
    table["event"] = pd.Series(
        [str(text) if mine else math.nan for mine, text in zip(labels, texts, strict=True)], dtype=object
    )
    names = ["group", "date", "day_to", "posts", *(["accounts"] if accounts else []), "gap", "event"]
    table = table[[*names, "posts__people", "posts__largest", "posts__held"]].copy()
    for name in ("date", "day_to"):
        table[name] = [day.date() for day in pd.to_datetime(table[name])]
    spans = events.groupby(["label", "date"], sort=False)["day"].max().reset_index()
    table.attrs |= {
        "clock": case.clock,
        "n_unit": "posts",
        "words": words("event", [*texts, *said.values()]),
        "events": [[str(said[r.label]), str(r.date)[:10], str(r.day)[:10]] for r in spans.itertuples()],
    }
    return table


@metric(N_("Bursts of posts"), needs=("posts.created_at", *SUBSET))
def bursts(case: Any, *, subset: str = "all", most: int = 5) -> pd.DataFrame:
    """In which stretches of up to 28 days were more posts made than the group's own level of that time explains?

    Columns: group, first_day, first_day_low, first_day_high (95 % interval of the beginning), days
    (length), posts, expected, estimate, low, high (posts over expected), p. The largest first, at
    most `most`; a group without bursts has no row.
    Formula: the series is taken apart where its level changed (`change_points`); a stretch between a rise and
    a fall is a burst, and within each level a scan statistic with the weekday shape looks for others; null with the level's own
    over-dispersion and day-to-day correlation, read outside the window; called at p <= 0.01 over all levels.
    Because a burst must be found to be shown, its size is on the large side.
    Missing: as `daily`; days in collection gaps are not part of the series. Where the interval is wider than a
    factor of a hundred, the usual days hold too little to say how many times as many: estimate, low, high are missing.
    Public: days and numbers of a burst are told where ten accounts posted in it, its posts and what was expected rounded.
    Source: Kulldorff (1997); docs/timing-acceptance.md.
    A burst does not prove coordination: events move everybody; compare the control.

    >>> timing.bursts(case)[["group", "first_day", "days", "posts"]]
         group   first_day  days  posts
    0  studied  2023-09-02     3    156
    """
    rows, each = [], each_day(case, subset=subset)
    for group, (date, posts, weekday, observed) in _each(case, subset).items():
        for b in levels.read(posts, weekday, observed).bursts[:most]:
            days = [date[b.start], date[b.start_low], date[b.start_high]]
            ends = (date[b.start], date[b.start + b.length - 1])
            shown = told(case, each, group, *ends)
            alone = joining.singly(case, group)
            expected = b.expected if alone else float(f"{b.expected:.2g}")
            numbers = (b.length, b.posts, expected, *_size(b), b.p, *within(each, group, *ends)[1:])
            rows.append((group, *(days if shown else [None] * 3), *numbers, *[None if shown else 1] * 3))
    names = (
        "group first_day first_day_low first_day_high days posts expected estimate low high p "
        "posts__people posts__largest posts__held expected__held estimate__held"
    )
    table = pd.DataFrame(rows, columns=names.split())
    table.attrs |= {"n_unit": "posts", "unit": "ratio"}
    return table


_WIDE = 100  # an interval wider than this factor is no size of a burst


def _size(b: Any) -> tuple[float, float, float]:
    """How many times the usual posts a burst holds, with its interval; nothing where that could be nearly anything."""
    known = b.low > 0 and b.high < math.inf and b.high <= _WIDE * b.low
    return (b.ratio, b.low, b.high) if known else (math.nan,) * 3


@metric(N_("The largest burst of posts"), outcomes=outcomes.BURST, needs=("posts.created_at", *SUBSET))
def largest_burst(case: Any, *, subset: str = "all", longest: int = 28) -> pd.DataFrame:
    """Is there any burst of posts, or a lasting change of their level, and how large is the one that stands out most?

    Columns: group, n (posts), estimate, low, high (posts over expected in the stretch, or new over old level), p,
    days (its length), first_day, busiest_day (the day with most posts, in the stretch where there is one) and busiest_posts,
    findable_times (how many times the usual three days would need to be found in four of five such series), accounts, beside
    (verdict on the control), verdict, sentence: found; unsized (found, and so few posts on other days that no number can say how
    many times as many); level (found: no burst, but the level rose or fell for good on first_day); none_found (not found: three days at
    `findable_times` the usual would have been found in 80 %); hidden (only more than ten times would); uneven; too_few.
    Formula, missing-data rule, public form and source: as `bursts`, stretches of 1 to `longest` days, and `change_points`.
    A burst does not prove coordination: events move everybody; compare the control.

    >>> timing.largest_burst(case, longest=7)[["group", "days", "estimate", "verdict"]].round(1)
         group  days  estimate       verdict
    0  studied   3.0       8.9         found
    1  control   NaN       NaN  inconclusive
    """
    accounts = _accounts(case)
    rows, each = [], each_day(case, subset=subset)
    for group, (date, posts, weekday, observed) in _each(case, subset).items():
        found = levels.read(posts, weekday, observed, longest=longest)
        sentence, place, size, p, findable = _largest(found, observed)
        span = slice(*place) if place else slice(0, len(date))
        busiest = span.start + int(np.argmax(posts[span])) if len(posts) else 0
        rows.append(
            {"group": group, "n": int(posts.sum())}
            | dict(zip(("estimate", "low", "high"), size, strict=True))
            | {
                "p": p,
                "days": place[1] - place[0] if place and sentence != "level" else math.nan,
                "first_day": str(date[place[0]]) if place else "",
                "busiest_day": str(date[busiest]) if len(posts) else "",
                "busiest_posts": int(posts[busiest]) if len(posts) else 0,
                "findable_times": findable,
                "accounts": accounts.get(group, 0),
                "verdict": _BURST[sentence],
                "sentence": sentence,
            }
            | _crowd(each, group, date, place, busiest)
        )
    table = beside(pd.DataFrame(rows))
    table.attrs |= {"n_unit": "posts", "unit": "ratio"}
    return table


_BURST = {
    **dict.fromkeys(("found", "unsized", "level"), "found"),
    **dict.fromkeys(("hidden", "uneven", "too_few"), "inconclusive"),
    "none_found": "not_found",
}
_NONE = (math.nan,) * 3


def _largest(
    found: levels.Levels, observed: np.ndarray
) -> tuple[str, tuple[int, int] | None, tuple[float, float, float], float, float]:
    """Sentence, first day and the day after, size with its interval, p, and what would have been found."""
    if found.bursts:
        b = found.bursts[0]
        size = _size(b)
        sentence = "unsized" if math.isnan(size[0]) else "found"
        return sentence, (b.start, b.start + b.length), size, b.p, math.nan
    known = [c for c in found.changes if observed[max(0, c.low - 1) : c.high + 1].all()]
    if known:
        c = max(known, key=lambda c: abs(math.log(c.ratio)))
        wide = c.ratio_high > _WIDE * c.ratio_low
        size = _NONE if wide else (c.ratio, c.ratio_low, c.ratio_high)
        return "level", (c.day, len(observed)), size, c.p, math.nan
    nearest = found.nearest
    if nearest is None:
        return "too_few", None, _NONE, math.nan, math.nan
    if not math.isnan(nearest.findable):
        return "none_found", None, _NONE, nearest.p, nearest.findable
    return ("uneven" if math.isnan(_size(nearest)[0]) else "hidden"), None, _NONE, nearest.p, math.nan


def _crowd(
    each: pd.DataFrame, group: str, date: np.ndarray, place: tuple[int, int] | None, busiest: int
) -> dict[str, int]:
    """Who stands behind the stretch, the busiest day and all days."""
    stretch = within(each, group, date[place[0]], date[place[1] - 1])[1] if place else 0
    day = within(each, group, date[busiest], date[busiest])[1:] if len(date) else (0, 0)
    whole = within(each, group, date[0], date[-1])[1:] if len(date) else (0, 0)
    return {
        "first_day__people": stretch,
        "busiest_day__people": day[0],
        "busiest_posts__people": day[0],
        "busiest_posts__largest": day[1],
        "n__people": whole[0],
        "n__largest": whole[1],
    }


def _accounts(case: Any) -> dict[str, int]:
    table = case.sql('SELECT "group", count(DISTINCT account_key) AS accounts FROM posts GROUP BY 1')
    return dict(zip(table["group"], (int(n) for n in table["accounts"]), strict=True))


@metric(N_("Days on which the level of posting changed"), needs=("posts.created_at", *SUBSET))
def change_points(case: Any, *, subset: str = "all", most: int = 5) -> pd.DataFrame:
    """On which days did the level of posting change for good, and by how much?

    Columns: group, first_day (of the new level), first_day_low, first_day_high (95 % interval),
    estimate, low, high (new over old rate), p, verdict (found, or inconclusive where the interval
    touches a collection gap: then the day and size are withheld).
    Formula: binary segmentation of weekday-corrected, variance-stabilised counts; each split against
    series with the same over-dispersion and correlation; p <= 0.01; at least 7 days on either side.
    Missing: as `bursts`.
    Public: days are told where ten accounts posted in the week before or after.
    Source: docs/timing-acceptance.md.
    A change does not prove an order: interest wakes and fades; compare the control and the events.

    >>> list(timing.change_points(case))[:4]
    ['group', 'first_day', 'first_day_low', 'first_day_high']
    """
    rows, each, week = [], each_day(case, subset=subset), dt.timedelta(days=7)
    for group, (date, posts, weekday, observed) in _each(case, subset).items():
        for c in levels.read(posts, weekday, observed).changes[:most]:
            touched = not observed[max(0, c.low - 1) : c.high + 1].all()
            near = (date[c.day] - week, date[c.day] - dt.timedelta(days=1)), (date[c.day], date[c.day] + week)
            known = not touched and any(told(case, each, group, *ends) for ends in near)
            days = [date[c.day], date[c.low], date[c.high]] if known else [None] * 3
            size = [math.nan] * 3 if touched else [c.ratio, c.ratio_low, c.ratio_high]
            rows.append((group, *days, *size, c.p, "inconclusive" if touched else "found"))
    names = "group first_day first_day_low first_day_high estimate low high p verdict".split()
    table = pd.DataFrame(rows, columns=names)
    table.attrs |= {"unit": "new over old rate"}
    return table


@metric(
    N_("Lasting changes of the level of posting"),
    outcomes=outcomes.LEVELS,
    needs=("posts.created_at", *SUBSET),
)
def level_changes(case: Any, *, subset: str = "all") -> pd.DataFrame:
    """Did the level of posting rise or fall for good, and by how much at most?

    Columns: group, n (posts), changes (days with a change), rise_day and estimate, low, high (the largest rise: first day of the
    new level, new over old rate), fall_day and ratio, ratio_low, ratio_high (the largest fall), p (the larger of the two),
    findable_times (how many times the old level a new one would have to be, to be found in four of five such series), beside (verdict on the
    control), verdict, sentence: both, rise or fall (found); none_found (not found) where findable_times is known; else hidden, too_few.
    Formula, missing-data rule, public form and source: as `change_points`; changes whose interval touches a collection gap are left out.
    A change does not prove an order: interest wakes and fades; compare the control and the events.

    >>> timing.level_changes(case)[["group", "n", "verdict"]]
         group    n    verdict
    0  studied  500  not_found
    1  control  200  not_found
    """
    rows, each = [], each_day(case, subset=subset)
    for group, (date, posts, weekday, observed) in _each(case, subset).items():
        steps = levels.read(posts, weekday, observed).changes
        known = [c for c in steps if observed[max(0, c.low - 1) : c.high + 1].all()]
        rise = max((c for c in known if c.ratio > 1), key=lambda c: c.ratio, default=None)
        fall = min((c for c in known if c.ratio < 1), key=lambda c: c.ratio, default=None)
        findable = math.nan if known else changes.findable(posts, weekday, observed)
        sentence = _LEVELS[rise is not None, fall is not None]
        if not known:
            few = observed.sum() < scan.MIN_DAYS or posts.sum() < 10
            sentence = "too_few" if few else "hidden" if math.isnan(findable) else "none_found"
        row: dict[str, Any] = {"group": group, "n": int(posts.sum()), "changes": len(known)}
        for change, day, names in (
            (rise, "rise_day", ("estimate", "low", "high")),
            (fall, "fall_day", ("ratio", "ratio_low", "ratio_high")),
        ):
            size = (change.ratio, change.ratio_low, change.ratio_high) if change else _NONE
            row |= {day: str(date[change.day]) if change else ""} | dict(zip(names, size, strict=True))
            row[f"{day}__people"] = _beside_day(each, group, date[change.day]) if change else 0
        row |= {
            "p": max((c.p for c in (rise, fall) if c), default=math.nan),
            "findable_times": findable,
            "verdict": _VERDICT_OF.get(sentence, "found"),
            "sentence": sentence,
        }
        whole = within(each, group, date[0], date[-1])[1:] if len(date) else (0, 0)
        rows.append(row | {"n__people": whole[0], "n__largest": whole[1]})
    table = beside(pd.DataFrame(rows))
    table.attrs |= {"n_unit": "posts", "unit": "new over old rate"}
    return table


_LEVELS = {(True, True): "both", (True, False): "rise", (False, True): "fall", (False, False): "hidden"}
_VERDICT_OF = {"none_found": "not_found", "hidden": "inconclusive", "too_few": "inconclusive"}


def _beside_day(each: pd.DataFrame, group: str, day: dt.date) -> int:
    """Accounts that posted in the week before a day or in that from it on, whichever is more."""
    week, one = dt.timedelta(days=7), dt.timedelta(days=1)
    return max(within(each, group, day - week, day - one)[1], within(each, group, day, day + week)[1])


@metric(N_("Silent stretches that may be lost data"), needs=("posts.created_at", *SUBSET))
def silences(case: Any, *, subset: str = "all") -> pd.DataFrame:
    """Is there a stretch without any post that looks like a collection gap nobody declared?

    Columns: group, first_day, last_day, days, expected (posts), p, warning (true at p <= 0.01). One row for
    each group that has a silent day between its first and last post.
    Formula: longest run in expected posts, against series with the group's own over-dispersion and
    correlation. Declared gaps are left out.
    Missing: as `daily`.
    Public: its days are told where ten accounts or more posted on the days beside it, else its length.
    Source: docs/timing-acceptance.md.
    A warning does not prove lost data: a crew that rested for a week looks the same.

    >>> timing.silences(case)[["group", "first_day", "days", "warning"]]
         group first_day  days  warning
    0  studied      None     1    False
    1  control      None     1    False
    """
    rows, each, one = [], each_day(case, subset=subset), dt.timedelta(days=1)
    for group, (date, posts, weekday, observed) in _each(case, subset).items():
        s = scan.longest_silence(posts, weekday, observed)
        if s is not None:
            first, last = date[s.start], date[s.start + s.length - 1]
            beside = [told(case, each, group, day, day) for day in (first - one, last + one)]
            ends = (first, last) if all(beside) else (None, None)
            rows.append((group, *ends, s.length, s.expected, s.p, s.p <= scan.LEVEL))
    return pd.DataFrame(rows, columns="group first_day last_day days expected p warning".split())


def _calendars(case: Any, names: Any) -> dict[str, str]:
    """Each calendar with the clock of its days; by default that of the country of the report's own clock."""
    if names is None:
        own = countries.calendar_of(case.clock)
        return {own: case.clock} if own else {}
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in calendar.CALENDARS:
            raise MetricError("unknown calendar", found=name, hint=nearest(name, calendar.CALENDARS))
    return {name: calendar.CALENDARS[name] for name in chosen}


@metric(
    N_("Posts on public holidays against matched weekdays"),
    needs=("posts.created_at", *SUBSET, *with_setting("calendars", {None: ["report.calendar"]})),
)
def holidays(case: Any, *, calendars: Any = None, subset: str = "all") -> pd.DataFrame:
    """Do the posts fall off on the holidays of a calendar, and rise on its make-up workdays?

    Columns: group, calendar (code of its country: by default of the one whose clock the report keeps; CN mainland China,
    TW, HK, SG, VN, KR, TH and CA can be asked for), runs (of holiday weekdays
    that could be compared), holiday_days, estimate, low, high (posts on them over the same weekdays
    of ordinary weeks within ten weeks), p (one-sided), power_half, power_fifth (chance to have
    seen a fall to a half, to a fifth), make_up_days, make_up_ratio, make_up_p, accounts, verdict (found at
    p <= 0.02; not_found where a fall to a half would have been seen in 80 % and the interval
    excludes it; else inconclusive).
    Formula: `kit.inference.calendar`; days in the clock of the calendar; runs of two or more holiday
    weekdays, single ones where a calendar has no longer run in the period. Several calendars are several tests:
    print all. The error at p <= 0.02 is about 3-4 %, because days hang together.
    Missing: as `daily`; weeks with collection gaps are no reference.
    Source: the `holidays` library; check its make-up days against the official notice of each year.
    A dip does not prove a country: neighbours share festivals, and a schedule can keep a calendar.

    >>> timing.holidays(case, calendars=["CN", "TW"])[["group", "calendar", "runs"]]
         group calendar  runs
    0  studied       CN     0
    1  studied       TW     0
    2  control       CN     0
    3  control       TW     0
    """
    accounts = _accounts(case)
    rows = []
    for name, clock in _calendars(case, calendars).items():
        for group, series in _each(case, subset, whole=False, clock=clock).items():
            rows.append((group, name, *_holiday(series, name), accounts.get(group, 0)))
    names = (
        "group calendar runs holiday_days estimate low high p power_half power_fifth "
        "make_up_days make_up_ratio make_up_p verdict accounts"
    )
    table = pd.DataFrame(rows, columns=names.split())
    order = {group: i for i, group in enumerate(case.groups)}
    table = table.sort_values("group", key=lambda s: s.map(order), kind="stable").reset_index(drop=True)
    table.attrs |= {"unit": "ratio"}
    return table


def _holiday(series: tuple[np.ndarray, ...], name: str) -> tuple:
    date, posts, _weekday, observed = series
    if not len(date):
        return (0, 0, *[math.nan] * 4, 0.0, 0.0, 0, math.nan, math.nan, "inconclusive")
    free, make_up = calendar.days_of(name, date[0].year, date[-1].year)
    dates = list(date)
    dip = calendar.holiday_dip(posts, dates, free, make_up, observed=observed)
    if not dip.blocks:
        dip = calendar.holiday_dip(posts, dates, free, make_up, observed=observed, shortest=1)
    work = calendar.make_up_days(posts, dates, free, make_up, observed=observed)
    verdict = "inconclusive"
    if dip.p <= calendar.LEVEL:
        verdict = "found"
    elif dip.power_half >= 0.8 and dip.low > 0.5:
        verdict = "not_found"
    sizes = (dip.blocks, dip.days, dip.ratio, dip.low, dip.high, dip.p, dip.power_half, dip.power_fifth)
    return (*sizes, work.days, work.ratio, work.p, verdict)


@metric(
    N_("Posts on the public holidays of one calendar"),
    outcomes=outcomes.HOLIDAY,
    needs=("posts.created_at", *SUBSET, *with_setting("calendar", {None: ["report.calendar"]})),
)
def holiday_dip(case: Any, *, calendar: str | None = None, subset: str = "all") -> pd.DataFrame:
    """Do the posts fall off on the holidays of one `calendar`, by default that of the report's own country?

    Columns: group, calendar, n (holiday weekdays compared), estimate, low, high (posts over matched weekdays), p,
    power_half, runs, accounts, beside (verdict on the control), verdict, sentence: one row a group, as `holidays` for one
    calendar.
    Formula, missing-data rule and source: as `holidays`.
    A dip does not prove a country: neighbours share festivals, and a schedule can keep a calendar.

    >>> timing.holiday_dip(case, calendar="TW")[["group", "runs", "verdict", "sentence"]]
         group  runs       verdict sentence
    0  studied     0  inconclusive  too_few
    1  control     0  inconclusive  too_few
    """
    table = holidays(case, calendars=calendar, subset=subset)
    table["sentence"] = table["verdict"].where(table["runs"] > 0, "too_few")
    table = table.rename(columns={"holiday_days": "n"})
    names = "group calendar n estimate low high p power_half runs accounts verdict sentence"
    table = beside(table[names.split()].copy())
    table.attrs |= {"n_unit": "days", "unit": "ratio"}
    return table


WEEKENDS = {"sat-sun": (5, 6), "fri-sat": (4, 5)}


@metric(N_("Posting times: facts"), needs=("posts.created_at", "posts.account_key"))
def timing_facts(case: Any) -> pd.DataFrame:
    """What share of the posts falls on Saturdays and Sundays?

    Columns: id, group, value, unit, label, n (posts with a usable time).
    Formula: weekend_share = posts on a local Saturday or Sunday / posts, in the report's clock.
    Missing: posts without a time, with an estimated one, or one coarser than an hour.
    Public: rounded by the largest part of one account.
    Source: none needed. A low share does not prove an office: students and readers have weeks too.

    >>> timing.timing_facts(case)[["id", "group", "value"]]
                  id    group  value
    0  weekend_share  studied  0.288
    1  weekend_share  control   0.47
    """
    rows, who = [], []
    for group, posts in by_group(case, needs="hour").items():
        day = np.floor(posts["local"].to_numpy() / 1440)
        if len(day):
            share = float(np.isin((day + 3) % 7, WEEKENDS["sat-sun"]).mean())
            rows.append(("weekend_share", group, share, "share of posts", None, len(day)))
            who.append(
                {"value__weight": weight(posts["account_key"].to_numpy())}
                | behind(posts["account_key"].to_numpy())
            )
    return pd.concat([facts(rows), pd.DataFrame(who)], axis=1)


@metric(N_("Posts by weekday and hour"), needs=("posts.created_at", "posts.account_key", *SUBSET))
def heatmap(case: Any, *, subset: str = "all", clock: str | None = None) -> pd.DataFrame:
    """At which hours of which weekdays are the posts made?

    Columns: group, weekday and hour_local, weekday_to and hour_to (first and last hour: 1 = Monday … 7, 0-23, in the
    report's clock or `clock`), posts, share (of the group's posts). 168 rows a group, empty hours are 0.
    The attributes `clock` and `outcome` (code of the zone analysis by group, see `zone`) go into
    the caption: hours in a clock somebody chose must never stand without them.
    Formula: counts.
    Missing: posts whose time is estimated or coarser than an hour are left out
    (`precision` counts them).
    Public: neighbouring hours of the week are joined until nobody or at least ten accounts stand behind them, none with
    more than half; few that are largely one account's are withheld.
    Source: ASPI (2019, 2020) and others draw it; timing facts never locate anyone.
    A bright block in office hours does not prove an office there: in another clock the same
    posts fill other hours, and every chart has some clock in which they look like work.

    >>> timing.heatmap(internal, clock="UTC").iloc[:3, [0, 1, 2, 5, 6]]
         group  weekday  hour_local  posts  share
    0  studied        1           0      0  0.000
    1  studied        1           1      9  0.018
    2  studied        1           2     11  0.022
    """
    name = clock_of(case, clock)
    found = case.sql(
        f"""
        SELECT "group", (isodow(t) - 1) * 24 + hour(t) AS place, account_key, count(*) AS n
        FROM (SELECT "group", account_key, created_at AT TIME ZONE 'UTC' AT TIME ZONE $clock AS t FROM posts
              WHERE {usable("hour")} AND {of_subset(subset)})
        GROUP BY 1, 2, 3 ORDER BY {group_order()}, 2, 3""",
        clock=name,
    )
    names = (
        "group weekday hour_local weekday_to hour_to posts share "
        "posts__people posts__largest posts__held share__held"
    ).split()
    rows = []
    for group, mine in found.groupby("group", sort=False):
        series = joining.done(mine, "place", 7 * 24)
        kept = joining.hours(joining.earlier(case, {"group": group}, *names[1:5]))
        alone = joining.singly(case, str(group))
        bins = joining.single(series) if alone else joining.together([series], kept=[kept])[0]
        whole = sum(b.total for b in bins)
        for b in bins:
            ends = (b.first // 24 + 1, b.first % 24, b.last // 24 + 1, b.last % 24)
            who = (b.people, b.largest, int(b.held), int(b.held))
            rows.append((group, *ends, b.total, b.total / whole, *who))
    table = pd.DataFrame(rows, columns=names)
    table.attrs |= {
        "clock": name,
        "chosen": bool(clock),
        "outcome": _outcomes(case, subset),
        "n_unit": "posts",
    }
    return table


def _outcomes(case: Any, subset: str) -> dict[str, str]:
    """Code of the zone analysis for the caption; nothing where the report names no audience."""
    if subset not in ("all", "originals", "replies"):
        return {}
    try:
        table = zone_by_subset(case, subsets=(subset,))
    except MetricError:
        return {}
    return dict(zip(table["group"], table["outcome"], strict=True))


@metric(
    N_("Is there any daily rhythm?"),
    outcomes=outcomes.RHYTHM,
    needs=("posts.created_at", "posts.account_key", *SUBSET),
)
def day_rotation(case: Any, *, harmonics: int = 4, subset: str = "all") -> pd.DataFrame:
    """Do the posts keep to the same hours of the day, week after week?

    Columns: group, n (posts), estimate (strength of the harmonic that stands out, 0 = spread over
    the day, 1 = always the same moment), low, high (empty: the test gives no interval), p, days (active
    UTC days), weeks (with posts), harmonic (1 = once a day, 2 = twice, …), findable_strength (the least that would have been found in
    four of five such sets), accounts, beside (verdict on the control), verdict (found at p <= 0.02; not_found where a strength of 0.5 would
    have been found; else inconclusive), sentence.
    Formula: `kit.inference.rhythm.week_rotation`: every week is turned by one angle at random; the chance that the
    weeks then agree as well, the least over `harmonics` times their number. Computed, not drawn. Posts of one week are never
    taken as independent: an event is one, however many answer it. A Rayleigh test on posts, wrong in three cases
    of four on bursty data, is not offered.
    Missing: posts whose time is estimated or coarser than a minute; four weeks are needed, none with nearly all posts.
    Source: docs/timing-acceptance.md, measured there.
    Public: posts and shares of them are rounded by the largest part of one account.
    A small p does not prove that people sleep: a timer has a daily rhythm too.

    >>> timing.day_rotation(case, harmonics=1)[["group", "n", "days", "verdict"]]
         group    n  days verdict
    0  studied  500    28   found
    1  control  200    32   found
    """
    rows = []
    for group, posts in by_group(case, subset=subset).items():
        (utc,) = arrays(posts, "utc")
        test = rhythm.week_rotation(utc, harmonics=int(positive("harmonics", harmonics)))
        verdict = _rhythm_verdict(test.p, test.findable <= weeks.PLAIN)
        sentence = "too_few" if math.isnan(test.p) else verdict
        size = (len(utc), test.strength, math.nan, math.nan)
        rest = (test.p, test.days, test.weeks, test.harmonic, test.findable, posts["account_key"].nunique())
        rows.append(
            (group, *size, *rest, verdict, sentence, *behind(posts["account_key"].to_numpy()).values())
        )
    names = (
        "group n estimate low high p days weeks harmonic findable_strength accounts verdict sentence"
        " n__people n__largest"
    )
    table = beside(pd.DataFrame(rows, columns=names.split()))
    table.attrs |= {"n_unit": "posts", "unit": "strength from 0 to 1"}
    return table


def _rhythm_verdict(p: float, strong: bool) -> str:
    """Found at the level of `weeks`; not found only where there was the power to find it."""
    if p <= weeks.LEVEL:
        return "found"
    return "not_found" if strong and p > weeks.LEVEL else "inconclusive"


@metric(
    N_("Share of posts at weekends"),
    outcomes=outcomes.WEEKEND,
    needs=("posts.created_at", "posts.account_key", *SUBSET),
)
def weekend(
    case: Any, *, subset: str = "all", weekend: str = "sat-sun", clock: str | None = None
) -> pd.DataFrame:
    """What share of the posts falls on weekends, and is it less than the days would give?

    Columns: group, n (posts), estimate, low, high (share of posts on weekend days), even_share
    (what equal days would give), ratio, ratio_low, ratio_high (units on a weekend day / units on
    a working day, a unit being the first post of an account in an hour), weeks (whole ones, with posts), accounts, p (one-sided,
    fewer units on weekends), power_half (chance to have seen a fall to a half), beside (verdict on the control), verdict,
    sentence.
    Formula: p is exact: every week may as well begin on any of its seven days, with all its units in their order
    (`kit.inference.weeks.quiet_days`). A week is one, however many accounts post in it: an event on a Wednesday is no office.
    Share on the logit scale and ratio on the log scale, clusters of weeks and accounts, t with weeks - 1 degrees of freedom.
    found: p <= 0.02 and the ratio's interval lies below 1; not_found: a fall to a half would have been seen in 80 %
    and the interval excludes it; too_few: fewer than four weeks, or so few days of the week that no p could be small;
    else inconclusive. Collection gaps are taken out of the days, and weeks that they touch out of the test.
    Missing: posts whose time is estimated or coarser than an hour are left out.
    Source: Cameron, Gelbach & Miller (2011) for the intervals.
    Public: posts and shares of them are rounded by the largest part of one account.
    A dip does not prove an office job: schools, markets and the targets' own week do the same.

    >>> timing.weekend(case, weekend="fri-sat")[["group", "n", "estimate", "verdict"]].round(2)
         group    n  estimate       verdict
    0  studied  500      0.27  inconclusive
    1  control  200      0.40  inconclusive
    """
    days = WEEKENDS[one_of("weekend", weekend, WEEKENDS)]
    rows = [
        (group, *_weekend(posts, days, gaps(case)))
        for group, posts in by_group(case, needs="hour", subset=subset, clock=clock).items()
    ]
    names = (
        "group n estimate low high even_share ratio ratio_low ratio_high weeks accounts p power_half verdict sentence "
        "estimate__weight n__people n__largest"
    )
    table = beside(pd.DataFrame(rows, columns=names.split()))
    table.attrs |= {"n_unit": "posts", "unit": "share of posts"}
    return table


def _weekend(posts: pd.DataFrame, days: tuple[int, int], intervals: list[tuple[float, float]]) -> tuple:
    accounts, local, utc = arrays(posts, "account_key", "local", "utc")
    keep = ~in_gaps(utc, intervals)
    accounts, local, shift = accounts[keep], local[keep], (local - utc)[keep]
    if not len(local):
        return (0, *[math.nan] * 7, 0, 0, math.nan, math.nan, "inconclusive", "no_data", math.nan, 0, 0)
    day = np.floor(local / 1440).astype(np.int64)
    span = np.arange(day.min(), day.max() + 1)
    closed = in_gaps(span * 1440.0 + 720 - shift[0], intervals)
    off = int(np.isin((span[~closed] + 3) % 7, days).sum())
    week = (day - day.min()) // 7
    share = rhythm.share_on(np.isin((day + 3) % 7, days), accounts, week)
    units = thin(accounts, local)
    ratio = rhythm.weekend_ratio(*units, days=(off, int((~closed).sum()) - off), weekend=days)
    each = weeks.by_day(np.floor(units[1] / 1440), first=span[0], last=span[-1])
    whole = each[~closed[: each.size].reshape(each.shape).any(axis=1)]
    test = weeks.quiet_days(whole, tuple(int(d - span[0] - 3) % 7 for d in days))
    verdict = sentence = "inconclusive"
    if test.weeks < weeks.MIN_WEEKS or not test.least <= weeks.LEVEL:
        sentence = "too_few"
    elif test.p <= weeks.LEVEL and ratio.high < 1:
        verdict = sentence = "found"
    elif test.power >= weeks.STRONG and ratio.low > 0.5:
        verdict = sentence = "not_found"
    sizes = (ratio.estimate, ratio.low, ratio.high, test.weeks, len(np.unique(accounts)))
    who = (weight(accounts), *behind(accounts).values())
    found = (test.p, test.power, verdict, sentence)
    return (len(local), *share, off / max(1, int((~closed).sum())), *sizes, *found, *who)


_MINUTES = N_("minutes")
_WHO = ("n__people", "n__largest", "targets__people", "targets__largest", "estimate__weight")


def _repliers(posts: pd.DataFrame, longest: float = rhythm.LONGEST_WAIT) -> dict[str, float]:
    """Who stands behind replies, the posts that they answer and the median wait, of those within `longest` minutes."""
    wait = posts["utc"] - posts["target"]
    mine = posts[(wait > -1) & (wait <= longest)]
    pairs = mine.drop_duplicates(["account_key", "reply_to_key"])["account_key"]
    who = mine["account_key"].to_numpy()
    found = behind(who) | behind(pairs.to_numpy(), "targets")
    return found | {"estimate__weight": of_median(wait[mine.index].to_numpy(), who)}


def _answered(case: Any) -> dict[str, pd.DataFrame]:
    """Replies whose own time and whose target's time are known."""
    return {
        group: posts[posts["target"].notna()] for group, posts in by_group(case, subset="replies").items()
    }


@metric(
    N_("How long replies wait, by the hour of the post they answer"),
    needs=("posts.created_at", "posts.account_key", "posts.is_reply", "posts.reply_to_created_at"),
)
def waiting(case: Any, *, clock: str = "UTC") -> pd.DataFrame:
    """At which hours of the targets' posts do the replies come at once, and when do they wait?

    Columns: group, hour_utc (hour_local where another `clock` is asked for) and hour_to (first and last hour), n
    (replies), targets (posts answered), estimate, low, high (median minutes waited). 24 rows a group.
    Formula: median over replies that came within 48 hours; interval by resampling target posts
    (from 5 on). Posts made after a crew's day wait for the next one: the wait jumps at the
    end of its day and falls by an hour an hour until the next begins.
    Missing: replies whose own or whose target's time is unknown or coarser than a minute.
    Public: neighbouring hours are joined until ten accounts answered ten posts of them, none more than half, and ten
    waited longer, ten shorter than the median; medians of joined hours are those of all their replies.
    Source: docs/timing-acceptance.md; no template of a working day is needed.
    A jump does not prove where anybody is: it gives hours of a clock, and a timer has them too.

    >>> timing.waiting(internal, clock="Asia/Bangkok")[["group", "n", "targets"]].head(3)
         group   n  targets
    0  studied  46        7
    1  studied  41        4
    2  studied  48        7
    """
    name = "hour_utc" if clock_of(case, clock) == "UTC" else "hour_local"
    rows = []
    for group, posts in _answered(case).items():
        utc, target, key = arrays(posts, "utc", "target", "reply_to_key")
        hour = _hours(target, clock)
        alone = joining.singly(case, group)
        told = [
            (int(a), int(b))
            for a, b in (one.ends for one in joining.earlier(case, {"group": group}, name, "hour_to"))
        ]
        bins = [(h, h) for h in range(24)] if alone else sorted(told) or _joined_hours(posts, hour)
        first = np.zeros(24, dtype=int)
        for start, end in bins:
            first[start : end + 1] = start
        found = {r[0]: r[1:] for r in rhythm.waiting_by_hour(utc, target, key, first[hour], seed=case.seed)}
        for start, end in bins:
            middle, low, high, n, m = found[start]
            who = _repliers(posts[first[hour] == start])
            rows.append((group, start, end, n, m, middle, low, high, *who.values()))
    columns = ["group", name, "hour_to", "n", "targets", "estimate", "low", "high", *_WHO]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs |= {"clock": clock, "n_unit": "replies", "unit": _MINUTES}
    return table


def _joined_hours(posts: pd.DataFrame, hour: np.ndarray) -> list[tuple[int, int]]:
    """Hours of the posts answered as first and last of those that are joined, so that of each all may be told."""
    bins = [(h, h) for h in range(24)]
    size = [int((hour == h).sum()) for h in range(24)]
    while len(bins) > 1:
        few = [i for i, ends in enumerate(bins) if size[i] and not _may_be_told(posts, hour, *ends)]
        if not few:
            break
        beside = [i for i in (few[0] - 1, few[0] + 1) if 0 <= i < len(bins)]
        other = min(beside, key=lambda i: (not size[i], size[i]))
        left = min(few[0], other)
        bins[left : left + 2] = [(bins[left][0], bins[left + 1][1])]
        size[left : left + 2] = [size[left] + size[left + 1]]
    return bins


def _may_be_told(posts: pd.DataFrame, hour: np.ndarray, start: int, end: int) -> bool:
    """Whether the replies to posts of these hours, the posts and the median wait may all be told."""
    mine = posts[(hour >= start) & (hour <= end)]
    who = _repliers(mine)
    sizes = {"n": len(mine), "targets": mine["reply_to_key"].nunique()}
    counted = (
        rule.events(
            total, who[f"{name}__people"], who[f"{name}__largest"], rule.step_of(who[f"{name}__largest"])
        )
        for name, total in sizes.items()
    )
    return all(shown.kind == rule.ABOUT for shown in counted) and not who["estimate__weight"]


def _hours(minutes: np.ndarray, clock: str) -> np.ndarray:
    moments = pd.DatetimeIndex((minutes * 60e9).astype("int64")).tz_localize("UTC").tz_convert(clock)
    return np.asarray(moments.hour)


@metric(
    N_("Do replies wait for certain hours?"),
    outcomes=outcomes.RHYTHM,
    needs=("posts.created_at", "posts.account_key", "posts.is_reply", "posts.reply_to_created_at"),
)
def waiting_test(case: Any, *, harmonics: int = 2, within_h: float = 48) -> pd.DataFrame:
    """Do the repliers have hours of their own, the same week after week, or do replies come as fast at every hour?

    Columns: group, n (replies), targets (posts answered), estimate (median minutes waited), low, high
    (empty), p, weeks (that count), findable_times (how many times as long the slowest hours would have to wait as the
    quickest, to be found in four of five such sets), accounts, beside (verdict on the control), verdict (found at p <= 0.02;
    not_found where a wait three times as long would have been found; else inconclusive), sentence.
    Formula: median log wait per target post, of replies within `within_h` hours; its covariance with `harmonics` of
    the target's UTC hour in each week with three target posts; t tests over weeks, corrected for their number
    (`kit.inference.rhythm.waiting_weeks`). Computed, not drawn. An event that moves hours and waits of its own days is one
    week. 30 target posts and four weeks are needed.
    Missing: as `waiting`.
    Source: docs/timing-acceptance.md.
    Public: posts and shares of them are rounded by the largest part of one account.
    A small p does not prove people at work: schedules wait too.

    >>> timing.waiting_test(case)[["group", "n", "targets", "verdict"]]
         group    n  targets       verdict
    0  studied  395       56  inconclusive
    1  control  182       76  inconclusive
    """
    if harmonics not in range(1, 12) or not 0 < within_h <= 48:
        raise MetricError(
            "harmonics from 1 to 11, and hours above 0 up to 48", found=f"{harmonics}, {within_h}"
        )
    rows = []
    for group, posts in _answered(case).items():
        times = arrays(posts, "utc", "target", "reply_to_key")
        test = rhythm.waiting_weeks(*times, harmonics=harmonics, longest=within_h * 60)
        verdict = _rhythm_verdict(test.p, test.findable <= _THRICE)
        sentence = "too_few" if math.isnan(test.p) else verdict
        size = (test.replies, test.targets, test.median, math.nan, math.nan, test.p)
        rest = (test.weeks, test.findable, posts["account_key"].nunique(), verdict, sentence)
        rows.append((group, *size, *rest, *_repliers(posts, within_h * 60).values()))
    names = "group n targets estimate low high p weeks findable_times accounts verdict sentence".split()
    table = beside(pd.DataFrame(rows, columns=names + list(_WHO)))
    table.attrs |= {"n_unit": "replies", "unit": _MINUTES}
    return table


_THRICE = 3.0  # the wait at the slowest hours over the quickest below which nobody keeps hours worth the name
