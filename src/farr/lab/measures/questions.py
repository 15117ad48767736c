"""What a measure asks of the records: questions, by level and period."""

from farr.lab.measures.aggregates import aggregates, counts
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.reference import AGE_AND_SEX, Reference, strata_of
from farr.lab.model.dimension import AS_WAS, DIMENSIONS, LEVELS, Cadence
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Estimate, Grouping, Question, QuestionError
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.reference import POPULATION
from farr.lab.model.tables.sus import APC_SPELL

VERDICT_METHODS = {MeasureKind.PROPORTION: "proportion", MeasureKind.MEAN: "mean"}
VERDICT_CONFIDENCE = 0.998  # Spiegelhalter: three standard errors, so few false alarms among many organisations
NATIONAL = "national"


def reference_questions(measure: Measure, *, period: Period) -> list[Question]:
    """What a standardised ratio must know of the nation before its own questions can be put; none for other kinds.

    `<measure>.reference` by all strata crossed, and nationally; for one per head also
    `<measure>.reference.population`, likewise. `read_reference` makes the reference of their released tables.
    """
    if measure.kind.is_ranked:
        return []
    strata, name = strata_of(measure), f"{measure.name}.reference"
    groupings = (Grouping(dimensions=strata), Grouping())
    activity = _activity(measure, name, period, groupings, counts(measure))
    return [activity, _population(f"{name}.population", period, groupings)] if measure.kind.is_per_head else [activity]


def questions(
    measure: Measure, *, level: str, period: Period, trend: Period | None, verdict: bool, reference: Reference | None = None
) -> list[Question]:
    """Everything to be asked for one measure at one level, in this order:

    1. `<measure>`: by level, by the level's parent, and nationally, over the period;
    2. per head, `<measure>.population`: person-months, likewise;
    3. where `trend` is given and the level is published monthly, `<measure>.monthly` by level and nationally;
    4. per head, `<measure>.population.monthly`.

    A directly standardised rate is asked by age group and sex as well, and so are the people of a standardised ratio per head. A
    standardised ratio takes the `reference` that its reference_questions were answered with. `verdict` adds the estimate "verdict",
    by level, on true values, for proportions and means; the rest are judged on released values (`benchmark.compare`).
    Raises QuestionError for a level that the measure does not have, and for a standardised ratio without its reference.
    """
    check_level(measure, level)
    total = _groupings(level)
    asked = [(measure.name, period, total)]
    if trend is not None and is_monthly(level):
        asked.append((f"{measure.name}.monthly", trend, _monthly_groupings(level)))
    result: list[Question] = []
    for name, months, groupings in asked:
        judged = verdict and groupings is total and level != NATIONAL
        estimates = _verdict(measure, level) if judged else ()
        own = _crossed(groupings, AGE_AND_SEX) if measure.kind is MeasureKind.DIRECTLY_STANDARDISED else groupings
        result.append(_activity(measure, name, months, own, aggregates(measure, reference), estimates))
        if measure.kind.is_per_head:
            people = groupings if measure.kind is MeasureKind.RATE_PER_HEAD else _crossed(groupings, AGE_AND_SEX)
            result.append(_population(name.replace(measure.name, f"{measure.name}.population", 1), months, people))
    return result


def breakdown_questions(measure: Measure, *, level: str, by: str, period: Period, reference: Reference | None = None) -> list[Question]:
    """One measure by `by` within a level, and beside it the nation's: `<measure>.by_<by>` with the groupings (level, by), (by), (level),
    (); nationally (by), (). Per head, `<measure>.by_<by>.population`: likewise where people are known by `by`, else (level), ().

    Raises QuestionError for a level or breakdown that the measure does not have, and where a figure is by age and sex already.
    """
    check_level(measure, level)
    _check_breakdown(measure, by)
    own = () if level == NATIONAL else (level,)
    dimensions = [(*own, by), (by,), own, ()] if own else [(by,), ()]
    name = f"{measure.name}.by_{by}"
    groupings = tuple(Grouping(dimensions=each) for each in dimensions)
    result = [_activity(measure, name, period, groupings, aggregates(measure, reference))]
    if measure.kind.is_per_head:
        people = groupings if has_people_by(by) else tuple(each for each in groupings if by not in each.dimensions)
        result.append(_population(f"{name}.population", period, people))
    return result


def completeness_question(*, level: str, trend: Period, table: TableDeclaration = APC_SPELL) -> Question:
    """All rows of a measure's table by month, by level and nationally (practices and other small levels: nationally only): how complete
    is a month. Named `completeness.<table>`."""
    every = table.unbound[table.key[0]].notnull()
    groupings = _monthly_groupings(level) if is_monthly(level) else (Grouping(monthly=True),)
    rows = Aggregate(name="numerator", kind=AggregateKind.COUNT, where=every)
    return Question(name=f"completeness.{table.name}", table=table, period=trend, where=every, aggregates=(rows,), groupings=groupings)


def check_level(measure: Measure, level: str) -> None:
    """Raises QuestionError for a level that the measure is not made at; organisations as they were go by the level they are of."""
    known = {was: now for now, was in AS_WAS.items()} | {each: each for each in LEVELS}
    if level not in known:
        raise QuestionError(f"'{level}' is not a level; levels: {', '.join(LEVELS)}")
    if known[level] not in measure.levels:
        raise QuestionError(f"measure '{measure.name}' is not made at level '{level}', only at: {', '.join(measure.levels)}")


def is_monthly(level: str) -> bool:
    """Whether figures of this level are published by month; small organisations only over a rolling year."""
    return level == NATIONAL or DIMENSIONS[level].cadence is Cadence.MONTHLY


def has_people_by(by: str) -> bool:
    """Whether registered people are known by this breakdown, so that each of its codes has people of its own."""
    return DIMENSIONS[by].column in POPULATION.schema.names


def _check_breakdown(measure: Measure, by: str) -> None:
    if by not in measure.breakdowns:
        offered = ", ".join(measure.breakdowns) or "none"
        raise QuestionError(f"measure '{measure.name}' is not broken down by '{by}'; its breakdowns: {offered}")
    if measure.kind in (MeasureKind.DIRECTLY_STANDARDISED, MeasureKind.STANDARDISED_RATIO_PER_HEAD):
        raise QuestionError(f"measure '{measure.name}' is standardised by age and sex, and too few people are left of a part of it")


def _crossed(groupings: tuple[Grouping, ...], dimensions: tuple[str, ...]) -> tuple[Grouping, ...]:
    return tuple(Grouping(dimensions=(*each.dimensions, *dimensions), monthly=each.monthly) for each in groupings)


def _groupings(level: str) -> tuple[Grouping, ...]:
    names: list[str] = []
    following: str | None = None if level == NATIONAL else level
    while following is not None:
        names.append(following)
        following = DIMENSIONS[following].parent
    return (*(Grouping(dimensions=(name,)) for name in names), Grouping())


def _monthly_groupings(level: str) -> tuple[Grouping, ...]:
    own = () if level == NATIONAL else (Grouping(dimensions=(level,), monthly=True),)
    return (*own, Grouping(monthly=True))


def _activity(
    measure: Measure,
    name: str,
    period: Period,
    groupings: tuple[Grouping, ...],
    figures: tuple[Aggregate, ...],
    estimates: tuple[Estimate, ...] = (),
) -> Question:
    return Question(
        name=name,
        table=measure.table,
        period=period,
        where=measure.denominator,
        aggregates=figures,
        groupings=groupings,
        estimates=estimates,
    )


def _population(name: str, period: Period, groupings: tuple[Grouping, ...]) -> Question:
    people = POPULATION.unbound
    known = people.Patients.notnull()
    months = Aggregate(name="denominator", kind=AggregateKind.SUM, where=known, value=people.Patients.cast("float64"))
    return Question(name=name, table=POPULATION, period=period, where=known, aggregates=(months,), groupings=groupings)


def _verdict(measure: Measure, level: str) -> tuple[Estimate, ...]:
    method = VERDICT_METHODS.get(measure.kind)
    if method is None:
        return ()
    names = ("numerator", "denominator", "squares") if measure.kind is MeasureKind.MEAN else ("numerator", "denominator")
    estimate = Estimate(
        name="verdict",
        estimator="funnel_verdict",
        grouping=Grouping(dimensions=(level,)),
        inputs=tuple((each, each) for each in names),
        parameters=(("method", method), ("confidence", VERDICT_CONFIDENCE)),
    )
    return (estimate,)
