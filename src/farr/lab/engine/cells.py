"""The aggregates of questions, written by the session itself: authors give row expressions and names of dimensions.

Rows are first narrowed to what is counted: a mark of the person, codes, one bit for each figure in which the row counts, and what is
summed. Figures are then counted row by row. The people behind them are counted by gathering rows by cell and person: what is kept of a
person are the bits that any row of theirs has, so that many figures take little more memory than one.

The mark is of 63 bits, or 64, of the pseudonym. Two of sixty million people share one about once in five thousand such countries, and are
then counted as one: never are more people counted than there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.model.dimension import DIMENSIONS, columns_of
from farr.lab.model.period import Month
from farr.lab.model.question import AggregateKind, Grouping, Question

UNKNOWN = "unknown"
NARROWED = "narrowed_rows"
PERSON, MONTH = "person_mark", "month_of"
_FEW = 3
_BITS = 62  # of a number that is never negative


class Dialect(Protocol):
    """What engines say differently."""

    def mark(self, text: ir.StringValue) -> ir.IntegerValue:
        """A number of 63 bits or more for a text that is not null, the same for equal texts and hardly ever for others."""
        ...

    def largest(self, column: str, many: int) -> str:
        """In SQL, an aggregate: the `many` largest values of a group, in descending order, in memory that does not grow with the group."""
        ...


@dataclass(frozen=True)
class Figure:
    """One distinct figure of the questions asked together, and its number among them: those that ask the same share it. A row counts in
    it where all of the tests `when` hold, its question's own among them. A sum adds up an `amount`; a count has none. Tests and amounts
    by their numbers."""

    number: int
    when: frozenset[int]
    amount: int | None

    @property
    def is_sum(self) -> bool:
        return self.amount is not None


@dataclass(frozen=True)
class Counted:
    """A figure by its number: the place of its condition, and whether it is a sum."""

    number: int
    bit: int
    is_sum: bool


@dataclass(frozen=True)
class Shape:
    """How narrowed rows are counted by one grouping, whatever the conditions are: the same for many questions. `present` has the number
    of each question that asks for it, and the place of the condition that a row is one of its rows."""

    keys: tuple[str, ...]
    words: tuple[str, ...]
    figures: tuple[Counted, ...]
    present: tuple[tuple[int, int], ...]
    of_persons: bool


@dataclass(frozen=True)
class Together:
    """Questions of one table, answered in one pass. `figures` is by (question's place, aggregate); `present` holds for each question the
    numbers of the tests that its rows meet. `tests` and `amounts` are row expressions, each distinct one once."""

    questions: tuple[Question, ...]
    figures: dict[tuple[int, str], Figure]
    present: tuple[frozenset[int], ...]
    tests: tuple[ir.BooleanValue, ...]
    amounts: tuple[ir.NumericValue, ...]

    @property
    def distinct(self) -> list[Figure]:
        return list(dict.fromkeys(self.figures.values()))

    @property
    def groupings(self) -> list[Grouping]:
        """Each that a question asks for, once."""
        return list(dict.fromkeys(grouping for question in self.questions for grouping in question.groupings))

    @property
    def codes(self) -> list[str]:
        """The dimensions of all groupings with their ancestors."""
        return list(dict.fromkeys(name for grouping in self.groupings for name in columns_of(grouping.dimensions)))

    @cached_property
    def conditions(self) -> dict[frozenset[int], int]:
        """That a row counts in a figure, and that it is of a question: each distinct one, as the tests that it meets, and its place."""
        every = dict.fromkeys([*(figure.when for figure in self.distinct), *self.present])
        return {condition: place for place, condition in enumerate(every)}

    @property
    def words(self) -> dict[str, int]:
        """The numbers that hold a bit for each condition, and the first of theirs."""
        return {f"bits_{place}": place for place in range(0, len(self.conditions), _BITS)}

    @property
    def bytes_a_row(self) -> int:
        """About what a narrowed row takes in memory."""
        return 16 + 2 * len(self.codes) + 8 * len(self.words) + 8 * sum(figure.is_sum for figure in self.distinct)

    def shape(self, grouping: Grouping, places: Sequence[int]) -> Shape:
        """What is counted by one of the groupings for the questions in these places."""
        figures = dict.fromkeys(figure for (place, _), figure in self.figures.items() if place in places)
        return Shape(
            keys=tuple([MONTH, *columns_of(grouping.dimensions)] if grouping.monthly else columns_of(grouping.dimensions)),
            words=tuple(self.words),
            figures=tuple(Counted(figure.number, self.conditions[figure.when], figure.is_sum) for figure in figures),
            present=tuple((place, self.conditions[self.present[place]]) for place in places),
            of_persons=self.questions[0].table.person is not None,
        )


class _Numbered:
    """Row expressions by number, each distinct one once."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self.held: list[Any] = []

    def of(self, expression: ir.Value) -> int:
        number = self._numbers.setdefault(expression.op(), len(self.held))
        if number == len(self.held):
            self.held.append(expression)
        return number


def together(questions: Sequence[Question]) -> Together:
    """The questions with their figures numbered, each distinct one once."""
    tests, amounts = _Numbered(), _Numbered()
    distinct: dict[tuple[frozenset[int], int | None], Figure] = {}
    found: dict[tuple[int, str], Figure] = {}
    present = tuple(frozenset({tests.of(question.where.fill_null(False))}) for question in questions)
    for place, question in enumerate(questions):
        for aggregate in question.aggregates:
            when = {tests.of(aggregate.where.fill_null(False))}
            when |= present[place] if len(questions) > 1 else set[int]()  # of one question, all rows narrowed are its own
            amount: int | None = None
            if aggregate.value is not None:
                value = _guarded(aggregate.value, aggregate.where.fill_null(False) & question.where.fill_null(False))
                # A row without a value adds nothing to a sum: its person is not one of the people behind it.
                when, amount = when | {tests.of(value.notnull())}, amounts.of(value.cast("float64"))
            key = (frozenset(when), amount)
            found[place, aggregate.name] = distinct.setdefault(key, Figure(len(distinct), *key))
    return Together(
        questions=tuple(questions), figures=found, present=present, tests=tuple(tests.held), amounts=tuple(amounts.held)
    )  # fmt: skip


def _guarded(value: ir.NumericValue, where: ir.BooleanValue) -> ir.NumericValue:
    """The value where it is asked for, else null: what is worked out may fail on other rows, as a division does where days are none."""
    return value if isinstance(value.op(), ops.Field) else ibis.ifelse(where, value, ibis.null(value.type()))


def with_tests(asked: Together, months: Sequence[Month], dialect: Dialect) -> ir.Table:
    """The rows of these months that are of some question: person, month, codes, each test and each amount."""
    held = _held(asked, months, _any(asked))
    codes = {name: _code(DIMENSIONS[name].code_in(held)) for name in asked.codes}
    tests = {f"test_{number}": test for number, test in enumerate(asked.tests)}
    amounts = {f"amount_{number}": amount for number, amount in enumerate(asked.amounts)}
    return held.select(**{PERSON: _person(asked, held, dialect), MONTH: held[asked.questions[0].table.month]}, **codes, **tests, **amounts)


def coded(asked: Together, months: Sequence[Month]) -> ir.Table:
    """Month and codes of the rows of these months, whether of a question or not: quicker to read than `with_tests`."""
    held = _held(asked, months, [])
    codes = {name: _code(DIMENSIONS[name].code_in(held)) for name in asked.codes}
    return held.select(**{MONTH: held[asked.questions[0].table.month]}, **codes)


def _held(asked: Together, months: Sequence[Month], conditions: Sequence[ir.BooleanValue]) -> ir.Table:
    table = asked.questions[0].table
    rows = table.unbound
    return rows.filter(rows[table.month].isin([str(each) for each in months]), *conditions)


def narrowed(asked: Together, rows: str) -> str:
    """In SQL that every engine reads, from rows as `with_tests` gives them, what NARROWED has: of each row a bit for each condition that it
    meets, and what it adds to each sum."""
    bits = {
        word: bits_of([when for when, at in asked.conditions.items() if place <= at < place + _BITS]) for word, place in asked.words.items()
    }
    summed = {
        f"summed_{figure.number}": f"CASE WHEN {_all(figure.when)} THEN amount_{figure.amount} ELSE 0 END"
        for figure in asked.distinct
        if figure.is_sum
    }
    columns = [PERSON, MONTH, *asked.codes, *(f"{formula} AS {name}" for name, formula in {**bits, **summed}.items())]
    return f"SELECT {', '.join(columns)} FROM ({rows}) AS tested_rows"


def cells(shape: Shape, months: Sequence[Month] | None, dialect: Dialect) -> str:
    """In SQL that every engine reads, what is counted of the narrowed rows of these months (None: of all) by a grouping. A row a cell
    with its codes; for each figure k `value_k`, `persons_k`, and for sums `top_k` (two largest), the last two only of a table of persons;
    for each question q `present_q`, how many rows of its own the cell has.

    Not written by Ibis: that takes longer than to run it, and nothing in it is an author's."""
    listed = None if months is None else ", ".join(f"'{month}'" for month in months) or "NULL"
    rows = NARROWED if listed is None else f"{NARROWED} WHERE {MONTH} IN ({listed})"
    counted = _counted(shape, rows)
    if not shape.of_persons:
        return counted
    # Both have the same cells, for they are of the same rows, and no code of one is null.
    joined = f"JOIN ({_people(shape, rows, dialect)}) AS people USING ({', '.join(shape.keys)})"
    return f"SELECT * FROM ({counted}) AS counted {joined if shape.keys else f'CROSS JOIN ({_people(shape, rows, dialect)}) AS people'}"


def _counted(shape: Shape, rows: str) -> str:
    """By cell, the figures and how many rows each question has. Rows alike in every condition are first counted together."""
    sums = {f"summed_{figure.number}": f"value_{figure.number}" for figure in shape.figures if figure.is_sum}
    alike = _grouped(rows, [*shape.keys, *shape.words], {"alike": "COUNT(*)", **{name: f"SUM({name})" for name in sums}})
    bits = {f"value_{figure.number}": figure.bit for figure in shape.figures if not figure.is_sum}
    bits |= {f"present_{place}": bit for place, bit in shape.present}
    counts = {name: f"CAST(SUM(CASE WHEN {_has(bit)} THEN alike ELSE 0 END) AS BIGINT)" for name, bit in bits.items()}
    return _grouped(f"({alike}) AS alike_rows", shape.keys, {**counts, **{value: f"SUM({name})" for name, value in sums.items()}})


def _people(shape: Shape, rows: str, dialect: Dialect) -> str:
    """By cell, the people behind each figure, and the largest that one person's rows come to in a sum."""
    sums = {f"summed_{figure.number}": f"top_{figure.number}" for figure in shape.figures if figure.is_sum}
    kept = {**{name: f"BIT_OR({name})" for name in shape.words}, **{name: f"SUM({name})" for name in sums}}
    # Rows without a pseudonym stand for nobody: no one is counted behind them.
    persons = {
        f"persons_{figure.number}": f"CAST(SUM(CASE WHEN {PERSON} IS NOT NULL AND {_has(figure.bit)} THEN 1 ELSE 0 END) AS BIGINT)"
        for figure in shape.figures
    }
    # By size, whichever the sign: a large negative entry dominates a sum as much as a positive one.
    largest = {top: dialect.largest(f"ABS({name})", 2) for name, top in sums.items()}
    return _grouped(f"({_grouped(rows, [*shape.keys, PERSON], kept)}) AS gathered", shape.keys, {**persons, **largest})


def _grouped(rows: str, keys: Sequence[str], columns: Mapping[str, str]) -> str:
    selected = ", ".join([*keys, *(f"{formula} AS {name}" for name, formula in columns.items())])
    return f"SELECT {selected} FROM {rows}" + (f" GROUP BY {', '.join(keys)}" if keys else "")


def _has(place: int) -> str:
    return f"(bits_{place // _BITS * _BITS} & {1 << place % _BITS}) <> 0"


def _person(asked: Together, rows: ir.Table, dialect: Dialect) -> ir.Value:
    name = asked.questions[0].table.person
    if name is None:
        return ibis.null("int64")
    person = rows[name].nullif("")
    return ibis.ifelse(person.isnull(), ibis.null("int64"), dialect.mark(person))


def bits_of(conditions: Sequence[frozenset[int]]) -> str:
    """Of a row, a bit for each condition that it meets."""
    each = [f"CASE WHEN {_all(condition)} THEN {1 << bit} ELSE 0 END" for bit, condition in enumerate(conditions)]
    return " + ".join(["CAST(0 AS BIGINT)", *each])


def _all(tests: frozenset[int]) -> str:
    return " AND ".join(f"test_{number}" for number in sorted(tests))


def _any(asked: Together) -> list[ir.BooleanValue]:
    """That a row is one of some question's: nothing is said of many questions, for nearly every row is, and to find that out takes as
    long as to count it. Cells without a row of a question are left out of its answer all the same."""
    distinct = [asked.tests[number] for number in sorted({number for tests in asked.present for number in tests})]
    return [ibis.or_(*distinct)] if len(distinct) <= _FEW else []


def _code(column: ir.StringValue) -> ir.StringValue:
    return column.strip().nullif("").fill_null(UNKNOWN)


def schema(question: Question) -> pa.Schema:
    """The layout of Contents.cells for this question, without its estimates."""
    fields = [pa.field("grouping", pa.int64()), pa.field("month", pa.string())]
    codes = dict.fromkeys(name for grouping in question.groupings for name in columns_of(grouping.dimensions))
    fields += [pa.field(name, pa.string()) for name in codes]
    for aggregate in question.aggregates:
        is_sum = aggregate.kind is AggregateKind.SUM
        fields.append(pa.field(aggregate.name, pa.float64() if is_sum else pa.int64()))
        fields.append(pa.field(f"{aggregate.name}__persons", pa.int64()))
        fields += [pa.field(f"{aggregate.name}__top{rank}", pa.float64()) for rank in (1, 2) if is_sum]
    return pa.schema(fields)


def laid_out(asked: Together, place: int, number: int, counted: pa.Table) -> pa.Table:
    """What the engine gave of the question's grouping `number`, for the question in that place, in the layout of Contents.cells, ordered
    by month and code. Cells in which the question has no row are not its cells."""
    question = asked.questions[place]
    grouping = question.groupings[number]
    # The whole is a cell even where there is nothing in it.
    own = counted.filter(pc.greater(counted[f"present_{place}"], 0)) if grouping.monthly or grouping.dimensions else counted
    given: dict[str, pa.Array] = {"grouping": pa.array([number] * own.num_rows, pa.int64())}
    if question.groupings[number].monthly:
        given["month"] = own[MONTH]
    given |= {name: own[name] for name in columns_of(question.groupings[number].dimensions)}
    for aggregate in question.aggregates:
        given |= _laid_out(aggregate.name, asked.figures[place, aggregate.name], own, has_persons=question.table.person is not None)
    fields = [
        given[field.name].cast(field.type) if field.name in given else pa.nulls(own.num_rows, field.type) for field in schema(question)
    ]
    table: pa.Table = pa.table([_flat(each) for each in fields], schema=schema(question))
    return table.sort_by([(name, "ascending") for name in ("month", *columns_of(question.groupings[number].dimensions))])


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
