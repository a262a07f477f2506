"""Inference: intervals, null models and tests on plain arrays; knows no platform."""

from kit.inference.bursts import Bursts, date_bursts
from kit.inference.copied import Copied, Joined
from kit.inference.intervals import Interval, bootstrap_ratio, difference, quantile, wilson
from kit.inference.measures import Compared, Measure, Shares, share_by_account, share_of
from kit.inference.together import Together

__all__ = [
    "Bursts",
    "Compared",
    "Copied",
    "Interval",
    "Joined",
    "Measure",
    "Shares",
    "Together",
    "bootstrap_ratio",
    "date_bursts",
    "difference",
    "quantile",
    "share_by_account",
    "share_of",
    "wilson",
]
