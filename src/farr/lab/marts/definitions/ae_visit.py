"""The emergency department mart: how long each attendance took, and what became of it.

Source: HES A&E data dictionary; the four-hour and twelve-hour times are those of NHS England's A&E statistics, from arrival to
departure. Re-attendance within seven days is the A&E clinical quality indicator of 2011, as generally described: not re-read.
Discharge without investigation or treatment: The Strategy Unit's NHP model (MIT), which takes disposal 03 alone; 02 is added here.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.coding import age_band
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.narrow import with_columns
from farr.lab.marts.region import READS as ORGANISATION_READS
from farr.lab.marts.region import with_organisations
from farr.lab.model.age import age_group_of
from farr.lab.model.tables.emergency import AE_ATTENDANCE, AE_VISIT

UNPLANNED = ("1", "3")
MAJOR = "01"
ADMITTED, SENT_HOME, LEFT = ("01",), ("02", "03"), ("12", "13")
FOUR_HOURS, TWELVE_HOURS = 240, 720  # minutes
REATTENDS_WITHIN_DAYS = 7
# Nothing but advice: HES codes, then the SNOMED CT ones of the emergency care data set, as NHP takes them.
NO_INVESTIGATION = ("24", "1088291000000101")
NO_TREATMENT = ("22", "99", "183964008")

# Tells attendances apart, and what of one is looked at to tell whether somebody came back.
_ATTENDANCE = ("AEA_Ident", "Activity_Month")
_OF_ORDER = ("Der_Pseudo_NHS_Number", "Arrival_Date", "Arrival_Hour", "Is_Unplanned")


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    rows = tables["ae_attendance"].mutate(Is_Unplanned=_is(tables["ae_attendance"].Attendance_Category, *UNPLANNED))
    # Sorting carries every column: what follows people from attendance to attendance is worked out on a few, and joined to the rest.
    followed = rows.select(*_ATTENDANCE, *_OF_ORDER)
    followed = followed.select(*_ATTENDANCE, Is_Reattendance=_is_reattendance(followed))
    rows = with_organisations(with_columns(rows, followed, _ATTENDANCE), *(tables[table.name] for table in ORGANISATION_READS))
    return rows.mutate(**_outcome(rows), Age_Band=age_band(rows.Age), Age_Group=age_group_of(rows.Age))


def _outcome(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    nothing_done = rows.Investigation_01.isin(NO_INVESTIGATION).fill_null(True) & rows.Treatment_01.isin(NO_TREATMENT).fill_null(True)
    return {
        "Is_Major": _is(rows.Department_Type, MAJOR),
        "Is_Within_Four_Hours": rows.Minutes_to_Departure <= FOUR_HOURS,
        "Is_Over_Twelve_Hours": rows.Minutes_to_Departure > TWELVE_HOURS,
        "Is_Admitted": _is(rows.Attendance_Disposal, *ADMITTED),
        "Has_Left_Untreated": _is(rows.Attendance_Disposal, *LEFT),
        "Is_Without_Treatment": _is(rows.Attendance_Disposal, *SENT_HOME) & nothing_done,
    }


def _is_reattendance(rows: ir.Table) -> ir.BooleanValue:
    """Unplanned, and at most seven days after the attendance before it, of any kind, at any department. The latest one before is the
    nearest, so no other need be looked at. People who are not known are never seen to come back."""
    order = [rows.Arrival_Date, rows.Arrival_Hour.fill_null(-1), rows.AEA_Ident]
    before = rows.Arrival_Date.lag().over(ibis.window(group_by=[rows.Der_Pseudo_NHS_Number], order_by=order))
    near = (rows.Arrival_Date.delta(before, unit="day") <= REATTENDS_WITHIN_DAYS).fill_null(False)
    return rows.Der_Pseudo_NHS_Number.notnull() & rows.Is_Unplanned & near


def _is(code: ir.StringColumn, *codes: str) -> ir.BooleanValue:
    return code.isin(codes).fill_null(False)


MART = Mart(
    table=AE_VISIT,
    reads=(AE_ATTENDANCE, *ORGANISATION_READS),
    reach=Reach.PERSON,
    build=_build,
)
