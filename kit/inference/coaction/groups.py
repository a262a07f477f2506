"""Clusters of accounts that act together: who is in them, and what they look like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kit.inference.coaction import networks
from kit.inference.coaction.evidence import Synchrony

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
    found_in = networks.components(edges)
    table = pd.DataFrame({"account": found_in.index, "cluster": found_in.to_numpy()})
    return table.sort_values(["cluster", "account"], ignore_index=True)[["cluster", "account"]]


def describe(found: Synchrony, members: ArrayLike, *, level: str = "synchronised") -> dict[str, Any]:
    """What does a cluster look like, and which name fits it?

    `members` are account codes. Keys: accounts; edges; window_s (the largest in which they have an edge,
    used below); coverage (median share of a member's rows that are co-acts with another member); top_source
    (share of the co-acts on the commonest source; NaN where no source was given), source (which), items
    (median share of that source's objects on which a member acted); explained (mean share of an edge's close
    acts that a trigger explains, in the window in which it is least); led (share of edges with a leader);
    contamination (mean of the rate of everybody over the rate of strangers); name; and the marks
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
