"""Members of a norm of similar organisations, by a versioned definition."""

from collections.abc import Mapping

import numpy as np

from farr.lab.measures.norm import Members, NormError, PeerDefinition, Peers
from farr.lab.measures.statistics import similar_organisations
from farr.lab.model.dimension import as_is


def similar_members(peers: Peers, definitions: Mapping[str, PeerDefinition]) -> Members:
    """The organisations nearest by the definition for the level, the one compared left out. `definitions` is by level. Peers are fixed by
    who the organisations are, so that figures that happen to be hidden do not change them; one with a feature missing is nobody's peer.
    Raises NormError where features are missing, or more peers are asked for than there are other organisations."""
    definition = definitions[as_is(peers.level)]
    names = [name for name, _ in definition.weights]
    rows = {code: [held.get(name, np.nan) for name in names] for code, held in peers.facts.features.items()}
    codes = [code for code, row in rows.items() if not np.isnan(row).any()]
    _check(peers, definition, codes)
    count = peers.facts.count or definition.count
    weights = [weight for _, weight in definition.weights]
    nearest = similar_organisations([rows[code] for code in codes], weights=weights, count=count).indices
    return peers.those({codes[index] for index in nearest[codes.index(peers.code)]})


def _check(peers: Peers, definition: PeerDefinition, codes: list[str]) -> None:
    table = definition.table.name
    if not peers.facts.features:
        raise NormError(f"similar organisations need the table {table}; ingest it, or use --norm national")
    if peers.code not in codes:
        what = "lacks features of" if peers.code in peers.facts.features else "holds nothing about"
        raise NormError(f"{table} {what} '{peers.code}'; add them and ingest again, or use --norm national")
    count = peers.facts.count or definition.count
    if count >= len(codes):
        raise NormError(f"{count} similar organisations were asked for, and {table} holds {len(codes) - 1} others; ask for fewer")
