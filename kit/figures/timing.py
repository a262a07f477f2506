"""Pictures of posting times: hours, days, gaps at midday, waits, holidays. No clock in them is a result."""

from __future__ import annotations

import pandas as pd
from babel import dates
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kit import words
from kit.figures import style
from kit.locale import N_, _, current, date, number, percent
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


def plot_heatmap(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each group's posts by weekday and hour; the clock and its outcome stand in the caption."""
    groups = groups_of(table)
    if not groups:
        return style.nothing(style.axes(ax), _("No post has a time exact enough for its hour."))
    grid = panels(groups, ax, 2.4)
    for group, panel in zip(groups, grid, strict=False):
        mine = table[table["group"] == group]
        cells = mine.pivot(index="weekday", columns="hour_local", values="share").astype(float)
        mesh = panel.pcolormesh(
            range(25), range(8), cells, cmap=SHADE, vmin=0, edgecolors="white", linewidth=0.4
        )
        panel.set_yticks([k + 0.5 for k in range(7)], _day_names())
        panel.set_xticks(range(0, 25, 3))
        panel.set_ylim(7, 0)
        panel.grid(visible=False)
        panel.set_title(style.group_name(group))
        panel.set_xlabel(_chosen(table, group), fontsize=8, wrap=True)
        bar = panel.figure.colorbar(mesh, ax=panel, pad=0.01)
        bar.set_label(_("share of posts"))
        style.percent_axis(bar.ax.yaxis)
    return grid[0]


def alt_heatmap(table: pd.DataFrame) -> str:
    """The busiest cell of each group, and whose clock it is."""
    parts = []
    for group in groups_of(table):
        mine = table[(table["group"] == group) & table["share"].notna()]
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: busiest is {day} at {hour} with {share} of its posts").format(
                group=style.group_name(group),
                day=_day_names(whole=True)[int(top.weekday) - 1],
                hour=number(int(top.hour_local)),
                share=percent(top.share),
            )
        )
    note = _chosen(table, groups_of(table)[0]) if parts else ""
    return _("Shaded squares of posts by weekday and hour. {parts}. {note}").format(
        parts=_("; ").join(parts) or _("Nothing to show"), note=note
    )


def plot_weekend(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts on weekends by group, with 95 % intervals, beside what equal days would give."""
    ax = style.axes(ax, (7.2, 2.2))
    shown = table[table["estimate"].notna()].reset_index(drop=True)
    if shown.empty:
        return style.nothing(ax, _("No post has a time exact enough for its day."))
    for i, r in enumerate(shown.itertuples()):
        reach = [[max(0.0, r.estimate - r.low)], [max(0.0, r.high - r.estimate)]] if r.low == r.low else None
        colour, marker = style.GROUP_COLOURS[r.group], style.GROUP_MARKERS[r.group]
        ax.errorbar([r.estimate], [i], xerr=reach, fmt=marker, color=colour, capsize=3)
        ax.plot([r.even_share] * 2, [i - 0.35, i + 0.35], color="#555555", linewidth=1.2)
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
    return _("Points with intervals: share of posts on weekends. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


LEAST = 5  # posts answered: a median of fewer is no point of a line


def _hour_column(table: pd.DataFrame) -> str:
    return "hour_utc" if "hour_utc" in table.columns else "hour_local"


def plot_waiting(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Median wait of replies by the hour of the post they answer (five posts or more), with 95 % intervals."""
    ax = style.axes(ax, (7.2, 3.6))
    hour = _hour_column(table)
    shown = table[table["estimate"].notna() & (table["targets"] >= LEAST)]
    if shown.empty:
        return style.nothing(ax, _("No export says when the posts that were answered were made."))
    for group in groups_of(shown):
        # an hour without its point breaks the line: nothing is known of it
        mine = shown[shown["group"] == group].set_index(hour).reindex(range(24))
        places, colour = mine.index.to_numpy() + 0.5, style.GROUP_COLOURS[group]
        ax.fill_between(
            places, mine["low"].astype(float) / 60, mine["high"].astype(float) / 60, color=colour, alpha=0.18
        )
        ax.plot(
            places,
            mine["estimate"].astype(float) / 60,
            style.GROUP_LINES[group],
            marker=style.GROUP_MARKERS[group],
            color=colour,
            label=style.group_name(group),
        )
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
    """Shortest and longest wait of each group."""
    hour, parts = _hour_column(table), []
    for group in groups_of(table):
        mine = table[(table["group"] == group) & table["estimate"].notna() & (table["targets"] >= LEAST)]
        if mine.empty:
            continue
        least, most = (mine.loc[f] for f in (mine["estimate"].idxmin(), mine["estimate"].idxmax()))
        parts.append(
            _(
                "{group}: shortest for posts of {a} h ({least} minutes), longest for posts of {b} h ({most} minutes)"
            ).format(
                group=style.group_name(group),
                a=number(int(least[hour])),
                least=number(round(least.estimate)),
                b=number(int(most[hour])),
                most=number(round(most.estimate)),
            )
        )
    return _(
        "Lines of the median wait of replies by the hour of the post answered, clock {clock}. {parts}."
    ).format(clock=table.attrs.get("clock", "UTC"), parts=_("; ").join(parts) or _("Nothing to show"))


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
        found = table[(table["group"] == group) & (table["verdict"] == "present")]
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
    if table.empty:
        return style.nothing(ax, _("No post has a time exact enough."))
    for group in groups_of(table):
        mine = table[table["group"] == group]
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
        for r in table[table["largest"].astype(bool)].itertuples()
    ]
    return _(
        "Lines of the share of posts in office hours, by offset. {parts}. This usual chart misleads: some offset"
        " always comes out first."
    ).format(parts=_("; ").join(parts) or _("Nothing to show"))
