"""A follow-up that would not be."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="follow-up",
    units="follow-ups",
    price=Price.FOLLOW_UP,
    means=Means.PAYMENT,
    pool="follow_ups",
    source="Priced as a follow-up without a procedure on average",
    limits="Of all specialties together: a different mix of them shows as a difference.",
)
