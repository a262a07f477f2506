"""When do they post, and what can that say, and not say, about where?"""

from kit.metrics.timing.posts import precision
from kit.metrics.timing.when import (
    bursts,
    change_points,
    daily,
    day_rotation,
    heatmap,
    holiday_dip,
    holidays,
    largest_burst,
    level_changes,
    silences,
    timing_facts,
    waiting,
    waiting_test,
    weekend,
)
from kit.metrics.timing.where import clock_change, clock_signs, meal_gap, usual_chart, zone, zone_by_subset

__all__ = [
    "bursts",
    "change_points",
    "clock_change",
    "clock_signs",
    "daily",
    "day_rotation",
    "heatmap",
    "holiday_dip",
    "holidays",
    "largest_burst",
    "level_changes",
    "meal_gap",
    "precision",
    "silences",
    "timing_facts",
    "usual_chart",
    "waiting",
    "waiting_test",
    "weekend",
    "zone",
    "zone_by_subset",
]
