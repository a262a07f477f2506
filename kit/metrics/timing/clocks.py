"""UTC offsets in words, and who lives by them: never one country."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable
from importlib import resources

from babel import Locale

from kit.locale import _, current

_NAMED = 15  # an offset with more countries is given by their number, and then every offset is


def offset_name(hours: float) -> str:
    """+7, +5:30, -3:30, 0: as it stands after "UTC"."""
    minutes = round(abs(hours) * 60)
    sign = "-" if hours < 0 else "+"
    return f"{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "") if minutes else "+0"


@functools.cache
def _zones() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every populated zone with the codes of its countries, from the time zone database."""
    text = resources.files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((row[2], tuple(code for code in row[0].split(",") if code != "AQ")) for row in rows)


@functools.lru_cache(maxsize=32)
def _inhabited(days: tuple[dt.date, ...]) -> dict[float, frozenset[str]]:
    found: dict[float, set[str]] = {}
    for name, countries in _zones():
        zone = zoneinfo.ZoneInfo(name)
        for day in days:
            offset = dt.datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset() or dt.timedelta()
            found.setdefault(offset.total_seconds() / 3600, set()).update(countries)
    return {hours: frozenset(codes) for hours, codes in found.items() if codes}


def inhabited(low: float, high: float, days: Iterable[dt.date]) -> dict[float, frozenset[str]]:
    """Offsets between `low` and `high` that some zone keeps on one of `days`, with codes of the countries."""
    every = _inhabited(tuple(sorted(set(days))))
    inside = (o for o in sorted(every) if low <= o <= high or low <= o + 24 <= high)
    return {o: every[o] for o in inside}


class Places(str):
    """The clocks inside a range and who keeps them, written in the reader's language when it is formatted.

    As plain text it holds offsets and country codes. Either all countries of every
    offset are named or none: a list cut short, or an offset with one country, would
    point at somebody. None are named where an offset has a single one; where an offset
    has more than fifteen, all offsets give their number.
    """

    __slots__ = ("found",)
    found: dict[float, frozenset[str]]

    def __new__(cls, found: dict[float, frozenset[str]]) -> Places:
        """Text of offsets and codes; `found` is what `inhabited` gave."""
        text = super().__new__(
            cls, "; ".join(f"UTC{offset_name(o)}: {' '.join(sorted(c))}" for o, c in found.items())
        )
        text.found = found
        return text

    def __format__(self, spec: str) -> str:
        if not self.found:
            return _("no inhabited clock")
        sizes = [len(codes) for codes in self.found.values()]
        if min(sizes) < 2:
            return ", ".join(f"UTC{offset_name(o)}" for o in self.found)
        say = self._number if max(sizes) > _NAMED else self._names
        return "; ".join(f"UTC{offset_name(o)} ({say(codes)})" for o, codes in self.found.items())

    def _names(self, codes: frozenset[str]) -> str:
        territories = Locale(current()).territories
        return ", ".join(sorted(territories.get(code, code) for code in codes))

    def _number(self, codes: frozenset[str]) -> str:
        return _("{n} countries and territories").format(n=len(codes))
