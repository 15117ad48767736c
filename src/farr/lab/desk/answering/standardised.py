"""A rate standardised by age and sex by month: one hidden group hides the rate, so months are asked for only where groups are large."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from farr.lab.desk.answering.plan import Plan
from farr.lab.disclosure.released import Released
from farr.lab.measures.figures import STRATA
from farr.lab.measures.measure import MeasureKind
from farr.lab.measures.questions import NATIONAL
from farr.lab.measures.reference import AGE_AND_SEX
from farr.lab.measures.released_rows import in_grouping, keys_of, known_rows, numbers
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Question

# Twice the highest threshold of any policy (cms11), and half of the organisations: Farr's own choice.
_A_MONTH = 20.0
_OF_ORGANISATIONS = 0.5


def is_asked_first(plan: Plan) -> bool:
    """Whether the year must be released before it is known if months are asked for."""
    return plan.measure.kind is MeasureKind.DIRECTLY_STANDARDISED and bool(plan.by_month())


def with_months_if_large(plan: Plan, released: Callable[[Question], Released]) -> Plan:
    """The plan, without months where in most organisations' released year a group of age and sex counts too few for its months."""
    if not is_asked_first(plan):
        return plan
    try:
        table = released(plan.year()[0]).table
    except FarrError:
        return replace(plan, monthly=False)
    column = None if plan.level == NATIONAL else plan.level
    rows = known_rows(in_grouping(table, 0), column)
    least: dict[tuple[str, ...], float] = {}
    keys = zip(keys_of(rows, [column]), keys_of(rows, AGE_AND_SEX), np.nan_to_num(numbers(rows, "numerator")), strict=True)
    for code, stratum, events in keys:
        if stratum in STRATA:
            least[code] = min(least.get(code, np.inf), float(events))
    large = [events >= _A_MONTH * len(plan.kept) for events in least.values()]
    return replace(plan, monthly=bool(large) and float(np.mean(large)) >= _OF_ORGANISATIONS)
