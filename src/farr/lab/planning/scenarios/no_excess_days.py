"""Excess bed days are not paid."""

from dataclasses import replace

from farr.lab.marts.pricing.rules import NATIONAL_RULES
from farr.lab.planning.scenario import Scenario

SCENARIO = Scenario(
    title="Excess bed days are not paid",
    why="Pay by the day beyond the trim point rewards long stays. Who would lose by its end, before anybody behaves otherwise?",
    source="An illustration of a rule that ends",
    rules=replace(NATIONAL_RULES, has_excess_days=False),
)
