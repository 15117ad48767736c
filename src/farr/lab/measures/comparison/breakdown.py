"""A breakdown: an organisation's figures by specialty, diagnosis or the like, each beside the nation's for the same code."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.measures.comparison.funnels import Columns, plain
from farr.lab.measures.figures import FloatArray, interval, read_figures, values
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import NATIONAL, has_people_by
from farr.lab.measures.released_rows import NO_POPULATION, in_grouping, numbers, texts
from farr.lab.model.dimension import DIMENSIONS

_NOTES = {"suppressed": "hidden: too few people", NO_POPULATION: "no population held"}
_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What was asked and released."""

    measure: Measure
    by: str
    table: pa.Table
    population: pa.Table | None


def breakdown(
    measure: Measure,
    table: pa.Table,
    *,
    level: str,
    by: str,
    organisation: str,
    population: pa.Table | None = None,
    names: Mapping[str, str] | None = None,
    confidence: float = _CONFIDENCE,
) -> Columns:
    """A row per code of `by` that the organisation has, most activity first; hidden ones last. `table`, `population`: the released tables
    of `breakdown_questions`. Columns (None where not known):

    code ("unknown": not recorded), name, numerator, denominator, value, lower, upper (the measure's unit), status, norm_value (the nation's
    figure for that code, for all where codes are organisations' own; for a standardised ratio `per`), difference, share (of the
    organisation's activity, 0 to 1), note.
    Per head, each code's denominator is all of the organisation's people, unless people too are known by `by`.
    Raises FiguresError where the population of a measure per head is missing.
    """
    part = _Part(measure=measure, by=by, table=table, population=population)
    is_nation = level == NATIONAL
    own_table = _rows(part, 0, None if is_nation else level, organisation)
    figures = read_figures(
        measure, own_table, grouping=0, code_column=by, population=_people(part, own_table, 0, level, organisation), keep_unknown=True
    )
    found = values(measure, figures)
    lower, upper = interval(measure, figures, confidence=confidence)
    norm_value = _nation(part, figures.codes, 0 if is_nation else 1)
    columns: Columns = {
        "code": list(figures.codes),
        "name": [(names or {}).get(code, code) for code in figures.codes],
        "numerator": plain(figures.numerator),
        "denominator": plain(figures.denominator),
        "value": plain(found),
        "lower": plain(lower),
        "upper": plain(upper),
        "status": list(figures.status),
        "norm_value": plain(norm_value),
        "difference": plain(found - norm_value),
        "share": plain(_share(part, own_table, level, organisation)),
        "note": [_NOTES.get(status) for status in figures.status],
    }
    return _most_first(columns)


def _rows(part: _Part, grouping: int, level: str | None, organisation: str) -> pa.Table:
    rows = in_grouping(part.table, grouping)
    return rows if level is None else rows.filter(pc.equal(rows[level], organisation))


def _people(part: _Part, rows: pa.Table, grouping: int, level: str, organisation: str) -> pa.Table | None:
    """The people of each of the rows' codes, as a table of the grouping `grouping`."""
    if part.population is None:
        return None
    own_level = None if level == NATIONAL else level
    if has_people_by(part.by):
        people = in_grouping(part.population, grouping)
        return people if own_level is None else people.filter(pc.equal(people[own_level], organisation))
    # Without the breakdown the population's groupings are (level) and (): the nation's is the last.
    people = in_grouping(part.population, 0 if own_level else _last(part.population))
    people = people if own_level is None else people.filter(pc.equal(people[own_level], organisation))
    return _repeated(people, part.by, texts(rows, part.by), grouping)


def _last(table: pa.Table) -> int:
    return max(table["grouping"].to_pylist(), default=0)


def _repeated(people: pa.Table, by: str, codes: list[str], grouping: int) -> pa.Table:
    """The same people for every code; none where none are held."""
    one = list(zip(people["denominator"].to_pylist(), texts(people, "denominator__status"), strict=True))[:1]
    many = [(code, *each) for code in codes for each in one]
    return pa.table({
        "grouping": pa.array([grouping] * len(many), pa.int64()),
        by: pa.array([code for code, _, _ in many], pa.string()),
        "denominator": pa.array([months for _, months, _ in many], pa.float64()),
        "denominator__status": pa.array([status for _, _, status in many], pa.string()),
    })  # fmt: skip


def _nation(part: _Part, codes: tuple[str, ...], grouping: int) -> FloatArray:
    """The nation's figure for each of these codes; where codes are organisations' own, its figure for all."""
    if not part.measure.kind.is_ranked:
        return np.full(len(codes), float(part.measure.per))
    if DIMENSIONS[part.by].is_local:
        return np.repeat(_whole_nation(part), len(codes))
    rows = in_grouping(part.table, grouping)
    people = _people(part, rows, grouping, NATIONAL, "")
    nation = read_figures(part.measure, rows, grouping=grouping, code_column=part.by, population=people, keep_unknown=True)
    held = dict(zip(nation.codes, values(part.measure, nation), strict=True))
    return np.array([held.get(code, np.nan) for code in codes], dtype=np.float64)


def _whole_nation(part: _Part) -> FloatArray:
    last = _last(part.table)
    people = None if part.population is None else in_grouping(part.population, _last(part.population))
    if people is not None:
        people = people.set_column(people.column_names.index("grouping"), "grouping", pa.array([last] * people.num_rows, pa.int64()))
    return values(part.measure, read_figures(part.measure, part.table, grouping=last, population=people))


def _share(part: _Part, own_table: pa.Table, level: str, organisation: str) -> FloatArray:
    """Rows that may count (or their weight); per head what is counted."""
    column = "numerator" if part.measure.kind.is_per_head else "denominator"
    whole = _rows(part, 1, None, "") if level == NATIONAL else _rows(part, 2, level, organisation)
    total = numbers(whole, column)
    base = float(total[0]) if total.size and total[0] > 0 else float("nan")
    return numbers(own_table, column) / base


def _most_first(columns: Columns) -> Columns:
    share = columns["share"]
    order = sorted(range(len(share)), key=lambda at: (share[at] is None, -(share[at] or 0.0), columns["code"][at]))
    return {name: [column[at] for at in order] for name, column in columns.items()}
