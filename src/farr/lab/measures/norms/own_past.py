"""One's own figure a year before."""

from farr.lab.measures.norm import Members, Norm, Peers
from farr.lab.model.dimension import LEVELS


def _members(peers: Peers) -> Members:
    return peers.those({peers.code})


NORM = Norm(
    title="Own past",
    why="Whether it has become better or worse here, whatever happens elsewhere.",
    definition="The organisation's own figure over the same months a year before, as the records of that time are held now. Each "
    "organisation is set beside its own past. Not made for standardised ratios, whose national reference differs between the years.",
    source="Farr",
    levels=LEVELS,
    members=_members,
    months_back=12,
)
