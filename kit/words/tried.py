"""How a finding fares under other settings, in words: what was varied, and never what is unclear as agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.locale import _, number
from kit.words.rows import term


def steadiness(item: Mapping[str, Any]) -> str:
    """Under how many other settings a finding says the same, what was varied, and how many say nothing; empty without any."""
    rows = [row for row in item.get("sensitivity") or () if isinstance(row, Mapping) and row.get("verdict")]
    if not rows or item["verdict"] == "not_comparable":
        return ""
    names = dict.fromkeys(name for row in rows for name in row.get("settings") or {})
    verdicts = [row["verdict"] for row in rows]
    unclear = verdicts.count("inconclusive")
    given = {
        "names": ", ".join(term(name) for name in names),
        "n": number(len(rows)),
        "unclear": number(unclear),
        "same": number(verdicts.count(item["verdict"])),
    }
    if item["verdict"] == "inconclusive":
        return _("Other settings: {unclear} of {n} inconclusive too. Varied: {names}.").format(**given)
    if unclear:
        return _(
            "Other settings: {same} of {n} say the same, {unclear} inconclusive. Varied: {names}."
        ).format(**given)
    return _("Other settings: {same} of {n} say the same. Varied: {names}.").format(**given)
