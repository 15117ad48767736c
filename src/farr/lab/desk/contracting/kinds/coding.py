"""How providers code, beside what their casemix predicts and what their care is."""

from collections.abc import Iterator

from farr.lab.desk.contracting.coding.asking import code, latest_year
from farr.lab.desk.contracting.coding.statement import statement_of
from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.coding.findings import RATE


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as asking.code."""
    found = code(desk, asked.period or latest_year(desk), rate=RATE, said=asked.said)
    names = desk.organisations.of_level("provider")
    for row in found.providers.table.to_pylist():
        yield statement_of(found, row["code"], names, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title="Coding",
    says="Whether a provider codes differently from what its casemix predicts, or has come to, and whether its care differs too.",
    make=_make,
)
