"""What a report states, as tables for a spreadsheet: `facts.csv` and `findings.csv` say what `findings.json` says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from kit.locale.later import say
from kit.words import recorded

_SAID = ["verdict", "value", "low", "high", "n"]
_COLUMNS = {
    "fact": ["id", "group", "value", "label", "unit", "n", "shown", "not_recorded", "notebook", "text"],
    "finding": ["id", "row", "settings", *_SAID, "unit", "shown", "not_recorded", "notebook", "text"],
}
#: name of the table that holds each kind of entry
TABLES = {"fact": "facts", "finding": "findings"}


def stated_tables(entries: Sequence[Mapping[str, Any]], language: str) -> dict[str, pd.DataFrame]:
    """A table by name, `facts` and `findings`, for each kind that `entries` hold.

    A finding has a row for its group, one for its control and one for each other setting that was tried,
    all from the entries, which hold nothing that is withheld.
    """
    rows: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in TABLES}
    for entry in entries:
        entry = {**entry, "text": (entry.get("text") or {}).get(language)}
        rows[entry["kind"]] += [entry] if entry["kind"] == "fact" else _finding(entry)
    return {
        TABLES[kind]: pd.DataFrame(
            [[_SAY[c](row) if c in _SAY else row.get(c) for c in _COLUMNS[kind]] for row in found],
            columns=_COLUMNS[kind],
            dtype=object,
        )
        for kind, found in rows.items()
        if found
    }


def _finding(entry: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    same = {key: entry.get(key) for key in ("id", "unit", "notebook")}
    yield {**entry, "row": entry["group"], "settings": _settings(entry.get("settings"))}
    if control := entry.get("control"):
        yield {**control, **same, "row": "control", "settings": _settings(entry.get("settings"))}
    for tried in entry.get("sensitivity") or ():
        yield {**tried, **same, "row": "other setting", "settings": _settings(tried.get("settings"))}


def _kinds(row: Mapping[str, Any]) -> str | None:
    """What is shown in words of its numbers: `n small; value small`."""
    said = row.get("shown") or {}
    return "; ".join(" ".join(map(str, (part, *kind))) for part, kind in sorted(said.items())) or None


def _reason(row: Mapping[str, Any]) -> str | None:
    """Because of what its numbers are not recorded, in words."""
    names = row.get(recorded.ATTRIBUTE)
    return say(recorded.sentence(names)) if names else None


#: columns that are not a value of the entry as it stands
_SAY = {"shown": _kinds, recorded.ATTRIBUTE: _reason}


def _settings(given: Any) -> str:
    return json.dumps(given or {}, sort_keys=True, ensure_ascii=False)
