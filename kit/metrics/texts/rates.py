"""Shares of posts with accounts drawn anew, and the posts that languages and traces are counted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit import inference
from kit.errors import MetricError, nearest
from kit.inference import Interval

LANGUAGES = ("en", "fr", "zh")
OTHERS = ("other", "und")  # another language; cannot be told


def asked(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages asked about, each once; one may be given as a word."""
    codes = [languages] if isinstance(languages, str) else languages
    if not isinstance(codes, (list, tuple)) or not all(isinstance(code, str) for code in codes):
        raise MetricError(
            "'languages' must be a list of codes", found=languages, hint="Such as ['en', 'fr', 'zh']."
        )
    return tuple(dict.fromkeys(codes))


def found_tables(case: Any, languages: Sequence[str], *names: str) -> dict[str, pd.DataFrame]:
    """The derived tables `languages` and those of `names`."""
    wanted = case.derived("languages", languages=tuple(sorted(asked(languages))))
    return {"languages": wanted, **{name: case.derived(name) for name in names}}


def one_language(language: str, languages: Sequence[str]) -> str:
    """`language` where it is one of `languages`, other or und; else an error."""
    options = (*asked(languages), *OTHERS)
    if language not in options:
        raise MetricError(
            "not one of 'languages'", where="language", found=language, hint=nearest(language, options)
        )
    return language


def share_of_posts(hits: pd.Series, posts: pd.Series, seed: int) -> Interval:
    """Σ hits / Σ posts over accounts, accounts drawn anew.

    Where no account (or every post) has it no draw can differ: then Wilson on the number of accounts stands
    in, as `kit.inference.share` does, with a far end of about 3.8 / accounts.
    """
    total, n = int(hits.sum()), len(posts)
    if n and total in (0, int(posts.sum())):
        return inference.wilson(n if total else 0, n)
    return inference.bootstrap_ratio(hits, posts, seed=seed)


def shares(
    table: pd.DataFrame, by: list[str], name: str, values: Sequence[str], seed: int
) -> list[dict[str, Any]]:
    """For each block of `by` and each of `values` of column `name`: its share of the block's posts.

    `table` has one row for each of `by`, account_key and `name`, with its posts.
    """
    rows = []
    for key, block in table.groupby(by, sort=False, dropna=False):
        posts = block.groupby("account_key")["posts"].sum()
        for value in values:
            mine = block[block[name] == value].groupby("account_key")["posts"].sum()
            hits = mine.reindex(posts.index, fill_value=0)
            rows.append(
                dict(zip(by, key, strict=True))
                | {name: value, "posts": int(hits.sum()), "n": len(posts)}
                | {"interval": share_of_posts(hits, posts, seed), "writing_accounts": len(mine)}
            )
    return rows
