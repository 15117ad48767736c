"""An attendance that would not be."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="attendance",
    units="attendances",
    price=Price.ATTENDANCE,
    means=Means.PAYMENT,
    pool="attendances",
    source="Priced as an attendance on average",
    limits="The attendances avoided are likely to be the cheaper ones. Not standardised for age.",
)
