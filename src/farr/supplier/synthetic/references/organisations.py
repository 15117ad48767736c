"""Organisations as they are now and were: names, regions, opening and closing; who followed whom; who belonged to whom, and when."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.planting.mergers import Merger, Written, written
from farr.supplier.synthetic.planting.plants import Cast

_OPENED = date(2013, 4, 1)  # of everything that was there from the start
_Row = tuple[str | date | None, ...]


def organisation_table(world: Organisations, cast: Cast, last: Month) -> pa.Table:
    """All that ever carry records: closed organisations among them, with the commissioner and region they have now."""
    now = written(world, cast.mergers, cast.move, last)
    rows: list[_Row] = [("region", code, f"Synthetic region {code}", None, code, None, None) for code in world.region_code]
    rows += _of_level("commissioner", now.commissioner_code, world.commissioner_region, world, cast)
    rows += _of_level("provider", now.provider_code, world.provider_region, world, cast)
    members = {code: now.commissioner_code[now.member[index]] for index, code in enumerate(world.practice_code)}
    rows += _of_level("practice", now.practice_code, world.region_of_practice(), world, cast, members)
    rows += _areas(world, now)
    names = ("Organisation_Level", "Organisation_Code", "Organisation_Name", "Commissioner_Code", "Region_Code", "Open_Date", "Close_Date")
    return _table(names, rows)


def _of_level(
    level: str, codes: list[str], region: np.ndarray, world: Organisations, cast: Cast, members: dict[str, str] | None = None
) -> Iterator[_Row]:
    known: list[str] = getattr(world, f"{level}_code")
    closing = {code: merger.month.first_day - timedelta(days=1) for merger, code in _closed(world, cast.mergers) if merger.level == level}
    for code in codes:
        founder = next((each for each in cast.mergers if each.level == level and each.after == code and code not in known), None)
        index = known.index(code) if founder is None else founder.before[0]
        opened = _OPENED if founder is None else founder.month.first_day
        name = f"Synthetic {level} {code}"
        yield level, code, name, (members or {}).get(code), world.region_code[region[index]], opened, closing.get(code)


def _closed(world: Organisations, mergers: list[Merger]) -> Iterator[tuple[Merger, str]]:
    for merger in mergers:
        codes = [getattr(world, f"{merger.level}_code")[index] for index in merger.before]
        yield from ((merger, code) for code in codes if code != merger.after)


def _areas(world: Organisations, now: Written) -> list[_Row]:
    """Localities, with their commissioner, and postcode districts."""
    practice = np.repeat(np.arange(len(world.practice_code)), np.diff(world.first_area))
    region = [world.region_code[each] for each in world.region_of_practice()[practice]]
    home = world.practice_commissioner[practice]
    commissioner = [now.commissioner_code[now.commissioner[each]] for each in home]
    localities = dict(zip(world.area_locality(), zip(commissioner, region, strict=True), strict=True))
    districts = dict(zip(world.area_district, region, strict=True))
    half = {"1": "East", "2": "West"}
    named: list[_Row] = [
        ("locality", code, f"Synthetic locality {code[:3]} {half[code[-1]]}", above, place, None, None)
        for code, (above, place) in sorted(localities.items())
    ]
    return named + [
        ("postcode_district", code, f"Synthetic district {code}", None, place, None, None) for code, place in sorted(districts.items())
    ]


def successor_table(world: Organisations, mergers: list[Merger]) -> pa.Table:
    rows: list[_Row] = [(code, merger.after, merger.month.first_day) for merger, code in _closed(world, mergers)]
    return _table(("Organisation_Code", "Successor_Code", "Succession_Date"), rows, dates=("Succession_Date",))


def parent_table(world: Organisations, cast: Cast, period: Period) -> pa.Table:
    """Memberships with their first and last days: a closed organisation's end the day before it closes, or its parent does."""
    changes = sorted({merger.month for merger in cast.mergers} | ({cast.move.month} if cast.move else set()))
    rows: list[_Row] = []
    for level in ("practice", "commissioner", "provider"):
        open_since: dict[tuple[str, str], date] = {}
        for since, months in [(_OPENED, period.first)] + [(month.first_day, month) for month in changes]:
            pairs = set(_pairs(level, world, written(world, cast.mergers, cast.move, months)))
            for pair in [each for each in open_since if each not in pairs]:
                rows.append((level, *pair, open_since.pop(pair), since - timedelta(days=1)))
            open_since |= {pair: since for pair in sorted(pairs) if pair not in open_since}
        rows += [(level, *pair, since, None) for pair, since in open_since.items()]
    names = ("Organisation_Level", "Organisation_Code", "Parent_Code", "Join_Date", "Left_Date")
    return _table(names, sorted(rows, key=lambda row: (row[0], row[1], row[3])), dates=("Join_Date", "Left_Date"))


def _pairs(level: str, world: Organisations, now: Written) -> Iterator[tuple[str, str]]:
    """Organisations with records then, and their parents."""
    if level == "practice":
        for place, member in zip(now.practice, now.member, strict=True):
            yield now.practice_code[place], now.commissioner_code[member]
        return
    codes, places = (now.commissioner_code, now.commissioner) if level == "commissioner" else (now.provider_code, now.provider)
    region = world.commissioner_region if level == "commissioner" else world.provider_region
    for index, place in enumerate(places):
        yield codes[place], world.region_code[region[index]]


def _table(names: tuple[str, ...], rows: list[_Row], dates: tuple[str, ...] = ("Open_Date", "Close_Date")) -> pa.Table:
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    return pa.table({name: pa.array(values, pa.date32() if name in dates else pa.string()) for name, values in columns.items()})
