"""The organisations that are most alike: ten, unless the user says how many."""

from farr.lab.measures.comparison.similar import similar_members
from farr.lab.measures.norm import Members, Norm, Peers
from farr.lab.measures.peer_groups import rightcare_2021, trust_features

_DEFINITIONS = {each.level: each for each in (rightcare_2021.PEERDEFINITION, trust_features.PEERDEFINITION)}


def _members(peers: Peers) -> Members:
    return similar_members(peers, _DEFINITIONS)


NORM = Norm(
    title="Similar ten",
    why="Like for like: what organisations with people as deprived, old, rural and diverse, or trusts of such a size, achieve.",
    definition="The ten organisations nearest by weighted squared distance: commissioners by deprivation, size, age, rurality and "
    "ethnicity; trusts by beds, emergency and specialised share, age, deprivation and teaching (weights not verified against any "
    "publication). The one compared is not its own peer, so it is not in the norm's value.",
    source="; ".join(f"{each.title}, {each.version}: {each.source}" for each in _DEFINITIONS.values()),
    levels=("provider", "commissioner"),
    members=_members,
    tables=("commissioner_feature", "provider_feature"),
    options=("count",),
)
