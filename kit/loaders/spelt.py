"""Names that fields of exports have: those the loaders spell out. A name found only in a file may be a person's."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from kit.schema import TABLES

_SPELT = re.compile(r"""(["'])((?:(?!\1)[^\\\n]){1,120})\1""")
_ROOM = Path(__file__).resolve().parent


@functools.cache
def fields() -> frozenset[str]:
    """Every name that a loader or the schema spells, and each step of those that are paths."""
    spelt = {c.name for table in TABLES.values() for c in table}
    for path in sorted(_ROOM.rglob("*.py")):
        for _quote, text in _SPELT.findall(path.read_text(encoding="utf-8")):
            spelt |= {text, *re.split(r"[.\s]+", text)}
    return frozenset(spelt - {""})
