"""What is asked about who is admitted: people seen in hospital in the months before a day, by what was known of them then, and how many of
them were admitted as an emergency in the months after it.

One question a history: cells by age and sex (or by condition) hold only people of that history, so that no figure is part of another but
those admitted of those at risk. People known to have died in hospital, and people who were in hospital as an emergency on the day, are not
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
    if emergencies not in EMERGENCIES or burden not in BURDEN:
        raise QuestionError(f"there is no history of {emergencies} emergencies and {burden} conditions; {EMERGENCIES} and {BURDEN}")
    where = _had(emergencies, window.before) & _carries(burden, window.before)
    return _question(f"strata_{emergencies}_{burden}_{window.months}", window, where, (AGE_AND_SEX, ()))


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
        if kind == "strata":
            emergencies, _, burden = what.partition("_")
            return [strata_question(window, emergencies, burden)]
        return [condition_question(window, what)] if kind == "condition" else []
    except QuestionError:
        return []


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
    nth = [(PERSON[f"Emergency_{place}_Month"] >= str(before.first)).fill_null(False) for place in (1, 2, 3)]
    return {"0": ~nth[0], "1": nth[0] & ~nth[1], "2": nth[1] & ~nth[2], "3+": nth[2]}[emergencies]


def _carries(burden: str, before: Period) -> ir.BooleanValue:
    fewest, most = _FEWEST_OF[burden]
    first = str(before.first)
    held = [ibis.ifelse((PERSON[seen_column(name)] >= first).fill_null(False), 1, 0) for name in CONDITIONS]
    total = held[0]
    for each in held[1:]:
        total = total + each
    return (total >= fewest) & (total <= most)
