"""X API v2: pages and flattened posts, what stands beside them, users, and everything a stream can break."""

from __future__ import annotations

import html
import json
from collections import Counter
from pathlib import Path
from typing import Any

import golden
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders
from kit.loaders import Record, Rejection

(PAGE,) = golden.objects("x_v2/whole")
(POST,) = PAGE["data"]


def page(*posts: dict[str, Any]) -> dict[str, Any]:
    return {**PAGE, "data": list(posts), "meta": {"result_count": len(posts)}}


def read(folder: Path, *lines: Any) -> tuple[list[Record | Rejection], loaders.Source, str]:
    path = folder / "posts.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    ((source, format_, found),) = loaders.open_exports(path)
    return list(found), source, format_.name


def collected(found: list[Record | Rejection]) -> list[Record]:
    return [item for item in found if isinstance(item, Record) and not item.context]


def context(found: list[Record | Rejection]) -> list[Record]:
    return [item for item in found if isinstance(item, Record) and item.context]


def flattened(post: dict[str, Any]) -> dict[str, Any]:
    beside = PAGE["includes"]
    attachments = {**post["attachments"], "media": beside["media"]}
    return {**post, "author": beside["users"][0], "attachments": attachments, "referenced_tweets": []}


# --- lines


@pytest.mark.parametrize(
    "keys,field,reason",
    [
        ({"id": None}, "id", "no identifier"),
        ({"id": 1.3947357767018168e18}, "id", "lost precision"),
        ({"id": "1.39E+18"}, "id", "scientific notation"),
        ({"text": {"a": 1}}, "text", "found a value of type dict"),
        ({"text": ["x"]}, "text", "found a value of type list"),
        ({"lang": 5}, "lang", "type int"),
        ({"public_metrics": {"like_count": -1}}, "like_count", "whole number"),
        ({"public_metrics": {"like_count": "1.2K"}}, "like_count", "whole number"),
        ({"public_metrics": []}, "public_metrics", "an object was expected"),
        ({"entities": {"hashtags": {"tag": "x"}}}, "hashtags", "a list of objects"),
        ({"created_at": "yesterday"}, "created_at", "ISO 8601"),
        ({"created_at": "2021-05-18T19:24:56"}, "created_at", "without a zone"),
        ({"created_at": "2099-05-18T19:24:56.000Z"}, "created_at", "future"),
        ({"referenced_tweets": ["x"]}, "referenced_tweets", "a list of objects"),
    ],
)
def test_a_refused_post_leaves_its_neighbours(
    tmp_path: Path, keys: dict[str, Any], field: str, reason: str
) -> None:
    bad_post = POST | keys
    found, _, _ = read(tmp_path, page(POST, bad_post, POST | {"id": "1394735776701700000"}))
    assert [r.number for r in collected(found)] == [1, 3]
    (bad,) = [item for item in found if isinstance(item, Rejection)]
    assert (bad.number, bad.line, bad.field) == (2, 1, field)
    assert reason in bad.reason
    assert json.loads(bad.raw) == bad_post


# --- users


@pytest.mark.parametrize(
    "line",
    [
        {"data": [{"end": "2021-10-16T19:00:00.000Z", "tweet_count": 3961}]},
        {"id": "5", "action": "delete", "created_at": "2021-05-18T19:24:56.000Z"},
        {"data": [{"id": "1", "name": "a list", "owner_id": "2"}]},
        {"id": "5", "id_str": "5", "text": "v1.1", "user": {"screen_name": "x"}},
        {"ok": 1, "data": {"id": "5", "text": "weibo", "created_at": "Fri Jun 07 20:00:00 +0800 2024"}},
        {"source_platform": "y", "data": {"id": "5", "text": "x", "created_at": "2024-01-01T00:00:00+00:00"}},
        {"data": {"id": "at://a", "text": "x", "created_at": "2024-01-01T00:00:00.000Z"}},
    ],
)
def test_other_files_of_the_same_tools_are_not_mistaken(tmp_path: Path, line: dict[str, Any]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    (source,) = loaders.sources(tmp_path / "a.jsonl")
    assert not [name for name in ("x_v2", "x_v2_users") if loaders.FORMATS[name].sniff(source.head())]


# --- properties

ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=2), max_size=2)
)
KEYS = st.sampled_from(
    [*POST, "referenced_tweets", "note_tweet", "withheld", "in_reply_to_user_id", "author"]
)


@settings(max_examples=examples(120), deadline=None)
@given(st.dictionaries(KEYS, ANY | st.dictionaries(st.text(max_size=3), ANY, max_size=2), max_size=4))
def test_any_object_has_one_fate(tmp_path_factory: pytest.TempPathFactory, keys: dict[str, Any]) -> None:
    if "\\u0000" in json.dumps(keys):
        return
    for line in (page(POST, POST | keys, POST), flattened(POST) | keys):
        found, _, _ = read(tmp_path_factory.mktemp("v2"), page(POST), line)
        counted = [item.number for item in found if not getattr(item, "context", False)]
        assert counted == list(range(1, len(counted) + 1))
        assert len(counted) == (4 if "data" in line else 2)


# --- real data

REAL = {
    "brexit.jsonl": (100, 55, 0),
    "cashtags.jsonl": (1, 0, 0),
    "edited.jsonl": (1, 1, 0),
    "flat.jsonl": (100, 94, 0),
    "geo_tweets.jsonl": (2, 1, 0),
    "mentions_tweet.jsonl": (1, 1, 0),
    "noflat.jsonl": (100, 64, 0),
    "quoted_edit.jsonl": (1, 2, 0),
    "streaming_output_with_error.jsonl": (7, 4, 1),
    "two_tweets.jsonl": (1, 1, 0),
    "users.jsonl": (96, 52, 0),
    "verified_type.jsonl": (1, 0, 0),
    "withheld.jsonl": (215, 69, 0),
}


@pytest.mark.real
@pytest.mark.parametrize("name", REAL)
def test_real_pages(real_data: Path, name: str) -> None:
    path = real_data / "data/fixtures-twitter-v2-jsonl" / name
    ((_, format_, items),) = loaders.open_exports(path)
    found = list(items)
    rejected = [item for item in found if isinstance(item, Rejection)]
    assert (len(collected(found)), len(context(found)), len(rejected)) == REAL[name]
    assert format_.name == ("x_v2_users" if name == "users.jsonl" else "x_v2")


@pytest.mark.real
@pytest.mark.parametrize("name", [name for name in REAL if name != "users.jsonl"])
def test_real_posts_against_an_independent_reading(real_data: Path, name: str) -> None:
    path = real_data / "data/fixtures-twitter-v2-jsonl" / name
    ((_, _, items),) = loaders.open_exports(path)
    posts = {r.values["post_id"]: r for r in collected(list(items))}
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    broken = REAL[name][2]  # lines that break off, the last ones of their file
    for line in lines[: len(lines) - broken]:
        top = json.loads(line)
        users = {u["id"]: u for u in top.get("includes", {}).get("users", [])}
        data = top.get("data", top)
        for post in data if isinstance(data, list) else [data]:
            record = posts.pop(post["id"])
            types = {r["type"]: r["id"] for r in post.get("referenced_tweets", [])}
            user = users.get(post["author_id"]) or post.get("author")
            assert (record.author is None) is (user is None)
            if record.author and user:
                assert record.author["handle"] == user["username"]
                assert record.author["followers"] == user["public_metrics"]["followers_count"]
            assert record.values["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z") == post["created_at"]
            has_time = int(post["id"]) >= 29_700_859_247  # posts before November 2010 do not
            assert record.values["time_source"] == ("identifier" if has_time else "field")
            assert record.values.get("reposted_id") == types.get("retweeted")
            assert record.values.get("quoted_id") == types.get("quoted")
            assert record.values.get("reply_to_id") == types.get("replied_to")
            assert record.values["target_account_id"] == post.get("in_reply_to_user_id")
            if "retweeted" not in types:
                assert (
                    record.values["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                    == post["text"]
                )
                assert record.values["likes"] == post["public_metrics"]["like_count"]
                assert len(record.values["hashtags"]) == len(post.get("entities", {}).get("hashtags", []))


@pytest.mark.real
def test_real_users_against_an_independent_reading(real_data: Path) -> None:
    path = real_data / "data/fixtures-twitter-v2-jsonl" / "users.jsonl"
    ((_, _, items),) = loaders.open_exports(path)
    found = {r.values["account_id"]: r.values for r in collected(list(items))}
    seen = set()
    for line in path.read_text().splitlines():
        for user in json.loads(line)["data"]:
            values = found[user["id"]]
            seen.add(user["id"])
            assert values["handle"] == user["username"]
            assert values["display_name"] == user["name"]
            assert values["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z") == user["created_at"]
            assert values["followers"] == user["public_metrics"]["followers_count"]
            assert values["following"] == user["public_metrics"]["following_count"]
            assert values["posts_stated"] == user["public_metrics"]["tweet_count"]
            assert (values.get("bio") or "") == html.unescape(user.get("description", ""))
    assert seen == set(found)


@pytest.mark.real
def test_the_same_posts_flat_and_not(real_data: Path) -> None:
    folder = real_data / "data/fixtures-twitter-v2-jsonl"
    kinds = []
    for name in ("flat.jsonl", "noflat.jsonl"):
        ((_, _, items),) = loaders.open_exports(folder / name)
        kinds.append(Counter(r.values["kind"] for r in collected(list(items))))
    assert all(sum(kind.values()) == 100 for kind in kinds)
