"""What do they repeat, in which languages, with which traces of origin?"""

from kit.metrics.texts.languages import (
    language_agreement,
    language_days,
    language_mix,
    language_platforms,
    language_targets,
)
from kit.metrics.texts.traces import chinese_script, model_residues, trace_rate, traces

__all__ = [
    "chinese_script",
    "language_agreement",
    "language_days",
    "language_mix",
    "language_platforms",
    "language_targets",
    "model_residues",
    "trace_rate",
    "traces",
]
