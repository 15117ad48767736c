"""Several files in one run, what is shown of them, and the label of made-up records."""

import gzip
import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner

from farr.lab.desk.commands import app as desk_app
from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.labels import LABEL_KEY, SYNTHETIC, is_labelled_synthetic
from farr.lab.model.agreement import AgreementError, OptOuts
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.supplier.commands import app
from farr.supplier.deidentify import deidentify
from farr.supplier.jobs import job_of, jobs_of
from farr.supplier.screen import show_written
from farr.supplier.source import SourceError

FEEDS = discover("farr.lab.ingest.feeds", Feed)
OTHER = "401 023 2137"
NOT_VALID = "401 023 2138"


def run(typer_app, *words):
    return CliRunner().invoke(typer_app, [str(word) for word in words])


def persons(path):
    return pq.read_table(path)["Der_Pseudo_NHS_Number"].to_pylist()


def test_files_of_one_run_share_lists_and_pseudonyms(supplier):
    listed = supplier.folder / "optouts.txt"
    listed.write_text("4010232137\n")
    files = [supplier.raw({}, {"NHSNO": OTHER}, name=f"{name}.csv") for name in ("may", "june", "july")]
    order = supplier.order(terms={"opt_outs": OptOuts.APPLIED}, opt_outs=listed)
    jobs = jobs_of(files, order, FEEDS)
    seen = []
    manifests = deidentify(jobs, order, done=lambda job, manifest: seen.append((job.name, manifest.source_name)))
    assert [(one.rows_written, one.opt_outs.rows) for one in manifests] == [(1, 1)] * 3
    assert seen == [(f"{name}.csv",) * 2 for name in ("may", "june", "july")]
    assert len({person for job in jobs for person in persons(job.clean)}) == 1


def test_a_file_says_nothing_of_the_people_in_the_one_before(supplier):
    order = supplier.order()
    first, second = supplier.raw({}, {"NHSNO": OTHER}, name="may.csv"), supplier.raw({"NHSNO": NOT_VALID}, {}, name="june.csv")
    manifests = deidentify(jobs_of([first, second], order, FEEDS), order)
    assert manifests[1].rows_rejected == {"NHSNO is not valid": 1}


def test_files_before_one_that_fails_stay_and_are_said_to_be_there(supplier):
    good, bad = supplier.raw({}, name="may.csv"), supplier.raw({"NHSNO": "123"}, name="june.csv")
    order, done = supplier.order(), []
    with pytest.raises(FeedError, match=r"june\.csv has no row that may leave"):
        deidentify(jobs_of([good, bad], order, FEEDS), order, done=lambda job, manifest: done.append(job.name))
    assert done == ["may.csv"]
    assert sorted(path.name for path in order.out.iterdir()) == ["may.clean.parquet", "may.manifest.json"]


def test_one_table_tells_of_all_files(supplier):
    files = [supplier.raw({}, {"NHSNO": NOT_VALID}, {"Postcode": "x"}, name=f"{name}.csv") for name in ("may", "june")]
    order = supplier.order(period=Period.parse("2024-06"))
    jobs = jobs_of(files, order, FEEDS)
    console = Console(record=True, width=120, file=io.StringIO())
    show_written(console, order, list(zip(jobs, deidentify(jobs, order), strict=True)))
    lines = [line.replace("│", " ").split() for line in console.export_text().splitlines()]
    assert ["may.csv", "3", "2", "0", "1"] in lines
    assert ["2", "files", "6", "4", "0", "2"] in lines
    assert ["2", "NHSNO", "is", "not", "valid"] in lines
    assert ["2", "Postcode_District:", "the", "postcode", "cannot", "be", "read"] in lines
    assert ["Birth_Date", "the", "age", "leaves", "instead:", "Age"] in lines
    assert sum(line[:1] == ["Birth_Date"] for line in lines) == 1


def test_nothing_written_shows_nothing(supplier):
    console = Console(record=True, width=120, file=io.StringIO())
    show_written(console, supplier.order(), [])
    assert console.export_text() == ""


def labelled(supplier, label):
    path = supplier.folder / "june.parquet"
    table = pyarrow.csv.read_csv(supplier.raw({}), convert_options=pyarrow.csv.ConvertOptions(column_types={"NHSNO": pa.string()}))
    pq.write_table(table.replace_schema_metadata({LABEL_KEY: label} if label else None), path)
    return path


@pytest.mark.parametrize(("label", "expected"), [(SYNTHETIC, True), (None, False)])
def test_a_made_up_file_stays_labelled(supplier, label, expected):
    manifest, path = supplier.run(labelled(supplier, label))
    assert manifest.synthetic is expected
    assert json.loads(path.with_name("june.manifest.json").read_text())["synthetic"] is expected
    assert is_labelled_synthetic(path) is expected


def test_text_files_of_farr_synth_are_known_by_the_truth_file(supplier):
    path = supplier.folder / "june.csv.gz"
    path.write_bytes(gzip.compress(supplier.raw({}).read_bytes()))
    order = supplier.order()
    assert not job_of(path, order, FEEDS).synthetic
    (supplier.folder / "truth.json").write_text(json.dumps({"months": [{"file": "june.csv.gz"}]}))
    assert job_of(path, order, FEEDS).synthetic
    assert not job_of(supplier.raw({}, name="real.csv"), order, FEEDS).synthetic


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"months": 3}', '{"months": ["june.csv"]}'])
def test_another_programs_truth_file_says_nothing(supplier, text):
    (supplier.folder / "truth.json").write_text(text)
    assert not job_of(supplier.raw({}), supplier.order(), FEEDS).synthetic


def test_records_can_be_declared_made_up(supplier):
    manifest, path = supplier.run(supplier.raw({}), synthetic=True, as_csv=True)
    assert manifest.synthetic
    assert path.name == "june.clean.csv.gz"


def test_a_workbook_is_refused_with_what_to_do(supplier):
    book = openpyxl.Workbook()
    book.active.append(["EPIKEY"])
    book.active.append(["1"])
    book.save(supplier.folder / "june.xlsx")
    with pytest.raises(SourceError, match="Excel workbook, which is not read here; save it as CSV"):
        job_of(supplier.folder / "june.xlsx", supplier.order(), FEEDS)


def test_a_file_without_rows_is_refused(supplier):
    path = supplier.raw({})
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(FeedError, match="a header and no rows"):
        job_of(path, supplier.order(), FEEDS)


def test_signatures_are_checked_against_the_laboratorys_own_list(supplier):
    home, folder = supplier.folder / "home", supplier.folder
    made = ("--title", "North", "--purpose", "test", "--dataset", "apc_episode", "--from", "2024-04", "--to", "2025-03")
    new = run(desk_app, "agreement", "new", "north", *made, "--ends", "2999-12-31", "--opt-outs", "not applied", "--home", home)
    assert new.exit_code == 0, new.output
    run(app, "keygen", "--out", folder / "key.json")
    raw, agreement = supplier.raw({}), home / "agreements" / "north.json"
    words = ("deidentify", raw, "--agreement", agreement, "--key", folder / "key.json", "--signatories", home / "signatories.json")
    for role in ("guardian", "risk-owner"):
        pem = folder / f"{role}.pem"
        registered = run(desk_app, "agreement", "signatory", "--as", role, "--name", role, "--out", pem, "--home", home)
        assert registered.exit_code == 0, registered.output
        early = run(app, *words, "--out", folder / "early")
        assert isinstance(early.exception, AgreementError)
        assert "is not approved by its" in str(early.exception)
        run(desk_app, "agreement", "approve", "north", "--as", role, "--key", pem, "--home", home)
    result = run(app, *words, "--out", folder / "clean")
    assert result.exit_code == 0, result.output
    assert "both signatures checked" in json.loads((folder / "clean" / "june.manifest.json").read_text())["approval"]
