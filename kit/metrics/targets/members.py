"""Are some categories of the roster addressed more than others, and whom to tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.locale import N_
from kit.metrics import metric, positive
from kit.metrics.texts.coded import found
from kit.metrics.ways import addressed
from kit.schema.times import LOCAL_DAY


@metric(
    N_("Targets by roster category"), unit="share of posts", n_unit="accounts", within=("group", "category")
)
def roster_shares(case: Any, *, way: str = "reply") -> pd.DataFrame:
    """Are some categories of the roster addressed more than their share of the roster?

    Columns: group, category, members (of the roster), roster_share, addressed_share (of the category among
    the members that the group addressed at all), posts, n (authors), estimate, low, high (share of the group's posts to roster members, bootstrap over authors), p (one test
    for each group, over all categories).
    Formula: p by permutation: categories are dealt anew over the roster's members 999 times;
    statistic Σ |share of posts - share of members|. So one much-addressed member does not make a
    category significant.
    Missing: posts to accounts outside the roster and posts of unknown authors are left out; members without a known account count
    in the roster's shares.
    Source: permutation test over targets (unit: the member).
    A low p does not prove a motive: members of one category may simply be more visible.

    >>> roster_shares(case)  # doctest: +SKIP
    """
    columns = "group category members roster_share addressed_share posts n estimate low high p".split()
    members = _members(case)
    if members.empty:
        return pd.DataFrame(columns=columns)
    table = addressed(case, way).merge(members.dropna(subset=["addressed"]), on="addressed")
    people = members.drop_duplicates("member")
    sizes = people["category"].value_counts().sort_index()
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        if mine.empty:
            continue
        p = _category_test(mine, people, case.seed)
        reached = people[people["member"].isin(mine["member"])]["category"].value_counts(normalize=True)
        for category, size in sizes.items():
            by_author = (
                mine.assign(hit=mine["posts"].where(mine["category"] == category, 0))
                .groupby("account_key")[["hit", "posts"]]
                .sum()
            )
            interval = inference.bootstrap_ratio(by_author["hit"], by_author["posts"], seed=case.seed)
            rows.append(
                (
                    group,
                    category,
                    int(size),
                    size / len(people),
                    float(reached.get(category, 0.0)),
                    int(by_author["hit"].sum()),
                    len(by_author),
                    *interval,
                    p,
                )
            )
    return pd.DataFrame(rows, columns=columns)


def _members(case: Any) -> pd.DataFrame:
    """member (one number for each person or body), category, account_key: one row for each account."""
    return case.sql("""SELECT member_key AS member, coalesce(category, '') AS category, account_key AS addressed
                       FROM roster ORDER BY roster_key""")


def _category_test(mine: pd.DataFrame, people: pd.DataFrame, seed: int) -> float:
    """p that shares of posts by category differ from shares of members as much by dealing categories anew."""
    posts = mine.groupby("member")["posts"].sum().reindex(people["member"]).fillna(0).to_numpy()
    codes, _names = pd.factorize(people["category"], sort=True)
    expected = np.bincount(codes) / len(codes)

    def distance(dealt: np.ndarray) -> float:
        return float(
            np.abs(np.bincount(dealt, posts, minlength=len(expected)) / posts.sum() - expected).sum()
        )

    rng = np.random.default_rng(seed)
    observed = distance(codes)
    beyond = sum(distance(rng.permutation(codes)) >= observed - 1e-12 for _ in range(999))
    return (1 + beyond) / 1000


@metric(N_("Briefing list for the people concerned"), internal=True)
def briefing(case: Any, *, minimum: int = 5) -> pd.DataFrame:
    """What should each person on the roster be told: when, how much, where, with which content?

    Columns: group (studied), name, role, platforms, posts, authors, first_day, last_day, busiest_day (in the
    report's clock), languages, narratives (codes of the codebook with the number of posts, the most first; empty
    without a codebook). Internal edition only; for notifying the people concerned, never for publication.
    Formula: counts of studied posts that answer an account of the person, at least `minimum`.
    Missing: posts whose target is not stated, and people outside the roster, are left out; a post that
    carries no code counts for none.
    Source: RRM Canada notified members from 23 October 2023.
    A long list does not prove who is behind it; `codebook_accuracy` says what the codes are worth.

    >>> briefing(case)  # doctest: +SKIP
    """
    return case.sql(
        f"""
        WITH addressed AS (
            SELECT r.name, any_value(r.role) OVER (PARTITION BY r.name) AS role, p.platform, p.post_key, p.account_key, p.language, p.day
            FROM (SELECT *, {LOCAL_DAY} AS day FROM posts) p JOIN roster r ON r.account_key = p.target_key WHERE p."group" = 'studied' AND p.is_reply),
        carried AS (SELECT name, code, count(DISTINCT post_key) AS times FROM addressed JOIN codes USING (post_key) GROUP BY 1, 2),
        coded AS (SELECT name, string_agg(code || ' (' || times || ')', ', ' ORDER BY times DESC, code) AS narratives
                  FROM carried GROUP BY 1)
        SELECT 'studied' AS "group", name, min(role) AS role, string_agg(DISTINCT platform, ', ' ORDER BY platform) AS platforms,
               count(*) AS posts, count(DISTINCT account_key) AS authors, min(day) AS first_day, max(day) AS last_day,
               mode(day ORDER BY day) AS busiest_day,
               string_agg(DISTINCT coalesce(language, 'und'), ', ' ORDER BY coalesce(language, 'und')) AS languages,
               coalesce(any_value(narratives), '') AS narratives
        FROM addressed LEFT JOIN coded USING (name) GROUP BY name HAVING count(*) >= $minimum ORDER BY posts DESC, name""",
        tables={"codes": found(case)},
        clock=case.clock,
        minimum=positive("minimum", minimum),
    )
