"""A client's own feed beside the national one."""

from collections.abc import Iterator

from farr.lab.desk.contracting.feeds_compared.asking import FeedsError, ask, client_level, compared, latest_year
from farr.lab.desk.contracting.feeds_compared.statement import TITLE, statement_of
from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.desk import Desk
from farr.lab.model.showing.statement import Also, Statement
from farr.lab.planning.feeds_compared.questions import LEVELS


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises FeedsError where a home lacks what is compared, and as asking.ask does; an organisation that no month of both feeds is of is
    left out, and said."""
    client = asked.beside
    if client is None:
        raise FeedsError("two feeds are compared, and one was given; name the client's with --with-home")
    period = asked.period or latest_year(desk)
    also = _also(desk, client)
    for level in _levels(desk, client, asked):
        names = desk.organisations.of_level(level)
        found = ask(desk, client, level=level, period=period, said=asked.said)
        for code in found.organisations:
            if not asked.is_of(code):
                continue
            try:
                yield statement_of(compared(found, code), names, also, made_at=asked.made_at, is_synthetic=asked.is_synthetic)
            except FeedsError as reason:
                asked.said(f"left out, {code}: {reason}")


def _levels(desk: Desk, client: Desk, asked: Asked) -> list[str]:
    """Those of the organisations that are named; else the one of which the client's feed is."""
    if asked.organisations:
        return sorted({desk.level(code) for code in asked.organisations} & set(LEVELS))
    period = asked.period or latest_year(desk)
    return [client_level(client, period)]


def _also(desk: Desk, client: Desk) -> tuple[Also, ...]:
    """The client's agreement, where readers of the national one are not its readers."""
    own, other = (each.home.agreement(each.agreement).terms for each in (desk, client))
    return () if own == other else (Also(agreement=other.id, terms_sha256=other.sha256()),)


KIND = Kind(
    title=TITLE,
    says="How far a client's own feed can be trusted, beside the national one (farr compare-feeds); for readers of both agreements.",
    make=_make,
    beside="the home of the client's feed",
)
