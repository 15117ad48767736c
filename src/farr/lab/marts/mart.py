"""What a mart is: a derived table, declared as one expression on the tables it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration


@dataclass(frozen=True, kw_only=True)
class Mart:
    """`build` takes the unbound tables named in `reads`, by name, and gives an expression whose columns are the table's.

    The first of `reads` is the table that its rows are of, and must be held (`of_any`: one of them must); any other that was never
    loaded has no rows. `reach`
    promises what a changed month can change, so that only that is built again; a property test holds each mart to it."""

    name: str = ""
    table: TableDeclaration
    reads: tuple[TableDeclaration, ...]
    of_any: bool = False
    reach: Reach
    build: Callable[[Mapping[str, ir.Table]], ir.Table]

    def expression(self) -> ir.Table:
        """The unbound expression of the whole mart, columns in the table's order and of its types."""
        built = self.build({table.name: table.unbound for table in self.reads})
        return built.select(**{c.name: built[c.name].cast(c.type) for c in self.table.columns})
