"""What do they repeat, word for word or nearly, how many accounts say it, and how soon after one another?"""

from __future__ import annotations

import difflib
import re
from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.disclosure import STEP
from kit.errors import MetricError
from kit.locale import N_
from kit.metrics import at_one_size, estimates, facts, measured, metric, positive
from kit.metrics.behind import inferred, tallied, weighed
from kit.metrics.joining import as_before, classes, earlier, spans
from kit.schema import GROUPS, group_order, times
from kit.schema.times import LOCAL_DAY

#: `plain` are texts that nothing in them explains; the others are ready-made for everybody
KINDS = ("plain", "petition", "share_button", "headline")
_SIZES = (2, 5, 10, 25, 100)
_OWN = "NOT p.is_repost"  # a repost says nothing of its own

#: the kind of each cluster, from all its posts, whoever wrote them
_KINDS = """
    linked AS (SELECT near_duplicate_key, max(n) AS most FROM (
                   SELECT near_duplicate_key, link_key, count(*) AS n FROM near_duplicates WHERE link_key IS NOT NULL GROUP BY 1, 2) GROUP BY 1),
    kinds AS (
        SELECT near_duplicate_key, CASE
            WHEN avg(CAST(stated_kind IS NOT DISTINCT FROM 'petition' AS INTEGER)) >= 0.5 THEN 'petition'
            WHEN avg(CAST(stated_kind IS NOT DISTINCT FROM 'share_button' AS INTEGER)) >= 0.5 THEN 'share_button'
            WHEN coalesce(any_value(most), 0) >= 0.8 * count(*) THEN 'headline'
            ELSE 'plain' END AS kind
        FROM near_duplicates LEFT JOIN linked USING (near_duplicate_key) WHERE near_duplicate_key IS NOT NULL GROUP BY 1)"""


def near_duplicates(case: Any, similarity: float) -> dict[str, pd.DataFrame]:
    """The derived table of near-duplicates, as `case.sql` takes it."""
    if not 0.5 <= positive("similarity", similarity) <= 1:
        raise MetricError(
            "'similarity' lies between 0.5 and 1",
            found=similarity,
            hint="Below 0.5 texts have little in common.",
        )
    return {"near_duplicates": case.derived("near_duplicates", similarity=float(similarity))}


@metric(N_("Texts: facts"), needs=("posts.text",))
def text_facts(case: Any) -> pd.DataFrame:
    """How many posts share their exact text with another post of their group?

    Columns: id, group, value, unit, label, n. Texts are compared as given, letter by letter.
    Formula: posts whose text another post of the group has too; the same beyond the first of
    each text; the same with reposts left out.
    Missing: posts without text are left out.
    Source: Keller, Schoch and others (2022) on co-posting; exact equality needs no threshold.
    A high count does not prove a shared script: short remarks are often equal.

    >>> texts.text_facts(case)[["id", "group", "value"]].head(3)
                                 id    group value
    0               posts_with_text  studied   500
    1               posts_same_text  studied    91
    2  posts_same_text_beyond_first  studied    58
    """
    each = case.sql(
        """
        WITH own AS (
            SELECT p."group", p.account_key, c.exact_key, p.is_repost, p.post_key,
                   count(*) OVER (PARTITION BY p."group", c.exact_key) AS same,
                   count(*) FILTER (NOT p.is_repost) OVER (PARTITION BY p."group", c.exact_key) AS same_own,
                   row_number() OVER (PARTITION BY p."group", c.exact_key ORDER BY p.post_key) AS place
            FROM posts p JOIN near_duplicates c USING (post_key))
        SELECT "group", account_key, count(*) AS n, count(*) FILTER (same > 1) AS same_text,
               count(*) FILTER (place > 1) AS beyond_first, count(*) FILTER (NOT is_repost) AS own,
               count(*) FILTER (NOT is_repost AND same_own > 1) AS same_own
        FROM own GROUP BY 1, 2""",
        tables=near_duplicates(case, 0.75),
    )
    told = tallied(each, ["group"], ["n", "same_text", "beyond_first", "own", "same_own"]).set_index("group")
    rows: list[tuple] = []
    behind: list[tuple] = []
    for group in [g for g in case.groups if g in told.index]:
        r = told.loc[group]
        for name, value, n in (
            ("posts_with_text", "n", "n"),
            ("posts_same_text", "same_text", "n"),
            ("posts_same_text_beyond_first", "beyond_first", "n"),
            ("posts_same_text_original", "same_own", "own"),
        ):
            rows.append((name, group, int(r[value]), "posts", None, int(r[n])))
            behind.append(tuple(int(r[f"{c}__{what}"]) for c in (value, n) for what in ("people", "largest")))
    table = facts(rows)
    table[["value__people", "value__largest", "n__people", "n__largest"]] = np.array(behind).reshape(-1, 4)
    return table


@metric(N_("How many posts enter the search for near-duplicates"), needs=("posts.text",))
def near_duplicate_coverage(case: Any, *, similarity: float = 0.75) -> pd.DataFrame:
    """How many posts have a text of their own, long enough to be compared?

    Columns: group, accounts (authors of posts that can be compared), posts, texts_posts (with text),
    own_posts (no reposts), empty_posts (nothing left but signs, links and names), compared_posts
    (long enough for near-equal texts), alike_posts (with another one nearly equal, be it by the same account).
    Formula: counts.
    Missing: this table is the count of what is missing.
    Source: none needed. A low number of compared posts does not prove anything: short remarks are common.

    >>> texts.near_duplicate_coverage(case)[["group", "posts", "compared_posts", "alike_posts"]]
         group  posts  compared_posts  alike_posts
    0  studied    500             497          457
    1  control    200             195           25
    2  context    646             606           93
    """
    each = case.sql(
        f"""
        SELECT p."group", p.account_key, count(*) AS posts,
               count(c.post_key) AS texts_posts, count(c.post_key) FILTER ({_OWN}) AS own_posts,
               count(*) FILTER ({_OWN} AND c.letters = 0) AS empty_posts,
               count(*) FILTER ({_OWN} AND c.comparable) AS compared_posts,
               count(*) FILTER ({_OWN} AND c.near_duplicate_key IS NOT NULL) AS alike_posts
        FROM posts p LEFT JOIN near_duplicates c USING (post_key) GROUP BY 1, 2""",
        tables=near_duplicates(case, similarity),
    )
    names = "posts texts_posts own_posts empty_posts compared_posts alike_posts".split()
    table = tallied(each, ["group"], names)
    table.insert(1, "accounts", table["compared_posts__people"])
    order = {g: i for i, g in enumerate(case.groups)}
    return table.sort_values("group", key=lambda s: s.map(order)).reset_index(drop=True)


def _clusters(case: Any, similarity: float) -> pd.DataFrame:
    """Posts by kind, cluster, group and account: kind, near_duplicate_key, group, account_key, posts, texts, first and last."""
    return case.sql(
        f"""
        WITH {_KINDS}
        SELECT k.kind, c.near_duplicate_key, p."group", p.account_key, count(*) AS posts, count(DISTINCT c.text_key) AS texts,
               min({LOCAL_DAY}) AS first_at, max({LOCAL_DAY}) AS last_at
        FROM posts p JOIN near_duplicates c USING (post_key) JOIN kinds k USING (near_duplicate_key)
        WHERE {_OWN} AND p.account_key IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 2, 4""",
        tables=near_duplicates(case, similarity),
        clock=case.clock,
    )


def _totals(case: Any, similarity: float) -> pd.DataFrame:
    """Posts that can be compared, by account: group, account_key, posts."""
    return case.sql(
        f"""
        SELECT p."group", p.account_key, count(*) AS posts FROM posts p JOIN near_duplicates c USING (post_key)
        WHERE {_OWN} AND p.account_key IS NOT NULL AND c.comparable
        GROUP BY 1, 2 ORDER BY 2""",
        tables=near_duplicates(case, similarity),
    )


@metric(
    N_("Share of posts whose text other accounts post too"),
    unit="share of posts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key"),
)
def near_duplicate_posts(
    case: Any, *, similarity: float = 0.75, accounts: int = 2, ready_made: bool = False
) -> pd.DataFrame:
    """What share of a group's posts says what at least `accounts` accounts of the group say?

    Columns: group, n (accounts compared: the same number in each group), estimate, low, high (mean over
    accounts of the share of their posts long enough to compare), all_accounts (accounts of the group). `ready_made`
    counts petitions, share buttons and headlines too.
    Formula: of each account, posts in a cluster (`kit.texts.near_duplicates`) with posts of at least `accounts`
    accounts of the group / posts long enough; told as it is among as many accounts as the smaller group has, because
    more of them agree more often by chance (rarefaction, no cuts are drawn). Interval over accounts and clusters: a
    joke or a slogan is one event, however many repeat it (`kit.inference.Copied`).
    Missing: reposts, posts without author, texts shorter than 12 letters (6 where Chinese).
    Source: Keller, Schoch and others (2022); MinHash after Broder (1997).
    A high share does not prove a shared script: slogans, prayers and songs are repeated too; read the
    control, and the table of kinds.

    >>> texts.near_duplicate_posts(case, similarity=0.9, accounts=5)[["group", "n", "estimate"]].round(2)
         group   n  estimate
    0  studied  60      0.84
    1  control  60      0.00
    """
    least = int(positive("accounts", accounts))
    found, totals = _clusters(case, similarity), _totals(case, similarity)
    if not ready_made:
        found = found[found["kind"] == "plain"]
    totals = totals[totals["group"] != "context"].reset_index(drop=True)
    place = pd.Series(totals.index, index=totals["account_key"])
    found = found.assign(row=found["account_key"].map(place)).dropna(subset=["row"])
    measure = inference.Copied(
        totals["account_key"],
        totals["group"] == "studied",
        found["row"],
        found["near_duplicate_key"],
        found["posts"],
        totals["posts"],
        least=least,
    )
    rows = at_one_size(case, totals, measure)
    for row in rows:
        row["estimate__weight"] = _weight(totals.loc[totals["group"] == row["group"], "posts"], row["n"])
    return measured(inferred(estimates(rows, ["group"])), measure)


def _weight(posts: pd.Series, n: int) -> float:
    """The part of a mean over `n` accounts that one of them holds, and at least what ten posts are of all of theirs."""
    return min(1.0, float(max(1, STEP / posts.mean()) / n)) if n else float("nan")


@metric(
    N_("Texts that are repeated, by kind"),
    within=("group", "text_kind"),
    needs=("posts.text", "posts.account_key"),
)
def near_duplicate_kinds(case: Any, *, similarity: float = 0.75) -> pd.DataFrame:
    """Which repeated texts are ready-made for everybody, and which are not?

    Columns: group, text_kind (plain, petition, share_button, headline), accounts, clusters, near_duplicate_posts.
    A cluster counts for a group in which at least two accounts say it.
    Formula: petition or share_button where at least half of all posts of the cluster say so in words or
    by their link, headline where at least 80 % of them carry the same link, else plain.
    Missing: as `near_duplicate_posts`.
    Source: Giglietto and others (2020) on benign causes of shared links; words and sites are listed in
    `kit.texts.near_duplicates`.
    A text called plain does not prove coordination: nothing in it says where it comes from, no more.

    >>> texts.near_duplicate_kinds(case)[["group", "text_kind", "near_duplicate_posts"]]
         group text_kind  near_duplicate_posts
    0  studied     plain                   454
    1  control     plain                     6
    2  context  petition                     6
    3  context     plain                    67
    """
    found = _shared(_clusters(case, similarity)).assign(clusters=1)
    by = found.groupby(["group", "near_duplicate_key"])["account_key"].transform("nunique")
    found = found.rename(columns={"posts": "near_duplicate_posts"}).assign(needed=(by == 2).astype(int))
    table = tallied(found, ["group", "kind"], ["clusters", "near_duplicate_posts", "needed"])
    whole = found.groupby(["group", "kind"])["near_duplicate_key"].nunique().reset_index(name="texts")
    # without one account the text of two others still counts: only what is said by two hangs on one
    table["clusters__largest"] = table["needed__largest"].clip(lower=1)
    table["clusters"] = table[["group", "kind"]].merge(whole)["texts"]
    table.insert(2, "accounts", table["clusters__people"])
    table = table[[c for c in table if not c.startswith("needed")]]
    return inferred(_ordered(case, table.rename(columns={"kind": "text_kind"}), "text_kind", KINDS))


def _shared(found: pd.DataFrame) -> pd.DataFrame:
    """Rows of clusters that at least two accounts of the same group say."""
    said_by = found.groupby(["near_duplicate_key", "group"])["account_key"].transform("nunique")
    return found[said_by >= 2]


def _ordered(case: Any, table: pd.DataFrame, column: str, order: tuple[str, ...]) -> pd.DataFrame:
    places = {g: i for i, g in enumerate(case.groups)} | {v: i for i, v in enumerate(order)}
    return table.sort_values(
        ["group", column], key=lambda s: s.map(places) if s.dtype == object or s.name == "group" else s
    ).reset_index(drop=True)


@metric(N_("How many accounts say the same text"), needs=("posts.text", "posts.account_key"))
def near_duplicate_sizes(case: Any, *, similarity: float = 0.75) -> pd.DataFrame:
    """How many accounts stand behind a repeated text?

    Columns: group, accounts_from, accounts_to (class of the number of accounts that say one text; the last is
    open), clusters, near_duplicate_posts (posts in such clusters). Only plain texts (`near_duplicate_kinds`).
    Public edition: classes are joined, for all groups alike, until each holds no text or ten by ten accounts.
    Formula: clusters by the number of distinct accounts of the group.
    Missing: as `near_duplicate_posts`.
    Source: as `near_duplicate_posts`.
    A large cluster does not prove a shared script: a popular joke has many tellers.

    >>> texts.near_duplicate_sizes(internal)[["group", "accounts_from", "near_duplicate_posts"]].head(3)
         group  accounts_from  near_duplicate_posts
    0  studied              2                     4
    1  studied              5                    21
    2  studied             10                   243
    """
    found = _clusters(case, similarity)
    found = found[found["kind"] == "plain"]
    by = found.groupby(["group", "near_duplicate_key"])["account_key"].transform("nunique")
    found = found.assign(by=by, size=np.searchsorted(_SIZES, by, side="right") - 1)[by >= _SIZES[0]]
    place = np.array(_size_classes(case, found))
    rows = []
    for group in case.groups:
        for number in dict.fromkeys(place):
            (sizes,) = np.nonzero(place == number)
            start = _SIZES[sizes[0]]
            after = _SIZES[sizes[-1] + 1] if sizes[-1] + 1 < len(_SIZES) else None
            inside = found[(found["group"] == group) & found["size"].isin(sizes)]
            # one account more or less moves those texts only that stand at an end of the class
            moved = found[(found["group"] == group) & found["by"].isin([start, after])]
            posts = inside.groupby("account_key")["posts"].sum()
            who = (len(posts), max(1, moved["account_key"].value_counts().max()), len(posts), posts.max())
            counts = (inside["near_duplicate_key"].nunique(), int(posts.sum()))
            rows.append((group, start, after - 1 if after else None, *counts, *who))
    behind = [f"{c}__{what}" for c in ("clusters", "near_duplicate_posts") for what in ("people", "largest")]
    names = ["group", "accounts_from", "accounts_to", "clusters", "near_duplicate_posts", *behind]
    return inferred(pd.DataFrame(rows, columns=names).astype({"accounts_to": "Int64"}))


def _size_classes(case: Any, found: pd.DataFrame) -> list[int]:
    """For each size the class it belongs to: in public wide enough that each group has none or ten texts in it, by ten accounts."""
    sizes = range(len(_SIZES))
    if case.edition != "public":
        return list(sizes)
    held = [
        [set(mine.loc[mine["size"] == size, who]) for size in sizes]
        for _group, mine in found.groupby("group")
        for who in ("near_duplicate_key", "account_key")
    ]
    first = next(iter(case.groups), "studied")
    before = earlier(case, {"group": str(first)}, "accounts_from", "accounts_to")
    return as_before(_SIZES, before) or classes(held, len(_SIZES))


@metric(N_("The texts that most accounts say"), needs=("posts.text", "posts.account_key"))
def near_duplicate_clusters(case: Any, *, top: int = 15, similarity: float = 0.75) -> pd.DataFrame:
    """Which repeated texts have most accounts behind them, by size and dates only?

    Columns: rank, text_kind, studied_accounts, control_accounts, context_accounts, posts, texts (different
    wordings), first_day, last_day (in the report's clock). The texts themselves stand in `templates`, internal edition only.
    Public edition: texts that ten accounts of one group say; first_week, last_week (Mondays of the weeks by which ten
    accounts had said it, and from which on ten still said it) in place of days.
    Formula: clusters by the number of studied accounts, then of posts.
    Missing: as `near_duplicate_posts`.
    Source: Graphika and Stanford Internet Observatory tell templates by size and dates.
    A high rank does not prove a script: a text that control accounts say too belongs to nobody in particular.

    >>> texts.near_duplicate_clusters(internal, top=2)[["rank", "studied_accounts", "posts", "first_day"]]
       rank  studied_accounts  posts   first_day
    0     1                39     41  2023-08-10
    1     2                37     43  2023-08-10
    """
    found = _clusters(case, similarity)
    table = tallied(found, ["near_duplicate_key", "kind"], ["posts"])
    days = found.groupby(["near_duplicate_key", "kind"]).agg(
        first_day=("first_at", "min"), last_day=("last_at", "max")
    )
    table = table.merge(days.reset_index(), how="left")
    people = (
        found.groupby(["near_duplicate_key", "group"])["account_key"].nunique().unstack("group", fill_value=0)
    )
    for group in GROUPS:
        table[f"{group}_accounts"] = people.get(group, pd.Series(0, people.index))[
            table["near_duplicate_key"]
        ].to_numpy()
    table = table.merge(_wordings(case, similarity), how="left")
    several = table[[f"{group}_accounts" for group in GROUPS]].sum(axis=1) >= 2
    table = table[several & (_may_leave(table) if case.edition == "public" else True)].sort_values(
        ["studied_accounts", "posts", "near_duplicate_key"], ascending=[False, False, True], ignore_index=True
    )
    table = table.head(int(positive("top", top)))
    table.insert(0, "rank", range(1, len(table) + 1))
    table = table.rename(columns={"kind": "text_kind"})
    for day in ("first_day", "last_day"):
        table[day] = table[day].dt.date.astype(str).where(table[day].notna(), None)
    dates = ["first_day", "last_day"]
    if case.edition == "public":
        dates = ["first_week", "last_week"]
        table = _with_weeks(case, table, similarity)
    names = "rank text_kind studied_accounts control_accounts context_accounts posts texts".split()
    return inferred(table[[*names, *dates, *(c for c in table if "__" in c)]])


def _may_leave(table: pd.DataFrame) -> pd.Series:
    """Which texts ten accounts of one group say."""
    return pd.concat([table[f"{group}_accounts"] >= STEP for group in GROUPS], axis=1).any(axis=1)


def _with_weeks(case: Any, table: pd.DataFrame, similarity: float) -> pd.DataFrame:
    """The table with the weeks (their Mondays) by which ten accounts had said each text, and from which on ten still said it."""
    said_in = case.sql(
        f"""SELECT c.near_duplicate_key, p.account_key, min(CAST(date_trunc('week', {LOCAL_DAY}) AS DATE)) AS first_week,
                   max(CAST(date_trunc('week', {LOCAL_DAY}) AS DATE)) AS last_week
            FROM posts p JOIN near_duplicates c USING (post_key) SEMI JOIN listed USING (near_duplicate_key)
            WHERE {_OWN} AND p.account_key IS NOT NULL AND p.created_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        tables=near_duplicates(case, similarity) | {"listed": table[["near_duplicate_key"]]},
        clock=case.clock,
    )
    for name in ("first_week", "last_week"):
        weeks = said_in[["near_duplicate_key", name]].sort_values(name, ascending=name == "first_week")
        tenth = weeks.groupby("near_duplicate_key")[name].nth(STEP - 1).astype(str).str[:10]
        found = weeks.loc[tenth.index, ["near_duplicate_key"]].assign(
            **{name: tenth, f"{name}__people": STEP}
        )
        table = table.merge(found, on="near_duplicate_key", how="left")
    return table


def _wordings(case: Any, similarity: float) -> pd.DataFrame:
    """near_duplicate_key, texts (different wordings), who wrote them, and the most of them by one account."""
    return case.sql(
        f"""
        WITH said AS (SELECT c.near_duplicate_key, p.account_key, c.text_key
                      FROM posts p JOIN near_duplicates c USING (post_key)
                      WHERE {_OWN} AND c.near_duplicate_key IS NOT NULL),
        most AS (SELECT near_duplicate_key, count(account_key) AS texts__people, max(texts) AS texts__largest FROM (
                     SELECT near_duplicate_key, account_key, count(DISTINCT text_key) AS texts FROM said GROUP BY 1, 2) GROUP BY 1)
        SELECT near_duplicate_key, count(DISTINCT text_key) AS texts, any_value(texts__people) AS texts__people,
               any_value(texts__largest) AS texts__largest
        FROM said JOIN most USING (near_duplicate_key) GROUP BY 1""",
        tables=near_duplicates(case, similarity),
    )


@metric(N_("Near-duplicates day by day"), n_unit="posts", needs=("posts.text", "posts.created_at"))
def near_duplicate_days(case: Any, *, similarity: float = 0.75) -> pd.DataFrame:
    """On which days are the repeated texts posted?

    Columns: group, day (in the report's clock), accounts (authors of the repeated posts), n (posts long enough to compare), near_duplicate_posts (in plain clusters said by at
    least two accounts of the group), share.
    Public edition: day to day_to, joined until each span holds ten authors, and none or ten who repeat a text, or do not.
    Formula: near_duplicate_posts / n of the day.
    Missing: as `near_duplicate_posts`, and posts without a time.
    Source: as `near_duplicate_posts`.
    A day with many near-duplicates does not prove a campaign: slogans belong to days, too.

    >>> texts.near_duplicate_days(internal)[["group", "day", "n", "near_duplicate_posts"]].head(3)
         group         day   n  near_duplicate_posts
    0  studied  2023-08-09   6                     4
    1  studied  2023-08-10  10                    10
    2  studied  2023-08-11  13                    13
    """
    found = _shared(_clusters(case, similarity).query("kind == 'plain'"))[
        ["near_duplicate_key", "group"]
    ].drop_duplicates()
    each = case.sql(
        f"""
        SELECT p."group", {LOCAL_DAY} AS day, p.account_key, count(*) AS n,
               count(s.near_duplicate_key) AS near_duplicate_posts
        FROM posts p JOIN near_duplicates c USING (post_key) LEFT JOIN said s ON s.near_duplicate_key = c.near_duplicate_key AND s."group" = p."group"
        WHERE {_OWN} AND p.created_at IS NOT NULL AND c.comparable
        GROUP BY 1, 2, 3 ORDER BY {group_order('p."group"')}, 2, 3""",
        tables=near_duplicates(case, similarity) | {"said": found},
        clock=case.clock,
    )
    each["rest"] = each["n"] - each["near_duplicate_posts"]
    each = spans(
        case, each, ["group"], "day", "day_to", ["near_duplicate_posts", "rest", "n"], keep_exact=False
    )
    days = [c for c in ("day", "day_to") if c in each]
    table = weighed(each, ["group", *days], "near_duplicate_posts", "n")
    for day in days:
        table[day] = table[day].astype(str).str[:10]
    table.insert(len(days) + 1, "accounts", table["near_duplicate_posts__people"])
    names = ["group", *days, "accounts", "n", "near_duplicate_posts", "share"]
    table = table[[*names, *(c for c in table if "__" in c)]]
    order = {g: i for i, g in enumerate(case.groups)}
    table = table.sort_values(
        ["group", "day"], key=lambda s: s.map(order) if s.name == "group" else s, ignore_index=True
    )
    return inferred(table)


_WORDS = re.compile(r"\s+|[\w'’]+|[^\w\s]", re.UNICODE)
_SIGNS = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 400  # words or signs of a text that are laid beside another


@metric(N_("Templates, with the slots in which near-duplicates differ"), internal=True, needs=("posts.text",))
def templates(case: Any, *, top: int = 10, similarity: float = 0.75) -> pd.DataFrame:
    """What do the texts say that most accounts of the network repeat, and where do the near-duplicates differ?

    Columns: rank, accounts (of the studied group), posts, texts (different wordings), template (the most
    frequent wording; what some near-duplicates change stands in square brackets, `[…]` is where some add something).
    Formula: for up to 30 wordings of a cluster, the words (signs, in Chinese) that differ from the most
    frequent wording by longest matching blocks (Ratcliff and Metzener 1988).
    Missing: as `near_duplicate_posts`; links and names are left as they are.
    Source: Graphika and others show templates in this way.
    A template does not prove a common author: many people copy what they like.

    >>> texts.templates(internal, top=3)[["rank", "accounts", "posts", "texts"]]
       rank  accounts  posts  texts
    0     1        39     41     35
    1     2        37     43     39
    2     3        37     40     26
    """
    table = case.sql(
        """
        WITH told AS (
            SELECT c.near_duplicate_key, p.text, p.account_key FROM posts p JOIN near_duplicates c USING (post_key)
            WHERE c.near_duplicate_key IS NOT NULL AND p."group" = 'studied' AND NOT p.is_repost),
        best AS (SELECT near_duplicate_key, count(DISTINCT account_key) AS accounts, count(*) AS posts, count(DISTINCT text) AS texts
                 FROM told GROUP BY 1 HAVING count(DISTINCT account_key) > 1
                 ORDER BY accounts DESC, posts DESC, near_duplicate_key LIMIT $top)
        SELECT near_duplicate_key, accounts, posts, texts, text, count(*) AS times FROM told JOIN best USING (near_duplicate_key)
        GROUP BY ALL ORDER BY accounts DESC, posts DESC, near_duplicate_key, times DESC, text""",
        tables=near_duplicates(case, similarity),
        top=int(positive("top", top)),
    )
    rows = []
    for rank, (_key, part) in enumerate(table.groupby("near_duplicate_key", sort=False), 1):
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


WINDOWS = (60, 600, 3600, 28800)  # seconds


@metric(
    N_("Share of accounts that post or pass on the same text soon after another"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key", "posts.created_at"),
)
def same_text_within(case: Any, *, window_s: float = 60, reposts: bool = True) -> pd.DataFrame:
    """What share of active accounts posts or passes on a text within `window_s` seconds of another account?

    Columns: group, window_s, n (accounts with a post in the period, the same number in each group),
    estimate, low, high (share of accounts), all_accounts (accounts of the group).
    Formula: accounts with a post that another account of the group made too, at most `window_s` seconds
    before or after / accounts; the same post is the same exact text, or a repost of the same post. Told as it is among
    as many accounts as the smaller group has; interval over accounts and texts (`kit.inference.Joined`).
    Missing: posts without text or author, or whose time is estimated or coarser than the window (a minute
    taken for a second joins what is up to a minute apart).
    Source: Schoch, Keller and others (2022), who use one minute.
    A high share does not prove coordination: everybody reacts to the same news; compare the control.

    >>> texts.same_text_within(case, window_s=600)[["group", "n", "estimate"]].round(2)
         group   n  estimate
    0  studied  60      0.07
    1  control  60      0.00
    """
    window = positive("window_s", window_s)
    table = case.sql(
        f"""
        SELECT p."group", p.account_key, epoch_ms(p.created_at) AS at_ms, {times.timed()} AND {times.step()} <= $window AS sharp,
               CASE WHEN p.is_repost THEN coalesce(-1 - p.reposted_key, c.exact_key) ELSE c.exact_key END AS said
        FROM posts p JOIN near_duplicates c USING (post_key)
        WHERE p.account_key IS NOT NULL AND p.created_at IS NOT NULL {"" if reposts else "AND NOT p.is_repost"}
        ORDER BY said, p.created_at, p.post_key""",
        tables=near_duplicates(case, 0.75),
        window=window,
    )
    table = table[table["group"] != "context"]
    each = table[["group", "account_key"]].drop_duplicates().sort_values("account_key", ignore_index=True)
    place = pd.Series(each.index, index=each["account_key"])
    sharp = table[table["sharp"].astype(bool)]
    pairs = [
        _near(
            part["account_key"].map(place).to_numpy(np.int64),
            part["said"].to_numpy(np.int64),
            part["at_ms"].to_numpy(np.int64),
            window * 1000,
        )
        for _group, part in sharp.groupby("group")
    ]
    first, second, said = np.concatenate([np.zeros((3, 0), np.int64), *pairs], axis=1)
    measure = inference.Joined(
        each["account_key"], each["group"] == "studied", first, second, said, np.ones(len(each))
    )
    rows = [
        row | {"window_s": window, "estimate__weight": STEP / row["n"] if row["n"] else None}
        for row in at_one_size(case, each, measure)
    ]
    return measured(inferred(estimates(rows, ["group", "window_s"])), measure)


#: so many meetings of two accounts are looked at; the farther ones of larger crowds change nothing
_MEETINGS = 2_000_000


def _near(account: np.ndarray, text: np.ndarray, at: np.ndarray, window: float) -> np.ndarray:
    """Pairs of accounts with the same text within `window` of each other, and the text; posts in order of text and time.

    Nearest neighbours come first: where there are more than two million, a crowd's members have met so many others
    that more make no difference.
    """
    found: list[np.ndarray] = []
    place, number = np.arange(len(text)), 0
    for step in range(1, len(text)):
        place = place[place + step < len(text)]
        other = place + step
        place = place[(text[other] == text[place]) & (at[other] - at[place] <= window)]
        if not len(place) or number > _MEETINGS:
            break
        other = place + step
        met = account[place] != account[other]
        found.append(np.array([account[place][met], account[other][met], text[place][met]]))
        number += int(met.sum())
    return np.concatenate(found, axis=1) if found else np.zeros((3, 0), np.int64)


@metric(
    N_("Same text soon after another, by window"),
    needs=("posts.text", "posts.account_key", "posts.created_at"),
)
def same_text_windows(case: Any, *, reposts: bool = True) -> pd.DataFrame:
    """How does the share of accounts that say the same soon after one another grow with the window?

    Columns: as `same_text_within`, one row for each group and window (1 and 10 minutes, 1 and 8 hours).
    Formula, missing-data rule and source: as `same_text_within`.
    A share that grows with the window does not prove coordination: it grows for everybody.

    >>> texts.same_text_windows(case)[["group", "window_s", "estimate"]].head(3).round(2)
         group  window_s  estimate
    0  studied        60      0.06
    1  studied       600      0.07
    2  studied      3600      0.09
    """
    parts = [same_text_within(case, window_s=w, reposts=reposts) for w in WINDOWS]
    table = pd.concat(parts, ignore_index=True)
    order = {g: i for i, g in enumerate(case.groups)}
    table.attrs = {"unit": "share of accounts", "n_unit": "accounts", "inferred": True}
    return table.sort_values(
        ["group", "window_s"], key=lambda s: s.map(order) if s.name == "group" else s, ignore_index=True
    )
