"""Do accounts mix campaign and everyday content, and when do they turn from one to the other?

A post counts as campaign where it carries a campaign code of the codebook, else as everyday where
it carries an everyday code; posts with neither are left out here.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from kit import inference
from kit.errors import MetricError
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import estimates, metric, positive
from kit.metrics.texts.agreement import judged
from kit.metrics.texts.coded import codes_of, found, with_text
from kit.metrics.texts.rates import share_of_posts
from kit.metrics.timing.posts import usable
from kit.schema.times import LOCAL_DAY

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


@metric(N_("Campaign and everyday content by account"))
def camouflage(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """How many accounts post campaign content only, everyday content only, or both?

    Columns: group, share_from, share_to (class of the campaign share of an account's posts; 0 to 0 is
    everyday only, 1 to 1 campaign only), accounts, share (of the group's accounts with at least
    `minimum` campaign or everyday posts).
    Formula: campaign / (campaign + everyday posts) of each account; a post with both is campaign.
    Missing: posts without any such code, and accounts with fewer than `minimum`, are left out.
    Source: Graphika (2019 and later) on networks that hide campaign posts among everyday ones.
    A mixture does not prove a disguise: people write of politics and of their lunch.

    >>> camouflage(case, minimum=10)  # doctest: +SKIP
    """
    table = _per_account(_mixed(case, subset), _whole("minimum", minimum))
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        part = (mine["campaign"] / mine["posts"]).to_numpy(float)
        classes = [(0.0, 0.0, part == 0)]
        for start, end in itertools.pairwise(_CLASSES):
            classes.append((start, end, (part >= start) & (part < end) & (part > 0)))
        for start, end, inside in [*classes, (1.0, 1.0, part == 1)]:
            k = int(inside.sum())
            rows.append((group, start, end, k, k / len(part) if len(part) else float("nan")))
    return pd.DataFrame(
        rows if case.report.codebook else [], columns=["group", "share_from", "share_to", "accounts", "share"]
    )


@metric(N_("Campaign against everyday content by week"), unit="share of posts", n_unit="posts")
def camouflage_weeks(case: Any, *, subset: str = "all") -> pd.DataFrame:
    """How does the share of campaign content change from week to week?

    Columns: group, period_start (Monday, in the report's clock), campaign_posts, everyday_posts, accounts
    (that wrote them), n (both), estimate, low, high (share of campaign posts; accounts resampled).
    Weeks without such a post have no row.
    Formula: campaign / (campaign + everyday posts).
    Missing: as `camouflage`; posts without a measured time are left out.
    Source: as `camouflage`.
    A rise does not prove an order: an event makes everybody write about it; compare the control.

    >>> camouflage_weeks(case)  # doctest: +SKIP
    """
    columns = "group period_start campaign_posts everyday_posts accounts n estimate low high".split()
    posts = _mixed(case, subset).dropna(subset=["day"])
    days = pd.to_datetime(posts["day"])
    posts["period_start"] = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date
    rows = []
    for group in case.groups:
        for week, mine in posts[posts["group"] == group].groupby("period_start", sort=True):
            by = mine.groupby("account_key")["campaign"].agg(["sum", "size"])
            hits, n = int(by["sum"].sum()), len(mine)
            rows.append(
                (group, week, hits, n - hits, len(by), n, *share_of_posts(by["sum"], by["size"], case.seed))
            )
    return pd.DataFrame(rows, columns=columns)


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


@metric(N_("Weeks in which accounts turned to campaign content"))
def camouflage_switches(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """When did accounts turn from everyday to campaign content?

    Columns: group, period_start (week of an account's first campaign post), accounts (that switched).
    Formula: an account switched where at least `minimum` everyday posts come before its first campaign
    post, and a random order of its posts would do that in at most 5 % of cases (hypergeometric). Of
    accounts that mix at random one in twenty passes.
    Missing: as `camouflage_weeks`; what an account posted before the collection began is not known.
    Source: as `camouflage`; change of purpose is also described by Zannettou et al. (2019).
    Many switches in one week do not prove an order: an event can turn many people to one topic.

    >>> camouflage_switches(case)  # doctest: +SKIP
    """
    table = _switches(case, _whole("minimum", minimum), subset)
    table = table[table["switched"].astype(bool)]
    days = pd.to_datetime(table["day"])
    table = table.assign(period_start=(days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date)
    counts = table.groupby(["group", "period_start"]).size().rename("accounts").reset_index()
    order = {g: i for i, g in enumerate(case.groups)}
    return counts.sort_values(
        ["group", "period_start"], key=lambda s: s.map(order) if s.name == "group" else s, ignore_index=True
    )


@metric(N_("Share of accounts that turned to campaign content"), unit="share of accounts", n_unit="accounts")
def switch_share(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """What share of the accounts that post both kinds posted everyday content first?

    Columns: group, n (accounts with at least `minimum` everyday posts and a campaign post), estimate,
    low, high (share of them that switched; Wilson at 0 and 1, else accounts resampled).
    Formula: as `camouflage_switches`; about 0.05 is what a random order gives.
    Missing: as `camouflage_switches`.
    Source: as `camouflage_switches`.
    A high share does not prove that accounts changed hands: see what the account posted before.

    >>> switch_share(case, minimum=10)  # doctest: +SKIP
    """
    table = _switches(case, _whole("minimum", minimum), subset)
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table.loc[table["group"] == group, "switched"].astype(bool)
        rows.append({"group": group, "n": len(mine), "interval": inference.share(mine, seed=case.seed)})
    return estimates(rows, ["group"])


@metric(N_("Accounts with campaign and everyday content"), internal=True)
def camouflage_accounts(case: Any, *, minimum: int = 5, subset: str = "all") -> pd.DataFrame:
    """Which accounts mix, how much, and when did they switch?

    Columns: group, pseudonym, campaign_posts, everyday_posts, campaign_share, first_campaign_day,
    switched. Internal edition only: a row is about one account.
    Formula: as `camouflage` and `camouflage_switches`; accounts with at least `minimum` posts that count.
    Missing: as `camouflage`.
    Source: as `camouflage`.
    A row does not prove anything about its account: the groups are compared, not people.

    >>> camouflage_accounts(case)  # doctest: +SKIP
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
)
def camouflage_share(
    case: Any, *, minimum: int = 5, least: float = 0.1, subset: str = "all", margin: float = 0.05
) -> pd.DataFrame:
    """Do more of the studied accounts than of the control mix campaign and everyday content?

    Columns: group, n (accounts with at least `minimum` campaign or everyday posts), estimate, low, high
    (share of them in whose posts each kind has at least `least`), alpha (the lower of the coders' on
    campaign and on everyday), verdict, sentence.
    Formula: share of accounts, Wilson at 0 and 1, else accounts resampled. Verdict as `narrative_share`.
    Missing: as `camouflage`.
    Source: as `camouflage`.
    A high share does not prove a disguise: it says that accounts write of both.

    >>> camouflage_share(case, least=0.25)  # doctest: +SKIP
    """
    if not 0 < positive("least", least) <= 0.5:
        raise MetricError("'least' lies between 0 and 0.5", found=least, hint="Both kinds cannot have more.")
    table = _per_account(_mixed(case, subset), _whole("minimum", minimum))
    part = table["campaign"] / table["posts"]
    table["mixed"] = (part >= least) & (1 - part >= least)
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table.loc[table["group"] == group, "mixed"].to_numpy(bool)
        rows.append({"group": group, "n": len(mine), "interval": inference.share(mine, seed=case.seed)})
    return judged(case, rows, ["campaign", "everyday"], margin)
