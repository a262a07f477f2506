"""Tables by column map: every kind of file, declared times, what is refused, and what stays as it is."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders
from kit.errors import InputError
from kit.loaders import Record, Rejection
from kit.schema import TABLES

NAMES = ["id", "who", "handle", "when", "body", "likes"]
ROW = ["1001", "900000000000000001", "@user_one", "2024-03-01T12:00:00Z", "hello", "3"]
COLUMNS = {
    "post_id": "id",
    "account_id": "who",
    "author.handle": "handle",
    "created_at": "when",
    "text": "body",
    "likes": "likes",
}
OPTIONS: dict[str, Any] = {"platform": "x", "columns": COLUMNS}


def csv_of(rows: Iterable[list[Any]], names: list[str] = NAMES, **dialect: Any) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, **dialect).writerows([names, *rows])
    return buffer.getvalue().encode()


def xlsx_of(rows: Iterable[list[Any]], names: list[str] = NAMES, *more: str) -> bytes:
    book = openpyxl.Workbook()
    for row in [names, *rows]:
        book.active.append(row)
    for title in more:
        book.create_sheet(title).append(["other"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet_of(columns: dict[str, Any], **settings_: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **settings_)
    return buffer.getvalue()


def read(folder: Path, data: bytes, options: dict[str, Any] | None = None, **more: Any) -> list[Any]:
    (folder / "export.dat").write_bytes(data)
    found: list[Any] = []
    for _, format_, items in loaders.open_exports(folder / "export.dat", {**(options or OPTIONS), **more}):
        assert format_.name == "table"
        found += items
    return found


def refusal(folder: Path, data: bytes, options: dict[str, Any] | None = None, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, data, options, **more)
    assert "\n" not in str(caught.value)
    assert "export.dat" in str(caught.value) or "zone" in str(caught.value)
    return str(caught.value)


def with_cell(**cells: Any) -> list[Any]:
    return [cells.get(name, value) for name, value in zip(NAMES, ROW, strict=True)]


def one(folder: Path, options: dict[str, Any] | None = None, **cells: Any) -> Any:
    (found,) = read(folder, csv_of([with_cell(**cells)]), options)
    return found


# --- one record, four kinds of file


def files() -> dict[str, bytes]:
    columns = dict(zip(NAMES, ([cell] for cell in ROW), strict=True))
    item = dict(zip(NAMES, ROW, strict=True))
    return {
        "csv": csv_of([ROW]),
        "csv, semicolons": csv_of([ROW], delimiter=";"),
        "tsv": csv_of([ROW], delimiter="\t"),
        "csv, UTF-16": csv_of([ROW]).decode().encode("utf-16"),
        "json lines": json.dumps(item).encode(),
        "json list": json.dumps([item], indent=1).encode(),
        "xlsx": xlsx_of([ROW]),
        "parquet": parquet_of(columns),
    }


@pytest.mark.parametrize("kind", files())
def test_the_same_record_from_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    (record,) = read(tmp_path, files()[kind])
    assert isinstance(record, Record)
    assert (record.table, record.number) == ("posts", 1)
    assert record.values == {
        "platform": "x",
        "post_id": "1001",
        "account_id": "900000000000000001",
        "created_at": datetime(2024, 3, 1, 12),
        "time_source": "field",
        "time_precision": "second",
        "text": "hello",
        "likes": 3,
    }
    assert record.author == {"platform": "x", "account_id": "900000000000000001", "handle": "user_one"}


def test_accounts(tmp_path: Path) -> None:
    options = {
        "platform": "youtube",
        "table": "accounts",
        "columns": {
            "account_id": "id",
            "handle": "who",
            "created_at": "when",
            "verified": "body",
            "bio": "handle",
        },
    }
    (record,) = read(tmp_path, csv_of([with_cell(when="2019-05-01", body="TRUE", handle="")]), options)
    assert record.table == "accounts"
    assert record.author is None
    assert record.values == {
        "platform": "youtube",
        "account_id": "1001",
        "handle": "900000000000000001",
        "created_at": datetime(2019, 5, 1),
        "created_precision": "day",
        "verified": True,
        "bio": "",  # seen and empty
    }


def test_every_column_of_ours_can_be_a_target(tmp_path: Path) -> None:
    samples = {"VARCHAR": "x", "BIGINT": "1", "BOOLEAN": "true", "TIMESTAMP": "2024-03-01T12:00:00Z"}
    for table in ("posts", "accounts"):
        columns = {c.name: c for c in TABLES[table] if c.loaded}
        special = {"platform": "x", "kind": "post"}
        row = [special.get(name, samples[c.type]) for name, c in columns.items()]
        options = {"table": table, "columns": {name: name for name in columns}}
        (record,) = read(tmp_path, csv_of([row], list(columns)), options)
        assert isinstance(record, Record), record
        assert set(columns) <= set(record.values)


def test_kind_and_marks_follow_from_what_is_mapped(tmp_path: Path) -> None:
    names = ["id", "who", "answers", "passes", "quotes"]
    options = {
        "platform": "x",
        "columns": {
            "post_id": "id",
            "account_id": "who",
            "reply_to_id": "answers",
            "reposted_id": "passes",
            "quoted_id": "quotes",
        },
    }
    rows = [
        ["1", "a", "", "", ""],
        ["2", "a", "9", "", ""],
        ["3", "a", "", "9", ""],
        ["4", "a", "9", "", "8"],
    ]
    kinds = [r.values["kind"] for r in read(tmp_path, csv_of(rows, names), options)]
    assert kinds == ["post", "reply", "repost", "reply"]
    # nothing mapped says what kind of post it is: then nothing is said
    assert "kind" not in one(tmp_path).values


def test_constants(tmp_path: Path) -> None:
    options = {
        "columns": COLUMNS,
        "constants": {"platform": "facebook", "language": "fr", "kind": "reply", "author.verified": "no"},
    }
    record = one(tmp_path, options)
    assert (record.values["platform"], record.values["language"], record.values["kind"]) == (
        "facebook",
        "fr",
        "reply",
    )
    assert record.author["verified"] is False
    assert record.author["platform"] == "facebook"


# --- values stay what they are

WORDS = [
    "NA",
    "null",
    "None",
    "nan",
    "N/A",
    "TRUE",
    "1E5",
    "007",
    "MAR1",
    "0x1F",
    "1_000",
    "+5",
    "=1+1",
    " x ",
]


@pytest.mark.parametrize("word", WORDS)
def test_words_stay_words(tmp_path: Path, word: str) -> None:
    record = one(tmp_path, body=word, who=word.strip())
    assert record.values["text"] == word
    assert record.values["account_id"] == word.strip()


def test_null_words_only_where_declared(tmp_path: Path) -> None:
    data = csv_of([with_cell(body="NA", handle="NA", likes="-")])
    (record,) = read(tmp_path, data, nulls={"text": ["NA"], "likes": "-"})
    assert (record.values["text"], record.values["likes"], record.author["handle"]) == (None, None, "NA")
    (record,) = read(tmp_path, data, nulls=["NA", "-"])
    assert (record.values["text"], record.author["handle"]) == (None, None)
    assert "did you mean 'text'" in refusal(tmp_path, data, nulls={"texts": ["NA"]})


@pytest.mark.parametrize(
    "cell,handle",
    [("User_One", "User_One"), ("@user_one", "user_one"), ("user_one ", "user_one"), ("", None), ("@", None)],
)
def test_handles(tmp_path: Path, cell: str, handle: str | None) -> None:
    assert one(tmp_path, handle=cell).author["handle"] == handle


def test_identifiers_with_zeros_in_front_differ(tmp_path: Path) -> None:
    found = read(tmp_path, csv_of([with_cell(id="000123"), with_cell(id="123")]))
    assert [r.values["post_id"] for r in found] == ["000123", "123"]


@pytest.mark.parametrize(
    "codes",
    [("zh-CN", "zh-CN"), ("in", "id"), ("iw", "he"), ("und", "und"), ("Chinese (Simplified)", "zh-Hans")],
)
def test_languages(tmp_path: Path, codes: tuple[str, str]) -> None:
    options = {"platform": "x", "columns": {"post_id": "id", "account_id": "who", "language": "body"}}
    assert one(tmp_path, options, body=codes[0]).values["language"] == codes[1]


def test_entities_are_taken_back_once_where_stated(tmp_path: Path) -> None:
    data = csv_of([with_cell(body="a &amp;amp; b &lt;")])
    assert read(tmp_path, data, unescape=True)[0].values["text"] == "a &amp; b <"
    assert read(tmp_path, data)[0].values["text"] == "a &amp;amp; b &lt;"


# --- refused cells

REFUSED = [
    ({"id": ""}, "post_id", "no identifier"),
    ({"id": "1.23457E+18"}, "post_id", "scientific notation"),
    ({"id": "1234567890123456789.0"}, "post_id", "decimals"),
    ({"likes": "-1"}, "likes", "whole number"),
    ({"likes": "1.5"}, "likes", "whole number"),
    ({"likes": "1.2K"}, "likes", "whole number"),
    ({"likes": "12万"}, "likes", "whole number"),
    ({"likes": "1,234"}, "likes", "whole number"),
    ({"likes": "n/a"}, "likes", "whole number"),
    ({"likes": "9" * 19}, "likes", "whole number"),
    ({"when": "2023-02-29T10:00:00Z"}, "created_at", "no such time"),
    ({"when": "2024-03-01T24:00:01Z"}, "created_at", "no such time"),
    ({"when": "2016-12-30T23:59:60Z"}, "created_at", "no such time"),
    ({"when": "2024-13-01T00:00:00Z"}, "created_at", "no such time"),
    ({"when": "2024-03-01T12:00:00+25:00"}, "created_at", "offset"),
    ({"when": "2099-01-01T00:00:00Z"}, "created_at", "future"),
    ({"when": "2001-01-01T00:00:00Z"}, "created_at", "before the platform"),
    ({"when": "2024-03-01 12:00"}, "created_at", "without a zone"),
    ({"when": "01/02/2024"}, "created_at", "order nobody declared"),
    ({"when": "2024年3月1日 12:00"}, "created_at", "ISO 8601"),
    ({"when": "1709294400"}, "created_at", "a number where a time"),
]


@pytest.mark.parametrize("cells,field,reason", REFUSED)
def test_a_refused_cell_leaves_its_neighbours(
    tmp_path: Path, cells: dict[str, str], field: str, reason: str
) -> None:
    data = csv_of([ROW, with_cell(**cells), ROW], lineterminator="\n")
    found = read(tmp_path, data)
    assert [type(item) for item in found] == [Record, Rejection, Record]
    bad = found[1]
    assert (bad.number, bad.line, bad.field) == (2, 3, field)
    assert reason in bad.reason
    assert bad.raw == data.splitlines(keepends=True)[2]
    assert len(bad.found) <= 40


def test_a_refused_cell_late_in_a_long_file(tmp_path: Path) -> None:
    rows = [with_cell(id=str(n), likes=str(n)) for n in range(5000)] + [with_cell(likes="n/a")]
    found = read(tmp_path, csv_of(rows))
    assert sum(isinstance(item, Record) for item in found) == 5000
    assert isinstance(found[-1], Rejection)


@pytest.mark.parametrize(
    "cell,value", [("0.0", 0), ("12.", 12), (" 7 ", 7), ("", None), ("9223372036854775807", 2**63 - 1)]
)
def test_counts(tmp_path: Path, cell: str, value: int | None) -> None:
    assert one(tmp_path, likes=cell).values["likes"] == value


# --- times


@pytest.mark.parametrize(
    "cell,moment,precision",
    [
        ("2024-03-01T12:00:00Z", "2024-03-01 12:00:00", "second"),
        ("2024-03-01 12:00:00+0000", "2024-03-01 12:00:00", "second"),
        ("2024-03-01T12:00+08:00", "2024-03-01 04:00:00", "minute"),
        ("2024-03-01T12:00:00-05", "2024-03-01 17:00:00", "second"),
        ("2024-03-01T12:00:00.123456789Z", "2024-03-01 12:00:00.123456", "millisecond"),
        ("2024-03-01T12:00:00.5Z", "2024-03-01 12:00:00.500", "millisecond"),
        ("2024-03-01 12:00:00 UTC", "2024-03-01 12:00:00", "second"),
        ("2024-03-01", "2024-03-01 00:00:00", "day"),
    ],
)
def test_iso_times(tmp_path: Path, cell: str, moment: str, precision: str) -> None:
    values = one(tmp_path, when=cell).values
    assert (values["created_at"], values["time_precision"]) == (datetime.fromisoformat(moment), precision)


@pytest.mark.parametrize(
    "declared,cell,moment,precision",
    [
        ({"format": "epoch_s"}, "1709294400", "2024-03-01 12:00:00", "second"),
        ({"format": "epoch_s"}, "1709294400.25", "2024-03-01 12:00:00.250", "millisecond"),
        ({"format": "epoch_ms"}, "1709294400001", "2024-03-01 12:00:00.001", "millisecond"),
        ({"format": "%d/%m/%Y %H:%M", "zone": "UTC"}, "01/02/2024 10:00", "2024-02-01 10:00:00", "minute"),
        ({"format": "%m/%d/%Y %H:%M", "zone": "UTC"}, "01/02/2024 10:00", "2024-01-02 10:00:00", "minute"),
        ({"format": "%d/%m/%Y"}, "01/02/2024", "2024-02-01 00:00:00", "day"),
        ({"format": "%d/%m/%Y %H", "zone": "UTC"}, "01/02/2024 10", "2024-02-01 10:00:00", "hour"),
        (
            {"format": "%a, %d %b %Y %H:%M:%S %z"},
            "Fri, 01 Mar 2024 12:00:00 +0100",
            "2024-03-01 11:00:00",
            "second",
        ),
        (
            {"format": "%a %b %d %H:%M:%S %z %Y"},
            "Fri Mar 01 12:00:00 +0000 2024",
            "2024-03-01 12:00:00",
            "second",
        ),
        (
            {"format": "%Y年%m月%d日 %H:%M", "zone": "Asia/Shanghai"},
            "2024年3月1日 12:00",
            "2024-03-01 04:00:00",
            "minute",
        ),
        ({"zone": "America/Toronto"}, "2024-07-01 12:00:00", "2024-07-01 16:00:00", "second"),
        ({"zone": "America/Toronto"}, "2024-07-01 12:00:00Z", "2024-07-01 12:00:00", "second"),
    ],
)
def test_declared_times(
    tmp_path: Path, declared: dict[str, str], cell: str, moment: str, precision: str
) -> None:
    values = one(tmp_path, {**OPTIONS, "time": declared}, when=cell).values
    assert (values["created_at"], values["time_precision"]) == (datetime.fromisoformat(moment), precision)


@pytest.mark.parametrize(
    "declared,cell,reason",
    [
        ({"format": "epoch_s"}, "1709294400000", "out of range|future"),
        ({"format": "epoch_s"}, "0", "before the platform"),
        ({"format": "epoch_s"}, "-1", "before the platform"),
        ({"format": "epoch_ms"}, "1709294400", "before the platform"),
        ({"format": "epoch_s"}, "999999999999999999", "out of range"),
        ({"format": "epoch_s"}, "noon", "a number of seconds"),
        ({"format": "%d/%m/%Y"}, "31/02/2024", "not a time as"),
        ({"zone": "America/Toronto"}, "2024-03-10 02:30:00", "skipped"),
    ],
)
def test_declared_times_that_cannot_be(
    tmp_path: Path, declared: dict[str, str], cell: str, reason: str
) -> None:
    found = one(tmp_path, {**OPTIONS, "time": declared}, when=cell)
    assert isinstance(found, Rejection)
    assert any(word in found.reason for word in reason.split("|")), found.reason


def test_a_time_the_clocks_showed_twice_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_of([with_cell(when="2024-11-03 01:30:00")]))
    ((source, _, items),) = loaders.open_exports(
        tmp_path / "a.csv", {**OPTIONS, "time": {"zone": "America/Toronto"}}
    )
    (record,) = items
    assert isinstance(record, Record)
    assert record.values["created_at"] == datetime(2024, 11, 3, 5, 30)
    assert source.warnings.total() == 1


@pytest.mark.parametrize(
    "cell,word",
    [
        ("2024-03-01 12:00:00", "zone: UTC"),
        ("01/02/2024 10:00", "order nobody declared"),
        ("1709294400", "epoch_s"),
        ("1 mars 2024", "not an ISO 8601 time"),
    ],
)
def test_a_file_of_times_that_would_have_to_be_guessed_is_refused(
    tmp_path: Path, cell: str, word: str
) -> None:
    message = refusal(tmp_path, csv_of([with_cell(when=cell)] * 3))
    assert word in message
    assert "column 'when'" in message


def test_a_column_can_have_a_format_of_its_own(tmp_path: Path) -> None:
    options = {
        "platform": "x",
        "columns": {"post_id": "id", "account_id": "who", "created_at": "when", "author.created_at": "body"},
        "time": {"format": "epoch_s", "author.created_at": {"format": "%d.%m.%Y"}},
    }
    record = one(tmp_path, options, when="1709294400", body="05.11.2019")
    assert record.values["created_at"] == datetime(2024, 3, 1, 12)
    assert record.author["created_at"] == datetime(2019, 11, 5)
    assert record.author["created_precision"] == "day"


@pytest.mark.parametrize(
    "declared,word",
    [
        ({"fromat": "iso"}, "did you mean 'format'"),
        ({"format": "isoo"}, "did you mean 'iso'"),
        ({"zone": "Mars/Olympus"}, "unknown time zone"),
        ({"zone": "../etc/passwd"}, "unknown time zone"),
        ({"author.created_at": {"format": "iso"}}, "not in `columns`"),
    ],
)
def test_declarations_of_time_that_are_wrong(tmp_path: Path, declared: dict[str, Any], word: str) -> None:
    assert word in refusal(tmp_path, csv_of([ROW]), time=declared)


# --- lists


@pytest.mark.parametrize(
    "separator,cell,tags",
    [
        (" ", "#Un  deux", ["un", "deux"]),
        (";", "a; b;", ["a", "b"]),
        ("|", "", []),
        ("json", '["A", "b c"]', ["a", "b c"]),
        ("python", "['a', 'b']", ["a", "b"]),
    ],
)
def test_lists(tmp_path: Path, separator: str, cell: str, tags: list[str]) -> None:
    options = {
        "platform": "x",
        "columns": {"post_id": "id", "account_id": "who", "hashtags": "body"},
        "lists": {"hashtags": separator},
    }
    assert one(tmp_path, options, body=cell).values["hashtags"] == tags


def test_mentions_links_and_media(tmp_path: Path) -> None:
    columns = {"post_id": "id", "account_id": "who", "mentions": "handle", "urls": "body", "media": "likes"}
    options = {"platform": "x", "columns": columns, "lists": {"mentions": " ", "urls": "json", "media": " "}}
    urls = '["https://a.invalid", {"url": "https://t.invalid", "expanded_url": "https://b.invalid"}]'
    values = one(
        tmp_path, options, handle="@one 900000000000000002", body=urls, likes="https://m.invalid/1.jpg m2"
    ).values
    assert values["mentions"] == [
        {"account_id": None, "handle": "one"},
        {"account_id": "900000000000000002", "handle": None},
    ]
    assert values["urls"] == [
        {"url": "https://a.invalid", "expanded_url": None},
        {"url": "https://t.invalid", "expanded_url": "https://b.invalid"},
    ]
    assert [(m["media_id"], m["url"]) for m in values["media"]] == [
        ("https://m.invalid/1.jpg", "https://m.invalid/1.jpg"),
        ("m2", None),
    ]


@pytest.mark.parametrize("cell", ["{}", "[1", "5", "[{}]"])
def test_lists_that_are_none_are_refused(tmp_path: Path, cell: str) -> None:
    options = {
        "platform": "x",
        "columns": {"post_id": "id", "account_id": "who", "hashtags": "body"},
        "lists": {"hashtags": "json"},
    }
    found = one(tmp_path, options, body=cell)
    assert isinstance(found, Rejection)
    assert found.field == "hashtags"


@pytest.mark.parametrize(
    "platform,text,handles",
    [
        ("x", "@one hi @Two_2, (@three) .@four", ["one", "Two_2", "three"]),
        ("x", "＠wide and @one @one", ["wide", "one"]),
        ("x", "a@b.invalid https://x.invalid/@path @bob-smith @é @sixteen_letters__", ["bob"]),
        ("x", "nobody", []),
        ("instagram", "with @one.two. and @three", ["one.two", "three"]),
        ("bluesky", "@one.bsky.invalid!", ["one.bsky.invalid"]),
        ("mastodon", "@one@two.invalid @three", ["one@two.invalid", "three"]),
        ("weibo", "转发 @某人: 你好 @另一个人", ["某人", "另一个人"]),
    ],
)
def test_what_stands_in_the_text_is_read_where_the_map_says_so(
    tmp_path: Path, platform: str, text: str, handles: list[str]
) -> None:
    row = [*ROW[:4], f"{text} #Tag https://a.invalid/x.", "3"]
    options = OPTIONS | {"platform": platform, "from_text": ["hashtags", "urls", "mentions"]}
    (record,) = read(tmp_path, csv_of([row]), **options)
    assert isinstance(record, Record)
    assert record.values["mentions"] == [{"account_id": None, "handle": handle} for handle in handles]
    assert record.values["hashtags"] == ["tag"]
    assert record.values["urls"][-1] == {"url": "https://a.invalid/x", "expanded_url": None}
    (record,) = read(tmp_path, csv_of([row]), **OPTIONS)
    assert not {"mentions", "hashtags", "urls"} & set(record.values), "nothing is read that nobody asked for"


@pytest.mark.parametrize(
    "change,word",
    [
        ({"from_text": ["hashtag"]}, "did you mean 'hashtags'"),
        ({"from_text": ["urls"], "columns": COLUMNS | {"urls": "likes"}}, "both name 'urls'"),
        (
            {"from_text": ["urls"], "columns": {k: v for k, v in COLUMNS.items() if k != "text"}},
            "without texts",
        ),
    ],
)
def test_texts_that_cannot_be_read_from(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(tmp_path, csv_of([ROW]), **OPTIONS | change)


def test_a_separator_must_be_stated(tmp_path: Path) -> None:
    columns = {**COLUMNS, "hashtags": "body"}
    assert "lists: {hashtags:" in refusal(tmp_path, csv_of([ROW]), columns=columns)
    assert "did you mean 'hashtags'" in refusal(
        tmp_path, csv_of([ROW]), columns=columns, lists={"hashtag": " ", "hashtags": " "}
    )


def test_lists_of_their_own_need_no_separator(tmp_path: Path) -> None:
    options = {"platform": "x", "columns": {"post_id": "id", "account_id": "who", "hashtags": "tags"}}
    item = {"id": 1234567890123456789, "who": "a", "tags": ["X", None, "y"]}
    assert read(tmp_path, json.dumps(item).encode(), options)[0].values["hashtags"] == ["x", "y"]
    columns = {"id": ["1"], "who": ["a"], "tags": [["X", "y"]]}
    assert read(tmp_path, parquet_of(columns), options)[0].values["hashtags"] == ["x", "y"]


# --- the map itself


@pytest.mark.parametrize(
    "change,word",
    [
        ({"columns": {**COLUMNS, "txt": "body"}}, "did you mean 'text'"),
        ({"columns": {**COLUMNS, "text": "bodyy"}}, "did you mean 'body'"),
        ({"columns": {**COLUMNS, "text": "zzz"}}, "columns found: 'id', 'who'"),
        ({"columns": {**COLUMNS, "author.handel": "body"}}, "did you mean 'author.handle'"),
        ({"columns": {**COLUMNS, "group": "body"}}, "no column of ours is called 'group'"),
        ({"columns": {"account_id": "who"}}, "names no column for 'post_id'"),
        ({"columns": {"post_id": "id"}}, "names no column for 'account_id'"),
        ({"columns": ["id"]}, "must be a map"),
        ({"platform": "twiter"}, "the platform is not stated"),
        ({"platform": None}, "platform: x"),
        ({"table": "post"}, "must be posts or accounts"),
        ({"constants": {"likes": "many"}}, "the constant for 'likes'"),
        ({"lists": "x"}, "`lists` must be a map"),
        ({"header_line": "two"}, "line number"),
    ],
)
def test_maps_that_are_wrong(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, csv_of([ROW]), **change)
    assert word in str(caught.value)


def test_a_header_behind_lines_of_title(tmp_path: Path) -> None:
    data = b"Export\nby someone\n\n" + csv_of([ROW])
    assert "header_line: 4" in refusal(tmp_path, data)
    (record,) = read(tmp_path, data, header_line=4, delimiter=",")
    assert record.line == 5
    (record,) = read(tmp_path, data, header_line=4)
    assert record.values["post_id"] == "1001"


def test_case_and_space_in_names_are_forgiven_when_only_one_fits(tmp_path: Path) -> None:
    names = [" ID ", "Who", "handle", "when", "body", "likes"]
    assert isinstance(read(tmp_path, csv_of([ROW], names))[0], Record)
    names = ["ID", "Id", "handle", "when", "body", "likes"]
    assert "alike but for case" in refusal(tmp_path, csv_of([ROW], names))


def test_a_hostile_name_of_a_column_is_shown_safely(tmp_path: Path) -> None:
    names = ["<img src=x>\n\x1b[31m", *NAMES[1:]]
    message = refusal(tmp_path, csv_of([ROW], names))
    assert "\\x1b" in message
    assert message.isprintable()


# --- spreadsheets


def test_a_workbook_of_native_values(tmp_path: Path) -> None:
    row = [1001, 12345, "h", datetime(2024, 3, 1, 12), 5, 3.0]
    (record,) = read(tmp_path, xlsx_of([row, [None] * 6]), time={"zone": "America/Toronto"})
    assert record.values["created_at"] == datetime(2024, 3, 1, 17)
    assert (record.values["post_id"], record.values["account_id"]) == ("1001", "12345")
    assert (record.values["text"], record.values["likes"]) == ("5", 3)
    assert (record.number, record.line) == (1, 2)


def test_a_workbook_of_days(tmp_path: Path) -> None:
    (record,) = read(tmp_path, xlsx_of([with_cell(when=date(2024, 3, 1))]), time={"zone": "UTC"})
    assert record.values["created_at"] == datetime(2024, 3, 1)


@pytest.mark.parametrize(
    "cells,word",
    [
        ({"id": 1234567890123456789}, "column 'id'"),
        ({"who": 1.2345678901234568e18}, "column 'who'"),
        ({"when": datetime(2024, 3, 1)}, "zone"),
        ({"when": 45352.5}, "date format"),
    ],
)
def test_workbooks_that_lost_something_are_refused(tmp_path: Path, cells: dict[str, Any], word: str) -> None:
    assert word in refusal(tmp_path, xlsx_of([with_cell(**cells)]))


def test_formulas_are_never_computed(tmp_path: Path) -> None:
    rows = [
        ROW,
        with_cell(body='=HYPERLINK("https://t.invalid")'),
        with_cell(likes="=1+1"),
        with_cell(id="1004"),
    ]
    found = read(tmp_path, xlsx_of(rows))
    assert [type(item) for item in found] == [Record, Rejection, Rejection, Record]
    assert found[1].field == "body"
    assert "formula without a stored result" in found[1].reason


def test_errors_in_cells_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, xlsx_of([with_cell(likes="#N/A"), ROW]))
    assert [type(item) for item in found] == [Rejection, Record]


def test_several_sheets_need_a_name(tmp_path: Path) -> None:
    data = xlsx_of([ROW], NAMES, "second")
    assert "write `sheet:` with one of 'Sheet', 'second'" in refusal(tmp_path, data)
    assert "no sheet 'third'" in refusal(tmp_path, data, sheet="third")
    assert len(read(tmp_path, data, sheet="Sheet")) == 1


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def test_a_workbook_inside_a_zip_is_an_archive_inside_an_archive(tmp_path: Path) -> None:
    assert "unpack the outer one first" in refusal(tmp_path, zipped("a.xlsx", xlsx_of([ROW])))


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped("a.parquet", data)], ids=["gz", "zip"])
def test_parquet_inside_an_archive(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (record,) = read(tmp_path, pack(files()["parquet"]))
    assert record.values["post_id"] == "1001"


@pytest.mark.parametrize("damage", ["cut", "no workbook"])
def test_damaged_workbooks(tmp_path: Path, damage: str) -> None:
    if damage == "cut":
        assert "damaged" in refusal(tmp_path, xlsx_of([ROW])[:-200])
    else:
        assert "no Excel workbook" in refusal(tmp_path, zipped("[Content_Types].xml", b"<Types/>"))


# --- Parquet


def parquet_row(**columns: Any) -> dict[str, Any]:
    return {name: columns.get(name, [cell]) for name, cell in zip(NAMES, ROW, strict=True)}


def test_parquet_times(tmp_path: Path) -> None:
    aware = pa.array(
        [datetime(2024, 3, 1, 12, tzinfo=timezone(timedelta(hours=8)))], pa.timestamp("ms", "Asia/Shanghai")
    )
    (record,) = read(tmp_path, parquet_of(parquet_row(when=aware)))
    assert record.values["created_at"] == datetime(2024, 3, 1, 4)
    naive = parquet_of(parquet_row(when=pa.array([datetime(2024, 3, 1, 12)], pa.timestamp("us"))))
    assert "zone" in refusal(tmp_path, naive)
    assert read(tmp_path, naive, time={"zone": "UTC"})[0].values["created_at"] == datetime(2024, 3, 1, 12)


def test_parquet_types(tmp_path: Path) -> None:
    columns = parquet_row(
        id=pa.array([2**62 + 1]), likes=pa.array([3.0]), body=pa.array(["x"]).dictionary_encode()
    )
    (record,) = read(tmp_path, parquet_of(columns))
    assert record.values["post_id"] == str(2**62 + 1)
    assert (record.values["likes"], record.values["text"]) == (3, "x")
    assert record.line is None


def test_parquet_nulls(tmp_path: Path) -> None:
    columns = parquet_row(body=pa.array([None], pa.string()), likes=pa.array([None], pa.int64()))
    (record,) = read(tmp_path, parquet_of(columns))
    assert record.values["text"] is record.values["likes"] is None


@pytest.mark.parametrize("column", ["id", "who"])
def test_parquet_identifiers_as_numbers_with_decimals(tmp_path: Path, column: str) -> None:
    message = refusal(tmp_path, parquet_of(parquet_row(**{column: [1.2345678901234568e18]})))
    assert f"column '{column}'" in message
    assert "as text" in message


def test_parquet_without_rows(tmp_path: Path) -> None:
    assert read(tmp_path, parquet_of({name: pa.array([], pa.string()) for name in NAMES})) == []


def test_damaged_parquet(tmp_path: Path) -> None:
    whole = parquet_of(
        {name: [f"{name}{n}" for n in range(1000)] for name in NAMES},
        compression="none",
        use_dictionary=False,
        write_page_checksum=True,
    )
    assert "damaged" in refusal(tmp_path, whole[:-12])
    flipped = bytearray(whole)
    flipped[2000] ^= 0xFF
    assert "damaged" in refusal(tmp_path, bytes(flipped))


def test_parquet_times_beyond_the_calendar(tmp_path: Path) -> None:
    times = pa.array([1_709_294_400_000, 2**60], pa.timestamp("ms", "UTC"))
    columns = {name: [cell] * 2 for name, cell in zip(NAMES, ROW, strict=True)} | {"when": times}
    found = read(tmp_path, parquet_of(columns))
    assert [type(item) for item in found] == [Record, Rejection]


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(["xlsx", "parquet"]), st.integers(0, 10_000), st.integers(1, 255), st.booleans())
def test_damage_anywhere_ends_in_records_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, kind: str, place: int, change: int, cut: bool
) -> None:
    data = bytearray(files()[kind])
    place %= len(data)
    data[place] ^= change
    with contextlib.suppress(InputError):
        read(tmp_path_factory.mktemp("damage"), bytes(data[:place] if cut else data))


# --- other files


def test_flat_json_with_missing_and_nested_keys(tmp_path: Path) -> None:
    good = dict(zip(NAMES, ROW, strict=True))
    lines = [
        good,
        {k: v for k, v in good.items() if k != "likes"},
        good | {"body": {"a": 1}},
        good | {"who": ["x"]},
    ]
    found = read(tmp_path, "\n".join(json.dumps(line) for line in lines).encode())
    assert [type(item) for item in found] == [Record, Record, Rejection, Rejection]
    assert found[1].values["likes"] is None
    assert (found[2].field, found[2].reason) == ("text", "text was expected, found an object")
    assert found[3].field == "account_id"


def test_no_table_at_all(tmp_path: Path) -> None:
    assert "no table" in refusal(tmp_path, b"<html><p>log in</p></html>")
    assert "a sqlite file that is damaged" in refusal(tmp_path, b"SQLite format 3\x00" + bytes(100))


# --- properties

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CELLS = st.lists(st.tuples(CELL, CELL, CELL), max_size=6)


@settings(max_examples=examples(80), deadline=None)
@given(CELLS, st.sampled_from(["csv", "json", "parquet"]))
def test_each_record_has_one_fate_and_kept_values_are_exact(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], kind: str
) -> None:
    full = [[f"{n}", account, "h", ROW[3], text, likes] for n, (account, text, likes) in enumerate(rows)]
    if kind == "csv":
        data = csv_of(full, quoting=csv.QUOTE_ALL)
    elif kind == "json":
        data = json.dumps([dict(zip(NAMES, row, strict=True)) for row in [*full, ROW]]).encode()
    else:
        data = parquet_of(
            {name: pa.array([row[i] for row in full], pa.string()) for i, name in enumerate(NAMES)}
        )
    found = read(tmp_path_factory.mktemp("table"), data)[: len(rows)]
    assert [item.number for item in found] == list(range(1, len(rows) + 1))
    for item, (account, text, likes) in zip(found, rows, strict=True):
        if isinstance(item, Record):
            assert item.values["account_id"] == (account.strip() or None)
            assert item.values["text"] == text
            assert item.values["likes"] == (int(likes.strip().split(".")[0]) if likes else None)
        else:
            assert item.field in ("account_id", "likes")


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 3), st.lists(CELL, min_size=6, max_size=6))
def test_a_hostile_row_changes_only_its_own_fate(
    tmp_path_factory: pytest.TempPathFactory, place: int, hostile: list[str]
) -> None:
    rows = [with_cell(id=str(n)) for n in range(3)]
    folder = tmp_path_factory.mktemp("table")
    before = read(folder, csv_of(rows, quoting=csv.QUOTE_ALL))
    after = read(folder, csv_of([*rows[:place], hostile, *rows[place:]], quoting=csv.QUOTE_ALL))
    assert len(after) == 4
    del after[place]
    assert [item.values for item in after] == [item.values for item in before]
