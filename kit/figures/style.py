"""One look for every figure: readable in grey print and by colour-blind readers."""

from __future__ import annotations

import functools
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from kit import words
from kit.figures import fonts
from kit.locale import _, date, months, number, percent
from kit.redact import safe_text
from kit.words import recorded

LABEL = 40  # characters of a label that comes from data
_FEW = 10  # what is said as "fewer than 10" (kit.disclosure.rule.STEP)

# Okabe & Ito (2008): told apart with every kind of colour vision, and by lightness in grey
GROUP_COLOURS = {"studied": "#B3432B", "control": "#1F6FB2", "context": "#8A8A8A"}
GROUP_MARKERS = {"studied": "o", "control": "s", "context": "^"}
GROUP_LINES = {"studied": "-", "control": "--", "context": ":"}
GROUP_HATCHES = {"studied": "", "control": "///", "context": "..."}

RC: dict[str, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "legend.frameon": False,
    "figure.dpi": 110,
    "savefig.dpi": 150,
    "svg.hashsalt": "daylight",
    "text.parse_math": False,  # a label is shown as it is, never set as mathematics
    "hatch.linewidth": 0.6,
}


def use() -> None:
    """Set the look for all figures made from now on."""
    import seaborn as sns  # here: with scipy.stats it takes a second, and no page waits for it without a figure

    sns.set_theme(style="ticks", rc=RC | {"font.family": list(fonts.installed())})


def withheld(ax: Axes, places: Any, colour: str = "black") -> None:
    """Crosses at the foot of `ax` where a number is withheld, so that it is not read as nothing."""
    if len(places):
        named = any(line.get_label() == _("withheld (small count)") for line in ax.lines)
        label = None if named else _("withheld (small count)")
        foot = ax.get_xaxis_transform()
        ax.plot(places, [0.025] * len(places), "x", color=colour, markersize=5, transform=foot, label=label)


def kinds(table: pd.DataFrame, column: str) -> pd.Series:
    """What is said in the place of each number of a column: a list that begins with a kind of `kit.disclosure.rule`.

    It is empty where the number is there, or not recorded. One that is missing though there is somebody to
    count is withheld. Ask before rows are left out or sorted: `attrs` knows them by their places.
    """
    said = table.attrs.get("shown", {}).get(column, {})
    sizes = [c for c in ("n", "all_posts") if c in table]
    nobody = table[sizes].eq(0).any(axis=1) if sizes else pd.Series(False, table.index)
    recorded_ = pd.Series([not because for because in recorded.reasons(table)], table.index, dtype=bool)
    lacking = table[column].isna() & ~nobody & recorded_
    found = [(said.get(i) or ["withheld"]) if gone else [] for i, gone in enumerate(lacking)]
    return pd.Series([[] if kind[:1] == ["unknown"] else kind for kind in found], table.index, dtype=object)


def in_words(table: pd.DataFrame, column: str) -> pd.Series:
    """Each share of a column as a sentence says it: 12%, 40 in 90, under 5%; empty where nothing is said of it."""
    said = table.attrs.get("shown", {}).get(column, {})
    shares = [
        words.instead(said.get(i)) or ("" if pd.isna(value) else percent(float(value)))
        for i, value in enumerate(table[column])
    ]
    return pd.Series(shares, table.index, dtype=object)


def reach(kind: Sequence[Any], whole: float = 1.0) -> tuple[float, float] | None:
    """Between which numbers one lies that stands in words; None where it is shown, or nothing is said of it."""
    if not kind:
        return None
    return {"small": (0, _FEW), "under": (0, *kind[1:]), "over": (*kind[1:], whole)}.get(kind[0])  # type: ignore[return-value]


def bands(
    ax: Axes, left: Sequence[Any], right: Sequence[Any], said: Sequence[Any], colour: str, part: Any = 1.0
) -> None:
    """Hatched bands where of a number only its reach is said, and crosses in the middle of what is withheld.

    `left` and `right` are the ends of what each number is about, `said` what `kinds` says of it, and
    `part` by what a count is divided before it is drawn.
    """
    parts = [part] * len(said) if isinstance(part, float | int) else list(part)
    name = _("only a range is said")
    for start, end, kind, divided in zip(left, right, said, parts, strict=True):
        if ends := reach(kind):
            named = name in ax.get_legend_handles_labels()[1]
            low, high = (edge / divided for edge in ends)
            band(ax, _middle(start, end), (low, high), width=end - start, label=None if named else name)
    held = [
        _middle(a, b) for a, b, kind in zip(left, right, said, strict=True) if kind and kind[0] == "withheld"
    ]
    withheld(ax, held, colour)


def lying(ax: Axes, places: Sequence[float], said: Sequence[Any], height: float = 0.7) -> None:
    """The same for bars that lie: a band as far as a number reaches, a cross at the foot of one that is withheld."""
    for place, kind in zip(places, said, strict=True):
        if ends := reach(kind):
            band(ax, place, ends, width=height, lying=True)
        elif kind and kind[0] == "withheld":
            name = _("withheld (small count)")
            label = None if name in ax.get_legend_handles_labels()[1] else name
            left = ax.get_yaxis_transform()
            ax.plot(0.012, place, "x", color="black", markersize=5, transform=left, label=label)


def _middle(start: Any, end: Any) -> Any:
    return start + (end - start) / 2


def steps(ax: Axes, left: Sequence[Any], right: Sequence[Any], values: Sequence[float], **line: Any) -> None:
    """A line of steps: each number holds from its left to its right end; where one is missing the line breaks."""
    xs: list[Any] = []
    ys: list[float] = []
    for i, (start, end, value) in enumerate(zip(left, right, values, strict=True)):
        if i and start != right[i - 1]:
            xs, ys = [*xs, right[i - 1]], [*ys, float("nan")]
        xs, ys = [*xs, start, end], [*ys, value, value]
    ax.plot(xs, ys, **line)


def hidden(table: pd.DataFrame) -> pd.Series:
    """Which rows have no estimate though there is somebody to count."""
    return table["estimate"].isna() & table["n"].ne(0)


def crosses(marked: pd.Series) -> str:
    """The end of an alt text: how many numbers are marked as `withheld`; empty where none is."""
    n = int(marked.sum())
    return " " + _("Withheld (small count), marked by crosses: {n}.").format(n=number(n)) if n else ""


def ranges(said: pd.Series) -> str:
    """The end of an alt text: of how many numbers only a range is drawn, and how many are withheld."""
    n = sum(reach(kind) is not None for kind in said)
    banded = " " + _("Only a range is said, drawn as hatched bands: {n}.").format(n=number(n)) if n else ""
    return banded + crosses(said.map(lambda kind: bool(kind) and kind[0] == "withheld"))


def untold(said: pd.Series) -> str:
    """In an alt text that names no number: that there is none, or that none may be told."""
    return _("No number may be told") if said.map(bool).any() else _("Nothing to show")


def bounds(table: pd.DataFrame, column: str) -> dict[int, tuple[float, float]]:
    """Rows, by their place, whose number in `column` stands in words: what a reader may take from them.

    Fewer than ten reaches from 0 to 10, *under* and *over* a share from and to it. Numbers that are withheld or not
    recorded are not among them: they have no bounds (see `withheld`).

    >>> t = pd.DataFrame({"accounts": [None, 40]})
    >>> t.attrs["shown"] = {"accounts": {0: ["small"]}}
    >>> bounds(t, "accounts")
    {0: (0, 10)}
    """
    said = table.attrs.get("shown", {}).get(column, {})
    return {row: ends for row, kind in said.items() if (ends := reach(kind))}


def band(
    ax: Axes,
    place: Any,
    ends: tuple[float, float],
    *,
    width: Any = 0.8,
    lying: bool = False,
    label: str | None = None,
) -> None:
    """A hatched bar over all that a number in words may be: it is there, and it is not nought."""
    low, high = ends
    look: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": "#555555",
        "hatch": "xxxx",
        "linewidth": 0.6,
        "zorder": 2,
    }
    size: dict[str, Any] = {"height": width, "left": low} if lying else {"width": width, "bottom": low}
    (ax.barh if lying else ax.bar)(place, high - low, label=label, **size, **look)  # type: ignore[operator]


def axes(ax: Axes | None, size: tuple[float, float] = (7.2, 3.6)) -> Axes:
    """`ax`, or the axes of a new figure in the shared look."""
    if ax is not None:
        return ax
    use()
    return plt.subplots(figsize=size, layout="constrained")[1]


def panels(n: int, height: float = 1.9) -> list[Axes]:
    """`n` axes under each other that share the horizontal axis."""
    use()
    _figure, grid = plt.subplots(
        n, 1, figsize=(7.2, max(2.6, height * n + 0.7)), sharex=True, layout="constrained"
    )
    return [grid] if n == 1 else list(grid)


def group_name(group: str) -> str:
    """Name of a group in the reader's language."""
    return words.term(group)


def label(value: object) -> str:
    """A name from data as a picture can hold it: visible, short, and without boxes.

    Signs that no font here draws, and letters that stand from right to left, which the
    drawing library would neither join nor turn round, are counted by name: `[CJK ×3]`.
    The table beside the picture has them whole.
    """
    shown, run = "", ("", 0)
    for char in [*safe_text(value, LABEL), ""]:
        name = "" if not char or _drawn(char) else unicodedata.name(char, "SIGN").split()[0]
        if run[1] and name != run[0]:
            shown += f"[{run[0]} ×{run[1]}]"
        run = (name, run[1] + 1 if name == run[0] else 1) if name else ("", 0)
        shown += "" if name else char
    return f" {shown}" if shown.startswith("_") else shown  # a leading _ would keep it out of the legend


@functools.lru_cache(maxsize=8192)
def _drawn(char: str) -> bool:
    turned = unicodedata.bidirectional(char) in ("R", "AL")
    return char == " " or (not turned and not fonts.missing(char))


def percent_axis(axis: mpl.axis.Axis) -> None:
    """Tick labels as percentages of the language."""
    axis.set_major_formatter(FuncFormatter(lambda x, _pos: percent(x)))


def number_axis(axis: mpl.axis.Axis) -> None:
    """Tick labels as numbers of the language."""
    axis.set_major_formatter(FuncFormatter(lambda x, _pos: number(x)))


def fit_labels(ax: Axes) -> None:
    """Break axis labels that are longer than there is room around the middle of their panel: French needs more."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    if any(len(panel.get_xlabel()) > _letters(panel.xaxis.label, width / 2) for panel in figure.axes):
        figure.draw_without_rendering()  # only then is it known where the panels stand
    for panel in figure.axes:
        place = panel.get_position()
        middle = float(place.x0 + place.x1) / 2
        room = 2 * min(middle, 1 - middle) * width, float(place.height) * height
        for label, inches in zip((panel.xaxis.label, panel.yaxis.label), room, strict=True):
            letters = _letters(label, inches)
            if len(label.get_text()) > letters:
                label.set_text(textwrap.fill(label.get_text(), letters))


def _letters(label: Text, inches: float) -> int:
    """How many letters of a label stand beside each other in so much room."""
    return max(12, int(inches * 72 / (float(label.get_fontsize()) * 0.62)))


class _Days(mdates.ConciseDateFormatter):
    """Days and months in words of the language, which Matplotlib knows in English only; the first day has its month."""

    def format_ticks(self, values: Any) -> list[str]:
        labels = [months(label) for label in super().format_ticks(values)]
        low = min(self.axis.get_view_interval()) if self.axis else -float("inf")
        first = next((i for i, value in enumerate(values) if value >= low), 0)
        for i, label in enumerate(labels):
            if len(label) == 2 and label.isdigit():
                month = months(f"{mdates.num2date(values[i]):%b}")
                labels[i] = label.lstrip("0") + (f" {month}" if i == first else "")
        return labels

    def get_offset(self) -> str:
        return months(super().get_offset())


def weekly(days: pd.Series) -> bool:
    """Whether periods that begin on these days are weeks: every one is a Monday."""
    starts = pd.to_datetime(days).drop_duplicates()
    return len(starts) > 1 and bool((starts.dt.day_of_week == 0).all())


def date_axis(axis: mpl.axis.Axis) -> None:
    """Tick labels as days and months of the language."""
    axis.set_major_formatter(_Days(axis.get_major_locator()))


def errors(table: pd.DataFrame) -> list[pd.Series]:
    """How far the intervals reach below and above the estimates; 0 where there is no end."""
    middle = table["estimate"].astype(float)
    ends = (middle - table["low"].astype(float), table["high"].astype(float) - middle)
    return [end.clip(lower=0).fillna(0) for end in ends]


EMPTY = "nothing"  # marks axes that hold a sentence and no chart


def only_said(ax: Axes) -> str:
    """The sentence of a figure that shows nothing else; empty where it holds a chart."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    if not all(one.get_gid() == EMPTY for one in figure.axes):
        return ""
    return " ".join(text.get_text() for one in figure.axes for text in one.texts)


def nothing(ax: Axes, sentence: str) -> Axes:
    """A sentence in place of a chart that has nothing to show."""
    ax.set_axis_off()
    ax.set_gid(EMPTY)
    ax.text(0.5, 0.5, sentence, ha="center", va="center", transform=ax.transAxes, wrap=True, color="#444444")
    return ax


def remark(ax: Axes, sentence: str) -> None:
    """A sentence under the whole figure, such as what of it is not recorded."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.supxlabel(textwrap.fill(sentence, 110), fontsize=8, color="#444444")


def day(value: object) -> str:
    """A day in words of the language."""
    return date(str(value)[:10])


def ends(table: pd.DataFrame, start: str, end: str, days: int = 1) -> tuple[pd.Series, pd.Series]:
    """Where the days of a series, or those that were joined, begin and end on an axis; the right end is the day after.

    Where the table has no column `end`, every row stands for `days`.
    """
    left = pd.to_datetime(table[start])
    if end not in table:
        return left, left + pd.Timedelta(days=days)
    return left, pd.to_datetime(table[end]) + pd.Timedelta(days=1)


def when(row: pd.Series, start: str, end: str) -> str:
    """The day of a row in words, or the days that were joined."""
    first, last = day(row[start]), day(row.get(end, row[start]))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def span(seconds: float) -> str:
    """A stretch of time in words of the language."""
    if seconds < 60:
        return _("{n} s").format(n=number(seconds))
    if seconds < 3600:
        return _("{n} min").format(n=number(seconds / 60))
    return _("{n} h").format(n=number(seconds / 3600))
