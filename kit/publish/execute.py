"""One notebook through papermill, in a process of its own that never outlives its parent.

`python -m kit.publish.execute JOB` reads a job (JSON: source, target, parameters,
result, seconds) and writes to `result` what happened. The parent does not believe
that either: it looks at every cell of the target.
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
from pathlib import Path
from typing import Any


def _follow_parent(parent: int) -> None:
    """End this process and its kernel as soon as the parent is gone."""
    import psutil

    while os.getppid() == parent:
        time.sleep(0.5)
    for child in psutil.Process().children(recursive=True):
        child.kill()
    os._exit(1)


def main(job_file: str) -> int:
    """Execute the notebook of the job; 0 if papermill saw no error."""
    threading.Thread(target=_follow_parent, args=(os.getppid(),), daemon=True).start()
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
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
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")
    return 0 if result["ok"] else 1


def _papermill(job: dict[str, Any]) -> None:
    import papermill

    papermill.execute_notebook(
        job["source"],
        job["target"],
        parameters=job["parameters"],
        kernel_name="python3",
        progress_bar=False,
        log_output=False,
        cwd=job["folder"],
        execution_timeout=job["seconds"],
        start_timeout=60,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
