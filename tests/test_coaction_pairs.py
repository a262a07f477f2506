"""Pairs of posts and edges between accounts: against plain loops, against SQL, and past every limit."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit.errors import MetricError, OutputError
from kit.inference.coaction import pairs as kernel
from kit.inference.coaction import weights
from kit.inference.coaction.order import ordered
from kit.inference.coaction.pairs import edges, in_pairs, pairs, preview
from kit.inference.coaction.weights import ranges
from simulation.actions import actions

COLUMNS = ["object", "account", "post", "time"]
EVIDENCE = ["object", "account_a", "account_b", "post_a", "post_b", "gap_ms"]
COUNTS = ["pairs", "objects", "posts_a", "posts_b", "first_a", "first_b"]

# --- the same by plain loops, from the definitions


def close(rows: list[tuple[int, int, int, int]], window: int) -> list[tuple[int, ...]]:
    """Every close pair of two posts on one object as (object, a, b, post a, post b, gap), a earlier."""
    found = []
    for first, second in combinations(range(len(rows)), 2):
        (o, a, p, s), (o2, b, q, t) = rows[first], rows[second]
        if o == o2 and p != q and abs(s - t) <= window:
            found.append((o, a, b, p, q, t - s) if s <= t else (o, b, a, q, p, s - t))
    return found


def edge_table(rows: list[tuple[int, int, int, int]], window: int, hot: float = np.inf) -> pd.DataFrame:
    """Edges by sets; objects with more than `hot` close pairs only for accounts that share another one."""
    made: dict[int, int] = defaultdict(int)
    for (o, _, _, s), (o2, _, _, t) in combinations(rows, 2):
        made[o] += o == o2 and abs(s - t) <= window
    book: dict[tuple[int, int], list] = defaultdict(list)
    for o, a, b, p, q, gap in close(rows, window):
        if a < b:
            book[a, b].append((o, p, q, gap))
        elif a > b:
            book[b, a].append((o, q, p, -gap))
    lines = [
        {
            "account_a": a,
            "account_b": b,
            "pairs": len(seen),
            "objects": len({o for o, *_ in seen}),
            "posts_a": len({p for _, p, _, _ in seen}),
            "posts_b": len({q for _, _, q, _ in seen}),
            "mean_gap_s": sum(abs(gap) for *_, gap in seen) / (1000 * len(seen)),
            "first_a": sum(gap > 0 for *_, gap in seen),
            "first_b": sum(gap < 0 for *_, gap in seen),
        }
        for (a, b), seen in sorted(book.items())
        if any(made[o] <= hot for o, *_ in seen)
    ]
    return pd.DataFrame(lines, columns=["account_a", "account_b", *COUNTS[:4], "mean_gap_s", *COUNTS[4:]])


def arrays(rows: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column, np.int64) for column in zip(*rows, strict=True)) or (np.empty(0, int),) * 4


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_dtype=False, check_exact=True)


ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 30), st.integers(0, 90)), max_size=40
)
#: posts that never repeat take another way through the kernel
SINGLE = ROWS.map(lambda rows: [(o, a, i, t) for i, (o, a, _, t) in enumerate(rows)])
WINDOW = st.sampled_from([0, 1, 7, 60])


@settings(max_examples=examples(100), deadline=None)
@given(rows=st.one_of(ROWS, SINGLE), window=WINDOW, own=st.booleans())
def test_evidence_is_every_close_pair(rows: list, window: int, own: bool) -> None:
    found = pairs(*arrays(rows), window, own=own)
    assert list(found.columns) == EVIDENCE
    expected = [pair for pair in close(rows, window) if own or pair[1] != pair[2]]
    assert sorted(found.itertuples(index=False, name=None)) == sorted(expected)
    assert found["object"].is_monotonic_increasing


@settings(max_examples=examples(120), deadline=None)
@given(rows=st.one_of(ROWS, SINGLE), window=WINDOW, hot=st.sampled_from([0, 2, 10, 1000]))
def test_edges_are_exact_also_beside_hot_objects(rows: list, window: int, hot: int) -> None:
    found = edges(*arrays(rows), window, hot=hot)
    same(found.table, edge_table(rows, window, hot))
    shown = preview(*(arrays(rows)[k] for k in (0, 1, 3)), window)
    hottest = shown.per_object[shown.per_object["pairs"] > hot]
    same(found.unlisted, hottest.reset_index(drop=True))
    assert found.pairs == shown.pairs == shown.per_object["pairs"].sum()
    assert found.rows == shown.rows == len(rows)


@settings(max_examples=examples(40), deadline=None)
@given(rows=st.one_of(ROWS, SINGLE), window=WINDOW, data=st.data())
def test_the_order_of_the_rows_does_not_matter(rows: list, window: int, data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(rows))
    same(edges(*arrays(rows), window, hot=8).table, edges(*arrays(mixed), window, hot=8).table)


@settings(max_examples=examples(40), deadline=None)
@given(rows=ROWS, window=WINDOW)
def test_the_preview_counts_pairs_of_an_account_with_itself_too(rows: list, window: int) -> None:
    times = defaultdict(list)
    for o, _, _, t in rows:
        times[o].append(t)
    made = {o: sum(abs(s - t) <= window for s, t in combinations(ts, 2)) for o, ts in times.items()}
    shown = preview(*(arrays(rows)[k] for k in (0, 1, 3)), window)
    per_object = shown.per_object.set_index("object")
    assert per_object["pairs"].to_dict() == {o: n for o, n in made.items() if n}
    assert per_object["shares"].to_dict() == {o: len(times[o]) for o, n in made.items() if n}
    assert per_object["pairs"].is_monotonic_decreasing
    assert shown.accounts == len({a for _, a, _, _ in rows})


# --- what the words mean


@pytest.mark.parametrize("gap,pair", [(0, True), (60_000, True), (60_001, False), (61_000, False)])
def test_the_window_includes_its_ends(gap: int, pair: bool) -> None:
    rows = [(1, 1, 1, 0), (1, 2, 2, gap)]
    assert len(pairs(*arrays(rows), 60_000)) == len(edges(*arrays(rows), 60_000).table) == pair


def test_two_accounts_three_objects_close_close_apart() -> None:
    w = 60_000
    rows = [(1, 1, 1, 0), (1, 2, 2, 0), (2, 1, 3, 0), (2, 2, 4, w), (3, 1, 5, 0), (3, 2, 6, w + 1000)]
    [line] = edges(*arrays(rows), w).table.to_dict("records")
    assert (line["objects"], line["pairs"], line["mean_gap_s"]) == (2, 2, 30.0)
    assert (line["first_a"], line["first_b"]) == (1, 0)


def test_pairs_make_no_chains_and_no_bins() -> None:
    rows = [(1, account, account, 50_000 * account) for account in range(1, 5)]
    found = edges(*arrays(rows), 60_000).table
    assert list(zip(found["account_a"], found["account_b"], strict=True)) == [(1, 2), (2, 3), (3, 4)]


def test_the_weights_of_the_peers_have_names() -> None:
    """One post against a hundred: 100 pairs, the toolkit's 1 in one direction and 100 in the other."""
    rows = [(1, 1, 1, 500), *((1, 2, 10 + i, 10 * i) for i in range(100))]
    [line] = edges(*arrays(rows), 60_000).table.to_dict("records")
    assert (line["pairs"], line["posts_a"], line["posts_b"], line["objects"]) == (100, 1, 100, 1)


def test_a_row_given_twice_is_a_share_of_its_own_but_no_pair() -> None:
    rows = [(1, 1, 1, 0), (1, 1, 1, 0), (1, 2, 2, 5)]
    [line] = edges(*arrays(rows), 10).table.to_dict("records")
    assert (line["pairs"], line["posts_a"], line["objects"]) == (2, 1, 1)
    assert len(pairs(*arrays(rows), 10, own=True)) == 2


def test_a_post_of_two_objects_is_one_post_and_two_pairs() -> None:
    rows = [(1, 1, 1, 0), (2, 1, 1, 0), (1, 2, 2, 5), (2, 2, 2, 5)]
    [line] = edges(*arrays(rows), 10).table.to_dict("records")
    assert [line[k] for k in COUNTS] == [2, 2, 1, 1, 2, 0]


def test_equal_times_keep_the_order_of_the_input() -> None:
    rows = [(1, 9, 1, 7), (1, 3, 2, 7), (1, 5, 3, 7)]
    found = pairs(*arrays(rows), 0)
    assert list(zip(found["post_a"], found["post_b"], strict=True)) == [(1, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize("rows", [[], [(1, 1, 1, 0)], [(1, 1, 1, 0), (1, 1, 2, 0), (1, 1, 3, 1)]])
def test_too_little_for_a_pair_is_an_empty_table(rows: list) -> None:
    for memory in (2 << 30, 0):
        found = edges(*arrays(rows), 60, memory=memory)
        assert list(found.table.columns) == list(edge_table([], 0).columns)
        assert len(found.table) == len(found.unlisted) == 0
    assert len(pairs(*arrays(rows), 60)) == 0
    assert preview(*(arrays(rows)[k] for k in (0, 1, 3)), 60).rows == len(rows)


# --- against SQL, on more than loops can do


def bucket_join(table: pd.DataFrame, window: int) -> pd.DataFrame:
    """The edges by DuckDB: each row joined to its time bucket and the next one."""
    con = duckdb.connect()
    con.register("given", table)
    return con.execute(f"""
        WITH x AS (SELECT *, time // {window + 1} AS bucket, row_number() OVER () AS i FROM given),
        close AS (
            SELECT l.object, l.account < r.account AS up, l.account AS la, r.account AS ra,
                   l.post AS lp, r.post AS rp, r.time - l.time AS gap
            FROM x l JOIN (SELECT *, bucket AS b FROM x UNION ALL SELECT *, bucket - 1 FROM x) r
              ON l.object = r.object AND l.bucket = r.b
            WHERE abs(r.time - l.time) <= {window} AND l.account <> r.account AND l.post <> r.post
              AND (r.bucket > l.bucket OR l.i < r.i))
        SELECT least(la, ra) AS account_a, greatest(la, ra) AS account_b, count(*) AS pairs,
               count(DISTINCT object) AS objects,
               count(DISTINCT if(up, lp, rp)) AS posts_a, count(DISTINCT if(up, rp, lp)) AS posts_b,
               sum(abs(gap))::DOUBLE / (1000 * count(*)) AS mean_gap_s,
               count(*) FILTER (if(up, gap, -gap) > 0) AS first_a,
               count(*) FILTER (if(up, gap, -gap) < 0) AS first_b
        FROM close GROUP BY ALL ORDER BY ALL""").df()


@pytest.mark.parametrize(
    "n,several,window", [(10_000, 0.0, 60_000), (10_000, 0.3, 3_600_000), (100_000, 0.1, 60_000)]
)
def test_edges_equal_those_of_a_database(n: int, several: float, window: int) -> None:
    table = actions(n, seed=n, several=several)
    found = edges(*(table[c].to_numpy() for c in COLUMNS), window)
    expected = bucket_join(table[COLUMNS], window)
    same(found.table, expected)
    assert len(expected) > n / 10
    assert found.plan == "memory"
    evidence = pairs(*(table[c].to_numpy() for c in COLUMNS), window)
    assert len(evidence) == found.table["pairs"].sum()


def test_keys_may_be_far_apart_and_times_far_back(monkeypatch: pytest.MonkeyPatch) -> None:
    table = actions(5_000, seed=1, several=0.1)
    plain = edges(*(table[c].to_numpy() for c in COLUMNS), 60_000).table
    far = table[COLUMNS] * [10**12, 10**11, 10**10, 1] + [7, 7, 7, -(10**15)]
    found = edges(*(far[c].to_numpy() for c in COLUMNS), 60_000).table
    for side in ("account_a", "account_b"):
        assert (found[side] == plain[side].astype(np.int64) * 10**11 + 7).all()
        assert (found[side].dtype, plain[side].dtype) == (np.int64, np.int32), "as narrow as the keys allow"
    same(found.drop(columns=["account_a", "account_b"]), plain.drop(columns=["account_a", "account_b"]))


def test_millennia_of_times_are_sorted_another_way() -> None:
    rng = np.random.default_rng(3)
    object_, time = (
        rng.integers(0, 9, 3_000),
        rng.choice([0, 5, 2**61, 2**62], 3_000) + rng.integers(0, 9, 3_000),
    )
    shares = ordered(object_, time, 4)
    expected = np.lexsort((time, object_))
    assert (shares.rows == expected).all()
    assert (time[shares.rows] - time.min() == shares.time).all()


# --- past the limits


def many(seed: int = 5) -> list[np.ndarray]:
    table = actions(20_000, seed=seed, several=0.2)
    return [table[c].to_numpy() for c in COLUMNS]


@pytest.mark.parametrize("part", [1 << 18, 2000, 7])
def test_partitions_give_what_memory_gives_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    whole = edges(*many(), 600_000)
    assert whole.plan == "memory"
    monkeypatch.setattr(weights, "ranges", lambda work: ranges(work, part))
    for memory in (0, 200_000):
        found = edges(*many(), 600_000, memory=memory, folder=tmp_path)
        assert found.plan == "partitions"
        same(found.table, whole.table)
        assert (found.table.dtypes == whole.table.dtypes).all()
        assert found[2:4] == whole[2:4]
        assert not list(tmp_path.iterdir())


def test_a_table_from_disk_can_be_changed(tmp_path: Path) -> None:
    table = edges(*many(), 600_000, memory=0, folder=tmp_path).table
    table["pairs"] += 1
    table.loc[0, "objects"] = 77
    assert table["objects"].iloc[0] == 77


def test_nothing_is_left_on_disk_after_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, real = [], weights.meet

    def breaks(*given: object) -> int:
        calls.append(given)
        if len(calls) > 5:
            raise RuntimeError("stop")
        return real(*given)

    monkeypatch.setattr(weights, "ranges", lambda work: ranges(work, 50))
    monkeypatch.setattr(weights, "meet", breaks)
    with pytest.raises(RuntimeError, match="stop"):
        edges(*many(), 600_000, memory=20_000, folder=tmp_path)
    assert len(calls) > 5
    assert not list(tmp_path.iterdir())


def test_a_full_or_missing_disk_is_an_error_of_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OutputError, match="cannot be kept on disk"):
        edges(*many(), 600_000, memory=0, folder=tmp_path / "nowhere")


@pytest.mark.parametrize("part,giant", [(50, 1 << 23), (50, 20), (1, 1), (1000, 300)])
def test_however_the_count_is_cut_the_table_is_the_same(
    monkeypatch: pytest.MonkeyPatch, part: int, giant: int
) -> None:
    whole = edges(*many(), 600_000, hot=500)
    assert len(whole.unlisted)
    monkeypatch.setattr(weights, "ranges", lambda work: ranges(work, part, giant))
    same(edges(*many(), 600_000, hot=500).table, whole.table)


def test_counts_of_pairs_are_wide_where_32_bits_could_be_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = edges(*many(), 600_000)
    monkeypatch.setattr(kernel, "_NARROW", narrow.pairs)
    wide = edges(*many(), 600_000).table
    same(wide, narrow.table)
    assert [wide[c].dtype for c in COUNTS] == ["int64", "int32", "int32", "int32", "int64", "int64"]
    assert (narrow.table[COUNTS].dtypes == "int32").all()


@pytest.mark.slow
def test_two_accounts_with_more_pairs_than_32_bits_hold() -> None:
    n = 47_000
    object_ = np.concatenate([np.ones(2 * n, int), [2, 2]])
    account = np.concatenate([np.repeat([1, 2], n), [1, 2]])
    found = edges(object_, account, np.arange(2 * n + 2), np.zeros(2 * n + 2, int), 0)
    [line] = found.table.to_dict("records")
    assert [line[k] for k in COUNTS] == [n * n + 1, 2, n + 1, n + 1, 0, 0]
    assert found.unlisted.to_dict("records") == [{"object": 1, "shares": 2 * n, "pairs": n * (2 * n - 1)}]


def test_viral_objects_are_named_and_the_rest_is_exact() -> None:
    """A hot object costs no clique: 10⁴ shares in a minute are 5 x 10⁷ pairs, of which none is made."""
    table = actions(20_000, seed=9, viral=2, viral_shares=10_000)
    given = [table[c].to_numpy() for c in COLUMNS]
    found = edges(*given, 60_000)
    assert found.unlisted["pairs"].tolist() == [49_995_000, 49_995_000]
    assert found.unlisted["shares"].tolist() == [10_000, 10_000]
    hot = table["object"].isin(found.unlisted["object"])
    cold = edges(*(table.loc[~hot, c].to_numpy() for c in COLUMNS), 60_000).table
    same(found.table[["account_a", "account_b"]], cold[["account_a", "account_b"]])
    some = cold.sample(20, random_state=1)
    for line in found.table.loc[some.index].to_dict("records"):
        mine = table[table["account"].isin([line["account_a"], line["account_b"]])]
        [expected] = edge_table(list(mine[COLUMNS].itertuples(index=False, name=None)), 60_000).to_dict(
            "records"
        )
        assert line == expected
    assert (found.table["pairs"] > cold["pairs"]).any()


def test_most_refuses_before_any_pair_is_made() -> None:
    rows = [(o, a, 10 * o + a, 0) for o in (1, 2) for a in range(3 + o)]
    assert len(pairs(*arrays(rows), 0, most=16)) == 16
    with pytest.raises(
        MetricError, match=r"16 pairs are more than the 15 asked for; 10 of them are of object 2"
    ):
        pairs(*arrays(rows), 0, most=15)


@pytest.mark.parametrize(
    "given,window,message",
    [
        (([1], [1], [1], [0.5]), 1, "whole numbers"),
        (([1], [-1], [1], [0]), 1, "negative"),
        (([1, 2], [1], [1], [0]), 1, "2 values beside 1 times"),
        (([1], [1], [1], [0]), -1, "window"),
        (([1], [1], [1], [0]), 0.5, "window"),
    ],
)
def test_columns_that_are_no_keys_are_refused(given: tuple, window: int, message: str) -> None:
    with pytest.raises(MetricError, match=message):
        edges(*map(np.array, given), window)


def test_the_generator_keeps_its_word() -> None:
    table, again = actions(30_000, seed=2, several=0.2, viral=1, viral_shares=500), actions(30_000, seed=2)
    pd.testing.assert_frame_equal(again, actions(30_000, seed=2))
    assert len(table) == 30_500
    assert again["post"].is_unique
    assert set(again["post"]) == set(range(1, 30_001))
    by_post = table.groupby("post")
    assert 0.15 < 1 - len(by_post) / len(table) < 0.25
    assert (by_post["account"].nunique() == 1).all()
    planted = table[table["group"] >= 0]
    assert len(planted) == 300
    spread = planted.groupby(["group", "object"])["time"].agg(lambda t: t.max() - t.min())
    assert (spread < 15_000).mean() > 0.9


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 7), st.integers(0, 100)), max_size=40),
    st.integers(0, 30),
)
@settings(max_examples=examples(200), deadline=None)
def test_in_how_many_pairs_an_account_is(rows: list[tuple[int, int, int]], window: int) -> None:
    """A pair of one account with itself is one pair, as `preview` counts it."""
    thing, account, time = np.array(rows, np.int64).reshape(-1, 3).T
    expected: dict[int, int] = defaultdict(int)
    for (o, a, s), (o2, b, t) in combinations(rows, 2):
        if o == o2 and abs(s - t) <= window:
            for one in {a, b}:
                expected[one] += 1
    found = in_pairs(thing, account, time, window)
    assert found.to_dict() == dict(expected)
