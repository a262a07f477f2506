"""Figures of texts: near-duplicates, languages, narratives, artefacts of keyboards. No post text stands in a picture."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.figures.timing import groups_of, panels
from kit.locale import N_, _, number, percent

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
        left, right = map(list, style.ends(mine, "day", "day_to"))
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


def alt_near_duplicate_days(table: pd.DataFrame) -> str:
    """The highest day of each group; days with fewer than ten posts are not drawn."""
    parts = []
    drawn = _enough(table) if len(table) else table
    for group, mine in drawn.dropna(subset=["share"]).groupby("group", sort=False):
        top = mine.loc[mine["share"].idxmax()]
        parts.append(
            _("{group}: at most {share} ({day})").format(
                group=style.group_name(str(group)),
                share=percent(float(top["share"])),
                day=style.when(top, "day", "day_to"),
            )
        )
    said = drawn["said"] if len(drawn) else pd.Series(dtype=object)
    lines = _("Lines: share of posts that repeat a text, days with ten posts or more. {parts}.")
    return lines.format(parts=_("; ").join(parts) or style.untold(said)) + style.ranges(said)


def plot_same_text_windows(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts that say the same soon after another, by window, with intervals."""
    ax = style.axes(ax, (7.2, 3.0))
    table = _with_said(table)
    if table["estimate"].isna().all() and not table["said"].map(bool).any():
        return style.nothing(ax, _("No post has a text and a time fine enough."))
    windows = sorted(set(table["window_s"]))
    for i, (group, mine) in enumerate(table.groupby("group", sort=False)):
        name = str(group)
        at = [windows.index(w) + (i - 0.5) * 0.12 for w in mine["window_s"]]
        left, right = [x - 0.06 for x in at], [x + 0.06 for x in at]
        style.bands(ax, left, right, list(mine["said"]), style.GROUP_COLOURS[name])
        ax.errorbar(
            at,
            mine["estimate"].astype(float),
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


def _with_said(table: pd.DataFrame, column: str = "estimate") -> pd.DataFrame:
    """The table with what is said in the place of each number (`said`), and each number in words (`written`)."""
    if table.empty:
        return table.assign(said=pd.Series(dtype=object), written=pd.Series(dtype=object))
    return table.assign(said=style.kinds(table, column), written=style.in_words(table, column))


def alt_same_text_windows(table: pd.DataFrame) -> str:
    """The share at the shortest and the longest window for each group."""
    parts = []
    table = _with_said(table)
    for group, mine in table[table["written"] != ""].groupby("group", sort=False):
        first, last = mine.iloc[0], mine.iloc[-1]
        said = _("{group}: {first} within {short}, {last} within {long}")
        if len(mine) == 1:
            said = _("{group}: {first} within {short}")
        parts.append(
            said.format(
                group=style.group_name(str(group)),
                first=first["written"],
                short=style.span(first["window_s"]),
                last=last["written"],
                long=style.span(last["window_s"]),
            )
        )
    said = _("Points with intervals by window. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
    return said + style.ranges(table["said"])


# told apart by lightness and hatching too; the last two are always "another language" and "unknown"
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++")
REST = {"other": N_("another language"), "und": N_("unknown")}
REST_COLOURS = {"other": "#8A8A8A", "und": "#DADADA"}


def language_name(code: str) -> str:
    """Name of a language in the reader's language."""
    return _(REST[code]) if code in REST else style.label(words.language(code))


def _languages(table: pd.DataFrame) -> list[str]:
    """Languages with a post, most posts first; another and unknown at the end."""
    held = style.kinds(table, "posts").map(bool) if len(table) else pd.Series(dtype=bool)
    totals = table["posts"].astype(float).mask(held, 1).groupby(table["language"]).sum()
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
    table = table if "said" in table else _with_said(table)
    for i, group in enumerate(groups_of(table)):
        mine = table[(table["group"] == group) & table[column].isin(values)]
        at = [values.index(v) + (i - 1) * 0.22 for v in mine[column]]
        style.lying(ax, at, list(mine["said"]), height=0.16)
        ax.errorbar(
            mine["estimate"].astype(float),
            at,
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
    table = _with_said(table)
    for group in groups_of(table):
        mine = table[(table["group"] == group) & (table["written"] != "") & ~(table["estimate"] == 0)]
        said = [f"{language_name(r.language)} {r.written}" for r in mine.itertuples()]
        parts.append(
            _("{group}: {shares}").format(group=style.group_name(group), shares=", ".join(said) or "–")
        )
    points = _("Shares of languages in posts. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
    return points + style.ranges(table["said"])


def plot_language_days(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each language in a group's posts over time, one panel a group; what is joined is one step."""
    codes = _languages(table) if len(table) else []
    if not codes:
        return style.nothing(style.axes(ax), _("No post has a text and a time."))
    groups = groups_of(table)
    grid = panels(groups, ax, 1.8)
    table = table.assign(said=style.kinds(table, "share"))
    named = [c for c in codes if c not in REST]
    days = 7 if style.weekly(table["period_start"]) else 1
    for group, panel in zip(groups, grid, strict=False):
        for code in codes:
            mine = _each_period(table[table["group"] == group], code, days)
            at = named.index(code) % len(COLOURS) if code in named else 0
            colour = REST_COLOURS.get(code, COLOURS[at])
            left, right = map(list, style.ends(mine, "period_start", "period_end", days))
            style.bands(panel, left, right, list(mine["said"]), colour)
            style.steps(
                panel,
                left,
                right,
                list(mine["share"].astype(float)),
                color=colour,
                linestyle=":" if code in REST else _DASHES[at],
                label=language_name(code),
            )
        panel.set_title(style.group_name(group))
        panel.set_ylim(-0.02, 1.02)
        panel.set_ylabel(_("share of the day's posts") if days == 1 else _("share of the week's posts"))
        style.percent_axis(panel.yaxis)
        panel.grid(axis="x", visible=False)
    grid[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(codes) + 2, fontsize=8)
    style.date_axis(grid[-1].xaxis)
    return grid[0]


def _each_period(mine: pd.DataFrame, code: str, days: int) -> pd.DataFrame:
    """The rows of a language, and a share of 0 for the days (weeks) on which the group wrote, but not in it."""
    rows = mine[mine["language"] == code]
    if "period_end" in mine:  # joined: nothing is left out
        return rows
    every = mine[["group", "period_start"]].drop_duplicates().merge(rows, how="left")
    nothing = every["said"].isna()
    every["said"] = every["said"].map(lambda kind: kind if isinstance(kind, list) else [])
    return every.assign(share=every["share"].astype(float).mask(nothing, 0.0))


def alt_language_days(table: pd.DataFrame) -> str:
    """For each group its first and last day and the most frequent languages, at their lowest and highest."""
    parts = []
    said = style.kinds(table, "share") if len(table) else pd.Series(dtype=object)
    days = 7 if len(table) and style.weekly(table["period_start"]) else 1
    for group in groups_of(table):
        mine = table[table["group"] == group].assign(said=said)
        lines = [_range(_each_period(mine, code, days), code) for code in _languages(mine)]
        first, last = mine["period_start"].min(), mine.get("period_end", mine["period_start"]).max()
        parts.append(
            _("{group}, {first} to {last}: {shares}").format(
                group=style.group_name(group), first=style.day(first), last=style.day(last),
                shares=", ".join(filter(None, lines)) or style.untold(mine["said"]),
            )
        )  # fmt: skip
    lines_ = _("Lines: share of each language in posts over time. {parts}.")
    return lines_.format(parts=_("; ").join(parts) or _("Nothing to show")) + style.ranges(said)


def _range(mine: pd.DataFrame, code: str) -> str:
    """A language with its lowest and highest share; nothing where none is told."""
    shares_ = mine["share"].dropna().astype(float)
    if shares_.empty:
        return ""
    low, high = percent(float(shares_.min())), percent(float(shares_.max()))
    if low == high:
        return f"{language_name(code)} {low}"
    return _("{name} {low} to {high}").format(name=language_name(code), low=low, high=high)


LINES = 6  # lines of one chart: more cannot be told apart
_COLOURS = ("#B3432B", "#1F6FB2", "#2E7D4F", "#C98A1B", "#7A4FA3", "#555555")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))


def _none() -> str:
    return _("The report has no codebook, or no post has text: there is no narrative to count.")


def plot_narratives(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of each group's posts with each code, with intervals."""
    shown = _with_said(table)
    shown = shown[(shown["group"] != "context") & (shown["written"] != "")]
    codes = list(dict.fromkeys(shown["label"]))
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(codes) + 1.1)))
    if shown.empty:
        return style.nothing(ax, _none())
    shares(ax, shown, "label", codes)
    ax.set_yticks(range(len(codes)), [style.label(code) for code in codes])
    ax.set_xlabel(_("share of posts with the code"))
    return ax


def alt_narratives(table: pd.DataFrame) -> str:
    """The codes with the largest share of the studied group, each beside the control's."""
    table = _with_said(table)
    mine = table[(table["group"] == "studied") & (table["written"] != "")]
    if mine.empty:
        return _("Nothing to show: no share of posts with a code is known.")
    control = table[table["group"] == "control"].set_index("code")["written"]
    parts = [
        _("{code}: studied {share}, control {control}").format(
            code=style.label(r.label), share=r.written, control=control.get(r.code) or "–"
        )
        for r in mine.sort_values("estimate", ascending=False, kind="stable").head(5).itertuples()
    ]
    said = _("Shares of posts by code. {parts}.").format(parts=_("; ").join(parts))
    return said + style.ranges(table.loc[table["group"] != "context", "said"])


def plot_narrative_targets(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Heatmap: share of the studied posts to each roster category that carry each code."""
    grid = _grid(table, "estimate")
    ax = style.axes(ax, (7.2, max(2.4, 0.45 * len(grid) + 1.4)))
    written = _grid(table, "written")
    if grid.empty or not written.fillna("").astype(bool).any(axis=None):
        return style.nothing(ax, _("No post with a code addresses an account of the roster."))
    values, texts = grid.astype(float).to_numpy(), written.fillna("").to_numpy()
    most = float(grid.astype(float).max(axis=None))
    image = ax.imshow(
        values, cmap="Blues", vmin=0, vmax=max(0.01, most if most == most else 0.0), aspect="auto"
    )
    for row in range(values.shape[0]):
        for place in range(values.shape[1]):
            dark = values[row, place] > 0.6 * image.norm.vmax  # type: ignore[operator]
            text = texts[row, place] or "–"
            ax.text(
                place, row, text, ha="center", va="center", color="white" if dark else "#222222", fontsize=9
            )
    ax.set_xticks(range(len(grid.columns)), [style.label(c) or _("no category") for c in grid.columns])
    ax.set_yticks(range(len(grid)), [style.label(code) for code in grid.index])
    ax.set_xlabel(_("category of the account addressed"))
    ax.grid(visible=False)
    return ax


def _grid(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Label by category: numbers (or words) of the studied group in the table's order."""
    mine = _with_said(table)
    mine = mine[mine["group"] == "studied"]
    grid = mine.pivot_table(
        index="label", columns="category", values=column, sort=False, dropna=False, aggfunc="first"
    )
    order = list(dict.fromkeys(mine["label"])), list(dict.fromkeys(mine["category"]))
    return grid.reindex(index=order[0], columns=order[1])


def alt_narrative_targets(table: pd.DataFrame) -> str:
    """The largest cell of the heatmap, and how many there are."""
    whole = _with_said(table)
    mine = whole[(whole["group"] == "studied") & (whole["written"] != "")]
    if mine.empty:
        return _("Nothing to show: no post with a code addresses an account of the roster.")
    known = mine.dropna(subset=["estimate"])
    if known.empty:
        return _(
            "Heatmap of {codes} codes by {categories} categories of the roster; no share may be told."
        ).format(codes=number(mine["code"].nunique()), categories=number(mine["category"].nunique()))
    top = known.loc[known["estimate"].astype(float).idxmax()]
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
    """Share of the studied group's posts with each of its commonest codes, by day or week; what is joined is one step."""
    ax = style.axes(ax)
    series = _series(table)
    if not series:
        return style.nothing(ax, _none())
    weekly = style.weekly(table["period_start"])
    for (label, mine), colour, dash in zip(series.items(), _COLOURS, _DASHES, strict=False):
        left, right = map(list, style.ends(mine, "period_start", "period_end", 7 if weekly else 1))
        style.bands(ax, left, right, list(mine["said"]), colour)
        values = list(mine["share"].astype(float))
        style.steps(ax, left, right, values, linestyle=dash, color=colour, label=style.label(label))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(
        _("share of the week's studied posts with text")
        if weekly
        else _("share of the day's studied posts with text")
    )
    style.percent_axis(ax.yaxis)
    style.date_axis(ax.xaxis)
    ax.legend(loc="best", fontsize=8)
    return ax


def _series(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The studied group's rows by label, the commonest codes first."""
    if table.empty:
        return {}
    table = table.assign(said=style.kinds(table, "share"))
    mine = table[table["group"] == "studied"]
    some = mine["posts"].astype(float).mask(mine["said"].map(bool), 1.0)
    totals = some.groupby(mine["label"], sort=False).sum().sort_values(ascending=False, kind="stable")
    return {str(name): mine[mine["label"] == name] for name in totals[totals > 0].head(LINES).index}


def alt_narrative_days(table: pd.DataFrame) -> str:
    """Each line's peak."""
    parts = []
    series = _series(table)
    weekly = len(table) > 0 and style.weekly(table["period_start"])
    for label, mine in series.items():
        known = mine[mine["share"].astype(float) > 0]
        if known.empty:
            continue
        top = known.loc[known["share"].astype(float).idxmax()]
        most = _("{code}: at most {share} ({day})")
        if weekly and "period_end" not in mine:
            most = _("{code}: at most {share} (week of {day})")
        day = style.when(top, "period_start", "period_end")
        parts.append(most.format(code=style.label(label), share=percent(float(top["share"])), day=day))
    said = pd.concat([mine["said"] for mine in series.values()]) if series else pd.Series(dtype=object)
    lines = _("Lines: share of the studied posts that carry each code. {parts}.")
    nothing = style.untold(said) if said.map(bool).any() else _("Nothing to show: no post carries a code")
    return lines.format(parts=_("; ").join(parts) or nothing) + style.ranges(said)


def plot_camouflage(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts by the campaign share of their posts, from everyday only to campaign only."""
    ax = style.axes(ax, (7.2, 3.0))
    table = _with_said(table, "share")
    if not (table["written"] != "").any():
        return style.nothing(ax, _("No account has enough campaign or everyday posts."))
    first = table.drop_duplicates(["share_from", "share_to"]).sort_values(["share_from", "share_to"])
    classes = list(zip(first["share_from"], first["share_to"], strict=True))
    for i, (group, mine) in enumerate(table.groupby("group", sort=False)):
        name = str(group)
        ends = zip(mine["share_from"], mine["share_to"], strict=True)
        at = [classes.index(c) + (i - 0.5) * 0.38 for c in ends]
        style.bands(ax, [x - 0.18 for x in at], [x + 0.18 for x in at], list(mine["said"]), "black")
        ax.bar(
            at,
            mine["share"].astype(float),
            width=0.36,
            color=style.GROUP_COLOURS[name],
            hatch=style.GROUP_HATCHES[name],
            label=style.group_name(name),
        )
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
    """Each group's share of accounts in the lowest and the highest class of campaign content."""
    parts = []
    table = _with_said(table, "share")
    for group, mine in table[table["written"] != ""].groupby("group", sort=False):
        low, high = mine.iloc[0], mine.iloc[-1]
        only = (low["share_to"], high["share_from"]) == (0.0, 1.0)
        said = (
            _("{group}: everyday content only {everyday}, campaign content only {campaign}")
            if only
            else _("{group}: {everyday} with a campaign share of {low}, {campaign} with one of {high}")
        )
        parts.append(
            said.format(
                group=style.group_name(str(group)),
                everyday=low["written"],
                campaign=high["written"],
                low=_class(low["share_from"], low["share_to"]),
                high=_class(high["share_from"], high["share_to"]),
            )
        )
    said = _("Bars of accounts by the campaign share of their posts. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show: no account has enough such posts")
    )
    return said + style.ranges(table["said"])


def plot_camouflage_weeks(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of campaign content by week with its interval, for each group; weeks that are joined are one step."""
    ax = style.axes(ax)
    table = _with_said(table)
    if not (table["written"] != "").any():
        return style.nothing(ax, _("No post carries a campaign or an everyday code."))
    for group, mine in table.groupby("group", sort=False):  # a line breaks where a week is withheld
        name, middle = str(group), mine["estimate"].astype(float)
        left, right = map(list, style.ends(mine, "period_start", "period_end", 7))
        style.bands(ax, left, right, list(mine["said"]), style.GROUP_COLOURS[name])
        low, high = (mine[c].astype(float).fillna(middle) for c in ("low", "high"))
        for edges in zip(left, right, low, high, strict=True):
            ax.fill_between(edges[:2], *edges[2:], color=style.GROUP_COLOURS[name], alpha=0.18, linewidth=0)
        style.steps(
            ax,
            left,
            right,
            list(middle),
            linestyle=style.GROUP_LINES[name],
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
    table = _with_said(table)
    for group, mine in table[table["written"] != ""].groupby("group", sort=False):
        first, last = mine.iloc[0], mine.iloc[-1]
        said = (
            _("{group}: {first} ({day}), {last} ({other})")
            if len(mine) > 1
            else _("{group}: {first} ({day})")
        )
        parts.append(
            said.format(
                group=style.group_name(str(group)),
                first=first["written"],
                day=_weeks(first),
                last=last["written"],
                other=_weeks(last),
            )
        )
    said = _("Lines of the share of campaign posts by week. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show: no post carries such a code")
    )
    return said + style.ranges(table["said"])


def _weeks(row: pd.Series) -> str:
    """The week of a row, or the weeks that were joined."""
    if "period_end" in row:
        return style.when(row, "period_start", "period_end")
    return _("week of {day}").format(day=style.day(row["period_start"]))


SHOWN = 12  # rows: more cannot be read


def plot_language_artefacts(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts with each artefact that occurs, each group beside the others in the same language."""
    mine = _occurring(table)
    names = list(dict.fromkeys(mine["row"]))
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(names) + 1.1)))
    if not names:
        return style.nothing(ax, _("No post holds any of the artefacts."))
    shares(ax, mine, "row", names)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(_("share of the posts in that language"))
    return ax


def _occurring(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the artefacts that stand in at least one post, most frequent first, with their names."""
    table = _with_said(table)
    if table.empty:
        return table.assign(row=[])
    named = [f"{words.term(r.artefact)} ({language_name(r.language)})" for r in table.itertuples()]
    mine = table.assign(row=named)
    some = mine["estimate"].astype(float).mask(mine["said"].map(bool), 1e-9)  # known to be more than 0
    most = some.groupby(mine["row"], sort=False).max()
    kept = most[most > 0].sort_values(ascending=False, kind="stable").index[:SHOWN]
    return pd.concat([mine[mine["row"] == name] for name in kept]) if len(kept) else mine[:0]


def alt_language_artefacts(table: pd.DataFrame) -> str:
    """The artefacts that occur with each group's share."""
    parts = []
    rows_ = _occurring(table)
    for name, rows in rows_.groupby("row", sort=False):
        said = [
            f"{style.group_name(g)} {text}"
            for g, text in zip(rows["group"], rows["written"], strict=True)
            if g in groups_of(rows) and text
        ]
        parts.append(f"{name}: {', '.join(said)}")
    looked = number(len(table[["language", "artefact"]].drop_duplicates()))
    if not parts:
        return _("Nothing to show: none of {n} artefacts stands in any post.").format(n=looked)
    said_ = _("Points: share of posts with an artefact. {parts}.").format(parts=_("; ").join(parts))
    return said_ + style.ranges(rows_["said"])
