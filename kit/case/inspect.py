"""Say what a file or folder is before anything is built: `kit inspect`. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import loaders
from kit.case.stage import NO_AUTHOR
from kit.errors import InputError, KitError, NotAnExport, ReportError, printable
from kit.loaders.contract import Rejection
from kit.report import load

SHOWN = 5  # rejections shown one by one; the others are counted by reason


def inspect(path: Path, report: str | None = None) -> Iterator[tuple[str, bool]]:
    """Lines about every file behind `path`, each with whether the file can be read.

    With `report`, files are read with the column map, zone and encoding that the report
    file gives for them.
    """
    options = _options(path, report) if report else {}
    try:
        found = loaders.sources(path, options)
    except KitError as error:
        yield printable(error, 2000), False
        return
    read = 0
    for source in found:
        try:
            format_ = loaders.recognise(source, options)
            yield from ((line, True) for line in _look(source, format_, options))
            read += 1
        except NotAnExport as error:
            if source.alone:
                yield printable(error, 2000), False
            else:
                yield f"{printable(source.name, 120)}", True
                yield f"  set aside: {printable(error.what, 200)}", True
        except InputError as error:
            yield printable(error, 2000), False
    if not read and not (found and found[0].alone):
        yield f"{printable(path.name, 120)}: holds no file that can be read", False


def _options(path: Path, name: str) -> dict[str, Any]:
    report = load(name)
    for export in report.exports:
        if export.path.resolve() == path.resolve():
            return export.options
    listed = ", ".join(e.name for e in report.exports)
    raise ReportError(f"'{path.name}' is not an export of '{name}'", hint=f"Its exports: {listed}")


def _look(source: Any, format_: Any, options: dict[str, Any]) -> Iterator[str]:
    """Read one source to its end, keeping counts only."""
    kept: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    accounts: set[int] = set()
    examples: list[str] = []
    first = last = None
    for item in format_.read(source, options):
        if isinstance(item, Rejection):
            reasons[item.field, item.reason] += 1
            if len(examples) < SHOWN:
                examples.append(_rejection(source.name, item))
            continue
        kept["context" if item.context else item.table] += 1
        author = item.values.get("account_id") or (item.author or {}).get("account_id")
        if author and not item.context:
            accounts.add(hash(author))
        elif not item.context:
            source.doubts[NO_AUTHOR] += 1
        time = item.values.get("created_at") if item.table == "posts" and not item.context else None
        if isinstance(time, dt.datetime):
            first, last = min(first or time, time), max(last or time, time)
    rejected = sum(reasons.values())
    yield f"{printable(source.name, 120)}"
    yield f"  format    {format_.title} ({format_.tool})"
    counts = ", ".join(f"{n:,} {table}" for table, n in sorted(kept.items())) or "none"
    yield f"  records   {sum(kept.values()) - kept['context'] + rejected:,} read: {counts}, {rejected:,} rejected"
    yield f"  accounts  {len(accounts):,}"
    if first and last:
        yield f"  time      {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    for (field, reason), n in reasons.most_common():
        yield f"  rejected  {n:,} × {printable(field)}: {printable(reason, 160)}"
    yield from (f"            {line}" for line in examples)
    for doubt, n in sorted(source.doubts.items()):
        yield f"  doubt     {n:,} × {printable(doubt, 160)}"


def _rejection(name: str, item: Rejection) -> str:
    where = f"{printable(name, 60)}, " + (f"line {item.line}" if item.line else f"record {item.number}")
    return f"{where}, {printable(item.field)}: {printable(item.reason, 120)}, found '{printable(item.found)}'"
