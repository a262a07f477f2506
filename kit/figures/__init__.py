"""Figures: mirrors metrics; a metric's table in, Axes out, and beside each the sentence that describes it.

Contract: `plot_x(table, *, ax=None) -> Axes` and `alt_x(table) -> str` in the room that has the name of
the metric's: `kit.figures.accounts.plot_creations` draws what `kit.metrics.accounts.creations` answers, and
`kit.show` finds it. Figures never compute statistics and never hold post text.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from kit.errors import MetricError

Plot = Callable[..., Axes]


def of(table: pd.DataFrame) -> Plot | None:
    """The plot that draws the table of a metric; None where the metric has none, or the table is nobody's."""
    return registry().get(str(table.attrs.get("metric")))


@functools.cache
def registry() -> dict[str, Plot]:
    """Every plot by the metric whose table it draws, such as `accounts.creations`."""
    from kit.figures import accounts, coordination, intake, media, targets, texts, timing

    found = {}
    for room in (accounts, coordination, intake, media, targets, texts, timing):
        for name, plot in vars(room).items():
            if name.startswith("plot_"):
                found[f"{room.__name__.rpartition('.')[2]}.{name.removeprefix('plot_')}"] = plot
    return found


def describe(plot: Plot) -> Callable[[pd.DataFrame], str]:
    """The function that says in words what a plot shows: `alt_x` beside `plot_x`."""
    name = "alt_" + plot.__name__.removeprefix("plot_")
    found = getattr(sys.modules[plot.__module__], name, None)
    if found is None:
        raise MetricError(f"'{plot.__name__}' has no description", hint=f"Write {name}(table) beside it.")
    return found
