"""The published price workbook is read by what its headers say, and refused where it cannot be told what it means."""

import openpyxl
import pytest
from typer.testing import CliRunner

from farr.lab.desk.commands import app_of
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.annex_a import read_annex_a
from farr.lab.model.period import PeriodError

HEADER = (
    "HRG code", "HRG name", "Outpatient procedure tariff (£)", "Combined day case / ordinary elective spell tariff (£)",
    "Day case spell tariff (£)", "Ordinary elective spell tariff (£)", "Ordinary elective long stay trimpoint (days)",
    "Non-elective spell tariff (£)", "Non-elective long stay trimpoint (days)",
    "Per day long stay payment (for days exceeding trimpoint) (£)", "Reduced short stay emergency tariff _applicable?",
    "% applied in calculation of reduced short stay emergency tariff", "Reduced short stay emergency tariff (£)",
)  # fmt: skip
ROWS = (
    ("A", "Nervous System Procedures and Disorders"),
    ("AA22C", "Stroke, with score 0-3", "-", 8207, "-", "-", 90, 9766.4, 57, 212, "Yes", 0.3, 2929.92),
    ("BZ24D", "Eye, minor", 122, "-", 610, 2705, 5, 2800.5, 9, 198, "No", "-", "-"),
    ("CZ01Y", "Mouth, minor", None, 0, None, None, None, 500, 2, "1,200", "Yes", "70%", 350),
    ("Note: prices are before the market forces factor",),
)


def workbook(path, rows=ROWS, header=HEADER):
    book = openpyxl.Workbook()
    book.active.title = "Contents"
    book.active.append(["National tariff 2018/19"])
    sheet = book.create_sheet("1. APC & OPROC")
    sheet.append(["Annex A: prices"])
    sheet.append([])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def test_groups_are_found_below_a_header_and_between_titles(tmp_path):
    found = read_annex_a(workbook(tmp_path / "a.xlsx"))
    assert found.sheet == "1. APC & OPROC"
    assert [row["HRG_Code"] for row in found.rows] == ["AA22C", "BZ24D", "CZ01Y"]
    assert found.table("national_price")[0] == {
        "HRG_Code": "AA22C", "HRG_Name": "Stroke, with score 0-3", "Outpatient_Price": "", "Combined_Price": "8207.00",
        "Day_Case_Price": "", "Elective_Price": "", "Non_Elective_Price": "9766.40",
    }  # fmt: skip
    assert found.table("hrg_trim_point")[1] == {"Spell_Core_HRG": "BZ24D", "Elective_Trim_Point": "5", "Non_Elective_Trim_Point": "9"}
    assert [row["Per_Day_Rate"] for row in found.table("hrg_tariff_rule")] == ["212.00", "198.00", "1200.00"]


def test_the_share_of_a_short_stay_is_a_fraction_however_it_is_written_and_never_taken_from_the_price(tmp_path):
    rules = read_annex_a(workbook(tmp_path / "a.xlsx")).table("hrg_tariff_rule")
    assert [row["Short_Stay_Share"] for row in rules] == ["0.3", "", "0.7"]


def test_columns_are_found_wherever_they_stand(tmp_path):
    turned = workbook(tmp_path / "b.xlsx", [row[::-1] if len(row) == len(HEADER) else row for row in ROWS], HEADER[::-1])
    assert read_annex_a(turned).rows == read_annex_a(workbook(tmp_path / "a.xlsx")).rows


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        (("Code", "Name"), ROWS, "no sheet with the columns"),
        (("HRG code", "HRG name", "Price"), ROWS, "no column is known as Combined_Price, Non_Elective_Price"),
        (HEADER, (*ROWS, ROWS[1]), "names AA22C twice"),
        (HEADER, ROWS[:1], "no sheet with the columns"),
    ],
)
def test_what_cannot_be_understood_is_refused(tmp_path, header, rows, says):
    with pytest.raises(FeedError, match=says):
        read_annex_a(workbook(tmp_path / "a.xlsx", rows, header))


@pytest.mark.parametrize(("content", "says"), [(None, "is missing"), (b"HRG code,HRG name\n", "no Excel workbook")])
def test_what_is_no_workbook_is_refused(tmp_path, content, says):
    path = tmp_path / "a.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FeedError, match=says):
        read_annex_a(path)


def tariff(*words):
    return CliRunner().invoke(app_of("tariff"), ["tariff", *map(str, words)])


def test_the_files_of_a_year_are_written_and_can_be_loaded(tmp_path, shelf):
    done = tariff(workbook(tmp_path / "a.xlsx"), "--year", "2018/19", "--out", tmp_path / "made")
    assert done.exit_code == 0, done.output
    assert "3 groups of 2018/19" in " ".join(done.output.split())
    for name in ("national_price", "hrg_trim_point", "hrg_tariff_rule"):
        shelf.load(tmp_path / "made" / f"{name}.csv")
        assert len(shelf.rows(name)) == 3


@pytest.mark.parametrize("year", ["2018", "2018/20", "18/19"])
def test_the_year_is_stated_as_a_tariff_year(tmp_path, year):
    done = tariff(workbook(tmp_path / "a.xlsx"), "--year", year)
    assert isinstance(done.exception, PeriodError)
    assert not list(tmp_path.glob("tariff_*"))
