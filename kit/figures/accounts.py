"""Pictures of account dates, ages, followers and profiles."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import N_, _, date, number, percent

FIELD_NAMES = {"bio": N_("no bio"), "location": N_("no location"), "profile_url": N_("no link")}


def _groups(table: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(table["group"]))


def plot_creations(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts made in each period, one panel per group (first group only when `ax` is given)."""
    groups = _groups(table)
    if not groups:
        return style.nothing(style.axes(ax), _("No account has a known date."))
    grid = [ax] * len(groups) if ax is not None else style.panels(len(groups))
    for group, panel in zip(groups, grid, strict=True):
        mine = table[table["group"] == group]
        starts = pd.to_datetime(mine["period_start"])
        width = _step(starts) * 0.92
        colour, hatch = style.GROUP_COLOURS[group], style.GROUP_HATCHES[group]
        face = colour if not hatch else "white"
        panel.bar(
            starts,
            mine["accounts"].fillna(0),
            width=width,
            align="edge",
            color=face,
            edgecolor=colour,
            hatch=hatch,
            linewidth=0.4,
        )
        _withheld(panel, starts[mine["accounts"].isna()], width)
        panel.set_title(style.group_name(group))
        panel.set_ylabel(_("accounts"))
        style.number_axis(panel.yaxis)
        panel.grid(axis="x", visible=False)
    style.date_axis(grid[-1].xaxis)
    grid[-1].set_xlabel(_("date the account was made (UTC)"))
    return grid[0]


def _withheld(panel: Axes, starts: pd.Series, width: float) -> None:
    """Mark periods whose count is withheld, so that they are not read as empty."""
    if not starts.empty:
        height = max(1.0, panel.get_ylim()[1] * 0.06)
        panel.bar(
            starts, height, width=width, align="edge", color="#DDD8CC", label=_("withheld (small count)")
        )
        panel.legend(loc="upper left")


def _step(starts: pd.Series) -> float:
    gaps = starts.sort_values().diff().dt.days
    return float(gaps[gaps > 0].min()) if (gaps > 0).any() else 1.0


def alt_creations(table: pd.DataFrame) -> str:
    """Where the largest bar of each group stands."""
    parts = []
    for group in _groups(table):
        mine = table[(table["group"] == group) & table["accounts"].notna()]
        if mine.empty:
            continue
        top = mine.loc[mine["accounts"].astype(float).idxmax()]
        parts.append(
            _("{group}: most accounts in one period, {accounts}, from {day} on").format(
                group=style.group_name(group),
                accounts=number(int(top.accounts)),
                day=date(str(top.period_start)[:10]),
            )
        )
    hidden = int(table["accounts"].isna().sum())
    if hidden:
        parts.append(_("{n} periods are withheld because of small counts").format(n=number(hidden)))
    return _("Bar charts of accounts by the date they were made. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def _age_label(start: int, end: Any) -> str:
    if pd.isna(end):
        return _("{n} years and more").format(n=start // 365)
    if int(end) >= 730:
        return _("{a}–{b} years").format(a=max(1, start // 365), b=int(end) // 365)
    return _("{a}–{b} days").format(a=start, b=int(end) - 1)


def plot_age_at_first_post(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts in each age class, groups beside each other."""
    groups = [g for g in _groups(table) if table.loc[table["group"] == g, "share"].notna().any()]
    ax = style.axes(ax, (7.2, 4.2))
    if not groups:
        return style.nothing(ax, _("No account has both a date and a dated post."))
    labels = [
        _age_label(r.age_from_days, r.age_to_days) for r in table[table["group"] == groups[0]].itertuples()
    ]
    height = 0.8 / len(groups)
    for i, group in enumerate(groups):
        mine = table[table["group"] == group]
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
        for place in [p for p, share in zip(places, mine["share"], strict=True) if pd.isna(share)]:
            ax.text(
                0.002, place + height / 2, _("withheld (small count)"), va="center", fontsize=7, color=colour
            )
    ax.set_yticks([k + 0.4 for k in range(len(labels))], labels)
    ax.invert_yaxis()
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of the group's accounts"))
    ax.set_ylabel(_("age at first post here"))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")
    return ax


def alt_age_at_first_post(table: pd.DataFrame) -> str:
    """The largest class of each group."""
    parts = []
    for group in _groups(table):
        mine = table[(table["group"] == group) & table["share"].notna()]
        if mine.empty:
            continue
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: the largest class is {label} with {share}").format(
                group=style.group_name(group),
                label=_age_label(top.age_from_days, top.age_to_days),
                share=percent(top.share),
            )
        )
    return _("Bars of account age at the first post here. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def _plot_shares(table: pd.DataFrame, labels: list[str], key: str, ax: Axes, xlabel: str) -> Axes:
    """Points with intervals: one row per label, groups side by side; a row without its share is withheld."""
    groups = _groups(table)
    for i, group in enumerate(groups):
        mine = table[table["group"] == group]
        places = [labels.index(v) + (i - (len(groups) - 1) / 2) * 0.2 for v in mine[key]]
        ax.errorbar(
            mine["estimate"],
            places,
            xerr=style.errors(mine),
            fmt=style.GROUP_MARKERS[group],
            color=style.GROUP_COLOURS[group],
            capsize=3,
            label=style.group_name(group),
        )
        for place in [p for p, share in zip(places, mine["estimate"], strict=True) if pd.isna(share)]:
            ax.text(
                0,
                place,
                _("withheld (small count)"),
                va="center",
                fontsize=7,
                color=style.GROUP_COLOURS[group],
            )
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")
    return ax


def plot_empty_profiles(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of profiles whose field is empty, with 95 % intervals, by group."""
    ax = style.axes(ax, (7.2, 2.8))
    table = table[table["n"] > 0]
    if table.empty:
        return style.nothing(ax, _("No export has profile texts."))
    fields = list(dict.fromkeys(table["profile_field"]))
    _plot_shares(table, fields, "profile_field", ax, _("share of accounts"))
    ax.set_yticks(range(len(fields)), [_(FIELD_NAMES[f]) for f in fields])
    ax.set_xlim(-0.02, 1.02)
    style.percent_axis(ax.xaxis)
    return ax


def alt_empty_profiles(table: pd.DataFrame) -> str:
    """Each share in words."""
    parts = [
        _("{group}, {field}: {share}").format(
            group=style.group_name(r.group), field=_(FIELD_NAMES[r.profile_field]), share=percent(r.estimate)
        )
        for r in table.dropna(subset=["estimate"]).itertuples()
    ]
    return _("Points with intervals: share of empty profiles. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


DIRECTION_NAMES = {"followers": N_("has no followers"), "following": N_("follows nobody")}


def plot_followers(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts without followers, and following nobody, with 95 % intervals."""
    ax = style.axes(ax, (7.2, 2.4))
    table = table[(table["statistic"] == "share_zero") & (table["n"] > 0)]
    if table.empty:
        return style.nothing(ax, _("No export has numbers of followers."))
    directions = list(dict.fromkeys(table["direction"]))
    _plot_shares(table, directions, "direction", ax, _("share of accounts"))
    ax.set_yticks(range(len(directions)), [_(DIRECTION_NAMES[d]) for d in directions])
    ax.set_xlim(-0.02, 1.02)
    style.percent_axis(ax.xaxis)
    return ax


def alt_followers(table: pd.DataFrame) -> str:
    """Each share in words."""
    rows = table[table["statistic"] == "share_zero"].dropna(subset=["estimate"])
    parts = [
        _("{group}, {direction}: {share}").format(
            group=style.group_name(r.group),
            direction=_(DIRECTION_NAMES[r.direction]),
            share=percent(r.estimate),
        )
        for r in rows.itertuples()
    ]
    return _("Points with intervals: accounts without followers or following nobody. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
