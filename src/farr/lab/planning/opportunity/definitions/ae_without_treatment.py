"""An attendance without investigation or treatment that would not be."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="attendance",
    units="attendances",
    price=Price.UNTREATED,
    means=Means.PAYMENT,
    pool="untreated",
    source="Priced as such an attendance on average",
    limits="Care elsewhere that would take its place is not taken off.",
)
