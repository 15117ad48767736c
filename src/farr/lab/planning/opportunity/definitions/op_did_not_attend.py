"""An appointment that would be kept."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="kept appointment",
    units="kept appointments",
    price=Price.APPOINTMENT,
    means=Means.CAPACITY,
    pool="missed",
    source="Priced as an attended appointment on average: what the place would have been worth",
    limits="Not money that anybody pays the less: places that were not used. Clinics that book more than they hold lose less.",
)
