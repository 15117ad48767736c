"""What a mart is: a derived table, declared as one expression on the tables it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration


@dataclass(frozen=True, kw_only=True)
class Mart:
    """`build` takes the unbound tables named in `reads`, by name, and gives an expression whose columns are the table's. `reach`
    promises what a changed month can change, so that only that is built again; a property test holds each mart to it. Of the
    tables in `may_lack` none need ever have been loaded: they then have no rows, as a reference table has that never was. One
    table of records at least must be there.

    Of a mart of Reach.PERSON `history` promises more: what those tables hold of a month is seen by rows of that month and later ones alone,
    and a person has rows only in months of which another table read holds one of theirs."""

    name: str = ""
    table: TableDeclaration
    reads: tuple[TableDeclaration, ...]
    may_lack: tuple[TableDeclaration, ...] = ()
    history: tuple[TableDeclaration, ...] = ()
    reach: Reach
    build: Callable[[Mapping[str, ir.Table]], ir.Table]

    def expression(self) -> ir.Table:
        """The unbound expression of the whole mart, columns in the table's order and of its types."""
        built = self.build({table.name: table.unbound for table in self.reads})
        return built.select(**{c.name: built[c.name].cast(c.type) for c in self.table.columns})
