"""What another tariff, other rules or moved activity would be worth."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.repricing import latest_year, reprice
from farr.lab.desk.contracting.statement import Taken, organisations_of, statement_of
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.codes import code_names
from farr.lab.model.period import Period
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.scenario import declared, is_of_tariff, scenario

LEVELS = ("commissioner", "provider")
BREAKDOWNS = ("hrg_chapter", "point_of_delivery")


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as repricing.reprice."""
    span = asked.period or latest_year(desk)
    for level in LEVELS:
        asked.said(f"{asked.name} by {level}")
        taken, called = _taken(desk, asked.name, level, span), desk.organisations.of_level(level)
        for code in organisations_of(taken.found):
            yield statement_of(taken, code, called, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


def _taken(desk: Desk, name: str, level: str, period: Period) -> Taken:
    which = scenario(name)
    parted = {by: (reprice(desk, which, level=level, period=period, by=by), code_names(desk.store, by)) for by in BREAKDOWNS}
    return Taken(found=reprice(desk, which, level=level, period=period), parted=parted)


KIND = Kind(
    title="Scenarios",
    says="What a change of the tariff would be worth to whom (farr scenarios, or tariff_2018_19 for a year's tariff).",
    make=_make,
    names=lambda: tuple(declared()),
    takes=is_of_tariff,
)
