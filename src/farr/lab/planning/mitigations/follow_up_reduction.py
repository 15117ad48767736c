"""Fewer outpatient follow-ups."""

from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

MITIGATION = Mitigation(
    title="Fewer outpatient follow-ups",
    why="A follow-up that changes nothing takes a place from somebody who waits; patients may ask for one when they need it.",
    applies=lambda cells: cells.is_of("OPFUP"),
    population="Outpatient follow-ups attended, without a procedure",
    effect=Effect.AVOIDED,
    strength=Uncertain(low=0.05, high=0.25),
    full=3,
    evidence="NHS England asked for 25% fewer follow-ups than in 2019/20 by March 2023 (2022/23 priorities and operational planning "
    "guidance): an aim, and no finding",
    unverified="What was or can be reached: the range runs from a twentieth to that aim.",
)
