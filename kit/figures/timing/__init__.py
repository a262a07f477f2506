"""Pictures of posting times: hours, days, gaps at midday, waits, holidays. No clock in them is a result."""

from kit.figures.timing.days import alt_daily, alt_holidays, plot_daily, plot_holidays
from kit.figures.timing.hours import alt_heatmap, alt_weekend, plot_heatmap, plot_weekend
from kit.figures.timing.waits import alt_waiting, plot_waiting
from kit.figures.timing.where import alt_meal_gap, alt_usual_chart, plot_meal_gap, plot_usual_chart

__all__ = [
    "alt_daily",
    "alt_heatmap",
    "alt_holidays",
    "alt_meal_gap",
    "alt_usual_chart",
    "alt_waiting",
    "alt_weekend",
    "plot_daily",
    "plot_heatmap",
    "plot_holidays",
    "plot_meal_gap",
    "plot_usual_chart",
    "plot_waiting",
    "plot_weekend",
]
