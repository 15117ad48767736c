"""Emergency readmission within 28 days, as the New Hospital Programme model's mitigator IP-AA-028 finds it.

Source: The Strategy Unit, nhp_data (MIT), readmission_within_28_days: any admission of method 2x, to any hospital, at most 28 days
after a discharge of the same person, where both the admission and the discharge lie after those of the earlier stay (so two stays
of no days on one day are no readmission). It counts readmissions; here the earlier discharge bears the flag, as in the other two
definitions. That a discharge by death and a regular attender's are no index is Farr's, for a rate needs a denominator.
"""

import ibis.expr.types as ir

from farr.lab.marts.admission import is_emergency, is_regular_attender
from farr.lab.marts.readmission.rule import DIED, ReadmissionRule

WITHIN_DAYS = 28


def _is_index(spells: ir.Table) -> ir.BooleanValue:
    return ~spells.Discharge_Method.isin(DIED).fill_null(False) & ~is_regular_attender(spells.Patient_Classification)


def _is_return(spells: ir.Table) -> ir.BooleanValue:
    return is_emergency(spells.Admission_Method)


def _lies_after(pairs: ir.Table) -> ir.BooleanValue:
    return (pairs.Return_Admission > pairs.Admission) & (pairs.Return_Discharge > pairs.Discharge)


NHP = ReadmissionRule(name="NHP", within_days=WITHIN_DAYS, is_index=_is_index, is_return=_is_return, counts=_lies_after)
