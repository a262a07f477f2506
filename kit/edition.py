"""The edition of this process: what it was started for, whatever is written into the environment later.

An edition is a property of a run, not of a call. `kit run` starts each notebook for one edition; from then
on nothing that a cell says makes a process of a public run open the internal edition: no argument, no
variable of the environment, no process that it starts. Where no run is (JupyterLab, a script of one's own),
a person may open either, and `opened` remembers which, because what has seen names may not speak as
if it had not.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import TYPE_CHECKING

from kit.errors import MetricError, nearest

if TYPE_CHECKING:
    import psutil

EDITIONS = ("public", "internal")
VARIABLE = "DAYLIGHT_EDITION"
_NAME_OF_A_PROCESS = 15  # PR_SET_NAME of prctl(2)
#: what a process that was forked for a public run is called: those below it look for that name
_PUBLIC = "daylight-public"

_fixed: list[str | None] = []  # empty until it is known
opened: set[str] = set()  # editions whose cases were made in this process


def fix(edition: str | None) -> None:
    """Say once for which edition this process works: for forks, whose environment is that of whoever forked them."""
    if _fixed:
        raise MetricError("the edition of a run is fixed", found=edition, hint="Start another run.")
    _fixed.append(edition)
    if edition == "public":
        _call(_PUBLIC)


def of_run() -> str | None:
    """The edition this process was started for; None where no run started it.

    The environment counts as it was when the process began, and so does that of the processes above it.
    """
    if not _fixed:
        _fixed.append(_told())
    return _fixed[0]


def of(asked: str | None) -> str:
    """The edition to open where `asked` is what a call says; one that this process may not open is an error."""
    told = of_run()
    if (now := os.environ.get(VARIABLE) or told) != told:
        hint = "Say it in the call: kit.open(report, edition='…')."
        raise MetricError(f"{VARIABLE} counts as it was at the start of the process", found=now, hint=hint)
    edition = asked or told or "public"
    for one in {edition, told or edition}:
        check(one)
    return edition


def check(edition: str) -> None:
    """Refuse an edition that is none, or that a public run may not see."""
    if edition not in EDITIONS:
        raise MetricError("unknown edition", found=edition, hint=nearest(edition, EDITIONS))
    if edition == "internal" and of_run() == "public":
        hint = "Run it as a whole in that edition: kit run NAME --edition internal."
        raise MetricError("a public run cannot open the internal edition", hint=hint)


def unmixed(edition: str) -> None:
    """Refuse to show anything as public where the internal edition was opened as well."""
    if edition == "public" and "internal" in opened:
        hint = "Restart the kernel, and open one edition in it."
        raise MetricError(
            "the internal edition was opened here too: nothing more is shown as public", hint=hint
        )


def _told() -> str | None:
    """What this process and those above it were started with; public wherever one of them was."""
    import psutil  # here: most processes of the kit are told

    me = psutil.Process()
    try:
        above = me.parents()
    except psutil.Error:
        above = []
    said = [_started_with(process) for process in (me, *above)]
    return "public" if "public" in said else said[0]


def _started_with(process: psutil.Process) -> str | None:
    import psutil

    try:
        if process.name() == _PUBLIC:
            return "public"
        return process.environ().get(VARIABLE) or None
    except (psutil.Error, OSError):  # another user's, or gone
        return os.environ.get(VARIABLE) or None if process.pid == os.getpid() else None


def _call(name: str) -> None:
    """Give this process a name; Linux only, as forks are."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_NAME_OF_A_PROCESS, name.encode(), 0, 0, 0)
