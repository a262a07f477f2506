"""Tables of a SQLite database, read without trusting it.

The file is opened read-only and as it is; only tables are read, never views, whose text is
code of whoever made the file. Each column gives the values that are stored, whatever type
it declares. A damaged database is refused before its first record.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit.errors import InputError, printable
from kit.loaders.files import Source
from kit.loaders.files.delimited import Fault, Row

_SECONDS = 20.0  # without a row, after which a database is taken for a trap
_STEPS = 100_000  # of SQLite's machine between two looks at the clock
_CHECKED = 2_000_000  # bytes a second that checking a database may take at the slowest
_LARGEST = 64 * 1024 * 1024  # bytes of one value, as many as one record may have
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
_HINT = "fetch the file again; nothing was read from it"


def tables(source: Source) -> list[str]:
    """Names of the tables, in order; views and tables that SQLite or a module keeps for itself are none."""
    with _opened(source) as (con, _):
        return _tables(con)


def header(source: Source, options: Mapping[str, Any]) -> list[str]:
    """Names of the columns of the table that the options name, or of the only one."""
    with _opened(source) as (con, _):
        return _columns(con, _table(source, options, _tables(con)))


def rows(source: Source, options: Mapping[str, Any], names: list[str]) -> Iterator[Row | Fault]:
    """Each row, its cells in the order of `names`; bytes where a value should be are a fault."""
    with _opened(source) as (con, until):
        table = _table(source, options, _tables(con))
        until(_SECONDS + source.path.stat().st_size / _CHECKED)
        # one damaged byte can hide rows without any error
        if (found := con.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _damaged(source, found)
        con.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY
        )
        until(_SECONDS)
        chosen = ", ".join(_quoted(name) for name in names) or "NULL"
        query = f"SELECT {chosen} FROM {_quoted(table)}"  # noqa: S608  (every name is quoted)
        for number, cells in enumerate(con.execute(query), 1):
            shown = dict(zip(names, cells, strict=False))
            raw = json.dumps(shown, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
            strange = next((name for name, cell in shown.items() if isinstance(cell, bytes)), None)
            if strange is None:
                yield Row(number, None, list(cells), raw)
            else:
                reason = "bytes (a blob) where text or a number was expected"
                yield Fault(number, None, strange, reason, printable(shown[strange]), raw)
            until(_SECONDS)  # whoever takes the rows may take their time


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tables(con: sqlite3.Connection) -> list[str]:
    listed = con.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    return sorted(str(name) for (name,) in listed if not str(name).startswith("sqlite_"))


def _columns(con: sqlite3.Connection, table: str) -> list[str]:
    return [str(name) for (name,) in con.execute("SELECT name FROM pragma_table_xinfo(?)", [table])]


def _table(source: Source, options: Mapping[str, Any], names: list[str]) -> str:
    wanted = options.get("sqlite_table")
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    if not names:
        hint = "save what the view shows as a table, or as CSV"
        raise InputError("the database holds no table; views are not read", where=source.where(), hint=hint)
    shown = ", ".join(f"'{printable(name)}'" for name in names[:20]) + (", …" if len(names) > 20 else "")
    what = "the database has several tables" if wanted is None else f"no table '{printable(wanted)}'"
    raise InputError(what, where=source.where(), hint=f"write `sqlite_table:` with one of {shown}")


@contextmanager
def _opened(source: Source) -> Iterator[tuple[sqlite3.Connection, Callable[[float], None]]]:
    """A connection that can only read, and a function that says how long the next step may take."""
    deadline = time.monotonic() + _SECONDS

    def until(seconds: float) -> None:
        nonlocal deadline
        deadline = time.monotonic() + seconds

    with _on_disk(source) as path:
        con = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        try:
            con.text_factory = _text
            con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
            con.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
                con.execute(f"PRAGMA {setting}")
            yield con, until
        except sqlite3.Error as error:
            if "interrupted" in str(error):
                what = f"the database gives no row within {_SECONDS:.0f} seconds"
                raise InputError(what, where=source.where(), hint="export the table as CSV") from None
            raise _damaged(source, error) from None
        finally:
            con.close()


def _damaged(source: Source, why: object) -> InputError:
    what = f"this is a sqlite file that is damaged ({printable(str(why).splitlines()[-1], 80)})"
    return InputError(what, where=source.where(), hint=_HINT)


@contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """A path that SQLite can open: the file itself, or a copy of what stands in an archive."""
    if not source.member and not source.packing():
        log = source.path.with_name(source.path.name + "-wal")
        if log.is_file() and log.stat().st_size:
            what = f"the database is in use: its last changes are still in '{printable(log.name)}'"
            raise InputError(what, where=source.where(), hint="close the program that writes it first")
        yield source.path.resolve()
        return
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as copy, source.open() as stream:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


def _text(value: bytes) -> Any:
    """Text; bytes that are none stay bytes and become a fault of their record."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
