"""Critical-care periods, one row each, within admitted-care episodes: NCDR's PbR critical-care table, or HES's columns beside keys.

HES's extracts of critical care hold neither a person nor a key of the period: they hang on the episode by SUSRECID. Farr needs a
person (opt-outs and pseudonyms rest on one), the episode's key and the period's own, so that such a file is to be joined with its
episodes where it is held, before it is sent; the refusal names what is missing. HES links some periods to several episodes and marks
the best match: which row to send is the holder's choice, and a repeated key is refused. No published SUS+ path was found.
"""

import dataclasses
from functools import partial

import ibis
import ibis.expr.types as ir

from farr.lab.ingest import activity
from farr.lab.ingest.activity import NOT_KNOWN
from farr.lab.ingest.checks import between, not_before, one_of, shaped
from farr.lab.ingest.feed import Drop, Feed, FeedColumn, kept
from farr.lab.model.tables.critical_care import CRITICAL_CARE

# Adult 01-03, 05-12; paediatric 04, 16-19; neonatal 13-15; not in a unit 90-92 (CDS, critical care unit function).
_UNIT_FUNCTIONS = [f"{number:02d}" for number in (*range(1, 20), 90, 91, 92)]
_NO_DAYS = (*NOT_KNOWN, "999")  # not known (CDS, days of organ support and of care levels)

_code = partial(activity.code, CRITICAL_CARE)
_date = partial(activity.date, CRITICAL_CARE)
_days = partial(activity.days, CRITICAL_CARE, null_values=_NO_DAYS)


def _dropped(column: FeedColumn) -> FeedColumn:
    """As declared for other feeds, whose tables hold what is made of it; this one's does not."""
    return dataclasses.replace(column, rule=Drop(because="It points to one person; the episode has what is made of it"))


def days_in_care(row: ir.Table) -> ir.IntegerValue:
    """The days as sent, else those from the first to the last, both counted, as the critical-care grouper counts them."""
    counted = row["CC_Discharge_Date"].delta(row["CC_Start_Date"], unit="day") + 1
    return ibis.coalesce(row["CC_Days_LOS"], counted.cast("int32"))


_SUPPORT = (
    activity.unneeded("Basic_Respiratory_Days", "Days of basic respiratory support", "BRESSUPDAYS"),
    activity.unneeded("Advanced_Respiratory_Days", "Days of advanced respiratory support", "ARESSUPDAYS"),
    activity.unneeded("Basic_Cardiovascular_Days", "Days of basic cardiovascular support", "BCARDSUPDAYS"),
    activity.unneeded("Advanced_Cardiovascular_Days", "Days of advanced cardiovascular support", "ACARDSUPDAYS"),
    activity.unneeded("Renal_Days", "Days of renal support", "RENSUPDAYS"),
    activity.unneeded("Neurological_Days", "Days of neurological support", "NEUROSUPDAYS"),
    activity.unneeded("Gastrointestinal_Days", "Days of gastrointestinal support", "GISUPDAYS"),
    activity.unneeded("Dermatological_Days", "Days of dermatological support", "DERMSUPDAYS", "DERMATOLOGICAL_SUPP_DAYS"),
    activity.unneeded("Liver_Days", "Days of liver support", "LIVERSUPDAYS", "LIVER_SUPP_DAYS"),
)

_WITHHELD = (
    *activity.WHO,
    *(_dropped(column) for column in activity.birth_and_home(on="CC_Start_Date")),
    *activity.WITHHELD,
    activity.identifier("CC_Local_Identifier", "The period in the unit's own system", "CRITICAL_CARE_LOCAL_IDENTIFIER"),
    activity.unneeded("CC_Start_Time", "Time at which the period began", "CCSTARTTIME"),
    activity.unneeded("CC_Discharge_Ready_Date", "Day the person was ready to leave the unit", "CCDISRDYDATE"),
    activity.unneeded("CC_Discharge_Ready_Time", "Time the person was ready to leave the unit", "CCDISRDYTIME"),
    activity.unneeded("CC_Discharge_Time", "Time at which the period ended", "CCDISTIME"),
    activity.unneeded("Submission_Record", "SUS record of the episode", "SUSRECID"),
    activity.unneeded("Best_Match", "Whether this is the best episode of the period", "BESTMATCH"),
    activity.unneeded("Date_Relation", "How the period lies to the episode's dates", "CCAPCREL"),
    activity.unneeded("CC_Admission_Type", "Planned or not", "CCADMITYPE"),
    activity.unneeded("CC_Admission_Source", "Where the person was before", "CCADMISORC"),
    activity.unneeded("CC_Source_Location", "Where within that place", "CCSORCLOC"),
    activity.unneeded("CC_Discharge_Status", "State on leaving", "CCDISSTAT"),
    activity.unneeded("CC_Discharge_Destination", "Where the person went", "CCDISDEST"),
    activity.unneeded("CC_Discharge_Location", "Where within that place", "CCDISLOC"),
    activity.unneeded("CC_Bed_Configuration", "Beds of the unit", "UNITBEDCONFIG", "CC_UNIT_BED_CONFIG"),
    *_SUPPORT,
)

_PERIOD = (
    activity.key(CRITICAL_CARE, "CC_Ident"),
    activity.key(CRITICAL_CARE, "APCE_Ident", "EPIKEY"),
    activity.provider(CRITICAL_CARE),
    _code("CC_Type", checks=(one_of(("ACC", "PCC", "NCC"), "kind of critical care"),)),
    _code("CC_Unit_Function", "CCUNITFUN", recode=activity.two_digits, null_values=(*NOT_KNOWN, "99"),
          checks=(one_of(_UNIT_FUNCTIONS, "critical care unit function"),)),
    _date("CC_Start_Date", "CCSTARTDATE", needed=True, may_be_null=False),
    _date("CC_Discharge_Date", "CCDISDATE", needed=True, may_be_null=False),
    _days("CC_Days_LOS"),
    _days("CC_Level_2_Days", "CCLEV2DAYS", "CC_LEVEL2_DAYS"),
    _days("CC_Level_3_Days", "CCLEV3DAYS", "CC_LEVEL3_DAYS"),
    kept(CRITICAL_CARE, "CC_Organs_Supported", "A number of organs", aliases=("ORGSUPMAX", "ORGAN_SUPP_MAX"),
         null_values=(*NOT_KNOWN, "98", "99"), checks=(between(0, 9, "organs"),)),
    _code("Unbundled_HRG", checks=(shaped("X[A-D][0-9]{2}Z", "a critical-care resource group"),)),
    activity.money(CRITICAL_CARE, "CC_Total_Cost"),
)  # fmt: skip

FEED = Feed(
    title="Critical-care periods",
    description="One row a period in critical care within an admitted-care episode, with the keys of both and the person.",
    source="HES critical care; SUS PbR critical care (NCDR names)",
    table=CRITICAL_CARE,
    activity_date="CC_Discharge_Date",
    columns=(*_WITHHELD, *_PERIOD),
    made=activity.pseudonym(CRITICAL_CARE),
    row_checks=(not_before("CC_Discharge_Date", "CC_Start_Date"),),
    quasi_identifiers=("Provider_Code", "CC_Unit_Function", "CC_Start_Date", "CC_Discharge_Date"),
    derived={"CC_Days_LOS": days_in_care},
)
