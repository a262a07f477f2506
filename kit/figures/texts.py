"""Figures of texts: near-duplicates, languages, narratives, artefacts of keyboards. No post text stands in a picture."""

from __future__ import annotations

import pandas as pd
from babel import Locale
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.figures.timing import groups_of, panels
from kit.locale import N_, _, current, number, percent

__all__ = [
    "alt_camouflage",
    "alt_camouflage_weeks",
    "alt_language_artefacts",
    "alt_language_days",
    "alt_language_mix",
    "alt_narrative_days",
    "alt_narrative_targets",
    "alt_narratives",
    "alt_near_duplicate_days",
    "alt_near_duplicate_sizes",
    "alt_same_text_windows",
    "plot_camouflage",
    "plot_camouflage_weeks",
    "plot_language_artefacts",
    "plot_language_days",
    "plot_language_mix",
    "plot_narrative_days",
    "plot_narrative_targets",
    "plot_narratives",
    "plot_near_duplicate_days",
    "plot_near_duplicate_sizes",
    "plot_same_text_windows",
]


def _size(row: object) -> str:
    start, end = int(row.accounts_from), row.accounts_to  # type: ignore[attr-defined]
    return f"{number(start)}+" if pd.isna(end) else f"{number(start)}–{number(int(end))}"


def plot_near_duplicate_sizes(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How many texts are said by how many accounts, groups side by side."""
    ax = style.axes(ax, (7.2, 3.2))
    table = table.assign(said=style.kinds(table, "clusters") if len(table) else [])
    if not (table["clusters"].fillna(0).astype(float) > 0).any() and not table["said"].map(bool).any():
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
        left, right = ([x + side * width * 0.46 for x in at] for side in (-1, 1))
        style.bands(ax, left, right, list(mine["said"]), style.GROUP_COLOURS[group])
    ax.set_xticks(range(len(mine)), [_size(row) for row in mine.itertuples()])
    ax.set_yscale("symlog", linthresh=10)
    top = float(table["clusters"].astype(float).max())
    ax.set_ylim(0, 1.5 * max(10.0, top if top == top else 10.0))
    ticks = [0, *(10**k for k in range(1, 7) if 10**k <= 1.5 * top)]
    ax.set_yticks(sorted({*ticks, *(5 * t for t in ticks if 5 * t <= 1.5 * top)}))
    ax.set_xlabel(_("accounts of the group that say the same text"))
    ax.set_ylabel(_("texts"))
    style.number_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.legend(loc="best")
    return ax


def alt_near_duplicate_sizes(table: pd.DataFrame) -> str:
    """How many texts several accounts of each group say, and the largest class."""
    parts = []
    hidden = style.kinds(table, "clusters") if len(table) else pd.Series(dtype=object)
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
    bars = _("Bars: texts said by several accounts. {parts}.")
    return bars.format(parts=_("; ").join(parts) or style.untold(hidden)) + style.ranges(hidden)


def plot_near_duplicate_days(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each day's posts that repeat a text; days that are joined are one step."""
    ax = style.axes(ax, (7.2, 3.0))
    if table.empty:
        return style.nothing(ax, _("No post has both a text and a time."))
    for group, mine in _enough(table).groupby("group", sort=False):
        name = str(group)
        left, right = _span(mine, "day", "day_to")
        style.bands(ax, left, right, list(mine["said"]), style.GROUP_COLOURS[name])
        style.steps(
            ax,
            left,
            right,
            list(mine["share"].astype(float)),
            linestyle=style.GROUP_LINES[name],
            color=style.GROUP_COLOURS[name],
            label=style.group_name(name),
        )
    ax.set_ylim(0, None)
    style.percent_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.set_ylabel(_("share of the day's posts"))
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize=8)
    return ax


def _enough(table: pd.DataFrame) -> pd.DataFrame:
    """Days with ten posts or more, or whose number of posts is not said, with how their shares are shown."""
    table = table.assign(said=style.kinds(table, "share"))
    return table[table["n"].isna() | (table["n"].astype(float) >= 10)]


def _span(mine: pd.DataFrame, start: str, end: str, days: int = 1) -> tuple[list, list]:
    """The ends of the days (weeks) of a series, or of those that were joined; the right end is the day after."""
    left = pd.to_datetime(mine[start])
    right = (
        pd.to_datetime(mine[end]) + pd.Timedelta(days=1) if end in mine else left + pd.Timedelta(days=days)
    )
    return list(left), list(right)


def _when(row: pd.Series, start: str, end: str) -> str:
    """The day of a row, or the days that were joined."""
    first, last = style.day(row[start]), style.day(row.get(end, row[start]))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def alt_near_duplicate_days(table: pd.DataFrame) -> str:
    """The highest day of each group; days with fewer than ten posts are not drawn."""
    parts = []
    drawn = _enough(table) if len(table) else table
    for group, mine in drawn.dropna(subset=["share"]).groupby("group", sort=False):
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: at most {share}, on {day}").format(
                group=style.group_name(str(group)),
                share=percent(float(top["share"])),
                day=_when(top, "day", "day_to"),
            )
        )
    said = drawn["said"] if len(drawn) else pd.Series(dtype=object)
    lines = _("Lines: share of posts that repeat a text, days with ten posts or more. {parts}.")
    return lines.format(parts=_("; ").join(parts) or style.untold(said)) + style.ranges(said)


def plot_same_text_windows(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
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


def alt_same_text_windows(table: pd.DataFrame) -> str:
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


# told apart by lightness and hatching too; the last two are always "another language" and "unknown"
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++")
REST = {"other": N_("another language"), "und": N_("unknown")}
REST_COLOURS = {"other": "#8A8A8A", "und": "#DADADA"}


def language_name(code: str) -> str:
    """Name of a language in the reader's language."""
    if code in REST:
        return _(REST[code])
    return Locale.parse(current()).languages.get(code) or style.label(code)


def _languages(table: pd.DataFrame) -> list[str]:
    """Languages with a post, most posts first; another and unknown at the end."""
    totals = table.groupby("language")["posts"].sum()
    named = [c for c in totals[totals > 0].sort_values(ascending=False, kind="stable").index if c not in REST]
    return named + [c for c in REST if c in totals.index and totals[c] > 0]


def plot_language_mix(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each language in the posts of each group, with intervals."""
    codes = _languages(table)
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(codes) + 1.1)))
    if not codes:
        return style.nothing(ax, _("No post has a text."))
    shares(ax, table, "language", codes)
    ax.set_yticks(range(len(codes)), [language_name(c) for c in codes])
    ax.set_xlabel(_("share of the group's posts"))
    return ax


def shares(ax: Axes, table: pd.DataFrame, column: str, values: list[str]) -> None:
    """One row for each of `values` of `column`: the groups' shares as points with their intervals."""
    for i, group in enumerate(groups_of(table)):
        mine = table[(table["group"] == group) & table[column].isin(values)].dropna(subset=["estimate"])
        middle = mine["estimate"].astype(float)
        ax.errorbar(
            middle,
            [values.index(v) + (i - 1) * 0.22 for v in mine[column]],
            xerr=style.errors(mine),
            fmt=style.GROUP_MARKERS[group],
            color=style.GROUP_COLOURS[group],
            capsize=3,
            label=style.group_name(group),
        )
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])  # a point at 0 is whole
    style.percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best")


def alt_language_mix(table: pd.DataFrame) -> str:
    """Each group's shares of the languages."""
    parts = []
    for group in groups_of(table):
        mine = table[(table["group"] == group) & (table["posts"] > 0)].dropna(subset=["estimate"])
        said = [f"{language_name(r.language)} {percent(r.estimate)}" for r in mine.itertuples()]
        parts.append(
            _("{group}: {shares}").format(group=style.group_name(group), shares=", ".join(said) or "–")
        )
    return _("Shares of languages in posts. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


def plot_language_days(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Posts a day by language, stacked, one panel a group."""
    codes = _languages(table) if len(table) else []
    if not codes:
        return style.nothing(style.axes(ax), _("No post has a text and a time."))
    groups = groups_of(table)
    grid = panels(groups, ax, 1.8)
    named = [c for c in codes if c not in REST]
    step = 7 if style.weekly(table["period_start"]) else 1
    for group, panel in zip(groups, grid, strict=False):
        mine = table[table["group"] == group]
        wide = mine.pivot_table(
            index="period_start", columns="language", values="posts", aggfunc="sum", fill_value=0
        )
        hidden = pd.to_datetime(mine.loc[mine["posts"].isna(), "period_start"]).drop_duplicates()
        wide = wide.astype(float).fillna(0)  # rows that are withheld are not drawn but marked
        wide.index = pd.to_datetime(wide.index)
        days = pd.date_range(wide.index.min(), wide.index.max(), freq=f"{step}D")
        wide = wide.reindex(index=days, columns=codes, fill_value=0)
        base = wide.iloc[:, 0] * 0.0
        for code in codes:
            at = named.index(code) % len(COLOURS) if code in named else 0
            panel.bar(
                days,
                wide[code],
                bottom=base,
                width=0.97 * step,
                align="edge",
                color=REST_COLOURS.get(code, COLOURS[at]),
                hatch="" if code in REST else HATCHES[at],
                edgecolor="white",
                linewidth=0,
                label=language_name(code),
            )
            base = base + wide[code]
        panel.scatter(
            hidden + pd.Timedelta(days=step / 2),
            base.reindex(hidden).fillna(0) + 0.04 * max(1.0, base.max()),
            marker="x",
            s=22,
            color="black",
            label=_("some withheld"),
        )
        panel.set_title(style.group_name(group))
        panel.set_ylabel(_("posts a day") if step == 1 else _("posts a week"))
        style.number_axis(panel.yaxis)
        panel.grid(axis="x", visible=False)
    grid[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(codes) + 1, fontsize=8)
    style.date_axis(grid[-1].xaxis)
    return grid[0]


def alt_language_days(table: pd.DataFrame) -> str:
    """Days, posts and the most frequent language of each group."""
    parts = []
    for group in groups_of(table):
        mine = table[table["group"] == group]
        totals = mine.groupby("language")["posts"].sum().sort_values(ascending=False, kind="stable")
        parts.append(
            _(
                "{group}: {n} posts from {first} to {last}, mostly {language}, {hidden} numbers withheld"
            ).format(
                group=style.group_name(group),
                n=number(int(totals.sum())),
                hidden=number(int(mine["posts"].isna().sum())),
                first=style.day(mine["period_start"].min()),
                last=style.day(mine["period_start"].max()),
                language=language_name(str(totals.index[0])),
            )
        )
    return _("Stacked bars of posts by language. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )


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


SHOWN = 12  # rows: more cannot be read


def plot_language_artefacts(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts with each artefact that occurs, each group beside the others in the same language."""
    mine = _occurring(table)
    names = list(dict.fromkeys(mine["row"]))
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(names) + 1.1)))
    if not names:
        return style.nothing(ax, _("None of the artefacts stands in any post."))
    shares(ax, mine, "row", names)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(_("share of the posts in that language"))
    return ax


def _occurring(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the artefacts that stand in at least one post, most frequent first, with their names."""
    if table.empty:
        return table.assign(row=[])
    named = [f"{words.term(r.artefact)} ({language_name(r.language)})" for r in table.itertuples()]
    mine = table.assign(row=named)
    most = mine.groupby("row", sort=False)["estimate"].max()
    kept = most[most > 0].sort_values(ascending=False, kind="stable").index[:SHOWN]
    return pd.concat([mine[mine["row"] == name] for name in kept]) if len(kept) else mine[:0]


def alt_language_artefacts(table: pd.DataFrame) -> str:
    """The artefacts that occur with each group's share."""
    parts = []
    for name, rows in _occurring(table).groupby("row", sort=False):
        said = [
            f"{style.group_name(g)} {percent(e)}"
            for g, e in zip(rows["group"], rows["estimate"], strict=True)
            if g in groups_of(rows) and pd.notna(e)
        ]
        parts.append(f"{name}: {', '.join(said)}")
    looked = number(len(table[["language", "artefact"]].drop_duplicates()))
    if not parts:
        return _("Nothing to show: none of {n} artefacts stands in any post.").format(n=looked)
    return _("Points: share of posts with an artefact. {parts}.").format(parts=_("; ").join(parts))
