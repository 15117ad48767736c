"""What providers do around an operation, beside its standard."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.desk.pathways.comparing import compare
from farr.lab.desk.pathways.statement import statement_of
from farr.lab.marts.pathways.pathway import declared
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.pathways.questions import LEVELS


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    for level in LEVELS:
        asked.said(f"{asked.name} by {level}")
        compared = compare(desk, asked.name, level=level, period=asked.period, said=asked.said)
        for organisation in compared.organisations:
            yield statement_of(compared, organisation, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title="Pathways",
    says="What a spell of an operation takes before, during and after, beside a standard, and what the gap is worth (farr pathways).",
    make=_make,
    names=lambda: tuple(declared()),
)
