"""Statistics as pure functions of arrays, each citing its source."""

from farr.lab.measures.statistics.funnel import (
    FunnelLimits,
    compound_funnel,
    error_funnel,
    funnel_limits,
    funnel_verdict,
    mean_funnel,
    proportion_funnel,
    ratio_funnel,
)
from farr.lab.measures.statistics.intervals import Interval, byar_interval, mean_interval, wilson_interval
from farr.lab.measures.statistics.quantiles import quantile_group
from farr.lab.measures.statistics.ratios import compound_poisson_interval, poisson_ratio_interval, ratio_error, ratio_of_sums_interval
from farr.lab.measures.statistics.similar import SimilarOrganisations, similar_organisations
from farr.lab.measures.statistics.standard_population import EUROPEAN_2013, StandardPopulation
from farr.lab.measures.statistics.standardisation import (
    StandardisedRate,
    StandardisedRatio,
    directly_standardised_rate,
    dobson_error,
    expected_counts,
    indirectly_standardised_ratio,
)
from farr.lab.measures.statistics.xmr import XmrChart, xmr_chart

__all__ = [
    "EUROPEAN_2013",
    "FunnelLimits",
    "Interval",
    "SimilarOrganisations",
    "StandardPopulation",
    "StandardisedRate",
    "StandardisedRatio",
    "XmrChart",
    "byar_interval",
    "compound_funnel",
    "compound_poisson_interval",
    "directly_standardised_rate",
    "dobson_error",
    "error_funnel",
    "expected_counts",
    "funnel_limits",
    "funnel_verdict",
    "indirectly_standardised_ratio",
    "mean_funnel",
    "mean_interval",
    "poisson_ratio_interval",
    "proportion_funnel",
    "quantile_group",
    "ratio_error",
    "ratio_funnel",
    "ratio_of_sums_interval",
    "similar_organisations",
    "wilson_interval",
    "xmr_chart",
]
