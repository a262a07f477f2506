"""Compared by their intervals alone: for a metric that hands over no measure, such as a researcher's own."""

from __future__ import annotations

import math

from kit.inference import Interval, difference
from kit.inference.measures import Compared, no_verdict

_Z = 1.959963984540054


def by_intervals(studied: Interval, control: Interval, *, share: bool, margin: float) -> Compared:
    """The difference of two independent estimates and how sure it is to lie beyond the margins, or between them.

    Shares are compared on the scale 2·asin(√p), other numbers as they are. The difference has the ends of
    MOVER (Zou and Donner 2008); p by the normal law whose 95 % ends these are.
    """
    gap, sides = difference(studied, control), (studied, control)
    if not (math.isfinite(gap.low) and math.isfinite(gap.high)):
        return no_verdict(gap.estimate, "difference", sides, "few")
    scaled = difference(_turned(studied), _turned(control)) if share else gap
    up = _beyond(scaled.estimate - margin, scaled.estimate - scaled.low)
    down = _beyond(-margin - scaled.estimate, scaled.high - scaled.estimate)
    inside = max(
        _beyond(margin - scaled.estimate, scaled.high - scaled.estimate),
        _beyond(margin + scaled.estimate, scaled.estimate - scaled.low),
    )
    nan = float("nan")
    return Compared(*gap, "difference", up, down, inside, *sides, nan, nan)


def _turned(of: Interval) -> Interval:
    return Interval(*(2 * math.asin(math.sqrt(min(1.0, max(0.0, value)))) for value in of))


def _beyond(above: float, half: float) -> float:
    """The one-sided p of a number that lies `above` a bound, where `half` is the half width towards it."""
    if half <= 0:
        return 0.0 if above > 0 else 1.0
    return 0.5 * math.erfc(above / half * _Z / math.sqrt(2))
