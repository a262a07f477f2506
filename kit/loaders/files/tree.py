"""Walk one JSON document that may be too large to hold, and hand out the parts that a loader asks for.

A document of one object can be a whole archive. `parts` goes into the objects and lists
that `inside` names and hands out every other value whole, as bytes, so that what is never
wanted is never decoded, and never more than one value is held.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kit.errors import InputError, printable
from kit.loaders.files.lines import LINE_LIMIT, as_utf8

if TYPE_CHECKING:
    from kit.loaders.files import Source

Path = tuple[str, ...]
#: the step of a path that leads into a list
ITEM = "*"
_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_PLAIN = re.compile(rb'[^\s\[\]{},:"]+(?=[\s\[\]{},:"])')
#: everything up to the next bracket outside a string
_RUN = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_CLOSED_BY = {b"{": b"}", b"[": b"]"}


class Part(NamedTuple):
    """One value: its path of keys from the root, its line, its bytes.

    `raw` is empty where an object or a list begins that is walked into; `cut` says that
    the file ended inside the value.
    """

    path: Path
    line: int
    raw: bytes
    cut: bool = False


def parts(source: Source, inside: Callable[[Path], bool]) -> Iterator[Part]:
    """Every value outside the containers that `inside` names, in the order of the file."""
    head = source.text_head()
    with source.open() as stream:
        yield from _walk(_Text(as_utf8(stream, head.encoding, source.name), source), inside)


def _walk(text: _Text, inside: Callable[[Path], bool]) -> Iterator[Part]:
    open_: list[tuple[bytes, Path, set[str]]] = []
    path: Path = ()
    while sign := text.sign():
        line = text.line_here()
        if sign in b"{[" and inside(path):
            yield Part(path, line, b"")
            open_.append((_CLOSED_BY[sign], path, set()))
            text.skip()
        else:
            raw, cut = text.value()
            yield Part(path, line, raw, cut)
            if cut:
                return
        found = _next(text, open_)
        if found is None:
            return
        path = found


def _next(text: _Text, open_: list[tuple[bytes, Path, set[str]]]) -> Path | None:
    """The path of the next value; None at the end of the document."""
    while open_:
        closing, base, keys = open_[-1]
        if text.sign() == b",":
            text.skip()
        sign = text.sign()
        if not sign:
            text.source.warnings["the document is not closed: the file may be cut"] += 1
            return None
        if sign == closing:
            text.skip()
            open_.pop()
            continue
        if closing == b"]":
            return (*base, ITEM)
        key = text.key()
        if key is None:
            text.source.warnings["the document is not closed: the file may be cut"] += 1
            return None
        if key in keys:
            raise InputError("a key stands twice", where=text.where(), found=key)
        keys.add(key)
        return (*base, key)
    if text.sign():
        raise InputError("text behind the end of the JSON document", where=text.where())
    return None


class _Text:
    """The text of a document from the place where it is being read."""

    def __init__(self, blocks: Iterator[bytes], source: Source) -> None:
        self.blocks, self.source = blocks, source
        self.buffer, self.at, self.line = bytearray(), 0, 1

    def where(self) -> str:
        """The place being read, for a message."""
        return self.source.where(self.line_here())

    def line_here(self) -> int:
        """The line being read; what was counted is dropped, so that no line is counted twice."""
        self.line += self.buffer.count(b"\n", 0, self.at)
        del self.buffer[: self.at]
        self.at = 0
        return self.line

    def more(self) -> bool:
        """Read on, keeping what stands from the place being read."""
        self.line_here()
        if len(self.buffer) > LINE_LIMIT:
            raise InputError(f"one JSON value longer than {LINE_LIMIT:,} bytes", where=self.where())
        block = next(self.blocks, b"")
        self.buffer += block
        return bool(block)

    def sign(self) -> bytes:
        """The next character that is no white space, without going past it; nothing at the end."""
        while True:
            space = _SPACE.match(self.buffer, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.buffer):
                return bytes(self.buffer[self.at : self.at + 1])
            if not self.more():
                return b""

    def skip(self) -> None:
        """Go past one character."""
        self.at += 1

    def value(self) -> tuple[bytes, bool]:
        """The value that begins here, and whether the file ended inside it."""
        sign = self.sign()
        pattern = _STRING if sign == b'"' else _PLAIN
        end = self._bracketed() if sign in b"{[" else self._matched(pattern)
        cut = end < 0
        raw = bytes(self.buffer[self.at :] if cut else self.buffer[self.at : self.at + end])
        self.at += len(raw)
        if not raw:
            raise InputError("not JSON: a value was expected", where=self.where(), found=sign.decode())
        return raw, cut

    def _matched(self, pattern: re.Pattern[bytes]) -> int:
        """Length of what matches here; -1 where the file ends before."""
        while not (found := pattern.match(self.buffer, self.at)):
            if self.buffer[self.at : self.at + 1] in b"}],:":
                return 0
            if not self.more():
                return -1
        return found.end() - self.at

    def _bracketed(self) -> int:
        """Length of the object or list that begins here; -1 where the file ends before."""
        depth, done = bytearray(), 0
        while True:
            run = _RUN.match(self.buffer, self.at + done)
            end = run.end() if run else self.at + done
            done = end - self.at
            sign = bytes(self.buffer[end : end + 1])
            if sign in (b"", b'"'):  # the end of what was read, or a string that goes on behind it
                if not self.more():
                    return -1
                continue
            done += 1
            if sign in b"{[":
                depth += _CLOSED_BY[sign]
            elif depth.pop() != sign[0]:
                where = self.where()
                raise InputError("brackets of the JSON text do not match", where=where, found=sign.decode())
            if not depth:
                return done

    def key(self) -> str | None:
        """A key and the colon behind it; None where the file ends before."""
        raw, cut = self.value()
        if cut or not self.sign():
            return None
        if raw[:1] != b'"' or self.sign() != b":":
            found = printable(raw.decode(errors="replace"))
            raise InputError("not JSON: a key was expected", where=self.where(), found=found)
        self.skip()
        try:
            return str(json.loads(raw))
        except ValueError:
            found = printable(raw.decode(errors="replace"))
            raise InputError("not JSON: a key was expected", where=self.where(), found=found) from None
