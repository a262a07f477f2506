"""One job of a run in a process of its own that never outlives its parent.

`python -m kit.publish.execute JOB PID` (of its parent) reads a job (JSON) and writes to its `result` what
happened: a notebook through papermill (notebook, target, parameters, folder, seconds, bytes)
or another function of the kit (`call`: "module:function", given the job). The parent does
not believe that either: it looks at every cell of the target. `kit.publish.warm` calls
`main` in a fork, where the kernel is a fork too.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import psutil


def _follow_parent(parent: int) -> None:
    """End this process and its kernel as soon as the parent is gone."""
    while os.getppid() == parent:
        time.sleep(0.2)
    _leave()


def _leave() -> NoReturn:
    """End this process and every process below it, at once."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    os._exit(1)


def main(job_file: str, parent: int, *, kernels: Callable[[], None] | None = None) -> int:
    """Do the job; 0 if nothing raised. `kernels` prepares where the notebook's kernel comes from."""
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    os.environ.update(job.get("environment", {}))
    if kernels is not None and "notebook" in job:
        kernels()  # before any thread
    threading.Thread(target=_follow_parent, args=(parent,), daemon=True).start()
    result: dict[str, Any] = {"ok": False}
    stderr = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(stderr):
            warnings.simplefilter("ignore")
            _papermill(job) if "notebook" in job else _call(job)
        result["ok"] = True
    except Exception as error:  # every way a notebook can end is told to the parent
        result |= {
            "ename": getattr(error, "ename", type(error).__name__),
            "evalue": getattr(error, "evalue", str(error)),
            "cell": getattr(error, "cell_index", None),
            "trace": traceback.format_exc()[-2000:],
            "stderr": stderr.getvalue()[-2000:],
        }
    _tell(job, result)
    return 0 if result["ok"] else 1


def _tell(job: dict[str, Any], result: dict[str, Any]) -> None:
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


def _call(job: dict[str, Any]) -> None:
    module, _colon, function = job["call"].partition(":")
    getattr(importlib.import_module(module), function)(job)


def _papermill(job: dict[str, Any]) -> None:
    import papermill

    _bound_output(job)
    papermill.execute_notebook(
        _literal(job["notebook"]),
        _literal(job["target"]),
        parameters=job["parameters"],
        kernel_name="python3",
        language="python",
        progress_bar=False,
        log_output=False,
        cwd=job["folder"],
        execution_timeout=job["seconds"],
        start_timeout=60,
    )


def _literal(path: str) -> str:
    """`path` as papermill leaves it: it would fill in what stands between braces."""
    return path.replace("{", "{{").replace("}", "}}")


def _bound_output(job: dict[str, Any]) -> None:
    """End everything when a cell shows more than `bytes`: a cell that prints for ever fills the memory."""
    from papermill.clientwrap import PapermillNotebookClient as Client

    process = Client.process_message
    shown: Counter[int] = Counter()

    def bounded(self: Any, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        content = msg["content"]
        shown[cell_index] += len(content.get("text", ""))
        shown[cell_index] += sum(len(str(value)) for value in content.get("data", {}).values())
        if shown[cell_index] > job["bytes"]:
            _tell(job, {"ok": False, "ename": "TooMuchOutput"})
            _leave()
        return process(self, msg, cell, cell_index)

    Client.process_message = bounded


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
