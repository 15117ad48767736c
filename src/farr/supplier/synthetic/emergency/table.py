"""Attendances as the feed's columns."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.calendar.days import financial_year
from farr.supplier.synthetic.emergency.attendances import MAJOR, MINOR, SINGLE, Attendances
from farr.supplier.synthetic.emergency.complaints import ADVICE, NO_INVESTIGATION, NO_TREATMENT, complaints, one_of_each
from farr.supplier.synthetic.identified import coded, date_column, person_columns, place_columns
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.sites import site_column
from farr.supplier.synthetic.tariff.emergency import GROUPS, PRICES
from farr.supplier.synthetic.tariff.prices import inflated, market_forces, money

_DEPARTMENTS = ["01", "02", "03", "04"]
# Attendance_Disposal (HES A&E) of those not admitted, with shares
_DISPOSALS = {"02": 0.235, "03": 0.535, "04": 0.045, "05": 0.02, "06": 0.05, "07": 0.012, "11": 0.045, "12": 0.042, "13": 0.006, "14": 0.01}
_ADMITTED, _LEFT = "01", ("12", "13")
_REFERRALS = {"01": 0.62, "00": 0.1, "03": 0.2, "08": 0.05, "02": 0.03}
_TIME_UNKNOWN = 0.015
_FOLLOW_UP = 0.02  # of attendances not in a major department, planned


def attendance_table(rng: np.random.Generator, people: People, effects: Effects, made: Attendances, first: int) -> pa.Table:
    """All columns of the feed for some attendances, numbered from `first` on."""
    disposal = np.where(made.admitted | made.in_name, 0, 1 + _drawn(rng, _DISPOSALS, len(made)))
    left = np.isin([_ADMITTED, *_DISPOSALS], _LEFT)[disposal]
    done, record = _done(rng, made, left), np.arange(len(made), dtype=np.int64) + first
    return pa.table(
        {
            "AEA_Ident": pa.array(record),
            **person_columns(people, made.person, made.sex, made.birth_day),
            **place_columns(people, made.person, practice=made.practice, area=made.area, provider=made.provider),
            "Site_Code": site_column(people, made.provider, _DEPARTMENTS, made.department, record),
            **_arrival(rng, made),
            "Attendance_Disposal": identities.dictionary(disposal, [_ADMITTED, *_DISPOSALS]),
            **_minutes(rng, made, left),
            **{name: coded(complaints().codes, place) for name, place in done.items()},
            **_costs(people, effects, made, done),
        }
    )


def _drawn(rng: np.random.Generator, shares: dict[str, float], rows: int) -> np.ndarray:
    """The place of a code of the shares for every row."""
    return np.searchsorted(np.cumsum(list(shares.values())), rng.random(rows), side="right").clip(max=len(shares) - 1)


def _arrival(rng: np.random.Generator, made: Attendances) -> dict[str, pa.Array]:
    ambulance = np.select([made.admitted, made.department == MAJOR], [0.52, 0.22], 0.02) * np.where(made.age >= 75, 1.4, 1.0)
    category = np.select(
        [(made.department >= MINOR) & (rng.random(len(made)) < _FOLLOW_UP), made.again & (rng.random(len(made)) < 0.5)], [1, 2], 0
    )
    held = complaints()
    by_ambulance = rng.random(len(made)) < ambulance
    referral = np.where(by_ambulance, list(_REFERRALS).index("03"), _drawn(rng, _REFERRALS, len(made)))
    clock = made.minute // 60 * 100 + made.minute % 60
    return {
        "Arrival_Date": date_column(made.day),
        "Arrival_Time": pc.utf8_lpad(pa.array(clock).cast(pa.string()), 4, "0"),
        "Arrival_Mode": identities.dictionary(np.where(by_ambulance, 0, 1), ["1", "2"]),
        "Department_Type": identities.dictionary(made.department, _DEPARTMENTS),
        "Attendance_Category": identities.dictionary(category, ["1", "2", "3"]),
        "Referral_Source": identities.dictionary(referral, list(_REFERRALS)),
        "Patient_Group": coded(np.array(held.group), made.complaint),
    }


def _minutes(rng: np.random.Generator, made: Attendances, left: np.ndarray) -> dict[str, pa.Array]:
    """Minutes from arrival, in order: assessment, treatment, conclusion, departure. Who leaves untreated has no treatment."""
    rows = len(made)
    assessed = np.minimum(1 + np.floor(rng.exponential(11, rows)).astype(np.int64), made.stay)
    concluded = np.maximum(np.floor(made.stay * np.where(made.admitted | made.in_name, 0.6, 0.96)).astype(np.int64), assessed)
    treated = assessed + np.floor((concluded - assessed) * rng.random(rows) ** 1.4).astype(np.int64)
    unknown = rng.random((2, rows)) < _TIME_UNKNOWN
    return {
        "Minutes_to_Assessment": pa.array(assessed.astype(np.int32), mask=unknown[0]),
        "Minutes_to_Treatment": pa.array(treated.astype(np.int32), mask=unknown[0] | left),
        "Minutes_to_Conclusion": pa.array(concluded.astype(np.int32), mask=unknown[1]),
        "Minutes_to_Departure": pa.array(made.stay.astype(np.int32), mask=unknown[1]),
    }


def _done(rng: np.random.Generator, made: Attendances, left: np.ndarray) -> dict[str, np.ndarray]:
    """Places in the codes of the complaints."""
    held, draw = complaints(), rng.random((3, len(made)))
    investigated = one_of_each(held.investigation_places, made.complaint, draw[0])
    without = (made.department >= MINOR) & (draw[2] < 0.55) | left
    treated = np.where(left, held.place(NO_TREATMENT), one_of_each(held.treatment_places, made.complaint, draw[1]))
    return {
        "Diagnosis_01": np.where(left, 0, held.diagnosis_places[made.complaint]),
        "Investigation_01": np.where(without, held.place(NO_INVESTIGATION), investigated),
        "Treatment_01": treated,
    }


def _costs(people: People, effects: Effects, made: Attendances, done: dict[str, np.ndarray]) -> dict[str, pa.Array]:
    """The group by what was done and whether the person was admitted, and its price."""
    held, treated = complaints(), done["Treatment_01"]
    uninvestigated = done["Investigation_01"] == held.place(NO_INVESTIGATION)
    nothing = uninvestigated & ((treated == held.place(ADVICE)) | (treated == held.place(NO_TREATMENT)))
    little = uninvestigated | (made.department >= MINOR)
    ill = made.admitted | made.in_name
    group = np.select([nothing & ~ill, little & ~ill, ~ill & (made.department <= SINGLE), made.age >= 75, ill], [5, 4, 3, 1, 2], 4)
    pounds = inflated(np.array(PRICES)[group], financial_year(made.day))
    factor = market_forces(len(people.organisations.provider_code), people.seed) * effects.price
    return {
        "Core_HRG": identities.dictionary(group, list(GROUPS)),
        "Tariff_Total": money(pounds),
        "Grand_Total": money(pounds * factor[made.provider]),
    }
