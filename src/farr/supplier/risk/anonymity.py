"""How many people a clean file shows alike: k-anonymity over quasi-identifiers, and l-diversity of the primary diagnosis.

People are counted, not rows. A class is one combination of quasi-identifier values; its size k is the number of people who have a
row with it (Sweeney 2002, k-anonymity). Somebody with rows in several classes is as exposed as in the smallest. An intruder who knows
that a person is in the file finds them with probability 1/k: the prosecutor risk of El Emam and Dankar (2008, J Am Med Inform Assoc
15:627). One who does not know has 1/K, with K the class in the population: the journalist risk, never more than the prosecutor's,
which is therefore reported as its bound. ICO anonymisation guidance (28 March 2025) asks for singling out, linkability and inference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from farr.lab.model.errors import FarrError
from farr.supplier.rules import quoted

BANDS = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))


class RiskError(FarrError):
    """A risk report that cannot be made; the message says which column or setting."""


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one quasi-identifier does: the share of people unique by it alone, and by all the others without it."""

    column: str
    unique_alone: float
    unique_without: float


@dataclass(frozen=True, kw_only=True)
class Anonymity:
    """Shares are of people (0 to 1). `bands` holds (lowest k, highest k or None, share); `smallest_class` is the file's k.

    `prosecutor_mean` is the mean over people of 1/k; `homogeneous` the share in a class of several people that all have the same
    sensitive value in every row (l = 1): None where the file has no such column."""

    people: int
    rows_without_person: int
    quasi_identifiers: tuple[str, ...]
    smallest_class: int
    bands: tuple[tuple[int, int | None, float], ...]
    unique: float
    below_5: float
    below_10: float
    prosecutor_mean: float
    prosecutor_max: float
    homogeneous: float | None
    sensitive: str | None
    contributions: tuple[Contribution, ...]


def anonymity(
    connection: duckdb.DuckDBPyConnection, relation: str, person: str, quasi: Sequence[str], *, sensitive: str | None = None
) -> Anonymity:
    """Of the rows of `relation` (SQL). `person` and `quasi` are its columns; a null is a value like any other.

    Raises RiskError where nobody is named or no quasi-identifier is given."""
    if not quasi:
        raise RiskError("there are no quasi-identifiers to count over; name columns with --quasi")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE person_k AS {_smallest_class(relation, person, quasi)}")
    people, least, unique, below_5, below_10, mean = _row(
        connection,
        "SELECT count(*), min(k), avg(CAST(k = 1 AS INTEGER)), avg(CAST(k < 5 AS INTEGER)), avg(CAST(k < 10 AS INTEGER)), avg(1 / k) "
        "FROM person_k",
    )
    if not people:
        raise RiskError(f"no row names a person in {person}; this is no clean file of that feed")
    (nameless,) = _row(connection, f"SELECT count(*) FROM {relation} WHERE {quoted(person)} IS NULL")
    return Anonymity(
        people=people,
        rows_without_person=nameless,
        quasi_identifiers=tuple(quasi),
        smallest_class=least,
        bands=tuple((low, high, _share_between(connection, low, high)) for low, high in BANDS),
        unique=unique,
        below_5=below_5,
        below_10=below_10,
        prosecutor_mean=mean,
        prosecutor_max=1 / least,
        homogeneous=_homogeneous(connection, relation, person, quasi, sensitive) if sensitive else None,
        sensitive=sensitive,
        contributions=tuple(_contribution(connection, relation, person, quasi, column) for column in quasi),
    )


def _classes(relation: str, person: str, quasi: Sequence[str]) -> str:
    """SQL: one row a class and person, with a number for the class that is the same for the same values."""
    columns = ", ".join(quoted(name) for name in quasi)
    return (
        f"SELECT DISTINCT {quoted(person)} AS person, {columns or 'NULL AS everybody'} FROM {relation} WHERE {quoted(person)} IS NOT NULL"
    )


def _smallest_class(relation: str, person: str, quasi: Sequence[str]) -> str:
    """SQL: person, k of their smallest class."""
    by = ", ".join(quoted(name) for name in quasi) or "everybody"
    sized = f"SELECT person, count(*) OVER (PARTITION BY {by}) AS size FROM ({_classes(relation, person, quasi)})"
    return f"SELECT person, min(size) AS k FROM ({sized}) GROUP BY person"


def _contribution(connection: duckdb.DuckDBPyConnection, relation: str, person: str, quasi: Sequence[str], column: str) -> Contribution:
    without = [name for name in quasi if name != column]
    return Contribution(
        column=column,
        unique_alone=_unique(connection, relation, person, [column]),
        unique_without=_unique(connection, relation, person, without),
    )


def _unique(connection: duckdb.DuckDBPyConnection, relation: str, person: str, quasi: Sequence[str]) -> float:
    (share,) = _row(connection, f"SELECT avg(CAST(k = 1 AS INTEGER)) FROM ({_smallest_class(relation, person, quasi)})")
    return share


def _share_between(connection: duckdb.DuckDBPyConnection, low: int, high: int | None) -> float:
    upper = f"AND k <= {high}" if high is not None else ""
    (share,) = _row(connection, f"SELECT avg(CAST(k >= {low} {upper} AS INTEGER)) FROM person_k")
    return share


def _homogeneous(connection: duckdb.DuckDBPyConnection, relation: str, person: str, quasi: Sequence[str], sensitive: str) -> float:
    """Share of people with a row in a class of two people or more whose known sensitive values are all one (Machanavajjhala
    2007, l-diversity; l = 1). Whoever places somebody there learns the value without singling them out."""
    by = ", ".join(quoted(name) for name in quasi)
    value = f"nullif(trim({quoted(sensitive)}), '')"
    uniform = (
        f"SELECT {by} FROM {relation} WHERE {quoted(person)} IS NOT NULL GROUP BY {by} "
        f"HAVING count(DISTINCT {quoted(person)}) >= 2 AND count(DISTINCT {value}) = 1 AND count({value}) = count(*)"
    )
    same = " AND ".join(f"one.{quoted(name)} IS NOT DISTINCT FROM u.{quoted(name)}" for name in quasi)
    query = (
        f"SELECT count(DISTINCT one.{quoted(person)}) / (SELECT count(*) FROM person_k) FROM {relation} AS one "
        f"JOIN ({uniform}) AS u ON {same} WHERE one.{quoted(person)} IS NOT NULL"
    )
    (share,) = _row(connection, query)
    return share


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple:
    row = connection.execute(query).fetchone()
    if row is None:
        raise RiskError("the file gave no answer; check that it is a clean file")
    return row
