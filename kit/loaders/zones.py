"""Times written with the abbreviation of a zone: `2021-07-06 16:45:20 EDT`.

An abbreviation is taken where it stands for one offset in every zone of the world that
uses it. Others, such as CST, PST or IST, need the zone from the report file, which also
says whether an abbreviation belongs to it.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kit.errors import InputError
from kit.loaders import times, values
from kit.loaders.times import Undeclared
from kit.loaders.values import BadValue

_NAMED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: ([A-Z]{2,5}|[+-]\d\d(?::?\d\d)?))?", re.ASCII)
_YEARS = range(2008, 2026)


def reader(options: Mapping[str, Any], platform: str, where: str) -> times.Reader:
    """A function (field, cell) -> (moment in UTC, precision) for times that name their zone."""
    declared = (options.get("time") or {}).get("zone")
    try:
        zone = ZoneInfo(str(declared)) if declared else None
    except (KeyError, ValueError, OSError):
        hint = "write UTC or a name such as America/Toronto"
        raise InputError("unknown time zone", where=where, found=declared, hint=hint) from None

    def read(field: str, cell: Any) -> times.Moment:
        written = (values.text(field, cell) or "").strip()
        if not written:
            return None, None
        found = _NAMED.fullmatch(written)
        if found is None:
            raise BadValue(field, "a time as '2021-07-06 16:45:20 EDT' was expected", cell)
        try:
            local = datetime.fromisoformat(found[1])
        except ValueError:
            raise BadValue(field, "no such time", cell) from None
        moment = local - _offset(field, local, found[2], zone, cell)
        return values.plausible(field, moment, platform, cell), "second"

    return read


def _offset(field: str, local: datetime, name: str | None, zone: ZoneInfo | None, cell: Any) -> timedelta:
    if name and name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return away if name[0] == "+" else -away
    if zone is not None:
        return _declared(field, local, name, zone, cell)
    if name is None:
        raise Undeclared(
            field, "a time without a zone; declare `time: {zone: UTC}` or the zone it is in", cell
        )
    offsets = _offsets().get(name, frozenset())
    if len(offsets) != 1:
        reason = f"{name} is no zone that is known; declare `time: {{zone: …}}` with the zone it is in"
        if offsets:
            reason = f"{name} stands for several zones; declare `time: {{zone: …}}` with the zone it is in"
        raise Undeclared(field, reason, cell)
    return next(iter(offsets))


def _declared(field: str, local: datetime, name: str | None, zone: ZoneInfo, cell: Any) -> timedelta:
    """The offset of the zone that the report file names; the abbreviation tells the two passes of an hour apart."""
    found = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    fitting = [moment for moment in found if name is None or moment.tzname() == name]
    if not fitting:
        raise BadValue(field, f"{name} is not what clocks in {zone.key} showed then", cell)
    moment = fitting[0]
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise BadValue(field, f"the clocks of {zone.key} skipped this time", cell)
    return moment.utcoffset() or timedelta()


@cache
def _offsets() -> dict[str, frozenset[timedelta]]:
    """What each abbreviation has stood for since 2008, over all zones of the world."""
    found: dict[str, set[timedelta]] = {"UTC": {timedelta()}}
    for key in zoneinfo.available_timezones():
        if "/" not in key or key.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            continue
        zone = ZoneInfo(key)
        for year in _YEARS:
            for month in (1, 7):
                moment = datetime(year, month, 1, tzinfo=zone)
                if (name := moment.tzname()) and name.isalpha():
                    found.setdefault(name, set()).add(moment.utcoffset() or timedelta())
    return {name: frozenset(offsets) for name, offsets in found.items()}
