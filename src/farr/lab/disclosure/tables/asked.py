"""The session's table of a question as cells: which rows add up to which follows from its registered dimensions."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.disclosure.tables.cells import Balance, Cells, CellsError, Figure, Total, checked
from farr.lab.disclosure.tables.leaning import leanings
from farr.lab.disclosure.tables.published import Published
from farr.lab.model.dimension import DIMENSIONS, columns_of, lineage
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question

# A verdict that says nothing against an organisation leaves its count within what rounding leaves of it. Any other might be
# reached by one count of those only, so the attacker is taken to know the count itself.
NEUTRAL_VERDICTS = frozenset({"as expected"})


_ADDED = "__added"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question's `cells`, with what names its rows: `keys` maps 'month' and each dimension to the codes of the rows, None where the
    grouping lacks it; `estimates` to their verdicts. `added`, a mask of shape (rows,), are rows of nothing that the session gave not."""

    question: Question
    grouping: Any
    keys: dict[str, list[str | None]]
    estimates: dict[str, list[str | None]]
    added: Any
    cells: Cells


def read_cells(question: Question, table: pa.Table, secret: bytes = b"") -> Asked:
    """The session's table, sorted by its keys so that the order of rows says nothing; which rows are hidden hangs on the `secret`. Raises
    CellsError."""
    keys = key_columns(question)
    _check_columns(question, table, keys)
    table = table.sort_by([("grouping", "ascending"), *((key, "ascending") for key in keys)])
    sums = [aggregate.name for aggregate in question.aggregates if aggregate.kind is AggregateKind.SUM]
    columns = {key: table[key].to_pylist() for key in keys}
    grouping = table["grouping"].to_numpy()
    values = {aggregate.name: _values(table, aggregate) for aggregate in question.aggregates}
    estimates = {estimate.name: table[estimate.name].to_pylist() for estimate in question.estimates}
    whole = np.array([not grouping.dimensions for grouping in question.groupings], dtype=bool)
    cells = Cells(
        name=f"the question '{question.name}'",
        figures=tuple(Figure(name=each.name, kind=each.kind, subset_of=each.subset_of) for each in question.aggregates),
        values=values,
        persons={aggregate.name: _floats(table, f"{aggregate.name}__persons") for aggregate in question.aggregates},
        top1={name: np.nan_to_num(_floats(table, f"{name}__top1")) for name in sums},
        top2={name: np.nan_to_num(_floats(table, f"{name}__top2")) for name in sums},
        told={aggregate.name: _told(question, estimates, aggregate.name, len(grouping)) for aggregate in question.aggregates},
        national=whole[grouping],
        leaning=leanings(secret, _codes(columns, len(grouping))),
        totals=tuple(_totals(question.groupings, grouping, columns)),
        balances=tuple(_balances(question.groupings, grouping, columns)),
    )
    added = np.array(table[_ADDED].to_pylist() if _ADDED in table.column_names else [False] * len(grouping), dtype=bool)
    return Asked(question=question, grouping=grouping, keys=columns, estimates=estimates, added=added, cells=checked(cells))


def completed(question: Question, table: pa.Table, known: Mapping[tuple[str, ...], Collection[tuple[str | None, ...]]]) -> pa.Table:
    """The session's table with a row of nothing for every month and code of a grouping that it lacks: a row that is not there says that it
    would be empty, and nobody can hide it. `known`, by dimensions, are further codes, each with its ancestors as in `columns_of`."""
    rows: list[dict[str, Any]] = []
    held = sorted({month for month in table["month"].to_pylist() if month})  # of a month without any row everybody knows that there is none
    figures: dict[str, Any] = {}
    for aggregate in question.aggregates:
        figures |= {aggregate.name: 0, f"{aggregate.name}__persons": 0}
        figures |= {f"{aggregate.name}__top{rank}": 0.0 for rank in (1, 2) if aggregate.kind is AggregateKind.SUM}
    for number, grouping in enumerate(question.groupings):
        names = columns_of(grouping.dimensions)
        mine = table.filter(pc.equal(table["grouping"], number))
        codes = list(zip(*(mine[name].to_pylist() for name in names), strict=True)) if names else [()] * mine.num_rows
        there = set(zip(mine["month"].to_pylist(), codes, strict=True))
        every = dict.fromkeys((*codes, *known.get(grouping.dimensions, ())))
        months = held if grouping.monthly else [None]
        rows += [
            {"grouping": number, "month": month, **dict(zip(names, code, strict=True)), **figures, _ADDED: True}
            for month in months for code in every if (month, code) not in there
        ]  # fmt: skip
    if not rows:
        return table
    table = table.append_column(_ADDED, pa.array([False] * table.num_rows))
    columns = {field.name: pa.array([row.get(field.name) for row in rows], type=field.type) for field in table.schema}
    return pa.concat_tables([table, pa.table(columns, schema=table.schema)])


def _codes(columns: Mapping[str, Sequence[str | None]], rows: int) -> list[list[str]]:
    """Of each row its dimensions with its codes. Months are left out: what is hidden of a year is hidden of them too."""
    return [[f"{key}={codes[row]}" for key, codes in columns.items() if key != "month" and codes[row] is not None] for row in range(rows)]


def _told(question: Question, estimates: Mapping[str, list[str | None]], name: str, rows: int) -> Any:
    """True for rows whose verdict tells the figure."""
    told = np.zeros(rows, dtype=bool)
    for estimate in question.estimates:
        if name in {aggregate for _, aggregate in estimate.inputs}:
            told |= np.array([verdict is not None and verdict not in NEUTRAL_VERDICTS for verdict in estimates[estimate.name]], dtype=bool)
    return told


def key_columns(question: Question) -> tuple[str, ...]:
    """'month', then every dimension of any grouping and its ancestors, in the order of the registry."""
    used = {name for grouping in question.groupings for dimension in grouping.dimensions for name in lineage(dimension)}
    return ("month", *(name for name in DIMENSIONS if name in used))


def printed_table(asked: Asked, printed: Published, hidden: Any, *, exact: bool) -> pa.Table:
    """What leaves of a question: its keys, and what is `printed`; verdicts but of the rows of the mask `hidden`, shape (rows,), which have
    other figures than are printed.

    A row's verdict rests on all that it was judged with. Where figures are `exact` and some of those are hidden, it would tell of these:
    none is printed then, and who wants one judges by what is shown, as anybody could."""
    columns: dict[str, Any] = {"grouping": pa.array(asked.grouping, type=pa.int64())}
    columns |= {key: pa.array(asked.keys[key], type=pa.string()) for key in key_columns(asked.question)}
    for name, values in printed.values.items():
        columns[name] = pa.array(values, type=pa.float64(), from_pandas=True)
        columns[f"{name}__status"] = pa.array(printed.status[name].tolist(), type=pa.string())
    for name, verdicts in asked.estimates.items():
        judged = np.array([verdict is not None for verdict in verdicts], dtype=bool)
        told = np.zeros(len(judged), dtype=bool) if exact and np.any(judged & hidden) else judged & ~hidden
        columns[name] = pa.array([verdict if t else None for verdict, t in zip(verdicts, told, strict=True)], type=pa.string())
    return pa.table(columns)


def _check_columns(question: Question, table: pa.Table, keys: tuple[str, ...]) -> None:
    needed = ["grouping", *keys, *(estimate.name for estimate in question.estimates)]
    for aggregate in question.aggregates:
        suffixes = ("", "__persons", "__top1", "__top2") if aggregate.kind is AggregateKind.SUM else ("", "__persons")
        needed += [aggregate.name + suffix for suffix in suffixes]
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise CellsError(f"the session gave no column '{missing[0]}' for the question '{question.name}'")


def _floats(table: pa.Table, name: str) -> Any:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), dtype=float)


def _values(table: pa.Table, aggregate: Aggregate) -> Any:
    values = _floats(table, aggregate.name)
    if aggregate.kind is AggregateKind.SUM:
        # SQL's sum over no rows is null; what it stands for is nothing.
        return np.where(np.isnan(values) & ~(_floats(table, f"{aggregate.name}__persons") > 0), 0.0, values)
    return values


def _totals(groupings: tuple[Grouping, ...], grouping: Any, keys: Mapping[str, list[str | None]]) -> list[Total]:
    found: list[Total] = []
    for fine, coarse in steps(groupings):
        names = [*groupings[coarse].dimensions, *(["month"] if groupings[coarse].monthly else [])]
        parts: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for row in np.flatnonzero(grouping == fine):
            parts[tuple(keys[name][row] for name in names)].append(int(row))
        for row in np.flatnonzero(grouping == coarse):
            found.append(Total(row=int(row), parts=tuple(parts.pop(tuple(keys[name][row] for name in names), ()))))
        if parts:
            raise CellsError("rows of a finer grouping belong to no row of a coarser one")
    return found


def _balances(groupings: tuple[Grouping, ...], grouping: Any, keys: Mapping[str, list[str | None]]) -> Iterator[Balance]:
    """Of groupings that lie across each other, by the codes that both have (or the nation), where nothing that is asked counts by these."""
    for one, other in itertools.combinations(groupings, 2):
        both = Grouping(dimensions=shared(one.dimensions, other.dimensions), monthly=one.monthly and other.monthly)
        if _refines(one, other) or _refines(other, one) or any(_refines(each, both) and _refines(both, each) for each in groupings):
            continue
        names = [*both.dimensions, *(["month"] if both.monthly else [])]
        ones, others = (_by(names, np.flatnonzero(grouping == groupings.index(each)), keys) for each in (one, other))
        for codes in dict.fromkeys((*ones, *others)):
            yield Balance(ones=(*ones.get(codes, []),), others=(*others.get(codes, []),))


def _by(names: Sequence[str], rows: Any, keys: Mapping[str, list[str | None]]) -> dict[tuple[str | None, ...], list[int]]:
    found: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for row in map(int, rows):
        found[tuple(keys[name][row] for name in names)].append(row)
    return found


def shared(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The dimensions of the finest grouping of which both are made."""
    both = [name for name in columns_of(one) if name in columns_of(other)]
    return tuple(name for name in both if not any(name in lineage(each)[1:] for each in both))


def steps(groupings: tuple[Grouping, ...]) -> list[tuple[int, int]]:
    """(fine, coarse) pairs, leaving out those that follow from two others."""
    count = range(len(groupings))
    within = {(fine, coarse) for fine in count for coarse in count if fine != coarse and _refines(groupings[fine], groupings[coarse])}
    # Two groupings that refine each other (a provider, and a provider with its region) are joined one way only.
    within = {(fine, coarse) for fine, coarse in within if (coarse, fine) not in within or fine < coarse}
    return sorted((fine, coarse) for fine, coarse in within if not any((fine, via) in within and (via, coarse) in within for via in count))


def _refines(fine: Grouping, coarse: Grouping) -> bool:
    known = {name for dimension in fine.dimensions for name in lineage(dimension)}
    return set(coarse.dimensions) <= known and (fine.monthly or not coarse.monthly)
