"""Drivers: what makes activity grow or fall beside people and their health, each with its range and its source."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from farr.lab.planning.projection.cells import ATTENDANCE, ELECTIVE, EMERGENCY, OTHER_NON_ELECTIVE, OUTPATIENT, Cells, Flags
from farr.lab.planning.projection.uncertain import Floats, Uncertain, standard_normal


class Course(Enum):
    """How a driver comes about over the years."""

    COMPOUND = "compound"  # the factor is of a year, and each year has it again
    PHASED = "phased"  # the factor is of the end; it comes about by equal steps until `by_year`, and stays


@dataclass(frozen=True, kw_only=True)
class Driver:
    """Activity of the cells for which `applies` holds is multiplied by `factor`, along `course`. Drivers of one `component` are one bar of
    the waterfall. `source` says where the range comes from, or that it is a parameter."""

    name: str
    component: str
    applies: Callable[[Cells], Flags]
    factor: Uncertain
    source: str
    course: Course = Course.COMPOUND
    by_year: int = 1

    def of(self, cells: Cells, year: int, seed: int, runs: int) -> Floats:
        """Its factors in a year, of shape (cells, runs)."""
        drawn = self.factor.of(standard_normal(seed, f"driver {self.name}", runs), least=0.0)
        grown = drawn**year if self.course is Course.COMPOUND else 1 + (drawn - 1) * min(1.0, year / self.by_year)
        return np.where(self.applies(cells)[:, None], grown[None, :], 1.0)


NON_DEMOGRAPHIC = "non-demographic growth"
WAITING_LIST = "waiting list"
_NHP = (
    "New Hospital Programme demand model, non-demographic growth, variant 2 (The Strategy Unit, MIT): yearly factors as 10th and 90th "
    "percentiles"
)


def _growth(name: str, pods: tuple[str, ...], low: float, high: float) -> Driver:
    return Driver(
        name=name, component=NON_DEMOGRAPHIC, applies=lambda cells: cells.is_of(*pods), factor=Uncertain(low=low, high=high), source=_NHP
    )


NON_DEMOGRAPHIC_GROWTH = (
    _growth("growth of A&E", ATTENDANCE, 1.0121, 1.0142),
    _growth("growth of elective care", ELECTIVE, 1.0053, 1.0071),
    _growth("growth of emergencies", EMERGENCY, 0.9955, 1.0017),
    _growth("growth of outpatients", OUTPATIENT, 1.0228, 1.0270),
    _growth("growth of maternity", OTHER_NON_ELECTIVE, 1.0, 1.0),
)
"""A&E 1.31% a year (1.21 to 1.41, here to the fourth digit as published), elective care 0.62%, emergencies -0.14%, outpatients 2.49%."""


def waiting_list(factor: Uncertain, by_year: int) -> Driver:
    """Elective care that is `factor` times today's from `by_year` on, so that the waiting list shrinks. What a list needs is not in
    hospital records: it is a parameter, and 1 unless said."""
    return Driver(
        name="waiting list", component=WAITING_LIST, applies=lambda cells: cells.is_of("DC", "EL"), factor=factor, course=Course.PHASED,
        by_year=by_year, source="A parameter: elective care needed beyond today's (nhp_model: waiting list adjustment, by specialty)",
    )  # fmt: skip
