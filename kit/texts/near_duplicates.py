"""Which posts say the same, exactly or nearly, in any language, in one pass.

Texts are normalised (`kit.texts.normal`), equal ones counted once. Candidates for
near-equal texts come from MinHash over character n-grams (Broder 1997) in bands
(Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, ch. 3) whose number of
rows grows with the number of texts, so that chance matches do not; a sketch of single
bits (Li and König 2010) and the lengths throw most of them out. What is left is verified
by edit similarity (2 × longest common subsequence / both lengths). Verified pairs are
gathered into stars, never into chains: see `stars`.

Where a repeated text was to be seen before belongs to it: in the post answered or quoted, or in one that
many answered. Who repeats what stands above the reply box, or what a well-known account wrote, needs
nobody's instruction; a cluster with such a source is no sign of a shared script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from kit.texts import kernel
from kit.texts.normal import coded, han_share, normalise, words
from kit.texts.stars import stars

LONG, LONG_HAN = 32, 12  # letters from which `similarity` is enough
SHORT = 0.08  # how much more is asked of texts half as long, which are alike by chance more often
LONGEST = 2000  # letters compared when near-equal texts are sought; equal texts are compared whole
_PART = 100_000

#: what kind of ready-made text a post says that it is: words that must stand in it, then the pattern
_STATED = {
    "petition": (
        (
            "petition",
            "pétition",
            "sign ",
            "signe",
            "change.org",
            "avaaz.org",
            "联署",
            "聯署",
            "请愿",
            "請願",
            "签名",
            "簽名",
        ),
        re.compile(
            r"\bsign (?:and|&) share\b|\bsign (?:the|this|our|my) petition\b|\bpetition\b[^\n]{0,40}\bsign|"
            r"change\.org/|avaaz\.org/|\bsigne[rz] (?:la|cette|notre|ma) pétition\b|\bpétition\b[^\n]{0,40}\bsigne|"
            r"openpetition\.|\bpetitions?\.[a-z]|/petitions?/|联署|聯署|请愿书|請願書|签名支持|簽名支持"
        ),
    ),
    "share_button": (
        (" via @", " par @", " from @", "video", "vidéo", "check out", "分享", "转发自", "轉發自", "来自"),
        re.compile(
            r" (?:via|par|from) @\w{1,64}\s*$|\bvia @\w{1,64}\b|\bi (?:liked|added|just uploaded) a (?:@?youtube )?video|"
            r"j['’]aime une vidéo|\bcheck out this (?:article|video|post)\b|分享自|转发自|轉發自|[（(]来自|通过[^\n]{0,12}分享"
        ),
    ),
}


def produce(
    read: Callable[..., Iterator[pd.DataFrame]],
    *,
    similarity: float = 0.75,
    shortest: int = 12,
    shortest_han: int = 6,
) -> pd.DataFrame:
    """The derived table `near_duplicates`: one row for each post with text.

    `similarity` is the smallest edit similarity of near-equal texts of 32 letters or more (12 where most are
    Chinese), shorter ones must be up to 0.16 nearer; texts with fewer than
    `shortest` letters (`shortest_han` where most are Chinese) join no cluster.
    """
    links = _links(read)
    posts, codes, starts, offset = [], [], [np.zeros(1, np.int64)], 0
    query = "SELECT post_key, text FROM all_posts WHERE text IS NOT NULL ORDER BY post_key"
    for part in read(query, rows=_PART):
        raw = part["text"].tolist()
        plain = [normalise(text) for text in raw]
        flat, begin = coded(plain)
        codes.append(flat)
        starts.append(begin[1:] + offset)
        offset += len(flat)
        han = np.fromiter((not text.isascii() and han_share(text) >= 0.5 for text in plain), bool, len(plain))
        posts.append(
            pd.DataFrame(
                {
                    "post_key": part["post_key"].to_numpy(np.int64),
                    "letters": np.diff(begin),
                    "words": [words(text) for text in raw],
                    "han": han,
                    "raw": kernel.hashes(*coded(raw)),
                    "stated_kind": pd.array([_stated_kind(text) for text in raw], "string"),
                }
            )
        )
    if not posts:
        return _table(
            pd.DataFrame(columns=["post_key", "letters", "words", "han", "raw", "stated_kind"]), links
        )
    table = pd.concat(posts, ignore_index=True)
    flat, begin = np.concatenate(codes), np.concatenate(starts)
    table["text"] = kernel.hashes(flat, begin)
    return _table(_clustered(table, flat, begin, similarity, shortest, shortest_han), links)


def near(
    codes: np.ndarray, starts: np.ndarray, han: np.ndarray, weights: np.ndarray, similarity: float = 0.75
) -> tuple[np.ndarray, np.ndarray]:
    """Clusters of near-equal texts, all different: for each text the number of its centre (-1: alone), and the likeness.

    `codes` and `starts` hold the texts (`kit.texts.normal.coded`), `han` says which are mostly
    Chinese, `weights` how many posts say each.
    """
    lengths = np.minimum(np.diff(starts), LONGEST)
    pairs = kernel.candidates(codes, starts, lengths, han, similarity)

    def likeness(a: np.ndarray, b: np.ndarray, least: float) -> np.ndarray:
        return kernel.likeness(codes, starts, lengths, a, b, least)

    long = np.where(han, LONG_HAN, LONG)
    need = similarity + SHORT * np.clip(1 - lengths / long, 0, 1) * 2  # SHORT more at half of that length
    return stars(pairs, weights, likeness, np.minimum(need, 1.0))


def _clustered(
    table: pd.DataFrame,
    codes: np.ndarray,
    starts: np.ndarray,
    similarity: float,
    shortest: int,
    shortest_han: int,
) -> pd.DataFrame:
    """`table` with text_key, exact_key, centre and likeness."""
    table["exact_key"] = pd.factorize(table["raw"])[0]
    table["text_key"] = pd.factorize(table["text"])[0]
    row_of = table.drop_duplicates("text_key").index.to_numpy()  # the first post of each text
    able = table["letters"] >= np.where(table["han"], shortest_han, shortest)
    table["comparable"] = able
    counts = np.bincount(table["text_key"], minlength=len(row_of))
    letters, han = table["letters"].to_numpy()[row_of], table["han"].to_numpy()[row_of]
    able = able.to_numpy()[row_of]
    chosen = row_of[able]
    centre = np.full(len(row_of), -1, np.int64)
    alike = np.full(len(row_of), np.nan)
    if len(chosen):
        lengths = letters[able]
        begin = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(lengths, out=begin[1:])
        gathered = kernel.gather(codes, starts[chosen], begin)
        found, likeness = near(gathered, begin, han[able], counts[able], similarity)
        numbers = np.flatnonzero(able)
        hit = found >= 0
        centre[numbers[hit]] = numbers[found[hit]]
        alike[numbers[hit]] = likeness[hit]
    alone = able & (centre < 0) & (counts > 1)  # nobody near, but several posts say exactly this
    centre[alone], alike[alone] = np.flatnonzero(alone), 1.0
    table["near_duplicate_key"] = centre[table["text_key"]]
    table["likeness"] = alike[table["text_key"]]
    return table


def _stated_kind(text: str) -> str | None:
    start = text[:LONGEST].lower()
    for name, (hints, pattern) in _STATED.items():
        if any(hint in start for hint in hints) and pattern.search(start):
            return name
    return None


def _links(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.Series:
    """The first link of each post, as an integer that stands for its address."""
    query = "SELECT post_key, min(coalesce(expanded_url, url)) AS url FROM links GROUP BY 1 ORDER BY 1"
    parts = list(read(query, rows=_PART))
    if not parts:
        return pd.Series(dtype="Int64")
    table = pd.concat(parts, ignore_index=True)
    # what follows ? and # mostly says who shared it, not what
    address = table["url"].str.replace(r"^https?://(www\.)?|[?#].*$|/+$", "", regex=True)
    return pd.Series(pd.factorize(address)[0], index=table["post_key"], dtype="Int64")


def _table(table: pd.DataFrame, links: pd.Series) -> pd.DataFrame:
    out: dict[str, Any] = {
        "post_key": table["post_key"].astype("int64"),
        "letters": table["letters"].astype("int64"),
        "words": table["words"].astype(float),
        "comparable": table["comparable"].astype(bool) if "comparable" in table else np.zeros(0, bool),
    }
    for name in ("exact_key", "text_key", "near_duplicate_key"):
        out[name] = pd.array(table.get(name, []), "Int64")
        out[name][np.asarray(out[name] < 0, bool)] = pd.NA
    result = pd.DataFrame(out)
    result.loc[result["letters"].eq(0), "text_key"] = pd.NA  # nothing but signs, names or links is no text
    result["likeness"] = table["likeness"] if "likeness" in table else pd.Series(dtype=float)
    result["stated_kind"] = table["stated_kind"].astype("string")
    result["link_key"] = links.reindex(table["post_key"]).to_numpy(dtype=object, na_value=None)
    result["link_key"] = result["link_key"].astype("Int64")
    return result


CONTAINED = 0.8  # share of a text's pieces that stand in the other post
WIDELY = 20  # accounts that answer an author who counts as widely read
_PIECE = 5  # letters
_ROWS = 50_000


def produce_sources(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """The derived table `near_duplicate_sources`: one row for each source of a cluster of near-duplicates."""
    parts = [_ready_made(read), _seen(read, "parent"), _seen(read, "quoted"), _answered(read)]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["near_duplicate_key", "source"], ignore_index=True).astype({"posts": "int64"})


def _ready_made(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """Clusters in which at least half of the posts say that they are a petition or come from a share button."""
    return _all(
        read(
            """SELECT near_duplicate_key, stated_kind AS source, count(*) AS posts FROM near_duplicates c
               WHERE near_duplicate_key IS NOT NULL AND stated_kind IS NOT NULL GROUP BY 1, 2
               HAVING count(*) * 2 >= (SELECT count(*) FROM near_duplicates o WHERE o.near_duplicate_key = c.near_duplicate_key)"""
        )
    )


def _seen(read: Callable[..., Iterator[pd.DataFrame]], where: str) -> pd.DataFrame:
    """Clusters whose text stands in the post that is answered (`parent`) or quoted, for most who could see it."""
    id_ = {"parent": "reply_to_id", "quoted": "quoted_id"}[where]
    query = f"""
        SELECT c.near_duplicate_key, p.text, o.text AS other FROM all_posts p JOIN near_duplicates c USING (post_key)
        JOIN all_posts o ON o.platform = p.platform AND o.post_id = p.{id_}
        WHERE c.near_duplicate_key IS NOT NULL AND o.text IS NOT NULL AND o.post_key <> p.post_key
        ORDER BY p.post_key"""
    found: list[pd.DataFrame] = []
    for part in read(query, rows=_ROWS):
        same = [_contained(a, b) for a, b in zip(part["text"], part["other"], strict=True)]
        found.append(pd.DataFrame({"near_duplicate_key": part["near_duplicate_key"], "seen": same}))
    if not found:
        return _all(iter(()))
    by = pd.concat(found).groupby("near_duplicate_key")["seen"].agg(["sum", "size"])
    by = by[by["sum"] * 2 >= by["size"]]
    return pd.DataFrame({"near_duplicate_key": by.index, "source": where, "posts": by["sum"].to_numpy()})


def _contained(text: str, other: str) -> bool:
    """Whether most pieces of `text` stand in `other` too."""
    here, there = _pieces(text), _pieces(other)
    return bool(here) and len(here & there) >= CONTAINED * len(here)


def _pieces(text: str) -> set[str]:
    plain = normalise(text[:4000])
    return {plain[i : i + _PIECE] for i in range(max(0, len(plain) - _PIECE + 1))}


def _answered(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """Clusters whose first post is by an account that many others answer."""
    query = f"""
        WITH widely AS (
            SELECT target_key AS account_key FROM all_posts WHERE target_key IS NOT NULL AND account_key <> target_key
            GROUP BY 1 HAVING count(DISTINCT account_key) >= {WIDELY}),
        said AS (
            SELECT c.near_duplicate_key, p.account_key, p.created_at,
                   row_number() OVER (PARTITION BY c.near_duplicate_key ORDER BY p.created_at, p.post_key) AS place,
                   count(*) OVER (PARTITION BY c.near_duplicate_key) AS posts
            FROM all_posts p JOIN near_duplicates c USING (post_key)
            WHERE c.near_duplicate_key IS NOT NULL AND NOT p.is_repost AND p.created_at IS NOT NULL)
        SELECT near_duplicate_key, 'answered' AS source, posts - 1 AS posts FROM said JOIN widely USING (account_key)
        WHERE place = 1 AND posts > 1"""
    return _all(read(query))


def _all(parts: Iterator[pd.DataFrame]) -> pd.DataFrame:
    """The parts of an answer as one table, also where there are none."""
    none = pd.DataFrame(
        {
            "near_duplicate_key": np.zeros(0, np.int64),
            "source": np.zeros(0, object),
            "posts": np.zeros(0, np.int64),
        }
    )
    return pd.concat([none, *parts], ignore_index=True)
