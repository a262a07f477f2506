"""A page: every finding that the notebooks ask of a case, by the rule that makes the page's own."""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kit.claims import whole
from kit.notebook import findings

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
#: verdicts that say something of the studied
SPOKEN = ("higher", "found")


@functools.cache
def asked() -> str:
    """The notebooks' code without what is not a finding: imports, settings, and each `kit.finding`."""
    kept: list[str] = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                first = "parameters" in cell["metadata"].get("tags", [])
                body = ast.parse("".join(cell["source"])).body
                kept += [ast.unparse(one) for one in body if first or _belongs(one)]
    return "\n".join(kept)


def _belongs(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return "kit" not in [name.name for name in statement.names]
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("kit.finding(")


def page(case: Any, only: Callable[[str], bool] = lambda _id: True) -> list[dict[str, Any]]:
    """What a report says of the case: one item for each finding, at the settings that the notebooks use first.

    Other settings do not decide a verdict, so they are not computed again. The findings stand together as on a page.
    """
    records: list[dict[str, Any]] = []

    def finding(id: str, metric: Any, case: Any, *, vary: dict[str, list[Any]], **settings: Any) -> None:
        if only(id):
            records.append(findings.finding_record(id, _first(metric), case, vary, settings)[0])

    names = {"kit": SimpleNamespace(finding=finding), "case": case}
    exec(asked(), names)  # the project's own notebooks
    return [record["item"] for record in whole.settled(records)[0]]


def _first(metric: Any) -> Any:
    """The metric, computed at the first settings only."""
    known: list[Any] = []

    @functools.wraps(metric)
    def once(case: Any, **settings: Any) -> Any:
        if not known:
            known.append(metric(case, **settings))
        return known[0].copy()

    return once
