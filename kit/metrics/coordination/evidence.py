"""The posts behind every edge, for people to read, what two of them said, and how often a flag is right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from kit.disclosure import Bounds, protect
from kit.inference.agreement import alpha
from kit.inference.base_rates import positive_predictive_value
from kit.inference.coaction import pairs as kernel
from kit.inference.coaction.groups import LEVELS
from kit.locale import N_
from kit.metrics import estimates, metric, one_of, positive
from kit.metrics.coordination.actions import TOLD, acted_on, doers, held_totals, local_days, rule_of_thumb
from kit.metrics.coordination.shared_templates import found, power_of, shared_templates
from kit.metrics.coordination.synchronised import (
    ALPHA,
    REPEATS,
    TESTED,
    WINDOWS,
    Tested,
    judged,
    synchronised,
    traces_of,
    windows_of,
)
from kit.metrics.needs import in_rows
from kit.metrics.texts.coding import standing

LABELS = ("together", "explained", "unclear")
FEWEST = 10  # edges read by two that a figure needs


@metric(
    N_("Dossier: the posts behind every pair of accounts"),
    internal=True,
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def dossier(case: Any, *, traces: Any = TESTED, level: str = "synchronised", most: int = 25) -> pd.DataFrame:
    """Which posts, on which things, how far apart, tie these two accounts together?

    Columns: edge (a name for the pair and trace that stays the same between runs), trace, account_a, account_b
    (pseudonyms), handle_a, handle_b, object (number of the thing shared), shared (its address or words, where the export has them),
    gap_s, time_a, time_b (UTC), post_a, post_b (identifiers), text_a, text_b, text_hash_a, text_hash_b (SHA-256), file_a, file_b, record_a, record_b (where
    they stand in the exports). At most `most` pairs of posts for each edge, the closest first; `pairs_of_edge` says how many there are.
    Formula: the pairs of posts within the window in which the edge is clearest.
    Missing: as `actions`.
    Source: users of every peer ask which posts tie two accounts (docs/coordination.md).
    A dossier does not prove coordination: it is what two people read, apart, before anybody says so.

    >>> list(coordination.dossier(internal, level="validated"))[:5]
    ['edge', 'trace', 'account_a', 'account_b', 'handle_a']
    """
    one_of("level", level, dict.fromkeys(LEVELS))
    names = traces_of(traces)
    parts = [
        _of_trace(judged(case, trace, families=len(names)), level, int(positive("most", most)))
        for trace in names
    ]
    table = pd.concat(parts, ignore_index=True)
    return _told(case, table)


def edge_pairs(run: Tested, level: str) -> pd.DataFrame:
    """Edges of a level, each once, in the window in which it is clearest: account_a, account_b, window_s."""
    edges = run.result.pairs[run.result.pairs[level]]
    p = "p" if level == "synchronised" else "p_left"
    edges = edges.sort_values(["a", "b", p, "window_s"]).drop_duplicates(["a", "b"])
    ends = {f"account_{end}": run.accounts[edges[end].to_numpy(np.int64)] for end in ("a", "b")}
    return pd.DataFrame(ends | {"window_s": edges["window_s"].to_numpy()})


def _of_trace(run: Tested, level: str, most: int) -> pd.DataFrame:
    """Pairs of posts behind the edges of one trace: keys only."""
    edges = edge_pairs(run, level)
    columns = ["trace", "low", "high", "object", "post_a", "post_b", "gap_s", "pairs_of_edge"]
    if edges.empty:
        return pd.DataFrame(columns=columns)
    table = run.actions[run.actions["account"].isin(edges[["account_a", "account_b"]].to_numpy().ravel())]
    thing, account, post, at = (
        table[name].to_numpy(np.int64) for name in ("object", "account", "post", "at_ms")
    )
    found = kernel.pairs(thing, account, post, at, int(edges["window_s"].max() * 1000))
    ends = np.sort(found[["account_a", "account_b"]].to_numpy(np.int64), axis=1)
    found = found.assign(low=ends[:, 0], high=ends[:, 1], gap_s=found["gap_ms"] / 1000)
    found = found.merge(
        edges.rename(columns={"account_a": "low", "account_b": "high"}), on=["low", "high"]
    ).query("gap_s <= window_s")
    by_edge = found.groupby(["low", "high"])
    found["pairs_of_edge"] = by_edge["gap_s"].transform("size")
    found = (
        found.sort_values(["low", "high", "gap_s", "post_a", "post_b"]).groupby(["low", "high"]).head(most)
    )
    return found.assign(trace=run.trace)[columns]


def _told(case: Any, table: pd.DataFrame) -> pd.DataFrame:
    """Keys replaced by what people can read."""
    posts = case.sql(
        """SELECT p.post_key, p.post_id, p.account_key, p.created_at, p.text, sha256(p.text) AS hash, p.source_file, p.source_record, a.pseudonym, a.handle,
                  l.url FROM posts p LEFT JOIN accounts a USING (account_key)
           LEFT JOIN (SELECT post_key, min(coalesce(expanded_url, url)) AS url FROM links GROUP BY 1) l USING (post_key)
           WHERE p.post_key IN (SELECT post_key FROM wanted)""",
        tables={
            "wanted": pd.DataFrame(
                {"post_key": pd.unique(table[["post_a", "post_b"]].astype("int64").to_numpy().ravel())}
            )
        },
    ).set_index("post_key")
    out = table.reset_index(drop=True)
    for end in ("a", "b"):
        found = posts.reindex(out[f"post_{end}"].astype("int64")).reset_index(drop=True)
        for name, column in (
            ("account", "pseudonym"),
            ("handle", "handle"),
            ("time", "created_at"),
            ("text", "text"),
            ("text_hash", "hash"),
            ("file", "source_file"),
            ("record", "source_record"),
            ("key", "account_key"),
            ("url", "url"),
        ):
            out[f"{name}_{end}"] = found[column]
        out[f"post_{end}"] = found["post_id"]
    names = out[["account_a", "account_b"]].astype("string").fillna("")
    pair = names.min(axis=1) + ":" + names.max(axis=1)
    out["edge"] = out["trace"].astype("string") + ":" + pair
    out["shared"] = out["url_a"].where(out["trace"].isin(["url", "domain"]))
    columns = (
        "edge trace account_a account_b handle_a handle_b pairs_of_edge object shared gap_s time_a time_b post_a post_b text_a text_b text_hash_a text_hash_b"
        " file_a file_b record_a record_b"
    ).split()
    return out[columns]


@metric(
    N_("Agreement of people who read the dossiers"), unit="alpha", n_unit="edges", needs=("report.readers",)
)
def reader_agreement(case: Any) -> pd.DataFrame:
    """Do two people who read the dossiers, without seeing each other's answers, say the same?

    Columns: reading (all, or one label: together, explained, unclear), given_edges (edges that at least one person gave it), n (edges read
    by two or more), estimate, low, high (Krippendorff's alpha), verdict: claim from 0.80 where the interval begins
    at 0.67 or above, tentative from 0.67, else cannot_tell, as where fewer than 10 edges were read by two.
    Formula: as `texts.coder_agreement`, with edges as units.
    Missing: edges read by one person.
    Public: edges of fewer than ten accounts are not told apart.
    Source: Krippendorff (2004, 2011), with his thresholds.
    A high alpha does not prove that the accounts act together: people can agree on the same mistake.

    >>> list(coordination.reader_agreement(case))
    ['reading', 'given_edges', 'n', 'estimate', 'low', 'high']
    """
    given = pd.DataFrame(
        [
            (reader, row["edge"], row["label"])
            for reader, rows in enumerate(case.report.readers, 1)
            for row in rows
        ],
        columns=["reader", "edge", "label"],
    )
    rows: list[dict[str, Any]] = []
    if len(given):
        rows.append(_agreed("all", given, given["label"], case.seed))
        rows += [
            _agreed(label, given, given["label"].eq(label).map({True: label, False: "other"}), case.seed)
            for label in LABELS
        ]
    return estimates(rows, ["reading", "given_edges"])


def _agreed(name: str, given: pd.DataFrame, answer: pd.Series, seed: int) -> dict[str, Any]:
    """Alpha of one question put to the readers."""
    counts = pd.crosstab(given["edge"], answer)
    both = counts[counts.sum(axis=1) >= 2]
    interval = alpha(both.to_numpy(), seed=seed)
    verdict = standing(interval, len(both), FEWEST)
    edges = given.loc[given["label"].eq(name) | (name == "all"), "edge"].unique()
    return {
        "reading": name,
        "given_edges": len(edges),
        "n": len(both),
        "interval": interval,
        "verdict": verdict,
        "given_edges__people": _accounts_of(edges),
        "n__people": _accounts_of(both.index),
    }


def _accounts_of(edges: Iterable[str]) -> int:
    """How many accounts stand in edges: the name of one is its trace and its two pseudonyms (`dossier`)."""
    return len({name for edge in edges for name in edge.split(":")[-2:]})


PREVALENCE = (0.001, 0.01, 0.05)


@metric(N_("How often a flag is right"), needs=("posts.account_key", "posts.created_at", "posts.shared"))
def base_rates(case: Any, *, trace: str = "repost", window_s: float = 60) -> pd.DataFrame:
    """If one account in 1,000, 100 or 20 were of the kind looked for, how many of the flagged ones would be?

    Columns: method (synchronised_sharing, shared_templates, rule_of_thumb: two shared objects of `trace` within `window_s` seconds), prevalence_share, recall_share,
    recall_basis (simulated: of a planted group, the easiest to find; assumed: nothing was measured, taken as 1), false_alarm_low, false_alarm_high (share of control accounts flagged, Wilson
    interval: with no flag at all its upper end counts), right_low, right_high (share of the flagged that are right).
    Formula: Bayes' theorem with both ends of the false-alarm rate.
    Missing: without a control group nothing can be said, and the table is empty.
    Public: worked out from the intervals that the public edition shows, so that no number of control accounts follows.
    Source: Altman and Bland (1994).
    A high share does not prove any single account right.

    >>> coordination.base_rates(case)[["method", "prevalence_share", "right_low"]].head(3).round(3)
                     method  prevalence_share  right_low
    0  synchronised_sharing             0.001      0.014
    1  synchronised_sharing             0.010      0.122
    2  synchronised_sharing             0.050      0.421
    """
    names = "method prevalence_share recall_share recall_basis false_alarm_low false_alarm_high right_low right_high".split()
    rows = []
    for method, recall, low, high in _methods(case, trace, window_s):
        basis = "assumed" if method == "rule_of_thumb" else "simulated"
        for prevalence in PREVALENCE:
            ends = [positive_predictive_value(prevalence, recall, rate) for rate in (high, low)]
            rows.append((method, prevalence, recall, basis, low, high, *ends))
    return pd.DataFrame(rows, columns=names)


def _methods(case: Any, trace: str, window_s: float) -> list[tuple[str, float, float, float]]:
    """Each method with its recall and both ends of its false-alarm rate."""
    if "control" not in case.groups:
        return []
    out = []
    step = _control(case, synchronised(case))
    if step.get("n"):
        out.append(("synchronised_sharing", step["found_share"], step["low"], step["high"]))
    run = found(case)
    if run.control_accounts:
        wrong = _control(case, shared_templates(case))
        ends = wrong.get("low"), wrong.get("high")
        out.append(("shared_templates", float(power_of(run)["found_share"]), *ends))
    thumb = _control(case, rule_of_thumb(case, trace=trace, window_s=window_s))
    if thumb.get("n"):
        out.append(("rule_of_thumb", 1.0, thumb["low"], thumb["high"]))
    known = [
        (str(name), float(a), float(b), float(c)) for name, a, b, c in out if not pd.isna([a, b, c]).any()
    ]
    return [row for row in known if np.isfinite(row[1:]).all()]


def _control(case: Any, table: pd.DataFrame) -> dict[str, Any]:
    """The control's row of a table, in the public edition as it is shown there."""
    there = bool((table["group"] == "control").any())
    if case.edition == "public":
        bounds = Bounds(exact=frozenset(case.report.exact))
        numbers = [c for c in ("group", "n", "estimate", "low", "high", "found_share") if c in table]
        table = protect(table[numbers], bounds, before=case.report.shown_before).table
    return table.set_index("group").loc["control"].to_dict() if there else {}


@metric(N_("Settings of this analysis"), needs=in_rows("trace", TOLD))
def settings(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, repeats: int = REPEATS, alpha: float = ALPHA
) -> pd.DataFrame:
    """With which trace, filter, window, weight and null model was each test made, on which period and accounts?

    Columns: trace, support_filter, at_least (of them), windows_s, weight, null_model, alpha, first_day, last_day (of the actions, in the report's clock), accounts, actions.
    Formula: none; filled in from the run.
    Missing: none.
    Public: accounts in tens, actions rounded to those of one account; a day only where ten accounts acted on it.
    Source: two windows in one table cannot be told apart later (Coordination Network Toolkit, issue 56).
    A setting proves nothing.

    >>> coordination.settings(case)[["trace", "at_least", "windows_s"]].head(3)
        trace  at_least windows_s
    0  repost         3  60 / 600
    1   quote         3  60 / 600
    2     url         3  60 / 600
    """
    names = traces_of(traces)
    rows = []
    for trace in names:
        run = judged(case, trace, windows=windows, repeats=repeats, alpha=alpha, families=len(names))
        days = local_days(run.actions["at_ms"], case.clock)
        people, largest = doers(run.actions["account"])
        rows.append(
            {
                "trace": trace,
                "support_filter": "occasions",
                "at_least": repeats,
                "windows_s": " / ".join(f"{w:g}" for w in windows_of(windows)),
                "weight": "occasions",
                "null_model": "strangers",
                "alpha": alpha,
                "first_day": days.min() if len(days) else None,
                "last_day": days.max() if len(days) else None,
                "accounts": len(run.accounts),
                "actions": len(run.actions),
                "actions__people": people,
                "actions__largest": largest,
                "first_day__people": acted_on(days, run.actions["account"], days.min()),
                "last_day__people": acted_on(days, run.actions["account"], days.max()),
            }
        )
    return held_totals(case, pd.DataFrame(rows), "accounts")
