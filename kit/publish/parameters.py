"""Parameters of a notebook: known names, declared types, and text that stays text."""

from __future__ import annotations

import math
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
import yaml

from kit.errors import ReportError, nearest, printable

#: parameters that had another name before version 0.1.0
RENAMED = {("04_texts", "trace"): "artefact"}
_TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "list": list,
    "dict": dict,
}
_READ: dict[str, Any] = {"int": r"[+-]?\d{1,18}", "float": r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"}


def read(path: Path) -> Any:
    """The notebook at `path`; a file that is none is an error."""
    try:
        with path.open(encoding="utf-8") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what an older notebook lacks is added
            notebook = nbformat.convert(nbformat.reader.read(file), 4)
        if not all({"cell_type", "source", "metadata"} <= set(cell) for cell in notebook["cells"]):
            raise ValueError("a cell is not whole")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        hint = f"Open it in JupyterLab ({printable(str(error).split(chr(10))[0], 80)})."
        raise ReportError("is not a notebook that can be read", where=path.name, hint=hint) from None
    return notebook


def declared(path: Path) -> dict[str, dict[str, Any]]:
    """The parameters that a notebook's cell tagged `parameters` declares, by name."""
    from papermill.inspection import inspect_notebook

    notebook = read(path)
    notebook["cells"] = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])][:1]
    if not notebook["cells"]:
        return {}
    notebook["metadata"]["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return inspect_notebook(notebook)  # not its path: papermill fills in what stands in braces


def parameters_of(path: Path, given: dict[str, Any], where: str) -> dict[str, Any]:
    """`given` checked against the parameters cell: known names, declared types, text unless declared otherwise."""
    if not given:  # most notebooks run as they stand, and papermill takes a while to load
        return {}
    known = declared(path)
    checked = {}
    for name, value in given.items():
        if new := RENAMED.get((path.stem, name)):
            what = f"parameter '{name}' of '{path.stem}' is now called '{new}'"
            raise ReportError(what, where=where, hint="Write the new name.")
        if name not in known or name == "report":
            names = [n for n in known if n != "report"]
            hint = nearest(name, names) or "It has none."
            what = f"'{path.stem}' has no parameter '{printable(name)}'"
            raise ReportError(what, where=where, hint=hint)
        checked[name] = _typed(name, value, known[name], where)
    return checked


def _typed(name: str, value: Any, about: dict[str, Any], where: str) -> Any:
    kind = str(about["inferred_type_name"]).split("[")[0].split("|")[0].strip()
    kind = kind if kind in _TYPES else type(yaml.safe_load(str(about["default"]) or "")).__name__
    wanted = _TYPES.get(kind, str)
    if isinstance(value, str) and wanted is not str:
        value = _from_text(value, kind)
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        what = f"parameter '{name}' holds bytes that are no text"
        raise ReportError(what, where=where, found=value, hint="Type it again.")
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)) and _plain(value)
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        hint = "Put it between quotation marks." if wanted is str else f"Give a value of type {kind}."
        raise ReportError(f"parameter '{name}' must be of type {kind}", where=where, found=value, hint=hint)
    return value


def _plain(value: Any) -> bool:
    """Whether a value is made of what papermill writes as it is; it would turn a date or a set into text."""
    if isinstance(value, list | dict):
        inside = value if isinstance(value, list) else [*value, *value.values()]
        return all(map(_plain, inside))
    return value is None or type(value) in (str, int, float, bool)


def _from_text(text: str, kind: str) -> Any:
    """A value written on the command line; what does not fit stays text. 010 is ten, not YAML's eight."""
    if kind in _READ:
        return (int if kind == "int" else float)(text) if re.fullmatch(_READ[kind], text) else text
    with suppress(yaml.YAMLError):
        return yaml.safe_load(text)
    return text
