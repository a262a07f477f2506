"""Traces: who shared what, when; and that two addresses of one page are one thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import badinputs
import pandas as pd
import pytest
from badinputs import case_of
from hypothesis import given
from hypothesis import strategies as st
from worlds import desk, post, report

import kit
from kit.case.shared import page
from kit.errors import MetricError
from kit.metrics import coordination

LONG = "The harbour ferry will run again on Sunday morning says the captain"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("traces")) as folder:
        yield folder


@pytest.fixture(scope="module")
def case(home: Path) -> Any:
    posts = [
        post(
            1,
            "a",
            "2024-01-01T10:00:00Z",
            LONG,
            links="https://www.news.example/ferry?utm_source=x",
            tags="harbour ferry",
        ),
        post(
            2,
            "b",
            "2024-01-01T10:00:05Z",
            f"{LONG}!",
            links="http://m.news.example/ferry/",
            tags="Harbour Ferry",
        ),
        post(3, "c", "2024-01-01T10:00:09Z", "@somebody", tags="ferry harbour"),
        post(4, "a", "2024-01-01T11:00:00Z", "", rt_post="77", rt_user="z"),
        post(5, "b", "2024-01-01T11:00:30Z", "", rt_post="77", rt_user="z"),
        post(6, "z", "2024-01-01T11:01:00Z", "", rt_post="77", rt_user="z"),
        post(7, "c", "2024-01-01T12:00:00Z", "no", re_post="88", re_user="q"),
        post(8, "q", "2024-01-01T12:00:01Z", "own", re_post="88", re_user="q"),
        post(9, "d", "2024-01-01T12:00Z", "by the minute", re_post="88", re_user="q"),
        post(10, "e", "", "no time at all", re_post="88", re_user="q"),
    ]
    report(home, "traces", posts={"studied": posts})
    return kit.open("traces", edition="internal")


def shared(case: Any, trace: str, **settings: Any) -> dict[int, list[str]]:
    """Authors by object, in order."""
    who = case.sql("SELECT account_key, account_id FROM accounts").set_index("account_key")["account_id"]
    table = coordination.actions(case, trace, **settings)
    table["who"] = table["account"].map(who)
    return {int(n): g["who"].tolist() for n, g in table.groupby("object")}


def test_two_addresses_of_one_page_are_one_thing(case: Any) -> None:
    assert list(shared(case, "url").values()) == [["a", "b"]]
    assert list(shared(case, "domain").values()) == [["a", "b"]]


def test_hashtags_count_without_their_case_and_their_order_counts(case: Any) -> None:
    assert sorted(shared(case, "hashtag").values()) == [["a", "b", "c"], ["a", "b", "c"]]
    assert sorted(shared(case, "hashtag_sequence").values()) == [["a", "b"], ["c"]]


def test_nobody_passes_on_or_answers_themselves(case: Any) -> None:
    assert list(shared(case, "repost").values()) == [["a", "b"]]
    assert [sorted(who) for who in shared(case, "reply_post").values()] == [["c", "d"]]
    assert [sorted(who) for who in shared(case, "reply_account").values()] == [["c", "d"]]


def test_a_text_of_names_only_is_no_text(case: Any) -> None:
    for trace in ("text", "near_text"):
        assert ["a", "b"] in shared(case, trace).values(), trace
        assert not [who for who in shared(case, trace).values() if "c" in who and len(who) > 1], trace


def test_times_no_finer_than_the_window_take_no_part(case: Any) -> None:
    assert list(shared(case, "reply_post", window_s=59).values()) == [["c"]]
    assert [sorted(who) for who in shared(case, "reply_post", window_s=60).values()] == [["c", "d"]]


def test_a_column_can_be_a_trace(case: Any) -> None:
    found = shared(case, "column:kind")
    assert sorted(map(len, found.values()))[-1] >= 3
    with pytest.raises(MetricError, match="unknown trace"):
        coordination.actions(case, "column:post_id")
    with pytest.raises(MetricError, match="near_text"):
        coordination.actions(case, "near_txt")


def test_the_table_of_traces_counts_what_is_missing(case: Any) -> None:
    table = coordination.traces(case, window_s=30).set_index("trace")
    assert table.loc["reply_post", ["posts", "no_time_posts", "coarse_posts", "used_posts"]].tolist() == [
        3,
        1,
        1,
        1,
    ]
    assert table.loc["url", ["accounts", "objects", "shared_objects"]].tolist() == [2, 1, 1]


def test_the_public_edition_answers_the_same(case: Any) -> None:
    public = kit.open("traces")._exact()
    with pytest.raises(MetricError, match="rows of single accounts"):
        coordination.actions(kit.open("traces"), "url")
    for trace in coordination.TRACES:
        ours, theirs = coordination.actions(case, trace), coordination.actions(public, trace)
        pd.testing.assert_frame_equal(ours, theirs)


def test_the_time_of_the_thing_comes_from_its_number(home: Path) -> None:
    """A post on X says in its number when it was made, also where it was not collected."""
    made = dt.datetime(2023, 8, 10, 12, 0, tzinfo=dt.UTC)
    number = (int(made.timestamp() * 1000) - 1_288_834_974_657) << 22
    posts = [
        post(number + 1 + i, f"u{i}", f"2023-08-10T12:0{i}:00Z", rt_post=number, rt_user="z")
        for i in range(3)
    ]
    report(home, "origin", posts={"studied": posts})
    table = coordination.actions(kit.open("origin")._exact(), "repost")
    assert table["origin_ms"].tolist() == [int(made.timestamp() * 1000)] * 3


ONE = "news.example/2024/ferry"
SAME = [
    "https://news.example/2024/ferry",
    "http://www.news.example/2024/ferry/",
    "https://m.news.example/2024/ferry?utm_source=tw&utm_medium=social",
    "https://mobile.news.example/2024/ferry?fbclid=IwAR0",
    "https://amp.news.example/2024/ferry",
    "https://news.example/2024/ferry/amp/",
    "https://news.example/2024/ferry/amp",
    "https://news.example/2024/ferry.amp",
    "https://news.example/amp/2024/ferry",
    "https://news.example/2024/ferry?amp=1#comments",
    "https://www.google.com/amp/s/news.example/2024/ferry",
    "https://news-example.cdn.ampproject.org/c/s/news.example/2024/ferry",
    "HTTPS://NEWS.EXAMPLE/2024/ferry?gclid=1&mc_cid=2",
]


@pytest.mark.parametrize("address", SAME)
def test_VA_20_one_article_has_one_address(address: str) -> None:
    assert page(address) == ONE


def test_VA_20_the_file_of_variants_holds_one_page(catalogue: badinputs.Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-20"), home)
    table = case.derived("shared_objects").query("trace == 'url'")
    assert len(table) == 4
    assert table["object_key"].nunique() == 1


def test_ME_10_a_hub_is_counted_and_its_pairs_are_exact(catalogue: badinputs.Catalogue, home: Path) -> None:
    """One thing shared by 3,000 accounts: the number of pairs is known before any is made, and none is left out."""
    case = case_of(catalogue.path("ME-10"), home)
    costs = coordination.pair_costs(case, window_s=60).set_index("trace")
    row, trace = costs.loc["text"], "text"
    assert row["pairs"] == 3000 * 2999 // 2
    assert row["hottest_share"] == 1
    table = coordination.traces(case).set_index("trace")
    assert table.loc[trace, ["accounts", "objects"]].tolist() == [3000, 1]
    with pytest.raises(MetricError, match=r"4.?498.?500"):
        coordination.pairs(case, trace=trace, most=1_000_000)
    found = coordination.edges(case, trace=trace)
    assert len(found) == 3000 * 2999 // 2
    assert not found.attrs["unlisted"]


@pytest.mark.parametrize(
    "one,other",
    [
        ("https://news.example/?id=1", "https://news.example/?id=2"),
        ("https://news.example/Ferry", "https://news.example/ferry"),
        ("https://news.example/list?page=2", "https://news.example/list"),
        ("https://short.example/a1", "https://short.example/a2"),
        ("https://amplifier.example/a", "https://lifier.example/a"),
        ("https://news.example/example", "https://news.example/ex"),
        ("https://x.com/one/status/11", "https://x.com/one/status/12"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert page(one) != page(other)


def test_order_of_a_query_and_names_of_a_platform_do_not_matter() -> None:
    assert page("https://a.example/x?b=2&a=1") == page("https://a.example/x?a=1&b=2")
    assert page("https://twitter.com/one/status/11?s=20") == page("https://x.com/two/status/11/photo/1")
    assert page("https://youtu.be/abcdefghijk") == page(
        "https://www.youtube.com/watch?v=abcdefghijk&feature=share"
    )


@pytest.mark.parametrize(
    "address", ["", "mailto:a@b.example", "javascript:alert(1)", "http://", "https://[::1", "not an address"]
)
def test_what_is_no_address_is_nothing(address: str) -> None:
    assert page(address) is None


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    for address in (text, f"https://{text}", f"https://news.example/{text}"):
        found = page(address)
        assert found is None or "://" not in found.partition("/")[0]


@given(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}(/[a-z0-9][a-z0-9_-]{0,12}){0,3}", fullmatch=True))
def test_who_passes_a_page_on_does_not_change_it(path: str) -> None:
    one = page(f"https://news.example/{path}")
    assert one == f"news.example/{path}" or "amp" in path.split("/")
    for other in (
        f"http://www.news.example/{path}/",
        f"https://m.news.example/{path}?utm_source=a&fbclid=b#c",
    ):
        assert page(other) == one
    assert page(f"https://news.example/{path}?id=1") != one
