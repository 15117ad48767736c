"""NHS England's artificial HES files, unedited, from the supplier into the lab, to reports: by the console command."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from farr.lab.desk.home import Home
from farr.lab.engine.duckdb import connect, present
from farr.lab.model.tables import TABLES
from farr.launcher import main

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
HES = DATA / "hes_artificial" / "data__apc__artificial_hes_apc_0102_truncated.csv"
OP = HES.with_name("data__op__artificial_hes_op_0304_truncated.csv")
AE = HES.with_name("data__ae__artificial_hes_ae_0708_truncated.csv")
DATASETS = [part for name in ("apc_episode", "op_attendance", "ae_attendance") for part in ("--dataset", name)]
YEARS = ["--retention-years", "10", "--from", "2001-04", "--to", "2008-03", "--ends", "2099-12-31"]
TERMS = ["--purpose", "benchmarking", *DATASETS, *YEARS]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HES.is_file(), reason=f"no artificial HES file at {HES}; set FARR_SHARED_DATA"),
]


@pytest.fixture
def farr(tmp_path):
    """The console command, in a home of its own."""

    def run(*arguments):
        command = [str(Path(sys.executable).with_name("farr")), *map(str, arguments)]
        environment = {**os.environ, "FARR_HOME": str(tmp_path / "home"), "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())  # what build did is told on stderr

    return run


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """The same command in this process, without the seconds of a new one."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"FARR_HOME": str(tmp_path / "home"), "COLUMNS": "200", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["farr", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert not stopped.value.code, said.out + said.err
        return " ".join((said.out + said.err).split())

    return run


def agreed(farr, *terms):
    for role in ("guardian", "risk-owner"):
        farr("agreement", "signatory", "--as", role, "--name", role, "--out", f"{role}.pem")
    farr("agreement", "new", "hes", "--title", "T", *terms, "--opt-outs", "not applied", "--opt-outs-reason", "about no person")
    for role in ("guardian", "risk-owner"):
        farr("agreement", "approve", "hes", "--as", role, "--key", f"{role}.pem")
    farr("keygen", "--out", "k")


def test_the_files_go_through_to_reports(tmp_path, farr, here):
    agreed(here, *TERMS)
    told = farr("deidentify", HES, OP, AE, "--agreement", "home/agreements/hes.json", "--key", "k", "--out", "clean")
    assert "1 │ EPIEND is no date" in told
    loaded = farr("ingest", *(f"clean/{each.stem}.clean.parquet" for each in (HES, OP, AE)))
    assert "4,074 rows read = 4,048 loaded + 26 set aside" in loaded  # of 4,075 in the files, of which one was rejected above
    built = farr("build")
    for said in ("apc_spell: 1,781 rows, 12 months", "op_appointment: 994 rows, 12 months", "ae_visit: 1,000 rows, 12 months"):
        assert said in built
    told = farr("report", "--organisation", "national", "--out", "report")
    for said in (r"Day-case rate 30\.\d", r"A&E: departed within four hours 95\.2", r"Outpatient appointments missed 9\.9"):
        assert re.search(said, told)
    assert re.search(r"Not in the report: .*Emergency admissions per 1,000 people.*: no registered populations are held", told)
    page = (tmp_path / "report" / "national.html").read_text()
    assert "No critical-care periods are held of 2001-04 to 2002-03" in page  # or its 0% would pass for a finding
    told = farr("benchmark", "--organisation", "RWE", "--level", "provider", "--measure", "depth_of_coding", "--json")
    assert [round(row["value"], 1) for row in json.loads(told)["rows"] if row["organisation"] == "RWE"] == [2.3]


def test_outpatients_and_emergencies_go_in_whole(tmp_path, here):
    datasets = ("--dataset", "op_attendance", "--dataset", "ae_attendance")
    agreed(here, "--purpose", "benchmarking", *datasets, "--from", "2003-04", "--to", "2008-03", "--ends", "2099-12-31")
    here("deidentify", OP, AE, "--agreement", "home/agreements/hes.json", "--key", "k", "--out", "clean")
    for path, rows in ((OP, 1000), (AE, 1000)):
        papers = json.loads((tmp_path / "clean" / f"{path.stem}.manifest.json").read_text())
        assert (papers["rows_read"], papers["rows_written"], papers["rows_rejected"]) == (rows, rows, {})
    assert "1,000 rows read = 994 loaded + 6 set aside" in here("ingest", f"clean/{OP.stem}.clean.parquet")
    assert "1,000 rows read = 1,000 loaded + 0 set aside" in here("ingest", f"clean/{AE.stem}.clean.parquet")
    sent = {row["AEKEY"]: row for row in read(AE)}
    held = records(tmp_path / "home", "ae_attendance")
    assert {str(row["AEA_Ident"]) for row in held} == set(sent)
    for row in held:
        raw = sent[str(row["AEA_Ident"])]
        assert row["Arrival_Hour"] == int(raw["ARRIVALTIME"][:2])
        assert row["Minutes_to_Departure"] == int(raw["DEPDUR"])
        assert row["Attendance_Disposal"] == (None if raw["AEATTENDDISP"] == "99" else raw["AEATTENDDISP"])
        assert row["Department_Type"] is None  # 99 throughout: not known
    appointments = records(tmp_path / "home", "op_attendance")
    waited = {row["ATTENDKEY"]: int(row["WAITING"]) if row["WAIT_IND"] == "0" else None for row in read(OP)}
    assert all(row["Waiting_Days"] == waited[str(row["OPA_Ident"])] for row in appointments)
    assert sum(row["Procedure_01"] is not None for row in appointments) == 19  # of 1,000, 964 are '&' and 17 X999
    here("risk", f"clean/{AE.stem}.clean.parquet", "--feed", "ae_attendance", "--out", "risk.md")


def records(home, table):
    """Every row of a table, decrypted."""
    store = Home(home).store("hes")
    files = store.files(table)
    with connect(files=files, keys=store.keys) as connection:
        present(connection, TABLES[table], files)
        return connection.execute(f"select * from {table}").to_arrow_table().to_pylist()


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
