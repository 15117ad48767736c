"""Estimates: what an installed estimator says of the true figures of one grouping, before they are sealed."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from farr.lab.engine.cells import UNKNOWN
from farr.lab.model.question import Estimate, Estimator, Question


def estimated(question: Question, cells: pa.Table, estimators: Mapping[str, Estimator]) -> pa.Table | None:
    """The cells with a string column for each estimate. None where an estimator raised, or gave anything but its verdicts."""
    for estimate in question.estimates:
        try:
            column = _column(question, cells, estimate, estimators[estimate.estimator])
        except Exception:  # an estimator's message may quote the figures it was given
            return None
        if column is None:
            return None
        cells = cells.append_column(estimate.name, column)
    return cells


def _column(question: Question, cells: pa.Table, estimate: Estimate, estimator: Estimator) -> pa.Array | None:
    """Each month is judged by itself. Records without a code are no organisation, and are not judged with them."""
    number = question.groupings.index(estimate.grouping)
    by_month: dict[str | None, list[int]] = {}
    columns = ["grouping", "month", *estimate.grouping.dimensions]
    for row, values in enumerate(zip(*(cells[name].to_pylist() for name in columns), strict=True)):
        if values[0] == number and UNKNOWN not in values[2:]:
            by_month.setdefault(values[1], []).append(row)
    verdicts: list[str | None] = [None] * cells.num_rows
    for rows in by_month.values():
        given = _verdicts(cells.take(rows), estimate, estimator)
        if len(given) != len(rows) or not set(given) <= set(estimator.verdicts):
            return None
        for row, verdict in zip(rows, given, strict=True):
            verdicts[row] = verdict
    return pa.array(verdicts, pa.string())


def _verdicts(cells: pa.Table, estimate: Estimate, estimator: Estimator) -> list[str]:
    inputs: dict[str, Any] = {
        argument: cells[figure].cast(pa.float64()).to_numpy(zero_copy_only=False) for argument, figure in estimate.inputs
    }
    return [str(verdict) for verdict in estimator.function(**inputs, **dict(estimate.parameters))]
