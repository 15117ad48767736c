"""Cohorts that lie within each other: what an earlier release counts of one, less what is counted now of the other, are people too.

A hospital's spells, and all of them but those of one rare kind, differ by these. Nobody may be sure that such a difference is a count of
few: none, or more than a few, must stay possible, as of months that were never printed by themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir
import numpy as np

from farr.lab.disclosure.history.sheet import Sheet, series_of
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.tables.cells import CellsError, Figure
from farr.lab.model.plain_expression import ExpressionError, expression_of
from farr.lab.model.question import Question
from farr.lab.model.table import TableDeclaration


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """Sheets of earlier releases, of a cohort that lies within the one that `series` counts, or else around it. Where figures are `exact`,
    what one says of the other is worked out of all of them together; where they are rounded, figure by figure."""

    series: str
    other: str
    sheets: Sequence[Sheet]
    inside: bool
    exact: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """What earlier releases tell of the figures of a new one: `sheets` of the same series, and those `beside` them."""

    sheets: Sequence[Sheet]
    beside: Sequence[Beside] = ()

    @property
    def is_assumed(self) -> bool:
        """Whether any of it is only taken to be of the same records."""
        return any(sheet.assumed for sheet in (*self.sheets, *(sheet for each in self.beside for sheet in each.sheets)))

    def without_assumed(self) -> "Told":
        return Told(
            sheets=[sheet for sheet in self.sheets if not sheet.assumed],
            beside=[replace(each, sheets=[sheet for sheet in each.sheets if not sheet.assumed]) for each in self.beside],
        )


def beside_of(question: Question, nested: Iterable[Nested], sheets: Iterable[Sheet], *, exact: bool) -> tuple[list[Sheet], list[Beside]]:
    """Of the sheets of other series, as ones of the question's own those that count the very same rows, and those of cohorts that lie
    within or around one of its own."""
    canonical, of_series = question.canonical(), dict[str, list[Sheet]]()
    for sheet in sheets:
        of_series.setdefault(sheet.series, []).append(sheet)
    series = {each["name"]: series_of(canonical, each) for each in canonical["aggregates"]}
    same: list[Sheet] = []
    beside: list[Beside] = []
    for each in nested:
        mine, theirs = series[each.figure], of_series.get(each.series, [])
        if each.within and each.around:
            same += [replace(sheet, series=mine) for sheet in theirs]
        elif theirs and (each.within or each.around):
            beside.append(Beside(series=mine, other=each.series, sheets=theirs, inside=each.around, exact=exact or _is_exact(theirs)))
    return same, beside


def _is_exact(sheets: Iterable[Sheet]) -> bool:
    """Whether any of their figures was printed as it is."""
    return any(np.any((sheet.low == sheet.high) & (sheet.low > 0)) for sheet in sheets)


def with_subsets(figures: Sequence[Figure], nested: Iterable[Nested], series: Mapping[str, str]) -> tuple[Figure, ...]:
    """The figures; of a count that lies within another of the same question, and is not said to lie in any, that it does."""
    figure_of = {each: figure for figure, each in series.items()}
    around = {
        each.figure: figure_of[each.series] for each in nested
        if each.series in figure_of and each.within and not each.around and figure_of[each.series] != each.figure
    }  # fmt: skip
    return tuple(replace(each, subset_of=each.subset_of or around.get(each.name)) for each in figures)


def count_series(question: Question) -> dict[str, str]:
    """The series of the question's counts, by figure."""
    canonical = question.canonical()
    return {each["name"]: series_of(canonical, each) for each in canonical["aggregates"] if each["name"] in question.conditions()}


def conditions_of(question: Question) -> dict[str, ir.BooleanValue]:
    """Which rows each of the question's counts counts, by series."""
    conditions = question.conditions()
    return {series: conditions[figure] for figure, series in count_series(question).items()}


def conditions_noted(audits: Iterable[Mapping[str, Any]], table: TableDeclaration) -> dict[str, ir.BooleanValue]:
    """Which rows each count of the table that was released counts, by series, as the ledger noted it with each release; none of what
    cannot be read."""
    found: dict[str, ir.BooleanValue] = {}
    for audit in audits:
        for series, plain in audit.get("conditions", {}).items():
            with suppress(ExpressionError):
                found[series] = expression_of(plain, table)
    return found


class NotCompared(CellsError):
    """A cohort was released that the session was not told of, as where that was a moment ago."""


def check_compared(question: Question, nested: Sequence[Nested], audits: Iterable[Mapping[str, Any]]) -> None:
    """Raises NotCompared unless the session looked at every count that was released of the table; but those that read a column which the
    table has no more, with which nothing can be compared."""
    mine, columns = set(count_series(question).values()), set(question.table.schema.names)
    compared = mine | {each.series for each in nested}
    released = {series: plain for audit in audits for series, plain in audit.get("conditions", {}).items()}
    if mine and any(series not in compared and _columns(plain) <= columns for series, plain in released.items()):
        raise NotCompared("it was not compared with all that was released before; ask it again")


def _columns(plain: Mapping[str, Any]) -> set[str]:
    return {node[1] for node in plain["nodes"] if node[0] == "Field"}
