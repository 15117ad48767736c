"""What all care of a commissioner's people costs."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.total_cost.asking import ask, latest_year, organisations_of, total_cost_of
from farr.lab.desk.contracting.total_cost.statement import TITLE, statement_of
from farr.lab.desk.desk import Desk
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.total_cost.questions import LEVEL


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as ask and total_cost_of do."""
    answers = ask(desk, asked.period or latest_year(desk), asked.said)
    called = desk.organisations.of_level(LEVEL)
    for code in organisations_of(answers):
        asked.said(f"total cost of {code}")
        found = total_cost_of(desk, answers, code)
        yield statement_of(found, called.get(code, code), made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title=TITLE,
    says="What care costs for each person, in hospital and outside, beside peers and what ages would have it (farr total-cost).",
    make=_make,
)
