"""A removal of the gall bladder that would be a day case."""

from farr.lab.planning.opportunity.value import Means, Price, Value

VALUE = Value(
    unit="stay as a day case",
    units="stays as day cases",
    price=Price.BED_DAY,
    means=Means.CAPACITY,
    pool="gallbladder_stays",
    source="Farr: one bed day for each, the least that a stay of a night takes",
    limits="A stay that becomes a day case may free more than one day. Not money that anybody pays the less.",
)
