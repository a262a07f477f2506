"""Synthetic campaigns with known truth: exports as a researcher would receive them, and what was planted in them.

    world = simulate(Campaign(share_new=0.2, bursts=()))
    write_exports(world, "somewhere")

Every planted fact is an argument of `Campaign`; the defaults make the sample in
`data/sample`. Nothing here is real: members, accounts, handles and texts are
invented, links end in `.example`. This package imports no metric, so that the tests
compare what a metric finds with what was planted.
"""

from __future__ import annotations

from simulation.campaign import Campaign, tiny
from simulation.coding import meant, write_coders
from simulation.exports import write_exports, write_report
from simulation.other_formats import write_io_archive, write_v2_jsonl
from simulation.sample import make_sample
from simulation.world import honest, simulate, truth

__all__ = [
    "Campaign",
    "honest",
    "make_sample",
    "meant",
    "simulate",
    "tiny",
    "truth",
    "write_coders",
    "write_exports",
    "write_io_archive",
    "write_report",
    "write_v2_jsonl",
]
