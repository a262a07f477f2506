"""Every registered format against arbitrary bytes and damaged files; the generic table in every kind of file.

Whatever a file holds, reading it ends in records, rejections or an `InputError`, and a case built
from damaged files accounts for every record.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import golden
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports import damaged, lines
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from needs import examples
from worlds import desk, report

from kit import case as cases
from kit import loaders
from kit.errors import InputError
from kit.loaders import FORMATS, Record, Rejection

MAP: dict[str, Any] = {
    "platform": "x",
    "columns": {"post_id": "id", "account_id": "who", "text": "text", "likes": "likes"},
}
OPTIONS = golden.options()
GOOD = golden.samples()


def test_every_format_has_a_good_file() -> None:
    held = {format_ for _, format_, _ in GOOD.values()}
    assert held == set(FORMATS), (
        "give the format a folder in tests/formats, with an export that is its sample"
    )


# --- anything at all


def read(path: Path, options: dict[str, Any]) -> list[Any] | None:
    """Records and rejections of a file, or None where it is refused as a whole."""
    try:
        found = [item for _, _, items in loaders.open_exports(path, options) for item in items]
    except InputError as error:
        refused = str(error)
    else:
        assert all(isinstance(item, Record | Rejection) for item in found)
        return found
    assert "\n" not in refused
    return None


STARTS = [
    b"",
    b"{",
    b"[",
    b'{"a":',
    b"<",
    b"a,b\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"PAR1",
    b"SQLite format 3\0",
]


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=80))
@example(start=b"", rest=b"\0")
@example(start=b"", rest=b'"')
@example(start=b"", rest=b"null\n1\n")
@example(start=b"[", rest=b"[]]")
@example(start=b"{", rest=b"}")
def test_every_format_takes_any_bytes(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "export"
    path.write_bytes(start + rest)
    for name in FORMATS:
        read(path, OPTIONS.get(name, {}) | ({"format": name} if name != "table" else {}))


# --- good files, damaged


@settings(max_examples=examples(250), deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(GOOD)), seed=st.integers(0, 2**32), stated=st.booleans())
def test_a_damaged_file_ends_in_records_rejections_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int, stated: bool
) -> None:
    file, format_, data = GOOD[name]
    path = tmp_path_factory.mktemp("damaged") / file
    path.write_bytes(damaged(data, seed))
    options = OPTIONS.get(format_, {})
    read(path, options | ({"format": format_} if stated and format_ != "table" else {}))


@settings(max_examples=examples(3), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_case_of_damaged_files_accounts_for_every_record(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    home = tmp_path_factory.mktemp("case")
    folder = home / "received"
    entries, expected = [], 0
    chosen = [one for number, one in enumerate(GOOD.values()) if (number + seed) % 4 == 0]
    for number, (file, format_, data) in enumerate(chosen):
        path = folder / str(number) / file
        path.parent.mkdir(parents=True)
        path.write_bytes(damaged(data, seed + number))
        options = OPTIONS.get(format_, {}) | ({"format": format_} if format_ != "table" else {})
        if (found := read(path, options)) is not None:
            expected += sum(isinstance(item, Rejection) or not item.context for item in found)
            entries.append({"path": str(path), "group": "context"} | json.loads(json.dumps(options)))
    assert len(entries) > len(chosen) / 3, "most wounds are small"
    with desk(home):
        report(home, "wounded", exports=entries)
        case = cases.open("wounded")
    books = case.sql("SELECT * FROM accounting")
    assert (books["read"] == books[["kept", "observations", "duplicates", "rejected"]].sum(axis=1)).all()
    assert books["read"].sum() == expected


# --- one table in every kind of file

NAMES = ["id", "who", "text", "likes"]
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 10**18).map(str), st.integers(1, 10**18).map(str), TEXT, st.integers(0, 10**6).map(str)
    ),
    min_size=1,
    max_size=6,
)


def separated(rows: list[Any], delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    return out.getvalue().encode()


def workbook(rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for at, row in enumerate([NAMES, *rows], 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(at, column)
            cell.value, cell.data_type = value, "s"  # also a text that begins with an equals sign
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(rows: list[Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[i] for row in rows] for i, name in enumerate(NAMES)}), out)
    return out.getvalue()


def database(rows: list[Any]) -> bytes:
    con = sqlite3.connect(":memory:")
    con.execute("CREATE TABLE posts (id TEXT, who TEXT, text TEXT, likes TEXT)")
    con.executemany("INSERT INTO posts VALUES (?, ?, ?, ?)", rows)
    con.commit()
    data = con.serialize()
    con.close()
    return data


KINDS = {
    "csv": lambda rows: separated(rows, ","),
    "semicolons": lambda rows: separated(rows, ";"),
    "tsv": lambda rows: separated(rows, "\t"),
    "jsonl": lambda rows: lines(*(dict(zip(NAMES, row, strict=True)) for row in rows)).encode(),
    "json": lambda rows: json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows]).encode(),
    "parquet": parquet,
    "xlsx": workbook,
    "sqlite": database,
}


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS)
def test_kept_values_come_back_exactly_from_every_kind_of_table(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("kinds")
    for kind, made in KINDS.items():
        path = folder / kind
        path.write_bytes(made(rows))
        found = read(path, MAP)
        assert found is not None, kind
        assert [
            (r.values["post_id"], r.values["account_id"], r.values["text"] or "", str(r.values["likes"]))
            if isinstance(r, Record)
            else r
            for r in found
        ] == [tuple(row) for row in rows], kind
