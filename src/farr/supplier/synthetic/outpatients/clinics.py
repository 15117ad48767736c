"""Clinics: what people are seen for, how often they come back, and what is done there. Specialties are codes of the NHS Data Model
and Dictionary; resource groups and procedures have the form of HRG4+ and OPCS-4; every number is invented."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Clinics:
    """The clinics as arrays, one entry each. `follow_ups` is follow-up attendances for one first; `missed` multiplies the share that
    does not attend; `by_practitioner` and `urgent` are shares of first referrals; `procedure_share` of attendances."""

    specialty: np.ndarray
    main: np.ndarray
    weight: np.ndarray
    ages: np.ndarray
    sex: np.ndarray
    follow_ups: np.ndarray
    missed: np.ndarray
    by_practitioner: np.ndarray
    urgent: np.ndarray
    procedure_share: np.ndarray
    hrg: np.ndarray
    procedures: list[list[str]]
    first_price: np.ndarray
    line: np.ndarray
    programme: np.ndarray

    def cumulative(self, age_class: int, sex: int) -> np.ndarray:
        """Cumulative shares of the clinics among appointments of people of one age class and sex (1 or 2)."""
        weight = np.where((self.sex == 0) | (self.sex == sex), self.weight * self.ages[:, age_class], 0.0)
        return np.cumsum(weight) / weight.sum()


@cache
def clinics() -> Clinics:
    """The rows of clinics.csv, beside this file."""
    with (Path(__file__).parent / "clinics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def numbers(column: str) -> np.ndarray:
        return np.array([float(row[column]) for row in rows])

    def words(column: str) -> np.ndarray:
        return np.array([row[column] for row in rows])

    return Clinics(
        specialty=words("specialty"), main=words("main"), weight=numbers("weight"),
        ages=np.stack([numbers("child"), numbers("adult"), numbers("old")], axis=1), sex=numbers("sex").astype(np.int8),
        follow_ups=numbers("follow_ups"), missed=numbers("missed"), by_practitioner=numbers("by_practitioner"),
        urgent=numbers("urgent"), procedure_share=numbers("procedure_share"), hrg=words("hrg"),
        procedures=[row["procedures"].split() or [""] for row in rows], first_price=numbers("first_price"),
        line=words("line"), programme=words("programme"),
    )  # fmt: skip
