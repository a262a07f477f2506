"""Read JSON objects one by one: a line each, an array, or values one behind the other.

Every record gives exactly one `Item` or one `Fault`. A key that stands twice, a
number that is none, nesting without end and half a line at the end are faults of one
record; its neighbours are kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kit.errors import InputError, printable
from kit.loaders.files.delimited import Fault
from kit.loaders.files.lines import LINE_LIMIT, as_utf8, whole_lines
from kit.locale import N_

if TYPE_CHECKING:
    from kit.loaders.files import Source

DEPTH_LIMIT = 200
_LONE = re.compile(r"[\ud800-\udfff]")
_ODD_NUMBER = re.compile(rb'"([^"\\]{0,80})"\s*:\s*(-?\d{4000,}|NaN|-?Infinity)')
_OUTSIDE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\[\]{}]+', re.DOTALL)
_STEP = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)


#: what Python's decoder says of a text, for the catalogue
SAYS = (
    N_("Expecting value"),
    N_("Expecting ',' delimiter"),
    N_("Expecting ':' delimiter"),
    N_("Expecting property name enclosed in double quotes"),
    N_("Extra data"),
    N_("Illegal trailing comma before end of array"),  # from Python 3.13 on
    N_("Illegal trailing comma before end of object"),
    N_("Invalid control character at"),
    N_("Invalid \\escape"),
    N_("Invalid \\uXXXX escape"),
    N_("Unterminated string starting at"),
)
_NONE = "no number"  # what the decoder says of NaN and Infinity


class Item(NamedTuple):
    """One object: its number from 1, its line, the value, its bytes."""

    number: int
    line: int | None
    value: dict[str, Any]
    raw: bytes


def objects(source: Source) -> Iterator[Item | Fault]:
    """Each JSON object of the source; blank lines are no records."""
    head = source.text_head()
    with source.open() as stream:
        if head.shape == "lines":
            pieces = _lines(whole_lines(stream, head.encoding, source.name), source.warnings)
        else:
            pieces = _values(as_utf8(stream, head.encoding, source.name), source)
        for number, (line, raw, cut) in enumerate(pieces, 1):
            yield item(number, line, raw, source.warnings, cut=cut)


def item(number: int, line: int | None, raw: bytes, warnings: Counter[str], *, cut: bool) -> Item | Fault:
    """The object that `raw` is, or what is wrong with it; `cut` where the file ended inside it."""
    try:
        return Item(number, line, parse(raw, warnings), raw)
    except _Bad as bad:
        reason = bad.reason
        if cut:
            reason += "; the file may be cut"
            warnings["the last record is damaged: the file may be cut"] += 1
        return Fault(number, line, bad.field, reason, printable(bad.found), raw)


class _Bad(ValueError):
    def __init__(self, reason: str, found: str = "", field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.found, self.field = reason, found, field


def parse(raw: bytes, warnings: Counter[str]) -> dict[str, Any]:
    """The object that `raw` is; raises `_Bad` with the reason where it is none."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        shown = raw[max(error.start - 10, 0) : error.start + 10].decode(errors="backslashreplace")
        raise _Bad(f"bytes that are not UTF-8 text, at byte {error.start:,} of the record", shown) from None
    if raw.count(b"[") + raw.count(b"{") > DEPTH_LIMIT and _too_deep(raw):
        raise _Bad(f"nested deeper than {DEPTH_LIMIT} levels", text[:40])
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _Bad(f"nested deeper than {DEPTH_LIMIT} levels", text[:40]) from None
    except json.JSONDecodeError as error:
        near = text[max(error.pos - 20, 0) : error.pos + 20]
        raise _Bad(f"not JSON: {error.msg} at character {error.pos + 1:,}", near) from None
    except _Bad:
        raise
    except ValueError as error:  # NaN, Infinity, or an integer of more digits than Python converts
        odd = _ODD_NUMBER.search(raw)
        field, found = (part[:80].decode(errors="replace") for part in odd.groups()) if odd else ("", "")
        reason = "a number that is none" if _NONE in error.args else "a number of thousands of digits"
        raise _Bad(reason, found, field) from None
    if not isinstance(value, dict):
        raise _Bad("not a JSON object", text[:40])
    if b"\\u0000" in raw:
        raise _Bad("a NUL character", "\\u0000")
    if b"\\u" in raw and (b"\\ud" in raw or b"\\uD" in raw):
        value = _without_lone(value, warnings)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise _Bad("a key stands twice", twice, twice)
    return value


def _no_number(word: str) -> None:
    raise ValueError(_NONE, word)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_number)


def _too_deep(raw: bytes) -> bool:
    brackets = _OUTSIDE.sub(b"", raw)
    for _ in range(DEPTH_LIMIT):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if shorter == brackets:
            return len(brackets) > DEPTH_LIMIT
        brackets = shorter
    return bool(brackets)


def _without_lone(value: Any, warnings: Counter[str]) -> Any:
    """The same value with half surrogate pairs, which no writer can store, as U+FFFD."""
    if isinstance(value, str):
        if _LONE.search(value):
            warnings["half of a surrogate pair, replaced by U+FFFD"] += 1
            return _LONE.sub("\ufffd", value)
        return value
    if isinstance(value, dict):
        return {_without_lone(key, warnings): _without_lone(inner, warnings) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_lone(inner, warnings) for inner in value]
    return value


def _lines(blocks: Iterator[list[bytes]], warnings: Counter[str]) -> Iterator[tuple[int, bytes, bool]]:
    """Line number, bytes, and whether the line has no end, of each line that is not blank; the others are counted."""
    line = 0
    for block in blocks:
        for raw in block:
            line += 1
            if raw.isspace():
                warnings["blank lines, passed over"] += 1
            else:
                yield line, raw, not raw.endswith((b"\n", b"\r"))


def _values(blocks: Iterator[bytes], source: Source) -> Iterator[tuple[int, bytes, bool]]:
    """Line, bytes, and whether it is cut, of each value in lists, or standing one behind the other."""
    buffer, open_ = bytearray(), bytearray()
    at = mark = 0  # read up to here; everything before here was handed out
    start, base, line = -1, 0, 1  # where the value being read begins, and how many brackets were open there
    for block in blocks:
        buffer += block
        if len(buffer) > LINE_LIMIT:
            raise InputError(f"one JSON value longer than {LINE_LIMIT:,} bytes", where=source.where(line))
        while (step := _STEP.search(buffer, at)) and (sign := step.group()) != b'"':
            before, at = step.start(), step.end()
            if start < 0 and sign in b"[]{},":
                # what stands between values and is no bracket is a value of its own: 5, "x", null
                if loose := bytes(buffer[mark:before]).strip():
                    yield line + buffer.count(b"\n", 0, before), loose, False
                mark = at
            if sign in b"[{":
                if start < 0 and (open_ or sign == b"{"):
                    start, base = before, len(open_)
                open_ += b"]" if sign == b"[" else b"}"
            elif sign in b"]}":
                if not open_ or open_.pop() != sign[0]:
                    where = source.where(line + buffer.count(b"\n", 0, before))
                    raise InputError(
                        "brackets of the JSON text do not match", where=where, found=sign.decode()
                    )
                if start >= 0 and len(open_) == base:
                    yield line + buffer.count(b"\n", 0, start), bytes(buffer[start:at]), False
                    start, mark = -1, at
        keep = start if start >= 0 else mark
        line += buffer.count(b"\n", 0, keep)
        del buffer[:keep]
        at, mark, start = at - keep, 0, 0 if start >= 0 else -1
    if bytes(buffer).strip():
        yield line, bytes(buffer), True
    elif open_:
        source.warnings["the list is not closed: the file may be cut"] += 1
