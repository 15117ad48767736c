"""Trend, season and week of every kind of activity: the one place that says them, with what each figure rests on."""

from dataclasses import dataclass

import numpy as np

from farr.supplier.synthetic.calendar.days import YEAR
from farr.supplier.synthetic.calendar.holidays import is_holiday

_EVEN = (1.0,) * 12
_WORKING_DAYS, _WEEKENDS = 252.75, 104.36  # in a mean year, less eight bank holidays


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How activity follows the calendar. `growth` is a year's; `season` (January to December) multiplies the activity of a day, or of
    a working day where `by_working_days`; `week` (Monday to Sunday) spreads a month's activity over its days, of which bank holidays
    count as `holiday` where that is not None."""

    growth: float
    season: tuple[float, ...] = _EVEN
    week: tuple[float, ...]
    holiday: float | None = None
    by_working_days: bool = False

    def factor(self, first: int, reference_day: int) -> float:
        """What multiplies the rate of a day (or working day) in the month that begins on `first`, both in days since 1970."""
        calendar = np.datetime64(int(first), "D").astype("datetime64[M]").astype(int) % 12
        return self.season[calendar] * (1 + self.growth) ** ((first - reference_day) / YEAR)

    def weights(self, days: np.ndarray) -> np.ndarray:
        """How much of a month's activity each of its days has, beside the others."""
        weight = np.array(self.week)[(days + 3) % 7]  # day 0, 1 January 1970, was a Thursday
        return weight if self.holiday is None else np.where(is_holiday(days), self.holiday, weight)

    def years(self, days: np.ndarray) -> float:
        """The share of a year's activity that would fall on the days, were there no trend and no season."""
        return float(self.weights(days).sum()) / self._year if self.by_working_days else len(days) / YEAR

    @property
    def _year(self) -> float:
        holiday = self.week[0] if self.holiday is None else self.holiday
        return _WORKING_DAYS * sum(self.week[:5]) / 5 + _WEEKENDS * sum(self.week[5:]) / 2 + 8 * holiday


def _weekends(share: float) -> tuple[float, ...]:
    return (1.0,) * 5 + (share, share)


# Admitted care; invented, of about the size of Hospital Episode Statistics: more emergencies in winter, fewer planned admissions in
# August and December.
EMERGENCY = Rhythm(growth=0.015, week=_weekends(0.82), season=(1.08, 1.02, 1.02, 0.98, 0.99, 0.97, 0.97, 0.95, 0.97, 1.0, 1.02, 1.06))
ELECTIVE = Rhythm(growth=0.025, week=_weekends(0.16), season=(1.0, 1.0, 1.04, 0.99, 1.0, 1.02, 1.02, 0.95, 1.01, 1.04, 1.03, 0.89))
MATERNITY = Rhythm(growth=0.0, week=_weekends(0.8))
REGULAR = Rhythm(growth=0.03, week=_weekends(0.1))

# Attendances at emergency departments that end in no admission; the others follow the admissions.
#   Season and growth: NHS England, A&E Attendances and Emergency Admissions, England, all types, April 2016 to March 2019 (monthly
#   returns, as collected in NHSRdatasets, ae_attendances, CC0): attendances less admissions, per day, with the trend between the years
#   taken out. These were 19.10, 19.37 and 20.06 million in the three years, 2.5 in a hundred more a year.
#   Week: 15.8 in a hundred attendances fall on a Monday and the others are about even (HSCIC, Accident and Emergency Attendances in
#   England 2014-15, press release of 28 January 2016; 16 in a hundred in 2019-20). As 18 in a hundred are admitted, fewer of them at
#   weekends, it is the whole that has that week: (15.8 - 0.18 * 15.06) / 0.82, of 7 times a hundredth, and so on.
ATTENDANCE = Rhythm(
    growth=0.025,
    season=(0.965, 0.982, 1.006, 0.995, 1.049, 1.037, 1.052, 0.960, 0.996, 1.001, 0.992, 0.964),
    week=(1.117, 0.966, 0.966, 0.966, 0.966, 1.009, 1.009),
)

# Outpatient appointments.
#   Growth: attended appointments rose from 89.4 million (2015-16) to 96.4 million (2018-19), 2.5 in a hundred a year (Hospital Episode
#   Statistics, by the Department of Health and Social Care's answer to written question 200113). Later years are those of the pandemic.
#   Season: shares of a year's appointments by month, April 2023 to March 2024 (NHS England, provisional monthly Hospital Episode
#   Statistics, as the documentation of the package medscheduler gives them; the publication itself was not seen), each divided by the
#   working days of that month. One year alone, with days of industrial action in it: NOT VERIFIED as a season.
#   Week: appointments in Scotland, 2008 to 2010, Monday to Friday 967,912, 1,032,417, 957,447, 887,960 and 617,633 (Ellis and Jenkins,
#   PLoS ONE 2012, doi:10.1371/journal.pone.0051365, the counts as medscheduler gives them; Monday and Friday together are those that
#   the abstract names). Saturday, Sunday and bank holidays: NOT VERIFIED, invented.
APPOINTMENT = Rhythm(
    growth=0.025,
    season=(1.042, 1.026, 1.040, 1.010, 1.048, 0.987, 0.984, 0.949, 0.992, 0.963, 1.033, 0.980),
    week=(1.084, 1.157, 1.073, 0.995, 0.692, 0.09, 0.02),
    holiday=0.03,
    by_working_days=True,
)
