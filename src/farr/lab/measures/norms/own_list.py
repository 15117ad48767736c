"""Peers that the user names."""

from farr.lab.measures.norm import Members, Norm, NormError, Peers


def _members(peers: Peers) -> Members:
    named = set(peers.facts.peers)
    if not named:
        raise NormError("this norm needs the codes of the peers; type --peers with their codes, parted by commas")
    unknown = sorted(named - set(peers.codes))
    if unknown:
        raise NormError(f"there are no figures of {', '.join(unknown)} at level {peers.level} in this period; check the codes")
    return peers.those(named)


NORM = Norm(
    title="Own list",
    why="The organisations that the user has a reason to look at.",
    definition="The organisations named, pooled from those shown. The organisation itself is among them only where it is named.",
    source="The user",
    levels=("provider", "commissioner", "practice", "locality", "postcode_district", "region"),
    members=_members,
    options=("peers",),
)
