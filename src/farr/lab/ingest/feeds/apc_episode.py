"""Admitted care, one row an episode with its spell's columns, as HES and SUS send it.

Code lists and sentinels are those of the HES admitted patient care data dictionary (NHS Digital): dates 1800-01-01 (null) and
1801-01-01 (invalid as submitted), ages 7001-7007 (under one year), '-' (none) and '&' (not known) among codes. SUS+ names
are the published paths of the Unified SUS admitted-care extract, with '_' for '.', from its episode level or its spell level.
"""

import ibis.expr.types as ir

from farr.lab.ingest.checks import between, not_before, one_of, shaped
from farr.lab.ingest.feed import (
    BirthToAge,
    Check,
    Drop,
    Feed,
    FeedColumn,
    PostcodeToDistrict,
    Pseudonymise,
    SmallAreaToGroups,
    kept,
)
from farr.lab.model.tables.sus import APC_EPISODE, DIAGNOSES, PROCEDURES

_HES = "HES admitted patient care data dictionary (NHS Digital)"
_CDS = "Commissioning Data Set, NHS Data Model and Dictionary"

_NOT_KNOWN = ("", "&", "-", "Null", "NULL")
_NO_DATE = ("", "1800-01-01", "1801-01-01", "1900-01-01", "Null", "NULL")
_NO_AREA = (*_NOT_KNOWN, "Z99999999")
_NO_PRACTICE = (*_NOT_KNOWN, "V81997", "V81998", "V81999")  # not registered, not applicable, not known: no practice answers for them

_ADMISSION_METHODS = [
    "11",
    "12",
    "13",
    "21",
    "22",
    "23",
    "24",
    "25",
    "28",
    "2A",
    "2B",
    "2C",
    "2D",
    "31",
    "32",
    "81",
    "82",
    "83",
    "84",
    "89",
    "98",
    "99",
]
_SOURCES = [
    "19",
    "29",
    "30",
    "37",
    "38",
    "39",
    "40",
    "41",
    "42",
    "48",
    "49",
    "50",
    "51",
    "52",
    "53",
    "54",
    "55",
    "56",
    "65",
    "66",
    "69",
    "79",
    "85",
    "86",
    "87",
    "88",
    "89",
    "98",
    "99",
]
_DESTINATIONS = [
    "19",
    "29",
    "30",
    "37",
    "38",
    "39",
    "40",
    "41",
    "42",
    "48",
    "49",
    "50",
    "51",
    "52",
    "53",
    "54",
    "55",
    "56",
    "65",
    "66",
    "79",
    "84",
    "85",
    "86",
    "87",
    "88",
    "89",
    "98",
    "99",
]

_CODE = "A code that many people share"
_ORGANISATION = "An organisation, not a person"
_TIMING = "Needed for stays and readmissions; linked to no name in the lab"

_ORGANISATION_SHAPE = shaped("[0-9A-Z]{3,6}", "an organisation code")
_DAYS = between(0, 36_600, "days")


def _upper(value: ir.StringColumn) -> ir.StringValue:
    return value.upper()


def _without_dot(value: ir.StringColumn) -> ir.StringValue:
    return value.upper().replace(".", "")


def _two_digits(value: ir.StringColumn) -> ir.StringValue:
    return value.upper().lpad(2, "0")


def _age(value: ir.StringColumn) -> ir.StringValue:
    return value.re_search("^700[1-7](\\.0)?$").ifelse("0", value)


def _sex(value: ir.StringColumn) -> ir.StringValue:
    # X replaced 0 (not known) in 2022-23; 3 was indeterminate until 1996.
    return value.upper().cases(("X", "0"), ("3", "9"), else_=value)


def _is_finished(value: ir.Value) -> ir.BooleanValue:
    return value == "3"


def _code(name: str, *aliases: str, checks: tuple[Check, ...] = (), **more: object) -> FeedColumn:
    options: dict[str, object] = {"null_values": _NOT_KNOWN, "recode": _upper, **more}
    return kept(APC_EPISODE, name, _CODE, aliases=aliases, checks=checks, **options)


def _organisation(name: str, *aliases: str, **more: object) -> FeedColumn:
    options: dict[str, object] = {"null_values": _NOT_KNOWN, "recode": _upper, **more}
    return kept(APC_EPISODE, name, _ORGANISATION, aliases=aliases, checks=(_ORGANISATION_SHAPE,), **options)


def _date(name: str, *aliases: str, **more: object) -> FeedColumn:
    return kept(APC_EPISODE, name, _TIMING, aliases=aliases, null_values=_NO_DATE, **more)


def _days(name: str, *aliases: str) -> FeedColumn:
    return kept(APC_EPISODE, name, "A number of days", aliases=aliases, checks=(_DAYS,))


def _identifier(name: str, meaning: str, *aliases: str, because: str = "It points to one person") -> FeedColumn:
    return FeedColumn(
        name=name, type="string", meaning=meaning, source=_CDS, rule=Drop(because=because), aliases=aliases, direct_identifier=True
    )


_PERSON = (
    FeedColumn(
        name="NHS_Number", type="string", meaning="NHS number, ten digits", source=_CDS, direct_identifier=True,
        aliases=("NHSNUMBER", "NHS_NO", "NHSNO", "NEWNHSNO", "PATIENT_NHS_NUMBER", "PATIENT_IDENTITY_NHS_NUMBER_VALUE"),
        null_values=_NOT_KNOWN, recode=lambda value: value.re_replace("[ -]", ""), rule=Pseudonymise(to="Der_Pseudo_NHS_Number"),
    ),
    FeedColumn(
        name="National_Pseudonym", type="string", source=_HES, direct_identifier=True,
        meaning="The person, as a national data set already writes them: re-keyed, so that no other holder's files join on it",
        aliases=("TOKEN_PERSON_ID", "PSEUDO_HESID", "ENCRYPTED_HESID", "STUDY_ID", "DER_PSEUDO_NHS_NUMBER",
                 "PATIENT_IDENTITY_NHS_NUMBER_VALUE_PSEUDO", "SPELL_PATIENT_IDENTITY_NHS_NUMBER_VALUE_PSEUDO"),
        null_values=_NOT_KNOWN, rule=Pseudonymise(to="Der_Pseudo_NHS_Number"),
    ),
    FeedColumn(
        name="Birth_Date", type="date", meaning="Date of birth", source=_CDS, direct_identifier=True, null_values=_NO_DATE,
        aliases=("DATE_OF_BIRTH", "DOB", "PERSON_BIRTH_DATE", "PATIENT_IDENTITY_BIRTH_DATE", "SPELL_PATIENT_IDENTITY_BIRTH_DATE"),
        rule=BirthToAge(on="Admission_Date", to="Age"),
    ),
    FeedColumn(
        name="Postcode", type="string", meaning="Home postcode", source=_CDS, direct_identifier=True, null_values=_NOT_KNOWN,
        aliases=("HOMEPOST", "HOMEADD_POSTCODE", "POSTCODE_OF_USUAL_ADDRESS", "PATIENT_RESIDENCE_POSTCODE"),
        rule=PostcodeToDistrict(to="Postcode_District"),
    ),
    FeedColumn(
        name="LSOA", type="string", meaning="Small area of residence (lower layer super output area, 2011 or later)", source=_HES,
        aliases=("LSOA21", "LSOA11", "LSOA_11", "PATIENT_RESIDENCE_DERIVED_LSOA_11", "SPELL_PATIENT_RESIDENCE_DERIVED_LSOA_11"),
        null_values=_NO_AREA, direct_identifier=True,
        rule=SmallAreaToGroups(decile_to="Deprivation_Decile", locality_to="Locality_Code"),
    ),
    FeedColumn(
        name="LSOA_2001", type="string", meaning="Small area of residence of 2001, for years that have no later one", source=_HES,
        aliases=("LSOA01",), null_values=_NO_AREA, direct_identifier=True,
        rule=SmallAreaToGroups(decile_to="Deprivation_Decile", locality_to="Locality_Code"),
    ),
    _identifier("Birth_Month", "Month and year of birth", "MYDOB", "PATIENT_IDENTITY_BIRTH_MONTH", "SPELL_PATIENT_IDENTITY_BIRTH_MONTH"),
    _identifier("Patient_Name", "Name of the person", "NAME", "FULL_NAME", "PERSON_NAME"),
    _identifier("Surname", "Family name", "LAST_NAME", "FAMILY_NAME"),
    _identifier("Forename", "Given name", "FIRST_NAME", "GIVEN_NAME"),
    _identifier("Address", "Home address", "HOMEADD", "PATIENT_USUAL_ADDRESS", "ADDRESS_LINE_1"),
    _identifier("Telephone", "Telephone number", "PHONE", "TELEPHONE_NUMBER", "MOBILE"),
    _identifier("Email", "Electronic mail address", "EMAIL_ADDRESS"),
    _identifier("Local_Patient_Identifier", "Hospital number", "LOPATID", "LOCAL_PATIENT_ID",
                "PATIENT_IDENTITY_LOCAL_PATIENT_IDENTIFIER_VALUE", "SPELL_PATIENT_IDENTITY_LOCAL_PATIENT_IDENTIFIER_VALUE"),
    _identifier("Output_Area", "Census output area of residence", "OA11", "PATIENT_RESIDENCE_DERIVED_OA_11"),
    _identifier("Grid_Reference", "Grid reference of the home", "PATIENT_RESIDENCE_DERIVED_GRID_REFERENCE"),
    _identifier("Mother_NHS_Number", "NHS number of the mother", "PATIENT_MOTHER_NHS_NUMBER_VALUE_PSEUDO", "MATERNAL_NHS_NUMBER"),
    _identifier("Mother_Birth_Date", "Date of birth of the mother", "MOTDOB", "PATIENT_MOTHER_BIRTH_DATE"),
)  # fmt: skip

_SPELL = (
    kept(APC_EPISODE, "APCE_Ident", "A record's number in the national data set; the lab holds no table that leads from it to a person",
         aliases=("EPIKEY", "SYSTEM_RECORD_IDENTIFIER"), needed=True, may_be_null=False),
    kept(APC_EPISODE, "APCS_Ident", "A spell's number in the national data set", null_values=(*_NOT_KNOWN, "-1"),
         aliases=("SUSSPELLID", "PRIMARYKEY_ID", "SPELL_HOSPITAL_PROVIDER_SPELL_NUMBER")),
    _organisation("Provider_Code", "PROCODE3", "PROCODE", "PROCODE5", "PROCODET", "COMMISSIONING_SERVICE_AGREEMENT_PROVIDER",
                  "SPELL_COMMISSIONING_SERVICE_AGREEMENT_PROVIDER", needed=True, may_be_null=False),
    _organisation("Commissioner_Code", "PURCODE", "CCG_RESPONSIBILITY", "COMMISSIONING_SERVICE_AGREEMENT_COMMISSIONER",
                  "SPELL_COMMISSIONING_SERVICE_AGREEMENT_COMMISSIONER"),
    _organisation("GP_Practice_Code", "GPPRAC", "PATIENT_REGISTRATION_GENERAL_PRACTICE",
                  "SPELL_PATIENT_REGISTRATION_GENERAL_PRACTICE", null_values=_NO_PRACTICE),
    kept(APC_EPISODE, "Postcode_District", "Several thousand people live in a district",
         aliases=("PATIENT_RESIDENCE_DERIVED_POSTCODE_DISTRICT", "SPELL_PATIENT_RESIDENCE_DERIVED_POSTCODE_DISTRICT"),
         null_values=_NOT_KNOWN, recode=_upper, checks=(shaped("[A-Z]{1,2}[0-9][0-9A-Z]?", "the outward part of a postcode"),)),
    kept(APC_EPISODE, "Locality_Code", "Many small areas make a locality", null_values=_NOT_KNOWN, recode=_upper,
         checks=(Check(rule="small area", reason="is a small area, not a locality",
                       passes=lambda value: ~value.re_search("^[ENSW][0-9]{8}$") | value.re_search("^[ENSW]0[2-9]")),)),
    kept(APC_EPISODE, "Deprivation_Decile", "A tenth of all people share it", checks=(between(1, 10, "decile"),),
         aliases=("PATIENT_RESIDENCE_DERIVED_INDEX_OF_MULTIPLE_DEPRIVATION_DECILE",
                  "SPELL_PATIENT_RESIDENCE_DERIVED_INDEX_OF_MULTIPLE_DEPRIVATION_DECILE")),
    kept(APC_EPISODE, "Age", "Completed years, shared by many",
         aliases=("ADMIAGE", "STARTAGE", "PATIENT_IDENTITY_AGE_ON_ADMISSION", "SPELL_PATIENT_IDENTITY_AGE_ON_ADMISSION"),
         recode=_age, null_values=_NOT_KNOWN, checks=(between(0, 120, "age"),)),
    _code("Sex", "GENDER", "PATIENT_IDENTITY_GENDER", "SPELL_PATIENT_IDENTITY_GENDER", recode=_sex, checks=(one_of("0129", "sex"),)),
    _code("Region_Code", "RESGOR", "PATIENT_RESIDENCE_DERIVED_GOVERNMENT_OFFICE_REGION",
          "SPELL_PATIENT_RESIDENCE_DERIVED_GOVERNMENT_OFFICE_REGION", null_values=(*_NOT_KNOWN, "Y"),
          checks=(shaped("[A-Z]|[A-Z][0-9]{8}|Y[0-9]{2}", "a region code"),)),
    _code("Ethnic_Group", "ETHNOS", "PATIENT_IDENTITY_ETHNIC_CATEGORY", "SPELL_PATIENT_IDENTITY_ETHNIC_CATEGORY",
          checks=(one_of([*"ABCDEFGHJKLMNPRSZX", *"0123456789", "99"], "ethnic category"),)),
    _date("Admission_Date", "ADMIDATE", "SPELL_ADMISSION_DATE", needed=True, may_be_null=False),
    _code("Admission_Method", "ADMIMETH", "SPELL_ADMISSION_METHOD", needed=True, checks=(one_of(_ADMISSION_METHODS, "admission method"),)),
    _code("Source_of_Admission", "ADMISORC", "ADMISSION_SOURCE", "SPELL_ADMISSION_SOURCE", checks=(one_of(_SOURCES, "source of admission"),)),
    _code("Patient_Classification", "CLASSPAT", "ADMISSION_PATIENT_CLASSIFICATION", "SPELL_ADMISSION_PATIENT_CLASSIFICATION",
          needed=True, checks=(one_of("1234589", "patient classification"),)),
    _code("Administrative_Category", "ADMINCAT", "ADMISSION_ADMINISTRATIVE_CATEGORY", "SPELL_ADMISSION_ADMINISTRATIVE_CATEGORY",
          recode=_two_digits, checks=(one_of(["01", "02", "03", "04", "98", "99"], "administrative category"),)),
    _date("Discharge_Date", "DISDATE", "SPELL_DISCHARGE_DATE"),
    _code("Discharge_Method", "DISMETH", "SPELL_DISCHARGE_METHOD", checks=(one_of("123456789", "discharge method"),)),
    _code("Discharge_Destination", "DISDEST", "SPELL_DISCHARGE_DESTINATION", checks=(one_of(_DESTINATIONS, "discharge destination"),)),
)  # fmt: skip

_ICD10 = shaped("[A-Z][0-9]{2}(?:[0-9X][0-9A-Z]{0,2})?", "an ICD-10 code")
_OPCS4 = shaped("[A-Z][0-9]{2}[0-9X]?", "an OPCS-4 code")
_HRG = shaped("[A-Z]{2}[0-9]{2}[A-Z]|[A-Z][0-9]{2}", "a healthcare resource group")

_EPISODE = (
    kept(APC_EPISODE, "Episode_Number", "An order within a stay", aliases=("EPIORDER", "NUMBER"),
         null_values=("", "98", "99"), checks=(between(1, 87, "episode number"),)),
    _date("Episode_Start_Date", "EPISTART", "START_DATE", needed=True, may_be_null=False),
    _date("Episode_End_Date", "EPIEND", "END_DATE", needed=True, may_be_null=False),
    _code("Episode_Status", "EPISTAT", checks=(
        Check(rule="finished", reason="the episode is not finished; it will be sent again when it is", passes=_is_finished),)),
    _code("Episode_Type", "EPITYPE", checks=(one_of("123456", "episode type"),)),
    _code("Main_Specialty_Code", "MAINSPEF", "CARE_PROFESSIONAL_MAIN_SPECIALTY", checks=(shaped("[0-9A-Z]{3}", "a specialty code"),)),
    _code("Treatment_Function_Code", "TRETSPEF", "CARE_PROFESSIONAL_TREATMENT_FUNCTION", checks=(shaped("[0-9A-Z]{3}", "a specialty code"),)),
    *(_code(name, f"DIAG_4_{number:02d}", f"DIAG_{number:02d}", recode=_without_dot, checks=(_ICD10,))
      for number, name in enumerate(DIAGNOSES, start=1)),
    *(_code(name, f"OPERTN_4_{number:02d}", f"OPERTN_{number:02d}", recode=_without_dot, checks=(_OPCS4,))
      for number, name in enumerate(PROCEDURES, start=1)),
    _code("FCE_HRG", "HRGNHS", "COMMISSIONING_GROUPING_CORE_HRG", checks=(_HRG,)),
    _code("FCE_Group_Status", recode=None, checks=(one_of(("Inc", "Exc"), "group status"),)),
    _code("FCE_Unbundled_HRGs", checks=(shaped("[A-Z]{2}[0-9]{2}[A-Z](?:,[A-Z]{2}[0-9]{2}[A-Z])*", "resource groups separated by commas"),)),
    _code("Spell_Core_HRG", "SUSHRG", "SPELL_COMMISSIONING_GROUPING_CORE_HRG", checks=(_HRG,)),
    _days("Der_PbR_ACC_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_CRITICAL_CARE_DAYS"),
    _days("Der_PbR_PCC_Days"),
    _days("Der_PbR_NCC_Days"),
    _days("Der_SEM_SPC_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_PALLIATIVE_CARE_DAYS"),
    _days("Der_SEM_Rehab_Days", "COMMISSIONING_TARIFF_CALCULATION_PBR_LENGTH_OF_STAY_REHABILITATION_DAYS"),
)  # fmt: skip

FEED = Feed(
    title="Admitted care, by episode",
    description="One row a consultant episode with the columns of its hospital provider spell, as HES and SUS send it.",
    source="HES admitted patient care; SUS PbR (NCDR names); SUS+ unified admitted care",
    table=APC_EPISODE,
    activity_date="Episode_End_Date",
    columns=(*_PERSON, *_SPELL, *_EPISODE),
    made=(
        kept(
            APC_EPISODE,
            "Der_Pseudo_NHS_Number",
            "A keyed pseudonym of this agreement",
            needed=True,
            may_be_null=False,
            checks=(shaped("[0-9a-f]{32}", "a pseudonym made by farr deidentify"),),
        ),
    ),
    row_checks=(
        not_before("Episode_End_Date", "Episode_Start_Date"),
        not_before("Episode_Start_Date", "Admission_Date"),
        not_before("Discharge_Date", "Episode_End_Date"),
        not_before("Discharge_Date", "Admission_Date"),
    ),
    quasi_identifiers=("Age", "Sex", "Postcode_District", "Ethnic_Group", "GP_Practice_Code"),
)
