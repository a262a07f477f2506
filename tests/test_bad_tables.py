"""Bad inputs CS (delimited), JS (JSON) and BN (binary tables): each by its id, with the outcome it requires."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from badinputs import COLUMNS, GOOD, Catalogue, good, refused, staged

from kit import loaders
from kit.errors import InputError
from kit.loaders.files import lines, sources

pytestmark = pytest.mark.real

#: a column map for the files that hold identifiers only
BARE = {"post_id": "post_id", "account_id": "post_id"}


# --- delimited text


def test_CS_01_a_column_is_missing(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("CS-01"), tmp_path)
    assert line.startswith("CS-01_missing_column.csv: the column 'url' for 'urls' is missing")
    assert "'post_id', 'account_id', 'handle', 'created_at', 'text'" in line


def test_CS_02_a_column_of_another_name(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("CS-02"), tmp_path)
    assert "the column 'post_id' for 'post_id' is missing" in line
    assert "columns found: 'tweetid', 'account_id'" in line
    read = staged(catalogue.path("CS-02"), tmp_path, columns=COLUMNS | {"post_id": "tweetid"})
    assert read.ids == ["1001"], "an alias is declared, never guessed"
    near = refused(catalogue.path("CS-02"), tmp_path, columns=COLUMNS | {"post_id": "tweet_id"})
    assert "did you mean 'tweetid'?" in near


def test_CS_03_two_columns_of_one_name(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("CS-03"), tmp_path)
    assert line.startswith("CS-03_duplicate_column.csv, line 1: two columns have the same name, found 'text'")


def test_CS_04_every_row_too_long_shifts_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-04"), tmp_path)
    assert not read.posts
    assert {row["reason"] for row in read.rejected} == {"7 fields where the header has 6"}
    assert [row["line"] for row in read.rejected] == [2, 3]


@pytest.mark.parametrize(
    "id_,line,reason,found",
    [
        ("CS-05", 3, "7 fields where the header has 6", '"2","900'),
        ("CS-06", 3, "3 fields where the header has 6", '"2","900'),
        ("CS-14", 3, "the header again", "post_id"),
    ],
)
def test_CS_one_row_of_another_width(
    id_: str, line: int, reason: str, found: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    read = staged(catalogue.path(id_), tmp_path)
    assert len(read.ids) == 2
    for row in read.posts:
        good(row)
    assert (read.one["line"], read.one["reason"]) == (line, reason)
    assert read.one["found"].startswith(found)
    assert read.one["raw"] == catalogue.path(id_).read_bytes().splitlines(keepends=True)[line - 1]


def test_CS_07_a_quote_never_closed_swallows_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-07"), tmp_path)
    assert read.ids == ["1001", *(str(n) for n in range(3, 501))]
    for row in read.posts:
        good(row)
    assert (read.one["line"], read.one["field"]) == (3, "text")
    assert "quote" in read.one["reason"]


def test_CS_08_a_stray_quote_is_text(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-08"), tmp_path)
    assert [row["text"] for row in read.posts] == ['5" nails', "ok"]


def test_CS_09_lines_are_the_files_numbers_the_records(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-09"), tmp_path)
    assert read.posts[1]["text"] == "\n".join(["line"] * 50)
    assert [(row["source_record"], row["source_line"]) for row in read.posts] == [(1, 2), (2, 3), (3, 53)]
    good(read.posts[2])


def test_CS_10_another_delimiter_is_found_and_said(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-10"), tmp_path)
    good(read.posts[0])
    assert "1 × fields split at ';', as the header shows" in read.warnings
    assert not staged(catalogue.path("CS-10"), tmp_path, delimiter=";").warnings, (
        "stated, there is no warning"
    )


def test_CS_11_content_counts_not_the_name(catalogue: Catalogue, tmp_path: Path) -> None:
    """The kit looks at the content, so a wrong ending costs a warning; a wrong statement is refused."""
    read = staged(catalogue.path("CS-11"), tmp_path)
    good(read.posts[0])
    warning = "1 × fields split at ',', as the header shows, although the name is one of a file with tabs"
    assert warning in read.warnings
    assert not staged(catalogue.path("CS-11"), tmp_path, delimiter=",").warnings, (
        "stated, there is no warning"
    )
    line = refused(catalogue.path("CS-11"), tmp_path, delimiter="tab")
    assert "the column 'post_id' for 'post_id' is missing" in line
    assert "columns found: 'post_id,account_id,handle," in line


def test_CS_12_lines_of_title(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "the header seems to be on line 4" in refused(catalogue.path("CS-12"), tmp_path)
    read = staged(catalogue.path("CS-12"), tmp_path, header_line=4)
    assert (read.ids, read.posts[0]["source_line"]) == (["1001"], 5)


def test_CS_13_a_line_of_totals(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-13"), tmp_path)
    good(read.posts[0])
    assert (read.one["line"], read.one["found"], read.one["raw"]) == (3, "Total: 1 row", b"Total: 1 row\n")


def test_CS_15_no_line_end_at_the_end(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-15"), tmp_path)
    assert read.ids == ["1001", "2"]
    assert not read.warnings


def test_CS_16_cut_in_the_middle_of_a_row(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-16"), tmp_path)
    good(read.posts[0])
    assert (read.one["line"], read.one["field"]) == (3, "url")
    assert read.one["reason"].endswith("the file may be cut")
    assert "1 × the last record is damaged: the file may be cut" in read.warnings
    whole = catalogue.path("CS-16").read_bytes() + b'"https://a.invalid"\n'
    line = refused(catalogue.path("CS-16"), tmp_path, sha256=hashlib.sha256(whole).hexdigest())
    assert "CS-16_cut_mid_row.csv: not the file with the SHA-256 stated" in line
    assert "was it fetched to its end?" in line
    digest = hashlib.sha256(catalogue.path("CS-16").read_bytes()).hexdigest()
    assert staged(catalogue.path("CS-16"), tmp_path, sha256=digest.upper()).ids == read.ids
    with pytest.raises(InputError, match="a folder has no SHA-256"):
        sources(tmp_path, {"sha256": digest})


def test_CS_17_a_field_of_five_megabytes(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-17"), tmp_path)
    assert [len(row["text"]) for row in read.posts] == [5, 5_000_000, 5]
    good(read.posts[2])


def test_CS_18_too_many_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("CS-18"), tmp_path)
    assert line.startswith("CS-18_many_columns.csv, line 1: more than 2,000 columns, found '5,000'")


@pytest.mark.parametrize(
    "id_,handles",
    [
        ("CS-19", ["NA", "null", "None", "nan", "N/A", None]),
        ("CS-20", ["TRUE", "1E5", "007", "MAR1", "0x1F", "1_000", "+5"]),
    ],
)
def test_CS_words_stay_words(
    id_: str, handles: list[str | None], catalogue: Catalogue, tmp_path: Path
) -> None:
    read = staged(catalogue.path(id_), tmp_path)
    assert [row["handle"] for row in read.authors] == handles
    assert len(read.ids) == len(handles)


def test_CS_21_a_hostile_header_is_shown_not_obeyed(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-21"), tmp_path)
    good(read.posts[0])
    (source,) = loaders.sources(catalogue.path("CS-21"))
    with pytest.raises(InputError) as caught:
        loaders.recognise(source)
    assert "'<img src=x onerror=alert(1)>'" in str(caught.value), "the line end at its end is left out"
    assert "\n" not in str(caught.value)


def test_CS_22_white_space_around_names(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("CS-22"), tmp_path)
    good(read.posts[0])
    assert "1 × names of columns with white space around them, left out" in read.warnings
    equal = tmp_path / "equal.csv"
    text = catalogue.path("CS-22").read_text("utf-8").replace("account_id", "post_id", 1)
    equal.write_text(text, encoding="utf-8")
    assert "two columns have the same name, found 'post_id'" in refused(equal, tmp_path)
    cased = tmp_path / "cased.csv"
    cased.write_text(text.replace("post_id", "Post_ID"), encoding="utf-8")
    cased.write_text(catalogue.path("CS-22").read_text("utf-8").replace("post_id", "Post_ID"), "utf-8")
    read = staged(cased, tmp_path)
    assert any("written 'Post_ID' in the file, not 'post_id'" in warning for warning in read.warnings)


@pytest.mark.parametrize("block", [1 << 10, 1 << 18])
def test_CS_23_a_late_change_of_type(
    block: int, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_BLOCK", block)
    read = staged(catalogue.path("CS-23"), tmp_path, columns=BARE | {"likes": "likes"}, lists={})
    assert [row["likes"] for row in read.posts] == list(range(20_000))
    assert (read.one["line"], read.one["field"], read.one["found"]) == (20_002, "likes", "n/a")
    assert read.one["raw"] == b"20001,n/a\n"


# --- JSON


@pytest.mark.parametrize(
    "id_,line,field,reason,found",
    [
        ("JS-01", 2, "", "not JSON: Expecting value at character 13", '{"post_id":'),
        ("JS-05", 1, "post_id", "a key stands twice", "post_id"),
        ("JS-06", 1, "likes", "a number that is none", "NaN"),
        ("JS-08", 1, "post_id", "identifier lost precision before it reached us", "1.2345678901234568e+18"),
        ("JS-10", 1, "likes", "a number of thousands of digits", "1111"),
    ],
)
def test_JS_one_damaged_line(
    id_: str, line: int, field: str, reason: str, found: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    read = staged(catalogue.path(id_), tmp_path)
    bad = read.one
    assert (bad["line"], bad["field"]) == (line, field)
    assert bad["reason"].startswith(reason)
    assert bad["found"].startswith(found)
    assert bad["raw"] == catalogue.path(id_).read_bytes().splitlines(keepends=True)[line - 1]
    assert read.posts
    for row in read.posts:
        good(row)


def test_JS_02_cut_in_the_last_line(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-02"), tmp_path)
    good(read.posts[0])
    assert (read.one["line"], read.one["raw"][:16]) == (2, b'{"post_id": "2",')
    assert read.one["reason"].endswith("the file may be cut")
    assert "1 × the last record is damaged: the file may be cut" in read.warnings


def test_JS_03_a_list_instead_of_lines(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-03"), tmp_path)
    assert read.ids == ["1001", "2"]
    for row in read.posts:
        good(row)


def test_JS_04_blank_lines(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-04"), tmp_path)
    assert [(row["post_id"], row["source_line"]) for row in read.posts] == [("1001", 1), ("2", 4)]
    assert read.warnings == ["2 × blank lines, passed over"]


def test_JS_07_long_numbers_keep_every_digit(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-07"), tmp_path)
    assert read.ids == ["1234567890123456789", "1001"]
    assert read.posts[0]["account_id"] == "1234567890123456789012345"


def test_JS_09_nested_without_end(catalogue: Catalogue, tmp_path: Path) -> None:
    started = time.process_time()
    read = staged(catalogue.path("JS-09"), tmp_path)
    assert time.process_time() - started < 8
    assert (read.one["line"], read.one["reason"]) == (1, "nested deeper than 200 levels")
    assert len(read.one["raw"]) > 199_000
    good(read.posts[0])


def test_JS_11_values_that_are_no_objects(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-11"), tmp_path)
    assert [row["raw"] for row in read.rejected] == [b"5\n", b'"x"\n', b"null\n", b"[]\n"]
    assert {row["reason"] for row in read.rejected} == {"not a JSON object"}
    good(read.posts[0])


def test_JS_12_another_type_in_each_row(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-12"), tmp_path)
    good(read.posts[0])
    assert [(row["line"], row["field"], row["reason"]) for row in read.rejected] == [
        (2, "text", "text was expected, found an object"),
        (3, "text", "text was expected, found a list"),
    ]


def test_JS_15_what_javascript_allows_and_json_does_not(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-15"), tmp_path)
    assert [row["raw"] for row in read.rejected] == [b'{"post_id":"1",} // c\n', b"{'post_id':'2'}\n"]
    good(read.posts[0])


def test_JS_17_keys_are_only_keys(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("JS-17"), tmp_path, columns=BARE, lists={})
    assert read.ids == ["1"]
    assert not hasattr(read.posts[0], "__proto__")
    line = refused(catalogue.path("JS-17"), tmp_path)
    assert "columns found: '__proto__', 'constructor', ''" in line
    assert len(line) < 400, "a key of ten thousand characters is cut"


# --- Parquet, XLSX, pickles


def test_BN_01_parquet_without_its_end(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-01"), tmp_path)
    assert line.startswith("BN-01_truncated.parquet: the Parquet file is damaged")
    assert "nothing was read from it" in line


def test_BN_02_one_changed_byte(catalogue: Catalogue, tmp_path: Path) -> None:
    columns = {"post_id": "n", "account_id": "n"}
    line = refused(catalogue.path("BN-02"), tmp_path, columns=columns, lists={})
    assert line.startswith("BN-02_bitflip.parquet: the Parquet file is damaged")


def test_BN_03_identifiers_as_numbers_with_decimals(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-03"), tmp_path, columns=BARE, lists={})
    assert line.startswith("BN-03_wrong_type.parquet, column 'post_id': identifiers stored as numbers")
    assert "export the column again as text" in line


def test_BN_05_times_without_a_zone(catalogue: Catalogue, tmp_path: Path) -> None:
    columns = BARE | {"created_at": "created_at"}
    line = refused(catalogue.path("BN-05"), tmp_path, columns=columns, lists={})
    assert line.startswith("BN-05_tz_naive.parquet, column 'created_at': a time without a zone")
    options: dict[str, Any] = {"columns": columns, "lists": {}, "time": {"zone": "America/Toronto"}}
    read = staged(catalogue.path("BN-05"), tmp_path, **options)
    assert str(read.posts[0]["created_at"]) == "2024-03-01 17:00:00"


def test_BN_06_a_pickle_is_never_opened(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-06"), tmp_path)
    assert "not an export but a pickle. a pickle is unsafe" in line


def test_BN_07_an_array_of_objects(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "not an export but a NumPy array" in refused(catalogue.path("BN-07"), tmp_path)


def test_BN_08_formulas_are_never_computed(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("BN-08"), tmp_path)
    assert not read.posts
    assert (read.one["line"], read.one["field"]) == (2, "text")
    assert read.one["reason"] == "a formula without a stored result"
    assert read.one["found"] == "=1+1"


def test_BN_09_identifiers_typed_as_numbers(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-09"), tmp_path)
    assert line.startswith("BN-09_numeric_ids.xlsx, line 2, column 'post_id': an identifier of more than 15")


def test_BN_10_two_sheets(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-10"), tmp_path)
    assert "the workbook has several sheets" in line
    assert "write `sheet:` with one of 'Sheet', 'second'" in line
    read = staged(catalogue.path("BN-10"), tmp_path, sheet="Sheet")
    assert read.ids == ["1001", "2"], "a hidden row is a row"


def test_BN_11_dates_as_serial_numbers(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("BN-11"), tmp_path)
    assert line.startswith("BN-11_serial_dates.xlsx, column 'created_at': a number where a time was expected")
    assert "found '45352.5'" in line
    assert GOOD["created_at"] not in line


# --- what platforms write


def test_JS_13_texts_of_telegram_in_parts(catalogue: Catalogue, tmp_path: Path) -> None:
    path = catalogue.path("JS-13")
    native: dict[str, Any] = {"platform": None, "columns": None, "lists": None}
    read = staged(path, tmp_path, **native)
    assert read.one["field"] == "chat.id", "without its chat a message has no identifier"
    content = json.loads(path.read_text("utf-8"))
    content |= {"id": 7, "type": "public_channel", "name": "a"}
    whole = tmp_path / "result.json"
    whole.write_text(json.dumps(content), encoding="utf-8")
    read = staged(whole, tmp_path, **native, time={"zone": "UTC"})
    (row,) = read.posts
    assert row["text"] == "see https://a.invalid now"
    assert [url["url"] for url in row["urls"]] == ["https://a.invalid"]


def test_JS_14_two_versions_in_one_file(catalogue: Catalogue, tmp_path: Path) -> None:
    """Each object is read by its own version, whichever the file is taken for; how many of each is said."""
    path, native = catalogue.path("JS-14"), {"platform": None, "columns": None, "lists": None}
    for options, format, warning in (
        ({}, "x_v2", "1 × objects of API v1.1 among those of v2, read as such"),
        ({"format": "x_v1"}, "x_v1", "1 × objects of API v2 among those of v1.1, read as such"),
    ):
        read = staged(path, tmp_path, **native, **options)
        assert read.entry["format"] == format
        assert [(row["post_id"], row["text"], row["source_record"]) for row in read.posts] == [
            ("1", "a", 1),
            ("2", "b", 2),
        ]
        assert [row["account_id"] for row in read.posts] == [None, None]
        assert (read.one["line"], read.one["record"]) == (3, 3)
        assert read.one["reason"].startswith("neither a ")
        assert warning in read.warnings
        assert any("author" in one for one in read.warnings)


def test_JS_16_an_assignment_is_read_not_run(catalogue: Catalogue, tmp_path: Path) -> None:
    native: dict[str, Any] = {"platform": None, "columns": None, "lists": None}
    line = refused(catalogue.path("JS-16"), tmp_path, **native)
    assert "nothing says whose posts these are" in line
    read = staged(catalogue.path("JS-16"), tmp_path, constants={"account_id": "77"}, **native)
    (row,) = read.posts
    assert (row["post_id"], row["account_id"], row["text"]) == ("1", "77", "x")
