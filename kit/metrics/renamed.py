"""Metrics and settings that had another name before version 0.1.0: who asks for the old name is told the new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

#: room -> old name -> new name
METRICS = {
    "texts": {
        "copy_clusters": "near_duplicate_clusters",
        "copy_coverage": "near_duplicate_coverage",
        "copy_days": "near_duplicate_days",
        "copy_kinds": "near_duplicate_kinds",
        "copy_sizes": "near_duplicate_sizes",
        "copied_posts": "near_duplicate_posts",
        "copied_within": "same_text_within",
        "copied_windows": "same_text_windows",
        "traces": "language_artefacts",
        "trace_rate": "language_artefact_rate",
    },
    "coordination": {
        "in_step": "synchronised",
        "in_step_traces": "synchronised_traces",
        "in_step_controls": "synchronised_controls",
        "in_step_grid": "synchronised_grid",
        "in_step_power": "synchronised_power",
        "wording_groups": "template_groups",
        "wording_marks": "template_indicators",
        "wording_power": "template_power",
        "wording_sources": "template_sources",
    },
}
#: settings: old name -> new name, where the metric has the new one
SETTINGS = {"marks": "indicators", "trace": "artefact"}


def refuse_in(room: str) -> Callable[[str], NoReturn]:
    """The `__getattr__` of a room of metrics: an old name is an error that says the new one."""

    def missing(name: str) -> NoReturn:
        if new := METRICS[room].get(name):
            raise AttributeError(f"'{room}.{name}' is now called '{room}.{new}'")
        raise AttributeError(f"module 'kit.metrics.{room}' has no attribute '{name}'")

    return missing
