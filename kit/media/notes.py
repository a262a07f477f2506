"""The table `media_notes`: where pictures that are alike differ, for those who review the pairs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from kit.media import examine
from kit.media.placements import File, Read, inventory
from kit.schema import columns

MOST = 300  # pairs looked at: each takes a child of its own
_ALIKE = """
    SELECT p.a, p.b FROM media_pairs p JOIN media_items i ON i.item_key = p.a JOIN media_items j ON j.item_key = p.b
    WHERE p.level IN ('candidate', 'copy') AND i.kind <> 'video' AND j.kind <> 'video'
    ORDER BY p.verdict IS NOT NULL, p.level, p.distance, p.a, p.b"""


def produce(read: Read, *, files: tuple[File, ...]) -> pd.DataFrame:
    """One row for each of the first pairs of pictures, undecided candidates first."""
    pairs = [(int(r.a), int(r.b)) for part in read(_ALIKE) for r in part.itertuples(index=False)][:MOST]
    if not pairs:
        return pd.DataFrame(columns=columns("media_notes"))
    known = inventory(read, files)
    paths = {key: known.files[item][0] for item, key in known.keys().items() if item in known.files}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = list(pool.map(lambda pair: examine.compare(paths[pair[0]], paths[pair[1]]), pairs))
    rows = [{"a": a, "b": b} | said for (a, b), said in zip(pairs, found, strict=True)]
    return pd.DataFrame(rows, columns=columns("media_notes"))
