"""Ten years of every commissioner and provider of whose area the people are projected, with every mitigation and without."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.projecting import latest_year, project_organisation
from farr.lab.desk.contracting.stated.projection import projection_statement
from farr.lab.desk.desk import Desk
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.projection.mitigation import declared
from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.uncertain import ProjectionError

LEVELS = ("commissioner", "provider")


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Two seconds an organisation, after the questions of its level; who cannot be projected is left out, and said. Raises as
    Desk.released."""
    period = asked.period or latest_year(desk)
    for level in LEVELS:
        for code, name in sorted(desk.organisations.of_level(level).items()):
            if not asked.is_of(code):
                continue
            asked.said(f"projecting {code}")
            try:
                found = project_organisation(
                    desk, organisation=code, level=level, period=period, settings=Settings(), mitigations=list(declared().values())
                )  # fmt: skip
            except ProjectionError as reason:
                asked.said(f"left out, {code}: {reason}")
                continue
            yield projection_statement(found, name=name, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title="Projections",
    says="Ten years of activity, beds and money with every declared mitigation, 256 runs of seed 1 (farr project): publish those first.",
    make=_make,
    place=3,
)
