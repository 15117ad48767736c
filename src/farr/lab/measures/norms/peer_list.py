"""Peers by a list that somebody published or agreed."""

from farr.lab.measures.norm import Members, Norm, NormError, Peers


def _members(peers: Peers) -> Members:
    lists = peers.facts.lists
    name = _chosen(peers)
    listed = lists[name].get(peers.code, ())
    if not listed:
        raise NormError(f"the list '{name}' gives '{peers.code}' no peers; add them and ingest again, or use another norm")
    return peers.those(set(listed))


def _chosen(peers: Peers) -> str:
    """The list the user named, or the only one that is held."""
    lists, named = peers.facts.lists, peers.facts.peers
    if not lists:
        raise NormError("no list of peers is held; ingest a file with the feed peer_list, or use another norm")
    if len(named) > 1 or (not named and len(lists) > 1) or (named and named[0] not in lists):
        raise NormError(f"say which list of peers; type --peers with one of: {', '.join(sorted(lists))}")
    return named[0] if named else next(iter(lists))


NORM = Norm(
    title="Listed peers",
    why="The peers that the organisation, its region or a national programme has agreed on.",
    definition="The peers that the named list gives the organisation, pooled from those shown. The organisation itself is among them only "
    "where the list says so.",
    source="The reference table peer_list, as ingested",
    levels=("provider", "commissioner", "practice", "locality", "postcode_district", "region"),
    members=_members,
    tables=("peer_list",),
    options=("peers",),
)
