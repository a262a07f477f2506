"""Pictures of placements and items: counts, days and places; never an item itself."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.locale import N_, _, between, number
from kit.schema import platform_name

SHOWN = 15  # bars of a ranking: more cannot be read
KINDS = {
    "image": N_("image"),
    "animation": N_("animation"),
    "video": N_("video"),
    "audio": N_("sound"),
    "other": N_("other"),
}
PLACES = {
    "own_post": N_("own posts"),
    "roster_reply": N_("replies under the roster"),
    "other_reply": N_("other replies"),
}


def plot_unique_items(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How many placements each group made, and the ranges of different items behind them."""
    ax = style.axes(ax, (7.2, max(2.0, 0.7 * len(table) + 1.2)))
    if table.empty:
        return style.nothing(ax, _("No image, video or sound is named by the exports."))
    said = {name: style.kinds(table, name) for name in ("placements", "unique_low", "reviewed_low")}
    parts = (
        (-0.22, "placements", "placements", "D", "none", _("placements")),
        (0.0, "unique_low", "unique_high", "|", None, _("different items")),
        (0.22, "reviewed_low", "reviewed_high", "x", None, _("different items, after review")),
    )
    for place, row in enumerate(table.itertuples()):
        colour = style.GROUP_COLOURS[str(row.group)]
        for shift, low, high, marker, inside, name in parts:
            ends = [float(getattr(row, low)), float(getattr(row, high))]
            label = None if place else name
            ax.plot(
                ends,
                [place + shift] * 2,
                "-",
                color=colour,
                marker=marker,
                markerfacecolor=inside or colour,
                markersize=8,
                linewidth=2,
                label=label,
            )
            style.lying(ax, [place + shift], [said[low].iloc[place]], 0.2)
    ax.set_xscale("log")
    ax.set_xlim(left=0.8)
    ax.set_yticks(range(len(table)), [style.group_name(str(group)) for group in table["group"]])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlabel(_("number, each step ten times the one before"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9)
    return ax


def alt_unique_items(table: pd.DataFrame) -> str:
    """Placements and the range of items of each group."""
    parts = [
        _("{group}: {placements} placements, different items: {unique}").format(
            group=style.group_name(str(r.group)),
            placements=_said(table, "placements", place),
            unique=_range(table, place),
        )
        for place, r in enumerate(table.itertuples())
    ]
    return _("Ranges of how many different items were placed. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def _said(table: pd.DataFrame, name: str, place: int) -> str:
    """A number of a row, or the words that stand in its place."""
    return words.instead(style.kinds(table, name).iloc[place]) or number(int(table[name].iloc[place]))


def _range(table: pd.DataFrame, place: int) -> str:
    """How many different items a row counts, or the words that stand in the place of it."""
    for name in ("unique_low", "unique_high"):
        if instead := words.instead(style.kinds(table, name).iloc[place]):
            return instead
    return between(int(table["unique_low"].iloc[place]), int(table["unique_high"].iloc[place]))


def plot_items(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Placements of the items that studied accounts place most."""
    mine = _first(table)
    ax = style.axes(ax, (7.2, max(2.0, 0.3 * len(mine) + 0.9)))
    if mine.empty:
        return style.nothing(ax, _("No item placed by studied accounts can be shown."))
    places = range(len(mine))
    ax.barh(places, mine["placements"].astype(float), color=style.GROUP_COLOURS["studied"], height=0.7)
    style.lying(ax, places, mine["said"])
    names = [_item(r.item, r.kind, r.platforms) for r in mine.itertuples()]
    ax.set_yticks(list(places), names)
    ax.invert_yaxis()
    ax.set_xlabel(_("placements by studied accounts"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return ax


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """The first rows of the studied group, and how their placements are said."""
    told = table.assign(said=style.kinds(table, "placements"))
    return told[told["group"] == "studied"].head(SHOWN)


def _item(item: object, kind: object, platforms: object) -> str:
    known = _(KINDS[kind]) if isinstance(kind, str) and kind in KINDS else ""
    served = [platform_name(p) for p in str(platforms).split(", ")]
    return " · ".join(part for part in (_("item {n}").format(n=item), known, ", ".join(served)) if part)


def alt_items(table: pd.DataFrame) -> str:
    """How many bars, and the longest and shortest."""
    mine = _first(table)
    if mine.empty:
        return _("Nothing to show: no item of studied accounts can be shown.")
    told = mine.dropna(subset=["placements"])
    if told.empty:
        return style.untold(mine["said"]) + "." + style.ranges(mine["said"])
    said = _(
        "Bars of the {n} items that studied accounts place most, from {most} placements down to {least}."
    ).format(
        n=number(len(mine)),
        most=number(int(told["placements"].max())),
        least=number(int(told["placements"].min())),
    )
    return said + style.ranges(mine["said"])


def _days(table: pd.DataFrame) -> pd.Series:
    """How many days each row is about: in public days are joined."""
    if "day_to" not in table:
        return pd.Series(1.0, table.index)
    return (pd.to_datetime(table["day_to"]) - pd.to_datetime(table["day"])).dt.days + 1.0


def plot_placements_per_day(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Placements a day as steps, different items a day as bands, by group; stretches of days at their mean."""
    ax = style.axes(ax)
    if table.empty:
        return style.nothing(ax, _("No placement has a usable time."))
    lasting, said = _days(table), style.kinds(table, "placements")
    for group, mine in table.groupby("group", sort=False):
        name, days = str(group), lasting[mine.index]
        colour = style.GROUP_COLOURS[name]
        starts = pd.to_datetime(mine["day"])
        ends = starts + pd.to_timedelta(days, unit="D")
        style.steps(
            ax,
            starts.tolist(),
            ends.tolist(),
            (mine["placements"].astype(float) / days).tolist(),
            linestyle=style.GROUP_LINES[name],
            color=colour,
            label=_("{group}: placements").format(group=style.group_name(name)),
        )
        style.bands(ax, starts.tolist(), ends.tolist(), said[mine.index].tolist(), colour, days.tolist())
        low, high = (mine[c].astype(float) / days for c in ("unique_low", "unique_high"))
        label: str | None = _("{group}: different items").format(group=style.group_name(name))
        for start, end, least, most in zip(starts, ends, low, high, strict=True):
            look: dict[str, Any] = {
                "color": colour,
                "alpha": 0.35,
                "linewidth": 1.2,
                "hatch": style.GROUP_HATCHES[name],
            }
            ax.fill_between([start, end], least, most, label=label, **look)
            label = None
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_("a day"))
    style.number_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best", fontsize=9)
    return ax


def alt_placements_per_day(table: pd.DataFrame) -> str:
    """For each group the busiest day or stretch of days, and how many items stand behind it."""
    lasting, said = _days(table), style.kinds(table, "placements")
    parts = []
    for group, mine in table.dropna(subset=["placements"]).groupby("group", sort=False):
        place = (mine["placements"].astype(float) / lasting[mine.index]).idxmax()
        top = table.loc[place]
        fields = {
            "group": style.group_name(str(group)),
            "n": number(int(top["placements"])),
            "unique": _range(table, table.index.get_loc(place)),
            "day": style.day(top["day"]),
        }
        if lasting[place] > 1:
            text = _(
                "{group}: most on the days from {day} to {end}, {n} placements, different items day by day: {unique}"
            )
            parts.append(text.format(end=style.day(top["day_to"]), **fields))
        else:
            text = _("{group}: at most {n} placements, on {day}, different items that day: {unique}")
            parts.append(text.format(**fields))
    text = _("Lines of placements a day with bands of different items. {parts}.").format(
        parts=_("; ").join(parts) or style.untold(said)
    )
    return text + style.ranges(said)


def plot_hosts(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Placements by studied accounts: where items are served and where they are placed."""
    mine = _first(table)
    ax = style.axes(ax, (7.2, max(2.0, 0.34 * len(mine) + 0.9)))
    if mine.empty:
        return style.nothing(ax, _("No placement by studied accounts can be shown."))
    places = range(len(mine))
    ax.barh(places, mine["placements"].astype(float), color=style.GROUP_COLOURS["studied"], height=0.7)
    style.lying(ax, places, mine["said"])
    ax.set_yticks(list(places), [_way(r) for r in mine.itertuples()])
    ax.invert_yaxis()
    ax.set_xlabel(_("placements by studied accounts"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return ax


def _way(row: object) -> str:
    host, platform, place = (str(getattr(row, name)) for name in ("host", "platform", "place"))
    return f"{platform_name(host)} → {platform_name(platform)} · {_(PLACES.get(place, place))}"


def alt_hosts(table: pd.DataFrame) -> str:
    """The largest bar and how many there are."""
    mine = _first(table)
    if mine.empty:
        return _("Nothing to show: no placement by studied accounts.")
    told = mine.dropna(subset=["placements"])
    if told.empty:
        return style.untold(mine["said"]) + "." + style.ranges(mine["said"])
    top = next(told.itertuples())
    said = _("Bars of {n} ways from host to place; the longest, {way}, has {most} placements.").format(
        n=number(len(mine)), way=_way(top), most=number(int(told["placements"].iloc[0]))
    )
    return said + style.ranges(mine["said"])


def plot_first_seen(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """For each item on several platforms, how long after its first placement it reached each, where that can be told."""
    shown = _several(table)
    items = list(dict.fromkeys(shown["item"]))
    ax = style.axes(ax, (7.2, max(2.0, 0.42 * len(items) + 0.9)))
    if not items:
        return style.nothing(
            ax, _("No item was placed on more than one platform at times that tell which came first.")
        )
    for place, item in enumerate(items):
        mine = shown[shown["item"] == item]
        low, high = (mine[f"lag_hours_{end}"].astype(float) / 24 for end in ("low", "high"))
        ax.plot([0, high.max()], [place, place], color="#BBBBBB", linewidth=1, zorder=1)
        for n, (least, most, row) in enumerate(zip(low, high, mine.itertuples(), strict=True)):
            group = "context" if pd.isna(row.group) else str(row.group)
            day, colour = (least + most) / 2, "#555555" if pd.isna(row.group) else style.GROUP_COLOURS[group]
            # a time known only to the day is a bar, not a point
            ax.plot([least, most], [place, place], color=colour, linewidth=4, alpha=0.4, zorder=2)
            ax.plot(day, place, style.GROUP_MARKERS[group], color=colour, zorder=3)
            ax.annotate(
                platform_name(str(row.platform)),
                (day, place),
                xytext=(0, 5 if n % 2 == 0 else -5),  # neighbours do not write over each other
                textcoords="offset points",
                fontsize=8,
                ha="left",
                va="bottom" if n % 2 == 0 else "top",
            )
    ax.set_yticks(range(len(items)), [_("item {n}").format(n=item) for item in items])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set_xlabel(_("days after its first placement in this case"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return ax


def _several(table: pd.DataFrame) -> pd.DataFrame:
    """The first items, less rows whose order cannot be told or whose numbers are withheld."""
    items = list(dict.fromkeys(table["item"]))[:SHOWN]
    return table[table["item"].isin(items) & table["lag_hours_low"].notna()]


def alt_first_seen(table: pd.DataFrame) -> str:
    """How many items, and on which platform most of them came first."""
    shown = _several(table)
    if shown.empty:
        return _("Nothing to show: no item on more than one platform at times that tell which came first.")
    first = shown[shown["seen"] == "first"]["platform"].value_counts()
    first = first.sort_index().sort_values(ascending=False, kind="stable")
    return _("Points for {n} items on several platforms; {k} of them came first on {platform}.").format(
        n=number(shown["item"].nunique()),
        k=number(int(first.iloc[0]) if len(first) else 0),
        platform=platform_name(str(first.index[0])) if len(first) else "–",
    )
