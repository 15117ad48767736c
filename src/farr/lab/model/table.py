"""What a table is: a name, described columns, whose rows these are, and the disclosure policy its rows came with."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import ibis
import ibis.expr.types as ir


class TableKind(Enum):
    STAGED = "staged"  # records as loaded from a feed
    MART = "mart"  # records derived from staged tables
    REFERENCE = "reference"  # published facts about organisations and populations, about no person


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name, its type as Ibis writes it ('string', 'int32', 'date', 'float64', 'boolean', and 'decimal(18, 2)' for
    money), what it means, and where that meaning comes from."""

    name: str
    type: str
    meaning: str
    source: str


@dataclass(frozen=True, kw_only=True)
class TableDeclaration:
    """A table of the store. `person` names the pseudonym column (None only where no row is about a person); `month` the
    partition column of type string ('2024-05'), None for tables that are replaced whole; `part` the columns whose values in a file
    say which rows of such a table it replaces (none: all of them); `policy` the disclosure policy that
    rows of this table came with (a file name of disclosure/policies); `derived_from` the loaded tables that a mart is made of: an
    agreement that covers those covers it."""

    name: str = ""
    title: str
    description: str
    kind: TableKind
    policy: str
    columns: tuple[Column, ...] = field(repr=False)
    key: tuple[str, ...]
    person: str | None = None
    month: str | None = None
    part: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} declares no column {name}")

    @cached_property
    def schema(self) -> ibis.Schema:
        return ibis.schema({column.name: column.type for column in self.columns})

    @cached_property
    def unbound(self) -> ir.Table:
        """The Ibis table to write expressions on: it has no data and cannot run."""
        return ibis.table(self.schema, name=self.name)
