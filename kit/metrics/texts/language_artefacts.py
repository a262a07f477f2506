"""Which artefacts do keyboards, converters of scripts and language models leave, beside people of the same language?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import estimates, measured, metric, one_of, positive, shares_of
from kit.metrics.behind import inferred, weight
from kit.metrics.texts.languages import LANGUAGES, found_tables, one_language, shares
from kit.schema import group_order

INPUT = (
    "fullwidth_punctuation",
    "ideographic_space",
    "fullwidth_letters",
    "missing_space",
    "invisible_signs",
)
MODEL = ("model_refusal", "echoed_instruction")
ARTEFACTS = (*INPUT, "residue", *MODEL)
#: artefacts that say nothing in a language: wide signs are at home in Chinese, its scripts nowhere else
_AT_HOME = dict.fromkeys(("zh", "ja", "ko"), ("fullwidth_punctuation", "fullwidth_letters", "missing_space"))
SCRIPTS = ("simplified", "traditional", "mixed", "neither")


@metric(
    N_("Simplified and traditional Chinese"),
    unit="share of posts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key"),
)
def chinese_script(case: Any, *, languages: Sequence[str] = LANGUAGES) -> pd.DataFrame:
    """Do the posts in Chinese write simplified or traditional signs, or both?

    Columns: group, script (simplified, traditional: only signs of that script; mixed: of both; neither: only
    signs that both share), posts, n (authors of posts in Chinese), estimate, low, high (share of the group's
    posts in Chinese).
    Formula: signs that only one script has, by OpenCC, Big5 and GB 2312 (`kit.texts.letters`); interval over
    authors.
    Missing: reposts, posts without text, of unknown authors or in which no Chinese was found are left out.
    Source: OpenCC; ASPI on scripts of Chinese-language posts.
    A script does not prove where somebody writes: Canada's communities write both, and phones convert.

    >>> texts.chinese_script(case)[["group", "script", "posts", "estimate"]].head(3).round(2)
         group       script  posts  estimate
    0  studied   simplified     98      0.89
    1  studied  traditional      0      0.00
    2  studied        mixed     12      0.11
    """
    table = case.sql(
        f"""SELECT * FROM (SELECT "group", account_key, CASE WHEN simplified > 0 AND traditional > 0 THEN 'mixed' WHEN simplified > 0 THEN 'simplified'
                   WHEN traditional > 0 THEN 'traditional' ELSE 'neither' END AS script, count(*) AS posts
            FROM posts JOIN languages USING (post_key) JOIN language_artefacts USING (post_key)
            WHERE language_found = 'zh' AND NOT is_repost AND account_key IS NOT NULL GROUP BY ALL)
            ORDER BY {group_order()}, account_key, script""",
        tables=found_tables(case, languages, "language_artefacts"),
    )
    rows = shares(table, ["group"], "script", SCRIPTS)
    return inferred(
        estimates(rows, ["group", "script", "posts"]).drop(columns="writing_accounts", errors="ignore")
    )


def _counted(case: Any, languages: Sequence[str], names: Sequence[str], minimum: float = 1) -> pd.DataFrame:
    """group, language, account_key, posts, and posts with each of the artefacts `names`."""
    columns = ", ".join(f"count(*) FILTER ({name}) AS {name}" for name in names)
    return case.sql(
        f"""SELECT * FROM (SELECT "group", language_found AS language, account_key, count(*) AS posts, {columns}
            FROM posts JOIN languages USING (post_key) JOIN language_artefacts USING (post_key)
            WHERE NOT is_repost AND account_key IS NOT NULL
            GROUP BY ALL HAVING count(*) >= {int(positive("minimum", minimum))})
            ORDER BY {group_order()}, language, account_key""",
        tables=found_tables(case, languages, "language_artefacts"),
    )


def _behind(mine: pd.DataFrame, artefact: str) -> dict[str, Any]:
    """Who wrote the posts of one language, and those with an artefact; one row for each account."""
    return {
        "posts__people": len(mine),
        "posts__largest": max(mine["posts"], default=0),
        "artefact_posts__people": int((mine[artefact] > 0).sum()),
        "artefact_posts__largest": max(mine[artefact], default=0),
        "estimate__weight": weight(mine[artefact], mine["posts"]),
    }


@metric(
    N_("Artefacts of keyboards, converters and language models"),
    unit="share of posts",
    n_unit="accounts",
    within=("group", "language"),
    needs=("posts.text", "posts.account_key"),
)
def language_artefacts(
    case: Any, *, languages: Sequence[str] = LANGUAGES, language: str | None = None
) -> pd.DataFrame:
    """How often does each artefact stand in posts of one language, beside the control of the same language?

    Columns: group, language, artefact, posts (in the language), artefact_posts, n (authors), estimate, low, high
    (share of the posts), artefact_accounts (authors with at least one such post).
    Formula: artefact_posts / posts, interval over authors (`kit.inference.share_by_account`). What
    each artefact is stands in `kit.texts.language_artefacts`. `language` looks at one. Wide signs are not counted in Chinese,
    Japanese and Korean, where they are at home, nor residues of conversion outside Chinese.
    Missing: reposts, posts without text or of unknown authors are left out.
    Source: Mandiant and ASPI on punctuation of Chinese keyboards; OpenCC on residues of conversion.
    An artefact does not prove anything about an account: people who write in a second language, with another
    keyboard or for fun leave the same ones, and a shared text counts as often as it is posted.

    >>> texts.language_artefacts(case, language="en")[["group", "artefact", "artefact_posts"]].head(2)
         group               artefact  artefact_posts
    0  studied  fullwidth_punctuation              26
    1  studied      ideographic_space               0
    """
    table = _counted(case, languages, ARTEFACTS)
    if language is not None:
        table = table[table["language"] == one_language(case, language, languages)]
    rows = []
    for (group, found), mine in table.groupby(["group", "language"], sort=False):
        for artefact in ARTEFACTS:
            if artefact in _AT_HOME.get(found, ()) or (artefact == "residue" and found != "zh"):
                continue
            rows.append(
                {"group": group, "language": found, "artefact": artefact, "posts": int(mine["posts"].sum())}
                | {"artefact_posts": int(mine[artefact].sum()), "n": len(mine)}
                | {"interval": inference.share_by_account(mine[artefact], mine["posts"])}
                | {"artefact_accounts": int((mine[artefact] > 0).sum())}
                | _behind(mine, artefact)
            )
    return inferred(estimates(rows, ["group", "language", "artefact", "posts", "artefact_posts"]))


@metric(
    N_("Share of posts with an artefact of a keyboard"),
    unit="share of posts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key"),
)
def language_artefact_rate(
    case: Any,
    *,
    artefact: str = "fullwidth_punctuation",
    language: str = "en",
    minimum: int = 1,
    languages: Sequence[str] = LANGUAGES,
) -> pd.DataFrame:
    """In what share of the posts of one language does one artefact stand?

    Columns: group, artefact, language, n (authors with at least `minimum` posts in the language), estimate, low, high (share of
    these posts), posts, artefact_posts.
    Formula, missing-data rule and source: as `language_artefacts`.
    A high share does not prove anything about an account, nor where its author is.

    >>> texts.language_artefact_rate(case, artefact="fullwidth_punctuation", language="en")[["group", "n", "estimate"]].round(2)
         group   n  estimate
    0  studied  88      0.08
    1  control  47      0.00
    2  context  88      0.00
    """
    table = _counted(case, languages, (one_of("artefact", artefact, ARTEFACTS),), minimum)
    table = table[table["language"] == one_language(case, language, languages)]
    rows, measure = shares_of(case, table, table[artefact], table["posts"])
    told = []
    for row in rows:
        mine = table[table["group"] == row["group"]]
        about = {"artefact": artefact, "language": language}
        counts = {"posts": int(mine["posts"].sum()), "artefact_posts": int(mine[artefact].sum())}
        told.append(row | about | counts | _behind(mine, artefact))
    return measured(inferred(estimates(told, ["group", "artefact", "language"])), measure)


@metric(
    N_("Share of accounts with words of a language model"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key"),
)
def model_residues(
    case: Any,
    *,
    artefact: str = "any",
    language: str | None = None,
    languages: Sequence[str] = LANGUAGES,
) -> pd.DataFrame:
    """What share of the authors has posted words that a language model says of itself or of its task?

    Columns: group, n (authors), estimate, low, high (share of authors with at least one such post),
    posts, artefacts_found (a post with both counts twice). `artefact` is model_refusal, echoed_instruction or any of both; `language` looks at one.
    Formula: authors with one / authors; interval as `new_accounts`. Where none has one the upper limit is about 4 / n.
    Missing: as `language_artefacts`.
    Source: Kirkland Lake (2024): texts of a language model first taken for hand-made copies.
    Such words do not prove that a model wrote a post, for people quote them; and their absence proves
    nothing, for models seldom leave them.

    >>> texts.model_residues(case, language="en")[["group", "n", "estimate"]].round(2)
         group   n  estimate
    0  studied  88       0.0
    1  control  47       0.0
    2  context  88       0.0
    """
    wanted = MODEL if one_of("artefact", artefact, ("any", *MODEL)) == "any" else (artefact,)
    table = _counted(case, languages, MODEL)
    if language is not None:
        table = table[table["language"] == one_language(case, language, languages)]
    table = table.assign(found=table[list(wanted)].sum(axis=1))
    each = table.groupby(["group", "account_key"], sort=False)[["posts", "found"]].sum().reset_index()
    rows, measure = shares_of(case, each, each["found"] > 0)
    told = []
    for row in rows:
        mine = each[each["group"] == row["group"]]
        told.append(
            row
            | {"posts": int(mine["posts"].sum()), "artefacts_found": int(mine["found"].sum())}
            | {"posts__people": len(mine), "posts__largest": max(mine["posts"], default=0)}
            | {"artefacts_found__people": int((mine["found"] > 0).sum())}
            | {"artefacts_found__largest": max(mine["found"], default=0)}
        )
    return measured(inferred(estimates(told, ["group"])), measure)
