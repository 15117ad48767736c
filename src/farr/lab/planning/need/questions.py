"""What is asked about needs: people seen in hospital, and those of them with each condition.

A person is one row of person_month in any span of months: that of the last month they came. So rows are people, and counted as such.
"""

import ibis.expr.types as ir

from farr.lab.model.dimension import lineage
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.people import CONDITIONS, PERSON_MONTH, seen_column

NEED = "need"
LEVELS = ("commissioner", "region", "locality", "postcode_district")
SEEN = "seen"
AGE_AND_SEX = ("age_group", "sex")
STRATA = (*AGE_AND_SEX, "deprivation")
PLACES, NATION = "places", "nation"
PERSON: ir.Table = PERSON_MONTH.unbound


def stands_for_person(period: Period) -> ir.BooleanValue:
    """The row that stands for a person in these months: no other of theirs comes after it within them."""
    return (PERSON.Next_Month > str(period.last)).fill_null(True)


def has(condition: str, period: Period) -> ir.BooleanValue:
    """The condition was recorded within the period, up to the row's month."""
    return (PERSON[seen_column(condition)] >= str(period.first)).fill_null(False)


def places_question(condition: str, *, level: str, period: Period) -> Question:
    """`need.<condition>.places`: people with the condition of each place of a level, of what it lies in, and of the nation.
    `need.seen.places` is of all people. Raises QuestionError for a level or condition that is none."""
    if level not in LEVELS:
        raise QuestionError(f"needs are not looked at by '{level}', of whose people nothing is known, only by: {', '.join(LEVELS)}")
    return _question(condition, PLACES, period, (*((name,) for name in lineage(level)), ()))


def nation_question(condition: str, *, period: Period) -> Question:
    """`need.<condition>.nation`: the same of the nation by age, sex and fifth of deprivation; by age and sex; and in all."""
    return _question(condition, NATION, period, (STRATA, AGE_AND_SEX, ()))


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The questions of that name at a level; none where it is no such name or level."""
    _, _, rest = name.partition(".")
    condition, _, part = rest.partition(".")
    try:
        if part == NATION:
            return [nation_question(condition, period=period)]
        return [places_question(condition, level=level, period=period)] if part == PLACES else []
    except QuestionError:
        return []


def _question(condition: str, part: str, period: Period, groupings: tuple[tuple[str, ...], ...]) -> Question:
    if condition != SEEN and condition not in CONDITIONS:
        raise QuestionError(f"there is no condition '{condition}'; there are: {', '.join(CONDITIONS)}")
    where = stands_for_person(period)
    counted = where if condition == SEEN else where & has(condition, period)
    return Question(
        name=f"{NEED}.{condition}.{part}",
        table=PERSON_MONTH,
        period=period,
        where=counted,
        aggregates=(Aggregate(name=condition, kind=AggregateKind.COUNT, where=counted),),
        groupings=tuple(Grouping(dimensions=each) for each in groupings),
    )
