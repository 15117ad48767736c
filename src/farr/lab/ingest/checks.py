"""The kinds of check that feeds declare, so that each says in one line what a value must be."""

from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir

from farr.lab.ingest.feed import Check, RowCheck


def one_of(codes: Iterable[str], what: str) -> Check:
    """The value is one of `codes`; `what` names the list, for the sender."""
    listed = tuple(sorted(set(codes)))
    return Check(rule="code list", reason=f"not one of the codes of {what}", passes=lambda value: is_one_of(value, listed))


def shaped(pattern: str, what: str) -> Check:
    """The value, a string, matches the whole regular expression; `what` says in words how it must look."""
    whole = f"^(?:{pattern})$"
    return Check(rule="shape", reason=f"does not look like {what}", passes=lambda value: value.re_search(whole))


def between(lowest: float, highest: float, what: str) -> Check:
    """The value, a number, lies between the two, both allowed."""
    return Check(
        rule="range",
        reason=f"{what} outside {lowest:g} to {highest:g}",
        passes=lambda value: value.between(lowest, highest),
    )


def not_before(later: str, earlier: str) -> RowCheck:
    """The date in column `later` is not before the one in `earlier`; a missing date passes."""

    def passes(row: ir.Table) -> ir.BooleanValue:
        return row[later] >= row[earlier]

    return RowCheck(rule="order of dates", reason=f"{later} is before {earlier}", column=later, passes=passes)


def is_one_of(value: ir.StringValue, listed: Sequence[str]) -> ir.BooleanValue:
    """As `value.isin(listed)`, null for null. As an array and not as IN: DuckDB makes a join of every IN with five values or more,
    and a feed has dozens, which took most of the time of loading a month."""
    return value.isnull().ifelse(ibis.null("boolean"), ibis.array(list(listed)).contains(value))
