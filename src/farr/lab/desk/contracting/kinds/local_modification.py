"""Whether there is a case for a local modification of national prices."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.local_modification.asking import LEVEL, ask, case_of, latest_year
from farr.lab.desk.contracting.local_modification.statement import TITLE, statement_of
from farr.lab.desk.desk import Desk
from farr.lab.model.showing.statement import Statement


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as ask and case_of do."""
    held = ask(desk, asked.period or latest_year(desk), asked.said)
    names = dict(desk.organisations.of_level(LEVEL))
    for code in sorted(held.unadjusted):
        if asked.is_of(code):
            asked.said(f"case of {code}")
            yield statement_of(case_of(desk, held, code), names, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title=TITLE,
    says="Whether a provider's cost, stays and income beside peers support a case that national prices do not pay for its work "
    "(farr local-modification).",
    make=_make,
)
