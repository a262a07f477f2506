"""The notebooks of the project: run on the sample, public edition, and saved with their results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat

from kit import report as reports
from kit.publish.parameters import read
from kit.publish.run import Run
from kit.publish.stages import Stage


def store_notebooks(names: list[str]) -> list[Path]:
    """Run `names` (all notebooks by default) on the sample and save them; returns their paths."""
    known = reports.check_notebooks(names)
    report = reports.load("sample")
    folder = report.out / ".store"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for name in names or list(known):
        clean, notebook = folder / f"{name}.ipynb", read(known[name])
        _clean(notebook)
        nbformat.write(notebook, clean)  # the notebook itself stays as it is until its new results are whole
        wanted[name] = Stage(name, clean, {}, "public", "en", "store", folder / name)
    with Run(report) as work:
        work.execute(list(wanted.values()))
    return [_save(known[name], stage) for name, stage in wanted.items()]


def _save(path: Path, stage: Stage) -> Path:
    """Put the results of a stage in the place of the notebook's old ones."""
    done = read(stage.folder / "notebook.ipynb")
    _clean(done, outputs=True)
    done["metadata"]["daylight"] = {"report": "sample", "edition": "public", "language": "en"}
    new = path.with_name(path.name + ".new")
    new.write_text(nbformat.writes(done) + "\n", encoding="utf-8")
    os.replace(new, path)
    return path


def _clean(notebook: Any, *, outputs: bool = False) -> None:
    """Normalise what differs between machines: cell ids by place, kernel, versions."""
    notebook["metadata"] = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook["cells"], 1):
        cell["id"] = f"cell-{number:02d}"
        tags = cell["metadata"].get("tags")
        cell["metadata"] = nbformat.from_dict({"tags": tags} if tags else {})
        if cell["cell_type"] == "code" and not outputs:
            cell["outputs"], cell["execution_count"] = [], None
        for output in cell.get("outputs", []):  # which record it was made from is of use in a run only
            output.get("metadata", {}).pop("daylight", None)
