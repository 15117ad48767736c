"""Nothing changes."""

from farr.lab.planning.scenario import Scenario

SCENARIO = Scenario(
    title="Nothing changes",
    why="A check of the method: every spell is paid what it is paid now, so that nobody gains or loses a penny.",
    source="Farr; an identity, not a proposal",
)
