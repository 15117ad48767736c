"""An emergency admission that would not be."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="emergency spell",
    units="emergency spells",
    price=Price.EMERGENCY_SPELL,
    means=Means.PAYMENT,
    pool="emergency_spells",
    source="NHS RightCare values admissions at what is paid for them on average",
    limits="The admissions avoided may be cheaper than the average one. Rates are not standardised for age.",
)
