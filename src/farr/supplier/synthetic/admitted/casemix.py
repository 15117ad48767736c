"""Pathways: what people are admitted for. Codes are real ICD-10, OPCS-4 and HRG4+ forms; every number is invented for this feed,
roughly shaped like published Hospital Episode Statistics, and is evidence of nothing. Hernia repair is made three times as
common as it is, and coronary bypass somewhat more common, so that their measures have cases at small scales."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from farr.supplier.synthetic.chance import expit, logit

EMERGENCY, ELECTIVE, MATERNITY, BIRTH, REGULAR = "emergency", "elective", "maternity", "birth", "regular"
STREAMS = (EMERGENCY, ELECTIVE, MATERNITY, BIRTH, REGULAR)
LONGEST_STAY = 120
_QUARTILE = 0.6745  # standard normal
# COPD, asthma, diabetes, angina, heart failure, hypertension, cellulitis, ear, nose and throat infection: the core of the
# ambulatory-care-sensitive conditions (NHS Outcomes Framework 2.3.i and 3a); which diagnoses count is for the measure to say
_SENSITIVE = ("DZ65H", "DZ15P", "KB01F", "KB02K", "EB13D", "EB03B", "EB04Z", "JD07F", "CA53B")


@dataclass(frozen=True, kw_only=True)
class Casemix:
    """The pathways as arrays, one entry each. `short` is the share of zero stays (emergency) or day cases (elective); `days` and
    `spread` are the median and log standard deviation of other stays; `dies`, `readmitted` and the like are shares of stays."""

    hrg: np.ndarray
    stream: np.ndarray
    weight: np.ndarray
    ages: np.ndarray
    sex: np.ndarray
    short: np.ndarray
    days: np.ndarray
    spread: np.ndarray
    readmitted: np.ndarray
    dies: np.ndarray
    transferred: np.ndarray
    rehabilitated: np.ndarray
    critical: np.ndarray
    specialty: np.ndarray
    diagnoses: tuple[tuple[str, ...], ...]
    procedures: tuple[tuple[str, ...], ...]

    @property
    def is_hernia(self) -> np.ndarray:
        """Primary repair of inguinal hernia."""
        return np.array([codes[:1] != () and codes[0].startswith("T20") for codes in self.procedures])

    @property
    def is_bypass(self) -> np.ndarray:
        """Coronary artery bypass graft (OPCS K40 to K46)."""
        return np.array([codes[:1] != () and "K40" <= codes[0][:3] <= "K46" for codes in self.procedures])

    @property
    def is_sensitive(self) -> np.ndarray:
        """Emergencies that good care outside hospital should mostly prevent."""
        return np.isin(self.hrg, _SENSITIVE)

    def trim_points(self) -> np.ndarray:
        """Upper quartile plus one and a half interquartile ranges of the stays of a pathway, in days (as NHP documents it)."""
        low, high = (self.days * np.exp(sign * _QUARTILE * self.spread) for sign in (-1, 1))
        return np.maximum(np.ceil(high + 1.5 * (high - low)), 2).astype(np.int32)

    def cumulative(self, stream: str, age_class: int, sex: int, *, among: np.ndarray | None = None) -> np.ndarray:
        """Cumulative shares of the pathways among admissions of a stream, for people of one age class and sex (1 or 2)."""
        open_to = (self.stream == stream) & ((self.sex == 0) | (self.sex == sex)) & (True if among is None else among)
        weight = np.where(open_to, self.weight * self.ages[:, age_class], 0.0)
        total = weight.sum()
        if total == 0:
            raise ValueError(f"no pathway of the stream {stream} is open to age class {age_class} and sex {sex}; add one to pathways.csv")
        return np.cumsum(weight) / total


@cache
def casemix() -> Casemix:
    """The pathways of pathways.csv, beside this file."""
    with (Path(__file__).parent / "pathways.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def numbers(column: str) -> np.ndarray:
        return np.array([float(row[column]) for row in rows])

    return Casemix(
        hrg=np.array([row["hrg"] for row in rows]),
        stream=np.array([row["stream"] for row in rows]),
        weight=numbers("weight"),
        ages=np.stack([numbers("child"), numbers("adult"), numbers("old")], axis=1),
        sex=numbers("sex").astype(np.int8),
        short=numbers("short"),
        days=numbers("days"),
        spread=numbers("spread"),
        readmitted=numbers("readmitted"),
        dies=numbers("dies"),
        transferred=numbers("transferred"),
        rehabilitated=numbers("rehabilitated"),
        critical=numbers("critical"),
        specialty=np.array([row["specialty"] for row in rows]),
        diagnoses=tuple(tuple(row["diagnoses"].split()) for row in rows),
        procedures=tuple(tuple(row["procedures"].split()) for row in rows),
    )


def shifted(probability: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Probabilities moved by a shift of their log-odds; 0 and 1 stay (a cataract is never kept in by a slow provider)."""
    return np.where((probability <= 0) | (probability >= 1), probability, expit(logit(probability) + shift))
