"""Appointments as the feed's columns."""

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.calendar.days import financial_year
from farr.supplier.synthetic.identified import coded, date_column, person_columns, place_columns
from farr.supplier.synthetic.outpatients.appointments import KINDS, STATUSES, Appointments
from farr.supplier.synthetic.outpatients.clinics import clinics
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.effects import Effects
from farr.supplier.synthetic.sites import site_column
from farr.supplier.synthetic.tariff.outpatients import ATTENDANCE_GROUPS, SHARE_OF_FIRST
from farr.supplier.synthetic.tariff.prices import groups, inflated, market_forces, money

# Source of referral for outpatients (NHS Data Model and Dictionary): 03 general practitioner, 05 another consultant, 04 or 10 emergency
# department, 01 after an emergency admission, 92 dentist, 15 optometrist, 06 self, 97 other
_DENTAL, _EYES = ("140",), ("130",)
_FAMILY_REFERRALS = ("03", "92", "15")
_OTHER_REFERRALS = ("05", "05", "05", "04", "10", "01", "06", "97")
_REFERRALS = np.array([*_FAMILY_REFERRALS, *_OTHER_REFERRALS])
_SEVERAL_PROFESSIONS = 0.06
_WAIT_UNKNOWN = 0.04
_PRIVATE = 0.004
_NO_DIAGNOSIS = "R69X"  # as most outpatient records in Hospital Episode Statistics say
_DISCHARGED_FIRST, _DISCHARGED_AGAIN = 0.3, 0.24


def appointment_table(rng: np.random.Generator, people: People, effects: Effects, made: Appointments, first: int) -> pa.Table:
    """All columns of the feed for some appointments, numbered from `first` on."""
    held, record = clinics(), np.arange(len(made), dtype=np.int64) + first
    return pa.table(
        {
            "OPA_Ident": pa.array(record),
            **person_columns(people, made.person, made.sex, made.birth_day),
            **place_columns(people, made.person, practice=made.practice, area=made.area, provider=made.provider),
            "Site_Code": site_column(people, made.provider, [str(each) for each in held.specialty], made.clinic, record),
            "Appointment_Date": date_column(made.day),
            "First_Attendance": identities.dictionary(made.kind, KINDS),
            "Attendance_Status": identities.dictionary(made.status, STATUSES),
            "Outcome_of_Attendance": _outcome(rng, made),
            "Main_Specialty_Code": coded(held.main, made.clinic),
            "Treatment_Function_Code": coded(held.specialty, made.clinic),
            **_referral(rng, made),
            "Administrative_Category": identities.dictionary((rng.random(len(made)) < _PRIVATE).astype(np.int8), ["01", "02"]),
            "Diagnosis_01": coded(np.array(["", _NO_DIAGNOSIS]), made.attended.astype(np.int64)),
            "Service_Line_Code": coded(held.line, made.clinic),
            "Programme_of_Care_Code": coded(held.programme, made.clinic),
            **_groups(rng, people, effects, made),
        }
    )


def _outcome(rng: np.random.Generator, made: Appointments) -> pa.Array:
    """Discharged, or another appointment given or still to be made."""
    discharged = np.where(made.first, _DISCHARGED_FIRST, _DISCHARGED_AGAIN) * np.where(made.attended, 1.0, 0.4)
    given = np.where(rng.random(len(made)) < 0.6, 1, 2)
    return identities.dictionary(np.where(rng.random(len(made)) < discharged, 0, given), ["1", "2", "3"])


def _referral(rng: np.random.Generator, made: Appointments) -> dict[str, pa.Array]:
    held, draw = clinics(), rng.random((4, len(made)))
    dental, eyes = (np.isin(held.specialty, each)[made.clinic] for each in (_DENTAL, _EYES))
    family = np.select([dental, eyes & (draw[1] < 0.5)], [1, 2], 0)
    other = len(_FAMILY_REFERRALS) + np.floor(draw[1] * len(_OTHER_REFERRALS)).astype(np.int64)
    urgent = draw[2] < held.urgent[made.clinic]
    fortnight = urgent & (draw[3] < 0.5)
    days = np.rint(np.select([fortnight, urgent], [4, 18], 55) + rng.gamma(1.6, np.select([fortnight, urgent], [4.0, 16.0], 45.0)))
    known = made.first & (rng.random(len(made)) >= _WAIT_UNKNOWN)
    return {
        "Referral_Source": coded(_REFERRALS, np.where(draw[0] < held.by_practitioner[made.clinic], family, other)),
        "Priority": identities.dictionary(np.select([fortnight, urgent], [2, 1], 0), ["1", "2", "3"]),
        "Waiting_Days": pa.array(days.astype(np.int32), mask=~known),
    }


def _groups(rng: np.random.Generator, people: People, effects: Effects, made: Appointments) -> dict[str, pa.Array]:
    """A group of attendance (WF), or that of a procedure where one was done; neither, nor any cost, where nobody was seen."""
    held, rows = clinics(), len(made)
    seen = made.attended & (made.kind != KINDS.index("5"))
    done = seen & ~made.remote & (rng.random(rows) < held.procedure_share[made.clinic])
    several = (rng.random(rows) < _SEVERAL_PROFESSIONS) & ~made.remote
    kind = np.select([made.remote, several], [2, 4], 0) + ~made.first
    year = financial_year(made.day)
    pounds = held.first_price[made.clinic] * np.array(SHARE_OF_FIRST)[kind]
    pounds = inflated(np.where(done, _procedure_price()[made.clinic], pounds), year)
    length = np.array([min(len(each), 2) for each in held.procedures])[made.clinic]
    procedures = np.array(["", *((each * 2)[place] for each in held.procedures for place in (0, 1))])
    procedure = 1 + 2 * made.clinic + np.floor(rng.random(rows) * length).astype(np.int64)
    codes = np.array(["", *ATTENDANCE_GROUPS, *held.hrg])
    factor = (market_forces(len(people.organisations.provider_code), people.seed) * effects.price)[made.provider]
    return {
        "Procedure_01": coded(procedures, np.where(done, procedure, 0)),
        "Core_HRG": coded(codes, np.select([~seen, done], [0, 1 + len(ATTENDANCE_GROUPS) + made.clinic], 1 + kind)),
        "Tariff_Total": money(pounds, missing=~seen),
        "Grand_Total": money(pounds * factor, missing=~seen),
    }


def _procedure_price() -> np.ndarray:
    """For each clinic the outpatient price of its procedure; where the tariff has none, that of a first attendance."""
    held, known = clinics(), groups()
    place = np.searchsorted(known.code, held.hrg).clip(max=len(known.code) - 1)
    priced = (known.code[place] == held.hrg) & ~np.isnan(known.outpatient[place])
    return np.where(priced, np.nan_to_num(known.outpatient[place]), held.first_price)
