"""NHS England's artificial HES admitted-care file, unedited, from the supplier to a report: by the console command."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
HES = DATA / "hes_artificial" / "data__apc__artificial_hes_apc_0102_truncated.csv"
TERMS = ["--purpose", "benchmarking", "--dataset", "apc_episode", "--from", "2001-04", "--to", "2002-03", "--ends", "2099-12-31"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HES.is_file(), reason=f"no artificial HES file at {HES}; set FARR_SHARED_DATA"),
]


def test_the_file_goes_through_to_a_report(tmp_path):
    def farr(*arguments):
        command = [str(Path(sys.executable).with_name("farr")), *map(str, arguments)]
        environment = {**os.environ, "FARR_HOME": str(tmp_path / "home"), "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())  # what build did is told on stderr

    for role in ("guardian", "risk-owner"):
        farr("agreement", "signatory", "--as", role, "--name", role, "--out", f"{role}.pem")
    farr("agreement", "new", "hes", "--title", "T", *TERMS, "--opt-outs", "not applied", "--opt-outs-reason", "about no person")
    for role in ("guardian", "risk-owner"):
        farr("agreement", "approve", "hes", "--as", role, "--key", f"{role}.pem")
    farr("keygen", "--out", "k")
    assert "1 │ EPIEND is no date" in farr("deidentify", HES, "--agreement", "home/agreements/hes.json", "--key", "k", "--out", "clean")
    loaded = farr("ingest", f"clean/{HES.stem}.clean.parquet")  # 2,075 rows in the file, of which one was rejected above
    assert "2,074 rows read = 2,054 loaded + 20 set aside" in loaded
    assert "apc_spell: 1,781 rows, 12 months" in farr("build")
    told = farr("report", "--organisation", "national", "--out", "report")
    assert re.search(r"Day-case rate 30\.\d", told)
    assert "Average length of stay" in told
    assert (tmp_path / "report" / "national.html").stat().st_size > 100_000
    farr("report", "--organisation", "B", "--level", "region", "--out", "region")
    assert (tmp_path / "region" / "B.html").is_file()
