"""Tables worked out from the texts and files of a case: made when first needed, then kept beside it.

A producer reads the whole case as the internal edition holds it and returns rows of
`kit.schema.DERIVED`: keys, numbers and words of the kit, nothing that names or quotes
anybody. What it made is stored under the hash of everything it depends on.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kit import closure
from kit.case import seal
from kit.case.renamed import RENAMED
from kit.errors import MetricError, OutputError, nearest
from kit.report import Report
from kit.schema import DERIVED

#: gives the answer to a query in tables of at most `rows` rows
Read = Callable[..., Iterator[pd.DataFrame]]
#: table -> module with `produce(read, **settings) -> DataFrame`, or `module:function`
PRODUCERS = {
    "near_duplicates": "kit.texts.near_duplicates",
    "near_duplicate_sources": "kit.texts.near_duplicates:produce_sources",
    "shared_objects": "kit.case.shared",
    "open_coordinators": "kit.case.shared:coordinators",
    "codes": "kit.texts.codebook",
    "coded": "kit.texts.codebook:by_hand",
    "languages": "kit.texts.languages",
    "language_artefacts": "kit.texts.language_artefacts",
    "media_placements": "kit.media.placements",
    "media_items": "kit.media.items",
    "media_pairs": "kit.media.matches:pairs",
    "media_clusters": "kit.media.matches:clusters",
    "media_notes": "kit.media.notes",
}
#: table -> tables worked out before it, which its producer can read like those of the case
AFTER = {
    "near_duplicate_sources": ("near_duplicates",),
    "media_pairs": ("media_items",),
    "media_clusters": ("media_items", "media_placements", "media_pairs"),
    "media_notes": ("media_items", "media_pairs"),
}
#: tables whose producer is given a folder, `kept`, for what outlives the case it was made in
KEPT = "kept"  # the name of that setting
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


def settings_of(name: str, report: Report, asked: dict[str, Any]) -> dict[str, Any]:
    """Every setting of the table `name`: what is asked for, what the report gives, and its maker's defaults.

    Whoever writes a default and whoever leaves it out asks for the same table.
    """
    defaults = _defaults(*_maker(name))
    found = defaults | (GIVEN[name](report) if name in GIVEN else {}) | asked
    return {
        key: float(value) if type(value) is int and isinstance(defaults.get(key), float) else value
        for key, value in found.items()
    }


def _maker(name: str) -> tuple[str, str]:
    """Module and function that make a table."""
    module, _colon, function = PRODUCERS[name].partition(":")
    return module, function or "produce"


@functools.cache
def _defaults(module: str, function: str) -> dict[str, Any]:
    """Defaults of a maker's settings, read without loading it: that takes long where the table is there already."""
    tree = ast.parse(closure.path_of(module).read_text(encoding="utf-8"))
    [made] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = {}
    for argument, default in zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True):
        if default is not None and argument.arg != KEPT:
            default = constants.get(default.id, default) if isinstance(default, ast.Name) else default
            found[argument.arg] = ast.literal_eval(default)
    return found


def unsettled(name: str, report: Report) -> set[str]:
    """Settings of a table that only the one who asks for it knows: it cannot be made beforehand."""
    module, function = _maker(name)
    tree = ast.parse(closure.path_of(module).read_text(encoding="utf-8"))
    [made] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    return {argument.arg for argument in made.args.kwonlyargs} - {KEPT} - settings_of(name, report, {}).keys()


def in_order(names: Iterable[str]) -> list[str]:
    """Tables with those that are worked out before them, each once, in the order in which they can be made."""
    found: dict[str, None] = {}
    for name in names:
        check(name)
        found |= dict.fromkeys(in_order(AFTER.get(name, ()))) | {name: None}
    return list(found)


def makers(names: Iterable[str]) -> list[str]:
    """The modules that make these tables and those worked out before them."""
    return sorted({_maker(name)[0] for name in in_order(names)})


def asked_by(code: str, *modules: str) -> list[str]:
    """Tables that a piece of code may ask for: itself, or by the metrics of `modules` that it names.

    What stands in a function counts, and in whatever has the name of something used there; so rather too
    many tables are found than too few. A table whose name is put together is not.
    """
    inside = [path for path in closure.files(*modules) if "metrics" in path.parts and path.suffix == ".py"]
    paths = [path for path in inside if path.stem != "renamed"]  # names that are refused ask for nothing
    known: dict[str, set[str]] = {}
    for path in paths:
        for name, words in _said_in(path, path.stat().st_mtime_ns).items():
            known.setdefault(name, set()).update(words)
    reached: set[str] = set()
    waiting = set(re.findall(r"\w+", code))
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= known.get(name, set()) - reached
    return [name for name in PRODUCERS if f"'{name}'" in reached or re.search(rf"[\"']{name}[\"']", code)]


@functools.lru_cache(maxsize=256)
def _said_in(path: Path, _changed: int) -> dict[str, frozenset[str]]:
    """Each function, class and value of a module, with every word and quoted word in it but for its docstring."""
    found: dict[str, frozenset[str]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names, inner = [node.name], node.body[bool(ast.get_docstring(node)) :]
            parts: list[ast.AST] = [
                *inner,
                *node.decorator_list,
                *([node.args] if hasattr(node, "args") else []),
            ]
        else:
            names, parts = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)], [node]
        words = frozenset(re.findall(r"'\w+'|\w+", " ".join(map(ast.unparse, parts))))
        found |= {name: found.get(name, frozenset()) | words for name in names}
    return found


def before(name: str, derived: Callable[[str], pd.DataFrame]) -> Callable[[], dict[str, pd.DataFrame]]:
    """The tables worked out before `name`, once they are asked for."""
    return functools.cache(lambda: {other: derived(other) for other in AFTER.get(name, ())})


def path_of(folder: Path, content: Any, name: str, report: Report, asked: dict[str, Any]) -> Path:
    """Where the table `name` of a case is kept: one name for the same question, whoever asks it."""
    key = _key(content, name, report, asked)
    return folder / "derived" / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.parquet"


def _key(content: Any, name: str, report: Report, asked: dict[str, Any]) -> str:
    """Everything that a table depends on: the case, its settings, its maker's code, and the tables before it."""
    settings = sorted((key, _plain(value)) for key, value in settings_of(name, report, asked).items())
    earlier = [_key(content, other, report, {}) for other in AFTER.get(name, ())]
    return repr([_plain(content), name, settings, _code(name), earlier])


def _plain(value: Any) -> Any:
    """A setting as it is written in a key: a list is as good as a tuple, a number as good as NumPy's."""
    if isinstance(value, dict):
        return sorted((str(key), _plain(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value), key=repr)
    return value.item() if isinstance(value, np.generic) else value


@functools.cache
def _code(name: str) -> str:
    """SHA-256 of the code that makes a table."""
    return closure.digest("kit.schema", _maker(name)[0])


def produced(path: Path, name: str, read: Read, settings: dict[str, Any]) -> pd.DataFrame:
    """The table stored at `path`; made and stored first where it is not there as it was stored."""
    if seal.kept(path):  # else it is not there, not whole, or another one
        return pd.read_parquet(path, dtype_backend="numpy_nullable")
    module, function = _maker(name)
    if name in KEEPING:
        settings = settings | {KEPT: path.parent.parent / KEEPING[name] / _code(name)[:16]}
    table = getattr(importlib.import_module(module), function)(read, **settings)
    assert list(table) == [c.name for c in DERIVED[name]], name  # nothing more leaves the internal edition
    schema = pa.schema([(c.name, _ARROW[c.type]) for c in DERIVED[name]])
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), new, compression="zstd")
        seal.put(new, path)
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
