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
    """The complaints as arrays, one entry each; `minor` multiplies the weight at departments that are not major."""

    diagnosis: list[str]
    weight: np.ndarray
    ages: np.ndarray
    minor: np.ndarray
    group: list[str]
    investigations: list[list[str]]
    treatments: list[list[str]]

    def cumulative(self, age_class: int, is_minor: bool) -> np.ndarray:
        """Cumulative shares among people of one age class (0 under 16, 1 from 16, 2 from 65) at one kind of department."""
        weight = self.weight * self.ages[:, age_class] * (self.minor if is_minor else 1.0)
        return np.cumsum(weight) / weight.sum()


@cache
def complaints() -> Complaints:
    """The rows of complaints.csv, beside this file."""
    with (Path(__file__).parent / "complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Complaints(
        diagnosis=[row["diagnosis"] for row in rows],
        weight=np.array([float(row["weight"]) for row in rows]),
        ages=np.array([[float(row[name]) for name in ("child", "adult", "old")] for row in rows]),
        minor=np.array([float(row["minor"]) for row in rows]),
        group=[row["group"] for row in rows],
        investigations=[row["investigations"].split() for row in rows],
        treatments=[row["treatments"].split() for row in rows],
    )


def one_of_each(lists: list[list[str]], which: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """For each row one code of the list it points to; `draw` is from [0, 1)."""
    width = max(len(each) for each in lists)
    table = np.array([each + [""] * (width - len(each)) for each in lists])
    length = np.array([len(each) for each in lists])
    return table[which, np.floor(draw * length[which]).astype(np.int64)]
