"""What a notebook said, without the words: kept beside its results, so that it can be said in any language.

`kit.show`, `facts`, `finding`, `note` and `colophon` each make a record of plain data, and
a table where there is one. A run keeps them in the folder `said` of its results: `000.json`,
`000.parquet`, `001.json`, … in the order in which they were said; and in `000.heard` which texts of
the catalogues it was said with. No word of a language is in
them but what somebody wrote.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kit.disclosure import Quantity
from kit.locale import Heard
from kit.schema.behind import unmeasured

FOLDER = "said"
_META = b"daylight"


def keep(
    folder: Path, number: int, record: dict[str, Any], table: pd.DataFrame | None, heard: Heard | None = None
) -> None:
    """Write the record with this number, and its table, into `folder`; with the texts its bundles were made of."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    if table is not None:
        pq.write_table(packed(table), place / f"{number:03d}.parquet", compression="zstd")
    _write(place / f"{number:03d}.json", record)
    _write(place / f"{number:03d}.heard", listed(heard or {}))


def keep_quantities(folder: Path, number: int, quantities: Iterable[Quantity]) -> None:
    """Keep what a record says to the auditor beside it; this holds true numbers and never leaves the stage."""
    if said := [one.plain() for one in quantities]:
        _write(folder / FOLDER / f"{number:03d}.quantities", said)


def quantities(folder: Path) -> list[dict[str, Any]]:
    """What the records of a stage say to the auditor."""
    paths = sorted((folder / FOLDER).glob("*.quantities"))
    return [one for path in paths for one in json.loads(path.read_text(encoding="utf-8"))]


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text, encoding="utf-8", errors="surrogatepass")


def listed(heard: Heard) -> list[list[Any]]:
    """What was asked of the catalogues as plain data."""
    return sorted(
        [[language, kind, list(texts), told] for (language, kind, texts), told in heard.items()], key=repr
    )


def heard(folder: Path, number: int) -> list[list[Any]]:
    """The texts that the bundles of a record were made of: language, kind, texts, what that was then."""
    path = folder / FOLDER / f"{number:03d}.heard"
    return json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))


def numbers(folder: Path) -> list[int]:
    """The numbers of the records kept in `folder`, in order."""
    return sorted(int(path.stem) for path in (folder / FOLDER).glob("*.json"))


def content(folder: Path, number: int) -> bytes:
    """The bytes of a record and its table: what it says depends on nothing else but words and code."""
    parts = [folder / FOLDER / f"{number:03d}{end}" for end in (".json", ".parquet")]
    return b"\0".join(path.read_bytes() for path in parts if path.exists())


def record_of(folder: Path, number: int) -> dict[str, Any]:
    """A record without its table."""
    path = folder / FOLDER / f"{number:03d}.json"
    return json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))


def load(folder: Path, number: int) -> tuple[dict[str, Any], pd.DataFrame | None]:
    """A record and its table."""
    record = record_of(folder, number)
    stored = folder / FOLDER / f"{number:03d}.parquet"
    return record, unpacked(pq.read_table(stored)) if stored.exists() else None


# ---------------------------------------------------------------------------
# a table in a file, and back as it was: values, kinds of columns, attributes


def packed(table: pd.DataFrame) -> pa.Table:
    """A table for a file. A column that Arrow would bring back as something else is written as text, with its kinds."""
    table = unmeasured(table)
    arrays, about = [], []
    for i, name in enumerate(table.columns):
        column = table.iloc[:, i]
        array, form = _packed_column(column)
        arrays.append(array)
        about.append({"name": name, "dtype": str(column.dtype), "form": form})
    attrs = {name: value for name, value in table.attrs.items() if name != "measure"}  # one row an account
    meta = {"columns": about, "attrs": _tagged(attrs), "rows": len(table)}
    names = [f"c{i}" for i in range(len(arrays))]
    schema = pa.schema(
        [pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)],
        metadata={_META: json.dumps(meta, ensure_ascii=True).encode()},
    )
    return pa.Table.from_arrays(arrays, schema=schema)


def _packed_column(column: pd.Series) -> tuple[pa.Array, str]:
    if column.dtype != object:
        try:
            array = pa.array(column, from_pandas=not isinstance(column.dtype, np.dtype))
        except (pa.ArrowException, ValueError, TypeError):
            array = None
        if array is not None and _same(array.to_pandas().astype(column.dtype), column):
            return array, "arrow"
    values = [json.dumps(_tagged(value), ensure_ascii=True) for value in column]
    return pa.array(values, pa.string()), "json"


def _same(one: pd.Series, other: pd.Series) -> bool:
    return one.reset_index(drop=True).equals(other.reset_index(drop=True))


def unpacked(stored: pa.Table) -> pd.DataFrame:
    """The table that `packed` was given; its rows are numbered from 0."""
    meta = json.loads(stored.schema.metadata[_META])
    columns: list[pd.Series] = []
    for i, about in enumerate(meta["columns"]):
        array = stored.column(i)
        if about["form"] == "json":
            values = pd.Series(
                [_plain(json.loads(v)) for v in array.to_pylist()], dtype=object, index=range(meta["rows"])
            )
        else:
            values = array.to_pandas()
        columns.append(values if str(values.dtype) == about["dtype"] else values.astype(about["dtype"]))
    index = pd.RangeIndex(meta["rows"])
    table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    table.columns = pd.Index([about["name"] for about in meta["columns"]])
    table.attrs = _plain(meta["attrs"])
    return table


#: kinds of values that JSON does not know: name -> (is it one, as plain data, and back)
_KINDS: dict[str, Any] = {
    "stamp": (lambda v: isinstance(v, pd.Timestamp), lambda v: v.isoformat(), pd.Timestamp),
    "moment": (lambda v: isinstance(v, dt.datetime), lambda v: v.isoformat(), dt.datetime.fromisoformat),
    "day": (lambda v: isinstance(v, dt.date), lambda v: v.isoformat(), dt.date.fromisoformat),
    "span": (
        lambda v: isinstance(v, dt.timedelta),
        lambda v: v.total_seconds(),
        lambda v: pd.Timedelta(v, "s"),
    ),
    "tuple": (
        lambda v: isinstance(v, tuple),
        lambda v: [_tagged(x) for x in v],
        lambda v: tuple(_plain(x) for x in v),
    ),
    "map": (
        lambda v: isinstance(v, dict),
        lambda v: [[_tagged(k), _tagged(x)] for k, x in v.items()],
        lambda v: {_plain(k): _plain(x) for k, x in v},
    ),
    "set": (
        lambda v: isinstance(v, (set, frozenset)),
        lambda v: sorted((_tagged(x) for x in v), key=repr),
        lambda v: {_plain(x) for x in v},
    ),
}


def _tagged(value: Any) -> Any:
    """A value as JSON can hold it: what JSON does not know as a mapping of its kind and its content."""
    if value is None or isinstance(value, (bool, int, str)):
        return str(value) if isinstance(value, str) else value
    if value is pd.NaT or value is pd.NA:
        return {"missing": "NaT" if value is pd.NaT else "NA"}
    if isinstance(value, np.generic):
        return _tagged(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else {"float": str(value)}
    if isinstance(value, (list, np.ndarray)):
        return [_tagged(x) for x in value]
    for name, (is_one, plain, _back) in _KINDS.items():
        if is_one(value):
            return {name: plain(value)}
    return str(value)


def _plain(value: Any) -> Any:
    """What `_tagged` was given."""
    if isinstance(value, list):
        return [_plain(x) for x in value]
    if not isinstance(value, dict):
        return value
    ((name, content_),) = value.items()
    if name == "missing":
        return pd.NaT if content_ == "NaT" else pd.NA
    return float(content_) if name == "float" else _KINDS[name][2](content_)
