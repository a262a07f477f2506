"""Pictures of hours of the day and days of the week. No clock in them is a result."""

from __future__ import annotations

import pandas as pd
from babel import dates
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.figures.timing.chart import groups_of, panels
from kit.locale import _, current, number, percent

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
