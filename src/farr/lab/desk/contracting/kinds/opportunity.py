"""What matching the best five of the similar ten would be worth to an organisation."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.desk.opportunity.finding import find, latest_year
from farr.lab.desk.opportunity.statement import statement_of
from farr.lab.measures.peer_groups import rightcare_2021, trust_features
from farr.lab.model.errors import FarrError
from farr.lab.model.showing.statement import Statement

_PEERS = (rightcare_2021.PEERDEFINITION, trust_features.PEERDEFINITION)


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Of every organisation that has features to choose its peers by; one of which nothing can be valued has none."""
    span = asked.period or latest_year(desk)
    for definition in _PEERS:
        for code in sorted(desk.organisations.of_level(definition.level)):
            asked.said(f"opportunities of {code}")
            try:
                found = find(desk, code, period=span, level=definition.level)
            except FarrError as error:
                asked.said(f"{code}: no statement, because {error}")
                continue
            if found.opportunities:
                yield statement_of(found, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title="Opportunities",
    says="What matching the best five of the similar ten would be worth, with its interval, beside the classic figure.",
    make=_make,
)
