"""Organisations whose people are as deprived."""

from farr.lab.measures.norm import Members, Norm, NormError, Peers

_BY_FIFTH = ("commissioner",)  # about a hundred of them: a tenth would be too few


def _members(peers: Peers) -> Members:
    tenths = peers.facts.deprivation
    if peers.code not in tenths:
        raise NormError(f"the deprivation of '{peers.code}' is not held; ingest the feed deprivation for its level, or use another norm")
    width = 2 if peers.level in _BY_FIFTH else 1
    own = _group(tenths[peers.code], width)
    return peers.those({code for code, tenth in tenths.items() if _group(tenth, width) == own})


def _group(tenth: int, width: int) -> int:
    return -(-tenth // width)


NORM = Norm(
    title="As deprived",
    why="Need for care follows deprivation: like is compared with like.",
    definition="Organisations of the same level in the same tenth of deprivation (commissioners: the same fifth), the one compared "
    "included, pooled from those shown.",
    source="English Indices of Deprivation (Ministry of Housing, Communities and Local Government), as ingested",
    levels=("commissioner", "practice", "locality", "postcode_district"),
    members=_members,
    tables=("deprivation",),
)
