"""What a case keeps to itself, for the scan of a release, and the words that are public anyway.

`values(report)` reads the tables of the internal edition straight from the case's folder, a batch at a time;
the lists of the report folder and the names of its files are added. `words(report)` holds nothing that comes
from the data: what an account calls itself can excuse nobody.
"""

from __future__ import annotations

import contextlib
import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from kit import case as cases
from kit import locale
from kit.disclosure.scan import (
    ADDRESS,
    FILE,
    HANDLE,
    HIDDEN,
    ID,
    NAME,
    PERSON,
    PLACE,
    RECORD,
    TEXT,
    Kind,
    Public,
    Values,
)
from kit.locale.catalogues import translations
from kit.publish.parameters import read
from kit.publish.stages import sources
from kit.report import CODE, Report
from kit.schema import TABLES

BATCH = 50_000
#: how the private columns of a case are looked for; a new one that is not named here is a text
KINDS: dict[str, Kind] = {
    "handle": HANDLE,
    "display_name": NAME,
    "location": PLACE,
    "based_in": PLACE,
    "connected_via": PLACE,
    "registered_in": PLACE,
    "posted_from": PLACE,
    "place": PLACE,
    "hashtag": PLACE,
    "profile_url": ADDRESS,
    "url": ADDRESS,
    "expanded_url": ADDRESS,
    "indicator": ADDRESS,
    "value": TEXT,
    "media_id": ADDRESS,
    "post_id": ID,
    "reply_to_id": ID,
    "quoted_id": ID,
    "reposted_id": ID,
    "root_id": ID,
    "source_file": FILE,
}
#: rooms of the kit whose source has the words of pages: names of tables, columns and findings, and of the fields that
#: exports have, which the table of rejected records tells
_SPEAKING = (
    "claims",
    "figures",
    "inference",
    "loaders",
    "metrics",
    "notebook",
    "publish",
    "redact",
    "schema",
    "words",
)
#: what a date, a number or a yes looks like: in a rejected record it tells of nobody
_PLAIN = re.compile(r"[\d\s.,:;TZ+/-]*|true|false|null|none", re.IGNORECASE)


def values(report: Report) -> Iterator[Values]:
    """Every private value of the case of `report`, which must be built, and of the lists beside its file."""
    folder = cases.case_folder(report)
    with duckdb.connect() as con:
        con.execute("SET TimeZone='UTC'")
        con.execute("SET enable_progress_bar=false")
        for table in TABLES:
            for edition, view in (("internal", table), ("public", f"public_{table}")):
                path = str(folder / edition / f"{table}.parquet").replace("'", "''")
                con.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
        for table, columns in TABLES.items():
            for column in columns:
                if (column.private or column.identity) and column.name != "raw":
                    yield from _column(con, table, column.name, column.identity)
        yield from _other_columns(con)
        yield from _records(con)
    yield from _names_of_files(report, folder)
    yield from _lists(report)


def _column(con: duckdb.DuckDBPyConnection, table: str, name: str, identity: bool) -> Iterator[Values]:
    kind = ID if identity else KINDS.get(name, TEXT)
    where = ""
    if table == "observations":  # of counts and times nothing is private but that they were observed
        own = sorted({c.name for t in ("accounts", "posts") for c in TABLES[t] if c.private})
        where = "AND field IN (" + ", ".join(f"'{field}'" for field in own) + ")"
    if table == "indicators" and name == "value":
        kind = ADDRESS
    query = f'SELECT DISTINCT CAST("{name}" AS VARCHAR) FROM {table} WHERE "{name}" IS NOT NULL {where}'  # noqa: S608
    yield from _batches(con, query, f"{table}.{name}", kind)


def _batches(con: duckdb.DuckDBPyConnection, query: str, column: str, kind: Kind) -> Iterator[Values]:
    found = con.cursor().execute(query)
    while rows := found.fetchmany(BATCH):
        yield Values(column, kind, [value for (value,) in rows if value])


def _other_columns(con: duckdb.DuckDBPyConnection) -> Iterator[Values]:
    """Values of columns that are public by their meaning, where they hold what they should not."""
    for column in ("name", "role"):
        query = (
            f"SELECT DISTINCT {column} FROM roster WHERE {column} IS NOT NULL AND may_be_named IS NOT TRUE"  # noqa: S608
        )
        yield from _batches(con, query, f"roster.{column}", HIDDEN if column == "name" else PLACE)
    for table, columns in TABLES.items():
        for column in (c.name for c in columns if c.type == "VARCHAR" and not c.private and not c.identity):
            if (table, column) not in (("roster", "name"), ("roster", "role"), ("rejected", "reason")):
                # what only the internal edition holds: words of an export that are none of the known ones
                query = (
                    f'SELECT DISTINCT lower("{column}") FROM {table} WHERE "{column}" IS NOT NULL '  # noqa: S608
                    f'EXCEPT SELECT lower("{column}") FROM public_{table}'
                )
                kind = {"source_file": FILE, "pseudonym": ID}.get(column, PLACE)
                yield from _batches(con, query, f"{table}.{column}", kind)
    # the kit writes the reasons; what it quotes in them is not its own
    quoted = r"['\"«“]([^'\"«»“”]{2,})['\"»”]"
    reasons = [text for (text,) in con.execute("SELECT DISTINCT reason FROM rejected").fetchall() if text]
    said = sorted({found for text in reasons for found in re.findall(quoted, text)})
    yield Values("rejected.reason", PLACE, said)


def _records(con: duckdb.DuckDBPyConnection) -> Iterator[Values]:
    """Rejected records as they stood in the export: whole, for quotations, and the words between their signs."""
    shown = [
        f'SELECT CAST("{c.name}" AS VARCHAR) AS word FROM {table}'  # noqa: S608
        for table in ("posts", "accounts")
        for c in TABLES[table]
        if c.type == "VARCHAR" and not c.private and not c.identity and not c.name.startswith("source_")
    ]
    shown.append("SELECT field AS word FROM public_rejected")  # names of fields that are known
    public = {word for (word,) in con.execute(" UNION ".join(shown)).fetchall() if word}
    found = con.cursor().execute("SELECT raw FROM rejected WHERE raw IS NOT NULL")
    while rows := found.fetchmany(1000):
        texts = [bytes(raw).decode("utf-8", "replace") for (raw,) in rows]
        yield Values("rejected.raw", RECORD, texts)
        words = {w.strip() for text in texts for w in re.split(r"[,;|\t\r\n\"{}\[\]<>]|(?<=\w):\s", text)}
        told = sorted(w for w in words - public if 5 <= len(w) <= 200 and not _PLAIN.fullmatch(w))
        yield Values("rejected.raw", PLACE, told)


def _names_of_files(report: Report, folder: Path) -> Iterator[Values]:
    """Names of exports, of members and sheets in them, and of files that were set aside."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = {export.name for export in report.exports} | {export.path.name for export in report.exports}
    names |= {entry["name"] for entry in manifest["inputs"]}
    names |= {entry["source_file"] for entry in manifest["set_aside"]}
    names |= {
        str(e.options[key]) for e in report.exports for key in ("sheet", "sqlite_table") if key in e.options
    }
    names |= {file[1] for file in report.media.listing}
    for export in report.exports:
        names |= set(_sheets(export.path))
    yield Values("exports.path", FILE, sorted(names))
    said = {str(e.options[key]) for e in report.exports for key in ("source",) if e.options.get(key)}
    yield Values("exports.source", TEXT, sorted(said))


def _sheets(path: Path) -> Iterator[str]:
    if path.suffix.lower() == ".xlsx":
        with contextlib.suppress(zipfile.BadZipFile, KeyError, OSError), zipfile.ZipFile(path) as book:
            found = re.findall(
                r'<sheet\b[^>]*\bname="([^"]*)"', book.read("xl/workbook.xml").decode("utf-8", "replace")
            )
            yield from found


def _lists(report: Report) -> Iterator[Values]:
    """Who coded, reviewed and read, and why accounts were labelled."""
    coders = {row.get("coder") for rows in report.coders for row in rows}
    coders |= {row.get("coder") for row in report.labels}
    coders |= {row.get("reader") for rows in report.readers for row in rows}
    coders |= {name for path in report.media.files for name in _reviewers(path)}
    yield Values("labels.coder", PERSON, sorted(name for name in coders if name))
    yield Values("labels.reason", TEXT, sorted({r["reason"] for r in report.labels if r.get("reason")}))
    yield Values("labels.account", ID, sorted({r["account"] for r in report.labels if r.get("account")}))
    yield Values(
        "open_coordinators.account", ID, sorted({account for _platform, account in report.open_coordinators})
    )


def _reviewers(path: Path) -> Iterator[str]:
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from (row.get(f"reviewer_{number}") or "" for number in (1, 2))


# --- words that are public anyway


def words(report: Report) -> Public:
    """What the kit and the report say to everybody, the names that may be shown and the words allowed."""
    own = [path for path in sources(report) if path.parent == report.folder]
    table = str(cases.case_folder(report) / "internal" / "roster.parquet").replace("'", "''")
    query = f"SELECT name, role FROM read_parquet('{table}') WHERE may_be_named"  # noqa: S608
    with duckdb.connect() as con:
        shown = con.execute(query).fetchall()
    return Public(
        kit="\n".join(_of_the_kit(report)),
        report="\n".join(_of_the_report(report)),
        prose="\n".join(_prose(own)),
        names=tuple(sorted({said for row in shown for said in row if said})),
        allowed=tuple(report.allow_words),
    )


def _of_the_kit(report: Report) -> Iterator[str]:
    from babel import Locale

    for code in report.languages:
        yield from (text for pair in translations(locale.catalogue_file(code), code).items() for text in pair)
        known = Locale.parse(code)
        for coded in (known.languages, known.territories):  # the codes too: `de` is German, and nobody's name
            yield from (*coded, *coded.values())
        for calendar in (known.months, known.days):
            yield from (
                name for forms in calendar.values() for width in forms.values() for name in width.values()
            )
        for po in sorted((CODE / "notebooks" / "locale" / code).glob("*.po")):
            yield from translations(po, code).values()
    yield "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((CODE / "kit" / "words").glob("*.csv"))
    )
    for path in sorted((CODE / "kit" / "publish" / "templates").iterdir()):
        yield path.read_text(encoding="utf-8")
    for path in sorted((CODE / "notebooks").glob("*.ipynb")):
        yield from (cell["source"] for cell in read(path)["cells"])
    for room in _SPEAKING:
        for path in sorted((CODE / "kit" / room).rglob("*.py")):
            yield path.read_text(encoding="utf-8")


def _of_the_report(report: Report) -> Iterator[str]:
    for said in report.prose.values():
        yield from said.values()
    yield from (
        report.name,
        report.contact,
        report.retention,
        report.clock,
        *report.authors,
        *report.selected_on,
    )
    yield from (
        str(export.options["shown_as"]) for export in report.exports if export.options.get("shown_as")
    )
    for entry in (*report.evidence.items(), *report.published, *report.codebook, *report.allow_words.items()):
        yield from _strings(entry)
    for row in report.events:
        yield from (text for key, text in row.items() if key.startswith("label") and text)
    for name, parameters in report.notebooks:
        yield name
        yield from _strings(parameters)
    yield from report.audience_zones if isinstance(report.audience_zones, tuple) else ()


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value of a report file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in _strings(item))
    elif isinstance(value, Iterable):
        yield from (text for item in value for text in _strings(item))
    elif value is not None:
        yield str(value)


def _prose(paths: list[Path]) -> Iterator[str]:
    """What the report's own notebooks say to readers; not their code, which may name whom it looks for."""
    for path in paths:
        yield from (cell["source"] for cell in read(path)["cells"] if cell["cell_type"] == "markdown")
