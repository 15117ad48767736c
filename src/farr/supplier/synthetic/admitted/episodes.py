"""Episodes of spells: who had care of the person, from when to when, with what diagnoses and procedures."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from farr.supplier.synthetic.admitted.casemix import BIRTH, ELECTIVE, EMERGENCY, MATERNITY, REGULAR, casemix
from farr.supplier.synthetic.admitted.spells import Spells
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.rows import Rows

DIAGNOSES, PROCEDURES = 10, 4
_MORE_EPISODES = {EMERGENCY: 0.26, ELECTIVE: 0.06, MATERNITY: 0.12, BIRTH: 0.06, REGULAR: 0.0}
_COMORBID = ("I10X", "E119", "J459", "I48X", "N183", "Z921", "F03X", "Z864", "E780", "I259", "K219", "Z880",
             "E669", "F329", "M199", "I739", "E039", "R69X")  # fmt: skip
_SYMPTOMS = ("R074", "R104", "R55X", "R51X", "R11X")  # of those that pathways have: chest, abdomen, fainting, headache, sickness
_COMORBID_STEP = 5  # coprime to the seventeen that are drawn from, so that no code is drawn twice
_YEARS_A_CODE = 18  # a further diagnosis is recorded, on average, for every so many years of age
_LATERALITY = ("Z942", "Z943", "Y752")


@dataclass(frozen=True, kw_only=True)
class Codes:
    """All codes that may be written, as one list, and where each pathway's own begin. 0 is no code."""

    diagnosis: list[str]
    procedure: list[str]
    first_diagnosis: np.ndarray
    diagnosis_count: np.ndarray
    first_procedure: np.ndarray
    procedure_count: np.ndarray
    symptoms: np.ndarray


@cache
def codes() -> Codes:
    mix = casemix()
    diagnosis_count, procedure_count = (np.array([len(each) for each in lists]) for lists in (mix.diagnoses, mix.procedures))
    first_diagnosis = 1 + len(_COMORBID) + np.concatenate([[0], np.cumsum(diagnosis_count)[:-1]])
    first_procedure = 1 + len(_LATERALITY) + np.concatenate([[0], np.cumsum(procedure_count)[:-1]])
    diagnosis = ["", *_COMORBID, *(code for each in mix.diagnoses for code in each)]
    return Codes(
        diagnosis=diagnosis, symptoms=np.array([place for place, code in enumerate(diagnosis) if code in _SYMPTOMS]),
        procedure=["", *_LATERALITY, *(code for each in mix.procedures for code in each)],
        first_diagnosis=first_diagnosis, diagnosis_count=diagnosis_count,
        first_procedure=first_procedure, procedure_count=procedure_count,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Episodes(Rows):
    """Episodes of some spells: `spell` is a row of them, `number` runs from 1, `start` and `end` are days since 1970. Diagnoses
    and procedures are positions in `codes()`, one column a position; the `*_days` are within the episode."""

    spell: np.ndarray
    number: np.ndarray
    last: np.ndarray
    start: np.ndarray
    end: np.ndarray
    diagnosis: np.ndarray
    procedure: np.ndarray
    included: np.ndarray
    critical_days: np.ndarray
    newborn_critical_days: np.ndarray
    rehabilitation_days: np.ndarray


def episodes(rng: np.random.Generator, spells: Spells, effects: Effects) -> Episodes:
    """The episodes of the spells, in order. Those of one spell follow on: each starts on the day the one before ended."""
    count = _how_many(rng, spells)
    spell = np.repeat(np.arange(len(spells)), count)
    number = np.arange(len(spell)) - np.repeat(np.cumsum(count) - count, count) + 1
    last = number == count[spell]
    end = _ends(rng, spells, spell, last)
    start = np.where(number == 1, spells.admitted[spell], np.roll(end, 1))
    critical, newborn, rehabilitation = _days_apart(rng, spells, effects, spell, last, end - start)
    return Episodes(
        spell=spell, number=number.astype(np.int16), last=last, start=start, end=end,
        diagnosis=_diagnoses(rng, spells, spell, number, effects), procedure=_procedures(rng, spells, spell, number),
        included=(number == 1) | (rng.random(len(spell)) >= 0.03),
        critical_days=critical, newborn_critical_days=newborn, rehabilitation_days=rehabilitation,
    )  # fmt: skip


def _how_many(rng: np.random.Generator, spells: Spells) -> np.ndarray:
    stream = casemix().stream[spells.pathway]
    more = sum(np.where(stream == name, chance, 0.0) for name, chance in _MORE_EPISODES.items())
    several = (rng.random(len(spells)) < more * np.where(spells.stay > 5, 1.7, 1.0)) & spells.ordinary & (spells.stay > 0)
    extra = 1 + (rng.random(len(spells)) < 0.22).astype(np.int64) + (rng.random(len(spells)) < 0.06)
    return np.where(several, 1 + np.minimum(extra, spells.stay), 1)


def _ends(rng: np.random.Generator, spells: Spells, spell: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Last days: the discharge for the last episode, and days within the stay, in order, for those before."""
    within = np.floor(rng.random(len(spell)) * (spells.stay[spell] + 1)).astype(np.int64)
    end = np.where(last, spells.left[spell], spells.admitted[spell] + np.minimum(within, spells.stay[spell]))
    return end[np.lexsort((end, last, spell))]


def _days_apart(
    rng: np.random.Generator, spells: Spells, effects: Effects, spell: np.ndarray, last: np.ndarray, days: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days in critical care (adults, newborn) and in rehabilitation, which come last in the stay and are paid apart."""
    mix, pathway = casemix(), spells.pathway[spell]
    longer = np.where(mix.is_bypass[pathway], effects.bypass_days[spells.provider[spell]], 1.0)
    taken = np.minimum(days, np.rint((1 + np.floor(rng.exponential(2.5, len(days)))) * longer).astype(np.int64))
    critical = np.where(rng.random(len(days)) < mix.critical[pathway], taken, 0)
    newborn = mix.stream[pathway] == BIRTH
    rehabilitated = last & (rng.random(len(days)) < mix.rehabilitated[pathway])
    rehabilitation = np.where(rehabilitated, np.floor((days - critical) * 0.4).astype(np.int64), 0)
    return np.where(newborn, 0, critical), np.where(newborn, critical, 0), rehabilitation


def _diagnoses(rng: np.random.Generator, spells: Spells, spell: np.ndarray, number: np.ndarray, effects: Effects) -> np.ndarray:
    held, pathway, rows = codes(), spells.pathway[spell], len(spell)
    table = np.zeros((rows, DIAGNOSES), dtype=np.int32)
    table[:, 0] = held.first_diagnosis[pathway] + np.floor(rng.random(rows) ** 1.7 * held.diagnosis_count[pathway])
    table[rng.random(rows) < effects.unspecified[spells.provider[spell]], 0] = held.diagnosis.index("R69X")
    table[:, 1:] = further_diagnoses(rng, rng.poisson(mean_depth(spells, spell, effects)) * (casemix().stream[pathway] != BIRTH))
    return table


def mean_depth(spells: Spells, spell: np.ndarray, effects: Effects) -> np.ndarray:
    """How many diagnoses an episode of each of those spells has on average beside the first."""
    return np.minimum(spells.age[spell], 90) / _YEARS_A_CODE * effects.depth[spells.provider[spell]]


def further_diagnoses(rng: np.random.Generator, wanted: np.ndarray) -> np.ndarray:
    """As many codes for each row as are wanted and there is room for, one column a position, all different."""
    offset = rng.integers(0, len(_COMORBID) - 1, len(wanted))[:, None]
    position = np.arange(1, DIAGNOSES)
    return np.where(wanted[:, None] >= position, 1 + (offset + position * _COMORBID_STEP) % (len(_COMORBID) - 1), 0)


def _procedures(rng: np.random.Generator, spells: Spells, spell: np.ndarray, number: np.ndarray) -> np.ndarray:
    held, pathway, rows = codes(), spells.pathway[spell], len(spell)
    table = np.zeros((rows, PROCEDURES), dtype=np.int32)
    stream = casemix().stream[pathway]
    done = (held.procedure_count[pathway] > 0) & (number == 1) & ((stream != EMERGENCY) | (rng.random(rows) < 0.85))
    own = held.first_procedure[pathway] + np.floor(rng.random(rows) * held.procedure_count[pathway]).astype(np.int32)
    table[:, 0] = np.where(done, own, 0)
    table[:, 1] = np.where(done & (rng.random(rows) < 0.6), 1 + rng.integers(0, len(_LATERALITY), rows), 0)
    return table
