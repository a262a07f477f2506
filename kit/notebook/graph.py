"""A network as files that Gephi and other programs open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kit.locale.later import Text, later_n

_SUFFIXES = (".graphml", ".gexf")
#: signs that XML cannot hold
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(folder: Path, name: str, edges: pd.DataFrame, accounts: pd.DataFrame) -> tuple[list[Path], int]:
    """Write `name`.graphml and `name`.gexf into `folder`; returns the files, and how many signs could not be kept.

    `edges`: a, b, weight; `accounts`: number, and what is known of each, which becomes its attributes. Signs
    that XML cannot hold are left out and counted.
    """
    import networkx as nx  # here: most notebooks save no network

    made, lost = nx.Graph(), 0
    for row in accounts.sort_values("number").to_dict("records"):
        number = int(row.pop("number"))
        known: dict[str, object] = {}
        for key, value in row.items():
            if pd.isna(value):
                continue
            kept = _NOT_XML.sub("", value) if isinstance(value, str) else value
            lost += len(value) - len(kept) if isinstance(value, str) else 0
            known[key] = (
                kept if isinstance(kept, str) else float(kept) if isinstance(kept, float) else int(kept)
            )
        known["label"] = known.get("handle") or known.get("pseudonym") or str(number)
        made.add_node(number, **known)
    for edge in edges.sort_values(["a", "b"]).itertuples():
        made.add_edge(int(edge.a), int(edge.b), weight=float(edge.weight))
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for suffix in _SUFFIXES:
        path = folder / f"{name}{suffix}"
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            nx.write_graphml_xml(made, new) if suffix == ".graphml" else _gexf(nx.generate_gexf(made), new)
            os.replace(new, path)
        finally:
            new.unlink(missing_ok=True)
        files.append(path)
    return files, lost


def _gexf(lines: Iterable[str], path: Path) -> None:
    """GEXF without the day on which it was written: the same network gives the same bytes."""
    text = "\n".join(lines)
    path.write_text(re.sub(r'\s*lastmodifieddate="[^"]*"', "", text) + "\n", encoding="utf-8")


def lost_signs(count: int) -> Text:
    """What is said where signs were left out."""
    return later_n(
        "{n} sign that XML cannot hold was left out.", "{n} signs that XML cannot hold were left out.", count
    )
