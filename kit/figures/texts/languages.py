"""Pictures of the languages of posts."""

from __future__ import annotations

import pandas as pd
from babel import Locale
from matplotlib.axes import Axes

from kit.figures import style
from kit.figures.timing.chart import groups_of, panels
from kit.locale import N_, _, current, number, percent

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
