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

from kit.errors import OutputError
from kit.report import CODE
from kit.schema import DERIVED

#: gives the answer to a query in tables of at most `rows` rows
Read = Callable[..., Iterator[pd.DataFrame]]
#: table -> module with `produce(read, **settings) -> DataFrame`, and the rooms it depends on
PRODUCERS = {
    "copies": ("kit.texts.copies", ("texts",)),
    "codes": ("kit.texts.codebook", ("texts",)),
    "coded": ("kit.texts.coding", ("texts",)),
    "languages": ("kit.texts.languages", ("texts",)),
    "traces": ("kit.texts.traces", ("texts",)),
}
_ARROW = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}


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
    table = importlib.import_module(PRODUCERS[name][0]).produce(read, **settings)
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


def reader(connection: duckdb.DuckDBPyConnection) -> Read:
    """Answers to queries over `connection`, in parts, so that texts never lie in memory all at once."""

    def read(query: str, *, rows: int = 100_000, **parameters: Any) -> Iterator[pd.DataFrame]:
        cursor = connection.cursor()
        try:
            batches: Any = cursor.sql(query, params=parameters or None).to_arrow_reader(rows)
            for batch in batches:
                yield batch.to_pandas()
        finally:
            cursor.close()

    return read
