"""Pictures of what was received."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import _, number
from kit.schema import platform_name


def plot_coverage(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts a day, one panel a platform (the first only when `ax` is given), one line of steps a group."""
    if table.empty:
        return style.nothing(style.axes(ax), _("No post has a usable time."))
    said = style.kinds(table, "posts")
    platforms = list(dict.fromkeys(table["platform"]))[: 1 if ax is not None else None]
    grid = [ax] if ax is not None else style.panels(len(platforms), 1.9)
    for platform, panel in zip(platforms, grid, strict=True):
        for group, mine in table[table["platform"] == platform].groupby("group", sort=False):
            name = str(group)
            left, right = style.ends(mine, "day", "day_to")
            colour, days = style.GROUP_COLOURS[name], (right - left).dt.days
            look = {"color": colour, "linestyle": style.GROUP_LINES[name], "label": style.group_name(name)}
            style.steps(panel, list(left), list(right), list(mine["posts"].astype(float) / days), **look)
            style.bands(panel, list(left), list(right), list(said[mine.index]), colour, list(days))
        panel.set_ylim(bottom=0)
        panel.set_title(platform_name(platform))
        panel.set_ylabel(_("posts a day"))
        style.number_axis(panel.yaxis)
        panel.legend(loc="best", fontsize=8)
    style.date_axis(grid[-1].xaxis)
    return grid[0]


def alt_coverage(table: pd.DataFrame) -> str:
    """The busiest day, or days that were joined, of each group on each platform."""
    parts = []
    said = style.kinds(table, "posts")
    for (group, platform), mine in table.groupby(["group", "platform"], sort=False):
        left, right = style.ends(mine, "day", "day_to")
        rate = (mine["posts"].astype(float) / (right - left).dt.days).dropna()
        if rate.empty:
            continue
        parts.append(
            _("{group} on {platform}: most on {day}, {posts} posts a day").format(
                group=style.group_name(str(group)),
                platform=platform_name(str(platform)),
                day=style.when(mine.loc[rate.idxmax()], "day", "day_to"),
                posts=number(round(rate.max())),
            )
        )
    return _("Lines of posts a day, platform by platform. {parts}.").format(
        parts=_("; ").join(parts) or style.untold(said)
    ) + style.ranges(said)
