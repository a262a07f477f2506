"""What could have been found, whether other settings say the same, and what is found where there is nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.inference.coaction import synchrony as test
from kit.inference.coaction.synchrony import Synchrony
from kit.locale import N_
from kit.metrics import metric
from kit.metrics.coordination.instep import (
    ALPHA,
    MARGIN,
    PROMISED,
    REPEATS,
    TESTED,
    WINDOWS,
    Tested,
    all_judged,
    detect,
    different,
    judged,
    members,
    planted,
    traces_of,
    windows_of,
)


@metric(N_("What the test could have found in these data"), unit="share of pairs")
def in_step_power(
    case: Any,
    *,
    trace: str = "",
    groups: Any = (10, 30),
    repeats: Any = (5, 10, 15, 25),
    jitters_s: Any = (45, 600),
    seeds: int = 2,
) -> pd.DataFrame:
    """A group of what size, with how many common shares and how punctual, would have been found here?

    Columns: trace, planted, repeats (things that all of them share), jitter_s (within how many seconds), estimate
    (share of their pairs found, mean over planted groups), joined_accounts (accounts
    of the case that are in a validated pair beside them, mean).
    `trace` is by default the one with most accounts.
    Formula: a group is planted into a copy of the case's own actions, half on things that others share too, half
    on things of its own, with other posts beside; then the test runs as it did.
    Missing: where fewer than 10 accounts act, the table is empty: nothing can be said.
    Source: docs/coordination.md.
    A low share does not prove that such a group is here; it says that one could be.

    >>> in_step_power(case, trace="repost")  # doctest: +SKIP
    """
    runs = all_judged(case, traces_of(trace) if trace else TESTED)
    run = max(runs, key=lambda r: len(r.accounts))
    columns = ["trace", "planted", "repeats", "jitter_s", "estimate", "joined_accounts"]
    if len(run.accounts) < 10:
        return pd.DataFrame(columns=columns)
    found = planted(
        case,
        run,
        groups=tuple(groups),
        repeats=tuple(repeats),
        jitters_s=tuple(jitters_s),
        seeds=seeds,
        families=len(runs),
    )
    found = _with_the_promised(case, run, found, len(runs))
    table = found.rename(
        columns={"group": "planted", "recall": "estimate", "others": "joined_accounts"}
    ).assign(trace=run.trace)
    return table[columns]


def _with_the_promised(case: Any, run: Tested, found: pd.DataFrame, families: int) -> pd.DataFrame:
    """The same with the row that the finding cites as the finding has it: from more planted groups."""
    group, repeats, jitter = (PROMISED[name][0] for name in ("groups", "repeats", "jitters_s"))
    cited = found["group"].eq(group) & found["repeats"].eq(repeats) & found["jitter_s"].eq(jitter)
    if cited.any():
        found = found.copy()
        promised = planted(
            case, run, **PROMISED, least=REPEATS, margin=MARGIN, alpha=ALPHA, families=families
        )
        names = ["recall", "others"]
        found.loc[cited, names] = promised[names].to_numpy()
    return found


@metric(N_("In how many settings pairs are left"))
def in_step_grid(
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
    Formula: as `in_step_traces`.
    Missing: as `in_step_traces`: posts whose time is coarser than the window of the cell are left out.
    Source: none of the peers shows such a grid.
    Pairs in one cell only do not prove anything: one cell in many is left by chance.

    >>> in_step_grid(case, traces=["repost"])  # doctest: +SKIP
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
            row |= {"validated_accounts": int(by_group.sum())}
            row |= {f"{g}_accounts": int(by_group.get(g, 0)) for g in ("studied", "control", "context")}
            rows.append(row | {"traces": sum(len(keys) > 0 for _run, keys in found)})
    return pd.DataFrame(rows)


SHUFFLES = ("as_collected", "times_shuffled", "accounts_shuffled", "control_only", "open_coordinators")


@metric(N_("The same test where the answer is known"))
def in_step_controls(
    case: Any, *, traces: Any = TESTED, windows: Any = WINDOWS, draws: int = 3
) -> pd.DataFrame:
    """What does the test find when times or accounts are shuffled, and among control accounts alone?

    Columns: shuffle (as_collected; times_shuffled and accounts_shuffled, each within the day;
    control_only; open_coordinators: pairs of two accounts that the report lists as acting together in the open), draws,
    synchronised_pairs, validated_pairs (the largest number of any draw, over all traces).
    Formula: as `in_step_traces`, on shuffled copies. Shuffling keeps how popular each thing is and how active
    each account, and breaks who acts with whom.
    Missing: as `in_step_traces`.
    Source: permutation controls of this kind are asked for by users of every peer (docs/coordination.md).
    Nought in shuffled copies does not prove the pairs as collected: shuffling breaks friendships, too. Pairs among open
    coordinators are right and innocent: they show that the test finds who acts together, not why.

    >>> in_step_controls(case)  # doctest: +SKIP
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
        counts = np.zeros((times, 2), int)
        for draw in range(times):
            for number, run in enumerate(runs):
                found = _shuffled(
                    case, run, kind, np.random.default_rng([case.seed, draw, number]), windows, len(names)
                )
                counts[draw] += different(found.pairs, "synchronised"), different(found.pairs, "validated")
        synchronised, validated = counts.max(axis=0).tolist()
        rows.append((kind, times, synchronised, validated))
    return pd.DataFrame(rows, columns=["shuffle", "draws", "synchronised_pairs", "validated_pairs"])


def _shuffled(
    case: Any, run: Tested, kind: str, rng: np.random.Generator, windows: Any, families: int
) -> Synchrony:
    """The test on one copy of the actions."""
    if kind == "as_collected":
        return run.result
    table = run.actions
    if kind == "open_coordinators":
        known = case.derived("open_coordinators")["account_key"]
        codes = np.flatnonzero(np.isin(run.accounts, known.to_numpy(np.int64)))
        pairs = run.result.pairs
        return run.result._replace(pairs=pairs[pairs["a"].isin(codes) & pairs["b"].isin(codes)])
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
    return detect(table, windows_of(windows), families=families)
