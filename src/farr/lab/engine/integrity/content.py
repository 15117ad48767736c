"""What tells that two stores hold the same records, though files, order, pseudonyms and keys differ: digests by column and month.

A digest is of how often each value of a column stands in a month. Of columns that are another's in another delivery (the declared person
and key) only whether they are there counts. Two months whose columns all have the same digests are taken to hold the same rows, as far as a
question sees them that reads no other columns: a store may lack a price list and still be known to count the same spells.

Counts of a few values could be guessed from a digest, so it is made with a secret. Each is worked out once, by DuckDB whatever the engine,
when a column is first asked of, and kept in a file of the store that may be deleted.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from farr.lab.engine.duckdb import connect, named, present
from farr.lab.engine.store import Store
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.durable.disk import one_at_a_time, replace_file
from farr.lab.model.errors import FarrError
from farr.lab.model.table import TableDeclaration

CACHE = "_content.json"
_FORMAT = "1"  # another way to work them out is another format: digests of two are never compared

Digests = dict[str, dict[str, str]]


class Content:
    """Digests of a store's records, made with `secret`."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret
        self._held: dict[str, dict[str, str]] = {}
        self.scheme = self._keyed("scheme", _FORMAT)
        """Only digests of one scheme can be compared."""

    def of(self, table: TableDeclaration, version: int, columns: Collection[str]) -> Digests:
        """By column, and by month that the version holds, the digest of what stands there. Raises whatever the database raises, which may
        quote a record."""
        files = self._store.files_by_month(table.name, version)
        marks = {str(month): names_digest(paths) for month, paths in files.items()}
        if any(set(columns) - self._known(table, mark).keys() for mark in marks.values()):
            self._read()
        lacking = {str(month): set(columns) - self._known(table, marks[str(month)]).keys() for month in files}
        if any(lacking.values()):
            months = {str(month): paths for month, paths in files.items() if lacking[str(month)]}
            self._work_out(table, months, sorted(set[str]().union(*lacking.values())), marks)
            self._keep({_place(table, mark) for mark in marks.values()})
        return {each: {month: self._known(table, mark)[each] for month, mark in marks.items()} for each in columns}

    def _known(self, table: TableDeclaration, mark: str) -> dict[str, str]:
        return self._held.setdefault(_place(table, mark), {})

    def _work_out(
        self, table: TableDeclaration, months: Mapping[str, Sequence[Path]], columns: Sequence[str], marks: Mapping[str, str]
    ) -> None:
        paths = [path for each in months.values() for path in each]
        with connect(files=paths, keys=self._store.keys) as connection:
            present(connection, table, paths)
            selects = [_histogram(table, place, column) for place, column in enumerate(columns)]
            found = connection.execute(" UNION ALL ".join(selects)).fetchall()
        for month in months:  # one that has no rows is like one that is not held
            self._known(table, marks[month]).update(dict.fromkeys(columns, ""))
        for place, month, mark, values in found:
            column = columns[int(place)]
            digest = self._keyed(table.name, column, str(month), str(mark), str(values))
            self._known(table, marks[str(month)])[column] = digest

    def _keyed(self, *parts: str) -> str:
        return hmac.new(self._secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()[:16]

    def _read(self) -> None:
        """Takes in what was kept; what cannot be read, or was made with another secret, is worked out anew."""
        with suppress(OSError, ValueError, AttributeError, KeyError, TypeError):
            kept: dict[str, Any] = json.loads((self._store.folder / CACHE).read_text(encoding="utf-8"))
            if kept.get("scheme") == self.scheme:
                for place, digests in kept["digests"].items():
                    self._held.setdefault(place, {}).update(digests)

    def _keep(self, live: Collection[str]) -> None:
        """Writes down what is known of files that are still there; where the store cannot be written to, nothing."""
        with suppress(OSError, FarrError), one_at_a_time(self._store.folder):
            self._read()
            tables = {place.partition("/")[0] for place in live}
            kept = {place: each for place, each in self._held.items() if place in live or place.partition("/")[0] not in tables}
            content = json.dumps({"scheme": self.scheme, "digests": kept}, sort_keys=True)
            replace_file(self._store.folder / CACHE, content.encode() + b"\n")


def forget(store: Store) -> None:
    """Removes what is kept of a store's records, some of which are to go."""
    (store.folder / CACHE).unlink(missing_ok=True)


def names_digest(paths: Sequence[Path]) -> str:
    """The same text for the same files, which are written once and never again, under names that no other file has."""
    return hashlib.sha256("\n".join(path.name for path in paths).encode()).hexdigest()[:16]


def grouped_by(table: TableDeclaration) -> list[str]:
    """The columns of the table that some question may be broken down by."""
    return [name for name in dict.fromkeys(each.column for each in DIMENSIONS.values()) if name in table.schema.names]


def _place(table: TableDeclaration, mark: str) -> str:
    return f"{table.name}/{mark}"


def _histogram(table: TableDeclaration, place: int, column: str) -> str:
    """By month: a number for how often each value stands there, the same in whatever order, and how many values there are."""
    month = named(table.month or "")
    value = f"({named(column)} IS NULL)" if column in (table.person, *table.key) else named(column)
    counted = f"SELECT {month} AS month, {value} AS value, count(*) AS rows FROM {named(table.name)} GROUP BY ALL"
    one = "coalesce('=' || CAST(value AS VARCHAR), '') || '|' || rows"
    return (
        f"SELECT {place} AS place, month, sum(CAST(md5_number_lower({one}) AS HUGEINT)) AS mark, count(*) AS many "
        f"FROM ({counted}) GROUP BY month"
    )
