"""Figures of texts: copies, languages, traces, narratives. No post text stands in a picture."""

from kit.figures.texts.copies import (
    alt_copied_windows,
    alt_copy_days,
    alt_copy_sizes,
    plot_copied_windows,
    plot_copy_days,
    plot_copy_sizes,
)

__all__ = [
    "alt_copied_windows",
    "alt_copy_days",
    "alt_copy_sizes",
    "plot_copied_windows",
    "plot_copy_days",
    "plot_copy_sizes",
]
