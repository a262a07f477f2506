"""How the run of a notebook ended, in one line: which cell, in which section, why, what to do."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import EXIT, KitError, OutputError, RunError, printable
from kit.publish.parameters import read

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_ADDED = {"injected-parameters", "papermill-error-cell-tag"}  # cells that papermill puts in


def outcome(result: Path) -> dict[str, Any]:
    """What the process that ran the notebook wrote down; it may have died before."""
    try:
        return json.loads(result.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"ok": False}


def failure(notebook: str, target: Path, told: dict[str, Any], limits: dict[str, int]) -> KitError:
    """The error of a notebook that did not finish; `limits` are the seconds and bytes a cell may use."""
    where = _place(notebook, target)
    ename, evalue = str(told.get("ename") or ""), str(told.get("evalue") or "")
    known = {c.__name__: c for c in _family(KitError)}
    error: KitError
    if ename in known:
        error = RunError(evalue, where=where)
        error.exit_code = known[ename].exit_code
        return error
    if _disk_is_full(ename, evalue, target.parent):
        return OutputError("cannot write its results", where=where, hint="Free some space on the disk.")
    if not ename or "DeadKernel" in ename:
        hint = "Often it ran out of memory: narrow the case, or close other programs."
        return RunError("the kernel died", where=where, hint=hint)
    if "Timeout" in ename:
        return RunError(
            f"a cell ran longer than {limits['seconds']} seconds", where=where, hint="Narrow the case."
        )
    if ename == "TooMuchOutput":
        what = f"a cell printed more than {limits['bytes'] // 1_000_000} MB"
        return RunError(what, where=where, hint="Show tables with kit.show.")
    hint = "Open the notebook with `make lab`."
    error = RunError(f"{ename}: {printable(evalue, 160)}", where=where, hint=hint)
    if ename in ("MemoryError", "OutOfMemoryException"):  # of Python, of DuckDB
        error.exit_code = EXIT["memory"]
    return error


def _disk_is_full(ename: str, evalue: str, folder: Path) -> bool:
    """Whether the notebook could not write; where nothing is known of its end, by trying."""
    if ename:
        number = re.match(r"\[Errno (\d+)\]", evalue)
        return number is not None and int(number[1]) in _FULL
    try:
        (folder / "probe").write_bytes(bytes(100_000))
        (folder / "probe").unlink()
    except OSError:
        return True
    return False


def _family(base: type[KitError]) -> Iterator[type[KitError]]:
    yield base
    for child in base.__subclasses__():
        yield from _family(child)


def unfinished(notebook: str, target: Path, error: RunError) -> RunError:
    """The page's refusal of a notebook, with the cell as its author counts and the section it stands in."""
    number = re.search(r", cell (\d+)$", error.where)
    where = _place(notebook, target, int(number[1]) if number else None)
    return RunError(error.what, where=where, found=error.found, hint=error.hint)


def _place(notebook: str, target: Path, wanted: int | None = None) -> str:
    """Notebook, number and section of the cell that failed, or of the last one that began to run.

    Cells are counted as in the notebook's source, where papermill's own do not stand.
    """
    try:
        cells = read(target)["cells"]
    except KitError:  # none was written: nothing to point at
        return notebook
    own, title, found = 0, "", ""
    for number, cell in enumerate(cells, 1):
        if _ADDED & set(cell["metadata"].get("tags", [])):
            continue
        own += 1
        if cell["cell_type"] == "markdown":
            title = next(reversed(re.findall(r"^#+ (.+)$", cell["source"], re.MULTILINE)), title)
        place = f"{notebook}, cell {own}" + (f" ({printable(title, 80)})" if title else "")
        if wanted is not None and number == wanted:
            return place
        if cell["cell_type"] == "code" and wanted is None:
            if any(o["output_type"] == "error" for o in cell["outputs"]):
                return place
            if cell["metadata"].get("papermill", {}).get("start_time"):
                found = place
    return found or notebook
