"""The nation as a reference for indirect standardisation: its shares or rates by stratum, from released figures alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.released_rows import UNKNOWN, FiguresError, in_grouping, keys_of, matched_people, numbers
from farr.lab.model.dimension import DIMENSIONS

AGE_AND_SEX = ("age_group", "sex")
_Counts = tuple[float, float]
_DIGITS = 6  # more would only repeat the rounding of the released counts


@dataclass(frozen=True, kw_only=True)
class Reference:
    """`shares`: events per row (per head: per person-year) by the codes of a stratum; () is the share of all strata that are hidden,
    taken together, which each of them takes: what is expected of the nation then adds up to what it counted."""

    strata: tuple[str, ...]
    shares: Mapping[tuple[str, ...], float]

    def of(self, codes: tuple[str, ...]) -> float:
        """The share of a stratum."""
        while codes not in self.shares:
            codes = codes[:-1]
        return self.shares[codes]


def strata_of(measure: Measure) -> tuple[str, ...]:
    """The breakdowns that the measure is standardised by; none for kinds that are not."""
    by_people = (MeasureKind.DIRECTLY_STANDARDISED, MeasureKind.STANDARDISED_RATIO_PER_HEAD)
    return AGE_AND_SEX if measure.kind in by_people else measure.strata


def read_reference(measure: Measure, activity: pa.Table, population: pa.Table | None = None) -> Reference:
    """The reference in the released tables of `reference_questions`. Raises FiguresError where the nation's own figure is hidden."""
    strata = strata_of(measure)
    whole = _counted(activity, population, 1, ()).get((), (np.nan, np.nan))
    if np.isnan(whole).any() or not whole[1] > 0:
        raise FiguresError(f"measure '{measure.name}' has no national figure to be standardised by; ask for a longer period")
    shown = {key: each for key, each in _counted(activity, population, 0, strata).items() if not np.isnan(each).any() and each[1] > 0}
    shares = {key: _share(*each) for key, each in shown.items()}
    return Reference(strata=strata, shares={**shares, (): _share(*_rest(whole, list(shown.values())))})


def _rest(whole: _Counts, shown: Sequence[_Counts]) -> _Counts:
    """Events and rows (or person-years) of the strata that are hidden, together; the nation's where nothing is left of it, as rounding
    may have it."""
    events, rows = (whole[place] - sum(each[place] for each in shown) for place in (0, 1))
    return (max(events, 0.0), rows) if rows > 0 else whole


def _share(events: float, rows_or_people: float) -> float:
    return float(f"{events / rows_or_people:.{_DIGITS}g}")


def expected_of_row(reference: Reference, table: ir.Table) -> ir.NumericValue:
    """What a row of `table` is expected to count: the share of its stratum, as a row expression."""
    return _expected_of_row(reference.strata, tuple(sorted(reference.shares.items())), table.op())


@lru_cache(maxsize=64)
def _expected_of_row(strata: tuple[str, ...], shares: tuple[tuple[tuple[str, ...], float], ...], table: ops.Relation) -> ir.NumericValue:
    # A measure's questions at every level and by month are standardised by one reference, and its expression is long in the making.
    reference = Reference(strata=strata, shares=dict(shares))
    return _branch(reference, table.to_expr(), (), sorted(reference.shares))


def _branch(reference: Reference, table: ir.Table, prefix: tuple[str, ...], below: list[tuple[str, ...]]) -> ir.NumericValue:
    """A case over the codes of the next stratum, and in each over those of the one after: a row passes few comparisons."""
    own, depth = reference.of(prefix), len(prefix)
    by_code: dict[str, list[tuple[str, ...]]] = {}
    for key in below:
        if len(key) > depth:
            by_code.setdefault(key[depth], []).append(key)
    constant: dict[float, list[str]] = {}
    varying: list[tuple[str, ir.NumericValue]] = []
    for code, keys in by_code.items():
        shares = {reference.of(key) for key in keys} | {reference.of((*prefix, code))}
        if len(shares) == 1:
            constant.setdefault(shares.pop(), []).append(code)
        else:
            varying.append((code, _branch(reference, table, (*prefix, code), keys)))
    constant.pop(own, None)
    if not constant and not varying:
        return _number(own)
    column = table[DIMENSIONS[reference.strata[depth]].column]
    cases = [(_is_one_of(column, codes), _number(share)) for share, codes in constant.items()]
    return ibis.cases(*cases, *((_is_one_of(column, [code]), value) for code, value in varying), else_=_number(own))


def _number(share: float) -> ir.NumericValue:
    """A share as a double: DuckDB reads 0.25 as a decimal, Ibis drops a cast from what it holds to be a double already, and sums of
    decimals lose their last places."""
    return ibis.literal(repr(share)).cast("float64")


def _is_one_of(column: ir.StringColumn, codes: list[str]) -> ir.BooleanValue:
    """As the session groups by the column, but untrimmed: a row passes dozens of these, and trimming took nine tenths of the time. A
    code with blanks around it, which marts do not make, takes the share of the hidden strata."""
    known = [code for code in codes if code != UNKNOWN]
    missing = column.strip().nullif("").isnull()
    if not known:
        return missing
    return column.isin(known) | missing if UNKNOWN in codes else column.isin(known)


def _counted(activity: pa.Table, population: pa.Table | None, grouping: int, strata: tuple[str, ...]) -> dict[tuple[str, ...], _Counts]:
    """Events and rows (or person-years) of each stratum of a grouping, NaN where hidden."""
    rows = in_grouping(activity, grouping)
    keys = keys_of(rows, strata)
    events = numbers(rows, "numerator")
    if population is None:
        base = numbers(rows, "denominator")
        events = np.minimum(events, base)  # rounding may lift a numerator above its denominator
    else:
        base = matched_people(in_grouping(population, grouping), strata, keys)[0]
    return {key: (float(count), float(of)) for key, count, of in zip(keys, events, base, strict=True)}
