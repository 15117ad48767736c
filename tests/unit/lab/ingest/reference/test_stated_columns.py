"""A column that a file lacks and a person knows is stated, checked like any other, and recorded."""

import gzip

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.load import Said, check_file
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.sides import Side

TRIMS = ("sushrg,elective,emergency", "AA22C,90,257", "AA22D,51,257")


def test_the_year_of_trim_points_is_stated_and_never_guessed(shelf):
    path = shelf.write("trims.csv", *TRIMS)
    with pytest.raises(FeedError, match="lacks Tariff_Year.*--set Tariff_Year=VALUE"):
        shelf.load(path)
    report = shelf.load(path, columns={"Tariff_Year": "2018-19"})
    assert report.rows_loaded == 2
    assert shelf.rows("hrg_trim_point", "Tariff_Year", "Spell_Core_HRG") == [("2018/19", "AA22C"), ("2018/19", "AA22D")]
    (record,) = shelf.desk.store.history("hrg_trim_point")
    assert record["stated"] == {"Tariff_Year": "2018-19"}
    assert record["parts"] == [["2018/19"]]


@pytest.mark.parametrize("kind", ["csv.gz", "parquet", "xlsx"])
def test_columns_are_stated_of_every_format(shelf, kind):
    path = shelf.desk.folder / f"trims.{kind}"
    names, *values = [line.split(",") for line in TRIMS]
    if kind == "csv.gz":
        path.write_bytes(gzip.compress("\n".join(TRIMS).encode()))
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in values]), path)
    else:
        book = openpyxl.Workbook()
        for row in (names, *values):
            book.active.append(row)
        book.save(path)
    assert shelf.load(path, columns={"Tariff_Year": "2018/19"}).rows_loaded == 2
    assert shelf.rows("hrg_trim_point")[0] == ("2018/19", "AA22C", 90, 257)


def test_a_stated_value_is_checked_like_any_other(shelf):
    with pytest.raises(FeedError, match="not a financial year"):
        shelf.load(shelf.write("trims.csv", *TRIMS), columns={"Tariff_Year": "soon"})


@pytest.mark.parametrize("name", ["Elective_Trim_Point", "elective", "SUSHRG"])
def test_a_column_that_the_file_has_is_not_stated(shelf, name):
    with pytest.raises(FeedError, match=f"{name}.*already|has a column {name} already"):
        shelf.load(shelf.write("trims.csv", *TRIMS), columns={"Tariff_Year": "2018/19", name: "7"})


def test_a_column_that_the_feed_lacks_is_not_stated(shelf):
    with pytest.raises(FeedError, match="Colour cannot be stated of the feed hrg_trim_point; it has the columns Tariff_Year"):
        shelf.load(shelf.write("trims.csv", *TRIMS), columns={"Tariff_Year": "2018/19", "Colour": "red"})


def test_no_person_is_stated(desk, make):
    rows = [{name: value for name, value in make(number).items() if name != "Der_Pseudo_NHS_Number"} for number in range(3)]
    path = desk.write("may.csv", rows)
    with pytest.raises(FeedError, match="Der_Pseudo_NHS_Number cannot be stated"):
        check_file(path, Side.CLEAN, Said(columns={"Der_Pseudo_NHS_Number": "a" * 32}))


def test_the_dry_run_states_too(shelf):
    report = check_file(shelf.write("trims.csv", *TRIMS), Side.CLEAN, Said(columns={"Tariff_Year": "2018/19"}))
    assert (report.feed, report.rows_loaded, report.stated) == ("hrg_trim_point", 2, {"Tariff_Year": "2018/19"})


def test_a_feed_that_is_not_known(shelf):
    with pytest.raises(FeedError, match="there is no feed 'colours'; known: "):
        shelf.load(shelf.write("trims.csv", *TRIMS), feed="colours")
