"""Say what a file or folder is before anything is built: `kit inspect`. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import loaders
from kit.case.stage import NO_AUTHOR
from kit.errors import InputError, KitError, NotAnExport, ReportError, printable
from kit.loaders import Format, Rejection, Source
from kit.report import load

SHOWN = 5  # rejections shown one by one; the others are counted by reason


def inspect(path: Path, report: str | None = None) -> Iterator[tuple[str, bool]]:
    """Lines about every file behind `path`, each with whether the file can be read.

    A single file is told about in full; of several there is one table, then what was
    rejected and warned of in each. With `report`, files are read with the column map, zone
    and encoding that the report file gives for them.
    """
    options = _options(path, report) if report else {}
    try:
        found = loaders.sources(path, options)
    except KitError as error:
        yield printable(error, 2000), False
        return
    seen: list[Look] = []
    aside: list[tuple[str, str]] = []
    for source in found:
        try:
            seen.append(_look(source, loaders.recognise(source, options), options))
        except NotAnExport as error:
            if source.alone:
                yield printable(error, 2000), False
            else:
                aside.append((source.name, error.what))
        except InputError as error:
            yield printable(error, 2000), False
    one = len(found) == 1 and found[0].alone
    for look in seen if one else []:
        yield from ((line, True) for line in [*_block(look), *_details(look)])
    if not one:
        yield from ((line, True) for line in _several(seen, aside))
        if not seen:
            yield f"{printable(path.name, 120)}: holds no file that can be read", False


def _options(path: Path, name: str) -> dict[str, Any]:
    report = load(name)
    for export in report.exports:
        if export.path.resolve() == path.resolve():
            return export.options
    listed = ", ".join(e.name for e in report.exports)
    raise ReportError(f"'{path.name}' is not an export of '{name}'", hint=f"Its exports: {listed}")


@dataclass
class Look:
    """What one file is and holds: counts only, so that the size of a file does not matter."""

    name: str
    format: Format
    kept: Counter[str] = field(default_factory=Counter)  # by table, `context` apart
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)  # by field and reason
    examples: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    accounts: int = 0
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    @property
    def rejected(self) -> int:
        """Records that could not be kept."""
        return sum(self.reasons.values())

    @property
    def read(self) -> int:
        """Records of the file, those beside collected posts left out."""
        return sum(self.kept.values()) - self.kept["context"] + self.rejected


def _look(source: Source, format_: Format, options: dict[str, Any]) -> Look:
    """Read one source to its end."""
    look = Look(source.name, format_)
    accounts: set[int] = set()
    for item in format_.read(source, options):
        if isinstance(item, Rejection):
            look.reasons[item.field, item.reason] += 1
            if len(look.examples) < SHOWN:
                look.examples.append(_rejection(source.name, item))
            continue
        look.kept["context" if item.context else item.table] += 1
        if item.context:
            continue
        author = item.values.get("account_id") or (item.author or {}).get("account_id")
        if author:
            accounts.add(hash(author))
        elif item.table == "posts":
            source.warnings[NO_AUTHOR] += 1
        time = item.values.get("created_at") if item.table == "posts" else None
        if isinstance(time, dt.datetime):
            look.first, look.last = min(look.first or time, time), max(look.last or time, time)
    look.accounts, look.warnings = len(accounts), source.warnings
    return look


def _block(look: Look) -> Iterator[str]:
    """One file in full."""
    yield printable(look.name, 120)
    yield f"  format    {look.format.title} ({look.format.tool})"
    counts = ", ".join(f"{n:,} {table}" for table, n in sorted(look.kept.items())) or "none"
    yield f"  records   {look.read:,} read: {counts}, {look.rejected:,} rejected"
    yield f"  accounts  {look.accounts:,}"
    if look.first and look.last:
        yield f"  time      {look.first:%Y-%m-%d %H:%M} to {look.last:%Y-%m-%d %H:%M} UTC"


def _details(look: Look) -> Iterator[str]:
    """What was rejected in a file and what is odd in it, by reason, with examples."""
    for (name, reason), n in look.reasons.most_common():
        yield f"  rejected  {n:,} × {printable(name)}: {printable(reason, 160)}"
    yield from (f"            {line}" for line in look.examples)
    for warning, n in sorted(look.warnings.items()):
        yield f"  warning   {n:,} × {printable(warning, 160)}"


_COLUMNS = ("file", "format", "tool", "records", "accounts", "from", "to (UTC)", "rejected", "warnings")
_WIDEST = 40  # characters of one cell
_NUMBERS = (3, 4, 7, 8)


def _several(seen: list[Look], aside: list[tuple[str, str]]) -> Iterator[str]:
    """One table of several files, then the details of those that have any."""
    rows = [_COLUMNS, *map(_row, seen)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    for row in rows if seen else []:
        cells = (
            cell.rjust(width) if i in _NUMBERS else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
    for look in seen:
        if details := list(_details(look)):
            yield ""
            yield printable(look.name, 120)
            yield from details
    for name, why in aside:
        yield ""
        yield printable(name, 120)
        yield f"  set aside: {printable(why, 200)}"


def _row(look: Look) -> tuple[str, ...]:
    days = (f"{day:%Y-%m-%d}" if day else "-" for day in (look.first, look.last))
    words = (look.name, look.format.title, look.format.tool)
    cells = (printable(word, _WIDEST) for word in words)
    return (
        *cells,
        f"{look.read:,}",
        f"{look.accounts:,}",
        *days,
        f"{look.rejected:,}",
        f"{sum(look.warnings.values()):,}",
    )


def _rejection(name: str, item: Rejection) -> str:
    where = f"{printable(name, 60)}, " + (f"line {item.line}" if item.line else f"record {item.number}")
    return f"{where}, {printable(item.field)}: {printable(item.reason, 120)}, found '{printable(item.found)}'"
