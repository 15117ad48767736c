"""A first look by machine: what obviously points to a person is refused before anybody opens it, naming the column and the rule, never
the value.

NHS numbers are ten digits of which the last checks the rest, modulus 11 (NHS Data Model and Dictionary, NHS NUMBER). Postcodes: the
shapes of BS 7666 as the Dictionary gives them (POSTCODE). The lab looks at whole files of records (farr.lab.ingest.identifiers) and must
tell chance from meaning there; an output is small, and one such number in it is one too many. A screen that finds nothing shows nothing:
names, rare conditions and small numbers are for the checkers.
"""

import re
from collections.abc import Iterable
from datetime import date

from farr.lab.model.errors import FarrError
from farr.portal.review.table import Table

_NAMES = frozenset(
    (
        "NHSNUMBER", "NHSNO", "NEWNHSNO", "SURNAME", "FORENAME", "FIRSTNAME", "LASTNAME", "FAMILYNAME", "GIVENNAME", "FULLNAME",
        "PATIENTNAME", "ADDRESS", "HOMEADD", "POSTCODE", "HOMEPOST", "DATEOFBIRTH", "BIRTHDATE", "DOB", "MYDOB", "TELEPHONE", "PHONE",
        "MOBILE", "EMAIL", "LOPATID", "HOSPITALNUMBER", "LOCALPATIENTIDENTIFIER", "UPRN",
    )
)  # fmt: skip
# Digits behind a decimal point, or within a longer number or a code, are no NHS number.
_NHS_NUMBER = re.compile(r"(?<![0-9A-Za-z.,])([0-9]{3})[ -]?([0-9]{3})[ -]?([0-9]{4})(?![0-9A-Za-z]|[.,][0-9])")
_OUTWARD = r"[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY])"
_POSTCODE = re.compile(rf"(?<![0-9A-Z])(?:GIR ?0AA|{_OUTWARD} ?[0-9][ABD-HJLNP-UW-Z]{{2}})(?![0-9A-Z])", re.IGNORECASE)
_DAY = re.compile(r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}))(?:[T ].*)?")
_BIRTH_YEARS = 30  # births spread over decades, the days of activity over years
_FEWEST_DAYS = 3


class LooksPersonal(FarrError):
    """Something that points to a person: nothing of it is kept. The message names column and rule."""


def check_table(table: Table) -> None:
    """Raises LooksPersonal."""
    for at, column in enumerate(table.columns):
        if re.sub(r"[^A-Z]", "", column.upper()) in _NAMES:
            raise LooksPersonal(_said(column, "is about one person, by its name"))
        cells = [row[at].strip() for row in table.rows]
        if (found := _rule([column, *cells])) is not None:
            raise LooksPersonal(_said(column, found))
        if _are_births(cells):
            raise LooksPersonal(_said(column, f"holds days that spread over {_BIRTH_YEARS} years and more, as dates of birth do"))


def check_text(text: str, what: str) -> None:
    """Raises LooksPersonal, for a text that somebody wrote."""
    if (found := _rule([text])) is not None:
        raise LooksPersonal(f"{what} {found}: nobody may be named here; take it out")


def is_nhs_number(digits: str) -> bool:
    """Weights 10 to 2, eleven less the remainder; eleven is 0, and ten is none. The same digit ten times is a placeholder."""
    check = (11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11) % 11
    return check == int(digits[9]) and len(set(digits)) > 1


def _rule(texts: Iterable[str]) -> str | None:
    for text in texts:
        if any(is_nhs_number("".join(found.groups())) for found in _NHS_NUMBER.finditer(text)):
            return "holds ten digits with the check digit of an NHS number"
        if _POSTCODE.search(text):
            return "holds a full postcode"
    return None


def _are_births(cells: list[str]) -> bool:
    years = [day.year for day in map(_day, cells) if day is not None]
    return len(years) >= _FEWEST_DAYS and max(years) - min(years) >= _BIRTH_YEARS


def _day(cell: str) -> date | None:
    found = _DAY.fullmatch(cell)
    if found is None:
        return None
    year, month, day, *british = found.groups()
    try:
        return date(int(year), int(month), int(day)) if year else date(int(british[2]), int(british[1]), int(british[0]))
    except ValueError:
        return None


def _said(column: str, rule: str) -> str:
    # A column's name may be what is wrong with it, and is not repeated where it may name somebody.
    name = "a column" if _rule([column]) else f"the column '{column}'"
    return f"{name} {rule}: the file is not taken, and nothing of it was kept; if it is no such thing, give it another form"
