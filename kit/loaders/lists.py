"""Lists written into one cell, in the dialects that exports use."""

from __future__ import annotations

import json
import re
from typing import Any

from kit.loaders.values import BadValue

_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_ADDRESS = re.compile(r", (?=[a-zA-Z][a-zA-Z0-9+.-]*://)")


def items(field: str, cell: str) -> list[str]:
    """Items of `[a, b]`, `['a', 'b']` or an empty cell.

    Bare items are split at comma and space; addresses only where the next one begins,
    as an address can hold a comma and a space itself.
    """
    if not cell or cell == "[]":
        return []
    if cell[0] != "[" or cell[-1] != "]":
        raise BadValue(field, "a list in square brackets was expected", cell)
    inner = cell[1:-1]
    if inner[:1] in ("'", '"'):
        return _quoted(field, inner, cell)
    if not inner.strip():
        return []
    return _ADDRESS.split(inner) if "://" in inner else inner.split(", ")


def _quoted(field: str, inner: str, cell: str) -> list[str]:
    if "\\" not in inner and '"' not in inner and inner.count("'") == 2 * (inner.count("', '") + 1):
        return inner[1:-1].split("', '") if inner[-1] == "'" else _broken(field, cell)
    found, at = [], 0
    while True:
        match = _QUOTED.match(inner, at)
        if match is None:
            return _broken(field, cell)
        found.append(_unescaped(match[1] if match[1] is not None else match[2]))
        at = match.end()
        if at == len(inner):
            return found
        if inner[at : at + 1] != ",":
            return _broken(field, cell)
        at += 2 if inner[at + 1 : at + 2] == " " else 1


def _broken(field: str, cell: str) -> list[str]:
    raise BadValue(field, "a list that does not end as it begins", cell)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        return _ESCAPES.get(code, code)

    return _ESCAPE.sub(one, text)


def separated(field: str, cell: Any, separator: str) -> list[Any]:
    """Items of a cell by the separator that the report file declares.

    `json` is a JSON list, `python` a list as Python prints it or without quotes, any
    other separator stands between the items; white space around them does not count.
    """
    if cell is None or cell == "":
        return []
    if isinstance(cell, list | tuple):
        return [item for item in cell if item is not None]
    if not isinstance(cell, str):
        raise BadValue(field, "a list was expected", cell)
    if separator == "python":
        return items(field, cell.strip())
    if separator == "json":
        try:
            found = json.loads(cell)
        except (ValueError, RecursionError):
            raise BadValue(field, "not a JSON list", cell) from None
        if not isinstance(found, list):
            raise BadValue(field, "not a JSON list", cell)
        return [item for item in found if item is not None]
    parts = cell.split() if separator == " " else cell.split(separator)
    return [part.strip() for part in parts if part.strip()]
