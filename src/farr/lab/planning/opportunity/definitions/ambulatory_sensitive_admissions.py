"""An admission that good care outside hospital could often prevent."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="emergency spell",
    units="emergency spells",
    price=Price.SENSITIVE_SPELL,
    means=Means.PAYMENT,
    pool="sensitive_spells",
    source="NHS RightCare values admissions at what is paid for them on average",
    limits="Care outside hospital that would prevent them costs something, which is not taken off.",
)
