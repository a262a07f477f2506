"""What a report's notebooks told, as its pages may use it: the only source of numbers on the front.

Everything here was protected before it came (`kit.disclosure`): entries of `findings.json` and the tables
beside it. A number that is not shown has its words in place of a value; nothing is computed from the case.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kit import words
from kit.redact import read_csv_back

#: the numbers of an entry that prose may name, beside those of its `fields`
NUMBERS = ("value", "low", "high", "n", "k", "p")


@dataclass(frozen=True)
class Number:
    """A number of the report, its unit, and what is shown in its place where it is withheld or not known."""

    ref: str
    value: float | int | None
    unit: str
    instead: str = ""


@dataclass(frozen=True)
class Told:
    """Entries by (id, group), protected tables by name.

    >>> told = Told.of([{"id": "posts", "group": "studied", "value": 120, "unit": "posts", "kind": "fact"}], {})
    >>> told.number("posts.value").value
    120
    >>> told.number("posts.control.value") is None
    True
    """

    entries: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Mapping[str, Any]], tables: Mapping[str, bytes]) -> Told:
        """found: entries as `findings.json` holds them; tables: name -> bytes of its CSV."""
        return cls({(str(e["id"]), str(e.get("group") or "studied")): e for e in found}, dict(tables))

    def finding(self, id_: str) -> Mapping[str, Any] | None:
        """The finding of that name; None where the report has none."""
        entry = self.entries.get((id_, "studied"))
        return entry if entry is not None and entry.get("kind") == "finding" else None

    def fact(self, id_: str, group: str = "studied") -> Mapping[str, Any] | None:
        """The fact of that name and group; None where the report has none."""
        entry = self.entries.get((id_, group))
        return entry if entry is not None and entry.get("kind") == "fact" else None

    def table(self, name: str) -> pd.DataFrame | None:
        """The table as published: beside a column with withheld numbers, `NAME_shown`; None where there is none."""
        content = self.tables.get(name)
        return None if content is None else read_csv_back(io.StringIO(content.decode("utf-8")))

    def number(self, ref: str) -> Number | None:
        """The number behind `finding.field`, `fact.field` or `fact.group.field`; None where nothing is called so."""
        id_, *between, name = ref.split(".")
        entry = self.entries.get((id_, between[0] if between else "studied"))
        if entry is None or len(between) > 1:
            return None
        unit = str(entry.get("unit") or "")
        if name == "ref":  # what stands beside it: the comparison group's
            entry, name = entry.get("control") or {}, "value"
        held = {**(entry.get("fields") or {}), **{key: entry.get(key) for key in NUMBERS if key in entry}}
        if name not in held:
            return None
        value = held[name]
        kind = (entry.get("shown") or {}).get(name)
        instead = words.instead(kind) or ""
        return Number(ref, value if words.is_number(value) and not instead else None, unit, instead)
