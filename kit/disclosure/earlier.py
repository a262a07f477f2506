"""The bins of a series as an earlier version told of them, read from what it showed (`publications.json`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from kit.disclosure.rule import UNKNOWN, ZERO, Before


class Asked(NamedTuple):
    """A metric that is asked for, with its settings that differ from the usual ones, and the names of all."""

    name: str
    settings: Mapping[str, Any]
    known: Sequence[str]


class Earlier(NamedTuple):
    """A bin: what stood in the columns of its ends, and the kind of each number told of it, by column."""

    ends: tuple[str, ...]
    kinds: dict[str, str]

    def empty(self, number: str = "") -> bool:
        """Whether nobody was in it, or did what a column counts."""
        said = [self.kinds[number]] if number in self.kinds else self.kinds.values()
        return all(kind in (ZERO, UNKNOWN) for kind in said)

    def held(self, number: str) -> bool:
        """Whether a number of it was withheld."""
        return self.kinds.get(number) == "withheld"


def bins(
    before: Mapping[str, Before], asked: Asked | None, keys: Mapping[str, Any], ends: Sequence[str]
) -> list[Earlier]:
    """What an earlier version told of the rows of a metric that have these `keys`, by the columns of their `ends`.

    >>> before = {"posts|daily.posts|group=studied|date=2024-01-01|day_to=2024-01-07": ("about", 40.0)}
    >>> bins(before, Asked("daily", {}, ["accounts"]), {"group": "studied"}, ["date", "day_to"])[0].ends
    ('2024-01-01', '2024-01-07')
    """
    found: dict[tuple[str, ...], dict[str, str]] = {}
    if asked is None:
        return []
    for column, said, (kind, _value) in _of(before, asked):
        rest = {name: value for name, value in said.items() if name not in ends}
        if set(ends) <= set(said) and _same(rest, asked, keys):
            found.setdefault(tuple(said[name] for name in ends), {})[column] = kind
    return [Earlier(ends_, kinds) for ends_, kinds in found.items()]


def _of(before: Mapping[str, Before], asked: Asked) -> Iterator[tuple[str, dict[str, str], Before]]:
    """Column, keys and settings, and what was shown, of every number of a metric."""
    mark = f"|{asked.name}."
    for name, shown in before.items():
        counts, found, rest = name.partition(mark)
        if found and "|" not in counts and not counts.startswith("whole of "):
            column, *said = rest.split("|")
            yield column, dict(one.partition("=")[::2] for one in said), shown


def _same(said: Mapping[str, str], asked: Asked, keys: Mapping[str, Any]) -> bool:
    """Whether a number stood in a row of these keys, under these settings."""
    wanted = {name: str(value) for name, value in (dict(asked.settings) | dict(keys)).items()}
    other = set(asked.known) & set(said) - set(wanted)
    return not other and all(said.get(name) == value for name, value in wanted.items())


def with_gone(table: pd.DataFrame, before: Mapping[str, Before]) -> pd.DataFrame:
    """A ranked table with the rows that an earlier version had and that hold nobody now, at its end.

    Where a row is gone, whoever stood in it was taken out; so its words stay until nothing is left of it to say.
    """
    if "ranked" not in table.attrs or not before:
        return table
    asked = Asked(str(table.attrs.get("name", "")), table.attrs.get("settings", {}), ())
    settings = {name: str(value) for name, value in asked.settings.items()}
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    told: dict[tuple[str, ...], set[str]] = {}
    names: list[str] = []
    for _column, said, (kind, _value) in _of(before, asked):
        own = {name: value for name, value in said.items() if name in table}
        if set(said) - set(own) <= set(settings) and all(said.get(k) == v for k, v in settings.items()):
            names = list(own)
            rows[tuple(own.values())] = own
            told.setdefault(tuple(own.values()), set()).add(kind)
    if not rows or not set(names) <= set(map(str, table.columns)):
        return table
    here = set(table[names].astype(object).map(str).itertuples(index=False, name=None))
    gone = [row for key, row in rows.items() if key not in here and told[key] - {ZERO, UNKNOWN}]
    return _added(table, gone) if gone else table


def _added(table: pd.DataFrame, gone: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    counted = [c for c in table.columns if pd.api.types.is_numeric_dtype(table[c]) and c not in gone[0]]
    given = [{k: None if v in ("None", "nan", "<NA>") else v for k, v in row.items()} for row in gone]
    more = pd.DataFrame(given, columns=table.columns).astype(object)
    more[counted] = 0
    found = pd.concat([table.astype(object), more], ignore_index=True)
    kinds = {c: kind for c, kind in table.dtypes.items() if not pd.api.types.is_datetime64_any_dtype(kind)}
    found = found.astype(kinds).astype({c: table[c].dtype for c in table.columns if c not in kinds})
    found.attrs = dict(table.attrs)
    return found
