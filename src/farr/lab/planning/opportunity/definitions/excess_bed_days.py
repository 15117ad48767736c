"""A day beyond the trim point, which is paid by the day."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="excess bed day",
    units="excess bed days",
    price=Price.BED_DAY,
    means=Means.PAYMENT,
    pool="excess_days",
    source="National Tariff: per-day rate of the group, paid for each day beyond the trim point",
    limits="Trim points of two years are mixed where a period crosses April.",
)
