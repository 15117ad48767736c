"""Fewer attendances at emergency departments that end without investigation or treatment."""

from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.uncertain import Uncertain

MITIGATION = Mitigation(
    title="Fewer A&E attendances without treatment",
    why="Who is sent home without investigation or treatment could often have been seen elsewhere, or advised.",
    applies=lambda cells: cells.is_of("AE"),
    population="Attendances discharged without investigation or treatment, as the table of attendances flags it",
    share="without_treatment",
    effect=Effect.AVOIDED,
    strength=Uncertain(low=0.05, high=0.15),
    evidence="The New Hospital Programme's model has such mitigators (discharged, no investigation or treatment: AE-AA-001 to 004); "
    "its sample parameters, which are no recommendation, have 0.85 to 0.95 left",
    unverified="How much can be avoided: the range is that of the sample parameters.",
)
