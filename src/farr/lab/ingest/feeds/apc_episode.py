"""Admitted care, one row an episode with its spell's columns, as HES and SUS send it.

Code lists and sentinels are those of the HES admitted patient care data dictionary (NHS Digital); activity.py has those that all
feeds share. SUS+ names are the published paths of the Unified SUS admitted-care extract, from its episode level or its spell level.
Money and service lines stand in NCDR tables beside the episodes, and under those names once joined to them.
"""

from functools import partial

import ibis.expr.types as ir

from farr.lab.ingest import activity
from farr.lab.ingest.activity import HRG, ICD10, NOT_KNOWN, OPCS4, SPECIALTY
from farr.lab.ingest.checks import between, not_before, one_of, shaped
from farr.lab.ingest.feed import Check, Feed, kept
from farr.lab.model.tables.sus import APC_EPISODE, DIAGNOSES, PROCEDURES

_ADMISSION_METHODS = [
    "11", "12", "13", "21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D", "31", "32", "81", "82", "83", "84", "89", "98",
    "99",
]  # fmt: skip
_SOURCES = [
    "19", "29", "30", "37", "38", "39", "40", "41", "42", "48", "49", "50", "51", "52", "53", "54", "55", "56", "65", "66", "69",
    "79", "85", "86", "87", "88", "89", "98", "99",
]  # fmt: skip
_DESTINATIONS = [
    "19", "29", "30", "37", "38", "39", "40", "41", "42", "48", "49", "50", "51", "52", "53", "54", "55", "56", "65", "66", "79",
    "84", "85", "86", "87", "88", "89", "98", "99",
]  # fmt: skip

_code = partial(activity.code, APC_EPISODE)
_date = partial(activity.date, APC_EPISODE)
_days = partial(activity.days, APC_EPISODE)


def _is_finished(value: ir.Value) -> ir.BooleanValue:
    return value == "3"


_PERSON = (
    *activity.WHO,
    *activity.birth_and_home(on="Admission_Date"),
    *activity.WITHHELD,
    activity.identifier("Mother_NHS_Number", "NHS number of the mother", "PATIENT_MOTHER_NHS_NUMBER_VALUE_PSEUDO", "MATERNAL_NHS_NUMBER"),
    activity.identifier("Mother_Birth_Date", "Date of birth of the mother", "MOTDOB", "PATIENT_MOTHER_BIRTH_DATE"),
)

_SPELL = (
    activity.key(APC_EPISODE, "APCE_Ident", "EPIKEY", "SYSTEM_RECORD_IDENTIFIER"),
    kept(APC_EPISODE, "APCS_Ident", "A spell's number in the national data set", null_values=(*NOT_KNOWN, "-1"),
         aliases=("SUSSPELLID", "PRIMARYKEY_ID", "SPELL_HOSPITAL_PROVIDER_SPELL_NUMBER")),
    *activity.organisations(APC_EPISODE),
    activity.site(APC_EPISODE),
    *activity.place(APC_EPISODE),
    *activity.person(APC_EPISODE, "ADMIAGE", "STARTAGE", "PATIENT_IDENTITY_AGE_ON_ADMISSION", "SPELL_PATIENT_IDENTITY_AGE_ON_ADMISSION"),
    _date("Admission_Date", "ADMIDATE", "SPELL_ADMISSION_DATE", needed=True, may_be_null=False),
    _code("Admission_Method", "ADMIMETH", "SPELL_ADMISSION_METHOD", needed=True, checks=(one_of(_ADMISSION_METHODS, "admission method"),)),
    _code("Source_of_Admission", "ADMISORC", "ADMISSION_SOURCE", "SPELL_ADMISSION_SOURCE", checks=(one_of(_SOURCES, "source of admission"),)),
    _code("Patient_Classification", "CLASSPAT", "ADMISSION_PATIENT_CLASSIFICATION", "SPELL_ADMISSION_PATIENT_CLASSIFICATION",
          needed=True, checks=(one_of("1234589", "patient classification"),)),
    _code("Administrative_Category", "ADMINCAT", "ADMISSION_ADMINISTRATIVE_CATEGORY", "SPELL_ADMISSION_ADMINISTRATIVE_CATEGORY",
          recode=activity.two_digits, checks=(activity.ADMINISTRATIVE,)),
    _date("Discharge_Date", "DISDATE", "SPELL_DISCHARGE_DATE"),
    _code("Discharge_Method", "DISMETH", "SPELL_DISCHARGE_METHOD", checks=(one_of("123456789", "discharge method"),)),
    _code("Discharge_Destination", "DISDEST", "SPELL_DISCHARGE_DESTINATION", checks=(one_of(_DESTINATIONS, "discharge destination"),)),
)  # fmt: skip

_EPISODE = (
    kept(APC_EPISODE, "Episode_Number", "An order within a stay", aliases=("EPIORDER", "NUMBER"),
         null_values=("", "98", "99"), checks=(between(1, 87, "episode number"),)),
    _date("Episode_Start_Date", "EPISTART", "START_DATE", needed=True, may_be_null=False),
    _date("Episode_End_Date", "EPIEND", "END_DATE", needed=True, may_be_null=False),
    _code("Episode_Status", "EPISTAT", checks=(
        Check(rule="finished", reason="the episode is not finished; it will be sent again when it is", passes=_is_finished),)),
    _code("Episode_Type", "EPITYPE", checks=(one_of("123456", "episode type"),)),
    _code("Main_Specialty_Code", "MAINSPEF", "CARE_PROFESSIONAL_MAIN_SPECIALTY", checks=(SPECIALTY,)),
    _code("Treatment_Function_Code", "TRETSPEF", "CARE_PROFESSIONAL_TREATMENT_FUNCTION", checks=(SPECIALTY,)),
    *(_code(name, f"DIAG_4_{number:02d}", f"DIAG_{number:02d}", recode=activity.without_dot, checks=(ICD10,))
      for number, name in enumerate(DIAGNOSES, start=1)),
    *(_code(name, f"OPERTN_4_{number:02d}", f"OPERTN_{number:02d}", recode=activity.without_dot, checks=(OPCS4,))
      for number, name in enumerate(PROCEDURES, start=1)),
    _code("FCE_HRG", "HRGNHS", "COMMISSIONING_GROUPING_CORE_HRG", checks=(HRG,)),
    _code("FCE_Group_Status", recode=None, checks=(one_of(("Inc", "Exc"), "group status"),)),
    _code("FCE_Unbundled_HRGs", checks=(shaped("[A-Z]{2}[0-9]{2}[A-Z](?:,[A-Z]{2}[0-9]{2}[A-Z])*", "resource groups separated by commas"),)),
    _code("Spell_Core_HRG", "SUSHRG", "SPELL_COMMISSIONING_GROUPING_CORE_HRG", checks=(HRG,)),
    _days("Der_PbR_ACC_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_CRITICAL_CARE_DAYS"),
    _days("Der_PbR_PCC_Days"),
    _days("Der_PbR_NCC_Days"),
    _days("Der_SEM_SPC_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_PALLIATIVE_CARE_DAYS"),
    _days("Der_SEM_Rehab_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_REHABILITATION_DAYS"),
    *activity.service_line(APC_EPISODE),
    _code("Spell_BP_Key", checks=(shaped("[A-Z]{2}[0-9]{2}[A-Z]?", "a best-practice key such as BP01"),)),
    _code("Spell_SSC_Key", checks=(shaped("SS[0-9]{2}(?:[,; |]+SS[0-9]{2})*", "specialised service keys such as SS06"),)),
    *activity.costs(APC_EPISODE, "COMMISSIONING_TARIFF_CALCULATION_FINAL_PRICE", "SPELL_COMMISSIONING_TARIFF_CALCULATION_FINAL_PRICE"),
)  # fmt: skip

FEED = Feed(
    title="Admitted care, by episode",
    description="One row a consultant episode with the columns of its hospital provider spell, as HES and SUS send it.",
    source="HES admitted patient care; SUS PbR (NCDR names); SUS+ unified admitted care",
    table=APC_EPISODE,
    activity_date="Episode_End_Date",
    columns=(*_PERSON, *_SPELL, *_EPISODE),
    made=activity.pseudonym(APC_EPISODE),
    row_checks=(
        not_before("Episode_End_Date", "Episode_Start_Date"),
        not_before("Episode_Start_Date", "Admission_Date"),
        not_before("Discharge_Date", "Episode_End_Date"),
        not_before("Discharge_Date", "Admission_Date"),
    ),
    quasi_identifiers=("Age", "Sex", "Postcode_District", "Ethnic_Group", "GP_Practice_Code"),
)
