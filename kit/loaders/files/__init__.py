"""Open what a researcher received: a file, a folder, an archive, within stated limits.

A `Source` is one file as it will be read: plain, compressed (gz, bz2, xz, zst, also
several frames or members end to end), or one member of a zip. `sources(path)` lists
the sources behind a path. Nothing is ever unpacked onto a path named by an archive,
and a compressed file is read once to its end before its first byte is handed out, so
that a cut or damaged download gives an error and no rows.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BufferedReader
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO

from kit.errors import InputError, no_such_file, printable
from kit.loaders.files import unpack
from kit.loaders.files.beside import FOREIGN, foreign, promised
from kit.loaders.files.head import Head, kind_of, look
from kit.loaders.files.unpack import Limits

__all__ = ["Head", "Limits", "Source", "foreign", "promised", "sources"]

_COPIED = 1 << 20  # bytes moved at a time
_FIRST = 4096  # bytes that show what kind of file this is


@dataclass(eq=False)
class Source:
    """One file to read. `name` is what messages call it, never a path of this machine.

    `warnings` counts, while the source is read, what was kept but looks odd, in words
    that can be shown (a file that may be cut, times that disagree, …).
    """

    path: Path
    name: str
    member: str = ""
    encoding: str = ""  # as stated in the report file; empty means: find out
    delimiter: str = ""  # likewise
    limits: Limits = field(default_factory=Limits)
    alone: bool = False  # named itself, not one of the files of a folder or an archive
    warnings: Counter[str] = field(default_factory=Counter)
    _head: Head | None = None
    _checked: bool = False

    def where(self, line: int | None = None) -> str:
        """This source, and the line in it, for the start of a message."""
        shown = printable(self.name, 120)
        return f"{shown}, line {line}" if line else shown

    def open(self) -> BinaryIO:
        """The bytes of the source, decompressed, within the limits.

        The first call on a compressed source reads it whole, so that damage is
        known before the first row.
        """
        if not self._checked and (self.member or self.packing()):
            with self._stream() as stream:
                while stream.read(_COPIED):
                    pass
        self._checked = True
        return self._stream()

    def packing(self) -> str:
        """`gzip`, `bzip2`, `xz` or `zstandard` where the file is compressed, else nothing."""
        if self.member:
            return ""
        with _plain(self.path, self.name) as stream:
            kind = kind_of(stream.read(512))
        return kind if kind in unpack.PACKINGS else ""

    def _stream(self) -> BinaryIO:
        if self.member:
            return unpack.member(self.path, self.member, self.name, self.limits)
        raw = _plain(self.path, self.name)
        try:
            kind = kind_of(raw.read(512))
            raw.seek(0)
            return unpack.decompress(raw, kind, self.name, self.limits) if kind in unpack.PACKINGS else raw
        except BaseException:
            raw.close()
            raise

    def seekable(self) -> BinaryIO:
        """The bytes as a file that can be searched, for formats that begin at their end."""
        if not self.member and not self.packing():
            return _plain(self.path, self.name)
        copy = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
        with self.open() as stream:
            while block := stream.read(_COPIED):
                copy.write(block)
        copy.seek(0)
        return copy  # type: ignore[return-value]

    def head(self) -> Head:
        """What its beginning shows. Raises where no loader could ever read the file."""
        if self._head is None:
            inside = bool(self.member or self.packing())
            if inside:  # nobody waits for the end of a film to hear that it is one
                with self._stream() as stream:
                    start = unpack.at_most(stream, _FIRST)
                if kind_of(start) in FOREIGN:
                    look(start, self.name, self.encoding, self.delimiter, inside=inside)
            with self.open() as stream:
                data = unpack.at_most(stream, Head.SIZE + 1)
                rest = partial(unpack.at_most, stream)
                self._head = look(data, self.name, self.encoding, self.delimiter, inside=inside, more=rest)
        return self._head

    def text_head(self) -> Head:
        """The head of a source that must be text; raises for a spreadsheet or another binary file."""
        head = self.head()
        if head.kind != "text":
            raise InputError(f"text was expected, not a {head.kind} file", where=self.where())
        return head

    def sha256(self, given_up: Event | None = None) -> str:
        """SHA-256 of the file on disk (of the whole archive, for a member); worth nothing once it is given up."""
        digest = hashlib.sha256()
        with _plain(self.path, self.name) as stream:
            while (block := stream.read(_COPIED)) and not (given_up and given_up.is_set()):
                digest.update(block)
        return digest.hexdigest()


def _unchanged(path: Path, stated: str) -> None:
    """Refuse a file that is not, byte for byte, the one the report file states."""
    with _plain(path, path.name) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != stated:
        hint = "was it fetched to its end? Get it again, or state the new one under `sha256:`"
        raise InputError("not the file with the SHA-256 stated", where=path.name, found=digest, hint=hint)


def _plain(path: Path, name: str) -> BufferedReader:
    try:
        return open(path, "rb")
    except OSError as error:
        raise InputError("the file cannot be opened", where=name, found=error.strerror) from None


def sources(path: str | os.PathLike[str], options: Mapping[str, Any] | None = None) -> list[Source]:
    """Every source behind `path`: a file, the members of a zip, or a folder's files in order of name.

    Hidden files are passed over, also inside archives. A pattern such as
    `exports/*.csv` stands for its matches. Raises where nothing can be read, and where the
    option `sha256` states another file.
    """
    options = options or {}
    root = Path(path)
    given = {
        "encoding": str(options.get("encoding") or ""),
        "delimiter": _delimiter(options.get("delimiter"), root.name),
        "limits": Limits.of(options.get("limits")),
    }
    if not root.exists() and glob.has_magic(str(root)):
        paths = sorted(Path(match) for match in glob.glob(str(root)))
        if not paths:
            raise InputError("no file matches the pattern", where=root.name)
        return [source for match in paths for source in sources(match, options)]
    mode = _mode(root)
    if stat.S_ISDIR(mode):
        if options.get("sha256"):
            raise InputError("a folder has no SHA-256", where=root.name, hint="name its files one by one")
        found = []
        for file in _files(root):
            found += list(_of_file(file, file.relative_to(root).as_posix(), given))
        if not found:
            raise InputError("the folder holds no files", where=root.name)
        return found
    if not stat.S_ISREG(mode):
        kinds = {stat.S_ISFIFO: "a named pipe", stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device"}
        kind = next((word for test, word in kinds.items() if test(mode)), "a device")
        raise InputError(f"{kind} is not an export", where=root.name, hint="save it to a file first")
    if stated := str(options.get("sha256") or "").lower():
        _unchanged(root, stated)
    found = list(_of_file(root, root.name, given))
    for source in found:
        source.alone = not source.member
    return found


def _delimiter(stated: Any, where: str) -> str:
    sign = {"tab": "\t", "\\t": "\t"}.get(str(stated or ""), str(stated or ""))
    if len(sign) > 1 or sign in ('"', "\n", "\r"):
        raise InputError(
            "the delimiter must be one character", where=where, found=stated, hint="tab means a tab"
        )
    return sign


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        raise no_such_file(path) from None
    except (OSError, ValueError) as error:
        raise InputError(
            "the path cannot be used", where=printable(path.name, 120), found=str(error)
        ) from None


def _files(folder: Path) -> Iterator[Path]:
    """Regular files under `folder`, in order of name, hidden ones left out, links not followed out of it."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(parent, name)
            if not name.startswith(".") and file.is_file():
                yield file


def _of_file(path: Path, name: str, given: dict[str, Any]) -> Iterator[Source]:
    with _plain(path, name) as stream:
        start = stream.read(4)
    if start[:2] == b"PK" and start[2:] in (b"\x03\x04", b"\x05\x06", b"\x07\x08"):
        members = unpack.members(path, name, given["limits"])
        if "[Content_Types].xml" not in members and "mimetype" not in members:
            for member in members:
                yield Source(path, f"{name}/{member}", member, **given)
            return
    yield Source(path, name, **given)
