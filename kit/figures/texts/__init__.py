"""Figures of texts: copies, languages, traces, narratives. No post text stands in a picture."""

from kit.figures.texts.copies import (
    alt_copied_windows,
    alt_copy_days,
    alt_copy_sizes,
    plot_copied_windows,
    plot_copy_days,
    plot_copy_sizes,
)
from kit.figures.texts.languages import (
    alt_language_days,
    alt_language_mix,
    plot_language_days,
    plot_language_mix,
)
from kit.figures.texts.traces import alt_traces, plot_traces

__all__ = [
    "alt_copied_windows",
    "alt_copy_days",
    "alt_copy_sizes",
    "alt_language_days",
    "alt_language_mix",
    "alt_traces",
    "plot_copied_windows",
    "plot_copy_days",
    "plot_copy_sizes",
    "plot_language_days",
    "plot_language_mix",
    "plot_traces",
]
