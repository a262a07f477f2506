"""Whom do they address, and whose replies do they fill?"""

from kit.metrics.targets.address import address_coverage, concentration, ranking, reply_share, target_facts
from kit.metrics.targets.course import discovery, persistence
from kit.metrics.targets.filling import (
    filled_posts,
    reply_domination,
    reply_fill,
    targeted_posts,
    targeted_sweep,
)
from kit.metrics.targets.members import briefing, roster_shares

__all__ = [
    "address_coverage",
    "briefing",
    "concentration",
    "discovery",
    "filled_posts",
    "persistence",
    "ranking",
    "reply_domination",
    "reply_fill",
    "reply_share",
    "roster_shares",
    "target_facts",
    "targeted_posts",
    "targeted_sweep",
]
