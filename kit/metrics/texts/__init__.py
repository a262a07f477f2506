"""What do they repeat, in which languages, with which traces of origin?"""

from kit.metrics.texts.copies import (
    copied_posts,
    copy_clusters,
    copy_coverage,
    copy_days,
    copy_kinds,
    copy_sizes,
    text_facts,
)
from kit.metrics.texts.languages import (
    language_agreement,
    language_days,
    language_mix,
    language_platforms,
    language_targets,
)
from kit.metrics.texts.templates import templates
from kit.metrics.texts.together import copied_windows, copied_within
from kit.metrics.texts.traces import chinese_script, model_residues, trace_rate, traces

__all__ = [
    "chinese_script",
    "copied_posts",
    "copied_windows",
    "copied_within",
    "copy_clusters",
    "copy_coverage",
    "copy_days",
    "copy_kinds",
    "copy_sizes",
    "language_agreement",
    "language_days",
    "language_mix",
    "language_platforms",
    "language_targets",
    "model_residues",
    "templates",
    "text_facts",
    "trace_rate",
    "traces",
]
