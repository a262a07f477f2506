"""What the first 64 kB of a source show: its kind, encoding, delimiter, header, first objects.

Where one object of a JSON export is longer than that (a text of millions of characters), more is
read and its long strings are left out, so that it is known by all of its keys.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from kit.errors import InputError, printable
from kit.loaders.files.beside import EMPTY, FOREIGN, foreign

#: how a kind of file begins: offset, bytes, kind
_MAGIC = (
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstandard"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PAR1", "parquet"),
    (0, b"SQLite format 3\x00", "sqlite"),
    (0, b"\x89PNG", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF8", "GIF image"),
    (0, b"RIFF", "RIFF sound, image or video"),
    (4, b"ftyp", "MP4 video"),
    (0, b"%PDF", "PDF document"),
    (0, b"\xd0\xcf\x11\xe0", "old Office document"),
    (0, b"\x93NUMPY", "NumPy array"),
    (0, b"ARROW1", "Arrow file"),
    (0, b"\x89HDF", "HDF5 file"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (0, b"Rar!", "RAR archive"),
    (257, b"ustar", "tar archive"),
    (0, b"\x7fELF", "program"),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:[\x95cX}\])(K]|.{0,40}\.\Z)", re.DOTALL)
_FOREIGN = 0.05  # share of lines that must not be UTF-8 before the whole file is taken for another encoding
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+("?)', re.DOTALL)  # the group is empty where the text ends inside
_LONG = 1_000  # characters of a string that is left out where an object is longer than the head
_FURTHEST = 64 * 1024 * 1024  # bytes to read on for that, as many as one record may have
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")

#: kinds that a loader can read; every other kind that is not text is refused
READABLE = ("text", "zip", "parquet", "sqlite")
_ASK = "ask for the posts themselves, as CSV, JSON, XLSX or Parquet"
_ADVICE = {
    "pickle": "a pickle is unsafe: opening one runs the code inside; ask for CSV, JSON or Parquet",
    "NumPy array": "ask for CSV, JSON or Parquet",
    "old Office document": "save it as .xlsx or CSV",
    "tar archive": "unpack it and name the files or the folder",
    "7z archive": "unpack it and name the files or the folder",
    "RAR archive": "unpack it and name the files or the folder",
    "Arrow file": "save it as Parquet",
}


@dataclass(frozen=True)
class Head:
    """The start of a source, as far as it can be understood without reading on.

    `shape` is `table` (delimited text), `lines` (one JSON object a line), `array` or
    `document` (one JSON value), `markup` (XML, HTML), `script` (JSON behind an
    assignment) or `binary`. `header` are the names in the first record of a table,
    `objects` the first JSON objects, the last one as far as it goes when it is cut.
    """

    SIZE: ClassVar[int] = 65_536

    kind: str
    shape: str
    data: bytes
    encoding: str
    text: str
    delimiter: str = ","
    header: tuple[str, ...] = ()
    objects: tuple[dict[str, Any], ...] = ()


def kind_of(data: bytes) -> str:
    """What the bytes are, by their first ones; `text` where nothing speaks against it."""
    for at, magic, kind in _MAGIC:
        if data[at : at + len(magic)] == magic:
            return kind
    if _SKIPPABLE.match(data):
        return "zstandard"
    if _PICKLE.match(data):
        return "pickle"
    sample = data[:4096]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "text"
    # a header without control characters is one of text, whatever a hostile row below it holds
    first = sample.split(b"\n", 1)[0][:200]
    strange = _CONTROL.findall(first) and len(_CONTROL.findall(sample)) > max(8, len(sample) // 20)
    return "binary file" if strange else "text"


def look(
    data: bytes,
    name: str,
    stated: str,
    delimiter: str = "",
    *,
    inside: bool,
    more: Callable[[int], bytes] = bytes,
) -> Head:
    """The head of a source from its first bytes; raises where nothing can ever be read from it.

    `more` gives the bytes that follow, as many as it is asked for.
    """
    where = printable(name, 120)
    if not data:
        hint = "was it saved or fetched to its end?"
        raise foreign("the file is empty", name, "", EMPTY, where=where, hint=hint)
    kind = kind_of(data)
    if inside and kind in ("zip", "gzip", "bzip2", "xz", "zstandard"):
        raise InputError(
            "an archive inside an archive", where=where, found=kind, hint="unpack the outer one first"
        )
    if kind == "binary file" and (wide := _wide(data)):
        if not stated.lower().replace("_", "-").startswith("utf-16"):
            raise _other_encoding(where, wide)
        kind = "text"
    if kind not in READABLE:
        reason = f"this is not an export but a {kind}"
        hint = _ADVICE.get(kind, _ASK)
        if kind in FOREIGN:
            raise foreign(reason, name, kind, kind, where=where, hint=hint)
        raise InputError(reason, where=where, hint=hint)
    if kind != "text":
        return Head(kind, "binary", data, "", "")
    encoding = _encoding(data, where, stated)
    cut = len(data) > Head.SIZE
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data[: Head.SIZE], not cut)
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        hint = "was it saved or fetched to its end?"
        raise foreign("the file holds no text", name, "", EMPTY, where=where, hint=hint)
    if start[0] in "{[" or _among_values(start):
        shape, objects = _json(start)
        if cut and len(objects) < 2:  # not one whole object: what it is may stand behind a long text
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            start = decoder.decode(data).lstrip("\ufeff \t\r\n")
            shape, objects = _json(_further(start, lambda size: decoder.decode(more(size))))
        return Head(kind, shape, data, encoding, text, objects=objects)
    if start[0] == "<":
        return Head(kind, "markup", data, encoding, text)
    if re.match(r"(?:window|var|const|let)\b[^\n=\"]{0,200}=\s*[\[{]", start):
        return Head(kind, "script", data, encoding, text)
    delimiter, header = _table(text.lstrip("\ufeff"), delimiter or ",;\t|")
    return Head(kind, "table", data, encoding, text, delimiter, header)


def _further(text: str, read: Callable[[int], str]) -> str:
    """`text` and as much behind it as makes a head without its long strings."""
    size = Head.SIZE
    while True:
        parts, at, waiting = [], 0, 0
        for found in _STRING.finditer(text):
            if not found[1]:
                waiting = len(text) - found.start()
            elif len(found[0]) > _LONG:
                parts += [text[at : found.start()], '"…"']
                at = found.end()
        text = "".join([*parts, text[at:]])
        if len(text) - waiting >= Head.SIZE or size > _FURTHEST or not (block := read(size)):
            return text[: Head.SIZE]
        text += block
        size *= 2


def _table(text: str, delimiters: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter that splits the first record into most fields, and those fields."""
    best: tuple[str, tuple[str, ...]] = (delimiters[0], ())
    for delimiter in delimiters:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            record = next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
        except csv.Error:
            continue
        if len(record) > len(best[1]):
            best = delimiter, tuple(record)
    return best


def _among_values(text: str) -> bool:
    """Whether a line is a JSON object and those before it are JSON values: lines that begin badly."""
    for line in text.split("\n")[:20]:
        value = _read(line)
        if value is None and line.strip() != "null":
            return False
        if isinstance(value, dict):
            return True
    return False


def _json(text: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Whether the text is JSON lines, an array or a document, and its first objects."""
    if text[0] == "[":
        whole = mended(text)
        items = whole if isinstance(whole, list) else []
        return "array", tuple(item for item in items[:20] if isinstance(item, dict))
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    read = [_read(line) for line in lines]
    objects = tuple(value for value in read if isinstance(value, dict))
    value = mended(text)
    if not isinstance(value, dict) or read[0] is not None or len(lines) < 2:
        return "lines", objects or ((value,) if isinstance(value, dict) else ())
    # the first line is no value of its own: a document over many lines, or lines of which the first is broken
    return ("document", (value,)) if len(objects) * 2 < len(lines) else ("lines", objects)


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def mended(text: str) -> Any:
    """The JSON value that `text` begins, closed where it was cut; None where it is not JSON."""
    stack: list[str] = []
    safe = (0, "")  # where the text could be cut, and what would close it there
    for token in re.finditer(r'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', text):
        sign = token.group()
        if sign == '"':
            break  # a string that the cut left open: what follows is inside it
        if sign in "[{":
            stack.append("]" if sign == "[" else "}")
            safe = (token.end(), "".join(reversed(stack)))
        elif sign in "]}":
            if not stack or stack.pop() != sign:
                return None
            safe = (token.end(), "".join(reversed(stack)))
            if not stack:
                break
        elif sign == ",":
            safe = (token.start(), "".join(reversed(stack)))
        if len(stack) > 100:
            break  # deep enough to see what it is
    try:
        return json.loads(text[: safe[0]] + safe[1], parse_int=str)
    except (ValueError, RecursionError):
        return None


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, where every second byte of the sample is mostly NUL."""
    sample = data[:4096]
    if sample[0::2].count(0) > len(sample) // 5:
        return "utf-16-be"
    return "utf-16-le" if sample[1::2].count(0) > len(sample) // 5 else ""


def _encoding(data: bytes, where: str, stated: str) -> str:
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise InputError("text in UTF-32", where=where, hint="save it as UTF-8")
    if stated:
        try:
            known = codecs.lookup(stated)
        except (LookupError, ValueError):
            hint = "write one such as utf-8, windows-1252, gb18030, big5, shift_jis, euc_kr"
            raise InputError("unknown encoding", where=where, found=stated, hint=hint) from None
        if not known._is_text_encoding:
            raise InputError("this is no text encoding", where=where, found=stated)
        return known.name
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    guess = likely_encoding(data)
    if guess:
        raise _other_encoding(where, guess, data)
    return "utf-8"


def _other_encoding(where: str, guess: str, data: bytes = b"") -> InputError:
    line = next((n for n, text in enumerate(data.splitlines(), 1) if not _utf8(text)), 0)
    return InputError(
        "the text is not UTF-8",
        where=f"{where}, line {line}" if line else where,
        hint=f"it looks like {guess}; if it is, write `encoding: {guess}` in the export's entry",
    )


def _utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def likely_encoding(data: bytes) -> str:
    """The encoding a whole file seems to be in where that is not UTF-8; nothing where only a row is damaged.

    A file with valid UTF-8 beyond ASCII, or with damage in few lines, is UTF-8 with damaged
    rows. One without any, and with foreign bytes in many lines, is taken for another encoding.
    """
    lines = data[:65_536].splitlines()
    foreign = [line for line in lines if not line.isascii()]
    damaged = [line for line in foreign if not _utf8(line)]
    if len(data) > 65_536 and damaged and damaged[-1] is foreign[-1]:
        damaged = damaged[:-1]  # the sample may end inside a character
    if not damaged or len(damaged) < len(foreign) - 1:
        return ""
    runs = re.findall(rb"[\x80-\xff]+", b"\n".join(damaged))
    many = sum(map(len, runs))
    if many < 3 or (max(map(len, runs)) < 4 and len(damaged) < 3) or len(damaged) < len(lines) * _FOREIGN:
        return ""
    sample = b"\n".join(damaged)
    best, score = "windows-1252", 0.7
    for encoding, (common, frequent) in _COMMON.items():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        beyond = [char for char in text if ord(char) > 127]
        share = sum(bool(common.match(char)) for char in beyond) + 3 * sum(
            char in frequent for char in beyond
        )
        if share / max(len(beyond), 1) > score:
            best, score = encoding, share / len(beyond)
    return best


#: what ordinary text in an encoding is mostly made of, and its most frequent characters
_COMMON = {
    "gb18030": (
        re.compile("[\u4e00-\u9fa5\u3000-\u3011\uff01-\uff5e]"),
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会",
    ),
    "big5": (
        re.compile("[\u4e00-\u9fa5\u3000-\u3011\uff01-\uff5e]"),
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會",
    ),
    "shift_jis": (
        re.compile("[\u3041-\u30ff\u4e00-\u9fa5\u3000-\u3011]"),
        "のにはをたがでてとしれさあるいうかなもら",
    ),
    "euc_kr": (re.compile("[\uac00-\ud7a3\u3000-\u3011]"), "이다는을의에가고하지은로를한기사어도"),
    "windows-1251": (re.compile("[\u0410-\u044f\u0401\u0451]"), "оеаинтсрвлОЕАИНТ"),
    "windows-1252": (
        re.compile("[\u00c0-\u00ff\u2018-\u201d\u2013\u2026\u20ac\u00ab\u00bb\u0152\u0153\u00a0]"),
        "éèàêçâôîùöäüßñóíáú’",
    ),
}
