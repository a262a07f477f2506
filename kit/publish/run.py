"""Run a report: every notebook through papermill, then the page, doing only what changed.

A stage (one notebook in one edition and language) is a pure function of what it depends
on: what the exports hold, its parameters, its source, the modules of the kit that it
imports (and those these import), and the keys of the report file that it was seen to read.
A stage that is whole under its key is not run again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit import case as cases
from kit import closure
from kit.errors import OutputError, ReportError, RunError, nearest
from kit.locale import prose
from kit.publish.crew import Crew, Task, work
from kit.publish.outcome import failure, outcome, unfinished
from kit.publish.parameters import declared, parameters_of, read
from kit.publish.render import check, entries, extract, fresh, render_page, swap_in
from kit.publish.wording import refuse
from kit.report import CODE, Report, home

CELL_SECONDS = 900
CELL_BYTES = 5_000_000  # what one cell may print


@dataclass(frozen=True)
class Stage:
    """One notebook to run: where its source is, with which parameters, under which key.

    `key` holds what is known before it runs. What it read of the report file is known after: the file `key`
    in its folder has both.
    """

    notebook: str
    source: Path
    parameters: dict[str, Any]
    edition: str
    language: str
    key: str
    folder: Path

    def done(self, report: Report) -> bool:
        """Whether this stage is whole under its key, and what it read of the report is as it was."""
        try:
            stored = json.loads((self.folder / "key").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        if not isinstance(stored, dict) or stored.get("key") != self.key:
            return False
        same = all(report.part(name) == told for name, told in stored["reads"].items())
        return same and not check(self.folder)


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
        [case.manifest["stamp"][part] for part in ("code", "report")],
        lock_hash(),
        edition,
        language,
    ]
    found = []
    for notebook, source, checked in wanted:
        code = closure.digest(*modules_of(source))
        key = cases.digest([shared, notebook, source_hash(source), sorted(checked.items()), code])
        folder = report.out / ".stages" / f"{edition}-{language}" / notebook
        found.append(Stage(notebook, source, checked, edition, language, key, folder))
    return found


def modules_of(source: Path) -> list[str]:
    """The modules of the kit that a notebook's answers come from: those its cells import, the door to the
    data, and the makers of the tables that these may ask for."""
    cells = [cell["source"] for cell in read(source)["cells"] if cell["cell_type"] == "code"]
    asked = {name for cell in cells for name in closure.imported_by(cell)}
    tables = cases.derived.asked_by("\n".join(cells), *asked)
    return sorted(asked | {"kit.case", *cases.derived.makers(tables)})


def source_hash(path: Path) -> str:
    """SHA-256 of a notebook's cells without outputs: re-running it by hand changes nothing."""
    cells = [[c["cell_type"], c["source"], list(c["metadata"].get("tags", []))] for c in read(path)["cells"]]
    return cases.digest(cells)


def lock_hash() -> str:
    """SHA-256 of the lock: other libraries may give other numbers."""
    path = CODE / "requirements.lock"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def plan(report: Report, *, editions: list[str], languages: list[str]) -> list[tuple[Stage, bool]]:
    """Every stage with whether it has to run."""
    refuse(report, _sources(report))
    return [
        (stage, not stage.done(report))
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
    with cases.lock(report.out, "run", wait=False, what=report.name):
        todo = [
            (edition, language, stages(report, edition=edition, language=language, given=given))
            for edition in editions
            for language in languages
        ]
        missing = [stage for _e, _l, parts in todo for stage in parts if not stage.done(report)]
        steps = len(missing) + len(todo)
        execute(report, missing, progress=lambda what, done: progress(what, done, steps))
        pages = []
        for number, (edition, language, parts) in enumerate(todo, len(missing)):
            progress(f"page ({edition}, {language})", number, steps)
            pages.append(_render(report, edition, language, languages, parts))
        progress("", steps, steps)
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


def execute(
    report: Report,
    wanted: list[Stage],
    *,
    defaults: bool = False,
    progress: Callable[[str, int], None] = lambda _what, _done: None,
) -> None:
    """Run stages side by side, each into a new folder that is committed by its manifest; only a whole run is kept.

    With `defaults` the notebooks run exactly as they stand, without an injected cell.
    """
    if not wanted:
        return
    modules = sorted({name for stage in wanted for name in modules_of(stage.source)})
    stages_, tasks, new = {}, [], {}
    try:
        for stage in wanted:
            name = f"{stage.notebook} ({stage.edition}, {stage.language})"
            stages_[name], new[name] = stage, fresh(stage.folder)
            job = _job(report, stage, new[name], defaults)
            tasks.append(Task(name, job, weight=_weight(stage.source)))
        with Crew(modules) as crew:
            work(tasks, crew, lambda task: _finish(report, stages_[task.name], task.job), progress)
    finally:
        for folder in new.values():
            shutil.rmtree(folder, ignore_errors=True)


def _weight(source: Path) -> int:
    """How much work a notebook is thought to be: by the settings that its findings are tried under."""
    cells = [cell["source"] for cell in read(source)["cells"] if cell["cell_type"] == "code"]
    return len(cells) + 3 * sum(cell.count(",") for cell in cells if "kit.finding(" in cell)


def _job(report: Report, stage: Stage, new: Path, defaults: bool) -> Path:
    """Write down what the process that runs a stage must know; returns the file."""
    inside = report.folder.parent == (home() / "reports").resolve()
    own = (
        {"report": report.name if inside else str(report.folder)}
        if "report" in declared(stage.source)
        else {}
    )
    content: dict[str, Any] = {
        "source": str(stage.source),
        "target": str(new / "notebook.ipynb"),
        "result": str(new / "result.json"),
        "parameters": {} if defaults else own | stage.parameters,
        "folder": str(new),
        "seconds": CELL_SECONDS,
        "bytes": CELL_BYTES,
        "environment": {
            "DAYLIGHT_OUT": str(new),
            "DAYLIGHT_EDITION": stage.edition,
            "DAYLIGHT_LANGUAGE": stage.language,
        },
    }
    (new / "job.json").write_text(json.dumps(content), encoding="utf-8")
    return new / "job.json"


def _finish(report: Report, stage: Stage, job: Path) -> None:
    """Look at what the process left; commit it where it is whole, raise where it is not."""
    new, content = job.parent, json.loads(job.read_text(encoding="utf-8"))
    target = new / "notebook.ipynb"
    told = outcome(new / "result.json")
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
    (new / "result.json").unlink()
    reads = json.loads((new / "reads.json").read_text(encoding="utf-8"))
    (new / "reads.json").unlink()
    key = {"key": stage.key, "reads": {name: report.part(name) for name in reads}}
    (new / "key").write_text(json.dumps(key, indent=1, sort_keys=True), encoding="utf-8")
    swap_in(new, stage.folder)


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
