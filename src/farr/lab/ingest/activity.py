"""What the feeds of hospital activity share: the person and how each data set names them, the place, organisations, null words, shapes.

Code lists and sentinels are those of the HES data dictionaries (NHS Digital): dates 1800-01-01 (null), 1801-01-01 (invalid as
submitted) and 1802-01-01, times 4000 (null) and 3000 (invalid), ages 7001-7007 (under one year), '-' (none) and '&' (not known)
among codes. Names: NCDR first; HES; and SUS+, which are the published paths of the Unified SUS extracts with '_' for '.'.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import (
    BirthToAge,
    Check,
    Drop,
    FeedColumn,
    PostcodeToDistrict,
    Pseudonymise,
    SmallAreaToGroups,
    kept,
)
from farr.lab.model.table import TableDeclaration

HES = "HES data dictionaries (NHS Digital)"
CDS = "Commissioning Data Set, NHS Data Model and Dictionary"

NOT_KNOWN = ("", "&", "-", "Null", "NULL")
NO_DATE = ("", "1800-01-01", "1801-01-01", "1802-01-01", "1802-01-01 00:00:00", "1900-01-01", "Null", "NULL")
NO_TIME = (*NOT_KNOWN, "4000", "3000", "40:00", "30:00")
NO_AGE = (*NOT_KNOWN, "999")  # ACTIVAGE: date of birth not known
NO_AREA = (*NOT_KNOWN, "Z99999999")
NO_SITE = (*NOT_KNOWN, "89999", "89997")  # providers elsewhere, to which no site code was issued
NO_PRACTICE = (*NOT_KNOWN, "V81997", "V81998", "V81999")  # not registered, not applicable, not known: no practice answers for them

A_CODE = "A code that many people share"
AN_ORGANISATION = "An organisation, not a person"
A_TIME = "Needed for stays, waits and what follows what; linked to no name in the lab"

ICD10 = shaped("[A-Z][0-9]{2}(?:[0-9X][0-9A-Z]{0,2})?", "an ICD-10 code")
OPCS4 = shaped("[A-Z][0-9]{2}[0-9X]?", "an OPCS-4 code")
HRG = shaped("[A-Z]{2}[0-9]{2}[A-Z]|[A-Z][0-9]{2}", "a healthcare resource group")
SPECIALTY = shaped("[0-9A-Z]{3}", "a specialty code")
DAYS = between(0, 36_600, "days")
ADMINISTRATIVE = one_of(["01", "02", "03", "04", "98", "99"], "administrative category")
_SERVICE = shaped("[0-9A-Z][0-9A-Z._ -]{0,15}", "a code of a service line or programme of care")
_MONEY = Check(rule="range", reason="pounds outside -1,000,000 to 10,000,000", passes=lambda value: value.between(-1_000_000, 10_000_000))


def upper(value: ir.StringColumn) -> ir.StringValue:
    return value.upper()


def without_dot(value: ir.StringColumn) -> ir.StringValue:
    return value.upper().replace(".", "")


def two_digits(value: ir.StringColumn) -> ir.StringValue:
    return value.upper().lpad(2, "0")


def only(pattern: str) -> Callable[[ir.StringColumn], ir.StringValue]:
    """A recode that keeps what matches the whole pattern and makes null of the rest: for columns in which other codings stand too."""
    return lambda value: value.upper().re_search(f"^(?:{pattern})$").ifelse(value.upper(), ibis.null("string"))


def listed(codes: dict[str, str]) -> Callable[[ir.StringColumn], ir.StringValue]:
    """A recode by a list: what is not on it becomes null, never a guess."""
    nothing = ibis.null("string")
    return lambda value: value.cases(*codes.items(), else_=nothing) if codes else nothing


def _age(value: ir.StringColumn) -> ir.StringValue:
    # Under a year old: 7001-7007, and as decimals 0.002 to 0.875 (the columns whose names end in CALC).
    return value.re_search("^(700[1-7](\\.0)?|0\\.[0-9]+)$").ifelse("0", value)


def _sex(value: ir.StringColumn) -> ir.StringValue:
    # X replaced 0 (not known) in 2022-23; 3 was indeterminate until 1996.
    return value.upper().cases(("X", "0"), ("3", "9"), else_=value)


def code(table: TableDeclaration, name: str, *aliases: str, checks: tuple[Check, ...] = (), **more: object) -> FeedColumn:
    options: dict[str, object] = {"null_values": NOT_KNOWN, "recode": upper, **more}
    return kept(table, name, A_CODE, aliases=aliases, checks=checks, **options)


def organisation(table: TableDeclaration, name: str, *aliases: str, **more: object) -> FeedColumn:
    options: dict[str, object] = {"null_values": NOT_KNOWN, "recode": upper, **more}
    check = shaped("[0-9A-Z]{3,8}" if name == "GP_Practice_Code" else "[0-9A-Z]{3,6}", "an organisation code")
    return kept(table, name, AN_ORGANISATION, aliases=aliases, checks=(check,), **options)


def date(table: TableDeclaration, name: str, *aliases: str, **more: object) -> FeedColumn:
    return kept(table, name, A_TIME, aliases=aliases, null_values=NO_DATE, **more)


def days(table: TableDeclaration, name: str, *aliases: str, **more: object) -> FeedColumn:
    return kept(table, name, "A number of days", aliases=aliases, checks=(DAYS,), **more)


def key(table: TableDeclaration, name: str, *aliases: str) -> FeedColumn:
    because = "A record's number in the national data set; the lab holds no table that leads from it to a person"
    return kept(table, name, because, aliases=aliases, needed=True, may_be_null=False)


def money(table: TableDeclaration, name: str, *aliases: str) -> FeedColumn:
    return kept(table, name, "A price; about a kind of care", aliases=aliases, null_values=NOT_KNOWN, checks=(_MONEY,))


def service_line(table: TableDeclaration) -> tuple[FeedColumn, ...]:
    """NCDR writes the outcome of the identification rules as NCBFinal, of a spell or an attendance; later names are unverified."""
    return (
        code(table, "Service_Line_Code", "NCBFINAL_SPELL_SERVICELINE", "NCBFINAL_SERVICELINE", checks=(_SERVICE,)),
        code(table, "Programme_of_Care_Code", "NCBFINAL_SPELL_NPOC", "NCBFINAL_NPOC", checks=(_SERVICE,)),
    )


def costs(table: TableDeclaration, *final_price: str) -> tuple[FeedColumn, ...]:
    """Money as NCDR's cost tables write it. SUS+ has a final price, which is what was paid, and no column that is the tariff's total."""
    return (
        money(table, "Tariff_Total", "TARIFF_TOTAL_PAYMENT"),
        money(table, "Grand_Total", "GRAND_TOTAL_PAYMENT_MFF", *final_price),
    )


def identifier(name: str, meaning: str, *aliases: str, because: str = "It points to one person", type: str = "string") -> FeedColumn:
    return FeedColumn(
        name=name, type=type, meaning=meaning, source=CDS, rule=Drop(because=because), aliases=aliases, direct_identifier=True
    )


def unneeded(name: str, meaning: str, *aliases: str) -> FeedColumn:
    return FeedColumn(name=name, type="string", meaning=meaning, source=HES, rule=Drop(because="No measure needs it"), aliases=aliases)


def professional(name: str, meaning: str, *aliases: str) -> FeedColumn:
    return identifier(name, meaning, *aliases, because="It points to one professional")


def paths(*names: str) -> tuple[str, ...]:
    """A SUS+ path as it stands, under the spell of admitted care, and under the appointment of outpatients."""
    return tuple(prefix + name for name in names for prefix in ("", "SPELL_", "APPOINTMENT_"))


def pseudonym(table: TableDeclaration) -> tuple[FeedColumn, ...]:
    """The column that the supplier makes of whatever names the person."""
    check = shaped("[0-9a-f]{32}", "a pseudonym made by farr deidentify")
    return (kept(table, "Der_Pseudo_NHS_Number", "A keyed pseudonym of this agreement", needed=True, may_be_null=False, checks=(check,)),)


# One declaration for all feeds: a person has one pseudonym in all of them, as far as the sender names them in one way.
WHO = (
    FeedColumn(
        name="NHS_Number", type="string", meaning="NHS number, ten digits", source=CDS, direct_identifier=True,
        aliases=("NHSNUMBER", "NHS_NO", "NHSNO", "NEWNHSNO", "PATIENT_NHS_NUMBER", "PATIENT_NHS_NUMBER_VALUE",
                 *paths("PATIENT_IDENTITY_NHS_NUMBER_VALUE")),
        null_values=NOT_KNOWN, recode=lambda value: value.re_replace("[ -]", ""), rule=Pseudonymise(to="Der_Pseudo_NHS_Number"),
    ),
    FeedColumn(
        name="National_Pseudonym", type="string", source=HES, direct_identifier=True,
        meaning="The person, as a national data set already writes them: re-keyed, so that no other holder's files join on it",
        aliases=("TOKEN_PERSON_ID", "PSEUDO_HESID", "ENCRYPTED_HESID", "STUDY_ID", "DER_PSEUDO_NHS_NUMBER",
                 *paths("PATIENT_IDENTITY_NHS_NUMBER_VALUE_PSEUDO"), "PATIENT_NHS_NUMBER_VALUE_PSEUDO"),
        null_values=NOT_KNOWN, rule=Pseudonymise(to="Der_Pseudo_NHS_Number"),
    ),
)  # fmt: skip

WITHHELD = (
    identifier("Birth_Month", "Month of birth, with or without its year", "MYDOB", "MONTH_OF_BIRTH", "PATIENT_BIRTH_MONTH",
               *paths("PATIENT_IDENTITY_BIRTH_MONTH")),
    identifier("Birth_Year", "Year of birth", "YEAR_OF_BIRTH", "PATIENT_BIRTH_YEAR", *paths("PATIENT_IDENTITY_BIRTH_YEAR"), type="int32"),
    identifier("Patient_Name", "Name of the person", "NAME", "FULL_NAME", "PERSON_NAME"),
    identifier("Surname", "Family name", "LAST_NAME", "FAMILY_NAME"),
    identifier("Forename", "Given name", "FIRST_NAME", "GIVEN_NAME"),
    identifier("Address", "Home address", "HOMEADD", "PATIENT_USUAL_ADDRESS", "ADDRESS_LINE_1"),
    identifier("UPRN", "Unique property reference number of the home"),
    identifier("Telephone", "Telephone number", "PHONE", "TELEPHONE_NUMBER", "MOBILE"),
    identifier("Email", "Electronic mail address", "EMAIL_ADDRESS"),
    identifier("Local_Patient_Identifier", "Hospital number", "LOPATID", "LOCAL_PATIENT_ID", "PATIENT_LOCAL_PATIENT_IDENTIFIER_VALUE",
               *paths("PATIENT_IDENTITY_LOCAL_PATIENT_IDENTIFIER_VALUE")),
    identifier("Output_Area", "Census output area of residence", "OA11", "OACODE11", "2011_OUTPUT_AREA", "PATIENT_USUAL_ADDRESS_OA_11",
               *paths("PATIENT_RESIDENCE_DERIVED_OA_11")),
    identifier("Grid_Reference", "Grid reference of the home", "GRID_LINK_REFERENCE", *paths("PATIENT_RESIDENCE_DERIVED_GRID_REFERENCE")),
    identifier("Pathway_Identifier", "One person's pathway from referral to treatment", "PATIENT_PATHWAY_IDENTIFIER",
               "DER_PSEUDO_PATIENT_PATHWAY_ID", "REFERRAL_PATIENT_PATHWAY_IDENTIFIER_VALUE_PSEUDO",
               *paths("REFERRAL_TO_TREATMENT_PATIENT_PATHWAY_IDENTIFIER_VALUE_PSEUDO")),
    identifier("Booking_Reference", "One person's booking", "BOOKREFNO", "BOOKREFNOPS", "REFERRAL_UBRN_VALUE_PSEUDO",
               "UNIQUE_BOOKING_REFERENCE_NUMBER_CONVERTED", *paths("REFERRAL_TO_TREATMENT_UBRN_VALUE_PSEUDO")),
    unneeded("NHS_Number_Status", "How the NHS number was checked", "NHSNOIND", "NEWNHSNO_CHECK", "NHS_NUMBER_STATUS_INDICATOR_CODE",
             "PATIENT_NHS_NUMBER_STATUS", *paths("PATIENT_IDENTITY_NHS_NUMBER_STATUS")),
)  # fmt: skip


def birth_and_home(on: str) -> tuple[FeedColumn, ...]:
    """What becomes an age (on the date in column `on`), a district, a decile and a locality."""
    groups = SmallAreaToGroups(decile_to="Deprivation_Decile", locality_to="Locality_Code")
    return (
        FeedColumn(
            name="Birth_Date", type="date", meaning="Date of birth", source=CDS, direct_identifier=True, null_values=NO_DATE,
            aliases=("DATE_OF_BIRTH", "DOB", "PERSON_BIRTH_DATE", "PATIENT_BIRTH_DATE", *paths("PATIENT_IDENTITY_BIRTH_DATE")),
            rule=BirthToAge(on=on, to="Age"),
        ),
        FeedColumn(
            name="Postcode", type="string", meaning="Home postcode", source=CDS, direct_identifier=True, null_values=NOT_KNOWN,
            aliases=("HOMEPOST", "HOMEADD_POSTCODE", "POSTCODE_OF_USUAL_ADDRESS", "PATIENT_USUAL_ADDRESS_POSTCODE",
                     *paths("PATIENT_RESIDENCE_POSTCODE")),
            rule=PostcodeToDistrict(to="Postcode_District"),
        ),
        FeedColumn(
            name="LSOA", type="string", meaning="Small area of residence (lower layer super output area, 2011 or later)", source=HES,
            aliases=("LSOA21", "DER_POSTCODE_LSOA_2021_CODE", "LSOA11", "LSOA_11", "LSOA_2011", "2011_LSOA", "DER_POSTCODE_LSOA_2011_CODE",
                     "PATIENT_USUAL_ADDRESS_LSOA_11", *paths("PATIENT_RESIDENCE_DERIVED_LSOA_11")),
            null_values=NO_AREA, direct_identifier=True, rule=groups,
        ),
        FeedColumn(
            name="LSOA_2001", type="string", meaning="Small area of residence of 2001, for years that have no later one", source=HES,
            aliases=("LSOA01",), null_values=NO_AREA, direct_identifier=True, rule=groups,
        ),
    )  # fmt: skip


def place(table: TableDeclaration) -> tuple[FeedColumn, ...]:
    """Where the person lives, in areas of many people; what the supplier makes of postcode and small area lands here too."""
    return (
        kept(table, "Postcode_District", "Several thousand people live in a district", null_values=NOT_KNOWN, recode=upper,
             aliases=("POSTDIST", "PATIENT_POSTCODE_DISTRICT", "PATIENT_USUAL_ADDRESS_POSTCODE_DISTRICT",
                      *paths("PATIENT_RESIDENCE_DERIVED_POSTCODE_DISTRICT")),
             checks=(shaped("[A-Z]{1,2}[0-9][0-9A-Z]?", "the outward part of a postcode"),)),
        kept(table, "Locality_Code", "Many small areas make a locality", null_values=NOT_KNOWN, recode=upper,
             checks=(Check(rule="small area", reason="is a small area, not a locality",
                           passes=lambda value: ~value.re_search("^[ENSW][0-9]{8}$") | value.re_search("^[ENSW]0[2-9]")),)),
        kept(table, "Deprivation_Decile", "A tenth of all people share it", checks=(between(1, 10, "decile"),),
             aliases=("INDEX_OF_MULTIPLE_DEPRIVATION_DECILE", "PATIENT_USUAL_ADDRESS_INDEX_OF_MULTIPLE_DEPRIVATION_DECILE",
                      *paths("PATIENT_RESIDENCE_DERIVED_INDEX_OF_MULTIPLE_DEPRIVATION_DECILE"))),
        code(table, "Region_Code", "RESGOR", "RESGOR_ONS", "GOVERNMENT_OFFICE_REGION", "PATIENT_USUAL_ADDRESS_GOVERNMENT_OFFICE_REGION",
             *paths("PATIENT_RESIDENCE_DERIVED_GOVERNMENT_OFFICE_REGION"), null_values=(*NOT_KNOWN, "Y"),
             checks=(shaped("[A-Z]|[A-Z][0-9]{8}|Y[0-9]{2}", "a region code"),)),
    )  # fmt: skip


def person(table: TableDeclaration, *ages: str) -> tuple[FeedColumn, ...]:
    """Age (`ages` are this feed's names of it, in order), sex and ethnic group."""
    return (
        kept(table, "Age", "Completed years, shared by many", aliases=ages, recode=_age, null_values=NO_AGE,
             checks=(between(0, 120, "age"),)),
        code(table, "Sex", "GENDER", "STATED_GENDER", "PATIENT_STATED_GENDER", *paths("PATIENT_IDENTITY_GENDER"), recode=_sex,
             checks=(one_of("0129", "sex"),)),
        code(table, "Ethnic_Group", "ETHNOS", "ETHNIC_CATEGORY", "PATIENT_ETHNIC_CATEGORY", *paths("PATIENT_IDENTITY_ETHNIC_CATEGORY"),
             checks=(one_of([*"ABCDEFGHJKLMNPRSZX", *"0123456789", "99"], "ethnic category"),)),
    )  # fmt: skip


def provider(table: TableDeclaration) -> FeedColumn:
    return organisation(
        table, "Provider_Code", "PROCODE3", "DER_PROVIDER_CODE", "PROCODE", "PROCODE5", "PROCODET", "PROVIDER_CODE_DERIVED",
        "ATTENDANCE_LOCATION_HES_PROVIDER_3", *paths("COMMISSIONING_SERVICE_AGREEMENT_PROVIDER"), needed=True, may_be_null=False,
    )  # fmt: skip


def site(table: TableDeclaration, *aliases: str) -> FeedColumn:
    """The site of treatment (`aliases` are further names of this feed's), which no key and no check rests on: what is no site code, such as
    a provider's three characters or another coding, becomes null and costs no record."""
    return kept(
        table, "Site_Code", AN_ORGANISATION, null_values=NO_SITE, recode=only("[0-9A-Z]{5,9}"),
        aliases=("SITETRET", "DER_PROVIDER_SITE_CODE", "SITE_CODE_OF_TREATMENT", *paths("CARE_LOCATION_SITE_CODE_OF_TREATMENT"), *aliases),
    )  # fmt: skip


def organisations(table: TableDeclaration) -> tuple[FeedColumn, ...]:
    """Provider, commissioner and practice."""
    return (
        provider(table),
        organisation(table, "Commissioner_Code", "PURCODE", "COMMISSIONER", "CCG_RESPONSIBILITY", "DER_COMMISSIONER_CODE",
                     "COMMISSIONER_DERIVED", *paths("COMMISSIONING_SERVICE_AGREEMENT_COMMISSIONER")),
        organisation(table, "GP_Practice_Code", "GPPRAC", "PRACTICE_CODE_PATIENT_REGISTRATION", "PATIENT_GP_REGISTRATION_GENERAL_PRACTICE",
                     *paths("PATIENT_REGISTRATION_GENERAL_PRACTICE"), null_values=NO_PRACTICE),
    )  # fmt: skip
