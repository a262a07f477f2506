"""How long the scan of a release takes, how its time and memory grow, and what protection costs a report.

    python -m benchmarks.disclosure [--values 50000 100000 200000] [--megabytes 2 4 8]
    python -m benchmarks.disclosure --cost sample

Invented values of every kind, and pages of tables, prose and pictures in base64. Each row is a process of its own,
so that its memory is its own. The last lines say how much longer twice as much takes: near 2 is linear. With `--cost` a
report is run in both editions, and its numbers are compared.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import report as reports
from kit.disclosure.scan import ADDRESS, HANDLE, ID, NAME, TEXT, Kind, Public, Values, scan
from kit.notebook import kept
from kit.publish import run as runs

BITS = "ba da fe gi ko lu mo ne pi ra se ti vo".split()
WORDS = [f"{a}{b}{c}{d}" for a in BITS for b in BITS for c in BITS for d in ("", "n", "s")]


def values(count: int) -> Iterator[Values]:
    """`count` values: a third texts, the others identifiers, handles, names and addresses."""
    draw = random.Random(1)
    makers: list[tuple[str, Kind, object]] = [
        ("accounts.account_id", ID, lambda: str(draw.randrange(10**17, 10**18))),
        ("accounts.handle", HANDLE, lambda: f"{draw.choice(WORDS)}_{draw.randrange(10**6)}"),
        (
            "accounts.display_name",
            NAME,
            lambda: f"{draw.choice(WORDS)} {draw.choice(WORDS)} {draw.randrange(10**6)}",
        ),
        ("links.url", ADDRESS, lambda: f"https://{draw.choice(WORDS)}.example/{draw.randrange(10**9)}"),
        ("posts.text", TEXT, lambda: " ".join(draw.choices(WORDS, k=18))),
        ("accounts.bio", TEXT, lambda: " ".join(draw.choices(WORDS, k=10))),
    ]
    for column, kind, make in makers:
        for start in range(0, count // len(makers), 50_000):
            size = min(50_000, count // len(makers) - start)
            yield Values(column, kind, [make() for _ in range(size)])  # type: ignore[operator]


def write(folder: Path, megabytes: float) -> None:
    """A release: half a page with pictures, half tables."""
    draw = random.Random(2)
    size = int(megabytes * 2**20)
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + draw.randbytes(60_000)).decode()
    page, tables = [], 0
    while sum(map(len, page)) < size // 2:
        page.append(
            f'<p>{" ".join(draw.choices(WORDS, k=400))}</p>\n<img src="data:image/png;base64,{picture}">\n'
        )
    (folder / "index.html").write_text("".join(page))
    while tables < size // 2:
        rows = "".join(
            f'"{draw.choice(WORDS)}",{draw.randrange(10**5)},{draw.random():.6g}\n' for _ in range(2000)
        )
        (folder / f"table{tables}.csv").write_text('"word","posts","share"\n' + rows)
        tables += len(rows)


def measure(count: int, megabytes: float) -> dict[str, float]:
    """Seconds and MiB of one scan."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder, megabytes)
        list(values(1000))
        before = time.process_time()  # of one core: others may be at work
        outcome = scan(folder, values(count), Public(kit="the words of the kit"))
        seconds = time.process_time() - before
    assert not outcome.hits, outcome.hits[:3]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    return {"values": count, "megabytes": megabytes, "seconds": round(seconds, 1), "mebibytes": round(peak)}


def cost(name: str) -> dict[str, Any]:
    """How many numbers of a report are shown as they are, rounded, in words or not, and what that does to its findings."""
    report = reports.load(name)
    runs.run(report, editions=["public", "internal"], languages=report.languages[:1])
    seen = {
        (one["id"], one["kind"], one.get("value")): one
        for stage in sorted((report.out / ".stages" / "public").iterdir())
        for one in kept.quantities(stage)
        if one["kind"] != "unknown"
        and one.get("true") is not None
        and not one["id"].startswith(("whole of", "step of"))
    }
    how = Counter(map(_how, seen.values()))
    shown, true = (
        _findings(report.out / edition / report.languages[0]) for edition in ("public", "internal")
    )
    apart = [
        abs(shown[id_]["value"] - one["value"])
        for id_, one in true.items()
        if one["unit"].startswith("share") and None not in (shown[id_]["value"], one["value"])
    ]
    other = sum(one["outcome"] != shown[id_]["outcome"] for id_, one in true.items())
    return {
        "numbers": len(seen),
        **how,
        "largest change of a share": max(apart, default=0),
        "other outcomes": other,
    }


def _how(one: dict[str, Any]) -> str:
    """How a number is shown."""
    value, true = one.get("value"), one["true"]
    if one["kind"] == "withheld":
        return "withheld"
    if value is None or one["kind"] in ("under", "over"):
        return "in words"
    return "as it is" if abs(value - true) <= 1e-5 * abs(true) + 1e-12 else "rounded"


def _findings(page: Path) -> dict[str, dict[str, Any]]:
    entries = json.loads((page / "findings.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in entries if one["kind"] == "finding"}


def main() -> None:
    """Measure both series and print them."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--values", type=int, nargs="+", default=[100_000, 200_000, 400_000])
    ask.add_argument("--megabytes", type=float, nargs="+", default=[3, 6, 12])
    ask.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    ask.add_argument("--cost", metavar="NAME", help="of this report, in reports/")
    given = ask.parse_args()
    if given.cost:
        print(json.dumps(cost(given.cost), indent=1))
        return
    if given.one:
        print(json.dumps(measure(int(given.one[0]), float(given.one[1]))))
        return
    for title, series in (
        ("values", [(n, given.megabytes[0]) for n in given.values]),
        ("megabytes", [(given.values[0], m) for m in given.megabytes]),
    ):
        rows = []
        print("\n| values | MB of release | s | MiB |\n|--:|--:|--:|--:|")
        for n, m in series:
            command = [sys.executable, "-m", "benchmarks.disclosure", "--one", str(n), str(m)]
            row = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            rows.append(row)
            print(f"| {n:,} | {m:g} | {row['seconds']} | {row['mebibytes']} |")
        first, last = rows[0], rows[-1]
        ratio = last["seconds"] / max(first["seconds"], 0.1)
        print(f"\n{last[title] / first[title]:g} times the {title}: {ratio:.1f} times the seconds")


if __name__ == "__main__":
    main()
