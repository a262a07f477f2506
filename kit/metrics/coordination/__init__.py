"""Who acts together, more than activity, popularity, shared interest and breaking news explain?"""

from kit.metrics.coordination.actions import TRACES, actions, edges, pair_costs, pairs, rule_of_thumb, traces
from kit.metrics.coordination.at_once import at_once
from kit.metrics.coordination.clusters import clusters, network, network_accounts, one_sitting
from kit.metrics.coordination.evidence import base_rates, dossier, reader_agreement, settings
from kit.metrics.coordination.shared_templates import (
    shared_templates,
    template_groups,
    template_indicators,
    template_power,
    template_sources,
)
from kit.metrics.coordination.synchronised import (
    synchronised,
    synchronised_controls,
    synchronised_grid,
    synchronised_power,
    synchronised_traces,
)
from kit.metrics.renamed import refuse_in

__all__ = [
    "TRACES",
    "actions",
    "at_once",
    "base_rates",
    "clusters",
    "dossier",
    "edges",
    "network",
    "network_accounts",
    "one_sitting",
    "pair_costs",
    "pairs",
    "reader_agreement",
    "rule_of_thumb",
    "settings",
    "shared_templates",
    "synchronised",
    "synchronised_controls",
    "synchronised_grid",
    "synchronised_power",
    "synchronised_traces",
    "template_groups",
    "template_indicators",
    "template_power",
    "template_sources",
    "traces",
]

__getattr__ = refuse_in("coordination")
