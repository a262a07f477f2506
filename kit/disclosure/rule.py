"""What may be shown of one number: one rule, the same on page, chart, CSV and JSON.

A count of people is shown as a multiple of ten; 1 to 9 is *fewer than 10*, all but 1 to 9 of a whole is
*all but fewer than 10*; zero, all, and *not known* are said as such. What people did is rounded to the
largest contribution of one of them. Shares are worked out from shown numbers. The rule is a function of
one number, so it gives the same value in every file, edition and language, and it holds against relations
between numbers that nobody thought of. What it does not hold against (many parts rounded one way, zeros
beside small counts) the auditor finds (`kit.disclosure.audit`).

Source: rounding as Eurostat rounds its farm statistics; thresholds as the UK LLC guidebook (2025).
"""

from __future__ import annotations

import math
from typing import NamedTuple

STEP = 10  # counts of people are shown in tens; 1 to 9 are not told apart
COARSEST = 0.2  # no share is rounded to more: a third would be told as a half
FEW = 200  # no percentage of fewer people: it would be off by several points

UNKNOWN, ZERO, SMALL, ABOUT, ALL_BUT, EVERY, WITHHELD = (
    "unknown",
    "zero",
    "small",
    "about",
    "all_but",
    "every",
    "withheld",
)
UNDER, OVER, EXACT = "under", "over", "exact"


#: what an earlier version showed of a number: its kind, and its value where it had one
Before = tuple[str, float | None]


class Shown(NamedTuple):
    """What is shown of a number: its kind, the number where there is one, and what a reader may take from it.

    `low` and `high` bound the truth: nothing that is published says more.
    """

    kind: str
    value: float | None
    low: float
    high: float


NOT_KNOWN = Shown(UNKNOWN, None, 0, math.inf)
HELD = Shown(WITHHELD, None, 0, math.inf)
NOBODY = Shown(ZERO, 0, 0, 0)


def missing(value: object) -> bool:
    """Whether there is no number."""
    return value is None or value != value


def exactly(value: float | None) -> Shown:
    """A number that anybody can count for themselves, as it is."""
    return NOT_KNOWN if missing(value) else Shown(EXACT, value, value, value)  # type: ignore[arg-type]


def nearest(value: float, step: float = STEP) -> float:
    """The multiple of `step` next to `value`; half goes up."""
    return step * math.floor(value / step + 0.5)


def people(count: float | None, whole: float | None = None, before: Before | None = None) -> Shown:
    """A count of people, pairs or groups of them; `whole` is what it is part of.

    `before` is what an earlier version showed, its kind and number: it stays until the truth is a whole step
    away, or an account that was taken out could be found by what changed. So *fewer than 10* and *all but
    fewer than 10* stay where nobody is left.

    >>> people(116, 120).kind, people(4, 120).kind, people(1507).value
    ('all_but', 'small', 1510)
    """
    if missing(count):
        return NOT_KNOWN
    assert count is not None
    kind, shown = before or ("", None)
    if count < STEP and kind == SMALL:
        return Shown(SMALL, None, 0, STEP - 1)
    stays = shown is not None and shown >= STEP and abs(count - shown) < STEP
    if (
        whole is not None and 0 < whole < STEP and not stays
    ):  # any word of a part of so few would tell of the rest
        return Shown(WITHHELD, None, 0, STEP - 1)
    if count == 0 and not stays:
        return NOBODY
    if count < STEP and not stays:
        return Shown(SMALL, None, 1, STEP - 1)
    value = int(shown if stays and shown is not None else nearest(count))
    low, high = (value - STEP + 1, value + STEP - 1) if stays else (value - STEP // 2, value + STEP // 2 - 1)
    return Shown(
        _among(count, whole, kind if stays or kind == ALL_BUT else ""),
        value,
        max(0 if stays else STEP, low),
        high,
    )


def left(shown: Shown, before: Before | None = None) -> tuple[float, float] | None:
    """Between what numbers the part of a whole lies that is left, as the words of a count say."""
    kind = before[0] if before else ""
    fewest = 0 if kind == ALL_BUT else 1
    said = {EVERY: (0, 0), ALL_BUT: (fewest, STEP - 1), ABOUT: (1 if kind == ABOUT else STEP, math.inf)}
    return said.get(shown.kind)


def _among(count: float, whole: float | None, before: str) -> str:
    """Whether a count is all of its whole, all but few of it, or neither."""
    if whole is None or missing(whole):
        return ABOUT
    if 0 <= whole - count < STEP and before == ALL_BUT:
        return ALL_BUT
    if 0 < whole - count < STEP and before == ABOUT:
        return ABOUT
    return EVERY if count == whole else ALL_BUT if 0 < whole - count < STEP else ABOUT


def step_of(largest: float) -> int:
    """The step of what people did: the largest contribution of one of them as 1, 2 or 5 times 10ⁿ, at least ten.

    >>> step_of(3), step_of(60), step_of(200)
    (10, 100, 200)
    """
    power = 1
    while True:
        for lead in (1, 2, 5):
            if lead * 10**power >= largest:
                return lead * 10**power
        power += 1


def events(
    total: float | None, doers: float, largest: float, step: int, before: Before | None = None
) -> Shown:
    """A count of posts, replies … by `doers` people of whom one did `largest`; `step` is that of its table.

    Withheld where fewer than ten people stand behind it, or one of them is more than half of it; as it is
    where `largest` is 0: each of the things counted is shared, and without any one account as many are left.
    What an earlier version showed stays, and what it withheld: else it would tell that the largest was taken out.
    """
    if missing(total):
        return NOT_KNOWN
    assert total is not None
    kind, shown = before or ("", None)
    stays = bool(shown) and abs(total - (shown or 0)) < step
    if total == 0 and kind != WITHHELD and not stays:
        return NOBODY
    few = missing(doers) or missing(largest) or doers < STEP or 2 * largest > total
    if kind == WITHHELD or (few and not stays):
        return HELD
    if largest == 0 and not stays:
        return exactly(total)
    value = int(shown) if stays and shown is not None else int(nearest(total, step))
    if value == 0:
        return HELD
    reach = step if stays else step / 2
    return Shown(ABOUT, value, max(0 if stays else 1, value - reach), value + reach)


def share(part: Shown, whole: Shown) -> Shown:
    """A share of people, from the shown numbers of its part and its whole; or the bound that they leave."""
    if part.kind == UNKNOWN or whole.kind in (UNKNOWN, ZERO):
        return NOT_KNOWN
    if whole.kind in (SMALL, WITHHELD) or part.kind == WITHHELD:
        return HELD
    if part.kind == ZERO:
        return NOBODY
    if part.kind == EVERY:
        return Shown(EVERY, 1.0, 1, 1)
    edge = math.ceil(1000 * STEP / whole.low) / 1000
    if part.kind == SMALL:
        return Shown(UNDER, edge, 0, edge) if edge < 1 else HELD
    if part.kind == ALL_BUT:
        return Shown(OVER, 1 - edge, 1 - edge, 1) if edge < 1 else HELD
    assert part.value is not None
    assert whole.value
    return Shown(ABOUT, min(1.0, part.value / whole.value), 0, 1)


def fine(weight: float) -> float:
    """A step of 1, 2 or 5 times 10ⁿ that is not below `weight`: to what a share is rounded.

    >>> fine(0.004), fine(0.0007)
    (0.005, 0.001)
    """
    power = math.floor(math.log10(weight)) - 1
    while True:
        for lead in (1, 2, 5):
            if (step := lead * 10.0**power) >= weight * (1 - 1e-9):
                return float(f"{step:.6g}")
        power += 1


def weighed(value: float | None, weight: float | None, before: Before | None = None) -> Shown:
    """A share of what people did, of which one of them holds the part `weight`: rounded to that.

    Withheld where one holds more than half, or where that is not known; where one holds more than a fifth only
    *under* or *over* a half is told.
    """
    if missing(value):
        return NOT_KNOWN
    assert value is not None
    known = not missing(weight) and weight is not None and weight <= 0.5
    step = fine(max(weight or 0, 1e-6)) if known else 0.5
    if before and (stays := _share_stays(value, step, *before)):
        return stays
    if value == 0:
        return NOBODY
    if not known:
        return HELD
    if value == 1:
        return Shown(EVERY, 1.0, 1, 1)
    shown = float(f"{nearest(value, step):.6g}")
    if step > COARSEST and 0 < shown < 1:  # a third would be told as a half
        return HELD
    if shown == 0:
        return Shown(UNDER, step, 0, step)
    if shown >= 1:
        return Shown(OVER, float(f"{1 - step:.6g}"), 1 - step, 1)
    return Shown(ABOUT, shown, shown - step / 2, shown + step / 2)


def _share_stays(value: float, step: float, kind: str, last: float | None) -> Shown | None:
    """What an earlier version showed of a share, or that it showed nothing, where that is still true of it."""
    if kind == WITHHELD:
        return HELD
    if kind == ABOUT and last is not None and abs(value - last) < step:
        return Shown(ABOUT, last, max(0, last - step), min(1, last + step))
    if kind == UNDER and last is not None and value < last:
        return Shown(UNDER, last, 0, last)
    if kind == OVER and last is not None and value > last:
        return Shown(OVER, last, last, 1)
    return None


def outward(value: float | None, step: float, *, up: bool) -> float | None:
    """An end of an interval, moved outward to a multiple of `step`."""
    if missing(value):
        return None
    assert value is not None
    moved = (math.ceil(value / step - 1e-9) if up else math.floor(value / step + 1e-9)) * step
    return float(f"{moved:.6g}")


def digits(value: float | None, n: int = 2, before: Before | None = None) -> float | None:
    """A number to `n` significant digits; what an earlier version showed stays while it is less than one away."""
    if missing(value):
        return None
    assert value is not None
    rounded, kept = float(f"{value:.{n}g}"), before[1] if before else None
    if kept and rounded and abs(value - kept) < 10.0 ** (math.floor(math.log10(abs(kept))) - n + 1):
        return kept
    return rounded
