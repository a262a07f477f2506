"""The ledger of publications: what left the house, when, and what each version said of every number.

`publications.json` in the report's folder holds shown values only, nothing secret. The next version keeps a shown
number until the truth is a whole step away (`kit.disclosure.rule`), and is checked against the last one here: no
difference between the two may tell of 1 to 9 people.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kit.disclosure import PEOPLE, STEP
from kit.disclosure.rule import people
from kit.errors import OutputError, ReportError
from kit.report import LEDGER, Report

Shown = list[Any]  # kind, value, and between what the truth lies


def shown(quantities: Iterable[Mapping[str, Any]]) -> dict[str, Shown]:
    """What a version says of each number, by its id; no true number."""
    return {
        one["id"]: [one["kind"], one.get("value"), one.get("low"), one.get("high")]
        for one in sorted(quantities, key=lambda q: q["id"])
    }


def versions(report: Report) -> list[dict[str, Any]]:
    """The versions that left the house, the oldest first."""
    path = report.folder / LEDGER
    if not path.exists():
        return []
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["versions"])
    except (OSError, ValueError, TypeError, KeyError):
        hint = "Put back the file that `kit publish` wrote."
        raise ReportError("the ledger of publications is damaged", where=str(path), hint=hint) from None


def told_by_difference(report: Report, quantities: Iterable[Mapping[str, Any]]) -> list[str]:
    """The numbers of which this version and the last one together tell that 1 to 9 people came or went."""
    before = versions(report)
    if not before:
        return []
    last = before[-1]["shown"]
    return sorted(
        {
            str(one["id"])
            for one in quantities
            if one["counts"] in PEOPLE and one["kind"] != "exact" and _few_apart(last.get(one["id"]), one)
        }
    )


def moved_too_soon(report: Report, quantities: Iterable[Mapping[str, Any]]) -> list[str]:
    """Counts of people that differ from the last version though the truth is not a step away from it.

    Nothing but stages that were run under another ledger gives that.
    """
    return sorted(
        {
            str(one["id"])
            for one in quantities
            if one["counts"] in PEOPLE
            and one["kind"] not in ("exact", "withheld")
            and (last := report.shown_before.get(one["id"])) is not None
            and (again := people(one["true"], one.get("rest"), last)).kind in ("about", "small", "all_but")
            and (again.kind, again.value) != (one["kind"], one.get("value"))
        }
    )


def _few_apart(last: Shown | None, now: Mapping[str, Any]) -> bool:
    """Whether the bounds of both leave no other difference than one of 1 to 9."""
    if last is None or any(x is None for x in (*last[2:4], now.get("low"), now.get("high"))):
        return False
    least, most = last[2] - now["high"], last[3] - now["low"]
    return 1 <= least <= most < STEP or -STEP < least <= most <= -1


def add(report: Report, quantities: Iterable[Mapping[str, Any]], manifest: str) -> None:
    """Note the version that has just left; the same one again is not noted twice."""
    before = versions(report)
    entry = {"date": str(report.date), "manifest": manifest, "shown": shown(quantities)}
    if before and {k: before[-1][k] for k in ("manifest", "shown")} == {
        k: entry[k] for k in ("manifest", "shown")
    }:
        return
    path = report.folder / LEDGER
    new = path.with_name(f".{path.name}.new")
    try:
        _write(new, {"versions": [*before, entry]})
        os.replace(new, path)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from error


def _write(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
