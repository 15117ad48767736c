"""A pathway compared: its questions are asked, and providers set beside a standard, from what was released alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.marts.pathways.pathway import CRITICAL_CARE_DAYS, ITEMS, Pathway, PathwayError, pathway
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.pathway import PATHWAY_SPELL
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.opportunity.prices import price
from farr.lab.planning.opportunity.questions import opportunity_questions
from farr.lab.planning.pathways.compare import (
    PRICES,
    Aim,
    Gap,
    Moved,
    Practice,
    aim,
    critical_care_day,
    gap,
    hidden,
    net,
    part_of,
    practices,
)
from farr.lab.planning.pathways.questions import PARTS, PATHWAY, Held, months_of, pathway_question, span

_NOT_BUILT = "pathways were not worked out yet; ingest admitted care, and outpatients where they are held, and type: farr build"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item, as everybody does it: `period` is that of its own months; `aim` what it is set beside, and `unit` its price, with `whose`;
    `missing` says why it is not valued, or not shown."""

    name: str
    period: Period | None
    practices: tuple[Practice, ...]
    hidden: int
    aim: Aim | None
    unit: float | None
    unit_is: str
    missing: str | None

    @property
    def title(self) -> str:
        return ITEMS[self.name]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A pathway at a level. `table` is all of it as data, derived from `releases`; `moved` is care that is in no feed."""

    pathway: Pathway
    level: str
    period: Period
    items: tuple[Item, ...]
    moved: tuple[Moved, ...]
    own: Mapping[str, float]
    names: Mapping[str, str]
    table: Released
    releases: tuple[Released, ...]

    @property
    def organisations(self) -> list[str]:
        """Those of which any item is shown."""
        return sorted({each.organisation for item in self.items for each in item.practices})

    def of(self, organisation: str) -> list[Gap]:
        """Of each item that is shown and has a standard and a price, the organisation's gap."""
        return [
            made
            for item in self.items
            for each in item.practices
            if each.organisation == organisation and (made := gap_of(item, each, self.own)) is not None
        ]

    def spells(self, organisation: str) -> float | None:
        """Of the period, by the items of the stay."""
        stay = next((item for item in self.items if item.name == CRITICAL_CARE_DAYS), None)
        found = [each.spells for each in (stay.practices if stay else ()) if each.organisation == organisation]
        return found[0] if found else None

    def net(self, organisation: str) -> float:
        return net(self.of(organisation), self.moved, self.spells(organisation) or 0.0)


def gap_of(item: Item, practice: Practice, own: Mapping[str, float]) -> Gap | None:
    if item.aim is None or item.unit is None:
        return None
    return gap(item.name, practice, item.aim, item.unit, is_declared=item.name not in own and practice.beyond is not None)


def compare(
    desk: Desk,
    name: str,
    *,
    level: str = "provider",
    period: Period | None = None,
    own: Mapping[str, float] | None = None,
    moved: Sequence[Moved] = (),
    said: Callable[[str], None] = lambda _: None,
) -> Compared:
    """Raises PathwayError where nothing was built or the pathway is none, QuestionError for a level at which there is none."""
    which, standards = pathway(name), dict(own or {})
    held = _held(desk)
    year = period or _latest(held)
    parts, why = _parts(desk, which, level, year, held, said)
    values = _values(desk, level, year, said)
    if not parts:
        raise PathwayError(f"nothing of {which.title.lower()} can be shown: {next(iter(why.values()), _NOT_BUILT)}")
    tables = {each: released.table for each, (released, _) in parts.items()}
    prices = {each: released.table for each, released in values.items()}
    items = tuple(_item(which, item, level, tables, prices, standards, why, {k: v for k, (_, v) in parts.items()}) for item in ITEMS)
    releases = (*(released for released, _ in parts.values()), *values.values())
    made = derive(f"{PATHWAY}.{name}.{level}", partial(_table, items, standards), *releases)
    return Compared(
        pathway=which, level=level, period=year, items=items, moved=tuple(moved), own=standards, names=desk.organisations.of_level(level),
        table=made, releases=releases,
    )  # fmt: skip


def _held(desk: Desk) -> Held:
    if desk.store.version(PATHWAY_SPELL.name) is None or not desk.store.months(APC_SPELL.name):
        raise PathwayError(_NOT_BUILT)
    appointments = desk.store.months(OP_APPOINTMENT.name) if desk.store.version(OP_APPOINTMENT.name) is not None else []
    return Held(spells=span(desk.store.months(APC_SPELL.name)), appointments=span(appointments) if appointments else None)


def _latest(held: Held) -> Period:
    return Period(max(held.spells.first, held.spells.last.plus(-11)), held.spells.last)


def _parts(
    desk: Desk, which: Pathway, level: str, period: Period, held: Held, said: Callable[[str], None]
) -> tuple[dict[str, tuple[Released, Period]], dict[str, str]]:
    """The release of each part with its months, and why a part has none."""
    found, why = dict[str, tuple[Released, Period]](), dict[str, str]()
    for part in PARTS:
        months = months_of(which, part, period, held)
        if months is None:
            why[part] = "too few months are held before or after, or no appointments"
            continue
        question = pathway_question(which, part, level=level, period=months)
        said(f"asking the gate: {question.name}")
        try:
            found[part] = desk.released(question), months
        except FarrError as error:
            why[part] = str(error)
    return found, why


def _values(desk: Desk, level: str, period: Period, said: Callable[[str], None]) -> dict[str, Released]:
    found = dict[str, Released]()
    for name, question in opportunity_questions(level, period).items():
        if name == "days" or desk.store.version(question.table.name) is None:
            continue
        said(f"asking the gate: {question.name}")
        try:
            found[name] = desk.released(question)
        except FarrError:
            continue  # the item then has no price, which is said
    return found


def _item(
    which: Pathway, name: str, level: str, tables: Mapping[str, pa.Table], prices: Mapping[str, pa.Table], own: Mapping[str, float],
    why: Mapping[str, str], months: Mapping[str, Period],
) -> Item:  # fmt: skip
    part = part_of(name)
    if part not in tables:
        return Item(name=name, period=None, practices=(), hidden=0, aim=None, unit=None, unit_is="", missing=why[part])
    found = practices(tables[part], name, level)
    unit, unit_is = _unit(name, level, tables, prices)
    beside = aim(which, name, found, own)
    missing = "no price is shown" if unit is None else "no standard, and too few providers shown for one" if beside is None else None
    return Item(
        name=name, period=months[part], practices=tuple(found), hidden=hidden(tables[part], name, level), aim=beside, unit=unit,
        unit_is=unit_is, missing=missing,
    )  # fmt: skip


def _unit(name: str, level: str, tables: Mapping[str, pa.Table], prices: Mapping[str, pa.Table]) -> tuple[float | None, str]:
    """The nation's price for everybody, so that organisations differ by what they do alone."""
    which = PRICES[name][0]
    if name == CRITICAL_CARE_DAYS and "stay" in tables and (day := critical_care_day(tables["stay"])) is not None:
        return day, "cost of a critical-care day of this pathway as fed, nationally"
    found = price(which, prices, level, None)
    return (None if found is None else found.pounds), f"{which.value}, nationally" if "nation" not in which.value else which.value


def _table(items: Sequence[Item], own: Mapping[str, float], *_: pa.Table) -> pa.Table:
    rows = [row_of(item, each, own) for item in items for each in item.practices]
    columns = {name: [row[name] for row in rows] for name in (*_TEXTS, *_NUMBERS)}
    made = {name: pa.array(columns[name], pa.string()) for name in _TEXTS}
    return pa.table({**made, **{name: pa.array(columns[name], pa.float64()) for name in _NUMBERS}})


_TEXTS = ("organisation", "item", "title", "months", "means", "basis", "unit_is")
_NUMBERS = ("spells", "total", "mean", "lower", "upper", "standard", "unit", "gap", "gap_sure", "gap_by_spell")


def row_of(item: Item, each: Practice, own: Mapping[str, float]) -> dict[str, Any]:
    """An organisation's item as data."""
    made = gap_of(item, each, own)
    return {
        "organisation": each.organisation, "item": item.name, "title": item.title, "months": str(item.period or ""),
        "means": PRICES[item.name][1].value, "basis": item.aim.basis if item.aim else "", "unit_is": item.unit_is,
        "spells": each.spells, "total": each.total, "mean": each.mean, "lower": each.lower, "upper": each.upper,
        "standard": item.aim.quantity if item.aim else None, "unit": item.unit,
        "gap": made.pounds if made else None, "gap_sure": made.sure if made else None, "gap_by_spell": made.by_spell if made else None,
    }  # fmt: skip
