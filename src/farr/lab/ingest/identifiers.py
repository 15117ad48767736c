"""What makes a file identified, by the names of its columns and by the shape of their values. Such a file never enters the lab.

NHS numbers are ten digits of which the last checks the rest, modulus 11 (NHS Data Model and Dictionary, NHS NUMBER). Of random
ten-digit numbers one in eleven passes, so a share far above that gives them away, whatever the column is called.
Postcodes: the shapes of BS 7666 as the NHS Data Model and Dictionary gives them, without the letters an inward code never has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from farr.lab.ingest.feed import Feed
from farr.lab.ingest.recognise import folded
from farr.lab.ingest.sides import identifying_columns

# Names that mean a person in any file about people, beside those that the feed declares.
_NAMES = frozenset(
    (
        "NHS_NUMBER", "NHSNUMBER", "NHS_NO", "NHSNO", "NEWNHSNO", "SURNAME", "FORENAME", "FIRST_NAME", "LAST_NAME", "FAMILY_NAME",
        "GIVEN_NAME", "FULL_NAME", "PATIENT_NAME", "ADDRESS", "HOMEADD", "POSTCODE", "POST_CODE", "HOMEPOST", "DATE_OF_BIRTH",
        "BIRTH_DATE", "BIRTHDATE", "DOB", "MYDOB", "TELEPHONE", "PHONE", "MOBILE", "EMAIL", "LOPATID", "HOSPITAL_NUMBER",
        "LOCAL_PATIENT_IDENTIFIER", "UPRN",
    )
)  # fmt: skip
# Ten digits within a hexadecimal pseudonym are no number.
_NHS_NUMBER = r"(?:^|[^0-9A-F])([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})(?:[^0-9A-F]|$)"
_OUTWARD = r"[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY])"
_POSTCODE = rf"(?:^|[^0-9A-Z])(?:GIR ?0AA|{_OUTWARD} ?[0-9][ABD-HJLNP-UW-Z]{{2}})(?:[^0-9A-Z]|$)"
# Eight digits are a day only where month and day could be, and no digit follows: keys of records begin with 19 or 20 too.
_DAY = (
    r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}[/.-][0-9]{2}[/.-][0-9]{4}"
    r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$))"
)
_YEAR = r"((?:18|19|20)[0-9]{2})"

LEAST_VALUES = 6  # 11^-6 is under one in a million: fewer NHS numbers than this could be chance
CHANCE = 1 / 11
_DEVIATIONS = 6.0
_POSTCODE_SHARE = 0.05
_DAY_SHARE = 0.8
_BIRTH_YEARS = 30  # birth years of any population spread further than the years of its admissions
SAMPLE = 200_000
SHORTEST = 5  # a full postcode without its space; nothing looked for is shorter


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A column that points to people, and how that was seen."""

    column: str
    reason: str


def by_name(columns: Sequence[str], feed: Feed) -> list[Finding]:
    """Columns that identify by their name. A feed about no person has none: a postcode there is an organisation's."""
    if feed.table.person is None:
        return []
    allowed = {folded(column.name) for column in feed.table.columns}
    declared = {folded(name): column.name for column in identifying_columns(feed) for name in (column.name, *column.aliases)}
    found: list[Finding] = []
    for name in columns:
        key = folded(name)
        if key not in allowed and (key in declared or key in _NAMES):
            found.append(Finding(column=name, reason=f"is {declared.get(key, name)}, by its name"))
    return found


def lengths(raw: ir.Table, columns: Sequence[str]) -> ir.Table:
    """One row: for column number i, `longest_i`, how many characters its longest value has (null without one)."""
    return raw.aggregate(**{f"longest_{number}": raw[name].strip().length().max() for number, name in enumerate(columns)})


def long_enough(columns: Sequence[str], found: Mapping[str, int | None]) -> list[str]:
    """The columns that could hold a postcode, a date or an NHS number at all, from the row that `lengths` gives: the rest need
    no closer look, and in clinical files the rest are most."""
    return [name for number, name in enumerate(columns) if (found[f"longest_{number}"] or 0) >= SHORTEST]


def measured(raw: ir.Table, columns: Sequence[str], days: Sequence[str]) -> ir.Table:
    """Counts over (a sample of) a file's rows, by which `by_value` judges. One row for each of `columns` that holds anything, by its
    `place` there: `known` values, different `numbers` (ten digits), `valid` (of those, with a right check digit), `postcodes`, `days`,
    `first` and `last` (years). `days` are the sent columns that the feed declares as dates; others may hold dates of birth."""
    # Codes and dates repeat: each different value is looked at once, and counts as often as it was sent.
    sent = ibis.union(*(_sent(raw[name], place) for place, name in enumerate(columns)))
    text = sent.select("place", "sent", text=sent.text.strip().upper()).filter(ibis._.text.length() > 0)
    values = text.group_by("place", "text").aggregate(sent=text.sent.sum())
    is_date = values.place.isin([str(place) for place, name in enumerate(columns) if name in days])
    return values.group_by("place").aggregate(**_counts(values.text, values.sent, is_date))


def _sent(column: ir.StringColumn, place: int) -> ir.Table:
    table = column.as_table().select(text=column)
    return table.group_by("text").aggregate(sent=table.count()).mutate(place=ibis.literal(str(place)))


def by_value(columns: Sequence[str], counts: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Columns that identify by their values, from the rows that `measured` gives."""
    found: list[Finding] = []
    for count in sorted(counts, key=lambda row: int(row["place"])):
        name = columns[int(count["place"])]
        if _is_far_above_chance(count["valid"], count["numbers"]):
            found.append(Finding(column=name, reason="holds NHS numbers: far more than one in eleven pass the check digit"))
        elif count["postcodes"] > _POSTCODE_SHARE * count["known"]:
            found.append(Finding(column=name, reason="holds full postcodes"))
        elif count["days"] > _DAY_SHARE * count["known"] and (count["last"] or 0) - (count["first"] or 0) >= _BIRTH_YEARS:
            found.append(Finding(column=name, reason="holds dates spread over decades, as dates of birth are"))
    return found


def sampled(raw: ir.Table, rows: int) -> ir.Table:
    """Every row of a small file; of a large one every k-th, about 200,000 in all."""
    step = max(1, rows // SAMPLE)
    return raw if step == 1 else raw.filter(raw.row_number % step == 0)


def is_valid_nhs_number(digits: ir.StringValue) -> ir.BooleanValue:
    """Whether a text of ten digits has the right check digit: weights 10 to 2, eleven less the remainder; eleven is 0, ten is none."""
    weighted = [digits.substr(place, 1).cast("int32") * (10 - place) for place in range(9)]
    check = (11 - sum(weighted[1:], weighted[0]) % 11) % 11
    return check == digits.substr(9, 1).cast("int32")


def _counts(text: ir.StringValue, sent: ir.IntegerValue, is_date: ir.BooleanValue) -> dict[str, ir.Value]:
    digits = text.re_extract(_NHS_NUMBER, 1).re_replace("[ -]", "")
    # A placeholder (0000000000, 9999999999) passes the check digit, and says nothing of a person.
    has_number = (digits.length() == 10) & (digits != digits.left(1).repeat(10))
    valid = has_number & is_valid_nhs_number(has_number.ifelse(digits, "0000000000"))
    day = text.re_search(_DAY) & ~is_date
    year = day.ifelse(text.re_extract(_YEAR, 1), ibis.null("string")).try_cast("int32")
    # 1800 and 1801 stand for dates that are not known (HES).
    likely = year.between(1880, 2100).ifelse(year, ibis.null("int32"))
    return {
        "known": sent.sum(),
        # Different ones: a person who comes often is one draw, not many.
        "numbers": digits.nunique(where=has_number),
        "valid": digits.nunique(where=valid),
        "postcodes": text.re_search(_POSTCODE).ifelse(sent, 0).sum(),
        "days": day.ifelse(sent, 0).sum(),
        "first": likely.min(),
        "last": likely.max(),
    }


def _is_far_above_chance(valid: int, numbers: int) -> bool:
    expected = numbers * CHANCE
    deviation = (numbers * CHANCE * (1 - CHANCE)) ** 0.5
    return valid >= LEAST_VALUES and valid > expected + _DEVIATIONS * deviation
