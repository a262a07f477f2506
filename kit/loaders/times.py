"""Read times as the report file declares them; refuse what would have to be guessed.

`time: {format: …, zone: …}` in an export's entry. `format` is `iso` (the default),
`epoch_s`, `epoch_ms`, or a pattern such as `%d/%m/%Y %H:%M`. `zone` is UTC or an
IANA name, for times written without one. A column can have its own: `time:
{author.created_at: {format: "%Y-%m-%d"}}`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kit.errors import InputError, nearest
from kit.loaders.values import BadValue, plausible
from kit.locale import N_

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?([.,]\d{1,9})?\s*(Z|z|UTC|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d*)?", re.ASCII)
_SLASHED = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}\b", re.ASCII)
_EPOCH = datetime(1970, 1, 1)
#: the minutes of UTC, by month and day, that can have a second 60
_LEAPS = ("06-30 23:59", "12-31 23:59")

Moment = tuple[datetime | None, str | None]
#: what a time reader gives: the moment in UTC and its precision
Reader = Callable[[str, Any], Moment]


class Undeclared(BadValue):
    """A time that a declaration in the report file would make readable."""


def reader(declared: Mapping[str, Any], platform: str, warnings: Counter[str], where: str) -> Reader:
    """A function (field, cell) -> (moment in UTC, precision) by one declaration."""
    for key in declared:
        if key not in ("format", "zone"):
            hint = nearest(key, ["format", "zone"])
            raise InputError(f"unknown key '{key}' under `time`", where=where, hint=hint)
    shape = str(declared.get("format") or "iso")
    zone = _zone(declared.get("zone"), where)
    if shape.lower() in ("iso", "epoch_s", "epoch_ms"):
        shape = shape.lower()
    elif "%" not in shape:
        hint = nearest(shape, ["iso", "epoch_s", "epoch_ms"]) + " A pattern holds signs such as %Y"
        raise InputError("unknown time format", where=where, found=shape, hint=hint)

    def read(field: str, cell: Any) -> Moment:
        if cell is None or cell == "":
            return None, None
        if isinstance(cell, date):
            return _native(field, cell, zone, platform, warnings)
        if shape in ("epoch_s", "epoch_ms"):
            return _epoch(field, cell, shape == "epoch_ms", platform)
        if not isinstance(cell, str | int | float) or isinstance(cell, bool):
            raise BadValue(field, "a time was expected", cell)
        if not isinstance(cell, str):
            raise Undeclared(
                field,
                "a number where a time was expected; declare `time: {format: epoch_s}`, or give a spreadsheet's "
                "serial numbers a date format",
                cell,
            )
        if shape == "iso":
            return _iso(field, cell.strip(), zone, platform, warnings)
        return _pattern(field, cell.strip(), shape, zone, platform, warnings)

    return read


def _zone(name: Any, where: str) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        hint = "write UTC or a name such as America/Toronto"
        raise InputError("unknown time zone", where=where, found=name, hint=hint) from None


def _iso(field: str, cell: str, zone: ZoneInfo | None, platform: str, warnings: Counter[str]) -> Moment:
    match = _ISO.fullmatch(cell)
    if match is None:
        reason = _undeclared(cell)
        raise Undeclared(field, reason, cell)
    day, minute, second, fraction, offset = match.groups()
    try:
        if minute is None:
            return plausible(field, datetime.fromisoformat(day), platform, cell), "day"
        moment, leap = _clock(day, minute, second or ":00", fraction)
    except ValueError:
        raise BadValue(field, "no such time", cell) from None
    if fraction:
        moment += timedelta(microseconds=int(fraction[1:7].ljust(6, "0")))
    precision = "millisecond" if fraction else "second" if second else "minute"
    if offset is None:
        moment = _utc(field, moment, zone, warnings, cell)
    elif offset[0] in "+-":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        if int(digits[:2]) > 15 or int(digits[2:]) > 59:
            raise BadValue(field, "no such offset from UTC", cell)
        away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment = moment - away if offset[0] == "+" else moment + away
    if leap:
        if moment.strftime("%m-%d %H:%M") not in _LEAPS:
            raise BadValue(field, "no such time", cell)
        moment += timedelta(seconds=1)
        warnings["leap seconds, read as the second that follows, as computers count"] += 1
    if minute == "24:00":
        warnings["times of 24:00, read as the midnight that ends the day"] += 1
    return plausible(field, moment, platform, cell), precision


def _clock(day: str, minute: str, second: str, fraction: str | None) -> tuple[datetime, bool]:
    """The moment written, and whether it is to be a leap second, which is given as the second before.

    ISO 8601 has 24:00:00 for the midnight that ends a day. Python reads it from 3.13 on; nothing may depend on that.
    """
    leap, ends = second == ":60", minute == "24:00"
    if (minute >= "24" and not ends) or (ends and (second + (fraction or "")).strip(":.,0")):
        raise ValueError
    moment = datetime.fromisoformat(f"{day}T{'00:00' if ends else minute}{':59' if leap else second}")
    return moment + timedelta(days=ends), leap


def _undeclared(cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        return N_("a number where a time was expected; declare `time: {format: epoch_s}` or epoch_ms")
    if _SLASHED.match(cell):
        return N_(
            "day and month in an order nobody declared; write `time: {format: '%d/%m/%Y %H:%M'}` or the like"
        )
    return N_("not an ISO 8601 time; declare `time: {format: …}`")


def _utc(field: str, moment: datetime, zone: ZoneInfo | None, warnings: Counter[str], cell: Any) -> datetime:
    """Local `moment` in UTC. A time that the clocks skipped is refused, one they showed twice is the first."""
    if zone is None:
        raise Undeclared(
            field, "a time without a zone; declare `time: {zone: UTC}` or the zone it is in", cell
        )
    local = moment.replace(tzinfo=zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != moment:
        raise BadValue(field, f"the clocks of {zone.key} skipped this time", cell)
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        warnings[f"the clocks of {zone.key} showed this time twice; the first was taken"] += 1
    return utc.replace(tzinfo=None)


def _native(field: str, cell: Any, zone: ZoneInfo | None, platform: str, warnings: Counter[str]) -> Moment:
    """A date or time that the file holds as such (spreadsheet, Parquet)."""
    if not isinstance(cell, datetime):
        return plausible(field, datetime(cell.year, cell.month, cell.day), platform, cell), "day"
    if cell.tzinfo is not None:
        moment = cell.astimezone(UTC).replace(tzinfo=None)
    else:
        moment = _utc(field, cell, zone, warnings, cell)
    return plausible(field, moment, platform, cell), "millisecond" if cell.microsecond else "second"


def _epoch(field: str, cell: Any, milli: bool, platform: str) -> Moment:
    written = cell.strip() if isinstance(cell, str) else repr(cell)
    if isinstance(cell, bool) or not _NUMBER.fullmatch(written):
        raise BadValue(field, "a number of seconds or milliseconds was expected", cell)
    whole, _, fraction = written.partition(".")
    micro = int(whole) * (1_000 if milli else 1_000_000)
    part = int((fraction[:6] if not milli else fraction[:3]).ljust(3 if milli else 6, "0"))
    try:
        moment = _EPOCH + timedelta(microseconds=micro + (part if micro >= 0 else -part))
    except OverflowError:
        raise BadValue(field, "a time out of range: seconds or milliseconds?", cell) from None
    return plausible(field, moment, platform, cell), "millisecond" if milli or part else "second"


def _pattern(
    field: str, cell: str, shape: str, zone: ZoneInfo | None, platform: str, warnings: Counter[str]
) -> Moment:
    try:
        moment = datetime.strptime(cell, shape)
    except ValueError:
        raise BadValue(field, f"not a time as {shape}", cell) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    elif any(sign in shape for sign in ("%H", "%I", "%X", "%c", "%T")):
        moment = _utc(field, moment, zone, warnings, cell)
    else:
        return plausible(field, moment, platform, cell), "day"
    precision = "minute"
    if any(sign in shape for sign in ("%S", "%X", "%c", "%T")):
        precision = "millisecond" if "%f" in shape else "second"
    elif "%M" not in shape:
        precision = "hour"
    return plausible(field, moment, platform, cell), precision
