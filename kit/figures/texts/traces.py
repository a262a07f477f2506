"""Pictures of traces that keyboards, converters and language models leave."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit import words
from kit.figures import style
from kit.figures.texts.languages import language_name, shares
from kit.figures.timing.chart import groups_of
from kit.locale import _, number, percent

SHOWN = 12  # rows: more cannot be read


def plot_traces(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of posts with each trace that occurs, each group beside the others in the same language."""
    mine = _occurring(table)
    names = list(dict.fromkeys(mine["row"]))
    ax = style.axes(ax, (7.2, max(2.2, 0.5 * len(names) + 1.1)))
    if not names:
        return style.nothing(ax, _("None of the traces stands in any post."))
    shares(ax, mine, "row", names)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(_("share of the posts in that language"))
    return ax


def _occurring(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the traces that stand in at least one post, most frequent first, with their names."""
    if table.empty:
        return table.assign(row=[])
    named = [f"{words.term(r.trace)} ({language_name(r.language)})" for r in table.itertuples()]
    mine = table.assign(row=named)
    most = mine.groupby("row", sort=False)["estimate"].max()
    kept = most[most > 0].sort_values(ascending=False, kind="stable").index[:SHOWN]
    return pd.concat([mine[mine["row"] == name] for name in kept]) if len(kept) else mine[:0]


def alt_traces(table: pd.DataFrame) -> str:
    """The traces that occur with each group's share."""
    parts = []
    for name, rows in _occurring(table).groupby("row", sort=False):
        said = [
            f"{style.group_name(g)} {percent(e)}"
            for g, e in zip(rows["group"], rows["estimate"], strict=True)
            if g in groups_of(rows) and pd.notna(e)
        ]
        parts.append(f"{name}: {', '.join(said)}")
    looked = number(len(table[["language", "trace"]].drop_duplicates()))
    if not parts:
        return _("Nothing to show: none of {n} traces stands in any post.").format(n=looked)
    return _("Points: share of posts with a trace. {parts}.").format(parts=_("; ").join(parts))
