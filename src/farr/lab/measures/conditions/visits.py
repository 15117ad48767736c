"""Which attendances at emergency departments count: row conditions on ae_visit that several measures share."""

import ibis.expr.types as ir

from farr.lab.model.tables.emergency import AE_VISIT

VISIT: ir.Table = AE_VISIT.unbound
VISIT_BREAKDOWNS = ("department_type", "site", "age_band", "sex")
"""What a measure of attendances may be broken down by."""


def is_unplanned() -> ir.BooleanValue:
    """A first or an unplanned attendance; planned follow-ups, and attendances of unknown category, are not."""
    return VISIT.Is_Unplanned.fill_null(False)


def has_known_end() -> ir.BooleanValue:
    """An unplanned attendance of which it is recorded what it came to (disposal)."""
    return is_unplanned() & VISIT.Attendance_Disposal.notnull()
