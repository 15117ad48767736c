"""What people come to emergency departments with. Codes are those of HES A&E (two characters: diagnosis, investigation 24 none,
treatment 22 advice and 99 none); every weight is invented."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

NO_INVESTIGATION, ADVICE, NO_TREATMENT = "24", "22", "99"


@dataclass(frozen=True, kw_only=True)
class Complaints:
    """The complaints as arrays, one entry each; `minor` multiplies the weight at departments that are not major. `codes` are all that
    may be written, the first none; `*_places` are places in it, a row of as many as each complaint has, and -1."""

    codes: np.ndarray
    weight: np.ndarray
    ages: np.ndarray
    minor: np.ndarray
    group: list[str]
    diagnosis_places: np.ndarray
    investigation_places: np.ndarray
    treatment_places: np.ndarray

    def place(self, code: str) -> int:
        return int(np.searchsorted(self.codes, code))

    def cumulative(self, age_class: int, is_minor: bool) -> np.ndarray:
        """Cumulative shares among people of one age class (0 under 16, 1 from 16, 2 from 65) at one kind of department."""
        weight = self.weight * self.ages[:, age_class] * (self.minor if is_minor else 1.0)
        return np.cumsum(weight) / weight.sum()


@cache
def complaints() -> Complaints:
    """The rows of complaints.csv, beside this file."""
    with (Path(__file__).parent / "complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = {name: [row[name].split() for row in rows] for name in ("diagnosis", "investigations", "treatments")}
    codes = np.unique(["", NO_INVESTIGATION, ADVICE, NO_TREATMENT, *(code for each in lists.values() for row in each for code in row)])
    return Complaints(
        codes=codes,
        weight=np.array([float(row["weight"]) for row in rows]),
        ages=np.array([[float(row[name]) for name in ("child", "adult", "old")] for row in rows]),
        minor=np.array([float(row["minor"]) for row in rows]),
        group=[row["group"] for row in rows],
        diagnosis_places=_places(codes, lists["diagnosis"])[:, 0],
        investigation_places=_places(codes, lists["investigations"]),
        treatment_places=_places(codes, lists["treatments"]),
    )


def _places(codes: np.ndarray, lists: list[list[str]]) -> np.ndarray:
    width = max(len(each) for each in lists)
    return np.array([[*np.searchsorted(codes, each), *[-1] * (width - len(each))] for each in lists])


def one_of_each(places: np.ndarray, which: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """For each row one place of the list it points to; `draw` is from [0, 1)."""
    length = (places >= 0).sum(axis=1)
    return places[which, np.floor(draw * length[which]).astype(np.int64)]
