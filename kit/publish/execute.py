"""One notebook through papermill, in a process of its own that never outlives its parent.

`python -m kit.publish.execute JOB` reads a job (JSON: source, target, parameters,
result, folder, seconds, bytes, parent) and writes to `result` what happened. The
parent does not believe that either: it looks at every cell of the target.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import threading
import time
import traceback
import warnings
from collections import Counter
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


def main(job_file: str) -> int:
    """Execute the notebook of the job; 0 if papermill saw no error."""
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    threading.Thread(target=_follow_parent, args=(job["parent"],), daemon=True).start()
    result: dict[str, Any] = {"ok": False}
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()) as stderr:
            warnings.simplefilter("ignore")
            _papermill(job)
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


def _papermill(job: dict[str, Any]) -> None:
    import papermill

    _bound_output(job)
    papermill.execute_notebook(
        _literal(job["source"]),
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
    sys.exit(main(sys.argv[1]))
