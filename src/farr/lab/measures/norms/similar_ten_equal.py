"""The ten commissioners that are most alike, every feature weighing the same."""

from farr.lab.measures.comparison.similar import similar_members
from farr.lab.measures.norm import Members, Norm, Peers
from farr.lab.measures.peer_groups import equal_weights

_DEFINITION = equal_weights.PEERDEFINITION


def _members(peers: Peers) -> Members:
    return similar_members(peers, {_DEFINITION.level: _DEFINITION})


NORM = Norm(
    title="Similar ten, equal weights",
    why="How far the choice of weights decides who the peers are: compare with the similar ten.",
    definition="As the similar ten of commissioners, by the same features, each with the same weight.",
    source=f"{_DEFINITION.title}, {_DEFINITION.version}: {_DEFINITION.source}",
    levels=(_DEFINITION.level,),
    members=_members,
    tables=("commissioner_feature",),
    options=("count",),
)
