"""Kernels compiled ahead: all of them, of the kinds that notebooks call, and nothing is compiled twice."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from numba.core.dispatcher import Dispatcher

from kit import compiled, kernels

ROOT = Path(__file__).resolve().parent.parent

ASKED = """
import kit
from kit.metrics import coordination, texts
case = kit.open("sample", edition="internal")
coordination.traces(case)
coordination.pair_costs(case)
coordination.pairs(case, trace="url", window_s=60)
coordination.rule_of_thumb(case, trace="url", window_s=60)
coordination.synchronised_traces(case)
coordination.one_sitting(case)
coordination.network(case)
texts.same_text_windows(case)
"""


def every_kernel() -> list[Dispatcher]:
    """The kit's compiled functions."""
    return [
        value
        for name in compiled.modules()
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Dispatcher) and value.py_func.__module__ == name
    ]


def kept(folder: Path) -> set[str]:
    """Files of machine code below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*.nbc")}


def test_every_kernel_is_compiled_ahead() -> None:
    kernels.compile_all()
    place = compiled.folder()
    assert place is not None
    assert not kernels.missing()
    names = {Path(path).name.partition("-")[0] for path in kept(place)}
    inlined = {"kernel._mix", "kernel._ones"}  # become part of those that call them
    wanted = {f"{k.py_func.__module__.rpartition('.')[2]}.{k.py_func.__name__}" for k in every_kernel()}
    assert wanted - inlined <= names


def test_nothing_is_begun_where_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "missing", lambda: False)
    assert kernels.compile_in_background() is None


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    compiled.folder.cache_clear()
    yield tmp_path
    compiled.folder.cache_clear()


@pytest.mark.slow
def test_what_is_compiled_in_the_background_is_all_that_the_sample_needs(cold: Path) -> None:
    process = kernels.compile_in_background()
    assert process is not None
    assert process.wait(600) == 0
    assert not kernels.missing()
    before = kept(cold)
    assert len(before) > 40
    subprocess.run([sys.executable, "-c", ASKED], env=dict(os.environ), cwd=ROOT, check=True)
    assert kept(cold) == before
