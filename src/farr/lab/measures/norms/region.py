"""Organisations of the same region."""

import numpy as np

from farr.lab.measures.norm import Members, Norm, NormError, Peers


def _members(peers: Peers) -> Members:
    own = peers.region[peers.selected]
    if not own or own == "unknown":
        raise NormError(
            f"the region of organisation '{peers.code}' is not known; load it with the organisation feed, or use --norm national"
        )
    return np.array([region == own for region in peers.region], dtype=bool)


NORM = Norm(
    title="Region",
    why="Neighbours share ambulance services, specialist centres and much of their population.",
    definition="Organisations of the same level whose region, by the organisation reference, is the same; the one compared included.",
    source="Organisation Data Service (NHS Digital)",
    levels=("provider", "commissioner", "practice"),
    members=_members,
    total="parent",
)
