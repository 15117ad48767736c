"""A day of any stay."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="bed day",
    units="bed days",
    price=Price.BED_DAY,
    means=Means.CAPACITY,
    pool="stay_days",
    source="Farr: the tariff's per-day rate is the price that a payer and a provider agreed on for one more day",
    limits="Not money that anybody pays the less: beds that others could use. The last days of a stay cost less than the first. "
    "Casemix differs.",
)
