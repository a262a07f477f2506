"""Near-duplicates: what counts as the same, what is found of what was planted, and what never chains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.texts import kernel
from kit.texts.near_duplicates import near, produce
from kit.texts.normal import coded, han_share, normalise
from kit.texts.stars import stars
from simulation.near_duplicates import posts_with_near_duplicates


def reading(posts: pd.DataFrame, links: pd.DataFrame | None = None) -> Any:
    """What a case would hand to a producer."""

    def read(query: str, *, rows: int = 100_000, **_parameters: Any) -> Iterator[pd.DataFrame]:
        table = links if "FROM links" in query else posts
        if table is not None:
            for start in range(0, len(table), rows):
                yield table.iloc[start : start + rows]

    return read


def of(*texts: str, **settings: Any) -> pd.DataFrame:
    table = pd.DataFrame({"post_key": range(1, len(texts) + 1), "text": texts})
    return produce(reading(table), **settings)


SAME = [
    ("The Harbour Ferry is late AGAIN!", "the harbour ferry is late again"),
    ("RT @somebody: the ferry is late", "the ferry is late"),
    ("the ferry is late https://t.example/x1 @other", "the ferry is late"),
    ("t h e  f e r r y", "the ferry"),
    ("the #ferry is late 🔥❗️", "the ferry is late"),
    ("ｔｈｅ ｆｅｒｒｙ", "the ferry"),
    ("the\u200bferry\u00ad is l\u2060ate", "the ferry is late"),
    ("th\u0435 f\u0435rry is l\u0430te", "the ferry is late"),  # Cyrillic letters among Latin ones
    ("caf\u00e9 ferm\u00e9", "cafe\u0301 ferme\u0301"),
    ("運河邊的路燈，亮了。", "运河边的路灯亮了"),
    ("港口渡轮的通知！！！", "港口 渡轮 的 通知"),
    ("WWW.SITE.EXAMPLE/a the ferry", "the ferry"),
]
OTHER = [
    ("the ferry is late", "the ferry was late"),
    ("มา", "ม"),  # a vowel sign is no decoration
    ("паром опоздал", "naром опоздал"),
    ("12 boats", "13 boats"),
]


@pytest.mark.parametrize("one, other", SAME)
def test_written_another_way_it_is_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


@pytest.mark.parametrize("one, other", OTHER)
def test_other_words_are_other_texts(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "text", ["", " \n", "🔥🔥", "❤️", "https://a.example/b?c=d", "@someone @other", "...!?", "\ud800"]
)
def test_nothing_said_is_nothing(text: str) -> None:
    assert normalise(text) == ""


def test_hostile_texts_take_no_time_and_no_error() -> None:
    for text in (
        "@" * 300_000,
        "a" * 1_000_000,
        "http://" * 100_000,
        "rt " * 200_000,
        "é" * 300_000,
        "\0\u202e" * 1000,
    ):
        normalise(text)
    table = of("a" * 1_000_000, "a" * 1_000_000 + "b", "x\0y" * 20, "\ue000 lone", "<script>" * 100)
    assert len(table) == 5
    assert table["near_duplicate_key"].notna().tolist()[:2] == [True, True]


def test_share_of_chinese() -> None:
    assert han_share("运河") == 1
    assert han_share("abcd运河") == pytest.approx(1 / 3)
    assert han_share("") == 0


def test_signs_outside_the_common_plane_keep_their_place() -> None:
    codes, starts = coded(["a\U00020000b", "", "é"])
    assert starts.tolist() == [0, 3, 3, 4]
    assert codes.dtype == np.uint16
    assert codes[0] == ord("a")
    assert codes[2] == ord("b")


# --- keys


def test_keys_of_equal_texts() -> None:
    table = of(
        "The ferry is late again today",
        "the ferry is late again today!",
        "The ferry is late again today",
        "🔥",
        "🔥",
    )
    assert table["exact_key"].tolist() == [0, 1, 0, 2, 2]
    assert table["text_key"].tolist()[:3] == [0, 0, 0]
    assert table["text_key"].isna().tolist() == [False, False, False, True, True], "signs alone say nothing"
    assert table["near_duplicate_key"].tolist()[:3] == [0, 0, 0]
    assert table["near_duplicate_key"].isna().tolist()[3:] == [True, True]
    assert table["letters"].tolist() == [24, 24, 24, 0, 0]


def test_short_texts_join_no_cluster() -> None:
    table = of("thank you", "thank you", "谢谢", "谢谢")
    assert table["text_key"].tolist() == [0, 0, 1, 1]
    assert table["near_duplicate_key"].isna().all()
    assert of("thank you", "thank you", shortest=5)["near_duplicate_key"].tolist() == [0, 0]


def test_marks_and_links() -> None:
    texts = (
        "Please sign and share: keep the reading room open",
        "Signez la pétition pour la bibliothèque",
        "请愿书：保留阅览室",
        "Town opens new pool, via @townnews",
        "I liked a @YouTube video from the harbour",
        "A design for the garden was signed off today",
        "Via the old road",
    )
    posts = pd.DataFrame({"post_key": range(1, 8), "text": texts})
    links = pd.DataFrame(
        {
            "post_key": [4, 6, 7],
            "url": ["https://www.t.example/a?x=1", "http://t.example/a#b", "https://t.example/c/"],
        }
    )
    table = produce(reading(posts, links))
    assert table["stated_kind"].fillna("").tolist() == ["petition"] * 3 + ["share_button"] * 2 + ["", ""]
    keys = table["link_key"].tolist()
    assert keys[3] == keys[5] != keys[6]
    assert table["link_key"].isna().sum() == 4


def test_nothing_in_nothing_out() -> None:
    table = produce(reading(pd.DataFrame({"post_key": [], "text": []})))
    assert table.empty
    assert (
        list(table)
        == "post_key letters words comparable exact_key text_key near_duplicate_key likeness stated_kind link_key".split()
    )
    alone = of("The only post that anybody ever wrote here")
    assert alone["near_duplicate_key"].isna().all()


# --- near-equal texts


def scores(table: pd.DataFrame, **settings: Any) -> tuple[float, float]:
    """Share of planted posts found beside a mate; share of clustered posts that were planted together."""
    found = table.merge(produce(reading(table[["post_key", "text"]]), **settings), on="post_key").dropna(
        subset=["near_duplicate_key"]
    )
    planted = found[found["cluster"] >= 0]
    mates = planted.groupby(["cluster", "near_duplicate_key"])["post_key"].transform("size")
    good = int((mates > 1).sum())
    return good / int((table["cluster"] >= 0).sum()), good / max(1, len(found))


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_planted_near_duplicates_are_found_in_three_languages(seed: int) -> None:
    recall, precision = scores(posts_with_near_duplicates(6000, seed=seed, planted=0.1))
    assert recall >= 0.98
    assert precision >= 0.98


@pytest.mark.slow
def test_planted_near_duplicates_are_found_among_many() -> None:
    found = [scores(posts_with_near_duplicates(60_000, seed=seed)) for seed in range(30, 36)]
    recall, precision = np.array(found).T
    # one large cluster around a very short text can hold many near-duplicates that are near to nothing
    assert recall.mean() >= 0.99
    assert recall.min() >= 0.98
    assert precision.min() >= 0.995


def test_the_words_used_most_are_short() -> None:
    table = posts_with_near_duplicates(4000, seed=9)
    for language, low, high in (("en", 4.2, 5.2), ("fr", 4.5, 5.6)):
        words = table.loc[table["language"].eq(language) & table["cluster"].lt(0), "text"].str.split(" ")
        spoken = [len(word) for post in words for word in post if "#" not in word and "/" not in word]
        assert low < np.mean(spoken) < high
        assert np.mean(np.array(spoken) < 4) > 0.4


def test_without_near_duplicates_nothing_is_found() -> None:
    table = posts_with_near_duplicates(6000, seed=5, planted=0)
    found = produce(reading(table))
    assert found["near_duplicate_key"].notna().sum() <= 12  # chance: two in a thousand


def test_each_edit_alone_is_found() -> None:
    text = "Before the summer market closes we should measure how deep the duck pond really is"
    edits = [
        text + " https://t.example/abc",
        text + " #pond",
        "@neighbour " + text,
        text.upper() + "!!",
        text.replace("measure", "find out"),
        text.replace("really ", ""),
        text.replace("market", "markit"),
        text.replace("duck", "d\u200buck"),
    ]
    table = of(text, *edits, "Something else about the library roof and its many colours entirely")
    assert table["near_duplicate_key"].tolist()[:-1] == [0] * 9
    assert pd.isna(table["near_duplicate_key"].iloc[-1])
    zh = "趁夏天的集市还没有结束我们终于量出了鸭子池塘的深度"
    table = of(
        zh,
        zh.replace("夏天", "冬天"),
        zh[:-1],
        "趁夏天的集市還沒有結束，我們終於量出了鴨子池塘的深度。",
        "图书馆的屋顶应该换一个颜色吧",
    )
    assert table["near_duplicate_key"].tolist()[:-1] == [0] * 4
    assert pd.isna(table["near_duplicate_key"].iloc[-1])


def test_the_same_input_gives_the_same_clusters_in_any_number_of_parts() -> None:
    table = posts_with_near_duplicates(3000, seed=8, planted=0.3)[["post_key", "text"]]
    whole = produce(reading(table))

    def read(query: str, *, rows: int = 0, **more: Any) -> Iterator[pd.DataFrame]:
        return reading(table)(query, rows=700)

    pd.testing.assert_frame_equal(whole, produce(read))


def test_five_hundred_equal_texts_are_one_cluster() -> None:
    table = of(*["The same sentence about the long green ferry"] * 500)
    assert table["near_duplicate_key"].tolist() == [0] * 500


def test_a_very_large_family_is_not_lost_to_the_cap() -> None:
    text = "Everybody in the village counted the herons at the old mill on a single morning, number "
    table = of(*[f"{text}{i:05d}" for i in range(3000)])
    assert table["near_duplicate_key"].nunique() <= 3
    assert table["near_duplicate_key"].notna().all()


# --- stars


def alike(matrix: np.ndarray) -> Any:
    def likeness(a: np.ndarray, b: np.ndarray, least: float) -> np.ndarray:
        value = matrix[a, b]
        return np.where(value >= least, value, 0.0)

    return likeness


def all_pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.triu_indices(n, 1))  # type: ignore[return-value]


def test_a_chain_is_not_a_cluster() -> None:
    """Five texts, each like the next only: the ends have nothing in common."""
    matrix = np.eye(5)
    for i in range(4):
        matrix[i, i + 1] = matrix[i + 1, i] = 0.85
    centre, _near = stars(all_pairs(5), np.ones(5, int), alike(matrix), 0.8)
    for a in range(5):
        for b in range(5):
            if centre[a] == centre[b] >= 0:
                assert abs(a - b) <= 2, "only neighbours of one centre"
    assert centre[0] != centre[4]


def test_the_heaviest_text_is_the_centre_and_the_left_over_join_it_when_near() -> None:
    matrix = np.eye(4)
    for a, b, v in ((0, 1, 0.9), (0, 2, 0.9), (2, 3, 0.85), (0, 3, 0.75), (1, 3, 0.7), (1, 2, 0.75)):
        matrix[a, b] = matrix[b, a] = v
    centre, likeness = stars(all_pairs(4), np.array([50, 1, 1, 1]), alike(matrix), 0.8)
    assert centre.tolist() == [0, 0, 0, 0]
    assert likeness.tolist() == [1.0, 0.9, 0.9, 0.75]
    matrix[0, 3] = matrix[3, 0] = 0.5  # too far from the centre to join
    centre, _ = stars(all_pairs(4), np.array([50, 1, 1, 1]), alike(matrix), 0.8)
    assert centre.tolist() == [0, 0, 0, -1]


def test_a_wide_star_is_parted() -> None:
    matrix = np.eye(5)
    for a, b, v in ((0, 1, 0.9), (0, 2, 0.9), (0, 3, 0.81), (0, 4, 0.82), (3, 4, 0.95), (1, 2, 0.9)):
        matrix[a, b] = matrix[b, a] = v
    for a in (1, 2):
        for b in (3, 4):
            matrix[a, b] = matrix[b, a] = 0.3
    centre, _ = stars(all_pairs(5), np.array([9, 1, 1, 1, 1]), alike(matrix), 0.8)
    assert centre[1] == centre[2] == 0
    assert centre[3] == centre[4] == 3


def test_no_pair_no_cluster() -> None:
    none = np.empty(0, np.int64)
    centre, near_ = stars((none, none), np.ones(3, int), alike(np.eye(3)), 0.8)
    assert centre.tolist() == [-1, -1, -1]
    assert np.isnan(near_).all()


def test_every_member_is_near_its_centre() -> None:
    table = posts_with_near_duplicates(3000, seed=14, planted=0.4)
    texts = list(dict.fromkeys(t for t in map(normalise, table["text"]) if len(t) >= 16))
    codes, starts = coded(texts)
    lengths = np.diff(starts)
    han = np.array([han_share(t) >= 0.5 for t in texts])
    centre, likeness = near(codes, starts, han, np.ones(len(texts), int), 0.8)
    member = np.flatnonzero(centre >= 0)
    again = kernel.likeness(codes, starts, lengths, member, centre[member], 0.0)
    assert np.allclose(again, likeness[member], atol=1e-6)
    assert again.min() >= 0.8 * 0.7


def test_bands_grow_with_the_number_of_texts() -> None:
    rows = [kernel.shape(n)[1] for n in (10**3, 10**5, 10**6, 10**7)]
    assert rows == sorted(rows)
    assert rows[0] < rows[-1]
