"""Months and periods. Hospital activity is held, re-sent and destroyed by month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from farr.lab.model.errors import FarrError

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"(\d{4})-(\d{2})")


class PeriodError(FarrError, ValueError):
    """A month or period that cannot be read; the message says how to write it."""


@total_ordering
@dataclass(frozen=True)
class Month:
    """A calendar month, written 2024-05."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise PeriodError(f"{self.year}-{self.month} is not a month; write it as 2024-05")

    @classmethod
    def parse(cls, text: str) -> "Month":
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise PeriodError(f"'{text}' is not a month; write it as 2024-05")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __lt__(self, other: "Month") -> bool:
        return (self.year, self.month) < (other.year, other.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)


@dataclass(frozen=True)
class Period:
    """Whole months from `first` to `last`, both included, written 2023-06..2024-05 (or 2024-05 for one month)."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError(f"the period {self.first}..{self.last} ends before it begins; write the earlier month first")

    @classmethod
    def parse(cls, text: str) -> "Period":
        first, separator, last = text.partition("..")
        return cls(Month.parse(first), Month.parse(last if separator else first))

    @classmethod
    def rolling_year(cls, ending: Month) -> "Period":
        return cls(ending.plus(-11), ending)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def months(self) -> Iterator[Month]:
        month = self.first
        while month <= self.last:
            yield month
            month = month.plus(1)


@total_ordering
@dataclass(frozen=True)
class FinancialYear:
    """An English financial year, April to March, by the calendar year it begins in; written 2019-20. Data are kept, encrypted and
    destroyed by it."""

    begins: int

    @classmethod
    def of(cls, month: Month) -> "FinancialYear":
        return cls(month.year if month.month >= 4 else month.year - 1)

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        match = _YEAR.fullmatch(text.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise PeriodError(f"'{text}' is not a financial year; write it as 2019-20")
        return cls(int(match[1]))

    def __lt__(self, other: "FinancialYear") -> bool:
        return self.begins < other.begins

    def __str__(self) -> str:
        return f"{self.begins:04d}-{(self.begins + 1) % 100:02d}"

    def plus(self, years: int) -> "FinancialYear":
        return FinancialYear(self.begins + years)

    @property
    def period(self) -> Period:
        return Period(Month(self.begins, 4), Month(self.begins + 1, 3))
