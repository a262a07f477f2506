"""`python -m tests.acceptance [--rounds 20] [--kind splits …]`: measure, keep what was measured, write docs/acceptance.md."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections import Counter
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


def kept(path: Path, now: str | None) -> list[dict[str, Any]]:
    """Results of this state of the project that were measured before; of any where `now` is None."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if now is None:  # of a world that was measured again the last result counts
        return list({(row["cell"], row["number"]): row for row in rows}.values())
    return [row for row in rows if row["state"] == now]


def measure(path: Path, cells: list[plan.Cell], rounds: range, now: str) -> None:
    """Every cell in the rounds that are its own, but for what is kept already."""
    done = {(row["cell"], row["number"]) for row in kept(path, now)}
    path.parent.mkdir(parents=True, exist_ok=True)
    when = {"state": now, "revision": revision()}
    for number in rounds:
        for place, cell in enumerate(cells):
            if (cell.name, number) in done or (number + place) % cell.every:
                continue
            row = _made(cell, number) | when | {"day": f"{dt.date.today()}"}
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        sys.stderr.write(f"round {number + 1} of {rounds.stop}\n")


def _made(cell: plan.Cell, number: int) -> dict[str, Any]:
    """The result of one world; a world at which the kit stumbles is a result too."""
    with tempfile.TemporaryDirectory() as folder, desk.home(Path(folder)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return plan.result(cell, number, Path(folder))
        except Exception as error:
            sys.stderr.write(f"{cell.name}, {number}: {traceback.format_exc()}\n")
            return plan.empty(cell, number) | {"error": f"{type(error).__name__}: {error}"}


def revision() -> str:
    """The commit at hand, with a plus where something was changed since."""
    told = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def about(rows: list[dict[str, Any]]) -> str:
    """When, of which revision, from which seeds, how many worlds."""
    days = " to ".join(sorted({row["day"] for row in rows})[:: max(1, len({row["day"] for row in rows}) - 1)])
    counts = Counter(row["revision"] for row in rows)
    at = ", ".join(f"{name} ({many:,})" for name, many in counts.items())
    return f"{len(rows):,} worlds, measured on {days or 'no day'} at revision {at}; seeds from {plan.SEED}."


def main() -> None:
    """Measure and write."""
    ask = argparse.ArgumentParser(prog="python -m tests.acceptance", description=__doc__)
    ask.add_argument("--rounds", type=int, default=20, help="worlds of each kind (20)")
    ask.add_argument("--first", type=int, default=0, help="the round to begin with (0)")
    ask.add_argument("--kind", nargs="*", choices=("splits", "real", "communities", "planted"))
    ask.add_argument("--results", type=Path, default=KEPT, help="where results are kept")
    ask.add_argument("--to", type=Path, default=DOCUMENT, help="the table")
    ask.add_argument("--only-write", action="store_true", help="measure nothing, write what is kept")
    ask.add_argument("--any-state", action="store_true", help="write also what older code gave, and say so")
    given = ask.parse_args()
    cells, now = [cell for cell in plan.cells() if not given.kind or cell.kind in given.kind], state()
    if not given.only_write:
        measure(given.results, cells, range(given.first, given.rounds), now)
    rows = kept(given.results, None if given.any_state else now)
    given.to.write_text(table.document(rows, about(rows)), encoding="utf-8")
    for what, where, how in table.failing(rows):
        sys.stdout.write(f"{what} | {where} | {how}\n")


if __name__ == "__main__":
    main()
