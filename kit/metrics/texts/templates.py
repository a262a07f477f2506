"""The repeated texts themselves, with the slots in which they differ: internal edition only."""

from __future__ import annotations

import difflib
import re
from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import metric, positive
from kit.metrics.texts.copies import copies

_WORDS = re.compile(r"\s+|[\w'’]+|[^\w\s]", re.UNICODE)
_SIGNS = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 400  # words or signs of a text that are laid beside another


@metric(N_("Templates, with the slots in which copies differ"), internal=True)
def templates(case: Any, *, top: int = 10, similarity: float = 0.75) -> pd.DataFrame:
    """What do the texts say that most accounts of the network repeat, and where do the copies differ?

    Columns: rank, accounts (of the studied group), posts, texts (different wordings), template (the most
    frequent wording; what some copies change stands in square brackets, `[…]` is where some add something).
    Formula: for up to 30 wordings of a cluster, the words (signs, in Chinese) that differ from the most
    frequent wording by longest matching blocks (Ratcliff and Metzener 1988).
    Missing: as `copied_posts`; links and names are left as they are.
    Source: Graphika and others show templates in this way.
    A template does not prove a common author: many people copy what they like.

    >>> templates(case, top=5)  # doctest: +SKIP
    """
    table = case.sql(
        """
        WITH told AS (
            SELECT c.copy_key, p.text, p.account_key FROM posts p JOIN copies c USING (post_key)
            WHERE c.copy_key IS NOT NULL AND p."group" = 'studied' AND NOT p.is_repost),
        best AS (SELECT copy_key, count(DISTINCT account_key) AS accounts, count(*) AS posts, count(DISTINCT text) AS texts
                 FROM told GROUP BY 1 HAVING count(DISTINCT account_key) > 1
                 ORDER BY accounts DESC, posts DESC, copy_key LIMIT $top)
        SELECT copy_key, accounts, posts, texts, text, count(*) AS times FROM told JOIN best USING (copy_key)
        GROUP BY ALL ORDER BY accounts DESC, posts DESC, copy_key, times DESC, text""",
        tables=copies(case, similarity),
        top=int(positive("top", top)),
    )
    rows = []
    for rank, (_key, part) in enumerate(table.groupby("copy_key", sort=False), 1):
        first = part.iloc[0]
        wordings = [pieces(text) for text in part["text"].head(30)]
        rows.append((rank, int(first.accounts), int(first.posts), int(first.texts), with_slots(wordings)))
    return pd.DataFrame(rows, columns=["rank", "accounts", "posts", "texts", "template"])


def pieces(text: str) -> list[str]:
    """A text as the pieces in which it is compared: words, signs of Chinese, spaces, points."""
    found: list[str] = []
    for word in _WORDS.findall(text):
        found += list(word) if _SIGNS.search(word) else [word]
    return found[:_LONGEST]


def with_slots(wordings: list[list[str]]) -> str:
    """The first wording, with what others change in brackets and `[…]` where others add."""
    first = wordings[0]
    changed, added = [False] * len(first), [False] * (len(first) + 1)
    for other in wordings[1:]:
        for tag, start, end, _a, _b in difflib.SequenceMatcher(
            None, first, other, autojunk=False
        ).get_opcodes():
            if tag == "insert":
                added[start] = True
            elif tag != "equal":
                changed[start:end] = [True] * (end - start)
    out, inside = "", False
    for i, piece in enumerate([*first, ""]):
        change = i < len(first) and changed[i]
        out += "]" if inside and not change else ""
        out += "[…]" if added[i] and not change and not inside else ""
        out += "[" if change and not inside else ""
        out += piece
        inside = change
    return out
