"""How much admissions and operations differ between places whose people are alike."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.variation_statement import statements
from farr.lab.desk.populations.varying import latest_year, varied
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.variation.interest import InterestError, declared, interest

LEVEL = "commissioner"


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as varying.varied."""
    asked.said(f"{asked.name} by {LEVEL}")
    found = varied(desk, interest(asked.name), level=LEVEL, period=asked.period or latest_year(desk), said=asked.said)
    yield from statements(found, desk.organisations.of_level(LEVEL), made_at=asked.made_at, is_synthetic=asked.is_synthetic)


def _takes(name: str) -> bool:
    try:
        interest(name)
    except InterestError:
        return False
    return True


KIND = Kind(
    title="Variation",
    says="Whether admissions and operations differ from what age, sex and deprivation lead one to expect (farr variation).",
    make=_make,
    names=lambda: tuple(declared()),
    takes=_takes,
)
