"""A bed day of a stay of three weeks or more."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="bed day",
    units="bed days",
    price=Price.BED_DAY,
    means=Means.CAPACITY,
    pool="long_stay_days",
    source="Farr: the tariff's per-day rate is the price that a payer and a provider agreed on for one more day",
    limits="Not money that anybody pays the less. A smaller share of long stays is also reached by more days of others: read it with "
    "the length of stay.",
)
