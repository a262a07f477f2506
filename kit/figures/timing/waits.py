"""Pictures of how long replies wait."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kit.figures import style
from kit.figures.timing.chart import groups_of
from kit.locale import _, number

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
