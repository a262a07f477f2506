"""Which posts people coded by hand, and how: the coders' files joined to the posts of the case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pandas as pd

Read = Callable[..., Iterator[pd.DataFrame]]


def produce(read: Read, *, coders: str) -> pd.DataFrame:
    """One row for each code given; `coders` is the JSON of a list of [coder, platform, post, code].

    Posts that the case does not hold keep their rows, with a null `post_key`, so that they can be counted.
    """
    given = pd.DataFrame(json.loads(coders), columns=["coder", "platform", "post_id", "code"])
    query = "SELECT post_key, platform, post_id FROM all_posts WHERE post_id IN (SELECT unnest($ids))"
    wanted = sorted(set(given["post_id"]))
    known = list(read(query, ids=wanted)) if wanted else []
    keys = pd.concat(known) if known else pd.DataFrame(columns=["post_key", "platform", "post_id"])
    table = given.merge(keys, on=["platform", "post_id"], how="left")
    table["unit"] = table.groupby(["platform", "post_id"], sort=True).ngroup()
    table["post_key"] = table["post_key"].astype("Int64")
    return table[["unit", "post_key", "coder", "code"]].sort_values(
        ["unit", "coder", "code"], ignore_index=True
    )
