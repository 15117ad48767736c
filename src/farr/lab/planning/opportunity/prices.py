"""Prices of units, from what was released: sums over counts, the organisation's own where they are shown, else the nation's."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.measures.released_rows import in_grouping, numbers, texts
from farr.lab.planning.opportunity.pools import MEASURED, both
from farr.lab.planning.opportunity.questions import (
    APPOINTMENTS,
    ATTENDANCES,
    ATTENDED,
    CRITICAL_CARE,
    DAYS,
    EMERGENCY,
    EXCESS_DAYS,
    EXCESS_PAID,
    FOLLOW_UPS,
    NUMBER,
    OF_DAYS,
    PAID,
    SENSITIVE,
    SPELLS,
    UNTREATED,
    VISITS,
)
from farr.lab.planning.opportunity.value import Price

Tables = Mapping[str, pa.Table]
OWN, NATION = "its own", "the nation's"
_MEANS = {
    Price.EMERGENCY_SPELL: (SPELLS, EMERGENCY), Price.SENSITIVE_SPELL: (SPELLS, SENSITIVE), Price.FOLLOW_UP: (APPOINTMENTS, FOLLOW_UPS),
    Price.APPOINTMENT: (APPOINTMENTS, ATTENDED), Price.ATTENDANCE: (VISITS, ATTENDANCES), Price.UNTREATED: (VISITS, UNTREATED),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Priced:
    """Pounds a unit, and `whose` mean it is."""

    pounds: float
    whose: str


def price(which: Price, tables: Tables, level: str, organisation: str | None) -> Priced | None:
    """None where what it rests on was not asked, is hidden or is nothing. `tables`: released, by the name of their question;
    `organisation`: None for the nation's price."""
    if which is Price.POUND:
        return Priced(pounds=1.0, whose="")
    if which is Price.BED_DAY:
        return _national(tables, (EXCESS_PAID, PAID), (EXCESS_DAYS, OF_DAYS))
    if which is Price.CRITICAL_CARE_DAY:
        return _national(tables, (CRITICAL_CARE, PAID), (CRITICAL_CARE, OF_DAYS))
    question, name = _MEANS[which]
    if question not in tables:
        return None
    own = {} if organisation is None else _own(tables[question], level, organisation)
    for row, whose in ((own, OWN), (_nation(tables[question]), NATION)):
        number, paid = row.get(f"{name}_{NUMBER}"), row.get(f"{name}_{PAID}")
        if number and paid:
            return Priced(pounds=paid / number, whose=whose)
    return None


def bed_days(tables: Tables, level: str, organisation: str) -> dict[str, float | None]:
    """Released bed days by figure, of kinds and of what two of them share; empty where they were not asked."""
    if DAYS not in tables:
        return {}
    names = {each for pair in MEASURED for each in (*pair, both(*pair))}
    own = _own(tables[DAYS], level, organisation)
    return {name: own.get(name) for name in names}


def _national(tables: Tables, above: tuple[str, str], below: tuple[str, str]) -> Priced | None:
    if above[0] not in tables or below[0] not in tables:
        return None
    paid, days = _nation(tables[above[0]]).get(above[1]), _nation(tables[below[0]]).get(below[1])
    return Priced(pounds=paid / days, whose=NATION) if paid and days else None


def _own(table: pa.Table, level: str, organisation: str) -> dict[str, float | None]:
    rows = in_grouping(table, 0)
    places = [at for at, code in enumerate(texts(rows, level)) if code == organisation]
    return _row(rows.take(pa.array(places, pa.int64())))


def _nation(table: pa.Table) -> dict[str, float | None]:
    return _row(in_grouping(table, max(table["grouping"].to_pylist(), default=0)))


def _row(rows: pa.Table) -> dict[str, float | None]:
    """The figures of the first row; empty where there is none."""
    if not rows.num_rows:
        return {}
    names = [name for name in rows.column_names if f"{name}__status" in rows.column_names]
    found = {name: float(numbers(rows, name)[0]) for name in names}
    return {name: value if value == value else None for name, value in found.items()}  # noqa: PLR0124  what is hidden is no number
