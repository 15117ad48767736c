"""The nation as a reference for indirect standardisation: its shares or rates by stratum, from released figures alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.released_rows import UNKNOWN, FiguresError, in_grouping, keys_of, matched_people, numbers
from farr.lab.model.dimension import DIMENSIONS

AGE_AND_SEX = ("age_group", "sex")
_DIGITS = 6  # more would only repeat the rounding of the released counts


@dataclass(frozen=True, kw_only=True)
class Reference:
    """`shares`: events per row (per head: per person-year) by the codes of the first strata; () is the whole nation's. A stratum
    that is hidden or empty has no entry of its own: it takes the share of its coarser pooling, without the last of its codes."""

    strata: tuple[str, ...]
    shares: Mapping[tuple[str, ...], float]

    def of(self, codes: tuple[str, ...]) -> float:
        """The share of a stratum, or of the finest pooling of it that is known."""
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
    shares: dict[tuple[str, ...], float] = {}
    for grouping, depth in enumerate(range(len(strata), -1, -1)):
        shares |= _shares(activity, population, grouping, strata[:depth])
    if () not in shares:
        raise FiguresError(f"measure '{measure.name}' has no national figure to be standardised by; ask for a longer period")
    return Reference(strata=strata, shares=shares)


def expected_of_row(reference: Reference, table: ir.Table) -> ir.NumericValue:
    """What a row of `table` is expected to count: the share of its stratum, as a row expression."""
    return _branch(reference, table, (), sorted(reference.shares))


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
    code with blanks around it, which marts do not make, takes the share of the pooling above."""
    known = [code for code in codes if code != UNKNOWN]
    missing = column.strip().nullif("").isnull()
    if not known:
        return missing
    return column.isin(known) | missing if UNKNOWN in codes else column.isin(known)


def _shares(activity: pa.Table, population: pa.Table | None, grouping: int, strata: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    rows = in_grouping(activity, grouping)
    keys = keys_of(rows, strata)
    numerator = numbers(rows, "numerator")
    if population is None:
        base = numbers(rows, "denominator")
        numerator = np.minimum(numerator, base)  # rounding may lift a numerator above its denominator
    else:
        base = matched_people(in_grouping(population, grouping), strata, keys)[0]
    known = ~np.isnan(numerator) & (base > 0)
    return {
        key: float(f"{events / rows_or_people:.{_DIGITS}g}")
        for key, events, rows_or_people, is_known in zip(keys, numerator, base, known, strict=True)
        if is_known
    }
