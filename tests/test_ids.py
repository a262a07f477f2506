"""Time inside identifiers: the worked examples of each platform, the guards, one and many alike."""

from __future__ import annotations

from datetime import datetime

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ids

EXAMPLES = [
    ("x_post", "1394735776701816833", "2021-05-18 19:24:56.760"),
    ("x_post", "877919995476496385", "2017-06-22 16:03:32.463"),
    ("x_post", "492388766930444288", "2014-07-24 19:20:04.110"),
    ("x_post", "898925911294132224", "2017-08-19 15:13:33.141"),
    ("x_account", "1379899464345923590", "2021-04-07 20:50:44.249"),
    ("tiktok", "7106594312292453675", "2022-06-07 20:15:27"),
    ("instagram", "3269991725941985107", "2023-12-31 14:36:52.207"),
    ("linkedin", "6960882777168695296", "2022-08-04 09:03:01.025"),
    ("discord", "626893414490832918", "2019-09-26 21:30:37.131"),
    ("bluesky", "3mptbyoeyc22k", "2026-07-04 14:38:06.240"),
    ("mastodon", "110446223051565765", "2023-05-28 12:07:00.293"),
    ("weibo", "4454572602912349", "2019-12-28 12:32:13"),
]


def whole(moment: datetime | None) -> datetime | None:
    """To the millisecond, as the examples are written."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000) if moment else None


@pytest.mark.parametrize("kind,identifier,expected", EXAMPLES)
def test_worked_examples(kind: str, identifier: str, expected: str) -> None:
    moment = datetime.fromisoformat(expected)
    found = ids.time_of(kind, identifier)
    assert found is not None
    # the platform formats name seconds for the older X posts; milliseconds are ours
    assert found.replace(microsecond=0) == moment.replace(microsecond=0)
    if (kind, identifier[:3]) not in (("x_post", "877"), ("x_post", "492"), ("x_post", "898")):
        assert whole(found) == moment
    assert ids.times_of(kind, [identifier])[0].item() == found


def test_every_clock_has_an_example() -> None:
    assert {kind for kind, *_ in EXAMPLES} == set(ids.CLOCKS)


def test_a_key_that_a_client_chose_is_decoded_as_it_stands() -> None:
    assert whole(ids.time_of("bluesky", "3mptbyplj5d2a")) == datetime(2026, 7, 4, 14, 38, 7, 502_000)


def in_sql(platform: str, identifiers: list[str]) -> list[datetime | None]:
    """What SQL makes of identifiers of a platform."""
    con = duckdb.connect()
    con.execute("CREATE TABLE t (n BIGINT, platform VARCHAR, id VARCHAR)")
    con.executemany("INSERT INTO t VALUES (?, ?, ?)", [[n, platform, i] for n, i in enumerate(identifiers)])
    query = f"SELECT {ids.posts_sql('platform', 'id')} FROM t ORDER BY n"
    return [row[0] for row in con.execute(query).fetchall()]


@pytest.mark.parametrize("platform,kind", ids.POSTS.items())
def test_sql_decodes_as_python_does(platform: str, kind: str) -> None:
    clock = ids.CLOCKS[kind]
    edges = [clock.lowest - 1, clock.lowest, clock.lowest + 1, clock.highest, 2**63, 7, 0]
    given_ = [str(n) for n in edges if n >= 0] + [i for k, i, _ in EXAMPLES if k == kind]
    given_ += ["", "x", "-5", "1.5", "３", " 12", "22222222222", "3mptbyoeyc22k", "zzzzzzzzzzzzz", "a" * 40]
    found = in_sql(platform, given_)
    assert found == [ids.time_of(kind, i) for i in given_]
    assert any(found)


def test_sql_reads_the_key_at_the_end_of_an_address() -> None:
    address = "at://did:plc:invented/app.bsky.feed.post/3mptbyoeyc22k"
    assert in_sql("bluesky", [address]) == [ids.time_of("bluesky", "3mptbyoeyc22k")]
    assert in_sql("facebook", ["1394735776701816833"]) == [None]


@pytest.mark.parametrize(
    "kind,identifier",
    [
        ("x_post", "29700859246"),  # sequential, before 4 November 2010
        ("x_post", "20"),
        ("x_post", str(2**63)),
        ("x_account", "2244994945"),  # made 2013-12-14, would decode to 2010
        ("x_account", "101421000000000000"),  # between the two ways of numbering
        ("tiktok", "6812345"),
        ("weibo", "201110410216293360"),
        ("mastodon", "12345"),
        ("bluesky", "zzzzzzzzzzzzz"),
        ("bluesky", "3mptbyoeyc22"),
        ("bluesky", "3MPTBYOEYC22K"),
        ("bluesky", "self"),
        *[
            ("x_post", bad)
            for bad in ("", "abc", "-1", "1.0", "1e18", "１２３４５６７８９０１２３４５６７８", " 1")
        ],
        ("x_post", "9" * 5000),
        ("x_post", None),
    ],
)
def test_what_holds_no_time_gives_none(kind: str, identifier: str | None) -> None:
    assert ids.time_of(kind, identifier) is None
    assert np.isnat(ids.times_of(kind, [identifier])[0])


def test_first_post_with_a_time() -> None:
    assert ids.time_of("x_post", "29700859247") == datetime(2010, 11, 4, 1, 43, 1, 738_000)


def test_columns_keep_their_order_and_length() -> None:
    times = ids.times_of("x_post", ["1394735776701816833", None, "x", 877919995476496385])
    assert times.dtype == np.dtype("datetime64[us]")
    assert [np.isnat(t) for t in times] == [False, True, True, False]
    assert len(ids.times_of("x_post", [])) == 0


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_columns_of_numbers(dtype: type) -> None:
    column = np.array([1394735776701816833, 5, 877919995476496385], dtype=dtype)
    times = ids.times_of("x_post", column)
    assert times[0].item() == ids.time_of("x_post", "1394735776701816833")
    assert np.isnat(times[1])


def test_a_number_beyond_every_platform_in_a_column() -> None:
    assert np.isnat(ids.times_of("x_post", np.array([2**64 - 1], dtype=np.uint64))[0])


@given(st.sampled_from(sorted(set(ids.CLOCKS) - {"bluesky"})), st.integers(0, 2**64))
def test_one_and_many_agree(kind: str, number: int) -> None:
    single = ids.time_of(kind, str(number))
    many = ids.times_of(kind, [str(number)])[0]
    assert (single is None and np.isnat(many)) or many.item() == single


@given(st.sampled_from(sorted(ids.CLOCKS)), st.text(max_size=25))
def test_no_text_raises(kind: str, text: str) -> None:
    ids.time_of(kind, text)
    ids.times_of(kind, [text])


@given(st.integers(29_700_859_247, 2**63 - 1), st.integers(-128, 128))
def test_a_float_round_trip_of_an_x_id_keeps_the_time(number: int, off: int) -> None:
    moved = min(max(number + off, 29_700_859_247), 2**63 - 1)
    first, second = ids.time_of("x_post", number), ids.time_of("x_post", moved)
    assert first is not None
    assert second is not None
    assert abs((first - second).total_seconds()) <= 0.001


def test_instagram_shortcodes() -> None:
    assert ids.instagram_id("C1hWCZLPQ9T") == 3269991725941985107
    assert ids.instagram_id("") == ids.instagram_id("a b") == -1


def test_weibo_bids() -> None:
    assert ids.weibo_id("ImTGkcdDn") == 4454572602912349
    assert ids.weibo_id("") == ids.weibo_id("Im-") == -1


def test_reddit_numbers_rise_with_time() -> None:
    assert ids.reddit_number("d81vwef") == ids.reddit_number("t1_d81vwef") == 28785067719
    assert ids.reddit_number("d81vweg") > ids.reddit_number("d81vwef")
    assert ids.reddit_number("") == ids.reddit_number("[deleted]") == -1
