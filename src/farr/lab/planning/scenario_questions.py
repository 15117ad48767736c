"""What is asked of a scenario: who would be paid, or would pay, more and less."""

from farr.lab.model.dimension import AS_WAS, DIMENSIONS, lineage
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.pricing import SCENARIO_PRICE, SPELL_PRICE
from farr.lab.planning.scenario import Scenario, ScenarioError, scenario

LEVELS = ("provider", "commissioner", "region", "national")
BREAKDOWNS = ("hrg_chapter", "hrg", "specialty", "point_of_delivery", "service_line")
SPELLS, INCREASE, DECREASE, PAID = "spells", "increase", "decrease", "paid"
NATIONAL = "national"
SCENARIO, TARIFF = "scenario", "tariff"


def change_question(which: Scenario, *, level: str, period: Period, by: str | None = None) -> Question:
    """`scenario.<name>`, with `.by_<by>` where broken down: spells that are paid otherwise, and the pounds by which payments rise and fall,
    by level and what it lies in, and nationally. Rises and falls are apart: each is a sum of amounts above nothing, which the gate can hold
    to its rule on dominance, and the change is worked out from what is released. Raises QuestionError."""
    rows = SCENARIO_PRICE.unbound
    here = rows.Scenario == which.name
    return Question(
        name=f"{SCENARIO}.{which.name}" + (f".by_{by}" if by else ""),
        table=SCENARIO_PRICE,
        period=period,
        where=here,
        aggregates=(
            Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=here),
            Aggregate(name=INCREASE, kind=AggregateKind.SUM, where=rows.Payment_Increase > 0, value=rows.Payment_Increase),
            Aggregate(name=DECREASE, kind=AggregateKind.SUM, where=rows.Payment_Decrease > 0, value=rows.Payment_Decrease),
        ),
        groupings=_groupings(level, by),
    )


def paid_question(*, level: str, period: Period) -> Question:
    """`tariff.paid`: what spells come to by the rules of their own years, market forces included, by level and nationally."""
    rows = SPELL_PRICE.unbound
    priced = rows.Payment_Recomputed.notnull()
    return Question(
        name=f"{TARIFF}.{PAID}",
        table=SPELL_PRICE,
        period=period,
        where=priced,
        aggregates=(
            Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=priced),
            Aggregate(name=PAID, kind=AggregateKind.SUM, where=priced, value=rows.Payment_Recomputed),
        ),
        groupings=_groupings(level, None),
    )


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The questions of that name that a declared scenario, or the tariff of a year, puts at a level; none where it is no such name."""
    kind, _, rest = name.partition(".")
    which, _, by = rest.partition(".by_")
    try:
        if kind == TARIFF:
            return [paid_question(level=level, period=period)] if rest == PAID else []
        return [change_question(scenario(which), level=level, period=period, by=by or None)]
    except (QuestionError, ScenarioError):
        return []


def _groupings(level: str, by: str | None) -> tuple[Grouping, ...]:
    if level not in (*LEVELS, *AS_WAS.values()) or level == AS_WAS["practice"]:
        raise QuestionError(f"scenarios are not worked out at level '{level}', only at: {', '.join(LEVELS)}")
    if by is not None and by not in BREAKDOWNS:
        raise QuestionError(f"scenarios are not broken down by '{by}'; breakdowns: {', '.join(BREAKDOWNS)}")
    own = [] if level == NATIONAL else [level] if by else lineage(level)
    within = [(name,) for name in own if DIMENSIONS[name].column in SCENARIO_PRICE.schema.names]
    crossed = [(*each, by) for each in within] + [(by,)] if by else []
    return tuple(Grouping(dimensions=each) for each in (*crossed, *within, ()))
