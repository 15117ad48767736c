from datetime import date

import duckdb
import pytest

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.model.discover import discover
from farr.supplier.pseudonym import IdentifierKind, is_valid_nhs_number, normalised_nhs_number
from farr.supplier.rules import completed_years, day, plan_of, postcode_district

FEED = discover("farr.lab.ingest.feeds", Feed)["apc_episode"]
NEEDED = {column.name: column.name for column in FEED.columns if column.needed}


def answer(sql, *values):
    return duckdb.execute(
        f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS x, CAST(? AS VARCHAR) AS y)", [*values, *[None] * (2 - len(values))]
    ).fetchone()[0]


@pytest.mark.parametrize(
    ("sent", "district"),
    [
        ("LS6 1AA", "LS6"), ("ls61aa", "LS6"), ("LS6", "LS6"), ("M1 1AA", "M1"), ("EC1A 1BB", "EC1A"), ("W1A 0AX", "W1A"),
        ("GIR 0AA", "GIR"), ("L S 6 1 A A", "LS6"), ("LS6 1A", None), ("not known", None), ("LS61AAX", None), (None, None),
    ],
)  # fmt: skip
def test_a_postcode_becomes_its_district(sent, district):
    assert answer(postcode_district("x"), sent) == district


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("1984-06-15", "2024-06-14", 39), ("1984-06-15", "2024-06-15", 40), ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2024-06-01", "2024-06-01", 0), ("041968", "2001-09-27", 33), ("092001", "2001-09-03", 0), ("2024-06-02", "2024-06-01", None),
        ("15/06/1984", "15/06/2024", 40), ("rubbish", "2024-06-01", None), ("1984-06-15", None, None),
    ],
)  # fmt: skip
def test_a_birth_becomes_completed_years(birth, on, age):
    assert answer(completed_years("x", "y"), birth, on) == age


@pytest.mark.parametrize("sent", ["2024-06-01", "20240601", "01/06/2024", "2024-06-01 00:00:00", "2024-06-01T00:00:00"])
def test_dates_are_read_in_the_notations_of_nhs_files(sent):
    assert answer(day("x"), sent) == date(2024, 6, 1)


@pytest.mark.parametrize("sent", ["2024-02-30", "June", ""])
def test_what_is_no_date_is_null(sent):
    assert answer(day("x"), sent) is None


@pytest.mark.parametrize("sent", ["943 476 5919", "943-476-5919", "9434765919", " 94347 65919"])
def test_an_nhs_number_is_one_number_in_every_spelling(sent):
    assert answer(normalised_nhs_number("x"), sent) == "9434765919"
    assert answer(is_valid_nhs_number(normalised_nhs_number("x")), sent) is True


@pytest.mark.parametrize(
    "sent", ["9434765918", "943476591", "94347659190", "0000000000", "1111111111", "9999999999", "abcdefghij", "94347659l9"]
)
def test_what_fails_the_check_is_no_nhs_number(sent):
    assert answer(is_valid_nhs_number("x"), sent) is False


def test_an_nhs_number_is_preferred_to_somebodys_pseudonym():
    plan = plan_of(FEED, {**NEEDED, "NHS_Number": "NHSNO", "National_Pseudonym": "TOKEN_PERSON_ID"}, has_lookup=False)
    (person,) = plan.identifiers
    assert (person.sent, person.kind) == ("NHSNO", IdentifierKind.NHS_NUMBER)
    assert {"NHS_Number", "National_Pseudonym"} <= set(plan.dropped)


def test_a_pseudonym_alone_is_rekeyed():
    plan = plan_of(FEED, {**NEEDED, "National_Pseudonym": "PSEUDO_HESID"}, has_lookup=False)
    assert plan.identifiers[0].kind is IdentifierKind.SOURCE_PSEUDONYM
    assert "Der_Pseudo_NHS_Number" in plan.outputs


def test_a_file_that_names_nobody_is_refused():
    with pytest.raises(FeedError, match="no column that names a person"):
        plan_of(FEED, NEEDED, has_lookup=False)


def test_every_declared_column_has_one_fate():
    mapping = {column.name: column.name for column in FEED.columns}
    plan = plan_of(FEED, mapping, has_lookup=True)
    fates = [*plan.kept, *plan.dropped, *[name for name in plan.derived if name in mapping]]
    assert sorted(fates) == sorted(set(fates))
    assert set(fates) == set(mapping)
    assert not {column.name for column in FEED.columns if column.direct_identifier} & set(plan.outputs)


def test_the_check_of_nhs_numbers_is_that_of_the_data_dictionary():
    numbers = [f"{(place * 7_919_777 + 1_234_567) % 10**10:010d}" for place in range(5_000)]
    rows = duckdb.execute(f"SELECT {is_valid_nhs_number('x')} FROM (SELECT unnest($1::VARCHAR[]) AS x)", [numbers]).fetchall()
    remainder = [(11 - sum((10 - place) * int(digit) for place, digit in enumerate(number[:9])) % 11) % 11 for number in numbers]
    assert [valid for (valid,) in rows] == [check == int(number[9]) for check, number in zip(remainder, numbers, strict=True)]
