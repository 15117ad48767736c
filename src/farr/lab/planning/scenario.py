"""Scenario: what changes in how spells are paid, and the rows that it changes.

A scenario is a declaration: another year's price book, changes of that book, other rules, activity that moves to another commissioner. All
else stays, so that a scenario in which nothing changes pays every spell what it is paid now. Spells that have no price now, or would have
none, are in no scenario: that a group of another year has another name is no change of its price.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import ibis
import ibis.expr.types as ir

from farr.lab.marts.bed_days import excess_bed_days, trim_point
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.pricing.amounts import nothing, pounds, with_amounts
from farr.lab.marts.pricing.book import with_book
from farr.lab.marts.pricing.broken import with_broken
from farr.lab.marts.pricing.rules import NATIONAL_RULES, PriceRules
from farr.lab.marts.tariff import with_trim_points
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.period import FinancialYear, Period, PeriodError
from farr.lab.model.tables.conflict import SPELL_CONFLICT
from farr.lab.model.tables.pricing import PRICE_BOOK, SCENARIO_PRICE
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE
from farr.lab.model.tables.sus import APC_SPELL

_OF_PRICES = (
    "Spell_Key", "Der_Management_Type", "Administrative_Category", "Age", "Spell_Adj_LoS", "HRG_TrimPoint", "Spell_ExcessBedDays",
    "Spell_Core_HRG", "Spell_BP_Key", "Spell_SSC_Key", "Tariff_Year", "Service_Line_Code",
)  # fmt: skip
_OTHER_TARIFF = re.compile(r"tariff_(20[0-9]{2})_([0-9]{2})")


class ScenarioError(FarrError):
    """A scenario that is not known; the message says which there are."""


@dataclass(frozen=True, kw_only=True)
class BookChange:
    """A change of one column of the price book (a price, Per_Day_Rate or Short_Stay_Share) for the groups whose code matches the regular
    expression `groups`: multiplied by `factor`, or set to `value`."""

    column: str
    groups: str = ""
    factor: Decimal | None = None
    value: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.value is None):
            raise ScenarioError(f"a change of {self.column} takes a factor or a value, and not both")


@dataclass(frozen=True, kw_only=True)
class Move:
    """The spells for which `where` holds are paid by the commissioner `to` instead."""

    where: Callable[[ir.Table], ir.BooleanValue]
    to: str
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`tariff_year`: whose book every spell is priced from; None: its own year's. Why, and by whose proposal, is said for whoever reads."""

    name: str = ""
    title: str
    why: str
    source: str
    tariff_year: str | None = None
    changes: tuple[BookChange, ...] = ()
    rules: PriceRules = NATIONAL_RULES
    move: Move | None = None


@cache
def declared() -> Mapping[str, Scenario]:
    return discover("farr.lab.planning.scenarios", Scenario)


def scenario(name: str) -> Scenario:
    """The scenario of that name; `tariff_2018_19` is that of the prices and rules of a year. Raises ScenarioError."""
    if (year := _OTHER_TARIFF.fullmatch(name)) is not None:
        return _of_tariff(name, f"{year[1]}-{year[2]}")
    if name not in declared():
        raise ScenarioError(f"there is no scenario '{name}'; known: {', '.join(declared())}, and tariff_YYYY_YY for the tariff of a year")
    return declared()[name]


def _of_tariff(name: str, year: str) -> Scenario:
    try:
        tariff = str(FinancialYear.parse(year)).replace("-", "/")
    except PeriodError:
        raise ScenarioError(f"'{name}' names no tariff year; write tariff_2018_19") from None
    return Scenario(
        name=name,
        title=f"Every spell at the tariff of {tariff}",
        why="The same activity at another year's prices and rules.",
        source="National Tariff, Annex A",
        tariff_year=tariff,
    )


def is_of_tariff(name: str) -> bool:
    """Whether it names the scenario of a year's tariff."""
    return _OTHER_TARIFF.fullmatch(name) is not None


def scenario_mart(which: Scenario, period: Period) -> Mart:
    """The rows that the scenario changes in the months of the period, as a mart of the table scenario_price."""

    def build(tables: Mapping[str, ir.Table]) -> ir.Table:
        return _changed(which, tables, period)

    reads = (APC_SPELL, SPELL_CONFLICT, HRG_TRIM_POINT, NATIONAL_PRICE, *PRICE_BOOK)
    lacks = (SPELL_CONFLICT,)
    return Mart(name=SCENARIO_PRICE.name, table=SCENARIO_PRICE, reads=reads, may_lack=lacks, reach=Reach.MONTH, build=build)


def _changed(which: Scenario, tables: Mapping[str, ir.Table], period: Period) -> ir.Table:
    spells = tables["apc_spell"]
    kept = [column.name for column in SCENARIO_PRICE.columns if column.name in APC_SPELL.schema.names]
    within = spells.Activity_Month.between(str(period.first), str(period.last))
    spells = spells.filter(within).select(*dict.fromkeys((*kept, *_OF_PRICES)))
    spells = with_broken(spells, tables)
    now = with_amounts(with_book(spells, tables), NATIONAL_RULES)
    now = now.mutate(Paid_Now=now.Payment_Recomputed, Moves=_moves(which, now))
    then = _repriced(which, now, spells, tables)
    then = then.filter(then.Paid_Now.notnull(), then.Payment_Recomputed.notnull())
    stays, goes = then.filter(~then.Moves), then.filter(then.Moves)
    parts = [_rows(which, stays, pounds(stays.Payment_Recomputed - stays.Paid_Now), "")]
    if which.move is not None:
        parts.append(_rows(which, goes, pounds(-goes.Paid_Now), "-"))
        to, region = ibis.literal(which.move.to), ibis.literal(which.move.region, type="string")
        moved = goes.mutate(Commissioner_Code=to, Commissioner_Code_As_Was=to, Commissioner_Region_Code=region)
        parts.append(_rows(which, moved, moved.Payment_Recomputed, "+"))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _moves(which: Scenario, spells: ir.Table) -> ir.BooleanValue:
    if which.move is None:
        return ibis.literal(False)
    return which.move.where(spells).fill_null(False) & (spells.Commissioner_Code != which.move.to).fill_null(True)


def _repriced(which: Scenario, now: ir.Table, spells: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The spells as they are paid now, with the amounts of the scenario. Where the book is the spell's own it is joined once."""
    if which.tariff_year is None:
        return with_amounts(_with_changes(which, now), which.rules)
    beside = now.select("Paid_Now", "Moves", Known_Spell="Spell_Key")
    other = spells.drop("HRG_TrimPoint", "Spell_ExcessBedDays").mutate(Tariff_Year=ibis.literal(which.tariff_year))
    other = with_trim_points(other, tables["hrg_trim_point"])
    other = other.mutate(HRG_TrimPoint=trim_point(other.Der_Management_Type, other.Elective_Trim_Point, other.Non_Elective_Trim_Point))
    other = other.mutate(Spell_ExcessBedDays=excess_bed_days(other.Spell_Adj_LoS, other.HRG_TrimPoint))
    other = with_amounts(_with_changes(which, with_book(other, tables)), which.rules)
    return other.inner_join(beside, other.Spell_Key == beside.Known_Spell).drop("Known_Spell")


def _with_changes(which: Scenario, spells: ir.Table) -> ir.Table:
    for change in which.changes:
        before = spells[change.column]
        kind = str(before.type())
        changed = ibis.literal(change.value).cast(kind) if change.factor is None else _times(before, change.factor, kind)
        concerned = spells.Spell_Core_HRG.re_search(change.groups).fill_null(False)
        spells = spells.mutate(**{change.column: ibis.ifelse(concerned, changed, before)})
    return spells


def _times(before: ir.Value, factor: Decimal, kind: str) -> ir.Value:
    return (before * ibis.literal(factor).cast("decimal(18, 6)")).cast("decimal(38, 6)").cast(kind)


def _rows(which: Scenario, spells: ir.Table, change: ir.Value, side: str) -> ir.Table:
    rows = spells.mutate(Change=change)
    rows = rows.filter(rows.Change != 0).mutate(
        Scenario=ibis.literal(which.name),
        Scenario_Row=rows.Spell_Key.cast("string") + side,
        Payment_Increase=pounds(ibis.greatest(rows.Change, nothing())),
        Payment_Decrease=pounds(ibis.greatest(-rows.Change, nothing())),
    )
    return rows.select(*(column.name for column in SCENARIO_PRICE.columns))
