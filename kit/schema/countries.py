"""Which country a clock is of."""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def _of_zones() -> dict[str, str]:
    """The country of each named zone, from the time zone database."""
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def of_clock(zone: str) -> str | None:
    """The code of the country whose clock a named zone is; None for a zone of no country.

    >>> of_clock("Asia/Bangkok"), of_clock("UTC")
    ('TH', None)
    """
    return _of_zones().get(zone)


def calendar_of(zone: str) -> str | None:
    """The country whose public holidays are known of a clock; None where it is of no country, or none are known."""
    from holidays import list_supported_countries  # here: it takes long to load

    country = of_clock(zone)
    return country if country in list_supported_countries() else None
