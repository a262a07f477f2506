"""When were the accounts made, how old were they here, and how bare are their profiles?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.errors import MetricError
from kit.inference import batches as scan
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import estimates, facts, joining, measured, metric, one_of, positive, shares_of
from kit.metrics.against import chosen
from kit.metrics.needs import in_columns, in_rows, with_setting
from kit.schema import PLATFORMS, group_order
from kit.schema.behind import unmeasured

BINS = {"day": "1 day", "week": "1 week", "month": "1 month", "quarter": "3 months"}
AGE_EDGES = (0, 7, 30, 90, 180, 365, 730, 1825, 3650)  # days; the last bin is open
_COUNTED = ("accounts", "accounts_posting", "accounts_silent")
FIELDS = {"bio": "has_bio", "location": "has_location", "profile_url": "has_profile_url"}


#: fact, or field of a profile -> what the exports must tell for it
_FACTS = {
    "accounts_posting": ["posts"],
    "accounts_silent": ["posts", "accounts.listed"],
    "followers_mean": ["accounts.followers"],
    "followers_mean_posting": ["accounts.followers", "posts"],
    "creation_peak_day": ["accounts.created_at"],
}
_TOLD = {field: [f"accounts.{field}"] for field in FIELDS}


@metric(N_("Accounts: facts"), needs=in_rows("id", _FACTS))
def account_facts(case: Any) -> pd.DataFrame:
    """How many accounts are there, how many posted, how many follow them?

    Columns: id, group, value, unit, label, n. Counts are accounts; followers are means
    over accounts at capture; the peak day is the UTC day on which most accounts of the
    group were made (earliest of ties), named in `label`.
    Formula: followers_mean = Σ followers / accounts with a known number;
    followers_mean_posting the same over accounts with at least one post in the period.
    Missing: accounts without the number are left out of the mean; n says how many remain.
    Public: counts in tens; means from rounded totals; the peak day only where ten accounts or more share it.
    Source: Stanford Internet Observatory, Cheerleading Without Fans (2020), gives the same counts.
    A high number does not prove anything about an account: it is a count of what was received.

    >>> accounts.account_facts(case)[["id", "group", "value"]].head(3)
                     id    group value
    0          accounts  studied   120
    1  accounts_posting  studied   113
    2   accounts_silent  studied     7
    """
    table = case.sql("""
        SELECT a."group", count(*) AS accounts, count(p.account_key) AS posting,
               avg(followers) AS followers, count(followers) AS n_followers,
               avg(followers) FILTER (p.account_key IS NOT NULL) AS followers_posting,
               count(followers) FILTER (p.account_key IS NOT NULL) AS n_posting,
               max(followers) AS most, max(followers) FILTER (p.account_key IS NOT NULL) AS most_posting
        FROM accounts a LEFT JOIN (SELECT DISTINCT account_key FROM posts) p USING (account_key) GROUP BY 1""")
    peaks = case.sql("""
        SELECT "group", CAST(day AS VARCHAR) AS day, accounts FROM (
            SELECT "group", CAST(created_at AS DATE) AS day, count(*) AS accounts FROM accounts
            WHERE created_at IS NOT NULL GROUP BY 1, 2)
        QUALIFY row_number() OVER (PARTITION BY "group" ORDER BY accounts DESC, day) = 1""").set_index(
        "group"
    )
    rows: list[tuple] = []
    for group in case.groups:
        if group not in table["group"].values:  # only posts whose authors are not known
            rows += [(name, group, 0, "accounts", None, 0) for name in _COUNTED]
            continue
        r = table.set_index("group").loc[group]
        n = int(r.accounts)
        rows += [
            (name, group, count, "accounts", None, n)
            for name, count in zip(_COUNTED, (n, int(r.posting), n - int(r.posting)), strict=True)
        ]
        if r.n_followers:
            rows.append(
                (
                    "followers_mean",
                    group,
                    float(r.followers),
                    "followers per account",
                    None,
                    int(r.n_followers),
                )
            )
        if r.n_posting:
            mean = float(r.followers_posting)
            rows.append(
                ("followers_mean_posting", group, mean, "followers per account", None, int(r.n_posting))
            )
        if group in peaks.index:
            peak = peaks.loc[group]
            rows.append(("creation_peak_day", group, int(peak.accounts), "accounts", peak.day, n))
    found = facts(rows)
    most = {"followers_mean": "most", "followers_mean_posting": "most_posting"}
    by_group = table.set_index("group")
    found["value__largest"] = [
        by_group.loc[r.group, most[r.id]] if r.id in most else None for r in found.itertuples()
    ]
    found["label__people"] = found["value"].where(found["id"] == "creation_peak_day")
    return found


@metric(N_("Accounts by the date they were made"), needs=("accounts.created_at",))
def creations(case: Any, *, by: str = "month") -> pd.DataFrame:
    """When were the accounts of each group made?

    Columns: group, period_start, period_end (first and last day, UTC), accounts, share (of the group's
    accounts with a known date). Empty periods between the first and last are rows with 0.
    Formula: accounts per day, ISO week (from Monday), month or quarter.
    Missing: accounts without a date are left out; `accounts` of `age_coverage` says how many.
    Public: neighbouring periods are joined until each holds nobody or at least ten accounts of the group.
    Source: Strick (Bellingcat, 2020); Stanford Internet Observatory.
    A high bar does not prove a batch: news and elections make real sign-up waves.

    >>> accounts.creations(case, by="quarter").iloc[-2:, :4]
          group period_start period_end  accounts
    20  context   2018-07-01 2020-03-31        10
    21  context   2020-04-01 2023-09-30        14
    """
    step = BINS[one_of("by", by, BINS)]
    table = case.sql(
        f"""
        WITH made AS (
            SELECT "group", CAST(date_trunc('{by}', created_at) AS DATE) AS period_start, count(*) AS accounts
            FROM accounts WHERE created_at IS NOT NULL GROUP BY 1, 2),
        span AS (SELECT CAST(unnest(generate_series(min(period_start), max(period_start), INTERVAL {step})) AS DATE) AS period_start FROM made)
        SELECT g."group", s.period_start, CAST(s.period_start + INTERVAL {step} - INTERVAL 1 DAY AS DATE) AS period_end,
               coalesce(m.accounts, 0) AS accounts,
               coalesce(m.accounts, 0) / sum(m.accounts) OVER (PARTITION BY g."group") AS share
        FROM span s CROSS JOIN (SELECT DISTINCT "group" FROM made) g
        LEFT JOIN made m ON m."group" = g."group" AND m.period_start = s.period_start
        ORDER BY {group_order('g."group"')}, 2"""
    )
    table = _wider(case, table, by)
    whole = {"column": "accounts", "by": ["group"], "whole": "accounts|{group}|dated"}
    table.attrs |= {"by": by, "adds_up": [whole]}
    return table


#: width of the periods -> how pandas calls it; such periods end with it
_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}


def _wider(case: Any, table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The periods of each group, joined where the edition asks for it: they begin with a quarter, or beside one of ten."""
    parts = [
        mine if joining.singly(case, str(group)) else _joined_periods(case, mine, by)
        for group, mine in table.groupby("group", sort=False)
    ]
    return pd.concat(parts, ignore_index=True) if parts else table


def _joined_periods(case: Any, mine: pd.DataFrame, by: str) -> pd.DataFrame:
    starts = pd.to_datetime(mine["period_start"])
    before = joining.earlier(case, {"group": mine["group"].iloc[0]}, "period_start", "period_end")
    moments = pd.to_datetime(pd.Series([*starts, *(one.ends[0] for one in before)]))
    first, last = moments.min().to_period("Q").start_time, moments.max().to_period("Q").end_time
    periods = pd.period_range(first, last, freq=_FREQUENCIES[by])
    days = pd.DataFrame({"period_start": periods.start_time, "period_end": periods.end_time.normalize()})
    held = mine.set_index(starts)["accounts"].reindex(days["period_start"], fill_value=0).tolist()
    quarters = periods.start_time.to_period("Q")
    kept = joining.places(days["period_start"], days["period_end"], before)
    number = joining.of_people(held, np.r_[True, quarters[1:] != quarters[:-1]], kept)
    ends = {"period_start": "first", "period_end": "last", "accounts": "sum"}
    found = days.assign(accounts=held).groupby(number).agg(ends).reset_index(drop=True)
    found["share"] = found["accounts"] / sum(held)
    found.insert(0, "group", mine["group"].iloc[0])
    return found.astype({name: mine[name].dtype for name in ("period_start", "period_end")})


@metric(N_("Days and weeks with more new accounts than the background"), needs=("accounts.created_at",))
def creation_bursts(
    case: Any, *, window_days: int = 1, reach_days: int = 28, alpha: float = 0.01
) -> pd.DataFrame:
    """On which days were more accounts made than the group's own background explains?

    Columns: group, first_day (UTC), window_days, accounts, expected, p (for the maximum over
    all windows). One row per burst; a group without bursts has no row.
    Formula: see `kit.inference.date_bursts`: each date moved by up to ±reach_days.
    Missing: accounts without a date are left out.
    Public: a window of fewer than ten accounts does not say its day.
    Source: scan statistics (Kulldorff 1997) with a date-jitter null.
    A burst does not prove common control: news, games and elections make people sign up too.

    >>> accounts.creation_bursts(case, window_days=7)[["group", "first_day", "accounts"]]
         group   first_day  accounts
    0  studied  2023-07-06        28
    """
    rows = []
    for group, _n, found in _bursts(case, window_days, reach_days, alpha):
        for start, count, mean, p in zip(*found[:4], strict=True):
            day = str(np.datetime64(int(start), "D"))
            told = joining.singly(case, group) or count >= joining.STEP
            rows.append((group, day if told else None, window_days, int(count), float(mean), float(p)))
    return pd.DataFrame(rows, columns=["group", "first_day", "window_days", "accounts", "expected", "p"])


@metric(
    N_("Share of accounts made on burst days"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("accounts.created_at",),
)
def burst_share(
    case: Any, *, window_days: int = 1, reach_days: int = 28, alpha: float = 0.01
) -> pd.DataFrame:
    """What share of each group was made inside bursts, and is there any burst?

    Columns: group, n (accounts with a date), estimate, low, high (share of accounts made
    inside bursts, Wilson), p (of the largest window), bursts (number of windows).
    Formula: as `creation_bursts`; windows are those found, so the interval speaks of other
    accounts on the same days, not of other days.
    Missing: accounts without a date are left out; fewer than 10 give no test.
    Source: as `creation_bursts`.
    A high share does not prove inauthenticity: compare the control, and look for events.

    >>> accounts.burst_share(case)[["group", "n", "estimate", "bursts"]].round(2)
         group   n  estimate  bursts
    0  studied  96      0.27       1
    1  control  48      0.00       0
    """
    rows = []
    for group, n, found in _bursts(case, window_days, reach_days, alpha):
        p = found.p_any if n >= 10 else float("nan")
        interval = inference.wilson(int(found.count.sum()), n)
        rows.append({"group": group, "n": n, "interval": interval, "p": p, "bursts": len(found.start)})
    return estimates(rows, ["group"])


#: a batch of this part of the list within a week must be found before none is said to be there
_PART, _WEEK = 0.1, 7


@metric(
    N_("Accounts made in batches"),
    unit="share of accounts",
    n_unit="accounts",
    outcomes=outcomes.BATCHES,
    needs=("accounts.created_at",),
)
def batches(case: Any, *, newcomers_days: int = 30, others: str = "all") -> pd.DataFrame:
    """Were more studied accounts made within a day, a week or a month than sign-ups of others at the time explain?

    Columns: group (studied), n (accounts with a date), estimate, low, high (share of them made in the window that stands out
    most, or where none does in their fullest seven days), first_day (UTC), width_days, accounts (of that window),
    reference_accounts (others with a date: control and context without the roster, or the control alone), most_in_day,
    most_in_week, most_in_month (most accounts in any 1, 7, 30 days), p (of the best window of all), planted (a tenth of the
    list), found_share (how often so many accounts within a week would be found in these very data), verdict, sentence.
    Formula: `kit.inference.batches`: windows of 1 to 30 days, labels shuffled inside stretches of half a year and more. Verdict:
    found where p, as high as the draws leave it, is at most 0.01, also without accounts younger than `newcomers_days` at
    their first post here; these stay where the window holds half of the list, or where the control is comparable, because
    then an event of these days brings newcomers to both. Not found where four in five planted batches are.
    Missing: accounts without a date are left out; of fewer than ten nothing is said.
    Public: a window of fewer than ten accounts does not say its day.
    Source: scan statistics (Kulldorff 1997).
    A batch does not prove common control: a party or a company can bring people in on one day.

    >>> accounts.batches(case)[["group", "n", "accounts", "verdict"]]
         group   n  accounts verdict
    0  studied  96        46   found
    """
    one_of("others", others, ("all", "control"))
    young = _whole_days("newcomers_days", newcomers_days)
    if "studied" not in case.groups:
        return estimates([], ["group"])
    dates = _dated(case, others)
    mine, beside = (dates.loc[dates["studied"] == flag, "day"].to_numpy(np.int64) for flag in (True, False))
    days = mine
    n, most = len(days), {width: scan.most_in(days, width) for width in (1, _WEEK, 30)}
    row: dict[str, Any] = dict(
        zip(("most_in_day", "most_in_week", "most_in_month"), most.values(), strict=True)
    )
    row |= dict.fromkeys(("first_day", "width_days", "accounts", "p", "planted", "found_share"))
    row |= {
        "group": "studied",
        "n": n,
        "reference_accounts": len(beside),
        "verdict": "inconclusive",
        "sentence": "",
    }
    if n < 10:
        return estimates([row | {"interval": inference.Interval(np.nan, np.nan, np.nan)}], ["group"])
    row["interval"] = inference.share_of(most[_WEEK], n)
    if len(beside) < 10:
        told = "together" if most[_WEEK] == n else "alone"
        return estimates([row | {"verdict": "described", "sentence": told}], ["group"])
    batch = scan.find(days, beside, seed=case.seed)
    row["p"] = batch.p
    if batch.unsure > scan.ALPHA:
        row |= _unseen(days, beside, case.seed)
    elif batch.sure <= scan.ALPHA:
        row |= _window(batch, n)
        row |= _standing(case, batch, dates[~(dates["age_days"] < young)], n)
    return estimates([{**row, "sentence": row["sentence"] or row["verdict"]}], ["group"])


def _dated(case: Any, others: str) -> pd.DataFrame:
    """studied, day (of making), age_days (at the first post, where there is one): accounts that are looked at."""
    groups = "('studied', 'control')" if others == "control" else "('studied', 'control', 'context')"
    return case.sql(f"""
        SELECT a."group" = 'studied' AS studied, CAST(a.created_at AS DATE) - DATE '1970-01-01' AS day,
               CAST(min(p.created_at) AS DATE) - CAST(a.created_at AS DATE) AS age_days
        FROM accounts a LEFT JOIN posts p USING (account_key)
        WHERE a.created_at IS NOT NULL AND a."group" IN {groups}
          AND (a."group" <> 'context' OR a.account_key NOT IN (SELECT account_key FROM roster WHERE account_key IS NOT NULL))
        GROUP BY a.account_key, a."group", a.created_at ORDER BY a.account_key""")


def _window(batch: scan.Batch, n: int) -> dict[str, Any]:
    """What a window says of itself."""
    day = str(np.datetime64(batch.first_day, "D"))
    told = {"first_day": day, "first_day__people": batch.studied, "width_days": batch.width}
    return told | {"accounts": batch.studied, "interval": inference.share_of(batch.studied, n)}


def _standing(case: Any, batch: scan.Batch, without: pd.DataFrame, n: int) -> dict[str, Any]:
    """Whether a window is a batch, or could be that of newcomers; `without` are the accounts that are none."""
    if 2 * batch.studied >= n or _is_shared(case):
        return {"verdict": "found"}
    mine, others = (
        without.loc[without["studied"] == flag, "day"].to_numpy(np.int64) for flag in (True, False)
    )
    if min(len(mine), len(others)) < 10 or scan.find(mine, others, seed=case.seed).sure > scan.ALPHA:
        return {"verdict": "inconclusive", "sentence": "newcomers"}
    return {"verdict": "found"}


def _is_shared(case: Any) -> bool:
    """Whether the same events bring newcomers to those who stand beside: they speak of the same things in the same weeks."""
    return chosen(case).gate.outcome in ("comparable", "partly")


def _unseen(days: np.ndarray, others: np.ndarray, seed: int) -> dict[str, Any]:
    """What a test that found nothing would have found."""
    size = max(scan.LEAST, int(np.ceil(_PART * len(days))))
    found = scan.power(days, others, size, _WEEK, seed=seed)
    return {
        "planted": size,
        "found_share": found,
        "verdict": "not_found" if found >= scan.POWER else "inconclusive",
    }


def _whole_days(name: str, value: float) -> int:
    if positive(name, value) != int(value):
        raise MetricError(f"'{name}' must be a whole number above 0", found=value, hint="It counts days.")
    return int(value)


def _bursts(
    case: Any, window_days: int, reach_days: int, alpha: float
) -> list[tuple[str, int, inference.Bursts]]:
    """Group, accounts with a date, and bursts of their UTC days; the context is not tested."""
    settings: dict[str, Any] = {
        "window": _whole_days("window_days", window_days),
        "reach": _whole_days("reach_days", reach_days),
        "alpha": positive("alpha", alpha),
    }
    table = case.sql("""SELECT "group", CAST(created_at AS DATE) - DATE '1970-01-01' AS day FROM accounts
                        WHERE created_at IS NOT NULL ORDER BY account_key""")
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        days = table.loc[table["group"] == group, "day"].to_numpy(int)
        rows.append((group, len(days), inference.date_bursts(days, seed=case.seed, **settings)))
    return rows


def _ages(case: Any) -> pd.DataFrame:
    """account_key, group, age_days (negative where a post precedes its account) per posting account with a date."""
    return case.sql("""
        SELECT a.account_key, a."group", CAST(min(p.created_at) AS DATE) - CAST(a.created_at AS DATE) AS age_days
        FROM accounts a JOIN posts p USING (account_key)
        WHERE a.created_at IS NOT NULL AND p.created_at IS NOT NULL
        GROUP BY a.account_key, a."group", a.created_at ORDER BY a.account_key""")


@metric(N_("Age of accounts at their first post here"), needs=("accounts.created_at", "posts.created_at"))
def age_at_first_post(case: Any) -> pd.DataFrame:
    """How old were the accounts at their first post in the period?

    Columns: group, age_from_days, age_to_days (null in the open last bin), accounts, share
    (of the group's posting accounts with both dates).
    Formula: whole days from the account's date to the date of its first post in the period, UTC.
    Missing: accounts without a date or without a dated post are left out (`age_coverage`);
    a post older than its account is counted there, not here.
    Public: neighbouring classes are joined until each holds nobody or at least ten accounts of each group.
    Source: Pote et al. (ICWSM 2025); Wilson (2022).
    A young age does not prove inauthenticity: newcomers are new too; compare the control.

    >>> accounts.age_at_first_post(internal).head(3).round(2)
         group  age_from_days  age_to_days  accounts  share
    0  studied              0            7         0   0.00
    1  studied              7           30        13   0.14
    2  studied             30           90        36   0.40
    """
    ages = _ages(case).query("age_days >= 0")
    by_group = [ages.loc[ages["group"] == group, "age_days"].to_numpy() for group in case.groups]
    counts = np.array([np.histogram(mine, [*AGE_EDGES, np.inf])[0] for mine in by_group])
    edges = _age_edges(case, counts)
    rows = []
    for group, mine in zip(case.groups, by_group, strict=True):
        counts = np.histogram(mine, [*edges, np.inf])[0]
        for start, end, count in zip(edges, [*edges[1:], None], counts, strict=True):
            rows.append((group, start, end, int(count), count / len(mine) if len(mine) else float("nan")))
    table = pd.DataFrame(rows, columns=["group", "age_from_days", "age_to_days", "accounts", "share"])
    table.attrs["adds_up"] = [{"column": "accounts", "by": ["group"], "whole": "accounts|{group}|aged"}]
    return table.astype({"age_to_days": "Int64"})


def _age_edges(case: Any, counts: np.ndarray) -> list[int]:
    """Where the classes of all groups begin; `counts` has a row a group and a column a class."""
    mixed = [row for row, group in zip(counts, case.groups, strict=True) if not joining.singly(case, group)]
    if not mixed:
        return list(AGE_EDGES)
    first = next(str(group) for group in case.groups if not joining.singly(case, group))
    before = joining.earlier(case, {"group": first}, "age_from_days", "age_to_days")
    number = joining.as_before(AGE_EDGES, before) or joining.of_people_shared(np.array(mixed))
    return [edge for i, edge in enumerate(AGE_EDGES) if not i or number[i] != number[i - 1]]


@metric(
    N_("How many accounts enter the age analysis"),
    needs=in_columns(
        ("aged_accounts", "post_before_account_accounts"), ("accounts.created_at", "posts.created_at")
    ),
)
def age_coverage(case: Any) -> pd.DataFrame:
    """For how many accounts are both dates known, and where do they contradict each other?

    Columns: group, accounts, dated_accounts (date of making known), aged_accounts (also a
    dated post in the period), post_before_account_accounts.
    Formula: counts.
    Missing: this table is the count of what is missing.
    Source: none needed. A high number of contradictions does not prove hijacking: exports
    round dates.

    >>> accounts.age_coverage(case)[["group", "accounts", "dated_accounts"]]
         group  accounts  dated_accounts
    0  studied       120              96
    1  control        60              48
    2  context       110              87
    """
    ages = _ages(case)
    table = case.sql(
        'SELECT "group", count(*) AS accounts, count(created_at) AS dated_accounts FROM accounts GROUP BY 1'
    )
    table["aged_accounts"] = (
        table["group"].map(ages[ages.age_days >= 0].groupby("group").size()).fillna(0).astype(int)
    )
    before = ages[ages.age_days < 0].groupby("group").size()
    table["post_before_account_accounts"] = table["group"].map(before).fillna(0).astype(int)
    order = {g: i for i, g in enumerate(case.groups)}
    return table.sort_values("group", key=lambda s: s.map(order)).reset_index(drop=True)


def _share_of(case: Any, each: pd.DataFrame, hit: pd.Series, **columns: Any) -> pd.DataFrame:
    """The share of the accounts of `each` that are hit, by group; `columns` say what it is about."""
    rows, measure = shares_of(case, each, hit)
    return measured(estimates([columns | row for row in rows], ["group", *columns]), measure)


@metric(
    N_("Share of accounts that were new at their first post here"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("accounts.created_at", "posts.created_at"),
)
def new_accounts(case: Any, *, days: int = 30) -> pd.DataFrame:
    """What share of posting accounts was younger than `days` at its first post in the period?

    Columns: group, n (posting accounts with both dates), estimate, low, high (share of accounts).
    Formula: accounts with age < days / n; interval of `kit.inference.share_by_account`, none of fewer than ten.
    Missing: as `age_at_first_post`.
    Source: Pote et al. (ICWSM 2025).
    A high share does not prove inauthenticity: an event brings genuine newcomers; compare the control.

    >>> accounts.new_accounts(case, days=90).round(2)
         group   n  estimate   low  high
    0  studied  91      0.54  0.43  0.64
    1  control  48      0.00  0.00  0.08
    2  context  87      0.01  0.00  0.06
    """
    ages = _ages(case).query("age_days >= 0")
    return _share_of(case, ages, ages.age_days < positive("days", days))


@metric(
    N_("Share of accounts that were old at their first post here"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("accounts.created_at", "posts.created_at"),
)
def old_accounts(case: Any, *, years: float = 2) -> pd.DataFrame:
    """What share of posting accounts was older than `years` at its first post in the period?

    Columns: group, n (posting accounts with both dates), estimate, low, high (share of accounts).
    Formula: accounts with age >= 365.25 × years / n; interval as `new_accounts`.
    Missing: as `age_at_first_post`.
    Source: ProPublica (2020) and Graphika on hijacked and bought accounts.
    A high share does not prove hijacking: most people's accounts are old; compare the control.

    >>> accounts.old_accounts(case, years=5).round(2)
         group   n  estimate   low  high
    0  studied  91      0.24  0.16  0.34
    1  control  48      0.58  0.44  0.72
    2  context  87      0.75  0.64  0.83
    """
    ages = _ages(case).query("age_days >= 0")
    return _share_of(case, ages, ages.age_days >= 365.25 * positive("years", years))


@metric(
    N_("Silent accounts"), unit="share of accounts", n_unit="accounts", needs=("posts", "accounts.listed")
)
def silent_accounts(case: Any, *, platform: str | None = None) -> pd.DataFrame:
    """What share of the accounts has no post in the period?

    Columns: group, n (accounts), estimate, low, high (share of accounts).
    Formula: accounts without a post in the period / accounts; interval as `new_accounts`.
    Missing: groups whose accounts are known only through their posts have no silent accounts
    by construction and are left out.
    Source: Stanford Internet Observatory (2020): 471 of 926.
    A high share does not prove reserve accounts: exports may hold only part of the posts.

    >>> accounts.silent_accounts(case).round(2)
         group    n  estimate   low  high
    0  studied  120      0.06  0.03  0.12
    1  control   60      0.00  0.00  0.06
    2  context  110      0.00  0.00  0.03
    """
    case = case.where(platform=one_of("platform", platform, tuple(PLATFORMS))) if platform else case
    table = case.sql("""
        SELECT a.account_key, a."group", p.account_key IS NULL AS silent, bool_or(a.profile_source = 'accounts') OVER (PARTITION BY a."group") AS listed
        FROM accounts a LEFT JOIN (SELECT DISTINCT account_key FROM posts) p USING (account_key) ORDER BY a.account_key""")
    table = table[table["listed"].astype(bool)]
    return _share_of(case, table, table["silent"])


_DIRECTIONS = {"followers": ["accounts.followers"], "following": ["accounts.following"]}


def _numbers_of(case: Any) -> list[tuple[str, str, np.ndarray]]:
    """Group, direction and the numbers that are known of its accounts."""
    table = case.sql('SELECT "group", followers, following FROM accounts ORDER BY account_key')
    return [
        (group, direction, table.loc[table["group"] == group, direction].dropna().to_numpy(float))
        for group in case.groups
        for direction in _DIRECTIONS
    ]


@metric(
    N_("Followers and following"),
    within=("group", "direction", "statistic"),
    needs=in_rows("direction", _DIRECTIONS),
)
def followers(case: Any) -> pd.DataFrame:
    """How many accounts follow these accounts, and how many do they follow?

    Columns: group, direction (followers, following), statistic (mean, median, share_zero), n
    (accounts with the number), estimate, low, high.
    Formula: mean by bootstrap over accounts, share as `new_accounts`, median with order statistics.
    Missing: accounts without the number are left out; missing is not zero.
    Public: means from rounded totals, medians of forty accounts and more to two digits; the share with
    none stands in `no_followers` alone.
    Source: Wilson (2022); Stanford Internet Observatory.
    Few followers do not prove a shell account: newcomers have few too; numbers are as captured.

    >>> accounts.followers(case)[["group", "direction", "statistic", "estimate"]].head(3).round(1)
         group  direction statistic  estimate
    0  studied  followers      mean      31.8
    1  studied  followers    median       0.0
    2  studied  following      mean      40.7
    """
    rows: list[dict[str, Any]] = []
    for group, direction, x in _numbers_of(case):
        intervals = {
            "mean": inference.bootstrap_ratio(x, np.ones(len(x)), seed=case.seed),
            "median": inference.quantile(x),
            "share_zero": inference.share_by_account(x == 0, np.ones(len(x))),
        }
        if not joining.singly(case, group):
            del intervals["share_zero"]  # a share of accounts is worked out from counts of accounts
        behind = {
            "mean": {"estimate__largest": x.max(initial=0)},
            "median": {"estimate__weight": 0 if len(x) >= BOTH_SIDES else 1},
        }
        for statistic, interval in intervals.items():
            row = {"group": group, "direction": direction, "statistic": statistic, "n": len(x)}
            rows.append(row | {"interval": interval} | dict.fromkeys(_BEHIND) | behind.get(statistic, {}))
    return estimates(rows, ["group", "direction", "statistic"])


#: of so many accounts ten and more lie below and above both ends of the interval of a median
BOTH_SIDES = 40
_BEHIND = ("estimate__largest", "estimate__weight")


@metric(
    N_("Accounts without followers, and accounts that follow nobody"),
    unit="share of accounts",
    n_unit="accounts",
    within=("group", "direction"),
    needs=in_rows("direction", _DIRECTIONS),
)
def no_followers(case: Any) -> pd.DataFrame:
    """What share of the accounts has no followers, and what share follows nobody?

    Columns: group, direction (followers, following), n (accounts with the number), estimate, low, high
    (share of accounts).
    Formula: accounts with 0 / n; interval as `new_accounts`.
    Missing: accounts without the number are left out; missing is not zero.
    Public: the share and its interval are worked out from counts in tens.
    Source: as `followers`.
    A high share does not prove shell accounts: newcomers have no followers either; numbers are as captured.

    >>> accounts.no_followers(case)[["group", "direction", "n", "estimate"]].head(2).round(2)
         group  direction    n  estimate
    0  studied  followers  120      0.52
    1  studied  following   84      0.01
    """
    rows = [
        {
            "group": group,
            "direction": direction,
            "n": len(x),
            "interval": inference.share_by_account(x == 0, np.ones(len(x))),
        }
        for group, direction, x in _numbers_of(case)
    ]
    return estimates(rows, ["group", "direction"])


@metric(
    N_("Empty profiles"),
    unit="share of accounts",
    n_unit="accounts",
    within=("group", "profile_field"),
    needs=in_rows("profile_field", _TOLD),
)
def empty_profiles(case: Any) -> pd.DataFrame:
    """What share of profiles states no bio, no location, no link?

    Columns: group, profile_field (bio, location, profile_url), n (accounts whose export has the
    field), estimate, low, high (share of accounts).
    Formula: accounts whose field is empty or white space / n; interval as `new_accounts`.
    Missing: exports without the field are left out, not counted as empty.
    Source: Stanford Internet Observatory (2020): nearly 75 % without a bio.
    A high share does not prove a thin persona: many people leave profiles empty; compare the control.

    >>> accounts.empty_profiles(case)[["group", "profile_field", "estimate"]].head(3).round(2)
         group profile_field  estimate
    0  studied           bio      0.77
    1  control           bio      0.43
    2  context           bio      0.25
    """
    table = pd.concat([_empty(case, field) for field in FIELDS], ignore_index=True)
    return unmeasured(table)  # each field is compared by itself


def _empty(case: Any, field: str, posting_only: bool = False) -> pd.DataFrame:
    column = FIELDS[field]
    posting = "AND account_key IN (SELECT account_key FROM posts)" if posting_only else ""
    table = case.sql(
        f'SELECT account_key, "group", NOT {column} AS is_empty FROM accounts WHERE {column} IS NOT NULL {posting} ORDER BY account_key'
    )
    return _share_of(case, table, table["is_empty"], profile_field=field)


@metric(
    N_("Share of accounts without a profile text"),
    unit="share of accounts",
    n_unit="accounts",
    needs=(*with_setting("field", _TOLD), *with_setting("posting_only", {True: ["posts"]})),
)
def empty_profile(case: Any, *, field: str = "bio", posting_only: bool = False) -> pd.DataFrame:
    """What share of accounts leaves one field of the profile (bio, location, profile_url) empty?

    `posting_only` looks only at accounts with a post in the period.

    Columns: group, profile_field, n, estimate, low, high, as `empty_profiles` for one field.
    Formula, missing-data rule and source: as `empty_profiles`.
    A high share does not prove a thin persona: compare the control.

    >>> accounts.empty_profile(case, field="location")[["group", "n", "estimate"]].round(2)
         group    n  estimate
    0  studied  108      0.85
    1  control   54      0.54
    2  context  100      0.43
    """
    return _empty(case, one_of("field", field, FIELDS), posting_only)
