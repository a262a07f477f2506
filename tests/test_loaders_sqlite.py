"""SQLite by column map: stored values come back exactly, and nothing in the file is trusted."""

from __future__ import annotations

import contextlib
import gzip
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from exports import conforms
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders
from kit.errors import InputError
from kit.loaders import Record, Rejection, sqlite

MAP: dict[str, Any] = {
    "platform": "x",
    "columns": {"post_id": "id", "account_id": "who", "created_at": "t", "text": "body", "likes": "n"},
    "time": {"format": "epoch_s"},
}
BIG = 1690000000000000001
DDL = "CREATE TABLE posts (id, who TEXT, t INTEGER, body TEXT, n INTEGER)"
ROW = (BIG, "7", 1691400000, "words", 3)


def database(path: Path, *statements: str, rows: list[tuple] | None = None, ddl: str = DDL) -> Path:
    con = sqlite3.connect(path)
    con.execute(ddl)
    con.executemany("INSERT INTO posts VALUES (?, ?, ?, ?, ?)", [ROW] if rows is None else rows)
    for statement in statements:
        con.execute(statement)
    con.commit()
    con.close()
    return path


def read(path: Path, **more: Any) -> list[Any]:
    ((_, format_, items),) = loaders.open_exports(path, MAP | more)
    assert format_.name == "table"
    found = list(items)
    for item in found:
        if isinstance(item, Rejection) or item.values.get("kind"):
            conforms(item)
    return found


def refusal(path: Path, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **more)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("affinity", ["", "TEXT", "INTEGER", "NUMERIC", "BLOB", "VARCHAR(3)", "UNKNOWN WORD"])
@pytest.mark.parametrize("given", [BIG, str(BIG), "000123", "a-b"])
def test_identifiers_are_text_whatever_the_column_says(tmp_path: Path, affinity: str, given: Any) -> None:
    ddl = DDL.replace("(id,", f"(id {affinity},")
    path = database(tmp_path / "a.db", rows=[(given, *ROW[1:])], ddl=ddl)
    with contextlib.closing(sqlite3.connect(path)) as con:
        stored = con.execute("SELECT CAST(id AS TEXT) FROM posts").fetchone()[0]
    (record,) = read(path)
    assert record.values["post_id"] == stored
    if affinity in ("", "TEXT", "BLOB", "VARCHAR(3)"):
        assert stored == str(given), "nothing was lost before the file reached us"


def test_identifiers_kept_as_real_numbers_are_rejected(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", rows=[ROW, ROW], ddl=DDL.replace("(id,", "(id REAL,"))
    assert {type(item) for item in read(path)} == {Rejection}
    assert {item.field for item in read(path)} == {"post_id"}


def test_a_table_is_named_where_there_are_several_and_views_are_none(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", "CREATE TABLE other (x)", "CREATE VIEW easy AS SELECT * FROM posts")
    assert refusal(path).endswith("write `sqlite_table:` with one of 'other', 'posts'")
    assert "no table 'easy'" in refusal(path, sqlite_table="easy")
    assert "no table 'sqlite_schema'" in refusal(path, sqlite_table="sqlite_schema")
    (record,) = read(path, sqlite_table="posts")
    assert (record.values["post_id"], record.values["likes"]) == (str(BIG), 3)
    assert "the column 'id' for 'post_id' is missing" in refusal(path, sqlite_table="other")
    with pytest.raises(InputError, match=r"a sqlite file.*`sqlite_table:` with one of 'other', 'posts'"):
        loaders.recognise(loaders.sources(path)[0])


def test_only_views_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    con = sqlite3.connect(path)
    con.execute(
        "CREATE VIEW posts AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r"
    )
    con.close()
    assert "holds no table; views are not read" in refusal(path)
    assert "holds no table" in refusal(path, sqlite_table="posts")


def test_names_are_names_and_never_sql(tmp_path: Path) -> None:
    table = 'posts"; DROP TABLE x; --'
    path = database(tmp_path / "a.db", 'ALTER TABLE posts RENAME TO "posts""; DROP TABLE x; --"')
    before = path.read_bytes()
    assert len(read(path, sqlite_table=table)) == 1
    assert "no column" in refusal(path, columns={**MAP["columns"], "1) FROM x; --": "id"})
    assert "is missing" in refusal(path, columns={**MAP["columns"], "post_id": '1" FROM posts; --'})
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.db"], "no journal is left beside the export"


def test_bytes_and_broken_text_are_rejected_one_by_one(tmp_path: Path) -> None:
    rows = [
        ROW,
        (1, "7", 1691400000, b"\x89PNG", 1),
        (2, b"7", 1691400000, "b", 1),
        (3, "7", 1691400000, None, None),
    ]
    path = database(
        tmp_path / "a.db",
        "INSERT INTO posts VALUES (4, '7', 1691400000, CAST(x'ff41' AS TEXT), 1)",
        rows=rows,
    )
    kept, blob, account, empty, broken = read(path)
    assert isinstance(kept, Record)
    assert [(item.number, item.field) for item in (blob, account, broken)] == [
        (2, "body"),
        (3, "who"),
        (5, "body"),
    ]
    assert "blob" in blob.reason
    assert b"PNG" in blob.raw
    assert (empty.values["text"], empty.values["likes"]) == (None, None)


def test_a_packed_database_and_one_in_a_zip(tmp_path: Path) -> None:
    data = database(tmp_path / "a.db").read_bytes()
    (tmp_path / "a.db.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.sqlite", data)
    values = [read(tmp_path / name)[0].values for name in ("a.db", "a.db.gz", "a.zip")]
    assert values[0] == values[1] == values[2]


def test_a_database_still_written_is_refused(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    (tmp_path / "a.db-wal").write_bytes(b"x")
    assert "close the program" in refusal(path)


@pytest.mark.parametrize("place", [100, 4096, 4096 + 3, 4096 + 5, 8192, 9000, -1])
def test_a_damaged_database_is_refused_before_its_first_row(tmp_path: Path, place: int) -> None:
    path = database(tmp_path / "a.db", rows=[(n, "7", 1691400000, "x" * 40, 1) for n in range(2000)])
    whole = [item.values for item in read(path)]
    data = bytearray(path.read_bytes())
    if place == -1:
        data = data[:-4096]
    else:
        data[place] ^= 0xFF
    path.write_bytes(data)
    if place > 4096 + 8:  # a byte of a value or of unused space may change: nothing can show that
        with contextlib.suppress(InputError):
            assert len(read(path)) == len(whole)
    else:
        assert "a.db: this is a sqlite file that is damaged" in refusal(path)


def test_a_database_without_a_row_for_too_long_is_a_trap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = database(tmp_path / "a.db", rows=[(n, "7", 1691400000, "x", 1) for n in range(300_000)])
    monkeypatch.setattr(sqlite, "_SECONDS", -1e9)
    monkeypatch.setattr(sqlite, "_STEPS", 100)
    assert "gives no row within" in refusal(path)


def test_nothing_but_reading_is_allowed(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    (source,) = loaders.sources(path)
    with pytest.raises(InputError, match="readonly"), sqlite._opened(source) as (con, _):
        con.execute("DELETE FROM posts")


CELL = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8"), max_size=20), st.integers(-(2**63), 2**63 - 1), st.floats(), st.binary(max_size=8)
)  # fmt: skip


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=4))
def test_each_row_has_one_fate_and_kept_texts_are_exact(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, Any]]
) -> None:
    full = [(identifier, "7", 1691400000, body, 1) for identifier, body in rows]
    path = database(tmp_path_factory.mktemp("sqlite") / "a.db", rows=full)
    found = read(path)
    assert [item.number for item in found] == list(range(1, len(rows) + 1))
    for item, (identifier, body) in zip(found, rows, strict=True):
        if isinstance(item, Record):
            assert item.values["post_id"] in (
                str(identifier).strip(),
                str(int(identifier)) if isinstance(identifier, float) else "",
            )
            if isinstance(body, str):
                assert item.values["text"] == body
        else:
            assert item.field in ("post_id", "id", "body", "text")
