"""The X Information Operations archive: both tables, every dialect, times from identifiers, what is refused."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import golden
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders, schema
from kit.errors import InputError
from kit.loaders import Record, Rejection
from kit.loaders.lists import items
from kit.loaders.values import BadValue

(POST,) = golden.rows("x_archive_posts/whole")
POSTS = list(POST)
OLD = list(golden.rows("x_archive_posts/columns_of_2018")[0])


def csv_of(rows: Iterable[dict[str, str]], names: list[str], quoting: Any = csv.QUOTE_ALL) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(
        buffer, names, quoting=quoting, restval="", lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def read(folder: Path, data: bytes, **options: Any) -> tuple[list[Record | Rejection], loaders.Source, str]:
    path = folder / "posts.csv"
    path.write_bytes(data)
    ((source, format_, found),) = loaders.open_exports(path, options)
    return list(found), source, format_.name


# --- a post, column by column


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("names", [POSTS, OLD, list(reversed(OLD))], ids=["30", "31", "reversed"])
def test_columns_are_read_by_name(tmp_path: Path, names: list[str], quoting: Any) -> None:
    reply = {"in_reply_to_userid": "77", "in_reply_to_tweetid": "1196659470232772000"}
    (found,), source, _ = read(tmp_path, csv_of([POST | reply], names, quoting))
    assert isinstance(found, Record)
    assert found.values["target_account_id"] == "77"
    assert found.values["reply_to_id"] == "1196659470232772000"
    assert not source.warnings


# --- lists


@pytest.mark.parametrize(
    "cell,found",
    [
        ("", []),
        ("[]", []),
        ("[ ]", []),
        ("[a]", ["a"]),
        ("[a, b]", ["a", "b"]),
        ("['a']", ["a"]),
        ("['a', 'b']", ["a", "b"]),
        ("['a','b']", ["a", "b"]),
        ("['it', \"it's\", 'c']", ["it", "it's", "c"]),
        ('["a", "b"]', ["a", "b"]),
        (r"['a\'b', 'c\\d', '\u0e01\x41\n']", ["a'b", "c\\d", "\u0e01A\n"]),
        ("['a, b', 'c']", ["a, b", "c"]),
        ("['', '']", ["", ""]),
        ("[http://a.invalid/x, y, https://b.invalid]", ["http://a.invalid/x, y", "https://b.invalid"]),
        ("[12, 34]", ["12", "34"]),
    ],
)
def test_list_dialects(cell: str, found: list[str]) -> None:
    assert items("hashtags", cell) == found


@pytest.mark.parametrize(
    "cell", ["a, b", "['a", "['a', 'b]", "['a' 'b']", "['a'x]", "[", "['a', ]", "absent"]
)
def test_lists_that_are_none(cell: str) -> None:
    with pytest.raises(BadValue):
        items("urls", cell)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=5))
def test_any_list_as_python_prints_it(words: list[str]) -> None:
    assert items("hashtags", str(words)) == words


@given(st.text(st.sampled_from("[]'\"\\, ax"), max_size=20))
def test_no_list_cell_raises_anything_else(cell: str) -> None:
    with contextlib.suppress(BadValue):
        items("hashtags", cell)


# --- recognition


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    names = [name for name in POSTS if name != "tweet_text"]
    with pytest.raises(InputError, match=r"posts\.csv, line 1: the column 'tweet_text' is missing"):
        read(tmp_path, csv_of([POST], names))


def test_a_header_that_nearly_matches_names_what_is_missing(tmp_path: Path) -> None:
    names = ["tweet_id" if name == "tweetid" else name for name in POSTS]
    with pytest.raises(
        InputError, match=r"looks like 'X Information Operations archive, posts'.*'tweetid' is missing"
    ):
        read(tmp_path, csv_of([POST], names))


# --- properties

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6))
@example([("", "", "0\x1f")])
def test_each_record_has_one_fate_and_kept_values_are_exact(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    posts = [
        POST | {"tweet_text": text, "user_profile_description": bio, "like_count": likes}
        for text, bio, likes in rows
    ]
    found, _, _ = read(tmp_path_factory.mktemp("x"), csv_of(posts, POSTS))
    assert [item.number for item in found] == list(range(1, len(rows) + 1))
    for item, (text, bio, likes) in zip(found, rows, strict=True):
        if isinstance(item, Record):
            escaped = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            assert item.values["text"] == escaped
            assert item.author is not None
            assert item.author["bio"] == bio
            number = likes.strip()  # white space around, of any kind, is no part of a number
            assert item.values["likes"] == (int(float(number)) if number else None)
        else:
            assert item.field == "like_count"


# --- real data


def independent(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real
def test_thailand_posts(real_data: Path) -> None:
    path = real_data / "data/tio-thailand-2020-09/thailand_092020_tweets_csv_hashed.csv"
    ((source, format_, found),) = loaders.open_exports(path)
    records = list(found)
    rows = independent(path)
    assert format_.name == "x_archive_posts"
    assert len(records) == len(rows) == 21_385
    assert not source.warnings
    for record, row in zip(records, rows, strict=True):
        assert isinstance(record, Record)
        values = record.values
        assert values["post_id"] == row["tweetid"]
        assert values["account_id"] == row["userid"]
        assert values["created_at"].strftime("%Y-%m-%d %H:%M") == row["tweet_time"]
        assert (
            values["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            == row["tweet_text"]
        )
        assert values["is_repost"] is (row["is_retweet"] == "true")
        assert (values["target_account_id"] or "") == row["in_reply_to_userid"]
        assert (values["reply_to_id"] or "") == row["in_reply_to_tweetid"]
        assert (values["reposted_id"] or "") == row["retweet_tweetid"]
        assert str(values["likes"]) == row["like_count"]
        assert [m["account_id"] for m in values["mentions"]] == re.findall(r"'([^']*)'", row["user_mentions"])
        assert [u["url"] for u in values["urls"]] == re.findall(r"'([^']*)'", row["urls"])
        assert len(values["hashtags"]) == len(re.findall(r"'([^']*)'", row["hashtags"]))
    # every minute of the field is restored to the millisecond by the identifier
    sources = {r.values["time_source"] for r in records if isinstance(r, Record)}
    assert sources == {"identifier"}
    seconds = {r.values["created_at"].second for r in records if isinstance(r, Record)}
    assert seconds == set(range(60))
    kinds = [r.values["kind"] for r in records if isinstance(r, Record)]
    assert {kind: kinds.count(kind) for kind in schema.KINDS} == {
        "post": 1093,
        "reply": 6853,
        "repost": 11_199,
        "quote": 2240,
    }
    authors = {r.author["account_id"]: r.author for r in records if isinstance(r, Record) and r.author}
    assert len(authors) == 455
    assert sum(a["followers"] for a in authors.values()) / 455 == pytest.approx(2.468, abs=0.001)


@pytest.mark.real
def test_thailand_accounts(real_data: Path) -> None:
    path = real_data / "data/tio-thailand-2020-09/thailand_092020_users_csv_hashed.csv"
    ((source, _, found),) = loaders.open_exports(path)
    records = [r for r in found if isinstance(r, Record)]
    assert len(records) == 926
    assert not source.warnings
    for record, row in zip(records, independent(path), strict=True):
        assert record.values["account_id"] == row["userid"]
        assert record.values["bio"] == row["user_profile_description"]
        assert record.values["created_at"].date().isoformat() == row["account_creation_date"]
        assert str(record.values["followers"]) == row["follower_count"]
        assert record.values["handle"] is None
    assert sum(not r.values["bio"].strip() for r in records) / 926 == pytest.approx(0.735, abs=0.001)
    made = [r.values["created_at"] for r in records]
    assert sum(datetime(2020, 1, 1) <= m < datetime(2020, 2, 1) for m in made) == 453


@pytest.mark.real
def test_china_accounts_partly_hashed(real_data: Path) -> None:
    path = real_data / "data/tio-china-2019-08-set1-users/china_082019_1_users_csv_hashed.csv"
    ((_, _, found),) = loaders.open_exports(path)
    records = [r for r in found if isinstance(r, Record)]
    assert len(records) == 744
    assert sum(r.values["handle"] is None for r in records) == 254


@pytest.mark.real
@pytest.mark.parametrize(
    "name,kept", [("ira_2018_tweets_hashed_excerpt.csv", 2), ("ira_2018_users_hashed_excerpt.csv", 2)]
)
def test_the_release_of_2018(real_data: Path, name: str, kept: int) -> None:
    ((_, _, found),) = loaders.open_exports(real_data / "format-samples/twitter-io-archive" / name)
    records = list(found)
    assert [type(r) for r in records] == [Record] * kept
    if "tweets" in name:
        assert isinstance(records[0], Record)
        moment = records[0].values["created_at"]
        assert moment - datetime(2017, 6, 22, 16, 3, 32) < timedelta(seconds=1)
        assert records[0].values["reposted_account_id"] == "2572896396"
