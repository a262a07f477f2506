"""What some tests need and not every machine has: named at the head of a run, and again for each test that is skipped.

DAYLIGHT_REQUIRE_DATA asks for real data only. It never asks for these: the kit works without them.
DAYLIGHT_LONG, which `make check` sets, asks for the long form: more examples and more seeds of the same tests.
"""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

#: program or package -> how to get it
WAYS = {
    "ffmpeg": "Debian: apt install ffmpeg",
    "ffprobe": "Debian: apt install ffmpeg",
    "fpcalc": "Debian: apt install libchromaprint-tools",
    "c2pa": "pip install 'daylight-kit[media]'",
    "cryptography": "pip install cryptography",
}
LONG = os.environ.get("DAYLIGHT_LONG") == "1"
_PROGRAMS = ("ffmpeg", "ffprobe", "fpcalc")


def missing(*names: str) -> str:
    """What of `names` is not here, and how to get it; empty where all is."""
    there = {n: shutil.which(n) if n in _PROGRAMS else importlib.util.find_spec(n) for n in names}
    return "; ".join(f"{name} is not installed ({WAYS[name]})" for name in names if not there[name])


def needs(*names: str) -> pytest.MarkDecorator:
    """Skip a test where one of `names` is missing, and say which."""
    return pytest.mark.skipif(bool(missing(*names)), reason=missing(*names))


def head() -> str:
    """A line for the head of a test run."""
    lacking = missing(*WAYS)
    return f"tests of media are skipped in part: {lacking}" if lacking else ""


def examples(most: int) -> int:
    """How many examples a test draws: `most` in the long form; in the short one a quarter of them, at most 30."""
    return most if LONG else min(30, max(3, most // 4))
