"""What all tests of a session share, in whichever process they run: made once, by the one that asks first."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kit import case as cases


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
    """The folder that `make` filled, and what it returned; the other processes of the session wait for it.

    Where it fails, the next one that asks tries again: every test that needs it shows the error.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared" / name
    made = folder.with_name(f"{name}.made")
    folder.parent.mkdir(exist_ok=True)
    with cases.lock(folder.parent, name, wait=True):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            answer = pickle.dumps(make(folder))
            made.write_bytes(answer)
    return folder, _answer(made)


@cache
def _answer(made: Path) -> Any:
    """What was returned, the same object for every test of this process."""
    return pickle.loads(made.read_bytes())
