"""A pound paid beyond the norm for the same casemix."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="pound",
    units="pounds",
    price=Price.POUND,
    means=Means.PAYMENT,
    pool="admitted",
    source="The measure is money: £ per weighted spell × weighted spells",
    limits="Market forces and specialised care differ between organisations and are part of the difference.",
)
