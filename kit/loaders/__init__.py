"""Which formats exist, and which one a file is."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.errors import InputError, NotAnExport, nearest, printable
from kit.loaders import (
    bluesky,
    captures,
    column_map,
    fourcat,
    indicators,
    instagram,
    mastodon,
    medium,
    meta,
    reddit,
    sqlite,
    tables,
    telegram,
    tiktok,
    wechat,
    weibo,
    x_archive,
    x_personal,
    x_snscrape,
    x_status,
    x_twarc_csv,
    x_versions,
    x_web,
    youtube,
)
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, foreign, promised, sources
from kit.locale import N_

__all__ = [
    "FORMATS",
    "Format",
    "Head",
    "Record",
    "Rejection",
    "Source",
    "open_exports",
    "recognise",
    "sources",
]

_MODULES = (
    x_archive,
    x_versions,
    x_web,
    x_twarc_csv,
    x_snscrape,
    x_personal,
    x_status,
    meta,
    instagram,
    youtube,
    tiktok,
    telegram,
    bluesky,
    mastodon,
    captures,
    fourcat,
    reddit,
    medium,
    weibo,
    wechat,
    indicators,
    column_map,
)
FORMATS: dict[str, Format] = {format.name: format for module in _MODULES for format in module.FORMATS}
_SHOWN = 8  # columns named in a message
_WORDS = {
    "table": N_("text without columns"),
    "lines": N_("JSON"),
    "array": N_("a JSON list"),
    "document": N_("a JSON document"),
    "markup": N_("a web page or XML"),
    "script": N_("JavaScript"),
}
_FILES = {"zip": N_("a zip file"), "parquet": N_("a parquet file"), "sqlite": N_("a sqlite file")}
_TABLE = N_("a table")
_NEARLY = 0.7  # share of a format's columns that makes a file look like it


def recognise(source: Source, options: Mapping[str, Any] | None = None) -> Format:
    """The format of a source: the one stated, the column map's, or the one its content shows.

    Raises where none fits, saying what the file looks like and how to write a column map;
    `NotAnExport` where it does not even look like a damaged export.
    """
    options = options or {}
    if options.get("format"):
        name = str(options["format"])
        if name not in FORMATS:
            hint = nearest(name, FORMATS)
            raise InputError("unknown format", where=source.where(), found=name, hint=hint)
        return _stated(source, FORMATS[name], options)
    if options.get("columns"):
        return _stated(source, FORMATS["table"], options)
    head = source.head()
    for format in FORMATS.values():
        if format.sniff(head):
            return format
    raise _unknown(source, head)


def open_exports(
    path: str | os.PathLike[str],
    options: Mapping[str, Any] | None = None,
    *,
    aside: Callable[[Source, NotAnExport], None] | None = None,
    bulk: bool = False,
) -> Iterator[tuple[Source, Format, Iterator[Any]]]:
    """Each source behind `path` with its format and its records, not yet read.

    A folder or an archive may hold files that are no exports, such as pictures and read-me files:
    `aside` is told each of them. Without it, and for a file that was named itself, they are errors.
    Items are `Record`s and `Rejection`s; with `bulk` also `Batch`es, where a format has them.
    """
    options = options or {}
    for source in sources(path, options):
        try:
            format = recognise(source, options)
        except NotAnExport as error:
            if aside is None or source.alone:
                raise
            aside(source, error)
            continue
        read = format.bulk if bulk and format.bulk else format.read
        yield source, format, read(source, options)


def _unknown(source: Source, head: Head) -> InputError:
    names = _names(source, head)
    if head.kind == "sqlite" and len(names) < 2 and (tables := sqlite.tables(source)):
        shown = ", ".join(f"'{printable(name)}'" for name in tables[:20])
        hint = f"write a column map (`columns: …`) and `sqlite_table:` with one of {shown}"
        kind = _kind(head)
        reason = f"no known format: this is {kind}"
        return foreign(reason, source.name, "sqlite", kind, where=source.where(), hint=hint)
    if len(names) < 2:
        kind = _kind(head)
        hint = "see the list of formats, or export it as CSV with a header"
        where, is_ = source.where(), _is(head)
        return foreign(f"no known format: this is {kind}", source.name, is_, kind, where=where, hint=hint)
    plain = {name.strip() for name in names}
    shown = ", ".join(f"'{printable(name)}'" for name in names[:_SHOWN]) + (
        ", …" if len(names) > _SHOWN else ""
    )
    lacking = {f: [name for name in f.columns if name not in plain] for f in FORMATS.values() if f.columns}
    # a format that lacks nothing did not fit for another reason: the file holds more than it
    near = min(
        (f for f in lacking if lacking[f]), key=lambda f: len(lacking[f]) / len(f.columns), default=None
    )
    if near is not None and len(lacking[near]) < len(near.columns) * (1 - _NEARLY):
        missing = lacking[near]
        what = f"this looks like '{near.title}', but the column '{missing[0]}' is missing"
        found = f"{nearest(missing[0], names)} " if _close(missing[0], names) else ""
        return InputError(what, where=source.where(), hint=f"{found}The columns are {shown}")
    hint = (
        "write a column map: `columns: {post_id: …, account_id: …, created_at: …, text: …}` with these names"
    )
    kind = _TABLE if head.shape == "table" else _kind(head)
    reason = f"no known format; the columns are {shown}"
    return foreign(reason, source.name, _is(head), kind, where=source.where(), hint=hint)


def _kind(head: Head) -> str:
    """What a file that no format knows is, in a word or two."""
    return _WORDS.get(head.shape) or _FILES.get(head.kind, head.kind)


def _is(head: Head) -> str:
    return head.shape if head.kind == "text" else head.kind


def _stated(source: Source, format: Format, options: Mapping[str, Any]) -> Format:
    """The format stated; raises for a file beside exports that is plainly none of those described.

    A file whose name promises data is read, or refused, as declared: it may be a part without a header.
    """
    if source.alone or promised(source.name) is not None:
        return format
    head = source.head()
    if format.sniff(head):
        return format
    wanted = {str(name).strip().casefold() for name in (options.get("columns") or {}).values()}
    names = {name.strip().casefold() for name in _names(source, head, options)}
    prose = head.shape == "table" and len(names) < 2
    if prose or (wanted and not wanted & names):
        kind = _kind(head) if prose or not names else _TABLE
        reason = "this is none of the files that the export's entry describes"
        raise NotAnExport(reason, kind=kind, where=source.where())
    return format


def _close(name: str, names: list[str]) -> bool:
    return nearest(name, names).startswith("did you mean")


def _names(source: Source, head: Head, options: Mapping[str, Any] | None = None) -> list[str]:
    """Names of columns or of the keys of the first object; empty where there are none."""
    try:
        # a copy, so that what looks odd is not counted twice
        return tables.header(dataclasses.replace(source, warnings=Counter()), options or {})
    except InputError:
        return []
