"""The invented people. Each is a number; sex, birth, practice and home follow from it by hashing, so that no list is held."""

from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from farr.supplier.synthetic.calendar.days import YEAR, month_number
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.rows import Rows

# People of England by five-year band, 00-04 to 95+, in per cent: the shape of the mid-2020 estimates (ONS), rounded.
_BAND_SHARE = (5.6, 6.2, 6.2, 5.6, 6.1, 6.6, 6.8, 6.7, 6.4, 6.2, 6.8, 6.8, 5.9, 5.0, 5.1, 3.8, 2.6, 1.7, 0.9, 0.4)
_TILTS = np.linspace(-0.5, 0.5, 11)
_STEPS = 4_096
BIRTHS_PER_PERSON_AND_YEAR = 0.0105
_FRAIL_SHARE, _FRAIL, _ROBUST = 0.2, 2.6, 0.6


@dataclass(frozen=True, kw_only=True)
class Seen(Rows):
    """What is known of some people, one entry each. `practice` and `area` are indices; `frailty` multiplies admission rates."""

    practice: np.ndarray
    sex: np.ndarray
    birth_day: np.ndarray
    area: np.ndarray
    frailty: np.ndarray


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody: `organisations.people` who are alive at `reference_day` (days since 1970), then those born month by month.

    `month_first_day` are the first days of every month generated, and of the one after: newborn people are numbered by it.
    """

    seed: int
    organisations: Organisations = field(repr=False)
    reference_day: int
    month_first_day: np.ndarray = field(repr=False)

    @property
    def births_a_month(self) -> int:
        return max(1, round(self.organisations.people * BIRTHS_PER_PERSON_AND_YEAR / 12))

    @property
    def count(self) -> int:
        return self.organisations.people + self.births_a_month * (len(self.month_first_day) - 1)

    def first_born(self, month: int) -> int:
        """The number of the first person born in the month of that position."""
        return self.organisations.people + month * self.births_a_month

    def seen(self, person: np.ndarray) -> Seen:
        practice = self.practice(person)
        return Seen(
            practice=practice,
            sex=np.where(self._share(person, 3) < 0.493, 1, 2).astype(np.int8),
            birth_day=self.birth_day(person, practice),
            area=self.area(person, practice),
            frailty=np.where(self._share(person, 5) < _FRAIL_SHARE, _FRAIL, _ROBUST),
        )

    def practice(self, person: np.ndarray) -> np.ndarray:
        offsets = self.organisations.first_person
        spread = np.floor(self._share(person, 2) * self.organisations.people).astype(np.int64)
        place = np.where(person < self.organisations.people, person, spread)
        return np.searchsorted(offsets, place, side="right") - 1

    def area(self, person: np.ndarray, practice: np.ndarray) -> np.ndarray:
        first = self.organisations.first_area
        return first[practice] + np.floor(self._share(person, 4) * np.diff(first)[practice]).astype(np.int64)

    def birth_day(self, person: np.ndarray, practice: np.ndarray) -> np.ndarray:
        """Days since 1970."""
        tilt = np.rint((np.clip(self.organisations.practice_tilt, -0.5, 0.5) + 0.5) * 10).astype(np.int64)[practice]
        years = _age_table()[tilt, (self._share(person, 6) * _STEPS).astype(np.int64)] + self._share(person, 7)
        born = self.reference_day - 1 - np.floor(years * YEAR).astype(np.int64)
        late = person >= self.organisations.people
        if late.any():
            month = (person[late] - self.organisations.people) // self.births_a_month
            length = np.diff(self.month_first_day)[month]
            born[late] = self.month_first_day[month] + np.floor(self._share(person[late], 7) * length).astype(np.int64)
        return born

    def _share(self, person: np.ndarray, salt: int) -> np.ndarray:
        return share(person, seed=self.seed, salt=salt)

    @cached_property
    def births(self) -> np.ndarray:
        """People by practice, sex (0 male, 1 female) and month of birth, counted from January 1900."""
        practices = len(self.organisations.practice_code)
        months = month_number(self.month_first_day[-1:])[0] + 1
        total = np.zeros(practices * 2 * months, dtype=np.int64)
        for first in range(0, self.count, 1_000_000):
            person = np.arange(first, min(first + 1_000_000, self.count), dtype=np.int64)
            practice = self.practice(person)
            sex = (self._share(person, 3) >= 0.493).astype(np.int64)
            born = month_number(self.birth_day(person, practice))
            total += np.bincount((practice * 2 + sex) * months + born, minlength=len(total))
        return total.reshape(practices, 2, months)

    def by_age_band(self, month: int) -> np.ndarray:
        """People alive on the first day of the month (counted from January 1900), by practice, sex and band 00-04 to 95+."""
        bands = np.zeros((*self.births.shape[:2], 20), dtype=np.int64)
        for band in range(20):
            oldest = month - 60 * (band + 1) if band < 19 else 0
            bands[:, :, band] = self.births[:, :, max(oldest, 0) : max(month - 60 * band, 0)].sum(axis=2)
        return bands


@cache
def _age_table() -> np.ndarray:
    """Age in years at each quantile, for each tilt of the population towards the old."""
    ages = np.arange(100)
    share_of_age = np.repeat(_BAND_SHARE, 5)
    table = np.empty((len(_TILTS), _STEPS), dtype=np.int64)
    for number, tilt in enumerate(_TILTS):
        weight = share_of_age * np.exp(tilt * (ages - 40) / 40)
        table[number] = np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(_STEPS) + 0.5) / _STEPS)
    return table
