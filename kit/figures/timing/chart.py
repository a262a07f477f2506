"""What several charts of posting times share."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.figures import style
from kit.locale import number


def groups_of(table: pd.DataFrame) -> list[str]:
    """Groups of a table in its order."""
    return list(dict.fromkeys(table["group"])) if len(table) else []


def panels(groups: list[str], ax: Axes | None, height: float) -> list[Axes]:
    """One panel a group; only the first group where the reader gave an axis."""
    return [ax] * len(groups[:1]) if ax is not None else style.panels(len(groups), height)


def points(ax: Axes, mine: pd.DataFrame, places: list[float], group: str) -> None:
    """Points with their intervals at `places`."""
    middle = mine["estimate"].astype(float)
    ax.errorbar(
        places,
        middle,
        yerr=style.errors(mine),
        fmt=style.GROUP_MARKERS[group],
        color=style.GROUP_COLOURS[group],
        capsize=2,
        linewidth=1,
        label=style.group_name(group),
    )


def ratio_axis(ax: Axes) -> None:
    """Upright axis of ratios: halves and doubles lie equally far from 1."""
    ax.axhline(1, color="#555555", linewidth=0.8)
    ax.set_yscale("log")
    ax.set_yticks([0.125, 0.25, 0.5, 1, 2, 4, 8])
    low, high = ax.get_ylim()
    ax.set_ylim(max(low, 0.1), min(high, 10))
    ax.yaxis.set_minor_formatter(lambda _x, _pos: "")
    ax.yaxis.set_major_formatter(lambda x, _pos: number(x, digits=max(1, len(f"{x:g}".lstrip("0.")))))
