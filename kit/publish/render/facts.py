"""Facts beside each other and beside what others published: one row a fact, one column a group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from kit import words
from kit.locale import _, percent
from kit.publish.render import furniture
from kit.publish.render.view import instead, said, text
from kit.schema import GROUPS


def facts(
    entries: Iterable[Mapping[str, Any]], published: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any] | None:
    """Our facts, a cell for every group, beside the published figures of the same name.

    Published figures that no fact answers stand at the end. None where there is nothing.
    """
    by_id: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry in entries:
        by_id.setdefault(str(entry.get("id")), {})[str(entry.get("group"))] = entry
    figures: dict[str, list[Mapping[str, Any]]] = {}
    for figure in published:
        figures.setdefault(str(figure.get("id")), []).append(figure)
    if not by_id and not figures:
        return None
    seen = list(dict.fromkeys(group for held in by_id.values() for group in held))
    groups = sorted(seen, key=lambda group: GROUPS.index(group) if group in GROUPS else len(GROUPS))
    rows = [_row(groups, held, figures.get(name, [])) for name, held in by_id.items()]
    unanswered = {name: given for name, given in figures.items() if name not in by_id}
    rows += [_row(groups, {"studied": {"id": name}}, given) for name, given in unanswered.items()]
    return {
        "groups": [text(words.group(group), 60) for group in groups],
        "rows": rows,
        "compared": any(row["published"] for row in rows),
        "noted": any(row["note"] for row in rows),
    }


def _row(
    groups: list[str], held: Mapping[str, Mapping[str, Any]], figures: list[Mapping[str, Any]]
) -> dict[str, Any]:
    first = next(iter(held.values()))
    unit, name = str(first.get("unit") or ""), furniture.title_of(first)
    beside = text(words.unit_of(unit), 60)
    differences = [_difference(_ours(held, figure), figure.get("value")) for figure in figures]
    return {
        "name": name,
        "unit": beside if beside.lower() not in name.lower() else "",
        "cells": [_cell(held[group]) if group in held else "" for group in groups],
        "published": "; ".join(_published(figure, unit) for figure in figures),
        "difference": "; ".join(filter(None, differences)),
        "source": "; ".join(dict.fromkeys(text(figure.get("source"), 500) for figure in figures)),
        "note": " ".join(filter(None, (text(item.get("note"), 500) for item in (*held.values(), *figures)))),
    }


def _cell(entry: Mapping[str, Any]) -> str:
    if said_instead := instead(entry):
        return said_instead
    value, label = entry.get("value"), words.dated(text(entry.get("label"), 300))
    shown = said(value, entry.get("unit"), words.bare) if value is not None or not label else ""
    return f"{shown} ({label})" if shown and label else shown or label


def _published(figure: Mapping[str, Any], unit: str) -> str:
    group, shown = figure.get("group", "studied"), said(figure.get("value"), unit, words.bare)
    return shown if group == "studied" else f"{text(words.group(group), 60)}: {shown}"


def _ours(held: Mapping[str, Mapping[str, Any]], figure: Mapping[str, Any]) -> Any:
    return held.get(str(figure.get("group", "studied")), {}).get("value")


def _difference(ours: Any, theirs: Any) -> str:
    if not all(words.is_number(v) and math.isfinite(v) for v in (ours, theirs)):
        return ""
    if ours == theirs:
        return _("ours is the same")
    change = float(f"{abs(ours - theirs) / abs(theirs):.2g}") if theirs else math.inf
    if change >= 10:
        return ""
    template = _("ours is {change} higher") if ours > theirs else _("ours is {change} lower")
    return template.format(change=percent(change, 2) if change >= 0.001 else "< " + percent(0.001))
