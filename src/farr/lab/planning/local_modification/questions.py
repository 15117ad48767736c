"""What is asked of a local modification: what spells that have a national price were paid, by provider and HRG chapter."""

import ibis

from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.pricing import SPELL_PRICE

NAME = "local_modification.income"
SPELLS, PAID, WEIGHT = "spells", "paid", "weight"
PROVIDER, CHAPTER = "provider", "hrg_chapter"


def income_question(period: Period) -> Question:
    """`local_modification.income`: spells with a national price, pounds paid for them (as fed; where nothing was fed, what the rules come
    to), and their casemix weight in pounds (the national price of each), by provider and chapter, by provider, and of the nation."""
    rows = SPELL_PRICE.unbound
    priced = rows.Payment_Recomputed.notnull() & (rows.Tariff_Initial_Amount > 0)
    paid = ibis.coalesce(rows.Grand_Total, rows.Payment_Recomputed)
    return Question(
        name=NAME,
        table=SPELL_PRICE,
        period=period,
        where=priced,
        aggregates=(
            Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=priced),
            Aggregate(name=PAID, kind=AggregateKind.SUM, where=priced & (paid > 0), value=paid),
            Aggregate(name=WEIGHT, kind=AggregateKind.SUM, where=priced, value=rows.Tariff_Initial_Amount),
        ),
        groupings=(Grouping(dimensions=(PROVIDER, CHAPTER)), Grouping(dimensions=(PROVIDER,)), Grouping()),
    )


def registered_questions(name: str, period: Period) -> list[Question]:
    """The question of that name; none where it is no such name."""
    return [income_question(period)] if name == NAME else []
