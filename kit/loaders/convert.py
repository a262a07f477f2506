"""How a cell becomes a value of one of our columns, by what the report file declares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kit.errors import InputError, printable
from kit.loaders import tables, times, values
from kit.loaders.files import Source
from kit.loaders.lists import separated
from kit.loaders.values import BadValue
from kit.schema import PLATFORMS, TABLES

LISTS = ("hashtags", "mentions", "urls", "media")
EXACT_DIGITS = 15  # a number with decimals, as spreadsheets keep them all, holds no more
_ENTITY = re.compile("&(?:amp|lt|gt);")

Convert = Callable[[Any], Any]


def side_of(target: str) -> tuple[str, str]:
    """Where a target goes, `row` or `author`, and its name there."""
    return ("author", target.removeprefix("author.")) if target.startswith("author.") else ("row", target)


def type_of(name: str) -> str:
    """The type that our tables give a column; LIST for what stands in a table of its own."""
    for table in ("posts", "accounts"):
        for column in TABLES[table]:
            if column.name == name:
                return column.type
    return "LIST"


def converter(target: str, source: Source, options: Mapping[str, Any], platform: str) -> Convert:
    """How a cell becomes a value of `target`."""
    name = side_of(target)[1]
    if target in LISTS:
        return _list(target, source, options)
    kind = type_of(name)
    convert: Convert
    if name == "text":
        convert = partial(_post_text, source.warnings, bool(options.get("unescape")))
    elif name.endswith("_id"):
        own = "account_id" if options.get("table") == "accounts" else "post_id"
        convert = partial(_identifier, target, target == own)
    elif kind == "TIMESTAMP":
        convert = partial(_reader(target, source, options, platform), target)
    elif kind == "BIGINT":
        convert = partial(values.count, target)
    elif kind == "BOOLEAN":
        convert = partial(values.boolean, target)
    elif name == "platform":
        convert = _platform
    else:
        convert = partial(_TEXTS.get(name, values.text), target)
        return _with_nulls(target, lambda cell: convert(_written(cell)), options)
    return _with_nulls(target, convert, options)


def _with_nulls(target: str, convert: Convert, options: Mapping[str, Any]) -> Convert:
    declared = options.get("nulls") or {}
    words = declared.get(target, ()) if isinstance(declared, Mapping) else declared
    words = {words} if isinstance(words, str) else {str(word) for word in words}
    return (
        (lambda cell: convert(None if isinstance(cell, str) and cell in words else cell))
        if words
        else convert
    )


def _platform(cell: Any) -> str:
    if cell not in PLATFORMS:
        raise BadValue("platform", f"the platform must be one of {', '.join(PLATFORMS)}", cell)
    return cell


def _written(cell: Any) -> Any:
    """A number or date of a spreadsheet in a column of text, as it would be written."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, str | dict | list):
        return cell if not isinstance(cell, bool) else str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
        return str(int(cell))
    return str(cell)


def _identifier(target: str, needed: bool, cell: Any) -> str | None:
    """An identifier; out of a number cell while that number can still be exact."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
        cell = int(cell)
    return values.identifier(target, cell, required=needed)


def _post_text(warnings: Counter[str], unescape: bool, cell: Any) -> str | None:
    """Text; HTML entities are taken back once where the report file says that the tool wrote them."""
    found = values.text("text", _written(cell))
    if found and "&" in found and _ENTITY.search(found):
        if unescape:
            return values.unescaped(found)
        warnings["texts with &amp; or the like: if the tool wrote them, add `unescape: true`"] += 1
    return found


def _language(target: str, cell: Any) -> str | None:
    return values.language(values.text(target, cell))


#: columns of text that are more than text
_TEXTS: dict[str, Callable[[str, Any], Any]] = {
    "handle": values.handle,
    "language": _language,
    "profile_language": _language,
}


def _reader(target: str, source: Source, options: Mapping[str, Any], platform: str) -> times.Reader:
    """How the times of one column are read: by its own declaration, or that of the export."""
    declared = dict(options.get("time") or {})
    own = {key: declared.pop(key) for key in list(declared) if isinstance(declared[key], dict)}
    for key in own:
        if key not in (options.get("columns") or {}):
            raise InputError(
                f"`time` names '{printable(key)}', which is not in `columns`", where=source.where()
            )
    return times.reader(own.get(target, declared), platform, source.warnings, source.where())


def _list(target: str, source: Source, options: Mapping[str, Any]) -> Convert:
    separator = (options.get("lists") or {}).get(target)
    if separator is None and tables.kind(source) == "delimited":
        hint = f'write `lists: {{{target}: " "}}` with the separator, json or python'
        raise InputError(
            f"how items of '{target}' are separated is not stated", where=source.where(), hint=hint
        )
    made = {"hashtags": _hashtag, "mentions": _mention, "urls": _url, "media": _medium}[target]
    return lambda cell: [made(item) for item in separated(target, cell, separator or "json")]


def _hashtag(item: Any) -> str:
    return values.hashtag(values.text("hashtags", item) or "")


def _mention(item: Any) -> dict[str, Any]:
    """A handle where the item begins with @, else an account's identifier."""
    if isinstance(item, dict):
        account, name = item.get("account_id"), item.get("handle")
        return {
            "account_id": values.identifier("mentions", account),
            "handle": values.handle("mentions", name),
        }
    if isinstance(item, str) and item.startswith("@"):
        return {"account_id": None, "handle": values.handle("mentions", item)}
    return {"account_id": values.identifier("mentions", item), "handle": None}


def _url(item: Any) -> dict[str, Any]:
    if isinstance(item, dict):
        return {key: values.text("urls", item.get(key)) for key in ("url", "expanded_url")}
    return {"url": values.text("urls", item), "expanded_url": None}


def _medium(item: Any) -> dict[str, Any]:
    if isinstance(item, dict):
        return {key: values.text("media", item.get(key)) for key in ("media_id", "kind", "url", "alt_text")}
    name = values.text("media", item)
    return {"media_id": name, "kind": None, "url": name if name and "://" in name else None, "alt_text": None}
