"""What a measure asks of the records: questions, by level and period."""

from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.model.dimension import DIMENSIONS, LEVELS, Cadence
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Estimate, Grouping, Question, QuestionError
from farr.lab.model.tables.reference import POPULATION
from farr.lab.model.tables.sus import APC_SPELL

VERDICT_METHODS = {MeasureKind.PROPORTION: "proportion", MeasureKind.MEAN: "mean"}
VERDICT_CONFIDENCE = 0.998  # Spiegelhalter: three standard errors, so few false alarms among many organisations


def questions(measure: Measure, *, level: str, period: Period, trend: Period | None, verdict: bool) -> list[Question]:
    """Everything to be asked for one measure at one level, in this order:

    1. `<measure>`: by level, by the level's parent, and nationally, over the period;
    2. for a rate per head, `<measure>.population`: person-months, likewise;
    3. where `trend` is given and the level is published monthly, `<measure>.monthly` by level and nationally;
    4. for a rate per head, `<measure>.population.monthly`.

    `verdict` adds the estimate "verdict", by level, on true values. A rate per head has none here: its two halves are two
    questions, so the verdict is reached from released values (`benchmark.compare`). Raises QuestionError for a level that
    the measure does not have.
    """
    check_level(measure, level)
    total = _groupings(level, monthly=False)
    asked = [(measure.name, period, total)]
    if trend is not None and is_monthly(level):
        asked.append((f"{measure.name}.monthly", trend, _monthly_groupings(level)))
    result: list[Question] = []
    for name, months, groupings in asked:
        judged = verdict and groupings is total and level != "national"
        result.append(_activity(measure, name, months, groupings, _verdict(measure, level) if judged else ()))
        if measure.kind is MeasureKind.RATE_PER_HEAD:
            result.append(_population(name.replace(measure.name, f"{measure.name}.population", 1), months, groupings))
    return result


def completeness_question(*, level: str, trend: Period) -> Question:
    """All spells by month, by level and nationally (practices and postcode districts: nationally only): how complete is a month."""
    every = APC_SPELL.unbound.Spell_Key.notnull()
    groupings = _monthly_groupings(level) if is_monthly(level) else (Grouping(monthly=True),)
    spells = Aggregate(name="numerator", kind=AggregateKind.COUNT, where=every)
    return Question(name="completeness", table=APC_SPELL, period=trend, where=every, aggregates=(spells,), groupings=groupings)


def check_level(measure: Measure, level: str) -> None:
    if level not in LEVELS:
        raise QuestionError(f"'{level}' is not a level; levels: {', '.join(LEVELS)}")
    if level not in measure.levels:
        raise QuestionError(f"measure '{measure.name}' is not made at level '{level}', only at: {', '.join(measure.levels)}")


def is_monthly(level: str) -> bool:
    """Whether figures of this level are published by month; small organisations only over a rolling year."""
    return level == "national" or DIMENSIONS[level].cadence is Cadence.MONTHLY


def _groupings(level: str, *, monthly: bool) -> tuple[Grouping, ...]:
    names: list[str] = []
    following: str | None = None if level == "national" else level
    while following is not None:
        names.append(following)
        following = DIMENSIONS[following].parent
    return (*(Grouping(dimensions=(name,), monthly=monthly) for name in names), Grouping(monthly=monthly))


def _monthly_groupings(level: str) -> tuple[Grouping, ...]:
    own = () if level == "national" else (Grouping(dimensions=(level,), monthly=True),)
    return (*own, Grouping(monthly=True))


def _activity(measure: Measure, name: str, period: Period, groupings: tuple[Grouping, ...], estimates: tuple[Estimate, ...]) -> Question:
    return Question(
        name=name,
        table=measure.table,
        period=period,
        where=measure.denominator,
        aggregates=_aggregates(measure),
        groupings=groupings,
        estimates=estimates,
    )


def _aggregates(measure: Measure) -> tuple[Aggregate, ...]:
    rows = Aggregate(name="denominator", kind=AggregateKind.COUNT, where=measure.denominator)
    if measure.value is not None:
        value = measure.value.cast("float64")
        total = Aggregate(name="numerator", kind=AggregateKind.SUM, where=measure.denominator, value=value)
        squares = Aggregate(name="squares", kind=AggregateKind.SUM, where=measure.denominator, value=value * value)
        return (total, rows, squares)
    if measure.numerator is None:
        raise QuestionError(f"measure '{measure.name}' has neither a numerator nor a value")
    both = measure.denominator & measure.numerator
    if measure.kind is MeasureKind.RATE_PER_HEAD:
        return (Aggregate(name="numerator", kind=AggregateKind.COUNT, where=both),)
    return (Aggregate(name="numerator", kind=AggregateKind.COUNT, where=both, subset_of="denominator"), rows)


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
