"""Pictures of what was received."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import _, date, number


def plot_coverage(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts by day, one line per group, platforms added up."""
    ax = style.axes(ax)
    if table.empty:
        return style.nothing(ax, _("No post has a usable time."))
    for group, mine in table.groupby("group", sort=False):
        daily = mine.groupby("day")["posts"].sum()
        name = str(group)
        marker = style.GROUP_MARKERS[name] if len(daily) < 3 else None
        ax.plot(
            pd.to_datetime(daily.index),
            daily,
            style.GROUP_LINES[name],
            marker=marker,
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_("posts a day"))
    style.number_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best")
    return ax


def alt_coverage(table: pd.DataFrame) -> str:
    """The busiest day of each group."""
    parts = []
    for group, mine in table.groupby("group", sort=False):
        daily = mine.groupby("day")["posts"].sum()
        parts.append(
            _("{group}: busiest day {day} with {posts} posts").format(
                group=style.group_name(str(group)),
                day=date(str(daily.idxmax())[:10]),
                posts=number(int(daily.max())),
            )
        )
    return _("Lines of posts by day. {parts}.").format(parts=_("; ").join(parts) or _("Nothing to show"))
