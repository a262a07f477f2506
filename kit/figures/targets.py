"""Pictures of whom a group addresses and how much of the replies it writes."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.locale import _, number, percent

SHOWN = 15  # bars of a ranking: more cannot be read
PERSONS = ("member", "account")  # rows of one person, not of all together who may not be named


def plot_ranking(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts to each of the people whom the studied group addresses most."""
    mine = _first(table)
    ax = style.axes(ax, (7.2, max(2.0, 0.3 * len(mine) + 0.9)))
    if mine.empty:
        return style.nothing(ax, _nobody(table))
    places = range(len(mine))
    ax.barh(places, mine["posts"].astype(float), color=style.GROUP_COLOURS["studied"], height=0.7)
    style.lying(ax, places, mine["said"])
    ax.set_yticks(list(places), [style.label(t) for t in mine["target"]])
    ax.invert_yaxis()
    ax.set_xlabel(_("posts of studied accounts"))
    style.number_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return ax


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """The first people addressed by studied accounts, and how the number of posts is said."""
    told = table.assign(said=style.kinds(table, "posts"))
    return told[(told["group"] == "studied") & told["who"].isin(PERSONS)].head(SHOWN)


def _nobody(table: pd.DataFrame) -> str:
    if (table["group"] == "studied").any():
        return _("Nobody is addressed who may be named.")
    return _("No account addressed is known.")


def alt_ranking(table: pd.DataFrame) -> str:
    """How many bars, whose is the longest, the shortest, and how much goes to those who are not named."""
    mine = _first(table)
    others = table[(table["group"] == "studied") & ~table["who"].isin(PERSONS)].dropna(subset=["posts"])
    rest = "".join(
        " " + _("Not drawn: {who}, {n} posts.").format(who=words.term(r.who), n=number(int(r.posts)))
        for r in others.itertuples()
    )
    if mine.empty:
        return _("Nothing to show: {why}").format(why=_nobody(table)) + rest
    told = mine.dropna(subset=["posts"])
    if told.empty:
        return style.untold(mine["said"]) + "." + style.ranges(mine["said"]) + rest
    said = _(
        "Bars of the {n} people whom studied accounts address most, from {first} with {most} posts down to {least}."
    ).format(
        n=number(len(mine)),
        first=style.label(told["target"].iloc[0]),
        most=number(int(told["posts"].max())),
        least=number(int(told["posts"].min())),
    )
    return said + style.ranges(mine["said"]) + rest


def plot_reply_domination(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Number of posts by the studied accounts' share of all their replies."""
    ax = style.axes(ax, (7.2, 3.0))
    if table.empty:
        return style.nothing(
            ax, _("Other people's replies were not collected: their share of all replies cannot be known.")
        )
    places = range(len(table))
    colour = style.GROUP_COLOURS["studied"]
    ax.bar(places, table["posts_answered"].astype(float), color=colour, width=0.8)
    ends = [place - 0.4 for place in places], [place + 0.4 for place in places]
    style.bands(ax, *ends, style.kinds(table, "posts_answered"), colour)
    ax.set_xticks(list(places), [_class(r.share_from, r.share_to) for r in table.itertuples()], fontsize=9)
    ax.set_xlabel(_("share of all replies under a post that studied accounts wrote"))
    ax.set_ylabel(_("posts"))
    ax.set_ylim(bottom=0)
    style.number_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    return ax


def _class(start: float, end: float) -> str:
    return percent(1.0) if start == 1 else f"{number(round(100 * start))}–{percent(end)}"


def alt_reply_domination(table: pd.DataFrame) -> str:
    """How many posts in all, and how many with studied replies only."""
    if table.empty:
        return _("Nothing to show: other people's replies were not collected.")
    said = style.kinds(table, "posts_answered")
    told = table.dropna(subset=["posts_answered"])
    if told.empty:
        return style.untold(said) + "." + style.ranges(said)
    n, alone = number(int(told["posts_answered"].sum())), told.loc[told["share_from"] == 1, "posts_answered"]
    if len(told) < len(table) or alone.empty:
        text = _("Bars of posts that studied accounts answered, {n} in the bars that have a number.").format(
            n=n
        )
    else:
        text = _(
            "Bars: of {n} posts that studied accounts answered, {k} drew replies from them alone."
        ).format(n=n, k=number(int(alone.sum())))
    return text + style.ranges(said)


def _until(table: pd.DataFrame) -> str:
    """The column with the last day of each stretch: in public days are joined."""
    return "day_to" if "day_to" in table else "day"


def plot_discovery(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts addressed so far, at the end of each day or stretch of days."""
    ax = style.axes(ax)
    if table.empty:
        return style.nothing(ax, _("No account addressed is known."))
    said = style.kinds(table, "targets_so_far")
    for group, mine in table.groupby("group", sort=False):
        name = str(group)
        ax.step(
            pd.to_datetime(mine[_until(table)]),
            mine["targets_so_far"].astype(float),
            style.GROUP_LINES[name],
            where="post",
            marker=style.GROUP_MARKERS[name] if "day_to" in table else None,
            markersize=3,
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
        first, last = (pd.to_datetime(mine[c]).tolist() for c in ("day", _until(table)))
        style.bands(ax, first, last, said[mine.index].tolist(), style.GROUP_COLOURS[name])
    ax.set_ylim(bottom=0)
    ax.set_ylabel(_("accounts addressed so far"))
    style.number_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best")
    return ax


def alt_discovery(table: pd.DataFrame) -> str:
    """Where each curve ends, and where it was half-way."""
    said = style.kinds(table, "targets_so_far")
    parts = []
    for group, mine in table.groupby("group", sort=False):
        name, total = style.group_name(str(group)), mine["targets_so_far"].max()
        if pd.isna(total):
            parts.append(f"{name}: {words.instead(said[mine.index[-1]])}")
            continue
        half = mine.loc[mine["targets_so_far"] >= total / 2, _until(table)].iloc[0]
        parts.append(
            _("{group}: {n} accounts in all, half of them by {day}").format(
                group=name, n=number(int(total)), day=style.day(half)
            )
        )
    return _("Step curves of accounts addressed so far. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    ) + style.ranges(said)


def plot_roster_shares(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts by roster category beside what chance leaves to it; the category's share of the roster as a bar."""
    categories = list(dict.fromkeys(table["category"]))
    ax = style.axes(ax, (7.2, max(2.4, 0.6 * len(categories) + 1.6)))
    if table.empty:
        return style.nothing(ax, _("No account of the roster is addressed."))
    places = range(len(categories))
    sizes = table.assign(said=style.kinds(table, "roster_share")).drop_duplicates("category")
    sizes = sizes.set_index("category").loc[categories]
    shares = sizes["roster_share"].astype(float)
    ax.barh(places, shares, color="#E8E2D6", height=0.8, label=_("share of the roster"))
    style.lying(ax, places, sizes["said"])
    for i, (group, mine) in enumerate(table.dropna(subset=["estimate"]).groupby("group", sort=False)):
        name = str(group)
        at = [categories.index(c) + (i - 0.5) * 0.3 for c in mine["category"]]
        colour = style.GROUP_COLOURS[name]
        ends = mine["dealt_low"].astype(float), mine["dealt_high"].astype(float)
        chance = _("{group}: range that chance leaves").format(group=style.group_name(name))
        ax.hlines(
            at, *ends, color=colour, alpha=0.35, linewidth=6, linestyle=style.GROUP_LINES[name], label=chance
        )
        marker = style.GROUP_MARKERS[name]
        ax.plot(mine["estimate"].astype(float), at, marker, color=colour, label=_posts_of(name))
    ax.set_yticks(list(places), [style.label(c) or _("no category") for c in categories])
    ax.invert_yaxis()
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of posts that address the roster"))
    ax.set_title("\n".join(_tested(table)), fontsize=9, fontweight="normal")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2, fontsize=8)
    return ax


def _posts_of(group: str) -> str:
    return _("{group}: share of posts").format(group=style.group_name(group))


def _tested(table: pd.DataFrame) -> list[str]:
    """For each group what its test says: the same as the picture."""
    said = []
    for group, mine in table.dropna(subset=["p"]).groupby("group", sort=False):
        beyond = [
            style.label(c) or _("no category") for c in mine.loc[mine["beyond"].astype(bool), "category"]
        ]
        names = {"group": style.group_name(str(group)), "p": words.written(float(mine["p"].iloc[0]), "p")}
        if beyond:
            found = _("{group}: beyond what chance leaves: {categories} (p = {p}).")
            said.append(found.format(categories=", ".join(beyond), **names))
        else:
            said.append(_("{group}: no category beyond what chance leaves (p = {p}).").format(**names))
    return [text.replace("p = <", "p <") for text in said]


def alt_roster_shares(table: pd.DataFrame) -> str:
    """What the test says, and each category's share of the studied posts beside its share of the roster."""
    sizes = style.kinds(table, "roster_share")
    mine = table[(table["group"] == "studied")].dropna(subset=["estimate"])
    parts = [
        _(
            "{category}: {share} of the studied posts, by chance {low} to {high}, {roster} of the roster"
        ).format(
            category=r.category or _("no category"),
            share=percent(r.estimate),
            low=percent(r.dealt_low),
            high=percent(r.dealt_high),
            roster=words.instead(sizes[r.Index]) or percent(r.roster_share),
        )
        for r in mine.itertuples()
    ]
    said = _("Shares by roster category. {parts}.").format(
        parts=_("; ").join(parts) or style.untold(style.kinds(table, "estimate"))
    )
    return " ".join([said, *_tested(table)])
