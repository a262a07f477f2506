"""What an export could tell: the columns that its format carries, or that its column map names.

A value that no post has may be missing from the export, or may be the truth: nobody answered anybody.
Only what could have stood there tells the two apart. `carried.csv` has a row for each format and table with
the columns that its loader fills; no format declares less than the golden folders show that it yields.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.loaders.contract import Format
from kit.loaders.convert import side_of

_PLACE = Path(__file__).with_name("carried.csv")


@functools.cache
def declared() -> dict[str, frozenset[str]]:
    """For each format the columns that it carries, as `posts.reply_to_id` and `accounts.bio`."""
    found: dict[str, frozenset[str]] = {}
    with _PLACE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = frozenset(f"{row['table']}.{name}" for name in row["columns"].split())
            found[row["format"]] = found.get(row["format"], frozenset()) | names
    return found


def carried(format_: Format, options: Mapping[str, Any]) -> list[str]:
    """The columns that an export of this format, described by `options`, could fill, as `posts.reply_to_id`."""
    if not options.get("columns"):
        return sorted(declared().get(format_.name, ()))
    table = str(options.get("table") or format_.table)
    mapped = [*options["columns"], *(options.get("constants") or {}), *(options.get("from_text") or ())]
    sides = (side_of(str(target)) for target in mapped)
    return sorted({f"{'accounts' if side == 'author' else table}.{name}" for side, name in sides})
