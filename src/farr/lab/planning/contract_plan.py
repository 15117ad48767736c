"""The plan of some organisations' contracts, by line and month, from the rows that are held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month

WHOLE = "ALL"
"""The specialty of what is planned without one."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Planned spells and pounds of `months`: by code of the line an array of shape (months,), 0 where nothing is planned."""

    months: tuple[Month, ...]
    activity: Mapping[str, FloatArray] = field(repr=False)
    finance: Mapping[str, FloatArray] = field(repr=False)

    def of(self, months: Sequence[Month]) -> "Plan":
        """The plan of these of its months."""
        at = [self.months.index(month) for month in months]
        return Plan(
            months=tuple(months),
            activity={code: values[at] for code, values in self.activity.items()},
            finance={code: values[at] for code, values in self.finance.items()},
        )

    def totals(self, code: str | None) -> tuple[float, float]:
        """Spells and pounds of a line over all months; of all lines for None."""
        own = list(self.activity) if code is None else [code] if code in self.activity else []
        return float(sum(self.activity[each].sum() for each in own)), float(sum(self.finance[each].sum() for each in own))

    def monthly_activity(self) -> FloatArray:
        """Spells of all lines by month. Shape (months,)."""
        return self._monthly(self.activity)

    def monthly_finance(self) -> FloatArray:
        """Pounds of all lines by month. Shape (months,)."""
        return self._monthly(self.finance)

    def _monthly(self, lines: Mapping[str, FloatArray]) -> FloatArray:
        return np.sum(list(lines.values()), axis=0) if lines else np.zeros(len(self.months))


def read_plan(rows: Iterable[Mapping[str, Any]], *, level: str, organisation: str, line: str, months: Sequence[Month]) -> Plan:
    """The plan of `months` of all contracts of an organisation of the level, by the codes of the dimension `line`. `rows` are those of the
    table contract_plan."""
    own = DIMENSIONS[level].column
    place, column = {str(month): at for at, month in enumerate(months)}, DIMENSIONS[line].column
    activity: dict[str, FloatArray] = {}
    finance: dict[str, FloatArray] = {}
    for row in rows:
        at = place.get(row["Activity_Month"])
        if at is None or row[own] != organisation:
            continue
        for found, planned in ((activity, "Planned_Activity"), (finance, "Planned_Finance")):
            found.setdefault(row[column], np.zeros(len(months)))[at] += float(row[planned])
    return Plan(months=tuple(months), activity=activity, finance=finance)
