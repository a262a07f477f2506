"""What protection costs: tables of more and more cells, in one run.

    python -m benchmarks.disclosure

Prints, for reports of 1,000 to 16,000 cells, how long `protect` and the auditor take, and how much each step grows
against the one before: about 2 where the number of cells doubles.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from kit.disclosure import Bounds, audit, protect

CELLS = (1_000, 2_000, 4_000, 8_000, 16_000)
ROWS = 50  # of one table: reports grow by tables


def table(number: int, rng: np.random.Generator) -> pd.DataFrame:
    """A table of counts that add up to a total, many of them small."""
    counts = rng.choice([0, 3, 12, 80, 400], size=ROWS) + rng.integers(0, 9, size=ROWS)
    made = pd.DataFrame({"code": [f"{number}-{i}" for i in range(ROWS)], "accounts": counts})
    made.attrs |= {"name": f"made_{number}", "metric": "bench.made"}
    return made


def main() -> None:
    """Print the times and their growth."""
    rng, before = np.random.default_rng(1), (0.0, 0.0)
    print(f"{'cells':>8}{'protect, s':>12}{'growth':>8}{'audit, s':>10}{'growth':>8}")
    for cells in CELLS:
        tables = [table(i, rng) for i in range(cells // ROWS)]
        start = time.perf_counter()
        said = [one.plain() for t in tables for one in protect(t, Bounds()).quantities]
        middle = time.perf_counter()
        audit.leaks(said)
        took = (middle - start, time.perf_counter() - middle)
        growth = [f"{now / then:.1f}" if then else "" for now, then in zip(took, before, strict=True)]
        print(f"{cells:>8}{took[0]:>12.2f}{growth[0]:>8}{took[1]:>10.2f}{growth[1]:>8}")
        before = took


if __name__ == "__main__":
    main()
