"""How fast, in how much memory and how completely near-equal texts are found, against peers in the same run.

    .venv/bin/python -m benchmarks.texts --posts 1e6 --folder /tmp/bench

writes that many short synthetic posts in three languages with planted near-duplicates (one or two edits
each), or takes a file with `--file` (Parquet: id, text, cluster), and searches it with each method
in a process of its own. Peers run with `--peers PYTHON SCRIPT`: an interpreter that has them, and a
script called as `SCRIPT METHOD FILE` that prints one JSON line with total, peak_mib and
planted_posts_found. Only ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

PEERS = ("nbminhash_32x4_4", "datasketch")


def peak_mib() -> float:
    """Most memory this process has held, in MiB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def search(path: Path) -> dict[str, Any]:
    """The kit on the file: seconds with and without compiling, and what was found."""
    from kit.texts.near_duplicates import produce

    file = pq.ParquetFile(path)

    def read(query: str, *, rows: int = 100_000, **_more: Any) -> Iterator[pd.DataFrame]:
        if "FROM links" not in query:
            for batch in file.iter_batches(rows, columns=["id", "text"]):
                yield batch.to_pandas().rename(columns={"id": "post_key"})

    def few(query: str, **more: Any) -> Iterator[pd.DataFrame]:
        yield from (part for _, part in zip(range(1), read(query, rows=500), strict=False))

    produce(few)  # load what is compiled
    begun, before = time.perf_counter(), time.process_time()
    found = produce(read)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - before
    peak = peak_mib()
    truth = pq.read_table(path, columns=["id", "cluster"]).to_pandas()
    return {"total": round(seconds, 1), "cpu": round(cpu, 1), "peak_mib": round(peak)} | score(truth, found)


def score(truth: pd.DataFrame, found: pd.DataFrame) -> dict[str, float]:
    """Share of planted posts found beside a mate, and share of the clustered posts that were planted together."""
    both = truth.merge(found, left_on="id", right_on="post_key").dropna(subset=["near_duplicate_key"])
    planted = both[both["cluster"] >= 0]
    good = int((planted.groupby(["cluster", "near_duplicate_key"])["id"].transform("size") > 1).sum())
    return {
        "planted_posts_found": round(good / max(1, int((truth["cluster"] >= 0).sum())), 4),
        "precision": round(good / max(1, len(both)), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=float, default=1e5)
    parser.add_argument("--seed", type=int, default=11, help="of the posts that are written")
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--file", type=Path, default=None, help="search this file instead")
    parser.add_argument("--peers", nargs=2, metavar=("PYTHON", "SCRIPT"), default=None)
    parser.add_argument("--method", action="append", help=f"peers to run; all by default: {', '.join(PEERS)}")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(search(options.one)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        path = options.file or Path(scratch) / "posts.parquet"
        if not options.file:
            from simulation.near_duplicates import posts_with_near_duplicates

            table = posts_with_near_duplicates(int(options.posts), seed=options.seed).rename(
                columns={"post_key": "id", "language": "lang"}
            )
            table.to_parquet(path, index=False)
        rows = [("kit", _run([sys.executable, "-m", "benchmarks.texts", "--one", str(path)]))]
        for method in (options.method or PEERS) if options.peers else ():
            rows.append((method, _run([*options.peers, method, str(path)])))
    print(f"{'method':<22}{'s':>9}{'peak MiB':>10}{'found':>9}{'precision':>11}{'time of kit':>13}")
    ours = rows[0][1].get("total")
    for name, row in rows:
        if "error" in row:
            print(f"{name:<22}{row['error']}")
            continue
        ratio = f"{row['total'] / ours:.2f}" if ours else "-"
        print(
            f"{name:<22}{row['total']:>9.1f}{row['peak_mib']:>10.0f}{row['planted_posts_found']:>9.4f}"
            f"{row.get('precision', float('nan')):>11.4f}{ratio:>13}"
        )


def _run(words: list[str]) -> dict[str, Any]:
    """The JSON of the last line a command prints, or why there is none."""
    done = subprocess.run(words, capture_output=True, text=True)
    try:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        return {"error": (done.stderr.strip().splitlines() or ["printed nothing"])[-1][:150]}


if __name__ == "__main__":
    main()
