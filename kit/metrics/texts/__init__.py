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
from kit.metrics.texts.templates import templates
from kit.metrics.texts.together import copied_windows, copied_within

__all__ = [
    "copied_posts",
    "copied_windows",
    "copied_within",
    "copy_clusters",
    "copy_coverage",
    "copy_days",
    "copy_kinds",
    "copy_sizes",
    "templates",
    "text_facts",
]
