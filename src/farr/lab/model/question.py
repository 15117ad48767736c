"""Question: the only thing that measures, planning and research say to the engine and the gate.

A question holds expressions on unbound tables and names of registered dimensions. It cannot run, cannot name a person, and
cannot group by anything that is not registered.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.table import TableDeclaration


class QuestionError(FarrError, ValueError):
    """A question that may not be asked; the message says which part and why."""


class AggregateKind(Enum):
    COUNT = "count"  # rows where `where` holds
    SUM = "sum"  # sum of `value` over rows where `where` holds


@dataclass(frozen=True, kw_only=True)
class Aggregate:
    """One figure per cell. `where` and `value` are row expressions on the question's table. `subset_of` names the aggregate
    whose rows include these (a numerator within its denominator): the attacker knows that too, so the audit must."""

    name: str
    kind: AggregateKind
    where: ir.BooleanValue
    value: ir.NumericValue | None = None
    subset_of: str | None = None

    def __post_init__(self) -> None:
        if (self.kind is AggregateKind.SUM) != (self.value is not None):
            raise QuestionError(f"aggregate '{self.name}': a sum needs a value, a count takes none")


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """A breakdown: the dimensions crossed (none: the national total) and whether by month as well."""

    dimensions: tuple[str, ...] = ()
    monthly: bool = False

    def __post_init__(self) -> None:
        unknown = [name for name in self.dimensions if name not in DIMENSIONS]
        if unknown:
            raise QuestionError(f"'{unknown[0]}' is not a registered dimension; registered: {', '.join(DIMENSIONS)}")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure or verdict that an installed estimator computes on the true values of one grouping, before they are sealed.

    `estimator` is the name of an installed Estimator; `inputs` maps its argument names to aggregate names; `parameters` are
    plain values. The output becomes the column `name`, and is withheld wherever one of its inputs is.
    """

    name: str
    estimator: str
    grouping: Grouping
    inputs: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str | float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Estimator:
    """A plain function of arrays that the desk installs in the session: `function(**inputs, **parameters)` takes float arrays
    of shape (cells,) and returns an array of shape (cells,) of strings, each one of `verdicts`. Nothing else may leave."""

    name: str
    function: Callable[..., Any]
    verdicts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Figures over the rows of one declared table, within a period, where `where` holds, for each grouping.

    Longer groupings are counted again from records, never added up from shorter ones. The person column is the table's own.
    `left_out` are months of the period that are not counted, because they are not complete.
    """

    name: str
    table: TableDeclaration
    period: Period
    where: ir.BooleanValue
    aggregates: tuple[Aggregate, ...]
    groupings: tuple[Grouping, ...]
    estimates: tuple[Estimate, ...] = ()
    left_out: tuple[Month, ...] = ()

    def __post_init__(self) -> None:
        names = [aggregate.name for aggregate in self.aggregates] + [estimate.name for estimate in self.estimates]
        if len(set(names)) != len(names):
            raise QuestionError(f"question '{self.name}' names a figure twice: {', '.join(names)}")
        if not self.aggregates or not self.groupings:
            raise QuestionError(f"question '{self.name}' asks for nothing; give aggregates and groupings")
        if len(set(self.groupings)) != len(self.groupings):
            raise QuestionError(f"question '{self.name}' asks for a grouping twice")
        if not self.months:
            raise QuestionError(f"question '{self.name}' leaves out every month of {self.period}; choose a longer period")

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that are counted, in order."""
        return tuple(month for month in self.period.months() if month not in self.left_out)

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of every table that the expressions read: the gate looks up their policies."""
        names = {self.table.name}
        for expression in self.expressions():
            names.update(node.name for node in expression.op().find(ops.UnboundTable))
        return tuple(sorted(names))

    def expressions(self) -> list[ir.Value]:
        values = [self.where]
        for aggregate in self.aggregates:
            values.append(aggregate.where)
            if aggregate.value is not None:
                values.append(aggregate.value)
        return values

    def columns_read(self) -> dict[str, tuple[str, ...]]:
        """By aggregate, the columns by which rows of a month are chosen and added up, whatever they are grouped by."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.aggregates:
            parts = [self.where, each.where, *([] if each.value is None else [each.value])]
            found[each.name] = tuple(
                sorted({str(node.name) for part in parts for node in part.op().find(ops.Field)} - {self.table.month or ""})
            )
        return found

    def canonical(self) -> dict[str, Any]:
        """Everything that decides the answer, as plain data in a fixed order: the ledger keeps this."""
        return {
            "name": self.name,
            "table": self.table.name,
            "period": str(self.period),
            "left_out": [str(month) for month in sorted(self.left_out)],
            "where": _fingerprint(self.where),
            "aggregates": [
                {
                    "name": aggregate.name,
                    "kind": aggregate.kind.value,
                    "where": _fingerprint(aggregate.where),
                    "value": None if aggregate.value is None else _fingerprint(aggregate.value),
                    "subset_of": aggregate.subset_of,
                }
                for aggregate in self.aggregates
            ],
            "groupings": [[list(grouping.dimensions), grouping.monthly] for grouping in self.groupings],
            "estimates": [
                [e.name, e.estimator, list(e.grouping.dimensions), e.grouping.monthly, list(e.inputs), list(e.parameters)]
                for e in self.estimates
            ],
        }

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the canonical form."""
        return hashlib.sha256(json.dumps(self.canonical(), sort_keys=True).encode()).hexdigest()


def _fingerprint(expression: ir.Value) -> str:
    return _printed(expression.op())


@lru_cache(maxsize=4096)
def _printed(operation: ops.Node) -> str:
    # Ibis prints an expression in full, code lists included; the hash keeps the ledger's lines short.
    return hashlib.sha256(repr(operation.to_expr().unbind()).encode()).hexdigest()[:16]
