"""Critical-care periods of the episodes that have such days. Organs, levels and costs are invented."""

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.admitted.casemix import casemix
from farr.supplier.synthetic.admitted.episodes import Episodes
from farr.supplier.synthetic.admitted.spells import Spells
from farr.supplier.synthetic.calendar.days import financial_year
from farr.supplier.synthetic.identified import coded, date_column
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.tariff.prices import inflated, market_forces, money

_ADULT, _CHILD, _NEWBORN = 0, 1, 2
_ADULT_FROM = 16
_TYPES = ["ACC", "PCC", "NCC"]
# CC_Unit_Function (NHS Data Model and Dictionary, CRITICAL CARE UNIT FUNCTION): general, paediatric, cardiac surgery, neonatal
_UNITS = ["01", "04", "13", "05"]
_HEART = 3
_FIRST_LETTERS = ("XC", "XB", "XA")
_ORGANS = 1.5  # on average, of those supported at all
_MOST_GROUPS = np.array([7, 7, 5])
_DAY, _ORGAN = 690.0, 265.0  # pounds for a day without and for each organ supported, in the base year


def critical_care_table(rng: np.random.Generator, people: People, spells: Spells, made: Episodes, ident: np.ndarray) -> pa.Table:
    """One period for every episode with critical-care days; `ident` are the episodes' keys."""
    days_all = made.critical_days + made.newborn_critical_days
    rows = np.flatnonzero(days_all > 0)
    chosen, days = made.take(rows), days_all[rows]
    spell = spells.take(chosen.spell)
    kind = np.select([chosen.newborn_critical_days > 0, spell.age < _ADULT_FROM], [_NEWBORN, _CHILD], _ADULT)
    organs = np.minimum(np.where(rng.random(len(rows)) < 0.12, 0, 1 + rng.poisson(_ORGANS - 1, len(rows))), 6)
    start = chosen.start + np.floor(rng.random(len(rows)) * (np.minimum(chosen.end - chosen.start - days, 2) + 1)).astype(np.int64)
    last = start + days - 1
    level_3 = np.where(organs >= 2, rng.binomial(days, 0.6), 0)
    return pa.table(
        {
            "CC_Ident": pa.array(ident[rows] * 10 + 1),
            "APCE_Ident": pa.array(ident[rows]),
            "NHS_Number": identities.nhs_number(spell.person, people=people.count, seed=people.seed),
            "Provider_Code": identities.dictionary(spell.provider, people.organisations.provider_code),
            "CC_Type": identities.dictionary(kind, _TYPES),
            "CC_Unit_Function": identities.dictionary(np.where(casemix().is_bypass[spell.pathway], _HEART, kind), _UNITS),
            "CC_Start_Date": date_column(start),
            "CC_Discharge_Date": date_column(last),
            "CC_Days_LOS": pa.array(days.astype(np.int32)),
            "CC_Level_2_Days": pa.array((days - level_3).astype(np.int32)),
            "CC_Level_3_Days": pa.array(level_3.astype(np.int32)),
            "CC_Organs_Supported": pa.array(organs.astype(np.int16)),
            "Unbundled_HRG": coded(*_groups(kind, organs)),
            "CC_Total_Cost": money(_cost(people, spell.provider, organs, days, last)),
        }
    )


def _groups(kind: np.ndarray, organs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """XC01Z for six organs or more down to XC07Z for none; likewise XB for children and XA for the newborn: all, and their places."""
    all_ = np.array([f"{letters}0{number}Z" for letters in _FIRST_LETTERS for number in range(10)])
    return all_, kind * 10 + np.minimum(7 - organs, _MOST_GROUPS[kind])


def _cost(people: People, provider: np.ndarray, organs: np.ndarray, days: np.ndarray, last: np.ndarray) -> np.ndarray:
    factor = market_forces(len(people.organisations.provider_code), people.seed)[provider]
    return inflated(_DAY + _ORGAN * organs, financial_year(last)) * days * factor
