"""People registered at each practice, by sex and five-year age band: the monthly publication's own layout, or Farr's.

Of the publication's files this is `gp-reg-pat-prac-quin-age.csv`. Its rows of totals (sex ALL, age ALL, areas above practices)
repeat the people of other rows; they are set aside by their own rule, and counted, so that nobody is added twice. Its files by single
year of age (`gp-reg-pat-prac-sing-age-male.csv` and `-female.csv`, columns EXTRACT_DATE, ORG_CODE, SEX, AGE, NUMBER_OF_PATIENTS and
codes of areas) are refused, with the name of the file to load: each has one sex, so that one would replace the other's month.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.ingest.checks import between, shaped
from farr.lab.ingest.feed import Check, Drop, Feed, FeedColumn, RowCheck, kept
from farr.lab.ingest.published import BANDS, band, sex
from farr.lab.model.tables.reference import REGISTERED_POPULATION

_LISTS = "Patients Registered at a GP Practice (NHS Digital, monthly)"
_PUBLIC = "A published count; about no person"
_NO_BAND = (
    "no five-year age band; in place of a file by single year of age load gp-reg-pat-prac-quin-age.csv of the same month, which has "
    "five-year bands of both sexes"
)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def _month(value: ir.StringColumn) -> ir.StringValue:
    """'01APR2024' as the publication writes it, and a day such as 2024-04-01, become 2024-04."""
    sent = value.upper()
    number = sent.substr(2, 3).cases(*((name, f"{number:02d}") for number, name in enumerate(_MONTHS, start=1)), else_="00")
    return ibis.cases(
        (sent.re_search("^[0-9]{2}[A-Z]{3}[0-9]{4}$"), sent.substr(5, 4) + "-" + number),
        (sent.re_search("^[0-9]{4}-[0-9]{2}-[0-9]{2}"), sent.left(7)),
        else_=value,
    )


def _published(name: str, meaning: str) -> FeedColumn:
    return FeedColumn(name=name, type="string", meaning=meaning, source=_LISTS, rule=Drop(because="Not needed; about an organisation"))


FEED = Feed(
    title="Registered populations",
    description="People on each practice's list at the start of a month, by sex and five-year age band.",
    source=_LISTS,
    table=REGISTERED_POPULATION,
    activity_date="Activity_Month",
    columns=(
        kept(REGISTERED_POPULATION, "Activity_Month", _PUBLIC, aliases=("EXTRACT_DATE",), recode=_month, needed=True,
             may_be_null=False, checks=(shaped("[0-9]{4}-(0[1-9]|1[0-2])", "a month such as 2024-04"),)),
        kept(REGISTERED_POPULATION, "GP_Practice_Code", _PUBLIC, aliases=("ORG_CODE", "CODE", "PRACTICE_CODE"), needed=True,
             may_be_null=False, checks=(
                Check(rule="total row", reason="counts an area that holds practices, whose own rows are loaded",
                      passes=lambda value: value.re_search("^[A-Z][0-9]{5}$")),)),
        kept(REGISTERED_POPULATION, "Sex", _PUBLIC, recode=sex, needed=True, may_be_null=False, checks=(
            Check(rule="total row", reason="counts both sexes, whose own rows are loaded", passes=lambda value: value != "ALL"),
            shaped("1|2|ALL", "1 (male) or 2 (female)"))),
        kept(REGISTERED_POPULATION, "Age_Band", _PUBLIC, aliases=("AGE_GROUP_5",), recode=band, checks=(
            Check(rule="total row", reason="counts all ages, whose own rows are loaded", passes=lambda value: value != "ALL"),
            Check(rule="code list", reason="not a five-year band such as 00-04, up to 95+", passes=lambda value: value.isin((*BANDS, "ALL"))))),
        kept(REGISTERED_POPULATION, "Patients", _PUBLIC, aliases=("NUMBER_OF_PATIENTS",), needed=True, may_be_null=False,
             checks=(between(0, 1_000_000, "patients"),)),
        _published("AGE", "Single year of age, in the files that are refused"),
        _published("PUBLICATION", "Name of the publication"),
        _published("ORG_TYPE", "Kind of area"),
        _published("TYPE", "Kind of area"),
        _published("CCG_CODE", "Commissioner of the practice"),
        _published("ONS_CCG_CODE", "Commissioner of the practice, ONS code"),
        _published("SUB_ICB_LOCATION_CODE", "Commissioner of the practice"),
        _published("ONS_SUB_ICB_LOCATION_CODE", "Commissioner of the practice, ONS code"),
        _published("ONS_CODE", "ONS code of the area"),
        _published("POSTCODE", "Postcode of the practice"),
    ),
    row_checks=(RowCheck(rule="missing", reason=_NO_BAND, column="Age_Band", passes=lambda row: row["Age_Band"].notnull()),),
)  # fmt: skip
