"""Run a report: every notebook through papermill, then the page, doing only what changed.

A stage (one notebook in one edition and language) is a pure function of its key:
the exports, the report folder, parameters, the notebook's source, the kit and the
lock. A stage that is whole under its key is not run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil

from kit import case as cases
from kit.errors import OutputError, ReportError, RunError, nearest
from kit.locale import prose
from kit.publish.outcome import failure, outcome, unfinished
from kit.publish.parameters import declared, parameters_of, read
from kit.publish.render import check, entries, extract, fresh, render_page, swap_in
from kit.publish.wording import refuse
from kit.report import CODE, Report, home

CELL_SECONDS = 900
CELL_BYTES = 5_000_000  # what one cell may print


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


def translator(report: Report, language: str) -> Callable[[str, str], str]:
    """(notebook, Markdown cell) -> the cell in `language`."""

    def translate(notebook: str, text: str) -> str:
        return prose(notebook, text, language, source_of(report, notebook).parent)

    return translate


def _sources(report: Report) -> list[Path]:
    return [source_of(report, notebook) for notebook, _parameters in report.notebooks]


def stages(
    report: Report, *, edition: str, language: str, given: dict[str, dict[str, Any]] | None = None
) -> list[Stage]:
    """The stages of a report in order, each with its key; builds the case where it must."""
    where, wanted = f"{report.name}/report.yml", []
    for notebook, parameters in report.notebooks:  # before the case, which may take long
        source = source_of(report, notebook)
        checked = parameters_of(source, parameters | (given or {}).get(notebook, {}), where)
        wanted.append((notebook, source, checked))
    case = cases.open(report, edition=edition, language=language)
    shared = [
        case.manifest["content"],
        case.manifest["stamp"]["report"],
        report.fingerprint(),
        [file[1:] for file in report.media.listing],
        code_hash(),
        edition,
        language,
    ]
    found = []
    for notebook, source, checked in wanted:
        key = cases.digest([shared, notebook, source_hash(source), sorted(checked.items())])
        folder = report.out / ".stages" / f"{edition}-{language}" / notebook
        found.append(Stage(notebook, source, checked, edition, language, key, folder))
    return found


def source_hash(path: Path) -> str:
    """SHA-256 of a notebook's cells without outputs: re-running it by hand changes nothing."""
    cells = [[c["cell_type"], c["source"], list(c["metadata"].get("tags", []))] for c in read(path)["cells"]]
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
    refuse(report, _sources(report))
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
    refuse(report, _sources(report))
    _writable(report.out)
    for edition in editions:
        for language in languages:
            _folder_or_nothing(report.out / edition / language)
    pages = []
    with cases.lock(report.out, "run", wait=False, what=report.name):
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


def _folder_or_nothing(path: Path) -> None:
    """Fail before any work where a page could not be put in place."""
    for part in (path.parent, path):
        if part.exists() and not part.is_dir():
            hint = "Move that file away; pages are written to a folder of this name."
            raise OutputError("is a file, not a folder", where=str(part), hint=hint)


def execute(report: Report, stage: Stage, *, defaults: bool = False) -> None:
    """Run one stage into a new folder and commit it by its manifest; only a whole run is kept.

    With `defaults` the notebook runs exactly as it stands, without an injected cell.
    """
    new = fresh(stage.folder)
    try:
        _execute(report, stage, new, defaults)
        swap_in(new, stage.folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _execute(report: Report, stage: Stage, new: Path, defaults: bool) -> None:
    target, job, result = new / "notebook.ipynb", new / "job.json", new / "result.json"
    inside = report.folder.parent == (home() / "reports").resolve()
    own = (
        {"report": report.name if inside else str(report.folder)}
        if "report" in declared(stage.source)
        else {}
    )
    content: dict[str, Any] = {
        "source": str(stage.source),
        "target": str(target),
        "result": str(result),
        "parameters": {} if defaults else own | stage.parameters,
        "folder": str(new),
        "seconds": CELL_SECONDS,
        "bytes": CELL_BYTES,
        "parent": os.getpid(),
    }
    job.write_text(json.dumps(content), encoding="utf-8")
    environment = os.environ | {
        "DAYLIGHT_OUT": str(new),
        "DAYLIGHT_EDITION": stage.edition,
        "DAYLIGHT_LANGUAGE": stage.language,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    _wait([sys.executable, "-m", "kit.publish.execute", str(job)], environment)
    told = outcome(result)
    if not told["ok"]:
        raise failure(stage.notebook, target, told, content)
    notebook = read(target)
    try:
        extract(notebook, stage.notebook)  # raises where a cell did not run, whatever papermill said
    except RunError as error:
        raise unfinished(stage.notebook, target, error) from None
    _strip(notebook)
    nbformat.write(notebook, target)
    job.unlink()
    result.unlink()
    (new / "key").write_text(stage.key)


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


def _strip(notebook: Any) -> None:
    """Leave out what differs from run to run and what names this machine."""
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"], 1):
        cell["id"] = f"cell-{number:02d}"  # papermill draws one for the cell it puts in
        for name in ("papermill", "execution"):
            cell["metadata"].pop(name, None)


def _render(report: Report, edition: str, language: str, languages: list[str], parts: list[Stage]) -> Path:
    """The page of one edition and language from its stages."""
    loaded = [
        {"name": s.notebook, "notebook": read(s.folder / "notebook.ipynb"), "folder": s.folder} for s in parts
    ]
    out = report.out / edition / language
    translate = translator(report, language)
    found = entries([(part["name"], extract(part["notebook"], part["name"])) for part in loaded])
    shown = [str(f["id"]) for f in found if f["kind"] == "finding" and f["verdict"] == "present"]
    refuse(report, _sources(report), present=shown)
    try:
        return render_page(
            report, loaded, out, language, edition=edition, translate=translate, languages=languages
        )
    finally:
        shutil.rmtree(out.with_name(f".{language}.new"), ignore_errors=True)
