"""Accounts joined by edges: components, communities, the place of each account, and what a cluster looks like."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kit.inference.coaction.evidence import Synchrony

SEED = 1


def components(ends: np.ndarray) -> pd.Series:
    """Connected component of each account that stands in an edge.

    `ends`: an edge in each row, as two integers. The answer is indexed by account; components are
    numbered from 1, the largest first, equal ones by their smallest account.
    """
    ends = np.asarray(ends, np.int64).reshape(-1, 2)
    nodes, at = np.unique(ends, return_inverse=True)
    at = at.reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(nodes),) * 2)
    found = connected_components(graph, directed=False)[1] if len(nodes) else np.zeros(0, np.int64)
    return _by_size(pd.Series(found, index=nodes))


def communities(ends: np.ndarray, weights: np.ndarray, *, resolution: float = 1.0) -> pd.Series:
    """Community of each account: Louvain's method on weighted edges (Blondel and others 2008).

    Order of edges and of accounts does not matter, and the seed is fixed: the same edges give the same
    communities. Numbered as `components`.
    """
    found = nx.community.louvain_communities(graph(ends, weights), resolution=resolution, seed=SEED)
    table = {int(node): number for number, nodes in enumerate(found) for node in nodes}
    return _by_size(pd.Series(table, dtype=np.int64).sort_index())


def graph(ends: np.ndarray, weights: np.ndarray) -> nx.Graph:
    """An undirected graph with accounts as integers, put in by their order."""
    ends = np.sort(np.asarray(ends, np.int64).reshape(-1, 2), axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    made = nx.Graph()
    made.add_nodes_from(np.unique(ends).tolist())
    for (a, b), weight in zip(ends[order].tolist(), np.asarray(weights, float)[order].tolist(), strict=True):
        made.add_edge(a, b, weight=made.get_edge_data(a, b, {"weight": 0.0})["weight"] + weight)
    return made


def _by_size(found: pd.Series) -> pd.Series:
    """Numbers from 1, the largest group first, equal ones by their smallest member."""
    if found.empty:
        return found.astype("int64")
    sizes = found.groupby(found).size()
    first = pd.Series(found.index, index=found.to_numpy()).groupby(level=0).min()
    order = pd.DataFrame({"size": -sizes, "first": first}).sort_values(["size", "first"]).index
    return found.map({old: new for new, old in enumerate(order, 1)}).astype("int64")


def places(ends: np.ndarray, weights: np.ndarray, led: np.ndarray) -> pd.DataFrame:
    """The place of each account: degree (partners), strength (sum of weights), lead_share.

    `led`: for each edge the share of its pairs of posts in which the first account came first. lead_share
    is the mean over an account's edges, weighted: 0.5 where nobody leads.
    """
    ends, weights, led = (
        np.asarray(ends, np.int64).reshape(-1, 2),
        np.asarray(weights, float),
        np.asarray(led, float),
    )
    both = pd.DataFrame(
        {
            "account": ends.T.ravel(),
            "weight": np.tile(weights, 2),
            "first": np.concatenate([led * weights, (1 - led) * weights]),
        }
    )
    out = both.groupby("account").agg(
        degree=("weight", "size"), strength=("weight", "sum"), first=("first", "sum")
    )
    out["lead_share"] = out.pop("first") / out["strength"]
    return out


def layout(ends: np.ndarray, weights: np.ndarray) -> pd.DataFrame:
    """Positions for drawing: x and y for each account, components beside one another, the same on every run.

    Each component is laid out by springs (Fruchterman and Reingold 1991) in a square whose side grows
    with the root of its accounts; above 500 accounts an even disc ordered by degree stands in, because
    springs of thousands show nothing.
    """
    number = components(ends)
    whole = graph(ends, weights)
    parts, x, y, row = [], 0.0, 0.0, 0.0
    side = np.sqrt(len(number)) * 1.6
    for _component, nodes in number.groupby(number):
        members = nodes.index.tolist()
        size = np.sqrt(len(members))
        if x > 0 and x + size > side:
            x, y, row = 0.0, y - row - 0.6, 0.0
        at = _springs(whole.subgraph(members)) if len(members) <= 500 else _disc(whole, members)
        parts.append(
            pd.DataFrame(at * size / 2 + [x + size / 2, y - size / 2], index=members, columns=["x", "y"])
        )
        x, row = x + size + 0.6, max(row, size)
    return pd.concat(parts).sort_index() if parts else pd.DataFrame(columns=["x", "y"], dtype=float)


def _springs(part: nx.Graph) -> np.ndarray:
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(part.nodes))
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in part.edges))
    found = nx.spring_layout(ordered, seed=SEED, iterations=60)
    return np.array([found[node] for node in sorted(part.nodes)])


def _disc(whole: nx.Graph, members: list[int]) -> np.ndarray:
    """Accounts on a spiral, those with most partners in the middle."""
    degree = np.array([whole.degree[node] for node in members])
    place = np.empty(len(members))
    place[np.argsort(-degree, kind="stable")] = np.arange(len(members))
    angle, radius = place * np.pi * (3 - np.sqrt(5)), np.sqrt(place / len(members))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


LEVELS = ("synchronised", "validated")
MOST = 0.8  # share of rows, of co-acts from one source, of explained co-acts
MOST_ITEMS = 0.9
CONTAMINATED = 2.0


def clusters(found: Synchrony, level: str = "synchronised") -> pd.DataFrame:
    """Which accounts hang together by edges of a level (`synchronised` or `validated`)?

    Columns: cluster (from 1, the largest first; of equal ones the one with the smallest account code first)
    and account, sorted by both. Raises ValueError for another level.
    """
    edges = _edges(found, level)[["a", "b"]].drop_duplicates().to_numpy()
    found_in = components(edges)
    table = pd.DataFrame({"account": found_in.index, "cluster": found_in.to_numpy()})
    return table.sort_values(["cluster", "account"], ignore_index=True)[["cluster", "account"]]


def describe(found: Synchrony, members: ArrayLike, *, level: str = "synchronised") -> dict[str, Any]:
    """What does a cluster look like, and which name fits it?

    `members` are account codes. Keys: accounts; edges; window_s (the largest in which they have an edge,
    used below); coverage (median share of a member's rows that are co-acts with another member); top_source
    (share of the co-acts on the commonest source; NaN where no source was given), source (which), items
    (median share of that source's objects on which a member acted); explained (mean share of an edge's close
    acts that a trigger explains, in the window in which it is least); led (share of edges with a leader);
    contamination (mean of the rate of everybody over the rate of strangers); name; and the flags
    contaminated, mass_synchrony, origin_unknown.

    Names, in this order: `feed_automation` where coverage and top_source are 0.8 or more and items 0.9 or
    more; `common_trigger` where explained is 0.8 or more; `unexplained_synchrony`. A feed's name is no
    acquittal: a network that mirrors one site looks the same. Contaminated: contamination above 2, the
    members are most of their objects' accounts, so the expected rate comes from few strangers. Mass
    synchrony: an edge is a crowd's. Origin unknown: an edge rests on an object whose origin is not known,
    so a common trigger that nobody sees (an alert, a chat room, a newsletter) is not excluded.
    """
    people = np.unique(np.asarray(members))
    edges = _edges(found, level)
    edges = edges[edges["a"].isin(people) & edges["b"].isin(people)]
    window = float(edges["window_s"].max()) if len(edges) else float("nan")
    rows = _co_acts(found.rows[found.rows["account"].isin(people)], window)
    own = rows.groupby("account")["together"].mean()
    top, source, items = _source(found.rows, rows, people)
    look = {
        "accounts": len(people),
        "edges": len(edges[["a", "b"]].drop_duplicates()),
        "window_s": window,
        "coverage": float(own.median()),
        "top_source": top,
        "source": source,
        "items": items,
        "explained": float(
            (edges["explained"] / edges["close"]).groupby([edges["a"], edges["b"]]).min().mean()
        ),
        "led": float((edges["leader_share"] > 0).mean()),
        "contamination": float((edges["raw_expected"] / edges["expected"]).mean()),
    }
    return look | {
        "name": _name(look),
        "contaminated": look["contamination"] > CONTAMINATED,
        "mass_synchrony": bool(edges["crowd"].any()),
        "origin_unknown": bool((edges["origin_known"] < 1).any()),
    }


def _edges(found: Synchrony, level: str) -> pd.DataFrame:
    if level not in LEVELS:
        raise ValueError(f"level={level!r}: levels are {', '.join(LEVELS)}")
    return found.pairs[found.pairs[level]]


def _co_acts(rows: pd.DataFrame, window_s: float) -> pd.DataFrame:
    """Members' rows with `together`: another member acted on the object within the window."""
    time, thing = rows["time_s"].to_numpy(), rows["object"].to_numpy()
    beside = (thing[1:] == thing[:-1]) & (np.rint((time[1:] - time[:-1]) * 1000) <= round(window_s * 1000, 0))
    together = np.zeros(len(rows), bool)
    together[1:] |= beside
    together[:-1] |= beside
    return rows.assign(together=together)


def _source(rows: pd.DataFrame, own: pd.DataFrame, people: np.ndarray) -> tuple[float, Any, float]:
    """Share of co-acts on the commonest source, which it is, and the median share of its objects a member took."""
    together = own["together"].to_numpy()
    counts = own.loc[together, "source"].value_counts() if "source" in own else pd.Series(dtype=int)
    if counts.empty:
        return float("nan"), None, float("nan")
    most = counts[counts == counts.max()].index.min()  # of equally common ones, whatever the order of rows
    objects = rows.loc[rows["source"] == most, "object"].nunique()
    taken = own[own["source"] == most].groupby("account")["object"].nunique().reindex(people, fill_value=0)
    return float(counts.max() / together.sum()), most, float(taken.median() / objects)


def _name(look: dict[str, Any]) -> str:
    if look["coverage"] >= MOST and look["top_source"] >= MOST and look["items"] >= MOST_ITEMS:
        return "feed_automation"
    return "common_trigger" if look["explained"] >= MOST else "unexplained_synchrony"
