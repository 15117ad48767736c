"""Shorter stays of older people admitted as emergencies."""

from farr.lab.planning.projection.cells import EMERGENCY
from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

MITIGATION = Mitigation(
    title="Shorter emergency stays of older people",
    why="Days in hospital that treatment does not need cost older people their strength, and others a bed.",
    applies=lambda cells: cells.is_of(*EMERGENCY) & cells.is_aged(75),
    population="Bed days of emergency spells of people aged 75 and over",
    effect=Effect.SHORTENED,
    strength=Uncertain(low=0.05, high=0.15),
    evidence="The New Hospital Programme's model has such a mitigator (emergency admission of older people: IP-EF-009); its sample "
    "parameters, which are no recommendation, have 0.85 to 0.95 left",
    unverified="How much shorter stays can be: the range is that of the sample parameters. Payment does not change with it.",
)
