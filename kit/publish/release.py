"""The release gate: the one way by which a report leaves the house.

`release(report)` makes `reports/NAME/release/` from the pages of the public edition, or refuses: while a question
of the report file is not answered (`kit.report.questions`), while a stage is of another edition, and while any
private value of the case stands in any byte of the folder (`kit.disclosure.scan`). The folder is built beside its
final name, looked at there, and put in place whole, with a manifest of hashes written last; what was released
before stays until then.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import case as cases
from kit.disclosure.scan import scan
from kit.errors import OutputError, ReleaseError, ReportError, RunError
from kit.publish import ledger, private
from kit.publish import run as runs
from kit.publish.parameters import read
from kit.publish.render import check, extract, fresh, swap_in
from kit.publish.render.folder import MANIFEST, listing
from kit.report import Report
from kit.report.questions import unanswered

EDITION = "public"


@dataclass(frozen=True)
class Release:
    """A folder that may leave the house, and what the scan looked for: counts that stay in it."""

    folder: Path
    counts: Counter[str]


def folder_of(report: Report) -> Path:
    """Where the release of a report stands."""
    return report.folder / "release"


def release(
    report: Report,
    *,
    jobs: int | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> Release:
    """Make the folder of `report` that may be published; runs what is not up to date before.

    Raises `ReleaseError` with one line for each reason not to, and leaves an older release as it was.
    """
    if asked := unanswered(report):
        what = f"{len(asked)} questions of the report file are not answered"
        raise ReleaseError(
            what, where=report.name, lines=map(str, asked), hint="docs/publishing.md says why they are asked."
        )
    runs.run(report, editions=[EDITION], jobs=jobs, progress=progress)
    final = folder_of(report)
    with cases.lock(report.out, "run", wait=False, what=report.name):
        _of_this_edition(report)
        said = _quantities(report)
        if moved := ledger.moved_too_soon(report, said):
            what = f"{len(moved)} numbers moved away from the last version too soon"
            hint = f"The stages are older than the ledger: delete {report.name}/out and publish again."
            raise ReleaseError(what, where=report.name, lines=moved, hint=hint)
        if apart := ledger.told_by_difference(report, said):
            what = f"{len(apart)} numbers differ from the last version by fewer than ten people"
            hint = "Leave the table out, or join its classes."
            raise ReleaseError(what, where=report.name, lines=apart, hint=hint)
        temp = fresh(final)
        try:
            _copy(report, temp)
            progress("looking for private values", 1, 1)
            found = scan(temp, private.values(report), private.words(report))
            if found.hits:
                what = f"{len(found.hits)} places hold what is private, or cannot be read"
                hint = "Mend the notebook or the report file; docs/publishing.md says what each column is."
                raise ReleaseError(what, where=report.name, lines=map(str, found.hits), hint=hint)
            extra = {"report": report.name, "date": str(report.date), "languages": list(report.languages)}
            swap_in(temp, final, extra=extra)
            ledger.add(report, said, cases.digest([(final / MANIFEST).read_bytes()]))
        finally:
            shutil.rmtree(temp, ignore_errors=True)
    return Release(final, found.counts)


def _quantities(report: Report) -> list[dict[str, Any]]:
    """What the public stages say of every number."""
    from kit.notebook import kept

    folder = report.out / ".stages"
    stages = [
        folder / f"{EDITION}-{code}" / name for code in report.languages for name, _given in report.notebooks
    ]
    executed = [folder / EDITION / name for name, _given in report.notebooks]
    return [one for place in (*executed, *stages) for one in kept.quantities(place)]


def is_released(report: Report) -> bool:
    """Whether the release of `report` is whole and holds its pages as they are now."""
    final = folder_of(report)
    if not final.is_dir() or check(final):
        return False
    pages = {
        name: entry
        for name, entry in listing(report.out / EDITION).items()
        if name.partition("/")[0] in report.languages
    }
    return bool(pages) and listing(final) == pages


def _page(report: Report, language: str) -> Path:
    return report.out / EDITION / language


def _of_this_edition(report: Report) -> None:
    """Every mark of every notebook that the pages are made of, not only the last, says the public edition."""
    for language in report.languages:
        for notebook, _parameters in report.notebooks:
            path = report.out / ".stages" / f"{EDITION}-{language}" / notebook / "notebook.ipynb"
            try:
                blocks = extract(read(path), notebook)
            except (ReportError, RunError):
                raise _not_whole(report) from None
            marks = [block.data for block in blocks if block.kind == "colophon"]
            editions = {str(mark.get("edition")) for mark in marks} or {"none"}
            if editions != {EDITION}:
                other = ", ".join(sorted(editions - {EDITION}))
                line = f"{notebook} ({language}): a cell ran in another edition: {other}"
                hint = "A release is made of public stages only. Open the case once, with kit.open(report)."
                raise ReleaseError(
                    "a notebook is not of the public edition", where=report.name, lines=[line], hint=hint
                )


def _copy(report: Report, temp: Path) -> None:
    """The pages of every language, with their tables, figures and findings; whole as they were built."""
    for language in report.languages:
        page = _page(report, language)
        if page.is_symlink() or check(page):
            raise _not_whole(report)
        try:
            shutil.copytree(page, temp / language, symlinks=True)
        except OSError as error:
            raise OutputError(f"cannot be copied: {error.strerror}", where=str(page)) from error
        if check(temp / language):
            raise _not_whole(report)


def _not_whole(report: Report) -> ReleaseError:
    hint = f"Run it again: kit run {report.name}"
    return ReleaseError("the public pages are not as they were built", where=report.name, hint=hint)
