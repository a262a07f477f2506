"""Tables worked out from the texts and files of a case: made when first needed, then kept beside it.

A producer reads the whole case as the internal edition holds it and returns rows of
`kit.schema.DERIVED`: keys, numbers and words of the kit, nothing that names or quotes
anybody. What it made is stored under the hash of everything it depends on.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kit.case.renamed import RENAMED
from kit.errors import MetricError, OutputError, nearest
from kit.report import CODE, Report
from kit.schema import DERIVED

#: gives the answer to a query in tables of at most `rows` rows
Read = Callable[..., Iterator[pd.DataFrame]]
#: table -> module with `produce(read, **settings) -> DataFrame` (or `module:function`), and the rooms it depends on
PRODUCERS = {
    "near_duplicates": ("kit.texts.near_duplicates", ("texts",)),
    "near_duplicate_sources": ("kit.texts.near_duplicates:produce_sources", ("texts",)),
    "shared_objects": ("kit.case.shared", ("case", "media")),
    "open_coordinators": ("kit.case.shared:coordinators", ("case", "media")),
    "codes": ("kit.texts.codebook", ("texts",)),
    "coded": ("kit.texts.codebook:by_hand", ("texts",)),
    "languages": ("kit.texts.languages", ("texts",)),
    "language_artefacts": ("kit.texts.language_artefacts", ("texts",)),
    "media_placements": ("kit.media.placements", ("media",)),
    "media_items": ("kit.media.items", ("media",)),
    "media_pairs": ("kit.media.matches:pairs", ("media",)),
    "media_clusters": ("kit.media.matches:clusters", ("media",)),
    "media_notes": ("kit.media.notes", ("media",)),
}
#: table -> tables worked out before it, which its producer can read like those of the case
AFTER = {
    "near_duplicate_sources": ("near_duplicates",),
    "media_pairs": ("media_items",),
    "media_clusters": ("media_items", "media_placements", "media_pairs"),
    "media_notes": ("media_items", "media_pairs"),
}
#: tables whose producer is given a folder, `kept`, for what outlives the case it was made in
KEEPING = {"media_items": "decoded"}
#: table -> settings that come from the report
GIVEN: dict[str, Callable[[Report], dict[str, Any]]] = {
    "open_coordinators": lambda report: {"listed": report.open_coordinators},
    "media_placements": lambda report: {"files": report.media.listing},
    "media_notes": lambda report: {"files": report.media.listing},
    "media_items": lambda report: {
        "files": report.media.listing,
        "labels": report.media.labels,
        "trust": report.media.trust,
    },
    "media_pairs": lambda report: {"files": report.media.listing, "reviews": report.media.reviews},
}
_ARROW = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}


def check(name: str) -> None:
    """An error that names the nearest, or the new name, where no table is called `name`."""
    if name in RENAMED:
        raise MetricError(f"'{name}' is now called '{RENAMED[name]}'", hint="Write the new name.")
    if name not in PRODUCERS:
        raise MetricError(f"no derived table is called '{name}'", hint=nearest(name, PRODUCERS))


def given(name: str, report: Report) -> dict[str, Any]:
    """Settings of the table `name` that come from the report."""
    return GIVEN[name](report) if name in GIVEN else {}


def inherited(name: str, report: Report) -> list[Any]:
    """What the tables worked out before `name` depend on."""
    return [[other, sorted(given(other, report).items())] for other in AFTER.get(name, ())]


def before(name: str, derived: Callable[[str], pd.DataFrame]) -> Callable[[], dict[str, pd.DataFrame]]:
    """The tables worked out before `name`, once they are asked for."""
    return functools.cache(lambda: {other: derived(other) for other in AFTER.get(name, ())})


def path_of(folder: Path, content: Any, name: str, settings: dict[str, Any]) -> Path:
    """Where the table `name`, made with `settings`, is kept."""
    depends = [content, name, sorted(settings.items()), _sources(PRODUCERS[name][1])]
    return folder / "derived" / f"{name}-{hashlib.sha256(repr(depends).encode()).hexdigest()[:16]}.parquet"


@functools.cache
def _sources(rooms: tuple[str, ...]) -> str:
    """SHA-256 of the code that makes a table."""
    whole = hashlib.sha256()
    for path in sorted(p for room in ("schema", *rooms) for p in (CODE / "kit" / room).rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def produced(path: Path, name: str, read: Read, settings: dict[str, Any]) -> pd.DataFrame:
    """The table stored at `path`; made and stored first where it is not there."""
    try:
        return pd.read_parquet(path, dtype_backend="numpy_nullable")
    except (OSError, pa.ArrowInvalid):
        pass  # not there, or not whole
    module, _colon, function = PRODUCERS[name][0].partition(":")
    if name in KEEPING:
        code = _sources(PRODUCERS[name][1])[:16]
        settings = settings | {"kept": path.parent.parent / KEEPING[name] / code}
    table = getattr(importlib.import_module(module), function or "produce")(read, **settings)
    assert list(table) == [c.name for c in DERIVED[name]], name  # nothing more leaves the internal edition
    schema = pa.schema([(c.name, _ARROW[c.type]) for c in DERIVED[name]])
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), new, compression="zstd")
        os.replace(new, path)
    except OSError as error:
        raise OutputError(
            f"cannot write the case ({error.strerror or error})",
            where=str(path.parent),
            hint="Free some space.",
        ) from None
    finally:
        new.unlink(missing_ok=True)
    return pd.read_parquet(path, dtype_backend="numpy_nullable")


def carry(old: Path, new: Path) -> None:
    """Move what outlives a case from its old folder to the new one."""
    for name in KEEPING.values():
        if (old / name).is_dir():
            os.rename(old / name, new / name)


def reader(
    connection: duckdb.DuckDBPyConnection, before: Callable[[], dict[str, pd.DataFrame]] = dict
) -> Read:
    """Answers to queries over `connection`, in parts, so that texts never lie in memory all at once.

    `before` gives further tables by name; it is asked at the first query.
    """

    def read(query: str, *, rows: int = 100_000, **parameters: Any) -> Iterator[pd.DataFrame]:
        cursor = connection.cursor()
        try:
            for name, table in before().items():
                cursor.register(name, table)
            answer: Any = cursor.sql(query, params=parameters or None)
            for batch in answer.to_arrow_reader(rows):
                yield batch.to_pandas()
        finally:
            cursor.close()

    return read
