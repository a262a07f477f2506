"""Every registered format against arbitrary bytes and damaged files; the generic table in every kind of file.

Whatever a file holds, reading it ends in records, rejections or an `InputError`, and a case built
from damaged files accounts for every record.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import test_formats_chat as chat
import test_formats_china as china
import test_formats_forum as forum
import test_formats_meta as meta
import test_formats_tools as tools
import test_formats_video as video
import test_formats_x as x
import test_indicators as published
import test_loaders_x_archive as x_archive
import test_loaders_x_v2 as x_v2
from exports import lines, table
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
#: options that a good file of a format needs
OPTIONS: dict[str, dict[str, Any]] = {
    "table": MAP,
    **{name: {"time": {"zone": "UTC"}} for name in ("crowdtangle", "wechat_articles")},
    "facebook_exportcomments": {"time": {"format": "%d.%m.%y %H:%M:%S", "zone": "UTC"}},
    "x_archive_accounts": {"time": {"format": "%m/%d/%Y"}},
    "x_personal": {"constants": {"account_id": "77"}},
}


def good() -> dict[str, tuple[str, str, bytes]]:
    """For each good file: a name for it, its format, its bytes."""
    found: dict[str, tuple[str, str, Any]] = {}
    plain = (china, meta, tools, x)
    for module, held in ((chat, chat.EVERY), *((module, module.FIXTURES) for module in plain)):
        found |= {f"{module.__name__} {name}": ("export", *value) for name, value in held.items()}
    found |= {f"video {name}": value for name, value in video.FIXTURES.items()}
    weibo = dict(forum.WEIBO_ROW)
    more: dict[str, Any] = {
        "x_archive_posts": x_archive.csv_of([x_archive.POST], x_archive.POSTS),
        "x_v2": lines(x_v2.page(x_v2.POST)),
        "x_v2_users": lines({"data": [x_v2.USER, x_v2.OTHER]}),
        "reddit_api": json.dumps(forum.listing(forum.submission())),
        "reddit_accounts": json.dumps(forum.ACCOUNT),
        "reddit_dump": lines(forum.dump_comment(1), forum.dump_comment(2)),
        "medium_rss": forum.feed(forum.ITEM),
        "medium_export": forum.SHORT,
        "medium_export_profile": forum.PROFILE,
        "medium_export_other": forum.OTHER.format(what="claps"),
        "medium_page": forum.PAGE.format(first=forum.written(forum.STATE), second="{}"),
        "medium_json": json.dumps(forum.STATE),
        "fourcat_linkedin": table([forum.LINKEDIN_ROW]),
        "weibo_crawler": table([weibo], bom=True),
        "weibo_search": table([SEARCHED]),
        "weibo_json": json.dumps(forum.WEIBO_JSON),
        "youtube_data_tools_authors": video.AUTHOR_COUNTS,
        "meta_indicators": published.listed(),
        "table": "id,who,text,likes\n1,7,words,3\n2,7,more,\n",
    }
    found |= {
        name: ("1234567890.csv" if "weibo_c" in name else "export", name, data) for name, data in more.items()
    }
    return {
        name: (file, format_, data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        for name, (file, format_, data) in found.items()
    }


SEARCHED = {
    "id": forum.MID, "bid": forum.BID, "user_id": "99", "用户昵称": "某人", "微博正文": "文字", "头条文章url": "",
    "发布位置": "", "艾特用户": "甲", "话题": "样本", "转发数": "1", "评论数": "2", "点赞数": "3",
    "发布时间": "2019-12-28 20:32", "发布工具": "iPhone", "微博图片url": "", "微博视频url": "", "retweet_id": "",
}  # fmt: skip
GOOD = good()


def test_every_format_has_a_good_file() -> None:
    assert {format_ for _, format_, _ in GOOD.values()} == set(FORMATS)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_known(tmp_path: Path, name: str) -> None:
    file, format_, data = GOOD[name]
    (tmp_path / file).write_bytes(data)
    (source,) = loaders.sources(tmp_path / file)
    assert loaders.recognise(source, OPTIONS.get(format_)).name == format_


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

TOKENS = [b"", b"\0", b"\xff", b"null", b"{}", b"[]", b"-1", b"1e999", b'""', b'"', b"\n", b",", b"<", b"\\ud800", b"9" * 30,
          "\u202e".encode(), b"true", b"\r", b"</"]  # fmt: skip


def damaged(data: bytes, seed: int) -> bytes:
    """`data` with one to three wounds, the same for the same seed."""
    rng = random.Random(seed)
    wounded = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(wounded) + 1)
        end = min(len(wounded), at + rng.choice([0, 1, 1, 5, 40]))
        kind = rng.randrange(5)
        if kind == 0:
            del wounded[at:end]
        elif kind == 1:
            wounded[at:at] = wounded[at:end]
        elif kind == 2:
            wounded[at:end] = rng.choice(TOKENS)
        elif kind == 3 and at < len(wounded):
            wounded[at] ^= 1 << rng.randrange(8)
        elif rng.random() < 0.2:
            del wounded[at:]
    return bytes(wounded)


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
