"""Characters that no font on this machine can draw: shown as marks instead of empty boxes.

Matplotlib draws a box, and warns, for a character that none of its fonts holds. A label in Chinese is
drawn where a font for it is installed; elsewhere its characters are counted by name (`style.label`) or stand
as `[U+738B]`, as everything does that cannot be seen, and a remark names the font that is
missing. The table beside the chart has the text.
"""

from __future__ import annotations

import functools
import logging
import unicodedata
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

# A font that is only a stand-in for Chinese may lack a bold weight; saying so on standard error helps nobody.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

#: tried in this order; the first is always there, for Matplotlib brings it
FAMILIES = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans Thai",
    "Arial Unicode MS",
)
WANTED = "Noto Sans CJK SC"  # what to install where Chinese cannot be drawn
_EAST = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")  # what it draws, as Unicode names begin


@functools.cache
def installed() -> tuple[str, ...]:
    """Those of `FAMILIES` that this machine has."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in FAMILIES if name in known)


@functools.cache
def _characters(families: tuple[str, ...]) -> frozenset[int]:
    """Every character that one of the families holds."""
    found: set[int] = set()
    for family in families:
        path = font_manager.findfont(font_manager.FontProperties(family=family))
        found |= set(font_manager.get_font(path).get_charmap())
    return frozenset(found)


def missing(text: str) -> str:
    """The characters of `text` that cannot be drawn, each once."""
    drawn = _characters(installed())
    return "".join(sorted({c for c in text if c not in "\n\r\t" and ord(c) not in drawn}))


def drawable(text: str) -> str:
    """`text` with marks in the place of what cannot be drawn."""
    lost = missing(text)
    return "".join(f"[U+{ord(c):04X}]" if c in lost else c for c in text) if lost else text


def make_drawable(ax: Axes) -> str:
    """Put marks into every label of the figure of `ax` that needs them; returns the characters that are missing."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    lost = ""
    for panel in figure.axes:
        for axis in (panel.xaxis, panel.yaxis):
            for minor in (False, True):
                said = "".join(label.get_text() for label in axis.get_ticklabels(minor=minor))
                if found := missing(said):
                    lost += found
                    _wrap(axis, minor)
    for artist in figure.findobj(Text):
        if found := missing(artist.get_text()):
            lost += found
            artist.set_text(drawable(artist.get_text()))
    return "".join(sorted(set(lost)))


def lacks(ax: Axes, lost: str) -> bool:
    """Whether the font `WANTED` would draw what the figure of `ax` lacks: lost characters, or some counted by name."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    said = " ".join(artist.get_text() for artist in figure.findobj(Text))
    names = [unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in lost]
    return bool(set(_EAST) & set(names)) or any(f"[{name} ×" in said for name in _EAST)


def _wrap(axis: mpl.axis.Axis, minor: bool) -> None:
    """Tick labels come from a formatter each time they are drawn, so it is the formatter that is wrapped."""
    old: Any = axis.get_minor_formatter() if minor else axis.get_major_formatter()

    def shown(value: float, position: int | None) -> str:
        return drawable(str(old(value, position)))

    put = axis.set_minor_formatter if minor else axis.set_major_formatter
    put(FuncFormatter(shown))
