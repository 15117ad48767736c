"""What is asked of the records about an interest: of places their totals, of the nation its strata.

A place's strata are never asked: indirect standardisation needs of a place how many came in all, and of the nation how many came of each
age, sex and fifth of deprivation, so that hardly a number is small. Directly standardised rates need a place's own ages, and are asked for
apart (`ages`), where one wants to pay for them in what is hidden.
"""

from farr.lab.model.dimension import lineage
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.variation.interest import Interest, InterestError, interest

VARIATION = "variation"
LEVELS = ("commissioner", "region", "locality", "postcode_district")
"""Where people live: of whom it is known how many there are."""
EVENTS = "events"
AGE_AND_SEX = ("age_group", "sex")
STRATA = (*AGE_AND_SEX, "deprivation")
PLACES, NATION, AGES = "places", "nation", "ages"


def nation_question(which: Interest, *, period: Period) -> Question:
    """`variation.<interest>.nation`: admissions of the nation by age, sex and fifth of deprivation; by age and sex; and in all."""
    return _question(which, NATION, period, (STRATA, AGE_AND_SEX, ()))


def places_question(which: Interest, *, level: str, period: Period) -> Question:
    """`variation.<interest>.places`: admissions of each place of a level, of what it lies in, and of the nation. Raises QuestionError."""
    _check(level)
    return _question(which, PLACES, period, (*((name,) for name in lineage(level)), ()))


def ages_question(which: Interest, *, level: str, period: Period) -> Question:
    """`variation.<interest>.ages`: the same of each place by age and sex. Raises QuestionError."""
    _check(level)
    return _question(which, AGES, period, ((level, *AGE_AND_SEX), (level,)))


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The questions of that name at a level; none where it is no such name or level."""
    _, _, rest = name.partition(".")
    key, _, part = rest.partition(".")
    try:
        which = interest(key)
        if part == NATION:
            return [nation_question(which, period=period)]
        asked = {PLACES: places_question, AGES: ages_question}
        return [asked[part](which, level=level, period=period)] if part in asked else []
    except (InterestError, QuestionError):
        return []


def _check(level: str) -> None:
    if level not in LEVELS:
        raise QuestionError(f"variation is not looked at by '{level}', of whose people nothing is known, only by: {', '.join(LEVELS)}")


def _question(which: Interest, part: str, period: Period, groupings: tuple[tuple[str, ...], ...]) -> Question:
    where = which.where()
    return Question(
        name=f"{VARIATION}.{which.name}.{part}",
        table=APC_SPELL,
        period=period,
        where=where,
        aggregates=(Aggregate(name=EVENTS, kind=AggregateKind.COUNT, where=where),),
        groupings=tuple(Grouping(dimensions=each) for each in groupings),
    )
