"""Pictures of posting times: hours, days, gaps at midday, waits, holidays. No clock in them is a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from babel import dates
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from kit import words
from kit.figures import style
from kit.locale import N_, _, current, number, percent
from kit.locale.later import say, territories

__all__ = [
    "alt_daily",
    "alt_heatmap",
    "alt_holidays",
    "alt_meal_gap",
    "alt_usual_chart",
    "alt_waiting",
    "alt_weekend",
    "plot_daily",
    "plot_heatmap",
    "plot_holidays",
    "plot_meal_gap",
    "plot_usual_chart",
    "plot_waiting",
    "plot_weekend",
]


def groups_of(table: pd.DataFrame) -> list[str]:
    """Groups of a table in its order."""
    return list(dict.fromkeys(table["group"])) if len(table) else []


def panels(groups: list[str], ax: Axes | None, height: float) -> list[Axes]:
    """One panel a group; only the first group where the reader gave an axis."""
    return [ax] * len(groups[:1]) if ax is not None else style.panels(len(groups), height)


def points(ax: Axes, mine: pd.DataFrame, places: list[float], group: str) -> None:
    """Points with their intervals at `places`."""
    middle = mine["estimate"].astype(float)
    ax.errorbar(
        places,
        middle,
        yerr=style.errors(mine),
        fmt=style.GROUP_MARKERS[group],
        color=style.GROUP_COLOURS[group],
        capsize=2,
        linewidth=1,
        label=style.group_name(group),
    )


def ratio_axis(ax: Axes) -> None:
    """Upright axis of ratios: halves and doubles lie equally far from 1."""
    ax.axhline(1, color="#555555", linewidth=0.8)
    ax.set_yscale("log")
    ax.set_yticks([0.125, 0.25, 0.5, 1, 2, 4, 8])
    low, high = ax.get_ylim()
    ax.set_ylim(max(low, 0.1), min(high, 10))
    ax.yaxis.set_minor_formatter(lambda _x, _pos: "")
    ax.yaxis.set_major_formatter(lambda x, _pos: number(x, digits=max(1, len(f"{x:g}".lstrip("0.")))))


CALENDARS = {
    "CN": N_("mainland China"),
    "TW": N_("Taiwan"),
    "HK": N_("Hong Kong"),
    "SG": N_("Singapore"),
    "VN": N_("Vietnam"),
    "KR": N_("South Korea"),
    "TH": N_("Thailand"),
    "CA": N_("Canada"),
}


def _told(ax: Axes, said: pd.Series, sentence: str) -> Axes:
    """A sentence in place of a chart: that there is nothing to show, or that no number may be told."""
    return style.nothing(ax, _("No number may be told.") if said.map(bool).any() else sentence)


def _rates(mine: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Ends of the days of a series, or of those that were joined, and posts a day in them; nothing in a gap."""
    left, right = style.ends(mine, "date", "day_to")
    return (
        left,
        right,
        (mine["posts"].astype(float) / (right - left).dt.days).where(~mine["gap"].astype(bool)),
    )


def plot_daily(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts a day as steps, one panel a group, with the events of the report and the collection gaps."""
    groups, said = groups_of(table), style.kinds(table, "posts")
    if not groups:
        return style.nothing(style.axes(ax), _("No post has a usable time."))
    grid = panels(groups, ax, 2.0)
    for group, panel in zip(groups, grid, strict=False):
        mine = table[table["group"] == group]
        left, right, rate = _rates(mine)
        colour = style.GROUP_COLOURS[group]
        style.steps(
            panel, list(left), list(right), list(rate), linestyle=style.GROUP_LINES[group], color=colour
        )
        style.bands(
            panel, list(left), list(right), list(said[mine.index]), colour, list((right - left).dt.days)
        )
        closed = mine["gap"].astype(bool)
        for start, end in zip(left[closed], right[closed], strict=True):
            panel.axvspan(start, end, color="#DDDDDD", linewidth=0)
        _events(panel, table.attrs.get("events", ()), left.iloc[0], right.iloc[-1], named=panel is grid[0])
        panel.set_ylim(bottom=0)
        panel.set_title(style.group_name(group))
        panel.set_ylabel(_("posts a day"))
        style.number_axis(panel.yaxis)
    style.date_axis(grid[-1].xaxis)
    if table["gap"].any():
        grid[-1].set_xlabel(_("grey: collection stopped, nothing is known"))
    return grid[0]


def _events(panel: Axes, events: Sequence[Sequence[str]], first: Any, last: Any, *, named: bool) -> None:
    """Dotted lines where events begin, shade over those of several days; their names only in the first panel."""
    for i, (label, start, end) in enumerate(events):
        day, until = pd.Timestamp(start), pd.Timestamp(end)
        if not first <= day < last:
            continue
        if until > day:
            panel.axvspan(day, until + pd.Timedelta(days=1), color="#F3EEDD", linewidth=0, zorder=0)
        panel.axvline(day, color="#555555", linewidth=0.8, linestyle=":")
        if named:
            behind = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 0.5}
            panel.text(
                day,
                0.98 - 0.14 * (i % 3),  # neighbours do not write over each other
                f" {style.label(label)} ",
                transform=panel.get_xaxis_transform(),
                fontsize=7,
                va="top",
                ha="right" if day - first > 0.6 * (last - first) else "left",
                bbox=behind,
            )


def alt_daily(table: pd.DataFrame) -> str:
    """The busiest day of each group, or days that were joined, the events and the gap days."""
    parts, said = [], style.kinds(table, "posts")
    for group in groups_of(table):
        mine = table[table["group"] == group]
        rate = _rates(mine)[2].dropna()
        if rate.empty:
            continue
        parts.append(
            _("{group}: most on {day}, {posts} posts a day").format(
                group=style.group_name(group),
                day=style.when(mine.loc[rate.idxmax()], "date", "day_to"),
                posts=number(round(rate.max())),
            )
        )
    first = table[table["group"] == groups_of(table)[0]] if len(table) else table
    left, right = style.ends(first, "date", "day_to")
    days = (right - left).dt.days[first["gap"].astype(bool)].sum()
    drawn = [
        e
        for e in table.attrs.get("events", ())
        if len(left) and left.min() <= pd.Timestamp(e[1]) < right.max()
    ]
    return _(
        "Lines of posts a day. {parts}. Events marked: {events}; days in collection gaps: {gaps}."
    ).format(
        parts=_("; ").join(parts) or style.untold(said), events=number(len(drawn)), gaps=number(int(days))
    ) + style.ranges(said)


def _calendar(code: str) -> str:
    """The name of a calendar's country."""
    return _(CALENDARS[code]) if code in CALENDARS else say(territories([code]))


def plot_holidays(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts on each calendar's holidays over matched weekdays, with intervals and the power of each test."""
    shown = table[table["estimate"].notna()]
    ax = style.axes(ax, (7.2, 3.6))
    if shown.empty:
        return style.nothing(ax, _("The period holds no public holiday that could be compared."))
    names = list(dict.fromkeys(shown["calendar"]))
    groups = groups_of(shown)
    for i, group in enumerate(groups):
        mine = shown[shown["group"] == group]
        places = [names.index(c) + (i - (len(groups) - 1) / 2) * 0.25 for c in mine["calendar"]]
        points(ax, mine, places, group)
    ratio_axis(ax)
    first = shown[shown["group"] == groups[0]].set_index("calendar")["power_half"]
    labels = [f"{_calendar(c)}\n{percent(float(first.get(c, 0)))}" for c in names]
    ax.set_xticks(range(len(names)), labels, fontsize=8)
    ax.set_xlabel(_("calendar, and the chance that a fall to a half would have been seen"))
    ax.set_ylabel(_("posts over matched weekdays"))
    ax.grid(axis="x", visible=False)
    ax.legend(loc="best")
    return ax


def alt_holidays(table: pd.DataFrame) -> str:
    """Each calendar's ratio in words."""
    parts = [
        _("{group}, {calendar}: {ratio} ({low} to {high})").format(
            group=style.group_name(r.group),
            calendar=_calendar(r.calendar),
            ratio=number(r.estimate),
            low=number(r.low),
            high=number(r.high),
        )
        for r in table.dropna(subset=["estimate"]).itertuples()
    ]
    return _("Points with intervals: posts on public holidays over matched weekdays. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


SHADE = "Blues"  # darker is more, also in grey print


def _day_names(*, whole: bool = False) -> list[str]:
    names = dates.get_day_names("wide" if whole else "abbreviated", locale=current())
    return [names[i] for i in range(7)]


def _chosen(table: pd.DataFrame, group: str) -> str:
    """The lines every chart of hours must carry: whose clock, and what the analysis of the clock said."""
    clock = table.attrs.get("clock", "UTC")
    whom = _("whoever drew this chart") if table.attrs.get("chosen") else _("the report")
    line = _("Hours in the clock {clock}; chosen by {whom}, not by the data.").format(clock=clock, whom=whom)
    code = table.attrs.get("outcome", {}).get(group)
    if not code:
        return line
    outcome = words.term(code)
    return f"{line} " + _("Outcome of the clock analysis: {code}.").format(code=outcome)


def _place(mine: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """First hour of the week of each row, and how many hours were joined in it."""
    start = (mine["weekday"].astype(int) - 1) * 24 + mine["hour_local"].astype(int)
    end = (mine["weekday_to"].astype(int) - 1) * 24 + mine["hour_to"].astype(int)
    return start, end - start + 1


def _cells(mine: pd.DataFrame) -> np.ndarray:
    """Share of the posts in each hour of the week: joined hours are as bright as their mean."""
    cells = np.full(7 * 24, np.nan)
    for start, hours, share in zip(*_place(mine), mine["share"].astype(float), strict=True):
        cells[start : start + hours] = share / hours
    return cells.reshape(7, 24)


def plot_heatmap(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each group's posts by weekday and hour, on one scale; the clock and its outcome stand in the caption."""
    groups, said = groups_of(table), style.kinds(table, "share")
    if not groups:
        return style.nothing(style.axes(ax), _("No post has a time exact enough for its hour."))
    grid = panels(groups, ax, 2.4)
    cells = {group: _cells(table[table["group"] == group]) for group in groups}
    highest = max((float(np.nanmax(one)) for one in cells.values() if not np.isnan(one).all()), default=1.0)
    for group, panel in zip(groups, grid, strict=False):
        mine = table[table["group"] == group]
        mesh = panel.pcolormesh(
            range(25),
            range(8),
            cells[group],
            cmap=SHADE,
            vmin=0,
            vmax=highest,
            edgecolors="white",
            linewidth=0.4,
        )
        for start, hours, kind in zip(*_place(mine), said[mine.index], strict=True):
            if kind and kind[0] != "of":
                _unknown(panel, start, hours)
        panel.set_yticks([k + 0.5 for k in range(7)], _day_names())
        panel.set_xticks(range(0, 25, 3))
        panel.set_ylim(7, 0)
        panel.grid(visible=False)
        panel.set_title(style.group_name(group))
        panel.set_xlabel(_chosen(table, group), fontsize=8, wrap=True)
        bar = panel.figure.colorbar(mesh, ax=panel, pad=0.01)
        bar.set_label(_("share of posts an hour"))
        style.percent_axis(bar.ax.yaxis)
    return grid[0]


def _unknown(panel: Axes, start: int, hours: int) -> None:
    """Hatch over hours of which no number may be told, so that they are not read as empty."""
    for hour in range(start, start + hours):
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": "#888888", "hatch": "xxxx", "linewidth": 0}
        panel.add_patch(Rectangle((hour % 24, hour // 24), 1, 1, **look))


def alt_heatmap(table: pd.DataFrame) -> str:
    """The busiest hours of each group, and whose clock it is."""
    parts, said = [], style.kinds(table, "share")
    for group in groups_of(table):
        mine = table[(table["group"] == group) & table["share"].notna()]
        if mine.empty:
            continue
        rate = mine["share"].astype(float) / _place(mine)[1]
        top = mine.loc[rate.idxmax()]
        days = _day_names(whole=True)
        parts.append(
            _(
                "{group}: busiest from {day} {hour} h to {last_day} {last_hour} h, {share} of its posts an hour"
            ).format(
                group=style.group_name(group),
                day=days[int(top.weekday) - 1],
                hour=number(int(top.hour_local)),
                last_day=days[int(top.weekday_to) - 1],
                last_hour=number(int(top.hour_to) + 1),
                share=percent(rate.max()),
            )
        )
    note = _chosen(table, groups_of(table)[0]) if parts else ""
    untold = int(said.map(lambda kind: bool(kind) and kind[0] != "of").sum())
    hatched = " " + _("Hatched, no number may be told: {n}.").format(n=number(untold)) if untold else ""
    return (
        _("Shaded squares of posts by weekday and hour. {parts}. {note}").format(
            parts=_("; ").join(parts) or style.untold(said), note=note
        )
        + hatched
    )


def plot_weekend(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts on weekends by group, with 95 % intervals, beside what equal days would give."""
    ax = style.axes(ax, (7.2, 2.2))
    said = style.kinds(table, "estimate")
    kept = table["estimate"].notna() | said.map(bool)
    shown = table[kept].reset_index(drop=True)
    if shown["estimate"].isna().all():
        return _told(ax, said, _("No post has a time exact enough for its day."))
    for i, r in enumerate(shown.itertuples()):
        reach = [[max(0.0, r.estimate - r.low)], [max(0.0, r.high - r.estimate)]] if r.low == r.low else None
        colour, marker = style.GROUP_COLOURS[r.group], style.GROUP_MARKERS[r.group]
        ax.errorbar([r.estimate], [i], xerr=reach, fmt=marker, color=colour, capsize=3)
        ax.plot([r.even_share] * 2, [i - 0.35, i + 0.35], color="#555555", linewidth=1.2)
    style.lying(ax, list(range(len(shown))), list(said[kept]), 0.4)
    ax.set_yticks(range(len(shown)), [style.group_name(g) for g in shown["group"]])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(left=0)
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of posts on weekends (upright line: equal days)"))
    ax.grid(axis="y", visible=False)
    return ax


def alt_weekend(table: pd.DataFrame) -> str:
    """Each share in words."""
    parts = [
        _("{group}: {share} ({low} to {high}); equal days would give {even}").format(
            group=style.group_name(r.group),
            share=percent(r.estimate),
            low=percent(r.low),
            high=percent(r.high),
            even=percent(r.even_share),
        )
        for r in table.dropna(subset=["estimate"]).itertuples()
    ]
    said = style.kinds(table, "estimate")
    return _("Points with intervals: share of posts on weekends. {parts}.").format(
        parts=_("; ").join(parts) or style.untold(said)
    ) + style.ranges(said)


LEAST = 5  # posts answered: a median of fewer is no point of a line


def _hour_column(table: pd.DataFrame) -> str:
    return "hour_utc" if "hour_utc" in table.columns else "hour_local"


def _waits(table: pd.DataFrame) -> pd.DataFrame:
    """Hours of which enough posts were answered, with the median wait; how it is told stands in `said`."""
    table = table.assign(said=style.kinds(table, "estimate"))
    sizes = table[["n", "targets"]].astype("Float64").fillna(LEAST)  # what stands in words is somebody
    enough = (sizes["n"] > 0) & (sizes["targets"] >= LEAST)
    return table[enough & (table["estimate"].notna() | table["said"].map(bool))]


def plot_waiting(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Median wait of replies by the hour of the post they answer (five posts or more), with 95 % intervals."""
    ax = style.axes(ax, (7.2, 3.6))
    hour, shown = _hour_column(table), _waits(table)
    if shown["estimate"].isna().all():
        sentence = _("No export says when the posts that were answered were made.")
        return _told(ax, shown["said"], sentence)
    for group in groups_of(shown):
        mine = shown[shown["group"] == group]
        left, right = mine[hour].astype(int), mine["hour_to"].astype(int) + 1
        colour = style.GROUP_COLOURS[group]
        for r, start, end in zip(mine.itertuples(), left, right, strict=True):
            if r.low == r.low:
                ax.fill_between([start, end], r.low / 60, r.high / 60, color=colour, alpha=0.18, linewidth=0)
        look = {"color": colour, "linestyle": style.GROUP_LINES[group], "label": style.group_name(group)}
        style.steps(ax, list(left), list(right), list(mine["estimate"].astype(float) / 60), **look)
        style.bands(ax, list(left), list(right), list(mine["said"]), colour)
    ax.set_xticks(range(0, 25, 3))
    ax.set_xlim(0, 24)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_("hour of the post answered ({clock})").format(clock=table.attrs.get("clock", "UTC")))
    ax.set_ylabel(_("median wait in hours"))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    style.number_axis(ax.yaxis)
    ax.legend(loc="best")
    return ax


def alt_waiting(table: pd.DataFrame) -> str:
    """Shortest and longest wait of each group: of what is drawn."""
    hour, parts, shown = _hour_column(table), [], _waits(table)
    for group in groups_of(shown):
        mine = shown[(shown["group"] == group) & shown["estimate"].notna()]
        if mine.empty:
            continue
        least, most = (mine.loc[f] for f in (mine["estimate"].idxmin(), mine["estimate"].idxmax()))
        parts.append(
            _(
                "{group}: shortest for posts of {a} ({least} minutes), longest for posts of {b} ({most} minutes)"
            ).format(
                group=style.group_name(group),
                a=_hours(least, hour),
                least=number(round(least.estimate)),
                b=_hours(most, hour),
                most=number(round(most.estimate)),
            )
        )
    return _(
        "Lines of the median wait of replies by the hour of the post answered, clock {clock}. {parts}."
    ).format(
        clock=table.attrs.get("clock", "UTC"), parts=_("; ").join(parts) or style.untold(shown["said"])
    ) + style.ranges(shown["said"])


def _hours(row: pd.Series, start: str) -> str:
    """From when to when the hours of a row reach."""
    return _("{a}–{b} h").format(a=int(row[start]), b=int(row["hour_to"]) + 1)


def plot_meal_gap(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Rate in the midday hour over its neighbours at each offset whose midday lies in the waking hours."""
    ax = style.axes(ax, (7.2, 3.4))
    shown = table[table["estimate"].notna()]
    if shown.empty:
        return style.nothing(ax, _("Too few posts for a midday gap at any offset."))
    groups = groups_of(shown)
    for i, group in enumerate(groups):
        mine = shown[shown["group"] == group]
        points(ax, mine, (mine["offset_hours"] + (i - (len(groups) - 1) / 2) * 0.25).tolist(), group)
    ratio_axis(ax)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    hour = int(table.attrs.get("first_hour", 12))
    ax.set_xlabel(_("offset from UTC in hours; offsets at which this is night are left out"))
    ax.set_ylabel(_("rate {a}–{b} h over its sides").format(a=hour, b=hour + 1))
    ax.legend(loc="best")
    return ax


def alt_meal_gap(table: pd.DataFrame) -> str:
    """At which offsets a gap is seen."""
    parts = []
    for group in groups_of(table):
        found = table[(table["group"] == group) & (table["verdict"] == "found")]
        seen = ", ".join(
            _("{offset} (ratio {ratio}, {low} to {high})").format(
                offset=f"UTC{r.offset_hours:+g}",
                ratio=number(r.estimate),
                low=number(r.low),
                high=number(r.high),
            )
            for r in found.itertuples()
        )
        parts.append(
            _("{group}: {seen}").format(
                group=style.group_name(group), seen=seen or _("no offset shows a gap")
            )
        )
    return _(
        "Points with intervals: posts in the midday hour over its neighbours, by offset. {parts}."
    ).format(parts=_("; ").join(parts) or _("Nothing to show"))


def plot_usual_chart(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts in office hours at each offset: the usual chart, with the warning in its caption."""
    ax = style.axes(ax, (7.2, 3.2))
    said = style.kinds(table, "share")
    if table["share"].isna().all():
        return _told(ax, said, _("No post has a time exact enough."))
    for group in groups_of(table):
        mine = table[table["group"] == group]
        style.withheld(ax, mine.loc[said[mine.index].map(bool), "offset_hours"], style.GROUP_COLOURS[group])
        colour, marker = style.GROUP_COLOURS[group], style.GROUP_MARKERS[group]
        ax.plot(
            mine["offset_hours"],
            mine["share"],
            style.GROUP_LINES[group],
            color=colour,
            label=style.group_name(group),
        )
        top = mine[mine["largest"].astype(bool)]
        ax.plot(top["offset_hours"], top["share"], marker, color=colour)
    ax.set_ylim(bottom=0)
    style.percent_axis(ax.yaxis)
    ax.set_ylabel(_("Mon–Fri 9–17 h, share of posts"))
    ax.set_xlabel(
        _(
            "offset from UTC in hours. Warning: some offset always comes out first; this chart cannot say 'not known'."
        ),
        fontsize=8,
    )
    ax.legend(loc="best")
    return ax


def alt_usual_chart(table: pd.DataFrame) -> str:
    """The maximum of each group, and why it misleads."""
    parts = [
        _("{group}: largest at UTC{offset} with {share}").format(
            group=style.group_name(r.group), offset=f"{r.offset_hours:+g}", share=percent(r.share)
        )
        for r in table[table["largest"].astype(bool) & table["share"].notna()].itertuples()
    ]
    said = style.kinds(table, "share")
    return _(
        "Lines of the share of posts in office hours, by offset. {parts}. This usual chart misleads: some offset"
        " always comes out first."
    ).format(parts=_("; ").join(parts) or style.untold(said)) + style.ranges(said)
