"""The same features as RightCare's, each weighing the same."""

from farr.lab.measures.norm import PeerDefinition
from farr.lab.measures.peer_groups import rightcare_2021
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE

_FEATURES = [name for name, _ in rightcare_2021.PEERDEFINITION.weights]

PEERDEFINITION = PeerDefinition(
    title="Similar, equal weights",
    version="2017, as reported",
    source="Dropkin (2017) reports equal weights in RightCare's earlier versions; the features of those versions were not found, so "
    "these are April 2021's",
    level="commissioner",
    table=COMMISSIONER_FEATURE,
    weights=tuple((name, 1 / len(_FEATURES)) for name in _FEATURES),
    count=10,
    is_verified=False,
)
