"""The outpatient mart: what became of each appointment.

Source: NCDR outpatient derivations, with the codes of HES (FIRSTATT, ATTENDED) as NHS England's and NHP's public SQL use them; their
meanings were cross-checked there only. An administrative event (5) is no attendance, first, follow-up, absence or cancellation.
"""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.coding import age_band
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.region import READS as ORGANISATION_READS
from farr.lab.marts.region import with_organisations
from farr.lab.model.tables.outpatients import OP_APPOINTMENT, OP_ATTENDANCE

ATTENDED, NOT_ATTENDED = ("5", "6"), ("3", "7")
BY_PATIENT, BY_PROVIDER = "2", "4"
FIRST, FOLLOW_UP, REMOTE = ("1", "3"), ("2", "4"), ("3", "4")
ADMINISTRATIVE = "5"
WITHOUT_PROCEDURE = "WF"  # HRG subchapter of attendances (nhsengland/op_benchmarking)
# Main specialties of nurses, midwives and allied professionals (NCDR); unknown counts with them.
NOT_CONSULTANTS = ("560", "900", "901", "902", "903", "904", "950", "960")
GENERAL_PRACTITIONER = "03"


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    rows = with_organisations(tables["op_attendance"], *(tables[table.name] for table in ORGANISATION_READS))
    return rows.mutate(**_outcome(rows), **_kind(rows), Age_Band=age_band(rows.Age))


def _outcome(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    real, status = ~_is(rows.First_Attendance, ADMINISTRATIVE), rows.Attendance_Status
    return {
        "Is_Attended": real & _is(status, *ATTENDED),
        "Is_Not_Attended": real & _is(status, *NOT_ATTENDED),
        "Is_Cancelled_by_Patient": real & _is(status, BY_PATIENT),
        "Is_Cancelled_by_Provider": real & _is(status, BY_PROVIDER),
    }


def _kind(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    recorded = rows.Procedure_01.notnull() | rows.Procedure_02.notnull() | rows.Procedure_03.notnull() | rows.Procedure_04.notnull()
    grouped = (rows.Core_HRG.left(2) != WITHOUT_PROCEDURE).fill_null(False)
    return {
        "Is_First": _is(rows.First_Attendance, *FIRST),
        "Is_Follow_Up": _is(rows.First_Attendance, *FOLLOW_UP),
        "Is_Remote": _is(rows.First_Attendance, *REMOTE),
        "Has_Procedure": ~_is(rows.First_Attendance, ADMINISTRATIVE) & (recorded | grouped),
        "Is_Consultant_Led": rows.Main_Specialty_Code.notin(NOT_CONSULTANTS).fill_null(False),
        "Is_GP_Referred": _is(rows.Referral_Source, GENERAL_PRACTITIONER),
    }


def _is(code: ir.StringColumn, *codes: str) -> ir.BooleanValue:
    return code.isin(codes).fill_null(False)


MART = Mart(
    table=OP_APPOINTMENT,
    reads=(OP_ATTENDANCE, *ORGANISATION_READS),
    reach=Reach.MONTH,
    build=_build,
)
