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

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders, schema
from kit.errors import InputError
from kit.ids import time_of
from kit.loaders import Record, Rejection
from kit.loaders.lists import items
from kit.loaders.values import BadValue

PROFILE = (
    "userid user_display_name user_screen_name user_reported_location user_profile_description user_profile_url "
    "follower_count following_count account_creation_date account_language"
).split()
POSTS = (
    "tweetid "
    + " ".join(PROFILE)
    + " tweet_language tweet_text tweet_time tweet_client_name in_reply_to_userid "
    "in_reply_to_tweetid quoted_tweet_tweetid is_retweet retweet_userid retweet_tweetid latitude longitude quote_count "
    "reply_count like_count retweet_count hashtags urls user_mentions"
).split()
OLD = [*POSTS, "poll_choices"]
OLD[15], OLD[16] = OLD[16], OLD[15]  # 2018: the post answered before the account answered
HASH = "aB3+/xyz" * 5 + "Qw="
PERSON = {
    "userid": "900000000000000001",
    "user_display_name": "Sample Person",
    "user_screen_name": "sample_person",
    "user_reported_location": "",
    "user_profile_description": "likes & dislikes",
    "user_profile_url": "",
    "follower_count": "12",
    "following_count": "3",
    "account_creation_date": "2019-11-05",
    "account_language": "en",
}
POST = {
    **dict.fromkeys(POSTS, ""),
    **PERSON,
    "tweetid": "1196659470232772609",  # 2019-11-19 05:20:25.218
    "tweet_language": "th",
    "tweet_text": "a &amp; b &lt;c&gt; &amp;amp;",
    "tweet_time": "2019-11-19 05:20",
    "tweet_client_name": "Twitter Web Client",
    "is_retweet": "false",
    "latitude": "absent",
    "longitude": "absent",
    "quote_count": "0",
    "reply_count": "0",
    "like_count": "2",
    "retweet_count": "1",
    "hashtags": "[]",
    "urls": "[]",
    "user_mentions": "[]",
}


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


def one(folder: Path, names: list[str] = POSTS, **cells: str) -> Any:
    (found,), _, name = read(folder, csv_of([POST | cells], names))
    assert name == "x_archive_posts"
    return found


# --- a post, column by column


def test_every_column_of_a_post(tmp_path: Path) -> None:
    record = one(tmp_path)
    assert (record.table, record.number, record.line, record.context) == ("posts", 1, 2, False)
    assert record.values == {
        "platform": "x",
        "post_id": "1196659470232772609",
        "account_id": "900000000000000001",
        "created_at": time_of("x_post", "1196659470232772609"),
        "time_source": "identifier",
        "time_precision": "millisecond",
        "time_stated": True,
        "kind": "post",
        "is_reply": False,
        "is_quote": False,
        "is_repost": False,
        "reply_to_id": None,
        "reply_to_created_at": None,
        "target_account_id": None,
        "quoted_id": None,
        "reposted_id": None,
        "reposted_account_id": None,
        "text": "a & b <c> &amp;",  # taken back once, not twice
        "language": "th",
        "client": "Twitter Web Client",
        "likes": 2,
        "replies": 0,
        "reposts": 1,
        "quotes": 0,
        "hashtags": [],
        "urls": [],
        "mentions": [],
    }
    assert record.author == {
        "platform": "x",
        "account_id": "900000000000000001",
        "handle": "sample_person",
        "display_name": "Sample Person",
        "bio": "likes & dislikes",
        "location": "",
        "profile_url": "",
        "created_at": datetime(2019, 11, 5),
        "created_precision": "day",
        "followers": 12,
        "following": 3,
        "profile_language": "en",
        "status": "suspended",
    }


def test_only_columns_that_loaders_fill(tmp_path: Path) -> None:
    record = one(tmp_path)
    lists = {"hashtags", "urls", "mentions", "media"}
    assert set(record.values) - lists <= set(schema.columns("posts", loaded=True))
    assert set(record.author) <= set(schema.columns("accounts", loaded=True))


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("names", [POSTS, OLD, list(reversed(OLD))], ids=["30", "31", "reversed"])
def test_columns_are_read_by_name(tmp_path: Path, names: list[str], quoting: Any) -> None:
    reply = {"in_reply_to_userid": "77", "in_reply_to_tweetid": "1196659470232772000"}
    (found,), source, _ = read(tmp_path, csv_of([POST | reply], names, quoting))
    assert isinstance(found, Record)
    assert found.values["target_account_id"] == "77"
    assert found.values["reply_to_id"] == "1196659470232772000"
    assert not source.warnings


REPLY = {"in_reply_to_userid": "77", "in_reply_to_tweetid": "1196659470232772000"}
QUOTE = {"quoted_tweet_tweetid": "1196659470232771111"}
REPOST = {"is_retweet": "True", "retweet_userid": "88", "retweet_tweetid": "1196659470232772222"}


@pytest.mark.parametrize(
    "cells,kind,marks",
    [
        ({}, "post", (False, False, False)),
        (REPLY, "reply", (True, False, False)),
        ({"in_reply_to_userid": "77"}, "reply", (True, False, False)),
        ({"in_reply_to_tweetid": "5"}, "reply", (True, False, False)),
        (QUOTE, "quote", (False, True, False)),
        (REPLY | QUOTE, "reply", (True, True, False)),
        (REPOST, "repost", (False, False, True)),
        (REPOST | QUOTE, "repost", (False, True, True)),
        (REPOST | REPLY, "repost", (True, False, True)),
    ],
)
def test_kinds(tmp_path: Path, cells: dict[str, str], kind: str, marks: tuple[bool, ...]) -> None:
    values = one(tmp_path, **cells).values
    assert (values["kind"], (values["is_reply"], values["is_quote"], values["is_repost"])) == (kind, marks)
    assert values["quoted_id"] == (cells.get("quoted_tweet_tweetid") or None)
    assert values["reposted_id"] == (cells.get("retweet_tweetid") or None)
    assert values["reposted_account_id"] == (cells.get("retweet_userid") or None)


def test_the_time_of_the_post_answered_comes_from_its_identifier(tmp_path: Path) -> None:
    assert one(tmp_path, **REPLY).values["reply_to_created_at"] == time_of(
        "x_post", REPLY["in_reply_to_tweetid"]
    )
    assert one(tmp_path, in_reply_to_tweetid="123").values["reply_to_created_at"] is None


@pytest.mark.parametrize("word,value", [("true", True), ("True", True), ("FALSE", False), ("", False)])
def test_booleans_in_either_case(tmp_path: Path, word: str, value: bool) -> None:
    assert one(tmp_path, is_retweet=word).values["is_repost"] is value


@pytest.mark.parametrize("cell,value", [("0", 0), ("0.0", 0), ("12", 12), ("12.0", 12), ("", None)])
def test_counts(tmp_path: Path, cell: str, value: int | None) -> None:
    assert one(tmp_path, like_count=cell).values["likes"] == value


@pytest.mark.parametrize(
    "code,value", [("th", "th"), ("in", "id"), ("iw", "he"), ("und", "und"), ("qme", "und"), ("", None)]
)
def test_languages(tmp_path: Path, code: str, value: str | None) -> None:
    assert one(tmp_path, tweet_language=code).values["language"] == value


# --- time


@pytest.mark.parametrize(
    "identifier,field,expected,source,precision,warnings",
    [
        (
            "1196659470232772609",
            "2019-11-19 05:20",
            "2019-11-19 05:20:25.218",
            "identifier",
            "millisecond",
            0,
        ),
        (
            "1196659470232772609",
            "2019-11-19 05:20:25",
            "2019-11-19 05:20:25.218",
            "identifier",
            "millisecond",
            0,
        ),
        ("1196659470232772609", "2019-11-19 05:21", "2019-11-19 05:21", "field", "minute", 1),
        ("1196659470232772609", "2019-11-19 05:20:26", "2019-11-19 05:20:26", "field", "second", 1),
        ("1196659470232772609", "", "2019-11-19 05:20:25.218", "identifier", "millisecond", 0),
        ("12345", "2009-03-01 10:00", "2009-03-01 10:00", "field", "minute", 0),
        ("12345", "", None, None, None, 0),
    ],
)
def test_times(
    tmp_path: Path,
    identifier: str,
    field: str,
    expected: str | None,
    source: str | None,
    precision: str | None,
    warnings: int,
) -> None:
    (found,), file, _ = read(tmp_path, csv_of([POST | {"tweetid": identifier, "tweet_time": field}], POSTS))
    assert isinstance(found, Record)
    time = found.values["created_at"]
    assert (time.replace(microsecond=time.microsecond // 1000 * 1000) if time else None) == (
        datetime.fromisoformat(expected) if expected else None
    )
    assert (found.values["time_source"], found.values["time_precision"]) == (source, precision)
    assert file.warnings.total() == warnings


def test_times_carry_no_zone_mark(tmp_path: Path) -> None:
    assert one(tmp_path).values["created_at"].tzinfo is None


def test_dates_in_another_order_are_read_only_when_declared(tmp_path: Path) -> None:
    data = csv_of([PERSON | {"account_creation_date": "7/3/2018"}], PROFILE)
    (found,), _, name = read(tmp_path, data)
    assert name == "x_archive_accounts"
    assert isinstance(found, Rejection)
    assert found.field == "account_creation_date"
    assert "declare" in found.reason
    (found,), _, _ = read(tmp_path, data, time={"format": "%m/%d/%Y"})
    assert isinstance(found, Record)
    assert found.values["created_at"] == datetime(2018, 7, 3)


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


def test_lists_of_a_post(tmp_path: Path) -> None:
    values = one(
        tmp_path,
        hashtags="['Straße', '#Ünï']",
        urls="['https://a.invalid/?q=1,2']",
        user_mentions="['900000000000000002', '" + HASH + "']",
    ).values
    assert values["hashtags"] == ["strasse", "ünï"]
    assert values["urls"] == [{"url": "https://a.invalid/?q=1,2", "expanded_url": None}]
    assert [m["account_id"] for m in values["mentions"]] == ["900000000000000002", HASH]


# --- accounts


@pytest.mark.parametrize("hash_", [HASH, "2490" * 16], ids=["base64", "hex"])
def test_a_hashed_account_keeps_its_hash_and_has_no_name(tmp_path: Path, hash_: str) -> None:
    hashed = PERSON | dict.fromkeys(("userid", "user_display_name", "user_screen_name"), hash_)
    (found,), _, name = read(tmp_path, csv_of([hashed], PROFILE))
    assert name == "x_archive_accounts"
    assert isinstance(found, Record)
    assert found.table == "accounts"
    assert found.values["account_id"] == hash_
    assert found.values["handle"] is found.values["display_name"] is None
    assert found.values["bio"] == "likes & dislikes"
    assert found.values["status"] == "suspended"


def test_empty_and_missing_differ(tmp_path: Path) -> None:
    (found,), _, _ = read(
        tmp_path, csv_of([PERSON | {"follower_count": "", "account_creation_date": ""}], PROFILE)
    )
    assert isinstance(found, Record)
    assert found.values["bio"] == "likes & dislikes"
    assert found.values["location"] == ""
    assert (
        found.values["followers"] is found.values["created_at"] is found.values["created_precision"] is None
    )


# --- what is refused


@pytest.mark.parametrize(
    "cells,field,reason",
    [
        ({"tweetid": ""}, "tweetid", "no identifier"),
        ({"tweetid": " "}, "tweetid", "no identifier"),
        ({"userid": ""}, "userid", "no identifier"),
        ({"tweetid": "1.19666E+18"}, "tweetid", "scientific notation"),
        ({"userid": "1.01421E+18"}, "userid", "scientific notation"),
        ({"tweetid": "1196659470232772609.0"}, "tweetid", "decimals"),
        ({"tweetid": "abc"}, "tweetid", "digits"),
        ({"retweet_userid": "1.2E+09", "is_retweet": "true"}, "retweet_userid", "scientific notation"),
        ({"in_reply_to_tweetid": "x"}, "in_reply_to_tweetid", "digits"),
        ({"user_mentions": "['1E+9']"}, "user_mentions", "scientific notation"),
        ({"tweet_time": "2019-02-30 10:00"}, "tweet_time", "no such time"),
        ({"tweet_time": "2019-11-19 24:00"}, "tweet_time", "no such time"),
        ({"tweet_time": "19/11/2019 05:20"}, "tweet_time", "YYYY-MM-DD HH:MM"),
        ({"tweet_time": "2019-11-19T05:20Z"}, "tweet_time", "YYYY-MM-DD HH:MM"),
        ({"tweet_time": "2099-01-01 00:00"}, "tweet_time", "future"),
        ({"tweet_time": "1970-01-01 00:00"}, "tweet_time", "before the platform"),
        ({"account_creation_date": "2019-13-01"}, "account_creation_date", "no such day"),
        ({"account_creation_date": "1999-01-01"}, "account_creation_date", "before the platform"),
        ({"like_count": "-1"}, "like_count", "whole number"),
        ({"like_count": "1.5"}, "like_count", "whole number"),
        ({"like_count": "1.2K"}, "like_count", "whole number"),
        ({"follower_count": "12万"}, "follower_count", "whole number"),
        ({"follower_count": "１２"}, "follower_count", "whole number"),
        ({"is_retweet": "maybe"}, "is_retweet", "true or false"),
        ({"hashtags": "['a"}, "hashtags", "list"),
    ],
)
def test_a_refused_record_names_its_field_and_keeps_its_bytes(
    tmp_path: Path, cells: dict[str, str], field: str, reason: str
) -> None:
    other = POST | {"tweetid": "1196659470232772600"}
    data = csv_of([other, POST | cells, other], POSTS)
    found, _, _ = read(tmp_path, data)
    assert [type(item) for item in found] == [Record, Rejection, Record]
    bad = found[1]
    assert isinstance(bad, Rejection)
    assert (bad.table, bad.number, bad.line, bad.field) == ("posts", 2, 3, field)
    assert reason in bad.reason
    assert bad.raw == data.splitlines(keepends=True)[2]


def test_a_row_that_cannot_be_split_is_refused_with_the_rest_kept(tmp_path: Path) -> None:
    rows = csv_of([POST] * 3, POSTS).splitlines(keepends=True)
    found, _, _ = read(tmp_path, rows[0] + rows[1] + b'"12","open\n' + rows[2] + rows[0] + rows[3])
    assert [type(item).__name__ for item in found] == ["Record", "Rejection", "Record", "Rejection", "Record"]
    assert isinstance(found[3], Rejection)
    assert found[3].reason == "the header again"


def test_identifiers_that_look_rounded_are_counted(tmp_path: Path) -> None:
    rows = [POST | {"tweetid": f"11966594702327{n:02d}000", "tweet_time": ""} for n in range(40)]
    found, source, _ = read(tmp_path, csv_of(rows, POSTS))
    assert len(found) == 40
    assert source.warnings["identifiers look rounded: they end in 000, as after a spreadsheet"] == 40


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


def test_an_unknown_column_is_reported_not_dropped_in_silence(tmp_path: Path) -> None:
    found, source, _ = read(tmp_path, csv_of([POST], [*POSTS, "new_column"]))
    assert isinstance(found[0], Record)
    assert list(source.warnings) == ["column not known to this format, not read: new_column"]


def test_a_header_alone(tmp_path: Path) -> None:
    assert read(tmp_path, csv_of([], POSTS))[0] == []
    assert read(tmp_path, csv_of([], PROFILE))[2] == "x_archive_accounts"


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
