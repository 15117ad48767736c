"""Every short emergency stay at seven tenths of its price."""

from decimal import Decimal

from farr.lab.planning.scenario import BookChange, Scenario

SCENARIO = Scenario(
    title="Short emergency stays at 70% of the price",
    why="Stays of less than two days cost less than the average that the price is made of. What if every group were paid seven tenths for "
    "them, as some are, and not by its own share?",
    source="An illustration: one share for all groups. The national tariff sets a share for each group, which a workbook holds",
    changes=(BookChange(column="Short_Stay_Share", value=Decimal("0.7")),),
)
