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
from kit.figures.texts.narratives import (
    alt_camouflage,
    alt_camouflage_weeks,
    alt_narrative_days,
    alt_narrative_targets,
    alt_narratives,
    plot_camouflage,
    plot_camouflage_weeks,
    plot_narrative_days,
    plot_narrative_targets,
    plot_narratives,
)
from kit.figures.texts.traces import (
    alt_traces,
    plot_traces,
)

__all__ = [
    "alt_camouflage",
    "alt_camouflage_weeks",
    "alt_copied_windows",
    "alt_copy_days",
    "alt_copy_sizes",
    "alt_language_days",
    "alt_language_mix",
    "alt_narrative_days",
    "alt_narrative_targets",
    "alt_narratives",
    "alt_traces",
    "plot_camouflage",
    "plot_camouflage_weeks",
    "plot_copied_windows",
    "plot_copy_days",
    "plot_copy_sizes",
    "plot_language_days",
    "plot_language_mix",
    "plot_narrative_days",
    "plot_narrative_targets",
    "plot_narratives",
    "plot_traces",
]
