import csv
import dataclasses
import json

import openpyxl
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from farr.lab.desk.figures import FiguresError
from farr.lab.desk.files import FileError, as_json, write
from farr.lab.desk.screen import screen
from farr.lab.desk.shapes import BREAKDOWN_SCHEMA
from farr.lab.disclosure.released import Released


def test_csv_holds_data_only_with_notes_beside_it(benchmark_of_outlier, tmp_path):
    path = write(benchmark_of_outlier, tmp_path / "a.csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    assert (rows[3]["value"], rows[3]["status"]) == ("", "suppressed")
    notes = (tmp_path / "a.csv.notes.txt").read_text()
    assert "Note: Synthetic data: made up." in notes
    assert "0123456789abcdef" in notes


def test_text_that_would_run_as_a_formula_is_quoted(make, tmp_path):
    path = write(make(name="=cmd|'/c calc'!A0"), tmp_path / "a.csv")
    assert "'=cmd" in path.read_text()
    book = openpyxl.load_workbook(write(make(name="=1+1"), tmp_path / "a.xlsx"))
    cells = [cell for row in book["Benchmark"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_excel_has_its_sheets_stars_and_number_formats(benchmark_of_outlier, tmp_path):
    book = openpyxl.load_workbook(write(benchmark_of_outlier, tmp_path / "a.xlsx"))
    assert book.sheetnames == ["Benchmark", "Trend", "Completeness", "Codes", "Notes and provenance"]
    sheet = book["Benchmark"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    assert sheet.cell(5, titles["Value"]).value == "*"
    assert sheet.cell(11, titles["Value"]).value == 40.0
    assert sheet.cell(11, titles["Value"]).number_format == "#,##0.0"
    assert any("small numbers" in str(cell.value) for cell in sheet["A"])
    assert book["Codes"]["D2"].value == "K40"


def test_excel_leaves_what_was_never_worked_out_empty(make, tmp_path):
    plain_rows = make()
    rows = plain_rows.rows.table.to_pylist()
    rows[0]["decile"] = None
    made = dataclasses.replace(plain_rows, rows=type(plain_rows.rows)(**_parts(plain_rows.rows, rows)))
    sheet = openpyxl.load_workbook(write(made, tmp_path / "a.xlsx"))["Benchmark"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, titles["Decile (1 = lowest)"]).value is None


def _parts(released, rows, schema=None):
    import pyarrow as pa

    from farr.lab.disclosure.mint import MINT

    return {"manifest": released.manifest, "table": pa.Table.from_pylist(rows, schema=schema or released.table.schema), "mint": MINT}


def test_parquet_carries_its_provenance(benchmark_of_outlier, tmp_path):
    table = pq.read_table(write(benchmark_of_outlier, tmp_path / "a.parquet"))
    about = json.loads(table.schema.metadata[b"farr"])
    assert table.num_rows == 10
    assert about["measure"]["name"] == "made_up"
    assert about["releases"][0]["policy"] == "hes_2018"


def test_json_is_whole_and_serialisable(benchmark_of_outlier, tmp_path):
    content = json.loads(write(benchmark_of_outlier, tmp_path / "a.json").read_text())
    assert content == json.loads(json.dumps(as_json(benchmark_of_outlier)))
    assert content["rows"][3]["value"] is None
    assert len(content["trend"]) == 12
    assert content["notes"] == ["Synthetic data: made up."]


def test_a_breakdown_is_in_the_json_and_in_a_sheet_of_its_own(benchmark_of_outlier, tmp_path):
    part = dict.fromkeys(BREAKDOWN_SCHEMA.names) | {
        "code": "100",
        "name": "General surgery",
        "status": "shown",
        "value": 4.5,
        "share": 0.25,
    }
    parts = Released(**_parts(benchmark_of_outlier.rows, [part], BREAKDOWN_SCHEMA))
    parted = dataclasses.replace(benchmark_of_outlier, by="specialty", parts=parts)
    content = json.loads(write(parted, tmp_path / "a.json").read_text())
    assert (content["by"], content["parts"]) == ("specialty", [part])
    assert as_json(benchmark_of_outlier)["parts"] is None
    book = openpyxl.load_workbook(write(parted, tmp_path / "a.xlsx"))
    assert [cell.value for cell in book["Breakdown"][2]][:5] == ["100", "General surgery", None, None, 4.5]


def test_the_screen_shows_stars_and_the_finding(benchmark_of_outlier):
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - rich needs a stream to discard
    console.print(screen(benchmark_of_outlier))
    text = console.export_text()
    assert "Place 9" in text
    assert "unlikely to be chance" in text
    hidden = next(line for line in text.splitlines() if "Place 3" in line)
    assert hidden.count("*") == 5


def test_another_ending_is_refused(benchmark_of_outlier, tmp_path):
    with pytest.raises(FileError, match="rename the file"):
        write(benchmark_of_outlier, tmp_path / "a.docx")


def test_unreleased_tables_are_refused(benchmark_of_outlier, tmp_path):
    raw = dataclasses.replace(benchmark_of_outlier, rows=benchmark_of_outlier.rows.table)
    for ending in ("csv", "parquet", "xlsx", "json"):
        with pytest.raises(FiguresError, match="only released figures"):
            write(raw, tmp_path / f"a.{ending}")


def test_a_notebook_shows_the_finding_and_nothing_hidden(benchmark_of_outlier):
    shown = benchmark_of_outlier._repr_html_()
    assert "<table>" in shown and "Complete:" in shown
    assert benchmark_of_outlier.rows.manifest.release_id in shown
    assert "<script" not in shown
