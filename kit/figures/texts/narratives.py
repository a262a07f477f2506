"""Pictures of narratives: towards whom, when, and beside how much everyday content."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import _, number, percent

LINES = 6  # lines of one chart: more cannot be told apart
_COLOURS = ("#B3432B", "#1F6FB2", "#2E7D4F", "#C98A1B", "#7A4FA3", "#555555")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))


def _none() -> str:
    return _("The report has no codebook, or no post has text: there is no narrative to count.")


def plot_narratives(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each group's posts with each code, with intervals."""
    shown = table[table["group"] != "context"].dropna(subset=["estimate"])
    codes = list(dict.fromkeys(shown["label"]))
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(codes) + 1.1)))
    if shown.empty:
        return style.nothing(ax, _none())
    for i, (group, mine) in enumerate(shown.groupby("group", sort=False)):
        name = str(group)
        at = [codes.index(label) + (i - 0.5) * 0.22 for label in mine["label"]]
        ends = [
            (mine["estimate"] - mine["low"]).clip(lower=0),
            (mine["high"] - mine["estimate"]).clip(lower=0),
        ]
        ax.errorbar(
            mine["estimate"],
            at,
            xerr=[end.fillna(0) for end in ends],
            fmt=style.GROUP_MARKERS[name],
            color=style.GROUP_COLOURS[name],
            capsize=3,
            label=style.group_name(name),
        )
    ax.set_yticks(range(len(codes)), [style.label(code) for code in codes])
    ax.invert_yaxis()
    ax.set_xlim(
        left=-0.02 * float(shown["high"].fillna(shown["estimate"]).max()) - 0.001
    )  # room for a mark at 0
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of posts with the code"))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")
    return ax


def alt_narratives(table: pd.DataFrame) -> str:
    """The codes with the largest share of the studied group, each beside the control's."""
    mine = table[table["group"] == "studied"].dropna(subset=["estimate"])
    if mine.empty:
        return _("Nothing to show: no share of posts with a code is known.")
    control = table[table["group"] == "control"].set_index("code")["estimate"]
    parts = [
        _("{code}: studied {share}, control {control}").format(
            code=style.label(r.label), share=percent(r.estimate), control=percent(control.get(r.code))
        )
        for r in mine.sort_values("estimate", ascending=False, kind="stable").head(5).itertuples()
    ]
    return _("Shares of posts by code. {parts}.").format(parts=_("; ").join(parts))


def plot_narrative_targets(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heatmap: share of the studied posts to each roster category that carry each code."""
    grid = _grid(table)
    ax = style.axes(ax, (7.2, max(2.4, 0.45 * len(grid) + 1.4)))
    if grid.empty or not grid.notna().any(axis=None):
        return style.nothing(ax, _("No post with a code addresses an account of the roster."))
    values = grid.to_numpy(float)
    image = ax.imshow(values, cmap="Blues", vmin=0, vmax=max(0.01, float(grid.max(axis=None))), aspect="auto")
    for row in range(values.shape[0]):
        for place in range(values.shape[1]):
            dark = values[row, place] > 0.6 * image.norm.vmax  # type: ignore[operator]
            text = percent(float(values[row, place]))
            ax.text(
                place, row, text, ha="center", va="center", color="white" if dark else "#222222", fontsize=9
            )
    ax.set_xticks(range(len(grid.columns)), [style.label(c) or _("no category") for c in grid.columns])
    ax.set_yticks(range(len(grid)), [style.label(code) for code in grid.index])
    ax.set_xlabel(_("category of the account addressed"))
    ax.grid(visible=False)
    return ax


def _grid(table: pd.DataFrame) -> pd.DataFrame:
    """Label by category: shares of the studied group in the table's order."""
    mine = table[table["group"] == "studied"]
    grid = mine.pivot_table(index="label", columns="category", values="estimate", sort=False, dropna=False)
    return grid.reindex(index=list(dict.fromkeys(mine["label"])))


def alt_narrative_targets(table: pd.DataFrame) -> str:
    """The largest cell of the heatmap, and how many there are."""
    mine = table[table["group"] == "studied"].dropna(subset=["estimate"])
    if mine.empty:
        return _("Nothing to show: no post with a code addresses an account of the roster.")
    top = mine.loc[mine["estimate"].idxmax()]
    return _(
        "Heatmap of {codes} codes by {categories} categories of the roster; the largest share of studied posts is"
        " {share}: {code} towards {category}."
    ).format(
        codes=number(mine["code"].nunique()),
        categories=number(mine["category"].nunique()),
        share=percent(float(top["estimate"])),
        code=style.label(top["label"]),
        category=style.label(top["category"]) or _("no category"),
    )


def plot_narrative_days(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts of the studied group with each of its commonest codes, by day or week."""
    ax = style.axes(ax)
    series = _series(table)
    if not series:
        return style.nothing(ax, _none())
    for (label, mine), colour, dash in zip(series.items(), _COLOURS, _DASHES, strict=False):
        days = pd.to_datetime(mine["period_start"])
        ax.plot(days, mine["posts"].astype(float), linestyle=dash, color=colour, label=style.label(label))
    ax.set_ylim(bottom=0)
    weekly = style.weekly(table["period_start"])
    ax.set_ylabel(
        _("studied posts with the code, a week") if weekly else _("studied posts with the code, a day")
    )
    style.number_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best", fontsize=8)
    return ax


def _series(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The studied group's rows by label, the commonest codes first."""
    mine = table[(table["group"] == "studied") & table["posts"].notna()]
    totals = mine.groupby("label", sort=False)["posts"].sum().sort_values(ascending=False, kind="stable")
    return {str(name): mine[mine["label"] == name] for name in totals[totals > 0].head(LINES).index}


def alt_narrative_days(table: pd.DataFrame) -> str:
    """Each line's peak."""
    parts = []
    for label, mine in _series(table).items():
        top = mine.loc[mine["posts"].astype(float).idxmax()]
        most = _("{code}: most on {day}, {n} posts")
        if style.weekly(table["period_start"]):
            most = _("{code}: most in the week of {day}, {n} posts")
        parts.append(
            most.format(
                code=style.label(label), day=style.day(top["period_start"]), n=number(int(top["posts"]))
            )
        )
    return _("Lines of studied posts by code. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show: no post carries a code")
    )


def plot_camouflage(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts by the campaign share of their posts, from everyday only to campaign only."""
    ax = style.axes(ax, (7.2, 3.0))
    known = table.dropna(subset=["share"])
    if known.empty:
        return style.nothing(ax, _("No account has enough campaign or everyday posts."))
    first = table.drop_duplicates(["share_from", "share_to"]).sort_values(["share_from", "share_to"])
    classes = list(zip(first["share_from"], first["share_to"], strict=True))

    def places(mine: pd.DataFrame, i: int) -> list[float]:
        ends = zip(mine["share_from"], mine["share_to"], strict=True)
        return [classes.index(c) + (i - 0.5) * 0.38 for c in ends]

    hidden: list[float] = []
    for i, (group, rows) in enumerate(table.groupby("group", sort=False)):
        name = str(group)
        hidden += places(rows[rows["accounts"].isna()], i)
        mine = rows.dropna(subset=["share"])
        at = places(mine, i)
        ax.bar(
            at,
            mine["share"].astype(float),
            width=0.36,
            color=style.GROUP_COLOURS[name],
            hatch=style.GROUP_HATCHES[name],
            label=style.group_name(name),
        )
    style.withheld(ax, hidden)
    ax.set_xticks(range(len(classes)), [_class(*c) for c in classes], fontsize=9)
    ax.set_xlabel(_("share of campaign posts among an account's campaign and everyday posts"))
    ax.set_ylabel(_("share of accounts"))
    style.percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.legend(loc="best")
    return ax


def _class(start: float, end: float) -> str:
    return percent(end) if start == end else f"{number(round(100 * start))}–{percent(end)}"


def alt_camouflage(table: pd.DataFrame) -> str:
    """Each group's share of accounts with everyday content only, campaign content only, and both."""
    parts = []
    for group, mine in table.dropna(subset=["share"]).groupby("group", sort=False):
        ends = mine.set_index(["share_from", "share_to"])["share"]
        only = [float(ends.get((x, x), float("nan"))) for x in (0.0, 1.0)]
        parts.append(
            _("{group}: everyday content only {everyday}, campaign content only {campaign}").format(
                group=style.group_name(str(group)), everyday=percent(only[0]), campaign=percent(only[1])
            )
        )
    said = _("Bars of accounts by the campaign share of their posts. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show: no account has enough such posts")
    )
    return said + style.crosses(table["accounts"].isna())


def plot_camouflage_weeks(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of campaign content by week with its interval, for each group."""
    ax = style.axes(ax)
    known = table.dropna(subset=["estimate"])
    if known.empty:
        return style.nothing(ax, _("No post carries a campaign or an everyday code."))
    for group, mine in table.groupby("group", sort=False):  # a line breaks where a week is withheld
        name, days = str(group), pd.to_datetime(mine["period_start"])
        low, high = (mine[c].astype(float).fillna(mine["estimate"].astype(float)) for c in ("low", "high"))
        style.withheld(ax, days[style.hidden(mine)], style.GROUP_COLOURS[name])
        ax.fill_between(days, low, high, color=style.GROUP_COLOURS[name], alpha=0.18, linewidth=0)
        ax.plot(
            days,
            mine["estimate"].astype(float),
            style.GROUP_LINES[name],
            marker=style.GROUP_MARKERS[name],
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
    ax.set_ylim(-0.02, 1.02)
    style.percent_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.set_ylabel(_("campaign share of campaign and everyday posts"))
    ax.legend(loc="best")
    return ax


def alt_camouflage_weeks(table: pd.DataFrame) -> str:
    """Each group's first and last week."""
    parts = []
    for group, mine in table.dropna(subset=["estimate"]).groupby("group", sort=False):
        first, last = mine.iloc[0], mine.iloc[-1]
        parts.append(
            _("{group}: {first} in the week of {day}, {last} in that of {other}").format(
                group=style.group_name(str(group)),
                first=percent(float(first["estimate"])),
                day=style.day(first["period_start"]),
                last=percent(float(last["estimate"])),
                other=style.day(last["period_start"]),
            )
        )
    said = _("Lines of the share of campaign posts by week. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show: no post carries such a code")
    )
    return said + style.crosses(style.hidden(table))
