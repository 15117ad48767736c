"""How a person came in: management type and point of delivery.

Source: NCDR SUS PbR derivations (Der_Management_Type and point of delivery), admission method groups of the NHS Data Dictionary.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.model.codelist import load_codelist

DAY_CASE = "2"
ORDINARY = "1"
REGULAR_DAY = "3"
REGULAR_NIGHT = "4"
SHORT_STAY_BELOW_DAYS = 2  # NCDR: an emergency spell of adjusted stay under 2 days is short stay


def is_elective(method: ir.StringColumn) -> ir.BooleanValue:
    return load_codelist("admission_method_elective").contains(method)


def is_emergency(method: ir.StringColumn) -> ir.BooleanValue:
    return load_codelist("admission_method_emergency").contains(method)


def is_other_non_elective(method: ir.StringColumn) -> ir.BooleanValue:
    """Maternity, transfer and birth."""
    return load_codelist("admission_method_other").contains(method)


def is_regular_attender(classification: ir.StringColumn) -> ir.BooleanValue:
    return classification.isin([REGULAR_DAY, REGULAR_NIGHT]).fill_null(False)


def management_type(method: ir.StringColumn, classification: ir.StringColumn) -> ir.StringValue:
    """DC, EL, EM, NE, RDA, RNA or UNK. Regular attenders are so whatever their method; a day case must be elective."""
    return ibis.cases(
        (classification == REGULAR_DAY, "RDA"),
        (classification == REGULAR_NIGHT, "RNA"),
        (is_elective(method) & (classification == DAY_CASE), "DC"),
        (is_elective(method) & (classification == ORDINARY), "EL"),
        (is_emergency(method), "EM"),
        (is_other_non_elective(method), "NE"),
        else_="UNK",
    )


def point_of_delivery(management: ir.StringValue, adjusted_stay: ir.IntegerValue) -> ir.StringValue:
    """DC, EL, NELST, NEL, NELNE, RDA, RNA or UNK, from the management type and the adjusted length of stay in days."""
    return ibis.cases(
        ((management == "EM") & (adjusted_stay < SHORT_STAY_BELOW_DAYS), "NELST"),
        (management == "EM", "NEL"),
        (management == "NE", "NELNE"),
        else_=management,
    )
