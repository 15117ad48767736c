"""A day of a stay for a hip fracture."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="bed day",
    units="bed days",
    price=Price.BED_DAY,
    means=Means.CAPACITY,
    pool="hip_fracture_days",
    source="Farr: the tariff's per-day rate is the price that a payer and a provider agreed on for one more day",
    limits="Not money that anybody pays the less: beds that others could use.",
)
