"""The table `media_placements`: every time an item stands on a post."""

from __future__ import annotations

import pandas as pd

from kit.media.held import File, Read, held


def produce(read: Read, *, files: tuple[File, ...]) -> pd.DataFrame:
    """One row for each item on each post, an item once for a post."""
    known = held(read, files)
    keys = known.keys()
    table = known.placements.assign(item_key=known.placements["item"].map(keys))
    table = table.drop_duplicates(["post_key", "item_key"])
    return table.sort_values(["post_key", "item_key"])[["post_key", "media_key", "item_key", "way", "host"]]
