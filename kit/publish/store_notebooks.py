"""The notebooks of the project: run on the sample, public edition, and saved with their results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat

from kit import report as reports
from kit.errors import ReportError, nearest
from kit.publish.parameters import read
from kit.publish.run import Stage, execute
from kit.report import CODE


def store_notebooks(names: list[str]) -> list[Path]:
    """Run `names` (all notebooks by default) on the sample and save them; returns their paths."""
    known = {p.stem: p for p in sorted((CODE / "notebooks").glob("*.ipynb"))}
    for name in names:
        if name not in known:
            raise ReportError(f"no notebook '{name}'", hint=nearest(name, known))
    report = reports.load("sample")
    folder = report.out / ".store"
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for name in names or list(known):
        path, clean = known[name], folder / f"{name}.ipynb"
        notebook = read(path)
        _clean(notebook)
        nbformat.write(notebook, clean)  # the notebook itself stays as it is until its new results are whole
        stage = Stage(name, clean, {}, "public", "en", "store", folder / name)
        execute(report, [stage], defaults=True)
        done = read(stage.folder / "notebook.ipynb")
        _clean(done, outputs=True)
        done["metadata"]["daylight"] = {"report": "sample", "edition": "public", "language": "en"}
        text = nbformat.writes(done) + "\n"
        new = path.with_name(path.name + ".new")
        new.write_text(text, encoding="utf-8")
        os.replace(new, path)
        saved.append(path)
    return saved


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
