"""Which narratives of the codebook do they carry, towards whom, when, and beside how much everyday content?

For the mix of both, a post counts as campaign where it carries a campaign code of the codebook, else as
everyday where it carries an everyday code; posts with neither are left out there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from kit import inference
from kit.errors import MetricError
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import estimates, measured, metric, one_of, positive, shares_of
from kit.metrics.behind import inferred, weighed, weight
from kit.metrics.joining import as_before, classes, earlier, spans
from kit.metrics.needs import with_setting
from kit.metrics.texts.coding import KINDS, codes_of, found, judged, kind_label, label_of, labels, with_text
from kit.metrics.texts.languages import LANGUAGES, found_tables
from kit.metrics.timing.posts import SUBSET, usable
from kit.metrics.ways import ADDRESSED, WAYS, roster_members, roster_words
from kit.schema.times import LOCAL_DAY

_STEPS = {"day": "1D", "week": "7D"}
_SHARES = ["posts", "accounts", "n", "estimate", "low", "high"]
_BEHIND = ["posts__people", "posts__largest", "n__people", "n__largest", "estimate__weight"]


@metric(N_("The codebook"), within=(), needs=("report.codebook",))
def codebook_table(case: Any) -> pd.DataFrame:
    """What counts as what: which codes are there, and how many words and patterns stand for each?

    Columns: code, label (in the reader's language), kind (campaign, everyday, other), language
    (for which the words were written), terms, patterns (how many). In the internal edition also
    words: the terms and patterns themselves, which may name people.
    Formula: counts. Terms and patterns are looked for in every post, whatever its language.
    Missing: none; a report without a codebook gives no row.
    Source: content analysis with a stated codebook (Krippendorff 2004).
    A long list does not prove that a narrative exists: `codebook_accuracy` says what the words find.

    >>> texts.codebook_table(case)[["code", "kind", "language", "terms"]].head(3)
         code      kind language  terms
    0  bribes  campaign       en      1
    1  bribes  campaign       fr      1
    2  bribes  campaign       zh      1
    """
    columns = ["code", "label", "kind", "language", "terms", "patterns", "words"]
    rows = []
    for code in case.report.codebook:
        for language in dict.fromkeys([*code["terms"], *code["patterns"]]):
            terms, patterns = (code[key].get(language, ()) for key in ("terms", "patterns"))
            words = "; ".join([*terms, *(f"/{pattern}/" for pattern in patterns)])
            label = str(label_of(code))
            rows.append((code["id"], label, code["kind"], language, len(terms), len(patterns), words))
    table = pd.DataFrame(rows, columns=columns)
    table.attrs |= labels(case)
    return table if case.edition == "internal" else table.drop(columns="words")


@metric(
    N_("Narratives"),
    unit="share of posts",
    n_unit="posts",
    within=("group", "code"),
    needs=("posts.text", "posts.account_key", "report.codebook", *SUBSET),
)
def narratives(case: Any, *, by: str = "code", subset: str = "all") -> pd.DataFrame:
    """How often does each group carry each narrative?

    Columns: group, code, label, kind, posts (with the code), accounts (that wrote them), n (posts with
    text), estimate, low, high (share of them with the code; interval over accounts). `by` is code or kind;
    a post may carry several codes, so shares can add up to more than 1.
    Formula: posts with the code / posts with text; interval over accounts
    interval over accounts.
    Missing: posts without text and of unknown authors are left out.
    Source: share of voice by codebook; `kit.inference.share_by_account` as everywhere in this report.
    A high share does not prove a campaign: a topic of the day has a high share with everybody.

    >>> texts.narratives(case, by="kind")[["group", "code", "posts", "estimate"]].head(3).round(2)
         group      code  posts  estimate
    0  studied  campaign    445      0.89
    1  studied  everyday     42      0.08
    2  studied     other      0      0.00
    """
    posts = f'SELECT post_key, account_key, "group" FROM posts WHERE {with_text(subset)}'
    table = _shares(case, posts, by, [])
    table = table[["group", "code", "label", "kind", *_SHARES, *_BEHIND]]
    table.attrs |= labels(case)
    return inferred(table)


@metric(
    N_("Narratives by roster category"),
    unit="share of posts",
    n_unit="posts",
    within=("group", "code", "category"),
    needs=("posts.text", "posts.account_key", "report.codebook", "report.roster", *ADDRESSED),
)
def narrative_targets(case: Any, *, way: str = "reply", by: str = "code") -> pd.DataFrame:
    """Are some categories of the roster met with other narratives than others?

    Columns: group, code, label, category (roster; in public members who may not be
    named are not told by it), posts, accounts, n (posts with text that address
    the category), estimate, low, high (share of them with the code; interval over accounts). `way` is
    reply, mention or repost.
    Formula: as `narratives`, within the posts that address an account of the category.
    Missing: as `narratives`; posts that address nobody of the roster are left out.
    Source: message by target matrix, as in studies of coordinated replies.
    A difference does not prove a plan for each target: members of one category share topics.

    >>> texts.narrative_targets(case)[["code", "category", "posts"]].head(3)
         code    category  posts
    0  bribes  government     60
    1   water  government     46
    2    vote  government     44
    """
    addressed = WAYS[one_of("way", way, WAYS)][0]
    members = roster_members(case)[["addressed", "category"]].dropna().drop_duplicates()
    posts = f"""SELECT DISTINCT p.post_key, p.account_key, p."group", m.category
                FROM ({addressed}) p JOIN members m USING (addressed)
                WHERE p.account_key IS NOT NULL AND p.text_length > 0 AND p."group" <> 'context'"""
    table = _shares(case, posts, by, ["category"], {"members": members})
    table = table[["group", "code", "label", "category", *_SHARES, *_BEHIND]]
    table.attrs["words"] = labels(case)["words"] | roster_words(case, "category")
    return inferred(table)


@metric(
    N_("Narratives by language"),
    unit="share of posts",
    n_unit="posts",
    within=("group", "code", "language"),
    needs=(
        "posts.text",
        "posts.account_key",
        "report.codebook",
        *with_setting("stated", {True: ["posts.language"]}),
    ),
)
def narrative_languages(
    case: Any, *, languages: Sequence[str] = LANGUAGES, stated: bool = False, by: str = "code"
) -> pd.DataFrame:
    """Does each language carry narratives of its own?

    Columns: group, code, label, language (found in the text; other = none of `languages`; und = cannot be told), posts,
    accounts, n (posts with text in the language), estimate, low, high (share of them with the code;
    interval over accounts). With `stated` the language is the one that the export states, as it stands there.
    Formula: as `narratives`, within the posts of a language, which is found as in `language_mix`.
    Missing: as `narratives`; short posts are und. A codebook without terms for a language finds little in it.
    Source: as `narratives`.
    A difference does not prove audiences that were told apart: see the codebook's words by language.

    >>> texts.narrative_languages(case)[["code", "language", "posts"]].head(3)
         code language  posts
    0  bribes       en     75
    1   water       en     80
    2    vote       en     46
    """
    tables = {} if stated else found_tables(case, languages)
    spoken, joined = (
        ("language", "") if stated else ("language_found", "LEFT JOIN languages USING (post_key)")
    )
    posts = f"""SELECT post_key, account_key, "group", coalesce({spoken}, 'und') AS language
                FROM posts {joined} WHERE {with_text()}"""
    found_ = _shares(case, posts, by, ["language"], tables)
    table = found_[["group", "code", "label", "language", *_SHARES, *_BEHIND]]
    table.attrs |= labels(case)
    return inferred(table)


@metric(
    N_("Narratives over time"),
    n_unit="posts",
    within=("group", "code"),
    needs=("posts.text", "posts.account_key", "posts.created_at", "report.codebook"),
)
def narrative_days(case: Any, *, step: str = "day", by: str = "code") -> pd.DataFrame:
    """When does each narrative rise and fall?

    Columns: group, code, label, period_start (day, or Monday of the week, in the report's clock), posts
    (with the code), accounts, all_posts (with text), share. Empty periods between the first and the
    last are rows with 0, and no share where the group wrote nothing.
    Public edition: period_start to period_end, joined for each code until a span has none or ten authors.
    Formula: counts; posts with the code / posts with text.
    Missing: posts without text, of unknown authors, or without a measured time are left out.
    Source: none needed.
    A peak does not prove an order to post: news moves everybody; compare the control and the events.

    >>> texts.narrative_days(internal, step="week")[["code", "period_start", "posts"]].head(3)
         code period_start  posts
    0  bribes   2023-08-07      5
    1  bribes   2023-08-14     15
    2  bribes   2023-08-21     27
    """
    one_of("step", step, _STEPS)
    day = f"CAST(date_trunc('{step}', {LOCAL_DAY}) AS DATE)"
    each = case.sql(
        f"""
        WITH dated AS (SELECT post_key, account_key, "group", {day} AS period_start FROM posts
                       WHERE {with_text()} AND {usable("day")}),
        whole AS (SELECT "group", period_start, account_key, count(*) AS all_posts FROM dated GROUP BY 1, 2, 3),
        hits AS (SELECT "group", code, period_start, account_key, count(DISTINCT post_key) AS posts
                 FROM dated JOIN codes USING (post_key) GROUP BY 1, 2, 3, 4)
        SELECT w."group", w.period_start, w.account_key, c.place, w.all_posts, coalesce(h.posts, 0) AS posts
        FROM whole w CROSS JOIN names c LEFT JOIN hits h
             ON h."group" = w."group" AND h.code = c.code AND h.period_start = w.period_start AND h.account_key = w.account_key
        ORDER BY c.place, w.period_start, w.account_key""",
        tables={"codes": _codes(case, by), "names": _names(case, by)},
        clock=case.clock,
    )
    days = ["period_start"] if case.edition != "public" else ["period_start", "period_end"]
    keys = ["group", "place"]
    each["period_start"] = [day.date() for day in pd.to_datetime(each["period_start"])]
    each["rest"] = each["all_posts"] - each["posts"]
    codes = _names(case, by)["code"]
    each = spans(
        case,
        each,
        keys,
        days[0],
        days[-1],
        ["posts", "rest", "all_posts"],
        step=step,
        keep_exact=False,
        told_as=lambda key: {"group": key["group"], "code": codes[key["place"]]},
    )
    table = weighed(each, [*keys, *days], "posts", "all_posts")
    table = _with_empty(case, table, each, days, step).merge(_names(case, by), on="place")
    table["accounts"] = table["posts__people"]
    names = ["group", "code", "label", *days, "posts", "accounts", "all_posts", "share"]
    order = {g: i for i, g in enumerate(case.groups)}
    table = table.sort_values(
        ["group", "place", "period_start"], key=lambda s: s.map(order) if s.name == "group" else s
    )
    table = table[[*names, *(c for c in table if "__" in c)]].reset_index(drop=True)
    table.attrs |= labels(case)
    return inferred(table)


def _with_empty(
    case: Any, table: pd.DataFrame, each: pd.DataFrame, days: list[str], step: str
) -> pd.DataFrame:
    """The table with days (weeks) on which a group wrote nothing; in public no span is left between those that it has."""
    if case.edition == "public" or table.empty:
        return table
    first, last = each["period_start"].min(), each["period_start"].max()
    every = [day.date() for day in pd.date_range(first, last, freq=_STEPS[step])]
    pairs = table[["group", "place"]].drop_duplicates()
    whole = pairs.merge(pd.DataFrame({"period_start": every}), how="cross").merge(table, how="left")
    numbers = [c for c in table if c not in ("group", "place", *days) and not c.startswith("share")]
    return whole.assign(**{c: whole[c].fillna(0).astype("int64") for c in numbers})


@metric(
    N_("Share of posts with a narrative"),
    unit="share of posts",
    n_unit="accounts",
    outcomes=outcomes.CODED,
    needs=("posts.text", "posts.account_key", "report.codebook", *SUBSET),
)
def narrative_share(
    case: Any, *, code: str = "campaign", subset: str = "all", minimum: int = 1
) -> pd.DataFrame:
    """Do the studied accounts carry a narrative, or a kind of narrative, more than the control?

    Columns: group, n (accounts with at least `minimum` posts with text), estimate, low, high (share of
    their posts with the code; interval over accounts), code, posts (with the code), alpha (of the coders), agreed
    (what it allows), sentence (why nothing may be compared: coders were not compared, agree too little, alpha
    below 0.67, or found what the codebook's words do not find). `code` is a code of the codebook, or campaign,
    everyday or other for all of a kind.
    Formula: as `narratives`.
    Missing: as `narratives`.
    Source: Krippendorff (2004) for the thresholds.
    A high share does not prove a campaign: it says that posts speak of something.

    >>> texts.narrative_share(case, code="campaign")[["group", "estimate", "sentence"]].round(2)
         group  estimate      sentence
    0  studied      0.89  no_agreement
    1  control      0.04  no_agreement
    """
    wanted = codes_of(case, code) if case.report.codebook else []
    table = case.sql(
        f"""SELECT "group", account_key, count(*) AS posts, count(*) FILTER (post_key IN (FROM hits)) AS hits
            FROM posts WHERE {with_text(subset)} GROUP BY 1, 2
            HAVING count(*) >= {int(positive("minimum", minimum))} ORDER BY 1, 2""",
        tables={"hits": _keys(case, wanted)},
    )
    shares, measure = shares_of(case, table, table["hits"], table["posts"], groups=_compared(case))
    rows = []
    for row in shares:
        mine = table[table["group"] == row["group"]]
        row |= {"n": len(mine) if wanted else 0, "code": code}
        behind = {
            "posts__people": int((mine["hits"] > 0).sum()),
            "posts__largest": max(mine["hits"], default=0),
        }
        behind["estimate__weight"] = weight(mine["hits"], mine["posts"])
        rows.append(row | {"posts": int(mine["hits"].sum())} | behind)
    return measured(judged(case, rows, [code]), measure)


def _compared(case: Any) -> list[str]:
    """The groups that are compared."""
    return [g for g in case.groups if g != "context"]


def _keys(case: Any, codes: list[str]) -> pd.DataFrame:
    """post_key of the posts with any of `codes`."""
    table = found(case)
    return table.loc[table["code"].isin(codes), ["post_key"]].drop_duplicates()


def _codes(case: Any, by: str) -> pd.DataFrame:
    """post_key, code: codes found, or their kinds."""
    table = found(case)
    if one_of("by", by, ("code", "kind")) == "kind":
        kinds = {c["id"]: c["kind"] for c in case.report.codebook}
        table = table.assign(code=table["code"].map(kinds).astype(object)).drop_duplicates()
    return table


def _names(case: Any, by: str) -> pd.DataFrame:
    """code, label, kind, place: the codes of the codebook in order, or the kinds that it has."""
    rows = [(c["id"], str(label_of(c)), c["kind"]) for c in case.report.codebook]
    if by == "kind":
        rows = [
            (kind, str(kind_label(kind)), kind) for kind in KINDS if any(kind == k for _id, _label, k in rows)
        ]
    table = pd.DataFrame(rows, columns=["code", "label", "kind"], dtype=object)
    return table.assign(place=range(len(table)))


def _shares(
    case: Any, posts: str, by: str, dims: list[str], tables: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """For each group, value of `dims` and code: posts, accounts, n and the share with its interval.

    `posts` is a SELECT of post_key, account_key, group and `dims`.
    """
    names = _names(case, by)
    keys = ", ".join(['"group"', *dims])
    given = {**(tables or {}), "codes": _codes(case, by)}
    whole = case.sql(
        f"SELECT {keys}, account_key, count(*) AS n FROM ({posts}) GROUP BY ALL ORDER BY ALL", tables=given
    )
    hits = case.sql(
        f"""SELECT {keys}, code, account_key, count(DISTINCT post_key) AS hits
            FROM ({posts}) JOIN codes USING (post_key) GROUP BY ALL ORDER BY ALL""",
        tables=given,
    )
    hits_of = dict(list(hits.groupby(["group", *dims, "code"], dropna=False)))
    rows = []
    parts = dict(list(whole.groupby(["group", *dims], dropna=False)))
    for part in sorted(parts, key=lambda p: (case.groups.index(p[0]), *map(str, p[1:]))):
        mine = parts[part].set_index("account_key")["n"]
        for name in names.itertuples():
            some = hits_of.get((*part, name.code))
            count = pd.Series(0, index=mine.index)
            if some is not None:
                count.update(some.set_index("account_key")["hits"].astype("int64"))
            interval = inference.share_by_account(count, mine)
            counts = (int(count.sum()), int((count > 0).sum()), int(mine.sum()))
            behind = (counts[1], int(count.max()), len(mine), int(mine.max()), weight(count, mine))
            rows.append((*part, name.code, name.label, name.kind, *counts, *interval, *behind))
    return pd.DataFrame(rows, columns=["group", *dims, "code", "label", "kind", *_SHARES, *_BEHIND])


_CLASSES = (0.0, 0.25, 0.5, 0.75, 1.0)


def _mixed(case: Any, subset: str) -> pd.DataFrame:
    """group, account_key, day (null where the time is not measured), campaign: one row for each post that counts."""
    table = found(case)
    campaign = table.loc[table["code"].isin(codes_of(case, "campaign")), "post_key"]
    everyday = table.loc[table["code"].isin(codes_of(case, "everyday")), "post_key"]
    counted = pd.DataFrame({"post_key": sorted({*campaign, *everyday})}, dtype="Int64")
    counted["campaign"] = counted["post_key"].isin(set(campaign))
    return case.sql(
        f"""SELECT "group", account_key, campaign, created_at, CASE WHEN {usable("day")} THEN {LOCAL_DAY} END AS day
            FROM posts JOIN counted USING (post_key) WHERE {with_text(subset)} AND "group" <> 'context'
            ORDER BY account_key, created_at, post_key""",
        tables={"counted": counted},
        clock=case.clock,
    )


def _whole(name: str, value: float) -> int:
    if positive(name, value) != int(value):
        raise MetricError(f"'{name}' must be a whole number above 0", found=value, hint="It counts posts.")
    return int(value)


def _per_account(posts: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """group, account_key, campaign, posts: accounts with at least `minimum` posts that count."""
    table = (
        posts.groupby(["group", "account_key"])["campaign"].agg(campaign="sum", posts="size").reset_index()
    )
    return table[table["posts"] >= minimum]


@metric(
    N_("Campaign and everyday content by account"),
    needs=("posts.text", "posts.account_key", "report.codebook", *SUBSET),
)
def camouflage(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """How many accounts post campaign content only, everyday content only, or both?

    Columns: group, share_from, share_to (class of the campaign share of an account's posts; 0 to 0 is
    everyday only, 1 to 1 campaign only), accounts, share (of the group's accounts with at least
    `minimum` campaign or everyday posts).
    Public edition: classes are joined, for both groups alike, until each holds nobody or ten accounts.
    Formula: campaign / (campaign + everyday posts) of each account; a post with both is campaign.
    Missing: posts without any such code, and accounts with fewer than `minimum`, are left out.
    Source: Graphika (2019 and later) on networks that hide campaign posts among everyday ones.
    A mixture does not prove a disguise: people write of politics and of their lunch.

    >>> texts.camouflage(internal, minimum=10).query("accounts > 0").round(2)
         group  share_from  share_to  accounts  share
    4  studied        0.75      1.00         2   0.50
    5  studied        1.00      1.00         2   0.50
    6  control        0.00      0.00         3   0.75
    7  control        0.00      0.25         1   0.25
    """
    table = _per_account(_mixed(case, subset), _whole("minimum", minimum))
    part = table["campaign"] / table["posts"]
    table["class"] = np.where(
        part == 0, 0, np.where(part == 1, 5, 1 + np.searchsorted(_CLASSES[1:-1], part, side="right"))
    )
    starts, ends = [0.0, *_CLASSES[:-1], 1.0], [0.0, *_CLASSES[1:], 1.0]
    compared = [g for g in case.groups if g != "context"]
    place = np.array(_share_classes(case, table))
    rows = []
    for group in compared:
        mine = table[table["group"] == group]
        for number in dict.fromkeys(place):
            (inside,) = np.nonzero(place == number)
            k = int(mine["class"].isin(inside).sum())
            rows.append(
                (group, starts[inside[0]], ends[inside[-1]], k, k / len(mine) if len(mine) else float("nan"))
            )
    names = ["group", "share_from", "share_to", "accounts", "share"]
    return inferred(pd.DataFrame(rows if case.report.codebook else [], columns=names))


def _share_classes(case: Any, table: pd.DataFrame) -> list[int]:
    """For each class of the campaign share the one it belongs to: in public wide enough that each group has none or ten in it."""
    if case.edition != "public":
        return list(range(6))
    held = [
        [set(mine.loc[mine["class"] == one, "account_key"]) for one in range(6)]
        for _group, mine in table.groupby("group")
    ]
    before = earlier(
        case, {"group": str(table["group"].iloc[0])} if len(table) else {}, "share_from", "share_to"
    )
    return as_before([0.0, *_CLASSES[:-1], 1.0], before) or classes(
        held, 6, keep=(1, 5)
    )  # only everyday and only campaign content are kept apart where they can be


@metric(
    N_("Campaign against everyday content by week"),
    unit="share of posts",
    n_unit="posts",
    needs=("posts.text", "posts.account_key", "posts.created_at", "report.codebook", *SUBSET),
)
def camouflage_weeks(case: Any, *, subset: str = "all") -> pd.DataFrame:
    """How does the share of campaign content change from week to week?

    Columns: group, period_start (Monday, in the report's clock), campaign_posts, everyday_posts, accounts
    (that wrote them), n (both), estimate, low, high (share of campaign posts; interval over accounts).
    Weeks without such a post have no row.
    Public edition: period_start to period_end, weeks joined until each kind has none or ten authors.
    Formula: campaign / (campaign + everyday posts).
    Missing: as `camouflage`; posts without a measured time are left out.
    Source: as `camouflage`.
    A rise does not prove an order: an event makes everybody write about it; compare the control.

    >>> texts.camouflage_weeks(internal)[["group", "period_start", "campaign_posts"]].head(3)
         group period_start  campaign_posts
    0  studied   2023-08-07              31
    1  studied   2023-08-14              76
    2  studied   2023-08-21             100
    """
    posts = _mixed(case, subset).dropna(subset=["day"])
    days = pd.to_datetime(posts["day"])
    posts["period_start"] = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date
    posts["everyday"] = 1 - posts["campaign"].astype(int)
    names = ["period_start"] if case.edition != "public" else ["period_start", "period_end"]
    numbers = ["campaign", "everyday"]
    each = posts.groupby(["group", "period_start", "account_key"])[numbers].sum().reset_index()
    each = spans(
        case,
        each.assign(n=each[numbers].sum(axis=1)),
        ["group"],
        names[0],
        names[-1],
        [*numbers, "n"],
        step="week",
        keep_exact=False,
    )
    rows = []
    for group in case.groups:
        for week, mine in each[each["group"] == group].groupby(names, sort=True):
            by = mine.groupby("account_key")[[*numbers, "n"]].sum()
            interval = inference.share_by_account(by["campaign"], by["n"])
            people = [x for c in (*numbers, "n") for x in (int((by[c] > 0).sum()), int(by[c].max()))]
            counts = (int(by["campaign"].sum()), int(by["everyday"].sum()), len(by), int(by["n"].sum()))
            rows.append((group, *week, *counts, *interval, *people, weight(by["campaign"], by["n"])))
    columns = [*"campaign_posts everyday_posts accounts n estimate low high".split()]
    behind = [
        f"{c}__{what}" for c in ("campaign_posts", "everyday_posts", "n") for what in ("people", "largest")
    ]
    return inferred(pd.DataFrame(rows, columns=["group", *names, *columns, *behind, "estimate__weight"]))


def _switches(case: Any, minimum: int, subset: str) -> pd.DataFrame:
    """group, account_key, day (of the first campaign post), switched: accounts that could have switched.

    Those with at least `minimum` everyday posts and one campaign post, all with a measured time.
    """
    posts = _mixed(case, subset).dropna(subset=["day"])
    rows = []
    for (group, key), mine in posts.groupby(["group", "account_key"], sort=True):  # type: ignore[misc]
        campaign = mine["campaign"].to_numpy(bool)
        everyday = int((~campaign).sum())
        if everyday < minimum or not campaign.any():
            continue
        before = int(np.argmax(campaign))
        # chance that a random order puts so many everyday posts first
        p = stats.hypergeom.pmf(0, len(mine), int(campaign.sum()), before)
        rows.append((group, key, mine["day"].iloc[before], before >= minimum and p <= 0.05))
    return pd.DataFrame(rows, columns=["group", "account_key", "day", "switched"])


@metric(
    N_("Weeks in which accounts turned to campaign content"),
    needs=("posts.text", "posts.account_key", "posts.created_at", "report.codebook", *SUBSET),
)
def camouflage_switches(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """When did accounts turn from everyday to campaign content?

    Columns: group, period_start (week of an account's first campaign post), accounts (that switched).
    Public edition: period_start to period_end, weeks joined until ten accounts switched in them.
    Formula: an account switched where at least `minimum` everyday posts come before its first campaign
    post, and a random order of its posts would do that in at most 5 % of cases (hypergeometric). Of
    accounts that mix at random one in twenty passes.
    Missing: as `camouflage_weeks`; what an account posted before the collection began is not known.
    Source: as `camouflage`; change of purpose is also described by Zannettou et al. (2019).
    Many switches in one week do not prove an order: an event can turn many people to one topic.

    >>> list(texts.camouflage_switches(internal))
    ['group', 'period_start', 'accounts']
    """
    table = _switches(case, _whole("minimum", minimum), subset)
    table = table[table["switched"].astype(bool)]
    days = pd.to_datetime(table["day"])
    table = table.assign(period_start=(days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date)
    table = spans(
        case,
        table.assign(accounts=1),
        ["group"],
        "period_start",
        "period_end",
        ["accounts"],
        step="week",
        keep_exact=False,
    )
    names = [c for c in ("period_start", "period_end") if c in table]
    counts = table.groupby(["group", *names]).size().rename("accounts").reset_index()
    order = {g: i for i, g in enumerate(case.groups)}
    counts = counts.sort_values(
        ["group", "period_start"], key=lambda s: s.map(order) if s.name == "group" else s, ignore_index=True
    )
    return inferred(counts)


@metric(
    N_("Share of accounts that turned to campaign content"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("posts.text", "posts.account_key", "posts.created_at", "report.codebook", *SUBSET),
)
def switch_share(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """What share of the accounts that post both kinds posted everyday content first?

    Columns: group, n (accounts with at least `minimum` everyday posts and a campaign post), estimate,
    low, high (share of them that switched).
    Formula: as `camouflage_switches`; about 0.05 is what a random order gives.
    Missing: as `camouflage_switches`.
    Source: as `camouflage_switches`.
    A high share does not prove that accounts changed hands: see what the account posted before.

    >>> texts.switch_share(case, minimum=5)[["group", "n"]]
         group  n
    0  studied  0
    1  control  3
    """
    table = _switches(case, _whole("minimum", minimum), subset)
    rows, _measure = shares_of(case, table, table["switched"].astype(bool), groups=_compared(case))
    return inferred(estimates(rows, ["group"]))


@metric(
    N_("Accounts with campaign and everyday content"),
    internal=True,
    needs=("posts.text", "posts.account_key", "report.codebook", *SUBSET),
)
def camouflage_accounts(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """Which accounts mix, how much, and when did they switch?

    Columns: group, pseudonym, campaign_posts, everyday_posts, campaign_share, first_campaign_day,
    switched. Internal edition only: a row is about one account.
    Formula: as `camouflage` and `camouflage_switches`; accounts with at least `minimum` posts that count.
    Missing: as `camouflage`.
    Source: as `camouflage`.
    A row does not prove anything about its account: the groups are compared, not people.

    >>> texts.camouflage_accounts(internal).groupby("group")["campaign_posts"].sum()
    group
    control      3
    studied    268
    Name: campaign_posts, dtype: int64
    """
    posts = _mixed(case, subset)
    table = _per_account(posts, _whole("minimum", minimum))
    names = case.sql("SELECT account_key, pseudonym FROM accounts")
    turned = _switches(case, int(minimum), subset).set_index("account_key")["switched"]
    first = posts[posts["campaign"].astype(bool)].groupby("account_key")["day"].min()
    table = table.merge(names, on="account_key", how="left")
    table["everyday_posts"] = table["posts"] - table["campaign"]
    table["campaign_share"] = table["campaign"] / table["posts"]
    table["first_campaign_day"] = first.reindex(table["account_key"]).to_numpy()
    table["switched"] = table["account_key"].isin(turned.index[turned.astype(bool)])
    columns = (
        "group pseudonym campaign_posts everyday_posts campaign_share first_campaign_day switched".split()
    )
    return table.rename(columns={"campaign": "campaign_posts"})[columns]


@metric(
    N_("Share of accounts that mix campaign and everyday content"),
    unit="share of accounts",
    n_unit="accounts",
    outcomes=outcomes.CODED,
    needs=("posts.text", "posts.account_key", "report.codebook", *SUBSET),
)
def camouflage_share(case: Any, *, minimum: int = 5, least: float = 0.1, subset: str = "all") -> pd.DataFrame:
    """Do more of the studied accounts than of the control mix campaign and everyday content?

    Columns: group, n (accounts with at least `minimum` campaign or everyday posts), estimate, low, high
    (share of them in whose posts each kind has at least `least`), alpha (the lower of the coders' on
    campaign and on everyday), agreed and sentence as `narrative_share`.
    Formula: share of accounts, interval as `new_accounts`.
    Missing: as `camouflage`.
    Source: as `camouflage`.
    A high share does not prove a disguise: it says that accounts write of both.

    >>> texts.camouflage_share(case, least=0.25)[["group", "n", "estimate", "sentence"]].round(2)
         group   n  estimate      sentence
    0  studied  43      0.14  no_agreement
    1  control   8      0.00  no_agreement
    """
    if not 0 < positive("least", least) <= 0.5:
        raise MetricError("'least' lies between 0 and 0.5", found=least, hint="Both kinds cannot have more.")
    table = _per_account(_mixed(case, subset), _whole("minimum", minimum))
    part = table["campaign"] / table["posts"]
    table["mixed"] = (part >= least) & (1 - part >= least)
    rows, measure = shares_of(case, table, table["mixed"], groups=_compared(case))
    return measured(judged(case, rows, ["campaign", "everyday"]), measure)
