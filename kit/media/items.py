"""The table `media_items`: every item, with what its file holds where the researcher has the file."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd

from kit.media import addresses, examine, prints
from kit.media.held import File, Read, held
from kit.schema import columns

_STRONGEST = {"none": 0, "suspected": 1, "confirmed": 2}


def produce(
    read: Read, *, files: tuple[File, ...], labels: tuple[tuple[str, str, str], ...] = ()
) -> pd.DataFrame:
    """One row for each item that an export names or a file holds."""
    known = held(read, files)
    keys = known.keys()
    kinds = known.placements.dropna(subset="kind").groupby("item")["kind"].min()
    named = set(known.placements["item"])
    found = dict(zip(known.files, _examined(known.files), strict=True))
    labelled = _labelled(labels, known.names)
    rows = [
        {"item_key": key, "named": item in named}
        | _described(item, found.get(item), known.files.get(item), kinds.get(item) or addresses.kind(item))
        | labelled.get(item, {})
        for item, key in keys.items()
    ]
    return pd.DataFrame(rows, columns=columns("media_items"))


def _examined(files: dict[str, File]) -> list[dict[str, Any]]:
    """What each file holds, looked at by as many children as there are processors."""
    tools = examine.tools()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda file: examine.examine(file[0], tools), files.values()))


def _described(
    item: str, found: dict[str, Any] | None, file: File | None, kind: str | None
) -> dict[str, Any]:
    if found is None or file is None:
        return {"kind": kind, "status": "not_held"}
    wanted = "status kind width height duration_s truncated had_gps has_sound views sound".split()
    views = found.get("views")
    return {name: found.get(name) for name in wanted} | {
        "sha256": item.removeprefix("sha256:") if item.startswith("sha256:") else None,
        "bytes": file[2],
        "kind": found.get("kind") or kind,
        "refused_reason": found.get("reason"),
        "frames": found.get("frames"),
        "quality": prints.quality(views),
        "panel_share": prints.panel_share(views),
        "c2pa_status": found.get("c2pa"),
    }


def _labelled(labels: tuple[tuple[str, str, str], ...], names: dict[str, str]) -> dict[str, dict[str, str]]:
    """The label of each item; of several for one item the strongest."""
    out: dict[str, dict[str, str]] = {}
    for called, label, _day in labels:
        item = names.get(called)
        if item and _STRONGEST[label] >= _STRONGEST[out.get(item, {}).get("label", "none")]:
            out[item] = {"label": label}
    return out
