"""What do the codebook and the people who coded by hand find, and do they agree?"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.disclosure import STEP
from kit.inference.agreement import alpha
from kit.locale import N_
from kit.locale.later import Text, by_language, later, words
from kit.metrics import estimates, metric, one_of
from kit.metrics.behind import inferred, weight
from kit.metrics.timing.posts import of_subset

KINDS = {
    "campaign": N_("campaign content"),
    "everyday": N_("everyday content"),
    "other": N_("other content"),
}
NONE = "none"  # what a coder writes where no code fits


def codes_of(case: Any, code: str) -> list[str]:
    """The codes that `code` stands for: itself, or all of that kind."""
    kinds = {c["id"]: c["kind"] for c in case.report.codebook}
    one_of("code", code, (*KINDS, *kinds))
    return [c for c, kind in kinds.items() if code in (c, kind)]


def label_of(code: Mapping[str, Any]) -> Text:
    """The label of a code, in the languages that the codebook has it in."""
    return by_language(code["label"])


def kind_label(kind: str) -> Text:
    """The words for a kind of code."""
    return later(KINDS[kind])


def labels(case: Any) -> dict[str, Any]:
    """For a table with a column `label`: its labels in every language."""
    said = [*map(kind_label, KINDS), *map(label_of, case.report.codebook)]
    return {"words": words("label", said)}


def found(case: Any) -> pd.DataFrame:
    """post_key, code: what the terms and patterns of the codebook find, in the whole case."""
    rules = [{k: c[k] for k in ("id", "terms", "patterns")} for c in case.report.codebook]
    if not rules:
        return pd.DataFrame({"post_key": pd.Series(dtype="Int64"), "code": pd.Series(dtype=object)})
    return case.derived("codes", codebook=json.dumps(rules, ensure_ascii=False))


def given(case: Any) -> pd.DataFrame:
    """unit, post_key, coder, code: what people gave to posts; `none` where no code fits."""
    rows = [
        [number, row["platform"], row["post"], row["code"]]
        for number, file in enumerate(case.report.coders, 1)
        for row in file
    ]
    if not rows:
        columns = {"unit": "Int64", "post_key": "Int64", "coder": "Int64", "code": "object"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return case.derived("coded", coders=json.dumps(rows, ensure_ascii=False))


def with_text(subset: str = "all") -> str:
    """SQL that holds for posts with text, of a known author."""
    return f"account_key IS NOT NULL AND text_length > 0 AND {of_subset(subset)}"


CLAIM, TENTATIVE = 0.80, 0.67  # Krippendorff (2004): rely on, draw tentative conclusions
FEWEST = 30  # posts coded by two that a verdict needs


@metric(N_("Posts coded by hand"), needs=("report.coders",))
def coder_coverage(case: Any) -> pd.DataFrame:
    """How many posts did each person code, and are they in this case?

    Columns: coder (a number; names are not shown), posts, matched_posts (in the case), unknown_posts
    (no post of the case has that identifier), shared_posts (known, and coded by somebody else too).
    Formula: counts.
    Missing: this table is the count of what is missing: unknown posts enter no other table.
    Source: none needed.
    A high number does not show that the coding is good: see `coder_agreement`.

    >>> list(texts.coder_coverage(case))
    ['coder', 'posts', 'matched_posts', 'unknown_posts', 'shared_posts']
    """
    columns = ["posts", "matched_posts", "unknown_posts", "shared_posts"]
    table = given(case).drop_duplicates(["coder", "unit"])
    shared = table.groupby("unit")["coder"].transform("size") > 1
    known = table["post_key"].notna()
    author = table["post_key"].map(_authors(case, table["post_key"]))
    rows = []
    for number in range(1, len(case.report.coders) + 1):
        mine = table["coder"] == number
        parts = (mine, mine & known, mine & ~known, mine & known & shared)
        told = {
            f"{c}__{k}": v
            for c, part in zip(columns, parts, strict=True)
            for k, v in _by(author[part]).items()
        }
        rows.append(
            {"coder": number} | {c: int(part.sum()) for c, part in zip(columns, parts, strict=True)} | told
        )
    return pd.DataFrame(rows, columns=["coder", *columns, *_behind(columns)])


def _authors(case: Any, posts: pd.Series) -> dict[int, int]:
    """The author of each of these posts; one whose author is not known has none."""
    wanted = pd.DataFrame({"post_key": posts.dropna().unique()})
    found = case.sql(
        "SELECT post_key, account_key FROM posts JOIN wanted USING (post_key) WHERE account_key IS NOT NULL",
        tables={"wanted": wanted.astype({"post_key": "int64"})},
    )
    return dict(zip(found["post_key"], found["account_key"], strict=True))


def _by(authors: pd.Series) -> dict[str, int]:
    """How many people wrote posts with these authors, and the most by one; those of unknown authors may be one's."""
    each = authors.value_counts()
    return {
        "people": len(each),
        "largest": max(int(each.max()) if len(each) else 0, int(authors.isna().sum())),
    }


def _behind(columns: Iterable[str]) -> list[str]:
    return [f"{column}__{what}" for column in columns for what in ("people", "largest")]


@metric(N_("Agreement of coders"), unit="alpha", n_unit="posts", needs=("report.coders",))
def coder_agreement(case: Any) -> pd.DataFrame:
    """How far do people who coded the same posts, without seeing each other's codes, agree beyond chance?

    Columns: coding_level (all: the whole set of codes of a post; kind; code), code, label, given_posts (posts
    to which at least one person gave it), n (posts coded by two or more), estimate, low, high (alpha),
    verdict: claim from 0.80 where the interval begins at 0.67 or above, tentative from 0.67, else
    cannot_tell. Cannot tell also where only one person coded, fewer than 30 posts were coded by two,
    the code hardly occurs (no interval), or chance alone would do (the interval reaches 0).
    Formula: Krippendorff's alpha for nominal codes, 1 - observed / expected disagreement; at the
    level of kinds and codes each post either has it or not; interval from resampled posts.
    Missing: posts coded once, and posts that the case does not hold, are left out (`coder_coverage`).
    Source: Krippendorff (2004, 2011), with his thresholds.
    A high alpha does not prove that the codes are true: people can agree on the same mistake.

    >>> list(texts.coder_agreement(case))[:4]
    ['coding_level', 'code', 'label', 'given_posts']
    """
    answers = _answers(given(case))
    answers["author"] = answers["post_key"].map(_authors(case, answers["post_key"]))
    rows: list[dict[str, Any]] = []
    if len(answers):
        sets = answers["codes"].map(lambda codes: " ".join(sorted(codes)))
        rows.append(_agreed("all", "", "", answers, sets, case.seed))
        levels = [("kind", kind, str(kind_label(kind)), set(codes_of(case, kind))) for kind in KINDS]
        levels += [("code", c["id"], str(label_of(c)), {c["id"]}) for c in case.report.codebook]
        for level, code, label, wanted in levels:
            if wanted:
                yes = answers["codes"].map(lambda codes, wanted=wanted: not wanted.isdisjoint(codes))
                rows.append(_agreed(level, code, label, answers, yes, case.seed))
    table = estimates(rows, ["coding_level", "code", "label", "given_posts"])
    table.attrs |= labels(case)
    return table


def _answers(table: pd.DataFrame) -> pd.DataFrame:
    """post_key, coder, codes (a set, empty for none): one row for each post of the case and coder."""
    known = table.dropna(subset=["post_key"])
    rows = [
        (key, coder, frozenset(codes) - {NONE})
        for (key, coder), codes in known.groupby(["post_key", "coder"], sort=True)["code"]  # type: ignore[misc]
    ]
    return pd.DataFrame(rows, columns=["post_key", "coder", "codes"])


def _agreed(
    level: str, code: str, label: str, answers: pd.DataFrame, values: pd.Series, seed: int
) -> dict[str, Any]:
    unit, posts = pd.factorize(answers["post_key"], sort=True)
    value, different = pd.factorize(values, sort=True)
    counts = np.zeros((len(posts), len(different)), int)  # how many coders gave each value to each post
    np.add.at(counts, (unit, value), 1)
    twice = counts.sum(axis=1) >= 2
    counts = counts[twice]
    interval = alpha(counts, seed=seed)
    authors = answers.drop_duplicates("post_key").set_index("post_key")["author"]
    chosen = posts[sorted(set(unit[values.map(bool) & twice[unit]]))]
    told = {"given_posts": _by(authors[chosen]), "n": _by(authors[posts[twice]])}
    return {
        "coding_level": level,
        "code": code,
        "label": label,
        "given_posts": len(chosen),
        "n": len(counts),
        "interval": interval,
        "verdict": standing(interval, len(counts), FEWEST),
        **{f"{column}__{what}": n for column, by in told.items() for what, n in by.items()},
        # the agreement on a code that few people's posts were given tells how many they are
        "estimate__weight": 1.0 if 0 < told["given_posts"]["people"] < STEP else 0.0,
    }


def standing(interval: inference.Interval, n: int, fewest: int) -> str:
    """What an alpha over `n` units allows: claim, tentative or cannot_tell (Krippendorff 2004)."""
    if n < fewest or not math.isfinite(interval.low) or interval.low <= 0 or interval.estimate < TENTATIVE:
        return "cannot_tell"
    return "claim" if interval.estimate >= CLAIM and interval.low >= TENTATIVE else "tentative"


@metric(
    N_("Codebook against people"),
    unit="share of posts",
    n_unit="posts",
    needs=("posts.text", "report.codebook", "report.coders"),
)
def codebook_accuracy(case: Any) -> pd.DataFrame:
    """Where two people agree on a post, do the codebook's words find the same?

    Columns: group, code (a kind or a code), measure (precision: share of the posts with the words to
    which the people gave the code; recall: share of the posts to which they gave it that have the
    words), n (posts the share is of), estimate, low, high.
    Formula: Wilson intervals over posts on which all who coded them, two or more, agree about that
    code. Posts are taken as drawn at random; if they were not, the interval says little.
    Missing: posts on which people differ are left out, which flatters the codebook.
    Source: precision and recall (van Rijsbergen 1979); Wilson (1927).
    A high precision does not prove the narrative is what the label says: it repeats the coders' reading.

    >>> list(texts.codebook_accuracy(case))[:4]
    ['group', 'code', 'measure', 'n']
    """
    checked = _checked(case)
    rows = []
    for group in case.groups:
        mine = checked[checked["group"] == group]
        for code in dict.fromkeys(mine["code"]):
            here = mine[mine["code"] == code]
            both = int((here["human"] & here["words"]).sum())
            for measure, whole in (("precision", "words"), ("recall", "human")):
                of = here[here[whole].astype(bool)]
                row = {"group": group, "code": code, "measure": measure, "n": len(of)}
                row |= {f"n__{what}": n for what, n in _by(of["author"]).items()}
                by = of.groupby(of["author"].fillna(-1)).agg(hits=("human", "sum"), n=("words", "size"))
                if measure == "recall":
                    by["hits"] = of.groupby(of["author"].fillna(-1))["words"].sum()
                row["estimate__weight"] = weight(by["hits"], by["n"])
                rows.append(row | {"interval": inference.wilson(both, len(of))})
    return inferred(estimates(rows, ["group", "code", "measure"]))


def _checked(case: Any) -> pd.DataFrame:
    """group, post_key, author, code (kinds and codes), human, words: posts about whose code all coders agree."""
    columns = ["group", "post_key", "author", "code", "human", "words"]
    answers = _answers(given(case))
    answers = answers[answers.groupby("post_key")["coder"].transform("size") >= 2]
    if answers.empty:
        return pd.DataFrame(columns=columns)
    words = found(case)
    words = words[words["post_key"].isin(answers["post_key"])].groupby("post_key")["code"].agg(set)
    listed = case.sql(
        'SELECT post_key, "group" FROM posts JOIN wanted USING (post_key)',
        tables={"wanted": answers[["post_key"]].drop_duplicates()},
    )
    groups = dict(zip(listed["post_key"], listed["group"], strict=True))
    authors = _authors(case, listed["post_key"])
    wanted = {code: set(codes_of(case, code)) for code in (*KINDS, *(c["id"] for c in case.report.codebook))}
    rows = []
    for key, mine in answers.groupby("post_key", sort=True)["codes"]:
        for code, meant in wanted.items():
            said = {not meant.isdisjoint(codes) for codes in mine}
            if meant and key in groups and len(said) == 1:
                rows.append(
                    (
                        groups[key],
                        key,
                        authors.get(key),
                        code,
                        said.pop(),
                        not meant.isdisjoint(words.get(key, ())),
                    )
                )
    return pd.DataFrame(rows, columns=columns)


def backing(case: Any, codes: list[str]) -> tuple[str, float]:
    """What may be said about these kinds or codes, and the lowest alpha behind it.

    `no_agreement` where no two people coded the same posts, `disagreement` where they agree too
    little or too few posts show it, `words_fail` where the codebook does not find what they found,
    else `tentative` or `claim`.
    """
    table = coder_agreement(case)
    table = table[table["coding_level"] != "all"].set_index("code")
    if any(code not in table.index or not table.n[code] for code in codes):
        return "no_agreement", math.nan
    lowest = float(np.min([table.estimate[code] for code in codes]))  # NaN where one is
    verdicts = {str(table.verdict[code]) for code in codes}
    if "cannot_tell" in verdicts:
        return "disagreement", lowest
    checked = _checked(case)
    for code in codes:
        mine = checked[checked["code"] == code]
        if not _alike(mine["human"].to_numpy(bool), mine["words"].to_numpy(bool), case.seed) >= TENTATIVE:
            return "words_fail", lowest
    return "tentative" if "tentative" in verdicts else "claim", lowest


def _alike(human: np.ndarray, words: np.ndarray, seed: int) -> float:
    """Alpha of the codebook as one more coder, against what people agree on."""
    yes = human.astype(int) + words.astype(int)
    return alpha(np.column_stack([yes, 2 - yes]), seed=seed, draws=1).estimate


#: what a reader is told of the agreement behind a number
AGREED = {
    "claim": N_("people who coded posts agree on it"),
    "tentative": N_("people who coded posts agree on it only roughly, so this is tentative"),
}


def judged(case: Any, rows: list[dict[str, Any]], codes: list[str]) -> pd.DataFrame:
    """A table from `rows` (group, n, interval), with why nothing may be compared where coders agree too little."""
    standing, lowest = backing(case, codes) if case.report.codebook else ("no_agreement", math.nan)
    agreed = later(AGREED[standing]) if standing in AGREED else ""
    said = {"alpha": lowest, "sentence": "" if agreed else standing, "agreed": agreed}
    table = inferred(estimates([row | said for row in rows], ["group"]))
    table.attrs["words"] = words("agreed", [agreed])
    return table
