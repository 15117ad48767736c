"""A pound paid above the tariff."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="pound",
    units="pounds",
    price=Price.POUND,
    means=Means.PAYMENT,
    pool="admitted",
    source="The measure is money: £ above for each £100 of tariff × the tariff / 100",
    limits="Local prices that were agreed on are above the tariff with reason.",
)
