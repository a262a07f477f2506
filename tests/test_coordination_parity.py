"""The peers' numbers, edge by edge: CooRTweet's own results and the toolkit's, on the same rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit.inference.coaction import peers

GRID = [
    (2, 0, True), (2, 1, True), (2, 10, True), (2, 10, False), (2, 60, True), (2, 300, True), (1, 10, True), (3, 60, True),
    (5, 10, True), (5, 10, False), (10, 60, True),
]  # fmt: skip
EDGES = [
    ("mp2_tw10", 2, 10, True),
    ("mp2_tw60", 2, 60, True),
    ("mp5_tw10_rlFALSE", 5, 10, False),
    ("mp5_tw10_rlTRUE", 5, 10, True),
]


@pytest.fixture(scope="module")
def conformance(real_data: Path) -> Path:
    return real_data / "conformance"


@pytest.fixture(scope="module")
def russian(real_data: Path) -> pd.DataFrame:
    path = real_data / "data" / "coordination-russian-retweets" / "russian_coord_tweets.csv"
    return pd.read_csv(path, dtype={"timestamp_share": "int64"}).rename(columns={"timestamp_share": "time"})


def test_every_cell_of_the_grid_is_met(conformance: Path, russian: pd.DataFrame) -> None:
    expected = pd.read_csv(conformance / "coortweet" / "russian_grid.csv").set_index(["mp", "tw", "rl"])
    assert sorted(expected.index) == sorted(GRID)
    for mp, tw, rl in GRID:
        row = expected.loc[(mp, tw, rl)]
        found = peers.coortweet(russian, tw, min_participation=mp, remove_loops=rl)
        edges = peers.coortweet_network(found)
        contents = set(found["content_id"]) | set(found["content_id_y"])
        accounts = set(found["account_id"]) | set(found["account_id_y"])
        ours = {
            "pairs": len(found),
            "objects": found["object_id"].nunique(),
            "contents": len(contents),
            "accounts": len(accounts),
            "edges": len(edges),
            "loops": int((edges["account_a"] == edges["account_b"]).sum()),
            "sum_w": int(edges["weight"].sum()),
            "max_w": int(edges["weight"].max()),
            "over50": int(edges["weight_threshold"].sum()),
        }
        assert ours == {name: int(row[name]) for name in ours}, (mp, tw, rl)
        assert found["time_delta"].mean() == pytest.approx(row["mean_delta"], rel=1e-12)


@pytest.mark.parametrize("name,mp,tw,rl", EDGES, ids=[e[0] for e in EDGES])
def test_every_edge_of_coortweet_is_met(
    conformance: Path, russian: pd.DataFrame, name: str, mp: int, tw: int, rl: bool
) -> None:
    expected = pd.read_csv(conformance / "coortweet" / f"russian_edges_{name}.csv")
    ends = np.sort(expected[["from", "to"]].to_numpy(str), axis=1)  # undirected: its files keep another order
    expected = expected.assign(**{"from": ends[:, 0], "to": ends[:, 1]})
    found = peers.coortweet_network(peers.coortweet(russian, tw, min_participation=mp, remove_loops=rl))
    names = {"from": "account_a", "to": "account_b"}
    both = expected.rename(columns=names).merge(
        found, on=["account_a", "account_b"], how="outer", suffixes=("_r", ""), indicator=True
    )
    assert both["_merge"].eq("both").all()
    for column in (
        "weight",
        "avg_time_delta",
        "n_content_id",
        "n_content_id_y",
        "edge_symmetry_score",
        "weight_threshold",
    ):
        assert np.allclose(both[column], both[f"{column}_r"], rtol=1e-9), column


@pytest.mark.parametrize("name,mp,tw,rl", EDGES, ids=[e[0] for e in EDGES])
def test_every_pair_of_coortweet_is_met(
    conformance: Path, russian: pd.DataFrame, name: str, mp: int, tw: int, rl: bool
) -> None:
    columns = ["object_id", "content_id", "content_id_y", "time_delta", "account_id", "account_id_y"]
    expected = pd.read_csv(conformance / "coortweet" / f"russian_groups_{name}.csv")[columns]
    found = peers.coortweet(russian, tw, min_participation=mp, remove_loops=rl)[columns]
    assert sorted(map(tuple, expected.to_numpy().tolist())) == sorted(map(tuple, found.to_numpy().tolist()))


@pytest.mark.parametrize("rl", [True, False])
def test_the_shares_of_an_account_are_counted_once(
    conformance: Path, russian: pd.DataFrame, rl: bool
) -> None:
    """Distinct contents on either side; the means of its account table, which drops edges of equal value, are not repeated."""
    expected = pd.read_csv(
        conformance / "coortweet" / f"russian_account_stats_mp5_tw10_rl{str(rl).upper()}.csv"
    )
    found = peers.coortweet(russian, 10, min_participation=5, remove_loops=rl)
    sides = [
        found[["account_id", "content_id"]],
        found[["account_id_y", "content_id_y"]].set_axis(["account_id", "content_id"], axis=1),
    ]
    counts = pd.concat(sides).drop_duplicates().groupby("account_id").size()
    assert counts.to_dict() == expected.set_index("account_id")["unique_shares_count"].to_dict()


# --- the toolkit


def _messages(path: Path) -> pd.DataFrame:
    table = pd.read_csv(
        path,
        encoding="utf-8-sig",
        dtype={"message_id": str, "user_id": str, "repost_id": str, "reply_id": str},
    )
    return table.rename(columns={"timestamp": "time"}).drop_duplicates("message_id")


def _ours(table: pd.DataFrame, command: str, window: float, least: int) -> pd.DataFrame:
    own = table[table["repost_id"].isna()]
    if command == "co_similar_tweet":
        rows = own.assign(text=own["message"].fillna(""))
        return peers.toolkit_similar(rows, window, similarity=0.8, min_edge_weight=least, self_loops=True)
    if command == "co_retweet":
        rows = table.assign(key=table["repost_id"])
    elif command == "co_tweet":
        rows = own.assign(key=[peers.toolkit_text(str(text)) for text in own["message"]])
    elif command == "co_reply":
        rows = own.assign(key=own["reply_id"])
    elif command == "co_link":
        # the tool cuts the cell at white space, brackets and all: its own format of lists is another
        lists = [cell.split() if isinstance(cell, str) else [] for cell in own["urls"]]
        rows = own.assign(key=lists).explode("key")
    else:
        rows = table.assign(key="every post")
    return peers.toolkit(rows, window, min_edge_weight=least, self_loops=True)


def test_every_edge_of_the_toolkit_is_met(conformance: Path) -> None:
    folder = conformance / "toolkit"
    tables = {
        "coretweet_test": _messages(folder / "coretweet_test_input.csv"),
        "sample": _messages(folder / "sample_data.csv"),
    }
    expected = json.loads((folder / "expected_edges_head.json").read_text("utf-8"))
    assert len(expected) == 60
    for name, edges in expected.items():
        table, command, window, least = name.split("|")
        found = _ours(tables[table], command, float(window.partition("=")[2]), int(least.partition("=")[2]))
        assert sorted(map(tuple, found.to_numpy().tolist())) == sorted(map(tuple, edges)), name


def test_the_released_toolkit_differs_by_self_loops_only(conformance: Path) -> None:
    """PyPI 1.5.2 matches every message with itself; without loops its edges are those of main."""
    folder = conformance / "toolkit"
    head, released = (
        json.loads((folder / f"expected_edges_{name}.json").read_text("utf-8"))
        for name in ("head", "pypi-1.5.2")
    )
    for name, edges in released.items():
        assert sorted(tuple(e) for e in edges if e[0] != e[1]) == sorted(
            tuple(e) for e in head[name] if e[0] != e[1]
        ), name


@pytest.mark.parametrize("window", [10, 60])
@pytest.mark.parametrize("least", [1, 2])
def test_the_toolkit_on_the_russian_retweets(
    conformance: Path, russian: pd.DataFrame, window: int, least: int
) -> None:
    expected = pd.read_csv(conformance / "toolkit" / f"head_russian_co_retweet_tw{window}_minw{least}.csv")
    rows = russian.rename(columns={"object_id": "key", "account_id": "user_id", "content_id": "message_id"})
    rows = rows.drop_duplicates("message_id")
    found = peers.toolkit(rows, window, min_edge_weight=least, self_loops=True)
    assert sorted(map(tuple, expected.to_numpy().tolist())) == sorted(map(tuple, found.to_numpy().tolist()))


# --- what the peers get wrong, and we do not


def test_empty_keys_join_nothing() -> None:
    rows = pd.DataFrame(
        {"key": ["", "", None], "user_id": ["a", "b", "c"], "message_id": ["1", "2", "3"], "time": [0, 1, 2]}
    )
    assert peers.toolkit(rows, 60, min_edge_weight=1).empty
    assert peers.toolkit_text("@somebody  @else") == ""


def test_texts_without_a_token_are_alike_in_nothing() -> None:
    rows = pd.DataFrame(
        {
            "text": ["@a", "@b", "one two", "one two"],
            "user_id": list("abcd"),
            "message_id": list("1234"),
            "time": [0, 0, 0, 0],
        }
    )
    found = peers.toolkit_similar(rows, 60)
    assert sorted(map(tuple, found.to_numpy().tolist())) == [("c", "d", 1), ("d", "c", 1)]


def test_the_last_filter_of_coortweet_asks_one_side_only() -> None:
    """A with B twice and B once with C: the pair with C stays, because one of its contents is of a frequent account."""
    rows = pd.DataFrame(
        {
            "object_id": ["o1", "o1", "o2", "o2", "o2"],
            "account_id": ["A", "C", "A", "D", "E"],
            "content_id": ["1", "2", "3", "4", "5"],
            "time": [0, 5, 100, 104, 500],
        }
    )
    found = peers.coortweet(rows, 10, min_participation=1)
    assert len(found) == 2
    assert len(peers.coortweet(rows, 10, min_participation=2)) == 0, "C, D and E go in the first step"
    network = peers.coortweet_network(found)
    assert network["weight_threshold"].tolist() == [0, 0], (
        "strictly above the quantile: constant weights keep none"
    )
