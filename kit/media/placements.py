"""Which items are placed on which posts, and which file holds which item.

An item is what a file holds (by its SHA-256) or, where no file is held, what an address names.
Placements are the media that exports name, links to hosted videos, and posts that an index names.
"""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import pandas as pd

from kit.media import addresses

Read = Callable[..., Iterator[pd.DataFrame]]
#: path, name, bytes, time of change, what the index says: (media, post, platform)
File = tuple[str, str, int, int, tuple[tuple[str, str, str], ...]]

_NAMED = """
    SELECT pl.post_key, pl.media_key, m.media_id AS word, coalesce(m.url, m.media_id) AS url, m.kind, p.platform,
           p.post_id, p.created_at, 'attached' AS way
    FROM placements pl JOIN media m USING (media_key) JOIN all_posts p USING (post_key)
    ORDER BY pl.post_key, pl.media_key"""
_LINKED = """
    SELECT l.post_key, CAST(NULL AS BIGINT) AS media_key, coalesce(l.expanded_url, l.url) AS word,
           coalesce(l.expanded_url, l.url) AS url, 'video' AS kind, p.platform, p.post_id, p.created_at, 'linked' AS way
    FROM links l JOIN all_posts p USING (post_key)
    WHERE regexp_matches(l.domain, '(^|[.])(youtube|youtube-nocookie|youtu|tiktok|facebook|fb|instagram|vimeo|dailymotion|rumble|streamable)[.]')
    ORDER BY l.post_key, url"""
_POSTS = """
    SELECT post_key, CAST(NULL AS BIGINT) AS media_key, platform, post_id, created_at, 'attached' AS way,
           platform AS host, CAST(NULL AS VARCHAR) AS kind
    FROM all_posts WHERE post_id IN (SELECT unnest($wanted)) ORDER BY post_key"""
_KEPT = ["post_key", "media_key", "item", "way", "host", "kind", "created_at"]


class Inventory(NamedTuple):
    """Placements (`_KEPT`, an `item` is a text that stands for it), its file, and what reviewers may call it.

    Reviewers name an item by its file's name, its SHA-256, its media id or its address.
    """

    placements: pd.DataFrame
    files: dict[str, File]
    names: dict[str, str]

    def keys(self) -> dict[str, int]:
        """An integer for each item, in an order that says nothing of who placed it."""
        items = {*self.placements["item"], *self.files}
        return {item: n for n, item in enumerate(sorted(items), 1)}


def produce(read: Read, *, files: tuple[File, ...]) -> pd.DataFrame:
    """The table `media_placements`: one row for each item on each post, an item once for a post."""
    known = inventory(read, files)
    keys = known.keys()
    table = known.placements.assign(item_key=known.placements["item"].map(keys))
    table = table.drop_duplicates(["post_key", "item_key"])
    return table.sort_values(["post_key", "item_key"])[["post_key", "media_key", "item_key", "way", "host"]]


@functools.lru_cache(maxsize=100_000)
def sha256(path: str, size: int, changed: int) -> str | None:
    """SHA-256 of a file that has this size and time of change; None where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def inventory(read: Read, files: tuple[File, ...], called: Iterable[str] = ()) -> Inventory:
    """Every placement of the case, with the files that belong to them.

    `called` are the words with which reviewers name items. Only words that somebody asks
    about are kept, so that memory grows with the files and not with the addresses.
    """
    said = [(media, post, platform) for *_file, index in files for media, post, platform in index]
    asked = {word for media in (*called, *(m for m, _p, _q in said if m)) for word in _spellings(media)}
    asked_stems = {addresses.stem(name) for _path, name, *_rest in files} - {""}
    asked_posts = {post for media, post, _platform in said if post and not media}
    words: dict[str, str] = {}  # what an export calls an item -> the item
    stems: dict[str, set[str]] = defaultdict(set)  # the same without ending
    on_post: dict[str, set[tuple[str, str]]] = defaultdict(set)
    parts = []
    for part in chain(read(_NAMED), read(_LINKED)):
        part = _itemised(part)
        for item, word, url in part[["item", "word", "url"]].drop_duplicates().itertuples(index=False):
            for spelling in {word, url, *_spellings(url)}:
                if spelling in asked:
                    words.setdefault(spelling, item)
                if (stem := addresses.stem(spelling)) in asked_stems:
                    stems[stem].add(item)
        wanted = part[part["post_id"].isin(asked_posts)]
        for platform, post, item in wanted[["platform", "post_id", "item"]].itertuples(index=False):
            on_post[post].add((platform, item))
        parts.append(part[_KEPT])
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_KEPT)
    owned: dict[str, File] = {}
    names: dict[str, str] = {}
    same: dict[str, str] = {}  # what an address names -> what its file holds
    loose: list[tuple[str, str, str]] = []
    for file in files:
        path, name, size, changed, index = file
        digest = sha256(path, size, changed)
        content = f"sha256:{digest}" if digest else f"file:{name}"
        owned.setdefault(content, file)
        names |= {name: content, digest or name: content}
        for item in _belongs(name, index, words, stems):
            same.setdefault(item, content)
        for media, post, platform in index:
            if post and not media:
                found = {item for other, item in on_post[post] if platform in ("", other)}
                if len(found) == 1:
                    same.setdefault(found.pop(), content)
                elif not found:
                    loose.append((platform, post, content))
    table["item"] = table["item"].map(lambda item: same.get(item, item))
    table = pd.concat([table, *_of_posts(read, loose)], ignore_index=True)
    names |= {word: same.get(item, item) for word, item in words.items()}
    return Inventory(table, owned, names)


def _spellings(word: str) -> set[str]:
    """A word, and where it is an address its one way of writing, and of a video its identifier."""
    address = addresses.canonical(word)
    platform, _colon, video = (address or "").partition(":")
    return {word, address or word, video if platform in addresses.VIDEO_IDS else word}


def _itemised(part: pd.DataFrame) -> pd.DataFrame:
    """A part of the placements with `item` and `host`; links that are no hosted video left out."""
    seen: dict[tuple[Any, ...], tuple[str | None, str | None]] = {}
    rows = list(zip(part["way"], part["platform"], part["word"], part["url"], strict=True))
    for row in set(rows):
        way, platform, word, url = row
        linked = way == "linked"  # most links are pages, and no items
        item = addresses.item(platform, word) if not linked or addresses.video(url) else None
        seen[row] = item, addresses.host(url) or platform
    part = part.assign(item=[seen[r][0] for r in rows], host=[seen[r][1] for r in rows])
    return part[part["item"].notna()]


def _belongs(
    name: str, said: tuple[tuple[str, str, str], ...], words: dict[str, str], stems: dict[str, set[str]]
) -> list[str]:
    """The items a file belongs to: those its index names, else the one that its name names.

    A name that fits several items, such as `video.mp4`, fits none.
    """
    if said:
        listed = ({words[w] for w in _spellings(media) if w in words} for media, *_ in said if media)
        return sorted(item for items in listed for item in items)
    fitting = stems.get(addresses.stem(name), set()) if addresses.stem(name) else set()
    return sorted(fitting) if len(fitting) == 1 else []


def _of_posts(read: Read, loose: list[tuple[str, str, str]]) -> Iterator[pd.DataFrame]:
    """Placements of files that an index gives to a post for which the export names no media."""
    by_post: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for platform, post, content in loose:
        by_post[post].append((platform, content))
    for part in read(_POSTS, wanted=sorted(by_post)) if by_post else ():
        items = [
            [content for platform, content in by_post[r.post_id] if platform in ("", r.platform)]
            for r in part.itertuples(index=False)
        ]
        yield part.assign(item=items).explode("item").dropna(subset="item")[_KEPT]
