"""Run a report: every notebook through papermill, then the page, doing only what changed.

A stage (one notebook in one edition and language) is a pure function of its key:
the exports, the report folder, parameters, the notebook's source, the kit and the
lock. A stage that is whole under its key is not run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import nbformat
import psutil
import yaml

from kit import case as cases
from kit.errors import EXIT, KitError, OutputError, ReportError, RunError, nearest, printable
from kit.publish.render import check, extract, fresh, render_page, swap_in
from kit.report import CODE, Report

CELL_SECONDS = 900
_TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "list": list,
    "dict": dict,
}


@dataclass(frozen=True)
class Stage:
    """One notebook to run: where its source is, with which parameters, under which key."""

    notebook: str
    source: Path
    parameters: dict[str, Any]
    edition: str
    language: str
    key: str
    folder: Path

    @property
    def done(self) -> bool:
        """Whether this stage is whole under its key."""
        try:
            return (self.folder / "key").read_text() == self.key and not check(self.folder)
        except OSError:
            return False


def source_of(report: Report, notebook: str) -> Path:
    """The notebook's file: in the report's folder, else in `notebooks/`."""
    for folder in (report.folder, CODE / "notebooks"):
        if (folder / f"{notebook}.ipynb").is_file():
            return folder / f"{notebook}.ipynb"
    known = [p.stem for p in (CODE / "notebooks").glob("*.ipynb")]
    raise ReportError(
        f"no notebook '{notebook}'", where=f"{report.name}/report.yml", hint=nearest(notebook, known)
    )


def parameters_of(path: Path, given: dict[str, Any], where: str) -> dict[str, Any]:
    """`given` checked against the parameters cell: known names, declared types, text unless declared otherwise."""
    import papermill

    declared = papermill.inspect_notebook(str(path))
    checked = {}
    for name, value in given.items():
        if name not in declared or name == "report":
            names = [n for n in declared if n != "report"]
            raise ReportError(
                f"'{path.stem}' has no parameter '{name}'", where=where, hint=nearest(name, names)
            )
        checked[name] = _typed(name, value, declared[name], where)
    return checked


def _typed(name: str, value: Any, declared: Any, where: str) -> Any:
    kind = str(declared["inferred_type_name"]).split("[")[0].split("|")[0].strip()
    kind = kind if kind in _TYPES else type(yaml.safe_load(str(declared["default"]) or "")).__name__
    wanted = _TYPES.get(kind, str)
    if isinstance(value, str) and wanted is not str:
        with suppress(yaml.YAMLError):
            value = yaml.safe_load(value)
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if not fits:
        hint = "Put it between quotation marks." if wanted is str else f"Give a value of type {kind}."
        raise ReportError(f"parameter '{name}' must be of type {kind}", where=where, found=value, hint=hint)
    return value


def stages(
    report: Report, *, edition: str, language: str, given: dict[str, dict[str, Any]] | None = None
) -> list[Stage]:
    """The stages of a report in order, each with its key; builds the case where it must."""
    case = cases.open(report, edition=edition, language=language)
    shared = [
        case.manifest["content"],
        case.manifest["stamp"]["report"],
        report.fingerprint(),
        code_hash(),
        edition,
        language,
    ]
    found = []
    for notebook, parameters in report.notebooks:
        source = source_of(report, notebook)
        where = f"{report.name}/report.yml"
        wanted = parameters_of(source, parameters | (given or {}).get(notebook, {}), where)
        key = cases.digest([shared, notebook, source_hash(source), sorted(wanted.items())])
        folder = report.out / ".stages" / f"{edition}-{language}" / notebook
        found.append(Stage(notebook, source, wanted, edition, language, key, folder))
    return found


def source_hash(path: Path) -> str:
    """SHA-256 of a notebook's cells without outputs: re-running it by hand changes nothing."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [[c["cell_type"], c["source"], c["metadata"].get("tags", [])] for c in notebook["cells"]]
    return cases.digest(cells)


def code_hash() -> str:
    """SHA-256 of the kit and the lock."""
    digest = hashlib.sha256()
    wanted = ("*.py", "*.po", "*.html", "*.css", "*.j2")
    files = sorted(p for pattern in wanted for p in (CODE / "kit").rglob(pattern))
    for path in [*files, CODE / "requirements.lock"]:
        if path.exists():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def plan(report: Report, *, editions: list[str], languages: list[str]) -> list[tuple[Stage, bool]]:
    """Every stage with whether it has to run."""
    return [
        (stage, not stage.done)
        for edition in editions
        for language in languages
        for stage in stages(report, edition=edition, language=language)
    ]


def run(
    report: Report,
    *,
    editions: list[str] | None = None,
    languages: list[str] | None = None,
    given: dict[str, dict[str, Any]] | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> list[Path]:
    """Run what changed and render the pages; returns the pages' paths, first language first."""
    editions, languages = editions or ["public"], languages or list(report.languages)
    _writable(report.out)
    pages = []
    with cases.lock(report.out, "run", wait=False), _signals():
        todo = [
            (edition, language, stages(report, edition=edition, language=language, given=given))
            for edition in editions
            for language in languages
        ]
        steps = sum(len(s) + 1 for _e, _l, s in todo)
        done = 0
        for edition, language, parts in todo:
            for stage in parts:
                progress(f"{stage.notebook} ({edition}, {language})", done, steps)
                if not stage.done:
                    execute(report, stage)
                done += 1
            progress(f"page ({edition}, {language})", done, steps)
            pages.append(_render(report, edition, language, languages, parts))
            done += 1
        progress("", done, steps)
    return pages


def _writable(folder: Path) -> None:
    """Fail before any work where results cannot be written."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        hint = "Choose a folder you can write to (DAYLIGHT_HOME)."
        raise OutputError(f"cannot write here ({error.strerror})", where=str(folder), hint=hint) from None


@contextmanager
def _signals() -> Iterator[None]:
    """A termination signal ends the run as Ctrl-C does, so that kernels never stay behind."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {s: signal.signal(s, stop) for s in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def execute(report: Report, stage: Stage, *, defaults: bool = False) -> None:
    """Run one stage into a new folder and commit it by its manifest; only a whole run is kept.

    With `defaults` the notebook runs exactly as it stands, without an injected cell.
    """
    new = fresh(stage.folder)
    target, job, result = new / "notebook.ipynb", new / "job.json", new / "result.json"
    parameters = {"report": str(report.folder if report.folder.parent.name != "reports" else report.name)}
    declared = _declares_report(stage.source)
    job.write_text(
        json.dumps(
            {
                "source": str(stage.source),
                "target": str(target),
                "result": str(result),
                "parameters": {} if defaults else (parameters if declared else {}) | stage.parameters,
                "folder": str(new),
                "seconds": CELL_SECONDS,
            }
        ),
        encoding="utf-8",
    )
    environment = os.environ | {
        "DAYLIGHT_OUT": str(new),
        "DAYLIGHT_EDITION": stage.edition,
        "DAYLIGHT_LANGUAGE": stage.language,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    _wait([sys.executable, "-m", "kit.publish.execute", str(job)], environment)
    outcome = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {"ok": False}
    if not outcome["ok"]:
        raise _failure(stage, target, outcome)
    notebook = nbformat.read(target, as_version=4)
    extract(notebook, stage.notebook)  # raises where a cell did not run, whatever papermill said
    _strip(notebook)
    nbformat.write(notebook, target)
    job.unlink()
    result.unlink()
    (new / "key").write_text(stage.key)
    swap_in(new, stage.folder)


def _declares_report(path: Path) -> bool:
    import papermill

    return "report" in papermill.inspect_notebook(str(path))


def _wait(command: list[str], environment: dict[str, str]) -> None:
    """Run `command`; whatever ends us ends it and every process below it."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait()
    except BaseException:
        _end(process.pid)
        process.wait()
        raise


def _end(pid: int) -> None:
    try:
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue


def _failure(stage: Stage, target: Path, outcome: dict[str, Any]) -> KitError:
    """One line for a notebook that did not finish: cell, section, last line, what to do."""
    cell, section = _where(target)
    where = stage.notebook + (f", cell {cell}" if cell else "") + (f" ({section})" if section else "")
    known = {c.__name__: c for c in _family(KitError)}
    evalue = str(outcome.get("evalue") or "")
    error: KitError
    if outcome.get("ename") in known:
        error = RunError(evalue, where=where)
        error.exit_code = known[outcome["ename"]].exit_code
        return error
    if not outcome.get("ename") or "DeadKernel" in str(outcome["ename"]):
        hint = "Often it ran out of memory: narrow the case, or close other programs."
        return RunError("the kernel died", where=where, hint=hint)
    if "Timeout" in str(outcome["ename"]):
        return RunError(
            f"a cell ran longer than {CELL_SECONDS} seconds", where=where, hint="Narrow the case."
        )
    error = RunError(
        f"{outcome['ename']}: {printable(evalue, 160)}",
        where=where,
        hint="Open the notebook with `make lab`.",
    )
    if outcome["ename"] == "MemoryError":
        error.exit_code = EXIT["memory"]
    return error


def _family(base: type[KitError]) -> Iterator[type[KitError]]:
    yield base
    for child in base.__subclasses__():
        yield from _family(child)


def _where(target: Path) -> tuple[int | None, str]:
    """Number and section of the last cell that began to run."""
    try:
        cells = nbformat.read(target, as_version=4)["cells"]
    except Exception:  # no notebook was written: nothing to point at
        return None, ""
    found, section, title = None, "", ""
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "markdown" and cell["source"].lstrip().startswith("#"):
            title = cell["source"].lstrip().splitlines()[0].lstrip("# ")
        elif cell["cell_type"] == "code":
            status = cell["metadata"].get("papermill", {}).get("status")
            if status in ("failed", "running") or any(o["output_type"] == "error" for o in cell["outputs"]):
                return number, title
            if cell["outputs"]:
                found, section = number, title
    return found, section


def _strip(notebook: Any) -> None:
    """Leave out what differs from run to run and what names this machine."""
    notebook["metadata"].pop("papermill", None)
    for cell in notebook["cells"]:
        for name in ("papermill", "execution"):
            cell["metadata"].pop(name, None)


def _render(report: Report, edition: str, language: str, languages: list[str], parts: list[Stage]) -> Path:
    """The page of one edition and language from its stages."""
    loaded = [
        {
            "name": stage.notebook,
            "notebook": nbformat.read(stage.folder / "notebook.ipynb", as_version=4),
            "folder": stage.folder,
        }
        for stage in parts
    ]
    final = report.out / edition / language
    return render_page(report, loaded, final, language, edition=edition, languages=languages)
