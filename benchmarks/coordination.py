"""How fast and in how much memory accounts that act together are found, against a database and peers in the same run.

    .venv/bin/python -m benchmarks.coordination --folder /tmp/bench

writes shares of objects by accounts at 10⁵, 10⁶ and 10⁷ rows, as integer keys of a case, runs every
method on them in a process of its own (the median of three), and prints a table with the slopes. The
floor is NumPy's sort of as many 64-bit numbers as there are rows and pairs. DuckDB joins time
buckets and groups by account pairs; it computes two weights, pairs and objects, where the kit
computes all, and both must give the same edges. `--peer COMMAND` starts an interpreter (Python 3.9) that has
coordination-network-toolkit; `--published` carries published figures of peers over by a yardstick
measured then and now. Only ratios of one run mean anything; CPU seconds say more where the
machine is busy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

WINDOW = 60_000  # ms
SIZES = (100_000, 1_000_000, 10_000_000)
VIRAL = 3
COLUMNS = ("object", "account", "post", "time")
#: methods that run up to so many rows only
UP_TO = {"kit: test of pairs that repeat": 1_000_000}
#: Published seconds of peers on shares of the same shape: CooRTweet 2.1.3 (R 4.2.2, data.table 1.14.8), detection and
#: network, and coordination-network-toolkit 1.5.2 (Python 3.9), loading and computing
PUBLISHED = {"CooRTweet": (144.0, 100_000), "coordination-network-toolkit": (53.8, 1_000_000)}
#: the yardstick on that machine and day: pandas' self-join of 10⁵ shares from string identifiers
PANDAS_THEN = 3.1


# --- the methods: each reads a file of columns and returns what it found, without the time to read


def kit_edges(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """The kit's edge table with every weight."""
    from kit.inference.coaction.pairs import edges

    return lambda: edges(*given, WINDOW)


def kit_on_disk(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """The same, put together on disk."""
    from kit.inference.coaction.pairs import edges

    return lambda: edges(*given, WINDOW, memory=0, folder=folder)


def kit_test(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """The test of pairs that repeat, on the same rows and window: how many pairs it corrects for."""
    from kit.inference.coaction.synchrony import detect

    object_, account, _post, moment = given
    return lambda: detect(object_, account, moment / 1000.0, windows=(WINDOW / 1000.0,)).tested


def kit_preview(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """The exact number of pairs of each object, before any is made."""
    from kit.inference.coaction.pairs import preview

    object_, account, _post, moment = given
    return lambda: preview(object_, account, moment, WINDOW)


def floor(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """NumPy's sort of as many numbers as there are rows and pairs."""
    pairs = kit_preview(given, folder)().pairs
    words = np.random.default_rng(1).integers(0, 2**63, len(given[0]) + pairs, dtype=np.uint64)
    return lambda: words.sort()


def duckdb_buckets(given: list[np.ndarray], folder: Path) -> Callable[[], Any]:
    """DuckDB on two threads: rows joined to their time bucket and the next, grouped by accounts."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET threads = 2; SET memory_limit = '18GB'; SET temp_directory = '{folder}'")
    con.execute("SET enable_progress_bar = false")
    o, a, _p, t = given
    row = np.arange(len(o), dtype=np.int32)
    con.register("frame", pd.DataFrame({"o": o, "a": a, "t": t - t.min(), "i": row}))
    con.execute("CREATE TABLE x AS SELECT o::INT AS o, a::INT AS a, t, i FROM frame")

    def join() -> pd.DataFrame:
        bucket = f"(t // {WINDOW + 1})::INT"
        return con.execute(f"""
            WITH l AS (SELECT *, {bucket} AS b FROM x),
                 r AS (SELECT *, b AS k FROM l UNION ALL SELECT *, b - 1 FROM l)
            SELECT least(l.a, r.a) AS account_a, greatest(l.a, r.a) AS account_b,
                   count(*) AS pairs, count(DISTINCT l.o) AS objects
            FROM l JOIN r ON l.o = r.o AND l.b = r.k
            WHERE l.a <> r.a AND abs(l.t - r.t) <= {WINDOW} AND (r.b > l.b OR l.i < r.i)
            GROUP BY 1, 2""").df()

    return join


METHODS: dict[str, Callable[[list[np.ndarray], Path], Callable[[], Any]]] = {
    "floor: sort rows + pairs": floor,
    "kit: preview": kit_preview,
    "kit: edges": kit_edges,
    "kit: edges, on disk": kit_on_disk,
    "kit: test of pairs that repeat": kit_test,
    "DuckDB: time buckets": duckdb_buckets,
}


# --- one run in a process of its own


def measure(name: str, source: Path, repeat: int = 3) -> dict[str, Any]:
    """Median seconds, peak memory, and what was found, of one method on one file."""
    runs = [_once(name, source) for _ in range(repeat)]
    if any("error" in run for run in runs):
        return next(run for run in runs if "error" in run)
    found = {run.get("table") for run in runs}
    assert len(found) == 1, f"{name} gave different tables"
    return runs[0] | {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "cpu": statistics.median(run["cpu"] for run in runs),
        "spread": [round(run["seconds"], 3) for run in runs],
        "peak_mib": max(run["peak_mib"] for run in runs),
    }


def _once(name: str, source: Path) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=source.parent) as scratch:
        process = context.Process(target=_child, args=(name, source, Path(scratch), theirs))
        process.start()
        theirs.close()
        try:
            result = dict(ours.recv())
        except EOFError:
            result = {"error": "stopped (memory?)"}
        process.join()
    return result


def _child(name: str, source: Path, scratch: Path, answer: Connection) -> None:
    small = [np.arange(8) // 4, np.arange(8) % 4, np.arange(8), np.arange(8)]
    METHODS[name](small, scratch)()  # load what is compiled
    run = METHODS[name](load(source), scratch)
    begun, before = time.perf_counter(), time.process_time()
    found = run()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - before
    peak = peak_mib()
    answer.send({"method": name, "seconds": seconds, "cpu": cpu, "peak_mib": peak} | _facts(found))


def _facts(found: Any) -> dict[str, Any]:
    """Numbers to show, and a digest of the edges for comparing methods."""
    table = found if isinstance(found, pd.DataFrame) else getattr(found, "table", None)
    facts: dict[str, Any] = {}
    if hasattr(found, "rows"):  # the kit's preview and edges know all pairs
        facts["pairs_all"] = found.pairs
    if table is not None:
        facts["edges"], facts["pairs"] = len(table), int(table["pairs"].sum())
        columns = [
            table[c].to_numpy().astype(np.int64) for c in ("account_a", "account_b", "pairs", "objects")
        ]
        if not isinstance(found, pd.DataFrame):
            facts |= {"plan": found.plan, "unlisted": found.unlisted.to_dict("records")}
        words = columns[0] * (int(columns[1].max()) + 1) + columns[1] if len(table) else columns[0]
        order = np.argsort(words)
        digest = hashlib.sha256()
        for column in columns:
            digest.update(column[order].tobytes())
        facts["table"] = digest.hexdigest()[:16]
    return facts


def peak_mib() -> float:
    """Most memory this process has held, in MiB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def load(source: Path) -> list[np.ndarray]:
    """The columns of a file made by `generate`."""
    with np.load(source) as file:
        return [file[column] for column in COLUMNS]


def generate(folder: Path, n: int, viral: int = 0) -> Path:
    """A file with `n` shares as columns of integer keys; written once."""
    path = folder / f"shares-{n}{f'-viral{viral}' if viral else ''}.npz"
    if not path.exists():
        from simulation.actions import actions

        table = actions(n, viral=viral, viral_shares=n // 10)
        np.savez(path, **{column: table[column].to_numpy() for column in COLUMNS})
    return path


# --- peers, by their published figures or by an interpreter that has them

PEER = r"""
import csv, json, os, sqlite3, sys, time
from coordination_network_toolkit.preprocess import preprocess_csv_files
from coordination_network_toolkit.compute_networks import compute_co_link_network
if __name__ == "__main__":
    source, database, window = sys.argv[1], sys.argv[2], float(sys.argv[3])
    begun = time.perf_counter()
    preprocess_csv_files(database, [source])
    loaded = time.perf_counter()
    compute_co_link_network(database, window, n_threads=2)
    done = time.perf_counter()
    rows = sqlite3.connect(database).execute("select count(*) from co_link_network where user_1 < user_2")
    print(json.dumps({"load": loaded - begun, "compute": done - loaded, "edges": rows.fetchone()[0]}))
"""


def toolkit(python: str, source: Path, folder: Path) -> dict[str, Any]:
    """The toolkit from its CSV to its table of co-links, in an interpreter of its own; then the kit on the same file.

    Times are cut to whole seconds for both, so that both must find the same number of edges.
    """
    object_, account, post, moment = load(source)
    path, script, database = folder / "peer.csv", folder / "peer.py", folder / "peer.db"
    pd.DataFrame(
        {
            "message_id": post, "user_id": account, "username": account, "repost_id": "", "reply_id": "",
            "message": "", "timestamp": moment // 1000, "urls": [f"https://news.example/{o}" for o in object_],
        }
    ).to_csv(path, index=False)  # fmt: skip
    script.write_text(PEER, "utf-8")
    database.unlink(missing_ok=True)
    done = subprocess.run(
        [*shlex.split(python), str(script), str(path), str(database), str(WINDOW / 1000)],
        capture_output=True,
        text=True,
    )
    try:
        found = dict(json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        return {"error": (done.stderr.strip().splitlines() or ["printed nothing"])[-1][:150]}
    from kit.inference.coaction.pairs import edges

    edges(object_[:9], account[:9], post[:9], moment[:9], WINDOW)  # load what is compiled
    begun = time.perf_counter()
    ours = edges(object_, account, post, moment // 1000 * 1000, WINDOW)
    kit_seconds = time.perf_counter() - begun
    database.unlink()
    ratio = (found["load"] + found["compute"]) / kit_seconds
    return found | {"kit_edges": len(ours.table), "kit": kit_seconds, "ratio": ratio}


def pandas_join(source: Path) -> float:
    """Seconds of pandas' self-join of all shares of an object, from string identifiers: the yardstick."""
    object_, account, _post, moment = load(source)
    text = pd.DataFrame(
        {
            "object": [f"https://news.example/{o}" for o in object_],
            "account": [f"u{a}" for a in account],
            "t": moment // 1000,
        }
    )
    begun = time.perf_counter()
    x = pd.DataFrame(
        {"o": pd.factorize(text["object"])[0], "a": pd.factorize(text["account"])[0], "t": text["t"]}
    )
    both = x.merge(x, on="o")
    both = both[(both["a_x"] < both["a_y"]) & ((both["t_x"] - both["t_y"]).abs() <= WINDOW // 1000)]
    both.groupby(["a_x", "a_y"])["o"].agg(["nunique", "size"])
    return time.perf_counter() - begun


# --- the report


def table(results: list[dict[str, Any]]) -> str:
    """The results as Markdown; ratios to the kit's edges and to the floor of the same size."""
    head = (
        "method | rows | s | each run | CPU s | peak MiB | × floor | DuckDB ÷ this | in CPU | edges | same edges"
    ).split(" | ")
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    at = {(one["method"], one["rows"]): one for one in results}
    for one in results:
        if "error" in one:
            lines.append(f"| {one['method']} | {one['rows']:,} | {one['error']} |" + " |" * (len(head) - 3))
            continue
        least = at.get(("floor: sort rows + pairs", one["rows"]), {}).get("seconds")
        database = at.get(("DuckDB: time buckets", one["rows"]), {})
        equal = (
            "" if "table" not in one or "table" not in database else str(one["table"] == database["table"])
        )
        cells = [
            one["method"], f"{one['rows']:,}", f"{one['seconds']:.3f}", " ".join(map(str, one["spread"])), f"{one['cpu']:.3f}",
            f"{one['peak_mib']:,.0f}", f"{one['seconds'] / least:.1f}" if least else "",
            f"{database['seconds'] / one['seconds']:.1f}" if "seconds" in database else "",
            f"{database['cpu'] / one['cpu']:.1f}" if "cpu" in database else "",
            f"{one['edges']:,}" if "edges" in one else "", equal,
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def slopes(results: list[dict[str, Any]]) -> str:
    """Slope of log time against log(rows + pairs) of each method over its sizes."""
    pairs = {one["rows"]: one["pairs_all"] for one in results if one.get("pairs_all")}
    lines = []
    for name in METHODS:
        mine = [one for one in results if one["method"] == name and "seconds" in one and one["rows"] in pairs]
        if len(mine) > 1:
            work = np.log([one["rows"] + pairs[one["rows"]] for one in mine])
            seconds = np.log([one["seconds"] for one in mine])
            steps = ", ".join(f"{s:.2f}" for s in np.diff(seconds) / np.diff(work))
            lines.append(f"{name}: {np.polyfit(work, seconds, 1)[0]:.2f} (step by step {steps})")
    return "\n".join(lines)


def main() -> None:
    """Write the shares, run every method, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", action="append", type=lambda text: int(float(text)), help="default: 1e5 1e6 1e7"
    )
    parser.add_argument(
        "--folder", type=Path, default=None, help="where to write; default: a temporary folder"
    )
    parser.add_argument("--only", action="append", choices=list(METHODS), help="one method; can be repeated")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peer", default=None, metavar="COMMAND", help="has coordination-network-toolkit")
    parser.add_argument("--published", action="store_true", help="compare with published figures of peers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = given.folder or Path(temporary)
        sizes = given.rows or list(SIZES)
        middle = sorted(sizes)[(len(sizes) - 1) // 2]
        results = []
        for n in sizes:
            source = generate(folder, n)
            for name in (name for name in given.only or METHODS if n <= UP_TO.get(name, n)):
                results.append(measure(name, source, given.repeat) | {"method": name, "rows": n})
                print(".", end="", file=sys.stderr, flush=True)
        print(table(results))
        print("\nSlope of log seconds against log(rows + pairs):")
        print(slopes(results))
        _hot(folder, middle, given.repeat)
        if given.peer:
            print(f"\ncoordination-network-toolkit, {middle:,} rows:")
            print(toolkit(given.peer, generate(folder, middle), Path(temporary)))
        if given.published:
            _published(folder, results)


def _hot(folder: Path, n: int, repeat: int) -> None:
    """Three viral objects with a tenth of the rows within a minute each, on top of the rows."""
    hot = measure("kit: edges", generate(folder, n, VIRAL), repeat)
    print(f"\n{VIRAL} viral objects of {n // 10:,} shares in a minute on top of {n:,} rows:")
    print(
        f"{hot['seconds']:.2f} s, {hot['peak_mib']:,.0f} MiB, {hot['pairs_all']:,} pairs, {hot['edges']:,} edges"
    )
    print(f"not listed: {hot['unlisted']}")


def _published(folder: Path, results: list[dict[str, Any]]) -> None:
    """The published seconds of two peers, carried to this machine by pandas' self-join then and now."""
    now = statistics.median(pandas_join(generate(folder, 100_000)) for _ in range(3))
    print(f"\nYardstick (pandas' self-join of 100,000 shares): {now:.2f} s now, {PANDAS_THEN} s then")
    for peer, (seconds, n) in PUBLISHED.items():
        for mine in (one for one in results if one["method"] == "kit: edges" and one["rows"] == n):
            carried = seconds * now / PANDAS_THEN
            print(
                f"{peer}, {n:,} rows: {seconds} s then, {carried:,.1f} s carried over, "
                f"{carried / mine['seconds']:,.0f} times the kit's {mine['seconds']:.3f} s"
            )


if __name__ == "__main__":
    main()
