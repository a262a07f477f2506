"""Pictures by UTC offset: the midday gap, and the usual chart with its warning."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kit.figures import style
from kit.figures.timing.chart import groups_of, points, ratio_axis
from kit.locale import _, number, percent


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
