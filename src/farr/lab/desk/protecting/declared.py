"""The structure of a table as a user says it: columns of codes and figures by name, hierarchies by file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from farr.lab.desk.protecting.errors import ProtectError
from farr.lab.disclosure.tables.structure import Axis, FigureColumn, Structure
from farr.lab.model.question import AggregateKind


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Columns of sums, and for each sum, in the same order, the column of its people and of its two largest contributions. One column of
    people may stand for all; `largest` and `second` may be empty, and are then not checked."""

    columns: Sequence[str] = ()
    people: Sequence[str] = ()
    largest: Sequence[str] = ()
    second: Sequence[str] = ()


def figures_of(counts: Sequence[str], sums: Sums, within: Mapping[str, str]) -> tuple[FigureColumn, ...]:
    """Raises ProtectError where options do not fit together."""
    _check_sums(sums)
    _check_within(counts, within)
    people = sums.people if len(sums.people) == len(sums.columns) else list(sums.people) * len(sums.columns)
    found = [FigureColumn(column=column, subset_of=within.get(column)) for column in counts]
    for at, column in enumerate(sums.columns):
        largest = sums.largest[at] if sums.largest else None
        second = sums.second[at] if sums.second else None
        found.append(FigureColumn(column=column, kind=AggregateKind.SUM, persons=people[at], largest=largest, second=second))
    if not found:
        raise ProtectError("there is nothing to protect: name the columns of counts with --count, and those of sums with --sum")
    return tuple(found)


def structure_of(
    table: pa.Table,
    by: Sequence[str],
    figures: tuple[FigureColumn, ...],
    *,
    hierarchies: Mapping[str, Sequence[Mapping[str, str]]],
    total: str,
    margins: bool,
) -> Structure:
    """`hierarchies` of a column: for each, what its codes fall into. With `margins` every column has a total. Raises ProtectError."""
    named = [*by, *(column for each in figures for column in (each.column, each.persons, each.largest, each.second) if column)]
    for column in named:
        if column not in table.column_names:
            raise ProtectError(f"there is no column '{column}'; the columns are {', '.join(table.column_names)}")
    figure_columns = [each.column for each in figures]
    for column in (column for column in [*by, *figure_columns] if [*by, *figure_columns].count(column) > 1):
        raise ProtectError(f"the column '{column}' is named twice; a column is one of --by, --count and --sum")
    for column in set(hierarchies) - set(by):
        raise ProtectError(f"--hierarchy names '{column}', which is no column of codes; name it with --by")
    axes = [_axis(column, table, hierarchies.get(column, ()), total, margins=margins) for column in by]
    return Structure(axes=tuple(axes), figures=figures)


def _axis(column: str, table: pa.Table, hierarchies: Sequence[Mapping[str, str]], total: str, *, margins: bool) -> Axis:
    codes = [code for code in dict.fromkeys(table[column].cast(pa.string()).to_pylist()) if code]
    has_total = margins or total in codes
    if len(hierarchies) > 1 and not has_total:
        raise ProtectError(f"'{column}' has several hierarchies and no row of '{total}', which links them; add it, or use --margins")
    heads = set(chain.from_iterable(each.values() for each in hierarchies))
    inner = sorted((set(codes) | set(chain.from_iterable(hierarchies))) - heads - {total})
    sums = chain.from_iterable(_sums(column, each, inner, total if has_total else None) for each in hierarchies or ({},))
    return Axis(column=column, sums=tuple(dict.fromkeys(sums)))


def _sums(column: str, parents: Mapping[str, str], inner: Iterable[str], total: str | None) -> list[tuple[str, tuple[str, ...]]]:
    """What one hierarchy adds up to; `inner` are the codes that nothing enters. The total is of all that falls into nothing else."""
    within: dict[str, list[str]] = defaultdict(list)
    for code, parent in parents.items():
        _check_way_up(column, code, parents, total)
        within[parent].append(code)
    if total is not None:
        tops = dict.fromkeys([*within, *inner])
        within[total] += [code for code in tops if code not in parents and code != total]
    return [(parent, tuple(sorted(codes))) for parent, codes in within.items() if codes]


def _check_way_up(column: str, code: str, parents: Mapping[str, str], total: str | None) -> None:
    if code == total:
        raise ProtectError(f"a hierarchy of '{column}' puts '{code}', the total of all, into another code; leave that line out")
    seen = {code}
    while (code := parents.get(code, "")) and code not in seen:
        seen.add(code)
    if code:
        raise ProtectError(f"a hierarchy of '{column}' goes round in a circle at '{code}'")


def _check_sums(sums: Sums) -> None:
    if sums.columns and len(sums.people) not in {1, len(sums.columns)}:
        raise ProtectError("say for every --sum which column holds how many people contribute to it, with --people in the same order")
    if sums.people and not sums.columns:
        raise ProtectError("--people is for sums: name their columns with --sum; people themselves are a --count")
    for option, given in (("--largest", sums.largest), ("--second", sums.second)):
        if given and len(given) != len(sums.columns):
            raise ProtectError(f"give {option} for every --sum, in the same order, or for none")
    if sums.second and not sums.largest:
        raise ProtectError("--second is of no use without --largest")


def _check_within(counts: Sequence[str], within: Mapping[str, str]) -> None:
    for part, whole in within.items():
        for column in (part, whole):
            if column not in counts:
                raise ProtectError(f"--within names '{column}', which is no --count; both of NUMERATOR=DENOMINATOR are counts")
        if part == whole:
            raise ProtectError(f"--within says that '{part}' lies within itself")
