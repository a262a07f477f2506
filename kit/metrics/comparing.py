"""Can the studied accounts be compared with the control: do both answer the same posts, in the same weeks and languages?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit.inference.comparable import NOTHING, Aspect, Judged, aspect, judged
from kit.locale import N_
from kit.metrics import metric
from kit.metrics.behind import inferred
from kit.schema.times import LOCAL_DAY

#: what groups are compared by -> the value of a post, and which posts have it
ASPECTS = {
    "posts_answered": ("reply_to_key", "is_reply AND reply_to_key IS NOT NULL"),
    "accounts_answered": ("target_key", "is_reply AND target_key IS NOT NULL"),
    "weeks": (f"CAST(date_trunc('week', {LOCAL_DAY}) AS DATE) - DATE '1970-01-01'", "created_at IS NOT NULL"),
    "language": ("language", "language IS NOT NULL AND language <> 'und'"),
    "platforms": ("platform", "true"),
    "posts_per_account": ("CAST(log2(count(*) OVER (PARTITION BY account_key)) AS INT)", "true"),
}
#: least part of the posts of each group that answers somebody, before the posts answered say where a group is
_ANSWERS = 0.5
#: shown to so many digits: an overlap is no count of anybody
_DIGITS = 1


#: aspect -> as sentences call it (`kit.claims.model.REASONS`)
_NAMES = {"posts_answered": "posts", "accounts_answered": "targets"}


class Gate(NamedTuple):
    """Whether differences between studied and control may be told, and inside what.

    `outcome` is comparable, partly, not_comparable or unknown, `why` the aspect in which the groups differ,
    `stratum` what differences are taken inside: for each account its places, as `Measure.within` takes them; else None.
    """

    outcome: str
    why: str
    stratum: pd.Series | None


_KEPT = 8
_kept: dict[str, tuple[dict[str, Aspect], Judged]] = {}


def gate(case: Any) -> Gate:
    """Whether the control can be compared with the studied accounts; see `kit.inference.comparable.judged`.

    >>> gate(case).outcome
    'not_comparable'
    """
    case = case._exact() if hasattr(case, "_exact") else case
    _aspects, found = _looked_at(case)
    stratum = None
    if found.within:
        rows = _posts(case, found.within)
        stratum = pd.Series(rows["thing"].to_numpy(), index=rows["account_key"].to_numpy(), name=found.within)
    return Gate(found.outcome, _NAMES.get(found.why, found.why), stratum)


def same_posts(case: Any) -> bool:
    """Whether enough of the control answers the posts that studied accounts answer, to compare both under the same posts.

    >>> same_posts(case)
    False
    """
    aspects, _found = _looked_at(case._exact() if hasattr(case, "_exact") else case)
    posts = aspects["posts_answered"]
    return bool(posts.known and posts.repairs)


@metric(N_("Whether studied and control can be compared"), within=())
def comparability(case: Any) -> pd.DataFrame:
    """Do studied and control answer the same posts and people, in the same weeks, languages and on the same platforms?

    Columns: aspect, studied_accounts, control_accounts (of which it is known), overlap (near 1 for two halves of one
    crowd, 0 where nothing is shared), usual_overlap (what 19 of 20 random divisions of both together reach), covered (the part of the
    studied accounts that is where control accounts are too), alikeness (much_alike, partly_alike, unlike, unknown), follows
    (what differences are worth: comparable, partly, not_comparable, unknown; the same in every row).
    Formula: overlap = 2 θ between / (θ within studied + θ within control), where θ is the chance that posts of two accounts share
    the aspect (Morisita 1959, Horn 1966, from unbiased parts); unlike below 0.5, partly alike below 0.8, where at most 1 % of
    random divisions overlap as little. Accounts that post as often as others are in one class: 1, 2 to 3, 4 to 7, …
    Missing: posts that do not tell the aspect; fewer than twenty accounts of a group tell nothing.
    Source: Horn (1966); Cochran (1954), Mantel and Haenszel (1959) for differences inside posts.
    An overlap of 1 does not prove that groups are alike: they can differ in what nobody recorded.

    >>> comparing.comparability(case)[["aspect", "overlap", "alikeness"]].head(3)
                  aspect  overlap   alikeness
    0     posts_answered      0.0      unlike
    1  accounts_answered      0.0      unlike
    2              weeks      0.9  much_alike
    """
    aspects, found = _looked_at(case)
    rows = [
        {
            "aspect": name,
            "studied_accounts": one.mine,
            "control_accounts": one.others,
            "overlap": round(one.overlap, _DIGITS) if one.known else np.nan,
            "usual_overlap": round(one.usual, _DIGITS) if one.known else np.nan,
            "covered": round(one.covered, _DIGITS) if one.known else np.nan,
            "alikeness": one.outcome,
            "follows": found.outcome,
        }
        for name, one in aspects.items()
    ]
    return inferred(pd.DataFrame(rows))


def _looked_at(case: Any) -> tuple[dict[str, Aspect], Judged]:
    """Every aspect, and what follows; kept in memory, because each finding asks."""
    key = repr(case._scope())
    if key not in _kept:
        while len(_kept) >= _KEPT:
            del _kept[next(iter(_kept))]
        aspects = {name: _aspect(case, name) for name in ASPECTS}
        others = {name: aspects[name] for name in ("language", "platforms")}
        posts, people = (
            aspects[n] if _answer(case) else NOTHING for n in ("posts_answered", "accounts_answered")
        )
        _kept[key] = aspects, judged(posts, people, aspects["weeks"], others)
    return _kept[key]


def _posts(case: Any, name: str) -> pd.DataFrame:
    """account_key, studied, thing: what each post of studied and control says of an aspect."""
    value, known = ASPECTS[name]
    return case.sql(
        f"""SELECT account_key, "group" = 'studied' AS studied, {value} AS thing FROM posts
            WHERE account_key IS NOT NULL AND "group" IN ('studied', 'control') AND {known} ORDER BY post_key""",
        clock=case.clock,
    )


def _aspect(case: Any, name: str) -> Aspect:
    rows = _posts(case, name)
    if name == "posts_per_account":
        rows = rows.drop_duplicates("account_key")
    codes = pd.factorize(rows["thing"])[0]
    return aspect(rows["account_key"].to_numpy(), rows["studied"].to_numpy(bool), codes, seed=case.seed)


def _answer(case: Any) -> bool:
    """Whether answering is what both groups do: of their posts at least half are replies to a known post."""
    table = case.sql("""SELECT "group", avg(CAST(is_reply AND reply_to_key IS NOT NULL AS INT)) AS share
                        FROM posts WHERE "group" IN ('studied', 'control') AND NOT coalesce(is_repost, false) GROUP BY 1""")
    return len(table) == 2 and bool((table["share"] >= _ANSWERS).all())
