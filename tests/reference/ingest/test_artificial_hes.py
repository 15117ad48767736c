"""NHS England's artificial HES admitted-care file, as published, and the official inputs of the reference feeds."""

import json
import os
from pathlib import Path

import pytest

from farr.lab.desk.load import check_file, feeds, side_of
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.recognise import closest
from farr.lab.ingest.sides import Side, forms

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
HES = DATA / "hes_artificial" / "data__apc__artificial_hes_apc_0102_truncated.csv"
OP, AE = "data__op__artificial_hes_op_0304_truncated.csv", "data__ae__artificial_hes_ae_0708_truncated.csv"

pytestmark = pytest.mark.skipif(not HES.is_file(), reason=f"the public data are not at {DATA}; set FARR_SHARED_DATA")


def test_the_artificial_file_is_read_as_published():
    report = check_file(HES, Side.RAW)
    assert (report.feed, report.rows_read, report.rows_loaded, report.rows_quarantined) == ("apc_episode", 2075, 2054, 21)
    assert {(failure.column, failure.rule): failure.rows for failure in report.failures} == {
        ("Episode_Status", "finished"): 16,
        ("Admission_Date", "missing"): 1,
        ("Episode_Start_Date", "missing"): 1,
        ("Episode_End_Date", "missing"): 1,
        ("Diagnosis_01", "shape"): 1,
        ("Diagnosis_02", "shape"): 1,
        ("Diagnosis_06", "shape"): 1,
        ("Procedure_04", "shape"): 1,
    }
    assert len(report.months) == 12


def test_the_lab_refuses_it_before_it_is_de_identified():
    assert side_of(HES) is Side.RAW
    with pytest.raises(FeedError, match="PSEUDO_HESID"):
        check_file(HES, Side.CLEAN)


@pytest.mark.parametrize(
    ("path", "feed", "rows"),
    [
        ("peers/April2021_Similar10CCG_InputData_HD.xlsx", "commissioner_feature", 106),
    ],
)
def test_official_inputs_load_whole(path, feed, rows):
    report = check_file(DATA / path, Side.CLEAN)
    assert (report.feed, report.rows_loaded, report.rows_quarantined) == (feed, rows, 0)


@pytest.mark.parametrize(
    ("name", "feed", "loaded", "failures"),
    [
        # AU00, 0009, 1 and 2 stand where procedures should: no OPCS-4 codes, and not the fillers that the feed knows.
        (OP, "op_attendance", 994, {("Procedure_02", "shape"): 2, ("Procedure_03", "shape"): 4}),
        (AE, "ae_attendance", 1000, {}),
    ],
)
def test_the_other_artificial_files_are_read_as_published(name, feed, loaded, failures):
    report = check_file(HES.parent / name, Side.RAW)
    assert (report.feed, report.rows_read, report.rows_loaded, report.rows_quarantined) == (feed, 1000, loaded, 1000 - loaded)
    assert {(failure.column, failure.rule): failure.rows for failure in report.failures} == failures
    assert len(report.months) == 12


@pytest.mark.parametrize("name", [OP, AE])
def test_the_lab_refuses_the_other_files_too_before_they_are_de_identified(name):
    assert side_of(HES.parent / name) is Side.RAW
    with pytest.raises(FeedError, match="PSEUDO_HESID"):
        check_file(HES.parent / name, Side.CLEAN)


@pytest.mark.parametrize(
    ("data_set", "feed"), [("ae", "ae_attendance"), ("apc", "apc_episode"), ("ecds", "ecds_attendance"), ("op", "op_attendance")]
)
def test_the_columns_of_hes_extracts_are_recognised(data_set, feed):
    described = json.loads((HES.parent / f"metadata__raw__{data_set}.json").read_text())
    header = [column["name"] for column in described["tables"][0]["tableSchema"]["columns"]]
    found = closest(header, forms(feeds(), Side.RAW))
    assert found.feed.name == feed
    assert found.missing == ()
