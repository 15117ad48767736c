"""The ten commissioners whose people are most alike."""

import numpy as np
import numpy.typing as npt

from farr.lab.measures.norm import Norm, NormError, Peers
from farr.lab.measures.statistics import SIMILAR_TEN, similar_organisations


def _members(peers: Peers) -> npt.NDArray[np.bool_]:
    if peers.feature_codes is None or peers.features is None:
        raise NormError("similar organisations need the table commissioner_feature; ingest it, or use --norm national")
    code = peers.codes[peers.selected]
    if code not in peers.feature_codes:
        raise NormError(f"commissioner_feature holds nothing about '{code}'; add it and ingest again, or use --norm national")
    # Peers are fixed by who the organisations are, so figures that happen to be hidden do not change them.
    weights = [weight for _, weight in SIMILAR_TEN.weights]
    nearest = similar_organisations(peers.features, weights=weights, count=SIMILAR_TEN.count).indices
    ten = {peers.feature_codes[index] for index in nearest[peers.feature_codes.index(code)]}
    return np.array([each in ten for each in peers.codes], dtype=bool)


NORM = Norm(
    title="Similar ten",
    why="Like for like: what organisations with as deprived, old, rural and diverse a population achieve.",
    definition="The ten commissioners nearest by weighted squared distance of deprivation, size, age, rurality and ethnicity. The "
    "one compared is not its own peer, so it is not in the norm's value.",
    source=f"{SIMILAR_TEN.name}, {SIMILAR_TEN.version}: {SIMILAR_TEN.source}",
    levels=("commissioner",),
    members=_members,
)
