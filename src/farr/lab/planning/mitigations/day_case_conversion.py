"""Planned inpatient care that is done as day cases instead."""

from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

MITIGATION = Mitigation(
    title="Day cases in place of elective stays",
    why="Planned treatment without a night in hospital suits most people, frees beds and is seldom called off for want of one.",
    applies=lambda cells: cells.is_of("EL") & cells.is_aged(18),
    population="Elective inpatient spells of adults",
    effect=Effect.MOVED,
    to="DC",
    strength=Uncertain(low=0.05, high=0.15),
    evidence="The New Hospital Programme's model has such mitigators by procedure (day procedures, usually or occasionally performed as a "
    "day case: IP-EF-005 and 007)",
    unverified="Which procedures, and how much of them: here it is a share of all elective stays of adults, and the range is a parameter.",
)
