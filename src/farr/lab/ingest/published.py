"""How publishers write what Farr keeps in one way (days, years, sexes, ages, codes), and the checks that go with it.

For reference feeds: what they hold is published, and about no person.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.ingest.checks import one_of, shaped
from farr.lab.ingest.feed import Check
from farr.lab.ingest.formats.headerless import NO_PRACTICE, NOT_TOLD

ORGANISATION_CODE = shaped("[0-9A-Za-z][0-9A-Za-z_-]{0,11}", "an organisation code")
HRG = shaped("[A-Z]{2}[0-9]{2}[A-Z]", "a healthcare resource group")
BANDS = (*(f"{age:02d}-{age + 4:02d}" for age in range(0, 95, 5)), "95+")
MALE_OR_FEMALE = shaped("1|2", "1 (male) or 2 (female)")
FIVE_YEAR_BAND = one_of(BANDS, "five-year age bands such as 00-04, up to 95+")
LIST_NAME = shaped("[a-z][a-z0-9_]{0,63}", "a list's name: lower-case letters, digits and underscores")

LEVEL_TOLD = (
    Check(
        rule="level",
        reason="the code does not tell the level; state it for the whole file: --set Organisation_Level=LEVEL",
        passes=lambda value: value != NOT_TOLD,
    ),
    Check(rule="no practice", reason="a prescribing cost centre that is no GP practice", passes=lambda value: value != NO_PRACTICE),
)


def upper(value: ir.StringColumn) -> ir.StringValue:
    return value.upper()


def lower(value: ir.StringColumn) -> ir.StringValue:
    return value.lower()


def day(value: ir.StringColumn) -> ir.StringValue:
    """'20240531', as the Organisation Data Service writes it, becomes 2024-05-31; all else stays."""
    written = value.left(4) + "-" + value.substr(4, 2) + "-" + value.substr(6, 2)
    return value.re_search("^[0-9]{8}$").ifelse(written, value)


def sex(value: ir.StringColumn) -> ir.StringValue:
    """'MALE', 'M' and the like become 1 and 2; all else stays."""
    sent = value.upper()
    codes = {"MALE": "1", "MALES": "1", "M": "1", "FEMALE": "2", "FEMALES": "2", "F": "2"}
    return sent.cases(*codes.items(), else_=value)


def band(value: ir.StringColumn) -> ir.StringValue:
    """'5_9' as the practice lists write it, and '5-9', become 05-09, '95_PLUS' becomes 95+; all else stays."""
    plain = value.re_replace("[_ ]+", "-")
    low, high = plain.split("-")[0].lpad(2, "0"), plain.split("-")[1].lpad(2, "0")
    is_band = plain.re_search("^[0-9]{1,2}-[0-9]{1,2}$")
    return ibis.cases((is_band, low + "-" + high), (plain.upper() == "95-PLUS", "95+"), else_=value)


def tariff_year(value: ir.StringColumn) -> ir.StringValue:
    """'2018-19', '201819', '2018/2019' become 2018/19; all else stays."""
    digits = value.re_replace("[^0-9]", "")
    return value.re_search("^[0-9]{4}([/-]?[0-9]{2}|[/-][0-9]{4})$").ifelse(digits.left(4) + "/" + digits.right(2), value)


def _is_financial_year(value: ir.StringValue) -> ir.BooleanValue:
    is_shaped = value.re_search("^20[0-9]{2}/[0-9]{2}$")
    first, second = value.substr(2, 2).try_cast("int32"), value.substr(5, 2).try_cast("int32")
    return is_shaped & (second == (first + 1) % 100).fill_null(False)


FINANCIAL_YEAR = Check(rule="tariff year", reason="not a financial year, written 2018/19", passes=_is_financial_year)
