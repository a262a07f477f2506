"""Daylight: bring coordinated inauthentic networks to light, without accusing innocents.

What a researcher needs: `open` a report's case, `show` a table with its figure,
state `facts` and a `finding`, and close the notebook with its `colophon`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kit import threads
from kit.version import __version__ as __version__

if TYPE_CHECKING:
    from kit.case import Case
    from kit.errors import KitError
    from kit.notebook import colophon, facts, finding, network, note, show

__all__ = ["Case", "KitError", "colophon", "facts", "finding", "network", "note", "open", "show"]

threads.one_for_algebra()  # before NumPy, in whatever process: JupyterLab, papermill, the command line, tests

# where each public name lives; read on first use, so that the command line starts at once
_HOMES = {"Case": "case", "KitError": "errors"} | dict.fromkeys(
    ("colophon", "facts", "finding", "network", "note", "show"), "notebook"
)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"kit.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'kit' has no attribute '{name}'")


def open(report: str, *, edition: str | None = None, language: str | None = None) -> Case:
    """Open the case of a report, building or refreshing it when its exports changed.

    Parameters
    ----------
    report : str
        Name of a folder in `reports/`, or a path to one.
    edition : {"public", "internal"}, optional
        "public", the default, has pseudonyms and no names, profile texts or posts' texts.
    language : str, optional
        One of the report's languages; by default its first.

    Returns
    -------
    Case
        The case of which `kit.show`, `kit.facts` and `kit.finding` speak from now on.

    Raises
    ------
    KitError
        Where there is no such report, or one of its files cannot be read as it is.

    Examples
    --------
    >>> import kit
    >>> case = kit.open("sample")
    >>> case.edition, case.groups
    ('public', ['studied', 'control', 'context'])
    """
    from kit import case, notebook

    opened = case.open(report, edition=edition, language=language)
    notebook.opened(opened)
    return opened
