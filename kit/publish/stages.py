"""The stages of a report: each notebook once in each edition, and what would make it run again.

A stage is a pure function of what it depends on: what the exports hold, its parameters, its
code cells, the modules of the kit that these import (and those that these import), and the keys
of the report file that it was seen to read. How a result is said (words, figures, prose) is none
of it: that is done for each language from what the notebook kept (`kit.publish.phrase`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit import case as cases
from kit import closure
from kit.errors import ReportError, nearest
from kit.publish.parameters import parameters_of, read
from kit.publish.render import check
from kit.report import CODE, Report

#: what only says results: a change of it runs no notebook
_SAYS = ("figures/", "words/", "notebook/speech.py", "notebook/card.py")


@dataclass(frozen=True)
class Stage:
    """One notebook to run: where its source is, with which parameters, under which key.

    `key` holds what is known before it runs. What it read of the report file is known after: the file `key`
    in its folder has both. `language` is the one in which it is executed.
    """

    notebook: str
    source: Path
    parameters: dict[str, Any]
    edition: str
    language: str
    key: str
    folder: Path

    @property
    def stored(self) -> dict[str, Any]:
        """What the file `key` of this stage says; empty where there is none."""
        try:
            stored = json.loads((self.folder / "key").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stored if isinstance(stored, dict) else {}

    def done(self, report: Report) -> bool:
        """Whether this stage is whole under its key, and what it read of the report is as it was."""
        stored = self.stored
        if stored.get("key") != self.key or (stored["bound"] or self.language) != self.language:
            return False
        same = all(report.part(name) == told for name, told in stored["reads"].items())
        return same and not check(self.folder)

    @property
    def bound(self) -> bool:
        """Whether the notebook asked for the language: then it is executed in each."""
        return bool(self.stored.get("bound"))  # the language

    def in_language(self, language: str) -> Stage:
        """This stage, executed in another language."""
        folder = self.folder.parent.with_name(f"{self.edition}@{language}") / self.notebook
        key = cases.digest([self.key, language])
        return replace(self, language=language, key=key, folder=folder)


def source_of(report: Report, notebook: str) -> Path:
    """The notebook's file: in the report's folder, else in `notebooks/`."""
    for folder in (report.folder, CODE / "notebooks"):
        if (folder / f"{notebook}.ipynb").is_file():
            return folder / f"{notebook}.ipynb"
    known = {p.stem for folder in (report.folder, CODE / "notebooks") for p in folder.glob("*.ipynb")}
    what = f"no notebook '{notebook}', neither in the report's folder nor in notebooks/"
    raise ReportError(what, where=f"{report.name}/report.yml", hint=nearest(notebook, known))


def sources(report: Report) -> list[Path]:
    """The files of the report's notebooks."""
    return [source_of(report, notebook) for notebook, _parameters in report.notebooks]


def stages(report: Report, *, edition: str, given: dict[str, dict[str, Any]] | None = None) -> list[Stage]:
    """The stages of a report in order, each with its key; builds the case where it must."""
    where, wanted = f"{report.name}/report.yml", []
    for notebook, parameters in report.notebooks:  # before the case, which may take long
        source = source_of(report, notebook)
        checked = parameters_of(source, parameters | (given or {}).get(notebook, {}), where)
        wanted.append((notebook, source, checked))
    case = cases.open(report, edition=edition, language=report.languages[0])
    stamp = case.manifest["stamp"]
    shared = [case.manifest["content"], stamp["code"], stamp["report"], lock_hash(), edition]
    found = []
    for notebook, source, checked in wanted:
        cells = code_cells(source)
        code = code_of([cell["source"] for cell in cells])
        asked = [[cell["source"], list(cell["metadata"].get("tags", []))] for cell in cells]
        key = cases.digest([shared, notebook, asked, sorted(checked.items()), code])
        folder = report.out / ".stages" / edition / notebook
        found.append(Stage(notebook, source, checked, edition, report.languages[0], key, folder))
    return found


def code_cells(source: Path) -> list[Any]:
    """The code cells of a notebook."""
    return [cell for cell in read(source)["cells"] if cell["cell_type"] == "code"]


def code_of(cells: list[str]) -> str:
    """SHA-256 of the code that the answers of cells come from, but not of what only says them."""
    files = closure.files(*modules_of(cells))
    said = {path for path in files if path.relative_to(closure.ROOT).as_posix().startswith(_SAYS)}
    return closure.digest_of(path for path in files if path not in said)


def modules_of(cells: list[str]) -> list[str]:
    """The modules of the kit that the answers of cells come from: those they import, the door to the
    data, and the makers of the tables that they may ask for."""
    asked = {*closure.imported_by("\n".join(cells)), "kit.case"}
    return sorted(asked | set(cases.derived.makers(_asked(cells, asked))))


def tables_of(cells: list[str]) -> list[str]:
    """The derived tables that cells may ask for, with those worked out before them, in order."""
    asked = set(closure.imported_by("\n".join(cells)))
    return cases.derived.in_order(_asked(cells, asked))


def _asked(cells: list[str], modules: set[str]) -> list[str]:
    return cases.derived.asked_by("\n".join(cells), *sorted(modules))


def lock_hash() -> str:
    """SHA-256 of the lock: other libraries may give other numbers."""
    path = CODE / "requirements.lock"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
