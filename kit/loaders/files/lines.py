"""Bytes of a text file in UTF-8, block by block, and cut into whole lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from kit.errors import InputError, printable

LINE_LIMIT = 64 * 1024 * 1024  # bytes in one line
_BLOCK = 1 << 18


def as_utf8(stream: BinaryIO, encoding: str, name: str) -> Iterator[bytes]:
    """Blocks of the stream in UTF-8; what does not decode becomes invalid UTF-8, to be found later."""
    if encoding == "utf-8":
        first = True
        while block := stream.read(_BLOCK):
            yield block.removeprefix(codecs.BOM_UTF8) if first else block
            first = False
        return
    decoder = codecs.getincrementaldecoder(encoding)(
        "surrogatepass" if "16" in encoding else "surrogateescape"
    )
    done = 0
    while True:
        block = stream.read(_BLOCK)
        try:
            text = decoder.decode(block, not block)
        except UnicodeDecodeError as error:
            raise InputError(
                f"the text is not {encoding} from byte {done + error.start:,} on",
                where=printable(name, 120),
                hint="was the file saved or fetched to its end?",
            ) from None
        if text:
            yield text.encode("utf-8", "surrogatepass")
        if not block:
            return
        done += len(block)


def whole_lines(stream: BinaryIO, encoding: str, name: str) -> Iterator[list[bytes]]:
    """Blocks of whole lines, ends kept; LF, CRLF and CR all end a line."""
    return lines_of(as_utf8(stream, encoding, name), name)


def lines_of(blocks: Iterable[bytes], name: str, line: int = 1) -> Iterator[list[bytes]]:
    """Blocks of whole lines from blocks of any bytes in UTF-8, the first of which is line `line`."""
    parts: list[bytes] = []
    waiting = 0
    for block in blocks:
        parts.append(block)
        waiting += len(block)
        if waiting > LINE_LIMIT:
            where = f"{printable(name, 120)}, line {line}"
            raise InputError(
                f"a line longer than {LINE_LIMIT:,} bytes", where=where, hint="is this a text export?"
            )
        if b"\n" not in block and b"\r" not in b"".join(parts)[:-1]:
            continue
        lines = b"".join(parts).splitlines(keepends=True)
        # a CR at the end of a block may be half of a CRLF
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        parts, waiting = ([rest], len(rest)) if rest else ([], 0)
        line += len(lines)
        if lines:
            yield lines
    if parts:
        yield b"".join(parts).splitlines(keepends=True)
