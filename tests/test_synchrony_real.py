"""Pairs that repeat in real rows: nothing validated, nothing after a shuffle, and what is planted is found.

The files are read with pandas as they are. Only counts are looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.inference.coaction import pairs, synchrony

pytestmark = pytest.mark.real

RUSSIAN = "data/coordination-russian-retweets/russian_coord_tweets.csv"
THAI = "data/tio-thailand-2020-09/thailand_092020_tweets_csv_hashed.csv"
MEMBERS = "data/bluesky-canadian-mps/all_mp_posts.csv"
EPOCH_MS = 1_288_834_974_657

Rows = dict[str, Any]


def rows(thing: pd.Series, account: pd.Series, time: pd.Series, origin: pd.Series | None = None) -> Rows:
    """Columns as the test takes them."""
    codes = [pd.factorize(column)[0].astype(np.int64) for column in (thing, account)]
    columns: Rows = {"object_": codes[0], "account": codes[1], "time_s": time.to_numpy(float)}
    return columns | ({} if origin is None else {"origin_s": origin.to_numpy(float)})


def russian(folder: Path) -> Rows:
    table = pd.read_csv(folder / RUSSIAN, dtype={"object_id": str, "account_id": str})
    return rows(table["object_id"], table["account_id"], table["timestamp_share"])


def seconds(identifiers: pd.Series) -> pd.Series:
    return ((identifiers.astype("int64") // 2**22) + EPOCH_MS) / 1000


def thai(folder: Path, column: str) -> Rows:
    """Reposts or replies, with the time in the identifier of what they are of."""
    names = ["tweetid", "userid", "is_retweet", "retweet_tweetid", "in_reply_to_tweetid"]
    table = pd.read_csv(folder / THAI, dtype=str, usecols=names)
    chosen = table[column].fillna("").str.isdigit()
    if column == "retweet_tweetid":
        chosen &= table["is_retweet"].str.lower() == "true"
    table = table[chosen]
    return rows(table[column], table["userid"], seconds(table["tweetid"]), seconds(table[column]))


def members(folder: Path) -> Rows:
    """What members of parliament have in common: links, tags, mentions, quotes, threads, texts."""
    table = pd.read_csv(folder / MEMBERS, dtype=str).drop_duplicates("uri")
    table["time"] = pd.to_datetime(table["indexed_at"], utc=True).map(lambda moment: moment.timestamp())
    parts = []
    for column in ("links", "tags", "mentions", "quotes", "in_reply_root"):
        shared = table[["author_handle", "time"]].assign(
            thing=table[column].fillna("").astype(str).str.replace("|", ";").str.split(";")
        )
        shared = shared.explode("thing").dropna()
        shared["thing"] = column + ":" + shared["thing"].str.strip()
        parts.append(shared[~shared["thing"].str.split(":", n=1).str[1].isin(["", "NA", "[]", "list()"])])
    text = table["text"].fillna("").str.lower().str.split()
    whole = table[["author_handle", "time"]].assign(thing=text.str.join(" "))
    words = table[["author_handle", "time"]].assign(thing=text).explode("thing").dropna()
    parts += [whole[whole["thing"].str.len() > 30], words[words["thing"].str.match(r"#|http")]]
    everything = pd.concat(parts)
    return rows(everything["thing"], everything["author_handle"], everything["time"])


SETS = {
    "russian": russian,
    "thai reposts": lambda folder: thai(folder, "retweet_tweetid"),
    "thai replies": lambda folder: thai(folder, "in_reply_to_tweetid"),
    "members": members,
}


def accounts(table: pd.DataFrame, level: str) -> tuple[int, int]:
    """Edges and accounts of a level."""
    edges = table.loc[table[level], ["a", "b"]].drop_duplicates()
    return len(edges), len(np.unique(edges))


def test_c16_nothing_is_validated_among_russian_retweets(real_data: Path) -> None:
    outcome = synchrony.detect(**russian(real_data))
    assert len(outcome.rows) == 34_865
    assert outcome.tested == 9509 * 9508 // 2 * 2
    assert accounts(outcome.pairs, "synchronised") == accounts(outcome.pairs, "validated") == (0, 0)
    naive = synchrony.detect(**russian(real_data), windows=(60,), least=2, occasions=False).pairs
    assert len(naive) == 32  # pairs with two objects or more within a minute: nearly all one viral moment


def test_a_thai_network_shows_in_sittings(real_data: Path) -> None:
    reposts = thai(real_data, "retweet_tweetid")
    table = synchrony.detect(**reposts).pairs
    assert accounts(table, "validated") == (0, 0)
    outcome = synchrony.sitting(**reposts)
    edges, people = accounts(outcome.pairs, "synchronised")
    assert edges == pytest.approx(101, abs=3)
    assert people == pytest.approx(67, abs=2)
    assert accounts(outcome.pairs, "validated") == (0, 0)
    mixed = synchrony.shuffle_accounts(
        reposts["object_"], reposts["account"], reposts["time_s"], rng=np.random.default_rng(1)
    )
    shuffled = synchrony.sitting(**(reposts | {"account": mixed})).pairs
    assert accounts(shuffled, "synchronised")[0] <= 2


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_c16_nothing_is_validated_and_shuffles_show_nothing(name: str, real_data: Path) -> None:
    given = SETS[name](real_data)
    assert accounts(synchrony.detect(**given).pairs, "validated") == (0, 0)
    thing, account, time = given["object_"], given["account"], given["time_s"]
    origin = given.get("origin_s")
    for draw in range(5):
        rng = np.random.default_rng([16, draw])
        changes = [
            {"account": synchrony.shuffle_accounts(thing, account, time, rng=rng)},
            {"account": synchrony.shuffle_accounts(thing, account, time, rng=rng, by_day=False)},
            {"time_s": synchrony.shuffle_times(thing, time, rng=rng, origin_s=origin)},
            {"time_s": synchrony.shuffle_times(thing, time, rng=rng, origin_s=origin, reach_s=1800)},
            {"time_s": synchrony.shuffle_times(thing, time, rng=rng, origin_s=origin, reach_s=21_600)},
        ]
        for change in changes:
            table = synchrony.detect(**(given | change)).pairs
            for level in ("synchronised", "validated"):
                assert accounts(table, level) == (0, 0), (sorted(change), level)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["russian", "thai reposts"])
def test_c18_a_planted_group_is_found_in_real_rows(name: str, real_data: Path) -> None:
    table = synchrony.power(
        **SETS[name](real_data), seed=18, groups=(10,), repeats=(25,), jitters_s=(45,), seeds=5
    )
    assert table["recall"].min() >= 0.9
    assert table["others"].max() <= 2


def test_the_russian_edges_are_one_viral_moment(real_data: Path) -> None:
    """The figures of docs/coordination.md: what the pairs of 6,206 edges share, and on how many occasions."""
    given = russian(real_data)
    at = (given["time_s"] * 1000).astype(np.int64)
    table = pairs.edges(given["object_"], given["account"], np.arange(len(at)), at, 60_000).table
    assert len(table) == 6206
    assert [int((table["objects"] >= n).sum()) for n in (2, 3)] == [32, 3]
    occasions = synchrony.detect(**given, windows=(60.0,), least=2).pairs["occasions"]
    assert [int((occasions >= n).sum()) for n in (2, 3)] == [13, 0]
