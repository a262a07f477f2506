"""What every column of every table means, its type and its unit.

`TABLES` describes the tables that exports fill, `DERIVED` those worked out from them;
`data/README.md` is generated from here.
"""

from __future__ import annotations

from kit.schema.derived import ABOUT_DERIVED, DERIVED
from kit.schema.dictionary import dictionary
from kit.schema.model import (
    GROUPS,
    KINDS,
    PLATFORMS,
    TIME_PRECISIONS,
    TIME_SOURCES,
    Column,
    group_order,
    platform_name,
)
from kit.schema.tables import ABOUT, TABLES

__all__ = [
    "ABOUT",
    "ABOUT_DERIVED",
    "DERIVED",
    "GROUPS",
    "KINDS",
    "PLATFORMS",
    "TABLES",
    "TIME_PRECISIONS",
    "TIME_SOURCES",
    "Column",
    "columns",
    "dictionary",
    "group_order",
    "platform_name",
]


def columns(table: str, *, loaded: bool | None = None, private: bool | None = None) -> list[str]:
    """Names of the columns of `table`, in order, filtered by who fills and who sees them."""
    return [
        c.name
        for c in (TABLES | DERIVED)[table]
        if (loaded is None or c.loaded is loaded) and (private is None or c.private is private)
    ]
