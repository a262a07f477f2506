"""Files that lie beside exports: which kinds hold no records, and what the ending of a name promises."""

from __future__ import annotations

from typing import Any

from kit.errors import InputError, NotAnExport
from kit.locale import N_

EMPTY = N_("empty file")
#: kinds that hold no records in any form: they lie beside exports
FOREIGN = frozenset(
    (
        N_("PNG image"),
        N_("JPEG image"),
        N_("GIF image"),
        N_("RIFF sound, image or video"),
        N_("MP4 video"),
        N_("PDF document"),
        N_("program"),
        N_("binary file"),
        N_("old Office document"),
    )
)
#: what an ending promises; a file that holds something else is a damaged export, not a foreign file
_PROMISED = {
    "csv": ("table",),
    "tsv": ("table",),
    "json": ("lines", "array", "document"),
    "jsonl": ("lines", "array", "document"),
    "ndjson": ("lines", "array", "document"),
    "xlsx": ("zip",),
    "xls": (),
    "parquet": ("parquet",),
    "sqlite": ("sqlite",),
}


def promised(name: str) -> tuple[str, ...] | None:
    """Shapes (or kinds) that the ending of a file's name promises; None where it promises no export."""
    words = name.lower().split("/")[-1].split(".")
    if len(words) > 2 and words[-1] in ("gz", "bz2", "xz", "zst"):
        words.pop()
    return _PROMISED.get(words[-1]) if len(words) > 1 else None


def foreign(reason: str, name: str, is_: str, kind: str, **more: Any) -> InputError:
    """The error for a file that no format knows: `NotAnExport`, unless its name promised another content."""
    shapes = promised(name)
    if shapes is None or is_ in shapes:
        return NotAnExport(reason, kind=kind, **more)
    return InputError(reason, **more)
