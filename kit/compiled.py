"""The one door to numba: machine code that is kept is kept under the code it was made from.

numba stamps what it keeps with the file of the function alone. A kernel that calls a helper in another
file would answer with the helper's old code after that was edited, and nobody would know. So machine
code is kept in a folder whose name is the hash of every file that any kernel can reach, and of the
versions that compile it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import prange as prange

from kit import closure, threads

KEPT = 4  # folders of machine code, the last used ones
_FRESH = 3600.0  # seconds for which a folder may still be in use


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function at its first call with each kind of arguments, and keep the machine code.

    `@njit(nogil=True)` stands above a function of a module; one typed at a prompt has no file to be kept for.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        place = folder()
        if place is None:
            return numba.njit(**options)(function)
        with _kept_in(place):
            return numba.njit(cache=True, **options)(function)

    return compiled


def share_threads() -> None:
    """Let parallel kernels that this thread calls use as many threads as the process may."""
    most: Any = numba.config
    numba.set_num_threads(min(threads.many(), most.NUMBA_NUM_THREADS))


@contextlib.contextmanager
def _kept_in(place: Path) -> Iterator[None]:
    """Functions declared inside find and keep their machine code in `place`; those of others stay where they are."""
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, str(place)
    try:
        yield
    finally:
        config.CACHE_DIR = before


@functools.cache
def folder() -> Path | None:
    """Where the machine code of this kit is kept; None where nothing can be written."""
    for home in _homes():
        place = home / name()
        try:
            new = not place.exists()
            place.mkdir(parents=True, exist_ok=True)
            os.utime(place)
        except OSError:
            continue
        if os.access(place, os.W_OK | os.X_OK):
            if new:
                _tidy(home)
            return place
    return None


def _homes() -> Iterator[Path]:
    """Folders to keep machine code in, the best first: the user's own wish, the environment, the user's cache."""
    if own := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(own) / "daylight"
    if sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir():
        yield Path(sys.prefix, "var", "cache", "daylight", "kernels")
    with contextlib.suppress(RuntimeError):  # nobody's home
        caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
        yield Path(os.environ.get("XDG_CACHE_HOME") or caches) / "daylight" / "kernels"


@functools.cache
def name() -> str:
    """A name that changes with every file a kernel can reach, and with what compiles it."""
    versions = [numba.__version__, importlib.metadata.version("llvmlite"), np.__version__, sys.version]
    whole = [closure.digest(*modules()), platform.python_implementation(), *versions]
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:20]


@functools.cache
def modules() -> tuple[str, ...]:
    """The modules of the kit that have kernels: those that come through this door."""
    return closure.importers("kit.compiled")


def _tidy(home: Path) -> None:
    """Leave the folders used last; those of old versions would only grow."""
    kept = {}
    for path in home.iterdir():
        with contextlib.suppress(OSError):  # another process tidies too
            kept[path] = path.stat().st_mtime
    for path in sorted(kept, key=lambda path: -kept[path])[KEPT:]:
        if time.time() - kept[path] > _FRESH:
            shutil.rmtree(path, ignore_errors=True)
