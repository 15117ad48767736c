"""A readmission that would not be."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="readmission",
    units="readmissions",
    price=Price.EMERGENCY_SPELL,
    means=Means.PAYMENT,
    pool="readmissions",
    source="Priced as an emergency spell on average",
    limits="A readmission may be dearer than the average emergency. Non-payment of readmissions by contract is not taken off.",
)
