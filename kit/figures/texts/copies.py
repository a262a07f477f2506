"""Figures of repeated texts."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import _, number, percent


def _size(row: object) -> str:
    start, end = int(row.accounts_from), row.accounts_to  # type: ignore[attr-defined]
    return f"{number(start)}+" if pd.isna(end) else f"{number(start)}–{number(int(end))}"


def plot_copy_sizes(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How many texts are said by how many accounts, groups side by side."""
    ax = style.axes(ax, (7.2, 3.2))
    if table.empty or not table["clusters"].sum():
        return style.nothing(ax, _("No text is said by several accounts of one group."))
    groups = list(dict.fromkeys(table["group"]))
    width = 0.8 / len(groups)
    for i, group in enumerate(groups):
        mine = table[table["group"] == group].reset_index(drop=True)
        at = [k + (i - (len(groups) - 1) / 2) * width for k in range(len(mine))]
        ax.bar(
            at,
            mine["clusters"].astype(float),
            width=width * 0.92,
            color=style.GROUP_COLOURS[group],
            hatch=style.GROUP_HATCHES[group],
            edgecolor="white",
            label=style.group_name(group),
        )
    ax.set_xticks(range(len(mine)), [_size(row) for row in mine.itertuples()])
    ax.set_yscale("symlog", linthresh=10)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_("accounts of the group that say the same text"))
    ax.set_ylabel(_("texts"))
    style.number_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.legend(loc="best")
    return ax


def alt_copy_sizes(table: pd.DataFrame) -> str:
    """How many texts several accounts of each group say, and the largest class."""
    parts = []
    for group, mine in table.groupby("group", sort=False):
        some = mine[mine["clusters"].fillna(0) > 0]
        if len(some):
            parts.append(
                _("{group}: {n} texts, the largest said by {size} accounts").format(
                    group=style.group_name(str(group)),
                    n=number(int(mine["clusters"].sum())),
                    size=_size(next(some.tail(1).itertuples())),
                )
            )
    return _("Bars: texts said by several accounts. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def plot_copy_days(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each day's posts that repeat a text."""
    ax = style.axes(ax, (7.2, 3.0))
    if table.empty:
        return style.nothing(ax, _("No post has both a text and a time."))
    for group, mine in table.groupby("group", sort=False):
        name = str(group)
        enough = mine[mine["n"].fillna(0) >= 10].dropna(subset=["share"])
        ax.plot(
            pd.to_datetime(enough["day"]),
            enough["share"],
            style.GROUP_LINES[name],
            marker=style.GROUP_MARKERS[name],
            markersize=3,
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
    ax.set_ylim(0, None)
    style.percent_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.set_ylabel(_("share of the day's posts"))
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, fontsize=8)
    return ax


def alt_copy_days(table: pd.DataFrame) -> str:
    """The highest day of each group; days with fewer than ten posts are not drawn."""
    parts = []
    for group, mine in (
        table[table["n"].fillna(0) >= 10].dropna(subset=["share"]).groupby("group", sort=False)
    ):
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: at most {share}, on {day}").format(
                group=style.group_name(str(group)),
                share=percent(float(top["share"])),
                day=style.day(top["day"]),
            )
        )
    return _("Lines: share of posts that repeat a text, days with ten posts or more. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def plot_copied_windows(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts that say the same soon after another, by window, with intervals."""
    ax = style.axes(ax, (7.2, 3.0))
    rows = table.dropna(subset=["estimate"])
    if rows.empty:
        return style.nothing(ax, _("No post has a text and a time fine enough."))
    windows = sorted(set(table["window_s"]))
    for i, (group, all_) in enumerate(table.groupby("group", sort=False)):
        name, mine = str(group), all_.dropna(subset=["estimate"])

        def at(some: pd.DataFrame, i: int = i) -> list[float]:
            return [windows.index(w) + (i - 0.5) * 0.12 for w in some["window_s"]]

        style.withheld(ax, at(all_[style.hidden(all_)]), style.GROUP_COLOURS[name])
        ax.errorbar(
            at(mine),
            mine["estimate"],
            yerr=style.errors(mine),
            fmt=style.GROUP_MARKERS[name] + style.GROUP_LINES[name],
            color=style.GROUP_COLOURS[name],
            capsize=3,
            label=style.group_name(name),
        )
    ax.set_xticks(range(len(windows)), [style.span(w) for w in windows])
    ax.set_ylim(-0.03 * ax.get_ylim()[1], None)  # room for a point at nought
    style.percent_axis(ax.yaxis)
    ax.set_xlabel(_("time between two accounts that say the same, at most"))
    ax.set_ylabel(_("share of accounts"))
    ax.grid(axis="x", visible=False)
    ax.legend(loc="best")
    return ax


def alt_copied_windows(table: pd.DataFrame) -> str:
    """The share at the shortest and the longest window for each group."""
    parts = []
    for group, mine in table.dropna(subset=["estimate"]).groupby("group", sort=False):
        first, last = mine.iloc[0], mine.iloc[-1]
        if len(mine) == 1:
            said = _("{group}: {first} within {short}")
            parts.append(
                said.format(
                    group=style.group_name(str(group)),
                    first=percent(float(first["estimate"])),
                    short=style.span(first["window_s"]),
                )
            )
            continue
        parts.append(
            _("{group}: {first} within {short}, {last} within {long}").format(
                group=style.group_name(str(group)),
                first=percent(float(first["estimate"])),
                short=style.span(first["window_s"]),
                last=percent(float(last["estimate"])),
                long=style.span(last["window_s"]),
            )
        )
    said = _("Points with intervals by window. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
    return said + style.crosses(style.hidden(table))
