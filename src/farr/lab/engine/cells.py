"""The aggregates of questions, written by the session itself: authors give row expressions and names of dimensions.

Rows are first gathered by cell and person, then by cell. That counts persons exactly, finds the largest contributions of one
person, and gives every figure in one pass, of one question or of many that are asked of the same table, months and groupings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question

UNKNOWN = "unknown"
PERSON, MONTH = "__person", "__month"
_FEW = 3


Largest = Callable[[ir.NumericValue, int], ir.Value]
"""The engine's aggregate of the largest values of a group, in descending order."""


@dataclass(frozen=True)
class Figure:
    """One distinct figure of the questions asked together, and its number among them: those that ask the same share it.
    `where` holds the condition of its question as well as its own."""

    number: int
    kind: AggregateKind
    where: ir.BooleanValue
    value: ir.NumericValue | None

    @property
    def is_sum(self) -> bool:
        return self.kind is AggregateKind.SUM


@dataclass(frozen=True)
class Together:
    """Questions of one table, the same months and groupings, answered in one pass. `figures` is by (question's place, aggregate);
    `present` holds for each question the condition under which a row is one of its rows."""

    questions: tuple[Question, ...]
    figures: dict[tuple[int, str], Figure]
    present: tuple[ir.BooleanValue, ...]

    @property
    def distinct(self) -> list[Figure]:
        return list(dict.fromkeys(self.figures.values()))


def together(questions: Sequence[Question]) -> Together:
    """The questions with their figures numbered, each distinct one once."""
    distinct: dict[object, Figure] = {}
    found: dict[tuple[int, str], Figure] = {}
    present = tuple(question.where.fill_null(False) for question in questions)
    for place, question in enumerate(questions):
        for aggregate in question.aggregates:
            where = _where(aggregate, present[place], alone=len(questions) == 1)
            key = (aggregate.kind, where.op(), None if aggregate.value is None else aggregate.value.op())
            found[place, aggregate.name] = distinct.setdefault(key, Figure(len(distinct), aggregate.kind, where, aggregate.value))
    return Together(questions=tuple(questions), figures=found, present=present)


def _where(aggregate: Aggregate, present: ir.BooleanValue, *, alone: bool) -> ir.BooleanValue:
    where = aggregate.where.fill_null(False)
    # A row without a value adds nothing to a sum: its person is not one of the people behind it.
    where = where & aggregate.value.notnull() if aggregate.value is not None else where
    return where if alone else where & present


def ancestry(name: str) -> list[str]:
    """The dimension and those into which its codes fall whole, nearest first."""
    parent = DIMENSIONS[name].parent
    return [name, *(ancestry(parent) if parent else [])]


def columns_of(grouping: Grouping) -> list[str]:
    """The grouping's dimensions with all their ancestors, each once."""
    return list(dict.fromkeys(name for dimension in grouping.dimensions for name in ancestry(dimension)))


def cells(asked: Together, grouping: Grouping, months: Sequence[Month], largest: Largest) -> ir.Table:
    """A row per cell with its codes; for each figure k `value_k`, `persons_k`, and for sums `top_k` (two largest); for each question
    q `present_q`, how many rows of its own the cell has."""
    keys = [MONTH, *columns_of(grouping)] if grouping.monthly else columns_of(grouping)
    rows = _rows(asked, keys, months)
    gathered = rows.group_by([*keys, PERSON]).aggregate(
        **{f"rows_{figure.number}": rows[f"counted_{figure.number}"].count() for figure in asked.distinct},
        **{f"sum_{figure.number}": rows[f"summed_{figure.number}"].sum() for figure in asked.distinct if figure.is_sum},
        **{f"own_{place}": rows[f"own_{place}"].count() for place in range(len(asked.questions))},
    )
    judged = {name: value for figure in asked.distinct for name, value in _judged(gathered, figure, largest).items()}
    present = {f"present_{place}": gathered[f"own_{place}"].sum() for place in range(len(asked.questions))}
    return gathered.aggregate(by=keys, **judged, **present)


def _rows(asked: Together, keys: Sequence[str], months: Sequence[Month]) -> ir.Table:
    table = asked.questions[0].table
    rows = table.unbound
    person = rows[table.person].nullif("") if table.person else ibis.null("string")
    codes = {name: _code(rows[DIMENSIONS[name].column]) for name in keys if name != MONTH}
    # True or null, to be counted: a pass keeps a number for each person, cell and figure, and that of a count is smaller than a sum's.
    counted = {f"counted_{figure.number}": figure.where.nullif(False) for figure in asked.distinct}
    summed = {f"summed_{figure.number}": ibis.ifelse(figure.where, _float(figure), 0.0) for figure in asked.distinct if figure.is_sum}
    own = {f"own_{place}": present.nullif(False) for place, present in enumerate(asked.present)}
    held = rows.filter(rows[table.month].isin([str(each) for each in months]), *_any(asked.present))
    return held.select(**{PERSON: person, MONTH: rows[table.month]}, **codes, **counted, **summed, **own)


def _any(conditions: Sequence[ir.BooleanValue]) -> list[ir.BooleanValue]:
    """That a row is one of some question's: nothing is said of many questions, for nearly every row is, and to find that out takes as
    long as to count it. Cells without a row of a question are left out of its answer all the same."""
    distinct = list({condition.op(): condition for condition in conditions}.values())
    return [ibis.or_(*distinct)] if len(distinct) <= _FEW else []


def _code(column: ir.StringColumn) -> ir.StringValue:
    return column.strip().nullif("").fill_null(UNKNOWN)


def _float(figure: Figure) -> ir.NumericValue:
    return ibis.literal(0.0) if figure.value is None else figure.value.cast("float64")


def _judged(gathered: ir.Table, figure: Figure, largest: Largest) -> dict[str, ir.Value]:
    rows, person = gathered[f"rows_{figure.number}"], gathered[PERSON]
    # Rows without a pseudonym stand for nobody: they are counted, and no one is counted behind them.
    persons = ((rows > 0) & person.notnull()).cast("int64").sum()
    if not figure.is_sum:
        return {f"value_{figure.number}": rows.sum(), f"persons_{figure.number}": persons}
    total = gathered[f"sum_{figure.number}"]
    return {
        f"value_{figure.number}": total.sum(),
        f"persons_{figure.number}": persons,
        # By size, whichever the sign: a large negative entry dominates a sum as much as a positive one.
        f"top_{figure.number}": largest(total.abs(), 2),
    }


def schema(question: Question) -> pa.Schema:
    """The layout of Contents.cells for this question, without its estimates."""
    fields = [pa.field("grouping", pa.int64()), pa.field("month", pa.string())]
    codes = dict.fromkeys(name for grouping in question.groupings for name in columns_of(grouping))
    fields += [pa.field(name, pa.string()) for name in codes]
    for aggregate in question.aggregates:
        is_sum = aggregate.kind is AggregateKind.SUM
        fields.append(pa.field(aggregate.name, pa.float64() if is_sum else pa.int64()))
        fields.append(pa.field(f"{aggregate.name}__persons", pa.int64()))
        fields += [pa.field(f"{aggregate.name}__top{rank}", pa.float64()) for rank in (1, 2) if is_sum]
    return pa.schema(fields)


def laid_out(asked: Together, place: int, number: int, counted: pa.Table) -> pa.Table:
    """What the engine gave of grouping `number` for the question in that place, in the layout of Contents.cells, ordered by month
    and code. Cells in which the question has no row are not its cells."""
    question = asked.questions[place]
    grouping = question.groupings[number]
    # The whole is a cell even where there is nothing in it.
    own = counted.filter(pc.greater(counted[f"present_{place}"], 0)) if grouping.monthly or grouping.dimensions else counted
    given: dict[str, pa.Array] = {"grouping": pa.array([number] * own.num_rows, pa.int64())}
    if question.groupings[number].monthly:
        given["month"] = own[MONTH]
    given |= {name: own[name] for name in columns_of(question.groupings[number])}
    for aggregate in question.aggregates:
        given |= _laid_out(aggregate.name, asked.figures[place, aggregate.name], own, has_persons=question.table.person is not None)
    fields = [
        given[field.name].cast(field.type) if field.name in given else pa.nulls(own.num_rows, field.type) for field in schema(question)
    ]
    table: pa.Table = pa.table([_flat(each) for each in fields], schema=schema(question))
    return table.sort_by([(name, "ascending") for name in ("month", *columns_of(question.groupings[number]))])


def _laid_out(name: str, figure: Figure, counted: pa.Table, *, has_persons: bool) -> dict[str, pa.Array]:
    given: dict[str, pa.Array] = {name: counted[f"value_{figure.number}"].fill_null(0)}
    if has_persons:
        given[f"{name}__persons"] = counted[f"persons_{figure.number}"].fill_null(0)
    if has_persons and figure.is_sum:
        largest: list[list[float]] = [[*(each or []), 0.0, 0.0] for each in counted[f"top_{figure.number}"].to_pylist()]
        given |= {f"{name}__top{rank}": pa.array([each[rank - 1] for each in largest], pa.float64()) for rank in (1, 2)}
    return given


def _flat(column: pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
