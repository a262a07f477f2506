"""The command line answers at once: help and whatever is wrong with the arguments, also without bytecode."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST = 0.5  # CPU seconds
#: each takes a tenth of a second or more to load where nothing is compiled
HEAVY = {"IPython", "babel", "duckdb", "jinja2", "matplotlib", "nbformat", "numba", "numpy", "pandas", "papermill", "psutil", "pyarrow", "scipy", "tqdm"}  # fmt: skip
ASKED = [
    ("--help", 0),
    ("--version", 0),
    ("", 2),
    ("nonsense", 2),
    ("run --help", 0),
    ("run --nonsense", 2),
    ("run no-such-report", 2),
    ("run sample --language xx", 2),
    ("run sample -p no_such_notebook.x=1", 2),
    ("run sample -p nonsense", 2),
    ("plan no-such-report", 2),
    ("publish no-such-report", 2),
    ("lint no-such-file", 2),
    ("forget no-such-report", 2),
    ("new ../nonsense", 2),
    ("notebooks nonsense", 2),
    ("inspect no-such-file", 2),
    ("inspect README.md --report no-such-report", 2),
]


def asked(words: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`kit WORDS` where neither the kit nor any package, nor Python's own library, is compiled beforehand."""
    nowhere = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": os.devnull}
    return subprocess.run(
        [sys.executable, *options, "-m", "kit", *words.split()],
        env=os.environ | nowhere, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words,code", ASKED)
def test_it_loads_nothing_heavy(words: str, code: int) -> None:
    done = asked(words, "-X", "importtime")
    assert done.returncode == code, done.stderr[-500:]
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}  # fmt: skip
    assert "kit" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("words", ["--help", "nonsense", "run no-such-report", "inspect no-such-file", "run sample --language xx"])  # fmt: skip
def test_it_answers_within_half_a_second_of_work(words: str) -> None:
    spent = []
    for _try in range(3):  # another process on the same core makes the same work dearer: the best counts
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        asked(words)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < MOST
