"""Which accounts hang together, what their cluster looks like, and who stands where in it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.inference.coaction import groups
from kit.inference.coaction import synchrony as test
from kit.inference.coaction.groups import LEVELS
from kit.locale import N_
from kit.metrics import metric, one_of
from kit.metrics.coordination.actions import TOLD, local_days
from kit.metrics.coordination.synchronised import (
    TESTED,
    WINDOWS,
    Tested,
    detect,
    judged,
    traces_of,
    windows_of,
)
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
        rows += _clusters(run, level, case.clock)
    columns = (
        "trace cluster cluster_name contaminated mass_synchrony origin_unknown accounts studied_accounts control_accounts context_accounts pairs validated_pairs coverage_share"
        " explained_share first_day last_day"
    ).split()
    return pd.DataFrame(rows, columns=columns)


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
        acts = run.result.rows
        acts = acts[acts["account"].isin(codes) & acts["near"]]
        days = local_days(acts["time_s"] * 1000, clock)
        rows.append(
            {
                "trace": run.trace,
                "cluster": int(number),  # type: ignore[call-overload]
                "cluster_name": look["name"],
                **{flag: bool(look[flag]) for flag in FLAGS},
                "accounts": len(codes),
                **{f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")},
                "pairs": look["edges"],
                "validated_pairs": len(mine.loc[mine["validated"], ["a", "b"]].drop_duplicates()),
                "coverage_share": look["coverage"],
                "explained_share": look["explained"],
                "first_day": days.min(),
                "last_day": days.max(),
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
            | {"largest_accounts": int((number == 1).sum())}
        )
    return pd.DataFrame(rows)


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
    Formula: pairs of `level` on any trace; communities by Louvain's method (`groups.communities`), the same on every run.
    Missing: as `synchronised_traces`.
    Source: Blondel and others (2008); Fruchterman and Reingold (1991).
    A dense network does not prove coordination; its shape in the picture proves nothing at all.

    >>> list(coordination.network(case, level="validated"))[:5]
    ['a', 'b', 'group_a', 'group_b', 'weight']
    """
    edges = _joined(case, traces, windows, level)
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
