"""Pounds are read exactly, to the penny, or not at all."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.model.discover import discover

FEED = discover("farr.lab.ingest.feeds", Feed)["op_attendance"]
MONEY = "Grand_Total"


def sent(path: Path, amounts: pa.Array) -> Path:
    count = len(amounts)
    columns = {
        "OPA_Ident": pa.array(range(count)),
        "Der_Pseudo_NHS_Number": pa.array(["0123456789abcdef" * 2] * count),
        "Provider_Code": pa.array(["RTA"] * count),
        "Appointment_Date": pa.array(["2024-05-02"] * count),
        "First_Attendance": pa.array(["1"] * count),
        "Attendance_Status": pa.array(["5"] * count),
        MONEY: amounts,
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("123", "123.00"), ("123.4", "123.40"), ("123.45", "123.45"), ("123.4500", "123.45"), ("0.1", "0.10"), (".5", "0.50"),
        ("-12.34", "-12.34"), ("+7", "7.00"), ("0007.00", "7.00"), ("9999999.99", "9999999.99"), ("5.", "5.00"), ("", None),
    ],
)  # fmt: skip
def test_pounds_are_exact(tmp_path, landing, text, pounds):
    rows, failed = landing(sent(tmp_path / "m.parquet", pa.array([text])), FEED)
    assert failed == {}
    assert rows[0][MONEY] == (None if pounds is None else Decimal(pounds))
    assert pounds is None or str(rows[0][MONEY]) == pounds


@pytest.mark.parametrize("text", ["123.456", "0.001", "123.4501", "1e3", "£5", "1,234.00", "12.3.4", ".", "99999999999999999.00"])
def test_what_would_be_rounded_or_guessed_fails_its_type(tmp_path, landing, text):
    rows, failed = landing(sent(tmp_path / "m.parquet", pa.array([text])), FEED)
    assert rows == []
    assert failed == {(MONEY, "type"): 1}


def test_more_pounds_than_any_care_costs_are_set_aside(tmp_path, landing):
    _, failed = landing(sent(tmp_path / "m.parquet", pa.array(["10000000.01"])), FEED)
    assert failed == {(MONEY, "range"): 1}


@pytest.mark.parametrize(("precision", "scale"), [(18, 2), (20, 6), (10, 4)])
def test_decimals_of_parquet_are_read_as_they_stand(tmp_path, landing, precision, scale):
    amounts = [Decimal("1234.56"), Decimal("0.10"), Decimal("-3.00"), None, Decimal("0.00")]
    rows, failed = landing(sent(tmp_path / "d.parquet", pa.array(amounts, pa.decimal128(precision, scale))), FEED)
    assert failed == {}
    assert [row[MONEY] for row in rows] == amounts


def test_a_third_decimal_of_parquet_is_no_pound(tmp_path, landing):
    amounts = pa.array([Decimal("1.2340"), Decimal("1.2300")], pa.decimal128(10, 4))
    rows, failed = landing(sent(tmp_path / "d.parquet", amounts), FEED)
    assert [row[MONEY] for row in rows] == [Decimal("1.23")]
    assert failed == {(MONEY, "type"): 1}


def test_floats_are_read_where_they_say_pennies(tmp_path, landing):
    rows, failed = landing(sent(tmp_path / "f.parquet", pa.array([123.45, 1e5, 0.1 + 0.2])), FEED)
    assert [row[MONEY] for row in rows] == [Decimal("123.45"), Decimal("100000.00")]
    assert failed == {(MONEY, "type"): 1}
