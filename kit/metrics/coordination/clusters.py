"""Which accounts hang together, what their cluster looks like, and who stands where in it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import joined
from kit.disclosure.rule import STEP
from kit.inference.coaction import groups
from kit.inference.coaction import synchrony as test
from kit.inference.coaction.groups import LEVELS
from kit.locale import N_
from kit.metrics import metric, one_of
from kit.metrics.coordination.actions import (
    OF_GROUPS,
    TOLD,
    acted_on,
    doers,
    held_totals,
    inferred,
    local_days,
)
from kit.metrics.coordination.synchronised import (
    TESTED,
    WINDOWS,
    Tested,
    detect,
    judged,
    traces_of,
    windows_of,
)
from kit.metrics.joining import earlier
from kit.metrics.needs import in_rows

FLAGS = ("contaminated", "mass_synchrony", "origin_unknown")


@metric(
    N_("Clusters of synchronised accounts"), needs=("posts.account_key", "posts.created_at", "posts.shared")
)
def clusters(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, level: str = "synchronised"
) -> pd.DataFrame:
    """Which accounts hang together by pairs that repeat, and what does their cluster look like?

    Columns: trace, cluster, cluster_name (feed_automation, common_trigger or unexplained_synchrony), contaminated (most sharers of its
    things are the cluster itself; mass_synchrony (a crowd), origin_unknown (an unseen common source is not excluded),
    accounts, studied_accounts, control_accounts, context_accounts, pairs, validated_pairs, coverage_share (of a member's own
    acts), explained_share (of its common acts, by a trigger that can be seen), first_day, last_day (in the report's clock).
    Formula: connected components of pairs of `level`; `kit.inference.coaction.groups.describe`.
    Missing: as `synchronised_traces`.
    Public: a cluster in which a group has fewer than ten accounts is not told apart: those of a trace are one row, of
    which nothing but accounts and pairs is said (cluster 0, fewer_than_ten).
    Source: docs/coordination.md.
    A cluster does not prove coordination. A news desk that posts one feed is a cluster, and so are the fans of one star.

    >>> list(coordination.clusters(case, level="validated"))[:5]
    ['trace', 'cluster', 'cluster_name', 'contaminated', 'mass_synchrony']
    """
    one_of("level", level, dict.fromkeys(LEVELS))
    names = traces_of(traces)
    rows: list[dict[str, Any]] = []
    for trace in names:
        run = judged(case, trace, windows=windows, families=len(names))
        found = _clusters(run, level, case.clock)
        rows += _pooled(found) if case.edition == "public" else found
    columns = (
        "trace cluster cluster_name contaminated mass_synchrony origin_unknown accounts studied_accounts control_accounts context_accounts pairs validated_pairs coverage_share"
        " explained_share first_day last_day"
    ).split()
    return inferred(held_totals(case, pd.DataFrame(rows, columns=[*columns, *_BEHIND]), "accounts"))


#: who stands behind the numbers and days of a cluster
_BEHIND = (
    *("pairs__people", "validated_pairs__people", "coverage_share__weight", "explained_share__weight"),
    *("first_day__people", "last_day__people", "coverage_share__held", "explained_share__held"),
    *("first_day__held", "last_day__held"),
)


def _pooled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clusters in which every group has nobody or ten accounts, and one row for all others of the trace."""
    few = [row for row in rows if any(0 < row[name] < STEP for name in OF_GROUPS)]
    told = [row for row in rows if row not in few]
    if not few:
        return told
    summed = ("accounts", *OF_GROUPS, "pairs", "validated_pairs", "pairs__people", "validated_pairs__people")
    together = few[0] | {name: sum(row[name] for row in few) for name in summed}
    unsaid = {"cluster": 0, "cluster_name": "fewer_than_ten"} | dict.fromkeys(FLAGS)
    held = {f"{name}__held": 1 for name in ("coverage_share", "explained_share", "first_day", "last_day")}
    return [*told, together | unsaid | held]


def _clusters(run: Tested, level: str, clock: str) -> list[dict[str, Any]]:
    """One row for each cluster of a trace."""
    members = test.clusters(run.result, level)
    rows = []
    for number, inside in members.groupby("cluster")["account"]:
        codes = inside.to_numpy(np.int64)
        look = test.describe(run.result, codes, level=level)
        keys = run.accounts[codes]
        by_group = run.group.reindex(keys).value_counts()
        pairs = run.result.pairs
        mine = pairs[pairs["a"].isin(codes) & pairs["b"].isin(codes)]
        validated = mine.loc[mine["validated"], ["a", "b"]].drop_duplicates()
        acts = run.result.rows
        acts = acts[acts["account"].isin(codes) & acts["near"]]
        days = local_days(acts["time_s"] * 1000, clock)
        weight = doers(acts["account"])[1] / max(1, len(acts))
        rows.append(
            {
                "trace": run.trace,
                "cluster": int(number),  # type: ignore[call-overload]
                "cluster_name": look["name"],
                **{flag: bool(look[flag]) for flag in FLAGS},
                "accounts": len(codes),
                **{f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")},
                "pairs": look["edges"],
                "validated_pairs": len(validated),
                "coverage_share": look["coverage"],
                "explained_share": look["explained"],
                "first_day": days.min(),
                "last_day": days.max(),
                "pairs__people": len(codes),
                "validated_pairs__people": int(validated.stack().nunique()),
                "coverage_share__weight": max(weight, 1 / len(codes)),
                "explained_share__weight": max(weight, 1 / len(codes)),
                "first_day__people": acted_on(days, acts["account"], days.min()),
                "last_day__people": acted_on(days, acts["account"], days.max()),
            }
        )
    return rows


@metric(
    N_("Accounts that work through the same list in one sitting"),
    needs=("posts.account_key", "posts.created_at", *in_rows("trace", TOLD)),
)
def one_sitting(case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS) -> pd.DataFrame:
    """Which accounts share many of the same things at the same time, be it on one occasion?

    Columns: trace, pairs, accounts, studied_accounts, control_accounts, context_accounts, parts (clusters), largest_accounts (of the largest cluster).
    Formula: as `synchronised_traces`, level synchronised, every common act counted as an occasion of its own.
    Missing: as `synchronised_traces`.
    Public: accounts, pairs and clusters in tens.
    Source: docs/coordination.md.
    One sitting does not prove coordination: two people who read the same feed at breakfast look the same. It never
    counts as validated.

    >>> coordination.one_sitting(case)[["trace", "pairs", "parts"]].head(3)
        trace  pairs  parts
    0  repost   <NA>   <NA>
    1   quote   <NA>   <NA>
    2     url      0      0
    """
    names = traces_of(traces)
    rows = []
    for trace in names:
        run = judged(case, trace, windows=windows, families=len(names))
        found = detect(run.actions, windows_of(windows), families=len(names), occasions=False)
        edges = found.pairs.loc[found.pairs["synchronised"], ["a", "b"]].drop_duplicates().to_numpy(np.int64)
        number = groups.components(edges)
        by_group = run.group.reindex(run.accounts[number.index.to_numpy(np.int64)]).value_counts()
        rows.append(
            {"trace": trace, "pairs": len(edges), "accounts": len(number)}
            | {f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")}
            | {"parts": int(number.max()) if len(number) else 0}
            | {"largest_accounts": int((number == 1).sum()), "pairs__people": len(number)}
        )
    table = pd.DataFrame(rows)
    few = (
        pd.to_numeric(table["accounts"]).between(1, STEP - 1).astype(int)
    )  # what is left would be few of few
    return inferred(held_totals(case, table.assign(largest_accounts__held=few), "accounts"))


def _joined(case: Any, traces: Any, windows: Any, level: str) -> pd.DataFrame:
    """Edges over all traces: account_a < account_b (keys), weight (occasions, over traces), traces, lead (share of pairs that a opens)."""
    one_of("level", level, dict.fromkeys(LEVELS))
    names = traces_of(traces)
    parts = []
    for trace in names:
        run = judged(case, trace, windows=windows, families=len(names))
        edges = run.result.pairs[run.result.pairs[level]]
        edges = edges.sort_values(["a", "b", "occasions"]).drop_duplicates(["a", "b"], keep="last")
        ends = {f"account_{end}": run.accounts[edges[end].to_numpy(np.int64)] for end in ("a", "b")}
        first, close = _firsts(run, edges)
        parts.append(
            pd.DataFrame(
                ends
                | {"trace": trace, "weight": edges["occasions"].to_numpy(), "first": first, "close": close}
            )
        )
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    out = (
        table.groupby(["account_a", "account_b"])
        .agg(
            weight=("weight", "sum"),
            traces=("trace", "nunique"),
            first=("first", "sum"),
            close=("close", "sum"),
        )
        .reset_index()
    )
    out["lead"] = (out.pop("first") / out.pop("close").where(lambda n: n > 0)).fillna(0.5)
    return out


def _firsts(run: Tested, edges: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each edge, on how many common things a came first, and how many common things were close in time."""
    rows = run.result.rows
    rows = rows[rows["account"].isin(edges[["a", "b"]].to_numpy().ravel())]
    table = edges[["a", "b", "window_s"]].reset_index(names="edge")
    mine = table.merge(rows[["object", "account", "time_s"]], left_on="a", right_on="account")
    both = mine.merge(
        rows[["object", "account", "time_s"]],
        left_on=["b", "object"],
        right_on=["account", "object"],
        suffixes=("", "_b"),
    )
    gap = both["time_s_b"] - both["time_s"]
    close = gap.abs() <= both["window_s"]
    first = np.where(gap == 0, 0.5, gap > 0) * close
    sums = pd.DataFrame({"edge": both["edge"], "first": first, "close": close}).groupby("edge").sum()
    sums = sums.reindex(edges.index, fill_value=0)
    return sums["first"].to_numpy(float), sums["close"].to_numpy(float)


@metric(
    N_("Network of synchronised accounts"),
    within=(),
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def network(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, level: str = "synchronised"
) -> pd.DataFrame:
    """How do the accounts that act together hang together?

    Columns: a, b (numbers of the accounts in this table only, from 1), group_a, group_b, weight (occasions, over all traces), component, community, x_a,
    y_a, x_b, y_b (places for drawing). The numbers lead to nobody: `network_accounts` (internal edition) says who is who.
    In the public edition instead, for each group and class of strength: group, occasions_from, occasions_to (of an account's strongest pair,
    over all traces), accounts, pairs (of two accounts of the group), mixed_pairs (with an account of another group).
    Formula: pairs of `level` on any trace; communities by Louvain's method (`groups.communities`), the same on every run.
    Missing: as `synchronised_traces`.
    Public: no pair leaves. Classes of strength are joined until a group has nobody or ten accounts in each.
    Source: Blondel and others (2008); Fruchterman and Reingold (1991).
    A dense network does not prove coordination; its shape in the picture proves nothing at all.

    >>> list(coordination.network(case, level="validated"))[:4]
    ['group', 'occasions_from', 'occasions_to', 'accounts']
    """
    edges = _joined(case, traces, windows, level)
    return inferred((_strengths if case.edition == "public" else _drawn)(case, edges))


def _drawn(case: Any, edges: pd.DataFrame) -> pd.DataFrame:
    """Every pair with the place of its accounts."""
    ends = edges[["account_a", "account_b"]].to_numpy(np.int64)
    weights = edges["weight"].to_numpy(float)
    part, group = groups.components(ends), groups.communities(ends, weights)
    place = groups.layout(ends, weights)
    number = pd.Series(np.arange(1, len(place) + 1), index=place.index)
    of = _groups(case, place.index)
    columns: dict[str, Any] = {}
    for end, keys in zip(("a", "b"), ends.T, strict=True):
        columns |= {end: number.reindex(keys).to_numpy(), f"group_{end}": of.reindex(keys).to_numpy()}
        columns |= {f"{axis}_{end}": place[axis].reindex(keys).round(4).to_numpy() for axis in ("x", "y")}
    columns |= {"weight": weights.astype(int), "component": part.reindex(ends[:, 0]).to_numpy()}
    columns |= {"community": group.reindex(ends[:, 0]).to_numpy()}
    names = "a b group_a group_b weight component community x_a y_a x_b y_b".split()
    return pd.DataFrame(columns)[names]


OCCASIONS = (1, 6, 11, 21)  # from which a class of strength begins


def _strengths(case: Any, edges: pd.DataFrame) -> pd.DataFrame:
    """Accounts and pairs by group and class of strength: an account stands in the class of its strongest pair."""
    ends = pd.concat(
        [
            edges[[one, other, "weight"]].set_axis(["account", "partner", "weight"], axis=1)
            for one, other in (("account_a", "account_b"), ("account_b", "account_a"))
        ],
        ignore_index=True,
    )
    of = _groups(case, pd.Index(ends["account"].unique()))
    ends = ends.assign(group=ends["account"].map(of), beside=ends["partner"].map(of))
    strongest = ends.groupby("account")["weight"].max()
    counts = [_counts(strongest[of.reindex(strongest.index).eq(group).to_numpy()]) for group in of.unique()]
    before = [one for group in of.unique() for one in earlier(case, {"group": group}, "occasions_from")]
    starts = sorted({int(one.ends[0]) for one in before}) or _shared_starts(counts)
    rows: list[dict[str, Any]] = []
    for group in (g for g in case.groups if g in set(of)):
        mine = ends[ends["group"] == group]
        by = pd.cut(strongest.reindex(mine["account"].unique()), [*starts, np.inf], right=False)
        for class_ in by.cat.categories:
            within = mine[mine["weight"].between(class_.left, class_.right, inclusive="left")]
            own, mixed = within[within["beside"] == group], within[within["beside"] != group]
            sides = [
                mixed.groupby("group")["account"].nunique(),
                mixed.groupby("beside")["partner"].nunique(),
            ]
            rows.append(
                {
                    "group": group,
                    "occasions_from": int(class_.left),
                    "occasions_to": np.nan if np.isinf(class_.right) else class_.right - 1,
                    "accounts": int((by == class_).sum()),
                    "pairs": len(own) // 2,
                    "mixed_pairs": len(mixed),
                    "pairs__people": own["account"].nunique(),
                    "mixed_pairs__people": int(min(pd.concat(sides), default=0)),
                }
            )
    names = "group occasions_from occasions_to accounts pairs mixed_pairs pairs__people mixed_pairs__people"
    return pd.DataFrame(rows, columns=names.split())


def _counts(strongest: pd.Series) -> list[int]:
    """How many accounts have their strongest pair in each class."""
    return pd.cut(strongest, [*OCCASIONS, np.inf], right=False).value_counts(sort=False).tolist()


def _shared_starts(people: list[list[int]]) -> list[int]:
    """Where classes begin that hold nobody or ten accounts of every group: only where those of all groups do."""
    begins = [np.flatnonzero(np.diff(joined(counts), prepend=-1)) for counts in people]
    common = set(range(len(OCCASIONS))).intersection(*(set(b.tolist()) for b in begins))
    return [OCCASIONS[place] for place in sorted(common | {0})]


@metric(
    N_("Accounts of the network"),
    internal=True,
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def network_accounts(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, level: str = "synchronised"
) -> pd.DataFrame:
    """Who stands where in the network: with how many partners, on how many traces, first or following?

    Columns: number (as in `network`), pseudonym, handle, group, component, community, degree (partners), strength (occasions), traces (most on one
    edge), lead_share (share of common acts in which the account came first; 0.5 where nobody leads).
    Formula: counts over the edges of `network`.
    Missing: as `synchronised_traces`.
    Source: none needed.
    A high degree does not prove who runs a network: an account that follows everybody has one, too.

    >>> list(coordination.network_accounts(internal))[:5]
    ['number', 'pseudonym', 'handle', 'group', 'component']
    """
    edges = _joined(case, traces, windows, level)
    ends, weights = edges[["account_a", "account_b"]].to_numpy(np.int64), edges["weight"].to_numpy(float)
    table = groups.places(ends, weights, edges["lead"].to_numpy(float))
    table["component"], table["community"] = groups.components(ends), groups.communities(ends, weights)
    both = pd.concat(
        [
            edges[["account_a", "traces"]].set_axis(["k", "t"], axis=1),
            edges[["account_b", "traces"]].set_axis(["k", "t"], axis=1),
        ]
    )
    table["traces"] = both.groupby("k")["t"].max()
    table["number"] = np.arange(1, len(table) + 1)
    who = case.sql('SELECT account_key, pseudonym, handle, "group" FROM accounts').set_index("account_key")
    table = table.join(who).reset_index(drop=True)
    return table[
        [
            "number",
            "pseudonym",
            "handle",
            "group",
            "component",
            "community",
            "degree",
            "strength",
            "traces",
            "lead_share",
        ]
    ]


def _groups(case: Any, keys: pd.Index) -> pd.Series:
    table = case.sql('SELECT account_key, "group" FROM accounts')
    return table.set_index("account_key")["group"].reindex(keys)
