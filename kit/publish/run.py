"""Run a report: every notebook through papermill, its results in every language, then the pages.

Only what changed is done, side by side: a notebook is executed once for all languages, what it kept
is said in each (`kit.publish.phrase`), and a page is made where a part of it is new.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from kit import case as cases
from kit import closure
from kit.errors import OutputError, RunError
from kit.locale import catalogue_file, prose
from kit.publish.crew import Crew, Task, work
from kit.publish.outcome import failure, outcome, unfinished
from kit.publish.parameters import declared, read
from kit.publish.phrase import note_spoken, still_right
from kit.publish.render import check, entries, extract, fresh, render_page, swap_in
from kit.publish.render.folder import MANIFEST
from kit.publish.stages import Stage, code_cells, modules_of, source_of, sources, stages, tables_of
from kit.publish.wording import refuse
from kit.report import CODE, Report, home

CELL_SECONDS = 900
CELL_BYTES = 5_000_000  # what one cell may print
#: what papermill and every kernel need, loaded once for all notebooks of a run; nothing here may start a
#: thread, open DuckDB or choose a drawing backend
TO_EXECUTE = (
    "papermill",
    "papermill.clientwrap",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "duckdb",
    "pyarrow.parquet",
)
#: what metrics and figures load when they are first asked
TO_COMPUTE = ("scipy.stats", "numba", "networkx")
TO_SAY = ("kit.publish.phrase", "matplotlib.font_manager", "babel.numbers", "babel.dates")
TO_DRAW = ("seaborn",)


@dataclass(frozen=True)
class Part:
    """The results of a stage in one language."""

    stage: Stage
    language: str
    folder: Path

    def key(self, report: Report, code: str) -> str:
        """What these results depend on besides the texts of the catalogues."""
        try:
            executed = (self.stage.folder / "manifest.json").read_bytes()
        except OSError:
            return ""
        told = [
            cell["source"] for cell in read(self.stage.source)["cells"] if cell["cell_type"] == "markdown"
        ]
        return cases.digest([executed, self.language, report.languages, code, told])

    def done(self, report: Report, code: str) -> bool:
        """Whether they are whole, and would be said again in the same words."""
        same = _says(self.folder / "key", self.key(report, code))
        return same and not check(self.folder) and still_right(self.folder)


def _says(path: Path, key: str) -> bool:
    """Whether a file of the run's own holds this key; whatever else stands there, damaged or not, is another one."""
    try:
        return path.read_bytes() == key.encode()
    except OSError:
        return False


def translator(report: Report, language: str) -> Callable[[str, str], str]:
    """(notebook, Markdown cell) -> the cell in `language`."""

    def translate(notebook: str, text: str) -> str:
        return prose(notebook, text, language, source_of(report, notebook).parent)

    return translate


def plan(report: Report, *, editions: list[str], languages: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """What a run would do: run, say or keep, with edition, language and notebook."""
    refuse(report, sources(report))
    code = closure.digest("kit.notebook.speech", "kit.publish.phrase")
    for edition in editions:
        listed = stages(report, edition=edition)
        done = {stage.notebook for stage in listed if stage.done(report)}
        for language in languages:
            for stage in listed:
                part = _part(report, stage, language)
                ready = stage.notebook in done and (part.stage == stage or part.stage.done(report))
                step = "run" if not ready else "keep" if part.done(report, code) else "say"
                yield step, edition, language, stage.notebook


def run(
    report: Report,
    *,
    editions: list[str] | None = None,
    languages: list[str] | None = None,
    given: dict[str, dict[str, Any]] | None = None,
    jobs: int | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> list[Path]:
    """Do what changed and render the pages; returns the pages' paths, first language first.

    `jobs` notebooks run at a time, by default as many as there are processors.
    """
    editions, languages = editions or ["public"], languages or list(report.languages)
    refuse(report, sources(report))
    _writable(report.out)
    for edition in editions:
        for language in languages:
            _folder_or_nothing(report.out / edition / language)
    with cases.lock(report.out, "run", wait=False, what=report.name):
        listed = [s for edition in editions for s in stages(report, edition=edition, given=given)]
        pages = [(edition, language) for edition in editions for language in languages]
        with Run(report, jobs, progress, len(pages)) as work_:
            while work_.do(listed, languages):  # a second time where a notebook asked for its language
                pass
        made = []
        for number, (edition, language) in enumerate(pages):
            progress(f"page ({edition}, {language})", work_.steps + number, work_.steps + len(pages))
            parts = [_part(report, s, language) for s in listed if s.edition == edition]
            made.append(_page(report, edition, language, languages, parts))
        progress("", work_.steps + len(pages), work_.steps + len(pages))
    return made


def _part(report: Report, stage: Stage, language: str) -> Part:
    """The results of a stage in a language; where its notebook asked for it, from an execution of its own."""
    other = language != stage.language and stage.bound
    folder = report.out / ".stages" / f"{stage.edition}-{language}" / stage.notebook
    return Part(stage.in_language(language) if other else stage, language, folder)


class Run:
    """The work of one run: executions and phrasings, each into a new folder that is put in place when whole."""

    def __init__(
        self,
        report: Report,
        jobs: int | None = None,
        progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
        pages: int = 0,
    ) -> None:
        self.report, self.pages, self.steps = report, pages, 0  # steps: tasks so far
        self.code = closure.digest("kit.notebook.speech", "kit.publish.phrase")
        self._jobs, self._tell = jobs, progress
        self._new: list[Path] = []
        self._finish: dict[str, Callable[[Path], None]] = {}
        self._crew: Crew | None = None
        self._kernels: Any = None
        self._case: Any = None

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_error: Any) -> None:
        try:
            if self._crew is not None:
                self._crew.close()
            if self._kernels is not None:
                self._kernels.kill()
                self._kernels.wait()
        finally:
            for folder in self._new:
                shutil.rmtree(folder, ignore_errors=True)

    def do(self, listed: list[Stage], languages: list[str]) -> bool:
        """Whatever is missing of the stages and their languages; whether there was anything."""
        tasks: list[Task] = []
        parts = [_part(self.report, stage, language) for stage in listed for language in languages]
        executed: dict[Path, str] = {}
        for stage in {s.folder: s for s in (*listed, *(part.stage for part in parts))}.values():
            if not stage.done(self.report):
                needed = self._tables(stage, tasks)
                task = self._execution(stage, frozenset(needed))
                executed[stage.folder] = task.name
                tasks.append(task)
        for part in parts:
            waits = executed.get(part.stage.folder)
            if waits or not part.done(self.report, self.code):
                tasks.append(self._phrasing(part, waits))
        self._all(tasks, listed if executed else [])
        return bool(tasks)

    def execute(self, listed: list[Stage]) -> None:
        """Stages exactly as their notebooks stand, without an injected cell."""
        self._all([self._execution(stage, defaults=True) for stage in listed], listed)

    def _all(self, tasks: list[Task], stages_: list[Stage]) -> None:
        if not tasks:
            return
        if self._crew is None:
            if any(_compiles(stage) for stage in stages_):
                from kit import kernels  # here: it loads the compiler

                self._kernels = kernels.compile_in_background()
            self._crew = Crew(_loaded(stages_), workers=self._jobs)
        before, self.steps = self.steps, self.steps + len(tasks)
        whole = self.steps + self.pages
        work(
            tasks,
            self._crew,
            lambda task: self._finish[task.name](task.job),
            lambda what, done: self._tell(what, before + done, whole),
        )

    def _tables(self, stage: Stage, tasks: list[Task]) -> list[str]:
        """The tasks that make the derived tables that a notebook will ask for; new ones are put before it.

        So they are made once, side by side, and outside the time that a cell may take.
        """
        if self._case is None:
            self._case = cases.open(self.report, edition=stage.edition, language=stage.language)
        wanted = self._case.lacking(*tables_of([cell["source"] for cell in code_cells(stage.source)]))
        known = {task.name for task in tasks}
        for number, table in enumerate(wanted):
            if table not in known:
                tasks.append(self._making(table, frozenset(wanted[:number]) & _before(table)))
        return wanted

    def _making(self, table: str, after: frozenset[str]) -> Task:
        new = self._fresh(self.report.out / ".stages" / "tables" / table)
        content = {
            "call": "kit.publish.run:make_table",
            "result": str(new / "result.json"),
            "report": str(self.report.folder),
            "table": table,
        }
        (new / "job.json").write_text(json.dumps(content), encoding="utf-8")
        self._finish[table] = lambda job: _made(table, job)
        return Task(table, new / "job.json", after, weight=1000)

    def _execution(
        self, stage: Stage, after: frozenset[str] = frozenset(), *, defaults: bool = False
    ) -> Task:
        name = f"{stage.notebook} ({stage.edition}, {stage.language})"
        new = self._fresh(stage.folder)
        job = _job(self.report, stage, new, defaults)
        self._finish[name] = lambda job: _executed(self.report, stage, job, self.code)
        return Task(name, job, after, weight=100 + _weight(stage.source))

    def _phrasing(self, part: Part, after: str | None) -> Task:
        name = f"{part.stage.notebook} ({part.stage.edition}), {part.language}"
        new = self._fresh(part.folder)
        content = {
            "call": "kit.publish.phrase:phrase",
            "result": str(new / "result.json"),
            "executed": str(part.stage.folder),
            "source": str(part.stage.source),
            "folder": str(new),
            "old": str(part.folder),
            "language": part.language,
            "languages": list(self.report.languages),
            "code": self.code,
        }
        (new / "job.json").write_text(json.dumps(content), encoding="utf-8")
        self._finish[name] = lambda job: _phrased(self.report, part, job, self.code)
        return Task(name, new / "job.json", frozenset([after] if after else []))

    def _fresh(self, folder: Path) -> Path:
        new = fresh(folder)
        self._new.append(new)
        return new


def _compiles(stage: Stage) -> bool:
    """Whether a notebook may come to kernels, which compile for seconds."""
    cells = [cell["source"] for cell in code_cells(stage.source)]
    return closure.path_of("kit.compiled") in closure.files(*modules_of(cells))


def _before(table: str) -> set[str]:
    return set(cases.derived.AFTER.get(table, ()))


def make_table(job: dict[str, Any]) -> None:
    """Do a job of `kit.publish.execute`: make a derived table of a report's case."""
    cases.open(job["report"]).prepare(job["table"])


def _made(table: str, job: Path) -> None:
    """Look at how the making of a table ended."""
    told = outcome(job.parent / "result.json")
    shutil.rmtree(job.parent, ignore_errors=True)
    if not told["ok"]:
        raise failure(table, job.parent / "notebook.ipynb", told, {"seconds": 0, "bytes": 0})


def _loaded(executed: list[Stage]) -> list[str]:
    """The modules that the processes of a run will need."""
    if not executed:
        return [*TO_SAY, *TO_DRAW]
    cells = [cell["source"] for stage in executed for cell in code_cells(stage.source)]
    asked = modules_of(cells)
    metrics = [name for name in asked if name.startswith("kit.metrics")]
    return [*TO_EXECUTE, *TO_SAY, *((*TO_COMPUTE, *TO_DRAW) if metrics else ()), "kit.notebook", *metrics]


def _weight(source: Path) -> int:
    """How much work a notebook is thought to be: by the settings that its findings are tried under."""
    cells = [cell["source"] for cell in code_cells(source)]
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
        "notebook": str(stage.source),
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


def _executed(report: Report, stage: Stage, job: Path, code: str) -> None:
    """Look at what the process left; put it in place where it is whole, raise where it is not."""
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
    reads = set(note_spoken(new, code, stage.language, report.languages))
    key = {
        "key": stage.key,
        "reads": {name: report.part(name) for name in sorted(reads - {"language"})},
        "bound": stage.language if "language" in reads else None,
    }
    (new / "key").write_text(json.dumps(key, indent=1, sort_keys=True), encoding="utf-8")
    swap_in(new, stage.folder)


def _phrased(report: Report, part: Part, job: Path, code: str) -> None:
    """Put the results of one language in place."""
    new = job.parent
    if part.stage.bound and part.language != part.stage.language:
        return  # seen only now: the notebook has to be executed in this language
    told = outcome(new / "result.json")
    if not told["ok"]:
        raise failure(
            part.stage.notebook, new / "notebook.ipynb", told, {"seconds": CELL_SECONDS, "bytes": 0}
        )
    job.unlink()
    (new / "result.json").unlink()
    (new / "key").write_text(part.key(report, code), encoding="utf-8")
    swap_in(new, part.folder)


def _strip(notebook: Any) -> None:
    """Leave out what differs from run to run and what names this machine."""
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"], 1):
        cell["id"] = f"cell-{number:02d}"  # papermill draws one for the cell it puts in
        for name in ("papermill", "execution"):
            cell["metadata"].pop(name, None)


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


def _page(report: Report, edition: str, language: str, languages: list[str], parts: list[Part]) -> Path:
    """The page of one edition and language; the one that is there where nothing it is made of changed."""
    out = report.out / edition / language
    key = _page_key(report, edition, language, languages, parts)
    stored = report.out / ".stages" / f"{edition}-{language}" / ".page.key"
    if not check(out) and _says(stored, key + _mark(out)):
        return out / "index.html"
    page = _rendered(report, edition, language, languages, parts)
    stored.write_text(key + _mark(out), encoding="utf-8")
    return page


def _mark(page: Path) -> str:
    """What tells the folder of a page from another that is as whole: the page of another edition, put there by hand."""
    return hashlib.sha256((page / MANIFEST).read_bytes()).hexdigest()


def _page_key(report: Report, edition: str, language: str, languages: list[str], parts: list[Part]) -> str:
    """What a page is made of: results, the report, templates, code, and the words of its language."""
    templates = sorted((CODE / "kit" / "publish" / "templates").iterdir())
    proses = [source_of(report, p.stage.notebook).parent / "locale" / language for p in parts]
    words = [
        catalogue_file(language),
        *(f / f"{p.stage.notebook}.po" for f, p in zip(proses, parts, strict=True)),
    ]
    return cases.digest(
        [
            [edition, language, languages, [p.stage.notebook for p in parts]],
            [(part.folder / "manifest.json").read_bytes() for part in parts],
            report.fingerprint(),
            closure.digest("kit.publish.run"),
            [path.read_bytes() for path in (*templates, *words) if path.is_file()],
        ]
    )


def quantities_of(parts: list[Part]) -> list[dict[str, Any]]:
    """What the stages of an edition say of every number, with the true ones: for the auditor alone."""
    from kit.notebook import kept  # with what draws: nothing of it is needed where nothing changed

    return [one for part in parts for one in kept.quantities(part.stage.folder)]


def _audited(report: Report, parts: list[Part]) -> None:
    """An error where a reader of all numbers together could work out a count of 1 to 9 people.

    The numbers are the same in every language, and after an edit of words: what was looked at is not looked at again.
    """
    from kit.disclosure import audit

    quantities = quantities_of(parts)
    key = cases.digest([quantities, closure.digest("kit.disclosure.audit")])
    seen = report.out / ".stages" / ".audited"
    if _says(seen, key):
        return
    if found := audit.leaks(quantities):
        lines = "; ".join(leak.line() for leak in found[:3])
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
        hint = "Leave out the table or the total that gives it away, or join its classes."
        raise RunError(
            f"the public edition would give away a count of fewer than ten people: {lines}{more}", hint=hint
        )
    seen.write_text(key, encoding="utf-8")


def _rendered(report: Report, edition: str, language: str, languages: list[str], parts: list[Part]) -> Path:
    if edition == "public":
        _audited(report, parts)
    loaded = [
        {"name": p.stage.notebook, "notebook": read(p.folder / "notebook.ipynb"), "folder": p.folder}
        for p in parts
    ]
    out = report.out / edition / language
    translate = translator(report, language)
    together = _settled(report, loaded, parts)
    found = entries([(part["name"], part["blocks"]) for part in loaded], guarded=False)
    shown = [str(f["id"]) for f in found if f["kind"] == "finding" and f["verdict"] in ("found", "higher")]
    refuse(report, sources(report), present=shown)
    try:
        return render_page(
            report,
            loaded,
            out,
            language,
            edition=edition,
            translate=translate,
            languages=languages,
            together=together,
        )
    finally:
        shutil.rmtree(out.with_name(f".{language}.new"), ignore_errors=True)


def _settled(report: Report, loaded: list[dict[str, Any]], parts: list[Part]) -> dict[str, int]:
    """Give each notebook its blocks, the findings as they stand beside those of the others; what is said of all."""
    from kit.claims import whole
    from kit.notebook import findings, kept

    for item in loaded:
        item["blocks"] = extract(item["notebook"], item["name"])
    records = [
        (part.stage.notebook, record)
        for part in parts
        for number in kept.numbers(part.stage.folder)
        if (record := kept.record_of(part.stage.folder, number))["kind"] == "finding"
    ]
    settled, together = whole.settled([record for _name, record in records])
    told = {
        (name, record["item"]["id"]): findings.told_finding(record, report.languages)
        for (name, _old), record in zip(records, settled, strict=True)
    }
    for item in loaded:
        item["blocks"] = [
            replace(block, data=told.get((item["name"], block.data["id"]), block.data))
            if block.kind == "finding"
            else block
            for block in item["blocks"]
        ]
    return together
