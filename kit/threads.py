"""How many threads the kit may use, and one alone for algebra on small matrices.

Results never depend on the number; only time does.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

#: how many threads one process may use, where somebody knows better than the machine
MOST = "DAYLIGHT_THREADS"
#: what the libraries behind NumPy's algebra read when they are loaded
_ALGEBRA = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_QUOTAS = ("/sys/fs/cgroup/cpu.max",)


def one_for_algebra() -> None:
    """Let NumPy's algebra use one thread: for our small matrices more of them only stand in each other's way.

    What the user has set stays; where NumPy is loaded already it is too late, and nothing is lost but time.
    """
    if "numpy" not in sys.modules:
        for name in _ALGEBRA:
            os.environ.setdefault(name, "1")


def many() -> int:
    """The threads that one process may use: $DAYLIGHT_THREADS, or as many as this process has processors."""
    given = os.environ.get(MOST, "")
    return int(given) if given.isdecimal() and int(given) > 0 else _processors()


@functools.cache
def _processors() -> int:
    """Processors of this process, within what a container is allowed."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for quota in _QUOTAS:
        try:
            most, period = Path(quota).read_text(encoding="ascii").split()
            allowed = min(allowed, max(1, round(int(most) / int(period))))
        except (OSError, ValueError):
            continue  # no such file, or "max": no limit
    return allowed
