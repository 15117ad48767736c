"""What a feed is: columns, checks, and one de-identification rule per column. There is no default rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from farr.lab.model.errors import FarrError
from farr.lab.model.table import TableDeclaration


class FeedError(FarrError):
    """A file that cannot be trusted as this feed; the message says what is wrong with it and what to do."""


@dataclass(frozen=True, kw_only=True)
class Keep:
    """The value stays as it is; `because` says why it points to no one."""

    because: str


@dataclass(frozen=True, kw_only=True)
class KeepFor:
    """The value stays as it is, and with others makes the table's column `to` (Feed.derived says how): no column of its own."""

    to: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Drop:
    """The value never leaves the supplier."""

    because: str


@dataclass(frozen=True, kw_only=True)
class Pseudonymise:
    """A keyed HMAC under the agreement's key, written to the column `to`."""

    to: str


@dataclass(frozen=True, kw_only=True)
class PostcodeToDistrict:
    """The outward part of a postcode, written to the column `to`."""

    to: str


@dataclass(frozen=True, kw_only=True)
class SmallAreaToGroups:
    """A small area (LSOA) becomes its deprivation decile and its locality, by the supplier's lookup."""

    decile_to: str
    locality_to: str


@dataclass(frozen=True, kw_only=True)
class BirthToAge:
    """A date of birth becomes completed years on the date in column `on`, written to `to` where that is not given."""

    on: str
    to: str


@dataclass(frozen=True, kw_only=True)
class TimeToHour:
    """A time of day becomes its hour, 0 to 23, written to `to` where that is not given: the minute never leaves the supplier."""

    to: str


Rule = Keep | KeepFor | Drop | Pseudonymise | PostcodeToDistrict | SmallAreaToGroups | BirthToAge | TimeToHour


@dataclass(frozen=True, kw_only=True)
class Check:
    """A test of one typed value, or of a whole typed row: `passes` gives an Ibis boolean, and null passes unless it says not.

    `reason` is what the person who sent the file reads; neither it nor anything else repeats the value."""

    rule: str
    reason: str
    passes: Callable[[ir.Value], ir.BooleanValue]


@dataclass(frozen=True, kw_only=True)
class RowCheck:
    """As Check, for several columns of one row; `column` is the one the quarantine names."""

    rule: str
    reason: str
    column: str
    passes: Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True, kw_only=True)
class FeedColumn:
    """One column of the feed as it is sent. `type` and `meaning` as in the table for columns that are kept.

    `aliases` are other names it goes by, upper case, in order of preference; `null_values` the strings (after trimming) that
    mean nothing is known; `recode` maps sent values to canonical ones before typing; `needed` says that a file without the
    column is not this feed; `direct_identifier` that no file with it may enter the lab.
    """

    name: str
    type: str
    meaning: str
    source: str
    rule: Rule
    aliases: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    null_values: tuple[str, ...] = ("",)
    recode: Callable[[ir.StringColumn], ir.StringValue] | None = None
    needed: bool = False
    may_be_null: bool = True
    direct_identifier: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Feed:
    """A kind of file; each is equal to itself alone. `table` is where its rows land; `columns` are all that a raw file may hold (what is
    not declared never passes); `made` the columns that its rules make at the supplier and that no raw file holds, as the lab
    expects them; `activity_date` the column whose month partitions the rows, a date or the month itself (None: the table is
    replaced whole); `quasi_identifiers` the clean columns over which the risk report counts how many people are alike; `derived`
    the columns of the table that no sent column is by itself, as expressions of the typed rows. See sides.py for the raw and the
    clean form."""

    name: str = ""
    title: str
    description: str
    source: str
    table: TableDeclaration
    columns: tuple[FeedColumn, ...] = field(repr=False)
    made: tuple[FeedColumn, ...] = field(repr=False, default=())
    activity_date: str | None
    row_checks: tuple[RowCheck, ...] = ()
    quasi_identifiers: tuple[str, ...] = ()
    derived: Mapping[str, Callable[[ir.Table], ir.Value]] = field(repr=False, default_factory=dict)

    def __getitem__(self, name: str) -> FeedColumn:
        for column in (*self.columns, *self.made):
            if column.name == name:
                return column
        raise KeyError(f"feed {self.name} declares no column {name}")


def kept(table: TableDeclaration, name: str, because: str, **more: object) -> FeedColumn:
    """A feed column that is kept: its type, meaning and source are those of the table's column of that name."""
    column = table[name]
    return FeedColumn(
        name=name,
        type=column.type,
        meaning=column.meaning,
        source=column.source,
        rule=Keep(because=because),
        **more,  # type: ignore[arg-type]
    )
