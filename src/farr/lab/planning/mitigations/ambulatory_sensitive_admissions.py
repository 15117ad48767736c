"""Fewer emergency admissions for conditions that care outside hospital can keep out of it."""

from farr.lab.planning.projection.cells import EMERGENCY
from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

MITIGATION = Mitigation(
    title="Fewer ambulatory-care-sensitive admissions",
    why="Asthma, diabetes, heart failure and their like should seldom need an emergency bed where care outside hospital works.",
    applies=lambda cells: cells.is_of(*EMERGENCY),
    population="Emergency spells whose primary diagnosis is ambulatory-care-sensitive, as the spell table flags it",
    share="ambulatory_sensitive",
    effect=Effect.AVOIDED,
    strength=Uncertain(low=0.05, high=0.15),
    evidence="The New Hospital Programme's model has such mitigators (ambulatory care conditions, acute, chronic and vaccine-preventable: "
    "IP-AA-004 to 006); its sample parameters, which are no recommendation, have 0.85 to 0.95 left",
    unverified="How much can be avoided: the range is that of the sample parameters. Set it from your own plans or trials.",
)
