"""What conditions the people of a place have, as far as hospitals see them."""

from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.need_statement import need_statement
from farr.lab.desk.populations.needs import latest_year, needs, of_place, peers_of
from farr.lab.model.showing.statement import Statement

LEVEL = "commissioner"


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises as needs.needs."""
    found = needs(desk, level=LEVEL, period=asked.period or latest_year(desk), said=asked.said)
    codes = tuple(next(iter(found.rows.values())).table["code"].to_pylist())
    names = desk.organisations.of_level(LEVEL)
    for code in codes:
        peers, lacking = peers_of(desk, LEVEL, codes, code)
        rows = of_place(found, code, peers)
        yield need_statement(found, rows, code, names, lacking, made_at=asked.made_at, is_synthetic=asked.is_synthetic)


KIND = Kind(
    title="Needs",
    says="People seen in hospital with long-term conditions, beside peers, the nation and what one would expect (farr need).",
    make=_make,
)
