"""`python -m tests.acceptance [--rounds 20] [--kind splits …]`: measure, keep what was measured, write docs/acceptance.md."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from . import desk, pages, plan, table

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "acceptance.md"
KEPT = ROOT / "data" / "cases" / "acceptance.jsonl"


def state() -> str:
    """A name for everything a result depends on: the kit, what the notebooks ask, and the worlds."""
    whole = hashlib.sha256(pages.asked().encode())
    for path in sorted([*(ROOT / "kit").rglob("*.py"), *Path(__file__).parent.glob("*.py")]):
        if path.name not in ("table.py", "__main__.py"):
            whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def kept(path: Path, now: str) -> list[dict[str, Any]]:
    """Results of this state of the project that were measured before."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["state"] == now]


def measure(path: Path, cells: list[plan.Cell], rounds: int, now: str) -> None:
    """Every cell once in each round, but for what is kept already."""
    done = {(row["cell"], row["number"]) for row in kept(path, now)}
    path.parent.mkdir(parents=True, exist_ok=True)
    for number in range(rounds):
        for cell in cells:
            if (cell.name, number) in done:
                continue
            with tempfile.TemporaryDirectory() as folder, desk.home(Path(folder)), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = plan.result(cell, number, Path(folder))
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row | {"state": now, "day": f"{dt.date.today()}"}) + "\n")
        sys.stderr.write(f"round {number + 1} of {rounds}\n")


def about(rows: list[dict[str, Any]]) -> str:
    """When, of which revision, from which seeds, how many worlds."""
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    revision = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    days = sorted({row["day"] for row in rows}) or ["no day"]
    return f"{len(rows):,} worlds, {days[-1]}, revision {revision}, first seed {plan.SEED}."


def main() -> None:
    """Measure and write."""
    ask = argparse.ArgumentParser(prog="python -m tests.acceptance", description=__doc__)
    ask.add_argument("--rounds", type=int, default=20, help="worlds of each kind (20)")
    ask.add_argument("--kind", nargs="*", choices=("splits", "real", "communities", "planted"))
    ask.add_argument("--results", type=Path, default=KEPT, help="where results are kept")
    ask.add_argument("--to", type=Path, default=DOCUMENT, help="the table")
    ask.add_argument("--only-write", action="store_true", help="measure nothing, write what is kept")
    given = ask.parse_args()
    cells, now = [cell for cell in plan.cells() if not given.kind or cell.kind in given.kind], state()
    if not given.only_write:
        measure(given.results, cells, given.rounds, now)
    rows = kept(given.results, now)
    given.to.write_text(table.document(rows, about(rows)), encoding="utf-8")
    for what, where, how in table.failing(rows):
        sys.stdout.write(f"{what} | {where} | {how}\n")


if __name__ == "__main__":
    main()
