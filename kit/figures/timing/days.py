"""Pictures of posts a day and of public holidays."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.figures.timing.chart import groups_of, panels, points, ratio_axis
from kit.locale import N_, _, date, number, percent

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


def plot_daily(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts a day, one panel a group, with the events of the report and the collection gaps."""
    groups = groups_of(table)
    if not groups:
        return style.nothing(style.axes(ax), _("No post has a usable time."))
    grid = panels(groups, ax, 2.0)
    for group, panel in zip(groups, grid, strict=False):
        mine = table[table["group"] == group]
        days, posts = pd.to_datetime(mine["date"]), mine["posts"].astype(float)
        closed = mine["gap"].to_numpy(dtype=bool)
        panel.plot(days, posts.where(~closed), style.GROUP_LINES[group], color=style.GROUP_COLOURS[group])
        for day in days[closed]:
            panel.axvspan(day, day + pd.Timedelta(days=1), color="#DDDDDD", linewidth=0)
        _events(panel, mine, named=panel is grid[0])
        panel.set_ylim(bottom=0)
        panel.set_title(style.group_name(group))
        panel.set_ylabel(_("posts a day"))
        style.number_axis(panel.yaxis)
    style.date_axis(grid[-1].xaxis)
    if table["gap"].any():
        grid[-1].set_xlabel(_("grey: collection stopped, nothing is known"))
    return grid[0]


def _events(panel: Axes, mine: pd.DataFrame, *, named: bool) -> None:
    """Dotted lines where events begin, shade over those of several days; their names only in the first panel."""
    several = mine["event"].notna() & (mine["event"] == mine["event"].shift())
    for day in mine.loc[several, "date"]:
        panel.axvspan(
            pd.Timestamp(day) - pd.Timedelta(days=1),
            pd.Timestamp(day),
            color="#F3EEDD",
            linewidth=0,
            zorder=0,
        )
    marked = mine[mine["event"].notna() & ~several]
    first, last = (pd.Timestamp(day) for day in (mine["date"].iloc[0], mine["date"].iloc[-1]))
    for i, row in enumerate(marked.itertuples()):
        day = pd.Timestamp(row.date)
        panel.axvline(day, color="#555555", linewidth=0.8, linestyle=":")
        side = "right" if day - first > 0.6 * (last - first) else "left"
        place = 0.98 - 0.14 * (i % 3)  # neighbours do not write over each other
        if named:
            where = panel.get_xaxis_transform()
            behind = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 0.5}
            panel.text(
                day,
                place,
                f" {style.label(row.event)} ",
                transform=where,
                fontsize=7,
                va="top",
                ha=side,
                bbox=behind,
            )


def alt_daily(table: pd.DataFrame) -> str:
    """The busiest day of each group, the events and the gap days."""
    parts = []
    for group in groups_of(table):
        mine = table[(table["group"] == group) & table["posts"].notna()]
        if mine.empty:
            continue
        top = mine.loc[mine["posts"].astype(float).idxmax()]
        parts.append(
            _("{group}: busiest day {day} with {posts} posts").format(
                group=style.group_name(group), day=date(str(top.date)[:10]), posts=number(int(top.posts))
            )
        )
    first = table[table["group"] == groups_of(table)[0]] if parts else table
    return _(
        "Lines of posts a day. {parts}. {events} days carry an event, {gaps} lie in collection gaps."
    ).format(
        parts=_("; ").join(parts) or _("Nothing to show"),
        events=number(int(first["event"].notna().sum())),
        gaps=number(int(first["gap"].sum())),
    )


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
    labels = [f"{_(CALENDARS[c])}\n{percent(float(first.get(c, 0)))}" for c in names]
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
            calendar=_(CALENDARS[r.calendar]),
            ratio=number(r.estimate),
            low=number(r.low),
            high=number(r.high),
        )
        for r in table.dropna(subset=["estimate"]).itertuples()
    ]
    return _("Points with intervals: posts on public holidays over matched weekdays. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
