"""What an engine does: it runs expressions over Parquet files of the store, and writes a mart's rows as Parquet.

Sessions and builds decide what is run, on which files, and what becomes of it; an engine only runs it. Whatever it raises may quote a
record: its callers let none of it out.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa

from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.cells import Dialect
from farr.lab.engine.change import Plan
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration


class Answering(Protocol):
    """A connection on which questions about one table are answered. Nothing can be written by it."""

    def run(self, sql: str) -> pa.Table:
        """Runs what `Engine.sql` wrote and gives its rows."""
        ...

    def keep(self, name: str, sql: str, codes: Sequence[str], coded: str, *, fits: bool) -> None:
        """Lets later queries read the rows of a query by name; where they fit in memory, they may be held there. Once a connection.
        `codes` are columns of text in which few values recur; the query `coded` gives them with every value that they have."""
        ...


@dataclass(frozen=True, kw_only=True)
class Making:
    """A mart to be made: the rows of `expression`, in DuckDB's SQL `sql`, over what `plan` reads, written under `folder`, a staging folder
    of the store. `reach` is what the mart declares; `rows`, how many the largest of the tables read has. `keys` opens what is encrypted;
    with `seals`, rows are to be written encrypted: an engine that cannot leaves that to the store."""

    mart: TableDeclaration
    expression: Callable[[], ir.Table]
    sql: str
    plan: Plan
    folder: Path
    reach: Reach
    rows: int
    keys: Keys | None = None
    seals: bool = False

    def key(self, months: Sequence[Month] = ()) -> str | None:
        """The name of the key to write rows of these months with (none said: of any)."""
        return self.keys.name_for(months) if self.keys is not None and self.seals else None

    @property
    def files(self) -> list[Path]:
        """Every file that may be read."""
        read = [path for each in self.plan.reads for side in (each.files, each.before) for paths in side.values() for path in paths]
        return [*read, *(path for paths in self.plan.held.values() for path in paths)]

    @property
    def target(self) -> Path:
        """What takes a folder a month."""
        return self.folder / "rows"


class Engine(Dialect, Protocol):
    """One of the engines. A mart's rows are written as Parquet, in folders a month under `Making.target`, whose name is that of the month
    column, '=' and the month; rows of a mart without months in files right under `Making.folder`."""

    @property
    def name(self) -> str: ...

    def sql(self, expression: ir.Table) -> str:
        """The expression in the engine's SQL."""
        ...

    def answering(self, table: TableDeclaration, files: Sequence[Path], keys: Keys | None) -> AbstractContextManager[Answering]:
        """Until the block ends, runs queries over `table`, whose rows are those of `files`."""
        ...

    def whole(self, making: Making) -> tuple[int, bool]:
        """Writes all of the mart: how many rows, and whether those of a mart without months are the same as before."""
        ...

    def by_month(self, making: Making) -> int:
        """Writes the rows that come of the months changed alone, without opening others: how many."""
        ...

    def by_person(self, making: Making) -> tuple[list[str | None], int]:
        """Writes, whole, the months in which rows of persons with changed records differ from the mart's: which, and how many rows. A
        month is None where the mart gives a row no month."""
        ...
