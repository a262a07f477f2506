"""Looks at files that anybody may have made: first bytes, then a decoder in a child process with limits."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from kit.media import worker

WALL = 60.0  # seconds for one file
LARGEST = 2 << 30  # bytes of a file
_ANSWER = 16 << 20  # bytes of an answer

#: why a file was not kept, or not looked at whole
REASONS = (
    "not_media",
    "empty",
    "too_large",
    "too_many_pixels",
    "damaged",
    "memory",
    "time",
    "failed",
    "link",
    "unreadable",
    "no_ffmpeg",
    "no_fpcalc",
)
#: first bytes (`?` is any) -> family, format as its decoder calls it, MIME type
_FIRST = (
    (b"\xff\xd8\xff", "image", "JPEG", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image", "PNG", "image/png"),
    (b"GIF87a", "image", "GIF", "image/gif"),
    (b"GIF89a", "image", "GIF", "image/gif"),
    (b"RIFF????WEBP", "image", "WEBP", "image/webp"),
    (b"????ftypavif", "image", "AVIF", "image/avif"),
    (b"????ftyp", "recording", "mov", "video/mp4"),
    (b"\x1aE\xdf\xa3", "recording", "matroska", "video/webm"),
    (b"RIFF????AVI ", "recording", "avi", "video/avi"),
    (b"FLV\x01", "recording", "flv", "video/x-flv"),
    (b"RIFF????WAVE", "recording", "wav", "audio/wav"),
    (b"OggS", "recording", "ogg", "audio/ogg"),
    (b"fLaC", "recording", "flac", "audio/flac"),
    (b"ID3", "recording", "mp3", "audio/mpeg"),
    (b"\xff\xfb", "recording", "mp3", "audio/mpeg"),
    (b"\xff\xf3", "recording", "mp3", "audio/mpeg"),
)


def tools() -> dict[str, str | None]:
    """Where the programs are that decode recordings; None where one is not there."""
    return {name: shutil.which(name) for name in ("ffmpeg", "ffprobe", "fpcalc")}


def kind_of(head: bytes) -> tuple[str, str, str] | None:
    """Family, format and MIME type by the first bytes; None for anything else, whatever its name."""
    for pattern, *known in _FIRST:
        if len(head) >= len(pattern) and all(p in (h, 63) for p, h in zip(pattern, head, strict=False)):
            return known[0], known[1], known[2]
    return None


def examine(
    path: str | os.PathLike[str], found: dict[str, str | None], *, trust: str | None = None
) -> dict[str, Any]:
    """What the file holds: `status` kept, rejected (with a `reason`) or not_computed, and its prints.

    `found` are the `tools`. Never raises for what a file holds.
    """
    try:
        if os.path.islink(path):
            return _rejected("link")
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            head = file.read(16)
    except OSError:
        return _rejected("unreadable")
    if not size:
        return _rejected("empty")
    if size > LARGEST:
        return _rejected("too_large")
    known = kind_of(head)
    if known is None:
        return _rejected("not_media")
    with tempfile.TemporaryDirectory() as folder:
        return child(
            Path(worker.__file__), _job(path, known, Path(folder) / "item") | found | {"trust": trust}
        )


def compare(first: str | os.PathLike[str], second: str | os.PathLike[str]) -> dict[str, Any]:
    """A `kit.media.diff_notes.Difference` of two pictures that `examine` kept; empty where it could not be told."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for n, path in enumerate((first, second)):
            with open(path, "rb") as file:
                known = kind_of(file.read(16))
            if known is None or known[0] != "image":
                return {}
            jobs.append(_job(path, known, Path(folder) / f"item{n}"))
        said = child(Path(worker.__file__), jobs[0] | {"other": jobs[1]})
    return {name: value for name, value in said.items() if name not in ("status", "reason")}


def _job(path: str | os.PathLike[str], known: tuple[str, str, str], neutral: Path) -> dict[str, Any]:
    """What a child must know; it never sees the name that somebody chose."""
    neutral.symlink_to(os.path.realpath(path))
    return dict(zip(("path", "family", "format", "mime"), (str(neutral), *known), strict=True))


def child(script: Path, job: dict[str, Any], *, wall: float = WALL) -> dict[str, Any]:
    """The answer of `script` to a job; a rejection where it takes too long, dies or answers nonsense."""
    job = job | {"code": str(Path(__file__).resolve().parents[2])}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-B", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(wall, end)
    timer.start()
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin as into, process.stdout as out:
            try:
                into.write(json.dumps(job).encode() + b"\n")
                into.flush()
                answer = out.read(_ANSWER + 1)
            except OSError:
                answer = b""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)  # it has said everything, or died: how it died says why
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
    if late.is_set() or process.returncode == -signal.SIGXCPU:
        return _rejected("time")
    try:
        given = json.loads(answer)
        return given if isinstance(given, dict) and "status" in given else _rejected("failed")
    except ValueError:
        return _rejected("failed")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and every program it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()


def _rejected(reason: str) -> dict[str, Any]:
    return {"status": "rejected", "reason": reason}
