"""Contracting pages: what a scenario changes, shown to who was granted the organisation, signed, and as files with their notes inside."""

import csv
import io

import openpyxl
import pytest

from farr.lab.model.showing.signed import statement_about, statement_path, write_signed
from tests.web.installing import lab_key
from tests.web.publishing import LEVEL, SCENARIO, make_statement

OVERVIEW, LIST = f"/o/{LEVEL}/C09/", f"/c/{LEVEL}/C09/"
STATEMENT = f"{LIST}scenario/{SCENARIO}/"
CONTRACT = f"{LIST}contract/contract/"


def test_the_overview_leads_to_the_list_and_the_list_to_the_statement(viewer, audited):
    assert LIST in viewer.get(OVERVIEW).content.decode()
    text = viewer.get(LIST).content.decode()
    assert STATEMENT in text and "Place 9 would pay £9,000 less, 9.0% of what it comes to now" in text
    assert "Synthetic data" in text
    assert text.index(">Contracts</h2>") < text.index(CONTRACT) < text.index(">Scenarios</h2>") < text.index(STATEMENT)
    assert audited()[-1] == ("saw", f"statements {LEVEL} C09")


def test_a_statement_says_who_loses_in_words_charts_and_tables(viewer, audited):
    text = viewer.get(STATEMENT).content.decode()
    assert "Place 9 would pay £9,000 less" in text
    assert 'data-chart="organisations"' in text and 'data-chart="hrg_chapter"' in text and 'id="specs"' in text
    assert "The nation" in text and "Respiratory system" in text
    assert "Nobody is supposed to behave otherwise" in text and "table SHA-256" in text
    assert audited() == [("saw", f"scenario {SCENARIO} {LEVEL} C09")]


def test_the_first_page_of_a_contract_says_what_is_asked_first(viewer, audited):
    text = viewer.get(CONTRACT).content.decode()
    assert "£600 (5.6%) above plan to September 2024: volume +£600, casemix +£100, price −£100" in text
    places = [
        text.index(each)
        for each in ("Against plan to date", "Outturn of the year", 'data-chart="so_far"', "By point of delivery", "By month")
    ]
    assert places == sorted(places)
    assert 'data-chart="why"' in text and "table SHA-256" in text
    assert audited() == [("saw", f"contract contract {LEVEL} C09")]


def test_every_table_of_a_contract_is_downloaded(viewer):
    book = openpyxl.load_workbook(io.BytesIO(viewer.get(f"{CONTRACT}table.xlsx").content))
    assert book.sheetnames == ["By point of delivery", "Months", "Notes and provenance"]
    rows = {row[0]: row for row in book["By point of delivery"].iter_rows(values_only=True)}
    assert rows["DC"][4:7] == (6000, 7000, 1000) and rows["whole"][5] == 11_400


def test_what_is_hidden_is_a_star_and_in_no_chart(viewer):
    text = viewer.get(STATEMENT).content.decode()
    row = text.split('<th scope="row">Place 4</th>')[1].split("</tr>")[0]
    assert row.count("<td>*</td>") == 5 and "<td>100.0</td>" in row
    assert "Place 4" not in text.split('id="specs"')[1].split("</script>")[0]


@pytest.mark.parametrize(
    "path", ["", f"scenario/{SCENARIO}/", f"scenario/{SCENARIO}/table.csv", f"scenario/{SCENARIO}/chart/organisations.svg"]
)
def test_another_organisation_is_refused_and_it_is_written_down(viewer, audited, path):
    assert viewer.get(f"/c/{LEVEL}/C08/{path}").status_code == 403
    assert [what for what, _ in audited()] == ["denied"]


@pytest.mark.parametrize("path", ["scenario/nothing_changes/", f"plan/{SCENARIO}/"])
def test_what_is_not_published_is_said_to_be_so(viewer, path):
    said = viewer.get(f"{LIST}{path}")
    assert said.status_code == 404 and "is published for C09" in said.content.decode()


@pytest.mark.parametrize("path", [f"scenario/{SCENARIO}/table.doc", f"scenario/{SCENARIO}/chart/no_such.svg"])
def test_a_file_that_there_is_not_is_not_found(viewer, path):
    assert viewer.get(f"{LIST}{path}").status_code == 404


def test_every_table_is_downloaded_with_notes_and_provenance(viewer, audited):
    said = viewer.get(f"{STATEMENT}table.csv")
    text = said.content.decode("utf-8-sig")
    assert said["Content-Disposition"] == f'attachment; filename="scenario-{SCENARIO}-C09-2024-01-2024-12.csv"'
    assert "C09,Place 9,40.0,0.0,9000.0,-9000.0,100000.0,-0.09,rounded" in text
    assert "C04,Place 4,,,,,100000.0,,suppressed" in text
    assert "Notes and provenance" in text and "Release," in text
    assert audited() == [("downloaded", f"scenario {SCENARIO} {LEVEL} C09")]


def test_no_text_of_a_statement_is_a_formula_or_markup(viewer, folder):
    path = folder / "published" / "statements" / statement_path(LEVEL, "C09", "scenario", SCENARIO)
    whole, made = path.read_bytes(), make_statement("C09")
    first, *others = made.sheets
    rows = tuple(tuple("=cmd|' /C calc'!A1" if at == 1 else cell for at, cell in enumerate(row)) for row in first.rows)
    sheets = (first.model_copy(update={"name": "=1+1", "rows": rows}), *others)
    charts = tuple(each.model_copy(update={"title": "<script>1</script>"}) for each in made.charts)
    said = {"sheets": sheets, "charts": charts, "organisation_name": "<script>1</script>", "finding": "<img src=x>"}
    try:
        path.write_bytes(write_signed(made.model_copy(update=said), statement_about(LEVEL, "C09", "scenario", SCENARIO), lab_key()))
        page = viewer.get(STATEMENT).content.decode()
        assert "<script>1" not in page and "<img src=x" not in page and "&lt;img src=x&gt;" in page
        text = viewer.get(f"{STATEMENT}table.csv").content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert "'=1+1" in cells and not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
        book = openpyxl.load_workbook(io.BytesIO(viewer.get(f"{STATEMENT}table.xlsx").content))
        assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    finally:
        path.write_bytes(whole)


def test_the_workbook_has_a_sheet_a_table(viewer):
    book = openpyxl.load_workbook(io.BytesIO(viewer.get(f"{STATEMENT}table.xlsx").content))
    assert book.sheetnames == ["Organisations", "By hrg_chapter", "Notes and provenance"]
    hidden = next(row for row in book["Organisations"].iter_rows(values_only=True) if row[0] == "C04")
    assert hidden[2:6] == ("*",) * 4


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_downloaded(viewer, kind, begins):
    assert viewer.get(f"{STATEMENT}chart/organisations.{kind}").content.startswith(begins)


@pytest.mark.parametrize(
    ("update", "about", "status"),
    [
        ({"finding": "Place 9 would pay nothing"}, ("C09", SCENARIO), 200),
        ({}, ("C08", SCENARIO), 422),
        ({}, ("C09", "nothing_changes"), 422),
        ({"agreement": "another"}, ("C09", SCENARIO), 404),
    ],
)
def test_a_statement_is_shown_as_what_it_was_signed_for_alone(viewer, folder, update, about, status):
    path = folder / "published" / "statements" / statement_path(LEVEL, "C09", "scenario", SCENARIO)
    whole, (code, name) = path.read_bytes(), about
    try:
        made = make_statement("C09").model_copy(update=update)
        path.write_bytes(write_signed(made, statement_about(LEVEL, code, "scenario", name), lab_key()))
        assert viewer.get(STATEMENT).status_code == status
    finally:
        path.write_bytes(whole)
