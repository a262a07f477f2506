"""The weights of two widely used tools from one table of pairs, each under its tool's name.

CooRTweet (Righetti and Balluff, CRAN; `detect_groups`, `generate_coordinated_network`) counts pairs
of shares; the Coordination Network Toolkit (Graham and the QUT Digital Observatory) counts, in each
direction, messages with at least one match. Both windows are inclusive and truly pairwise. Filters
and orientation are theirs, so that a reader can compare; where a count of theirs is wrong it is not
repeated here (docs/coordination.md).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from kit.inference.coaction.pairs import pairs

#: parts of a text that the toolkit compares: runs of letters and digits, or one other sign
_TOKENS = re.compile(r"\w+(?:['’.]\w+)*|[^\w\s]")


def coortweet(
    rows: pd.DataFrame, window: float, *, min_participation: int = 2, remove_loops: bool = True
) -> pd.DataFrame:
    """Pairs as CooRTweet's `detect_groups` gives them.

    `rows`: object_id, account_id, content_id, time (seconds), in the order of the file. Columns of
    the answer: object_id, content_id, content_id_y, time_delta (seconds), account_id, account_id_y;
    the older share first, ties in the order that the tool's first step leaves.
    Accounts with fewer than `min_participation` rows go first; then pairs of one account with itself,
    of one content with itself, and of an object that is one of the contents (`remove_loops`); last,
    once, pairs of which neither content is of an account that has taken part often enough.
    """
    table = _by_account(rows, min_participation)
    found = pairs(
        pd.factorize(table["object_id"])[0].astype(np.int64),
        pd.factorize(table["account_id"])[0].astype(np.int64),
        np.arange(len(table), dtype=np.int64),  # a row given twice is two shares
        _units(table["time"]),
        _unit(window),
        own=True,
    )
    older, newer = (
        table.iloc[found[side].to_numpy()].reset_index(drop=True) for side in ("post_a", "post_b")
    )
    out = pd.DataFrame(
        {
            "object_id": older["object_id"],
            "content_id": older["content_id"],
            "content_id_y": newer["content_id"],
            "time_delta": newer["time"] - older["time"],
            "account_id": older["account_id"],
            "account_id_y": newer["account_id"],
        }
    )
    if remove_loops:
        contents = out["content_id"].ne(out["content_id_y"]) & out["account_id"].ne(out["account_id_y"])
        out = out[
            contents & out["object_id"].ne(out["content_id"]) & out["object_id"].ne(out["content_id_y"])
        ]
    return _taking_part(out, table, min_participation).reset_index(drop=True)


def _by_account(rows: pd.DataFrame, least: int) -> pd.DataFrame:
    """Rows of accounts with at least `least` rows, by account in order of first appearance."""
    first = pd.factorize(rows["account_id"])[0]
    often = np.bincount(first, minlength=1)[first] >= least
    return rows[often].iloc[np.argsort(first[often], kind="stable")].reset_index(drop=True)


def _taking_part(found: pd.DataFrame, rows: pd.DataFrame, least: int) -> pd.DataFrame:
    """Pairs with a content of an account that has `least` rows among the contents of pairs; applied once."""
    if least < 1:
        return found
    present = rows[rows["content_id"].isin(set(found["content_id"]) | set(found["content_id_y"]))]
    counts = present["account_id"].value_counts()
    good = set(present["content_id"][present["account_id"].map(counts) >= least])
    return found[found["content_id"].isin(good) | found["content_id_y"].isin(good)]


def coortweet_network(found: pd.DataFrame, *, edge_weight: float = 0.5) -> pd.DataFrame:
    """Edges as CooRTweet's `generate_coordinated_network` gives them, from the pairs of `coortweet`.

    Columns: account_a < account_b (as text), weight (pairs), avg_time_delta (seconds), n_content_id and
    n_content_id_y (distinct older and newer contents, whoever wrote them: the tool does not swap them
    with the accounts), edge_symmetry_score, weight_threshold (1 where the weight is above, not at, the
    `edge_weight` quantile of all weights).
    """
    ends = np.sort(found[["account_id", "account_id_y"]].to_numpy(object).astype(str), axis=1)
    table = found.assign(account_a=ends[:, 0], account_b=ends[:, 1])
    out = (
        table.groupby(["account_a", "account_b"])
        .agg(
            weight=("time_delta", "size"),
            avg_time_delta=("time_delta", "mean"),
            n_content_id=("content_id", "nunique"),
            n_content_id_y=("content_id_y", "nunique"),
        )
        .reset_index()
    )
    n = out[["n_content_id", "n_content_id_y"]]
    out["edge_symmetry_score"] = n.min(axis=1) / n.max(axis=1)
    bar = np.quantile(out["weight"], edge_weight) if len(out) else 0
    out["weight_threshold"] = (out["weight"] > bar).astype(int)
    return out


def toolkit(
    rows: pd.DataFrame, window: float, *, min_edge_weight: int = 2, self_loops: bool = False
) -> pd.DataFrame:
    """Directed edges as the Coordination Network Toolkit's main branch gives them.

    `rows`: key (what must be the same), user_id, message_id, time (seconds); rows without a key join
    nothing. Columns: user_1, user_2, weight = distinct messages of user_1 with at least one match by
    user_2 within `window` seconds before or after, both ends included. The two directions are counted
    and cut apart.
    """
    table = rows[rows["key"].notna() & rows["key"].ne("")].reset_index(drop=True)
    message, user = pd.factorize(table["message_id"])[0], pd.factorize(table["user_id"])[0]
    found = pairs(
        pd.factorize(table["key"])[0].astype(np.int64),
        user.astype(np.int64),
        message.astype(np.int64),
        _units(table["time"]),
        _unit(window),
        own=True,
    )
    return _directed(found, table, message, user, min_edge_weight, self_loops)


def _directed(
    found: pd.DataFrame,
    table: pd.DataFrame,
    message: np.ndarray,
    user: np.ndarray,
    least: int,
    self_loops: bool,
) -> pd.DataFrame:
    """Weights in both directions from pairs of messages."""
    both = [
        found[["account_a", "account_b", "post_a"]].to_numpy(),
        found[["account_b", "account_a", "post_b"]].to_numpy(),
    ]
    each = pd.DataFrame(np.concatenate(both), columns=["one", "two", "message"]).drop_duplicates()
    out = each.groupby(["one", "two"]).size().rename("weight").reset_index()
    out = out[(out["weight"] >= least) & (self_loops | out["one"].ne(out["two"]))]
    names = np.empty(int(user.max(initial=-1)) + 1, object)
    names[user] = table["user_id"].to_numpy(object)
    ends = {"user_1": names[out["one"].to_numpy(int)], "user_2": names[out["two"].to_numpy(int)]}
    return pd.DataFrame(ends | {"weight": out["weight"].to_numpy()}).sort_values(
        ["user_1", "user_2"], ignore_index=True
    )


def toolkit_text(text: str) -> str:
    """A text as the toolkit compares it: lower case, names taken off up to the next space, spaces joined.

    A post of names only gives the empty text, which joins nothing here (the tool joins them all).
    """
    return " ".join(re.sub(r"@\S*", "", text.lower()).split())


def toolkit_similar(
    rows: pd.DataFrame,
    window: float,
    *,
    similarity: float = 0.8,
    min_edge_weight: int = 1,
    self_loops: bool = False,
) -> pd.DataFrame:
    """Directed edges of the toolkit's `co_similar_tweet`: token sets whose Jaccard index reaches `similarity`.

    `rows`: text, user_id, message_id, time. Two texts without any token are alike in nothing (the tool
    divides by zero). All messages within the window are compared: for tables of some thousand rows.
    """
    table = rows.reset_index(drop=True)
    message, user = pd.factorize(table["message_id"])[0], pd.factorize(table["user_id"])[0]
    found = pairs(
        np.zeros(len(table), np.int64),
        user.astype(np.int64),
        np.arange(len(table), dtype=np.int64),
        _units(table["time"]),
        _unit(window),
        own=True,
    )
    sets = [set(_TOKENS.findall(toolkit_text(text))) for text in table["text"]]
    alike = [
        _jaccard(sets[a], sets[b]) >= similarity
        for a, b in zip(found["post_a"], found["post_b"], strict=True)
    ]
    found = found[np.array(alike, bool)]
    found = found.assign(post_a=message[found["post_a"]], post_b=message[found["post_b"]])
    return _directed(found, table, message, user, min_edge_weight, self_loops)


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _units(seconds: pd.Series) -> np.ndarray:
    """Times in millionths of a second: the tools compare fractions too."""
    values = seconds.to_numpy()
    if values.dtype.kind in "iu":
        return values.astype(np.int64) * 1_000_000
    return np.round(values.astype(float) * 1e6).astype(np.int64)


def _unit(window: float) -> int:
    return round(window * 1e6)
