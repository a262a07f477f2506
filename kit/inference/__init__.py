"""Inference: intervals, null models and tests on plain arrays; knows no platform."""

from kit.inference.bursts import Bursts, date_bursts
from kit.inference.intervals import Interval, bootstrap_ratio, difference, quantile, share, wilson
from kit.inference.sizes import at_size, in_common

__all__ = [
    "Bursts",
    "Interval",
    "at_size",
    "bootstrap_ratio",
    "date_bursts",
    "difference",
    "in_common",
    "quantile",
    "share",
    "wilson",
]
