"""Files that want to harm whoever opens them, made by code: nothing here was found anywhere."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image

from simulation.media import picture, saved

GPS = {1: "N", 2: (44.0, 26.0, 3.0), 3: "E", 4: (26.0, 6.0, 9.0)}
#: what each file must end as: its status, and the reason where it is rejected
EXPECTED: dict[str, tuple[str, str | None]] = {
    "picture.svg": ("rejected", "not_media"),
    "vector.jpg": ("rejected", "not_media"),
    "playlist.mp4": ("rejected", "not_media"),
    "concat.mp4": ("rejected", "not_media"),
    "postscript.jpg": ("rejected", "not_media"),
    "page.png": ("rejected", "not_media"),
    "empty.jpg": ("rejected", "empty"),
    "stub.jpg": ("rejected", "damaged"),
    "half.jpg": ("kept", None),
    "third.png": ("kept", None),
    "flood.png": ("rejected", "too_many_pixels"),
    "large.png": ("rejected", "too_many_pixels"),
    "wide.png": ("rejected", "too_many_pixels"),
    "lies.png": ("rejected", "too_many_pixels"),
    "comment.png": ("rejected", "damaged"),
    "script.gif": ("rejected", "damaged"),
    "endless.gif": ("kept", None),
    "archive.jpg": ("kept", None),
    "placed.jpg": ("kept", None),
    "turned.jpg": ("kept", None),
    "link.jpg": ("rejected", "link"),
}
#: names that mean something to a shell, a decoder, a spreadsheet or a page
NAMES = (
    "-i.jpg",
    "a b$(touch pwned);.jpg",
    "img%03d.jpg",
    "pipe:1.jpg",
    "new\nline.jpg",
    "evil\u202egpj.exe.jpg",
    "=HYPERLINK(1).jpg",
    "<img src=x>.jpg",
    "x" * 240 + ".jpg",
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A black picture in colour, packed small."""
    packer, row = zlib.compressobj(9), b"\0" * (1 + 3 * width)
    packed = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def endless(frames: int) -> bytes:
    """A GIF of one pixel and many frames."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\x01\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b";"


def with_exif(image: Image.Image, tag: int, value: object) -> bytes:
    exif = Image.Exif()
    exif[tag] = value
    return saved(image, exif=exif)


def write(folder: Path) -> Path:
    """Every file of `EXPECTED`, and one good picture under each of `NAMES`."""
    folder.mkdir(parents=True, exist_ok=True)
    image = picture(77, (320, 240))
    good, lossless = saved(image, quality=90), saved(image, "PNG")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "hello")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:1/x.png"/></svg>'
    bomb = zlib.compress(b"A" * 70_000_000, 9)
    files = {
        "picture.svg": svg,
        "vector.jpg": b'<?xml version="1.0"?>' + svg,
        "playlist.mp4": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n",
        "concat.mp4": b"ffconcat version 1.0\nfile /etc/hostname\n",
        "postscript.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(x) print\n",
        "page.png": b"<html><script>alert(1)</script></html>",
        "empty.jpg": b"",
        "stub.jpg": good[:200],
        "half.jpg": good[: len(good) // 2],
        "third.png": lossless[: len(lossless) // 3],
        "flood.png": png(30_000, 30_000, rows=10),
        "large.png": png(7000, 7000, rows=10),
        "wide.png": png(200_000, 10),
        "lies.png": lossless[:16] + struct.pack(">II", 60_000, 60_000) + lossless[24:],
        "comment.png": lossless[:33] + chunk(b"zTXt", b"Comment\0\0" + bomb) + lossless[33:],
        "script.gif": b"GIF89a/*<script>alert(1)</script>*/",
        "endless.gif": endless(2000),
        "archive.jpg": good + packed.getvalue(),
        "placed.jpg": with_exif(image, 0x8825, GPS),
        "turned.jpg": with_exif(image, 0x0112, 6),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "link.jpg").symlink_to("/etc/hostname")
    for name in NAMES:
        (folder / name).write_bytes(good)
    with open(os.path.join(os.fsencode(folder), b"bad\xff\xfe.jpg"), "wb") as file:
        file.write(good)
    return folder
