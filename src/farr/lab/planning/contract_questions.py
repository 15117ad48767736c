"""What is asked of the spells of contracts: how many, what was paid, and what was paid above and below the tariff."""

import ibis

from farr.lab.marts.pricing.amounts import nothing, pounds
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.pricing import SPELL_PRICE

CONTRACT = "contract"
LINES: dict[str, tuple[str, ...]] = {"provider": ("point_of_delivery", "specialty"), "commissioner": ("point_of_delivery",)}
"""By whose contracts are set beside their plan, and what they are broken down by. A commissioner's specialties are not, for too many are
small; nor is the one contract of a pair: most of all pairs have few spells, and what was asked of pairs makes the gate hide and refuse what
is asked of providers and commissioners afterwards."""
MONTHS = "months"
SPELLS, PAID, ABOVE, BELOW = "spells", "paid", "above", "below"
_BY = "by_"
_PRIVATE = "private"


def by(line: str) -> str:
    """The name of the figures by that line."""
    return f"{_BY}{line}"


def contract_question(*, level: str, figures: str, period: Period) -> Question:
    """`contract.<level>.<figures>`: spells of the period that somebody other than the patient pays for, pounds paid, and pounds paid above
    and below what the tariff's rules come to, of every organisation of the level: `months`, by month; or `by_<line>`, by one of its LINES,
    and of all lines together.

    A spell is paid what was fed (Grand_Total); where nothing was fed, what the rules come to. Above and below are apart: each is a sum of
    amounts above nothing, which the gate can hold to its rules, and the price part of a variance is worked out from what is released.
    Raises QuestionError for a level or figures that are none.
    """
    if level not in LINES:
        raise QuestionError(f"contracts are asked about by {' and '.join(LINES)}, and not by '{level}'")
    offered = (MONTHS, *map(by, LINES[level]))
    if figures not in offered:
        raise QuestionError(f"contracts of a {level} are asked about {', '.join(offered)}, and not '{figures}'")
    lines = () if figures == MONTHS else (Grouping(dimensions=(level, figures.removeprefix(_BY))),)
    rows = SPELL_PRICE.unbound
    of_contract = (rows.Price_Exclusion != _PRIVATE).fill_null(True)
    paid = ibis.coalesce(rows.Grand_Total, rows.Payment_Recomputed, nothing())
    more = ibis.coalesce(rows.Grand_Total - rows.Payment_Recomputed, nothing())
    sums = (
        (PAID, paid > 0, paid),
        (ABOVE, more > 0, pounds(ibis.greatest(more, nothing()))),
        (BELOW, more < 0, pounds(ibis.greatest(-more, nothing()))),
    )
    return Question(
        name=f"{CONTRACT}.{level}.{figures}",
        table=SPELL_PRICE,
        period=period,
        where=of_contract,
        aggregates=(
            Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=of_contract),
            *(Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value) for name, where, value in sums),
        ),
        groupings=(*lines, Grouping(dimensions=(level,), monthly=figures == MONTHS)),
    )


def registered_questions(name: str, *, period: Period) -> list[Question]:
    """The question of that name about contracts; none where it is no such name."""
    _, _, rest = name.partition(".")
    level, _, figures = rest.partition(".")
    try:
        return [contract_question(level=level, figures=figures, period=period)]
    except QuestionError:
        return []
