"""The desk: asks a measure's questions, passes the answers through the gate, and sets an organisation beside its peers."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.desk.benchmark import Benchmark, LeftOut
from farr.lab.desk.home import Home, code_version
from farr.lab.desk.notes import notes
from farr.lab.desk.organisations import NATIONAL, Organisations, read_organisations
from farr.lab.desk.shapes import COMPLETENESS_SCHEMA, ROWS_SCHEMA, TREND_SCHEMA, shaped
from farr.lab.disclosure.gate import Refused, release
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.session import Session
from farr.lab.measures.benchmark import compare, completeness, hidden_members, of_organisation, trend
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.measures.figures import Figures, read_figures
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.norm import Norm
from farr.lab.measures.questions import completeness_question, is_monthly, questions
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import DIMENSIONS, LEVELS, Cadence
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question

TREND_MONTHS = 24


class DeskError(FarrError):
    """What was asked for is not there; the message lists what is."""


class NotHeld(DeskError):
    """The records or reference tables that a figure needs are not held; the message says which, and how to load them."""


class Desk:
    """One agreement's work place. Opens no records without a live agreement, and hands out nothing that has not been released."""

    def __init__(self, home: Home, agreement: str, purpose: str | None = None) -> None:
        terms = home.agreement(agreement)
        if purpose is not None or len(terms.terms.purposes) > 1:
            terms.check_purpose(purpose or "")
        self.home = home
        self.agreement = agreement
        self._store = home.store(agreement)
        self._session = Session(self._store, terms.terms, ESTIMATORS, code_version())
        self._ledger = home.ledger(agreement)
        self._released: dict[str, Released] = {}

    @classmethod
    def open(cls, home: Path | str | None = None, *, agreement: str | None = None, purpose: str | None = None) -> "Desk":
        """The desk of a home folder, agreement and purpose; the home's only agreement, and its only purpose, where none is named.
        Raises AgreementError where it is not live, or not for the purpose."""
        place = Home.open(home)
        return cls(place, agreement or place.only_agreement(), purpose)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return discover("farr.lab.measures.definitions", Measure)

    @cached_property
    def norms(self) -> dict[str, Norm]:
        return discover("farr.lab.measures.norms", Norm)

    @cached_property
    def organisations(self) -> Organisations:
        return read_organisations(self._store)

    def measure(self, name: str) -> Measure:
        if name not in self.measures:
            raise DeskError(f"there is no measure '{name}'; type: farr measures. Known: {', '.join(self.measures)}")
        return self.measures[name]

    def norm(self, name: str) -> Norm:
        if name not in self.norms:
            raise DeskError(f"there is no norm '{name}'; known: {', '.join(self.norms)}")
        return self.norms[name]

    def level(self, organisation: str, stated: str | None = None) -> str:
        """The level stated, else the one at which the organisation reference knows the code."""
        if stated is not None and stated not in LEVELS:
            raise DeskError(f"there is no level '{stated}'; known: {', '.join(LEVELS)}")
        return stated or self.organisations.level_of(organisation)

    def latest_year(self, measure: Measure) -> Period:
        """The rolling year that ends with the last month for which the measure's follow-up is held too; where the store does not
        reach back as far, its last twelve months or what there is of them."""
        held = self._months()
        followed = Period.rolling_year(held[-1].plus(-measure.follow_up_months))
        return followed if followed.first >= held[0] else Period(max(held[0], held[-1].plus(-11)), held[-1])

    def benchmark(
        self,
        *,
        organisation: str,
        measure: str,
        norm: str = "national",
        period: str | Period | None = None,
        level: str | None = None,
    ) -> Benchmark:
        """An organisation's figure for a measure beside its norm, its own months and how complete they are.

        `period` is '2024-04..2025-03', by default the latest rolling year; `level` is needed only where the organisation reference
        does not know the code. Raises FarrError of some kind, which says what to type.
        """
        chosen, against = self.measure(measure), self.norm(norm)
        at = self.level(organisation, level)
        span = Period.parse(period) if isinstance(period, str) else period or self.latest_year(chosen)
        self._check_period(at, span)
        self._check_population(chosen)
        names = self.organisations.of_level(at)
        rows = self._rows(chosen, against, organisation, at, span, names)
        months = Period(max(self._months()[0], span.last.plus(1 - TREND_MONTHS)), span.last)
        return Benchmark(
            measure=chosen,
            level=at,
            norm=norm,
            norm_title=against.title,
            period=span,
            organisation=organisation,
            organisation_name=names.get(organisation, organisation),
            rows=rows,
            trend=self._trend(chosen, organisation, at, months) if is_monthly(at) else None,
            completeness=self._completeness(organisation, at, months),
            codelists=tuple(load_codelist(name) for name in chosen.codelists),
            notes=notes(
                self._store,
                chosen,
                span,
                self._months(),
                hidden_members(rows.table.to_pydict()),
                pooled=against.total is None,
                monthly=is_monthly(at),
            ),
        )

    def report(
        self,
        *,
        organisation: str,
        norm: str = "national",
        period: str | None = None,
        level: str | None = None,
        asking: Callable[[str], None] = lambda _: None,
    ) -> tuple[list[Benchmark], list[LeftOut]]:
        """A benchmark of every measure that is made at the organisation's level, and those that could not be, with the reason.
        `asking` hears the name of each measure as it is asked."""
        at = self.level(organisation, level)
        found: list[Benchmark] = []
        left_out: list[LeftOut] = []
        for name, measure in self.measures.items():
            if at not in measure.levels:
                left_out.append(LeftOut(measure=measure, reason=f"it is not made for a {at}, only at: {', '.join(measure.levels)}"))
                continue
            asking(name)
            try:
                found.append(self.benchmark(organisation=organisation, measure=name, norm=norm, period=period, level=at))
            except (NotHeld, Refused) as error:
                left_out.append(LeftOut(measure=measure, reason=str(error)))
        return found, left_out

    def released(self, question: Question) -> Released:
        """The answer as the gate lets it out; asked once."""
        if question.identity not in self._released:
            self._released[question.identity] = release(self._session.ask(question), self._ledger)
        return self._released[question.identity]

    def _months(self) -> list[Month]:
        months = self._store.months("apc_spell")
        if not months:
            raise DeskError(f"the store of '{self.agreement}' holds no spells; type: farr ingest FILE, then: farr build")
        return months

    def _check_period(self, level: str, period: Period) -> None:
        small = level != NATIONAL and DIMENSIONS[level].cadence is Cadence.ROLLING_YEAR
        if small and len(list(period.months())) != 12:
            raise DeskError(
                f"figures of {DIMENSIONS[level].plural} are made for rolling years only, because months would hold too few people; "
                f"type --period {Period.rolling_year(period.last)}"
            )
        held = self._months()
        if period.first < held[0] or period.last > held[-1]:
            raise DeskError(f"the store holds {held[0]}..{held[-1]}, and the period {period} reaches beyond it; choose one within")

    def _check_population(self, measure: Measure) -> None:
        if measure.kind is MeasureKind.RATE_PER_HEAD and self._store.version("population") is None:
            raise NotHeld("no registered populations are held; type: farr ingest registered_population_….csv, then: farr build")

    def _rows(self, measure: Measure, norm: Norm, organisation: str, level: str, period: Period, names: dict[str, str]) -> Released:
        answers = [self.released(question) for question in questions(measure, level=level, period=period, trend=None, verdict=True)]
        facts = self.organisations

        def build(activity: pa.Table, population: pa.Table | None = None) -> pa.Table:
            def read(at: str, grouping: int) -> Figures:
                return _figures(measure, activity, at, grouping, population)

            figures = read(level, 0)
            if organisation not in figures.codes:
                raise NotHeld(f"'{organisation}' has no row for {measure.name} at level {level} in {period}; check the code and level")
            columns = compare(
                measure, figures, selected=organisation, norm=norm, level=level, names=names,
                feature_codes=facts.feature_codes, features=facts.features, total=_total(norm, figures, organisation, level, read),
            )  # fmt: skip
            return shaped(columns, ROWS_SCHEMA)

        return derive(f"{measure.name}.{level}.{norm.name}.{organisation}", build, *answers)

    def _trend(self, measure: Measure, organisation: str, level: str, months: Period) -> Released:
        asked = questions(measure, level=level, period=months, trend=months, verdict=False)
        answers = [self.released(question) for question in asked if question.name.endswith(".monthly")]

        def build(activity: pa.Table, population: pa.Table | None = None) -> pa.Table:
            own = of_organisation(_figures(measure, activity, level, 0, population), organisation)
            nation = None if level == NATIONAL else _figures(measure, activity, NATIONAL, 1, population)
            return shaped(trend(measure, own, nation), TREND_SCHEMA)

        return derive(f"{measure.name}.{level}.trend.{organisation}", build, *answers)

    def _completeness(self, organisation: str, level: str, months: Period) -> Released:
        answer = self.released(completeness_question(level=level, trend=months))
        column = level if level != NATIONAL and is_monthly(level) else None

        def build(table: pa.Table) -> pa.Table:
            rows: list[dict[str, Any]] = [row for row in table.to_pylist() if row["grouping"] == 0]
            held = {row["month"]: row for row in rows if column is None or row[column] == organisation}
            every = tuple(str(month) for month in months.months())
            status = tuple(str(held[month]["numerator__status"]) if month in held else "no records" for month in every)
            shown = [
                held[month]["numerator"] if month in held and state != "suppressed" else None
                for month, state in zip(every, status, strict=True)
            ]
            return shaped(completeness(every, np.array(shown, dtype=np.float64), status), COMPLETENESS_SCHEMA)

        return derive(f"completeness.{level}.{organisation}", build, answer)


def _total(norm: Norm, figures: Figures, organisation: str, level: str, read: Callable[[str, int], Figures]) -> Figures | None:
    """The released row that is the norm's value: of the nation, or of the region that the organisation falls in."""
    if norm.total is None or level == NATIONAL:
        return figures if norm.total is not None else None
    parent = DIMENSIONS[level].parent
    if norm.total == "national":
        return read(NATIONAL, 1 if parent is None else 2)
    if parent is None:
        return None
    return of_organisation(read(parent, 1), figures.region[figures.index(organisation)])


def _figures(measure: Measure, activity: pa.Table, level: str, grouping: int, population: pa.Table | None) -> Figures:
    national = level == NATIONAL
    parent = None if national else DIMENSIONS[level].parent
    figures = read_figures(
        measure,
        activity,
        grouping=grouping,
        code_column=None if national else level,
        region_column=parent,
        population=population if measure.kind is MeasureKind.RATE_PER_HEAD else None,
    )
    return replace(figures, codes=(NATIONAL,) * len(figures.codes)) if national else figures
