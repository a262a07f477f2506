"""Which accounts share the same things at the same moments, again and again, beyond what chance explains?

With it: what could have been found, whether other settings say the same, and what is found where there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from kit import inference
from kit.disclosure.rule import STEP
from kit.errors import MetricError
from kit.inference import outcomes
from kit.inference.coaction import synchrony as test
from kit.inference.coaction.evidence import Synchrony
from kit.inference.coaction.groups import CONTAMINATED, components
from kit.locale import N_
from kit.metrics import metric, positive
from kit.metrics.coordination.actions import (
    TOLD,
    actions,
    doers_of_things,
    held_totals,
    inferred,
    key_of,
    trace_of,
)
from kit.metrics.needs import in_rows

#: traces that are tested together; the number of them enters the correction
TESTED = ("repost", "quote", "url", "hashtag_sequence", "near_text", "media", "reply_post")
WINDOWS = (60, 600)  # seconds
REPEATS, MARGIN, ALPHA = 3, 2.0, 0.05  # separate occasions, times what chance gives, rate of false pairs
#: the planted group that the finding's sentence names
PROMISED: dict[str, Any] = {"groups": (10,), "repeats": (25,), "jitters_s": (45,), "seeds": 3}
#: how long after the first act, in seconds, it may act for the test to find it: the shortest for which most is found is told
DELAYS = (300.0, 900.0, 1800.0, 14_400.0)
STRONG = 0.8  # of the planted pairs: from here on nothing found is not found
_KEPT = 64  # results kept in memory: one page asks for the same test many times
_results: dict[str, Tested] = {}
_recalls: dict[str, pd.DataFrame] = {}
_planted: dict[str, list[test.Planted]] = {}
_in_copies: dict[str, int] = {}
_PAIRS = 1_000_000  # pairs beside planted groups above which they are counted anew for every setting


class Tested(NamedTuple):
    """The test on one trace: its result, the actions it was made from, and the account behind each number."""

    trace: str
    result: Synchrony
    actions: pd.DataFrame
    accounts: np.ndarray  # account_key by number
    group: pd.Series  # group by account_key
    key: str  # everything that the result depends on


def windows_of(windows: Any) -> tuple[float, ...]:
    """Windows in seconds, shortest first; one number, or several."""
    many = windows if isinstance(windows, (list, tuple)) else [windows]
    if not many:
        raise MetricError("'windows' names no window", found=windows, hint="Give seconds, such as [60, 600].")
    return tuple(sorted(float(positive("windows", w)) for w in many))


def traces_of(traces: Any) -> tuple[str, ...]:
    """Names of traces; one, or several."""
    return tuple(trace_of(t) for t in ([traces] if isinstance(traces, str) else traces))


def judged(
    case: Any,
    trace: str,
    *,
    windows: Any = WINDOWS,
    repeats: int = REPEATS,
    margin: float = MARGIN,
    alpha: float = ALPHA,
    families: int = 1,
    occasions: bool = True,
) -> Tested:
    """The test *pairs that repeat* on one trace (`kit.inference.coaction.synchrony`), with the case's keys.

    `repeats` occasions are asked of a pair, the expected number is multiplied by `margin`, the false
    discovery rate over all pairs, windows and `families` (traces tested together) is `alpha`.
    """
    spans = windows_of(windows)

    def key(margin: float, alpha: float) -> str:
        return key_of(case, trace, spans, repeats, margin, alpha, families, occasions)

    asked = key(margin, alpha)
    if asked in _results:
        return _results[asked]
    if (counted := _results.get(key(MARGIN, ALPHA))) and margin > 0:  # judged otherwise, not counted anew
        result = test.at_least(counted.result, repeats, margin=margin, alpha=alpha)
        return _keep(_results, asked, counted._replace(result=result, key=asked))
    table = actions(case, trace, window_s=max(spans))
    found = detect(
        table, spans, least=repeats, margin=margin, alpha=alpha, families=families, occasions=occasions
    )
    accounts = np.unique(table["account"].to_numpy(np.int64))
    group = table.drop_duplicates("account").set_index("account")["group"]
    return _keep(_results, asked, Tested(trace, found, table, accounts, group, asked))


def _keep(kept: dict[str, Any], key: str, value: Any) -> Any:
    """Keep a result, and no more of them than `_KEPT`."""
    while len(kept) >= _KEPT:
        del kept[next(iter(kept))]
    kept[key] = value
    return value


def detect(table: pd.DataFrame, windows: tuple[float, ...], **settings: Any) -> Synchrony:
    """The test on a table of actions; accounts are numbered in the order of their keys.

    Windows above half a day are tested without the rate of the clock, which asks for the same time of day.
    """
    accounts, account = np.unique(table["account"].to_numpy(np.int64), return_inverse=True)
    with _settings():
        return test.detect(
            table["object"].to_numpy(np.int64),
            account,
            table["at_ms"].to_numpy(np.int64) / 1000,
            origin_s=table["origin_ms"].to_numpy(dtype=float, na_value=np.nan) / 1000,
            source=_sources(table["source"]),
            accounts=len(accounts),
            windows=windows,
            use=_rates(windows),
            **settings,
        )


def _rates(windows: tuple[float, ...]) -> tuple[str, ...]:
    """The rates that strangers are judged by; the time of day says nothing within more than half a day."""
    return tuple(rate for rate in test.USE if rate != test.CLOCK or max(windows) <= test.HALF_DAY)


def _sources(source: pd.Series) -> np.ndarray | None:
    """Where things come from; each unknown source stands for itself, and where none is known there is none."""
    if source.isna().all():
        return None
    alone = pd.Series(-1 - np.arange(len(source)), index=source.index)
    return source.astype("Int64").fillna(alone).to_numpy(np.int64)


@contextmanager
def _settings() -> Iterator[None]:
    """A setting that the test does not take is an error of the one who asked."""
    try:
        yield
    except ValueError as error:
        raise MetricError(
            "a setting of the test is out of range", found=str(error), hint="Correct it."
        ) from None


def all_judged(case: Any, traces: Any, **settings: Any) -> list[Tested]:
    """The test on each of `traces`, all of them corrected for."""
    names = traces_of(traces)
    return [judged(case, trace, families=len(names), **settings) for trace in names]


def members(run: Tested, level: str) -> np.ndarray:
    """Keys of accounts with an edge of `level` (synchronised or validated)."""
    edges = run.result.pairs[run.result.pairs[level]]
    return run.accounts[np.unique(edges[["a", "b"]].to_numpy(np.int64))]


@metric(
    N_("Synchronised sharing, by trace"),
    needs=("posts.account_key", "posts.created_at", *in_rows("trace", TOLD)),
)
def synchronised_traces(
    case: Any,
    *,
    traces: Any = TESTED,
    windows: Any = WINDOWS,
    repeats: int = REPEATS,
    margin: float = MARGIN,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """On which traces do pairs of accounts act together more often than strangers, news and habit explain?

    Columns: trace, accounts (in the test, all groups), candidate_pairs (pairs and windows with at least `repeats` separate
    occasions), synchronised_pairs, synchronised_accounts, validated_pairs (left after visible
    triggers are taken out), and their studied_accounts, control_accounts, context_accounts, capped_objects (hot objects of which not every pair was
    looked at).
    Formula: `kit.inference.coaction.synchrony`: occasions against the largest of four expected rates, learned
    from strangers only, times `margin`; Poisson tail; Benjamini-Hochberg over all pairs × windows × traces.
    Missing: as `actions`, with the longest window; an account that shares an object twice counts once.
    Public: accounts and pairs in tens; pairs of fewer than ten accounts are not told apart.
    Source: docs/coordination.md; simulated false alarms and power: docs/coordination-acceptance.md.
    A validated pair does not prove coordination: an unseen common source looks the same.

    >>> coordination.synchronised_traces(case)[["trace", "accounts", "validated_pairs"]].head(3)
        trace  accounts  validated_pairs
    0  repost      <NA>             <NA>
    1   quote      <NA>             <NA>
    2     url        54                0
    """
    rows = []
    for run in all_judged(case, traces, windows=windows, repeats=repeats, margin=margin, alpha=alpha):
        pairs, left = run.result.pairs, members(run, "validated")
        by_group = run.group.reindex(left).value_counts()
        cut = run.actions[run.actions["object"].isin(run.result.capped["object"])]
        people, largest = doers_of_things(cut["account"], cut["object"])
        rows.append(
            {
                "trace": run.trace,
                "accounts": len(run.accounts),
                "candidate_pairs": len(pairs),
                "synchronised_pairs": different(pairs, "synchronised"),
                "synchronised_accounts": len(members(run, "synchronised")),
                "validated_pairs": different(pairs, "validated"),
                **{f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")},
                "capped_objects": len(run.result.capped),
                "candidate_pairs__people": int(pairs[["a", "b"]].stack().nunique()),
                "synchronised_pairs__people": len(members(run, "synchronised")),
                "validated_pairs__people": len(left),
                "capped_objects__people": people,
                "capped_objects__largest": largest,
            }
        )
    return inferred(held_totals(case, pd.DataFrame(rows), "accounts", "synchronised_accounts"))


def different(pairs: pd.DataFrame, level: str) -> int:
    """Pairs of `level` in any window."""
    return len(pairs.loc[pairs[level], ["a", "b"]].drop_duplicates())


@metric(
    N_("Share of accounts with synchronised sharing"),
    unit="share of accounts",
    n_unit="accounts",
    outcomes=outcomes.SYNCHRONISED,
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def synchronised(
    case: Any,
    *,
    traces: Any = TESTED,
    windows: Any = WINDOWS,
    repeats: int = REPEATS,
    margin: float = MARGIN,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """What share of a group's active accounts shares the same things at the same moments, beyond every visible trigger?

    Columns: group, n (accounts with an action on a tested trace), estimate, low, high (share in a validated pair on
    any trace), pairs (validated), clusters, unknown_share (of these pairs, on objects whose own time is not known),
    synchronised_pairs (before visible triggers are taken out), verdict (found where a studied account is in a validated pair with another
    studied account; not_found where 80 % of the planted pairs would have been found; else inconclusive), sentence, found_share (share of the pairs
    of ten accounts with 25 common shares within 45 s, delay_minutes after the first act, that would have been found: the shortest of 5, 15,
    30 and 240 minutes for which most would), power_trace (that with most accounts, on which they are planted). Groups that act at once are not found.
    Formula: as `synchronised_traces`; Wilson interval.
    Missing: as `synchronised_traces`; silent accounts are in no denominator. Where most sharers of the things of the
    pairs are these accounts themselves and none is left as validated, or where shuffled copies (`synchronised_controls`)
    hold half as many pairs or more, no stranger says what chance gives: the test cannot be made (sentence contaminated).
    Where the control has validated pairs of its own and the studied have no more accounts in pairs than it (Fisher's test,
    p > 0.01), nothing follows for the studied (control_alike).
    Public: accounts and pairs in tens, shares from them; of fewer than ten accounts nothing but that there are some.
    Source: docs/coordination.md.
    A high share does not prove coordination, and a share of nought does not disprove it: see `synchronised_power`.

    >>> coordination.synchronised(case, repeats=5)[["group", "n", "estimate", "verdict"]]
         group    n  estimate    verdict
    0  studied  113       0.0  not_found
    1  control   60       0.0  not_found
    """
    runs = all_judged(
        case, traces, windows=windows, repeats=min(repeats, REPEATS), margin=margin, alpha=alpha
    )
    if repeats > REPEATS:  # the same edges as if they were counted anew
        stricter = {"margin": margin, "alpha": alpha}
        runs = [run._replace(result=test.at_least(run.result, repeats, **stricter)) for run in runs]
    tested = {"least": repeats, "margin": margin, "alpha": alpha, "families": len(runs)}
    chance, delay, where = _power(case, runs, windows, **tested)
    active = pd.concat([run.group for run in runs]) if runs else pd.Series(dtype=object)
    active = active[~active.index.duplicated()]
    any_pair = any(run.result.pairs["validated"].any() for run in runs)
    shuffled = _in_shuffled(case, runs, windows) if any_pair else 0
    rows = []
    alike = any_pair and _alike(runs, active)
    for group in [g for g in case.groups if g != "context"]:
        n = int((active == group).sum())
        found, before = (_inside(runs, group, level) for level in ("validated", "synchronised"))
        blind = before.contaminated or bool((active == group).all())
        sentence = _sentence(n, found, before, blind=blind, power=chance, shuffled=shuffled)
        if group == "studied" and sentence in SAID and alike:
            sentence = "control_alike"
        if case.edition == "public" and sentence in SAID and len(found.accounts) < STEP:
            sentence = "found_few"
        rows.append(
            {"group": group, "n": n}
            | inference.wilson(len(found.accounts), n)._asdict()
            | {
                "pairs": found.pairs,
                "clusters": found.clusters,
                "unknown_share": found.unknown / found.pairs if found.pairs else np.nan,
                "synchronised_pairs": before.pairs,
                "verdict": _VERDICTS.get(sentence, "inconclusive"),
                "sentence": sentence,
                "found_share": chance,
                "delay_minutes": delay / 60,
                "power_trace": where,
                "pairs__people": len(found.accounts),
                "synchronised_pairs__people": len(before.accounts),
                "unknown_share__weight": found.most / max(1, found.pairs),
                "unknown_share__held": int(0 < len(found.accounts) < STEP),
            }
        )
    return inferred(pd.DataFrame(rows))


SAID = ("found", "found_unknown")  # sentences that say what the pairs are like
_VERDICTS = {**dict.fromkeys((*SAID, "found_few"), "found"), "not_found": "not_found"}


def _alike(runs: list[Tested], active: pd.Series) -> bool:
    """Whether the control has so many accounts in validated pairs of its own that the studied do not stand out from it."""
    table = []
    for group in ("studied", "control"):
        inside = len(_inside(runs, group, "validated").accounts)
        table.append([inside, int((active == group).sum()) - inside])
    return table[1][0] > 0 and fisher_exact(table, alternative="greater").pvalue > _NO_MORE


_NO_MORE = 0.01  # p of Fisher's test from which the studied have no more accounts in pairs than the control


class Inside(NamedTuple):
    """Pairs of a level between two accounts of one group, over all traces."""

    accounts: set[int]
    pairs: int
    clusters: int
    unknown: float  # of these pairs, on objects whose own time is not known
    most: int  # pairs of one account
    contaminated: bool  # most sharers of their things are these accounts themselves


def _inside(runs: list[Tested], group: str, level: str) -> Inside:
    parts, clusters, raw = [], 0, []
    for run in runs:
        mine = _within(run, group, level)
        ends = mine[["a", "b"]].to_numpy(np.int64)
        clusters += int(components(ends).max()) if len(ends) else 0
        parts.append(pd.Series(run.accounts[ends.ravel()]))
        raw.append(mine[["raw_expected", "expected", "origin_known"]])
    ends, pairs = pd.concat(parts) if parts else pd.Series(dtype=np.int64), pd.concat(raw) if raw else None
    if pairs is None or pairs.empty:
        return Inside(set(), 0, 0, 0.0, 0, contaminated=False)
    most, unknown = int(ends.value_counts().max()), float((1 - pairs["origin_known"]).sum())
    contamination = float((pairs["raw_expected"] / pairs["expected"]).mean())
    return Inside(set(ends.tolist()), len(pairs), clusters, unknown, most, contamination > CONTAMINATED)


def _sentence(n: int, found: Inside, before: Inside, *, blind: bool, power: float, shuffled: int) -> str:
    """Which sentence fits; a pair whose objects have no known origin may have an unseen trigger.

    `before` are the pairs that stand out before visible triggers are taken out; `blind` says that no strangers are
    left to say what chance gives, and so do `shuffled` copies that hold half as many pairs or more.
    """
    if not n:
        return "no_data"
    if found.pairs and 2 * shuffled >= found.pairs:
        return "contaminated"
    if found.pairs:
        return "found_unknown" if found.unknown > 0 else "found"
    if before.pairs:
        return "contaminated" if blind else "unvalidated"
    if not np.isfinite(power):
        return "no_power"
    return "not_found" if power >= STRONG else "inconclusive"


def _within(run: Tested, group: str, level: str) -> pd.DataFrame:
    """Pairs of a level of two accounts of `group`, each once, with the window in which it is clearest."""
    edges = run.result.pairs[run.result.pairs[level]]
    both = [
        run.group.reindex(run.accounts[edges[end].to_numpy(int)]).eq(group).to_numpy() for end in ("a", "b")
    ]
    p = "p" if level == "synchronised" else "p_left"
    mine = edges[both[0] & both[1]].sort_values(["a", "b", p, "window_s"])
    return mine.drop_duplicates(["a", "b"])


def _power(case: Any, runs: list[Tested], windows: Any, **settings: Any) -> tuple[float, float, str]:
    """Recall of a planted group of the kind that the test is made for, the shortest delay with which most of it is found
    (the longest where none is), and the trace with most accounts, on which it is planted."""
    largest = max(runs, key=lambda run: len(run.accounts), default=None)
    if largest is None or len(largest.accounts) < 10:
        return float("nan"), float("nan"), ""
    recall = 0.0
    for delay in DELAYS:
        table = planted(case, largest, **PROMISED, delay_s=delay, windows=windows, **settings)
        recall = float(table["recall"].iloc[0])
        if recall >= STRONG:
            break
    return recall, delay, largest.trace


def planted(
    case: Any,
    run: Tested,
    *,
    groups: tuple[int, ...],
    repeats: tuple[int, ...],
    jitters_s: tuple[float, ...],
    seeds: int,
    delay_s: float | None = None,
    windows: Any = WINDOWS,
    least: int = REPEATS,
    margin: float = MARGIN,
    alpha: float = ALPHA,
    families: int = 1,
) -> pd.DataFrame:
    """Recall of groups planted into the actions of a trace (`synchrony.power`), with the settings of the test."""
    spans = windows_of(windows)
    drawn: dict[str, Any] = {
        "groups": groups, "repeats": repeats, "jitters_s": jitters_s, "seeds": seeds, "windows": spans,
        "least": min(least, REPEATS), "families": families, "seed": 0, "use": _rates(spans), "delay_s": delay_s,
    }  # fmt: skip
    rows = repr((run.trace, key_of(case), len(run.actions), sorted(drawn.items())))
    key = repr((rows, least, margin, alpha))
    if key not in _recalls:
        with _settings():
            runs = _planted.get(rows) or _plant(run, margin=margin, alpha=alpha, **drawn)
            if (
                rows not in _planted and groups == PROMISED["groups"]
            ):  # every setting of the finding asks for it
                runs = list(runs)
                if sum(len(one.found.pairs) for one in runs) <= _PAIRS:
                    _keep(_planted, rows, runs)
            judged_ = (
                one._replace(found=test.at_least(one.found, least, margin=margin, alpha=alpha))
                for one in runs
            )
            _keep(_recalls, key, test.recalls(judged_))
    return _recalls[key]


def _plant(run: Tested, **settings: Any) -> Iterator[test.Planted]:
    """Groups planted into the actions of a trace."""
    table = run.actions
    return test.planted(
        table["object"].to_numpy(np.int64),
        np.searchsorted(run.accounts, table["account"].to_numpy(np.int64)),
        table["at_ms"].to_numpy(np.int64) / 1000,
        origin_s=table["origin_ms"].to_numpy(dtype=float, na_value=np.nan) / 1000,
        **settings,
    )


@metric(
    N_("What the test could have found in these data"),
    unit="share of pairs",
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def synchronised_power(
    case: Any,
    *,
    trace: str = "",
    groups: Any = (10, 30),
    repeats: Any = (5, 10, 15, 25),
    jitters_s: Any = (45, 600),
    delays_s: Any = (1800, 0, 30, 300, 900, 14_400),
    seeds: int = 2,
) -> pd.DataFrame:
    """A group of what size, with how many common shares, how punctual and how soon would have been found here?

    Columns: trace, planted, repeats (things that all of them share), jitter_s (within how many seconds), delay_s (how long after
    the first act, or the time of the thing), estimate (share of their pairs found, mean over planted groups), joined_accounts (accounts
    of the case that are in a validated pair beside them, mean).
    `trace` is by default the one with most accounts. Every group is planted at the first of `delays_s`, the one that the finding cites
    at the others too: with no delay it acts as people with a notification do, and is not found.
    Formula: a group is planted into a copy of the case's own actions, half on things that others share too, half
    on things of its own, with other posts beside; then the test runs as it did.
    Missing: where fewer than 10 accounts act, the table is empty: nothing can be said.
    Public: planted accounts are nobody's; others that join them in tens.
    Source: docs/coordination.md.
    A low share does not prove that such a group is here; it says that one could be.

    >>> list(coordination.synchronised_power(case, groups=(10,), repeats=(25,), jitters_s=(45,), delays_s=(300,), seeds=1))
    ['trace', 'planted', 'repeats', 'jitter_s', 'delay_s', 'estimate', 'joined_accounts']
    """
    runs = all_judged(case, traces_of(trace) if trace else TESTED)
    run = max(runs, key=lambda r: len(r.accounts))
    columns = ["trace", "planted", "repeats", "jitter_s", "delay_s", "estimate", "joined_accounts"]
    if len(run.accounts) < 10:
        return pd.DataFrame(columns=columns)
    first, *others = (float(delay) for delay in delays_s)
    grid: dict[str, Any] = {
        "groups": tuple(groups),
        "repeats": tuple(repeats),
        "jitters_s": tuple(jitters_s),
        "seeds": seeds,
    }
    found = planted(case, run, **grid, delay_s=first, families=len(runs))
    parts = [_with_the_promised(case, run, found, len(runs), first).assign(delay_s=first)]
    for delay in others:
        parts.append(planted(case, run, **PROMISED, delay_s=delay, families=len(runs)).assign(delay_s=delay))
    table = pd.concat(parts, ignore_index=True).rename(
        columns={"group": "planted", "recall": "estimate", "others": "joined_accounts"}
    )
    return inferred(table.assign(trace=run.trace)[columns])


def _with_the_promised(
    case: Any, run: Tested, found: pd.DataFrame, families: int, delay_s: float
) -> pd.DataFrame:
    """The same with the row that the finding cites as the finding has it: from more planted groups."""
    group, repeats, jitter = (PROMISED[name][0] for name in ("groups", "repeats", "jitters_s"))
    cited = found["group"].eq(group) & found["repeats"].eq(repeats) & found["jitter_s"].eq(jitter)
    if cited.any():
        found = found.copy()
        same: dict[str, Any] = {
            "least": REPEATS,
            "margin": MARGIN,
            "alpha": ALPHA,
            "families": families,
            "delay_s": delay_s,
        }
        promised = planted(case, run, **PROMISED, **same)
        names = ["recall", "others"]
        found.loc[cited, names] = promised[names].to_numpy()
    return found


@metric(
    N_("In how many settings pairs are left"), needs=("posts.account_key", "posts.created_at", "posts.shared")
)
def synchronised_grid(
    case: Any,
    *,
    traces: Any = TESTED,
    windows: Any = (10, 60, 600, 3600, 86400),
    repeats: Any = (2, 3, 5, 10),
    margin: float = MARGIN,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Does the answer stand when the window and the number of repeats are chosen otherwise?

    Columns: window_s, repeats, validated_pairs, validated_accounts, studied_accounts, control_accounts, context_accounts, traces
    (on which there are any). Each cell is a test of its own, with one window.
    Formula: as `synchronised_traces`.
    Missing: as `synchronised_traces`: posts whose time is coarser than the window of the cell are left out.
    Public: accounts and pairs in tens.
    Source: none of the peers shows such a grid.
    Pairs in one cell only do not prove anything: one cell in many is left by chance.

    >>> coordination.synchronised_grid(case, traces=["url"], windows=(60,), repeats=(3,))["validated_pairs"]
    0    0
    Name: validated_pairs, dtype: int64
    """
    rows = []
    fewest = min(int(r) for r in repeats)
    for window in windows_of(list(windows)):
        counted = all_judged(case, traces, windows=window, repeats=fewest, margin=margin, alpha=alpha)
        for least in repeats:
            runs = [
                run._replace(result=test.at_least(run.result, int(least), margin=margin, alpha=alpha))
                for run in counted
            ]
            found = [(run, members(run, "validated")) for run in runs]
            groups = [run.group.reindex(keys) for run, keys in found]
            every = pd.concat(groups) if groups else pd.Series(dtype=object)
            by_group = every[~every.index.duplicated()].value_counts()
            row = {"window_s": window, "repeats": int(least)}
            row |= {"validated_pairs": sum(different(run.result.pairs, "validated") for run in runs)}
            row |= {"validated_pairs__people": int(by_group.sum())}
            row |= {"validated_accounts": int(by_group.sum())}
            row |= {f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")}
            rows.append(row | {"traces": sum(len(keys) > 0 for _run, keys in found)})
    return inferred(held_totals(case, pd.DataFrame(rows), "validated_accounts"))


COUNTED = ("synchronised", "validated")
SHUFFLES = ("as_collected", "times_shuffled", "accounts_shuffled", "control_only", "open_coordinators")


@metric(
    N_("The same test where the answer is known"),
    needs=("posts.account_key", "posts.created_at", "posts.shared"),
)
def synchronised_controls(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, draws: int = 3
) -> pd.DataFrame:
    """What does the test find when times or accounts are shuffled, and among control accounts alone?

    Columns: shuffle (as_collected; times_shuffled and accounts_shuffled, each within the day;
    control_only; open_coordinators: pairs of two accounts that the report lists as acting together in the open), draws,
    synchronised_pairs, validated_pairs (the largest number of any draw, over all traces).
    Formula: as `synchronised_traces`, on shuffled copies. Shuffling keeps how popular each thing is and how active
    each account, and breaks who acts with whom.
    Missing: as `synchronised_traces`.
    Public: pairs in tens; those of fewer than ten accounts are not told apart.
    Source: permutation controls of this kind are asked for by users of every peer (docs/coordination.md).
    Nought in shuffled copies does not prove the pairs as collected: shuffling breaks friendships, too. Pairs among open
    coordinators are right and innocent: they show that the test finds who acts together, not why.

    >>> coordination.synchronised_controls(case)[["shuffle", "validated_pairs"]]
                 shuffle  validated_pairs
    0       as_collected                0
    1     times_shuffled                0
    2  accounts_shuffled                0
    3       control_only                0
    """
    names = traces_of(traces)
    runs = [judged(case, trace, windows=windows, families=len(names)) for trace in names]
    rows = []
    for kind in SHUFFLES:
        if kind == "control_only" and "control" not in case.groups:
            continue
        if kind == "open_coordinators" and not case.report.open_coordinators:
            continue
        times = draws if kind.endswith("shuffled") else 1
        counts, people = np.zeros((times, 2), int), np.zeros((times, 2), int)
        for draw in range(times):
            found = [
                _shuffled(case, run, kind, np.random.default_rng([0, draw, number]), windows, len(names))
                for number, run in enumerate(runs)
            ]
            for place, level in enumerate(COUNTED):
                counts[draw, place] = sum(different(one.result.pairs, level) for one in found)
                people[draw, place] = len({key for one in found for key in members(one, level).tolist()})
        most = people[counts.argmax(axis=0), [0, 1]]
        rows.append((kind, times, *counts.max(axis=0).tolist(), *most.tolist()))
    named = [f"{level}_pairs" for level in COUNTED]
    columns = ["shuffle", "draws", *named, *(f"{name}__people" for name in named)]
    return inferred(pd.DataFrame(rows, columns=columns))


def _in_shuffled(case: Any, runs: list[Tested], windows: Any) -> int:
    """Validated pairs that the same test finds in shuffled copies: the first ones of `synchronised_controls`."""
    key = repr((key_of(case), *(run.key for run in runs), windows_of(windows)))
    if key not in _in_copies:
        found = [
            sum(
                different(
                    _shuffled(
                        case, run, kind, np.random.default_rng([0, 0, number]), windows, len(runs)
                    ).result.pairs,
                    "validated",
                )
                for number, run in enumerate(runs)
            )
            for kind in SHUFFLES
            if kind.endswith("shuffled")
        ]
        _keep(_in_copies, key, max(found))
    return _in_copies[key]


def _shuffled(
    case: Any, run: Tested, kind: str, rng: np.random.Generator, windows: Any, families: int
) -> Tested:
    """The test on one copy of the actions."""
    if kind == "as_collected":
        return run
    table = run.actions
    if kind == "open_coordinators":
        known = case.derived("open_coordinators")["account_key"]
        codes = np.flatnonzero(np.isin(run.accounts, known.to_numpy(np.int64)))
        pairs = run.result.pairs
        both = pairs[pairs["a"].isin(codes) & pairs["b"].isin(codes)]
        return run._replace(result=run.result._replace(pairs=both))
    if kind == "control_only":
        table = table[table["group"] == "control"]
    else:
        things, seconds = table["object"].to_numpy(np.int64), table["at_ms"].to_numpy(np.int64) / 1000
        if kind == "accounts_shuffled":
            # over all things of the day: where a group is alone on a thing, shuffling there changes nothing
            people = test.shuffle_accounts(
                np.zeros_like(things), table["account"].to_numpy(np.int64), seconds, rng=rng
            )
            table = table.assign(account=people)
        else:
            origin = table["origin_ms"].to_numpy(dtype=float, na_value=np.nan) / 1000
            moved = test.shuffle_times(things, seconds, rng=rng, origin_s=origin)
            table = table.assign(at_ms=np.round(moved * 1000).astype(np.int64))
    found = detect(table, windows_of(windows), families=families)
    return run._replace(result=found, accounts=np.unique(table["account"].to_numpy(np.int64)))
