"""Every way in which a reader or a program may read the bytes of a file.

`readings(place, data)` gives texts: the file as it stands, its members and streams, tags removed,
entities, percent signs and backslashes undone, base64 and hexadecimal digits decoded, other encodings
of characters. A file that no reading opens is `Closed`: what cannot be read cannot be released.
`folded` gives one spelling of what people take for the same.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import contextlib
import html
import io
import lzma
import re
import sys
import tarfile
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import zstandard

DEEPEST = 6  # members within members, and codes within codes
LARGEST = 1 << 30  # bytes that the members of one file may unpack to
LONG = 400  # characters of a code from which it is taken for a file rather than for a word
_SHORTEST_CODE = 6  # base64 of five bytes has seven signs, and may lose its first one to what stands before
_CODE = re.compile(rf"[A-Za-z0-9+/_-]{{{_SHORTEST_CODE},}}")
_WRAPPED = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{56,}(?:\\r\\n|\\n|\\r|\r?\n[ \t>]*))+[A-Za-z0-9+/_-]*"
)
_LONG_CODE = re.compile(rf"[A-Za-z0-9+/_-]{{{LONG},}}")
_LINE_END = re.compile(r"\\r|\\n|[\s>]")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){5,}(?![0-9A-Fa-f])")
_HEX_APART = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){4,}(?![0-9A-Fa-f])")
_TAG = re.compile(r"<!--|-->|<[/!?A-Za-z][^<>]*>")
_PERCENT_U = re.compile(r"%u([0-9A-Fa-f]{4})")
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})"
    r"|N\{([A-Z0-9 -]{1,80})\}|([0-9A-Fa-f]{1,6})[ \n]?|(.))",
    re.DOTALL,
)
_OCTAL = re.compile(r"\\([0-7]{1,3})")
_QUOTED_PRINTABLE = re.compile(rb"=(?:\r?\n|([0-9A-Fa-f]{2}))")
_MARK = re.compile(r"\[U\+([0-9A-Fa-f]{4,6})\]")
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "\f", "v": "\v"}
_SIGNATURES = {  # of files that this module cannot open
    b"PAR1": "a Parquet file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"SQLite format 3": "a database",
}
_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"\0\0\0\x0cJXL", b"\0\0\x01\0")
_FILES = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_TEXTY = re.compile("[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")


@dataclass(frozen=True)
class Reading:
    """A text that a file can be read as: where it stands, how it was written there, and itself.

    Line i of `text` was made from the sign sequence `origins[i]`, where codes were decoded.
    """

    place: str
    form: str
    text: str
    origins: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True)
class Closed:
    """A file, or a member, that cannot be read: where it stands and why."""

    place: str
    why: str


def folded(text: str) -> str:
    """One spelling of what readers take for the same: composed, in small letters, single spaces.

    Signs that draw nothing are left out; quotation marks and dashes become the plain ones.

    >>> folded("Zoe\\u0308  O\\u2019HARA\\u200b")
    "zoë o'hara"
    """
    if text.isascii():
        flat = text.translate(_CONTROLS) if not text.isprintable() else text
        return " ".join(flat.split()).lower()
    flat = unicodedata.normalize("NFKC", text).translate(_UNSEEN).casefold()
    return " ".join(unicodedata.normalize("NFKC", flat).split())


def _unseen() -> dict[int, str | None]:
    """What `folded` drops (signs that draw nothing) or writes plainly."""
    drop = dict.fromkeys(
        (
            code
            for code in range(sys.maxunicode + 1)
            if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co") and not chr(code).isspace()
        ),
        None,
    )
    ranges = ((0xFE00, 0xFE10), (0xE0100, 0xE01F0), (0x180B, 0x1810))
    drop |= {code: None for first, end in ranges for code in range(first, end)}
    drop |= dict.fromkeys((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0), None)
    plain = {"‘’‚‛ʼ": "'", "“”„‟«»": '"', "‐‑‒–—―−": "-", "↵\u2800\0": " "}
    return {**drop, **{ord(sign): said for signs, said in plain.items() for sign in signs}}


_UNSEEN = _unseen()
_CONTROLS = {code: None for code in (*range(0x20), 0x7F) if not chr(code).isspace()} | {0: " "}


def readings(place: str, data: bytes, form: str = "", depth: int = 0) -> Iterator[Reading | Closed]:
    """Every text that `data`, found at `place`, can be read as."""
    if depth > DEEPEST:
        yield Closed(place, "nested too deeply")
        return
    opened, rest = _opened(place, data, form, depth)
    found = False
    for reading in opened:
        found = True
        yield reading
    if not found and (why := next((w for s, w in _SIGNATURES.items() if data.startswith(s)), None)):
        yield Closed(place, why)
    picture = rest is not data or data.startswith(_PICTURES)
    for how, text in _as_text(rest, picture):
        yield from _of_text(place, _joined(form, how), text, depth)


def _opened(place: str, data: bytes, form: str, depth: int) -> tuple[Iterator[Reading | Closed], bytes]:
    """What is inside a packed file or a picture, and the bytes that may hold text beside it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        inside, rest = _png(data)
        return _members(((f"{place}, {name}", one) for name, one in inside), form, depth), rest
    if b"PK\x05\x06" in data[-66_000:] or data.startswith(b"PK\x03\x04"):
        return _zip(place, data, form, depth), data
    if data[257:262] == b"ustar":
        return _tar(place, data, form, depth), data
    if b"%PDF-" in data[:1024]:
        return _pdf(place, data, form, depth), data
    for sign, unpack in _PACKED.items():
        if data.startswith(sign):
            return _packed(place, data, unpack, form, depth), data
    return iter(()), data


def _members(
    found: Iterable[tuple[str, bytes]], form: str, depth: int, left: int = LARGEST
) -> Iterator[Reading | Closed]:
    for place, data in found:
        left -= len(data)
        if left < 0:
            yield Closed(place, "unpacks to more than can be read")
            return
        yield from readings(place, data, form, depth + 1)


def _zip(place: str, data: bytes, form: str, depth: int) -> Iterator[Reading | Closed]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from readings(f"{place}, comment", archive.comment, form, depth + 1)
            left = LARGEST
            for item in archive.infolist():
                here = f"{place}/{safe_name(item.filename)}"
                yield from named(f"name of {here}", item.filename)
                yield from readings(f"comment of {here}", item.comment, form, depth + 1)
                left -= item.file_size
                if left < 0:
                    yield Closed(here, "unpacks to more than can be read")
                    return
                try:
                    inside = archive.read(item)
                except (RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
                    yield Closed(here, "a member that cannot be unpacked")
                    continue
                yield from readings(here, inside, form, depth + 1)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        yield Closed(place, "a damaged archive")


def _tar(place: str, data: bytes, form: str, depth: int) -> Iterator[Reading | Closed]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for item in archive:
                here = f"{place}/{safe_name(item.name)}"
                said = " ".join((item.name, item.linkname, item.uname, item.gname))
                yield from named(f"name of {here}", said)
                if item.isfile() and (stream := archive.extractfile(item)):
                    yield from readings(here, stream.read(), form, depth + 1)
    except (tarfile.TarError, OSError, EOFError, ValueError):
        yield Closed(place, "a damaged archive")


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read(LARGEST + 1)


def _gzip(data: bytes) -> bytes:
    return zlib.decompressobj(47).decompress(data, LARGEST + 1)


_PACKED = {
    b"\x1f\x8b": _gzip,
    b"BZh": lambda data: bz2.BZ2Decompressor().decompress(data, LARGEST + 1),
    b"\xfd7zXZ\x00": lambda data: lzma.LZMADecompressor().decompress(data, LARGEST + 1),
    b"\x28\xb5\x2f\xfd": _zstd,
}


def _packed(place: str, data: bytes, unpack: object, form: str, depth: int) -> Iterator[Reading | Closed]:
    assert callable(unpack)
    try:
        inside = unpack(data)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError):
        yield Closed(place, "packed and cannot be unpacked")
        return
    if len(inside) > LARGEST:
        yield Closed(place, "unpacks to more than can be read")
        return
    yield from readings(f"{place}, unpacked", inside, form, depth + 1)


def _inflated(data: bytes) -> bytes:
    """What a deflated stream holds, also where its end is damaged; empty where it is none."""
    for bits in (15, -15):
        with contextlib.suppress(zlib.error):
            if out := zlib.decompressobj(bits).decompress(data, LARGEST):
                return out
    return b""


def _png(data: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Text that a PNG holds packed, and all its bytes but the pixels."""
    at, inside, rest = 8, [], [b""]
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if not kind.isalpha():
            break
        body = data[at + 8 : at + 8 + size]
        if kind not in (b"IDAT", b"fdAT"):
            rest.append(body)
            if kind in (b"zTXt", b"iTXt", b"iCCP"):
                # the packed part begins behind a zero; where it begins does not matter much
                starts = [i + 1 for i, byte in enumerate(body[:400]) if byte == 0x78 or byte == 0]
                packed = (_inflated(body[i - 1 :]) or _inflated(body[i:]) for i in starts)
                inside += [(kind.decode(), found) for found in packed if found]
        at += 12 + size
        if kind == b"IEND":
            break
    rest.append(data[at:])
    return inside, b"\n".join(rest)


def _pdf(place: str, data: bytes, form: str, depth: int) -> Iterator[Reading | Closed]:
    if b"/Encrypt" in data:
        yield Closed(place, "an encrypted PDF")
    parts = [data]
    for found in re.finditer(rb"stream\r?\n", data):
        end = data.find(b"endstream", found.end())
        body = data[found.end() : end if end >= 0 else len(data)]
        inside = _inflated(body) or _from_ascii85(body)
        parts.append(_inflated(inside) or inside)
    for number, part in enumerate(parts):
        here = f"{place}, stream {number}" if number else place
        if number and part:
            yield from readings(here, part, form, depth + 1)
        if part and (said := _pdf_said(part)):
            yield from _of_text(here, _joined(form, "PDF text"), said, depth)


def _from_ascii85(body: bytes) -> bytes:
    body = body.strip()
    if body.endswith(b"~>"):
        with contextlib.suppress(ValueError):
            return base64.a85decode(b"<~" + body.removeprefix(b"<~"), adobe=True)
    if body.endswith(b">") and re.fullmatch(rb"[0-9A-Fa-f\s]+>", body):
        return _from_hex(body[:-1].decode())
    return b""


_PDF_STRING = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]+>|\]\s*TJ|\bT[jdDm*]|ET", re.DOTALL
)


def _pdf_said(data: bytes) -> str:
    """The strings of a PDF's content, those of one line joined as they are drawn."""
    out: list[str] = []
    for found in _PDF_STRING.finditer(data):
        piece = found[0]
        if piece.startswith(b"("):
            out.append(_pdf_string(piece[1:-1].decode("latin-1")))
        elif piece.startswith(b"<"):
            raw = _from_hex(piece[1:-1].decode())
            out.append(
                raw.decode("utf-16") if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else raw.decode("latin-1")
            )
            if raw[:1] == b"\0":
                out += [" ", raw.decode("utf-16-be", "replace")]
        else:
            out.append("\n")
    return "".join(out)


def _pdf_string(text: str) -> str:
    text = re.sub(r"\\\r?\n", "", text)
    text = _OCTAL.sub(lambda m: chr(int(m[1], 8) & 255), text)
    text = re.sub(r"\\(.)", lambda m: _NAMED.get(m[1], m[1]), text, flags=re.DOTALL)
    raw = text.encode("latin-1", "replace")
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    with contextlib.suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    return raw.decode("cp1252", "replace")


def _as_text(data: bytes, picture: bool) -> Iterator[tuple[str, str]]:
    """(how, text) of the encodings of characters in which bytes may be read."""
    for sign, name in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(sign):
            yield "UTF-32", data.decode(name, "replace")
    try:
        text = data.decode("utf-8")
        whole = True
    except UnicodeDecodeError:
        text, whole = data.decode("utf-8", "replace"), False
    yield "", text
    if b"\0" in data or not whole:
        for name in ("utf-16-le", "utf-16-be"):
            for start in (0, 1):
                text = data[start:].decode(name, "replace")
                text = text.replace("\0", "") if 2 * data.count(b"\0") > len(data) else text  # UTF-32
                said = "\n".join(_TEXTY.findall(text))
                if said:
                    yield "UTF-16", said
    if not whole:
        others = ("cp1252",) if picture else ("cp1252", "gb18030", "big5", "shift_jis", "cp1251")
        for name in others:
            yield name, data.decode(name, "replace")


def safe_name(name: str) -> str:
    """A member's name for a message: only what cannot hold a private value is repeated."""
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return "member" + (ending[0] if ending else "")


def named(place: str, name: str) -> Iterator[Reading | Closed]:
    """Readings of a file's name: as it stands, and with the signs that stand for spaces in names."""
    yield from _of_text(place, "", name, 0)
    for signs in ("_", "_+~", "_+~.-"):
        yield Reading(place, "signs for spaces", re.sub(f"[{signs}]+", " ", name))


def _joined(form: str, more: str) -> str:
    return f"{form}, {more}" if form and more else form or more


# --- what a text may be read as


def _of_text(place: str, form: str, text: str, depth: int) -> Iterator[Reading | Closed]:
    codes = dict.fromkeys(_codes(text))
    text = _without_files(text)
    yield Reading(place, form, text)
    seen = {text}
    short = text if len(text) < LONG else _LONG_CODE.sub(" ", text)
    for how, said in _spoken(short):
        if said not in seen:
            seen.add(said)
            yield Reading(place, _joined(form, how), said)
            codes |= dict.fromkeys(code for code in _codes(said) if code not in codes)
    yield from _decoded(place, form, list(codes), text, depth)


def _spoken(text: str) -> Iterator[tuple[str, str]]:
    """(how, text) with each kind of writing undone alone, and with all of them until nothing changes."""
    steps = {
        "entities": html.unescape if "&" in text else None,
        "percent-encoded": _unquoted if "%" in text else None,
        "escaped": unescaped if "\\" in text else None,
        "octal digits": _from_octal if _OCTAL.search(text) else None,
        "as written by the kit": _unmarked
        if re.search(r"\[\.\]|\[:\]|hxxp|\[U\+|\[at\]|\(dot\)", text, re.IGNORECASE)
        else None,
    }
    for how, undo in steps.items():
        if undo is not None:
            yield how, undo(text)
    if "%" in text:
        yield "percent-encoded", urllib.parse.unquote_plus(text, "latin-1")
    if "=" in text:
        raw = text.encode("utf-8", "surrogatepass")
        undone = _QUOTED_PRINTABLE.sub(lambda m: bytes([int(m[1], 16)]) if m[1] else b"", raw)
        yield "quoted-printable", undone.decode("utf-8", "replace")
    if "+" in text:
        yield "percent-encoded", _unquoted(text.replace("+", " "))
    if "<" in text:
        for gap in (" ", ""):
            yield "tags removed", html.unescape(_TAG.sub(gap, text))
    last, now = "", text
    for _round in range(DEEPEST):
        if now == last:
            break
        last, now = now, _unmarked(unescaped(_unquoted(html.unescape(now))))
    yield "encoded several times", now
    if "<" in now:
        for gap in (" ", ""):
            yield "encoded several times", _TAG.sub(gap, now)


def _unquoted(text: str) -> str:
    return urllib.parse.unquote(_PERCENT_U.sub(lambda m: chr(int(m[1], 16)), text))


def unescaped(text: str) -> str:
    """Backslash escapes of JSON, JavaScript, CSS and Python undone."""
    if "\\" not in text:
        return text
    out = _ESCAPE.sub(_meant, text)
    # two halves of a surrogate pair become one sign
    return out.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_octal(text: str) -> str:
    raw = _OCTAL.sub(lambda m: chr(int(m[1], 8) & 255), text)
    with contextlib.suppress(UnicodeError):  # bytes of UTF-8, as C and PDF write them
        return raw.encode("latin-1").decode("utf-8")
    return raw


def _meant(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3] or found[4] or found[6]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"
    if found[5]:
        try:
            return unicodedata.lookup(found[5])
        except KeyError:
            return found[0]
    return _NAMED.get(found[7], found[7])


def _unmarked(text: str) -> str:
    """Addresses as they were, and the signs that the kit writes as marks such as `[U+202E]`."""
    text = _MARK.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) <= sys.maxunicode else m[0], text)
    for broken, whole in (
        ("[.]", "."),
        ("(.)", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[at]", "@"),
        ("[@]", "@"),
    ):
        text = text.replace(broken, whole)
    return re.sub(r"\bhxxp", "http", text, flags=re.IGNORECASE)


# --- codes of bytes


def _codes(text: str) -> Iterator[str]:
    """Words that may be base64 or hexadecimal digits, and such words over several lines joined."""
    for found in _WRAPPED.finditer(text):
        yield _LINE_END.sub("", found[0])
    yield from _CODE.findall(text)
    yield from _HEX_APART.findall(text)


def _decoded(place: str, form: str, codes: list[str], whole: str, depth: int) -> Iterator[Reading | Closed]:
    """Readings of what codes stand for: long ones as files, short ones together as one text."""
    lines: list[str] = []
    origins: list[str] = []
    for code in codes:
        for how, data in decodings(code):
            if len(data) >= LONG * 3 // 4 or _is_known(data):
                yield from readings(place, data, _joined(form, how), depth + 1)
                if how == "base64" and _is_known(data):
                    break  # a file that begins here does not begin one sign later as well
                continue
            for text in _short(data):
                lines.append(text)
                origins.append(code)
    if lines:
        text = "\n".join(line.replace("\n", " ") for line in lines)
        yield Reading(place, _joined(form, "base64 or hexadecimal"), text, tuple(origins), whole)
        if depth < DEEPEST:
            for how, said in _spoken(text):
                if said != text:
                    yield Reading(place, _joined(form, f"base64 or hexadecimal, {how}"), said)
            again = dict.fromkeys(_codes(text))
            yield from _decoded(place, _joined(form, "base64 or hexadecimal"), list(again), text, depth + 1)


def _is_known(data: bytes) -> bool:
    return data.startswith(_FILES)


def _without_files(text: str) -> str:
    """`text` without pictures and archives in base64, which are read as files: by chance their signs make words."""

    def cut(found: re.Match[str]) -> str:
        code = _LINE_END.sub("", found[0])[:24].replace("-", "+").replace("_", "/")
        return " " + "\n" * found[0].count("\n") if _is_known(binascii.a2b_base64(code)) else found[0]

    return _LONG_CODE.sub(cut, _WRAPPED.sub(cut, text)) if len(text) >= LONG else text


def _short(data: bytes) -> list[str]:
    """The pieces of a decoded word that read as text."""
    texts = _TEXTY.findall(data.decode("utf-8", "replace"))
    if data.count(b"\0") * 3 >= len(data):
        texts += _TEXTY.findall(data.decode("utf-16-le", "replace")) + _TEXTY.findall(
            data.decode("utf-16-be", "replace")
        )
    elif data and max(data) > 127:
        texts += _TEXTY.findall(data.decode("cp1252", "replace"))
    return texts


def decodings(code: str) -> Iterator[tuple[str, bytes]]:
    """What a word stands for: base64 from each of four places at which it may begin, and digits."""
    if _HEX_APART.fullmatch(code):
        yield "hexadecimal", _from_hex(code)
        return
    for digits in _HEX.findall(code):
        yield "hexadecimal", _from_hex(digits)
    plain = code.replace("-", "+").replace("_", "/")
    for start in range(4):
        part = plain[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        if len(part) >= _SHORTEST_CODE:
            with contextlib.suppress(binascii.Error):
                yield "base64", binascii.a2b_base64(part + "=" * (-len(part) % 4))
    for word in (
        re.findall(rf"[A-Za-z0-9+/]{{{_SHORTEST_CODE},}}", code) if "-" in code or "_" in code else ()
    ):
        for start in range(4):  # where - and _ only stand beside a word in base64
            part = word[start:]
            part = part[:-1] if len(part) % 4 == 1 else part
            if len(part) >= _SHORTEST_CODE:
                yield "base64", binascii.a2b_base64(part + "=" * (-len(part) % 4))


def _from_hex(digits: str) -> bytes:
    digits = re.sub(r"[^0-9A-Fa-f]", "", digits)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])
