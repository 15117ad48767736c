"""What is asked of challenges: spells and pounds at stake, by whom they concern, by rule and month; and each spell once.

Spells that fall under several rules are asked for apart: they are few, and where they must be hidden the rest need not be.
"""

from dataclasses import replace

import ibis.expr.types as ir

from farr.lab.model.dimension import AS_WAS, lineage
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.challenge import SPELL_CHALLENGE

CHALLENGE = "challenge"
LEVELS = ("provider", "commissioner", "region", "national")
SPELLS, STAKE, NATIONAL = "spells", "stake", "national"
PAIR = ("commissioner", "provider")


def listed_question(*, level: str, period: Period) -> Question:
    """`challenge.listed`: by level and rule, and nationally by rule, the spells and the pounds at stake. A spell under two rules is in
    both. Raises QuestionError."""
    return _question("listed", period, _by_rule(level))


def shared_question(*, level: str, period: Period) -> Question:
    """`challenge.shared`: the same of spells that fall under another rule as well. Raises QuestionError."""
    return _question("shared", period, _by_rule(level), where=SPELL_CHALLENGE.unbound.Challenges_Of_Spell > 1)


def once_question(*, level: str, period: Period) -> Question:
    """`challenge.once`: by level and what it lies in, and nationally, the spells under any rule, each once, and the pounds at stake by the
    rule that is worth most of each. Raises QuestionError."""
    return _question(
        "once", period, tuple(Grouping(dimensions=each) for each in (*_own(level), ())), where=SPELL_CHALLENGE.unbound.Stands_For_Spell
    )


def monthly_question(*, level: str, period: Period) -> Question:
    """`challenge.monthly`: by level, rule and month of discharge, and nationally so, spells and pounds. Raises QuestionError."""
    return _question("monthly", period, tuple(replace(each, monthly=True) for each in _by_rule(level)))


def within_question(*, period: Period) -> Question:
    """`challenge.within`: of each provider within each commissioner the spells under any rule, each once, and the pounds at stake."""
    return _question("within", period, (Grouping(dimensions=PAIR),), where=SPELL_CHALLENGE.unbound.Stands_For_Spell)


def pairs_question(*, period: Period) -> Question:
    """`challenge.pairs`: of each provider within each commissioner the spells and pounds by rule."""
    return _question("pairs", period, (Grouping(dimensions=(*PAIR, CHALLENGE)),))


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The questions of that name that are put of challenges at a level; none where it is no such name or level."""
    _, _, rest = name.partition(".")
    by_level = {"listed": listed_question, "shared": shared_question, "once": once_question, "monthly": monthly_question}
    by_pair = {"within": within_question, "pairs": pairs_question}
    try:
        if rest in by_level:
            return [by_level[rest](level=level, period=period)]
        return [by_pair[rest](period=period)] if rest in by_pair else []
    except QuestionError:
        return []


def _question(name: str, period: Period, groupings: tuple[Grouping, ...], *, where: ir.BooleanValue | None = None) -> Question:
    rows = SPELL_CHALLENGE.unbound
    at_stake = rows.Amount_At_Stake > 0
    return Question(
        name=f"{CHALLENGE}.{name}",
        table=SPELL_CHALLENGE,
        period=period,
        where=at_stake if where is None else where,
        aggregates=(
            Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=at_stake),
            Aggregate(name=STAKE, kind=AggregateKind.SUM, where=at_stake, value=rows.Amount_At_Stake),
        ),
        groupings=groupings,
    )


def _by_rule(level: str) -> tuple[Grouping, ...]:
    return tuple(Grouping(dimensions=(*each, CHALLENGE)) for each in (*_own(level)[:1], ()))


def _own(level: str) -> list[tuple[str, ...]]:
    """The level and what it lies in; nothing of the nation."""
    if level not in (*LEVELS, *AS_WAS.values()) or level == AS_WAS["practice"]:
        raise QuestionError(f"challenges are not listed at level '{level}', only at: {', '.join(LEVELS)}")
    names = [] if level == NATIONAL else lineage(level)
    return [(name,) for name in names]
