"""Statistics as pure functions of arrays, each citing its source."""

from farr.lab.measures.statistics.funnel import FunnelLimits, funnel_limits, funnel_verdict, mean_funnel, proportion_funnel
from farr.lab.measures.statistics.intervals import Interval, byar_interval, mean_interval, wilson_interval
from farr.lab.measures.statistics.quantiles import quantile_group
from farr.lab.measures.statistics.similar import SIMILAR_TEN, PeerDefinition, SimilarOrganisations, similar_organisations
from farr.lab.measures.statistics.standardisation import (
    StandardisedRate,
    StandardisedRatio,
    directly_standardised_rate,
    expected_counts,
    indirectly_standardised_ratio,
)
from farr.lab.measures.statistics.xmr import XmrChart, xmr_chart

__all__ = [
    "SIMILAR_TEN",
    "FunnelLimits",
    "Interval",
    "PeerDefinition",
    "SimilarOrganisations",
    "StandardisedRate",
    "StandardisedRatio",
    "XmrChart",
    "byar_interval",
    "directly_standardised_rate",
    "expected_counts",
    "funnel_limits",
    "funnel_verdict",
    "indirectly_standardised_ratio",
    "mean_funnel",
    "mean_interval",
    "proportion_funnel",
    "quantile_group",
    "similar_organisations",
    "wilson_interval",
    "xmr_chart",
]
