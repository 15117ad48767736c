"""What is asked about who is admitted: people seen in hospital in the months before a day, by what was known of them then, and how many of
them were admitted as an emergency in the months after it.

One question a history: cells by age and sex (or by condition) hold only people of that history. Histories are emergencies crossed with
one thing more: conditions, attendances, outpatients; and with deprivation by age. These are margins of one population, and the gate holds
them against each other. People known to have died in hospital, and people who were in hospital as an emergency on the day, are not
at risk; people who died elsewhere, or moved away, are not known and stay in.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.people import CONDITIONS, PERSON_MONTH, seen_column
from farr.lab.planning.need.questions import PERSON, has, stands_for_person

RISK = "risk"
AT_RISK, ADMITTED = "at_risk", "admitted"
AGE_AND_SEX = ("age_group", "sex")
HISTORY_MONTHS = 12
EMERGENCIES = ("0", "1", "2", "3+")
"""Emergency stays that ended in the months before."""
BURDEN = ("0", "1-2", "3+")
"""Long-term conditions recorded in the months before, of those that Farr knows (CONDITIONS)."""
VISITS = ("0", "1", "2+")
"""Unplanned attendances at emergency departments in the months before."""
OUTPATIENTS = ("0", "1-2", "3+")
"""Outpatient appointments attended in the months before."""
AGE_AND_FIFTH = ("age_group", "deprivation")
_CROSSED = {"strata": BURDEN, "visits": VISITS, "outpatients": OUTPATIENTS}
"""What emergencies are crossed with, by what begins the questions' names."""
_FEWEST_OF = {"0": (0, 0), "1-2": (1, 2), "3+": (3, len(CONDITIONS))}
MOST_MONTHS = 24


@dataclass(frozen=True, kw_only=True)
class Window:
    """`before`: the months of history; the first day after them is the day that is predicted from; `months` after it are looked at."""

    before: Period
    months: int

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise QuestionError(f"admissions are looked at for 1 to {MOST_MONTHS} months after a day, and not {self.months}")

    @property
    def first(self) -> Month:
        """The first month that is looked at."""
        return self.before.last.plus(1)

    @property
    def last(self) -> Month:
        """The last month that is looked at."""
        return self.before.last.plus(self.months)


def strata_question(window: Window, emergencies: str, burden: str) -> Question:
    """`risk.strata_<emergencies>_<burden>_<months>`: people at risk with that history, and those admitted, of the nation by age and sex,
    and in all. Raises QuestionError for a history that is none."""
    return _crossed("strata", window, emergencies, burden)


def visits_question(window: Window, emergencies: str, visits: str) -> Question:
    """`risk.visits_<emergencies>_<attendances>_<months>`: the same by attendances at emergency departments. Raises QuestionError."""
    return _crossed("visits", window, emergencies, visits)


def outpatients_question(window: Window, emergencies: str, outpatients: str) -> Question:
    """`risk.outpatients_<emergencies>_<appointments>_<months>`: the same by outpatient appointments. Raises QuestionError."""
    return _crossed("outpatients", window, emergencies, outpatients)


def deprivation_question(window: Window, emergencies: str) -> Question:
    """`risk.deprivation_<emergencies>_<months>`: of a history of emergencies by age and fifth of deprivation. Raises QuestionError."""
    if emergencies not in EMERGENCIES:
        raise QuestionError(f"there is no history of {emergencies} emergencies; {EMERGENCIES}")
    return _question(f"deprivation_{emergencies}_{window.months}", window, _had(emergencies, window.before), (AGE_AND_FIFTH, ()))


def condition_question(window: Window, condition: str) -> Question:
    """`risk.condition_<condition>_<months>`: the same of people with a condition, whatever else they have. Raises QuestionError."""
    if condition not in CONDITIONS:
        raise QuestionError(f"there is no condition '{condition}'; there are: {', '.join(CONDITIONS)}")
    return _question(f"condition_{condition}_{window.months}", window, has(condition, window.before), (AGE_AND_SEX, ()))


def registered_questions(name: str, period: Period) -> list[Question]:
    """The question of that name about people's history in these months; none where it is no such name."""
    _, _, rest = name.partition(".")
    kind, _, what = rest.partition("_")
    what, _, months = what.rpartition("_")
    if not months.isdecimal():
        return []
    try:
        window = Window(before=period, months=int(months))
        if kind in _CROSSED:
            emergencies, _, level = what.partition("_")
            return [_crossed(kind, window, emergencies, level)]
        if kind == "deprivation":
            return [deprivation_question(window, what)]
        return [condition_question(window, what)] if kind == "condition" else []
    except QuestionError:
        return []


def _crossed(kind: str, window: Window, emergencies: str, level: str) -> Question:
    if emergencies not in EMERGENCIES or level not in _CROSSED[kind]:
        raise QuestionError(f"there is no history of {emergencies} emergencies and {level} of {kind}; {EMERGENCIES} and {_CROSSED[kind]}")
    had = {
        "strata": lambda: _carries(level, window.before),
        "visits": lambda: _came("Visit", {"0": (0, 1), "1": (1, 2), "2+": (2, None)}[level], window.before),
        "outpatients": lambda: _came("Appointment", {"0": (0, 1), "1-2": (1, 3), "3+": (3, None)}[level], window.before),
    }[kind]()
    where = _had(emergencies, window.before) & had
    return _question(f"{kind}_{emergencies}_{level}_{window.months}", window, where, (AGE_AND_SEX, ()))


def _question(name: str, window: Window, history: ir.BooleanValue, groupings: tuple[tuple[str, ...], ...]) -> Question:
    at_risk = stands_for_person(window.before) & history & ~PERSON.Has_Died.fill_null(False) & _is_out(window)
    next_one = PERSON.Next_Emergency_Month
    admitted = at_risk & ((next_one >= str(window.first)) & (next_one <= str(window.last))).fill_null(False)
    return Question(
        name=f"{RISK}.{name}",
        table=PERSON_MONTH,
        period=window.before,
        where=at_risk,
        aggregates=(
            Aggregate(name=AT_RISK, kind=AggregateKind.COUNT, where=at_risk),
            Aggregate(name=ADMITTED, kind=AggregateKind.COUNT, where=admitted, subset_of=AT_RISK),
        ),
        groupings=tuple(Grouping(dimensions=each) for each in groupings),
    )


def _is_out(window: Window) -> ir.BooleanValue:
    """Not in hospital as an emergency on the day: the next one was not admitted before it."""
    return (PERSON.Next_Emergency_Month >= str(window.first)).fill_null(True)


def _had(emergencies: str, before: Period) -> ir.BooleanValue:
    """The number of emergency stays that ended in these months."""
    return _came("Emergency", {"0": (0, 1), "1": (1, 2), "2": (2, 3), "3+": (3, None)}[emergencies], before)


def _came(what: str, times: tuple[int, int | None], before: Period) -> ir.BooleanValue:
    """At least the first of `times` in these months, and fewer than the second (None: however often); the mart tells up to three."""
    least, below = times

    def has(count: int) -> ir.BooleanValue:
        return (PERSON[f"{what}_{count}_Month"] >= str(before.first)).fill_null(False)

    if below is None:
        return has(least)
    return has(least) & ~has(below) if least else ~has(below)


def _carries(burden: str, before: Period) -> ir.BooleanValue:
    fewest, most = _FEWEST_OF[burden]
    first = str(before.first)
    held = [ibis.ifelse((PERSON[seen_column(name)] >= first).fill_null(False), 1, 0) for name in CONDITIONS]
    total = held[0]
    for each in held[1:]:
        total = total + each
    return (total >= fewest) & (total <= most)
