"""Spend on outpatients per head."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT, APPOINTMENT_BREAKDOWNS, is_attended
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Spend on outpatients per head",
    theme=Theme.MONEY,
    why="Outpatient money follows referrals, follow-ups and procedures in clinics; each has its own measure, and this is their sum.",
    definition="Pounds paid for appointments attended in the period (as fed, at each year's own prices: not adjusted for inflation, nor "
    f"for market forces, which the sum holds). {PERSON_YEARS} Missed and cancelled appointments, and attendances without a cost (block "
    "contracts among them), are left out. Not standardised for age and sex.",
    source="NCDR SUS PbR data set (Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=OP_APPOINTMENT,
    denominator=is_attended() & APPOINTMENT.Grand_Total.notnull(),
    value=APPOINTMENT.Grand_Total,
    unit="£ per person a year",
    decimals=2,
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
