"""The files of people who read the dossiers of pairs of accounts.

A reader's file is a CSV of the columns edge, label, and, if wanted, reader and date. `edge` is the name
that the dossier gives a pair of accounts; `label` is what the reader thinks of its posts:
together (nothing in them explains the agreement), explained (a common source or habit does) or unclear.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kit.errors import ReportError, nearest
from kit.report import checks

READER_COLUMNS = ("edge", "label", "reader", "date")
READER_REQUIRED = READER_COLUMNS[:2]
LABELS = ("together", "explained", "unclear")


def read_readers(
    paths: Iterable[Path], names: Iterable[str], where: str
) -> tuple[tuple[dict[str, str], ...], ...]:
    """The rows of each reader's file; an edge stands once in each, and each file is by somebody else."""
    files: list[tuple[dict[str, str], ...]] = []
    people: dict[str, Path] = {}
    for path, name in zip(paths, names, strict=True):
        rows = checks.read_list(path, name, READER_REQUIRED, READER_COLUMNS, where)
        lines: dict[str, str] = {}
        for row in rows:
            here = f"{path}, line {row['line']}"
            if row["label"] not in LABELS:
                raise ReportError(
                    "unknown label", where=here, found=row["label"], hint=nearest(row["label"], LABELS)
                )
            if not row["edge"] or row["edge"] in lines:
                what = (
                    f"edge stands already on line {lines[row['edge']]}"
                    if row["edge"]
                    else "field 'edge' is empty"
                )
                raise ReportError(what, where=here, found=row["edge"], hint="Each edge has one row.")
            lines[row["edge"]] = row["line"]
            checks.day(row.get("date") or None, here, "date")
        by = sorted({row.get("reader") or "" for row in rows} - {""})
        if len(by) > 1:
            raise ReportError(
                f"holds the labels of {len(by)} readers", where=str(path), hint="Give each reader a file."
            )
        if by and by[0] in people:
            what, hint = "is by the same reader as another file", "Nobody can agree or disagree with oneself."
            raise ReportError(what, where=str(path), found=people[by[0]].name, hint=hint)
        people |= dict.fromkeys(by, path)
        files.append(rows)
    return tuple(files)
