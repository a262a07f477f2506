"""Pictures of whom a group addresses and how much of the replies it writes."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import _, number, percent
from kit.schema import platform_name

SHOWN = 15  # bars of a ranking: more cannot be read


def plot_ranking(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts to each of the studied group's accounts addressed most."""
    mine = _first(table)
    ax = style.axes(ax, (7.2, max(2.0, 0.3 * len(mine) + 0.9)))
    if mine.empty:
        return style.nothing(ax, _("No account addressed is known."))
    places = range(len(mine))
    ax.barh(places, mine["posts"], color=style.GROUP_COLOURS["studied"], height=0.7)
    ax.set_yticks(
        list(places),
        [
            f"{style.label(t)} · {platform_name(p)}"
            for t, p in zip(mine["target"], mine["platform"], strict=True)
        ],
    )
    ax.invert_yaxis()
    ax.set_xlabel(_("posts of studied accounts"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return ax


def _first(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["group"] == "studied") & table["posts"].notna()].head(SHOWN)


def alt_ranking(table: pd.DataFrame) -> str:
    """How many bars, and the longest and shortest."""
    mine = _first(table)
    if mine.empty:
        return _("Nothing to show: no account addressed by studied accounts is known.")
    return _(
        "Bars of the {n} accounts that studied accounts address most, from {most} posts down to {least}."
    ).format(
        n=number(len(mine)), most=number(int(mine["posts"].max())), least=number(int(mine["posts"].min()))
    )


def plot_reply_domination(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Number of posts by the studied accounts' share of all their replies."""
    ax = style.axes(ax, (7.2, 3.0))
    if table.empty:
        return style.nothing(
            ax, _("Other people's replies were not collected: their share of all replies cannot be known.")
        )
    places = range(len(table))
    ax.bar(places, table["posts_answered"], color=style.GROUP_COLOURS["studied"], width=0.8)
    ax.set_xticks(list(places), [_class(r.share_from, r.share_to) for r in table.itertuples()], fontsize=9)
    ax.set_xlabel(_("share of all replies under a post that studied accounts wrote"))
    ax.set_ylabel(_("posts"))
    style.number_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    return ax


def _class(start: float, end: float) -> str:
    return percent(1.0) if start == 1 else f"{number(round(100 * start))}–{percent(end)}"


def alt_reply_domination(table: pd.DataFrame) -> str:
    """How many posts in all, and how many with studied replies only."""
    if table.empty:
        return _("Nothing to show: other people's replies were not collected.")
    whole = table.loc[table["share_from"] == 1, "posts_answered"]
    return _("Bars: of {n} posts that studied accounts answered, {k} drew replies from them alone.").format(
        n=number(int(table["posts_answered"].sum())), k=number(int(whole.sum()))
    )


def plot_discovery(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts addressed so far, day by day."""
    ax = style.axes(ax)
    if table.empty:
        return style.nothing(ax, _("No account addressed is known."))
    for group, mine in table.groupby("group", sort=False):
        name = str(group)
        ax.step(
            pd.to_datetime(mine["day"]),
            mine["targets_so_far"],
            style.GROUP_LINES[name],
            where="post",
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_("accounts addressed so far"))
    style.number_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best")
    return ax


def alt_discovery(table: pd.DataFrame) -> str:
    """Where each curve ends, and where it was half-way."""
    parts = []
    for group, mine in table.groupby("group", sort=False):
        total = int(mine["targets_so_far"].max())
        half = mine.loc[mine["targets_so_far"] >= total / 2, "day"].iloc[0]
        parts.append(
            _("{group}: {n} accounts in all, half of them by {day}").format(
                group=style.group_name(str(group)), n=number(total), day=style.day(half)
            )
        )
    return _("Step curves of accounts addressed so far. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def plot_roster_shares(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts by roster category with intervals; the category's share of the roster as a bar."""
    categories = list(dict.fromkeys(table["category"]))
    ax = style.axes(ax, (7.2, max(2.0, 0.55 * len(categories) + 1.1)))
    if table.empty:
        return style.nothing(ax, _("No account of the roster is addressed."))
    sizes = table.drop_duplicates("category").set_index("category")["roster_share"]
    places = range(len(categories))
    ax.barh(places, sizes[categories], color="#E8E2D6", height=0.8, label=_("share of the roster"))
    for i, (group, mine) in enumerate(table.dropna(subset=["estimate"]).groupby("group", sort=False)):
        name = str(group)
        at = [categories.index(c) + (i - 0.5) * 0.25 for c in mine["category"]]
        ax.errorbar(
            mine["estimate"],
            at,
            xerr=style.errors(mine),
            fmt=style.GROUP_MARKERS[name],
            color=style.GROUP_COLOURS[name],
            capsize=3,
            label=style.group_name(name),
        )
    ax.set_yticks(list(places), [style.label(c) or _("no category") for c in categories])
    ax.invert_yaxis()
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of posts that address the roster"))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize=8)
    return ax


def alt_roster_shares(table: pd.DataFrame) -> str:
    """Each category's share of the studied posts beside its share of the roster."""
    mine = table[(table["group"] == "studied")].dropna(subset=["estimate"])
    parts = [
        _("{category}: {share} of the studied posts, {roster} of the roster").format(
            category=r.category or _("no category"), share=percent(r.estimate), roster=percent(r.roster_share)
        )
        for r in mine.itertuples()
    ]
    return _("Shares by roster category. {parts}.").format(parts=_("; ").join(parts) or _("Nothing to show"))
