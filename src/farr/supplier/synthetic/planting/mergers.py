"""Mergers of organisations within the months of a feed, and a practice that moves: which code a record of a month carries."""

from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.identities import dictionary
from farr.supplier.synthetic.organisations import Organisations

_LEAST_MONTHS = 12  # a shorter feed has no merger
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Merger:
    """The organisations `before` (indices) are one from the first day of `month` on, under the code `after`: a new code, or that
    of the last of them, which absorbs the others."""

    level: str
    before: tuple[int, ...]
    after: str
    month: Month


@dataclass(frozen=True, kw_only=True)
class Move:
    """A practice that belongs to another commissioner from the first day of `month` on."""

    practice: int
    commissioner: int
    month: Month


@dataclass(frozen=True, kw_only=True)
class Written:
    """The codes that records of one month carry: for each organisation (index) the place in the list of codes of its level;
    `member` is the place of the commissioner of each practice."""

    provider_code: list[str]
    practice_code: list[str]
    commissioner_code: list[str]
    provider: np.ndarray = field(repr=False)
    practice: np.ndarray = field(repr=False)
    commissioner: np.ndarray = field(repr=False)
    member: np.ndarray = field(repr=False)


def mergers_of(world: Organisations, period: Period, *, providers: set[int], commissioners: set[int]) -> list[Merger]:
    """Two mergers of providers, one of commissioners and one of practices, among those not named, at quarters of the period."""
    months = list(period.months())
    if len(months) < _LEAST_MONTHS:
        return []
    quarter = [months[len(months) * part // 8] for part in (2, 3, 4, 6)]
    volume, size = world.flows.sum(axis=0), world.commissioner_size
    one = _pair(world.provider_region, volume, providers)
    two = _pair(world.provider_region, volume, providers | set(one))
    bodies = _pair(world.commissioner_region, size, commissioners)
    surgeries = _pair(world.practice_commissioner, world.practice_size, _practices_of(world, commissioners | set(bodies)))
    planned = (
        ("provider", one, world.provider_code[one[-1]] if one else "", quarter[0]),
        ("provider", two, f"Z9{_LETTERS[0]}", quarter[3]),
        ("commissioner", bodies, f"99{_LETTERS[0]}", quarter[2]),
        ("practice", surgeries, world.practice_code[surgeries[-1]] if surgeries else "", quarter[1]),
    )
    return [Merger(level=level, before=before, after=after, month=month) for level, before, after, month in planned if before]


def move_of(world: Organisations, period: Period, mergers: list[Merger], *, commissioners: set[int]) -> Move | None:
    """The first practice that may move, to the next commissioner of its region, in the middle of the period."""
    merged = {index for merger in mergers if merger.level == "commissioner" for index in merger.before}
    barred = {index for merger in mergers if merger.level == "practice" for index in merger.before}
    months = list(period.months())
    free = [each for each in range(len(world.commissioner_code)) if each not in commissioners | merged]
    for one, other in pairwise(free):
        practices = [int(each) for each in np.flatnonzero(world.practice_commissioner == one) if int(each) not in barred]
        if mergers and practices and world.commissioner_region[one] == world.commissioner_region[other]:
            return Move(practice=practices[0], commissioner=other, month=months[len(months) // 2])
    return None


def _pair(group: np.ndarray, size: np.ndarray, barred: set[int]) -> tuple[int, ...]:
    """Two small organisations of one group, the smaller first; none where no group has two to spare."""
    free = [int(each) for each in np.argsort(size, kind="stable") if int(each) not in barred]
    return next(((one, other) for one, other in combinations(free, 2) if group[one] == group[other]), ())


def _practices_of(world: Organisations, commissioners: set[int]) -> set[int]:
    return set(np.flatnonzero(np.isin(world.practice_commissioner, list(commissioners))).tolist())


def written(world: Organisations, mergers: list[Merger], move: Move | None, month: Month) -> Written:
    """The codes in force in the month."""
    codes, places = {}, {}
    for level in ("provider", "practice", "commissioner"):
        known = list(getattr(world, f"{level}_code"))
        place = np.arange(len(known))
        for merger in (each for each in mergers if each.level == level):
            known += [merger.after] * (merger.after not in known)
            if merger.month <= month:
                place[list(merger.before)] = known.index(merger.after)
        codes[f"{level}_code"], places[level] = known, place
    member = world.practice_commissioner.copy()
    if move is not None and move.month <= month:
        member[move.practice] = move.commissioner
    return Written(**codes, **places, member=places["commissioner"][member])


def with_codes(table: pa.Table, codes: Written) -> pa.Table:
    """The table with its organisations' codes (dictionaries over the codes of the world, in order) as they are in that month."""
    columns = {name: table[name] for name in table.column_names}
    provider = _place(table, "Provider_Code")
    columns["Provider_Code"] = dictionary(codes.provider[provider], codes.provider_code)
    if "GP_Practice_Code" in columns:
        practice = _place(table, "GP_Practice_Code")
        columns["GP_Practice_Code"] = dictionary(codes.practice[practice], codes.practice_code)
        columns["Commissioner_Code"] = dictionary(codes.member[practice], codes.commissioner_code)
    return pa.table(columns)


def _place(table: pa.Table, name: str) -> np.ndarray:
    return table[name].combine_chunks().indices.to_numpy(zero_copy_only=False)
