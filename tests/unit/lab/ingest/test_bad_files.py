"""Files that cannot be trusted are refused whole, with what to do, and the store is as before."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from farr.lab.ingest.feed import FeedError
from farr.lab.model.agreement import AgreementError


def nhs_number(number: int) -> str:
    """The valid NHS number at or after a nine-digit number."""
    while True:
        digits = f"{number:09d}"
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 1


def refused(desk, path: Path, period: str | None = None) -> str:
    before = desk.held()
    with pytest.raises(FeedError) as raised:
        desk.load(path, period)
    assert desk.held() == before
    assert not desk.quarantine.exists()
    return str(raised.value)


@pytest.fixture
def loaded(desk, make):
    """A desk that already holds May, which no refusal may touch."""
    desk.load(desk.write("may.csv", [make(number) for number in range(30)]))
    return desk


def test_a_wrong_feed(loaded):
    path = loaded.folder / "wrong.csv"
    path.write_text("colour,size\nred,1\n")
    assert "none of the feeds" in refused(loaded, path)


@pytest.mark.parametrize("missing", ["APCE_Ident", "Der_Pseudo_NHS_Number", "Episode_End_Date"])
def test_a_missing_key_column(loaded, make, missing):
    rows = [{name: value for name, value in make(number).items() if name != missing} for number in range(5)]
    message = refused(loaded, loaded.write("missing.csv", rows))
    assert missing in message
    assert "ask the sender to include it" in message


def test_a_truncated_gzip(loaded, make):
    whole = gzip.compress(loaded.write("whole.csv", [make(number) for number in range(500)]).read_bytes())
    path = loaded.folder / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    assert "cut short" in refused(loaded, path)


def test_a_gzip_with_damage_inside(loaded, make):
    whole = bytearray(gzip.compress(loaded.write("whole.csv", [make(number) for number in range(500)]).read_bytes()))
    whole[-6] ^= 0xFF
    path = loaded.folder / "damaged.csv.gz"
    path.write_bytes(bytes(whole))
    assert "cut short or damaged" in refused(loaded, path)


def test_another_month(loaded, make):
    path = loaded.write("june.csv", [make(number, month=6) for number in range(20)])
    assert "months outside 2024-05" in refused(loaded, path, "2024-05")


def test_months_outside_the_agreement(loaded, make):
    path = loaded.write("march.csv", [make(number, month=3) for number in range(20)])
    assert "months outside 2024-04..2024-08" in refused(loaded, path)


def test_duplicate_keys(loaded, make):
    rows = [make(number) for number in range(20)]
    rows[7] = rows[3]
    message = refused(loaded, loaded.write("twice.csv", rows))
    assert "repeat the key APCE_Ident" in message
    assert "rows 8" in message
    assert rows[3]["APCE_Ident"] not in message


def test_mixed_encoding(loaded, make):
    path = loaded.write("mixed.csv", [make(1, Diagnosis_01="é"), make(2)])
    path.write_bytes(path.read_bytes() + "7,é\n".encode("latin-1"))
    message = refused(loaded, path)
    assert "mixes UTF-8 with another encoding" in message
    assert "is 4" in message


def test_another_encoding(loaded, make):
    path = loaded.write("utf16.csv", [make(1)])
    path.write_bytes(path.read_text().encode("utf-16"))
    assert "UTF-8" in refused(loaded, path)


def test_an_empty_file(loaded):
    path = loaded.folder / "empty.csv"
    path.write_bytes(b"")
    assert "is empty" in refused(loaded, path)


def test_a_header_alone(loaded, make):
    path = loaded.write("header.csv", [make(1)])
    path.write_text(path.read_text().splitlines()[0] + "\n\n")
    assert "a header and no rows" in refused(loaded, path)


def test_a_header_that_names_a_column_twice(loaded, make):
    path = loaded.write("twice.csv", [make(1)])
    header, row = path.read_text().splitlines()
    path.write_text(f"{header},age\n{row},5\n")
    assert "columns 7 and 19 of the header have the same name" in refused(loaded, path)


def test_a_file_without_a_header_is_refused_without_repeating_its_first_record(loaded):
    path = loaded.folder / "headless.csv"
    path.write_text("9434765919,Featherstonehaugh,LS6 1QZ\n4010232137,Smith,LS6 1QZ\n")
    told = refused(loaded, path)
    assert "where it is a record and not a header" in told
    assert not [value for value in ("9434765919", "Feather", "LS6") if value in told.replace(str(path), "")]


def test_a_folder_is_no_file(loaded):
    assert "is a folder; name the files in it" in refused(loaded, loaded.folder)


def test_a_file_of_which_no_row_can_be_loaded(loaded, make):
    path = loaded.write("hopeless.csv", [make(number, Sex="7") for number in range(5)])
    message = refused(loaded, path)
    assert "not one row" in message
    assert "Sex" in message


@pytest.mark.parametrize("name", ["NHS_Number", "nhsno", "Surname", "DOB", "MYDOB", "Postcode", "PSEUDO_HESID", "LSOA11", "Home Address"])
def test_an_identifier_by_name(loaded, make, name):
    name = {"Home Address": "HOMEADD"}.get(name, name)
    message = refused(loaded, loaded.write("named.csv", [{**make(number), name: "x"} for number in range(5)]))
    assert name in message
    assert "farr deidentify" in message


def test_an_identifier_by_full_postcode(loaded, make):
    rows = [{**make(number), "Note": f"moved to LS{number % 9 + 1} {number % 9}AB" if number % 5 == 0 else ""} for number in range(40)]
    message = refused(loaded, loaded.write("postcode.csv", rows))
    assert "Note holds full postcodes" in message
    assert "LS6 " not in message


@pytest.mark.parametrize("shape", ["{year}-02-11", "11/02/{year}", "{year}0211"])
def test_an_identifier_by_birth_date(loaded, make, shape):
    rows = [{**make(number), "Extra": shape.format(year=1930 + number)} for number in range(60)]
    assert "Extra holds dates spread over decades" in refused(loaded, loaded.write("birth.csv", rows))


@pytest.mark.parametrize("column", ["Extra", "Locality_Code", "APCS_Ident"])
def test_an_identifier_by_its_check_digit(loaded, make, column):
    rows = [{**make(number), column: nhs_number(400_000_000 + number * 7919)} for number in range(40)]
    message = refused(loaded, loaded.write("numbers.csv", rows))
    assert f"{column} holds NHS numbers" in message
    assert nhs_number(400_000_000) not in message


def test_ten_digit_numbers_at_the_rate_of_chance_are_no_identifier(desk, make):
    rows = [{**make(number), "Extra": str(4_000_000_000 + number * 7919)} for number in range(400)]
    assert desk.load(desk.write("numbers.csv", rows)).rows_loaded == 400


def test_nothing_is_loaded_outside_the_agreement(desk, make):
    path = desk.write("may.csv", [make(1)])
    with pytest.raises(AgreementError, match="runs from"):
        desk.load(path, today=date(2025, 6, 1))
    with pytest.raises(AgreementError, match="covers"):
        desk.load(path, "2023-01")
    desk.agreement = desk.agreement.model_copy(update={"terms": desk.agreement.terms.model_copy(update={"datasets": ("op",)})})
    with pytest.raises(AgreementError, match="does not cover the dataset"):
        desk.load(path)
    assert desk.held() == ({}, 0)


def test_digits_within_pseudonyms_and_repeats_are_no_identifier(desk, make):
    within = "ab" + nhs_number(400_000_000) + "c" * 20
    rows = [make(number, Der_Pseudo_NHS_Number=within, APCS_Ident=nhs_number(500_000_000)) for number in range(60)]
    assert desk.load(desk.write("often.csv", rows)).rows_loaded == 60
