"""The last look before a folder is published: does any private value stand in any byte of it?

    scan(folder, values, public)

The folder is small and the values are many: so the folder is read once, in every way in which it may be
read (`readings`), and the values stream past it. A value whose every five signs in a row occur somewhere in
the folder is a candidate; the candidates are then looked for exactly, all at once (Aho-Corasick). Memory grows
with the folder and not with the case, time with both.

Values are looked for whole, between word ends; of long texts any piece of 28 letters (10 signs of Chinese).
Values of fewer than five signs are looked for only as whole cells of tables and JSON strings. Hashes are
found the other way round: every digest that stands in the folder is compared with the plain hashes of the
identifying values. A hit says where, of which column and how it was written, never the value.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ahocorasick
import numpy as np

from kit.disclosure.readings import Closed, Reading, folded, named, readings

SHORTEST = 5  # signs; shorter values are looked for only as whole cells
PIECE = 28  # width of the pieces of a long text; a sign of Chinese, Japanese or Korean counts as three
HASHES = ("md5", "sha1", "sha256", "sha512")
_STEP = 3  # signs between the beginnings of two pieces
_FEWEST_DIGITS = 12  # hexadecimal digits of a shortened hash
_BITS = 26
_WIDER = 9  # signs of a second window, for longer values: five signs in a row are common where words are few
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_HEX = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{_FEWEST_DIGITS},128}}(?![0-9a-f])")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{22,200}")
_LENGTHS = (22, 27, 43, 86)  # of digests in base64 without their padding
_MOST_HITS = 1000


@dataclass(frozen=True)
class Kind:
    """What a column's values are, and so how they are looked for and what may excuse them.

    identifying: as hashes too, and a word of the report's own prose does not excuse them where it could be
    no ordinary word. pieces: also parts of them. hidden: a name that may not stand, whoever wrote it.
    """

    name: str
    identifying: bool = False
    pieces: bool = False
    hidden: bool = False
    address: bool = False


ID = Kind("identifier", identifying=True)
HANDLE = Kind("handle", identifying=True)
NAME = Kind("name", pieces=True)
HIDDEN = Kind("name that may not be shown", hidden=True)
ADDRESS = Kind("address", address=True)
TEXT = Kind("text", pieces=True)
PLACE = Kind("place")
FILE = Kind("file name", address=True)
PERSON = Kind("coder's name", hidden=True)
RECORD = Kind("record", pieces=True)


@dataclass(frozen=True)
class Values:
    """Some private values of one column, such as `accounts.handle`."""

    column: str
    kind: Kind
    texts: Sequence[str]


@dataclass(frozen=True)
class Public:
    """Words that are public anyway, by who wrote them; none of them comes from the data.

    kit: the kit's own words. report: what the report file says to everybody. prose: that of the report's own
    notebooks, which does not excuse what identifies. names: those that may be shown. allowed: single words
    that the authors allow with a reason.
    """

    kit: str = ""
    report: str = ""
    prose: str = ""
    names: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Hit:
    """A private value that stands in the folder: where, of which column, in which form."""

    place: str
    column: str
    form: str

    def __str__(self) -> str:
        return f"{self.place}: {self.column}" + (f" ({self.form})" if self.form else "")


@dataclass
class Outcome:
    """What a scan found, and what it looked for (counts that stay in the house)."""

    hits: list[Hit] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class _Pattern:
    text: str
    piece: bool
    origins: list[tuple[str, Kind]]


def scan(folder: Path, values: Iterable[Values], public: Public | None = None) -> Outcome:
    """Where do private values stand in the files of `folder`, in their names and in what is packed in them?

    A file that cannot be read, and a link that leads elsewhere, are hits as well. `Outcome.counts` has
    `values`, `files`, `bytes`, `too short`, `public` (left out: they stand in public words) and `searched`.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _written = (folder / "x.csv").write_text('word' + chr(10) + 'zq_hidden_handle')
    >>> [hit.place for hit in scan(folder, [Values("accounts.handle", HANDLE, ["zq_hidden_handle"])]).hits]
    ['x.csv, line 2, cell 1']
    """
    public = public or Public()
    outcome = Outcome()
    text = _Folder(folder, outcome)
    words = _Words(public)
    patterns: dict[str, _Pattern] = {}
    for batch in values:
        _candidates(batch, text, words, patterns, outcome)
    _look(text, patterns, public, outcome)
    outcome.hits = sorted(set(outcome.hits))
    return outcome


# --- the folder


class _Folder:
    """Every reading of every file of a folder, folded; the windows, cells and digests that occur in it."""

    def __init__(self, folder: Path, outcome: Outcome) -> None:
        self.files: list[tuple[str, Path]] = []
        self.flat: list[list[tuple[str, str, str]]] = []  # of each file: place, form, folded text
        self.windows = np.zeros(1 << _BITS, dtype=bool)
        self.wider = np.zeros(1 << _BITS, dtype=bool)
        self.cells: dict[str, tuple[str, bool]] = {}  # cell -> where, and whether it is written as text
        self.digests: dict[bytes, list[tuple[str, str, str]]] = {}
        for number, path in enumerate(sorted(folder.rglob("*")), 1):
            where = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                outcome.hits.append(Hit(f"file {number}", "not a plain file", ""))
                continue
            self._take(number, where, path, outcome)

    def _take(self, number: int, where: str, path: Path, outcome: Outcome) -> None:
        found: list[tuple[str, str, str]] = []
        data = path.read_bytes() if path.is_file() else b""
        outcome.counts["files"] += path.is_file()
        outcome.counts["bytes"] += len(data)
        for reading in _all(number, where, data):
            if isinstance(reading, Closed):
                outcome.hits.append(Hit(reading.place, "cannot be read", reading.why))
                continue
            flat = folded(reading.text)
            found.append((reading.place, reading.form, flat))
            points = _points(flat)
            self.windows[_windows(points)] = True
            self.wider[_windows(points, _WIDER)] = True
            self._digests(reading, flat)
            if not reading.form:
                for cell, written in _cells(reading.place, reading.text):
                    before = self.cells.get(cell)
                    self.cells[cell] = before if before and before[1] >= written else (reading.place, written)
        self.files.append((where, path))
        self.flat.append(found)

    def _digests(self, reading: Reading, flat: str) -> None:
        said = [(m[0], "hexadecimal") for m in _HEX.finditer(flat)]
        said += [(m[0].replace("-", ""), "hexadecimal") for m in _UUID.finditer(flat)]
        for code in _BASE64.findall(reading.text):
            for length in _LENGTHS:
                for part in {code[:length], code[-length:]} if len(code) >= length else ():
                    plain = part.replace("-", "+").replace("_", "/")
                    digest = binascii.a2b_base64(plain + "=" * (-length % 4))
                    said.append((digest.hex(), "base64"))
        for digits, how in said:
            key = bytes.fromhex(digits[:_FEWEST_DIGITS])
            self.digests.setdefault(key, []).append((digits, reading.place, how))


def _all(number: int, where: str, data: bytes) -> Iterator[Reading | Closed]:
    """Readings of a file's name, as far as it can be told, and of its bytes."""
    yield from named(f"name of file {number}", where)
    yield from readings(where, data)


def _points(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)


def _windows(points: Any, size: int = SHORTEST) -> Any:
    """A number below 2 ** 26 for each `size` signs in a row."""
    if len(points) < size:
        return np.empty(0, dtype=np.uint64)
    count = len(points) - size + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for shift in range(size):
        mixed = (mixed ^ points[shift : shift + count]) * _PRIME
        mixed ^= mixed >> np.uint64(29)
    return mixed >> np.uint64(64 - _BITS)


_CSV_CELL = re.compile(r'"((?:[^"]|"")*)"|([^,;\t\r\n"]+)')
_JSON_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_NODE = re.compile(r">([^<>]{2,60})<|=\s*\"([^\"<>]{2,60})\"")


def _cells(place: str, text: str) -> Iterator[tuple[str, bool]]:
    """(cell, whether written as text) of tables, JSON and marked-up text: short ones, and the words of some."""
    ending = place.rpartition(".")[2].lower()
    if ending in ("csv", "tsv"):
        raw = ((m[1] if m[1] is not None else m[2], m[1] is not None) for m in _CSV_CELL.finditer(text))
    elif ending in ("json", "jsonl", "ndjson", "ipynb", "geojson"):
        raw = ((_json_said(m[0]), True) for m in _JSON_STRING.finditer(text))
    elif ending in ("html", "htm", "xml", "svg", "xhtml", "gexf", "graphml"):
        raw = ((m[1] or m[2], False) for m in _NODE.finditer(text))
    else:
        return
    for cell, written in raw:
        if len(cell) > 60:
            continue
        flat = folded(cell)
        tokens = re.split(r"[\s,;|/()\[\]{}\"':]+", flat) if len(flat) >= SHORTEST else [flat]
        for token in tokens if len(tokens) <= 4 else ():
            token = token.strip("@#'.! ")
            if 2 <= len(token) < SHORTEST and (written or not token.isdecimal()):
                yield token, written


def _json_said(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]


# --- the values


class _Words:
    """The words of public texts, to excuse short values."""

    def __init__(self, public: Public) -> None:
        self.all = set(re.split(r"[\W_]+", folded(f"{public.kit} {public.report}")))
        self.all |= {folded(name) for name in public.names} | {folded(word) for word in public.allowed}


def _candidates(
    batch: Values, text: _Folder, words: _Words, patterns: dict[str, _Pattern], outcome: Outcome
) -> None:
    """Add to `patterns` what may stand in the folder, and to the hits what stands there for certain."""
    kind, wanted = batch.kind, []
    for value in batch.texts:
        outcome.counts["values"] += 1
        if kind.identifying:
            _hashed(value, batch.column, text, outcome)
        for flat in forms(value, kind):
            if len(flat) >= SHORTEST:
                wanted.append(flat)
            else:
                _short(flat, batch, text, words, outcome)
    for found, is_piece in _present(wanted, kind.pieces, text):
        known = patterns.setdefault(found, _Pattern(found, is_piece, []))
        known.piece = known.piece and is_piece
        if (batch.column, kind) not in known.origins:
            known.origins.append((batch.column, kind))


def forms(value: str, kind: Kind) -> set[str]:
    """The spellings in which a value is looked for, folded; none of a text without a letter."""
    flat = folded(value)
    if not flat or not (kind.identifying or any(sign.isalpha() for sign in flat)):
        return set()
    if kind is HANDLE:
        plain = flat.lstrip("@")
        return {plain} | ({plain.partition("@")[0]} if "@" in plain else set())
    if kind.address:
        return _of_address(flat)
    if kind is NAME or kind.hidden:
        return {flat, re.sub(r"^[^\w]+|[^\w]+$", "", flat)} - {""}
    return {flat}


def _of_address(flat: str) -> set[str]:
    """An address with and without what may be left out; a path with and without its folders and ending."""
    if "://" in flat or flat.startswith("www."):
        bare = re.sub(r"^[a-z+]+://(?:www\.|m\.)?|^www\.", "", flat).rstrip("/")
        long = {bare} if "/" in bare or "?" in bare else set()
        return (
            {flat.rstrip("/")} | long | ({re.split(r"[?#]", bare)[0]} if long and len(bare) > 20 else set())
        )
    parts = {part.strip() for part in re.split(r"[/\\!:]", flat)} | {flat}
    stems = {re.sub(r"(\.[a-z0-9]{1,6})+$", "", part) for part in parts}
    return {part for part in parts | stems if any(sign.isalpha() for sign in part)}


def _short(flat: str, batch: Values, text: _Folder, words: _Words, outcome: Outcome) -> None:
    if len(flat) < 2:
        outcome.counts["too short"] += 1
    elif flat in words.all:
        outcome.counts["public"] += 1
    elif (found := text.cells.get(flat)) and (found[1] or not flat.isdecimal()):
        outcome.hits.append(Hit(found[0], batch.column, "whole cell"))


def _present(texts: list[str], pieces: bool, folder: _Folder) -> Iterator[tuple[str, bool]]:
    """(text, whether a piece) of all that may stand in the folder, because each of its windows does."""
    if not texts:
        return
    whole = "\0".join(texts) + "\0"
    points = _points(whole)
    lengths = np.array([len(text) for text in texts])
    starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])
    likely = np.ones(len(texts), dtype=bool)
    for size, known in ((SHORTEST, folder.windows), (_WIDER, folder.wider)):
        there = known[_windows(points, size)]
        there &= ~_touching_zero(points, size)[: len(there)]
        missing = np.concatenate([[0], np.cumsum(~there)])
        last = np.clip(starts + lengths - size + 1, 0, len(missing) - 1)
        likely &= (lengths < size) | (missing[last] == missing[np.minimum(starts, last)])
    for number in np.flatnonzero(likely):
        if not pieces or _width(points[starts[number] : starts[number] + lengths[number]]) <= PIECE + _STEP:
            yield texts[number], False
    if pieces:
        yield from ((piece, True) for piece in _pieces(whole, points, there))


def _touching_zero(points: Any, size: int) -> Any:
    """Windows over the end of a text."""
    zero = points == 0
    touching = np.zeros(len(points), dtype=bool)
    for shift in range(min(size, len(points))):
        touching[: len(points) - shift] |= zero[shift:]
    return touching


def _wide(points: Any) -> Any:
    return np.where(points >= 0x2E80, 3, 1)


def _width(points: Any) -> int:
    return int(_wide(points).sum())


def _pieces(whole: str, points: Any, there: Any) -> Iterator[str]:
    """Pieces of the stretches in which every window occurs in the folder."""
    edges = np.diff(np.concatenate([[0], there.astype(np.int8), [0]]))
    first, end = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) + _WIDER - 1
    wide = np.concatenate([[0], np.cumsum(_wide(points))])
    for a, b in zip(first, end, strict=True):
        if wide[b] - wide[a] < PIECE:
            continue
        stop = np.searchsorted(wide, wide[b] - PIECE, side="right") - 1  # where the last piece may begin
        for start in {*range(int(a), int(stop) + 1, _STEP), int(stop)}:
            until = int(np.searchsorted(wide, wide[start] + PIECE))
            yield whole[start:until]


def _hashed(value: str, column: str, text: _Folder, outcome: Outcome) -> None:
    bare = value.strip().lstrip("@")
    for spelled in {value, bare, bare.lower(), bare.upper(), f"@{bare}", f"@{bare.lower()}"}:
        data = spelled.encode("utf-8", "surrogatepass")
        for name in HASHES:
            digest = hashlib.new(name, data, usedforsecurity=False).digest()
            for digits, place, how in text.digests.get(digest[: _FEWEST_DIGITS // 2], ()):
                if digest.hex().startswith(digits):
                    outcome.hits.append(Hit(place, column, f"{name}, {how}"))


# --- the search


def _made(words: Iterable[str]) -> Any:
    found = ahocorasick.Automaton(ahocorasick.STORE_ANY, ahocorasick.KEY_STRING)
    for word in words:
        found.add_word(word, word)
    found.make_automaton()
    return found


def _look(text: _Folder, patterns: dict[str, _Pattern], public: Public, outcome: Outcome) -> None:
    if patterns:
        excused = _excused(patterns, public)
        outcome.counts["public"] += sum(not p.piece and p.text in excused for p in patterns.values())
        patterns = {word: pattern for word, pattern in patterns.items() if word not in excused}
    outcome.counts["searched"] = len(patterns)
    if not patterns:
        return
    names = {flat for name in public.names if len(flat := folded(name)) >= SHORTEST}
    automaton = _made({*patterns, *names})
    for number, ((where, path), found) in enumerate(zip(text.files, text.flat, strict=True)):
        seen: set[str] = set()
        hits: list[tuple[int, str]] = []
        for at, (place, _form, flat) in enumerate(found):
            for word in _standing(flat, place, automaton, patterns, names):
                if word not in seen:
                    seen.add(word)
                    hits.append((at, word))
        if hits and len(outcome.hits) < _MOST_HITS:
            outcome.hits += _located(number + 1, where, path, hits, patterns)


def _excused(patterns: dict[str, _Pattern], public: Public) -> set[str]:
    """Patterns that stand in public words, as far as these excuse every column they come from."""
    automaton = _made(patterns)
    said = {}
    for name in ("kit", "report", "prose"):
        flat = folded(getattr(public, name))
        said[name] = {w for a, w in _matches(flat, automaton) if patterns[w].piece or _apart(flat, a, w)}
    told = folded(public.report)
    allowed = {folded(word).strip("@#") for word in public.allowed}

    def excuses(pattern: _Pattern, kind: Kind) -> bool:
        word = pattern.text
        if (
            not kind.hidden
            and kind is not ID
            and not pattern.piece
            and set(re.split(r"[\s_-]+", word)) <= allowed
        ):
            return True
        if word in said["kit"]:
            return True
        if word in said["report"] and not kind.hidden:
            return not kind.identifying or (word.isalpha() and f"@{word}" not in told)
        return word in said["prose"] and kind in (TEXT, PLACE, FILE, RECORD)

    return {w for w, p in patterns.items() if all(excuses(p, kind) for _column, kind in p.origins)}


def _matches(flat: str, automaton: Any) -> Iterator[tuple[int, str]]:
    """(where it begins, word) of every pattern in a folded text."""
    for end, word in automaton.iter(flat):
        yield end - len(word) + 1, word


def _standing(
    flat: str, place: str, automaton: Any, patterns: dict[str, _Pattern], names: set[str]
) -> Iterator[str]:
    """Patterns that stand in a folded text of their own, and not inside a name that may be shown."""
    found = list(_matches(flat, automaton))
    shown = [(a, a + len(w)) for a, w in found if w in names and _apart(flat, a, w)]
    bare = place.rpartition(".")[2].lower() in ("csv", "tsv", "json", "ipynb", "jsonl", "ndjson")
    for start, word in found:
        pattern = patterns.get(word)
        if pattern is None or not (pattern.piece or _apart(flat, start, word)):
            continue
        if word.isdecimal() and len(word) < 8 and bare and _is_number(flat, start, word):
            continue
        end = start + len(word)
        if not any(a <= start and end <= b for a, b in shown):
            yield word


def _is_number(flat: str, start: int, word: str) -> bool:
    """Whether digits are a cell or a value written as a number, not as text."""
    before, after = flat[max(0, start - 1) : start], flat[start + len(word) : start + len(word) + 1]
    return before in ("", " ", ",", ":", "[", ";", "-") and after in ("", " ", ",", "]", "}", ";")


def _apart(flat: str, start: int, word: str) -> bool:
    """Whether a word found in a text is a word there, and no part of another."""
    end = start + len(word)
    before, after = flat[start - 1 : start], flat[end : end + 1]
    if _grow(before, word[0], word) or _grow(word[-1], after, word):
        return False
    if word.isdecimal():  # not the decimals of a number, nor its thousands
        inside = before == "." or (before == "," and len(word) < 8)
        if inside and start > 1 and flat[start - 2].isdecimal():
            return False
        return not (after in (".", ",") and flat[end + 1 : end + 2].isdecimal() and len(word) < 8)
    return True


def _grow(left: str, right: str, word: str) -> bool:
    """Whether two signs side by side belong to one word."""
    if not left or not right or not left.isalnum() or not right.isalnum():
        return False
    if max(left, right) >= "\u0e00" and (_unspaced(left) or _unspaced(right)):
        return False  # scripts that write no spaces
    if word.isdecimal() and len(word) >= 12:
        return left.isdecimal() and right.isdecimal()
    return True


def _unspaced(sign: str) -> bool:
    code = ord(sign)
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or code >= 0x20000
    )


def _located(
    number: int, where: str, path: Path, hits: list[tuple[int, str]], patterns: dict[str, _Pattern]
) -> Iterator[Hit]:
    """The hits of one file with their lines and cells; the file is read once more."""
    data = path.read_bytes() if path.is_file() else b""
    texts = [one for one in _all(number, where, data) if isinstance(one, Reading)]
    secret = any(texts[at].place.startswith("name of file") for at, _word in hits)
    for at, word in hits[:_MOST_HITS]:
        reading = texts[at]
        place = reading.place + _spot(reading, word)
        if secret:
            place = place.replace(where, f"file {number}")
        for column, _kind in patterns[word].origins[:1]:
            yield Hit(place, column, _joined(reading.form, "a piece" if patterns[word].piece else ""))


def _joined(form: str, more: str) -> str:
    return f"{form}, {more}" if form and more else form or more


def _spot(reading: Reading, word: str) -> str:
    """The line, and the cell of a table, in which a pattern stands; empty where it spans several lines."""
    lines = reading.text.split("\n")
    number = next((i for i, line in enumerate(lines) if word in folded(line)), None)
    if number is None:
        return ""
    if reading.origins:
        if number >= len(reading.origins) or reading.origins[number] not in reading.whole:
            return ""
        before = reading.whole.partition(reading.origins[number])[0]
        return f", line {before.count(chr(10)) + 1}"
    if len(lines) == 1 and reading.place.startswith(("name of", "comment of")):
        return ""
    cell = ""
    if reading.place.lower().endswith((".csv", ".tsv")) and not reading.form:
        cells = [m[0] for m in re.finditer(r'(?:"(?:[^"]|"")*"|[^,\t;"])+|(?<=,)(?=,)', lines[number])]
        cell = next((f", cell {i}" for i, one in enumerate(cells, 1) if word in folded(one)), "")
    return f", line {number + 1}{cell}"
