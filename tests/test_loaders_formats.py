"""Which format a file is, what a file of no known format is told, and that nothing else ever comes out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders, schema
from kit.errors import InputError
from kit.loaders import FORMATS, Record, Rejection

ACCOUNTS = (
    "userid,user_display_name,user_screen_name,user_reported_location,user_profile_description,user_profile_url,"
    "follower_count,following_count,account_creation_date,account_language\n"
    "900000000000000001,A,a,,,,1,2,2019-11-05,en\n"
)
PAGE = json.dumps({"data": [{"id": "1394735776701816833", "author_id": "1", "text": "x"}]})


def source_of(folder: Path, data: bytes | str) -> loaders.Source:
    path = folder / "export"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    (source,) = loaders.sources(path)
    return source


def refusal(folder: Path, data: bytes | str, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        loaders.recognise(source_of(folder, data), options)
    message = str(caught.value)
    assert message.startswith("export")
    assert message.isprintable()
    return message


def test_formats_are_complete() -> None:
    for name, format_ in FORMATS.items():
        assert format_.name == name
        assert format_.table in ("posts", "accounts", "indicators")
        assert format_.platform in ("", *schema.PLATFORMS)
        assert format_.title
        assert format_.tool
        assert format_.carries
        assert format_.lacks


def test_a_file_is_recognised_by_its_content(tmp_path: Path) -> None:
    assert loaders.recognise(source_of(tmp_path, ACCOUNTS)).name == "x_archive_accounts"
    assert loaders.recognise(source_of(tmp_path, ACCOUNTS.encode("utf-16"))).name == "x_archive_accounts"
    assert loaders.recognise(source_of(tmp_path, gzip.compress(PAGE.encode()))).name == "x_v2"


def test_a_stated_format_and_a_column_map_come_first(tmp_path: Path) -> None:
    source = source_of(tmp_path, ACCOUNTS)
    assert loaders.recognise(source, {"format": "x_v2"}).name == "x_v2"
    assert loaders.recognise(source, {"columns": {"account_id": "userid"}}).name == "table"
    assert "did you mean 'x_v2'" in refusal(tmp_path, ACCOUNTS, format="x_v3")


def test_an_unknown_table_is_told_its_columns_and_the_way_on(tmp_path: Path) -> None:
    message = refusal(tmp_path, "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,0\n")
    assert "the columns are 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', …" in message
    assert "`columns: {post_id: …" in message


def test_a_hostile_header_is_shown_safely(tmp_path: Path) -> None:
    message = refusal(tmp_path, 'id,"<script>\n\x1b]0;x\x07",\u202eabc,' + "x" * 500 + "\n")
    assert "\\x1b" in message
    assert "\\u202e" in message
    assert len(message) < 400


def test_a_hint_shows_a_hostile_column_safely(tmp_path: Path) -> None:
    options = MAP | {"columns": {"post_id": "identifier", "account_id": "who"}}
    (tmp_path / "a.csv").write_bytes(b'"identifi\n\x1ber",who\n1,2\n')
    with pytest.raises(InputError) as caught:
        list(loaders.open_exports(tmp_path / "a.csv", options))
    assert "did you mean 'identifi\\x0a\\x1ber'?" in str(caught.value)


@pytest.mark.parametrize(
    "data,word",
    [
        ("just some prose\nand more\n", "text without columns"),
        ("<html><body>please log in</body></html>", "a web page or XML"),
        ("var nobody_knows = [ {} ]", "JavaScript"),
        ("[]", "a JSON list"),
        ("[1, 2]", "a JSON list"),
        ('{"a": 1}\n', "JSON"),
        (b"SQLite format 3\x00" + bytes(200), "a sqlite file"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes | str, word: str) -> None:
    assert word in refusal(tmp_path, data)


def test_keys_of_unknown_json_are_shown(tmp_path: Path) -> None:
    assert "'nobody', 'knows'" in refusal(tmp_path, '{"nobody": "x", "knows": "y"}\n')


def test_a_folder_and_a_zip_give_each_file_its_format(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("users.csv", ACCOUNTS)
        archive.writestr("posts.jsonl", PAGE)
    (tmp_path / "a.csv").write_text(ACCOUNTS)
    found = [(s.name, f.name, list(items)) for s, f, items in loaders.open_exports(tmp_path)]
    assert [(name, format_) for name, format_, _ in found] == [
        ("a.csv", "x_archive_accounts"),
        ("b.zip/posts.jsonl", "x_v2"),
        ("b.zip/users.csv", "x_archive_accounts"),
    ]
    assert all(isinstance(item, Record) for _, _, items in found for item in items)


def test_one_file_of_no_known_format_stops_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ACCOUNTS)
    (tmp_path / "b.txt").write_text("notes\n")
    with pytest.raises(InputError, match=r"b\.txt"):
        list(loaders.open_exports(tmp_path))


# --- properties

MAP = {"platform": "x", "columns": {"post_id": "id", "account_id": "who", "text": "text"}}
STARTS = st.sampled_from(
    [b"", b"id,who,text\n", b"[", b"{", b'{"id":', b"\xff\xfe", b"PK\x03\x04", b"PAR1", ACCOUNTS.encode()]
)


@settings(max_examples=examples(150), deadline=None)
@given(
    STARTS,
    st.binary(max_size=120),
    st.sampled_from([{}, MAP, *({"format": name} for name in FORMATS if name != "table")]),
)
@example(b"", b"\n", MAP)
@example(b"", b'"', {"format": "x_archive_posts"})
@example(b"[", b"", {"format": "x_v2"})
def test_any_bytes_end_in_records_rejections_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, data: bytes, options: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("any") / "export"
    path.write_bytes(start + data)
    try:
        found = [item for _, _, items in loaders.open_exports(path, options) for item in items]
    except InputError:
        return
    assert all(isinstance(item, Record | Rejection) for item in found)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6)), max_size=8),
    st.integers(0, 8),
)
def test_a_table_in_two_parts_gives_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], at: int
) -> None:
    folder = tmp_path_factory.mktemp("parts")

    def read(part: list[tuple[str, str, str]]) -> list[Any]:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([("id", "who", "text"), *part])
        (folder / "a.csv").write_bytes(buffer.getvalue().encode("utf-8", "surrogatepass"))
        return [item for _, _, items in loaders.open_exports(folder, MAP) for item in items]

    def fate(item: Any) -> Any:
        # a reason may count lines, and those of a part begin anew
        return item.values if isinstance(item, Record) else re.sub(r"\d+", "", item.reason.split("(")[0])

    assert [fate(i) for i in read(rows[:at]) + read(rows[at:])] == [fate(i) for i in read(rows)]
