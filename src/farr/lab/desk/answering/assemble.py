"""Benchmarks made of released tables: the rows beside the norm, the months, the breakdown. Nothing here asks a question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.holdings.organisations import NATIONAL
from farr.lab.desk.shapes import BREAKDOWN_SCHEMA, COMPLETENESS_SCHEMA, ROWS_SCHEMA, TREND_SCHEMA, shaped
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.benchmark import compare, of_organisation, trend
from farr.lab.measures.comparison.breakdown import breakdown
from farr.lab.measures.figures import Figures, read_figures
from farr.lab.measures.norm import Facts, Norm
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.errors import FarrError


class NotHeld(FarrError):
    """The records or reference tables that a figure needs are not held; the message says which, and how to load them."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Released answers of one question and its population, in that order. `people` is a table of published facts instead, where the level
    has no list of people; `also` what else the figures rest on: the national reference of a standardised ratio."""

    released: tuple[Released, ...]
    people: pa.Table | None = None
    also: tuple[Released, ...] = ()

    def derived(self, name: str, build: Callable[[pa.Table, pa.Table | None], pa.Table]) -> Released:
        """A figure of these tables alone."""

        def built(*tables: pa.Table) -> pa.Table:
            return build(tables[0], tables[1] if len(self.released) > 1 else self.people)

        return derive(name, built, *self.released, *self.also)


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whose benchmark it is, against whom: `is_complete` by code, where months are published; `facts` for the norm."""

    organisation: str
    norm: Norm
    facts: Facts
    names: Mapping[str, str]


def rows(
    plan: Plan, whom: Whom, year: Tables, past: Tables | None, complete: Callable[[tuple[str, ...]], npt.NDArray[np.bool_] | None]
) -> Released:
    """Every organisation of the level beside the norm."""
    measure, level = plan.measure, plan.level

    def build(activity: pa.Table, population: pa.Table | None) -> pa.Table:
        def read(at: str, grouping: int) -> Figures:
            return figures_at(plan, activity, population, at, grouping)

        figures = read(level, 0)
        if whom.organisation not in figures.codes:
            raise NotHeld(
                f"'{whom.organisation}' has no row for {measure.name} at level {level} in {plan.period}; check the code and level"
            )
        columns = compare(
            measure, figures, selected=whom.organisation, norm=whom.norm, level=level, names=whom.names, facts=whom.facts,
            total=_total(whom.norm, figures, whom.organisation, level, read), past=_past(plan, past), complete=complete(figures.codes),
        )  # fmt: skip
        return shaped(columns, ROWS_SCHEMA)

    return year.derived(f"{measure.name}.{level}.{whom.norm.name}.{whom.organisation}", build)


def months(plan: Plan, organisation: str, by_month: Tables) -> Released:
    """The organisation's months beside the nation's."""

    def build(activity: pa.Table, population: pa.Table | None) -> pa.Table:
        own = of_organisation(figures_at(plan, activity, population, plan.level, 0), organisation)
        nation = None if plan.level == NATIONAL else figures_at(plan, activity, population, NATIONAL, 1)
        return shaped(trend(plan.measure, own, nation), TREND_SCHEMA)

    return by_month.derived(f"{plan.measure.name}.{plan.level}.trend.{organisation}", build)


def parts(plan: Plan, organisation: str, tables: Tables, names: Mapping[str, str]) -> Released:
    """The organisation's figures by the plan's breakdown, each beside the nation's for the same code."""

    def build(activity: pa.Table, population: pa.Table | None) -> pa.Table:
        columns = breakdown(
            plan.measure, activity, level=plan.level, by=plan.by or "", organisation=organisation, population=population, names=names
        )  # fmt: skip
        return shaped(columns, BREAKDOWN_SCHEMA)

    return tables.derived(f"{plan.measure.name}.{plan.level}.by_{plan.by}.{organisation}", build)


def received(level: str, organisation: str, answer: Released, columns: Callable[[pa.Table], dict[str, list[object]]]) -> Released:
    """How complete the organisation's months are."""

    def build(table: pa.Table) -> pa.Table:
        return shaped(columns(table), COMPLETENESS_SCHEMA)

    return derive(f"{answer.name}.{level}.{organisation}", build, answer)


def figures_at(plan: Plan, activity: pa.Table, population: pa.Table | None, level: str, grouping: int) -> Figures:
    """The figures of a level (the plan's, its parent or the nation) out of the released tables of the plan."""
    national = level == NATIONAL
    figures = read_figures(
        plan.measure,
        activity,
        grouping=grouping,
        code_column=None if national else level,
        region_column=None if national else DIMENSIONS[level].parent,
        population=population if plan.measure.kind.is_per_head else None,
        reference=plan.reference,
    )
    return replace(figures, codes=(NATIONAL,) * len(figures.codes)) if national else figures


def _past(plan: Plan, past: Tables | None) -> Figures | None:
    if past is None:
        return None
    activity, *others = (released.table for released in past.released)
    return figures_at(plan, activity, others[0] if others else past.people, plan.level, 0)


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
