"""What care costs: an invented national tariff by year, excess bed days, and a market forces factor for each provider.

Shape: initial price by point of delivery, plus excess bed days by the day, times the market forces factor (National tariff payment
system, Annex A, NHS England). Every price, rate and factor here is invented; names of groups are plain words, not the official ones.
"""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.model.period import Month
from farr.supplier.synthetic.admitted.casemix import ELECTIVE, EMERGENCY, REGULAR, casemix
from farr.supplier.synthetic.chance import share

_BASE_YEAR = 2018
_INFLATION = 0.024  # a year
_PER_DAY = 245.0  # pounds for an excess bed day in the base year
_DEAREST_PLACE = 0.10  # market forces factors lie between one and one and this
_ONE_PRICE_FROM, _DAY_CASE, _ORDINARY = 0.9, 0.82, 1.18  # groups mostly or hardly ever done as day cases have one price for both
_UNPLANNED = 1.35  # of the planned price
_OUTPATIENT = 0.32  # of the planned price, for groups that are mostly day cases


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Resource groups in order of their codes, with prices of the base year in pounds; not a number where there is none."""

    code: np.ndarray
    name: np.ndarray
    line: np.ndarray
    programme: np.ndarray
    one_price: np.ndarray = field(repr=False)
    combined: np.ndarray = field(repr=False)
    day_case: np.ndarray = field(repr=False)
    elective: np.ndarray = field(repr=False)
    non_elective: np.ndarray = field(repr=False)
    outpatient: np.ndarray = field(repr=False)
    trim: np.ndarray = field(repr=False)


@cache
def groups() -> Groups:
    """The groups of groups.csv, beside this file, which are those of the pathways."""
    with (Path(__file__).parent / "groups.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["hrg"])
    mix, code = casemix(), np.array([row["hrg"] for row in rows])
    place = np.array([int(np.flatnonzero(mix.hrg == each)[0]) for each in code])
    stream, short = mix.stream[place], mix.short[place]
    planned, none = np.isin(stream, (ELECTIVE, REGULAR)), np.full(len(rows), np.nan)
    price = np.array([float(row["price"]) for row in rows])
    one = ~planned | (short > _ONE_PRICE_FROM) | (short < 1 - _ONE_PRICE_FROM)
    base = np.where(planned, price, price * 0.85)
    return Groups(
        code=code, name=_column(rows, "name"), line=_column(rows, "line"), programme=_column(rows, "programme"), one_price=one,
        combined=np.where(one, base, none), day_case=np.where(one, none, base * _DAY_CASE),
        elective=np.where(one, none, base * _ORDINARY),
        non_elective=np.where(planned, price * _UNPLANNED, price),
        outpatient=np.where(planned & (short > _ONE_PRICE_FROM) & (stream == ELECTIVE), price * _OUTPATIENT, none),
        trim=mix.trim_points()[place],
    )  # fmt: skip


@cache
def group_place() -> np.ndarray:
    """The place of each pathway's resource group among the groups."""
    return np.searchsorted(groups().code, casemix().hrg)


@cache
def dearer() -> np.ndarray:
    """For each group the place of the next dearer unplanned one of its chapter; its own where there is none."""
    known, places = groups(), np.arange(len(groups().code))
    unplanned = np.isin(places, group_place()[casemix().stream == EMERGENCY])
    order = places[unplanned][np.argsort(known.non_elective[unplanned], kind="stable")]
    after = places.copy()
    for number, place in enumerate(order):
        chapter = [each for each in order[number + 1 :] if known.code[each][0] == known.code[place][0]]
        after[place] = chapter[0] if chapter else place
    return after


def _column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows])


def tariff_year(year: int) -> str:
    """2024 as 2024/25."""
    return f"{year}/{(year + 1) % 100:02d}"


def years_of(first: Month, last: Month) -> list[int]:
    """The financial years that the months touch."""
    start, end = (month.year - (month.month < 4) for month in (first, last))
    return list(range(start, end + 1))


def inflated(pounds: np.ndarray, year: np.ndarray | int) -> np.ndarray:
    """Pounds of the base year in those of another, to the pound."""
    return np.rint(pounds * (1 + _INFLATION) ** (np.asarray(year) - _BASE_YEAR))


def trim_points(year: int) -> np.ndarray:
    """Days by group in that year: those of the casemix, a day more or fewer for some, as they are set anew each year."""
    step = np.floor(share(np.arange(len(groups().code)) + 1_000 * year, seed=year, salt=51) * 6).astype(np.int64)
    return np.maximum(groups().trim + np.select([step == 0, step == 1], [-1, 1], 0), 2).astype(np.int32)


def stay_price(place: np.ndarray, *, year: np.ndarray, planned: np.ndarray, ordinary: np.ndarray) -> np.ndarray:
    """Pounds for stays of the groups in those places, before excess bed days; a planned stay that is not ordinary is a day case."""
    known = groups()
    apart = np.where(ordinary, known.elective[place], known.day_case[place])
    pounds = np.where(planned, np.where(known.one_price[place], known.combined[place], apart), known.non_elective[place])
    return inflated(pounds, year)


def per_day(year: int) -> float:
    """Pounds for an excess bed day in the year."""
    return float(inflated(np.array(_PER_DAY), year))


def excess_price(place: np.ndarray, days: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Pounds for the days beyond the trim point of the group in the year."""
    beyond = np.zeros(len(days))
    for each in np.unique(year):
        those = year == each
        beyond[those] = np.maximum(days[those] - trim_points(int(each))[place[those]], 0)
    return beyond * inflated(np.array(_PER_DAY), year)


def market_forces(providers: int, seed: int) -> np.ndarray:
    """A factor from 1 for each provider."""
    return 1 + _DEAREST_PLACE * share(np.arange(providers), seed=seed, salt=52) ** 2


def money(pounds: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Pounds as decimals of two places, exact to the penny."""
    pence = pa.array(np.rint(np.nan_to_num(pounds) * 100).astype(np.int64)).cast(pa.decimal128(19, 0))
    whole = pc.multiply(pence, pa.scalar("0.01").cast(pa.decimal128(3, 2))).cast(pa.decimal128(18, 2))
    gone = np.isnan(pounds) if missing is None else missing | np.isnan(pounds)
    return pc.if_else(pa.array(gone), pa.scalar(None, whole.type), whole) if gone.any() else whole
