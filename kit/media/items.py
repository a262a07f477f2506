"""The table `media_items`: every item, with what its file holds where the researcher has the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from kit.media import addresses, prints
from kit.media.decoded import decoded
from kit.media.placements import File, Read, inventory
from kit.schema import columns

_STRONGEST = {"none": 0, "suspected": 1, "confirmed": 2}


def produce(
    read: Read,
    *,
    files: tuple[File, ...],
    labels: tuple[tuple[str, str, str], ...] = (),
    trust: str | None = None,
    kept: Path | None = None,
) -> pd.DataFrame:
    """One row for each item that an export names or a file holds; `trust` are issuers of credentials, as PEM.

    `kept` is the folder of what was seen in files before.
    """
    known = inventory(read, files, [called for called, _label, _day in labels])
    table = pd.DataFrame(list(known.keys().items()), columns=["item", "item_key"])
    kinds = known.placements.dropna(subset="kind").groupby("item")["kind"].min()
    said = table["item"].map(kinds)
    table["kind"] = said.where(said.notna(), table["item"].map(addresses.kind))
    table["named"] = table["item"].isin(set(known.placements["item"]))
    table["label"] = table["item"].map(_labelled(labels, known.names))
    found = [
        _described(item, file, look)
        for (item, file), look in zip(known.files.items(), decoded(known.files, trust, kept), strict=True)
    ]
    wanted = [name for name in columns("media_items") if name not in table or name == "kind"]
    table = table.merge(
        pd.DataFrame(found, columns=["item", *wanted]), how="left", on="item", suffixes=("", "_seen")
    )
    table["kind"] = table["kind_seen"].where(table["kind_seen"].notna(), table["kind"])
    table["status"] = table["status"].where(table["status"].notna(), "not_held")
    return table[columns("media_items")].astype(object).where(table.notna(), None)


def _described(item: str, file: File, found: dict[str, Any]) -> dict[str, Any]:
    """The row of an item whose file was looked at."""
    wanted = "status kind width height duration_s frames truncated had_gps has_sound views sound".split()
    views = found.get("views")
    return {name: found.get(name) for name in wanted} | {
        "item": item,
        "sha256": item.removeprefix("sha256:") if item.startswith("sha256:") else None,
        "bytes": file[2],
        "refused_reason": found.get("reason"),
        "quality": prints.quality(views),
        "panel_share": prints.panel_share(views),
        "c2pa_status": found.get("c2pa"),
    }


def _labelled(labels: tuple[tuple[str, str, str], ...], names: dict[str, str]) -> dict[str, str]:
    """The label of each item; of several for one item the strongest."""
    out: dict[str, str] = {}
    for called, label, _day in labels:
        item = names.get(called)
        if item and _STRONGEST[label] >= _STRONGEST[out.get(item, "none")]:
            out[item] = label
    return out
