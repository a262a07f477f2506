"""Makes the committed sample: exports in data/sample, and the lists of reports/sample."""

from __future__ import annotations

from pathlib import Path

from kit.simulate.campaign import Campaign
from kit.simulate.coding import write_coders
from kit.simulate.exports import write_exports, write_lists
from kit.simulate.world import simulate

ROOT = Path(__file__).resolve().parents[2]


def make_sample(root: str | Path = ROOT, *, seed: int | None = None) -> list[dict]:
    """Write `data/sample` and the CSV files of `reports/sample` below `root`; return the `exports` entries.

    `report.yml` and `codebook.yml` there are written by hand and never touched; a test compares its
    exports with the entries returned here.
    """
    campaign = Campaign() if seed is None else Campaign(seed=seed)
    world = simulate(campaign)
    entries = write_exports(world, Path(root) / "data" / "sample")
    write_lists(world, Path(root) / "reports" / "sample")
    write_coders(world, Path(root) / "reports" / "sample")
    return [entry | {"path": f"../../data/sample/{entry['path']}"} for entry in entries]
