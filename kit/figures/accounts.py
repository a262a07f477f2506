"""Pictures of account dates, ages, followers and profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.locale import N_, _, date, percent
from kit.words import recorded

FIELD_NAMES = {"bio": N_("no bio"), "location": N_("no location"), "profile_url": N_("no link")}


def _groups(table: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(table["group"]))


#: width of the periods -> days in one, and what the axis says
_PERIODS = {
    "day": (1.0, N_("share of the group's accounts made per day")),
    "week": (7.0, N_("share of the group's accounts made per week")),
    "month": (30.4375, N_("share of the group's accounts made per month")),
    "quarter": (91.3125, N_("share of the group's accounts made per quarter")),
}


def _pace(table: pd.DataFrame) -> pd.Series:
    """How many of the periods that `by` names fit into each one of the table, which may be joined ones."""
    days = (pd.to_datetime(table["period_end"]) - pd.to_datetime(table["period_start"])).dt.days + 1
    return (days / _PERIODS[table.attrs.get("by", "month")][0]).round(1).clip(lower=1)


def plot_creations(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each group's accounts made per period, as steps on one axis; joined periods are wider and as high as their mean."""
    ax = style.axes(ax)
    if table.empty:
        return style.nothing(ax, _("No account has a known date."))
    said, pace = style.kinds(table, "share"), _pace(table)
    for group in _groups(table):
        mine = table[table["group"] == group]
        starts = mdates.date2num(pd.to_datetime(mine["period_start"]))
        ends = mdates.date2num(pd.to_datetime(mine["period_end"])) + 1
        colour, heights = style.GROUP_COLOURS[group], (mine["share"] / pace[mine.index]).tolist()
        look = {"color": colour, "linestyle": style.GROUP_LINES[group], "label": style.group_name(group)}
        style.steps(ax, starts, ends, heights, **look)
        if group == "studied":
            ax.bar(
                starts, pd.Series(heights).fillna(0), ends - starts, align="edge", color=colour, alpha=0.18
            )
        style.bands(ax, starts, ends, said[mine.index], colour, pace[mine.index].tolist())
    ax.set_ylim(bottom=0)
    ax.xaxis_date()
    style.date_axis(ax.xaxis)
    style.percent_axis(ax.yaxis)
    ax.set_xlabel(_("date the account was made (UTC)"))
    ax.set_ylabel(_(_PERIODS[table.attrs.get("by", "month")][1]))
    ax.legend(loc="best")
    return ax


def alt_creations(table: pd.DataFrame) -> str:
    """In which period each group has the most accounts for its length, and which is its longest stretch without any."""
    parts = []
    said, pace = style.kinds(table, "share"), _pace(table)
    for group in _groups(table):
        mine = table[(table["group"] == group) & table["share"].notna()]
        if mine.empty:
            continue
        top = mine.loc[(mine["share"].astype(float) / pace[mine.index]).idxmax()]
        parts.append(
            _("{group}: most were made from {start} to {end}, {share} of the accounts with a date").format(
                group=style.group_name(group),
                share=percent(top.share),
                start=date(str(top.period_start)[:10]),
                end=date(str(top.period_end)[:10]),
            )
        )
    return _(
        "Steps of the share of accounts by the date they were made, all groups on one axis. {parts}."
    ).format(parts=_("; ").join(parts) or style.untold(said)) + style.ranges(said)


def _age_label(start: int, end: Any) -> str:
    if pd.isna(end):
        return _("{n} years and more").format(n=start // 365)
    if int(end) >= 730:
        return _("{a}–{b} years").format(a=max(1, start // 365), b=int(end) // 365)
    return _("{a}–{b} days").format(a=start, b=int(end) - 1)


def plot_age_at_first_post(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts in each age class, groups beside each other."""
    said, shown = _said(table, "share", "accounts"), _somebody(table, "share")
    groups = _groups(shown)
    ax = style.axes(ax, (7.2, 4.2))
    if not groups:
        return style.nothing(ax, _("No account has both a date and a dated post."))
    classes = shown.drop_duplicates("age_from_days")
    labels = [_age_label(r.age_from_days, r.age_to_days) for r in classes.itertuples()]
    height = 0.8 / len(groups)
    for i, group in enumerate(groups):
        mine = shown[shown["group"] == group]
        places = [k + i * height for k in range(len(mine))]
        colour, hatch = style.GROUP_COLOURS[group], style.GROUP_HATCHES[group]
        ax.barh(
            places,
            mine["share"].fillna(0),
            height=height * 0.92,
            align="edge",
            label=style.group_name(group),
            color=colour if not hatch else "white",
            edgecolor=colour,
            hatch=hatch,
        )
        _in_words(ax, [place + height / 2 for place in places], said[mine.index], colour, height * 0.92)
    ax.set_yticks([k + 0.4 for k in range(len(labels))], labels)
    ax.invert_yaxis()
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of the group's accounts"))
    ax.set_ylabel(_("age at first post here"))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")
    return ax


def _somebody(table: pd.DataFrame, number: str) -> pd.DataFrame:
    """The rows that are about somebody: not those of nobody, and not what no export could tell."""
    told = ~recorded.rows(table)
    if "n" in table:
        return table[told & ~table["n"].eq(0).fillna(False).astype(bool)]
    words_ = style.kinds(table, "accounts" if "accounts" in table else number).map(bool)
    return table[told & (table[number].notna() | words_)]


def _said(table: pd.DataFrame, number: str, size: str = "n") -> pd.Series:
    """How each share is told; *fewer than 10* where the row is about so few."""
    few = style.kinds(table, size).map(lambda kind: bool(kind) and kind[0] == "small")
    return style.kinds(table, number).mask(
        few, pd.Series([["small"]] * len(table), table.index, dtype=object)
    )


def _in_words(ax: Axes, places: Sequence[float], said: pd.Series, colour: str, width: float = 0.16) -> None:
    """What stands in words beside a level: a hatched band over all that a share may be, else the words."""
    for place, kind in zip(places, said, strict=True):
        if not kind or kind[0] == "of":
            continue
        ends = None if kind[0] == "small" else style.reach(kind)
        if ends:
            look: dict[str, Any] = {
                "facecolor": "none",
                "edgecolor": colour,
                "hatch": "////",
                "linewidth": 0.4,
            }
            ax.barh(place, ends[1] - ends[0], width, left=ends[0], **look)
        elif kind[0] in ("small", "withheld"):
            ax.text(0.002, place, words.instead(kind), va="center", fontsize=7, color=colour)


def _share(value: float, kind: Sequence[Any]) -> str:
    return words.instead(kind) or percent(value)


def alt_age_at_first_post(table: pd.DataFrame) -> str:
    """The largest class of each group."""
    parts = []
    said = _said(table, "share", "accounts")
    for group in _groups(table):
        mine = table[(table["group"] == group) & table["share"].notna()]
        if mine.empty:
            continue
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: the largest class is {label} with {share}").format(
                group=style.group_name(group),
                label=_age_label(top.age_from_days, top.age_to_days),
                share=_share(top.share, said[top.name]),
            )
        )
    return _("Bars of account age at the first post here. {parts}.").format(
        parts=_("; ").join(parts) or style.untold(said)
    ) + style.ranges(said)


def _plot_shares(
    table: pd.DataFrame, labels: list[str], key: str, ax: Axes, xlabel: str, said: pd.Series
) -> Axes:
    """Points with intervals: one row per label, groups side by side; what stands in words is a band or said."""
    groups = _groups(table)
    for i, group in enumerate(groups):
        mine = table[table["group"] == group]
        places = [labels.index(v) + (i - (len(groups) - 1) / 2) * 0.2 for v in mine[key]]
        ax.errorbar(
            mine["estimate"].astype(float),
            places,
            xerr=style.errors(mine),
            fmt=style.GROUP_MARKERS[group],
            color=style.GROUP_COLOURS[group],
            capsize=3,
            label=style.group_name(group),
        )
        _in_words(ax, places, said[mine.index], style.GROUP_COLOURS[group])
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlabel(xlabel)
    ax.set_xlim(-0.02, 1.02)
    style.percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")
    return ax


def _alt_shares(table: pd.DataFrame, key: str, names: dict[str, str]) -> str:
    """Each share of a table in words."""
    said = _said(table, "estimate")
    return _("; ").join(
        _("{group}, {what}: {share}").format(
            group=style.group_name(r.group),
            what=_(names[getattr(r, key)]),
            share=_share(r.estimate, said[r.Index]),
        )
        for r in _somebody(table, "estimate").itertuples()
    ) or _("Nothing to show")


def plot_empty_profiles(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of profiles whose field is empty, with 95 % intervals, by group."""
    ax = style.axes(ax, (7.2, 2.8))
    said, shown = _said(table, "estimate"), _somebody(table, "estimate")
    if shown.empty:
        return style.nothing(ax, _("No export has profile texts."))
    fields = list(dict.fromkeys(shown["profile_field"]))
    _plot_shares(shown, fields, "profile_field", ax, _("share of accounts"), said)
    ax.set_yticks(range(len(fields)), [_(FIELD_NAMES[f]) for f in fields])
    return ax


def alt_empty_profiles(table: pd.DataFrame) -> str:
    """Each share in words."""
    return _("Points with intervals: share of empty profiles. {parts}.").format(
        parts=_alt_shares(table, "profile_field", FIELD_NAMES)
    )


DIRECTION_NAMES = {"followers": N_("has no followers"), "following": N_("follows nobody")}


def plot_no_followers(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts without followers, and following nobody, with 95 % intervals."""
    ax = style.axes(ax, (7.2, 2.4))
    said, shown = _said(table, "estimate"), _somebody(table, "estimate")
    if shown.empty:
        return style.nothing(ax, _("No export has numbers of followers."))
    directions = list(dict.fromkeys(shown["direction"]))
    _plot_shares(shown, directions, "direction", ax, _("share of accounts"), said)
    ax.set_yticks(range(len(directions)), [_(DIRECTION_NAMES[d]) for d in directions])
    return ax


def alt_no_followers(table: pd.DataFrame) -> str:
    """Each share in words."""
    return _("Points with intervals: accounts without followers or following nobody. {parts}.").format(
        parts=_alt_shares(table, "direction", DIRECTION_NAMES)
    )
