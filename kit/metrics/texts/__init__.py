"""What do they repeat, in which languages, with which artefacts of keyboards and programs?"""

from kit.metrics.renamed import refuse_in
from kit.metrics.texts.coding import (
    codebook_accuracy,
    coder_agreement,
    coder_coverage,
)
from kit.metrics.texts.language_artefacts import (
    chinese_script,
    language_artefact_rate,
    language_artefacts,
    model_residues,
)
from kit.metrics.texts.languages import (
    language_agreement,
    language_days,
    language_mix,
    language_platforms,
    language_targets,
)
from kit.metrics.texts.narratives import (
    camouflage,
    camouflage_accounts,
    camouflage_share,
    camouflage_switches,
    camouflage_weeks,
    codebook_table,
    narrative_days,
    narrative_languages,
    narrative_share,
    narrative_targets,
    narratives,
    switch_share,
)
from kit.metrics.texts.near_duplicates import (
    near_duplicate_clusters,
    near_duplicate_coverage,
    near_duplicate_days,
    near_duplicate_kinds,
    near_duplicate_posts,
    near_duplicate_sizes,
    same_text_windows,
    same_text_within,
    templates,
    text_facts,
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
    "language_agreement",
    "language_artefact_rate",
    "language_artefacts",
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
    "near_duplicate_clusters",
    "near_duplicate_coverage",
    "near_duplicate_days",
    "near_duplicate_kinds",
    "near_duplicate_posts",
    "near_duplicate_sizes",
    "same_text_windows",
    "same_text_within",
    "switch_share",
    "templates",
    "text_facts",
]

__getattr__ = refuse_in("texts")
