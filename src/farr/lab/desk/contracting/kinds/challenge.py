"""Bills that may be challenged, of every commissioner and provider that has any."""

from collections.abc import Iterator

from farr.lab.desk.contracting.challenging import LISTED, ONCE, Scope, challenged, latest_year
from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.stated.challenge import challenge_statement
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released
from farr.lab.measures.released_rows import in_grouping
from farr.lab.model.showing.statement import Statement

LEVELS = ("commissioner", "provider")


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises ChallengesError where challenges were not worked out, and as Desk.released."""
    period = asked.period or latest_year(desk)
    for level in LEVELS:
        asked.said(f"challenges by {level}")
        names = desk.organisations.of_level(level)
        first = Scope(commissioner="?", period=period) if level == "commissioner" else Scope(provider="?", period=period)
        partners = desk.organisations.of_level(first.partner_level)
        _, answers = challenged(desk, first, asked.said, monthly=True)
        for code in _codes(level, answers[LISTED], answers[ONCE]):
            if asked.is_of(code):
                of = {"commissioner": code} if level == "commissioner" else {"provider": code}
                found, _ = challenged(desk, Scope(**of, period=period), monthly=True)
                yield challenge_statement(
                    found, names=names, partners=partners, made_at=asked.made_at, is_synthetic=asked.is_synthetic
                )  # fmt: skip


def _codes(level: str, *released: Released) -> list[str]:
    """Whoever has a row, known organisations."""
    rows = (code for each in released for code in in_grouping(each.table, 0)[level].to_pylist())
    return sorted({code for code in rows if code not in (None, "", "unknown")})


KIND = Kind(
    title="Challenges",
    says="Bills that may be challenged, by rule, partner and month, and what is at stake (farr challenge).",
    make=_make,
    place=2,
)
