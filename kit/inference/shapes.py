"""Families of weekly rhythms: what a week of posting looks like under a way of life.

A shape is a rate for each half-hour of the local week (336 bins, bin 0 = Monday
00:00), positive everywhere and summing to one. Families marked `*` say nothing
about the clock: they are there only to forbid an answer. The bank is computed
once, on first use.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

HALF_HOURS = 48
BINS = 7 * HALF_HOURS
FRIDAY_ENDS = 5 * HALF_HOURS
WORKING = np.arange(BINS) < FRIDAY_ENDS
HOURS = (np.arange(HALF_HOURS) + 0.5) / 2  # middle of each half-hour of a day

FLOORS = (0.01, 0.04, 0.12)  # share of posts at any hour at all
LUNCH = (0.0, 0.5)  # depth of the midday gap


@dataclass(frozen=True)
class Bank:
    """All shapes: `family` name, `names_clock` (may it say where), `rates` (shape x bin) and their logs."""

    family: np.ndarray
    names_clock: np.ndarray
    rates: np.ndarray
    logs: np.ndarray


def block(start: float, length: float, ramp: float = 0.75) -> np.ndarray:
    """1 from `start` for `length` hours, with linear edges `ramp` hours wide; the day is a circle."""
    out = np.zeros(HALF_HOURS)
    for turn in (-24, 0, 24):
        rise = (HOURS + turn - start) / ramp + 0.5
        fall = (start + length - HOURS - turn) / ramp + 0.5
        out = np.maximum(out, np.clip(np.minimum(rise, fall), 0, 1))
    return out


def _mixed(day: np.ndarray, floor: float) -> np.ndarray:
    return day / day.sum() * (1 - floor) + floor / HALF_HOURS


def _gap(depth: float, at: float = 12.5) -> np.ndarray:
    return 1 - depth * (np.abs(HOURS - at) < 0.6)


def _week(day: np.ndarray, weekend: float, off_day: np.ndarray | None = None) -> np.ndarray:
    off_day = day if off_day is None else off_day
    return np.concatenate([day] * 5 + [off_day * weekend] * 2)


def _office(floor: float, depth: float) -> Iterator[np.ndarray]:
    for start in (8, 8.5, 9, 9.5, 10):
        for length in (7.5, 8.5, 9.5, 10.5):
            day = _mixed(block(start, length) * _gap(depth), floor)
            yield from (_week(day, weekend) for weekend in (0.03, 0.15, 0.35, 0.6))


def _shift(floor: float, depth: float) -> Iterator[np.ndarray]:
    for start in np.arange(6, 10.6, 0.5):
        for length in (11, 11.75, 12.5):
            day = _mixed(block(start, length) * _gap(depth), floor)
            yield from (_week(day, weekend) for weekend in (0.3, 0.6, 1.0))


def _awake(floor: float) -> Iterator[np.ndarray]:
    """Long days, given by the middle of the quiet hours; `tilt` leans them to the morning or the evening."""
    for length in (13.5, 15, 16.5):
        for quiet in np.arange(2, 6.6, 0.5):
            start = quiet + (24 - length) / 2
            place = ((HOURS - start - length / 2 + 12) % 24 - 12) / length
            for tilt in (-0.4, 0.2, 0.8):
                lean = np.clip(1 + tilt * place, 0.05, None)
                day = _mixed(block(start, length, ramp=1.5) * lean, floor)
                yield from (_week(day, weekend) for weekend in (0.6, 0.8, 1.0, 1.3))


def _short(floor: float) -> Iterator[np.ndarray]:
    """Short blocks at any hour. Those of 6.5 and 7 h keep part-time crews whose habits differ from being
    read as an office: without them 0.07 of them were, from 200 posts."""
    for length in (2, 3, 4, 5, 6, 6.5, 7):
        day = _mixed(block(0, length), floor)
        yield from (_week(day, weekend) for weekend in (0.03, 0.35, 1.0, 1.5))


def _seven_days(floor: float, depth: float) -> Iterator[np.ndarray]:
    """A full block every day of the week, the pause four hours after its start."""
    for length in (7, 8, 9, 10):
        day = _mixed(block(0, length) * _gap(depth, at=4), floor)
        yield from (_week(day, weekend) for weekend in (0.85, 1.1, 1.5))


def _student(floor: float) -> Iterator[np.ndarray]:
    for start, end in ((15.5, 23), (15.5, 24), (16.5, 24), (16.5, 25)):
        for free_start in (9.5, 11):
            day = _mixed(block(start, end - start), floor)
            free = _mixed(block(free_start, 24.5 - free_start), floor)
            yield from (_week(day, weekend, free) for weekend in (1.0, 1.5))


def _families() -> Iterator[tuple[str, Iterator[np.ndarray]]]:
    for floor in FLOORS:
        for depth in LUNCH:
            yield "office", _office(floor, depth)
            yield "shift", _shift(floor, depth)
            yield "block7*", _seven_days(floor, depth)
        yield "awake", _awake(floor)
        yield "short*", _short(floor)
        yield "student*", _student(floor)
    flat = np.ones(HALF_HOURS)
    yield "flat*", (_week(flat, weekend) for weekend in (1.0, 0.6, 0.3))


@functools.cache
def bank() -> Bank:
    """Every shape of every family, 2 307 in all."""
    names, weeks = [], []
    for name, shapes in _families():
        for week in shapes:
            names.append(name)
            weeks.append(week / week.sum())
    rates = np.array(weeks)
    family = np.array(names)
    return Bank(family, ~np.char.endswith(family, "*"), rates, np.log(rates))
