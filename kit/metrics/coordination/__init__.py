"""Who acts together, more than activity, popularity, shared interest and breaking news explain?"""

from kit.metrics.coordination.actions import TRACES, actions, traces
from kit.metrics.coordination.chances import base_rates, settings
from kit.metrics.coordination.clusters import clusters, network, network_accounts, one_sitting
from kit.metrics.coordination.evidence import dossier, reader_agreement
from kit.metrics.coordination.instep import in_step, in_step_traces
from kit.metrics.coordination.robust import in_step_controls, in_step_grid, in_step_power
from kit.metrics.coordination.together import edges, pair_costs, pairs, rule_of_thumb
from kit.metrics.coordination.wordings import (
    shared_templates,
    wording_groups,
    wording_marks,
    wording_power,
    wording_sources,
)

__all__ = [
    "TRACES",
    "actions",
    "base_rates",
    "clusters",
    "dossier",
    "edges",
    "in_step",
    "in_step_controls",
    "in_step_grid",
    "in_step_power",
    "in_step_traces",
    "network",
    "network_accounts",
    "one_sitting",
    "pair_costs",
    "pairs",
    "reader_agreement",
    "rule_of_thumb",
    "settings",
    "shared_templates",
    "traces",
    "wording_groups",
    "wording_marks",
    "wording_power",
    "wording_sources",
]
