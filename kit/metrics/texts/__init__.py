"""What do they repeat, in which languages, with which traces of origin?"""

from kit.metrics.texts.agreement import (
    codebook_accuracy,
    coder_agreement,
    coder_coverage,
)
from kit.metrics.texts.camouflage import (
    camouflage,
    camouflage_accounts,
    camouflage_share,
    camouflage_switches,
    camouflage_weeks,
    switch_share,
)
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
from kit.metrics.texts.narratives import (
    codebook_table,
    narrative_days,
    narrative_languages,
    narrative_share,
    narrative_targets,
    narratives,
)
from kit.metrics.texts.templates import (
    templates,
)
from kit.metrics.texts.together import (
    copied_windows,
    copied_within,
)
from kit.metrics.texts.traces import (
    chinese_script,
    model_residues,
    trace_rate,
    traces,
)

__all__ = [
    "camouflage",
    "camouflage_accounts",
    "camouflage_share",
    "camouflage_switches",
    "camouflage_weeks",
    "chinese_script",
    "codebook_accuracy",
    "codebook_table",
    "coder_agreement",
    "coder_coverage",
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
    "narrative_days",
    "narrative_languages",
    "narrative_share",
    "narrative_targets",
    "narratives",
    "switch_share",
    "templates",
    "text_facts",
    "trace_rate",
    "traces",
]
