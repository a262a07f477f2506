"""Figures of accounts that act together. No name stands in a picture."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from kit import words
from kit.figures import style
from kit.locale import N_, _, number, percent

SHAPES = ("o", "s", "^", "D", "v")
SHADES = ("#1F6FB2", "#B3432B", "#2C7A4B", "#7A5195", "#8A6D00")


def plot_synchronised_grid(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Validated accounts in each cell of window and repeats; hatched where there are fewer than ten."""
    ax = style.axes(ax, (7.2, 2.8))
    if table.empty:
        return style.nothing(ax, _("No cell could be tested."))
    few = _hatched(table)
    cells = table.assign(few=few).pivot(index="repeats", columns="window_s")
    values = cells["validated_accounts"].astype("Float64").to_numpy(float, na_value=float("nan"))
    hatched = cells["few"].ne("").to_numpy(bool)
    ax.imshow(
        values,
        cmap="Blues",
        aspect="auto",
        vmin=0,
        vmax=max(1.0, float(pd.DataFrame(values).max().max())) * 1.6,
    )
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            if hatched[row, column]:
                style.band(ax, column, (row - 0.5, row + 0.5), width=1)
            shown = cells["few"].iloc[row, column] or _cell(values[row, column])
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1} if hatched[row, column] else None
            ax.text(column, row, shown, ha="center", va="center", color="#1A1A1A", bbox=box, zorder=3)
    ax.set_xticks(range(values.shape[1]), [style.span(w) for w in cells["few"].columns])
    ax.set_yticks(range(values.shape[0]), [number(int(n)) for n in cells.index])
    ax.set_xlim(-0.5, values.shape[1] - 0.5)
    ax.set_ylim(values.shape[0] - 0.5, -0.5)
    ax.set_xlabel(_("window"))
    ax.set_ylabel(_("occasions asked for"))
    ax.grid(visible=False)
    return ax


def _cell(value: float) -> str:
    return "–" if pd.isna(value) else number(int(value))


def _hatched(table: pd.DataFrame) -> list[str]:
    """What stands in the hatched cells: fewer than ten, or a cross where the number is withheld; empty for the others."""
    said = table.attrs.get("shown", {}).get("validated_accounts", {})
    signs = {"small": "< 10", "withheld": "×"}
    return [signs.get(said.get(place, [""])[0], "") for place in range(len(table))]


def alt_synchronised_grid(table: pd.DataFrame) -> str:
    """In how many cells accounts are left, and the largest number."""
    signs = _hatched(table)
    counts = table["validated_accounts"].dropna() if len(table) else pd.Series(dtype=float)
    if counts.empty and not any(signs):
        return _("Nothing to show: no cell could be tested.")
    most = counts.max() if len(counts) else 0
    known = most > 0 or not any(signs)
    said = _("Table of windows and occasions: accounts are left in {k} of {n} cells, at most {most}.").format(
        k=number(int((counts > 0).sum()) + sum(map(bool, signs))),
        n=number(len(table)),
        most=number(int(most)) if known else words.instead(["small"]),
    )
    return said + style.crosses(pd.Series(signs).eq("×"))


def plot_synchronised_power(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of a planted group's pairs that would have been found, by repeats, for each size and jitter."""
    ax = style.axes(ax, (7.2, 3.2))
    table = table.dropna(subset=["estimate"]) if len(table) else table
    if table.empty:
        return style.nothing(ax, _("Fewer than ten accounts act: nothing can be said."))
    table = _at_first_delay(table)
    lines = table.groupby(["planted", "jitter_s"], sort=True)
    places = {repeats: place for place, repeats in enumerate(sorted(set(table["repeats"])))}
    for place, ((size, jitter), mine) in enumerate(lines):
        ax.plot(
            mine["repeats"].map(places),
            mine["estimate"].astype(float),
            marker=SHAPES[place % len(SHAPES)],
            linestyle="-" if jitter == table["jitter_s"].min() else "--",
            color=SHADES[place // max(1, table["jitter_s"].nunique()) % len(SHADES)],
            label=_("{n} accounts, within {span}").format(
                n=number(int(size)), span=style.span(float(jitter))
            ),
        )
    ax.set_xticks(range(len(places)), [number(int(n)) for n in places])
    ax.set_ylim(-0.03, 1.05)
    style.percent_axis(ax.yaxis)
    ax.set_xlabel(_("things that the planted accounts all share"))
    ax.set_ylabel(_("share of their pairs found"))
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
    return ax


def _at_first_delay(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the delay at which every group was planted."""
    return table[table["delay_s"] == table["delay_s"].iloc[0]]


def alt_synchronised_power(table: pd.DataFrame) -> str:
    """For each planted group what would be found of it with fewest and with most things in common."""
    known = table.dropna(subset=["estimate"]) if len(table) else table
    if len(table) and known.empty:
        return _("Nothing to show: every share is withheld.")
    if known.empty:
        return _("Nothing to show: fewer than ten accounts act.")
    parts = [
        _("{n} accounts, within {span}: {first} with {few} things, {last} with {many}").format(
            n=number(int(size)),
            span=style.span(float(jitter)),
            first=percent(float(mine["estimate"].iloc[0])),
            few=number(int(mine["repeats"].iloc[0])),
            last=percent(float(mine["estimate"].iloc[-1])),
            many=number(int(mine["repeats"].iloc[-1])),
        )
        for (size, jitter), mine in _at_first_delay(known)
        .sort_values("repeats")
        .groupby(["planted", "jitter_s"], sort=True)
    ]
    said = _("Lines of what would be found of planted groups. {parts}.").format(parts=_("; ").join(parts))
    cited = known[~known["delay_s"].eq(known["delay_s"].iloc[0])].sort_values("delay_s")
    if len(cited):
        said += " " + _("By the time after the first act: {parts}.").format(
            parts=_("; ").join(
                f"{style.span(float(row.delay_s))}: {percent(float(row.estimate))}"
                for row in cited.itertuples()
            )
        )
    return said + style.crosses(table["estimate"].isna())


def plot_network(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Accounts as points, pairs as lines; the colour is the group, the place means nothing.

    In the public edition, which shows no account and no pair: accounts by the strength of their strongest pair.
    """
    if table.empty:
        return style.nothing(style.axes(ax, (7.2, 5.2)), _("No pair of accounts is left to draw."))
    if "a" not in table:
        return _plot_strengths(table, style.axes(ax, (7.2, 3.2)))
    ax = style.axes(ax, (7.2, 5.2))
    nodes = _nodes(table)
    lines = [((r.x_a, r.y_a), (r.x_b, r.y_b)) for r in table.itertuples()]
    ax.add_collection(
        LineCollection(
            lines, colors="#777777", linewidths=0.5, alpha=min(0.8, 300 / len(lines) + 0.05), zorder=1
        )
    )
    size = max(6.0, min(70.0, 3000 / len(nodes)))
    for group, mine in nodes.groupby("group", sort=False):
        ax.scatter(
            mine["x"],
            mine["y"],
            s=size,
            marker=style.GROUP_MARKERS[str(group)],
            color=style.GROUP_COLOURS[str(group)],
            edgecolors="white",
            linewidths=0.4,
            label=_("{group} ({n})").format(group=style.group_name(str(group)), n=number(len(mine))),
            zorder=2,
        )
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, -0.06), ncols=3, fontsize=9)
    return ax


def _nodes(table: pd.DataFrame) -> pd.DataFrame:
    """Each account of the edges once: x, y, group."""
    ends = [
        table[[end, f"x_{end}", f"y_{end}", f"group_{end}"]].set_axis(["node", "x", "y", "group"], axis=1)
        for end in ("a", "b")
    ]
    nodes = pd.concat(ends).drop_duplicates("node")
    order = {"context": 0, "control": 1, "studied": 2}  # the studied are drawn last, on top
    return nodes.sort_values(["group", "node"], key=lambda s: s.map(order) if s.name == "group" else s)


def alt_network(table: pd.DataFrame) -> str:
    """How many accounts and pairs, in how many parts, and whose."""
    if table.empty:
        return _("Nothing to show: no pair of accounts.")
    if "a" not in table:
        return _alt_strengths(table)
    nodes = _nodes(table)
    groups = nodes["group"].value_counts()
    parts = _("; ").join(f"{style.group_name(str(g))} {number(int(n))}" for g, n in groups.items())
    return _(
        "Network of {n} accounts ({parts}) and {k} pairs in {c} parts; the largest has {most} accounts."
    ).format(
        n=number(len(nodes)),
        parts=parts,
        k=number(len(table)),
        c=number(int(table["component"].max())),
        most=number(_largest(table)),
    )


def _largest(table: pd.DataFrame) -> int:
    first = table[table["component"] == 1]
    return len(set(first["a"]) | set(first["b"]))


def _plot_strengths(table: pd.DataFrame, ax: Axes) -> Axes:
    """Bars of accounts by class of strength, groups beside each other; nothing where a group has fewer than ten."""
    if _too_few(table):
        return style.nothing(ax, _(NOT_DRAWN))
    groups, classes = list(dict.fromkeys(table["group"])), list(dict.fromkeys(table["occasions_from"]))
    width = 0.8 / len(groups)
    for place, group in enumerate(groups):
        mine = table[table["group"] == group]
        ax.bar(
            [
                classes.index(start) + (place - (len(groups) - 1) / 2) * width
                for start in mine["occasions_from"]
            ],
            mine["accounts"].astype(float),
            width=width,
            color=style.GROUP_COLOURS[group],
            hatch=style.GROUP_HATCHES[group],
            edgecolor="white",
            label=style.group_name(group),
        )
    ax.set_xticks(range(len(classes)), [_class_of(r) for r in table.head(len(classes)).itertuples()])
    ax.set_xlabel(_("occasions of an account's strongest pair"))
    ax.set_ylabel(_("accounts"))
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper right", fontsize=9)
    return ax


NOT_DRAWN = N_("Not drawn: a group has fewer than ten accounts in the network.")


def _too_few(table: pd.DataFrame) -> bool:
    """Whether a group is in the network with fewer than ten accounts."""
    return bool(table["accounts"].isna().any())


def _class_of(row: Any) -> str:
    """A class of strength in words."""
    low, high = row.occasions_from, row.occasions_to
    if pd.isna(high):
        return _("{n} or more").format(n=number(int(low)))
    return _("{low} to {high}").format(low=number(int(low)), high=number(int(high)))


def _alt_strengths(table: pd.DataFrame) -> str:
    """For each group how many accounts are in each class of strength."""
    if _too_few(table):
        return _(NOT_DRAWN)
    parts = []
    for group, mine in table.groupby("group", sort=False):
        classes = [f"{_class_of(r)}: {number(int(r.accounts))}" for r in mine.itertuples()]
        parts.append(f"{style.group_name(str(group))} {', '.join(classes)}")
    return _("Bars of accounts by the occasions of their strongest pair. {parts}.").format(
        parts=_("; ").join(parts)
    )


def plot_template_indicators(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How far each group that shares texts is above accounts in no group, indicator by indicator."""
    mine = _read(table)
    ax = style.axes(ax, (7.2, max(2.2, 0.34 * len(mine) + 0.9)))
    if mine.empty:
        return style.nothing(ax, _("No group of accounts shares prepared texts."))
    colours = [style.GROUP_COLOURS["studied" if on else "context"] for on in mine["on"]]
    ax.barh(range(len(mine)), mine["above_share"].fillna(0).astype(float), color=colours, height=0.7)
    for place, row in enumerate(mine.itertuples()):
        if row.high:
            style.band(ax, place, (row.low, row.high), width=0.7, lying=True)
    ax.set_yticks(range(len(mine)), [_indicator(r) for r in mine.itertuples()])
    ax.invert_yaxis()
    ax.axvline(0, color="#555555", linewidth=0.8)
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("above accounts in no group; grey: does not hold"))
    ax.grid(axis="y", visible=False)
    return ax


def _read(table: pd.DataFrame) -> pd.DataFrame:
    """Indicators that could be looked at, of the first groups."""
    if table.empty:
        return table
    bounds = style.bounds(table, "above_share")
    table = table.assign(low=table.index.map(lambda i: bounds.get(i, (0, 0))[0]))
    table["high"] = table.index.map(lambda i: bounds.get(i, (0, 0))[1])
    known = table["above_share"].notna() | table["high"].ne(0)
    return table[table["available"].astype(bool) & known & (table["number"] <= 5)]


def _indicator(row: Any) -> str:
    name = words.term(str(row.indicator))
    return _("group {n}: {indicator}").format(n=number(int(row.number)), indicator=name)


def alt_template_indicators(table: pd.DataFrame) -> str:
    """For each group, how many indicators hold."""
    mine = _read(table)
    if mine.empty:
        return _("Nothing to show: no group of accounts shares prepared texts.")
    parts = [
        _("group {n}: {k} of {all} indicators hold").format(
            n=number(int(group)),  # type: ignore[call-overload]
            k=number(int(rows["on"].astype(bool).sum())),
            all=number(len(rows)),
        )
        for group, rows in mine.groupby("number")
    ]
    return _("Bars of the size of each indicator. {parts}.").format(parts=_("; ").join(parts))


def plot_rule_of_thumb(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of accounts that the usual rule flags, by group, with intervals; hatched where only a bound is told."""
    ax = style.axes(ax, (7.2, 1.9))
    bounds = style.bounds(table, "estimate")
    hidden = style.hidden(table) & ~table.index.isin(bounds) if len(table) else pd.Series(dtype=bool)
    if table.empty or not (table["estimate"].notna() | table.index.isin(bounds) | hidden).any():
        return style.nothing(ax, _("No account shares anything at a time that is exact enough."))
    for place, row in enumerate(table.itertuples()):
        group = str(row.group)
        if place in bounds:
            style.band(ax, place, bounds[place], lying=True)
        elif pd.notna(row.estimate):
            ax.barh(
                place,
                row.estimate,
                color=style.GROUP_COLOURS[group],
                hatch=style.GROUP_HATCHES[group],
                edgecolor="white",
            )
    rows = table[table["estimate"].notna()]
    low, high = style.errors(rows)
    ax.errorbar(
        rows["estimate"],
        rows.index,
        xerr=[low, high],
        fmt="o",
        color="#333333",
        markersize=5,
        capsize=3,
    )
    ax.set_yticks(range(len(table)), [style.group_name(str(g)) for g in table["group"]])
    for place in table.index[hidden]:
        ax.text(0, place, " " + words.instead(["withheld"]), va="center", fontsize=8)
    ax.invert_yaxis()
    ends = table[["estimate", "high"]].astype(float).max().max()  # room for a point at nought
    ax.set_xlim(-0.01 * ends if ends > 0 else -0.001, None)
    style.percent_axis(ax.xaxis)
    ax.set_xlabel(_("share of accounts flagged"))
    ax.grid(axis="y", visible=False)
    return ax


def alt_rule_of_thumb(table: pd.DataFrame) -> str:
    """The share flagged in each group."""
    shown = table.attrs.get("shown", {}).get("estimate", {})
    parts = []
    for place, row in enumerate(table.itertuples()):
        said = words.instead(shown.get(place)) or (
            percent(float(row.estimate)) if pd.notna(row.estimate) else ""
        )
        if said:
            parts.append(f"{style.group_name(str(row.group))} {said}")
    return _("Bars of accounts flagged by the usual rule. {parts}.").format(
        parts=_("; ").join(parts) or _("Nothing to show")
    )
