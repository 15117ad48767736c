"""What a benchmark rests on: the questions to ask for it, once it is settled what is compared over which months."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import NATIONAL, breakdown_questions, completeness_question, is_monthly, questions, reference_questions
from farr.lab.measures.reference import Reference
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question
from farr.lab.model.tables.reference import POPULATION

TREND_MONTHS = 24


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A measure at a level over a period without the months left out. `months` are those of its run chart and completeness; `followed`
    is the last whose follow-up is held; `by` a breakdown; `past` the earlier period of a norm that is one's own past; `monthly` is
    False where months would hold too few people, though those of other measures at the level do not."""

    measure: Measure
    level: str
    period: Period
    months: Period
    followed: Month | None = None
    left_out: tuple[Month, ...] = ()
    by: str | None = None
    past: Period | None = None
    monthly: bool = True
    reference: Reference | None = field(default=None, repr=False)

    @property
    def kept(self) -> tuple[Month, ...]:
        return tuple(month for month in self.period.months() if month not in self.left_out)

    def completeness(self) -> Question:
        return completeness_question(level=self.level, trend=self.months, table=self.measure.table)

    def references(self) -> list[Question]:
        """What a standardised ratio asks of the nation first; none for other measures."""
        return self._without(reference_questions(self.measure, period=self.period))

    def year(self) -> list[Question]:
        """Activity, then (per head) population, over the period."""
        asked = questions(self.measure, level=self.level, period=self.period, trend=None, verdict=True, reference=self.reference)
        return self._without(self._answerable(asked))

    def by_month(self) -> list[Question]:
        """The same by month, of months that are followed up; none where months are too small."""
        if not self.monthly or not is_monthly(self.level):
            return []
        last = min(self.months.last, self.followed or self.months.last)
        months = Period(self.months.first, last) if last >= self.months.first else self.months
        asked = questions(self.measure, level=self.level, period=months, trend=months, verdict=False, reference=self.reference)
        return [question for question in self._answerable(asked) if question.name.endswith(".monthly")]

    def broken_down(self) -> list[Question]:
        if self.by is None:
            return []
        asked = breakdown_questions(self.measure, level=self.level, by=self.by, period=self.period, reference=self.reference)
        return self._without(self._answerable(asked))

    def earlier(self) -> list[Question]:
        """As `year`, over the earlier period, without the same months of it."""
        if self.past is None:
            return []
        back = _months_between(self.past.first, self.period.first)
        asked = questions(self.measure, level=self.level, period=self.past, trend=None, verdict=False, reference=self.reference)
        left_out = tuple(month.plus(-back) for month in self.left_out)
        return [replace(question, left_out=left_out) for question in self._answerable(asked)]

    def all(self) -> list[Question]:
        return [*self.year(), *self.by_month(), *self.broken_down(), *self.earlier()]

    def has_list(self) -> bool:
        """Whether registered people are known at the level; elsewhere the people who live there are the denominator."""
        return self.level == NATIONAL or DIMENSIONS[self.level].column in POPULATION.schema.names

    def _answerable(self, asked: list[Question]) -> list[Question]:
        return asked if self.has_list() else [question for question in asked if question.table is not POPULATION]

    def _without(self, asked: list[Question]) -> list[Question]:
        return [replace(question, left_out=self.left_out) for question in asked]


def _months_between(earlier: Month, later: Month) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def followed(measure: Measure, held: Sequence[Month]) -> Month:
    """The last month after which everything that the measure waits for is held."""
    return held[-1].plus(-measure.follow_up_months)
