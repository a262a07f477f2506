"""Machine code that is kept: never of old code, never in the way, and few folders of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit import compiled, threads

ROOT = Path(__file__).resolve().parent.parent

BURSTS = """
import numpy as np
from kit.inference.coaction import evidence
from kit.inference.coaction.acts import Acts
known = {"object": np.zeros(4, np.int64), "begin": np.array([0, 4]), "time": np.array([0.0, 10.0, 20.0, 30.0])}
acts = Acts(**{name: known.get(name, np.zeros(1, np.int64)) for name in Acts._fields})
first, size = evidence.bursts(acts, np.array([3]), np.array([3]), 15.0)
print(first[0], size[0], sum(evidence.bursts.stats.cache_hits.values()))
"""


def said(code: str, cwd: Path, **more: str | None) -> list[str]:
    """What `code` prints in a process of its own, of the package in `cwd`."""
    environment = {k: v for k, v in (os.environ | more).items() if v is not None}
    words = [sys.executable, "-c", code]
    return subprocess.run(
        words, env=environment, cwd=cwd, capture_output=True, text=True, check=True
    ).stdout.split()


def test_a_kernel_never_answers_with_old_code_of_a_helper(tmp_path: Path) -> None:
    """`evidence.bursts` calls `order.bisect`, which stands in another file."""
    shutil.copytree(ROOT / "kit", tmp_path / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    given = {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    *first, hits = said(BURSTS, tmp_path, **given)
    assert hits == "0"
    assert said(BURSTS, tmp_path, **given) == [*first, "1"]
    helper = tmp_path / "kit" / "inference" / "coaction" / "order.py"
    text = helper.read_text(encoding="utf-8")
    assert "if values[middle] < least:" in text
    helper.write_text(text.replace("if values[middle] < least:", "if values[middle] <= least + 100:"))
    *edited, _hits = said(BURSTS, tmp_path, **given)
    assert edited != first


@pytest.fixture
def afresh() -> Iterator[None]:
    compiled.folder.cache_clear()
    yield
    compiled.folder.cache_clear()


@pytest.mark.usefixtures("afresh")
def test_the_users_own_folder_is_kept_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert compiled.folder() == tmp_path / "daylight" / compiled.name()


@pytest.mark.usefixtures("afresh")
def test_machine_code_lies_in_the_environment_else_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    assert compiled.folder() == tmp_path / "venv" / "var" / "cache" / "daylight" / "kernels" / compiled.name()
    compiled.folder.cache_clear()
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "file"))  # nothing can be written below it
    assert compiled.folder() == tmp_path / "cache" / "daylight" / "kernels" / compiled.name()
    compiled.folder.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert compiled.folder() is None

    @compiled.njit()
    def double(x):
        return 2 * x

    assert double(4) == 8


@pytest.mark.usefixtures("afresh")
def test_old_machine_code_is_tidied_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    home = tmp_path / "daylight"
    for number in range(9):
        (home / f"old{number}" / "x").mkdir(parents=True)
        os.utime(home / f"old{number}", (number, number))
    assert compiled.folder() == home / compiled.name()
    assert {p.name for p in home.iterdir()} == {compiled.name(), "old6", "old7", "old8"}


def test_somebody_elses_kernels_stay_where_they_are(tmp_path: Path) -> None:
    import numba

    before = numba.config.CACHE_DIR
    compiled.njit()(lambda x: x)
    assert before == numba.config.CACHE_DIR


def test_the_kit_itself_loads_neither_numba_nor_numpy() -> None:
    code = "import kit, sys; print(*({'numba', 'numpy', 'pandas', 'duckdb'} & set(sys.modules)))"
    assert said(code, ROOT) == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_algebra_has_one_thread_wherever_the_kit_comes_before_numpy() -> None:
    assert "OPENBLAS_NUM_THREADS" in os.environ  # in the tests themselves, too
    code = "{}import os, numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300)); print(len(os.listdir('/proc/self/task')))"
    free = dict.fromkeys(threads._ALGEBRA) | {"OMP_NUM_THREADS": None}
    assert said(code.format("import kit; "), ROOT, **free) == ["1"]
    if threads.many() > 1:
        assert int(said(code.format(""), ROOT, **free)[0]) > 1
        assert int(said(code.format("import kit; "), ROOT, **free | {"OPENBLAS_NUM_THREADS": "2"})[0]) == 2


def test_the_number_of_threads_is_the_machines_or_what_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(threads.MOST, "3")
    assert threads.many() == 3
    for nonsense in ("", "0", "-1", "many"):
        monkeypatch.setenv(threads.MOST, nonsense)
        assert 1 <= threads.many() <= (os.cpu_count() or 1)
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(threads, "_QUOTAS", (str(quota),))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(16)), raising=False)
    for text, expected in (("max 100000", 16), ("250000 100000", 2), ("10000 100000", 1), ("", 16)):
        quota.write_text(text)
        threads._processors.cache_clear()
        assert threads.many() == expected
    threads._processors.cache_clear()
