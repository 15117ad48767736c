"""Which appointments count: row conditions on op_appointment that several measures share."""

import ibis.expr.types as ir

from farr.lab.model.tables.outpatients import OP_APPOINTMENT

APPOINTMENT: ir.Table = OP_APPOINTMENT.unbound
APPOINTMENT_BREAKDOWNS = ("specialty", "site", "age_band", "sex")
"""What a measure of appointments may be broken down by."""


def is_attended() -> ir.BooleanValue:
    """The person came and was seen; unknown is not. Administrative events are no attendances."""
    return APPOINTMENT.Is_Attended.fill_null(False)


def is_first() -> ir.BooleanValue:
    return APPOINTMENT.Is_First.fill_null(False)


def is_follow_up() -> ir.BooleanValue:
    return APPOINTMENT.Is_Follow_Up.fill_null(False)


def is_consultant_led() -> ir.BooleanValue:
    return APPOINTMENT.Is_Consultant_Led.fill_null(False)


def is_missed() -> ir.BooleanValue:
    """The person did not come, or came too late to be seen."""
    return APPOINTMENT.Is_Not_Attended.fill_null(False)


def is_cancelled_by_patient() -> ir.BooleanValue:
    return APPOINTMENT.Is_Cancelled_by_Patient.fill_null(False)


def is_cancelled_by_provider() -> ir.BooleanValue:
    return APPOINTMENT.Is_Cancelled_by_Provider.fill_null(False)


def is_settled() -> ir.BooleanValue:
    """What became of the appointment is known: attended, missed or cancelled by either side."""
    return is_attended() | is_missed() | is_cancelled_by_patient() | is_cancelled_by_provider()
