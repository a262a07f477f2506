"""Daylight: bring coordinated inauthentic networks to light, without accusing innocents.

What a researcher needs: `open` a report's case, `show` a table with its figure,
state `facts` and a `finding`, and close the notebook with its `colophon`.
"""

__version__ = "0.1.0"

from kit import notebook as _notebook
from kit.case import Case
from kit.case import open as _open
from kit.errors import KitError
from kit.notebook import colophon, facts, finding, note, show

__all__ = ["Case", "KitError", "colophon", "facts", "finding", "note", "open", "show"]


def open(report: str, *, edition: str | None = None, language: str | None = None) -> Case:
    """Open the case of `report`, building or refreshing it when its exports changed.

    `report` is a folder in `reports/` (or a path to one). `edition` is "public" (the
    default: pseudonyms, no names, bios or texts) or "internal"; `language` one of the
    report's. Returns the `Case` whose tables `kit.show`, `kit.facts` and `kit.finding`
    speak of from now on.
    """
    case = _open(report, edition=edition, language=language)
    _notebook.opened(case)
    return case
