"""Decompress within limits, to the last byte, and say where an archive is damaged."""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from kit.errors import InputError, nearest, printable

PACKINGS = ("gzip", "bzip2", "xz", "zstandard")
_FED = 1 << 16  # compressed bytes handed to a decoder at a time


@dataclass(frozen=True)
class Limits:
    """How much an archive may grow. A report file raises one with `limits:` in the export's entry."""

    ratio: int = 200  # bytes out for each byte in, once `ratio_from` bytes came out
    ratio_from: int = 50_000_000
    bytes: int = 20_000_000_000
    members: int = 10_000
    window: int = 1 << 27  # memory that a zstandard file may ask for

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> Limits:
        """Limits with those changed that an export's entry states."""
        known = [f.name for f in fields(cls)]
        for key, value in (given or {}).items():
            if key not in known:
                raise InputError(f"unknown limit '{printable(key)}'", hint=nearest(key, known))
            if type(value) is not int or value < 1:
                raise InputError(f"limit '{key}' must be a whole number above 0", found=value)
        return cls(**(given or {}))

    def check(self, name: str, taken: int, given: int) -> None:
        """Raise once `given` bytes came out of `taken`."""
        if given > self.bytes:
            raise InputError(
                f"the archive holds more than {self.bytes:,} bytes",
                where=printable(name, 120),
                hint="raise it with `limits: {bytes: …}` in the export's entry if you trust the file",
            )
        if given > self.ratio_from and given > self.ratio * max(taken, 1):
            raise InputError(
                f"the archive grows more than {self.ratio} times, as only a decompression bomb does",
                where=printable(name, 120),
                hint="raise it with `limits: {ratio: …}` in the export's entry if you trust the file",
            )


def at_most(stream: BinaryIO, size: int) -> bytes:
    """The next `size` bytes of `stream`, fewer only at its end."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Gzip:
    """zlib's gzip decoder with the manners of bz2's and lzma's."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


class _Unpacked(io.RawIOBase):
    """The content of one or more compressed members standing end to end."""

    def __init__(self, raw: BinaryIO, new: Callable[[], Any], kind: str, name: str, limits: Limits) -> None:
        self._raw, self._new, self._kind, self._name, self._limits = raw, new, kind, name, limits
        self._decoder = new()
        self._taken = self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self, most: int) -> bytes:
        while True:
            fed = b""
            if self._decoder.eof:
                fed = self._behind()
                if not fed:
                    return b""
                self._decoder = self._new()
            elif self._decoder.needs_input and not (fed := self._feed()):
                raise self._bad(f"the {self._kind} data end in the middle", self._taken)
            try:
                data = self._decoder.decompress(fed, most)
            except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
                what = f"the {self._kind} data are damaged, or followed by something else ({error})"
                raise self._bad(what, self._taken - len(fed)) from None
            self._given += len(data)
            self._limits.check(self._name, self._taken, self._given)
            if data:
                return data

    def _behind(self) -> bytes:
        """What follows the member just finished; padding with zeros is passed over."""
        left = self._decoder.unused_data.lstrip(b"\0")
        while not left and (block := self._feed()):
            left = block.lstrip(b"\0")
        return left

    def _feed(self) -> bytes:
        data = self._raw.read(_FED)
        self._taken += len(data)
        return data

    def _bad(self, what: str, at: int) -> InputError:
        hint = "fetch the file again; nothing was read from it"
        return InputError(f"{what}, near byte {at:,}", where=printable(self._name, 120), hint=hint)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Watched(io.RawIOBase):
    """A decompressing stream whose growth is watched and whose faults become ours."""

    def __init__(
        self, inner: Any, raw: BinaryIO | None, taken: Callable[[], int], name: str, limits: Limits
    ) -> None:
        self._inner, self._raw, self._taken, self._name, self._limits = inner, raw, taken, name, limits
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(min(len(buffer), 1 << 20))
        except (
            zstandard.ZstdError,
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            OSError,
            EOFError,
        ) as error:
            raise _damaged(self._name, error) from None
        self._given += len(data)
        self._limits.check(self._name, self._taken(), self._given)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        if self._raw is not None:
            self._raw.close()
        super().close()


def _damaged(name: str, error: object) -> InputError:
    what = f"the archive is damaged ({printable(error, 120)})"
    hint = "fetch the file again; nothing was read from it"
    return InputError(what, where=printable(name, 120), hint=hint)


def decompress(raw: BinaryIO, kind: str, name: str, limits: Limits) -> BinaryIO:
    """`raw`, compressed as `kind` says, as a stream of its content."""
    if kind == "zstandard":
        _check_frames(raw, name, limits)
        raw.seek(0)
        inner = zstandard.ZstdDecompressor(max_window_size=limits.window).stream_reader(
            raw, read_across_frames=True, closefd=False
        )
        return io.BufferedReader(_Watched(inner, raw, raw.tell, name, limits), 1 << 18)
    new = {
        "gzip": _Gzip,
        "bzip2": bz2.BZ2Decompressor,
        "xz": lambda: lzma.LZMADecompressor(memlimit=limits.window + (1 << 24)),
    }[kind]
    return io.BufferedReader(_Unpacked(raw, new, kind, name, limits), 1 << 18)


def _check_frames(raw: BinaryIO, name: str, limits: Limits) -> None:
    """Walk the frames and blocks of a zstandard file: its reader takes a cut file for a whole one."""
    size = raw.seek(0, io.SEEK_END)
    at = raw.seek(0)

    def take(count: int) -> bytes:
        data = raw.read(count)
        if len(data) < count:
            hint = "fetch the file again; nothing was read from it"
            what = f"the zstandard data end in the middle, at byte {size:,}"
            raise InputError(what, where=printable(name, 120), hint=hint)
        return data

    while at < size:
        magic = int.from_bytes(take(4), "little")
        if magic & 0xFFFFFFF0 == 0x184D2A50:  # a frame to skip
            at = raw.seek(int.from_bytes(take(4), "little"), io.SEEK_CUR)
        elif magic == 0xFD2FB528:
            _check_window(raw, name, limits)
            flags = take(1)[0]
            take((0 if flags & 0x20 else 1) + (0, 1, 2, 4)[flags & 3])
            take((1 if flags & 0x20 else 0, 2, 4, 8)[flags >> 6])
            last = False
            while not last:
                block = int.from_bytes(take(3), "little")
                last, kind, length = bool(block & 1), block >> 1 & 3, block >> 3
                raw.seek(1 if kind == 1 else length, io.SEEK_CUR)
            if flags & 4:
                raw.seek(4, io.SEEK_CUR)
            at = raw.tell()
        else:
            hint = "fetch the file again; nothing was read from it"
            what = f"the zstandard data are followed by something else, at byte {at:,}"
            raise InputError(what, where=printable(name, 120), hint=hint)
        if at > size:
            take(1)


def _check_window(raw: BinaryIO, name: str, limits: Limits) -> None:
    """Refuse a frame that asks for more memory than allowed. `raw` stands behind the magic number."""
    at = raw.tell()
    raw.seek(at - 4)
    start = raw.read(18)
    raw.seek(at)
    try:
        window = zstandard.get_frame_parameters(start).window_size
    except zstandard.ZstdError as error:
        raise _damaged(name, error) from None
    if window > limits.window:
        raise InputError(
            f"the file asks for {window:,} bytes of memory to unpack, more than {limits.window:,}",
            where=printable(name, 120),
            hint=f"if you trust it, write `limits: {{window: {window}}}` in the export's entry",
        )


def members(path: Path, name: str, limits: Limits) -> list[str]:
    """Names of the files in a zip, in order of name; raises for anything that is not a plain file in it."""
    shown = printable(name, 120)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            hidden = _marked_encrypted(path, infos[: limits.members])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(name, error) from None
    if len(infos) > limits.members:
        hint = "raise it with `limits: {members: …}` in the export's entry if you trust the file"
        raise InputError(f"the archive has more than {limits.members:,} members", where=shown, hint=hint)
    if sum(info.file_size for info in infos) > limits.bytes:
        limits.check(name, 1, limits.bytes + 1)
    found: list[str] = []
    for info in infos:
        inner, where = info.filename, f"{shown}/{printable(info.orig_filename, 80)}"
        parts = info.orig_filename.replace("\\", "/").split("/")
        if (
            "\\" in info.orig_filename
            or ".." in parts
            or parts[0] == ""
            or ":" in parts[0]
            or "\0" in info.orig_filename
        ):
            raise InputError(
                "the archive names a file outside itself", where=where, hint="ask where it comes from"
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise InputError(
                "the archive holds a link instead of a file", where=where, hint="ask where it comes from"
            )
        if info.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue
        if info.flag_bits & 1 or inner in hidden:
            raise InputError(
                "the archive is encrypted", where=where, hint="unpack it with its password first"
            )
        if inner in found:
            raise InputError(
                "two members of the archive have the same name", where=where, hint="unpack it first"
            )
        found.append(inner)
    if not found:
        raise InputError("the archive holds no files", where=shown)
    return sorted(found)


def _marked_encrypted(path: Path, infos: list[zipfile.ZipInfo]) -> set[str]:
    """Members that their own header, not only the archive's list, marks as encrypted."""
    found = set()
    with open(path, "rb") as file:
        for info in infos:
            file.seek(info.header_offset + 6)
            if (flags := file.read(1)) and flags[0] & 1:
                found.add(info.filename)
    return found


def member(path: Path, inner: str, name: str, limits: Limits) -> BinaryIO:
    """The content of one member of a zip."""
    archive = None
    try:
        archive = zipfile.ZipFile(path)
        info = archive.getinfo(inner)
        stream = archive.open(info)
    except (zipfile.BadZipFile, OSError, KeyError, NotImplementedError, RuntimeError) as error:
        if archive is not None:
            archive.close()
        raise _damaged(name, error) from None
    watched = _Watched(stream, archive, lambda: info.compress_size, name, limits)  # type: ignore[arg-type]
    return io.BufferedReader(watched, 1 << 18)
