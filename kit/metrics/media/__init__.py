"""Which images, videos and sounds are placed, how often, where from, and by how many accounts?"""

from kit.metrics.media.counts import first_seen, items, media_coverage, media_facts, unique_items
from kit.metrics.media.course import hosts, placements_per_day
from kit.metrics.media.labels import labels, synthetic_per_day
from kit.metrics.media.reuse import media_reuse
from kit.metrics.media.review import candidates

__all__ = [
    "candidates",
    "first_seen",
    "hosts",
    "items",
    "labels",
    "media_coverage",
    "media_facts",
    "media_reuse",
    "placements_per_day",
    "synthetic_per_day",
    "unique_items",
]
